//! JSON at every door: what could not be kept exactly is refused where it comes in, and decimals are never rounded.

use harness::desk::Desk;
use serde_json::{Value, json};

/// Nested as deep as this says.
fn deep(levels: usize) -> String {
    format!("{}1{}", "[".repeat(levels), "]".repeat(levels))
}

async fn furnished() -> Desk {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('price', 'Price', 'decimal'), ('note', 'Note', 'text');
         insert into app.organizations (name) values ('Acme');
         insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
         insert into app.object_fields (object_type_id, key, label, type) select id, 'worth', 'Worth', 'decimal' from app.object_types;
         insert into app.object_records (object_type_id, name) select id, 'Laptop' from app.object_types",
    )
    .await;
    desk.ticket("x", "billing").await;
    desk
}

#[tokio::test]
async fn numbers_too_long_and_json_too_deep_come_in_by_no_door() {
    let desk = furnished().await;
    for value in ["1e400", "-1e400", "1e-400", &deep(65), &deep(3000)] {
        let inside = format!("'{{\"price\": {value}}}'");
        let condition = format!("'{{\"field\": \"subject\", \"op\": \"is\", \"value\": {value}}}'");
        for sql in [
            format!("update app.tickets set custom = {inside}"),
            format!(
                "insert into app.tickets (subject, requester_id, custom) select 'y', min(id), {inside} from app.users"
            ),
            format!("update app.organizations set custom = {inside}"),
            format!("insert into app.organizations (name, custom) values ('New', {inside})"),
            format!("update app.object_records set custom = '{{\"worth\": {value}}}'"),
            format!("update app.custom_fields set default_value = '{value}' where key = 'price'"),
            format!(
                "update app.custom_fields set config = '{{\"min\": {value}}}' where key = 'price'"
            ),
            format!("update app.custom_fields set visible_when = {condition} where key = 'note'"),
            format!("insert into app.routing_rules (name, conditions) values ('r', {condition})"),
            format!(
                "insert into app.routing_rules (name, actions) values ('r', '[{{\"set\": \"custom.price\", \"value\": {value}}}]')"
            ),
            format!("insert into app.triggers (name, conditions) values ('t', {condition})"),
            format!("insert into app.automations (name, conditions) values ('a', {condition})"),
            format!("insert into app.views (name, conditions) values ('v', {condition})"),
            format!(
                "insert into app.macros (name, actions) values ('m', '[{{\"set\": \"custom.price\", \"value\": {value}}}]')"
            ),
        ] {
            let (code, detail) = desk.refused(&sql).await;
            assert_eq!(code, "TK422", "{sql:.120}: {detail}");
            assert!(!detail.is_empty(), "{sql:.120}");
        }
    }
    // Nothing of it stands in the way of the next.
    desk.ticket("after", "billing").await;
}

#[tokio::test]
async fn rest_answers_422_with_the_path() {
    let desk = furnished().await;
    let admin = desk.admin().await;
    let requester: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    // What no float holds is refused with the body; what is only too long by whatever reads it.
    for (path, body, at) in [
        (
            "/api/organizations",
            "{\"name\": \"Deep\", \"custom\": {\"a\": {\"b\": 1e400}}}".to_owned(),
            "body",
        ),
        (
            "/api/tickets",
            format!(
                "{{\"subject\": \"x\", \"requester_id\": {requester}, \"custom\": {{\"price\": 1e150}}}}"
            ),
            "custom.price",
        ),
        (
            "/api/organizations",
            "{\"name\": \"Deep\", \"custom\": {\"a\": {\"b\": 1e150}}}".to_owned(),
            "custom.a.b",
        ),
        (
            "/api/custom-fields",
            "{\"key\": \"d\", \"label\": \"D\", \"type\": \"decimal\", \"default_value\": 1e150}"
                .to_owned(),
            "default_value",
        ),
    ] {
        let answer = reqwest::Client::new()
            .post(format!("{}{path}", desk.address))
            .bearer_auth(admin.token.as_deref().expect("a token"))
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .expect("answers");
        let status = answer.status();
        let problem: Value = answer.json().await.expect("a problem");
        assert_eq!(status, 422, "{path}: {problem}");
        assert!(problem.to_string().contains(at), "{path}: {problem}");
    }
}

