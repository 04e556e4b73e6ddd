//! SLA policies over REST, and the clocks of a ticket. What clocks measure is in tests/sql/sla.rs.

use crate::resource::is_changed_by_admins_only;
use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn sla_policies_are_changed_by_admins_only() {
    let new = json!({"name": "Standard", "near_breach_percent": null, "conditions": {"field": "channel", "op": "is", "value": "web"},
                     "targets": [{"metric": "first_reply", "priority": "urgent", "minutes": 60, "hours": "business"}]});
    is_changed_by_admins_only("/api/sla-policies", new, json!({"targets": []})).await;
}

#[tokio::test]
async fn a_wrong_policy_is_refused_with_the_path_of_each_mistake() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let wrong = json!({"name": "Never", "conditions": {"field": "status", "op": "changed"},
                       "targets": [{"metric": "speed", "minutes": 60}, {"metric": "resolution", "priority": "huge", "minutes": 60}]});
    let refused = root.post("/api/sla-policies", wrong).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["conditions", "targets[0].metric"]);
    for (key, value, path) in [
        ("near_breach_percent", json!(100), "near_breach_percent"),
        (
            "conditions",
            json!({"any": [{"field": "hours_since.next_breach", "op": "less", "value": -30}]}),
            "conditions",
        ),
        (
            "targets",
            json!([{"metric": "resolution", "priority": "huge", "minutes": 60}]),
            "targets[0].priority",
        ),
    ] {
        let refused = root
            .post("/api/sla-policies", json!({"name": "Never", key: value}))
            .await;
        assert_eq!(refused.status(), 422);
        let problem: Value = refused.json().await.expect("a problem");
        assert_eq!(problem_paths(&problem), [path]);
    }
}

#[tokio::test]
async fn whoever_sees_a_ticket_sees_its_clocks_and_sorts_by_the_next_breach() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let policy = json!({"name": "Standard", "targets": [
        {"metric": "first_reply", "minutes": 60}, {"metric": "first_reply", "priority": "urgent", "minutes": 5},
        {"metric": "resolution", "minutes": 600}]});
    let policy = root.create("/api/sla-policies", policy).await;
    let (slow, fast) = (
        desk.ticket("Slow", "billing").await,
        desk.ticket("Fast", "billing").await,
    );
    desk.run(&format!(
        "update app.tickets set priority_id = (select id from app.priorities where key = 'urgent') where id = {fast}"
    ))
    .await;
    desk.work("rules", "rule_cursor").await;
    let before = ada.read(&format!("/api/tickets/{slow}")).await;

    let sla = ada.read(&format!("/api/tickets/{slow}/sla")).await;
    let clocks = sla["clocks"].as_array().expect("clocks");
    assert_eq!(clocks.len(), 2, "{sla}");
    assert_eq!(clocks[0]["metric"], "first_reply");
    assert_eq!(
        clocks[0]["policy"],
        json!({"id": policy["id"], "version": 1, "name": "Standard"})
    );
    assert_eq!(
        (&clocks[0]["target_seconds"], &clocks[0]["state"]),
        (&json!(3600), &json!("running"))
    );
    assert_eq!(sla["next_breach_at"], clocks[0]["due_at"]);
    assert_eq!(before["next_breach_at"], sla["next_breach_at"]);
    assert_eq!(before["version"], 1, "counting is no change of the ticket");

    let ids = |list: &Value| -> Vec<Value> {
        let items = list["items"].as_array().expect("items");
        items.iter().map(|item| item["id"].clone()).collect()
    };
    let never = desk.ticket("Never", "billing").await;
    let list = ada.read("/api/tickets?sort=next_breach_at").await;
    assert_eq!(ids(&list), [json!(fast), json!(slow), json!(never)]);
    assert_eq!(list["items"][1]["next_breach_at"], sla["next_breach_at"]);
    let soon = json!({"name": "Soon", "columns": ["id", "next_breach_at"], "sort": "next_breach_at",
                      "conditions": {"field": "hours_since.next_breach", "op": "greater", "value": -0.5}});
    let view = ada.create("/api/views", soon).await;
    let list = ada
        .read(&format!("/api/views/{}/tickets", view["id"]))
        .await;
    assert_eq!(ids(&list), [json!(fast)]);
    // Counted as it is listed.
    let counts = ada.read("/api/views/counts").await;
    let counted = counts["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|item| item["id"] == view["id"]);
    assert_eq!(
        counted.map(|item| &item["count"]),
        Some(&json!(1)),
        "{counts}"
    );

    // What happened to the clocks stands in the ticket's history.
    let timeline = ada.read(&format!("/api/tickets/{slow}/timeline")).await;
    let told = timeline["items"]
        .as_array()
        .expect("items")
        .iter()
        .any(|item| {
            item["name"] == "sla.activated"
                && item["data"]["metric"] == "first_reply"
                && item["data"]["due_at"] == sla["next_breach_at"]
        });
    assert!(told, "{timeline}");
    let tess = desk.agent("Tess", "tech").await;
    assert_eq!(
        tess.get(&format!("/api/tickets/{slow}/sla")).await.status(),
        404
    );
    let hidden: i64 = desk
        .acting_as(&tess)
        .await
        .query_one("select count(*) from app.sla_clocks", &[])
        .await
        .expect("a count")
        .get(0);
    assert_eq!(hidden, 0);
}

#[tokio::test]
async fn the_business_hours_of_an_organization_are_for_admins() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let office = root
        .create(
            "/api/schedules",
            json!({"name": "Office", "time_zone": "UTC"}),
        )
        .await;
    let acme = ada
        .create("/api/organizations", json!({"name": "Acme"}))
        .await;
    let path = format!("/api/organizations/{}", acme["id"]);
    let hours = json!({"schedule_id": office["id"]});
    assert_eq!(ada.patch(&path, hours.clone(), None).await.status(), 403);
    assert_eq!(root.patch(&path, hours, None).await.status(), 200);
    assert_eq!(ada.read(&path).await["schedule_id"], office["id"]);
    assert_eq!(
        ada.patch(&path, json!({"notes": "Pays"}), None)
            .await
            .status(),
        200
    );
}
