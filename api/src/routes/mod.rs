//! One file per resource; each handler reads the request, makes one call as the caller, and maps the answer.

pub mod api_keys;
pub mod custom_fields;
pub mod history;
pub mod macros;
pub mod me;
pub mod messages;
pub mod organizations;
pub mod priorities;
pub mod routing_rules;
pub mod schedules;
pub mod search;
pub mod session;
pub mod skills;
pub mod statuses;
pub mod tags;
pub mod teams;
pub mod tickets;
pub mod users;
