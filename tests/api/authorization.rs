//! Who may call what: every operation of the description stands in this table, or the test fails.

use autocrm_api::auth;
use harness::desk::{Desk, Person};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Operation, then the status for: an agent of the ticket's team, one of another team, a key without any scope.
/// Nobody gets 401 everywhere; customers have no log-in. A key without scopes may ask who it is.
const TABLE: &[(&str, u16, u16, u16)] = &[
    ("get_me", 200, 200, 200),
    ("update_me", 200, 200, 403),
    ("get_my_numbers", 200, 200, 403),
    ("get_metrics", 200, 200, 403),
    ("get_my_metrics", 200, 200, 403),
    ("rebuild_metrics", 403, 403, 403),
    ("list_sessions", 200, 200, 403),
    ("end_session", 404, 404, 403),
    ("end_other_sessions", 200, 200, 403),
    ("change_password", 422, 422, 403),
    ("mark_notifications", 422, 422, 403),
    ("list_tickets", 200, 200, 403),
    ("count_tickets", 200, 200, 403),
    ("count_list", 200, 200, 403),
    ("list_marks", 200, 200, 403),
    ("mark_ticket", 200, 404, 403),
    ("create_ticket", 201, 201, 403),
    ("get_ticket", 200, 404, 403),
    ("update_ticket", 200, 404, 403),
    ("delete_ticket", 403, 404, 403),
    ("solve_ticket", 200, 404, 403),
    ("reopen_ticket", 200, 404, 403),
    ("assign_ticket", 200, 404, 403),
    ("get_ticket_as_of", 422, 404, 403),
    ("get_timeline", 200, 404, 403),
    ("explain_routing", 200, 404, 403),
    ("announce_presence", 200, 404, 403),
    ("list_messages", 200, 404, 403),
    ("create_message", 201, 404, 403),
    ("get_message", 200, 404, 403),
    ("update_message", 403, 404, 403),
    ("redact_message", 403, 404, 403),
    ("list_drafts", 200, 200, 403),
    ("get_draft", 404, 404, 403),
    ("save_draft", 200, 404, 403),
    ("delete_draft", 404, 404, 403),
    ("delete_other_draft", 404, 404, 403),
    ("list_followers", 200, 404, 403),
    ("add_follower", 201, 404, 403),
    ("remove_follower", 404, 404, 403),
    ("create_attachment", 422, 422, 403),
    ("get_attachment", 200, 404, 403),
    ("delete_attachment", 403, 404, 403),
    ("download_attachment", 200, 404, 403),
    ("get_thumbnail", 404, 404, 403),
    ("list_object_types", 200, 200, 403),
    ("create_object_type", 403, 403, 403),
    ("get_object_type", 200, 200, 403),
    ("update_object_type", 403, 403, 403),
    ("delete_object_type", 403, 403, 403),
    ("list_object_fields", 200, 200, 403),
    ("create_object_field", 403, 403, 403),
    ("get_object_field", 200, 200, 403),
    ("update_object_field", 403, 403, 403),
    ("delete_object_field", 403, 403, 403),
    ("list_object_records", 200, 200, 403),
    ("create_object_record", 201, 201, 403),
    ("get_object_record", 200, 200, 403),
    ("update_object_record", 200, 200, 403),
    ("delete_object_record", 200, 200, 403),
    ("list_object_record_tickets", 200, 200, 403),
    ("list_ticket_forms", 200, 200, 403),
    ("create_ticket_form", 403, 403, 403),
    ("get_ticket_form", 200, 200, 403),
    ("update_ticket_form", 403, 403, 403),
    ("delete_ticket_form", 403, 403, 403),
    ("get_settings", 200, 200, 403),
    ("update_settings", 403, 403, 403),
    ("list_organizations", 200, 200, 403),
    ("create_organization", 201, 201, 403),
    ("get_organization", 200, 200, 403),
    ("update_organization", 200, 200, 403),
    ("delete_organization", 403, 403, 403),
    ("list_customer_notes", 200, 200, 403),
    ("create_customer_note", 201, 201, 403),
    ("get_customer_note", 200, 200, 403),
    ("update_customer_note", 200, 200, 403),
    ("delete_customer_note", 200, 200, 403),
    ("list_users", 200, 200, 403),
    ("create_user", 201, 201, 403),
    ("get_user", 200, 200, 403),
    ("update_user", 200, 200, 403),
    ("delete_user", 403, 403, 403),
    ("list_teams", 200, 200, 403),
    ("create_team", 403, 403, 403),
    ("get_team", 200, 200, 403),
    ("update_team", 403, 403, 403),
    ("delete_team", 403, 403, 403),
    ("add_member", 403, 403, 403),
    ("remove_member", 403, 403, 403),
    ("list_tags", 200, 200, 403),
    ("create_tag", 201, 201, 403),
    ("get_tag", 200, 200, 403),
    ("update_tag", 403, 403, 403),
    ("delete_tag", 403, 403, 403),
    ("merge_tags", 403, 403, 403),
    ("list_custom_fields", 200, 200, 403),
    ("create_custom_field", 403, 403, 403),
    ("get_custom_field", 200, 200, 403),
    ("update_custom_field", 403, 403, 403),
    ("delete_custom_field", 403, 403, 403),
    ("list_statuses", 200, 200, 403),
    ("create_status", 403, 403, 403),
    ("get_status", 200, 200, 403),
    ("update_status", 403, 403, 403),
    ("delete_status", 403, 403, 403),
    ("list_priorities", 200, 200, 403),
    ("create_priority", 403, 403, 403),
    ("get_priority", 200, 200, 403),
    ("update_priority", 403, 403, 403),
    ("delete_priority", 403, 403, 403),
    ("list_channel_loads", 200, 200, 403),
    ("set_channel_loads", 403, 403, 403),
    ("list_routing_rules", 200, 200, 403),
    ("create_routing_rule", 403, 403, 403),
    ("get_routing_rule", 200, 200, 403),
    ("update_routing_rule", 403, 403, 403),
    ("delete_routing_rule", 403, 403, 403),
    ("list_triggers", 200, 200, 403),
    ("create_trigger", 403, 403, 403),
    ("get_trigger", 200, 200, 403),
    ("update_trigger", 403, 403, 403),
    ("delete_trigger", 403, 403, 403),
    ("list_sla_policies", 200, 200, 403),
    ("create_sla_policy", 403, 403, 403),
    ("get_sla_policy", 200, 200, 403),
    ("update_sla_policy", 403, 403, 403),
    ("delete_sla_policy", 403, 403, 403),
    ("get_ticket_sla", 200, 404, 403),
    ("list_retention_policies", 403, 403, 403),
    ("create_retention_policy", 403, 403, 403),
    ("get_retention_policy", 403, 403, 403),
    ("update_retention_policy", 403, 403, 403),
    ("delete_retention_policy", 403, 403, 403),
    ("preview_retention_policy", 403, 403, 403),
    ("list_archived_tickets", 200, 200, 403),
    ("get_archived_ticket", 200, 404, 403),
    ("restore_archived_ticket", 403, 404, 403),
    ("list_legal_holds", 403, 403, 403),
    ("create_legal_hold", 403, 403, 403),
    ("get_legal_hold", 403, 403, 403),
    ("update_legal_hold", 403, 403, 403),
    ("delete_legal_hold", 403, 403, 403),
    ("export_person", 403, 403, 403),
    ("erase_person", 403, 403, 403),
    ("list_erasures", 403, 403, 403),
    ("get_erasure", 403, 403, 403),
    ("list_automations", 200, 200, 403),
    ("create_automation", 403, 403, 403),
    ("get_automation", 200, 200, 403),
    ("update_automation", 403, 403, 403),
    ("delete_automation", 403, 403, 403),
    ("list_rule_firings", 200, 200, 403),
    ("get_condition_schema", 200, 200, 403),
    ("simulate_routing", 403, 403, 403),
    ("list_skills", 200, 200, 403),
    ("create_skill", 403, 403, 403),
    ("get_skill", 200, 200, 403),
    ("update_skill", 403, 403, 403),
    ("delete_skill", 403, 403, 403),
    ("list_schedules", 200, 200, 403),
    ("create_schedule", 403, 403, 403),
    ("get_schedule", 200, 200, 403),
    ("update_schedule", 403, 403, 403),
    ("delete_schedule", 403, 403, 403),
    ("get_coverage", 200, 200, 403),
    ("get_team_numbers", 200, 200, 403),
    ("list_api_keys", 403, 403, 403),
    ("create_api_key", 403, 403, 403),
    ("get_api_key", 403, 403, 403),
    ("delete_api_key", 403, 403, 403),
    ("search_tickets", 200, 200, 403),
    ("list_macros", 200, 200, 403),
    ("create_macro", 201, 201, 403),
    ("get_macro", 200, 200, 403),
    ("update_macro", 403, 403, 403),
    ("delete_macro", 403, 403, 403),
    ("list_macro_versions", 200, 200, 403),
    ("preview_macro", 200, 404, 403),
    ("apply_macro", 200, 404, 403),
    ("get_tag_settings", 200, 200, 403),
    ("update_tag_settings", 403, 403, 403),
    ("list_audit", 403, 403, 403),
    ("get_row_as_of", 403, 403, 403),
    ("list_events", 200, 200, 403),
    ("similar_tickets", 200, 404, 403),
    ("merge_ticket", 200, 404, 403),
    ("preview_merge", 200, 404, 403),
    ("follow_up_ticket", 422, 404, 403),
    ("split_ticket", 201, 404, 403),
    ("list_links", 200, 404, 403),
    ("create_link", 201, 404, 403),
    ("delete_link", 200, 404, 403),
    ("list_assignments", 200, 404, 403),
    ("list_status_transitions", 200, 200, 403),
    ("create_status_transition", 403, 403, 403),
    ("delete_status_transition", 403, 403, 403),
    ("get_workflow", 200, 200, 403),
    ("update_workflow", 403, 403, 403),
    ("backfill_custom_field", 403, 403, 403),
    ("list_field_jobs", 200, 200, 403),
    ("get_field_job", 404, 404, 403),
    ("list_set_aside", 403, 403, 403),
    ("list_worker_tasks", 403, 403, 403),
    ("update_worker_task", 403, 403, 403),
    ("run_worker_task", 403, 403, 403),
    ("get_health", 403, 403, 403),
    ("retry_set_aside", 403, 403, 403),
    ("cancel_field_job", 404, 404, 403),
    ("create_bulk_job", 201, 201, 403),
    ("list_bulk_jobs", 200, 200, 403),
    ("get_bulk_job", 404, 404, 403),
    ("list_bulk_items", 404, 404, 403),
    ("cancel_bulk_job", 404, 404, 403),
    ("undo_bulk_job", 404, 404, 403),
    ("restore_ticket", 403, 403, 403),
    ("list_trash", 403, 403, 403),
    ("list_views", 200, 200, 403),
    ("create_view", 201, 201, 403),
    ("count_views", 200, 200, 403),
    ("get_view", 200, 200, 403),
    ("update_view", 403, 403, 403),
    ("delete_view", 403, 403, 403),
    ("list_view_tickets", 200, 200, 403),
    ("get_user_history", 200, 200, 403),
    ("get_organization_history", 200, 200, 403),
    ("merge_users", 422, 422, 403),
    ("list_notifications", 200, 200, 403),
    ("read_notifications", 200, 200, 403),
    ("get_notification_preferences", 200, 200, 403),
    ("update_notification_preferences", 200, 200, 403),
    ("list_mails", 403, 403, 403),
    ("retry_mail", 403, 403, 403),
];

