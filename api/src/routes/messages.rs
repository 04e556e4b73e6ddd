//! Messages: see `sql/api/messages.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Message, Page};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// The messages of a ticket, oldest first.
#[utoipa::path(get, path = "/api/tickets/{id}/messages", tag = "messages", params(("id" = i64, Path), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)), responses((status = 200, body = Page<Message>)))]
pub async fn list_messages(caller: Caller, Path(id): Path<i64>, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_messages($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&query, Type::TEXT)],
        )
        .await
}

/// Adds a public reply or an internal note, and sets `status` with it.
#[utoipa::path(post, path = "/api/tickets/{id}/messages", tag = "messages", params(("id" = i64, Path)), request_body = Value, responses((status = 201, body = Message)))]
pub async fn create_message(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_message($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&body, Type::TEXT)],
            &body,
        )
        .await
}
