//! The archive of closed tickets: see `sql/api/archive.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{ArchiveQuery, ArchivedRow, ArchivedTicket, Page, Ticket};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_archived_tickets))
        .routes(routes!(get_archived_ticket))
        .routes(routes!(restore_archived_ticket))
}

/// A page of archived tickets, closed last first, as far as the caller saw them before.
#[utoipa::path(get, path = "/api/archived-tickets", tag = "archive", params(ArchiveQuery), responses((status = 200, body = Page<ArchivedRow>)))]
pub async fn list_archived_tickets(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_archived_tickets($1::text::jsonb)", &[&query])
        .await
}

/// A ticket in the archive, with its messages, followers, links and events.
#[utoipa::path(get, path = "/api/archived-tickets/{id}", tag = "archive", params(("id" = i64, Path)), responses((status = 200, body = ArchivedTicket)))]
pub async fn get_archived_ticket(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_archived_ticket($1)", &[&id]).await
}

/// Takes a ticket out of the archive, as it was, with those that were merged into it. Admins only.
#[utoipa::path(post, path = "/api/archived-tickets/{id}/restore", tag = "archive", params(("id" = i64, Path)), responses((status = 200, body = Ticket)))]
pub async fn restore_archived_ticket(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.restore_archived_ticket($1)", &[&id]).await
}
