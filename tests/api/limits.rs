//! What integrators and operators meet around a call: limits, scopes, ids, metrics.

use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn a_key_is_told_how_much_it_may_send_and_refused_beyond_it() {
    let desk = Desk::open().await;
    let key = desk.key(&["tickets:read"], None).await;
    desk.run("update app.api_keys set rate_limit = 2").await;

    let first = key.get("/api/tickets").await;
    assert_eq!(first.status(), 200);
    assert_eq!(first.headers()["ratelimit-limit"], "2");
    assert_eq!(first.headers()["ratelimit-remaining"], "1");
    assert_eq!(key.get("/api/tickets").await.status(), 200);
    let third = key.get("/api/tickets").await;
    assert_eq!(third.status(), 429);
    assert!(third.headers().contains_key("retry-after"));
    let problem: Value = third.json().await.expect("a problem");
    assert_eq!(problem["code"], "TK429");

    let used: bool = desk
        .one("select last_used_at is not null and version = 2 from app.api_keys")
        .await;
    assert!(used, "use is noted; only the new limit changed the key");
    let ada = desk.agent("Ada", "billing").await;
    let person = ada.get("/api/tickets").await;
    assert!(
        !person.headers().contains_key("ratelimit-limit"),
        "people are not counted"
    );
}

/// Whichever way a key comes in, it is counted.
#[tokio::test]
async fn a_key_is_counted_as_a_bearer_a_cookie_and_a_subprotocol() {
    let desk = Desk::open().await;
    let key = desk.key(&["tickets:read"], None).await;
    desk.run("update app.api_keys set rate_limit = 4").await;
    let token = key.token.clone().expect("a key");
    let nobody = desk.anonymous();
    let ways = [
        ("authorization", format!("Bearer {token}")),
        ("authorization", format!("bearer {token}")),
        ("cookie", format!("autocrm_access={token}")),
        ("sec-websocket-protocol", format!("bearer.{token}")),
    ];
    for (n, (name, value)) in ways.iter().enumerate() {
        let reply = nobody
            .send(reqwest::Method::GET, "/api/tickets", None, &[(name, value)])
            .await;
        assert_eq!(reply.status(), 200, "{name}");
        assert_eq!(
            reply.headers()["ratelimit-remaining"],
            (3 - n).to_string().as_str(),
            "{name}"
        );
    }
    for (name, value) in &ways {
        for path in ["/api/tickets", "/api/live"] {
            let reply = nobody
                .send(reqwest::Method::GET, path, None, &[(name, value)])
                .await;
            assert_eq!(reply.status(), 429, "{name} {path}");
        }
    }
}

#[tokio::test]
async fn a_key_that_may_write_but_not_read_gets_its_ticket_back_and_no_other() {
    let desk = Desk::open().await;
    let other = desk.ticket("Not theirs", "billing").await;
    let key = desk.key(&["tickets:write"], None).await;
    let requester: i64 = desk
        .one("select id from app.users where role = 'customer' limit 1")
        .await;

    let made = key
        .post(
            "/api/tickets",
            json!({"subject": "From outside", "requester_id": requester}),
        )
        .await;
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.expect("a ticket");
    assert_eq!(made["subject"], "From outside");
    assert_eq!(
        key.get(&format!("/api/tickets/{other}")).await.status(),
        404
    );
    assert_eq!(key.read("/api/tickets").await["items"], json!([]));
}

#[tokio::test]
async fn a_key_without_the_scope_is_told_which_one_it_lacks() {
    let desk = Desk::open().await;
    let key = desk.key(&["tickets:read"], None).await;
    let reply = key.post("/api/tickets", json!({"subject": "Hello"})).await;
    assert_eq!(reply.status(), 403);
    let problem: Value = reply.json().await.expect("a problem");
    assert_eq!(
        problem["detail"],
        "This API key lacks the scope tickets:write"
    );
}

#[tokio::test]
async fn a_key_limited_to_a_team_cannot_name_another() {
    let desk = Desk::open().await;
    let key = desk
        .key(&["tickets:read", "tickets:write"], Some("billing"))
        .await;
    let tech: i64 = desk
        .one("select id from app.teams where name = 'tech'")
        .await;
    let reply = key
        .post("/api/tickets", json!({"subject": "Hello", "team_id": tech}))
        .await;
    assert_eq!(reply.status(), 422);
    let problem: Value = reply.json().await.expect("a problem");
    assert_eq!(problem["problems"][0]["path"], "team_id");
}

