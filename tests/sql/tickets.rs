//! Tickets through plain SQL: the same checks as through every other door.

use harness::desk::Desk;

#[tokio::test]
async fn a_wrong_custom_field_gets_the_same_error_as_over_rest() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run("insert into app.custom_fields (key, label, type, config) values ('months', 'Months', 'integer', '{\"max\": 120}')").await;

    let (code, detail) = desk
        .refused(&format!(
            "update app.tickets set custom = '{{\"months\": 999}}' where id = {ticket}"
        ))
        .await;
    assert_eq!(
        (code.as_str(), detail.as_str()),
        ("TK422", "custom.months: 999 is above the maximum of 120")
    );

    let reply = ada
        .patch(
            &format!("/api/tickets/{ticket}"),
            serde_json::json!({"custom": {"months": 999}}),
            None,
        )
        .await;
    let problem: serde_json::Value = reply.json().await.expect("JSON");
    assert_eq!(
        format!(
            "{}: {}",
            problem["problems"][0]["path"].as_str().unwrap_or_default(),
            problem["problems"][0]["message"]
                .as_str()
                .unwrap_or_default()
        ),
        detail
    );
}

#[tokio::test]
async fn a_field_required_on_solving_holds_the_ticket_open() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run("insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true)").await;
    let solve = format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {ticket}"
    );
    assert_eq!(
        desk.refused(&solve).await.1,
        "custom.cause: is required when a ticket is solved"
    );
    desk.run(&format!(
        "update app.tickets set custom = '{{\"cause\": \"cable\"}}' where id = {ticket}; {solve}"
    ))
    .await;
    assert!(
        desk.one::<bool>(&format!(
            "select solved_at is not null from app.tickets where id = {ticket}"
        ))
        .await
    );
}

#[tokio::test]
async fn an_illegal_transition_fails_in_sql_too() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run("insert into app.status_transitions (from_status_id, to_status_id) select n.id, o.id from app.statuses n, app.statuses o where n.key = 'new' and o.key = 'open'").await;
    let (code, detail) = desk.refused(&format!("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {ticket}")).await;
    assert_eq!(
        (code.as_str(), detail.as_str()),
        ("TK422", "status: solved cannot follow new; allowed: open")
    );
}

#[tokio::test]
async fn whatever_people_write_survives_as_it_is() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for text in [
        "Ω≈ç√∫˜µ≤≥÷",
        "'; drop table app.tickets; --",
        "${jndi:ldap://x}",
        "\u{202e}right-to-left",
        "🏳️‍🌈",
        "<script>alert(1)</script>",
        "%s%n",
        "\\n",
    ] {
        let reply = ada
            .post(
                "/api/tickets",
                serde_json::json!({"subject": text, "description": text}),
            )
            .await;
        assert_eq!(reply.status(), 201, "{text}");
        let ticket: serde_json::Value = reply.json().await.expect("JSON");
        assert_eq!(
            (&ticket["subject"], &ticket["description"]),
            (&serde_json::json!(text), &serde_json::json!(text))
        );
    }
}

#[tokio::test]
async fn what_an_operator_adds_to_history_counts_for_new_tickets_too() {
    let desk = Desk::open().await;
    desk.run(
        "create table public.seen (what text);
         create function public.see() returns trigger language plpgsql security definer as $$
           begin insert into public.seen values (tg_argv[0]); return null; end $$;
         create trigger own_rows after insert on app.events for each row execute function public.see('event');
         create trigger own_statements after insert on app.messages for each statement execute function public.see('message');
         create index own_words on app.messages (left(lower(body_text), 20));
         create index own_notes on app.messages (id) where kind = 'note';
         create index own_tables on app.audit_log (lower(table_name::text));
         alter table app.routing_decisions add column own timestamptz not null default now();
         alter table app.messages add constraint own_check check (body_text !~ 'badword') not valid",
    )
    .await;
    let ticket = |text: &str| {
        format!(
            "insert into app.tickets (subject, description, requester_id)
             select 'x', '{text}', id from app.users where email = 'cleo@customer.test'"
        )
    };
    desk.run(&ticket("hello")).await;
    assert_eq!(desk.refused(&ticket("a badword")).await.0, "23514");
    let seen: String = desk
        .one("select string_agg(what, ' ' order by what) from public.seen")
        .await;
    assert_eq!(seen, "event message");
    desk.run("set enable_seqscan = off; set enable_bitmapscan = off")
        .await;
    let found: String = desk
        .one(
            "select concat_ws(' ',
               (select count(*) from app.messages where left(lower(body_text), 20) = 'hello'),
               (select count(*) from app.messages where kind = 'note'),
               (select count(*) from app.audit_log where lower(table_name::text) = 'messages'),
               (select count(*) from app.routing_decisions where own is not null))",
        )
        .await;
    assert_eq!(found, "1 0 1 1");
}

#[tokio::test]
async fn skills_that_are_none_are_refused_at_every_door() {
    let desk = Desk::open().await;
    for (column, value, path) in [
        (
            "required_skills",
            r#"{"de": 9}"#,
            "required_skills.de: is not the id of a skill",
        ),
        (
            "required_skills",
            r#"{"1": 99}"#,
            "required_skills.1: must be a level from 1 to 5",
        ),
        (
            "required_skills",
            r#"{"1": null}"#,
            "required_skills.1: must be a level from 1 to 5",
        ),
        (
            "preferred_skills",
            r#"{"1": 2}"#,
            r#"preferred_skills.1: must be such as {"level": 2, "until": 15}"#,
        ),
    ] {
        let sql = format!(
            "insert into app.tickets (subject, requester_id, {column})
             select 'x', id, '{value}' from app.users where email = 'cleo@customer.test'"
        );
        assert_eq!(
            desk.refused(&sql).await,
            ("TK422".to_owned(), path.to_owned())
        );
    }
}
