//! Macros over REST: who may use which, what they refuse, what they would do and what they do.

use autocrm_api::model::{Macro, MacroApplied, MacroPreview, MacroVersion, Page};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

async fn created(who: &Person, body: Value) -> Macro {
    let reply = who.post("/api/macros", body).await;
    assert_eq!(reply.status(), 201);
    reply.json().await.expect("a macro")
}

async fn preview(who: &Person, ticket: i64, id: i64) -> MacroPreview {
    let reply = who
        .post(
            &format!("/api/tickets/{ticket}/macros/{id}/preview"),
            json!({}),
        )
        .await;
    assert_eq!(reply.status(), 200);
    reply.json().await.expect("a preview")
}

#[tokio::test]
async fn a_preview_tells_everything_that_would_happen_and_leaves_no_trace() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let thanks = created(
        &ada,
        json!({"name": "Thanks", "scope": "private", "message_kind": "reply",
            "actions": [{"set": "priority", "value": "urgent"}, {"add_tags": ["paid"]}, {"assign": "me"}, {"set": "status", "value": "solved"}],
            "body_text": "Hello {{requester.first_name | \"there\"}}, {{#if ticket.priority == \"urgent\"}}at once{{else}}soon{{/if}}. {{assignee.first_name}}"}),
    )
    .await;
    let before = desk.one::<i64>("select count(*) from app.audit_log").await;

    let would = preview(&ada, ticket, thanks.id).await;

    assert_eq!(would.changes["priority"], ["normal", "urgent"]);
    assert_eq!(would.changes["status"], ["new", "solved"]);
    assert_eq!(would.changes["tags"], [json!([]), json!(["paid"])]);
    assert_eq!(would.changes["assignee"][1]["name"], "Ada");
    let message = would.message.expect("a message");
    assert_eq!(
        message.body_text, "Hello Cleo, at once. Ada",
        "as the actions leave the ticket"
    );
    let left: i64 = desk.one("select count(*) from app.tags").await;
    let loads: i64 = desk
        .one("select coalesce(sum(open), 0)::bigint from app.agent_loads")
        .await;
    assert_eq!(
        (
            left,
            loads,
            desk.one::<i64>("select count(*) from app.messages").await
        ),
        (0, 0, 1)
    );
    assert_eq!(
        desk.one::<i64>("select count(*) from app.audit_log").await,
        before
    );
    assert_eq!(
        ada.read(&format!("/api/tickets/{ticket}")).await["version"],
        1
    );
    assert_eq!(
        ada.read(&format!("/api/macros/{}", thanks.id)).await["uses"],
        0
    );

    let path = format!("/api/tickets/{ticket}/macros/{}/apply", thanks.id);
    let done: MacroApplied = ada
        .post(&path, json!({"version": 1}))
        .await
        .json()
        .await
        .expect("applied");
    assert_eq!(done.changes["status"], ["new", "solved"]);
    assert_eq!(
        (done.ticket.status.as_str(), done.ticket.tags),
        ("solved", vec!["paid".to_owned()])
    );
    assert_eq!(
        done.message.expect("a message").body_text,
        message.body_text
    );
    assert!(done.changes.contains_key("first_reply_at"));
    let used: Macro = serde_json::from_value(ada.read(&format!("/api/macros/{}", thanks.id)).await)
        .expect("a macro");
    assert_eq!(
        (used.uses, used.last_used_at.is_some(), used.version),
        (1, true, 1)
    );
    assert_eq!(
        ada.post(&path, json!({"version": 1})).await.status(),
        409,
        "somebody was faster"
    );
}

