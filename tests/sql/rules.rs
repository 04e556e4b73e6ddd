//! Triggers and automations: what they hear, what they do, and that each speaks once.

use harness::desk::Desk;
use serde_json::{Value, json};

async fn rule(desk: &Desk, table: &str, name: &str, conditions: Value, actions: Value) -> i64 {
    desk.one(&format!(
        "insert into app.{table} (name, conditions, actions) values ('{name}', '{conditions}', '{actions}') returning id"
    ))
    .await
}

/// Lets rules hear of everything that happened.
async fn work(desk: &Desk) {
    desk.work("rules", "rule_cursor").await;
}

async fn clock(desk: &Desk, time: &str) {
    desk.run(&format!("set autocrm.now = '{time}+00'")).await;
}

async fn set(desk: &Desk, ticket: i64, status: &str) {
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = '{status}') where id = {ticket}"
    ))
    .await;
}

async fn priority(desk: &Desk, ticket: i64) -> String {
    desk.one(&format!(
        "select p.key from app.tickets t join app.priorities p on p.id = t.priority_id where t.id = {ticket}"
    ))
    .await
}

async fn status(desk: &Desk, ticket: i64) -> String {
    desk.one(&format!(
        "select s.key from app.tickets t join app.statuses s on s.id = t.status_id where t.id = {ticket}"
    ))
    .await
}

async fn firings(desk: &Desk) -> i64 {
    desk.one("select count(*) from app.rule_firings").await
}

#[tokio::test]
async fn a_trigger_answers_a_new_ticket_once_and_signs_what_it_does() {
    let desk = Desk::open().await;
    let id = rule(
        &desk,
        "triggers",
        "Urgent words",
        json!({"all": [{"field": "event", "op": "is", "value": "created"}, {"field": "subject", "op": "contains_word", "value": "down"}]}),
        json!([{"set": "priority", "value": "urgent"}, {"add_tags": ["outage"]}, {"note": "Looks like an outage."}]),
    )
    .await;
    let ticket = desk.ticket("The shop is down", "billing").await;
    let other = desk.ticket("A question", "billing").await;
    work(&desk).await;
    work(&desk).await;
    assert_eq!(priority(&desk, ticket).await, "urgent");
    assert_eq!(priority(&desk, other).await, "normal");
    assert_eq!(firings(&desk).await, 1);
    let (caused_by, notes): (Value, i64) = (
        desk.one(&format!(
            "select e.data -> 'caused_by' from app.events e where e.ticket_id = {ticket} and e.data -> 'changes' ? 'priority_id'"
        ))
        .await,
        desk.one(&format!(
            "select count(*) from app.messages where ticket_id = {ticket} and kind = 'note' and author_id is null"
        ))
        .await,
    );
    assert_eq!(
        caused_by,
        json!({"kind": "trigger", "id": id, "name": "Urgent words"})
    );
    assert_eq!(notes, 1);
    let timeline: Value = desk
        .one(&format!("select api.get_timeline({ticket})::jsonb"))
        .await;
    let told = timeline["items"]
        .as_array()
        .expect("items")
        .iter()
        .any(|item| {
            item["data"]["caused_by"]["name"] == "Urgent words"
                && item["data"].get("chain").is_none()
        });
    assert!(told, "{timeline}");
    let why: Value = desk.one("select explanation from app.rule_firings").await;
    assert_eq!(why["all"][1]["found"], "The shop is down");
}

#[tokio::test]
async fn a_change_is_answered_when_it_is_the_one_that_was_asked_about() {
    let desk = Desk::open().await;
    rule(
        &desk,
        "triggers",
        "Solved in a hurry",
        json!({"all": [{"field": "status", "op": "changed_to", "value": "solved"}, {"field": "priority", "op": "is", "value": "normal"}]}),
        json!([{"add_tags": ["quick"]}]),
    )
    .await;
    let ticket = desk.ticket("One", "billing").await;
    set(&desk, ticket, "open").await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 0);
    set(&desk, ticket, "solved").await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 1);
    desk.run(&format!(
        "update app.tickets set subject = 'Two' where id = {ticket}"
    ))
    .await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 1, "solved already, and not just now");
}

