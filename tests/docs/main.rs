//! The README's examples, taken from the README itself and run as they are written.

mod data;
mod examples;

use harness::desk::Desk;
use harness::{binary, root, setup, shell};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

const README: &str = include_str!("../../README.md");

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    README
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .collect()
}

/// The one block of a language that says this.
fn block(language: &str, about: &str) -> &'static str {
    let found: Vec<_> = blocks(language)
        .into_iter()
        .filter(|block| block.contains(about))
        .collect();
    assert_eq!(
        found.len(),
        1,
        "{about}: one {language} block of the README"
    );
    found[0]
}

/// Commands as a shell runs them, stopping at the first that fails; `autocrm` is the built one.
fn run(script: &str, variables: &[(&str, &str)]) -> String {
    let programs = PathBuf::from(binary().get_program())
        .parent()
        .map(|p| p.display().to_string())
        .unwrap_or_default();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command
        .args(["-euc", script])
        .env("PATH", format!("{programs}:{path}"));
    for (name, value) in variables {
        command.env(name, value);
    }
    shell::output(&mut command).unwrap_or_else(|error| panic!("{script}\n{error:#}"))
}

/// `psql` on the desk, for where the README has `cargo dev psql`.
fn psql(desk: &Desk, role: &str) -> String {
    let place = desk
        .admin_url()
        .replace("user=postgres", &format!("user={role}"));
    format!(
        "'{}' -XqAt -v ON_ERROR_STOP=1 -d '{place}'",
        setup::system_program("psql").display()
    )
}

async fn log_in(desk: &Desk, who: &str, password: &str) -> Value {
    let answer = desk
        .anonymous()
        .post("/api/session", json!({"email": who, "password": password}))
        .await;
    assert_eq!(answer.status(), 200, "{who} logs in");
    answer.json().await.expect("JSON")
}

