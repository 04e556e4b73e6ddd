//! Triggers: see `sql/api/triggers.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, Trigger};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of triggers.
#[utoipa::path(get, path = "/api/triggers", tag = "triggers", params(ListQuery), responses((status = 200, body = Page<Trigger>)))]
pub async fn list_triggers(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_triggers($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One trigger.
#[utoipa::path(get, path = "/api/triggers/{id}", tag = "triggers", params(("id" = i64, Path)), responses((status = 200, body = Trigger)))]
pub async fn get_trigger(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_trigger($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a trigger.
#[utoipa::path(post, path = "/api/triggers", tag = "triggers", request_body = Value, responses((status = 201, body = Trigger)))]
pub async fn create_trigger(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_trigger($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/triggers/{id}", tag = "triggers", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Trigger)))]
pub async fn update_trigger(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_trigger($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a trigger that nothing refers to.
#[utoipa::path(delete, path = "/api/triggers/{id}", tag = "triggers", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_trigger(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_trigger($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