#[tokio::test]
async fn decimals_stay_as_they_were_written() {
    let desk = furnished().await;
    // A default is filled in, so that the values are written anew.
    desk.run("update app.custom_fields set default_value = '\"none\"' where key = 'note'")
        .await;
    let exact = "12345678901234567890.25";
    let ticket: i64 = desk
        .one(&format!(
            "insert into app.tickets (subject, requester_id, custom) select 'x', min(id), '{{\"price\": {exact}}}' from app.users returning id"
        ))
        .await;
    let kept: String = desk
        .one(&format!(
            "select custom::text from app.tickets where id = {ticket}"
        ))
        .await;
    assert_eq!(kept, format!("{{\"note\": \"none\", \"price\": {exact}}}"));
    let audited: String = desk
        .one(&format!("select (changes #> '{{custom,1,price}}')::text from app.audit_log where table_name = 'tickets' and row_key = '{ticket}' and action = 'insert'"))
        .await;
    assert_eq!(audited, exact);
    // Small steps are changes too, and told exactly.
    let changed = "12345678901234567890.26";
    desk.run(&format!(
        "update app.tickets set custom = custom || '{{\"price\": {changed}}}' where id = {ticket}"
    ))
    .await;
    let told: String = desk
        .one(&format!("select (changes #> '{{custom,1,price}}')::text from app.audit_log where table_name = 'tickets' and row_key = '{ticket}' and action = 'update'"))
        .await;
    assert_eq!(told, changed);
    // A restricted field keeps its value apart.
    desk.run("update app.custom_fields set visible_to = '{agent}' where key = 'price'")
        .await;
    desk.run(&format!(
        "update app.tickets set custom = custom || '{{\"price\": {exact}}}' where id = {ticket}"
    ))
    .await;
    let apart: String = desk
        .one(&format!("select coalesce((select value::text from app.ticket_field_values where ticket_id = {ticket} and field_key = 'price'), (select custom ->> 'price' from app.tickets where id = {ticket}))"))
        .await;
    assert_eq!(apart, exact);
}

#[tokio::test]
async fn what_came_in_before_can_be_put_right_and_removed_and_stops_nothing() {
    let desk = furnished().await;
    // As an older release let it in: past the triggers.
    desk.run(&format!(
        "set session_replication_role = replica;
         update app.organizations set custom = '{{\"x\": 1e400}}';
         update app.tickets set custom = '{{\"price\": 1e400}}';
         update app.custom_fields set default_value = '{}' where key = 'price';
         update app.users set organization_id = (select id from app.organizations) where email = 'cleo@customer.test';
         set session_replication_role = default",
        deep(100)
    ))
    .await;
    desk.run("update app.custom_fields set position = position + 1 where key = 'note'")
        .await;
    let ticket = desk.ticket("after", "billing").await;
    desk.run(&format!(
        "update app.tickets set subject = 'y' where id <> {ticket}"
    ))
    .await;
    for sql in [
        "update app.tickets set custom = '{\"price\": 5}'",
        "update app.organizations set custom = '{}'",
        "update app.custom_fields set default_value = null where key = 'price'",
    ] {
        desk.run(sql).await;
    }
    let told: Value = serde_json::from_str(
        &desk
            .one::<String>("select (changes #> '{custom}')::text from app.audit_log where table_name = 'organizations' and action = 'update' order by id desc limit 1")
            .await,
    )
    .expect("JSON");
    assert_eq!(told[1], json!({}));
    assert!(
        told[0].as_str().is_some_and(|was| was.len() > 400),
        "{told}"
    );
}
