//! The description of every request body against what the database takes: the same members, the same limits, and an
//! example that works.

use crate::authorization::{Operation, address, furnished, operations};
use harness::desk::{Desk, Person, problem_paths};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Checked by the program itself, since they hold a password.
const APART: &[&str] = &["log_in", "change_password"];
/// They take what `update_ticket` takes, and set the status themselves.
const AS_UPDATE: &[&str] = &["solve_ticket", "reopen_ticket"];
/// Members that also take what they are not said to take, each for a reason.
const LENIENT: &[(&str, &str)] = &[
    // Null is as good as nothing.
    ("create_ticket", "created_at"),
    ("create_ticket", "description"),
    ("create_ticket", "requester_id"),
    ("save_draft", "body_text"),
    ("create_message", "kind"),
    ("add_follower", "kind"),
    ("add_follower", "name"),
    ("follow_up_ticket", "description"),
    // Beside the ids of the example it is the ids that are one way too many.
    ("create_bulk_job", "view_id"),
];

pub(crate) struct Description(Value);

impl Description {
    pub(crate) fn read() -> Self {
        Self(serde_json::from_str(&autocrm_api::openapi::json()).expect("JSON"))
    }

    /// The schema that a reference names, or this one; what may be null too, without that.
    pub(crate) fn follow<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap_or_default();
            return self.follow(&self.0["components"]["schemas"][name]);
        }
        let either = schema["oneOf"].as_array().into_iter().flatten();
        let nullable = either.clone().any(|one| one["type"] == "null");
        match either.clone().find(|one| one["$ref"].is_string()) {
            Some(other) if nullable => self.follow(other),
            _ => schema,
        }
    }

    pub(crate) fn operation(&self, operation: &Operation) -> &Value {
        let method = operation.method.as_str().to_lowercase();
        &self.0["paths"][&operation.path][&method]
    }

    /// The bodies of JSON, by operation.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = (Operation, &Value)> {
        operations().into_iter().filter_map(|operation| {
            let content = &self.operation(&operation)["requestBody"]["content"];
            let schema = content.get("application/json")?.get("schema")?;
            let schema = self.follow(schema);
            (!APART.contains(&operation.id.as_str())).then_some((operation, schema))
        })
    }
}

fn members(schema: &Value) -> BTreeSet<String> {
    let properties = schema["properties"].as_object();
    properties
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect()
}

fn without(body: &Value, key: &str) -> Value {
    let members = body.as_object().into_iter().flatten();
    let rest: Map<String, Value> = members
        .filter(|(name, _)| *name != key)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(rest)
}

/// A desk with one of everything, and a person who may write all of it.
pub(crate) async fn ready() -> (Desk, BTreeMap<&'static str, i64>, Person) {
    let (desk, mut ids) = furnished().await;
    let admin = desk.admin().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('order_number', 'Order', 'text');
         update app.macros set message_kind = 'note', body_text = 'Hello'",
    )
    .await;
    // A message of one's own, which may be edited.
    let path = format!("/api/tickets/{}/messages", ids["tickets"]);
    let sent = admin.post(&path, json!({"body_text": "4711 0815"})).await;
    let sent: Value = sent.json().await.expect("a message");
    ids.insert("messages", sent["id"].as_i64().expect("an id"));
    (desk, ids, admin)
}

/// The example with the ids of this desk.
pub(crate) fn on_this_desk(
    operation: &Operation,
    example: &Value,
    ids: &BTreeMap<&'static str, i64>,
) -> Value {
    let mut body = example.clone();
    let other = match operation.id.as_str() {
        "merge_users" => ids["users"] + 1000,
        _ => 2,
    };
    let known = [
        ("message_id", json!(ids["messages"])),
        ("into", json!(other)),
        ("ticket_id", json!(3)),
        ("tickets", json!([2])),
        ("user_id", json!(ids["users"])),
        ("organization_id", json!(1)),
        // That of the ticket, which has its first message and another.
        ("version", json!(null)),
    ];
    for (key, value) in known {
        if body.get(key).is_some() {
            body[key] = value;
        }
    }
    if body["version"].is_null() {
        body = without(&body, "version");
    }
    if operation.id == "create_bulk_job" {
        body["ids"] = json!([2, 3]);
    }
    body
}

pub(crate) async fn send(
    who: &Person,
    operation: &Operation,
    path: &str,
    body: Value,
) -> (u16, Value) {
    let reply = who
        .send(operation.method.clone(), path, Some(body), &[])
        .await;
    let status = reply.status().as_u16();
    (status, reply.json().await.unwrap_or_default())
}

