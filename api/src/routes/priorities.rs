//! Priorities: see `sql/api/priorities.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreatePriority, Deleted, ListQuery, Page, Priority, UpdatePriority};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "priorities", path: "/api/priorities", one: "/api/priorities/{id}", shape: Priority;
    /// A page of priorities.
    list: list_priorities(ListQuery);
    /// One priority.
    read: get_priority;
    /// Adds a priority.
    create: create_priority(CreatePriority);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_priority(UpdatePriority);
    /// Removes a priority that nothing refers to.
    delete: delete_priority;
}
