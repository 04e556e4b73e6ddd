//! One file per resource; each handler reads the request, makes one call as the caller, and maps the answer.

pub mod api_keys;
pub mod attachments;
pub mod automations;
pub mod channel_loads;
pub mod custom_fields;
pub mod drafts;
pub mod followers;
pub mod history;
pub mod me;
pub mod messages;
pub mod organizations;
pub mod priorities;
pub mod routing_rules;
pub mod rule_firings;
pub mod schedules;
pub mod session;
pub mod settings;
pub mod skills;
pub mod statuses;
pub mod tags;
pub mod teams;
pub mod tickets;
pub mod triggers;
pub mod users;
