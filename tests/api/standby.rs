//! Reads write nothing: none takes a transaction id, and all work on a streaming standby.

use harness::cluster::{Cluster, free_port};
use harness::desk::{SECRET, sign_in};
use harness::tree::{SYSTEM, Tree};
use harness::{binary, setup, shell};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio_postgres::{Client, SimpleQueryMessage};

const DATABASE: &str = "autocrm";

/// One of everything, so that reads have something to find.
const DESK: &str = "
  alter system set autovacuum = off;
  insert into app.teams (name) values ('billing');
  insert into app.organizations (name) values ('Acme');
  insert into app.tags (name) values ('one'), ('two');
  insert into app.custom_fields (key, label, type, default_value) values ('f', 'F', 'text', '\"x\"');
  insert into app.skills (name) values ('s');
  insert into app.schedules (name, time_zone) values ('s', 'UTC');
  insert into app.macros (name) values ('m');
  insert into app.routing_rules (name, conditions) values ('r', '{\"any\": []}');
  insert into app.triggers (name) values ('t');
  insert into app.automations (name) values ('a');
  insert into app.sla_policies (name) values ('s');
  insert into app.retention_policies (name, since, days, action) values ('r', 'closed', 30, 'delete');
  insert into app.erasures (user_id, status) values (99, 'done');
  insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
  insert into app.object_fields (object_type_id, key, label, type) values (1, 'serial', 'Serial', 'text');
  insert into app.object_records (object_type_id, name) values (1, 'Laptop');
  insert into app.ticket_forms (name) values ('Repair');
  insert into app.users (role, name, email, organization_id) values ('customer', 'Cleo', 'cleo@customer.test', 1);
  insert into app.tickets (subject, description, requester_id, team_id, tag_ids)
  select 'Ticket ' || n, 'Hello there', u.id, 1, '{1}' from app.users u, generate_series(1, 3) n where u.email = 'cleo@customer.test';
  insert into app.ticket_links (kind, ticket_id, other_id) values ('related', 1, 2);
  update app.tickets set status_id = (select id from app.statuses where category = 'closed') where id = 3;
  select app.archive_ticket(3, '{}');
  insert into app.legal_holds (name, organization_id) values ('h', 1)";

/// A served database.
struct Site {
    api: Child,
    address: String,
}

