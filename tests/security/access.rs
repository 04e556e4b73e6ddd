//! Access ends at once, and what gives access is never written down.

use harness::binary;
use harness::desk::Desk;
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::{Duration, Instant};

const PASSWORD: &str = "correct horse battery staple";
/// Signs the tokens of the server whose log is read.
const SECRET: &str = "a-secret-that-must-never-be-seen-anywhere";

/// The cookie that renews a session, and the access token.
async fn log_in(http: &reqwest::Client, address: &str) -> (String, String) {
    let answer = http
        .post(format!("{address}/api/session"))
        .json(&json!({"email": "ada@desk.test", "password": PASSWORD}))
        .send()
        .await
        .expect("answers");
    assert_eq!(answer.status(), 200);
    let refresh = refresh_of(&answer);
    let body: Value = answer.json().await.expect("JSON");
    let access = body["access_token"].as_str().expect("a token").to_owned();
    (refresh, access)
}

fn refresh_of(answer: &reqwest::Response) -> String {
    answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.strip_prefix("autocrm_refresh="))
        .find_map(|rest| rest.split(';').next())
        .expect("a refresh token")
        .to_owned()
}

async fn with_password(desk: &Desk, role: &str) -> i64 {
    let id = desk.person(role, "Ada", "all").await.id;
    let hash = autocrm_api::auth::hash_password(PASSWORD).expect("hashes");
    desk.run(&format!(
        "insert into app.passwords (user_id, argon2) values ({id}, '{hash}')"
    ))
    .await;
    id
}

#[tokio::test]
async fn a_session_that_was_ended_is_refused_at_once_although_its_token_has_time_left() {
    let desk = Desk::open().await;
    with_password(&desk, "agent").await;
    let http = reqwest::Client::new();
    let (refresh, access) = log_in(&http, &desk.address).await;
    let (_, other) = log_in(&http, &desk.address).await;
    let me = async |token: &str| {
        let url = format!("{}/api/me", desk.address);
        let asked = http.get(url).bearer_auth(token).send().await;
        asked.expect("answers").status().as_u16()
    };
    assert_eq!((me(&access).await, me(&other).await), (200, 200));

    let out = http
        .delete(format!("{}/api/session", desk.address))
        .header("cookie", format!("autocrm_refresh={refresh}"))
        .header("x-requested-with", "test")
        .send()
        .await
        .expect("answers");
    assert_eq!(out.status(), 204);

    assert_eq!(me(&access).await, 401);
    assert_eq!(me(&other).await, 200, "only that session ended");
    let renewed = http
        .post(format!("{}/api/session/refresh", desk.address))
        .header("cookie", format!("autocrm_refresh={refresh}"))
        .header("x-requested-with", "test")
        .send()
        .await
        .expect("answers");
    assert_eq!(renewed.status(), 401);
}

#[tokio::test]
async fn who_is_deactivated_is_out_through_every_door() {
    let desk = Desk::open().await;
    let id = with_password(&desk, "agent").await;
    let http = reqwest::Client::new();
    let (refresh, access) = log_in(&http, &desk.address).await;

    let out = binary()
        .args(["user", "deactivate", "ada@desk.test"])
        .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
        .output()
        .expect("runs");
    assert!(out.status.success());

    let asked = http
        .get(format!("{}/api/tickets", desk.address))
        .bearer_auth(&access)
        .send()
        .await
        .expect("answers");
    assert_eq!(asked.status(), 401);
    let renewed = http
        .post(format!("{}/api/session/refresh", desk.address))
        .header("cookie", format!("autocrm_refresh={refresh}"))
        .header("x-requested-with", "test")
        .send()
        .await
        .expect("answers");
    assert_eq!(renewed.status(), 401);
    let again = desk
        .anonymous()
        .post(
            "/api/session",
            json!({"email": "ada@desk.test", "password": PASSWORD}),
        )
        .await;
    assert_eq!(again.status(), 401);
    let live: i64 = desk
        .one(&format!(
            "select count(*) from app.sessions where user_id = {id} and revoked_at is null"
        ))
        .await;
    assert_eq!(live, 0);
}

/// A server with its log written in full; answers what it said while `work` was done.
struct Watched {
    server: std::process::Child,
    log: std::path::PathBuf,
    address: String,
}

