//! Coming to this version, and staying on it.

mod plan;
mod restore;

use harness::binary;
use harness::desk::Desk;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

fn migrate(desk: &Desk) -> std::process::Child {
    binary()
        .arg("migrate")
        .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("starts")
}

#[tokio::test]
async fn a_second_migrate_changes_nothing() {
    let desk = Desk::open().await;
    let before: String = desk
        .one("select applied_at::text from app.schema_state")
        .await;
    let out = migrate(&desk).wait_with_output().expect("ends");
    assert!(out.status.success());
    assert!(String::from_utf8_lossy(&out.stdout).contains("up to date"));
    assert_eq!(
        desk.one::<String>("select applied_at::text from app.schema_state")
            .await,
        before
    );
}

#[tokio::test]
async fn twenty_racing_runners_all_end_well() {
    let desk = Desk::open().await;
    desk.run("update app.schema_state set sql_digest = 'old'")
        .await;
    let runners: Vec<_> = (0..20).map(|_| migrate(&desk)).collect();
    let mut applied = 0;
    for runner in runners {
        let out = runner.wait_with_output().expect("ends");
        assert!(out.status.success());
        applied += usize::from(String::from_utf8_lossy(&out.stdout).contains("brought up to date"));
    }
    assert_eq!(applied, 1, "one does the work, nineteen find it done");
}

/// What the catalog comes to, as the dump tells it.
fn schema(url: &str) -> String {
    let out = binary()
        .args(["migrate", "--dump"])
        .env("AUTOCRM_ADMIN_DATABASE_URL", url)
        .output()
        .expect("runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// What a migrate that must fail says.
fn refused(url: &str) -> String {
    let out = binary()
        .arg("migrate")
        .env("AUTOCRM_ADMIN_DATABASE_URL", url)
        .output()
        .expect("runs");
    assert!(!out.status.success());
    String::from_utf8_lossy(&out.stderr).into_owned()
}

/// The text at `file:line` of what was said, so that the line is known to be the right one.
fn pointed_at<'a>(said: &str, file: &str, source: &'a str) -> &'a str {
    let (_, rest) = said
        .split_once(&format!("{file}:"))
        .unwrap_or_else(|| panic!("{file} is not named: {said}"));
    let line: usize = rest
        .split_once(':')
        .and_then(|(line, _)| line.parse().ok())
        .unwrap_or_else(|| panic!("no line: {said}"));
    source.lines().nth(line - 1).unwrap_or_default()
}

#[tokio::test]
async fn a_file_that_fails_is_named_with_its_line_and_everything_stays_as_it_was() {
    let desk = Desk::open().await;
    // What api.tags reads is gone, so that its file fails after much was torn down and rebuilt.
    desk.run("alter table app.tags rename column color to colour; update app.schema_state set sql_digest = 'old'")
        .await;
    let before = schema(&desk.admin_url());

    let said = refused(&desk.admin_url());

    let source = include_str!("../../sql/app/tags.sql");
    let line = pointed_at(&said, "sql/app/tags.sql", source);
    assert!(line.contains("color"), "{said}\npoints at: {line}");
    assert!(
        said.contains("does not exist") && said.contains("Nothing was changed."),
        "{said}"
    );
    assert!(
        schema(&desk.admin_url()) == before,
        "the catalog is not what it was"
    );
    let digest: String = desk
        .one("select encode(sql_digest, 'escape') from app.schema_state")
        .await;
    assert_eq!(digest, "old", "the next migrate tries again");

    desk.run("alter table app.tags rename column colour to color")
        .await;
    let out = migrate(&desk).wait_with_output().expect("ends");
    assert!(out.status.success(), "mended, it goes through");
}

#[tokio::test]
async fn a_migration_that_fails_is_named_with_its_line_and_leaves_an_empty_database_empty() {
    let desk = Desk::open().await;
    let empty = format!("{}_empty", desk.database);
    desk.run(&format!("create database {empty}")).await;
    let url = desk.admin_url().replace(&desk.database, &empty);
    let sql = autocrm_api::db::connect(&url).await.expect("connects");
    sql.batch_execute("create schema app")
        .await
        .expect("a schema");

    let said = refused(&url);

    let file = "migrations/V1__foundation.sql";
    let line = pointed_at(
        &said,
        file,
        include_str!("../../migrations/V1__foundation.sql"),
    );
    assert!(line.contains("create schema app"), "{said}");
    let left: i64 = sql
        .query_one(
            "select (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('app', 'api', 'public'))
                  + (select count(*) from pg_extension where extname = 'autocrm')
                  + (select count(*) from pg_namespace where nspname in ('api', 'worker', 'reporting', 'autocrm'))",
            &[],
        )
        .await
        .expect("counts")
        .get(0);
    assert_eq!(left, 0, "nothing of the desk is there");

    sql.batch_execute("drop schema app").await.expect("drops");
    let out = binary()
        .arg("migrate")
        .env("AUTOCRM_ADMIN_DATABASE_URL", &url)
        .output()
        .expect("runs");
    assert!(out.status.success(), "the way is free now");
    drop(sql);
    desk.run(&format!("drop database {empty} with (force)"))
        .await;
}

