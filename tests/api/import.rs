//! An import that is killed goes on where it stopped and accounts for every row.

use harness::binary;
use harness::desk::Desk;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROWS: usize = 600;
const BATCH: i64 = 200;

/// Every seventh row has no subject, every eleventh an address that is none; the numbers are known.
fn write_file(folder: &Path) -> PathBuf {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut text = "external_id,subject,description,requester.email,tags\n".to_owned();
    for row in 1..=ROWS {
        let subject = if row % 7 == 0 { "" } else { "Printer on fire" };
        let mail = if row % 11 == 0 {
            "nobody".to_owned()
        } else {
            format!("customer{}@import.test", row % 50)
        };
        writeln!(
            text,
            "T-{row},{subject},\"Row {row}, with a \"\"quote\"\"\nand a second line\",{mail},\"red, loud\""
        )
        .expect("text");
    }
    let file = folder.join("tickets.csv");
    std::fs::write(&file, text).expect("writes");
    file
}

fn bad(row: usize) -> bool {
    row.is_multiple_of(7) || row.is_multiple_of(11)
}

fn import(desk: &Desk, file: &Path) -> Command {
    let mut command = binary();
    command
        .args(["import", "tickets"])
        .arg(file)
        .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

async fn next_row(desk: &Desk) -> i64 {
    desk.one("select coalesce(max(next_row), 0) from app.imports")
        .await
}

/// Row number → reasons.
fn rejects(file: &Path) -> BTreeMap<usize, String> {
    let text = std::fs::read_to_string(file.with_extension("rejects.csv")).expect("rejects");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("row,reasons"));
    let mut found = BTreeMap::new();
    for line in lines {
        let (row, reasons) = line.split_once(',').expect("a number and reasons");
        let row = row.parse().expect("a row number");
        let before = found.insert(row, reasons.trim_matches('"').to_owned());
        assert!(before.is_none(), "row {row} is told twice");
    }
    found
}

#[tokio::test]
async fn an_import_killed_in_the_middle_goes_on_and_accounts_for_every_row() {
    let desk = Desk::open().await;
    let file = write_file(&std::env::temp_dir().join(&desk.database));

    let mut killed = import(&desk, &file).spawn().expect("starts");
    let until = Instant::now() + Duration::from_mins(1);
    while next_row(&desk).await < BATCH {
        assert!(Instant::now() < until, "the import does not get on");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    killed.kill().expect("SIGKILL");
    killed.wait().expect("ends");
    let stopped = next_row(&desk).await;
    assert!(
        (BATCH..600).contains(&stopped),
        "it was killed in the middle, at row {stopped}"
    );
    // What a batch that never committed has left in the file of rejects.
    let rejected = file.with_extension("rejects.csv");
    let mut half = std::fs::read_to_string(&rejected).expect("rejects");
    half.push_str("599,written by a batch that was cut off\n");
    std::fs::write(&rejected, half).expect("writes");

    let again = import(&desk, &file).output().expect("runs");
    assert!(
        again.status.success(),
        "{}",
        String::from_utf8_lossy(&again.stderr)
    );

    let wrong = (1..=ROWS).filter(|row| bad(*row)).count();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(
        said.starts_with(&format!(
            "read {ROWS} = imported {} + already there 0 + rejected {wrong}",
            ROWS - wrong
        )),
        "{said}"
    );
    let rows = desk
        .sql()
        .query(
            "select external_id, count(*) from app.tickets group by 1",
            &[],
        )
        .await
        .expect("tickets");
    let found: BTreeMap<String, i64> = rows.iter().map(|r| (r.get(0), r.get(1))).collect();
    let expected: BTreeMap<String, i64> = (1..=ROWS)
        .filter(|row| !bad(*row))
        .map(|row| (format!("T-{row}"), 1))
        .collect();
    assert_eq!(found, expected, "each good row is one ticket");

    let told = rejects(&file);
    assert_eq!(
        told.keys().copied().collect::<Vec<_>>(),
        (1..=ROWS).filter(|row| bad(*row)).collect::<Vec<_>>()
    );
    for (row, reasons) in told {
        assert!(
            !row.is_multiple_of(7) || reasons.contains("subject: "),
            "row {row}: {reasons}"
        );
        assert!(
            row.is_multiple_of(7) || reasons.contains("requester.email: "),
            "row {row}: {reasons}"
        );
    }
    assert_eq!(
        desk.one::<i64>("select autocrm.recount_loads()").await,
        0,
        "what was cut off left no load behind"
    );
}

#[tokio::test]
async fn two_imports_of_one_file_at_once_land_each_row_once() {
    let desk = Desk::open().await;
    let file = write_file(&std::env::temp_dir().join(&desk.database));

    let both: Vec<_> = (0..2)
        .map(|_| import(&desk, &file).spawn().expect("starts"))
        .collect();
    for one in both {
        let out = one.wait_with_output().expect("ends");
        assert!(
            out.status.success()
                || String::from_utf8_lossy(&out.stderr).contains("another process")
        );
    }

    let good = (1..=ROWS).filter(|row| !bad(*row)).count();
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tickets").await,
        i64::try_from(good).expect("fits")
    );
    assert_eq!(rejects(&file).len(), ROWS - good);
}