impl Site {
    async fn open(url: &str, token: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let mut command: Command = binary();
        let api = command
            .arg("serve")
            .env("AUTOCRM_LISTEN", format!("127.0.0.1:{port}"))
            .env("AUTOCRM_DATABASE_URL", url)
            .env("AUTOCRM_SECRET", SECRET)
            .env("RUST_LOG", "off")
            .spawn()
            .expect("serves");
        let site = Self {
            api,
            address: format!("http://127.0.0.1:{port}"),
        };
        let until = Instant::now() + Duration::from_secs(30);
        while !site
            .get("/api/me", token)
            .await
            .is_ok_and(|(s, _)| s == 200)
        {
            assert!(Instant::now() < until, "the API does not get ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        site
    }

    async fn get(&self, path: &str, token: &str) -> reqwest::Result<(u16, String)> {
        let answer = reqwest::Client::new()
            .get(format!("{}{path}", self.address))
            .bearer_auth(token)
            .send()
            .await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.api.kill();
        let _ = self.api.wait();
    }
}

/// The clusters of one test; removed with it.
struct Pair {
    tree: Tree,
    primary: Cluster,
    standby: Option<(PathBuf, PathBuf, u16)>,
}

impl Pair {
    fn open() -> Self {
        let tree = Tree::prepare().expect("PostgreSQL");
        let name = format!("standby-{}", std::process::id()).leak();
        let mut primary = Cluster::new(name, true).expect("a cluster");
        primary.start(&tree, false).expect("starts");
        let path = PathBuf::from(binary().get_program().to_owned());
        setup::migrate(&primary, &path, DATABASE).expect("migrates");
        Self {
            tree,
            primary,
            standby: None,
        }
    }

    /// Copies the primary and follows it.
    fn follow(&mut self) {
        let dir = std::env::temp_dir().join(format!("autocrm-standby-{}", std::process::id()));
        let run = dir.join("run");
        std::fs::create_dir_all(&run).expect("a directory");
        if shell::is_root() {
            shell::output(Command::new("chown").arg("-R").arg("postgres").arg(&dir)).expect("owns");
        }
        let data = dir.join("data");
        let primary = &self.primary;
        shell::output(
            shell::as_postgres(&Path::new(SYSTEM).join("bin/pg_basebackup"))
                .args(["-U", "postgres", "-R", "-X", "stream", "-c", "fast", "-h"])
                .arg(&primary.run)
                .args(["-p", &primary.port.to_string(), "-D"])
                .arg(&data),
        )
        .expect("copies");
        let port = free_port(54_329..=54_529).expect("a port");
        self.standby = Some((data.clone(), run.clone(), port));
        shell::output(
            shell::as_postgres(&self.tree.program("pg_ctl"))
                .arg("-D")
                .arg(&data)
                .arg("-o")
                .arg(format!(
                    "-k {} -p {port} -c listen_addresses= -c shared_preload_libraries=autocrm -c hot_standby=on -c max_connections=200",
                    run.display()
                ))
                .arg("-l")
                .arg(dir.join("data/server.log"))
                .args(["-w", "-t", "60", "-s", "start"])
                .stdout(Stdio::null()),
        )
        .expect("follows");
    }

    fn standby_url(&self, user: &str) -> String {
        let (_, run, port) = self.standby.as_ref().expect("follows");
        format!(
            "host={} port={port} user={user} dbname={DATABASE}",
            run.display()
        )
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        if let Some((data, run, _)) = &self.standby {
            let _ = shell::output(
                shell::as_postgres(&self.tree.program("pg_ctl"))
                    .arg("-D")
                    .arg(data)
                    .args(["-m", "immediate", "-w", "-s", "stop"]),
            );
            let _ = std::fs::remove_dir_all(run.parent().expect("a directory"));
        }
        let _ = self.primary.remove(&self.tree);
        let _ = std::fs::remove_dir_all(&self.primary.run);
    }
}

async fn connect(url: &str) -> Client {
    autocrm_api::db::connect(url).await.expect("connects")
}

/// Every GET that the description knows, with the first of everything in its path.
fn reads() -> Vec<String> {
    let description: Value = serde_json::from_str(&autocrm_api::openapi::json()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let reads = paths.iter().filter(|(_, item)| item.get("get").is_some());
    reads
        .map(|(path, _)| {
            let mut filled = String::new();
            for (i, part) in path.split(['{', '}']).enumerate() {
                filled.push_str(match (i % 2, part) {
                    (1, "kind") => "reply",
                    (1, _) => "1",
                    (_, part) => part,
                });
            }
            filled.replace("/api/search", "/api/search?q=hello")
        })
        .collect()
}

/// What people read at a SQL prompt, one statement each.
const PROMPTS: [&str; 9] = [
    "select * from api.tickets order by id",
    "select * from app.messages order by id",
    "select api.list_tickets('{\"sort\": \"-id\", \"limit\": 2}')",
    "select api.get_ticket(1)",
    "select api.list_messages(1, '{}')",
    "select api.search_tickets('{\"q\": \"hello\"}')",
    "select api.list_views('{}')",
    "select autocrm.explain_routing(1)",
    "select * from reporting.tickets order by 1",
];

/// What a statement answers: its rows, or the code of its refusal.
async fn answer(client: &Client, sql: &str) -> String {
    match client.simple_query(sql).await {
        Ok(messages) => messages
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => {
                    let values: Vec<_> = (0..row.len()).map(|at| row.get(at)).collect();
                    Some(format!("{values:?}"))
                }
                _ => None,
            })
            .collect(),
        Err(error) => format!("{:?}", error.code()),
    }
}

/// Without what is of the moment: what a cursor begins with, and when somebody or something was last there.
fn lasting(body: &str) -> Value {
    fn without(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|key, _| !OF_THE_MOMENT.contains(&key.as_str()));
                members.values_mut().for_each(without);
            }
            Value::Array(items) => items.iter_mut().for_each(without),
            _ => {}
        }
    }
    const OF_THE_MOMENT: [&str; 4] = ["cursor", "last_used_at", "last_seen_at", "request_id"];
    let mut value = serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()));
    without(&mut value);
    value
}

/// Whether two servers tell the same. How a server fares is its own.
fn same(path: &str, status: u16, one: &str, other: &str) -> bool {
    status >= 400 || path == "/api/health" || lasting(one) == lasting(other)
}

async fn next_xid(sql: &Client) -> i64 {
    sql.query_one(
        "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
        &[],
    )
    .await
    .expect("reads")
    .get(0)
}

