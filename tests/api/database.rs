//! The way to the database: encrypted as libpq means it, through a pooler in transaction mode, and with a LISTEN
//! that notices when nothing is to be heard.

use autocrm_api::config::Config;
use autocrm_api::{db, serve, work};
use futures_util::future::join_all;
use futures_util::{SinkExt, StreamExt};
use harness::cluster::free_port;
use harness::desk::{Desk, Person, SECRET, sign_in};
use harness::{binary, shell, tree};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// A folder that the postgres user may write to.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("autocrm-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    hand_over(&path);
    path
}

fn hand_over(path: &Path) {
    if shell::is_root() {
        shell::output(Command::new("chown").arg("-R").arg("postgres").arg(path)).expect("chown");
    }
}

fn run(command: &mut Command) {
    shell::output(command).expect("runs");
}

/// An API of its own; what it serves ends with the sender.
async fn serve(config: Config) -> (String, oneshot::Sender<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve::serve(listener, config, async move {
        let _ = stopped.await;
    }));
    (address, stop)
}

/// A cluster with certificates made for it, which takes nothing but TLS over TCP.
struct Encrypted {
    folder: PathBuf,
    port: u16,
}

impl Encrypted {
    fn start() -> Self {
        let folder = folder("tls");
        let openssl = |arguments: &[&str]| {
            run(Command::new("openssl").args(arguments).current_dir(&folder));
        };
        for (name, subject) in [("ca", "/CN=Desk CA"), ("other", "/CN=Another CA")] {
            openssl(&[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                subject,
                "-keyout",
                &format!("{name}.key"),
                "-out",
                &format!("{name}.crt"),
            ]);
        }
        openssl(&[
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            "server.key",
            "-out",
            "server.csr",
        ]);
        std::fs::write(folder.join("san"), "subjectAltName=DNS:localhost\n").expect("writes");
        openssl(&[
            "x509",
            "-req",
            "-in",
            "server.csr",
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "san",
            "-out",
            "server.crt",
        ]);
        let port = free_port(55_000..=55_400).expect("a port");
        let programs = tree::home()
            .expect("a home")
            .join("pg/usr/lib/postgresql/15/bin");
        let data = folder.join("data");
        run(shell::as_postgres(&programs.join("initdb"))
            .arg("-D")
            .arg(&data)
            .args([
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--auth=trust",
                "--no-sync",
            ]));
        std::fs::write(
            data.join("pg_hba.conf"),
            "local all all trust\nhost template1 all 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 trust\nhostnossl all all all reject\n",
        )
        .expect("writes");
        let at = folder.display();
        let settings = format!(
            "\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{at}'\nssl = on\nssl_cert_file = '{at}/server.crt'\n\
             ssl_key_file = '{at}/server.key'\nfsync = off\nshared_preload_libraries = 'autocrm'\nautocrm.wake_database = 'desk'\n"
        );
        let file = data.join("postgresql.conf");
        let known = std::fs::read_to_string(&file).expect("settings");
        std::fs::write(&file, known + &settings).expect("writes");
        run(Command::new("chmod")
            .arg("600")
            .arg(folder.join("server.key")));
        hand_over(&folder);
        run(shell::as_postgres(&programs.join("pg_ctl"))
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(folder.join("log"))
            .args(["-w", "-s", "start"])
            .stdout(Stdio::null()));
        Self { folder, port }
    }

    fn url(&self, rest: &str) -> String {
        format!(
            "port={} user=postgres dbname=postgres connect_timeout=10 {rest}",
            self.port
        )
    }