/// They make callers, so they have none.
const OPEN: &[&str] = &["log_in", "refresh_session", "log_out"];

pub(crate) struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
}

pub(crate) fn operations() -> Vec<Operation> {
    let description: Value = serde_json::from_str(&autocrm_api::openapi::json()).expect("JSON");
    let mut all = Vec::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            all.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
            });
        }
    }
    all
}

pub(crate) fn body(id: &str) -> Value {
    match id {
        "create_ticket" => json!({"subject": "Hello"}),
        "assign_ticket" => json!({"assignee_id": null}),
        "announce_presence" => json!({"state": "viewing"}),
        "create_organization"
        | "create_team"
        | "create_skill"
        | "create_routing_rule"
        | "create_trigger"
        | "create_automation"
        | "create_sla_policy"
        | "create_view" => {
            json!({"name": "Fresh"})
        }
        "create_retention_policy" => {
            json!({"name": "Fresh", "since": "closed", "days": 30, "action": "delete"})
        }
        "create_legal_hold" => json!({"name": "Fresh", "ticket_id": 1}),
        "create_message" | "update_message" | "save_draft" => json!({"body_text": "Hello"}),
        "redact_message" => json!({"all": true}),
        "add_follower" => json!({"email": "cc@customer.test", "kind": "cc"}),
        "create_user" => json!({"name": "Fresh", "email": "fresh@desk.test"}),
        "set_channel_loads" => json!({"chat": 50}),
        "create_macro" => json!({"name": "Fresh", "scope": "private"}),
        "create_object_type" => json!({"key": "fresh", "name": "Fresh", "plural_name": "Fresh"}),
        "create_object_field" => {
            json!({"object_type_id": 1, "key": "fresh", "label": "Fresh", "type": "text"})
        }
        "create_object_record" => json!({"type": "asset", "name": "Fresh"}),
        "create_ticket_form" => json!({"name": "Fresh"}),
        "create_customer_note" => json!({"organization_id": 1, "body_text": "Hello"}),
        "update_customer_note" => json!({"pinned": true}),
        "update_tag_settings" => json!({"closed": true}),
        "create_tag" => json!({"name": "fresh"}),
        "create_schedule" => json!({"name": "Fresh", "time_zone": "UTC"}),
        "create_custom_field" => json!({"key": "fresh", "label": "Fresh", "type": "text"}),
        "create_status" => json!({"key": "fresh", "label": "Fresh", "category": "open"}),
        "create_priority" => json!({"key": "fresh", "label": "Fresh", "weight": 55}),
        "create_api_key" => json!({"name": "Fresh", "scopes": []}),
        "update_organization"
        | "update_team"
        | "update_skill"
        | "update_schedule"
        | "update_routing_rule"
        | "update_trigger"
        | "update_automation"
        | "update_sla_policy"
        | "update_retention_policy"
        | "update_legal_hold"
        | "update_view"
        | "update_macro"
        | "update_object_type"
        | "update_object_record"
        | "update_ticket_form"
        | "update_user" => json!({"name": "Other"}),
        "update_tag" => json!({"name": "other"}),
        "update_custom_field" | "update_object_field" | "update_status" | "update_priority" => {
            json!({"label": "Other"})
        }
        "update_ticket" => json!({"priority": "low"}),
        "create_bulk_job" => {
            json!({"action": "update", "ids": [1], "changes": {"priority": "low"}})
        }
        "split_ticket" => json!({"message_id": 1}),
        "preview_merge" => json!({"tickets": [2]}),
        "create_link" => json!({"relation": "related", "ticket_id": 3}),
        "create_status_transition" => json!({"from_status_id": 1, "to_status_id": 2}),
        "update_workflow" => json!({"reopen_days": 3}),
        "read_notifications" => json!({"up_to": 9}),
        "update_notification_preferences" => json!({"followed": "off"}),
        "merge_tags" | "merge_ticket" => json!({"into": 2}),
        _ => json!({}),
    }
}