#[tokio::test]
async fn no_read_takes_a_transaction_id_and_all_of_them_work_on_a_standby() {
    let mut pair = Pair::open();
    let sql = connect(&pair.primary.url("postgres", DATABASE)).await;
    for statement in DESK.split(';') {
        sql.batch_execute(statement).await.expect(statement);
    }
    sql.batch_execute("select pg_reload_conf()")
        .await
        .expect("reloads");
    let mut people = Vec::new();
    for (who, role, name, access) in [
        ("admin", "admin", "Root", "all"),
        ("agent", "agent", "Ada", "all"),
        ("agent of a team", "agent", "Bob", "teams"),
        ("customer", "customer", "Cora", "teams"),
    ] {
        let person = sign_in(&sql, "", role, name, access).await;
        people.push((who, person.token.expect("a token")));
    }
    let mut prompts = Vec::new();
    for role in ["admin", "agent", "analyst"] {
        let login = format!("{role}_at_prompt");
        sql.batch_execute(&format!(
            "create role {login} login in role autocrm_{role};
             insert into app.users (role, name, pg_role, ticket_access) values ('{role}', 'At a prompt', '{login}', 'teams')"
        ))
        .await
        .expect("a log-in");
        prompts.push(login);
    }
    sql.batch_execute(
        "insert into app.memberships (team_id, user_id) select 1, id from app.users where name in ('Bob', 'At a prompt')",
    )
    .await
    .expect("they see the team's tickets");
    let first = people[0].1.clone();
    let primary = Site::open(&pair.primary.url("autocrm_api", DATABASE), &first).await;

    // A key's first request in a minute notes that it is used.
    let made = reqwest::Client::new()
        .post(format!("{}/api/api-keys", primary.address))
        .bearer_auth(&first)
        .json(&serde_json::json!({"name": "k", "scopes": ["tickets:read", "users:read", "objects:read"]}))
        .send()
        .await
        .expect("answers");
    let made: Value = made.json().await.expect("a key");
    let key = made["key"]
        .as_str()
        .unwrap_or_else(|| panic!("{made}"))
        .to_owned();
    primary.get("/api/tickets", &key).await.expect("answers");
    people.push(("key", key));

    let mut wrong = Vec::new();
    let mut expected = Vec::new();
    for (role, token) in &people {
        for path in reads() {
            // The API's own rounds may write at the same moment; a read that takes an id takes one every time.
            let (mut status, mut body, mut takes) = (0, String::new(), true);
            for _ in 0..3 {
                let before = next_xid(&sql).await;
                (status, body) = primary.get(&path, token).await.expect("answers");
                takes = next_xid(&sql).await != before;
                if !takes {
                    break;
                }
            }
            // What is refused is audited, and that is a write.
            if takes && status < 400 {
                wrong.push(format!("{role}: GET {path} takes a transaction id"));
            }
            if status >= 500 && status != 503 {
                wrong.push(format!("{role}: GET {path} is {status}: {body}"));
            }
            expected.push((*role, token.clone(), path, status, body));
        }
    }
    let mut answers = Vec::new();
    for login in &prompts {
        let client = connect(&pair.primary.url(login, DATABASE)).await;
        for statement in PROMPTS {
            let (mut told, mut takes) = (String::new(), true);
            for _ in 0..3 {
                let before = next_xid(&sql).await;
                told = answer(&client, statement).await;
                takes = next_xid(&sql).await != before;
                if !takes {
                    break;
                }
            }
            if takes {
                wrong.push(format!("{login}: {statement} takes a transaction id"));
            }
            answers.push((login, statement, told));
        }
    }
    let served = answers
        .iter()
        .filter(|(.., told)| told.contains("Ticket 1"));
    assert!(served.count() >= 8, "{answers:?}");

    pair.follow();
    let standby = connect(&pair.standby_url("postgres")).await;
    let recovering: bool = standby
        .query_one("select pg_is_in_recovery()", &[])
        .await
        .expect("reads")
        .get(0);
    assert!(recovering, "it follows");
    let copy = Site::open(&pair.standby_url("autocrm_api"), &first).await;
    for (role, token, path, status, body) in expected {
        let (there, mut copied) = copy.get(&path, &token).await.expect("answers");
        let mut body = body;
        // Refusals have been audited since.
        for _ in 0..20 {
            if same(&path, status, &copied, &body) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            (_, body) = primary.get(&path, &token).await.expect("answers");
            (_, copied) = copy.get(&path, &token).await.expect("answers");
        }
        if there != status || !same(&path, status, &copied, &body) {
            wrong.push(format!(
                "{role}: GET {path} is {there} on the standby, {status} on the primary: {copied} for {body}"
            ));
        }
    }
    for (login, statement, told) in answers {
        let client = connect(&pair.standby_url(login)).await;
        let copied = answer(&client, statement).await;
        if copied != told {
            wrong.push(format!("{login}: {statement}: {copied} for {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