#[test]
fn every_body_is_described_with_an_example() {
    let description = Description::read();
    let mut wrong = Vec::new();
    for (operation, schema) in description.bodies() {
        let known = members(schema);
        if known.is_empty() {
            wrong.push(format!("{}: nothing is said of its body", operation.id));
            continue;
        }
        let Some(example) = schema["example"].as_object() else {
            wrong.push(format!("{}: has no example", operation.id));
            continue;
        };
        for key in example.keys().filter(|key| !known.contains(*key)) {
            wrong.push(format!("{}: the example has {key}", operation.id));
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for key in required.filter_map(Value::as_str) {
            if !example.contains_key(key) {
                wrong.push(format!("{}: the example lacks {key}", operation.id));
            }
        }
        if schema["additionalProperties"] != false {
            wrong.push(format!("{}: says nothing of other members", operation.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_body_is_described_with_all_members_that_are_taken_and_no_other() {
    let description = Description::read();
    let (_desk, ids, admin) = ready().await;
    let mut wrong = Vec::new();
    for (operation, schema) in description.bodies() {
        let path = address(&operation, &ids);
        let (status, problem) = send(&admin, &operation, &path, json!({"never_known": 1})).await;
        let problems = problem["problems"].as_array().into_iter().flatten();
        let told = problems
            .filter(|problem| problem["path"] == "never_known")
            .find_map(|problem| problem["message"].as_str()?.split_once("; one of "));
        let Some((_, taken)) = told else {
            wrong.push(format!(
                "{}: {status} for an unknown member: {problem}",
                operation.id
            ));
            continue;
        };
        let taken: BTreeSet<String> = taken.split(", ").map(str::to_owned).collect();
        let described = members(schema);
        if taken != described {
            wrong.push(format!(
                "{}: not described {:?}, not taken {:?}",
                operation.id,
                taken.difference(&described).collect::<Vec<_>>(),
                described.difference(&taken).collect::<Vec<_>>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_example_is_taken() {
    let description = Description::read();
    let mut wrong = Vec::new();
    for (operation, schema) in description.bodies() {
        // An example changes the desk, so each gets its own.
        let (_desk, ids, admin) = ready().await;
        let path = address(&operation, &ids);
        let body = on_this_desk(&operation, &schema["example"], &ids);
        let (status, answer) = send(&admin, &operation, &path, body).await;
        // Another customer is not there, nor is a closed ticket.
        let fine = match operation.id.as_str() {
            "merge_users" => status == 404,
            "follow_up_ticket" => answer["problems"][0]["path"] == "id",
            _ => status < 300,
        };
        if !fine {
            wrong.push(format!("{}: {status} {answer}", operation.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The kind of defect: a body without members, which was taken for one that asks for nothing. So a draft was wiped by `null`.
#[tokio::test]
async fn a_body_that_is_no_object_is_refused_by_every_operation_and_changes_nothing() {
    let (desk, ids, admin) = ready().await;
    let draft = format!("/api/tickets/{}/drafts/reply", ids["tickets"]);
    let kept = admin
        .send(Method::PUT, &draft, Some(json!({"body_text": "Kept"})), &[])
        .await;
    assert_eq!(kept.status(), 200);
    let description = Description::read();
    let apart = operations()
        .into_iter()
        .filter(|operation| APART.contains(&operation.id.as_str()));
    let mut wrong = Vec::new();
    let described = description.bodies().map(|(operation, _)| operation);
    for operation in described.chain(apart) {
        let path = address(&operation, &ids);
        for body in [
            json!(null),
            json!([]),
            json!(["read"]),
            json!(1),
            json!("x"),
        ] {
            let shown = body.to_string();
            let (status, problem) = send(&admin, &operation, &path, body).await;
            if status != 422 || problem["problems"][0]["path"] != "body" {
                wrong.push(format!("{} of {shown}: {status} {problem}", operation.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Nor is one that says nothing at all a text.
    for body in [Some(json!({})), None] {
        let reply = admin.send(Method::PUT, &draft, body, &[]).await;
        assert_eq!(reply.status(), 422);
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(problem_paths(&problem), ["body_text"]);
    }
    assert_eq!(admin.read(&draft).await["body_text"], "Kept");
    // The same at a SQL prompt, where a body may be missing too.
    for body in ["null", "'null'", "'[]'", "'1'"] {
        for call in [
            format!("api.save_draft({}, 'reply', {body})", ids["tickets"]),
            format!("api.mark_ticket({}, {body})", ids["tickets"]),
            format!("api.add_member(1, {}, {body})", ids["users"]),
            format!("api.simulate_routing({body})"),
        ] {
            let (code, detail) = desk.refused(&format!("select {call}")).await;
            assert_eq!(
                (code.as_str(), detail.as_str()),
                ("TK422", "body: must be a JSON object"),
                "{call}"
            );
        }
    }
}

/// Values that a schema excludes.
fn excluded(description: &Description, schema: &Value) -> Vec<Value> {
    let inner = description.follow(schema);
    let is = |name: &str| match &inner["type"] {
        Value::Array(types) => types.iter().any(|one| one == name),
        one => one == name,
    };
    let either = schema["oneOf"].as_array().into_iter().flatten();
    let nullable = is("null") || either.clone().any(|one| one["type"] == "null");
    let mut values = Vec::new();
    if !nullable && inner["type"].is_string() {
        values.push(Value::Null);
    }
    if is("string") {
        values.push(json!({"a": 1}));
    }
    for (name, value) in [
        ("integer", json!("x")),
        ("boolean", json!("perhaps")),
        ("array", json!("x")),
        ("object", json!(7)),
    ] {
        if is(name) {
            values.push(value);
        }
    }
    if inner["enum"].is_array() || inner["pattern"].is_string() {
        values.push(json!("NO such"));
    }
    if let Some(most) = inner["maxLength"].as_u64().filter(|most| *most <= 100_000) {
        values.push(json!(
            "x".repeat(usize::try_from(most).unwrap_or_default() + 1)
        ));
    }
    if inner["minLength"].is_u64() {
        values.push(json!(""));
    }
    match inner["format"].as_str() {
        Some("email") => values.push(json!("nobody")),
        Some("date-time") => values.push(json!("tomorrow")),
        _ => {}
    }
    if let Some(most) = inner["maximum"].as_i64() {
        values.push(json!(most + 1));
    }
    if let Some(least) = inner["minimum"].as_i64() {
        values.push(json!(least - 1));
    }
    if inner["minItems"].is_u64() {
        values.push(json!([]));
    }
    let item = description.follow(&inner["items"]);
    if let Some(most) = inner["maxItems"].as_u64() {
        let entry = |n: u64| match item["type"].as_str() {
            Some("integer") => json!(n + 1),
            Some("string") => json!(format!("x{n}")),
            _ => item
                .get("example")
                .cloned()
                .unwrap_or_else(|| json!({"add_tags": ["x"]})),
        };
        values.push((0..=most).map(entry).collect());
    }
    if item["enum"].is_array() || item["pattern"].is_string() {
        values.push(json!(["NO such"]));
    }
    values
}

#[tokio::test]
async fn what_a_description_excludes_is_refused_by_its_path() {
    let description = Description::read();
    let (_desk, ids, admin) = ready().await;
    let mut wrong = Vec::new();
    for (operation, schema) in description.bodies() {
        if AS_UPDATE.contains(&operation.id.as_str()) {
            continue;
        }
        let path = address(&operation, &ids);
        let example = on_this_desk(&operation, &schema["example"], &ids);
        let mut tries: Vec<(String, Value)> = Vec::new();
        for (key, member) in schema["properties"].as_object().into_iter().flatten() {
            if LENIENT.contains(&(operation.id.as_str(), key.as_str())) {
                continue;
            }
            for value in excluded(&description, member) {
                let mut body = example.clone();
                body[key] = value;
                tries.push((key.clone(), body));
            }
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for key in required.filter_map(Value::as_str) {
            tries.push((key.to_owned(), without(&example, key)));
        }
        for (key, body) in tries {
            let shown: String = body[&key].to_string().chars().take(40).collect();
            let (status, problem) = send(&admin, &operation, &path, body).await;
            let named = problem["problems"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|problem| problem["path"].as_str())
                .any(|path| path.split(['.', '[']).next() == Some(key.as_str()));
            if status != 422 || !named {
                let detail = &problem["detail"];
                wrong.push(format!(
                    "{} {key}: {status} {detail} for {shown}",
                    operation.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names that a text would become if any JSON were one.
#[tokio::test]
async fn an_unknown_member_of_a_requester_is_named() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let requester = json!({"email": "ada@customer.test", "name": {"first": "Ada"}, "phone": "1"});
    let body = json!({"subject": "Hello", "requester": requester});
    let refused = admin
        .send(Method::POST, "/api/tickets", Some(body), &[])
        .await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("JSON");
    assert_eq!(
        problem_paths(&problem),
        ["requester.phone", "requester.name"]
    );
}
