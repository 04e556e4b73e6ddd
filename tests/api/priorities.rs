//! Priorities and what a ticket of each weighs.

use crate::resource::is_changed_by_admins_only;
use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn priorities_are_changed_by_admins_only() {
    is_changed_by_admins_only(
        "/api/priorities",
        json!({"key": "blocker", "label": "Blocker", "weight": 90, "load_percent": 200}),
        json!({"label": "Stops the work"}),
    )
    .await;
}

#[tokio::test]
async fn a_priority_that_tickets_have_is_deactivated_and_not_removed() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let blocker = json!({"key": "blocker", "label": "Blocker", "weight": 90});
    let blocker = root.create("/api/priorities", blocker).await;
    let path = format!("/api/priorities/{}", blocker["id"]);
    let ticket = json!({"subject": "Nothing works", "priority": "blocker",
                        "requester": {"email": "cleo@customer.test"}});
    let ticket = root.create("/api/tickets", ticket).await;

    assert_eq!(root.delete(&path).await.status(), 409);
    let weightless = root.patch(&path, json!({"load_percent": 0}), None).await;
    assert_eq!(weightless.status(), 422);
    let problem: Value = weightless.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["load_percent"]);
    let retired = root.patch(&path, json!({"active": false}), None).await;
    assert_eq!(retired.status(), 200);

    let kept = root.read(&format!("/api/tickets/{}", ticket["id"])).await;
    assert_eq!(kept["priority"], "blocker");
}
