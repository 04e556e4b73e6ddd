//! History cannot be rewritten, and shows when somebody with the keys to the house tried.

use harness::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn every_change_is_in_the_audit_whoever_made_it_and_through_whichever_door() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    ada.patch(
        &format!("/api/tickets/{ticket}"),
        json!({"priority": "high"}),
        None,
    )
    .await;
    desk.run(&format!(
        "update app.tickets set subject = 'By hand' where id = {ticket}"
    ))
    .await;

    let rows = desk
        .sql()
        .query("select actor_id, session_user_name::text, changes::text from app.audit_log where table_name = 'tickets' and action = 'update' order by id", &[])
        .await
        .expect("reads");
    assert_eq!(
        (rows[0].get::<_, Option<i64>>(0), rows[0].get::<_, &str>(1)),
        (Some(ada.id), "autocrm_api")
    );
    assert!(rows[0].get::<_, &str>(2).contains("priority_id"));
    assert_eq!(
        (rows[1].get::<_, Option<i64>>(0), rows[1].get::<_, &str>(1)),
        (None, "postgres")
    );
    assert_eq!(
        rows[1].get::<_, &str>(2),
        r#"{"subject": ["Card declined", "By hand"]}"#
    );
}

#[tokio::test]
async fn not_even_the_owner_changes_or_removes_history() {
    let desk = Desk::open().await;
    desk.ticket("Card declined", "billing").await;
    for table in ["events", "audit_log", "routing_decisions"] {
        for attempt in [
            format!("delete from app.{table}"),
            format!("truncate app.{table}"),
            format!("update app.{table} set at = now()"),
        ] {
            let error = desk
                .sql()
                .batch_execute(&attempt)
                .await
                .expect_err(&attempt);
            assert_eq!(
                error.code().map(tokio_postgres::error::SqlState::code),
                Some("TK403"),
                "{attempt}"
            );
        }
    }
}

#[tokio::test]
async fn tampering_past_the_triggers_shows_in_the_chain() {
    let desk = Desk::open().await;
    desk.ticket("Card declined", "billing").await;
    let mut sealed = 0;
    for _ in 0..100 {
        // Rows are sealed once every older transaction of the cluster has ended.
        sealed += desk.one::<i64>("select autocrm.seal_audit()").await;
        let rest: i64 = desk.one("select count(*) from app.audit_log where xid >= (select max(to_xid) from app.audit_seals)").await;
        if sealed > 0 && rest == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(sealed > 0);
    assert_eq!(
        desk.one::<i64>("select count(*) from autocrm.verify_audit() where not ok")
            .await,
        0
    );

    desk.run("set session_replication_role = replica; update app.audit_log set changes = '{}' where id = (select min(id) from app.audit_log); set session_replication_role = origin").await;
    assert!(
        desk.one::<i64>("select count(*) from autocrm.verify_audit() where not ok")
            .await
            > 0
    );
}

#[tokio::test]
async fn secrets_never_reach_the_audit() {
    let desk = Desk::open().await;
    desk.key(&["tickets:read"], None).await;
    let told: i64 = desk
        .one("select count(*) from app.audit_log where changes::text ~ '\\\\\\\\x[0-9a-f]{64}'")
        .await;
    assert_eq!(told, 0);
    let redacted: i64 = desk.one("select count(*) from app.audit_log where table_name = 'api_keys' and changes -> 'hash' ->> 1 = '[redacted]'").await;
    assert_eq!(redacted, 1);
}

#[tokio::test]
async fn no_single_month_of_the_history_can_be_emptied() {
    let desk = Desk::open().await;
    let partitions: i64 = desk
        .one(
            "select count(*) from pg_inherits where inhparent = any (array['app.events', 'app.audit_log', 'app.routing_decisions']::regclass[])",
        )
        .await;
    let guarded: i64 = desk
        .one("select count(distinct tgrelid) from pg_trigger where tgname = 'tg_partition__110_no_truncate'")
        .await;
    assert!(partitions > 3);
    assert_eq!(guarded, partitions);
    let owner = desk.log_in("postgres").await;
    let refused = owner
        .batch_execute("set role autocrm_owner; truncate app.audit_log_default")
        .await
        .expect_err("refused");
    assert_eq!(refused.code().expect("a code").code(), "TK403");
}

#[tokio::test]
async fn each_audit_row_names_the_door_and_the_rule_of_the_act() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let doors = async || -> Vec<(String, String)> {
        desk.sql()
            .query(
                &format!(
                    "select door, coalesce(cause ->> 'name', '') from app.audit_log
                      where table_name = 'tickets' and row_key = '{ticket}' order by id"
                ),
                &[],
            )
            .await
            .expect("reads")
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect()
    };
    let path = format!("/api/tickets/{ticket}");
    let changed = ada.patch(&path, json!({"priority": "high"}), None).await;
    assert_eq!(changed.status(), 200);
    let key = desk.key(&["tickets:read", "tickets:write"], None).await;
    let changed = key.patch(&path, json!({"priority": "low"}), None).await;
    assert_eq!(changed.status(), 200);
    let prompt = desk.at_prompt("agent", Some("billing")).await;
    prompt
        .execute(
            "update app.tickets set subject = 'At a prompt' where id = $1",
            &[&ticket],
        )
        .await
        .expect("may");
    desk.run("insert into app.triggers (name, conditions, actions) values ('Mark', '{\"field\": \"priority\", \"op\": \"is\", \"value\": \"urgent\"}', '[{\"add_tags\": [\"heard\"]}]')").await;
    desk.work("rules", "rule_cursor").await;
    let changed = ada.patch(&path, json!({"priority": "urgent"}), None).await;
    assert_eq!(changed.status(), 200);
    desk.log_in("autocrm_api")
        .await
        .batch_execute("select worker.run_rules()")
        .await
        .expect("a round");

    let expected = [
        ("operator", ""),
        ("session", ""),
        ("key", ""),
        ("prompt", ""),
        ("session", ""),
        ("worker", "Mark"),
    ];
    assert_eq!(
        doors().await,
        expected.map(|(door, rule)| (door.to_owned(), rule.to_owned()))
    );

    let root = desk.admin().await;
    let page = root
        .read(&format!(
            "/api/audit?table=tickets&key={ticket}&door=worker"
        ))
        .await;
    assert_eq!(page["items"][0]["cause"]["kind"], "trigger", "{page}");
}

#[tokio::test]
async fn an_export_is_in_the_audit() {
    let desk = Desk::open().await;
    desk.ticket("Card declined", "billing").await;
    let out = harness::binary()
        .args(["export", "tickets", "--format", "jsonl"])
        .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
        .output()
        .expect("runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let told: String = desk
        .one("select format('%s %s %s', door, table_name, changes -> 'export' ->> 1) from app.audit_log where action = 'read'")
        .await;
    assert_eq!(told, "operator tickets jsonl");
}
