//! Routing rules: see `sql/api/routing_rules.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, RoutingRule};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of routing rules.
#[utoipa::path(get, path = "/api/routing-rules", tag = "routing-rules", params(ListQuery), responses((status = 200, body = Page<RoutingRule>)))]
pub async fn list_routing_rules(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_routing_rules($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One routing rule.
#[utoipa::path(get, path = "/api/routing-rules/{id}", tag = "routing-rules", params(("id" = i64, Path)), responses((status = 200, body = RoutingRule)))]
pub async fn get_routing_rule(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_routing_rule($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a routing rule.
#[utoipa::path(post, path = "/api/routing-rules", tag = "routing-rules", request_body = Value, responses((status = 201, body = RoutingRule)))]
pub async fn create_routing_rule(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_routing_rule($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/routing-rules/{id}", tag = "routing-rules", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = RoutingRule)))]
pub async fn update_routing_rule(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_routing_rule($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a routing rule that nothing refers to.
#[utoipa::path(delete, path = "/api/routing-rules/{id}", tag = "routing-rules", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_routing_rule(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_routing_rule($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// JSON Schema of conditions, for editors: every field of this desk, its operators and values.
#[utoipa::path(get, path = "/api/condition-schema", tag = "routing-rules", responses((status = 200, body = Value)))]
pub async fn get_condition_schema(caller: Caller) -> ApiResult {
    caller.call("api.get_condition_schema()", &[]).await
}

/// What past tickets would have become under a draft of the rules: moved, waiting, load, skills that nobody has. Writes nothing.
#[utoipa::path(post, path = "/api/routing-rules/simulate", tag = "routing-rules", request_body = Value, responses((status = 200, body = Value)))]
pub async fn simulate_routing(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.simulate_routing($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}
