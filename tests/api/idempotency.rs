//! A POST with an Idempotency-Key is done once, whatever it does: sent again it answers the same, and another
//! request under the same key is refused.

use harness::desk::{Desk, Person};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Path, body, and another body; the paths that make callers or take files are below and in `attachments`.
fn cases() -> Vec<(&'static str, &'static str, Value, Value)> {
    let named = |name: &str| json!({"name": name});
    vec![
        (
            "/api/api-keys",
            "/api/api-keys",
            json!({"name": "a", "scopes": []}),
            json!({"name": "b", "scopes": []}),
        ),
        (
            "/api/automations",
            "/api/automations",
            named("a"),
            named("b"),
        ),
        (
            "/api/sla-policies",
            "/api/sla-policies",
            named("a"),
            named("b"),
        ),
        (
            "/api/retention-policies",
            "/api/retention-policies",
            json!({"name": "a", "since": "closed", "days": 30, "action": "delete"}),
            json!({"name": "b", "since": "closed", "days": 30, "action": "delete"}),
        ),
        (
            "/api/retention-policies/{id}/preview",
            "/api/retention-policies/1/preview",
            json!({}),
            Value::Null,
        ),
        (
            "/api/legal-holds",
            "/api/legal-holds",
            json!({"name": "a", "ticket_id": 5}),
            json!({"name": "b", "ticket_id": 5}),
        ),
        (
            "/api/users/{id}/export",
            "/api/users/1/export",
            json!({}),
            json!({"after": 1}),
        ),
        (
            "/api/bulk-jobs",
            "/api/bulk-jobs",
            json!({"action": "update", "ids": [1], "changes": {"priority": "low"}}),
            json!({"action": "update", "ids": [2], "changes": {"priority": "low"}}),
        ),
        (
            "/api/bulk-jobs/{id}/cancel",
            "/api/bulk-jobs/1/cancel",
            json!({}),
            Value::Null,
        ),
        (
            "/api/archived-tickets/{id}/restore",
            "/api/archived-tickets/6/restore",
            json!({}),
            Value::Null,
        ),
        (
            "/api/tickets/{id}/restore",
            "/api/tickets/5/restore",
            json!({}),
            Value::Null,
        ),
        (
            "/api/custom-fields",
            "/api/custom-fields",
            json!({"key": "a", "label": "A", "type": "text"}),
            json!({"key": "b", "label": "A", "type": "text"}),
        ),
        (
            "/api/custom-fields/{id}/backfill",
            "/api/custom-fields/1/backfill",
            json!({"value": "x"}),
            json!({"value": "y"}),
        ),
        (
            "/api/field-jobs/{id}/cancel",
            "/api/field-jobs/1/cancel",
            json!({}),
            Value::Null,
        ),
        (
            "/api/tickets/{id}/followers",
            "/api/tickets/1/followers",
            json!({"email": "a@x.test", "kind": "cc"}),
            json!({"email": "b@x.test", "kind": "cc"}),
        ),
        (
            "/api/macros",
            "/api/macros",
            json!({"name": "a", "scope": "private"}),
            json!({"name": "b", "scope": "private"}),
        ),
        (
            "/api/tickets/{id}/macros/{macro_id}/preview",
            "/api/tickets/1/macros/1/preview",
            json!({}),
            json!({"version": 1}),
        ),
        (
            "/api/tickets/{id}/macros/{macro_id}/apply",
            "/api/tickets/1/macros/1/apply",
            json!({}),
            json!({"version": 1}),
        ),
        (
            "/api/mails/{id}/retry",
            "/api/mails/1/retry",
            json!({}),
            Value::Null,
        ),
        (
            "/api/tickets/{id}/messages",
            "/api/tickets/1/messages",
            json!({"body_text": "a"}),
            json!({"body_text": "b"}),
        ),
        (
            "/api/tickets/{id}/messages/{message_id}/redact",
            "/api/tickets/1/messages/1/redact",
            json!({"text": "description"}),
            json!({"all": true}),
        ),
        (
            "/api/me/notifications/read",
            "/api/me/notifications/read",
            json!({"up_to": 1}),
            json!({"up_to": 2}),
        ),
        (
            "/api/object-types",
            "/api/object-types",
            json!({"key": "a", "name": "A", "plural_name": "As"}),
            json!({"key": "b", "name": "A", "plural_name": "As"}),
        ),
        (
            "/api/object-fields",
            "/api/object-fields",
            json!({"object_type_id": 1, "key": "a", "label": "A", "type": "text"}),
            json!({"object_type_id": 1, "key": "b", "label": "A", "type": "text"}),
        ),
        (
            "/api/object-records",
            "/api/object-records",
            json!({"type": "asset", "name": "a"}),
            json!({"type": "asset", "name": "b"}),
        ),
        (
            "/api/organizations",
            "/api/organizations",
            named("a"),
            named("b"),
        ),
        (
            "/api/users/{id}/merge",
            "/api/users/2/merge",
            json!({"into": 1}),
            json!({"into": 3}),
        ),
        (
            "/api/priorities",
            "/api/priorities",
            json!({"key": "a", "label": "A", "weight": 5}),
            json!({"key": "b", "label": "A", "weight": 6}),
        ),
        (
            "/api/routing-rules",
            "/api/routing-rules",
            named("a"),
            named("b"),
        ),
        (
            "/api/routing-rules/simulate",
            "/api/routing-rules/simulate",
            json!({}),
            json!({"from": "2026-01-01"}),
        ),
        (
            "/api/schedules",
            "/api/schedules",
            json!({"name": "a", "time_zone": "UTC"}),
            json!({"name": "b", "time_zone": "UTC"}),
        ),
        ("/api/skills", "/api/skills", named("a"), named("b")),
        (
            "/api/statuses",
            "/api/statuses",
            json!({"key": "a", "label": "A", "category": "open"}),
            json!({"key": "b", "label": "A", "category": "open"}),
        ),
        ("/api/tags", "/api/tags", named("a"), named("b")),
        (
            "/api/tags/{id}/merge",
            "/api/tags/1/merge",
            json!({"into": 2}),
            json!({"into": 3}),
        ),
        ("/api/teams", "/api/teams", named("a"), named("b")),
        (
            "/api/customer-notes",
            "/api/customer-notes",
            json!({"user_id": 1, "body_text": "a"}),
            json!({"user_id": 1, "body_text": "b"}),
        ),
        (
            "/api/ticket-forms",
            "/api/ticket-forms",
            named("a"),
            named("b"),
        ),
        (
            "/api/tickets",
            "/api/tickets",
            json!({"subject": "a"}),
            json!({"subject": "b"}),
        ),
        (
            "/api/tickets/{id}/solve",
            "/api/tickets/1/solve",
            json!({}),
            json!({"priority": "low"}),
        ),
        (
            "/api/tickets/{id}/reopen",
            "/api/tickets/4/reopen",
            json!({}),
            json!({"priority": "low"}),
        ),
        (
            "/api/tickets/{id}/assign",
            "/api/tickets/1/assign",
            json!({"team_id": null}),
            json!({"team_id": 1}),
        ),
        (
            "/api/tickets/{id}/presence",
            "/api/tickets/1/presence",
            json!({"state": "viewing"}),
            json!({"state": "left"}),
        ),
        ("/api/triggers", "/api/triggers", named("a"), named("b")),
        (
            "/api/users",
            "/api/users",
            json!({"name": "a", "email": "a@y.test"}),
            json!({"name": "a", "email": "b@y.test"}),
        ),
        ("/api/views", "/api/views", named("a"), named("b")),
        (
            "/api/tickets/{id}/merge",
            "/api/tickets/3/merge",
            json!({"into": 1}),
            json!({"into": 2}),
        ),
        (
            "/api/tickets/{id}/merge/preview",
            "/api/tickets/1/merge/preview",
            json!({"tickets": [2]}),
            json!({"tickets": [3]}),
        ),
        (
            "/api/tickets/{id}/follow-up",
            "/api/tickets/3/follow-up",
            json!({}),
            json!({"subject": "Again"}),
        ),
        (
            "/api/tickets/{id}/split",
            "/api/tickets/1/split",
            json!({"message_id": 6}),
            json!({"message_id": 7}),
        ),
        (
            "/api/tickets/{id}/links",
            "/api/tickets/1/links",
            json!({"relation": "related", "ticket_id": 3}),
            json!({"relation": "related", "ticket_id": 2}),
        ),
        (
            "/api/status-transitions",
            "/api/status-transitions",
            json!({"from_status_id": 1, "to_status_id": 2}),
            json!({"from_status_id": 1, "to_status_id": 3}),
        ),
        (
            "/api/set-aside/{id}/retry",
            "/api/set-aside/1/retry",
            json!({}),
            Value::Null,
        ),
        (
            "/api/bulk-jobs/{id}/undo",
            "/api/bulk-jobs/2/undo",
            json!({}),
            Value::Null,
        ),
        (
            "/api/metrics/rebuild",
            "/api/metrics/rebuild",
            json!({}),
            Value::Null,
        ),
        (
            "/api/worker-tasks/{id}/run",
            "/api/worker-tasks/1/run",
            json!({}),
            Value::Null,
        ),
        (
            "/api/users/{id}/erase",
            "/api/users/3/erase",
            json!({}),
            json!({"texts": "keep"}),
        ),
    ]
}

