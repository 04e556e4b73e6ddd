//! Priorities: see `sql/api/priorities.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, Priority};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of priorities.
#[utoipa::path(get, path = "/api/priorities", tag = "priorities", params(ListQuery), responses((status = 200, body = Page<Priority>)))]
pub async fn list_priorities(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_priorities($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One priority.
#[utoipa::path(get, path = "/api/priorities/{id}", tag = "priorities", params(("id" = i64, Path)), responses((status = 200, body = Priority)))]
pub async fn get_priority(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_priority($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a priority.
#[utoipa::path(post, path = "/api/priorities", tag = "priorities", request_body = Value, responses((status = 201, body = Priority)))]
pub async fn create_priority(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_priority($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/priorities/{id}", tag = "priorities", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Priority)))]
pub async fn update_priority(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_priority($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a priority that nothing refers to.
#[utoipa::path(delete, path = "/api/priorities/{id}", tag = "priorities", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_priority(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_priority($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
