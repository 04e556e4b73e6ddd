//! A desk that is dumped and restored into another cluster, whose numbers of transactions are its own.

use harness::cluster::Cluster;
use harness::desk::Desk;
use harness::tree::{SYSTEM, Tree};
use harness::{binary, setup};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tokio_postgres::Client;

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

#[tokio::test]
async fn a_desk_in_another_cluster_goes_on_without_gap_or_double_and_its_audit_verifies() {
    let desk = Desk::open().await;
    // The other cluster is younger.
    desk.run("do $$ begin for i in 1 .. 20000 loop perform pg_current_xact_id(); commit; end loop; end $$")
        .await;
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
    let dump = std::env::temp_dir().join(format!("{}.dump", desk.database));
    run(program("pg_dump")
        .args(["-Fc", "-d", &desk.admin_url(), "-f"])
        .arg(&dump));

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
    run(program("pg_restore")
        .args(["--exit-on-error", "-d", &url])
        .arg(&dump));
    let _ = std::fs::remove_file(&dump);
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

    // An old cursor is told to begin anew; from there on everything comes.
    assert_eq!(page(&sql, Some(&cursor)).await, Err("TK410".into()));
    let cursor = page(&sql, None).await.expect("a page")["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    sql.batch_execute(&TICKET.replace("SUBJECT", "New"))
        .await
        .expect("writes");
    let events = page(&sql, Some(&cursor)).await.expect("a page");
    assert_eq!(events["events"].as_array().map(Vec::len), Some(1));
    assert_eq!(events["events"][0]["ticket"]["subject"], "New");

    for round in ["rules", "search", "notifications"] {
        while one::<bool>(&sql, &format!("select worker.run_{round}()")).await {}
    }
    // What was heard before is not heard again, what was not is, and so is what came since.
    let firings: String = one(&sql, "select string_agg(t.subject, ',' order by f.id) from app.rule_firings f join app.tickets t on t.id = f.ticket_id").await;
    assert_eq!(firings, "Heard,Pending,New");
    let found: i64 = one(&sql, "select count(*) from app.search_documents").await;
    assert_eq!(found, 3);
    sql.batch_execute("select autocrm.seal_audit()")
        .await
        .expect("seals");
    let (seals, broken): (i64, i64) = (
        one(&sql, "select count(*) from app.audit_seals").await,
        one(
            &sql,
            "select count(*) from autocrm.verify_audit() where not ok",
        )
        .await,
    );
    assert!(seals >= 2 && broken == 0, "{seals} seals, {broken} broken");
    let unsealed: i64 = one(
        &sql,
        "select count(*) from app.audit_log where xid >= (select max(to_xid) from app.audit_seals)",
    )
    .await;
    assert_eq!(unsealed, 0);
    drop(sql);
    cluster.remove(&tree).expect("removed");
}
