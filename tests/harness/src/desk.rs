//! A desk for one test: a database of its own, cloned from the template, and the real API over it.

use anyhow::{Context, Result};
use autocrm_api::config::Config;
use autocrm_api::{auth, db, serve};
use clap::Parser;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::oneshot;
use tokio_postgres::Client;

pub const SECRET: &str = "only-for-tests-only-for-tests-only-for-tests";
static NEXT: AtomicU64 = AtomicU64::new(0);
const TEMPLATE: &str = "autocrm_template";
const SEEDED: &str = "autocrm_seeded";
/// Seeding takes seconds, so each run does it once.
static SEEDING: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();

/// Read as the program reads them: what a test does not set has its default.
#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

pub struct Desk {
    pub database: String,
    pub address: String,
    /// As its server has it.
    pub config: Config,
    admin: Client,
    stop: Option<oneshot::Sender<()>>,
}

fn url(user: &str, database: &str) -> String {
    let run = std::env::var("AUTOCRM_TEST_RUN")
        .unwrap_or_else(|_| crate::root().join(".dev/run/test").display().to_string());
    let port = std::env::var("AUTOCRM_TEST_PORT")
        .ok()
        .or_else(|| std::fs::read_to_string(PathBuf::from(&run).join("port")).ok())
        .unwrap_or_else(|| "54329".into());
    format!(
        "host={run} port={} user={user} dbname={database}",
        port.trim()
    )
}

/// The socket of the test cluster.
pub fn cluster_address() -> PathBuf {
    let url = url("postgres", "postgres");
    let of = |key: &str| {
        url.split(' ')
            .find_map(|part| part.strip_prefix(key))
            .unwrap_or_default()
            .to_owned()
    };
    PathBuf::from(of("host=")).join(format!(".s.PGSQL.{}", of("port=")))
}

/// Where this desk keeps what is uploaded.
fn files(database: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{database}_files"))
}

async fn seed() {
    let server = db::connect(&url("postgres", "postgres"))
        .await
        .expect("the test cluster runs; see cargo dev test");
    for statement in [
        format!("drop database if exists {SEEDED} with (force)"),
        format!("create database {SEEDED} template {TEMPLATE} strategy file_copy"),
    ] {
        server
            .batch_execute(&statement)
            .await
            .expect("the template is there; see cargo dev test");
    }
    crate::shell::output(
        crate::binary()
            .arg("seed")
            .env("AUTOCRM_ADMIN_DATABASE_URL", url("postgres", SEEDED)),
    )
    .expect("the demo desk");
}

impl Desk {
    /// # Panics
    /// When the test cluster does not run: `cargo dev test` starts it.
    pub async fn open() -> Self {
        Self::try_open()
            .await
            .expect("the test cluster runs and has its template; see cargo dev test")
    }

    /// A desk with the demo's people, rules and tickets.
    ///
    /// # Panics
    /// When the test cluster does not run, or the seed cannot be laid out.
    pub async fn seeded() -> Self {
        SEEDING.get_or_init(seed).await;
        Self::clone_of(SEEDED, "")
            .await
            .expect("the seeded desk can be cloned")
    }

    async fn try_open() -> Result<Self> {
        Self::clone_of(
            TEMPLATE,
            "insert into app.teams (name) values ('billing'), ('tech');
             insert into app.users (role, name, email) values ('customer', 'Cleo Customer', 'cleo@customer.test')",
        )
        .await
    }

