//! Routing rules over REST. What they do is in tests/sql/routing.rs.

use crate::resource::is_changed_by_admins_only;
use harness::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn routing_rules_are_changed_by_admins_only() {
    let new = json!({"position": 10, "name": "Refunds", "actions": [{"set": "team", "value": "billing"}],
                     "conditions": {"field": "subject", "op": "contains_word", "value": "refund"}});
    is_changed_by_admins_only(
        "/api/routing-rules",
        new,
        json!({"position": 20, "stop": false}),
    )
    .await;
}

#[tokio::test]
async fn the_rule_of_the_lowest_position_applies_until_it_is_disabled() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let rest = json!({"position": 20, "name": "The rest", "conditions": {"all": []}, "stop": true,
                      "actions": [{"set": "team", "value": "billing"}]});
    root.create("/api/routing-rules", rest).await;
    let outages = json!({"position": 10, "name": "Outages", "stop": true,
                         "conditions": {"field": "subject", "op": "contains_word", "value": "down"},
                         "actions": [{"set": "team", "value": "tech"}]});
    let outages = root.create("/api/routing-rules", outages).await;
    let team = async |subject: &str| {
        let new = json!({"subject": subject, "requester": {"email": "cleo@customer.test"}});
        root.create("/api/tickets", new).await["team"]["name"].clone()
    };
    assert_eq!(team("The shop is down").await, "tech");
    assert_eq!(team("A question").await, "billing");

    let path = format!("/api/routing-rules/{}", outages["id"]);
    let off = root.patch(&path, json!({"enabled": false}), None).await;
    assert_eq!(off.status(), 200);
    assert_eq!(team("The shop is down").await, "billing");
}
