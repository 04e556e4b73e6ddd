//! SLA policies, and the clocks of a ticket: see `sql/api/sla.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateSlaPolicy, Deleted, ListQuery, Page, SlaPolicy, TicketSla, UpdateSlaPolicy,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: policies, tag: "sla-policies", path: "/api/sla-policies", one: "/api/sla-policies/{id}", shape: SlaPolicy;
    /// A page of SLA policies.
    list: list_sla_policies(ListQuery);
    /// One SLA policy.
    read: get_sla_policy;
    /// Adds an SLA policy; open tickets are judged by it from now on.
    create: create_sla_policy(CreateSlaPolicy);
    /// Changes the keys given; with If-Match, 409 when somebody was faster. Clocks that are open are reckoned anew.
    update: update_sla_policy(UpdateSlaPolicy);
    /// Removes an SLA policy; clocks that have ended stay.
    delete: delete_sla_policy;
}

pub fn routes() -> OpenApiRouter<App> {
    policies().routes(routes!(get_ticket_sla))
}

/// The clocks of a ticket: how long it may wait, and has waited.
#[utoipa::path(get, path = "/api/tickets/{id}/sla", tag = "tickets", params(("id" = i64, Path)), responses((status = 200, body = TicketSla)))]
pub async fn get_ticket_sla(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_ticket_sla($1)", &[&id]).await
}
