//! Observability: a request id on each answer and log line, a trace of each request, and `/metrics` for Prometheus.

use super::credentials::bearer;
use crate::app::App;
use crate::error::Problem;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Instant;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Seconds; a queue page takes a millisecond, a bulk change a second.
const BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The recorder of this process, installed on first use.
pub fn recorder() -> anyhow::Result<&'static PrometheusHandle> {
    if let Some(handle) = RECORDER.get() {
        return Ok(handle);
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("autocrm_http_request_duration_seconds".into()),
            BUCKETS,
        )?
        .build_recorder();
    let handle = recorder.handle();
    // Of two that race, one stays: the handle kept is the one of the recorder installed.
    if metrics::set_global_recorder(recorder).is_ok() {
        let _ = RECORDER.set(handle);
        metrics::describe_histogram!(
            "autocrm_http_request_duration_seconds",
            "Requests by route, method and status"
        );
        metrics::describe_counter!(
            "autocrm_rate_limited_total",
            "Requests refused for their key's limit"
        );
        metrics::describe_gauge!("autocrm_live_sockets", "Open WebSockets");
        metrics::describe_gauge!("autocrm_database_connections", "Connections by state");
    }
    Ok(RECORDER.wait())
}

/// Ids and traces around a router.
pub fn layers(router: Router<App>) -> Router<App> {
    router
        .layer(axum::middleware::from_fn(measure))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(
            // Errors are logged where they are made, with their cause; the span names their request.
            TraceLayer::new_for_http()
                .on_failure(())
                .make_span_with(|request: &Request| {
                    let id = request.headers().get(&REQUEST_ID);
                    // Without the query string: it may hold a search text.
                    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id = ?id)
                }),
        )
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
}

async fn measure(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let response = next.run(request).await;
    metrics::histogram!(
        "autocrm_http_request_duration_seconds",
        "route" => route,
        "method" => method,
        "status" => response.status().as_str().to_owned(),
    )
    .record(started.elapsed().as_secs_f64());
    response
}

/// `GET /metrics`; with AUTOCRM_METRICS_TOKEN set, for its bearer alone.
pub async fn expose(State(app): State<App>, headers: HeaderMap) -> Response {
    if let Some(token) = &app.config.metrics_token {
        // Digests are compared, so that the duration reveals nothing about the token.
        if bearer(&headers).map(crate::auth::sha256) != Some(crate::auth::sha256(token)) {
            return Problem::unauthorized("The metrics need their token").into_response();
        }
    }
    let status = app.pool.status();
    let idle = u32::try_from(status.available).unwrap_or(u32::MAX);
    let open = u32::try_from(status.size).unwrap_or(u32::MAX);
    let waiting = u32::try_from(status.waiting).unwrap_or(u32::MAX);
    metrics::gauge!("autocrm_database_connections", "state" => "idle").set(idle);
    metrics::gauge!("autocrm_database_connections", "state" => "busy")
        .set(open.saturating_sub(idle));
    metrics::gauge!("autocrm_database_connections", "state" => "waited_for").set(waiting);
    match recorder() {
        Ok(handle) => (
            [(
                header::CONTENT_TYPE,
                "text/plain; version=0.0.4; charset=utf-8",
            )],
            handle.render(),
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