#[tokio::test]
async fn a_message_with_an_empty_place_is_shown_but_not_sent() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket: i64 = desk.one("insert into app.tickets (subject, requester_id, team_id) values ('What is {{agent.phone}}?', 1, 1) returning id").await;
    desk.run("insert into app.custom_fields (key, label, type) values ('order', 'Order', 'text')")
        .await;
    let text = "Re: {{ticket.subject}} {{ticket.custom.order}}, {{requester.first_name}}{{#if agent.phone}} {{agent.email}}{{else}} {{agent.phone}}{{/if}} \
        {{organization.name | \"you {{organization.name}}\"}}{{ticket.solved_at | \"\"}}{{#if ticket.solved_at}}{{agent.phone}} x{{/if}} {{ ticket.custom.order }}";
    let made = created(
        &ada,
        json!({"name": "Order", "scope": "private", "actions": [{"set": "priority", "value": "high"}],
            "message_kind": "reply", "body_text": text}),
    )
    .await;

    let would = preview(&ada, ticket, made.id).await;

    assert_eq!(would.blanks, ["ticket.custom.order", "agent.phone"]);
    assert_eq!(
        would.message.expect("a message").body_text,
        "Re: What is {{agent.phone}}? {{ticket.custom.order}}, Cleo {{agent.phone}} you {{organization.name}} {{ticket.custom.order}}"
    );
    let path = format!("/api/tickets/{ticket}/macros/{}/apply", made.id);
    let refused = ada.post(&path, json!({})).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("JSON");
    assert_eq!(problem_paths(&problem), ["body_text"]);
    let told = &problem["problems"][0];
    assert_eq!(
        (&told["reason"], &told["values"]["names"]),
        (
            &json!("no_value"),
            &json!("ticket.custom.order, agent.phone")
        ),
        "each once, in their order; neither what a value says nor what has a fallback"
    );
    let untouched = ada.read(&format!("/api/tickets/{ticket}")).await;
    assert_eq!(untouched["priority"], "normal", "all of it or nothing");

    // What its reader writes in its place is theirs.
    let kept = ada.post(&path, json!({"send": false})).await;
    assert_eq!(kept.status(), 200);
    ada.patch(
        &format!("/api/tickets/{ticket}"),
        json!({"custom": {"order": "{{ticket.custom.order}}"}}),
        None,
    )
    .await;
    desk.run(&format!(
        "update app.users set phone = '+49 30 1' where id = {}",
        ada.id
    ))
    .await;
    let sent: MacroApplied = ada
        .post(&path, json!({}))
        .await
        .json()
        .await
        .expect("applied");
    assert_eq!(
        sent.message.expect("a message").body_text,
        "Re: What is {{agent.phone}}? {{ticket.custom.order}}, Cleo ada@desk.test you {{organization.name}} {{ticket.custom.order}}"
    );
}

#[tokio::test]
async fn all_of_a_macro_happens_or_nothing() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    desk.run("insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true)").await;
    let solve = created(&ada, json!({"name": "Solve", "scope": "private", "actions": [{"add_tags": ["x"]}, {"set": "status", "value": "solved"}],
        "message_kind": "note", "body_text": "Done"})).await;
    for verb in ["preview", "apply"] {
        let reply = ada
            .post(
                &format!("/api/tickets/{ticket}/macros/{}/{verb}", solve.id),
                json!({}),
            )
            .await;
        assert_eq!(reply.status(), 422, "{verb}");
        let problem: Value = reply.json().await.expect("JSON");
        assert_eq!(problem_paths(&problem), ["custom.cause"]);
    }
    assert_eq!(
        desk.one::<i64>(
            "select (select count(*) from app.messages) + (select count(*) from app.tags)"
        )
        .await,
        1
    );

    let with_cause = json!({"actions": [{"set": "custom.cause", "value": "bank"}, {"set": "status", "value": "solved"}]});
    assert_eq!(
        ada.patch(&format!("/api/macros/{}", solve.id), with_cause, Some(1))
            .await
            .status(),
        200
    );
    assert_eq!(
        preview(&ada, ticket, solve.id).await.changes["custom"],
        [json!({}), json!({"cause": "bank"})]
    );
    ada.patch(
        &format!("/api/macros/{}", solve.id),
        json!({"active": false}),
        None,
    )
    .await;
    let off = ada
        .post(
            &format!("/api/tickets/{ticket}/macros/{}/apply", solve.id),
            json!({}),
        )
        .await;
    assert_eq!(off.status(), 422, "it is switched off");
}

