//! Users: what agents and admins write of whom.

use harness::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn agents_write_customers_and_admins_write_everybody() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let bob = format!("/api/users/{}", desk.agent("Bob", "billing").await.id);
    let new = json!({"role": "customer", "name": "Dora", "email": "dora@customer.test"});
    let dora = ada.create("/api/users", new.clone()).await;
    let path = format!("/api/users/{}", dora["id"]);
    assert_eq!(ada.post("/api/users", new).await.status(), 409);
    let phone = json!({"phone": "+49 30 123"});
    assert_eq!(ada.patch(&path, phone, None).await.status(), 200);
    let found = ada.read("/api/users?role=customer&q=dora").await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found["items"][0]["phone"], "+49 30 123");

    // Rights and colleagues are for admins.
    let colleague = json!({"role": "agent", "name": "Eve", "email": "eve@desk.test"});
    let refused = ada.post("/api/users", colleague.clone()).await;
    assert_eq!(refused.status(), 403);
    for (path, change) in [
        (&path, json!({"role": "admin"})),
        (&path, json!({"capacity": 50})),
        (&bob, json!({"name": "Robert"})),
    ] {
        let refused = ada.patch(path, change.clone(), None).await;
        assert_eq!(refused.status(), 403, "{path} {change}");
    }
    root.create("/api/users", colleague).await;
    let change = json!({"capacity": 50});
    assert_eq!(root.patch(&bob, change, None).await.status(), 200);
}

#[tokio::test]
async fn a_customer_with_tickets_is_deactivated_and_not_removed() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let new = json!({"role": "customer", "name": "Dora", "email": "dora@customer.test"});
    let dora = root.create("/api/users", new).await;
    let path = format!("/api/users/{}", dora["id"]);
    let ticket = json!({"subject": "Hello", "requester_id": dora["id"]});
    root.create("/api/tickets", ticket).await;

    assert_eq!(root.delete(&path).await.status(), 409);
    let off = root.patch(&path, json!({"active": false}), None).await;
    assert_eq!(off.status(), 200);
    assert_eq!(root.read(&path).await["active"], false);
}
