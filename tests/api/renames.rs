//! What rules, views, macros and forms name follows when it is renamed or merged, and is not taken from under them.

use harness::desk::{Desk, Person};
use serde_json::{Value, json};

/// One of each that names one of each, switched off, shared, private and as it was before.
async fn furnished() -> (Desk, Person, Person) {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    desk.run(
        r#"insert into app.skills (name) values ('german');
           insert into app.schedules (name, time_zone, weekly) values ('Office', 'Europe/Berlin', '[{"day": "mon", "from": "09:00", "to": "17:00"}]');
           insert into app.organizations (name) values ('Orchard');
           insert into app.tags (name) values ('vip');
           insert into app.statuses (key, label, color, category, position) values ('waiting', 'Waiting', '#888888', 'pending', 99);
           insert into app.priorities (key, label, color, weight) values ('huge', 'Huge', '#888888', 99);
           insert into app.ticket_forms (name) values ('Repair');
           insert into app.custom_fields (key, label, type, config) values
             ('area', 'Area', 'dropdown', '{"options": [{"value": "web", "label": "Web"}, {"value": "mail", "label": "Mail"}]}'),
             ('keeper', 'Keeper', 'relation', '{"target": "user"}')"#,
    )
    .await;
    let conditions = r#"{"all": [
        {"field": "team", "op": "in", "value": ["Billing", "tech"]}, {"field": "status", "op": "is", "value": "waiting"},
        {"field": "priority", "op": "less", "value": "huge"}, {"field": "form", "op": "is_not", "value": "repair"},
        {"field": "organization", "op": "is", "value": "Orchard"}, {"field": "tags", "op": "includes_all", "value": ["vip"]},
        {"field": "now", "op": "within_schedule", "value": "office"}, {"field": "requester.email", "op": "is", "value": "cleo@customer.test"},
        {"field": "subject", "op": "is", "value": "billing"}]}"#;
    let actions = r#"[{"set": "team", "value": "billing"}, {"set": "status", "value": "waiting"}, {"set": "priority", "value": "huge"},
        {"set": "form", "value": "Repair"}, {"add_tags": ["vip"]}, {"require_skill": "german", "level": 2}, {"assign": "Ada@desk.test"}]"#;
    desk.run(&format!(
        r#"insert into app.routing_rules (name, enabled, conditions, actions) values ('Route', false, '{conditions}', '{actions}');
           insert into app.triggers (name, enabled, conditions, actions) values ('Trigger', true, '{conditions}', '{actions}');
           insert into app.automations (name, enabled, conditions, actions) values ('Automation', true, '{conditions}', '{actions}');
           insert into app.sla_policies (name, enabled, conditions, targets) values ('Policy', true, '{conditions}', '[{{"metric": "resolution", "priority": "huge", "minutes": 9}}]');
           insert into app.retention_policies (name, conditions, since, days, action) values ('Retention', '{conditions}', 'closed', 30, 'delete');
           insert into app.views (name, visibility, active, conditions) values ('View', 'everyone', false, '{conditions}');
           insert into app.views (name, visibility, owner_id, conditions) values ('Own', 'private', {id}, '{conditions}');
           insert into app.macros (name, scope, owner_id, actions, message_kind, body_text) values ('Mine', 'private', {id}, '{actions}', 'reply',
             '{{{{#if ticket.team == "billing"}}}}billing{{{{/if}}}}')"#,
        id = ada.id
    ))
    .await;
    (desk, root, ada)
}

/// Everything that names something, as one text.
async fn said(desk: &Desk) -> String {
    desk.one(
        "select string_agg(x, ' ') from (
           select conditions::text || actions::text as x from app.routing_rules union all
           select conditions::text || actions::text from app.triggers union all
           select conditions::text || actions::text from app.automations union all
           select conditions::text || targets::text from app.sla_policies union all
           select conditions::text from app.retention_policies union all
           select conditions::text from app.views union all
           select actions::text || body_text from app.macros union all
           select actions::text || body_text from app.macro_versions) s",
    )
    .await
}

fn count(text: &str, what: &str) -> usize {
    text.matches(&format!("\"{what}\"")).count()
}