#[tokio::test]
async fn what_a_macro_says_is_checked_when_it_is_written_by_rest_and_by_sql() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let body = json!({"name": "Wrong", "message_kind": "reply", "body_text": "Dear {{requester.nmae}} {{#if ticket.status}}",
        "actions": [{"set": "team", "value": "gone"}, {"balance": "none"}, {"assign": "nobody@x.test"}, {"add_tags": ["a b"]}]});
    let reply = root.post("/api/macros", body.clone()).await;
    assert_eq!(reply.status(), 422);
    let problem: Value = reply.json().await.expect("JSON");
    assert_eq!(
        problem_paths(&problem),
        ["actions[3].add_tags", "body_text[6]", "body_text[25]"]
    );
    let mut body = body;
    body["actions"].as_array_mut().expect("a list").pop();
    let problem: Value = root
        .post("/api/macros", body)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        problem_paths(&problem),
        [
            "actions[0].value",
            "actions[1].balance",
            "actions[2].assign",
            "body_text[6]",
            "body_text[25]"
        ]
    );

    for (row, path) in [
        ("(name, scope) values ('x', 'team')", "team_id"),
        ("(name, scope, team_id) values ('x', 'shared', 1)", "scope"),
        ("(name, body_text) values ('x', 'Hi')", "body_text"),
        ("(name, message_kind) values ('x', 'note')", "message_kind"),
        (
            "(name, message_kind, body_text, body_html) values ('x', 'note', 'a', 'b')",
            "body_html",
        ),
        (
            "(name, message_kind, body_html) values ('x', 'reply', '<p>{{ticket.custom.gone}}')",
            "body_html[4]",
        ),
        ("(name, actions) values ('x', '{}')", "actions"),
    ] {
        let error = desk
            .sql()
            .batch_execute(&format!("insert into app.macros {row}"))
            .await
            .expect_err(row);
        let error = error.as_db_error().expect("a refusal");
        assert_eq!(error.code().code(), "TK422", "{row}");
        assert!(
            error
                .detail()
                .unwrap_or_default()
                .starts_with(&format!("{path}: ")),
            "{row}: {error:?}"
        );
    }
}

#[tokio::test]
async fn each_macro_is_used_by_whom_it_is_for_and_written_by_whose_it_is() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let (ada, lea, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Lea", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    desk.run(&format!(
        "update app.memberships set lead = true where user_id = {}",
        lea.id
    ))
    .await;
    let key = desk
        .key(&["tickets:read", "tickets:write"], Some("billing"))
        .await;
    let bare = desk.key(&[], None).await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let macros = [
        ("shared", created(&root, json!({"name": "Shared", "actions": [{"set": "priority", "value": "low"}]})).await.id),
        ("team", created(&lea, json!({"name": "Team", "scope": "team", "team_id": 1, "actions": [{"set": "priority", "value": "high"}]})).await.id),
        ("private", created(&ada, json!({"name": "Private", "scope": "private", "actions": [{"set": "priority", "value": "urgent"}]})).await.id),
    ];
    for (who, body) in [
        (&ada, json!({"name": "No", "scope": "shared"})),
        (&ada, json!({"name": "No", "scope": "team", "team_id": 1})),
        (&lea, json!({"name": "No", "scope": "team", "team_id": 2})),
        (
            &ada,
            json!({"name": "No", "scope": "private", "owner_id": lea.id}),
        ),
        (&key, json!({"name": "No", "scope": "private"})),
    ] {
        assert_eq!(
            who.post("/api/macros", body.clone()).await.status(),
            403,
            "{body}"
        );
    }

    // A key without scopes is told so, and nothing else.
    for (_, id) in &macros {
        assert_eq!(bare.get(&format!("/api/macros/{id}")).await.status(), 403);
    }
    for (name, who, sees, writes) in [
        ("root", &root, "shared team", "shared team"),
        ("ada", &ada, "shared team private", "private"),
        ("lea", &lea, "shared team", "team"),
        ("tom", &tom, "shared", ""),
        ("key", &key, "shared team", ""),
    ] {
        for (scope, id) in &macros {
            let (seen, written) = (sees.contains(scope), writes.contains(scope));
            let path = format!("/api/macros/{id}");
            assert_eq!(
                who.get(&path).await.status(),
                if seen { 200 } else { 404 },
                "{name} reads {scope}"
            );
            assert_eq!(
                who.get(&format!("{path}/versions")).await.status(),
                if seen { 200 } else { 404 }
            );
            let change = who
                .patch(&path, json!({"description": name}), None)
                .await
                .status();
            assert_eq!(
                change,
                if written {
                    200
                } else if seen {
                    403
                } else {
                    404
                },
                "{name} changes {scope}"
            );
            let applied = who
                .post(
                    &format!("/api/tickets/{ticket}/macros/{id}/preview"),
                    json!({}),
                )
                .await
                .status();
            let expected = match name {
                "tom" | "bare" => 404,
                _ if seen => 200,
                _ => 404,
            };
            assert_eq!(applied, expected, "{name} applies {scope}");
        }
        let list = who.read("/api/macros").await;
        assert_eq!(
            list["items"].as_array().map(Vec::len),
            Some(sees.split(' ').count()),
            "{name}"
        );
    }
    let reads = desk.key(&["tickets:read"], None).await;
    let refused = reads
        .post(
            &format!("/api/tickets/{ticket}/macros/{}/apply", macros[0].1),
            json!({}),
        )
        .await;
    assert_eq!(refused.status(), 403, "it lacks tickets:write");
    let note = created(
        &root,
        json!({"name": "Note", "message_kind": "note", "body_text": "x"}),
    )
    .await;
    let refused = key
        .post(
            &format!("/api/tickets/{ticket}/macros/{}/apply", note.id),
            json!({}),
        )
        .await;
    assert_eq!(refused.status(), 422, "it writes no notes");
    assert_eq!(
        ada.delete(&format!("/api/macros/{}", macros[0].1))
            .await
            .status(),
        403
    );
    assert_eq!(
        ada.delete(&format!("/api/macros/{}", macros[2].1))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn every_version_of_a_macro_stays_readable() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let id = created(
        &root,
        json!({"name": "Hello", "message_kind": "reply", "body_text": "One"}),
    )
    .await
    .id;
    for text in ["Two", "Three"] {
        assert_eq!(
            root.patch(
                &format!("/api/macros/{id}"),
                json!({"body_text": text}),
                None
            )
            .await
            .status(),
            200
        );
    }
    assert_eq!(
        root.patch(
            &format!("/api/macros/{id}"),
            json!({"body_text": "Late"}),
            Some(1)
        )
        .await
        .status(),
        409
    );

    let first: Page<MacroVersion> = serde_json::from_value(
        root.read(&format!("/api/macros/{id}/versions?limit=2"))
            .await,
    )
    .expect("a page");
    let texts: Vec<_> = first
        .items
        .iter()
        .filter_map(|v| v.body_text.as_deref())
        .collect();
    assert_eq!(texts, ["Three", "Two"]);
    assert_eq!(
        first.items[0].changed_by.as_ref().map(|u| u.id),
        Some(root.id)
    );
    let rest = root
        .read(&format!(
            "/api/macros/{id}/versions?after={}",
            first.next.expect("more")
        ))
        .await;
    assert_eq!(
        (&rest["items"][0]["body_text"], &rest["next"]),
        (&json!("One"), &Value::Null)
    );
}