#[tokio::test]
async fn every_answer_carries_an_id_and_the_metrics_count_it() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let given = ada
        .send(
            reqwest::Method::GET,
            "/api/tickets",
            None,
            &[("x-request-id", "mine-1")],
        )
        .await;
    assert_eq!(given.headers()["x-request-id"], "mine-1");
    assert!(
        ada.get("/api/me").await.headers()["x-request-id"].len() >= 32,
        "one is made where none came"
    );
    let metrics = desk
        .anonymous()
        .get("/metrics")
        .await
        .text()
        .await
        .expect("text");
    assert!(
        metrics.contains("autocrm_http_request_duration_seconds_count{route=\"/api/tickets\""),
        "{metrics}"
    );
    assert!(metrics.contains("autocrm_database_connections{state=\"idle\"}"));
}

#[tokio::test]
async fn a_list_refuses_every_value_it_does_not_know_at_once() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let reply = ada
        .get("/api/tickets?status=opened&priority=high&created_after=yesterdayish&assignee=ada&sort=colour&foo=1")
        .await;
    assert_eq!(reply.status(), 422);
    let problem: Value = reply.json().await.expect("a problem");
    let mut paths = problem_paths(&problem);
    paths.sort_unstable();
    assert_eq!(
        paths,
        ["assignee", "created_after", "foo", "sort", "status"],
        "{problem}"
    );
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused_with_its_reason() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for i in 0..3 {
        desk.ticket(&format!("Ticket {i}"), "billing").await;
    }
    let page = ada.read("/api/tickets?limit=1&sort=id").await;
    let next = page["next"].as_str().expect("a cursor");
    assert_eq!(
        ada.get(&format!("/api/tickets?limit=1&sort=id&after={next}"))
            .await
            .status(),
        200
    );
    for path in [
        format!("/api/tickets?limit=1&after={next}"),
        format!("/api/users?after={next}"),
        "/api/tickets?after=nonsense".to_owned(),
    ] {
        let reply = ada.get(&path).await;
        assert_eq!(reply.status(), 422, "{path}");
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(problem["problems"][0]["path"], "after");
    }
}

#[tokio::test]
async fn everything_wrong_with_a_new_ticket_is_told_at_once() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let reply = ada
        .post(
            "/api/tickets",
            json!({"type": null, "requester": {"name": "Nobody"}, "team_id": 1.5, "version": "abc", "status": "opened", "colour": 1}),
        )
        .await;
    assert_eq!(reply.status(), 422);
    let problem: Value = reply.json().await.expect("a problem");
    let mut paths = problem_paths(&problem);
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "colour",
            "requester.email",
            "status",
            "subject",
            "team_id",
            "type",
            "version"
        ],
        "{problem}"
    );
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_told_by_its_key() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let reply = admin
        .post(
            "/api/statuses",
            json!({"key": "later", "label": null, "category": "later", "position": "first"}),
        )
        .await;
    assert_eq!(reply.status(), 422);
    let problem: Value = reply.json().await.expect("a problem");
    let paths = problem_paths(&problem);
    assert_eq!(paths.len(), 3, "{problem}");
}

#[tokio::test]
async fn a_tag_in_use_stays_and_a_merged_one_goes() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    admin
        .post(
            "/api/tickets",
            json!({"subject": "Tagged", "tags": ["one", "two"]}),
        )
        .await;
    let one: i64 = desk.one("select id from app.tags where name = 'one'").await;
    let two: i64 = desk.one("select id from app.tags where name = 'two'").await;
    let refused = admin.delete(&format!("/api/tags/{one}")).await;
    assert_eq!(refused.status(), 409);
    let merged = admin
        .post(&format!("/api/tags/{one}/merge"), json!({"into": two}))
        .await;
    assert_eq!(merged.status(), 200);
    let left: Vec<i64> = desk.one("select tag_ids from app.tickets").await;
    assert_eq!(left, [two]);
}

/// The kind of defect: a right that the comment promises and a grant below does not give.
#[tokio::test]
async fn a_key_that_reads_tickets_reads_the_numbers_of_its_teams() {
    let desk = Desk::open().await;
    desk.agent("Ada", "billing").await;
    desk.ticket("Waits", "billing").await;
    let id: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    let path = format!("/api/teams/{id}/numbers");
    let key = desk.key(&["tickets:read"], None).await;
    let numbers = key.read(&path).await;
    assert_eq!(
        (&numbers["open"], &numbers["agents"]),
        (&1.into(), &1.into())
    );
    let limited = desk.key(&["tickets:read"], Some("billing")).await;
    assert_eq!(limited.get(&path).await.status(), 200);
    let other = desk.key(&["tickets:read"], Some("tech")).await;
    assert_eq!(other.get(&path).await.status(), 404);
    let without = desk.key(&["users:read"], None).await;
    assert_eq!(without.get(&path).await.status(), 403);
}
