//! Whatever is sent, the answer tells what is wrong with it: no text, number, list or depth is an error on our side.

use crate::authorization::{address, body, furnished, operations};
use harness::desk::{Desk, Person};
use rand::Rng;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// No two are the same, and none compresses.
fn letters(count: usize) -> String {
    let mut random = rand::rng();
    (0..count)
        .map(|_| char::from(random.random_range(b'a'..=b'z')))
        .collect()
}

/// As JSON texts: what a serialiser of ours would not write is among them.
fn values() -> Vec<String> {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let naughty = [
        "' or 1 = 1 --",
        "{{#if",
        "\u{202e}\u{feff}\u{0}".trim_end_matches('\u{0}'),
        "(?:a+)+$",
        "-infinity",
        "294277-01-01T00:00:00Z",
        "99999999999999999999",
        "",
    ];
    let mut all: Vec<String> = naughty.iter().map(|text| json!(text).to_string()).collect();
    all.extend([
        json!(letters(3000)).to_string(),
        json!("a".repeat(100_000)).to_string(),
        json!(format!("{}@{}", letters(1500), letters(1500))).to_string(),
        "\"\\u0000\"".into(),
        "\"\\ud800\"".into(),
        "1e400".into(),
        "-1e400".into(),
        "1e-400".into(),
        "99999999999999999999999999".into(),
        "-9223372036854775809".into(),
        "1.5".into(),
        "null".into(),
        "true".into(),
        "{}".into(),
        "[[]]".into(),
        "[null]".into(),
        "{\"all\": [{\"field\": \"created_at\", \"op\": \"before\", \"value\": \"-infinity\"}]}"
            .into(),
        "{\"all\": [{\"field\": \"id\", \"op\": \"is\", \"value\": 1e400}]}".into(),
        "[{\"set\": \"priority\", \"value\": 1e400}]".into(),
        "{\"f\": 1e400}".into(),
        json!({"f": letters(3000)}).to_string(),
        deep(90),
        deep(150),
        deep(100_000),
        format!("[{}1]", "1,".repeat(20_000)),
    ]);
    all
}

/// Every key that an operation may know: of its example, and of what it answers.
fn keys(description: &Value, path: &str, method: &Method, example: &Value) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = example
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    let operation = &description["paths"][path][method.as_str().to_lowercase()];
    for status in ["200", "201"] {
        let schema = &operation["responses"][status]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str().unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default();
        let properties = &description["components"]["schemas"][name]["properties"];
        keys.extend(
            properties
                .as_object()
                .into_iter()
                .flat_map(Map::keys)
                .cloned(),
        );
    }
    // What is told in other words than it is answered.
    for more in [
        "body_html",
        "tags",
        "conditions",
        "changes",
        "filter",
        "rules",
        "from",
        "to",
        "ids",
        "value",
        "text",
        "requester",
        "requester_id",
        "team_id",
        "organization_id",
        "assignee_id",
        "custom",
        "attachment_ids",
        "form_id",
        "created_at",
        "email",
        "password",
        "user_id",
        "into",
        "view_id",
        "message_kind",
    ] {
        keys.insert(more.to_owned());
    }
    for never in ["id", "active", "created_at_", "updated_at"] {
        keys.remove(never);
    }
    keys
}

async fn send(desk: &Desk, who: &Person, method: &Method, path: &str, body: Option<String>) -> u16 {
    let mut request = who
        .client()
        .request(method.clone(), format!("{}{path}", desk.address))
        .bearer_auth(who.token.as_deref().unwrap_or_default());
    if let Some(body) = body {
        request = request
            .header("content-type", "application/json")
            .body(body);
    }
    request.send().await.expect("answers").status().as_u16()
}

