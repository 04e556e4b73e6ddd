//! The log of triggers and automations: see `sql/api/rule_firings.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{ListQuery, Page, RuleFiring};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_rule_firings))
}

/// A page of firings: which rule spoke of which ticket, why, and what kept it from acting.
#[utoipa::path(get, path = "/api/rule-firings", tag = "triggers", params(ListQuery), responses((status = 200, body = Page<RuleFiring>)))]
pub async fn list_rule_firings(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_rule_firings($1::text::jsonb)", &[&query])
        .await
}