/// A fresh desk with one of everything, and the path to it.
pub(crate) async fn furnished() -> (Desk, BTreeMap<&'static str, i64>) {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.organizations (name) values ('Acme');
         insert into app.customer_notes (organization_id, body_text) values (1, 'A note');
         insert into app.tags (name) values ('one'), ('two');
         insert into app.custom_fields (key, label, type) values ('f', 'F', 'text');
         insert into app.skills (name) values ('s');
         insert into app.schedules (name, time_zone) values ('s', 'UTC');
         insert into app.macros (name) values ('m');
         insert into app.routing_rules (name, conditions) values ('r', '{\"any\": []}');
         insert into app.triggers (name) values ('t');
         insert into app.automations (name) values ('a');
         insert into app.sla_policies (name) values ('s');
         insert into app.retention_policies (name, since, days, action) values ('r', 'closed', 30, 'delete');
         -- One that has ended, and so stops nobody from removing the note.
         insert into app.legal_holds (name, organization_id, until) values ('h', 1, now() - interval '1 day');
         insert into app.erasures (user_id, status) values (99, 'done');
         insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
         insert into app.object_fields (object_type_id, key, label, type) values (1, 'serial', 'Serial', 'text');
         insert into app.object_records (object_type_id, name) values (1, 'Laptop');
         insert into app.ticket_forms (name) values ('Repair')",
    )
    .await;
    let mut ids = BTreeMap::new();
    ids.insert("tickets", desk.ticket("A ticket", "billing").await);
    // A file of that ticket, and its content in the store.
    let sha256 = hex::encode(auth::sha256("x"));
    let folder = desk.files().join("blobs").join(&sha256[..2]);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(&sha256), "x").expect("a file");
    desk.run(
        "insert into app.blobs (sha256, size) values (sha256('x'), 1);
         insert into app.attachments (name, media_type, sha256, size, ticket_id, message_id, message_at)
         select 'x', 'text/plain', sha256('x'), 1, ticket_id, id, created_at from app.messages",
    )
    .await;
    for subject in ["Another", "A third"] {
        desk.ticket(subject, "billing").await;
    }
    desk.run(
        "insert into app.ticket_links (kind, ticket_id, other_id) values ('related', 1, 2);
         insert into app.status_transitions (from_status_id, to_status_id) values (6, 5)",
    )
    .await;
    ids.insert(
        "archived-tickets",
        desk.ticket("Long done", "billing").await,
    );
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'closed') where id = {id};
         select app.archive_ticket({id}, '{{}}')",
        id = ids["archived-tickets"]
    ))
    .await;
    for (name, sql) in [
        (
            "users",
            "select id from app.users where role = 'customer' limit 1",
        ),
        ("teams", "select id from app.teams where name = 'billing'"),
        ("messages", "select min(id) from app.messages"),
        (
            "statuses",
            "select id from app.statuses where key = 'on_hold'",
        ),
        (
            "priorities",
            "select id from app.priorities where key = 'urgent'",
        ),
    ] {
        ids.insert(name, desk.one(sql).await);
    }
    (desk, ids)
}