#[tokio::test]
async fn a_reply_and_what_it_changes_are_one_thing_that_happened() {
    let desk = Desk::open().await;
    rule(
        &desk,
        "triggers",
        "Heard",
        json!({"none": [{"field": "event", "op": "is", "value": "created"}]}),
        json!([{"add_tags": ["heard"]}]),
    )
    .await;
    rule(
        &desk,
        "triggers",
        "Angry",
        json!({"all": [{"field": "event", "op": "is", "value": "replied"}, {"field": "message.author", "op": "is", "value": "customer"},
                       {"field": "message.text", "op": "contains", "value": "unacceptable"}]}),
        json!([{"set": "priority", "value": "high"}]),
    )
    .await;
    let ticket = desk.ticket("One", "billing").await;
    set(&desk, ticket, "pending").await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 1, "the change of status");
    // The reply reopens the ticket: a message and a change in one transaction.
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, body_text) select id, requester_id, 'This is UNACCEPTABLE' from app.tickets where id = {ticket}"
    ))
    .await;
    work(&desk).await;
    assert_eq!(
        firings(&desk).await,
        3,
        "each spoke of the reply, and none of what the other did"
    );
    assert_eq!(status(&desk, ticket).await, "open");
    assert_eq!(priority(&desk, ticket).await, "high");
}

#[tokio::test]
async fn triggers_that_call_each_other_come_to_an_end() {
    let desk = Desk::open().await;
    for (from, to) in [("high", "low"), ("low", "high")] {
        rule(
            &desk,
            "triggers",
            &format!("{from} to {to}"),
            json!({"field": "priority", "op": "changed_to", "value": from}),
            json!([{"set": "priority", "value": to}]),
        )
        .await;
    }
    let ticket = desk.ticket("One", "billing").await;
    desk.run(&format!(
        "update app.tickets set priority_id = (select id from app.priorities where key = 'high') where id = {ticket}"
    ))
    .await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 2, "each spoke once");
    assert_eq!(priority(&desk, ticket).await, "high");
}

#[tokio::test]
async fn what_a_rule_cannot_do_is_undone_and_told_and_holds_up_nobody() {
    let desk = Desk::open().await;
    desk.run("insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true)")
        .await;
    let all = json!({"field": "event", "op": "is", "value": "created"});
    rule(
        &desk,
        "triggers",
        "Cannot",
        all.clone(),
        json!([{"set": "priority", "value": "low"}, {"note": "Solved."}, {"set": "status", "value": "solved"}]),
    )
    .await;
    rule(
        &desk,
        "triggers",
        "Can",
        all,
        json!([{"add_tags": ["seen"]}]),
    )
    .await;
    let ticket = desk.ticket("One", "billing").await;
    work(&desk).await;
    assert_eq!(priority(&desk, ticket).await, "normal", "nothing half-done");
    let error: Value = desk
        .one("select error from app.rule_firings where rule_name = 'Cannot'")
        .await;
    assert!(
        error["detail"]
            .as_str()
            .is_some_and(|text| text.contains("custom.cause")),
        "{error}"
    );
    let seen: bool = desk
        .one("select error is null from app.rule_firings where rule_name = 'Can'")
        .await;
    assert!(seen);
}

#[tokio::test]
async fn what_is_imported_is_history_and_calls_no_trigger() {
    let desk = Desk::open().await;
    rule(
        &desk,
        "triggers",
        "All",
        json!({"all": []}),
        json!([{"add_tags": ["seen"]}]),
    )
    .await;
    desk.run("insert into app.tickets (subject, requester_id, channel) select 'Old', min(id), 'import' from app.users")
        .await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 0);
}

