//! Triggers over REST. What they do is in tests/sql/rules.rs.

use crate::resource::is_changed_by_admins_only;
use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn triggers_are_changed_by_admins_only() {
    let new = json!({"name": "Urgent ones", "actions": [{"add_tags": ["urgent"]}],
                     "conditions": {"field": "priority", "op": "is", "value": "urgent"}});
    is_changed_by_admins_only("/api/triggers", new, json!({"enabled": false})).await;
}

#[tokio::test]
async fn a_trigger_answers_changes_while_it_is_enabled() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let trigger = json!({"name": "Urgent ones", "actions": [{"add_tags": ["urgent"]}],
                         "conditions": {"field": "priority", "op": "changed_to", "value": "urgent"}});
    let trigger = root.create("/api/triggers", trigger).await;
    let urgent = async |subject: &str| -> Value {
        let path = format!("/api/tickets/{}", desk.ticket(subject, "billing").await);
        let changed = ada.patch(&path, json!({"priority": "urgent"}), None).await;
        assert_eq!(changed.status(), 200);
        desk.work("rules", "rule_cursor").await;
        ada.read(&path).await["tags"].clone()
    };
    assert_eq!(urgent("While it is on").await, json!(["urgent"]));

    let path = format!("/api/triggers/{}", trigger["id"]);
    let off = root.patch(&path, json!({"enabled": false}), None).await;
    assert_eq!(off.status(), 200);
    assert_eq!(urgent("While it is off").await, json!([]));
}

#[tokio::test]
async fn a_trigger_that_could_not_be_understood_is_refused_with_every_mistake() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let wrong = json!({"name": "Wrong", "conditions": {"field": "colour", "op": "is", "value": "red"},
                       "actions": [{"set": "team", "value": "Nobody"}]});
    let refused = root.post("/api/triggers", wrong).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(
        problem_paths(&problem),
        ["conditions.field", "actions[0].value"]
    );
}
