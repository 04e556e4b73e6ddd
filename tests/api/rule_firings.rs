//! What rules did, told to those who see the ticket.

use harness::desk::{Desk, Person};
use serde_json::json;

/// The tickets on which rules fired, as this person is told.
async fn tickets(who: &Person, query: &str) -> Vec<i64> {
    let page = who.read(&format!("/api/rule-firings{query}")).await;
    page["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|firing| firing["ticket_id"].as_i64())
        .collect()
}

#[tokio::test]
async fn firings_are_listed_for_those_who_see_the_ticket_with_the_reason() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let trigger = json!({"name": "Outages", "actions": [{"add_tags": ["outage"]}],
                         "conditions": {"field": "subject", "op": "contains_word", "value": "down"}});
    let trigger = root.create("/api/triggers", trigger).await;
    let ours = desk.ticket("The shop is down", "billing").await;
    let theirs = desk.ticket("The line is down", "tech").await;
    desk.ticket("A question", "billing").await;
    desk.work("rules", "rule_cursor").await;

    assert_eq!(tickets(&root, "").await, [ours, theirs]);
    assert_eq!(tickets(&ada, "").await, [ours]);
    let other = format!("?ticket_id={theirs}");
    assert_eq!(tickets(&root, &other).await, [theirs]);
    assert!(tickets(&ada, &other).await.is_empty());

    let page = ada.read("/api/rule-firings").await;
    let firing = &page["items"][0];
    assert_eq!(firing["kind"], "trigger");
    assert_eq!(firing["rule_id"], trigger["id"]);
    assert_eq!(firing["explanation"]["found"], "The shop is down");
    assert!(firing["error"].is_null(), "{firing}");
}
