//! Ticket forms: which custom fields are asked for, in which order and when.

use autocrm_api::model::{FormRequirement, TicketForm};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

async fn body(reply: reqwest::Response) -> (u16, Value) {
    let status = reply.status().as_u16();
    (status, reply.json().await.expect("JSON"))
}

async fn form(root: &Person, what: Value) -> i64 {
    let (status, made) = body(root.post("/api/ticket-forms", what).await).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_i64().expect("an id")
}

/// Fields of every kind of being required, and one that has a default.
async fn desk() -> (Desk, Person, Person) {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type, config, required_on_create, required_on_solve, default_value) values
           ('serial', 'Serial', 'text', '{}', false, false, null),
           ('area', 'Area', 'dropdown', '{\"options\": [\"screen\", \"disk\"]}', false, true, null),
           ('cause', 'Cause', 'text', '{}', false, true, null),
           ('origin', 'Origin', 'text', '{}', true, false, null),
           ('months', 'Months', 'integer', '{\"max\": 120}', false, false, '24')",
    )
    .await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    (desk, root, ada)
}

fn repair() -> Value {
    json!({"name": "Repair", "position": 2, "fields": [
        {"field": "area"},
        {"field": "serial", "required": "create"},
        {"field": "cause", "required": "solve", "visible_when": {"field": "area", "in": ["disk"]}},
    ]})
}

#[tokio::test]
async fn an_admin_makes_forms_with_fields_in_an_order_and_one_is_the_default() {
    let (desk, root, ada) = desk().await;
    let id = form(&root, repair()).await;
    let path = format!("/api/ticket-forms/{id}");
    let read: TicketForm = ada.get(&path).await.json().await.expect("a form");
    let keys: Vec<&str> = read.fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(keys, ["area", "serial", "cause"]);
    assert_eq!(read.fields[1].required, Some(FormRequirement::Create));

    // Other fields are another version of it.
    let change = json!({"fields": [{"field": "cause"}, {"field": "area", "required": "never"}]});
    let (status, changed) = body(root.patch(&path, change, Some(read.version)).await).await;
    assert_eq!(
        (status, &changed["version"]),
        (200, &json!(read.version + 1)),
        "{changed}"
    );
    assert_eq!(
        changed["fields"][0],
        json!({"field": "cause", "required": null, "visible_when": null})
    );
    assert_eq!(changed["fields"].as_array().map(Vec::len), Some(2));
    let (status, _) = body(
        root.patch(&path, json!({"name": "Late"}), Some(read.version))
            .await,
    )
    .await;
    assert_eq!(status, 409);

    // A new default takes the old one's place, whatever door it comes by there is one.
    root.patch(&path, json!({"is_default": true}), None).await;
    let other = form(
        &root,
        json!({"name": "Question", "position": 1, "is_default": true}),
    )
    .await;
    let list = ada.read("/api/ticket-forms").await;
    let told: Vec<(Value, Value)> = list["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| (f["name"].clone(), f["is_default"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("Question"), json!(true)),
            (json!("Repair"), json!(false))
        ]
    );
    assert!(
        desk.sql()
            .batch_execute("update app.ticket_forms set is_default = true")
            .await
            .is_err()
    );
    assert_eq!(
        root.patch(
            &format!("/api/ticket-forms/{other}"),
            json!({"active": false}),
            None
        )
        .await
        .status(),
        422
    );

    let wrong = json!({"name": "Wrong", "colour": 1, "shown_to": ["admin"], "team_ids": [99], "fields": [
        {"field": "fax"}, {"field": "area", "required": "always", "visible_when": {"field": "months", "in": [1]}}, {"field": "area", "label": "x"}, 7]});
    let (status, problem) = body(root.post("/api/ticket-forms", wrong).await).await;
    let mut paths = problem_paths(&problem);
    paths.sort_unstable();
    assert_eq!(status, 422);
    assert_eq!(
        paths,
        [
            "colour",
            "fields[0].field",
            "fields[1].required",
            "fields[1].visible_when",
            "fields[2].field",
            "fields[2].label",
            "fields[3]",
            "shown_to",
            "team_ids"
        ]
    );

    for refused in [
        ada.post("/api/ticket-forms", json!({"name": "Mine"})).await,
        ada.patch(&path, json!({"name": "Mine"}), None).await,
        ada.delete(&path).await,
    ] {
        assert_eq!(refused.status(), 403);
    }
    let history: i64 = desk
        .one("select count(*) from app.audit_log where table_name = 'ticket_form_fields'")
        .await;
    assert!(history >= 5, "{history}");
}