impl Watched {
    async fn serve(desk: &Desk) -> Self {
        let log = std::env::temp_dir().join(format!("{}.log", desk.database));
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let server = binary()
            .args(["serve", "--work"])
            .env("AUTOCRM_LISTEN", format!("127.0.0.1:{port}"))
            .env("AUTOCRM_DATABASE_URL", desk.api_url())
            .env("AUTOCRM_SECRET", SECRET)
            .env("RUST_LOG", "debug")
            .stderr(Stdio::from(std::fs::File::create(&log).expect("a log")))
            .spawn()
            .expect("serves");
        let address = format!("http://127.0.0.1:{port}");
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let ready = reqwest::get(format!("{address}/readyz")).await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                break;
            }
            assert!(Instant::now() < until, "the server does not get ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self {
            server,
            log,
            address,
        }
    }

    fn end(mut self) -> String {
        self.server.kill().expect("ends");
        self.server.wait().expect("ended");
        std::fs::read_to_string(&self.log).expect("a log")
    }
}

#[tokio::test]
async fn no_secret_is_ever_in_the_log_or_in_the_audit() {
    let desk = Desk::open().await;
    with_password(&desk, "admin").await;
    let watched = Watched::serve(&desk).await;
    let address = watched.address.clone();
    let http = reqwest::Client::new();

    // Everything that carries a secret, where it is taken and where it is refused.
    let wrong = "a wrong password that is somebody's right one";
    let refused = http
        .post(format!("{address}/api/session"))
        .json(&json!({"email": "ada@desk.test", "password": wrong}))
        .send()
        .await
        .expect("answers");
    assert_eq!(refused.status(), 401);
    let (refresh, access) = log_in(&http, &address).await;
    let renewed = http
        .post(format!("{address}/api/session/refresh"))
        .header("cookie", format!("autocrm_refresh={refresh}"))
        .header("x-requested-with", "test")
        .send()
        .await
        .expect("answers");
    assert_eq!(renewed.status(), 200);
    let second = refresh_of(&renewed);
    let made: Value = http
        .post(format!("{address}/api/api-keys"))
        .bearer_auth(&access)
        .json(&json!({"name": "shop", "scopes": ["tickets:read"]}))
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    let key = made["key"].as_str().expect("a key").to_owned();
    for (path, status) in [("/api/tickets", 200), ("/api/audit", 403)] {
        let asked = http
            .get(format!("{address}{path}"))
            .bearer_auth(&key)
            .send()
            .await
            .expect("answers");
        assert_eq!(asked.status(), status);
    }
    let unknown = "ak_a_key_that_was_revoked_long_ago";
    let asked = http
        .get(format!("{address}/api/tickets"))
        .bearer_auth(unknown)
        .send()
        .await
        .expect("answers");
    assert_eq!(asked.status(), 401);

    let log = watched.end();
    let rows = desk
        .sql()
        .query("select a::text from app.audit_log a", &[])
        .await
        .expect("the audit");
    let audit: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let audit = audit.join("\n");
    assert!(log.contains("DEBUG"), "the log is written in full");
    assert!(audit.contains("api_keys") && audit.contains("refused"));
    let hash = |text: &str| hex::encode(autocrm_api::auth::sha256(text));
    for (what, secret) in [
        ("the password", PASSWORD.to_owned()),
        ("a wrong password", wrong.to_owned()),
        ("the refresh token", refresh.clone()),
        ("the second refresh token", second.clone()),
        ("the hash of the refresh token", hash(&second)),
        ("the access token", access),
        ("the API key", key.clone()),
        ("the hash of the API key", hash(&key)),
        ("an unknown API key", unknown.to_owned()),
        ("AUTOCRM_SECRET", SECRET.to_owned()),
        ("the hash of the password", "$argon2id$".to_owned()),
    ] {
        assert!(!log.contains(&secret), "{what} is in the log");
        assert!(!audit.contains(&secret), "{what} is in the audit");
    }
}

