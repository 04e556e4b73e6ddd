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

struct Said {
    ok: bool,
    out: String,
    err: String,
}

/// Imports these bytes as a file of this name.
fn bring(desk: &Desk, name: &str, bytes: &[u8], map: Option<&str>) -> Said {
    let folder = std::env::temp_dir().join(&desk.database);
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(name);
    std::fs::write(&file, bytes).expect("writes");
    let mut command = import(desk, &file);
    if let Some(map) = map {
        let path = folder.join("map.json");
        std::fs::write(&path, map).expect("writes");
        command.arg("--map").arg(path);
    }
    let out = command.output().expect("runs");
    Said {
        ok: out.status.success(),
        out: String::from_utf8_lossy(&out.stdout).into_owned(),
        err: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

async fn subjects(desk: &Desk) -> Vec<String> {
    desk.one("select coalesce(array_agg(subject order by id), '{}') from app.tickets")
        .await
}

async fn count(desk: &Desk) -> i64 {
    desk.one("select count(*) from app.tickets").await
}

#[tokio::test]
async fn another_file_of_the_same_name_is_another_import_and_a_tally_is_of_its_own_run() {
    let desk = Desk::open().await;
    let first = "subject,requester.email\nOne,a@import.test\nTwo,a@import.test\n";
    let said = bring(&desk, "export.csv", first.as_bytes(), None);
    assert!(
        said.out.starts_with("read 2 = imported 2 +"),
        "{}",
        said.out
    );

    let second =
        "subject,requester.email\nThree,a@import.test\nFour,b@import.test\nFive,c@import.test\n";
    let said = bring(&desk, "export.csv", second.as_bytes(), None);
    assert!(
        said.out
            .starts_with("read 3 = imported 3 + already there 0"),
        "{}",
        said.out
    );
    assert_eq!(
        subjects(&desk).await,
        ["One", "Two", "Three", "Four", "Five"]
    );

    // The same content is the same import, under any name.
    for name in ["export.csv", "renamed.csv"] {
        let said = bring(
            &desk,
            name,
            second.as_bytes(),
            Some(r#"{"source": "export.csv"}"#),
        );
        assert!(
            said.out
                .starts_with("read 3 = imported 0 + already there 3"),
            "{}",
            said.out
        );
    }
    assert_eq!(count(&desk).await, 5);
}

#[tokio::test]
async fn a_longer_file_of_the_same_name_is_read_from_its_first_row_after_an_interruption() {
    let desk = Desk::open().await;
    // As one is left that was killed after its first batch.
    desk.run("insert into app.imports (source, digest, next_row, imported) values ('x.csv', 'another content', 2, 2)")
        .await;
    let text =
        "subject,requester.email\nOne,a@import.test\nTwo,a@import.test\nThree,a@import.test\n";
    let said = bring(&desk, "x.csv", text.as_bytes(), None);
    assert!(
        said.out
            .starts_with("read 3 = imported 3 + already there 0"),
        "{}",
        said.out
    );
}

#[tokio::test]
async fn a_file_in_another_encoding_is_read_as_declared_or_refused_with_line_and_byte() {
    let desk = Desk::open().await;
    let windows = b"subject,requester.email\nPlain,a@import.test\nR\xfcckgabe,a@import.test\n";
    let said = bring(&desk, "w.csv", windows, None);
    assert!(!said.ok);
    for expected in [
        "line 3, byte 46 of the file (0xFC) is not UTF-8",
        "\"Rückgabe\"",
        "\"encoding\": \"windows-1252\"",
    ] {
        assert!(said.err.contains(expected), "{}", said.err);
    }
    assert_eq!(count(&desk).await, 0, "nothing of it landed");

    let said = bring(
        &desk,
        "w.csv",
        windows,
        Some(r#"{"encoding": "windows-1252"}"#),
    );
    assert!(
        said.out.starts_with("read 2 = imported 2"),
        "{}{}",
        said.out,
        said.err
    );
    assert_eq!(subjects(&desk).await, ["Plain", "Rückgabe"]);

    // UTF-16 tells itself: with a mark, and without one by its NULs.
    let text = "subject;requester.email\nGrößen;a@import.test\n";
    let wide = |mark: &str, big: bool| -> Vec<u8> {
        format!("{mark}{text}")
            .encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    for bytes in [
        wide("\u{feff}", false),
        wide("\u{feff}", true),
        wide("", false),
        wide("", true),
    ] {
        let said = bring(&desk, "utf16.csv", &bytes, None);
        assert!(
            said.out.starts_with("read 1 = imported 1"),
            "{}{}",
            said.out,
            said.err
        );
    }
    let found: i64 = desk
        .one("select count(*) from app.tickets where subject = 'Größen'")
        .await;
    assert_eq!(found, 4);

    for (bytes, map, told) in [
        (
            windows.as_slice(),
            r#"{"encoding": "windows-9999"}"#,
            "'windows-9999' is not known",
        ),
        (
            b"\xef\xbb\xbfsubject\nx\n",
            r#"{"encoding": "windows-1252"}"#,
            "begins with the mark of UTF-8",
        ),
        (
            b"subject\n\x82",
            r#"{"encoding": "shift_jis"}"#,
            "is not Shift_JIS",
        ),
    ] {
        let said = bring(&desk, "bad.csv", bytes, Some(map));
        assert!(!said.ok && said.err.contains(told), "{}", said.err);
    }
}

#[tokio::test]
async fn columns_may_be_parted_by_semicolons_tabs_and_what_the_map_says() {
    let desk = Desk::open().await;
    for (name, text, map) in [
        (
            "semicolons",
            "subject;requester.email;description\nA;a@import.test;\"x; y\"\n",
            None,
        ),
        (
            "tabs",
            "subject\trequester.email\tdescription\nB\ta@import.test\tx, y\n",
            None,
        ),
        (
            "excel",
            "sep=;\nsubject;requester.email\nC;a@import.test\n",
            None,
        ),
        (
            "declared",
            "subject~requester.email\nD~a@import.test\n",
            Some(r#"{"delimiter": "~"}"#),
        ),
        (
            "tab",
            "subject\trequester.email\nE\ta@import.test\n",
            Some(r#"{"delimiter": "tab"}"#),
        ),
        (
            "mapped",
            "a;b, c\nF;a@import.test\n",
            Some(r#"{"fields": {"subject": "a", "requester.email": "b, c"}}"#),
        ),
    ] {
        let said = bring(&desk, &format!("{name}.csv"), text.as_bytes(), map);
        assert!(
            said.out.starts_with("read 1 = imported 1"),
            "{name}: {}{}",
            said.out,
            said.err
        );
    }
    assert_eq!(subjects(&desk).await, ["A", "B", "C", "D", "E", "F"]);
    let said = bring(
        &desk,
        "x.csv",
        b"subject\nx\n",
        Some(r#"{"delimiter": "::"}"#),
    );
    assert!(
        !said.ok && said.err.contains("delimiter: '::' is none"),
        "{}",
        said.err
    );
}

#[tokio::test]
async fn a_time_without_a_format_is_iso_8601_or_its_row_is_refused() {
    let desk = Desk::open().await;
    let mut text = "external_id,subject,requester.email,created_at\n".to_owned();
    let bad = [
        "03.04.2026",
        "04/03/2026",
        "3 April 2026",
        "tomorrow",
        "now",
        "-infinity",
        "infinity",
        "epoch",
        "2026-02-30",
        "2026-4-3",
        "20260403",
        "2026-04-03 BC",
        "2026-04-03T10:00:00 Europe/Berlin",
        "2026-04-03T24:30:00Z",
        "0000-01-01",
    ];
    for (n, at) in bad.iter().enumerate() {
        writeln!(text, "bad-{n},x,a@import.test,{at}").expect("text");
    }
    let good = [
        ("2026-04-03", "2026-04-03 00:00:00"),
        ("2026-04-03T10:00:00Z", "2026-04-03 10:00:00"),
        ("2026-04-03 10:00:00+02:00", "2026-04-03 08:00:00"),
        ("2026-04-03T10:00:00.250-0500", "2026-04-03 15:00:00.25"),
        ("2026-04-03T10:00", "2026-04-03 10:00:00"),
    ];
    for (n, (at, _)) in good.iter().enumerate() {
        writeln!(text, "good-{n},x,a@import.test,{at}").expect("text");
    }
    let said = bring(&desk, "times.csv", text.as_bytes(), None);
    assert!(
        said.out.starts_with(&format!(
            "read 20 = imported {} + already there 0 + rejected {}",
            good.len(),
            bad.len()
        )),
        "{}",
        said.out
    );
    for (n, (at, expected)) in good.iter().enumerate() {
        let found: String = desk
            .one(&format!("select (created_at at time zone 'UTC')::text from app.tickets where external_id = 'good-{n}'"))
            .await;
        assert_eq!(&found, expected, "{at}");
    }
    let rejects = std::fs::read_to_string(
        std::env::temp_dir()
            .join(&desk.database)
            .join("times.rejects.csv"),
    )
    .expect("rejects");
    assert_eq!(
        rejects
            .matches("created_at: must be a point in time such as")
            .count(),
        bad.len(),
        "{rejects}"
    );

    // With a format, an offset in it counts; what lies ahead is refused.
    let text = "id,subject,mail,at\n1,x,a@import.test,03.04.2026 10:00 +0200\n2,x,a@import.test,03.04.2999 10:00 +0200\n";
    let map = r#"{"fields": {"external_id": "id", "subject": "subject", "requester.email": "mail", "created_at": {"column": "at", "time": "%d.%m.%Y %H:%M %z"}}}"#;
    let said = bring(&desk, "format.csv", text.as_bytes(), Some(map));
    assert!(
        said.out
            .starts_with("read 2 = imported 1 + already there 0 + rejected 1"),
        "{}",
        said.out
    );
    let found: String = desk
        .one(
            "select (created_at at time zone 'UTC')::text from app.tickets where external_id = '1'",
        )
        .await;
    assert_eq!(found, "2026-04-03 08:00:00");
}

#[tokio::test]
async fn no_column_is_dropped_without_a_word() {
    let desk = Desk::open().await;
    let text = b"Ticket Subject,Customer Email,Area,Notes\nx,a@import.test,printers,n\n";
    for (map, told) in [
        (
            r#"{"fields": {"subject": "Ticket Subjct", "requester.email": "Customer Email"}}"#,
            "did you mean 'Ticket Subject'?",
        ),
        (
            r#"{"fields": {"subject": "Ticket Subject", "requester.email": "Email"}}"#,
            "the file has no column 'Email'",
        ),
        (
            r#"{"fields": {"subject": "Ticket Subject"}, "tags": ["Areas"]}"#,
            "tags: the file has no column 'Areas'; did you mean 'Area'?",
        ),
        (
            r#"{"fields": {"subject": "Ticket Subject"}, "history_of": "Number"}"#,
            "history_of: the file has no column 'Number'",
        ),
        (
            r#"{"fields": {"subject": {"column": "Ticket Subject", "or": "Body"}}}"#,
            "fields.subject: the file has no column 'Body'",
        ),
        (
            r#"{"fields": {"subject": "Ticket Subject", "priorty": "Area"}}"#,
            "did you mean 'priority'?",
        ),
        (
            r#"{"fields": {"subject": "Ticket Subject", "custom.area": "Area"}}"#,
            "the desk has no custom field 'area'",
        ),
        (
            r#"{"fields": {"subject": {"colum": "Ticket Subject"}}}"#,
            "colum",
        ),
        (
            r"{}",
            "fields.subject: nothing tells the subject of a ticket",
        ),
    ] {
        let said = bring(&desk, "columns.csv", text, Some(map));
        assert!(!said.ok, "{map}");
        assert!(said.err.contains(told), "{map}: {}", said.err);
    }
    assert_eq!(count(&desk).await, 0);
    let said = bring(
        &desk,
        "x.csv",
        b"subject,requester.email,custom.nothing\nx,a@import.test,y\n",
        None,
    );
    assert!(
        !said.ok && said.err.contains("no custom field 'nothing'"),
        "{}",
        said.err
    );
    let said = bring(
        &desk,
        "x.csv",
        b"subject,subject,requester.email\nx,y,a@import.test\n",
        None,
    );
    assert!(
        !said.ok && said.err.contains("2 columns 'subject'"),
        "{}",
        said.err
    );

    let map = r#"{"fields": {"subject": "Ticket Subject", "requester.email": "Customer Email"}, "ignore": ["Notes"]}"#;
    let said = bring(&desk, "columns.csv", text, Some(map));
    assert!(said.ok, "{}", said.err);
    assert!(
        said.out.contains("not imported: column Area"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("Notes"), "{}", said.out);
}

fn export(desk: &Desk) -> String {
    let out = binary()
        .args(["export", "tickets"])
        .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
        .output()
        .expect("runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// Two desks with the same people, teams and fields.
async fn furnished() -> Desk {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.users (role, name, email) values ('agent', 'Ada', 'ada@desk.test');
         insert into app.memberships (team_id, user_id) select t.id, u.id from app.teams t, app.users u where t.name = 'billing' and u.name = 'Ada';
         insert into app.organizations (name) values ('Größe, \"Inc.\"');
         insert into app.object_types (key, name, plural_name) values ('printer', 'Printer', 'Printers');
         insert into app.object_records (object_type_id, name, external_key) select id, 'LaserJet', 'P-1' from app.object_types;
         insert into app.object_records (object_type_id, name) select id, 'InkJet' from app.object_types;
         insert into app.skills (name) values ('French');
         insert into app.custom_fields (key, label, type, config) values
           ('note', 'Note', 'text', '{}'), ('long', 'Long', 'multiline', '{}'), ('count', 'Count', 'integer', '{}'),
           ('price', 'Price', 'decimal', '{}'), ('paid', 'Paid', 'boolean', '{}'), ('day', 'Day', 'date', '{}'),
           ('moment', 'Moment', 'datetime', '{}'),
           ('colours', 'Colours', 'multiselect', '{\"options\": [{\"value\": \"red\", \"label\": \"Red\"}, {\"value\": \"blue\", \"label\": \"Blue\"}]}'),
           ('friend', 'Friend', 'relation', '{\"target\": \"user\"}'), ('firm', 'Firm', 'relation', '{\"target\": \"organization\"}'),
           ('other', 'Other', 'relation', '{\"target\": \"ticket\"}'), ('printer', 'Printer', 'relation', '{\"target\": \"object:printer\"}');",
    )
    .await;
    desk
}

#[tokio::test]
async fn an_export_read_into_a_fresh_desk_exports_the_same() {
    let (desk, fresh) = (furnished().await, furnished().await);
    desk.run(
        "insert into app.users (role, name) values ('customer', 'No Address');
         insert into app.tickets (subject, description, requester_id, team_id, priority_id, type, channel, language, created_at, updated_at, first_reply_at, custom)
         select '  A subject, \"quoted\"; with blanks ', e'Line one\nline \"two\"\t=1+1\n', u.id, t.id, p.id, 'incident', 'email', 'de',
                '2026-01-02 03:04:05.678901+00', '2026-02-03 04:05:06.789012+00', '2026-01-02 04:00:00+00',
                jsonb_build_object('note', '  äöü, 返金; \"x\" ', 'long', e'a\nb', 'count', 42, 'price', 10.250, 'paid', false, 'day', '2026-03-04',
                  'moment', '2026-03-04T05:06:07Z', 'colours', '[\"red\", \"blue\"]'::jsonb, 'friend', u.id, 'firm', o.id, 'printer', r.id)
           from app.users u, app.teams t, app.priorities p, app.organizations o, app.object_records r
          where u.email = 'cleo@customer.test' and t.name = 'billing' and p.key = 'high' and r.external_key = 'P-1';
         insert into app.tickets (subject, description_html, requester_id, organization_id, team_id, assignee_id, external_id, status_id, created_at, updated_at, solved_at, closed_at, tag_ids, required_skills)
         select 'Closed', '<p>Hello <b>you</b></p>', u.id, o.id, t.id, a.id, 'EXT-1', s.id,
                '2025-01-02 03:04:05+00', '2025-02-03 04:05:06+00', '2025-02-01 00:00:00+00', '2025-02-02 00:00:00+00', '{}', jsonb_build_object(k.id, 2)
           from app.users u, app.users a, app.organizations o, app.teams t, app.statuses s, app.skills k
          where u.name = 'No Address' and a.name = 'Ada' and t.name = 'tech' and s.key = 'closed';
         insert into app.tags (name) values ('VIP'), ('a;b');
         update app.tickets set tag_ids = array(select id from app.tags order by id) where external_id is null;
         insert into app.tickets (subject, requester_id, created_at, updated_at) select 'Bare', id, '2026-05-01 00:00:00+00', '2026-05-01 00:00:00+00' from app.users where email = 'cleo@customer.test';
         update app.tickets set custom = custom || jsonb_build_object('other', (select id from app.tickets where subject = 'Bare')) where subject like '%quoted%';
         update app.tickets set custom = custom || jsonb_build_object('printer', (select id from app.object_records where name = 'InkJet'), 'colours', '[]'::jsonb) where subject = 'Bare';",
    )
    .await;
    let wanted = export(&desk);
    assert!(
        wanted.contains("VIP,a;b") && wanted.contains("ada@desk.test") && wanted.contains("P-1"),
        "{wanted}"
    );

    // What the fresh desk would make of new tickets does not touch these.
    fresh
        .run("insert into app.routing_rules (name, conditions, actions) values
                ('R', '{\"all\": []}', '[{\"add_tags\": [\"x\"]}, {\"set\": \"custom.note\", \"value\": \"by rule\"}, {\"require_skill\": \"French\", \"level\": 1}]');
              update app.custom_fields set default_value = '7' where key = 'count';
              update app.users set availability = 'online', capacity = 9 where name = 'Ada'")
        .await;
    let said = bring(&fresh, "export.csv", wanted.as_bytes(), None);
    let told = std::fs::read_to_string(
        std::env::temp_dir()
            .join(&fresh.database)
            .join("export.rejects.csv"),
    );
    assert!(
        said.out.starts_with("read 3 = imported 3"),
        "{}{}{told:?}",
        said.out,
        said.err
    );
    assert_eq!(
        said.out.lines().count(),
        1,
        "nothing was left out: {}",
        said.out
    );
    assert_eq!(export(&fresh), wanted);

    // Into its own desk it is there already.
    let said = bring(&desk, "export.csv", wanted.as_bytes(), None);
    assert!(
        said.out
            .starts_with("read 3 = imported 0 + already there 3"),
        "{}",
        said.out
    );
    assert_eq!(export(&desk), wanted);
    // History calls no trigger and tells nobody, whatever its channel.
    fresh
        .run("insert into app.triggers (position, name, conditions, actions) values (1, 'All', '{\"all\": []}', '[{\"add_tags\": [\"seen\"]}]')")
        .await;
    fresh.work("rules", "rule_cursor").await;
    assert_eq!(export(&fresh), wanted);
}

#[tokio::test]
async fn the_administrator_who_imports_an_export_is_in_the_history_and_an_agent_cannot() {
    let (desk, fresh) = (furnished().await, furnished().await);
    desk.ticket("One", "billing").await;
    let file = std::env::temp_dir().join(&fresh.database).join("as.csv");
    let admin = fresh.admin().await;
    let wanted = export(&desk);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(&file, &wanted).expect("writes");
    let out = import(&fresh, &file)
        .args(["--as", "root@desk.test"])
        .output()
        .expect("runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    assert_eq!(export(&fresh), wanted);
    let actor: i64 = fresh
        .one(
            "select actor_id from app.audit_log where table_name = 'tickets' and action = 'insert'",
        )
        .await;
    assert_eq!(actor, admin.id);

    let refused = fresh
        .refused("set role autocrm_agent; select api._import_ticket('{\"subject\": \"x\"}')")
        .await;
    assert_eq!(refused.0, "42501");
    fresh.run("reset role").await;
}
