//! The audit log and the feed of events: see `sql/api/audit.sql`, `events.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{AuditEntry, Events, ListQuery, Page, RowAsOf};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_audit))
        .routes(routes!(get_row_as_of))
        .routes(routes!(list_events))
}

/// A page of the audit log, newest first; filters table, key, actor_id, action, door.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(ListQuery), responses((status = 200, body = Page<AuditEntry>)))]
pub async fn list_audit(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_audit($1::text::jsonb)", &[&query])
        .await
}

/// A row of an audited table as it was at a moment, such as a rule before somebody changed it.
#[utoipa::path(get, path = "/api/audit/as-of", tag = "audit", params(("table" = String, Query), ("key" = String, Query, description = "As the audit log has it"), ("at" = String, Query, format = DateTime)), responses((status = 200, body = RowAsOf)))]
pub async fn get_row_as_of(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.get_row_as_of($1::text::jsonb)", &[&query])
        .await
}

/// The feed of events after a cursor; keep `cursor` and send it as `after`.
#[utoipa::path(get, path = "/api/events", tag = "events", params(("limit" = Option<i64>, Query, minimum = 1, maximum = 1000), ("after" = Option<String>, Query, max_length = 65_536)), responses((status = 200, body = Events)))]
pub async fn list_events(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_events($1::text::jsonb)", &[&query])
        .await
}