#[tokio::test]
async fn whatever_is_renamed_is_followed_by_all_that_name_it() {
    let (desk, root, ada) = furnished().await;
    let versions = "select array[(select sum(version) from app.routing_rules), (select sum(version) from app.views), (select sum(version) from app.macros)]::bigint[]";
    for (table, column, from, to) in [
        ("teams", "name", "billing", "Money"),
        ("statuses", "key", "waiting", "parked"),
        ("priorities", "key", "huge", "enormous"),
        ("ticket_forms", "name", "Repair", "Mending"),
        ("tags", "name", "vip", "gold"),
        ("organizations", "name", "Orchard", "Cider Ltd"),
        ("schedules", "name", "Office", "Counter"),
        ("skills", "name", "german", "Deutsch"),
        ("users", "email", "ada@desk.test", "ada.l@desk.test"),
        (
            "users",
            "email",
            "cleo@customer.test",
            "cleo.new@customer.test",
        ),
    ] {
        let before: Vec<i64> = desk.one(versions).await;
        let named = said(&desk).await.to_lowercase();
        let times = count(&named, &from.to_lowercase());
        assert!(times > 0, "{from} is named");
        desk.run(&format!(
            "update app.{table} set {column} = '{to}' where {column} = '{from}'"
        ))
        .await;
        let now = said(&desk).await;
        // A subject of the same word is nobody's name.
        let left = if from == "billing" { 7 } else { 0 };
        assert_eq!(
            count(&now.to_lowercase(), &from.to_lowercase()),
            left,
            "{from}: {now}"
        );
        assert!(count(&now, to) >= times - left, "{to}: {now}");
        let after: Vec<i64> = desk.one(versions).await;
        assert!(before.iter().zip(&after).any(|(b, a)| a > b), "{from}");
    }
    let view = ada.read("/api/views").await;
    assert!(view.to_string().contains("Cider Ltd"), "{view}");
    let audited: i64 = desk
        .one("select count(*) from app.audit_log where table_name in ('routing_rules', 'views', 'macros') and action = 'update'")
        .await;
    assert!(audited >= 30, "{audited}");

    // What is renamed is found by its new name: the ticket has its team.
    desk.run("update app.routing_rules set enabled = true, conditions = '{\"all\": []}'; update app.tickets set assignee_id = null")
        .await;
    let made: Value = root
        .post(
            "/api/tickets",
            json!({"subject": "x", "requester_id": ada.id}),
        )
        .await
        .json()
        .await
        .expect("a ticket");
    assert_eq!(made["team"]["name"], "Money", "{made}");
    assert_eq!(made["status"], "parked");

    // By REST as at a prompt.
    let id: i64 = desk
        .one("select id from app.teams where name = 'Money'")
        .await;
    assert_eq!(
        root.patch(&format!("/api/teams/{id}"), json!({"name": "Cash"}), None)
            .await
            .status(),
        200
    );
    assert_eq!(
        root.read("/api/triggers").await["items"][0]["actions"][0]["value"],
        "Cash"
    );
}

