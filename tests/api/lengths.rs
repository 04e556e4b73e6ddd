//! Every text and every list that a request may bring has a limit: the description says which, and what is longer is
//! refused by its path, over REST and at a SQL prompt.

use crate::authorization::{address, operations};
use crate::bodies::{Description, on_this_desk, ready, send};
use reqwest::Method;
use serde_json::{Map, Value, json};

/// Bodies have at most 1 MiB: a limit above this is that of a SQL prompt.
const SENT_AT_MOST: u64 = 100_000;

fn is(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::Array(types) => types.iter().any(|one| one == name),
        one => one == name,
    }
}

/// Where a problem is; an answer of another kind has none.
fn places(problem: &Value) -> Vec<&str> {
    let problems = problem["problems"].as_array().into_iter().flatten();
    problems
        .filter_map(|problem| problem["path"].as_str())
        .collect()
}

fn variants(schema: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf", "allOf"]
        .into_iter()
        .filter_map(|key| schema[key].as_array())
        .flatten()
}

/// A pattern that takes texts of any length bounds nothing.
fn is_bounded(pattern: &str) -> bool {
    pattern.starts_with('^') && pattern.ends_with('$') && !pattern.contains(['*', '+'])
}

/// Texts and lists of a schema that have no limit.
fn unlimited(
    description: &Description,
    schema: &Value,
    path: &str,
    seen: &mut Vec<String>,
) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        if seen.iter().any(|one| one == name) {
            return Vec::new();
        }
        seen.push(name.to_owned());
    }
    let inner = description.follow(schema);
    let mut found = Vec::new();
    let has_limit = inner["maxLength"].is_u64()
        || inner["format"].is_string()
        || inner["enum"].is_array()
        || inner["pattern"].as_str().is_some_and(is_bounded);
    if is(inner, "string") && !has_limit {
        found.push(format!("{path}: a text"));
    }
    if is(inner, "array") {
        if !inner["maxItems"].is_u64() {
            found.push(format!("{path}: a list"));
        }
        found.extend(unlimited(
            description,
            &inner["items"],
            &format!("{path}[]"),
            seen,
        ));
    }
    for (name, member) in inner["properties"].as_object().into_iter().flatten() {
        found.extend(unlimited(
            description,
            member,
            &format!("{path}.{name}"),
            seen,
        ));
    }
    if inner["additionalProperties"].is_object() {
        found.extend(unlimited(
            description,
            &inner["additionalProperties"],
            &format!("{path}.*"),
            seen,
        ));
    }
    for variant in variants(inner) {
        found.extend(unlimited(description, variant, path, seen));
    }
    found
}

