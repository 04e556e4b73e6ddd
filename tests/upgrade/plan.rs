//! What a migrate would do, what it refuses, and that it waits for no lock at the cost of others.

use harness::binary;
use harness::desk::Desk;
use std::process::Output;
use std::time::{Duration, Instant};

fn migrate(url: &str, options: &[&str]) -> Output {
    binary()
        .arg("migrate")
        .args(options)
        .env("AUTOCRM_ADMIN_DATABASE_URL", url)
        .output()
        .expect("runs")
}

fn said(output: &Output) -> String {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_plan_tells_each_step_and_takes_none() {
    let desk = Desk::open().await;
    let url = desk.admin_url();
    let current = migrate(&url, &["--check"]);
    assert!(current.status.success(), "{}", said(&current));
    assert!(said(&current).contains("nothing to do"));

    desk.run("update app.schema_state set sql_digest = 'old'")
        .await;
    let plan = migrate(&url, &["--plan"]);
    assert!(plan.status.success());
    assert!(said(&plan).starts_with("sql/: "), "{}", said(&plan));
    assert_eq!(migrate(&url, &["--check"]).status.code(), Some(1));
    let digest: String = desk
        .one("select encode(sql_digest, 'escape') from app.schema_state")
        .await;
    assert_eq!(digest, "old", "a plan changes nothing");
}

#[tokio::test]
async fn an_empty_database_comes_here_in_two_steps_as_it_does_in_one() {
    let desk = Desk::open().await;
    let empty = format!("{}_steps", desk.database);
    desk.run(&format!("create database {empty}")).await;
    let url = desk.admin_url().replace(&desk.database, &empty);
    let plan = said(&migrate(&url, &["--plan"]));
    for step in [
        "extension: install 0.",
        "migration V1: ",
        "migration V38: ",
        "sql/: ",
    ] {
        assert!(plan.contains(step), "{step} is not in {plan}");
    }
    assert!(said(&migrate(&url, &["--to", "999"])).contains("there is no migration V999"));

    let half = migrate(&url, &["--to", "20"]);
    assert!(said(&half).contains("up to V20"), "{}", said(&half));
    let plan = said(&migrate(&url, &["--plan"]));
    assert!(!plan.contains("V20:") && plan.contains("V23:"), "{plan}");
    let rest = migrate(&url, &[]);
    assert!(rest.status.success(), "{}", said(&rest));
    assert!(migrate(&url, &["--check"]).status.success());
    let dump = |url: &str| migrate(url, &["--dump"]).stdout;
    assert!(dump(&url) == dump(&desk.admin_url()), "both are the same");
}

#[tokio::test]
async fn a_database_of_another_release_is_refused_with_what_is_wrong() {
    let desk = Desk::open().await;
    let history = "public.schema_history";
    for (change, wrong) in [
        (
            format!(
                "insert into {history} select 999, 'later', applied_on, checksum from {history} where version = 38"
            ),
            "V999 (later): is of a newer release",
        ),
        (
            format!("update {history} set checksum = '1' where version = 7"),
            "V7 (",
        ),
        (format!("delete from {history} where version = 9"), "V9 ("),
    ] {
        desk.run(&change).await;
        for options in [&["--check"][..], &["--plan"], &[]] {
            let refused = migrate(&desk.admin_url(), options);
            assert_eq!(refused.status.code(), Some(1));
            let said = said(&refused);
            assert!(
                said.contains(wrong) && said.contains("Nothing was changed."),
                "{said}"
            );
        }
    }
}

#[tokio::test]
async fn while_a_reader_keeps_a_table_locked_nobody_waits_behind_the_migrate_for_long() {
    let desk = Desk::open().await;
    desk.run("update app.schema_state set sql_digest = 'old'")
        .await;
    let reader = autocrm_api::db::connect(&desk.admin_url())
        .await
        .expect("connects");
    reader
        .batch_execute("begin; select count(*) from app.tickets")
        .await
        .expect("reads");
    let url = desk.admin_url();
    let running = std::thread::spawn(move || migrate(&url, &[]));
    let (began, mut slowest) = (Instant::now(), Duration::ZERO);
    while began.elapsed() < Duration::from_secs(6) {
        let asked = Instant::now();
        desk.run("select count(*) from app.tickets").await;
        slowest = slowest.max(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(
        slowest < Duration::from_secs(4),
        "somebody waited {slowest:?}"
    );
    assert!(!running.is_finished(), "the migrate tries on");
    reader.batch_execute("commit").await.expect("ends");
    let done = running.join().expect("a run");
    assert!(done.status.success(), "{}", said(&done));
    assert!(
        said(&done).contains("is locked by another session"),
        "{}",
        said(&done)
    );
}