#[tokio::test]
async fn what_is_named_is_neither_removed_nor_retired_and_the_list_says_why() {
    let (desk, root, _) = furnished().await;
    let refused = async |sql: String| -> (String, String) {
        let error = desk.sql().batch_execute(&sql).await.expect_err(&sql);
        let error = error.as_db_error().expect("by the database").clone();
        (error.code().code().to_owned(), error.message().to_owned())
    };
    desk.run("update app.tickets set team_id = null").await;
    for (table, column, name) in [
        ("teams", "name", "billing"),
        ("statuses", "key", "waiting"),
        ("priorities", "key", "huge"),
        ("ticket_forms", "name", "Repair"),
        ("tags", "name", "vip"),
        ("organizations", "name", "Orchard"),
        ("schedules", "name", "Office"),
        ("skills", "name", "german"),
        ("users", "email", "ada@desk.test"),
    ] {
        let (code, told) =
            refused(format!("delete from app.{table} where {column} = '{name}'")).await;
        assert_eq!(code, "TK409", "{table}: {told}");
        for by in [
            "the routing rule Route",
            "the trigger Trigger",
            "the automation Automation",
        ] {
            assert!(told.contains(by), "{table}: {told}");
        }
        assert!(!told.contains("Mine") && !told.contains("Own"), "{told}");
        if matches!(
            table,
            "teams" | "statuses" | "priorities" | "ticket_forms" | "users"
        ) {
            let (code, told) = refused(format!(
                "update app.{table} set active = false where {column} = '{name}'"
            ))
            .await;
            assert_eq!(code, "TK409", "{table}: {told}");
            // What is switched off, or somebody's own, keeps nobody from leaving.
            assert!(
                told.contains("the trigger Trigger")
                    && !told.contains("Route")
                    && !told.contains("macro"),
                "{told}"
            );
        }
    }
    // An option goes when nothing names it.
    desk.run(r#"insert into app.views (name, visibility, conditions) values ('Web', 'everyone', '{"field": "custom.area", "op": "is", "value": "web"}')"#).await;
    let change = |options: Value| json!({"config": {"options": options}});
    let (_, told) = refused(
        r#"update app.custom_fields set config = '{"options": ["mail"]}' where key = 'area'"#
            .into(),
    )
    .await;
    assert!(
        told.contains("The option web of Area is named by the view Web"),
        "{told}"
    );
    let id: i64 = desk
        .one("select id from app.custom_fields where key = 'area'")
        .await;
    let path = format!("/api/custom-fields/{id}");
    assert_eq!(
        root.patch(&path, change(json!(["mail"])), None)
            .await
            .status(),
        409
    );
    assert_eq!(
        root.patch(&path, change(json!(["web", "fax"])), None)
            .await
            .status(),
        200
    );
    assert_eq!(root.delete(&path).await.status(), 409);
    // With what names it, it goes.
    desk.run("delete from app.views; delete from app.macros; delete from app.routing_rules; delete from app.triggers; delete from app.automations; delete from app.sla_policies; delete from app.retention_policies")
        .await;
    assert_eq!(root.delete(&path).await.status(), 200);
    desk.run("delete from app.skills; delete from app.schedules; delete from app.tags; update app.teams set active = false where name = 'billing'").await;
    assert_eq!(desk.one::<i64>("select count(*) from app.names").await, 0);
}

#[tokio::test]
async fn a_merged_tag_and_a_merged_person_are_named_by_what_they_became() {
    let (desk, root, ada) = furnished().await;
    desk.run("insert into app.tags (name) values ('gold')")
        .await;
    let id = |name: &str| format!("select id from app.tags where name = '{name}'");
    let (vip, gold): (i64, i64) = (desk.one(&id("vip")).await, desk.one(&id("gold")).await);
    assert_eq!(
        root.post(&format!("/api/tags/{vip}/merge"), json!({"into": gold}))
            .await
            .status(),
        200
    );
    let now = said(&desk).await;
    assert_eq!(
        (count(&now, "vip"), count(&now, "gold") >= 6),
        (0, true),
        "{now}"
    );

    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let other: i64 = desk
        .one("insert into app.users (role, name, email) values ('customer', 'C. Customer', 'c@customer.test') returning id")
        .await;
    desk.run(&format!(
        r#"insert into app.triggers (name, enabled, actions) values ('Keep', false, '[{{"set": "custom.keeper", "value": {cleo}}}]')"#
    ))
    .await;
    assert_eq!(
        ada.post(&format!("/api/users/{cleo}/merge"), json!({"into": other}))
            .await
            .status(),
        200
    );
    let now = said(&desk).await;
    assert_eq!(
        (
            count(&now, "cleo@customer.test"),
            count(&now, "c@customer.test") >= 5
        ),
        (0, true),
        "{now}"
    );
    let set: Value = desk
        .one("select actions from app.triggers where name = 'Keep'")
        .await;
    assert_eq!(set, json!([{"set": "custom.keeper", "value": other}]));
}

#[tokio::test]
async fn rules_views_and_macros_that_name_a_restricted_field_are_for_those_who_may_see_it() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    desk.run(
        r#"insert into app.custom_fields (key, label, type, visible_to) values ('margin', 'Margin', 'integer', '{admin,analyst}');
           insert into app.routing_rules (name, conditions) values ('Thin', '{"field": "custom.margin", "op": "less", "value": 5}'), ('All', '{"all": []}');
           insert into app.triggers (name, conditions) values ('Thin', '{"field": "custom.margin", "op": "less", "value": 5}');
           insert into app.sla_policies (name, conditions) values ('Thin', '{"field": "custom.margin", "op": "less", "value": 5}');
           insert into app.automations (name, actions) values ('Thin', '[{"set": "custom.margin", "value": 5}]');
           insert into app.views (name, visibility, columns, sort) values ('Thin', 'everyone', '{id,custom.margin}', 'custom.margin'), ('All', 'everyone', '{id,custom.margin}', 'id');
           insert into app.macros (name, message_kind, body_text) values ('Thin', 'note', '{{ticket.custom.margin}}')"#,
    )
    .await;
    for resource in [
        "routing-rules",
        "triggers",
        "automations",
        "sla-policies",
        "views",
        "macros",
    ] {
        let told = ada.read(&format!("/api/{resource}")).await.to_string();
        assert!(
            !told.contains("margin") && !told.contains("Thin"),
            "{resource}: {told}"
        );
        let told = root.read(&format!("/api/{resource}")).await.to_string();
        assert!(told.contains("margin"), "{resource}: {told}");
    }
    assert_eq!(ada.get("/api/macros/1").await.status(), 404);
    // Nor by what depends on it.
    let (code, detail) = desk
        .refused(r#"insert into app.custom_fields (key, label, type, visible_when) values ('why', 'Why', 'text', '{"field": "margin", "in": [5]}')"#)
        .await;
    assert_eq!(
        (code.as_str(), detail.contains("visible_when.field")),
        ("TK422", true),
        "{detail}"
    );
}

#[tokio::test]
async fn what_a_rule_could_not_do_is_told_without_the_names_of_restricted_fields() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("One", "billing").await;
    let problem = desk.ticket("Problem", "billing").await;
    desk.run(&format!(
        r#"insert into app.custom_fields (key, label, type, required_on_solve, visible_to) values ('margin', 'Margin', 'integer', true, '{{admin}}');
           insert into app.triggers (name, conditions, actions) values ('Solve', '{{"field": "subject", "op": "is", "value": "One"}}', '[{{"set": "status", "value": "solved"}}]');
           insert into app.ticket_links (kind, ticket_id, other_id) values ('incident', {ticket}, {problem})"#
    ))
    .await;
    ada.patch(
        &format!("/api/tickets/{ticket}"),
        json!({"priority": "high"}),
        None,
    )
    .await;
    desk.work("rules", "rule_cursor").await;
    let told = ada.read("/api/rule-firings").await.to_string();
    assert!(
        told.contains("custom.hidden") && !told.contains("margin"),
        "{told}"
    );
    desk.run(&format!(
        "update app.tickets set custom = '{{\"margin\": 3}}' where id = {problem};
         update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {problem}"
    ))
    .await;
    let told = ada
        .read(&format!("/api/tickets/{ticket}/messages"))
        .await
        .to_string();
    assert!(
        told.contains("could not be") && !told.contains("margin"),
        "{told}"
    );
}

