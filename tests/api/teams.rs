//! Teams: their terms and members.

use crate::resource::is_changed_by_admins_only;
use harness::desk::Desk;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn teams_are_changed_by_admins_only() {
    is_changed_by_admins_only(
        "/api/teams",
        json!({"name": "Returns", "color": "#336699", "balancing": "least_loaded"}),
        json!({"wrap_up_seconds": 120}),
    )
    .await;
}

#[tokio::test]
async fn a_member_sees_the_tickets_of_the_team_as_long_as_they_are_in_it() {
    let desk = Desk::open().await;
    let (root, tom) = (desk.admin().await, desk.agent("Tom", "tech").await);
    let ticket = format!("/api/tickets/{}", desk.ticket("Refund", "billing").await);
    let team: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    let member = format!("/api/teams/{team}/members/{}", tom.id);
    assert_eq!(tom.get(&ticket).await.status(), 404);

    let refused = tom.send(Method::PUT, &member, Some(json!({})), &[]).await;
    assert_eq!(refused.status(), 403, "nobody lets themselves in");
    let lead = json!({"lead": true});
    let joined = root.send(Method::PUT, &member, Some(lead), &[]).await;
    assert_eq!(joined.status(), 200);
    let joined: Value = joined.json().await.expect("a team");
    assert_eq!(
        joined["members"],
        json!([{"id": tom.id, "name": "Tom", "lead": true}])
    );
    assert_eq!(tom.get(&ticket).await.status(), 200);

    assert_eq!(tom.delete(&member).await.status(), 403);
    assert_eq!(root.delete(&member).await.status(), 200);
    assert_eq!(tom.get(&ticket).await.status(), 404);
    assert_eq!(root.delete(&member).await.status(), 404);
}

#[tokio::test]
async fn a_team_s_terms_are_set_over_rest_and_half_a_fairness_window_is_refused() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let team: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    let path = format!("/api/teams/{team}");
    let terms = json!({"balancing": "round_robin", "fair_count": 5, "fair_minutes": 60, "ramp_minutes": 30,
                                   "wrap_up_seconds": 20, "hand_back_minutes": 15});
    let reply = admin.patch(&path, terms.clone(), None).await;
    assert_eq!(reply.status(), 200);
    let body: Value = reply.json().await.expect("JSON");
    for (key, value) in terms.as_object().expect("an object") {
        assert_eq!(&body[key], value, "{key}");
    }
    for wrong in [json!({"fair_count": null}), json!({"balancing": "by_mood"})] {
        let refused = admin.patch(&path, wrong, None).await;
        assert_eq!(refused.status(), 422);
    }
    let ada = desk.agent("Ada", "billing").await;
    let refused = ada.patch(&path, json!({"ramp_minutes": 1}), None).await;
    assert_eq!(refused.status(), 403, "an agent sets no terms");
}
