//! Every route. The rest of the HTTP side hangs on here: limits, tracing, compression, the web UI.

use crate::answers::{self, Protection};
use crate::config::Config;
use crate::db;
use crate::error::Problem;
use crate::files::Files;
use crate::limits::{self, Limits};
use crate::observe;
use crate::openapi::Description;
use crate::realtime::{self, Hub};
use crate::routes::{
    api_keys, attachments, automations, bulk, channel_loads, custom_fields, drafts, field_jobs,
    followers, history, macros, mail, me, messages, notifications, objects, organizations, people,
    priorities, routing_rules, rule_firings, schedules, search, session, set_aside, settings,
    skills, statuses, tags, teams, ticket_forms, tickets, triggers, users, views, workflow,
};
use crate::server;
use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use deadpool_postgres::Pool;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeader;
use tower_http::timeout::RequestBodyTimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What every handler may reach.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub pool: Pool,
    pub hub: Arc<Hub>,
    pub limits: Arc<Limits>,
    pub files: Arc<Files>,
}

/// The operations of the API, with their description.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(session::log_in, session::log_out))
        .routes(routes!(session::refresh_session))
        .routes(routes!(me::get_me, me::update_me))
        .routes(routes!(tickets::list_tickets, tickets::create_ticket))
        .routes(routes!(tickets::count_tickets))
        .routes(routes!(
            tickets::get_ticket,
            tickets::update_ticket,
            tickets::delete_ticket
        ))
        .routes(routes!(tickets::solve_ticket))
        .routes(routes!(tickets::reopen_ticket))
        .routes(routes!(tickets::assign_ticket))
        .routes(routes!(tickets::get_timeline))
        .routes(routes!(tickets::explain_routing))
        .routes(routes!(tickets::announce_presence))
        .routes(routes!(messages::list_messages, messages::create_message))
        .routes(routes!(messages::get_message, messages::update_message))
        .routes(routes!(messages::redact_message))
        .routes(routes!(drafts::list_drafts))
        .routes(routes!(
            drafts::get_draft,
            drafts::save_draft,
            drafts::delete_draft
        ))
        .routes(routes!(followers::list_followers, followers::add_follower))
        .routes(routes!(followers::remove_follower))
        .routes(routes!(settings::get_settings, settings::update_settings))
        .routes(routes!(
            organizations::list_organizations,
            organizations::create_organization
        ))
        .routes(routes!(
            organizations::get_organization,
            organizations::update_organization,
            organizations::delete_organization
        ))
        .routes(routes!(users::list_users, users::create_user))
        .routes(routes!(
            users::get_user,
            users::update_user,
            users::delete_user
        ))
        .routes(routes!(teams::list_teams, teams::create_team))
        .routes(routes!(
            teams::get_team,
            teams::update_team,
            teams::delete_team
        ))
        .routes(routes!(tags::list_tags, tags::create_tag))
        .routes(routes!(tags::get_tag, tags::update_tag, tags::delete_tag))
        .routes(routes!(
            custom_fields::list_custom_fields,
            custom_fields::create_custom_field
        ))
        .routes(routes!(
            custom_fields::get_custom_field,
            custom_fields::update_custom_field,
            custom_fields::delete_custom_field
        ))
        .routes(routes!(statuses::list_statuses, statuses::create_status))
        .routes(routes!(
            statuses::get_status,
            statuses::update_status,
            statuses::delete_status
        ))
        .routes(routes!(
            priorities::list_priorities,
            priorities::create_priority
        ))
        .routes(routes!(
            priorities::get_priority,
            priorities::update_priority,
            priorities::delete_priority
        ))
        .routes(routes!(
            channel_loads::list_channel_loads,
            channel_loads::set_channel_loads
        ))
        .routes(routes!(
            routing_rules::list_routing_rules,
            routing_rules::create_routing_rule
        ))
        .routes(routes!(
            routing_rules::get_routing_rule,
            routing_rules::update_routing_rule,
            routing_rules::delete_routing_rule
        ))
        .routes(routes!(routing_rules::get_condition_schema))
        .routes(routes!(routing_rules::simulate_routing))
        .routes(routes!(triggers::list_triggers, triggers::create_trigger))
        .routes(routes!(
            triggers::get_trigger,
            triggers::update_trigger,
            triggers::delete_trigger
        ))
        .routes(routes!(
            automations::list_automations,
            automations::create_automation
        ))
        .routes(routes!(
            automations::get_automation,
            automations::update_automation,
            automations::delete_automation
        ))
        .routes(routes!(rule_firings::list_rule_firings))
        .routes(routes!(skills::list_skills, skills::create_skill))
        .routes(routes!(
            skills::get_skill,
            skills::update_skill,
            skills::delete_skill
        ))
        .routes(routes!(
            schedules::list_schedules,
            schedules::create_schedule
        ))
        .routes(routes!(
            schedules::get_schedule,
            schedules::update_schedule,
            schedules::delete_schedule
        ))
        .routes(routes!(teams::get_coverage))
        .routes(routes!(teams::get_team_numbers))
        .routes(routes!(teams::add_member, teams::remove_member))
        .routes(routes!(tags::merge_tags))
        .routes(routes!(api_keys::list_api_keys, api_keys::create_api_key))
        .routes(routes!(api_keys::get_api_key, api_keys::delete_api_key))
        .routes(routes!(search::search_tickets))
        .routes(routes!(macros::list_macros, macros::create_macro))
        .routes(routes!(
            macros::get_macro,
            macros::update_macro,
            macros::delete_macro
        ))
        .routes(routes!(macros::list_macro_versions))
        .routes(routes!(macros::preview_macro))
        .routes(routes!(macros::apply_macro))
        .routes(routes!(tags::get_tag_settings, tags::update_tag_settings))
        .routes(routes!(history::list_audit))
        .routes(routes!(history::list_events))
        .routes(routes!(views::list_views, views::create_view))
        .routes(routes!(views::count_views))
        .routes(routes!(
            views::get_view,
            views::update_view,
            views::delete_view
        ))
        .routes(routes!(views::list_view_tickets))
        .routes(routes!(workflow::merge_ticket))
        .routes(routes!(workflow::split_ticket))
        .routes(routes!(workflow::list_links, workflow::create_link))
        .routes(routes!(workflow::delete_link))
        .routes(routes!(workflow::list_assignments))
        .routes(routes!(
            workflow::list_status_transitions,
            workflow::create_status_transition
        ))
        .routes(routes!(workflow::delete_status_transition))
        .routes(routes!(workflow::get_workflow, workflow::update_workflow))
        .routes(routes!(field_jobs::backfill_custom_field))
        .routes(routes!(field_jobs::list_field_jobs))
        .routes(routes!(field_jobs::get_field_job))
        .routes(routes!(field_jobs::cancel_field_job))
        .routes(routes!(set_aside::list_set_aside))
        .routes(routes!(set_aside::retry_set_aside))
        .routes(routes!(bulk::list_bulk_jobs, bulk::create_bulk_job))
        .routes(routes!(bulk::get_bulk_job))
        .routes(routes!(bulk::list_bulk_items))
        .routes(routes!(bulk::cancel_bulk_job))
        .routes(routes!(bulk::undo_bulk_job))
        .routes(routes!(bulk::restore_ticket))
        .routes(routes!(bulk::list_trash))
        .routes(routes!(people::get_user_history))
        .routes(routes!(people::get_organization_history))
        .routes(routes!(people::merge_users))
        .routes(routes!(notifications::list_notifications))
        .routes(routes!(notifications::read_notifications))
        .routes(routes!(
            notifications::get_notification_preferences,
            notifications::update_notification_preferences
        ))
        .routes(routes!(mail::list_mails))
        .routes(routes!(mail::retry_mail))
        .routes(routes!(
            objects::list_object_types,
            objects::create_object_type
        ))
        .routes(routes!(
            objects::get_object_type,
            objects::update_object_type,
            objects::delete_object_type
        ))
        .routes(routes!(
            objects::list_object_fields,
            objects::create_object_field
        ))
        .routes(routes!(
            objects::get_object_field,
            objects::update_object_field,
            objects::delete_object_field
        ))
        .routes(routes!(
            objects::list_object_records,
            objects::create_object_record
        ))
        .routes(routes!(
            objects::get_object_record,
            objects::update_object_record,
            objects::delete_object_record
        ))
        .routes(routes!(objects::list_object_record_tickets))
        .routes(routes!(
            ticket_forms::list_ticket_forms,
            ticket_forms::create_ticket_form
        ))
        .routes(routes!(
            ticket_forms::get_ticket_form,
            ticket_forms::update_ticket_form,
            ticket_forms::delete_ticket_form
        ))
        .routes(routes!(
            attachments::get_attachment,
            attachments::delete_attachment
        ))
        .routes(routes!(attachments::download_attachment))
        .routes(routes!(attachments::get_thumbnail))
        .layer(RequestBodyLimitLayer::new(1 << 20))
        // Behind the limit: a file has a limit of its own.
        .routes(routes!(attachments::create_attachment))
}

