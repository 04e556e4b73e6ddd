//! Retention policies and legal holds: see `sql/api/retention.sql`, `legal_holds.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateLegalHold, CreateRetentionPolicy, Deleted, LegalHold, ListQuery, Page, RetentionPolicy,
    RetentionPreview, UpdateLegalHold, UpdateRetentionPolicy,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: policies, tag: "retention", path: "/api/retention-policies", one: "/api/retention-policies/{id}", shape: RetentionPolicy;
    /// A page of retention policies, each with its last run; admins only.
    list: list_retention_policies(ListQuery);
    /// One retention policy, and how far it is.
    read: get_retention_policy;
    /// Adds a retention policy; it does nothing before it is enabled.
    create: create_retention_policy(CreateRetentionPolicy);
    /// Changes the keys given; an enabled policy begins anew with all tickets.
    update: update_retention_policy(UpdateRetentionPolicy);
    /// Removes a retention policy; what it did stays done.
    delete: delete_retention_policy;
}

resource! {
    routes: holds, tag: "retention", path: "/api/legal-holds", one: "/api/legal-holds/{id}", shape: LegalHold;
    /// A page of legal holds; admins only.
    list: list_legal_holds(ListQuery);
    /// One legal hold.
    read: get_legal_hold;
    /// Places a hold: nothing of its ticket, person or organization is deleted, anonymised or erased.
    create: create_legal_hold(CreateLegalHold);
    /// Changes name, reason or end of a hold; what it holds stays.
    update: update_legal_hold(UpdateLegalHold);
    /// Removes a hold.
    delete: delete_legal_hold;
}

pub fn routes() -> OpenApiRouter<App> {
    policies()
        .merge(holds())
        .routes(routes!(preview_retention_policy))
}

/// What a policy, enabled or not, would do now; it changes nothing.
#[utoipa::path(post, path = "/api/retention-policies/{id}/preview", tag = "retention", params(("id" = i64, Path)), responses((status = 200, body = RetentionPreview)))]
pub async fn preview_retention_policy(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.preview_retention_policy($1)", &[&id])
        .await
}
