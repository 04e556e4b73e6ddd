//! What is required of a ticket, at every door and moment; what is asked for, and in which form values are kept.

use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

async fn body(reply: reqwest::Response) -> (u16, Value) {
    let status = reply.status().as_u16();
    (status, reply.json().await.expect("JSON"))
}

async fn desk() -> (Desk, Person, Person) {
    let desk = Desk::open().await;
    desk.run(
        r#"insert into app.custom_fields (key, label, type, config, required_on_create, required_on_solve) values
             ('parts', 'Parts', 'multiselect', '{"options": [{"value": "disk", "label": "Hard disk"}, {"value": "fan", "label": "Fan"}]}', false, true),
             ('origin', 'Origin', 'text', '{}', true, false)"#,
    )
    .await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    (desk, root, ada)
}

fn new(custom: Value) -> Value {
    json!({"subject": "New", "requester": {"email": "cleo@customer.test"}, "custom": custom})
}

async fn ticket(who: &Person, custom: Value) -> i64 {
    let (status, made) = body(who.post("/api/tickets", new(custom)).await).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_i64().expect("an id")
}

#[tokio::test]
async fn an_empty_list_and_a_blank_are_nothing_and_what_was_given_is_not_emptied() {
    let (desk, root, ada) = desk().await;
    let (status, problem) = body(ada.post("/api/tickets", new(json!({"origin": " "}))).await).await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["custom.origin"])
    );
    let id = ticket(&ada, json!({"origin": "shop"})).await;
    let path = format!("/api/tickets/{id}");
    for nothing in [json!({}), json!({"custom": {"parts": []}})] {
        let (status, problem) = body(ada.post(&format!("{path}/solve"), nothing).await).await;
        assert_eq!(
            (status, problem_paths(&problem)),
            (422, vec!["custom.parts"])
        );
    }
    let solved = ada
        .post(
            &format!("{path}/solve"),
            json!({"custom": {"parts": ["disk"]}}),
        )
        .await;
    assert_eq!(solved.status(), 200);

    // Afterwards it stays, whoever comes by whatever door.
    for (who, emptied) in [(&ada, json!([])), (&root, Value::Null)] {
        let (status, problem) = body(
            who.patch(&path, json!({"custom": {"parts": emptied}}), None)
                .await,
        )
        .await;
        assert_eq!(
            (status, problem_paths(&problem)),
            (422, vec!["custom.parts"])
        );
    }
    let (_, problem) = body(
        ada.patch(&path, json!({"custom": {"origin": null}}), None)
            .await,
    )
    .await;
    assert_eq!(problem_paths(&problem), ["custom.origin"]);
    let (code, detail) = desk
        .refused(&format!(
            "update app.tickets set custom = custom || '{{\"parts\": []}}' where id = {id}"
        ))
        .await;
    assert_eq!(
        (code.as_str(), detail.contains("custom.parts")),
        ("TK422", true),
        "{detail}"
    );
    let job = json!({"action": "update", "ids": [id], "changes": {"custom": {"parts": []}}});
    let (_, job) = body(ada.post("/api/bulk-jobs", job).await).await;
    assert_eq!(
        (&job["done"], &job["failed"]),
        (&json!(0), &json!(1)),
        "{job}"
    );
    let (_, made) = body(
        root.post(
            "/api/macros",
            json!({"name": "m", "actions": [{"set": "custom.parts", "value": []}]}),
        )
        .await,
    )
    .await;
    let apply = format!("{path}/macros/{}/apply", made["id"]);
    assert_eq!(ada.post(&apply, json!({})).await.status(), 422);
    desk.run("insert into app.triggers (name, conditions, actions) values ('t', '{\"field\": \"priority\", \"op\": \"is\", \"value\": \"high\"}', '[{\"set\": \"custom.parts\", \"value\": []}]')").await;
    assert_eq!(
        ada.patch(
            &path,
            json!({"priority": "high", "custom": {"parts": ["fan"]}}),
            None
        )
        .await
        .status(),
        200
    );
    desk.work("rules", "rule_cursor").await;
    let error: Value = desk.one("select error from app.rule_firings").await;
    assert!(
        error["detail"]
            .as_str()
            .is_some_and(|d| d.contains("custom.parts")),
        "{error}"
    );
    assert_eq!(ada.read(&path).await["custom"]["parts"], json!(["fan"]));

    // Opened again it may be taken back.
    ada.post(&format!("{path}/reopen"), json!({})).await;
    assert_eq!(
        ada.patch(&path, json!({"custom": {"parts": []}}), None)
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn a_ticket_that_comes_in_solved_has_what_solving_asks_for() {
    let (desk, _, ada) = desk().await;
    let solved = |custom: Value| {
        let mut body = new(custom);
        body["status"] = json!("solved");
        body
    };
    let (status, problem) = body(
        ada.post(
            "/api/tickets",
            solved(json!({"origin": "shop", "parts": []})),
        )
        .await,
    )
    .await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["custom.parts"])
    );
    assert_eq!(
        ada.post(
            "/api/tickets",
            solved(json!({"origin": "shop", "parts": ["fan"]}))
        )
        .await
        .status(),
        201
    );
    let (code, detail) = desk
        .refused("insert into app.tickets (subject, requester_id, status_id, custom) select 'x', u.id, s.id, '{\"origin\": \"x\"}' from app.users u, app.statuses s where u.email = 'cleo@customer.test' and s.key = 'closed'")
        .await;
    assert_eq!(
        (code.as_str(), detail.contains("custom.parts")),
        ("TK422", true),
        "{detail}"
    );

    // A rule that would solve it does not: the ticket comes in, and the decision says why it stays open.
    desk.run("insert into app.routing_rules (name, conditions, actions) values ('Spam', '{\"all\": []}', '[{\"set\": \"status\", \"value\": \"solved\"}]')").await;
    let id = ticket(&ada, json!({"origin": "shop"})).await;
    assert_eq!(
        ada.read(&format!("/api/tickets/{id}")).await["status"],
        "new"
    );
    let failed: Value = desk.one(&format!("select explanation -> 'failed_actions' from app.routing_decisions where ticket_id = {id}")).await;
    assert!(failed.to_string().contains("custom.parts"), "{failed}");
    let id = ticket(&ada, json!({"origin": "shop", "parts": ["fan"]})).await;
    assert_eq!(
        ada.read(&format!("/api/tickets/{id}")).await["status"],
        "solved"
    );
}