/// Whether the operation says that it knows no such key.
async fn is_unknown(
    desk: &Desk,
    who: &Person,
    method: &Method,
    path: &str,
    body: &str,
    key: &str,
) -> bool {
    let reply = who
        .client()
        .request(method.clone(), format!("{}{path}", desk.address))
        .bearer_auth(who.token.as_deref().unwrap_or_default())
        .header("content-type", "application/json")
        .body(body.to_owned())
        .send()
        .await
        .expect("answers");
    let problem: Value = reply.json().await.unwrap_or_default();
    let problems = problem["problems"].as_array().cloned().unwrap_or_default();
    problems.iter().any(|problem| {
        let message = problem["message"].as_str().unwrap_or_default();
        problem["path"] == key && message.starts_with("is not known here")
    })
}

/// Everybody who writes, and how many of the values each sends under a key: one caller all of them, the others in turn.
async fn callers(desk: &Desk) -> [(Person, usize); 3] {
    let scopes = [
        "tickets:read",
        "tickets:write",
        "users:read",
        "users:write",
        "notes:read",
    ];
    [
        (desk.admin().await, usize::MAX),
        (desk.agent("Limited", "billing").await, 2),
        (desk.key(&scopes, Some("billing")).await, 2),
    ]
}

#[tokio::test]
async fn no_body_is_an_error_on_our_side() {
    let (desk, ids) = furnished().await;
    let callers = callers(&desk).await;
    let mut turn = 0;
    let description: Value = serde_json::from_str(&autocrm_api::openapi::json()).expect("JSON");
    let values = values();
    let mut wrong = BTreeSet::new();
    for operation in operations() {
        let writes = [Method::POST, Method::PATCH, Method::PUT].contains(&operation.method);
        // Those who are nobody yet have a test of their own below.
        let is_open = ["log_in", "refresh_session"].contains(&operation.id.as_str());
        if !writes || is_open || operation.id == "create_attachment" {
            continue;
        }
        let example = body(&operation.id);
        let path = address(&operation, &ids);
        for key in keys(&description, &operation.path, &operation.method, &example) {
            // What the operation does not know is refused before it is looked at.
            let mut probe = example.clone();
            probe[&key] = json!("@@");
            let probe = probe.to_string();
            let (path, method) = (&path, &operation.method);
            if is_unknown(&desk, &callers[0].0, method, path, &probe, &key).await {
                continue;
            }
            for (who, most) in &callers {
                let most = values.len().min(*most);
                for value in values.iter().cycle().skip(turn).take(most) {
                    let sent = probe.replace("\"@@\"", value);
                    let status = send(&desk, who, method, path, Some(sent)).await;
                    if status >= 500 {
                        wrong.insert(format!("{} {key}: {status} for {value:.60}", operation.id));
                    }
                    assert_ne!(
                        status, 401,
                        "{} {key} {value:.60} ended the session",
                        operation.id
                    );
                }
                turn = (turn + most) % values.len();
            }
        }
    }
    let mut told = String::new();
    for line in &wrong {
        let _ = writeln!(told, "{line}");
    }
    assert!(wrong.is_empty(), "{}:\n{told}", wrong.len());
}

