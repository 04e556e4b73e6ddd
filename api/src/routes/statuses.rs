//! Statuses: see `sql/api/statuses.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, Status};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of statuses.
#[utoipa::path(get, path = "/api/statuses", tag = "statuses", params(ListQuery), responses((status = 200, body = Page<Status>)))]
pub async fn list_statuses(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_statuses($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One status.
#[utoipa::path(get, path = "/api/statuses/{id}", tag = "statuses", params(("id" = i64, Path)), responses((status = 200, body = Status)))]
pub async fn get_status(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_status($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a status.
#[utoipa::path(post, path = "/api/statuses", tag = "statuses", request_body = Value, responses((status = 201, body = Status)))]
pub async fn create_status(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_status($1::text::jsonb)", &[(&body, Type::TEXT)])
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/statuses/{id}", tag = "statuses", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Status)))]
pub async fn update_status(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_status($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a status that nothing refers to.
#[utoipa::path(delete, path = "/api/statuses/{id}", tag = "statuses", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_status(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_status($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
