//! Automations: see `sql/api/automations.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{Automation, CreateAutomation, Deleted, ListQuery, Page, UpdateAutomation};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "automations", path: "/api/automations", one: "/api/automations/{id}", shape: Automation;
    /// A page of automations.
    list: list_automations(ListQuery);
    /// One automation.
    read: get_automation;
    /// Adds an automation.
    create: create_automation(CreateAutomation);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_automation(UpdateAutomation);
    /// Removes an automation that nothing refers to.
    delete: delete_automation;
}
