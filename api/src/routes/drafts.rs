//! Drafts: see `sql/api/drafts.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{Deleted, Draft, ListQuery, Page, SaveDraft, WrittenKind};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_drafts))
        .routes(routes!(get_draft, save_draft, delete_draft))
        .routes(routes!(delete_other_draft))
}

/// A page of one's own drafts, the one written last first.
#[utoipa::path(get, path = "/api/drafts", tag = "messages", params(ListQuery), responses((status = 200, body = Page<Draft>)))]
pub async fn list_drafts(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_drafts($1::text::jsonb)", &[&query])
        .await
}

/// One's own draft of a `reply` or `note`; nobody else sees it.
#[utoipa::path(get, path = "/api/tickets/{id}/drafts/{kind}", tag = "messages", params(("id" = i64, Path), ("kind" = WrittenKind, Path)), responses((status = 200, body = Draft)))]
pub async fn get_draft(caller: Caller, Path((id, kind)): Path<(i64, String)>) -> ApiResult {
    caller.call("api.get_draft($1, $2)", &[&id, &kind]).await
}

/// Keeps a draft (body_text or body_html); with If-Match, 409 when another device was faster. Without, what was there stays among `others`.
#[utoipa::path(put, path = "/api/tickets/{id}/drafts/{kind}", tag = "messages", params(("id" = i64, Path), ("kind" = WrittenKind, Path)), request_body = SaveDraft, responses((status = 200, body = Draft)))]
pub async fn save_draft(
    caller: Caller,
    Path((id, kind)): Path<(i64, String)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.save_draft($1, $2, $3::text::jsonb, $4)",
            &[&id, &kind, &body, &caller.version()],
        )
        .await
}

/// Throws a draft away; with If-Match, 409 when another device has written on. `others` stay, beside an empty draft.
#[utoipa::path(delete, path = "/api/tickets/{id}/drafts/{kind}", tag = "messages", params(("id" = i64, Path), ("kind" = WrittenKind, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_draft(caller: Caller, Path((id, kind)): Path<(i64, String)>) -> ApiResult {
    caller
        .call(
            "api.delete_draft($1, $2, $3)",
            &[&id, &kind, &caller.version()],
        )
        .await
}

/// Throws away what another device has written over: one of the `others` of a draft.
#[utoipa::path(delete, path = "/api/drafts/{id}", tag = "messages", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_other_draft(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.delete_other_draft($1)", &[&id]).await
}