#[tokio::test]
async fn a_form_requires_its_own_fields_and_no_others() {
    let (desk, root, ada) = desk().await;
    let id = form(&root, repair()).await;

    // Without a form the fields ask as they say themselves.
    let (status, problem) = body(ada.post("/api/tickets", json!({"subject": "x"})).await).await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["custom.origin"])
    );
    let (status, problem) = body(
        ada.post(
            "/api/tickets",
            json!({"subject": "x", "form_id": id, "custom": {"months": 999}}),
        )
        .await,
    )
    .await;
    let mut paths = problem_paths(&problem);
    paths.sort_unstable();
    assert_eq!(
        (status, paths),
        (422, vec!["custom.months", "custom.serial"])
    );

    // What does not stand on the form is not filled in, and may be given all the same.
    let (status, ticket) = body(
        ada.post(
            "/api/tickets",
            json!({"subject": "x", "form_id": id, "custom": {"serial": "7", "origin": "shop"}}),
        )
        .await,
    )
    .await;
    assert_eq!(status, 201, "{ticket}");
    assert_eq!(ticket["form"], json!({"id": id, "name": "Repair"}));
    assert_eq!(ticket["custom"], json!({"serial": "7", "origin": "shop"}));

    let path = format!("/api/tickets/{}", ticket["id"]);
    let solve = format!("{path}/solve");
    let (_, problem) = body(ada.post(&solve, json!({})).await).await;
    assert_eq!(problem_paths(&problem), ["custom.area"]);
    // The condition of the form: the cause is asked for of disks.
    let (_, problem) = body(ada.post(&solve, json!({"custom": {"area": "disk"}})).await).await;
    assert_eq!(problem_paths(&problem), ["custom.cause"]);
    let by_sql = format!(
        "update app.tickets set custom = custom || '{{\"area\": \"disk\"}}', status_id = (select id from app.statuses where key = 'solved') where id = {}",
        ticket["id"]
    );
    let error = desk
        .sql()
        .batch_execute(&by_sql)
        .await
        .expect_err("is refused");
    assert_eq!(
        error
            .as_db_error()
            .and_then(|e| e.detail().map(str::to_owned))
            .as_deref(),
        Some("custom.cause: is required when a ticket is solved")
    );
    assert_eq!(
        ada.post(&solve, json!({"custom": {"area": "screen"}}))
            .await
            .status(),
        200
    );

    // Another form asks for other things, from the next solving on.
    let other = form(
        &root,
        json!({"name": "Audit", "fields": [{"field": "months", "required": "solve"}]}),
    )
    .await;
    ada.post(&format!("{path}/reopen"), json!({})).await;
    let (status, changed) = body(ada.patch(&path, json!({"form_id": other}), None).await).await;
    assert_eq!((status, &changed["form"]["name"]), (200, &json!("Audit")));
    assert_eq!(changed["custom"]["serial"], json!("7"));
    let (_, problem) = body(ada.post(&solve, json!({})).await).await;
    assert_eq!(problem_paths(&problem), ["custom.months"]);
    let (status, changed) = body(ada.patch(&path, json!({"form_id": null}), None).await).await;
    assert_eq!((status, &changed["form"]), (200, &Value::Null));
    let timeline = ada
        .read(&format!("{path}/timeline?kind=change&limit=200"))
        .await;
    assert!(
        timeline
            .to_string()
            .contains("\"form\":[\"Repair\",\"Audit\"]"),
        "{timeline}"
    );

    // A form that tickets have stays; so does the desk's field list, without fields that are removed.
    desk.run(&format!(
        "update app.tickets set form_id = {other} where id = {}",
        ticket["id"]
    ))
    .await;
    assert_eq!(
        root.delete(&format!("/api/ticket-forms/{other}"))
            .await
            .status(),
        409
    );
    assert_eq!(
        root.delete(&format!("/api/ticket-forms/{id}"))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn forms_are_chosen_by_those_to_whom_they_are_shown() {
    let (desk, root, ada) = desk().await;
    let tech: i64 = desk
        .one("select id from app.teams where name = 'tech'")
        .await;
    let plain = form(&root, json!({"name": "Plain", "is_default": true})).await;
    let customers = form(&root, json!({"name": "Portal", "shown_to": ["customer"]})).await;
    let techs = form(&root, json!({"name": "Lab", "team_ids": [tech]})).await;
    let retired = form(&root, json!({"name": "Old", "active": false})).await;

    for hidden in [customers, techs, retired, 999] {
        let (status, problem) = body(
            ada.post(
                "/api/tickets",
                json!({"subject": "x", "custom": {"origin": "x"}, "form_id": hidden}),
            )
            .await,
        )
        .await;
        assert_eq!(
            (status, problem_paths(&problem)),
            (422, vec!["form_id"]),
            "{hidden}"
        );
    }
    let (_, problem) = body(
        ada.post(
            "/api/tickets",
            json!({"subject": "x", "form_id": "Plain", "colour": 1}),
        )
        .await,
    )
    .await;
    assert_eq!(problem_paths(&problem), ["colour", "form_id"]);
    let tom = desk.agent("Tom", "tech").await;
    assert_eq!(
        tom.post("/api/tickets", json!({"subject": "x", "form_id": techs}))
            .await
            .status(),
        201
    );
    assert_eq!(
        root.post(
            "/api/tickets",
            json!({"subject": "x", "form_id": customers})
        )
        .await
        .status(),
        201
    );
    let (_, ticket) = body(ada.post("/api/tickets", json!({"subject": "x"})).await).await;
    assert_eq!(ticket["form"]["id"], json!(plain));

    // A retired form stays on its tickets, which are worked on as before.
    root.patch(
        &format!("/api/ticket-forms/{plain}"),
        json!({"is_default": false, "active": false}),
        None,
    )
    .await;
    let path = format!("/api/tickets/{}", ticket["id"]);
    assert_eq!(
        ada.patch(
            &path,
            json!({"custom": {"serial": "9"}, "form_id": plain}),
            None
        )
        .await
        .status(),
        200
    );

    let by_sql = format!(
        "insert into app.tickets (subject, requester_id, form_id) values ('x', 1, {retired})"
    );
    let error = desk
        .sql()
        .batch_execute(&by_sql)
        .await
        .expect_err("is refused");
    let detail = error
        .as_db_error()
        .and_then(|e| e.detail().map(str::to_owned))
        .unwrap_or_default();
    assert!(
        detail.contains(&format!(
            "form_id: there is no form {retired} that you may choose"
        )),
        "{detail}"
    );
}

#[tokio::test]
async fn rules_ask_for_the_form_and_set_it() {
    let (desk, root, ada) = desk().await;
    let id = form(
        &root,
        json!({"name": "Repair", "fields": [{"field": "serial", "required": "create"}]}),
    )
    .await;
    let plain = form(&root, json!({"name": "Plain"})).await;
    let rule = json!({"name": "r", "conditions": {"field": "subject", "op": "contains", "value": "broken"}, "actions": [{"set": "form", "value": "repair"}]});
    assert_eq!(root.post("/api/routing-rules", rule).await.status(), 201);
    let wrong = json!({"name": "r", "conditions": {"all": []}, "actions": [{"set": "form", "value": "Fax"}]});
    let (status, problem) = body(root.post("/api/routing-rules", wrong).await).await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["actions[0].value"])
    );

    // A ticket came in by what its maker was asked, and is never refused for what a rule makes of it.
    let (status, ticket) = body(
        ada.post(
            "/api/tickets",
            json!({"subject": "It is broken", "custom": {"origin": "x"}}),
        )
        .await,
    )
    .await;
    assert_eq!(
        (status, &ticket["form"]["id"]),
        (201, &json!(id)),
        "{ticket}"
    );

    for (condition, holds) in [
        (
            json!({"field": "form", "op": "is", "value": "Repair"}),
            true,
        ),
        (
            json!({"field": "form", "op": "in", "value": ["Plain"]}),
            false,
        ),
        (
            json!({"field": "form", "op": "not_in", "value": ["Plain"]}),
            true,
        ),
        (json!({"field": "form", "op": "present"}), true),
        (json!({"field": "form", "op": "absent"}), false),
    ] {
        let told: bool = desk
            .one(&format!(
                "select autocrm.holds({}, '{condition}')",
                ticket["id"]
            ))
            .await;
        assert_eq!(told, holds, "{condition}");
        let predicate: String = desk
            .one(&format!("select autocrm.condition_sql('{condition}')"))
            .await;
        let listed: bool = desk
            .one(&format!(
                "select exists (select from app.tickets t where t.id = {} and {predicate})",
                ticket["id"]
            ))
            .await;
        assert_eq!(listed, holds, "{condition}: {predicate}");
    }

    // A macro sets it too.
    let (status, made) = body(
        root.post(
            "/api/macros",
            json!({"name": "m", "actions": [{"set": "form", "value": "Plain"}]}),
        )
        .await,
    )
    .await;
    assert_eq!(status, 201, "{made}");
    let (status, applied) = body(
        ada.post(
            &format!("/api/tickets/{}/macros/{}/apply", ticket["id"], made["id"]),
            json!({}),
        )
        .await,
    )
    .await;
    assert_eq!(status, 200, "{applied}");
    let now: i64 = desk
        .one(&format!(
            "select form_id from app.tickets where id = {}",
            ticket["id"]
        ))
        .await;
    assert_eq!(now, plain);
}
