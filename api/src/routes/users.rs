//! Users: see `sql/api/users.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateUser, Deleted, ListQuery, Page, UpdateUser, User};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "users", path: "/api/users", one: "/api/users/{id}", shape: User;
    /// A page of users.
    list: list_users(ListQuery, ("role" = Option<String>, Query), ("email" = Option<String>, Query), ("organization_id" = Option<i64>, Query), ("active" = Option<bool>, Query));
    /// One user.
    read: get_user;
    /// Adds a user.
    create: create_user(CreateUser);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_user(UpdateUser);
    /// Removes a user that nothing refers to.
    delete: delete_user;
}