#[tokio::test]
async fn values_are_text_in_html_whatever_they_hold() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket: i64 = desk.one("insert into app.tickets (subject, requester_id, team_id) values ('<img src=x onerror=alert(1)> {{agent.name}}', 1, 1) returning id").await;
    desk.run("update app.users set name = '<script>x</script>' where id = 1")
        .await;
    let html = created(
        &ada,
        json!({"name": "Html", "scope": "private", "message_kind": "reply",
        "body_html": "<p>{{requester.name}}: <b>{{ticket.subject}}</b></p>"}),
    )
    .await;
    let message = preview(&ada, ticket, html.id)
        .await
        .message
        .expect("a message");
    assert_eq!(
        message.body_html.as_deref(),
        Some(
            "<p>&lt;script&gt;x&lt;/script&gt;: <b>&lt;img src=x onerror=alert(1)&gt; {{agent.name}}</b></p>"
        )
    );
    assert_eq!(
        message.body_text,
        "<script>x</script>: <img src=x onerror=alert(1)> {{agent.name}}"
    );
}

#[tokio::test]
async fn a_reader_is_shown_labels_names_and_their_own_clock_and_false_is_false() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    desk.run(&format!(
        r#"insert into app.custom_fields (key, label, type, config) values
             ('area', 'Area', 'dropdown', '{{"options": [{{"value": "inv", "label": "Invoices & tax"}}]}}'),
             ('parts', 'Parts', 'multiselect', '{{"options": [{{"value": "a", "label": "Disk"}}, "fan"]}}'),
             ('at', 'At', 'datetime', '{{}}'), ('vip', 'VIP', 'boolean', '{{}}'), ('seats', 'Seats', 'integer', '{{}}'),
             ('keeper', 'Keeper', 'relation', '{{"target": "user"}}');
           update app.tickets set custom = '{{"area": "inv", "parts": ["fan", "a"], "at": "2026-07-01T10:00:00Z", "vip": false, "seats": 0, "keeper": {}}}';
           update app.users set time_zone = 'America/New_York' where email = 'cleo@customer.test';
           update app.users set time_zone = 'Europe/Berlin' where id = {}"#,
        ada.id, ada.id
    ))
    .await;
    let text = "{{ticket.custom.area}}|{{ticket.custom.parts}}|{{ticket.custom.at}}|{{ticket.custom.vip}}|{{ticket.custom.keeper}}|{{ticket.status}}|\
        {{#if ticket.custom.vip}}vip{{else}}no vip{{/if}}|{{#if ticket.custom.seats}}seats{{/if}}|{{#if ticket.custom.area == \"inv\"}}i{{/if}}";
    for (kind, clock) in [
        ("reply", "2026-07-01 06:00 (America/New_York)"),
        ("note", "2026-07-01 12:00 (Europe/Berlin)"),
    ] {
        let made = created(
            &ada,
            json!({"name": kind, "scope": "private", "message_kind": kind, "body_text": text}),
        )
        .await;
        let message = preview(&ada, ticket, made.id)
            .await
            .message
            .expect("a message");
        assert_eq!(
            message.body_text,
            format!("Invoices & tax|fan, Disk|{clock}|no|Ada|New|no vip|seats|i")
        );
    }
    // A trigger says the same to the same reader.
    desk.run(
        r#"update app.custom_fields set visible_to = visible_to || '{customer}' where not 'customer' = any (visible_to);
           insert into app.triggers (name, conditions, actions) values ('t', '{"field": "priority", "op": "is", "value": "high"}',
             '[{"reply": "{{ticket.custom.area}} {{ticket.custom.at}}{{#if ticket.custom.vip}} vip{{/if}}"}]')"#,
    )
    .await;
    ada.patch(
        &format!("/api/tickets/{ticket}"),
        json!({"priority": "high"}),
        None,
    )
    .await;
    desk.work("rules", "rule_cursor").await;
    let said: String = desk
        .one("select body_text from app.messages order by id desc limit 1")
        .await;
    assert_eq!(said, "Invoices & tax 2026-07-01 06:00 (America/New_York)");
}

