//! Merging, splitting and linking tickets (`sql/api/tickets/links.sql`), and the rules of their workflow: see
//! `sql/api/workflow.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    Assignments, CreateLink, CreateStatusTransition, Deleted, FollowUpTicket, Link, Links,
    ListQuery, MergePreview, MergeTicket, Page, PreviewMerge, SimilarTickets, SplitTicket,
    StatusTransition, Ticket, UpdateWorkflow, Workflow,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(similar_tickets))
        .routes(routes!(merge_ticket))
        .routes(routes!(preview_merge))
        .routes(routes!(follow_up_ticket))
        .routes(routes!(split_ticket))
        .routes(routes!(list_links, create_link))
        .routes(routes!(delete_link))
        .routes(routes!(list_assignments))
        .routes(routes!(list_status_transitions, create_status_transition))
        .routes(routes!(delete_status_transition))
        .routes(routes!(get_workflow, update_workflow))
}

/// Closes this ticket as a part of `into`, which is answered and shows its messages from then on.
#[utoipa::path(post, path = "/api/tickets/{id}/merge", tag = "tickets", params(("id" = i64, Path)), request_body = MergeTicket, responses((status = 200, body = Ticket)))]
pub async fn merge_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.merge_ticket($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Tickets that may be about the same thing, the most alike first, each with the reasons.
#[utoipa::path(get, path = "/api/tickets/{id}/similar", tag = "tickets", params(("id" = i64, Path), ("limit" = Option<i64>, Query)), responses((status = 200, body = SimilarTickets)))]
pub async fn similar_tickets(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call("api.similar_tickets($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// What this ticket would be after `tickets` were merged into it, without merging them.
#[utoipa::path(post, path = "/api/tickets/{id}/merge/preview", tag = "tickets", params(("id" = i64, Path)), request_body = PreviewMerge, responses((status = 200, body = MergePreview)))]
pub async fn preview_merge(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.preview_merge($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Opens a ticket that follows a closed one, linked with it.
#[utoipa::path(post, path = "/api/tickets/{id}/follow-up", tag = "tickets", params(("id" = i64, Path)), request_body = FollowUpTicket, responses((status = 201, body = Ticket)))]
pub async fn follow_up_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .create("api.follow_up_ticket($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Makes a ticket of the message `message_id`, linked with this one.
#[utoipa::path(post, path = "/api/tickets/{id}/split", tag = "tickets", params(("id" = i64, Path)), request_body = SplitTicket, responses((status = 201, body = Ticket)))]
pub async fn split_ticket(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .create("api.split_ticket($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// The tickets that this one is tied to.
#[utoipa::path(get, path = "/api/tickets/{id}/links", tag = "tickets", params(("id" = i64, Path)), responses((status = 200, body = Links)))]
pub async fn list_links(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.list_links($1)", &[&id]).await
}

/// Ties this ticket to another: incident_of, problem_of, child_of, parent_of or related.
#[utoipa::path(post, path = "/api/tickets/{id}/links", tag = "tickets", params(("id" = i64, Path)), request_body = CreateLink, responses((status = 201, body = Link)))]
pub async fn create_link(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_link($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Unties two tickets; merges, splits and follow-ups stay.
#[utoipa::path(delete, path = "/api/tickets/{id}/links/{link_id}", tag = "tickets", params(("id" = i64, Path), ("link_id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_link(caller: Caller, Path((id, link_id)): Path<(i64, i64)>) -> ApiResult {
    caller
        .call("api.delete_link($1, $2)", &[&id, &link_id])
        .await
}

/// Who had the ticket when, and who gave it to them.
#[utoipa::path(get, path = "/api/tickets/{id}/assignments", tag = "tickets", params(("id" = i64, Path)), responses((status = 200, body = Assignments)))]
pub async fn list_assignments(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.list_assignments($1)", &[&id]).await
}

/// Which status may follow which; a status without any transition may go anywhere.
#[utoipa::path(get, path = "/api/status-transitions", tag = "workflow", params(ListQuery), responses((status = 200, body = Page<StatusTransition>)))]
pub async fn list_status_transitions(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_status_transitions($1::text::jsonb)", &[&query])
        .await
}

/// Allows one status to follow another, for one team or all.
#[utoipa::path(post, path = "/api/status-transitions", tag = "workflow", request_body = CreateStatusTransition, responses((status = 201, body = StatusTransition)))]
pub async fn create_status_transition(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_status_transition($1::text::jsonb)", &[&body])
        .await
}

/// Takes that permission back.
#[utoipa::path(delete, path = "/api/status-transitions/{id}", tag = "workflow", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_status_transition(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.delete_status_transition($1)", &[&id])
        .await
}

/// How the desk as a whole goes about its work.
#[utoipa::path(get, path = "/api/workflow", tag = "workflow", responses((status = 200, body = Workflow)))]
pub async fn get_workflow(caller: Caller) -> ApiResult {
    caller.call("api.get_workflow()", &[]).await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/workflow", tag = "workflow", request_body = UpdateWorkflow, responses((status = 200, body = Workflow)))]
pub async fn update_workflow(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_workflow($1::text::jsonb, $2)",
            &[&body, &caller.version()],
        )
        .await
}
