//! Customers over time, and two entries of one person made one. See `sql/api/people.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{CustomerHistory, User};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// What a customer and the desk had to do with each other, newest first.
#[utoipa::path(get, path = "/api/users/{id}/history", tag = "users", params(("id" = i64, Path), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)), responses((status = 200, body = CustomerHistory)))]
pub async fn get_user_history(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.get_user_history($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&query, Type::TEXT)],
        )
        .await
}

/// The same of an organization and its people.
#[utoipa::path(get, path = "/api/organizations/{id}/history", tag = "organizations", params(("id" = i64, Path), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)), responses((status = 200, body = CustomerHistory)))]
pub async fn get_organization_history(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.get_organization_history($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&query, Type::TEXT)],
        )
        .await
}

/// Gives everything of this customer to the customer `into`, and deactivates this one.
#[utoipa::path(post, path = "/api/users/{id}/merge", tag = "users", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = User)))]
pub async fn merge_users(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.merge_users($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&body, Type::TEXT)],
        )
        .await
}
