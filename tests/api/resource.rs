//! The standard operations of a resource, checked in the same way for all that only administrators change.

use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

/// Administrators make, change and remove an entry; agents read it and do none of that.
pub async fn is_changed_by_admins_only(path: &str, new: Value, change: Value) {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let mut unknown = new.clone();
    unknown["shoe_size"] = json!(38);
    let refused = root.post(path, unknown).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["shoe_size"]);
    assert_eq!(ada.post(path, new.clone()).await.status(), 403);

    let made = root.create(path, new.clone()).await;
    holds(&made, &new);
    assert_eq!(made["version"], 1);
    let one = format!("{path}/{}", made["id"]);
    assert_eq!(ada.read(&one).await, made);
    let list = ada.read(&format!("{path}?limit=200")).await;
    let mut listed = list["items"].as_array().expect("items").iter();
    assert!(listed.any(|item| item["id"] == made["id"]), "{list}");

    assert_eq!(ada.patch(&one, change.clone(), None).await.status(), 403);
    let changed = root.patch(&one, change.clone(), Some(1)).await;
    assert_eq!(changed.status(), 200);
    let changed: Value = changed.json().await.expect("JSON");
    holds(&changed, &change);
    assert_eq!(changed["version"], 2);
    let late = root.patch(&one, change, Some(1)).await;
    assert_eq!(late.status(), 409);
    let problem: Value = late.json().await.expect("a problem");
    assert_eq!(problem["current"], changed);

    assert_eq!(ada.delete(&one).await.status(), 403);
    assert_eq!(root.delete(&one).await.status(), 200);
    assert_eq!(root.get(&one).await.status(), 404);
}

/// Every member of the body is in the answer as it was sent.
fn holds(answer: &Value, body: &Value) {
    for (key, value) in body.as_object().expect("an object") {
        assert_eq!(&answer[key], value, "{key}: {answer}");
    }
}