/// The address of an operation on that desk.
pub(crate) fn address(operation: &Operation, ids: &BTreeMap<&'static str, i64>) -> String {
    let resource = operation
        .path
        .trim_start_matches("/api/")
        .split('/')
        .next()
        .unwrap_or_default();
    let id = ids.get(resource).copied().unwrap_or(1);
    operation
        .path
        .replace("{id}", &id.to_string())
        .replace("{user_id}", &ids["users"].to_string())
        .replace("{message_id}", &ids["messages"].to_string())
        .replace("{kind}", "reply")
        .replace("{link_id}", "1")
        .replace("{macro_id}", "1")
}

async fn try_it(operation: &Operation, ids: &BTreeMap<&'static str, i64>, person: &Person) -> u16 {
    // The lists that must be told what to look for.
    let path = address(operation, ids)
        .replace("/api/search", "/api/search?q=hello")
        .replace("/api/tickets/marks", "/api/tickets/marks?ids=1");
    let sends = operation.method != Method::GET && operation.method != Method::DELETE;
    person
        .send(
            operation.method.clone(),
            &path,
            sends.then(|| body(&operation.id)),
            &[],
        )
        .await
        .status()
        .as_u16()
}

#[tokio::test]
async fn every_operation_answers_each_caller_as_the_table_says() {
    let mut wrong = Vec::new();
    let (quiet, ids) = furnished().await;
    let nobody = quiet.anonymous();
    for operation in operations() {
        if OPEN.contains(&operation.id.as_str()) {
            continue;
        }
        let Some((_, agent, outsider, key)) = TABLE.iter().find(|(id, ..)| *id == operation.id)
        else {
            wrong.push(format!("{} is not in the table", operation.id));
            continue;
        };
        let mut check = |who: &str, got: u16, expected: u16| {
            if got != expected {
                wrong.push(format!("{}: {who} got {got}, not {expected}", operation.id));
            }
        };
        check("nobody", try_it(&operation, &ids, &nobody).await, 401);
        // A write changes the desk, so each gets its own; reads and what is refused share one.
        let writes = |status: u16| operation.method != Method::GET && status < 400;
        let first = if writes(*agent) {
            Some(furnished().await)
        } else {
            None
        };
        let (desk, ids) = first
            .as_ref()
            .map_or((&quiet, &ids), |(desk, ids)| (desk, ids));
        let without = desk.key(&[], None).await;
        check(
            "a key without scopes",
            try_it(&operation, ids, &without).await,
            *key,
        );
        let second = if writes(*outsider) {
            Some(furnished().await)
        } else {
            None
        };
        let (theirs, their_ids) = second
            .as_ref()
            .map_or((desk, ids), |(desk, ids)| (desk, ids));
        let tom = theirs.agent(&format!("Tom{}", operation.id), "tech").await;
        check(
            "an agent of another team",
            try_it(&operation, their_ids, &tom).await,
            *outsider,
        );
        let ada = desk.agent(&format!("Ada{}", operation.id), "billing").await;
        check("an agent", try_it(&operation, ids, &ada).await, *agent);
    }
    for (id, ..) in TABLE {
        if !operations().iter().any(|operation| operation.id == *id) {
            wrong.push(format!("{id} stands in the table and is no operation"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What an outsider may ask for shows nothing of it: no list, no count, no feed, no address.
#[tokio::test]
async fn what_an_agent_of_another_team_may_read_has_nothing_of_the_ticket() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let feed = ada.read("/api/events").await;
    let from = feed["cursor"].as_str().expect("a cursor").to_owned();
    let reply = json!({"body_text": "The number is 4711"});
    let told = ada
        .post(&format!("/api/tickets/{ticket}/messages"), reply)
        .await;
    assert_eq!(told.status(), 201);

    for (who, sees) in [(&ada, true), (&tom, false)] {
        for path in [
            "/api/tickets",
            "/api/tickets?q=card",
            "/api/tickets?team=1&sort=-priority",
        ] {
            let list = who.read(path).await;
            let items = list["items"].as_array().expect("a list");
            assert_eq!(items.is_empty(), !sees, "{path}: {list}");
        }
        let counts = who.read("/api/tickets/counts").await;
        assert_eq!(counts["views"]["all"], i32::from(sees), "{counts}");
        assert_eq!(counts["teams"] != json!({}), sees, "{counts}");
        let feed = who.read(&format!("/api/events?after={from}")).await;
        let heard = feed["events"].as_array().expect("events");
        assert_eq!(
            heard.iter().any(|event| event["ticket_id"] == ticket),
            sees,
            "{feed}"
        );
    }
}

#[tokio::test]
async fn a_customer_has_no_log_in() {
    let desk = Desk::open().await;
    let hash = auth::hash_password("correct horse").expect("hashes");
    desk.run(&format!(
        "insert into app.passwords (user_id, argon2) select id, '{hash}' from app.users where email = 'cleo@customer.test'"
    ))
    .await;

    let credentials = json!({"email": "cleo@customer.test", "password": "correct horse"});
    let refused = desk.anonymous().post("/api/session", credentials).await;

    assert_eq!(refused.status(), 401);
    assert!(refused.headers().get("set-cookie").is_none());
    assert_eq!(
        desk.one::<i64>("select count(*) from app.sessions").await,
        0
    );
}

#[tokio::test]
async fn every_operation_is_a_function_of_the_same_name_and_the_other_way_round() {
    let desk = Desk::open().await;
    let rows = desk.sql().query("select distinct proname::text from pg_proc where pronamespace = 'api'::regnamespace and proname not like '\\_%'", &[]).await.expect("functions");
    let functions: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let operations: Vec<String> = operations().into_iter().map(|o| o.id).collect();
    for operation in &operations {
        let name = if OPEN.contains(&operation.as_str()) {
            if operation == "log_in" {
                "open_session"
            } else {
                operation
            }
        } else {
            operation
        };
        let private: i64 = desk.one(&format!("select count(*) from pg_proc where pronamespace = 'worker'::regnamespace and proname = '{name}'")).await;
        assert!(
            functions.contains(operation) || (OPEN.contains(&operation.as_str()) && private == 1),
            "{operation} has no function"
        );
    }
    for function in functions {
        // What the sockets use: the feed behind list_events, and their class.
        let live = ["events_after"].contains(&function.as_str());
        assert!(
            live || operations.contains(&function),
            "api.{function} has no operation"
        );
    }
}

#[tokio::test]
async fn a_refusal_is_audited() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    assert_eq!(ada.get("/api/audit").await.status(), 403);
    assert_eq!(refusals(&desk).await, 1);
    let told: i64 = desk
        .one(&format!(
            "select count(*) from app.audit_log where action = 'refused' and actor_id = {}",
            ada.id
        ))
        .await;
    assert_eq!(told, 1);
}

async fn refusals(desk: &Desk) -> i64 {
    desk.one("select count(*) from app.audit_log where action = 'refused'")
        .await
}

/// Nobody can take a row out of the audit, so nobody whom the desk does not know puts one in.
#[tokio::test]
async fn strangers_leave_nothing_in_the_audit_and_those_whom_the_desk_knows_not_too_much() {
    let desk = Desk::open().await;
    let mut stranger = desk.anonymous();
    for token in ["ak_x", "ak_0123", "nonsense"] {
        stranger.token = Some(token.into());
        assert_eq!(stranger.get("/api/tickets").await.status(), 401);
        let refused = stranger.post("/api/tickets", json!({"subject": "x"})).await;
        assert_eq!(refused.status(), 401);
    }
    assert_eq!(refusals(&desk).await, 0);

    let key = desk.key(&["tickets:read"], None).await;
    for _ in 0..40 {
        let refused = key.post("/api/tickets", json!({"subject": "x"})).await;
        assert_eq!(refused.status(), 403);
    }
    assert_eq!(refusals(&desk).await, 30);
    let last: bool = desk
        .one(
            "select api_key_id is not null and changes::text like '%further refusals%'
               from app.audit_log where action = 'refused' order by id desc limit 1",
        )
        .await;
    assert!(last, "the last row says that there were more");
}

#[tokio::test]
async fn a_key_reads_no_rules_macros_or_counts_of_tags_without_the_scope_for_tickets() {
    let (desk, _) = furnished().await;
    let key = desk.key(&["users:read"], None).await;
    for path in [
        "/api/macros",
        "/api/routing-rules",
        "/api/triggers",
        "/api/automations",
        "/api/sla-policies",
        "/api/views",
    ] {
        assert_eq!(key.read(path).await["items"], json!([]), "{path}");
    }
    let tags = key.read("/api/tags").await;
    assert_eq!(tags["items"].as_array().map(Vec::len), Some(2), "{tags}");
    assert_eq!(tags["items"][0]["tickets"], Value::Null, "{tags}");
    let renamed = key
        .patch("/api/me", json!({"name": "The boss"}), None)
        .await;
    assert_eq!(renamed.status(), 403);

    let reader = desk.key(&["tickets:read"], None).await;
    for path in ["/api/macros", "/api/routing-rules"] {
        let list = reader.read(path).await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
    }
}

/// A refusal for what is taken would tell of a ticket, a person or a company that the caller does not see.
#[tokio::test]
async fn nobody_learns_from_a_refusal_what_they_may_not_see() {
    let desk = Desk::open().await;
    let hidden = desk.ticket("Hidden", "tech").await;
    desk.run(&format!(
        "update app.tickets set external_id = 'JIRA-1' where id = {hidden};
         insert into app.organizations (name, external_id) values ('Acme', 'acme')"
    ))
    .await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk
        .key(&["tickets:read", "tickets:write"], Some("billing"))
        .await;
    let billing: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    for who in [&ada, &key] {
        let ticket = |id: &str| {
            let body = json!({"subject": "x", "external_id": id, "team_id": billing,
                              "requester": {"email": "cleo@customer.test"}});
            who.post("/api/tickets", body)
        };
        assert_eq!(ticket("JIRA-1").await.status(), 201);
        assert_eq!(ticket("JIRA-2").await.status(), 201);
        // One's own are unique.
        assert_eq!(ticket("JIRA-1").await.status(), 409);
    }
    let admin = desk.admin().await;
    let taken = admin
        .post(
            "/api/tickets",
            json!({"subject": "x", "external_id": "JIRA-1"}),
        )
        .await;
    assert_eq!(taken.status(), 409, "who sees it is told");

    // An address that is known and one that is not are answered alike.
    for email in ["cleo@customer.test", "nobody@customer.test"] {
        let made = key
            .post(
                "/api/tickets",
                json!({"subject": "x", "requester": {"email": email}}),
            )
            .await;
        assert_eq!(made.status(), 201, "{email}");
    }
    let writer = desk.key(&["users:write"], None).await;
    for (path, body) in [
        (
            "/api/users",
            json!({"name": "C", "role": "customer", "email": "cleo@customer.test"}),
        ),
        (
            "/api/users",
            json!({"name": "C", "role": "customer", "email": "new@customer.test"}),
        ),
        ("/api/organizations", json!({"name": "Acme"})),
        (
            "/api/organizations",
            json!({"name": "Other", "external_id": "acme"}),
        ),
        ("/api/organizations", json!({"name": "Other"})),
    ] {
        assert_eq!(
            writer.post(path, body.clone()).await.status(),
            403,
            "{body}"
        );
    }
}