#[tokio::test]
async fn pending_for_four_days_is_solved_with_a_word_and_again_when_it_happens_again() {
    let desk = Desk::open().await;
    clock(&desk, "2030-03-04 09:00").await;
    let id = rule(
        &desk,
        "automations",
        "Four days",
        json!({"all": [{"field": "status", "op": "is", "value": "pending"}, {"field": "hours_since.status", "op": "greater", "value": 96}]}),
        json!([{"set": "status", "value": "solved"}, {"reply": "We close this for now."}]),
    )
    .await;
    let ticket = desk.ticket("One", "billing").await;
    set(&desk, ticket, "pending").await;
    work(&desk).await;
    let due = desk
        .one::<String>(
            "select to_char(due_at at time zone 'UTC', 'DD HH24:MI') from app.automation_due",
        )
        .await;
    assert_eq!(due, "08 09:00");
    clock(&desk, "2030-03-08 08:59").await;
    work(&desk).await;
    assert_eq!(status(&desk, ticket).await, "pending");
    clock(&desk, "2030-03-08 09:01").await;
    work(&desk).await;
    assert_eq!(status(&desk, ticket).await, "solved");
    let said: i64 = desk
        .one(&format!("select count(*) from app.messages where ticket_id = {ticket} and body_text = 'We close this for now.'"))
        .await;
    assert_eq!((said, firings(&desk).await), (1, 1));
    let rule: i64 = desk
        .one("select (data -> 'caused_by' ->> 'id')::bigint from app.events where data -> 'caused_by' ->> 'kind' = 'automation' limit 1")
        .await;
    assert_eq!(rule, id);
    // Reopened and pending once more: four days count anew.
    set(&desk, ticket, "pending").await;
    work(&desk).await;
    clock(&desk, "2030-03-12 09:00").await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 1);
    clock(&desk, "2030-03-12 09:02").await;
    work(&desk).await;
    assert_eq!(
        (firings(&desk).await, status(&desk, ticket).await),
        (2, "solved".into())
    );
}

#[tokio::test]
async fn hours_of_a_schedule_count_while_it_is_open() {
    let desk = Desk::open().await;
    // A Friday.
    clock(&desk, "2030-03-08 15:00").await;
    desk.run(
        r#"insert into app.schedules (name, time_zone, weekly) values ('Office', 'UTC',
             '[{"day": "mon", "from": "09:00", "to": "17:00"}, {"day": "fri", "from": "09:00", "to": "17:00"}]')"#,
    )
    .await;
    rule(
        &desk,
        "automations",
        "Unanswered",
        json!({"field": "hours_since.created", "op": "greater", "value": 4, "schedule": "Office"}),
        json!([{"set": "priority", "value": "high"}]),
    )
    .await;
    let ticket = desk.ticket("One", "billing").await;
    work(&desk).await;
    clock(&desk, "2030-03-11 10:59").await;
    work(&desk).await;
    assert_eq!(priority(&desk, ticket).await, "normal");
    clock(&desk, "2030-03-11 11:01").await;
    work(&desk).await;
    assert_eq!(priority(&desk, ticket).await, "high");
    work(&desk).await;
    assert_eq!(
        firings(&desk).await,
        1,
        "its conditions hold still, and it has spoken"
    );
}

#[tokio::test]
async fn a_new_automation_looks_at_the_tickets_that_are_there() {
    let desk = Desk::open().await;
    clock(&desk, "2030-03-04 09:00").await;
    for n in 0..5 {
        desk.ticket(&format!("{n}"), "billing").await;
    }
    work(&desk).await;
    clock(&desk, "2030-03-05 09:00").await;
    let id = rule(
        &desk,
        "automations",
        "Old",
        json!({"field": "hours_since.created", "op": "greater", "value": 12}),
        json!([{"add_tags": ["old"]}]),
    )
    .await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 5);
    desk.run(&format!(
        "update app.automations set enabled = false where id = {id}"
    ))
    .await;
    desk.ticket("Late", "billing").await;
    clock(&desk, "2030-03-09 09:00").await;
    work(&desk).await;
    assert_eq!(firings(&desk).await, 5, "out of use");
}