/// Everything this process serves.
pub fn router(app: App) -> Router {
    let web = ServeDir::new(&app.config.web_dir)
        .fallback(ServeFile::new(app.config.web_dir.join("index.html")));
    let (api, description) = api().split_for_parts();
    let json = crate::openapi::finish(description);
    // The names of assets carry a hash of their content.
    let assets = SetResponseHeader::overriding(
        ServeDir::new(app.config.web_dir.join("assets")),
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    let page = std::fs::read_to_string(app.config.web_dir.join("index.html")).unwrap_or_default();
    let docs = include_str!("docs.html");
    let protection = Protection::new(&app.config, &[&page, docs]);
    let patience = Duration::from_secs(app.config.read_timeout);
    let api = api
        .route("/api/live", get(realtime::live))
        .route("/api/{*rest}", axum::routing::any(nothing))
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            limits::limit,
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
        .layer(axum::middleware::from_fn(answers::problems))
        .layer(
            CompressionLayer::new()
                .br(true)
                .gzip(true)
                .compress_when(DefaultPredicate::new().and(is_no_file)),
        )
        .layer(axum::middleware::from_fn_with_state(
            protection,
            answers::protect,
        ));
    observe::layers(all).with_state(app)
}

/// A file goes out as it is: ranges and tags speak of its own bytes.
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
    let listening = tokio::spawn(realtime::listen(
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
    let (told, stopping) = tokio::sync::oneshot::channel::<()>();
    let server = server::serve(listener, router(app), patience, async move {
        stop.await;
        let _ = told.send(());
    });
    tokio::select! {
        () = server => {}
        // Sockets never end by themselves: they get a moment, then the process goes.
        () = async { let _ = stopping.await; hub.close(); tokio::time::sleep(Duration::from_secs(10)).await; } => {}
    }
    // A server that is done waits for no sockets: they are told why they end before the process goes.
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