#[tokio::test]
async fn no_query_is_an_error_on_our_side() {
    let (desk, ids) = furnished().await;
    let callers = callers(&desk).await;
    let (values, mut turn) = (values(), 0);
    let description: Value = serde_json::from_str(&autocrm_api::openapi::json()).expect("JSON");
    let mut wrong = BTreeSet::new();
    for operation in operations() {
        if operation.method != Method::GET {
            continue;
        }
        let parameters = &description["paths"][&operation.path]["get"]["parameters"];
        let path = address(&operation, &ids);
        let names = parameters.as_array().into_iter().flatten();
        let names = names.filter(|parameter| parameter["in"] == "query");
        for name in names.filter_map(|parameter| parameter["name"].as_str()) {
            for (who, most) in &callers {
                let most = values.len().min(*most);
                for value in values.iter().cycle().skip(turn).take(most) {
                    let text = value.trim_matches('"').replace("\\u0000", "\0");
                    let text: String = text.chars().take(20_000).collect();
                    let url = reqwest::Url::parse_with_params("http://x/", [(name, &text)]);
                    let url = url.expect("a URL");
                    let query = url.query().unwrap_or_default();
                    let path = format!("{path}?{query}");
                    let status = send(&desk, who, &Method::GET, &path, None).await;
                    if status >= 500 {
                        wrong.insert(format!("{} {name}: {status} for {text:.60}", operation.id));
                    }
                }
                turn = (turn + most) % values.len();
            }
        }
    }
    let lines: Vec<String> = wrong.into_iter().collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// Nobody is signed in here.
#[tokio::test]
async fn strangers_cause_no_error_either() {
    let desk = Desk::open().await;
    let nobody = desk.anonymous();
    for value in values() {
        for key in ["email", "password"] {
            let mut sent = json!({"email": "a@b.test", "password": "x"});
            sent[key] = json!("@@");
            let sent = sent.to_string().replace("\"@@\"", &value);
            let status = send(&desk, &nobody, &Method::POST, "/api/session", Some(sent)).await;
            assert!((400..500).contains(&status), "{key} {value:.60}: {status}");
        }
    }
    let long = letters(3000);
    for (name, value) in [
        ("authorization", format!("Bearer {long}")),
        ("authorization", format!("Bearer ak_{long}")),
        (
            "cookie",
            format!("autocrm_access={long}; autocrm_refresh={long}; autocrm_device_1={long}"),
        ),
        ("user-agent", long.clone()),
        ("idempotency-key", long.clone()),
        ("if-match", long.clone()),
        ("x-forwarded-for", long.clone()),
    ] {
        for (method, path) in [
            (Method::GET, "/api/me"),
            (Method::POST, "/api/session"),
            (Method::POST, "/api/session/refresh"),
            (Method::DELETE, "/api/session"),
        ] {
            let sent =
                (path == "/api/session").then(|| json!({"email": "a@b.test", "password": "x"}));
            let reply = nobody.send(method, path, sent, &[(name, &value)]).await;
            assert!(reply.status().as_u16() < 500, "{name} {path}");
        }
    }
}

/// The same limits in psql: they are the tables' own.
#[tokio::test]
async fn a_text_is_as_long_in_sql_as_over_rest_and_its_limit_is_told_by_its_key() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let long = letters(3000);
    for (path, mut sent, key, most) in [
        ("/api/tickets", json!({"subject": "x"}), "external_id", 255),
        ("/api/tickets", json!({"subject": "x"}), "language", 35),
        (
            "/api/organizations",
            json!({"name": "x"}),
            "external_id",
            255,
        ),
        ("/api/users", json!({"name": "x"}), "phone", 64),
        ("/api/skills", json!({}), "name", 100),
        ("/api/teams", json!({"name": "x"}), "description", 10_000),
    ] {
        let text = if most < 3000 {
            long.clone()
        } else {
            letters(most + 1)
        };
        sent[key] = json!(text);
        let reply = admin.post(path, sent.clone()).await;
        assert_eq!(reply.status(), 422, "{path} {key}");
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(problem["code"], "TK422");
        assert_eq!(
            problem["problems"],
            json!([{
                "path": key, "message": format!("must have at most {most} characters"),
                "reason": "too_long", "values": {"most": most.to_string()},
            }]),
            "{path}"
        );
        sent[key] = json!(text[..most]);
        let reply = admin.post(path, sent).await;
        assert_eq!(reply.status(), 201, "{path} {key}");
    }
    for sql in [
        format!("insert into app.skills (name) values ('{long}')"),
        "update app.organizations set notes = repeat('a', 100001)".to_owned(),
        format!("update app.users set phone = '{long}'"),
    ] {
        assert_eq!(desk.refused(&sql).await.0, "23514", "{sql:.60}");
    }
    let sql = format!(
        "update app.tickets set external_id = '{long}', description = repeat('a', 4000001)"
    );
    let (code, detail) = desk.refused(&sql).await;
    assert_eq!(code, "TK422");
    assert_eq!(
        detail,
        "external_id: must have at most 255 characters\ndescription: must have at most 4000000 bytes"
    );
}
