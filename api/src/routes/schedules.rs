//! Schedules: see `sql/api/schedules.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateSchedule, Deleted, ListQuery, Page, Schedule, UpdateSchedule};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "schedules", path: "/api/schedules", one: "/api/schedules/{id}", shape: Schedule;
    /// A page of schedules.
    list: list_schedules(ListQuery);
    /// One schedule.
    read: get_schedule;
    /// Adds a schedule.
    create: create_schedule(CreateSchedule);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_schedule(UpdateSchedule);
    /// Removes a schedule; its agents follow their team's again, its teams are always open.
    delete: delete_schedule;
}
