//! Skills that agents have and tickets need.

use crate::resource::is_changed_by_admins_only;
use harness::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn skills_are_changed_by_admins_only() {
    is_changed_by_admins_only(
        "/api/skills",
        json!({"name": "Refunds abroad", "description": "Rules of the EU"}),
        json!({"description": "Rules of all continents"}),
    )
    .await;
}

#[tokio::test]
async fn a_skill_that_a_rule_requires_is_renamed_with_it_and_not_removed() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let skill = root.create("/api/skills", json!({"name": "german"})).await;
    let path = format!("/api/skills/{}", skill["id"]);
    let rule = json!({"name": "German", "conditions": {"all": []},
                      "actions": [{"require_skill": "german", "level": 2}]});
    let rule = root.create("/api/routing-rules", rule).await;

    assert_eq!(root.delete(&path).await.status(), 409);
    let renamed = root.patch(&path, json!({"name": "Deutsch"}), None).await;
    assert_eq!(renamed.status(), 200);
    let rule = format!("/api/routing-rules/{}", rule["id"]);
    let now = root.read(&rule).await;
    assert_eq!(
        now["actions"],
        json!([{"require_skill": "Deutsch", "level": 2}])
    );

    assert_eq!(root.delete(&rule).await.status(), 200);
    assert_eq!(root.delete(&path).await.status(), 200);
}
