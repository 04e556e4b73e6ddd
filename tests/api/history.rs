//! The audit log and the feed of events, as they are read over REST.

use autocrm_api::model::{RowAsOf, TicketAsOf};
use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn admins_find_in_the_audit_who_changed_what() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let ticket = desk.ticket("Card declined", "billing").await;
    let path = format!("/api/tickets/{ticket}");
    let changed = ada.patch(&path, json!({"priority": "high"}), None).await;
    assert_eq!(changed.status(), 200);

    let audit = format!("/api/audit?table=tickets&key={ticket}");
    let page = root.read(&audit).await;
    let actions: Vec<&str> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|row| row["action"].as_str())
        .collect();
    assert_eq!(actions, ["update", "insert"], "the newest first");
    let update = &page["items"][0];
    assert_eq!(update["actor"], "Ada");
    assert!(update["changes"]["priority_id"].is_array(), "{update}");
    let hers = root
        .read(&format!("{audit}&actor_id={}&action=update", ada.id))
        .await;
    assert_eq!(hers["items"], json!([update]));

    assert_eq!(ada.get(&audit).await.status(), 403);
    let unknown = root.get("/api/audit?colour=red").await;
    assert_eq!(unknown.status(), 422);
    let problem: Value = unknown.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["colour"]);
}

#[tokio::test]
async fn the_feed_has_what_came_after_a_cursor_and_each_event_once() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let after = async |cursor: &Value| -> Value {
        let cursor = cursor.as_str().expect("a cursor");
        ada.read(&format!("/api/events?after={cursor}")).await
    };
    let start = ada.read("/api/events").await;
    assert_eq!(start["events"], json!([]));
    let ticket = desk.ticket("Card declined", "billing").await;
    desk.ticket("Out of sight", "tech").await;

    let page = after(&start["cursor"]).await;

    assert_eq!(page["events"].as_array().map(Vec::len), Some(1), "{page}");
    let event = &page["events"][0];
    assert_eq!(event["name"], "ticket.created");
    assert_eq!(event["ticket_id"], ticket);
    assert_eq!(after(&page["cursor"]).await["events"], json!([]));
}

#[tokio::test]
async fn a_ticket_and_a_rule_are_read_as_they_were_at_a_moment() {
    let desk = Desk::open().await;
    let (root, ada, tom) = (
        desk.admin().await,
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let ticket = desk.ticket("Card declined", "billing").await;
    desk.run("insert into app.teams (name) values ('Gone soon')")
        .await;
    desk.run(&format!(
        "update app.tickets set assignee_id = {} where id = {ticket}",
        ada.id
    ))
    .await;
    let at: String = desk
        .one("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
        .await;
    let path = format!("/api/tickets/{ticket}");
    let changed = ada
        .patch(
            &path,
            json!({"priority": "high", "subject": "Card stolen"}),
            None,
        )
        .await;
    assert_eq!(changed.status(), 200);

    let then: TicketAsOf = serde_json::from_value(ada.read(&format!("{path}/as-of?at={at}")).await)
        .expect("the shape of the description");
    assert_eq!(
        (then.subject.as_str(), then.priority.as_str()),
        ("Card declined", "normal")
    );
    assert_eq!(then.assignee.expect("somebody").name, "Ada");
    assert_eq!(
        then.requester.expect("somebody").email.as_deref(),
        Some("cleo@customer.test")
    );
    assert_eq!(
        tom.get(&format!("{path}/as-of?at={at}")).await.status(),
        404
    );
    let early = ada.get(&format!("{path}/as-of?at=2020-01-01")).await;
    assert_eq!(early.status(), 404);
    for query in [
        "",
        "?at=yesterday",
        "?at=9999-12-31T23:59:59-01:00",
        "?at=2026-01-01&colour=red",
    ] {
        assert_eq!(
            ada.get(&format!("{path}/as-of{query}")).await.status(),
            422,
            "{query}"
        );
    }

    let row = root
        .read(&format!(
            "/api/audit/as-of?table=tickets&key={ticket}&at={at}"
        ))
        .await;
    let row: RowAsOf = serde_json::from_value(row).expect("the shape of the description");
    assert_eq!(row.row["subject"], "Card declined");
    let unknown = root
        .get(&format!("/api/audit/as-of?table=pg_class&at={at}"))
        .await;
    assert_eq!(unknown.status(), 422);
    let problem: Value = unknown.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["key", "table"]);
    let missing = root
        .get(&format!("/api/audit/as-of?table=teams&key=99&at={at}"))
        .await;
    assert_eq!(missing.status(), 404);
}