#[tokio::test]
async fn many_workers_at_once_and_one_that_dies_speak_once() {
    let desk = Desk::open().await;
    rule(
        &desk,
        "triggers",
        "All",
        json!({"field": "event", "op": "is", "value": "created"}),
        json!([{"note": "Seen."}]),
    )
    .await;
    for n in 0..30 {
        desk.ticket(&format!("{n}"), "billing").await;
    }
    // A round that never commits.
    desk.run("begin; select worker.run_rules(); rollback").await;
    let mut workers = Vec::new();
    for _ in 0..4 {
        let url = desk.admin_url();
        workers.push(tokio::spawn(async move {
            let sql = autocrm_api::db::connect(&url).await.expect("connects");
            for _ in 0..60 {
                let _ = sql.simple_query("select worker.run_rules()").await;
            }
        }));
    }
    for worker in workers {
        worker.await.expect("ends");
    }
    work(&desk).await;
    let notes: i64 = desk
        .one("select count(*) from app.messages where kind = 'note'")
        .await;
    assert_eq!((notes, firings(&desk).await), (30, 30));
}

#[tokio::test]
async fn rules_that_could_not_work_are_refused_with_every_mistake() {
    let desk = Desk::open().await;
    let refused = async |table: &str, conditions: Value, actions: Value| -> String {
        let error = desk
            .sql()
            .batch_execute(&format!(
                "insert into app.{table} (name, conditions, actions) values ('r', '{conditions}', '{actions}')"
            ))
            .await
            .expect_err("refused");
        let error = error.as_db_error().expect("of the database");
        assert_eq!(error.code().code(), "TK422");
        error.detail().unwrap_or_default().to_owned()
    };
    let detail = refused(
        "triggers",
        json!({"all": [{"field": "colour", "op": "is", "value": "x"}]}),
        json!([{"set": "team", "value": "Nobody"}, {"reply": ""}]),
    )
    .await;
    assert!(detail.contains("conditions.all[0].field"), "{detail}");
    assert!(detail.contains("actions[1].reply"), "{detail}");
    let detail = refused(
        "automations",
        json!({"field": "status", "op": "changed"}),
        json!([]),
    )
    .await;
    assert!(detail.contains("only triggers hear of that"), "{detail}");
    let detail = refused(
        "routing_rules",
        json!({"all": []}),
        json!([{"reply": "Hello"}]),
    )
    .await;
    assert!(
        detail.contains("actions[0]: is for triggers and automations"),
        "{detail}"
    );
}

async fn message(desk: &Desk, ticket: i64, kind: &str) -> Option<String> {
    desk.one(&format!(
        "select max(body_text) from app.messages where ticket_id = {ticket} and kind = '{kind}' and author_id is null"
    ))
    .await
}

