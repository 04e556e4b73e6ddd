//! Coming to this version, and staying on it.

use harness::binary;
use harness::desk::Desk;

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
    let out = binary()
        .args(["migrate", "--dump"])
        .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
        .output()
        .expect("runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let committed =
        std::fs::read_to_string(harness::root().join("migrations/schema.sql")).expect("committed");
    assert!(
        String::from_utf8_lossy(&out.stdout) == committed,
        "run: autocrm migrate --dump > migrations/schema.sql"
    );
}
