//! The settings of the desk. What each of them does is tested where it matters.

use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn settings_are_read_by_everybody_and_changed_by_admins() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let path = "/api/settings";
    let before = ada.read(path).await;
    let change = json!({"notification_days": 45});
    assert_eq!(ada.patch(path, change.clone(), None).await.status(), 403);

    let changed = root.patch(path, change.clone(), Some(1)).await;
    assert_eq!(changed.status(), 200);
    let after = ada.read(path).await;
    assert_eq!(after["notification_days"], 45);
    assert_eq!(after["version"], 2);
    assert_eq!(
        after["message_edit_minutes"],
        before["message_edit_minutes"]
    );

    let late = root.patch(path, change, Some(1)).await;
    assert_eq!(late.status(), 409);
    let problem: Value = late.json().await.expect("a problem");
    assert_eq!(problem["current"]["notification_days"], 45);

    let wrong = json!({"notification_days": 0, "shoe_size": 38});
    let refused = root.patch(path, wrong, None).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["shoe_size", "notification_days"]);
}
