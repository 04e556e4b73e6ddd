//! History of customers, and merging two entries of one person: see `sql/api/people.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CustomerHistory, MergeUsers, PageQuery, User};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_user_history))
        .routes(routes!(get_organization_history))
        .routes(routes!(merge_users))
}

/// What a customer and the desk had to do with each other, newest first.
#[utoipa::path(get, path = "/api/users/{id}/history", tag = "users", params(("id" = i64, Path), PageQuery), responses((status = 200, body = CustomerHistory)))]
pub async fn get_user_history(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call("api.get_user_history($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// The same of an organization and its people.
#[utoipa::path(get, path = "/api/organizations/{id}/history", tag = "organizations", params(("id" = i64, Path), PageQuery), responses((status = 200, body = CustomerHistory)))]
pub async fn get_organization_history(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.get_organization_history($1, $2::text::jsonb)",
            &[&id, &query],
        )
        .await
}

/// Gives everything of this customer to the customer `into`, and deactivates this one.
#[utoipa::path(post, path = "/api/users/{id}/merge", tag = "users", params(("id" = i64, Path)), request_body = MergeUsers, responses((status = 200, body = User)))]
pub async fn merge_users(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.merge_users($1, $2::text::jsonb)", &[&id, &body])
        .await
}