#[tokio::test]
async fn a_private_macros_earlier_versions_stay_its_authors() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let made: Value = ada
        .post("/api/macros", json!({"name": "m", "scope": "private", "message_kind": "note", "body_text": "My secret words"}))
        .await
        .json()
        .await
        .expect("a macro");
    let id = made["id"].as_i64().expect("an id");
    desk.run(&format!("update app.macros set scope = 'shared', owner_id = null, body_text = 'Fit for all' where id = {id}")).await;
    let bob = desk.agent("Bob", "billing").await;
    for who in [&bob, &root] {
        let told = who
            .read(&format!("/api/macros/{id}/versions"))
            .await
            .to_string();
        assert!(
            told.contains("Fit for all") && !told.contains("secret"),
            "{told}"
        );
    }
    let told = ada
        .read(&format!("/api/macros/{id}/versions"))
        .await
        .to_string();
    assert!(told.contains("secret"), "{told}");
}

#[tokio::test]
async fn a_link_with_a_hidden_ticket_is_no_event_for_those_who_do_not_see_it() {
    let desk = Desk::open().await;
    let analyst = desk.analyst(Some("billing")).await;
    let (own, near, hidden) = (
        desk.ticket("Own", "billing").await,
        desk.ticket("Near", "billing").await,
        desk.ticket("Hidden", "tech").await,
    );
    desk.run(&format!(
        "insert into app.ticket_links (kind, ticket_id, other_id) values ('child', {own}, {near}), ('related', {own}, {hidden})"
    ))
    .await;
    let told: i64 = analyst
        .query_one(
            "select count(*) from app.events where name = 'ticket.linked'",
            &[],
        )
        .await
        .expect("reads")
        .get(0);
    assert_eq!(told, 2, "one link, told on both of its tickets");
}