/// They are sent without a caller, change what they ask for (a password), or are tested where files are.
const APART: &[&str] = &[
    "/api/session",
    "/api/session/refresh",
    "/api/me/password",
    "/api/attachments",
];

async fn furnished() -> Desk {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.users (role, name, email) values ('customer', 'Old', 'old@customer.test'), ('customer', 'Third', 'third@customer.test');
         insert into app.tags (name) values ('one'), ('two'), ('three');
         insert into app.custom_fields (key, label, type) values ('f', 'F', 'text');
         insert into app.macros (name, body_text, message_kind) values ('m', 'Hello', 'reply');
         insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');",
    )
    .await;
    for n in 1..=5 {
        desk.ticket(&format!("Ticket {n}"), "billing").await;
    }
    desk.run(
        "insert into app.messages (ticket_id, kind, author_id, body_text) select 1, 'reply', 1, x from unnest(array['six', 'seven']) x;
         update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = 4;
         update app.tickets set deleted_at = now() where id = 5;
         insert into app.field_jobs (field_id, kind, value, last_id, total) values (1, 'fill', '1', 0, 0);
         insert into app.retention_policies (name, since, days, action) values ('Old', 'closed', 30, 'delete');",
    )
    .await;
    let old = desk.ticket("Long done", "billing").await;
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'closed') where id = {old};
         select app.archive_ticket({old}, '{{}}')"
    ))
    .await;
    desk
}

