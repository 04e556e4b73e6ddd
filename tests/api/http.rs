//! HTTP itself: what nobody can read, what nobody finishes, what nobody asked for.

use harness::desk::{Desk, Person, problem_paths};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn problem(reply: reqwest::Response) -> Value {
    assert_eq!(
        reply.headers()["content-type"],
        "application/problem+json",
        "{reply:?}"
    );
    let status = reply.status().as_u16();
    let problem: Value = reply.json().await.expect("a problem");
    assert_eq!(problem["status"], status, "{problem}");
    assert_eq!(problem["code"], format!("TK{status}"), "{problem}");
    problem
}

#[tokio::test]
async fn whatever_is_wrong_with_an_address_is_told_as_a_problem() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for (method, path, status) in [
        (Method::GET, "/api/tickets/abc", 400),
        (Method::GET, "/api/tickets/99999999999999999999", 400),
        (Method::GET, "/api/tickets/1/messages/x", 400),
        (Method::GET, "/api/nothing", 404),
        (Method::PUT, "/api/tickets", 405),
        (Method::DELETE, "/api/me", 405),
        (Method::POST, "/api/openapi.json", 405),
        (Method::GET, "/api/live", 400),
    ] {
        let reply = ada.send(method.clone(), path, None, &[]).await;
        assert_eq!(reply.status(), status, "{method} {path}");
        if status == 405 {
            assert!(reply.headers().contains_key("allow"), "{method} {path}");
        }
        problem(reply).await;
    }
}