#[tokio::test]
async fn nobody_but_an_admin_says_which_tickets_somebody_sees() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let key = desk.key(&["users:write", "users:read"], None).await;
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let path = format!("/api/users/{cleo}");
    for who in [&ada, &key] {
        assert_eq!(
            who.patch(&path, json!({"ticket_access": "all"}), None)
                .await
                .status(),
            403
        );
        let new = json!({"role": "customer", "name": "N", "email": "n@customer.test", "ticket_access": "all"});
        assert_eq!(who.post("/api/users", new).await.status(), 403);
        assert_eq!(
            who.patch(&path, json!({"name": "Cleo C."}), None)
                .await
                .status(),
            200
        );
    }
    assert_eq!(
        root.patch(&path, json!({"ticket_access": "all"}), None)
            .await
            .status(),
        200
    );
}

/// One of each that can be renamed, and a rule's conditions and actions that name it.
async fn named(desk: &Desk) -> Vec<(&'static str, &'static str, &'static str, String)> {
    desk.run(
        r#"insert into app.skills (name) values ('german');
           insert into app.schedules (name, time_zone, weekly) values ('Office', 'UTC', '[{"day": "mon", "from": "09:00", "to": "17:00"}]');
           insert into app.organizations (name) values ('Orchard');
           insert into app.tags (name) values ('vip');
           insert into app.statuses (key, label, color, category, position) values ('waiting', 'Waiting', '#888888', 'pending', 99);
           insert into app.priorities (key, label, color, weight) values ('huge', 'Huge', '#888888', 99);
           insert into app.ticket_forms (name) values ('Repair');
           insert into app.users (role, name, email) values ('agent', 'Bo', 'bo@desk.test')"#,
    )
    .await;
    let condition = |field: &str, op: &str, name: &str| {
        format!(r#"'{{"field": "{field}", "op": "{op}", "value": "{name}"}}', '[]'"#)
    };
    let action = |action: &str| format!(r#"'{{"all": []}}', '[{action}]'"#);
    vec![
        (
            "teams",
            "name",
            "billing",
            condition("team", "is", "billing"),
        ),
        (
            "teams",
            "name",
            "billing",
            action(r#"{"set": "team", "value": "billing"}"#),
        ),
        (
            "statuses",
            "key",
            "waiting",
            action(r#"{"set": "status", "value": "waiting"}"#),
        ),
        (
            "priorities",
            "key",
            "huge",
            condition("priority", "is", "huge"),
        ),
        (
            "ticket_forms",
            "name",
            "Repair",
            action(r#"{"set": "form", "value": "Repair"}"#),
        ),
        ("tags", "name", "vip", action(r#"{"add_tags": ["vip"]}"#)),
        (
            "organizations",
            "name",
            "Orchard",
            condition("organization", "is", "Orchard"),
        ),
        (
            "schedules",
            "name",
            "Office",
            condition("now", "within_schedule", "Office"),
        ),
        (
            "skills",
            "name",
            "german",
            action(r#"{"require_skill": "german", "level": 2}"#),
        ),
        (
            "users",
            "email",
            "bo@desk.test",
            action(r#"{"assign": "bo@desk.test"}"#),
        ),
    ]
}

/// Carried out beside another transaction, for whose locks it waits.
async fn beside(desk: &Desk, sql: String) -> tokio::task::JoinHandle<Option<String>> {
    let client = autocrm_api::db::connect(&desk.admin_url())
        .await
        .expect("connects");
    let other = tokio::spawn(async move {
        let error = client.batch_execute(&sql).await.err()?;
        Some(
            error
                .code()
                .map_or_else(|| error.to_string(), |code| code.code().to_owned()),
        )
    });
    desk.blocked(1).await;
    other
}

/// The kind of defect: names are indexed by those who write them, and what is not committed is in no index. A foreign
/// key would lock what is named.
#[tokio::test]
async fn what_is_written_while_a_name_changes_follows_it_or_one_of_the_two_is_refused() {
    let desk = Desk::open().await;
    let named = named(&desk).await;
    let writer = autocrm_api::db::connect(&desk.admin_url())
        .await
        .expect("connects");
    let said = "select conditions::text || actions::text from app.routing_rules";
    for (table, column, name, rule) in &named {
        let new = format!("new_{name}");
        let write = format!(
            "begin; insert into app.routing_rules (name, conditions, actions) values ('Racing', {rule})"
        );
        let rename = |from: &str, to: &str| {
            format!("update app.{table} set {column} = '{to}' where {column} = '{from}'")
        };
        // A rule that is about to be committed is waited for, and followed.
        writer.batch_execute(&write).await.expect(table);
        let renaming = beside(&desk, rename(name, &new)).await;
        writer.batch_execute("commit").await.expect(table);
        assert_eq!(renaming.await.expect("an answer"), None, "{table}");
        let rule_now = desk.one::<String>(said).await;
        assert!(rule_now.contains(&new), "{table}: {rule_now}");
        desk.run(&format!(
            "delete from app.routing_rules; {}",
            rename(&new, name)
        ))
        .await;
        // Whoever reads an older snapshot cannot follow, and tries again.
        writer.batch_execute(&write).await.expect(table);
        let renaming = beside(
            &desk,
            format!(
                "begin isolation level repeatable read; select count(*) from app.names; {}; commit",
                rename(name, &new)
            ),
        )
        .await;
        writer.batch_execute("commit").await.expect(table);
        assert_eq!(
            renaming.await.expect("an answer").as_deref(),
            Some("40001"),
            "{table}"
        );
        desk.run("delete from app.routing_rules").await;
        // A removal is refused.
        writer.batch_execute(&write).await.expect(table);
        let removing = beside(
            &desk,
            format!("delete from app.{table} where {column} = '{name}'"),
        )
        .await;
        writer.batch_execute("commit").await.expect(table);
        assert_eq!(
            removing.await.expect("an answer").as_deref(),
            Some("TK409"),
            "{table}"
        );
        desk.run("delete from app.routing_rules").await;
        // A rename that is about to be committed is waited for, and the rule refused.
        writer
            .batch_execute(&format!("begin; {}", rename(name, &new)))
            .await
            .expect(table);
        let writing = beside(&desk, format!("{write}; commit")).await;
        writer.batch_execute("commit").await.expect(table);
        assert_eq!(
            writing.await.expect("an answer").as_deref(),
            Some("TK409"),
            "{table}"
        );
        desk.run(&rename(&new, name)).await;
        // So is one that retires what an action gives.
        let retires = !["tags", "organizations", "schedules", "skills"].contains(table);
        if retires && !rule.contains("field") {
            let retire =
                format!("update app.{table} set active = not active where {column} = '{name}'");
            writer
                .batch_execute(&format!("begin; {retire}"))
                .await
                .expect(table);
            let writing = beside(&desk, format!("{write}; commit")).await;
            writer.batch_execute("commit").await.expect(table);
            assert_eq!(
                writing.await.expect("an answer").as_deref(),
                Some("TK409"),
                "{table}"
            );
            desk.run(&retire).await;
        }
    }
}

#[tokio::test]
async fn a_job_that_waits_follows_what_it_names() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("insert into app.tags (name) values ('vip')").await;
    let ticket = desk.ticket("One", "billing").await;
    // Somebody works on the ticket, so it is left to the worker.
    let holder = autocrm_api::db::connect(&desk.admin_url())
        .await
        .expect("connects");
    holder
        .batch_execute(&format!(
            "begin; select from app.tickets where id = {ticket} for update"
        ))
        .await
        .expect("holds");
    let job: Value = ada
        .post(
            "/api/bulk-jobs",
            json!({"action": "update", "ids": [ticket], "changes": {"status": "open", "priority": "high"}, "add_tags": ["vip"]}),
        )
        .await
        .json()
        .await
        .expect("a job");
    assert!(
        ["queued", "running"].contains(&job["status"].as_str().unwrap_or_default()),
        "{job}"
    );
    holder.batch_execute("rollback").await.expect("ends");
    desk.run(
        "update app.statuses set key = 'busy' where key = 'open';
         update app.priorities set key = 'huge' where key = 'high';
         update app.tags set name = 'gold' where name = 'vip'",
    )
    .await;
    let pool = autocrm_api::db::pool(&desk.config).expect("a pool");
    while autocrm_api::work::bulk::round(&pool)
        .await
        .expect("a round")
    {}
    let job = ada.read(&format!("/api/bulk-jobs/{}", job["id"])).await;
    assert_eq!(
        (&job["status"], &job["failed"]),
        (&json!("done"), &json!(0)),
        "{job}"
    );
    let ticket = ada.read(&format!("/api/tickets/{ticket}")).await;
    assert_eq!(
        (&ticket["status"], &ticket["priority"], &ticket["tags"]),
        (&json!("busy"), &json!("huge"), &json!(["gold"]))
    );
    // One that has ended names nothing any more.
    let named: i64 = desk
        .one("select count(*) from app.names where source = 'bulk_jobs'")
        .await;
    assert_eq!(named, 0);
}