#[tokio::test]
async fn the_people_of_the_demo_log_in_with_what_the_readme_says() {
    let desk = Desk::seeded().await;
    let (_, after) = README.split_once("log in as `").expect("a log-in");
    let (who, after) = after.split_once("` / `").expect("a password");
    let (password, _) = after.split_once('`').expect("a password");

    let session = log_in(&desk, who, password).await;

    let mut maya = desk.anonymous();
    maya.token = session["access_token"].as_str().map(str::to_owned);
    let queue = maya.read("/api/tickets").await;
    assert!(!queue["items"].as_array().expect("a queue").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_for_integrators_run_as_written() {
    let desk = Desk::seeded().await;
    let log_in = block("sh", "/api/session").replace("http://127.0.0.1:8080", &desk.address);
    let token = run(&format!("{log_in}\nprintf %s \"$TOKEN\""), &[]);
    let token = token.trim();
    assert_eq!(token.split('.').count(), 3, "a token: {token}");
    let script = block("sh", "/api/api-keys").replace("http://127.0.0.1:8080", &desk.address);
    let (make_key, use_key) = script.split_at(
        script
            .match_indices("curl ")
            .nth(1)
            .expect("two commands")
            .0,
    );
    // As in a terminal, with the answer alone and an error for a refusal.
    let quiet =
        |command: &str| command.replace("curl ", "curl -sS --max-time 20 --fail-with-body ");

    let made: Value =
        serde_json::from_str(&run(&quiet(make_key), &[("TOKEN", token)])).expect("JSON");
    let key = made["key"].as_str().expect("shows the key");
    let first: Value = serde_json::from_str(&run(&quiet(use_key), &[("KEY", key)])).expect("JSON");
    let again: Value = serde_json::from_str(&run(&quiet(use_key), &[("KEY", key)])).expect("JSON");

    assert_eq!(first["subject"], "Refund for order 4711");
    assert_eq!(first["requester"]["email"], "ada@example.com");
    assert_eq!(again["id"], first["id"], "the same key, the same ticket");
    let page = run(
        &format!(
            "curl -sS --max-time 20 --fail-with-body '{0}/api/docs' -o /dev/null; curl -sS --max-time 20 --fail-with-body '{0}/api/openapi.json'",
            desk.address
        ),
        &[],
    );
    assert!(page.contains("create_ticket"));
    let feed: Value = serde_json::from_str(&run(
        &format!(
            "curl -sS --max-time 20 --fail-with-body '{}/api/events' -H \"Authorization: Bearer $KEY\"",
            desk.address
        ),
        &[("KEY", key)],
    ))
    .expect("JSON");
    assert!(feed["cursor"].is_string());
}

#[tokio::test]
async fn the_examples_for_data_teams_run_as_written() {
    let desk = Desk::seeded().await;
    let written = block("sh", "cargo dev psql --as");
    let (name, rest) = written
        .split_once("--analyst ")
        .and_then(|(_, rest)| rest.split_once([' ', '\n']))
        .expect("a name");
    // Log-in roles belong to the whole cluster: this desk's has a name of its own.
    let login = format!("{name}_{}", desk.database);
    assert!(rest.contains("prints the password, once"));
    let script = written
        .replace(&format!("--analyst {name}"), &format!("--analyst {login}"))
        .replace(
            "cargo dev psql --as demo_analyst --",
            &psql(&desk, "demo_analyst"),
        );

    let said = run(
        &script,
        &[("AUTOCRM_ADMIN_DATABASE_URL", &desk.admin_url())],
    );

    let rows: Vec<(&str, i64)> = said
        .lines()
        .filter_map(|line| {
            let (status, n) = line.split_once('|')?;
            Some((status, n.parse().ok()?))
        })
        .collect();
    let all: i64 = desk.one("select count(*) from app.tickets").await;
    assert_eq!(rows.iter().map(|(_, n)| n).sum::<i64>(), all, "{said}");
    assert!(rows.len() > 1, "{said}");
    // The new log-in is one, limited like every other.
    let ann = desk.log_in(&login).await;
    assert!(ann.query("select from api.tickets", &[]).await.is_ok());
    assert!(ann.execute("delete from app.tickets", &[]).await.is_err());
    drop(ann);
    desk.run(&format!("drop owned by {login}; drop role {login}"))
        .await;
}

#[tokio::test]
async fn the_examples_for_sql_prompts_run_as_written() {
    let desk = Desk::seeded().await;
    let mut script = block("sh", "--login ada").to_owned();
    let mut logins = Vec::new();
    for name in ["tess", "ada", "root"] {
        let login = format!("{name}_{}", desk.database);
        script = script
            .replace(
                &format!("--analyst {name} "),
                &format!("--analyst {login} "),
            )
            .replace(&format!("--login {name}"), &format!("--login {login}"));
        logins.push(login);
    }
    run(
        &script,
        &[("AUTOCRM_ADMIN_DATABASE_URL", &desk.admin_url())],
    );
    desk.run("insert into app.tags (name) values ('refund') on conflict do nothing")
        .await;

    let ada = desk.log_in(&logins[1]).await;
    ada.batch_execute(block("sql", "api.create_message("))
        .await
        .expect("an agent's work");
    for (limit, is) in [
        ("prompt_statement_seconds", 300),
        ("prompt_transaction_seconds", 900),
        ("prompt_idle_seconds", 60),
        ("prompt_write_seconds", 15),
    ] {
        assert!(README.contains(&format!("{is} s (`{limit}`)")), "{limit}");
        assert_eq!(
            desk.one::<i32>(&format!("select {limit} from app.settings"))
                .await,
            is
        );
    }
    let root = desk.log_in(&logins[2]).await;
    root.batch_execute("explain select from app.tickets")
        .await
        .expect("sees all");
    for works_too in ["api.create_macro(", "api.search_tickets("] {
        root.batch_execute(block("sql", works_too))
            .await
            .unwrap_or_else(|error| panic!("{works_too} {error:?}"));
    }
    let tess = desk.log_in(&logins[0]).await;
    for (person, sees_all) in [(&ada, false), (&tess, false), (&root, true)] {
        let count: i64 = person
            .query_one("select count(*) from app.tickets", &[])
            .await
            .expect("reads")
            .get(0);
        let all: i64 = desk
            .one("select count(*) from app.tickets where deleted_at is null")
            .await;
        assert_eq!(count == all, sees_all);
        assert!(count > 0);
    }
    drop((ada, root, tess));
    for login in logins {
        desk.run(&format!("drop owned by {login}; drop role {login}"))
            .await;
    }
}

#[tokio::test]
async fn the_rule_for_admins_is_accepted_and_works_and_a_bad_one_names_each_mistake() {
    let desk = Desk::seeded().await;
    let rule = block("sql", "app.routing_rules");
    desk.run(rule).await;
    let admin = desk.admin().await;

    let ticket: Value = admin
        .post("/api/tickets", json!({"subject": "Where is my refund?"}))
        .await
        .json()
        .await
        .expect("a ticket");

    assert_eq!(ticket["team"]["name"], "Billing");
    assert_eq!(ticket["priority"], "high");
    let bad = rule
        .replace("\"subject\"", "\"colour\"")
        .replace("\"set\": \"priority\"", "\"set\": \"size\"");
    assert_ne!(bad, rule);
    let error = desk
        .sql()
        .batch_execute(&bad)
        .await
        .expect_err("a bad rule is refused");
    let detail = error
        .as_db_error()
        .and_then(|e| e.detail())
        .unwrap_or_default();
    assert!(
        detail.contains("conditions.any[0].field: ") && detail.contains("actions[1].set: "),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_business_hours_for_admins_are_accepted_and_counted_with() {
    let desk = Desk::seeded().await;
    desk.run(block("sql", "app.schedules")).await;
    let monday: i64 = desk
        .one("select autocrm.business_seconds('2026-01-05 00:00Z', '2026-01-12 00:00Z', id) from app.schedules where name = 'Office'")
        .await;
    assert_eq!(monday, 8 * 3600);
}

#[tokio::test]
async fn metrics_are_read_as_the_readme_says() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("One", "billing").await;
    desk.run(&format!("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {ticket}"))
        .await;
    desk.work("metrics", "metric_cursor").await;
    let root = desk.at_prompt("admin", None).await;
    let rows = root
        .query(block("sql", "reporting.metrics"), &[])
        .await
        .expect("metrics");
    let row = rows.first().expect("a team");
    assert_eq!(row.get::<_, &str>(0), "billing");
}

#[test]
fn every_command_that_the_readme_names_is_one() {
    let dev = PathBuf::from(binary().get_program()).with_file_name("dev");
    let known = shell::output(Command::new(dev).arg("--help")).expect("cargo dev");
    let mut named = BTreeSet::new();
    for after in README.split("cargo dev ").skip(1) {
        let word: String = after.chars().take_while(char::is_ascii_lowercase).collect();
        named.insert(word);
    }
    let (_, list) = README
        .split_once("lists the rest: ")
        .expect("the rest of the commands");
    let (list, _) = list.split_once(". ").unwrap_or((list, ""));
    let listed = list.split('.').next().unwrap_or_default();
    named.extend(
        listed
            .split('`')
            .skip(1)
            .step_by(2)
            .filter_map(|command| command.split_whitespace().next().map(str::to_owned)),
    );
    named.remove("");
    assert!(named.len() > 5, "{named:?}");
    for command in named {
        assert!(
            known
                .lines()
                .any(|line| line.split_whitespace().next() == Some(command.as_str())),
            "cargo dev {command} is no command"
        );
    }
    let import = shell::output(binary().args(["import", "tickets", "--help"])).expect("import");
    assert!(import.contains("--map"));
}

/// Paths in links and in backticks, up to the first part that stands for something else.
#[test]
fn every_file_that_the_readme_points_at_exists() {
    let links = README
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://"));
    let quoted = README
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|code| code.split("::").next().unwrap_or_default())
        .filter(|code| {
            [
                "api/",
                "sql/",
                "extension/",
                "web/",
                "tests/",
                "migrations/",
                "docs/",
            ]
            .iter()
            .any(|folder| code.starts_with(folder))
        });
    let mut seen = 0;
    for path in links.chain(quoted) {
        let real = path.split(['<', '…']).next().unwrap_or_default();
        let real = if real == path {
            real
        } else {
            real.rsplit_once('/').map_or(real, |(folder, _)| folder)
        };
        assert!(root().join(real).exists(), "{path} is not there");
        seen += 1;
    }
    assert!(seen > 10, "the README points at files");
}

/// The maps in docs/import can be read: a dry run of a file with only a header.
#[tokio::test]
async fn every_map_in_the_documentation_of_the_import_is_one() {
    let desk = Desk::open().await;
    let folder = std::env::temp_dir().join(&desk.database);
    std::fs::create_dir_all(&folder).expect("a folder");
    let empty = folder.join("empty.csv");
    std::fs::write(&empty, "id\n").expect("writes");
    let mut maps = 0;
    for entry in std::fs::read_dir(root().join("docs/import")).expect("maps") {
        let map = entry.expect("a map").path();
        if map.extension().is_some_and(|e| e == "json") {
            let out = binary()
                .args(["import", "tickets", "--dry-run", "--map"])
                .arg(&map)
                .arg(&empty)
                .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
                .output()
                .expect("runs");
            assert!(
                out.status.success(),
                "{}: {}",
                map.display(),
                String::from_utf8_lossy(&out.stderr)
            );
            maps += 1;
        }
    }
    assert!(maps > 0);
}
