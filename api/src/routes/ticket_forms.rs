//! Forms of tickets: see `sql/api/ticket_forms.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, TicketForm};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of forms of tickets.
#[utoipa::path(get, path = "/api/ticket-forms", tag = "ticket-forms", params(ListQuery), responses((status = 200, body = Page<TicketForm>)))]
pub async fn list_ticket_forms(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_ticket_forms($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One form of tickets.
#[utoipa::path(get, path = "/api/ticket-forms/{id}", tag = "ticket-forms", params(("id" = i64, Path)), responses((status = 200, body = TicketForm)))]
pub async fn get_ticket_form(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_ticket_form($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a form of tickets. Its place in the order is `position`; `fields` are in theirs.
#[utoipa::path(post, path = "/api/ticket-forms", tag = "ticket-forms", request_body = Value, responses((status = 201, body = TicketForm)))]
pub async fn create_ticket_form(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_ticket_form($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/ticket-forms/{id}", tag = "ticket-forms", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = TicketForm)))]
pub async fn update_ticket_form(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_ticket_form($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a form that no ticket has.
#[utoipa::path(delete, path = "/api/ticket-forms/{id}", tag = "ticket-forms", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_ticket_form(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_ticket_form($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
