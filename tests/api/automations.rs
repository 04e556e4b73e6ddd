//! Automations over REST. What they do is in tests/sql/rules.rs.

use crate::resource::is_changed_by_admins_only;
use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn automations_are_changed_by_admins_only() {
    let new = json!({"name": "Remind", "actions": [{"add_tags": ["reminded"]}],
                     "conditions": {"field": "hours_since.status", "op": "greater", "value": 96}});
    is_changed_by_admins_only("/api/automations", new, json!({"enabled": false})).await;
}

/// To an automation nothing happens: it would wait for ever.
#[tokio::test]
async fn an_automation_that_asks_what_changed_is_refused() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let wrong = json!({"name": "Never", "conditions": {"field": "status", "op": "changed"},
                       "actions": [{"add_tags": ["never"]}]});
    let refused = root.post("/api/automations", wrong).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["conditions"]);
}
