//! Organizations of customers.

use harness::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn organizations_are_written_by_agents_and_removed_by_admins() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let new = json!({"name": "Analytical Engines", "domains": ["engines.example"]});
    let made = ada.create("/api/organizations", new).await;
    assert_eq!(made["domains"], json!(["engines.example"]));
    let path = format!("/api/organizations/{}", made["id"]);
    let change = json!({"notes": "Pays by invoice"});
    assert_eq!(
        ada.patch(&path, change.clone(), Some(1)).await.status(),
        200
    );
    assert_eq!(ada.patch(&path, change, Some(1)).await.status(), 409);
    let found = ada.read("/api/organizations?q=engines").await;
    assert_eq!(found["items"][0]["notes"], "Pays by invoice");

    assert_eq!(ada.delete(&path).await.status(), 403);
    assert_eq!(root.delete(&path).await.status(), 200);
    assert_eq!(root.get(&path).await.status(), 404);
}

#[tokio::test]
async fn the_people_of_an_organization_that_is_removed_stay() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let acme = root
        .create("/api/organizations", json!({"name": "Acme"}))
        .await;
    let dora = json!({"role": "customer", "name": "Dora", "organization_id": acme["id"]});
    let dora = root.create("/api/users", dora).await;
    assert_eq!(dora["organization"]["name"], "Acme");

    let path = format!("/api/organizations/{}", acme["id"]);
    assert_eq!(root.delete(&path).await.status(), 200);

    let dora = root.read(&format!("/api/users/{}", dora["id"])).await;
    assert!(dora["organization"].is_null(), "{dora}");
}
