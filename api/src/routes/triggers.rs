//! Triggers: see `sql/api/triggers.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateTrigger, Deleted, ListQuery, Page, Trigger, UpdateTrigger};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "triggers", path: "/api/triggers", one: "/api/triggers/{id}", shape: Trigger;
    /// A page of triggers.
    list: list_triggers(ListQuery);
    /// One trigger.
    read: get_trigger;
    /// Adds a trigger.
    create: create_trigger(CreateTrigger);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_trigger(UpdateTrigger);
    /// Removes a trigger that nothing refers to.
    delete: delete_trigger;
}
