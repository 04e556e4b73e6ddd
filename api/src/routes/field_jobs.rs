//! Jobs over the values of a custom field: see `sql/api/field_jobs.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{BackfillCustomField, FieldJob, ListQuery, Page};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(backfill_custom_field))
        .routes(routes!(list_field_jobs))
        .routes(routes!(get_field_job))
        .routes(routes!(cancel_field_job))
}

/// Sets a field on every ticket that lacks it, in the background.
#[utoipa::path(post, path = "/api/custom-fields/{id}/backfill", tag = "custom-fields", params(("id" = i64, Path)), request_body = BackfillCustomField, responses((status = 201, body = FieldJob)))]
pub async fn backfill_custom_field(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .create(
            "api.backfill_custom_field($1, $2::text::jsonb)",
            &[&id, &body],
        )
        .await
}

/// A page of jobs over fields.
#[utoipa::path(get, path = "/api/field-jobs", tag = "custom-fields", params(ListQuery), responses((status = 200, body = Page<FieldJob>)))]
pub async fn list_field_jobs(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_field_jobs($1::text::jsonb)", &[&query])
        .await
}

/// One job and how far it is.
#[utoipa::path(get, path = "/api/field-jobs/{id}", tag = "custom-fields", params(("id" = i64, Path)), responses((status = 200, body = FieldJob)))]
pub async fn get_field_job(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_field_job($1)", &[&id]).await
}

/// Stops a back-fill; what is filled stays filled.
#[utoipa::path(post, path = "/api/field-jobs/{id}/cancel", tag = "custom-fields", params(("id" = i64, Path)), responses((status = 200, body = FieldJob)))]
pub async fn cancel_field_job(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.cancel_field_job($1)", &[&id]).await
}
