//! Custom fields: see `sql/api/custom_fields.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateCustomField, CustomField, Deleted, ListQuery, Page, UpdateCustomField};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "custom-fields", path: "/api/custom-fields", one: "/api/custom-fields/{id}", shape: CustomField;
    /// A page of custom fields.
    list: list_custom_fields(ListQuery);
    /// One custom field.
    read: get_custom_field;
    /// Adds a custom field.
    create: create_custom_field(CreateCustomField);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_custom_field(UpdateCustomField);
    /// Removes a custom field that nothing refers to.
    delete: delete_custom_field;
}