/// The triggers that would answer it are tried one after the other, and their changes told apart; of fields that the
/// caller may not see nothing is told.
#[tokio::test]
async fn a_preview_tells_what_the_triggers_would_do_after_it() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    desk.run(
        r#"insert into app.custom_fields (key, label, type, visible_to) values
             ('seats', 'Seats', 'integer', '{admin,agent}'), ('margin', 'Margin', 'integer', '{admin}');
           insert into app.triggers (position, name, conditions, actions) values
             (1, 'Vip', '{"field": "tags", "op": "includes_any", "value": ["vip"]}',
              '[{"set": "priority", "value": "urgent"}, {"set": "custom.seats", "value": 7}, {"set": "custom.margin", "value": 3}, {"note": "Handle with care"}]'),
             (2, 'Team', '{"field": "tags", "op": "includes_any", "value": ["vip"]}',
              '[{"set": "team", "value": "tech"}, {"set": "priority", "value": "high"}]'),
             (3, 'Not this one', '{"field": "tags", "op": "includes_any", "value": ["other"]}', '[{"set": "priority", "value": "low"}]')"#,
    )
    .await;
    let tag = created(
        &ada,
        json!({"name": "Vip", "scope": "private", "actions": [{"add_tags": ["vip"]}]}),
    )
    .await;

    let would = preview(&ada, ticket, tag.id).await;

    assert_eq!(would.changes.keys().collect::<Vec<_>>(), ["tags"]);
    let [vip, team] = &would.triggers[..] else {
        panic!("{:?}", would.triggers)
    };
    assert_eq!((vip.name.as_str(), &vip.problem), ("Vip", &None));
    assert_eq!(
        json!(vip.changes),
        json!({"priority": ["normal", "urgent"], "custom": [{}, {"seats": 7}]})
    );
    assert_eq!(json!(vip.messages), json!(["note"]));
    assert_eq!(team.changes["priority"], ["urgent", "high"]);
    assert_eq!(team.changes["team"][1]["name"], "tech");
    assert!(team.messages.is_empty());
    let kept = ada.read(&format!("/api/tickets/{ticket}")).await;
    assert_eq!(
        (&kept["priority"], &kept["version"]),
        (&json!("normal"), &json!(1))
    );
    assert_eq!(
        desk.one::<i64>("select count(*) from app.rule_firings")
            .await,
        0
    );
}
