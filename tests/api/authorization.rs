//! Who may call what: every operation of the description stands in this table, or the test fails.

use harness::desk::{Desk, Person};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Operation, then the status for: an agent, a key without any scope.
const TABLE: &[(&str, u16, u16)] = &[
    ("get_me", 200, 200),
    ("update_me", 200, 200),
    ("list_tickets", 200, 200),
    ("count_tickets", 200, 200),
    ("create_ticket", 201, 403),
    ("get_ticket", 200, 404),
    ("update_ticket", 200, 404),
    ("delete_ticket", 403, 404),
    ("solve_ticket", 200, 404),
    ("reopen_ticket", 200, 404),
    ("assign_ticket", 200, 404),
    ("get_timeline", 200, 404),
    ("explain_routing", 200, 403),
    ("announce_presence", 200, 404),
    ("list_messages", 200, 404),
    ("create_message", 201, 404),
    ("list_organizations", 200, 200),
    ("create_organization", 201, 403),
    ("get_organization", 200, 404),
    ("update_organization", 200, 404),
    ("delete_organization", 403, 404),
    ("list_users", 200, 200),
    ("create_user", 201, 403),
    ("get_user", 200, 404),
    ("update_user", 200, 404),
    ("delete_user", 403, 404),
    ("list_teams", 200, 200),
    ("create_team", 403, 403),
    ("get_team", 200, 200),
    ("update_team", 403, 403),
    ("delete_team", 403, 403),
    ("add_member", 403, 404),
    ("remove_member", 403, 403),
    ("list_tags", 200, 200),
    ("create_tag", 201, 403),
    ("get_tag", 200, 200),
    ("update_tag", 403, 403),
    ("delete_tag", 403, 403),
    ("merge_tags", 403, 403),
    ("list_custom_fields", 200, 200),
    ("create_custom_field", 403, 403),
    ("get_custom_field", 200, 200),
    ("update_custom_field", 403, 403),
    ("delete_custom_field", 403, 403),
    ("list_statuses", 200, 200),
    ("create_status", 403, 403),
    ("get_status", 200, 200),
    ("update_status", 403, 403),
    ("delete_status", 403, 403),
    ("list_priorities", 200, 200),
    ("create_priority", 403, 403),
    ("get_priority", 200, 200),
    ("update_priority", 403, 403),
    ("delete_priority", 403, 403),
    ("list_routing_rules", 200, 200),
    ("create_routing_rule", 403, 403),
    ("get_routing_rule", 200, 200),
    ("update_routing_rule", 403, 403),
    ("delete_routing_rule", 403, 403),
    ("list_skills", 200, 200),
    ("create_skill", 403, 403),
    ("get_skill", 200, 200),
    ("update_skill", 403, 403),
    ("delete_skill", 403, 403),
    ("list_api_keys", 403, 403),
    ("create_api_key", 403, 403),
    ("get_api_key", 403, 403),
    ("delete_api_key", 403, 403),
    ("list_audit", 403, 403),
    ("list_events", 200, 200),
];

/// They make callers, so they have none.
const OPEN: &[&str] = &["log_in", "refresh_session", "log_out"];

struct Operation {
    id: String,
    method: Method,
    path: String,
}

fn operations() -> Vec<Operation> {
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

fn body(id: &str) -> Value {
    match id {
        "create_ticket" => json!({"subject": "Hello"}),
        "assign_ticket" => json!({"assignee_id": null}),
        "announce_presence" => json!({"state": "viewing"}),
        "create_message" => json!({"body_text": "Hello"}),
        "create_organization" | "create_team" | "create_skill" | "create_routing_rule" => {
            json!({"name": "Fresh"})
        }
        "create_user" => json!({"name": "Fresh", "email": "fresh@desk.test"}),
        "create_tag" => json!({"name": "fresh"}),
        "create_custom_field" => json!({"key": "fresh", "label": "Fresh", "type": "text"}),
        "create_status" => json!({"key": "fresh", "label": "Fresh", "category": "open"}),
        "create_priority" => json!({"key": "fresh", "label": "Fresh", "weight": 55}),
        "create_api_key" => json!({"name": "Fresh", "scopes": []}),
        "update_organization"
        | "update_team"
        | "update_skill"
        | "update_routing_rule"
        | "update_user" => json!({"name": "Other"}),
        "update_tag" => json!({"name": "other"}),
        "update_custom_field" | "update_status" | "update_priority" => json!({"label": "Other"}),
        "update_ticket" => json!({"priority": "low"}),
        "merge_tags" => json!({"into": 2}),
        _ => json!({}),
    }
}

/// A fresh desk with one of everything, and the path to it.
async fn furnished() -> (Desk, BTreeMap<&'static str, i64>) {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.organizations (name) values ('Acme');
         insert into app.tags (name) values ('one'), ('two');
         insert into app.custom_fields (key, label, type) values ('f', 'F', 'text');
         insert into app.skills (name) values ('s');
         insert into app.routing_rules (name, conditions) values ('r', '{\"any\": []}')",
    )
    .await;
    let mut ids = BTreeMap::new();
    ids.insert("tickets", desk.ticket("A ticket", "billing").await);
    for (name, sql) in [
        (
            "users",
            "select id from app.users where role = 'customer' limit 1",
        ),
        ("teams", "select id from app.teams where name = 'billing'"),
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

async fn try_it(operation: &Operation, ids: &BTreeMap<&'static str, i64>, person: &Person) -> u16 {
    let resource = operation
        .path
        .trim_start_matches("/api/")
        .split('/')
        .next()
        .unwrap_or_default();
    let id = ids.get(resource).copied().unwrap_or(1);
    let path = operation
        .path
        .replace("{id}", &id.to_string())
        .replace("{user_id}", &ids["users"].to_string());
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
        let Some((_, agent, key)) = TABLE.iter().find(|(id, ..)| *id == operation.id) else {
            wrong.push(format!("{} is not in the table", operation.id));
            continue;
        };
        let got = try_it(&operation, &ids, &nobody).await;
        if got != 401 {
            wrong.push(format!("{}: nobody got {got}, not 401", operation.id));
        }
        // A write changes the desk: each gets its own, reads share one.
        let fresh = if operation.method == Method::GET {
            None
        } else {
            Some(furnished().await)
        };
        let (desk, ids) = fresh
            .as_ref()
            .map_or((&quiet, &ids), |(desk, ids)| (desk, ids));
        let name = format!("Key{}", operation.id);
        let without = desk.key(&[], None).await;
        let got = try_it(&operation, ids, &without).await;
        if got != *key {
            wrong.push(format!(
                "{}: a key without scopes got {got}, not {key}",
                operation.id
            ));
        }
        let ada = desk.agent(&name, "billing").await;
        let got = try_it(&operation, ids, &ada).await;
        if got != *agent {
            wrong.push(format!("{}: an agent got {got}, not {agent}", operation.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
        let private: i64 = desk.one(&format!("select count(*) from pg_proc where pronamespace = 'api'::regnamespace and proname = '_{name}'")).await;
        assert!(
            functions.contains(operation) || (OPEN.contains(&operation.as_str()) && private == 1),
            "{operation} has no function"
        );
    }
    for function in functions {
        // What the sockets use: the feed behind list_events, and their class.
        let live = ["events_after", "subscriber_class"].contains(&function.as_str());
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
    let told: i64 = desk
        .one(&format!(
            "select count(*) from app.audit_log where action = 'refused' and actor_id = {}",
            ada.id
        ))
        .await;
    assert_eq!(told, 1);
}