#[tokio::test]
async fn dates_have_one_form_and_points_in_time_are_compared_as_what_they_are() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    desk.run(
        "insert into app.custom_fields (key, label, type, filterable) values ('due', 'Due', 'date', true), ('at', 'At', 'datetime', true)",
    )
    .await;
    let early = ticket(
        &ada,
        json!({"due": "2026-9-5", "at": "2026-09-05T10:00:00+02:00"}),
    )
    .await;
    let late = ticket(
        &ada,
        json!({"due": "2026-10-04", "at": "2026-09-05T09:00:00Z"}),
    )
    .await;
    let path = format!("/api/tickets/{early}");
    assert_eq!(
        ada.read(&path).await["custom"],
        json!({"due": "2026-09-05", "at": "2026-09-05T08:00:00Z"})
    );
    desk.run(&format!(
        "update app.tickets set custom = custom || '{{\"due\": \"2026-9-6\"}}' where id = {early}"
    ))
    .await;
    assert_eq!(ada.read(&path).await["custom"]["due"], "2026-09-06");
    for wrong in [
        json!({"due": "5.9.2026"}),
        json!({"due": "2026-13-01"}),
        json!({"at": "2026-09-05T10:00:00"}),
        json!({"at": "infinity"}),
    ] {
        assert_eq!(
            ada.patch(&path, json!({"custom": wrong}), None)
                .await
                .status(),
            422,
            "{wrong}"
        );
    }
    for (condition, of_early, of_late) in [
        (
            json!({"field": "custom.at", "op": "less", "value": "2026-09-05T10:30:00+02:00"}),
            true,
            false,
        ),
        (
            json!({"field": "custom.at", "op": "is", "value": "2026-09-05T04:00:00-04:00"}),
            true,
            false,
        ),
        (
            json!({"field": "custom.at", "op": "between", "value": ["2026-09-05T08:30:00Z", "2026-09-05T12:00:00+02:00"]}),
            false,
            true,
        ),
        (
            json!({"field": "custom.due", "op": "less", "value": "2026-10-1"}),
            true,
            false,
        ),
        (
            json!({"field": "custom.due", "op": "in", "value": ["2026-9-6"]}),
            true,
            false,
        ),
        (
            json!({"field": "custom.due", "op": "is_not", "value": "2026-9-6"}),
            false,
            true,
        ),
    ] {
        let predicate: String = desk
            .one(&format!("select autocrm.condition_sql('{condition}')"))
            .await;
        for (id, wanted) in [(early, of_early), (late, of_late)] {
            let holds: bool = desk
                .one(&format!("select autocrm.holds({id}, '{condition}')"))
                .await;
            let listed: bool = desk
                .one(&format!(
                    "select exists (select from app.tickets t where t.id = {id} and {predicate})"
                ))
                .await;
            assert_eq!(
                (holds, listed),
                (wanted, wanted),
                "{condition} of {id}: {predicate}"
            );
        }
    }
    for (sort, first) in [
        ("custom.at", early),
        ("-custom.at", late),
        ("custom.due", early),
    ] {
        let view = json!({"name": sort, "visibility": "everyone", "columns": ["id", "custom.at"], "sort": sort});
        let (status, view) = body(root.post("/api/views", view).await).await;
        assert_eq!(status, 201, "{view}");
        let page = ada
            .read(&format!("/api/views/{}/tickets", view["id"]))
            .await;
        assert_eq!(page["items"][0]["id"], json!(first), "{sort}: {page}");
    }
    let wrong = json!({"name": "w", "conditions": {"field": "custom.at", "op": "less", "value": "tomorrow"}});
    assert_eq!(root.post("/api/views", wrong).await.status(), 422);
    let made = json!({"key": "by", "label": "By", "type": "date", "default_value": "2026-1-2"});
    assert_eq!(root.post("/api/custom-fields", made).await.status(), 201);
    let id = ticket(&ada, json!({})).await;
    assert_eq!(
        ada.read(&format!("/api/tickets/{id}")).await["custom"]["by"],
        "2026-01-02"
    );
    // A record has no other form than a ticket.
    desk.run("insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
              insert into app.object_fields (object_type_id, key, label, type) values (1, 'bought', 'Bought', 'date')").await;
    let (status, record) = body(
        ada.post(
            "/api/object-records",
            json!({"type": "asset", "name": "A", "custom": {"bought": "2026-2-3"}}),
        )
        .await,
    )
    .await;
    assert_eq!(
        (status, &record["custom"]["bought"]),
        (201, &json!("2026-02-03")),
        "{record}"
    );
}

