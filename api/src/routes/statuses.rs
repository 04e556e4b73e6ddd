//! Statuses: see `sql/api/statuses.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateStatus, Deleted, ListQuery, Page, Status, UpdateStatus};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "statuses", path: "/api/statuses", one: "/api/statuses/{id}", shape: Status;
    /// A page of statuses.
    list: list_statuses(ListQuery);
    /// One status.
    read: get_status;
    /// Adds a status.
    create: create_status(CreateStatus);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_status(UpdateStatus);
    /// Removes a status that nothing refers to.
    delete: delete_status;
}