async fn post(who: &Person, path: &str, body: &Value, key: &str) -> Response {
    who.send(
        Method::POST,
        path,
        Some(body.clone()),
        &[("idempotency-key", key)],
    )
    .await
}

/// Everything that was written down, but for the keys themselves.
async fn traces(desk: &Desk) -> i64 {
    desk.one("select (select count(*) from app.audit_log) + (select count(*) from app.events) + (select count(*) from app.bulk_jobs) + (select count(*) from app.field_jobs)")
        .await
}

#[tokio::test]
async fn every_post_sent_twice_is_done_once_and_another_body_is_refused() {
    let description: Value =
        serde_json::from_str(&autocrm_api::openapi::json()).expect("a description");
    let all: BTreeSet<&str> = description["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .filter(|(_, item)| item["post"].is_object())
        .map(|(path, _)| path.as_str())
        .collect();
    let here: BTreeSet<&str> = cases()
        .iter()
        .map(|(path, ..)| *path)
        .chain(APART.iter().copied())
        .collect();
    assert_eq!(here, all, "every POST is tried");

    let mut wrong = Vec::new();
    for (operation, path, body, other) in cases() {
        let desk = furnished().await;
        let admin = desk.admin().await;
        if path.contains("set-aside/1") {
            desk.run("insert into app.set_aside (worker, item, code, message, retry_at) values ('search', 'x', 'TK422', 'x', now() + interval '1 hour')")
                .await;
        }
        if path.contains("follow-up") {
            desk.run("update app.tickets set status_id = (select id from app.statuses where key = 'closed') where id = 3")
                .await;
        }
        if path.contains("mails/1") {
            desk.run(&format!("insert into app.mail_outbox (user_id, kind, dedupe_key, state, attempts, not_before, finished_at) values ({}, 'digest', 'x', 'failed', 9, now(), now())", admin.id))
                .await;
        }
        if operation.contains("bulk-jobs/{id}") {
            let job = json!({"action": "update", "ids": [1], "changes": {"priority": "low"}});
            for _ in 0..2 {
                assert_eq!(
                    admin.post("/api/bulk-jobs", job.clone()).await.status(),
                    201
                );
            }
            desk.run("update app.bulk_jobs set status = 'queued', finished_at = null where id = 1; update app.bulk_items set state = 'pending' where job_id = 1")
                .await;
        }
        let first = post(&admin, path, &body, "key").await;
        let status = first.status();
        let said = first.text().await.expect("text");
        if !status.is_success() {
            wrong.push(format!("{path}: {status} {said}"));
            continue;
        }
        let before = traces(&desk).await;
        let again = post(&admin, path, &body, "key").await;
        let mut expected: Value = serde_json::from_str(&said).expect("JSON");
        // What is shown once is kept nowhere.
        if operation == "/api/api-keys" {
            expected["key"] = Value::Null;
        }
        let (again_status, repeated) = (again.status(), again.json::<Value>().await.expect("JSON"));
        if (again_status, &repeated) != (status, &expected) {
            wrong.push(format!("{path}: {again_status} {repeated}, not {expected}"));
        }
        let after = traces(&desk).await;
        if after != before {
            wrong.push(format!("{path}: {} more traces", after - before));
        }
        if !other.is_null() {
            let refused = post(&admin, path, &other, "key").await;
            let status = refused.status();
            let told: Value = refused.json().await.expect("JSON");
            if status != 422 || told["problems"][0]["path"] != "Idempotency-Key" {
                wrong.push(format!("{path}: another body got {status} {told}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_key_of_an_integration_lies_nowhere_as_it_is() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let body = json!({"name": "Shop", "scopes": ["tickets:read"]});
    let made: Value = post(&admin, "/api/api-keys", &body, "k")
        .await
        .json()
        .await
        .expect("JSON");
    let key = made["key"].as_str().expect("the key, once").to_owned();
    let again: Value = post(&admin, "/api/api-keys", &body, "k")
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!((&again["id"], &again["key"]), (&made["id"], &Value::Null));
    assert_eq!(
        desk.one::<i64>("select count(*) from app.api_keys").await,
        1
    );
    let secret = &key["ak_".len() + 8..];
    let tables: Vec<String> = desk
        .one("select array_agg(format('%I.%I', schemaname, tablename)) from pg_tables where schemaname in ('app', 'public')")
        .await;
    for table in tables {
        let found: i64 = desk
            .one(&format!(
                "select count(*) from {table} t where t::text like '%{secret}%'"
            ))
            .await;
        assert_eq!(found, 0, "{table}");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_read_does_not_count_as_none() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let long = "x".repeat(256);
    for key in ["", "ä", long.as_str()] {
        let said = post(&admin, "/api/tickets", &json!({"subject": "x"}), key).await;
        assert_eq!(said.status(), 400, "{key}");
    }
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 0);
}
