//! Tickets: see `sql/api/tickets/`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    AnnouncePresence, AssignTicket, Counts, CreateTicket, Deleted, ListCount, ListCountQuery,
    MarkTicket, Page, PageQuery, Presence, QueueRow, ReadMark, ReopenTicket, Routing, SolveTicket,
    Ticket, TicketAsOf, TicketMarks, TicketQuery, TimelineItem, UpdateTicket,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets, create_ticket))
        .routes(routes!(count_tickets))
        .routes(routes!(count_list))
        .routes(routes!(list_marks))
        .routes(routes!(get_ticket, update_ticket, delete_ticket))
        .routes(routes!(solve_ticket))
        .routes(routes!(reopen_ticket))
        .routes(routes!(assign_ticket))
        .routes(routes!(get_ticket_as_of))
        .routes(routes!(get_timeline))
        .routes(routes!(explain_routing))
        .routes(routes!(announce_presence))
        .routes(routes!(mark_ticket))
}

/// A page of queue rows.
#[utoipa::path(get, path = "/api/tickets", tag = "tickets", params(TicketQuery), responses((status = 200, body = Page<QueueRow>)))]
pub async fn list_tickets(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_tickets($1::text::jsonb)", &[&query])
        .await
}

/// How many tickets each view and team holds.
#[utoipa::path(get, path = "/api/tickets/counts", tag = "tickets", responses((status = 200, body = Counts)))]
pub async fn count_tickets(caller: Caller) -> ApiResult {
    caller.call("api.count_tickets()", &[]).await
}

/// How long a list of tickets is, and each of its groups.
#[utoipa::path(get, path = "/api/tickets/total", tag = "tickets", params(ListCountQuery), responses((status = 200, body = ListCount)))]
pub async fn count_list(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.count_list($1::text::jsonb)", &[&query])
        .await
}

/// Which of these tickets one has not read yet, and who else is on them now.
#[utoipa::path(get, path = "/api/tickets/marks", tag = "tickets", params(("ids" = String, Query, description = "Up to 200, separated by commas")), responses((status = 200, body = TicketMarks)))]
pub async fn list_marks(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_marks($1::text::jsonb)", &[&query])
        .await
}

/// Opens a ticket; the rules route it.
#[utoipa::path(post, path = "/api/tickets", tag = "tickets", request_body = CreateTicket, responses((status = 201, body = Ticket)))]
pub async fn create_ticket(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_ticket($1::text::jsonb)", &[&body])
        .await
}

/// One ticket; with `include=messages` also the first page of its messages.
#[utoipa::path(get, path = "/api/tickets/{id}", tag = "tickets", params(("id" = i64, Path), ("include" = Option<String>, Query, description = "`messages`")), responses((status = 200, body = Ticket)))]
pub async fn get_ticket(caller: Caller, Path(id): Path<i64>, Query(query): Query) -> ApiResult {
    caller
        .call("api.get_ticket($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// Changes the keys given; with If-Match or `version`, 409 with the current ticket when somebody was faster.
#[utoipa::path(patch, path = "/api/tickets/{id}", tag = "tickets", params(("id" = i64, Path)), request_body = UpdateTicket, responses((status = 200, body = Ticket)))]
pub async fn update_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_ticket($1, $2::text::jsonb, $3)",
            &[&id, &body, &caller.version()],
        )
        .await
}

/// Puts a ticket into the trash, where it can be restored for 30 days.
#[utoipa::path(delete, path = "/api/tickets/{id}", tag = "tickets", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_ticket(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.delete_ticket($1, $2)", &[&id, &caller.version()])
        .await
}

/// Solves a ticket; 422 when a field required on solving is empty.
#[utoipa::path(post, path = "/api/tickets/{id}/solve", tag = "tickets", params(("id" = i64, Path)), request_body = SolveTicket, responses((status = 200, body = Ticket)))]
pub async fn solve_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.solve_ticket($1, $2::text::jsonb, $3)",
            &[&id, &body, &caller.version()],
        )
        .await
}

/// Opens a ticket again.
#[utoipa::path(post, path = "/api/tickets/{id}/reopen", tag = "tickets", params(("id" = i64, Path)), request_body = ReopenTicket, responses((status = 200, body = Ticket)))]
pub async fn reopen_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.reopen_ticket($1, $2::text::jsonb, $3)",
            &[&id, &body, &caller.version()],
        )
        .await
}

/// Hands a ticket to an agent, a team or both.
#[utoipa::path(post, path = "/api/tickets/{id}/assign", tag = "tickets", params(("id" = i64, Path)), request_body = AssignTicket, responses((status = 200, body = Ticket)))]
pub async fn assign_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.assign_ticket($1, $2::text::jsonb, $3)",
            &[&id, &body, &caller.version()],
        )
        .await
}

/// The ticket as it was at a moment, rebuilt from the audit log.
#[utoipa::path(get, path = "/api/tickets/{id}/as-of", tag = "tickets", params(("id" = i64, Path), ("at" = String, Query, format = DateTime)), responses((status = 200, body = TicketAsOf)))]
pub async fn get_ticket_as_of(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call("api.get_ticket_as_of($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// Messages, changes and decisions of routing in the order in which they happened.
/// `kind`: some of message (reply, note), event (change), routing. `order`: oldest (first) or newest.
#[utoipa::path(get, path = "/api/tickets/{id}/timeline", tag = "tickets", params(("id" = i64, Path), ("kind" = Option<String>, Query), ("order" = Option<String>, Query), PageQuery), responses((status = 200, body = Page<TimelineItem>)))]
pub async fn get_timeline(caller: Caller, Path(id): Path<i64>, Query(query): Query) -> ApiResult {
    caller
        .call("api.get_timeline($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// Why routing did what it did.
#[utoipa::path(get, path = "/api/tickets/{id}/routing", tag = "tickets", params(("id" = i64, Path)), responses((status = 200, body = Routing)))]
pub async fn explain_routing(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.explain_routing($1)", &[&id]).await
}

/// Tells whoever watches that the caller views, writes or left.
#[utoipa::path(post, path = "/api/tickets/{id}/presence", tag = "tickets", params(("id" = i64, Path)), request_body = AnnouncePresence, responses((status = 200, body = Presence)))]
pub async fn announce_presence(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.announce_presence($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Marks a ticket as read, or with `read: false` as unread, for oneself.
#[utoipa::path(put, path = "/api/tickets/{id}/read", tag = "tickets", params(("id" = i64, Path)), request_body = MarkTicket, responses((status = 200, body = ReadMark)))]
pub async fn mark_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.mark_ticket($1, $2::text::jsonb)", &[&id, &body])
        .await
}