/// The install script is written by hand: a function that it forgets is missing at every desk, one that the
/// library forgets fails when it is first called.
#[tokio::test]
async fn the_extension_declares_what_its_library_exports_and_nothing_else() {
    let desk = Desk::open().await;
    let rows = desk
        .sql()
        .query(
            "select distinct p.prosrc from pg_proc p
               join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
               join pg_extension e on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
              where e.extname = 'autocrm' and p.probin is not null",
            &[],
        )
        .await
        .expect("functions");
    let declared: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();

    let library = PathBuf::from(binary().get_program()).with_file_name("libautocrm.so");
    let said = harness::shell::output(
        Command::new("nm")
            .args(["-D", "--defined-only"])
            .arg(&library),
    )
    .expect("the symbols");
    let exported: BTreeSet<String> = said
        .lines()
        .filter_map(|line| line.split_whitespace().last()?.strip_prefix("pg_finfo_"))
        .map(str::to_owned)
        .collect();

    assert!(!declared.is_empty());
    assert_eq!(declared, exported);
}

/// Every file of `extension/sql/`, taken by itself: what it names is in the library.
#[test]
fn every_install_and_update_script_names_only_what_the_library_has() {
    let library = PathBuf::from(binary().get_program()).with_file_name("libautocrm.so");
    let said = harness::shell::output(
        Command::new("nm")
            .args(["-D", "--defined-only"])
            .arg(&library),
    )
    .expect("the symbols");
    for entry in std::fs::read_dir(harness::root().join("extension/sql")).expect("scripts") {
        let path = entry.expect("a script").path();
        if path.extension().is_none_or(|e| e != "sql") {
            continue;
        }
        let script = std::fs::read_to_string(&path).expect("reads");
        for after in script.split("'MODULE_PATHNAME', '").skip(1) {
            let symbol = after.split('\'').next().unwrap_or_default();
            assert!(
                said.lines()
                    .any(|line| line.ends_with(&format!(" {symbol}")))
                    && said.contains(&format!(" pg_finfo_{symbol}\n")),
                "{} names {symbol}, which the library does not have",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn an_import_accounts_for_every_row_and_twice_is_once() {
    let desk = Desk::open().await;
    desk.run("insert into app.custom_fields (key, label, type, config) values ('months', 'Months', 'integer', '{\"max\": 120}')").await;
    let folder = std::env::temp_dir().join(&desk.database);
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("tickets.csv");
    let map = folder.join("map.json");
    std::fs::write(&file, "\u{feff}id,title,mail,months\n1,First,a@b.test,3\n2,,a@b.test,3\n3,Third,nobody,3\n4,Fourth,a@b.test,999\n,,,\n6,Six").expect("writes");
    std::fs::write(&map, r#"{"fields": {"external_id": "id", "subject": "title", "requester.email": "mail", "custom.months": "months"}}"#).expect("writes");
    let run = || {
        let out = binary()
            .args(["import", "tickets"])
            .arg(&file)
            .arg("--map")
            .arg(&map)
            .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
            .output()
            .expect("runs");
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8_lossy(&out.stdout).into_owned()
    };

    assert!(run().starts_with("read 6 = imported 1 + already there 0 + rejected 5"));
    let rejects = std::fs::read_to_string(folder.join("tickets.rejects.csv")).expect("rejects");
    assert!(
        rejects.contains("custom.months: 999 is above the maximum of 120"),
        "{rejects}"
    );
    assert!(
        rejects.contains("6,\"the row has 2 columns, the header 4; it may be cut off\""),
        "{rejects}"
    );
    assert!(run().starts_with("read 6 = imported 0 + already there 1 + rejected 5"));
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 1);
}

/// The committed dump is what a reviewer reads: it must be what the migrations come to.
#[tokio::test]
async fn the_committed_schema_is_current() {
    let desk = Desk::open().await;
    let committed =
        std::fs::read_to_string(harness::root().join("migrations/schema.sql")).expect("committed");
    assert!(
        schema(&desk.admin_url()) == committed,
        "run: autocrm migrate --dump > migrations/schema.sql"
    );
}

/// Whoever installed the first release comes to this one by the scripts in between.
#[tokio::test]
async fn the_extension_of_the_first_release_is_updated_by_migrate() {
    let desk = Desk::open().await;
    let old = format!("{}_old", desk.database);
    desk.run(&format!("create database {old}")).await;
    let url = desk.admin_url().replace(&desk.database, &old);
    let sql = autocrm_api::db::connect(&url).await.expect("connects");
    sql.batch_execute("create schema autocrm; create extension autocrm version '0.1.0'")
        .await
        .expect("installs");

    let out = binary()
        .arg("migrate")
        .env("AUTOCRM_ADMIN_DATABASE_URL", &url)
        .output()
        .expect("runs");
    assert!(out.status.success(), "{out:?}");

    let functions = "select string_agg(p.oid::regprocedure::text || p.provolatile::text || coalesce(obj_description(p.oid), ''), e'\n'
                         order by p.oid::regprocedure::text)
                       from pg_proc p where p.pronamespace = 'autocrm'::regnamespace";
    let updated: String = sql.query_one(functions, &[]).await.expect("reads").get(0);
    assert_eq!(updated, desk.one::<String>(functions).await);
    drop(sql);
    desk.run(&format!("drop database {old} with (force)")).await;
}

#[tokio::test]
async fn what_a_migration_fills_in_is_nobodys_change() {
    let desk = Desk::open().await;
    let id = desk.ticket("From before", "billing").await;
    desk.run(
        "alter table app.tickets drop column status_at, drop column assigned_at, drop column requester_replied_at",
    )
    .await;
    let history = "select (select count(*) from app.audit_log) + (select count(*) from app.events)";
    let before: i64 = desk.one(history).await;

    // By itself: later migrations stand already.
    desk.run(include_str!("../../migrations/V5__ticket_moments.sql"))
        .await;

    let filled: bool = desk
        .one(&format!(
            "select status_at = created_at and requester_replied_at = created_at and version = 1 from app.tickets where id = {id}"
        ))
        .await;
    assert!(filled);
    assert_eq!(desk.one::<i64>(history).await, before);
}
