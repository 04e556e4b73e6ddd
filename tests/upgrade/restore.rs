//! A desk that is dumped and restored: into another cluster, whose numbers of transactions are its own, or into the same
//! one, under another name or its own.

use futures_util::{SinkExt, StreamExt};
use harness::cluster::Cluster;
use harness::desk::{Desk, Person};
use harness::tree::{SYSTEM, Tree};
use harness::{binary, setup};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use tokio_postgres::Client;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

fn run(command: &mut Command) -> Output {
    let out = command.output().expect("runs");
    assert!(
        out.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    out
}

fn program(name: &str) -> Command {
    Command::new(Path::new(SYSTEM).join("bin").join(name))
}

async fn one<T: for<'a> tokio_postgres::types::FromSql<'a>>(client: &Client, sql: &str) -> T {
    client
        .query_one(sql, &[])
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

async fn page(client: &Client, cursor: Option<&str>) -> Result<serde_json::Value, String> {
    match client
        .query_one("select api.events_after($1)::text", &[&cursor])
        .await
    {
        Ok(row) => Ok(serde_json::from_str(row.get(0)).expect("JSON")),
        Err(error) => Err(error
            .code()
            .map_or_else(String::new, |code| code.code().to_owned())),
    }
}

const TICKET: &str = "insert into app.tickets (subject, requester_id, team_id)
  select $$SUBJECT$$, u.id, t.id from app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing'";

/// A desk with work behind and before its workers, and the cursor of a reader who has seen the first ticket.
async fn busy(desk: &Desk) -> String {
    desk.run(
        "insert into app.triggers (name, conditions, actions) values
           ('Mark', '{\"all\": [{\"field\": \"event\", \"op\": \"is\", \"value\": \"created\"}]}', '[{\"add_tags\": [\"heard\"]}]')",
    )
    .await;
    desk.ticket("Heard", "billing").await;
    for (round, cursor) in [
        ("rules", "rule_cursor"),
        ("search", "search_cursor"),
        ("notifications", "notification_cursor"),
    ] {
        desk.work(round, cursor).await;
    }
    desk.run("select autocrm.seal_audit()").await;
    let cursor = page(desk.sql(), None).await.expect("a page")["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    desk.ticket("Pending", "billing").await;
    cursor
}

fn dump(desk: &Desk) -> PathBuf {
    let dump = std::env::temp_dir().join(format!("{}.dump", desk.database));
    run(program("pg_dump")
        .args(["-Fc", "-d", &desk.admin_url(), "-f"])
        .arg(&dump));
    dump
}

fn restore(dump: &Path, url: &str) {
    run(program("pg_restore")
        .args(["--exit-on-error", "-d", url])
        .arg(dump));
    let _ = std::fs::remove_file(dump);
}

/// A restored desk goes on: readers and workers miss nothing and meet nothing twice, and its audit verifies.
async fn goes_on(sql: &Client, cursor: &str) {
    // An old cursor is told to begin anew; from there on everything comes.
    assert_eq!(page(sql, Some(cursor)).await, Err("TK410".into()));
    let cursor = page(sql, None).await.expect("a page")["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    sql.batch_execute(&TICKET.replace("SUBJECT", "New"))
        .await
        .expect("writes");
    let events = page(sql, Some(&cursor)).await.expect("a page");
    assert_eq!(events["events"].as_array().map(Vec::len), Some(1));
    assert_eq!(events["events"][0]["ticket"]["subject"], "New");

    for round in ["rules", "search", "notifications"] {
        while one::<bool>(sql, &format!("select worker.run_{round}()")).await {}
    }
    // What was heard before is not heard again, what was not is, and so is what came since.
    let firings: String = one(sql, "select string_agg(t.subject, ',' order by f.id) from app.rule_firings f join app.tickets t on t.id = f.ticket_id").await;
    assert_eq!(firings, "Heard,Pending,New");
    let found: i64 = one(sql, "select count(*) from app.search_documents").await;
    assert_eq!(found, 3);
    // Nothing is sealed that a running transaction, of whatever database of the cluster, may still add to.
    let unsealed =
        "select count(*) from app.audit_log where xid >= (select max(to_xid) from app.audit_seals)";
    for _ in 0..200 {
        sql.batch_execute("select autocrm.seal_audit()")
            .await
            .expect("seals");
        if one::<i64>(sql, unsealed).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(one::<i64>(sql, unsealed).await, 0);
    let (seals, broken): (i64, i64) = (
        one(sql, "select count(*) from app.audit_seals").await,
        one(
            sql,
            "select count(*) from autocrm.verify_audit() where not ok",
        )
        .await,
    );
    assert!(seals >= 2 && broken == 0, "{seals} seals, {broken} broken");
}

#[tokio::test]
async fn a_desk_in_another_cluster_goes_on_without_gap_or_double_and_its_audit_verifies() {
    let desk = Desk::open().await;
    // The other cluster is younger.
    desk.run("do $$ begin for i in 1 .. 20000 loop perform pg_current_xact_id(); commit; end loop; end $$")
        .await;
    let cursor = busy(&desk).await;
    let dump = dump(&desk);

    let tree = Tree::prepare().expect("PostgreSQL 15");
    let mut cluster =
        Cluster::new(format!("restored-{}", std::process::id()).leak(), false).expect("a cluster");
    cluster.start(&tree, false).expect("starts");
    // The roles come with any desk of that cluster.
    setup::migrate(&cluster, &PathBuf::from(binary().get_program()), "first").expect("migrates");
    cluster
        .run_sql("postgres", "create database autocrm")
        .expect("a database");
    let url = cluster.url("postgres", "autocrm");
    restore(&dump, &url);
    let sql = autocrm_api::db::connect(&url).await.expect("connects");
    let (theirs, ours): (i64, i64) = (
        one(&sql, "select max(xid)::text::bigint from app.events").await,
        one(&sql, "select pg_current_xact_id()::text::bigint").await,
    );
    assert!(
        ours < theirs,
        "the test shows nothing: {ours} is above {theirs}"
    );

    // Nothing is written in numbers that would be lost among the old ones.
    let refused = sql
        .batch_execute(&TICKET.replace("SUBJECT", "Too early"))
        .await
        .expect_err("refused");
    assert_eq!(
        refused.code().map(tokio_postgres::error::SqlState::code),
        Some("TK500")
    );
    let out = run(binary()
        .arg("migrate")
        .env("AUTOCRM_ADMIN_DATABASE_URL", &url));
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(said.contains("another cluster"), "{said}");
    let out = run(binary()
        .arg("migrate")
        .env("AUTOCRM_ADMIN_DATABASE_URL", &url));
    assert!(
        !String::from_utf8_lossy(&out.stdout).contains("another cluster"),
        "told once"
    );

    goes_on(&sql, &cursor).await;
    drop(sql);
    cluster.remove(&tree).expect("removed");
}

/// The other desk of the cluster goes on too, and neither follows the other's cursors.
#[tokio::test]
async fn a_desk_in_another_database_of_the_cluster_goes_on_beside_the_first() {
    let desk = Desk::open().await;
    let cursor = busy(&desk).await;
    let dump = dump(&desk);
    // What the first writes after the dump takes numbers that the copy never sees.
    desk.ticket("Later", "billing").await;
    let copy = format!("{}_copy", desk.database);
    desk.run(&format!("create database {copy}")).await;
    let url = desk.admin_url().replace(&desk.database, &copy);
    restore(&dump, &url);

    let sql = autocrm_api::db::connect(&url).await.expect("connects");
    goes_on(&sql, &cursor).await;
    let theirs = page(&sql, None).await.expect("a page")["cursor"].clone();
    assert_eq!(
        page(desk.sql(), theirs.as_str()).await,
        Err("TK410".into()),
        "a cursor of the copy"
    );
    let events = page(desk.sql(), Some(&cursor)).await.expect("a page");
    let subjects: Vec<&str> = events["events"]
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|event| event["ticket"]["subject"].as_str())
        .collect();
    assert_eq!(subjects, ["Pending", "Later"], "the first is as it was");
    drop(sql);
    desk.run(&format!("drop database {copy} with (force)"))
        .await;
}

/// The server runs on meanwhile: what it and its readers knew of the log is void.
#[tokio::test]
async fn a_desk_restored_in_its_own_place_tells_its_readers_to_begin_anew() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let cursor = busy(&desk).await;
    let dump = dump(&desk);
    desk.ticket("Lost", "billing").await;
    let ahead = ada.read("/api/events").await["cursor"].clone();
    let ahead = ahead.as_str().expect("a cursor");
    let maintenance = desk.admin_url().replace(&desk.database, "postgres");
    let maintenance = autocrm_api::db::connect(&maintenance)
        .await
        .expect("connects");
    for statement in [
        format!("drop database {} with (force)", desk.database),
        format!("create database {}", desk.database),
    ] {
        maintenance
            .batch_execute(&statement)
            .await
            .expect(&statement);
    }
    restore(&dump, &desk.admin_url());

    let sql = autocrm_api::db::connect(&desk.admin_url())
        .await
        .expect("connects");
    for old in [cursor.as_str(), ahead] {
        let reply = ada.get(&format!("/api/events?after={old}")).await;
        assert_eq!(reply.status(), 410, "{:?}", reply.text().await);
        assert_eq!(heard(&desk, &ada, old).await, ["resync", "ready"]);
    }
    goes_on(&sql, &cursor).await;
    assert_eq!(page(&sql, Some(ahead)).await, Err("TK410".into()));
    let found = ada.read("/api/search?q=pending").await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
}

/// What a live connection says to who comes back with this cursor.
async fn heard(desk: &Desk, who: &Person, cursor: &str) -> Vec<String> {
    let mut request = format!("{}/api/live", desk.address.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    let token = who.token.clone().expect("a token");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {token}").parse().expect("a header"),
    );
    let (mut socket, _) = connect_async(request).await.expect("connects");
    let hello = json!({"type": "hello", "cursor": cursor}).to_string();
    socket
        .send(Message::Text(hello.into()))
        .await
        .expect("sends");
    let mut said = Vec::new();
    while said.last().is_none_or(|kind| kind != "ready") {
        let message = tokio::time::timeout(Duration::from_secs(10), socket.next()).await;
        let message = message.expect("in time").expect("open").expect("whole");
        if let Message::Text(text) = message {
            let message: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            said.push(message["type"].as_str().unwrap_or_default().to_owned());
        }
    }
    said
}
