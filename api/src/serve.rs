//! A serving process: the API with its middleware, the web UI and the operator's addresses, until it is stopped.

use crate::app::App;
use crate::config::Config;
use crate::db;
use crate::error::Problem;
use crate::http::protection::{self, Protection};
use crate::http::{connections, observe, problems, rate_limit};
use crate::openapi;
use crate::realtime::hub::Hub;
use crate::realtime::listener;
use crate::store::files::Files;
use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeader;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// Everything this process serves.
pub fn router(app: App) -> Router {
    // The build of the UI compresses each file once, better than it could be done for each request.
    let files = |folder: PathBuf| {
        ServeDir::new(folder)
            .precompressed_br()
            .precompressed_gzip()
    };
    let index = ServeFile::new(app.config.web_dir.join("index.html"))
        .precompressed_br()
        .precompressed_gzip();
    let web = files(app.config.web_dir.clone()).fallback(index);
    let (api, description) = openapi::api().split_for_parts();
    let json = openapi::finish(description);
    // The names of assets carry a hash of their content.
    let assets = SetResponseHeader::overriding(
        files(app.config.web_dir.join("assets")),
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    let page = std::fs::read_to_string(app.config.web_dir.join("index.html")).unwrap_or_default();
    let docs = include_str!("docs.html");
    let protection = Protection::new(&app.config, &[&page, docs]);
    let patience = Duration::from_secs(app.config.read_timeout);
    let api = api
        .route("/api/{*rest}", axum::routing::any(nothing))
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            rate_limit::limit,
        ));
    let all = api
        .route(
            "/api/openapi.json",
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], json) }),
        )
        .route("/api/docs", get(move || async move { Html(docs) }))
        .route("/metrics", get(observe::expose))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .nest_service("/assets", assets)
        .fallback_service(web)
        .layer(RequestBodyTimeoutLayer::new(patience))
        .layer(axum::middleware::from_fn(problems::uniform))
        .layer(
            CompressionLayer::new()
                .br(true)
                .gzip(true)
                .compress_when(DefaultPredicate::new().and(is_no_file)),
        )
        .layer(axum::middleware::from_fn_with_state(
            protection,
            protection::protect,
        ));
    observe::layers(all).with_state(app)
}

/// Files are sent uncompressed: ranges and tags are of their own bytes.
fn is_no_file(
    _: StatusCode,
    _: axum::http::Version,
    headers: &axum::http::HeaderMap,
    _: &axum::http::Extensions,
) -> bool {
    !headers.contains_key(header::CONTENT_DISPOSITION)
}

async fn nothing() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "There is no such address",
        Some("See /api/docs for what there is."),
    )
}

/// Ready once the database answers.
async fn ready(State(app): State<App>) -> impl IntoResponse {
    match app.pool.get().await {
        Ok(client) if client.simple_query("select 1").await.is_ok() => (StatusCode::OK, "ready"),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database cannot be reached",
        ),
    }
}

/// Serves until `stop`; requests under way are finished first.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    anyhow::ensure!(
        config.secret.len() >= 32,
        "AUTOCRM_SECRET must have at least 32 characters"
    );
    let pool = db::pool(&config)?;
    let hub = Arc::new(Hub::new(pool.clone()));
    let listening = tokio::spawn(listener::listen(
        config
            .listen_database_url
            .clone()
            .unwrap_or_else(|| config.database_url.clone()),
        pool.clone(),
        Arc::clone(&hub),
    ));
    tracing::info!(address = %listener.local_addr()?, "serving");
    let app = App {
        files: Arc::new(Files::new(&config)),
        config: Arc::new(config),
        pool,
        hub: Arc::clone(&hub),
        limits: Arc::default(),
    };
    observe::recorder()?;
    let patience = Duration::from_secs(app.config.read_timeout);
    let (stopped, stopping) = tokio::sync::oneshot::channel::<()>();
    let server = connections::serve(listener, router(app), patience, async move {
        stop.await;
        let _ = stopped.send(());
    });
    tokio::select! {
        () = server => {}
        // Sockets never end by themselves: they get a moment, then the process ends.
        () = async { let _ = stopping.await; hub.close(); tokio::time::sleep(Duration::from_secs(10)).await; } => {}
    }
    // The server does not wait for sockets: they get their close frames before the process ends.
    hub.close();
    for _ in 0..40 {
        if hub.open_sockets() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    listening.abort();
    Ok(())
}