#[test]
fn every_text_and_list_of_a_request_has_a_limit_that_is_told() {
    let description = Description::read();
    let mut found = Vec::new();
    for operation in operations() {
        let about = description.operation(&operation);
        for parameter in about["parameters"].as_array().into_iter().flatten() {
            let path = format!("{} ?{}", operation.id, parameter["name"]);
            found.extend(unlimited(
                &description,
                &parameter["schema"],
                &path,
                &mut Vec::new(),
            ));
        }
        let contents = about["requestBody"]["content"].as_object();
        for content in contents.into_iter().flat_map(Map::values) {
            found.extend(unlimited(
                &description,
                &content["schema"],
                &operation.id,
                &mut Vec::new(),
            ));
        }
    }
    assert!(
        found.is_empty(),
        "{} without a limit:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// A value of this schema, whatever it means.
fn sample(description: &Description, schema: &Value) -> Value {
    let inner = description.follow(schema);
    if let Some(example) = inner.get("example") {
        return example.clone();
    }
    if let Some(word) = inner["enum"].as_array().and_then(|words| words.first()) {
        return word.clone();
    }
    if let Some(variant) = variants(inner).find(|one| !is(one, "null")) {
        return sample(description, variant);
    }
    if is(inner, "string") {
        return match inner["format"].as_str() {
            Some("date") => json!("2026-01-31"),
            Some("date-time") => json!("2026-01-31T09:00:00Z"),
            _ => json!("x"),
        };
    }
    if is(inner, "integer") || is(inner, "number") {
        return json!(1);
    }
    if is(inner, "boolean") {
        return json!(true);
    }
    if is(inner, "array") {
        return json!([]);
    }
    let needed = inner["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    needed
        .map(|name| {
            (
                name.to_owned(),
                sample(description, &inner["properties"][name]),
            )
        })
        .collect()
}

/// Values of this schema in which one text or list is one too long, with where it is.
fn too_long(
    description: &Description,
    schema: &Value,
    path: &str,
    seen: &[&str],
) -> Vec<(String, Value)> {
    let name = schema["$ref"].as_str().unwrap_or_default();
    if seen.contains(&name) {
        return Vec::new();
    }
    let inside: Vec<&str> = seen
        .iter()
        .copied()
        .chain((!name.is_empty()).then_some(name))
        .collect();
    let inner = description.follow(schema);
    let mut found = Vec::new();
    let most = |key: &str| inner[key].as_u64().filter(|most| *most <= SENT_AT_MOST);
    if is(inner, "string") {
        let bounded = inner["pattern"].is_string().then_some(200);
        if let Some(most) = most("maxLength").or(bounded) {
            let text = "x".repeat(usize::try_from(most).expect("a length") + 1);
            found.push((path.to_owned(), json!(text)));
        }
    }
    if is(inner, "array") {
        let entry = sample(description, &inner["items"]);
        if let Some(most) = most("maxItems") {
            let number = |n: u64| {
                if entry.is_i64() {
                    json!(n + 1)
                } else {
                    entry.clone()
                }
            };
            found.push((path.to_owned(), (0..=most).map(number).collect()));
        }
        for (path, value) in too_long(description, &inner["items"], &format!("{path}[0]"), &inside)
        {
            found.push((path, json!([value])));
        }
    }
    for (name, member) in inner["properties"].as_object().into_iter().flatten() {
        for (path, value) in too_long(description, member, &format!("{path}.{name}"), &inside) {
            let mut around = sample(description, schema);
            around[name] = value;
            found.push((path, around));
        }
    }
    for variant in variants(inner) {
        found.extend(too_long(description, variant, path, &inside));
    }
    found
}

#[tokio::test]
async fn what_is_longer_than_its_limit_is_refused_by_its_path_however_deep_it_stands() {
    let description = Description::read();
    let (_desk, ids, admin) = ready().await;
    let (mut wrong, mut sent) = (Vec::new(), 0);
    for (operation, schema) in description.bodies() {
        let path = address(&operation, &ids);
        let example = on_this_desk(&operation, &schema["example"], &ids);
        for (key, member) in schema["properties"].as_object().into_iter().flatten() {
            for (place, value) in too_long(&description, member, key, &[]) {
                let mut body = example.clone();
                body[key] = value;
                let (status, problem) = send(&admin, &operation, &path, body).await;
                let named = places(&problem)
                    .iter()
                    .any(|path| path.split(['.', '[']).next() == Some(key.as_str()));
                if !(400..500).contains(&status) || !named {
                    wrong.push(format!("{} {place}: {status} {problem:.300}", operation.id));
                }
                sent += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(sent > 300, "only {sent} were tried");
}

#[tokio::test]
async fn what_is_too_long_in_a_query_is_refused_by_its_name() {
    let description = Description::read();
    let (_desk, ids, admin) = ready().await;
    let job = json!({"action": "update", "ids": [ids["tickets"]], "changes": {"priority": "low"}});
    admin.create("/api/bulk-jobs", job).await;
    let mut wrong = Vec::new();
    for operation in operations() {
        let about = description.operation(&operation);
        let parameters = about["parameters"].as_array().into_iter().flatten();
        for parameter in
            parameters.filter(|one| one["in"] == "query" && operation.method == Method::GET)
        {
            let name = parameter["name"].as_str().expect("a name");
            // A cursor of the log is longer than any address of a page.
            let most = parameter["schema"]["maxLength"]
                .as_u64()
                .filter(|most| *most <= 8000);
            let Some(most) = most else { continue };
            let text = "x".repeat(usize::try_from(most).expect("a length") + 1);
            let path = format!("{}?{name}={text}", address(&operation, &ids));
            let reply = admin.get(&path).await;
            let status = reply.status();
            let problem: Value = reply.json().await.unwrap_or_default();
            let named = places(&problem)
                .iter()
                .any(|path| path.split('[').next() == Some(name));
            if status != 422 || !named {
                wrong.push(format!("{} {name}: {status} {problem:.300}", operation.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_password_has_a_limit_before_it_is_hashed() {
    let (desk, _, admin) = ready().await;
    let long = "x".repeat(1001);
    for (who, path, body, key) in [
        (
            &desk.anonymous(),
            "/api/session",
            json!({"email": "a@b.test", "password": long}),
            "password",
        ),
        (
            &admin,
            "/api/me/password",
            json!({"current_password": long, "new_password": "correct horse battery"}),
            "current_password",
        ),
    ] {
        let reply = who.post(path, body).await;
        assert_eq!(reply.status(), 422);
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(places(&problem), [key]);
    }
}

/// The same limits where there is no description: they are the database's own.
#[tokio::test]
async fn lists_and_queries_are_as_long_at_a_sql_prompt_as_over_rest() {
    let (desk, ..) = ready().await;
    let long = "repeat('x', 8001)";
    let options = |count: usize, length: usize| {
        format!(
            "(select jsonb_build_object('options', jsonb_agg(n || repeat('x', {length}))) from generate_series(1, {count}) n)"
        )
    };
    let field = |config: &str| {
        format!(
            "insert into app.custom_fields (key, label, type, config) values ('o', 'O', 'dropdown', {config})"
        )
    };
    for (statement, path) in [
        (format!("select api.list_tickets(jsonb_build_object('q', {long}))"), "q: must have at most 8000 characters"),
        (format!("select api.list_users(jsonb_build_object('role', {long}))"), "role: must have at most 8000 characters"),
        (
            "select api.mark_notifications(jsonb_build_object('ids', (select jsonb_agg(n) from generate_series(1, 1001) n)))".to_owned(),
            "ids: must have at most 1000 entries",
        ),
        (field(&options(1001, 1)), "config.options: must have at most 1000 entries"),
        (field(&options(1, 200)), "config.options[0]: must have at most 200 characters"),
        (
            "insert into app.custom_fields (key, label, type, visible_when)
             values ('w', 'W', 'text', jsonb_build_object('field', 'f', 'in', (select jsonb_agg(n) from generate_series(1, 501) n)))"
                .to_owned(),
            "visible_when.in: must have at most 500 entries",
        ),
        (
            "insert into app.object_fields (object_type_id, key, label, type, config)
             values (1, 'w', 'W', 'regex', jsonb_build_object('pattern', repeat('x', 1001)))"
                .to_owned(),
            "config.pattern: must have at most 1000 characters",
        ),
        (
            "insert into app.routing_rules (name, conditions, actions)
             values ('r', '{\"all\": []}', jsonb_build_array(jsonb_build_object('assign', repeat('x', 321))))"
                .to_owned(),
            "actions[0].assign: must have at most 320 characters",
        ),
    ] {
        let (code, detail) = desk.refused(&statement).await;
        assert_eq!(code, "TK422", "{statement}");
        assert!(detail.contains(path), "{path}: {detail}");
    }
    for statement in [
        "update app.custom_fields set visible_to = array_fill('agent'::app.user_role, array[6])",
        "insert into app.ticket_forms (name, team_ids) values ('f', array_fill(1, array[1001]))",
    ] {
        let (code, _) = desk.refused(statement).await;
        assert_eq!(code, "23514", "{statement}");
    }
}