    async fn clone_of(template: &str, people: &str) -> Result<Self> {
        let database = format!(
            "desk_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let server = db::connect(&url("postgres", "postgres")).await?;
        server
            .batch_execute(&format!(
                "create database {database} template {template} strategy file_copy"
            ))
            .await?;
        let admin = db::connect(&url("postgres", &database)).await?;
        admin
            .batch_execute(&format!(
                "grant connect on database {database} to autocrm_api, autocrm_analyst, autocrm_agent, autocrm_admin;
                 {people}"
            ))
            .await?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let settings = Settings::parse_from([
            "desk",
            "--database-url",
            &url("autocrm_api", &database),
            "--secret",
            SECRET,
            "--web-dir",
            &crate::root().join("web/dist").display().to_string(),
            "--db-connections",
            "4",
            "--files",
            &files(&database).display().to_string(),
        ]);
        let (stop, stopped) = oneshot::channel::<()>();
        let config = settings.config.clone();
        tokio::spawn(serve::serve(listener, settings.config, async move {
            let _ = stopped.await;
        }));
        Ok(Self {
            database,
            address,
            config,
            admin,
            stop: Some(stop),
        })
    }

    /// The owner's connection, past every policy.
    pub fn sql(&self) -> &Client {
        &self.admin
    }

    /// Runs rounds of the worker, `select worker.run_<round>()`, until its cursor has heard of everything that
    /// happened.
    pub async fn work(&self, round: &str, cursor: &str) {
        for _ in 0..1500 {
            while self
                .one::<bool>(&format!("select worker.run_{round}()"))
                .await
            {}
            let heard: bool = self
                .one(&format!(
                    "select not exists (select from app.events e, app.{cursor} c where not pg_visible_in_snapshot(e.xid, c.seen))"
                ))
                .await;
            if heard {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the worker never came to an end");
    }

    /// Returns once so many transactions of this desk wait for a lock that another one holds.
    ///
    /// # Panics
    /// When they do not within half a minute.
    pub async fn blocked(&self, transactions: i64) {
        for _ in 0..3000 {
            let blocked: i64 = self
                .one(
                    "select count(*) from pg_stat_activity
                      where datname = current_database() and wait_event_type = 'Lock'",
                )
                .await;
            if blocked >= transactions {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("{transactions} transactions should wait for a lock, and do not");
    }

    /// Returns once every transaction of the cluster has ended that runs now, those of other desks too: audit rows
    /// of later transactions alone cannot be sealed then.
    ///
    /// # Panics
    /// When one of them takes longer than two minutes.
    pub async fn outlive_transactions(&self) {
        let now: String = self.one("select pg_current_xact_id()::text").await;
        for _ in 0..6000 {
            let ended: bool = self
                .one(&format!(
                    "select pg_snapshot_xmin(pg_current_snapshot()) > '{now}'::xid8"
                ))
                .await;
            if ended {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("a transaction of the cluster does not end");
    }

    pub async fn one<T: for<'a> tokio_postgres::types::FromSql<'a>>(&self, sql: &str) -> T {
        first(&self.admin, sql).await
    }

    pub async fn run(&self, sql: &str) {
        self.admin
            .batch_execute(sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The code and the detail with which the database refuses this.
    pub async fn refused(&self, sql: &str) -> (String, String) {
        let error = self.admin.batch_execute(sql).await.expect_err(sql);
        let error = error.as_db_error().expect("by the database");
        (
            error.code().code().to_owned(),
            error.detail().unwrap_or_default().to_owned(),
        )
    }

    pub fn anonymous(&self) -> Person {
        Person {
            address: self.address.clone(),
            token: None,
            id: 0,
            http: reqwest::Client::new(),
        }
    }

    pub async fn admin(&self) -> Person {
        self.person("admin", "Root", "all").await
    }

    /// An agent who sees the tickets of their teams.
    pub async fn agent(&self, name: &str, team: &str) -> Person {
        let person = self.person("agent", name, "teams").await;
        self.join(person.id, team).await;
        person
    }

    async fn join(&self, user: i64, team: &str) {
        self.run(&format!("insert into app.memberships (team_id, user_id) select id, {user} from app.teams where name = '{team}'")).await;
    }

    pub async fn person(&self, role: &str, name: &str, access: &str) -> Person {
        sign_in(&self.admin, &self.address, role, name, access).await
    }

    /// An integration with a key of these scopes.
    pub async fn key(&self, scopes: &[&str], team: Option<&str>) -> Person {
        let admin = self.admin_again().await;
        let team_ids: Value = match team {
            Some(name) => json!([self
                .one::<i64>(&format!("select id from app.teams where name = '{name}'"))
                .await]),
            None => Value::Null,
        };
        let made = admin
            .post(
                "/api/api-keys",
                json!({"name": "integration", "scopes": scopes, "team_ids": team_ids}),
            )
            .await;
        let body: Value = made.json().await.expect("a key");
        let token = body["key"].as_str().map(str::to_owned);
        Person {
            address: self.address.clone(),
            token,
            id: body["user_id"].as_i64().unwrap_or_default(),
            http: reqwest::Client::new(),
        }
    }

    async fn admin_again(&self) -> Person {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        self.person("admin", &format!("Root{n}"), "all").await
    }

    /// A ticket in a team, made past the API.
    pub async fn ticket(&self, subject: &str, team: &str) -> i64 {
        self.one(&format!(
            "insert into app.tickets (subject, description, requester_id, team_id)
             select '{subject}', 'A description', u.id, t.id from app.users u, app.teams t
              where u.email = 'cleo@customer.test' and t.name = '{team}' returning id"
        ))
        .await
    }

    /// A data team's own log-in, and their connection.
    pub async fn analyst(&self, team: Option<&str>) -> Client {
        let login = format!("ann_{}", self.database);
        self.run(&format!(
            "create role {login} login in role autocrm_analyst;
             insert into app.users (role, name, pg_role, ticket_access) values ('analyst', 'Ann', '{login}', '{}')",
            if team.is_some() { "teams" } else { "all" }
        ))
        .await;
        if let Some(team) = team {
            let id: i64 = self
                .one(&format!(
                    "select id from app.users where pg_role = '{login}'"
                ))
                .await;
            self.join(id, team).await;
        }
        self.log_in(&login).await
    }

    /// An agent or admin at a SQL prompt, and their connection.
    pub async fn at_prompt(&self, role: &str, team: Option<&str>) -> Client {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let login = format!("{role}_{n}_{}", self.database);
        self.run(&format!(
            "create role {login} login in role autocrm_{role};
             insert into app.users (role, name, pg_role, ticket_access) values ('{role}', 'Prompt', '{login}', '{}')",
            if team.is_some() { "teams" } else { "all" }
        ))
        .await;
        if let Some(team) = team {
            let id: i64 = self
                .one(&format!(
                    "select id from app.users where pg_role = '{login}'"
                ))
                .await;
            self.join(id, team).await;
        }
        self.log_in(&login).await
    }

    /// A connection as this PostgreSQL role.
    pub async fn log_in(&self, role: &str) -> Client {
        db::connect(&url(role, &self.database))
            .await
            .expect("logs in")
    }

    /// The API's connection in a transaction that acts as this agent, to reach the tables themselves.
    pub async fn acting_as(&self, agent: &Person) -> Client {
        let client = self.log_in("autocrm_api").await;
        client
            .batch_execute(&format!(
                "begin; select set_config('role', 'autocrm_agent', true), set_config('request.jwt.claims', '{}', true)",
                agent.claims()
            ))
            .await
            .expect("an identity");
        client
    }

    /// As `log_in`, where it may be refused.
    pub async fn try_log_in(&self, role: &str) -> Result<Client> {
        db::connect(&url(role, &self.database)).await
    }

    /// A connection to another database of the cluster.
    pub async fn log_in_to(&self, role: &str, database: &str) -> Client {
        db::connect(&url(role, database)).await.expect("logs in")
    }

    /// The same with settings that the connection brings along.
    pub async fn log_in_with(&self, role: &str, options: &str) -> Client {
        self.try_log_in_with(role, options).await.expect("logs in")
    }

    /// The same where it may be refused.
    pub async fn try_log_in_with(&self, role: &str, options: &str) -> Result<Client> {
        db::connect(&format!(
            "{} options='{options}'",
            url(role, &self.database)
        ))
        .await
    }

    pub fn admin_url(&self) -> String {
        url("postgres", &self.database)
    }

    pub fn files(&self) -> PathBuf {
        files(&self.database)
    }

    /// The connection of a server of its own on this desk.
    pub fn api_url(&self) -> String {
        url("autocrm_api", &self.database)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = std::fs::remove_dir_all(self.files());
        // A child process: the runtime may be gone already.
        let mut parts = String::new();
        for pair in url("postgres", "postgres").split(' ') {
            let _ = write!(parts, "{pair} ");
        }
        let _ = Command::new("psql")
            .args(["-qX", "-d", parts.trim(), "-c"])
            .arg(format!(
                "drop database if exists {} with (force)",
                self.database
            ))
            .output();
    }
}

/// A user of this name with a session on a served desk; `sql` is the owner's connection.
pub async fn sign_in(sql: &Client, address: &str, role: &str, name: &str, access: &str) -> Person {
    let id: i64 = first(
        sql,
        &format!(
            "insert into app.users (role, name, email, ticket_access) values ('{role}', '{name}', '{}@desk.test', '{access}') returning id",
            name.to_lowercase()
        ),
    )
    .await;
    let hash = hex::encode(auth::sha256(&format!("{name}{id}")));
    let sid: String = first(
        sql,
        &format!(
            "insert into app.sessions (user_id, refresh_hash, expires_at) values ({id}, decode('{hash}', 'hex'), now() + interval '1 day') returning id::text"
        ),
    )
    .await;
    let claims = auth::Claims {
        sub: id.to_string(),
        role: role.into(),
        sid,
        exp: 4_000_000_000,
    };
    let token = auth::sign(SECRET, &claims).expect("signs");
    Person {
        address: address.to_owned(),
        token: Some(token),
        id,
        http: reqwest::Client::new(),
    }
}

/// The one value that a query answers.
async fn first<T: for<'a> tokio_postgres::types::FromSql<'a>>(client: &Client, sql: &str) -> T {
    client
        .query_one(sql, &[])
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

/// Somebody who uses the API.
#[derive(Clone)]
pub struct Person {
    address: String,
    pub token: Option<String>,
    pub id: i64,
    http: reqwest::Client,
}

impl Person {
    /// What the API tells the database of them: the claims of their log-in, or the hash of their key.
    ///
    /// # Panics
    /// When they have no token.
    pub fn claims(&self) -> Value {
        let token = self.token.as_deref().expect("a token");
        if token.starts_with("ak_") {
            return json!({"key": hex::encode(auth::sha256(token))});
        }
        let claims = auth::verify(SECRET, token).expect("claims");
        json!({"sub": claims.sub, "role": claims.role, "sid": claims.sid})
    }

    /// For requests of shapes that are none of those below.
    pub fn client(&self) -> &reqwest::Client {
        &self.http
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Response {
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.expect("the API answers")
    }

    /// The same request when the API may be gone; `None` when no answer came.
    pub async fn try_post(
        &self,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Option<Response> {
        let mut request = self.http.post(format!("{}{path}", self.address)).json(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.ok()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub async fn patch(&self, path: &str, body: Value, version: Option<i64>) -> Response {
        let tag = version.map(|v| format!("\"{v}\"")).unwrap_or_default();
        let headers: &[(&str, &str)] = if version.is_some() {
            &[("if-match", &tag)]
        } else {
            &[]
        };
        self.send(Method::PATCH, path, Some(body), headers).await
    }

    /// What a POST that must succeed has made.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn create(&self, path: &str, body: Value) -> Value {
        let reply = self.post(path, body).await;
        let status = reply.status();
        let made: Value = reply.json().await.expect("JSON");
        assert_eq!(status, 201, "{path}: {made}");
        made
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// The JSON of a read that must succeed.
    pub async fn read(&self, path: &str) -> Value {
        self.get(path)
            .await
            .json()
            .await
            .context("JSON")
            .expect("an answer")
    }
}

/// The paths of everything that a refusal names, in its order.
///
/// # Panics
/// When it names nothing.
pub fn problem_paths(problem: &Value) -> Vec<&str> {
    problem["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|p| p["path"].as_str())
        .collect()
}
