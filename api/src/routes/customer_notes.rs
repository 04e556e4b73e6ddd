//! Notes about customers: see `sql/api/customer_notes.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateCustomerNote, CustomerNote, Deleted, ListQuery, Page, UpdateCustomerNote,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "users", path: "/api/customer-notes", one: "/api/customer-notes/{id}", shape: CustomerNote;
    /// A page of notes about customers, newest first.
    list: list_customer_notes(ListQuery, ("user_id" = Option<i64>, Query), ("organization_id" = Option<i64>, Query), ("pinned" = Option<bool>, Query));
    /// One note.
    read: get_customer_note;
    /// Adds a note about a customer or an organization.
    create: create_customer_note(CreateCustomerNote);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_customer_note(UpdateCustomerNote);
    /// Removes a note.
    delete: delete_customer_note;
}
