//! Routing rules: see `sql/api/routing_rules.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateRoutingRule, Deleted, ListQuery, Page, RoutingRule, SimulateRouting, UpdateRoutingRule,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    resource_routes()
        .routes(routes!(get_condition_schema))
        .routes(routes!(simulate_routing))
}

resource! {
    routes: resource_routes, tag: "routing-rules", path: "/api/routing-rules", one: "/api/routing-rules/{id}", shape: RoutingRule;
    /// A page of routing rules.
    list: list_routing_rules(ListQuery);
    /// One routing rule.
    read: get_routing_rule;
    /// Adds a routing rule.
    create: create_routing_rule(CreateRoutingRule);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_routing_rule(UpdateRoutingRule);
    /// Removes a routing rule that nothing refers to.
    delete: delete_routing_rule;
}

/// JSON Schema of conditions, for editors: every field of this desk, its operators and values.
#[utoipa::path(get, path = "/api/condition-schema", tag = "routing-rules", responses((status = 200, body = Value)))]
pub async fn get_condition_schema(caller: Caller) -> ApiResult {
    caller.call("api.get_condition_schema()", &[]).await
}

/// What past tickets would have become under a draft of the rules: moved, waiting, load, skills that nobody has. Writes nothing.
#[utoipa::path(post, path = "/api/routing-rules/simulate", tag = "routing-rules", request_body = SimulateRouting, responses((status = 200, body = Value)))]
pub async fn simulate_routing(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call("api.simulate_routing($1::text::jsonb)", &[&body])
        .await
}