#[tokio::test]
async fn the_password_of_a_new_log_in_is_not_in_the_log_of_the_command() {
    let desk = Desk::open().await;
    let login = format!("ann_{}", desk.database);
    let add = |who: &[&str]| {
        binary()
            .args(["user", "add"])
            .args(who)
            .env("AUTOCRM_NEW_PASSWORD", PASSWORD)
            .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
            .env("RUST_LOG", "debug")
            .output()
            .expect("runs")
    };

    let analyst = add(&["--analyst", &login]);
    let agent = add(&["--agent", "--name", "Ada", "--email", "ada@desk.test"]);
    let again = [
        add(&["--analyst", &login]),
        add(&["--admin", "--email", "ADA@desk.test"]),
    ];

    desk.run(&format!(
        "delete from app.users where pg_role = '{login}'; drop owned by {login}; drop role {login}"
    ))
    .await;
    for out in [analyst, agent] {
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{said}");
        assert!(said.contains("DEBUG"), "the log is written in full");
        assert!(!said.contains(PASSWORD), "the password is in the log");
    }
    for out in again {
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(said.contains("belongs to"), "{said}");
    }
}

/// A backend caches whom claims stand for; each of these changes must reach one that has cached them.
#[tokio::test]
async fn a_backend_that_knows_a_caller_learns_of_every_change_at_once() {
    let desk = Desk::open().await;
    desk.agent("Ada", "billing").await;
    desk.run(
        "insert into app.api_keys (name, prefix, hash, user_id, scopes, team_ids)
         select 'key', 'ak_1', sha256('key'), id, '{tickets:read}', array(select min(id) from app.teams) from app.users where name = 'Ada'",
    )
    .await;
    let person: String = desk
        .one(
            "select jsonb_build_object('sub', u.id::text, 'role', u.role, 'sid', s.id)::text
               from app.users u join app.sessions s on s.user_id = u.id where u.name = 'Ada'",
        )
        .await;
    let key: String = desk
        .one("select jsonb_build_object('key', encode(hash, 'hex'))::text from app.api_keys")
        .await;
    let backend = desk.log_in("autocrm_api").await;
    let ask = async |claims: &str| {
        backend
            .query_one(
                "select concat_ws(' ', autocrm.actor_role(), autocrm.actor_sees_all(), autocrm.actor_team_ids(), autocrm.actor_has_scope('tickets:write'))
                   from set_config('request.jwt.claims', $1, false)",
                &[&claims],
            )
            .await
            .map_or_else(
                |error| error.code().map_or_else(String::new, |code| code.code().to_owned()),
                |row| row.get::<_, String>(0),
            )
    };
    let (billing, tech): (i64, i64) = (
        desk.one("select id from app.teams where name = 'billing'")
            .await,
        desk.one("select id from app.teams where name = 'tech'")
            .await,
    );
    let of = "(select id from app.users where name = 'Ada')";
    for (claims, change, then) in [
        (
            &person,
            format!("insert into app.memberships (team_id, user_id) values ({tech}, {of})"),
            format!("agent f {{{billing},{tech}}} t"),
        ),
        (
            &person,
            format!("delete from app.memberships where team_id = {tech}"),
            format!("agent f {{{billing}}} t"),
        ),
        (
            &person,
            "update app.users set ticket_access = 'all' where name = 'Ada'".into(),
            format!("agent t {{{billing}}} t"),
        ),
        (
            &key,
            "update app.api_keys set scopes = '{tickets:write}'".into(),
            format!("integration f {{{billing}}} t"),
        ),
        (
            &key,
            "update app.api_keys set team_ids = null".into(),
            "integration t {} t".into(),
        ),
        (
            &key,
            "update app.api_keys set expires_at = now() - interval '1 second'".into(),
            "TK401".into(),
        ),
        (
            &key,
            "update app.api_keys set expires_at = null".into(),
            "integration t {} t".into(),
        ),
        (
            &key,
            "update app.api_keys set revoked_at = now()".into(),
            "TK401".into(),
        ),
        (
            &person,
            "update app.sessions set expires_at = now() - interval '1 second'".into(),
            "TK401".into(),
        ),
        (
            &person,
            "update app.sessions set expires_at = now() + interval '1 day'".into(),
            format!("agent t {{{billing}}} t"),
        ),
        (
            &person,
            "update app.users set active = false where name = 'Ada'".into(),
            "TK401".into(),
        ),
        (
            &person,
            "update app.users set active = true where name = 'Ada'".into(),
            format!("agent t {{{billing}}} t"),
        ),
        (
            &person,
            "update app.sessions set revoked_at = now()".into(),
            "TK401".into(),
        ),
    ] {
        let before = ask(claims).await;
        assert_ne!(before, then, "{change} changes nothing");
        desk.run(&change).await;
        assert_eq!(ask(claims).await, then, "{change}");
    }
}
