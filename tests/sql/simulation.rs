//! What a change of the rules would have done, before it is switched on.

use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

/// Two teams with an agent each, ten tickets of yesterday that all went to billing, each solved after an hour.
async fn past() -> Desk {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.users (role, name, email, availability, capacity) values
           ('agent', 'Ada', 'ada@desk.test', 'online', 2), ('agent', 'Tom', 'tom@desk.test', 'online', 2);
         insert into app.memberships (team_id, user_id)
         select t.id, u.id from app.teams t join app.users u on (t.name, u.name) in (('billing', 'Ada'), ('tech', 'Tom'));
         insert into app.skills (name) values ('german');
         insert into app.tickets (subject, requester_id, team_id, created_at)
         select case when n % 2 = 0 then 'Invoice ' else 'Crash ' end || n, u.id, t.id, now() - interval '1 day' + n * interval '1 minute'
           from generate_series(1, 10) n, app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing';
         update app.tickets set solved_at = created_at + interval '1 hour'",
    )
    .await;
    desk
}

#[tokio::test]
async fn a_draft_is_played_on_what_really_came_and_writes_nothing() {
    let desk = past().await;
    let admin = desk.admin().await;
    let written = "select (select count(*) from app.events) + (select count(*) from app.audit_log where action <> 'refused')";
    let before: i64 = desk.one(written).await;

    let reply = admin
        .post(
            "/api/routing-rules/simulate",
            json!({"rules": [
                {"name": "Crashes", "conditions": {"field": "subject", "op": "contains_word", "value": "crash"},
                 "actions": [{"set": "team", "value": "tech"}]},
                {"name": "Rest", "actions": [{"set": "team", "value": "billing"}, {"require_skill": "german", "level": 2}]}
            ]}),
        )
        .await;
    assert_eq!(reply.status(), 200);
    let told: Value = reply.json().await.expect("JSON");

    assert_eq!(told["tickets"], 10);
    assert_eq!(
        told["rules"],
        json!([{"name": "Crashes", "tickets": 5}, {"name": "Rest", "tickets": 5}])
    );
    assert_eq!(
        told["teams"],
        json!([{"team": "billing", "then": 10, "now": 5}, {"team": "tech", "then": 0, "now": 5}])
    );
    assert_eq!(told["moved"]["tickets"], 5);
    assert_eq!(told["moved"]["first"][0]["rule"], "Crashes");
    assert_eq!(
        told["uncovered_skills"],
        json!([{"team": "billing", "skill": "german", "level": 2, "tickets": 5}])
    );
    // Two at a time, an hour each: the third waits 56 minutes for the first, and so on.
    assert_eq!(told["waiting"]["assigned"], 5);
    assert_eq!(told["waiting"]["never_assigned"], 5);
    assert_eq!(told["waiting"]["longest_seconds"], 2 * 3600 - 8 * 60);
    assert_eq!(desk.one::<i64>(written).await, before);
}

#[tokio::test]
async fn the_rules_of_today_are_played_when_there_is_no_draft() {
    let desk = past().await;
    desk.run(r#"insert into app.routing_rules (name, actions) values ('Everything', '[{"set": "team", "value": "billing"}]')"#)
        .await;
    let admin = desk.admin().await;
    let reply = admin.post("/api/routing-rules/simulate", json!({})).await;
    let told: Value = reply.json().await.expect("JSON");
    assert_eq!(told["moved"]["tickets"], 0);
    assert_eq!(
        told["rules"],
        json!([{"name": "Everything", "tickets": 10}])
    );
    let nothing = admin
        .post(
            "/api/routing-rules/simulate",
            json!({"from": "2001-01-01T00:00:00Z", "to": "2001-02-01T00:00:00Z"}),
        )
        .await;
    let told: Value = nothing.json().await.expect("JSON");
    assert_eq!(
        (told["tickets"].as_i64(), told["load"]["gini"].as_f64()),
        (Some(0), Some(0.0))
    );
}

#[tokio::test]
async fn a_draft_that_is_wrong_is_told_every_path_and_only_admins_ask() {
    let desk = past().await;
    let admin = desk.admin().await;
    let reply = admin
        .post(
            "/api/routing-rules/simulate",
            json!({"rules": [{"conditions": {"field": "colour"}}, {"actions": [{"set": "team"}]}], "from": "soon"}),
        )
        .await;
    assert_eq!(reply.status(), 422);
    let reply = admin
        .post(
            "/api/routing-rules/simulate",
            json!({"rules": [{"conditions": {"field": "colour"}}, {"actions": [{"set": "team"}]}]}),
        )
        .await;
    let problem: Value = reply.json().await.expect("a problem");
    let paths = problem_paths(&problem);
    assert_eq!(
        paths,
        ["rules[0].conditions.field", "rules[1].actions[0].value"]
    );
    let ada = desk.agent("Eve", "billing").await;
    let refused = ada.post("/api/routing-rules/simulate", json!({})).await;
    assert_eq!(refused.status(), 403);
}
