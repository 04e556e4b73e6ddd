//! Automations: see `sql/api/automations.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Automation, Deleted, ListQuery, Page};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of automations.
#[utoipa::path(get, path = "/api/automations", tag = "automations", params(ListQuery), responses((status = 200, body = Page<Automation>)))]
pub async fn list_automations(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_automations($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One automation.
#[utoipa::path(get, path = "/api/automations/{id}", tag = "automations", params(("id" = i64, Path)), responses((status = 200, body = Automation)))]
pub async fn get_automation(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_automation($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds an automation.
#[utoipa::path(post, path = "/api/automations", tag = "automations", request_body = Value, responses((status = 201, body = Automation)))]
pub async fn create_automation(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_automation($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/automations/{id}", tag = "automations", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Automation)))]
pub async fn update_automation(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_automation($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes an automation that nothing refers to.
#[utoipa::path(delete, path = "/api/automations/{id}", tag = "automations", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_automation(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_automation($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
