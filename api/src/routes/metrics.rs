//! Metrics of the desk and of oneself: see `sql/api/metrics.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{Metrics, MetricsQuery, MetricsRebuilt, MyMetricsQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_metrics))
        .routes(routes!(get_my_metrics))
        .routes(routes!(rebuild_metrics))
}

/// What was done in a time, with its course, by team, agent, channel or priority, and beside the time before.
#[utoipa::path(get, path = "/api/metrics", tag = "metrics", params(MetricsQuery), responses((status = 200, body = Metrics)))]
pub async fn get_metrics(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.get_metrics($1::text::jsonb)", &[&query])
        .await
}

/// One's own work in a time, of all teams.
#[utoipa::path(get, path = "/api/me/metrics", tag = "metrics", params(MyMetricsQuery), responses((status = 200, body = Metrics)))]
pub async fn get_my_metrics(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.get_my_metrics($1::text::jsonb)", &[&query])
        .await
}

/// Counts all tickets anew in the background, with the statuses and schedules of today.
#[utoipa::path(post, path = "/api/metrics/rebuild", tag = "metrics", responses((status = 200, body = MetricsRebuilt)))]
pub async fn rebuild_metrics(caller: Caller) -> ApiResult {
    caller.call("api.rebuild_metrics()", &[]).await
}
