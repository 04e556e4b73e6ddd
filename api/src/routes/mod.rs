//! The operations of the API, one file per resource. A handler reads the request, makes one call as the caller and
//! answers with its JSON; each file declares its own paths.

pub mod api_keys;
pub mod archive;
pub mod attachments;
pub mod automations;
pub mod bulk;
pub mod channel_loads;
pub mod custom_fields;
pub mod customer_notes;
pub mod drafts;
pub mod erasures;
pub mod field_jobs;
pub mod followers;
pub mod health;
pub mod history;
pub mod live;
pub mod macros;
pub mod mail;
pub mod me;
pub mod messages;
pub mod metrics;
pub mod notifications;
pub mod objects;
pub mod organizations;
pub mod own_sessions;
pub mod people;
pub mod priorities;
mod resource;
pub mod retention;
pub mod routing_rules;
pub mod rule_firings;
pub mod schedules;
pub mod search;
pub mod session;
pub mod set_aside;
pub mod settings;
pub mod skills;
pub mod sla_policies;
pub mod statuses;
pub mod tags;
pub mod teams;
pub mod ticket_forms;
pub mod tickets;
pub mod triggers;
pub mod users;
pub mod views;
pub mod worker_tasks;
pub mod workflow;

use crate::app::App;
use tower_http::limit::RequestBodyLimitLayer;
use utoipa_axum::router::OpenApiRouter;

/// Bytes of a body; `attachments::uploads` has a limit of its own.
const LARGEST_BODY: usize = 1 << 20;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(api_keys::routes())
        .merge(archive::routes())
        .merge(attachments::routes())
        .merge(automations::routes())
        .merge(bulk::routes())
        .merge(channel_loads::routes())
        .merge(custom_fields::routes())
        .merge(customer_notes::routes())
        .merge(drafts::routes())
        .merge(erasures::routes())
        .merge(field_jobs::routes())
        .merge(followers::routes())
        .merge(health::routes())
        .merge(history::routes())
        .merge(macros::routes())
        .merge(mail::routes())
        .merge(me::routes())
        .merge(messages::routes())
        .merge(metrics::routes())
        .merge(notifications::routes())
        .merge(objects::routes())
        .merge(organizations::routes())
        .merge(own_sessions::routes())
        .merge(people::routes())
        .merge(priorities::routes())
        .merge(retention::routes())
        .merge(routing_rules::routes())
        .merge(rule_firings::routes())
        .merge(schedules::routes())
        .merge(search::routes())
        .merge(session::routes())
        .merge(set_aside::routes())
        .merge(settings::routes())
        .merge(skills::routes())
        .merge(sla_policies::routes())
        .merge(statuses::routes())
        .merge(tags::routes())
        .merge(teams::routes())
        .merge(ticket_forms::routes())
        .merge(tickets::routes())
        .merge(triggers::routes())
        .merge(users::routes())
        .merge(views::routes())
        .merge(worker_tasks::routes())
        .merge(workflow::routes())
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .merge(attachments::uploads())
        .merge(live::routes())
}
