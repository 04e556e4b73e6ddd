//! Forms of tickets: see `sql/api/ticket_forms.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateTicketForm, Deleted, ListQuery, Page, TicketForm, UpdateTicketForm};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "ticket-forms", path: "/api/ticket-forms", one: "/api/ticket-forms/{id}", shape: TicketForm;
    /// A page of forms of tickets.
    list: list_ticket_forms(ListQuery);
    /// One form of tickets.
    read: get_ticket_form;
    /// Adds a form of tickets. Its place in the order is `position`; `fields` are in theirs.
    create: create_ticket_form(CreateTicketForm);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_ticket_form(UpdateTicketForm);
    /// Removes a form that no ticket has.
    delete: delete_ticket_form;
}