#[tokio::test]
async fn what_a_rule_says_is_a_template_that_never_shows_what_is_not_there() {
    let desk = Desk::open().await;
    desk.run("insert into app.custom_fields (key, label, type, visible_to) values ('order', 'Order', 'text', '{admin,agent,analyst,integration,customer}'), ('margin', 'Margin', 'text', '{admin,agent,integration,analyst}'), ('cost', 'Cost', 'text', '{admin,agent}')").await;
    rule(
        &desk,
        "triggers",
        "Greet",
        json!({"all": [{"field": "event", "op": "is", "value": "created"}]}),
        json!([
            {"reply": "Hello {{requester.first_name | \"there\"}}, we have {{ticket.subject}}{{#if ticket.custom.order}} about {{ticket.custom.order}}{{/if}}. {{assignee.name | \"Somebody\"}} will answer.{{ticket.solved_at}}"},
            {"note": "Margin: {{ticket.custom.margin | \"unknown\"}}, tags: {{ticket.tags}}"},
            {"note": "{{#if ticket.solved_at}}Solved{{/if}} "}
        ]),
    )
    .await;
    let plain = desk
        .ticket("<b>{{ticket.custom.margin}}</b>", "billing")
        .await;
    let full = desk.ticket("Parcel", "billing").await;
    desk.run(&format!(
        "update app.tickets set custom = '{{\"order\": \"4711\", \"margin\": \"2 %\"}}' where id = {full}"
    ))
    .await;
    work(&desk).await;
    assert_eq!(
        message(&desk, plain, "reply").await.as_deref(),
        Some("Hello Cleo, we have <b>{{ticket.custom.margin}}</b>. Somebody will answer.")
    );
    assert_eq!(
        message(&desk, full, "reply").await.as_deref(),
        Some("Hello Cleo, we have Parcel about 4711. Somebody will answer.")
    );
    assert_eq!(
        message(&desk, full, "note").await.as_deref(),
        Some("Margin: 2 %, tags: ")
    );
    let kept = desk
        .sql()
        .execute("insert into app.triggers (name, actions) values ('Tell', '[{\"note\": \"{{ticket.custom.cost}}\"}]')", &[])
        .await
        .expect_err("keys and analysts read notes, but not this field");
    assert_eq!(
        kept.code().map(tokio_postgres::error::SqlState::code),
        Some("TK422")
    );
    // A template whose parts all fall away says nothing.
    let notes: i64 = desk
        .one(&format!(
            "select count(*) from app.messages where ticket_id = {full} and kind = 'note'"
        ))
        .await;
    assert_eq!(notes, 1);
    assert_eq!(
        desk.one::<i64>("select count(*) from app.rule_firings where error is not null")
            .await,
        0
    );
}

#[tokio::test]
async fn a_field_that_is_kept_from_customers_later_is_kept_out_of_replies_at_once() {
    let desk = Desk::open().await;
    desk.run("insert into app.custom_fields (key, label, type, visible_to) values ('order', 'Order', 'text', '{admin,agent,analyst,integration,customer}')").await;
    rule(
        &desk,
        "triggers",
        "Greet",
        json!({"all": [{"field": "event", "op": "is", "value": "created"}]}),
        json!([{"reply": "Order {{ticket.custom.order | \"received\"}}"}]),
    )
    .await;
    desk.run("update app.custom_fields set visible_to = '{admin,agent}'")
        .await;
    let ticket = desk.ticket("Parcel", "billing").await;
    desk.run(&format!(
        "update app.tickets set custom = '{{\"order\": \"4711\"}}' where id = {ticket}"
    ))
    .await;
    work(&desk).await;
    assert_eq!(
        message(&desk, ticket, "reply").await.as_deref(),
        Some("Order received")
    );
}

#[tokio::test]
async fn a_bad_template_or_one_that_would_tell_the_customer_too_much_is_refused_with_its_place() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('margin', 'Margin', 'text')",
    )
    .await;
    let actions = json!([
        {"reply": "Hi {{requester.nmae}}"}, {"note": "{{#if ticket.status}}x"},
        {"reply": "{{ticket.tags}} {{ticket.custom.margin}} {{assignee.email}} {{agent.name}}"},
        {"note": "{{ticket.tags}} {{ticket.custom.margin}} {{assignee.email}}"}
    ]);
    for table in ["triggers", "automations"] {
        let error = desk
            .sql()
            .execute(
                &format!("insert into app.{table} (name, actions) values ('x', '{actions}')"),
                &[],
            )
            .await
            .expect_err("refused");
        let error = error.as_db_error().expect("an error").clone();
        assert_eq!(error.code().code(), "TK422");
        let paths: Vec<&str> = error
            .detail()
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.split_once(':').map(|(path, _)| path))
            .collect();
        assert_eq!(
            paths,
            [
                "actions[0].reply[4]",
                "actions[1].note[1]",
                "actions[2].reply[1]",
                "actions[2].reply[17]",
                "actions[2].reply[42]",
                "actions[2].reply[61]"
            ]
        );
    }
}