#[tokio::test]
async fn what_is_hidden_by_a_condition_or_by_what_is_hidden_itself_is_not_asked_for() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    desk.run(
        r#"insert into app.custom_fields (key, label, type, config, required_on_create, visible_when) values
             ('parts', 'Parts', 'multiselect', '{"options": ["disk", "fan"]}', false, null),
             ('crash', 'Crash', 'boolean', '{}', true, '{"field": "parts", "in": ["disk"]}'),
             ('log', 'Log', 'text', '{}', true, '{"field": "crash", "in": [true]}')"#,
    )
    .await;
    let missing = async |custom: Value| -> Vec<String> {
        let (status, told) = body(ada.post("/api/tickets", new(custom)).await).await;
        if status == 201 {
            Vec::new()
        } else {
            problem_paths(&told)
                .into_iter()
                .map(str::to_owned)
                .collect()
        }
    };
    assert_eq!(
        missing(json!({"parts": ["fan", "disk"]})).await,
        ["custom.crash"]
    );
    assert_eq!(
        missing(json!({"parts": ["disk"], "crash": true})).await,
        ["custom.log"]
    );
    assert!(
        missing(json!({"parts": ["fan"], "crash": true}))
            .await
            .is_empty()
    );

    for (when, path) in [
        (json!({"field": "gone", "in": ["x"]}), "visible_when.field"),
        (
            json!({"field": "parts", "in": ["lid"]}),
            "visible_when.in[0]",
        ),
        (json!({"field": "log", "in": ["x"]}), "visible_when.field"),
        (json!({"field": "parts", "in": []}), "visible_when"),
    ] {
        let id: i64 = desk
            .one("select id from app.custom_fields where key = 'crash'")
            .await;
        let (status, told) = body(
            root.patch(
                &format!("/api/custom-fields/{id}"),
                json!({"visible_when": when}),
                None,
            )
            .await,
        )
        .await;
        assert_eq!((status, problem_paths(&told)), (422, vec![path]), "{told}");
    }
    // Forms may say otherwise, and neither may go round in a ring.
    desk.run("insert into app.ticket_forms (name) values ('f'); insert into app.ticket_form_fields (form_id, custom_field_id) select 1, id from app.custom_fields").await;
    let (code, detail) = desk
        .refused(r#"update app.ticket_form_fields set visible_when = '{"field": "log", "in": ["x"]}' where custom_field_id = (select id from app.custom_fields where key = 'parts')"#)
        .await;
    assert_eq!(
        (code.as_str(), detail.contains("ring")),
        ("TK422", true),
        "{detail}"
    );
    let (code, _) = desk
        .refused(r#"update app.ticket_form_fields set visible_when = '{"field": "gone", "in": ["x"]}' where custom_field_id = 1"#)
        .await;
    assert_eq!(code, "TK422");

    // Nothing is left hanging: what others depend on is retired last.
    for gone in [
        "update app.custom_fields set active = false where key = 'parts'",
        "delete from app.custom_fields where key = 'crash'",
    ] {
        let error = desk.sql().batch_execute(gone).await.expect_err(gone);
        assert_eq!(
            error.as_db_error().map(|e| e.code().code()),
            Some("TK409"),
            "{error}"
        );
    }
    desk.run(
        "insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets')",
    )
    .await;
    let field = json!({"object_type_id": 1, "key": "serial", "label": "S", "type": "text", "visible_when": {"field": "parts", "in": ["disk"]}});
    let (status, told) = body(root.post("/api/object-fields", field).await).await;
    assert_eq!(
        (status, problem_paths(&told)),
        (422, vec!["visible_when.field"]),
        "fields of tickets are no neighbours"
    );
}
