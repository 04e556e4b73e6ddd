//! Organizations: see `sql/api/organizations.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateOrganization, Deleted, ListQuery, Organization, Page, UpdateOrganization,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "organizations", path: "/api/organizations", one: "/api/organizations/{id}", shape: Organization;
    /// A page of organizations.
    list: list_organizations(ListQuery);
    /// One organization.
    read: get_organization;
    /// Adds an organization.
    create: create_organization(CreateOrganization);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_organization(UpdateOrganization);
    /// Removes an organization that nothing refers to.
    delete: delete_organization;
}
