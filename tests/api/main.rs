//! The API as its users meet it: real server, real database, one of each a test.

mod alike;
mod api_keys;
mod archive;
mod attachments;
mod authorization;
mod automations;
mod bodies;
mod bulk;
mod channel_loads;
mod crash;
mod custom_fields;
mod customer_notes;
mod database;
mod drafts;
mod erasures;
mod feed;
mod field_jobs;
mod followers;
mod health;
mod history;
mod hostile;
mod http;
mod idempotency;
mod import;
mod lengths;
mod limits;
mod live;
mod macros;
mod mail;
mod me;
mod messages;
mod metrics;
mod names;
mod notifications;
mod objects;
mod organizations;
mod own_sessions;
mod people;
mod priorities;
mod renames;
mod required;
mod resource;
mod retention;
mod retries;
mod routing_rules;
mod rule_firings;
mod s3;
mod schedules;
mod search;
mod session;
mod set_aside;
mod settings;
mod skills;
mod sla_policies;
mod standby;
mod statuses;
mod tags;
mod teams;
mod ticket_forms;
mod tickets;
mod triggers;
mod users;
mod views;
mod worker_tasks;
mod workflow;

use std::collections::BTreeSet;

/// The tests of a resource are where one looks for them.
#[test]
fn every_route_file_has_a_test_file_of_its_name() {
    let files = |folder: &str| -> BTreeSet<String> {
        std::fs::read_dir(harness::root().join(folder))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .filter_map(|name| name.into_string().ok())
            .filter(|name| name != "mod.rs")
            .collect()
    };
    let without: Vec<String> = files("api/src/routes")
        .difference(&files("tests/api"))
        .cloned()
        .collect();
    assert!(without.is_empty(), "no tests of {}", without.join(", "));
}