    fn certificate(&self, name: &str) -> String {
        format!(
            "sslrootcert='{}'",
            self.folder.join(format!("{name}.crt")).display()
        )
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        let _ = shell::output(
            shell::as_postgres(&PathBuf::from(tree::SYSTEM).join("bin/pg_ctl"))
                .arg("-D")
                .arg(self.folder.join("data"))
                .args(["-m", "immediate", "-w", "-s", "stop"]),
        );
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whether the connection that this opens is encrypted.
async fn encrypted(url: &str) -> Result<bool, String> {
    let client = db::connect(url)
        .await
        .map_err(|error| format!("{error:#}"))?;
    client
        .query_one(
            "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
            &[],
        )
        .await
        .map(|row| row.get(0))
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn connections_are_encrypted_and_the_server_is_known_as_sslmode_says() {
    let cluster = Encrypted::start();
    let (ca, other) = (cluster.certificate("ca"), cluster.certificate("other"));
    for (rest, expected) in [
        ("host=127.0.0.1 sslmode=disable".to_owned(), None),
        ("host=127.0.0.1".to_owned(), Some(true)),
        ("host=127.0.0.1 sslmode=prefer".to_owned(), Some(true)),
        // Without TLS first, where the server takes that.
        ("host=127.0.0.1 sslmode=allow".to_owned(), Some(true)),
        (
            "host=127.0.0.1 sslmode=allow dbname=template1".to_owned(),
            Some(false),
        ),
        (
            "host=127.0.0.1 sslmode=prefer dbname=template1".to_owned(),
            Some(true),
        ),
        ("host=127.0.0.1 sslmode=require".to_owned(), Some(true)),
        (format!("host=127.0.0.1 sslmode=require {ca}"), Some(true)),
        (format!("host=127.0.0.1 sslmode=require {other}"), None),
        (format!("host=127.0.0.1 sslmode=verify-ca {ca}"), Some(true)),
        (format!("host=127.0.0.1 sslmode=verify-ca {other}"), None),
        (
            "host=127.0.0.1 sslmode=verify-ca sslrootcert=system".to_owned(),
            None,
        ),
        (format!("host=127.0.0.1 sslmode=verify-full {ca}"), None),
        (
            format!("host=localhost hostaddr=127.0.0.1 sslmode=verify-full {ca}"),
            Some(true),
        ),
        (
            format!("host=localhost hostaddr=127.0.0.1 sslmode=verify-full {other}"),
            None,
        ),
        (
            format!("host={} sslmode=verify-full {ca}", cluster.folder.display()),
            Some(false),
        ),
    ] {
        let found = encrypted(&cluster.url(&rest)).await;
        assert_eq!(found.clone().ok(), expected, "{rest}: {found:?}");
    }
    let url = format!(
        "postgresql://postgres@127.0.0.1:{}/postgres?sslmode=verify-ca&sslrootcert={}",
        cluster.port,
        cluster.folder.join("ca.crt").display()
    );
    assert_eq!(encrypted(&url).await, Ok(true));

    // Every command and both kinds of the server's connections go by it.
    let admin = cluster.url(&format!(
        "host=localhost hostaddr=127.0.0.1 sslmode=verify-full {ca}"
    ));
    db::connect(&admin)
        .await
        .expect("connects")
        .batch_execute("create database desk")
        .await
        .expect("a database");
    let admin = admin.replace("dbname=postgres", "dbname=desk");
    for command in ["migrate", "openapi"] {
        run(binary()
            .arg(command)
            .env("AUTOCRM_ADMIN_DATABASE_URL", &admin));
    }
    let desk = Desk::open().await;
    let mut config = desk.config.clone();
    config.database_url = admin.replace("user=postgres", "user=autocrm_api");
    let (address, _stop) = serve(config).await;
    let ready = reqwest::get(format!("{address}/readyz"))
        .await
        .expect("answers");
    assert_eq!(ready.status(), 200);
    let owner = db::connect(&admin).await.expect("connects");
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let plain: i64 = owner
            .query_one("select count(*) from pg_stat_ssl s join pg_stat_activity a using (pid) where a.usename = 'autocrm_api' and not s.ssl", &[])
            .await
            .expect("counts")
            .get(0);
        assert_eq!(plain, 0);
        let listens: i64 = owner
            .query_one("select count(*) from pg_stat_activity where usename = 'autocrm_api' and query ilike 'listen%'", &[])
            .await
            .expect("counts")
            .get(0);
        if listens > 0 {
            break;
        }
        assert!(Instant::now() < until, "it listens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Debian's pgbouncer in transaction mode, before the cluster of the tests.
struct Pooler {
    folder: PathBuf,
    port: u16,
    process: Child,
}

impl Pooler {
    async fn start(desk: &Desk, name: &str) -> Self {
        let folder = folder(name);
        let port = free_port(56_000..=56_400).expect("a port");
        let setting = |key: &str| {
            let url = desk.api_url();
            let found = url
                .split(' ')
                .find_map(|pair| pair.strip_prefix(&format!("{key}=")).map(str::to_owned));
            found.expect("a setting of the cluster")
        };
        let at = folder.display();
        std::fs::write(
            folder.join("ini"),
            format!(
                "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
                 pool_mode = transaction\ndefault_pool_size = 3\nauth_type = trust\nauth_file = {at}/users\nlogfile = {at}/log\npidfile = {at}/pid\n\
                 ignore_startup_parameters = extra_float_digits\n",
                setting("host"),
                setting("port"),
            ),
        )
        .expect("writes");
        std::fs::write(folder.join("users"), "\"autocrm_api\" \"\"\n").expect("writes");
        hand_over(&folder);
        let process = shell::as_postgres(Path::new("/usr/sbin/pgbouncer"))
            .arg("-q")
            .arg(folder.join("ini"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pgbouncer; it comes with cargo dev test");
        let pooler = Self {
            folder,
            port,
            process,
        };
        let until = Instant::now() + Duration::from_secs(20);
        while db::connect(&pooler.url(desk)).await.is_err() {
            assert!(Instant::now() < until, "pgbouncer takes connections");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        pooler
    }

    fn url(&self, desk: &Desk) -> String {
        format!(
            "host=127.0.0.1 port={} user=autocrm_api dbname={}",
            self.port, desk.database
        )
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        if let Ok(pid) = std::fs::read_to_string(self.folder.join("pid")) {
            let _ = shell::output(Command::new("kill").args(["-INT", pid.trim()]));
        }
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn live(address: &str, person: &Person) -> impl StreamExt<Item = Value> + Unpin {
    let mut request = format!("{}/api/live", address.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    let token = person.token.clone().expect("a token");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {token}").parse().expect("a header"),
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(request)
        .await
        .expect("connects");
    let hello = json!({"type": "hello", "cursor": null}).to_string();
    socket
        .send(Message::Text(hello.into()))
        .await
        .expect("sends");
    socket.filter_map(|message| {
        futures_util::future::ready(match message {
            Ok(Message::Text(text)) => serde_json::from_str(&text).ok(),
            _ => None,
        })
    })
}

/// The first event about a ticket of this subject.
async fn hears(socket: &mut (impl StreamExt<Item = Value> + Unpin), subject: &str) {
    let heard = async {
        while let Some(message) = socket.next().await {
            if message["ticket"]["subject"] == subject {
                return;
            }
        }
        panic!("the socket ended");
    };
    tokio::time::timeout(Duration::from_secs(20), heard)
        .await
        .expect("heard in time");
}

/// The socket stands once it has said so.
async fn ready(socket: &mut (impl StreamExt<Item = Value> + Unpin)) {
    while socket.next().await.expect("open")["type"] != "ready" {}
}

async fn ok(said: reqwest::Response) -> Value {
    let (status, text) = (said.status(), said.text().await.expect("text"));
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test]
async fn the_whole_desk_works_through_a_pooler_in_transaction_mode() {
    let desk = Desk::open().await;
    let pooler = Pooler::start(&desk, "pooler").await;
    let mut config = desk.config.clone();
    config.listen_database_url = Some(desk.api_url());
    config.database_url = pooler.url(&desk);
    config.db_connections = 8;
    let pool = db::pool(&config).expect("a pool");
    let (address, _stop) = serve(config).await;

    // A session, from its log-in to its end.
    let known = desk.agent("Known", "billing").await;
    let hash = autocrm_api::auth::hash_password("correct horse").expect("hashes");
    desk.run(&format!(
        "insert into app.passwords (user_id, argon2) values ({}, '{hash}')",
        known.id
    ))
    .await;
    let http = reqwest::Client::builder()
        .cookie_store(true)
        .build()
        .expect("a client");
    let session = http
        .post(format!("{address}/api/session"))
        .json(&json!({"email": "known@desk.test", "password": "correct horse"}))
        .send()
        .await
        .expect("answers");
    assert_eq!(session.status(), 200);
    let again = http
        .post(format!("{address}/api/session/refresh"))
        .header("x-requested-with", "test")
        .send()
        .await
        .expect("answers");
    assert_eq!(again.status(), 200);

    let admin = sign_in(desk.sql(), &address, "admin", "Pooled", "all").await;
    let ada = sign_in(desk.sql(), &address, "agent", "Ada", "teams").await;
    let tom = sign_in(desk.sql(), &address, "agent", "Tom", "teams").await;
    for (who, team) in [(&ada, "billing"), (&tom, "tech")] {
        desk.run(&format!("insert into app.memberships (team_id, user_id) select id, {} from app.teams where name = '{team}'", who.id))
            .await;
    }
    let mut socket = live(&address, &ada).await;
    ready(&mut socket).await;
    let team: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;

    // Every kind of call: create, idempotent, change under a version, conversation, files, lists, search, views.
    let ticket = ok(ada
        .post(
            "/api/tickets",
            json!({"subject": "Pooled printer", "team_id": team, "tags": ["a"]}),
        )
        .await)
    .await;
    hears(&mut socket, "Pooled printer").await;
    let path = format!("/api/tickets/{}", ticket["id"]);
    let once = async || {
        let body = json!({"subject": "Once", "team_id": team});
        ok(ada
            .send(
                Method::POST,
                "/api/tickets",
                Some(body),
                &[("idempotency-key", "once")],
            )
            .await)
        .await
    };
    assert_eq!(once().await, once().await);
    let version = ticket["version"].as_i64();
    ok(ada.patch(&path, json!({"priority": "high"}), version).await).await;
    assert_eq!(
        ada.patch(&path, json!({"priority": "low"}), version)
            .await
            .status(),
        409
    );
    let file = reqwest::Client::new()
        .post(format!("{address}/api/attachments?name=a.txt"))
        .bearer_auth(ada.token.as_deref().expect("a token"))
        .header("idempotency-key", "file")
        .body("content")
        .send()
        .await
        .expect("answers");
    let file = ok(file).await;
    ok(ada
        .post(
            &format!("{path}/messages"),
            json!({"body_text": "Have you tried", "attachment_ids": [file["id"]]}),
        )
        .await)
    .await;
    let content = ada
        .get(&format!("/api/attachments/{}/content", file["id"]))
        .await;
    assert_eq!(content.text().await.expect("text"), "content");
    ok(ada.get(&format!("{path}/timeline")).await).await;
    ok(admin
        .post(
            "/api/macros",
            json!({"name": "Solve", "actions": [{"set": "status", "value": "solved"}]}),
        )
        .await)
    .await;
    ok(ada.post(&format!("{path}/macros/1/apply"), json!({})).await).await;
    ok(admin.post("/api/triggers", json!({"name": "Seen", "actions": [{"add_tags": ["seen"]}], "conditions": {"all": [{"field": "subject", "op": "is", "value": "Heard"}]}})).await).await;
    let job = ok(admin
        .post(
            "/api/bulk-jobs",
            json!({"action": "update", "ids": [ticket["id"]], "changes": {"priority": "low"}}),
        )
        .await)
    .await;

    // The background work, on the same pool.
    ok(ada
        .post("/api/tickets", json!({"subject": "Heard", "team_id": team}))
        .await)
    .await;
    let worker = tokio::spawn(work::run(pool.clone()));
    work::maintenance::once(&pool).await.expect("a round");
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let found = ok(ada.get("/api/search?q=pooled").await).await;
        let tagged = ok(ada.get("/api/tickets?tag=seen").await).await;
        let done = ok(admin.get(&format!("/api/bulk-jobs/{}", job["id"])).await).await;
        if found["items"]
            .as_array()
            .is_some_and(|items| items.len() == 1)
            && tagged["items"]
                .as_array()
                .is_some_and(|items| items.len() == 1)
            && done["status"] == "done"
        {
            break;
        }
        assert!(Instant::now() < until, "{found} {tagged} {done}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    worker.abort();

    // Many at once on three connections of the server: nobody is ever taken for another.
    let both = (0..60).map(|n| {
        let (who, own, foreign) = if n % 2 == 0 {
            (&ada, 3, "tech")
        } else {
            (&tom, 0, "billing")
        };
        async move {
            let seen = ok(who.get("/api/tickets").await).await;
            let items = seen["items"].as_array().expect("items").clone();
            assert_eq!(items.len(), own, "{seen}");
            assert!(
                items.iter().all(|item| item["team"]["name"] != foreign),
                "{seen}"
            );
        }
    });
    join_all(both).await;
}

#[tokio::test]
async fn a_listen_that_hears_nothing_is_noticed_and_the_log_is_asked_instead() {
    let desk = Desk::open().await;
    let pooler = Pooler::start(&desk, "deaf").await;
    let mut config = desk.config.clone();
    config.database_url = pooler.url(&desk);
    config.secret = SECRET.to_owned();
    let (address, _stop) = serve(config).await;
    let ada = sign_in(desk.sql(), &address, "admin", "Ada", "all").await;
    let mut socket = live(&address, &ada).await;
    ready(&mut socket).await;
    for subject in ["First", "Second", "Third"] {
        desk.ticket(subject, "billing").await;
        hears(&mut socket, subject).await;
    }
}
