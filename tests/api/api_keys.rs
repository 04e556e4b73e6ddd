//! API keys: made and revoked by administrators.

use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn a_key_is_shown_once_to_the_admin_who_makes_it() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let new = json!({"name": "Shop", "scopes": ["tickets:read", "users:read"], "rate_limit": 300});
    assert_eq!(ada.post("/api/api-keys", new.clone()).await.status(), 403);
    let made = root.create("/api/api-keys", new).await;
    let key = made["key"].as_str().expect("the key itself");
    let prefix = made["prefix"].as_str().expect("a prefix");
    assert!(key.starts_with(&format!("ak_{prefix}_")), "{key}");

    let path = format!("/api/api-keys/{}", made["id"]);
    let kept = root.get(&path).await.text().await.expect("text");
    assert!(kept.contains(prefix) && !kept.contains(key), "{kept}");
    let stored: String = desk.one("select k::text from app.api_keys k").await;
    assert!(!stored.contains(key), "only its hash is stored");
    assert_eq!(ada.get(&path).await.status(), 403);
}

#[tokio::test]
async fn everything_wrong_with_a_key_is_told_at_once() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let wrong = json!({"name": " ", "scopes": ["tickets:fly"], "rate_limit": 0});
    let refused = root.post("/api/api-keys", wrong).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["name", "scopes", "rate_limit"]);
}

#[tokio::test]
async fn a_revoked_key_stops_at_once() {
    let desk = Desk::open().await;
    let key = desk.key(&["tickets:read"], None).await;
    assert_eq!(key.get("/api/tickets").await.status(), 200);
    let admin = desk.admin().await;
    let keys = admin.read("/api/api-keys").await;
    let id = keys["items"][0]["id"].as_i64().expect("an id");
    assert!(
        keys["items"][0].get("hash").is_none(),
        "what makes the key work is never shown"
    );
    assert_eq!(
        admin.delete(&format!("/api/api-keys/{id}")).await.status(),
        200
    );
    assert_eq!(key.get("/api/tickets").await.status(), 401);
}