async fn raw(desk: &Desk, who: &Person, body: Vec<u8>) -> reqwest::Response {
    reqwest::Client::new()
        .post(format!("{}/api/tickets", desk.address))
        .bearer_auth(who.token.as_deref().unwrap_or_default())
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .expect("answers")
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_told_apart_from_one_that_is_too_large() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    for (body, status) in [
        (b"{\"subject\": \"\xff\"}".to_vec(), 400),
        (b"{\"subject\": ".to_vec(), 400),
        (vec![b' '; 2 << 20], 413),
        (deep.into_bytes(), 422),
        ("[".repeat(100_000).into_bytes(), 422),
        (br#"{"subject": "a\u0000b"}"#.to_vec(), 422),
        (br#"{"subject": "a\ud800b"}"#.to_vec(), 422),
        (br#"{"a\u0000": 1}"#.to_vec(), 422),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(30)]).into_owned();
        let reply = raw(&desk, &ada, body).await;
        assert_eq!(reply.status(), status, "{shown}");
        let problem = problem(reply).await;
        if status == 422 {
            assert_eq!(problem_paths(&problem), ["body"], "{problem}");
        }
    }
    let reply = ada.get("/api/tickets?q=a%00b").await;
    assert_eq!(reply.status(), 422);
    assert_eq!(problem_paths(&problem(reply).await), ["q"]);
}

/// Sends what it is given and then nothing; until the server ends it.
async fn ends(address: &str, sent: &str, within: Duration) -> String {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://"))
        .await
        .expect("connects");
    stream.write_all(sent.as_bytes()).await.expect("sends");
    let mut told = Vec::new();
    tokio::time::timeout(within, stream.read_to_end(&mut told))
        .await
        .unwrap_or_else(|_| panic!("still open: {sent:?}"))
        .expect("reads");
    String::from_utf8_lossy(&told).into_owned()
}

#[tokio::test]
async fn whoever_falls_silent_half_way_holds_no_connection() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let mut config = desk.config.clone();
    config.read_timeout = 1;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("binds");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(autocrm_api::serve::serve(
        listener,
        config,
        std::future::pending(),
    ));
    let within = Duration::from_secs(20);
    for sent in [
        "",
        "G",
        "GET /healthz HTTP/1.1\r\nHost: a",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n",
    ] {
        ends(&address, sent, within).await;
    }
    let token = ada.token.as_deref().unwrap_or_default();
    let half = format!(
        "POST /api/tickets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"subj"
    );
    let began = Instant::now();
    let answer = ends(&address, &half, within).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    assert!(began.elapsed() >= Duration::from_secs(1));
    // Whoever goes on is served.
    let whole = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = ends(&address, whole, within).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// `PATCH {}` says nothing, and so nothing happens.
#[tokio::test]
async fn a_change_of_nothing_changes_nothing() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let ticket = desk.ticket("Card declined", "billing").await;
    desk.run(
        "insert into app.organizations (name) values ('Acme');
         insert into app.customer_notes (organization_id, body_text) values (1, 'Prefers calls');
         insert into app.skills (name) values ('s');
         insert into app.schedules (name, time_zone) values ('s', 'UTC');
         insert into app.macros (name) values ('m');
         insert into app.tags (name) values ('t');
         insert into app.custom_fields (key, label, type) values ('f', 'F', 'text');
         insert into app.routing_rules (name, conditions) values ('r', '{\"any\": []}');
         insert into app.triggers (name) values ('t');
         insert into app.automations (name) values ('a');
         insert into app.sla_policies (name) values ('s');
         insert into app.retention_policies (name, since, days, action) values ('r', 'closed', 30, 'delete');
         insert into app.legal_holds (name, organization_id) values ('h', 1);
         insert into app.views (name, visibility) values ('v', 'everyone');
         insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
         insert into app.object_fields (object_type_id, key, label, type) values (1, 'serial', 'Serial', 'text');
         insert into app.object_records (object_type_id, name) values (1, 'Laptop');
         insert into app.ticket_forms (name) values ('Repair')",
    )
    .await;
    let message: i64 = desk.one("select min(id) from app.messages").await;
    let before = "select (select count(*) from app.audit_log where action <> 'refused') || ' ' || (select count(*) from app.events)";
    let description: Value = serde_json::from_str(&autocrm_api::openapi::json()).expect("JSON");
    let mut changed = 0;
    for (path, item) in description["paths"].as_object().expect("paths") {
        if item.get("patch").is_none() {
            continue;
        }
        let id = if path.contains("/tickets/") {
            ticket
        } else {
            1
        };
        let path = path
            .replace("{id}", &id.to_string())
            .replace("{message_id}", &message.to_string());
        let then: String = desk.one(before).await;
        let reply = admin.patch(&path, json!({}), None).await;
        let status = reply.status().as_u16();
        assert!(matches!(status, 200 | 403 | 422), "{path}: {status}");
        let now: String = desk.one(before).await;
        assert_eq!(then, now, "{path}: {status}");
        changed += usize::from(status == 200);
    }
    assert!(changed > 10, "{changed} were tried");
    let version: i64 = desk.one("select version from app.tickets").await;
    assert_eq!(version, 1);
}

/// The kind of defect: a refusal that says that something is wrong, and not what to do.
#[tokio::test]
async fn every_refusal_of_a_request_says_how_to_go_on() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ticket = desk.ticket("A ticket", "billing").await;
    let path = format!("/api/tickets/{ticket}");
    let mut replies = vec![
        raw(&desk, &root, b"{\"subject\": \"\xff\"}".to_vec()).await,
        raw(&desk, &root, b"{\"subject\": ".to_vec()).await,
        raw(&desk, &root, vec![b' '; 2 << 20]).await,
        root.get(&format!("{path}/drafts/%00")).await,
        root.post(
            "/api/me/password",
            json!({"current_password": "x", "new_password": "y"}),
        )
        .await,
    ];
    let change = Some(json!({"priority": "low"}));
    for (method, path, body, header) in [
        (Method::PATCH, path.as_str(), change, ("if-match", "\"x\"")),
        (
            Method::POST,
            "/api/tags",
            Some(json!({"name": "x"})),
            ("idempotency-key", ""),
        ),
    ] {
        replies.push(root.send(method, path, body, &[header]).await);
    }
    for reply in replies {
        assert!(reply.status().is_client_error());
        let problem = problem(reply).await;
        assert!(problem["hint"].is_string(), "{problem}");
    }
}

/// The kind of defect: a value that a cast takes for another, or that reaches a constraint which knows no path.
#[tokio::test]
async fn a_value_is_refused_by_its_path_with_what_is_allowed() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ticket = desk.ticket("A ticket", "billing").await;
    desk.run("insert into app.tags (name) values ('one'), ('two'); insert into app.organizations (name) values ('Acme')")
        .await;
    let person = desk.agent("Ada", "billing").await.id;
    let path = format!("/api/tickets/{ticket}");
    let sent = root
        .post(&format!("{path}/messages"), json!({"body_text": "4711"}))
        .await;
    let sent: Value = sent.json().await.expect("a message");
    let message = &sent["id"];
    let redact = format!("{path}/messages/{message}/redact");
    let preview = format!("{path}/merge/preview");
    let merge = format!("{path}/merge");
    let links = format!("{path}/links");
    for (method, path, body, named, told) in [
        (
            "PATCH",
            "/api/settings",
            json!({"attachment_types": [null]}),
            "attachment_types",
            "a list of texts",
        ),
        (
            "PATCH",
            "/api/settings",
            json!({"attachment_types": [[]]}),
            "attachment_types",
            "a list of texts",
        ),
        (
            "PATCH",
            "/api/settings",
            json!({"attachment_types": [""]}),
            "attachment_types",
            "media types",
        ),
        (
            "PATCH",
            "/api/settings",
            json!({"attachment_blocked_extensions": [""]}),
            "attachment_blocked_extensions",
            "exe",
        ),
        (
            "PATCH",
            "/api/settings",
            json!({"attachment_max_bytes": i64::MAX}),
            "attachment_max_bytes",
            "107374182400",
        ),
        (
            "POST",
            "/api/views",
            json!({"name": "v", "columns": [null]}),
            "columns",
            "a list of texts",
        ),
        (
            "POST",
            "/api/views",
            json!({"name": "v", "columns": [["id"]]}),
            "columns",
            "a list of texts",
        ),
        (
            "POST",
            "/api/views",
            json!({"name": "x".repeat(3000)}),
            "name",
            "100 characters",
        ),
        (
            "PATCH",
            "/api/statuses/1",
            json!({"active": 0}),
            "active",
            "true or false",
        ),
        (
            "PATCH",
            "/api/statuses/1",
            json!({"active": "0"}),
            "active",
            "true or false",
        ),
        (
            "PATCH",
            "/api/statuses/1",
            json!({"position": "7"}),
            "position",
            "a whole number",
        ),
        (
            "PATCH",
            "/api/statuses/1",
            json!({"key": "Ä"}),
            "key",
            "40 characters",
        ),
        (
            "PATCH",
            "/api/organizations/1",
            json!({"domains": [null]}),
            "domains",
            "a list of texts",
        ),
        (
            "PATCH",
            "/api/organizations/1",
            json!({"domains": ["x.test", "*"]}),
            "domains",
            "entry 2 is none",
        ),
        (
            "PATCH",
            "/api/users/1",
            json!({"phone": "\n"}),
            "phone",
            "empty",
        ),
        (
            "POST",
            "/api/customer-notes",
            json!({"organization_id": 1, "body_text": "\u{1}"}),
            "body_text",
            "empty",
        ),
        (
            "POST",
            "/api/customer-notes",
            json!({"organization_id": 1, "body_text": " "}),
            "body_text",
            "1 to 20000",
        ),
        (
            "POST",
            "/api/customer-notes",
            json!({"organization_id": 1, "body_text": "x".repeat(20_001)}),
            "body_text",
            "20000",
        ),
        (
            "POST",
            "/api/customer-notes",
            json!({"user_id": 99_999, "body_text": "x"}),
            "user_id",
            "no customer",
        ),
        (
            "POST",
            "/api/customer-notes",
            json!({"user_id": person, "body_text": "x"}),
            "user_id",
            "no customer",
        ),
        (
            "POST",
            "/api/tags/1/merge",
            json!({"into": 1.5}),
            "into",
            "another tag",
        ),
        (
            "POST",
            "/api/tags/1/merge",
            json!({"into": 9_223_372_036_854_775_808_u64}),
            "into",
            "another tag",
        ),
        (
            "PATCH",
            &path,
            json!({"requester_id": null}),
            "requester_id",
            "null",
        ),
        (
            "POST",
            &preview,
            json!({"tickets": [ticket]}),
            "tickets",
            "other tickets",
        ),
        (
            "POST",
            &merge,
            json!({"into": ticket}),
            "into",
            "another ticket",
        ),
        (
            "POST",
            &links,
            json!({"relation": "related", "ticket_id": ticket}),
            "ticket_id",
            "another ticket",
        ),
        ("POST", &redact, json!({"all": "true"}), "text", "all: true"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let shown: String = body.to_string().chars().take(60).collect();
        let reply = root.send(method, path, Some(body), &[]).await;
        assert_eq!(reply.status(), 422, "{path} {shown}");
        let problem = problem(reply).await;
        assert_eq!(problem_paths(&problem), [named], "{path} {shown}");
        let message = problem["problems"][0]["message"]
            .as_str()
            .unwrap_or_default();
        assert!(message.contains(told), "{path} {shown}: {message}");
    }
    let note = root
        .post(
            "/api/customer-notes",
            json!({"organization_id": 1, "body_text": "x"}),
        )
        .await;
    let note: Value = note.json().await.expect("a note");
    let path = format!("/api/customer-notes/{}", note["id"]);
    let moved = root.patch(&path, json!({"user_id": person}), None).await;
    assert_eq!(moved.status(), 422);
    assert_eq!(problem_paths(&problem(moved).await), ["user_id"]);
    // The same limits at a SQL prompt, with the same code.
    for sql in [
        "update app.settings set attachment_types = '{null}'",
        "update app.settings set attachment_blocked_extensions = '{\"\"}'",
        "update app.settings set attachment_max_bytes = 9223372036854775807",
        "insert into app.views (name, columns) values ('v', '{null}')",
        "insert into app.views (name, columns) values ('v', '{{id},{subject}}')",
        "insert into app.customer_notes (user_id, body_text) values (99999, 'x')",
        "select app.note_presence('{1}', 'reply')",
        "select * from app.events_of(1, null, null, null, false, -1)",
        "select * from app.messages_of(1, null, null, null, false, -1)",
        "select * from app.routing_of(1, null, null, false, -1)",
        "select api.count_list('[]')",
        "select api.count_list('null')",
        "select api.update_tag_settings(null, null)",
    ] {
        assert_eq!(desk.refused(sql).await.0, "TK422", "{sql}");
    }
}
