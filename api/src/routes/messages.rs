//! Messages: see `sql/api/messages.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateMessage, Message, Page, PageQuery, RedactMessage, UpdateMessage};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_messages, create_message))
        .routes(routes!(get_message, update_message))
        .routes(routes!(redact_message))
}

/// The messages of a ticket, oldest first.
#[utoipa::path(get, path = "/api/tickets/{id}/messages", tag = "messages", params(("id" = i64, Path), PageQuery), responses((status = 200, body = Page<Message>)))]
pub async fn list_messages(caller: Caller, Path(id): Path<i64>, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_messages($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// Adds a public reply or an internal note, and sets `status` with it.
#[utoipa::path(post, path = "/api/tickets/{id}/messages", tag = "messages", params(("id" = i64, Path)), request_body = CreateMessage, responses((status = 201, body = Message)))]
pub async fn create_message(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_message($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// One message.
#[utoipa::path(get, path = "/api/tickets/{id}/messages/{message_id}", tag = "messages", params(("id" = i64, Path), ("message_id" = i64, Path)), responses((status = 200, body = Message)))]
pub async fn get_message(caller: Caller, Path((id, message_id)): Path<(i64, i64)>) -> ApiResult {
    caller
        .call("api.get_message($1, $2)", &[&id, &message_id])
        .await
}

/// Replaces what one's own message says, for as long as the setting `message_edit_minutes` allows.
#[utoipa::path(patch, path = "/api/tickets/{id}/messages/{message_id}", tag = "messages", params(("id" = i64, Path), ("message_id" = i64, Path)), request_body = UpdateMessage, responses((status = 200, body = Message)))]
pub async fn update_message(
    caller: Caller,
    Path((id, message_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_message($1, $2, $3::text::jsonb)",
            &[&id, &message_id, &body],
        )
        .await
}

/// Takes words (`text`) or everything (`all`) out of a message and its history, for good.
#[utoipa::path(post, path = "/api/tickets/{id}/messages/{message_id}/redact", tag = "messages", params(("id" = i64, Path), ("message_id" = i64, Path)), request_body = RedactMessage, responses((status = 200, body = Message)))]
pub async fn redact_message(
    caller: Caller,
    Path((id, message_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.redact_message($1, $2, $3::text::jsonb)",
            &[&id, &message_id, &body],
        )
        .await
}
