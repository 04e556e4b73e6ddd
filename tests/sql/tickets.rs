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
         create table public.names (name text primary key);
         insert into public.names values ('ticket.created');
         alter table app.events add constraint own_key foreign key (name) references public.names;
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
    let (code, _) = desk.refused("update app.tickets set subject = 'y'").await;
    assert_eq!(code, "23503");
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
async fn what_a_ticket_may_not_hold_is_refused_by_its_path_and_all_at_once() {
    let desk = Desk::open().await;
    desk.run("insert into app.skills (id, name) overriding system value values (1, 'German')")
        .await;
    for (columns, values, problems) in [
        (
            "required_skills",
            r#"'{"de": 9}'"#,
            "required_skills.de: is not the id of a skill",
        ),
        (
            "required_skills",
            r#"'{"999": 1}'"#,
            "required_skills.999: is not the id of a skill",
        ),
        (
            "required_skills",
            r#"'{"01": 1}'"#,
            "required_skills.01: is not the id of a skill",
        ),
        (
            "required_skills",
            r#"'{"1": 99}'"#,
            "required_skills.1: must be a level from 1 to 5",
        ),
        (
            "required_skills",
            r#"'{"1": null}'"#,
            "required_skills.1: must be a level from 1 to 5",
        ),
        (
            "preferred_skills",
            r#"'{"1": 2}'"#,
            r#"preferred_skills.1: must be such as {"level": 2, "until": 15}: a level from 1 to 5, and minutes, at most a year"#,
        ),
        ("tag_ids", "'{-5}'", "tag_ids: there is no tag -5"),
        (
            "tag_ids",
            "'{null}'",
            "tag_ids: must be a plain list of ids of tags",
        ),
        (
            "tag_ids",
            "'{{1,2},{3,4}}'",
            "tag_ids: must be a plain list of ids of tags",
        ),
        (
            "tag_ids, custom, language, assignee_id",
            r#"'{7}', '"x"', repeat('e', 36), 999"#,
            "language: must have at most 35 characters\ntag_ids: there is no tag 7\ncustom: must be a JSON object\nassignee_id: 999 is not an active agent",
        ),
    ] {
        let sql = format!(
            "insert into app.tickets (subject, requester_id, {columns})
             select 'x', id, {values} from app.users where email = 'cleo@customer.test'"
        );
        assert_eq!(
            desk.refused(&sql).await,
            ("TK422".to_owned(), problems.to_owned()),
            "{values}"
        );
    }
    for subject in ["' '", "''", "repeat('x', 501)", "null"] {
        let sql = format!(
            "insert into app.tickets (subject, requester_id) select {subject}, id from app.users where email = 'cleo@customer.test'"
        );
        let told = (
            "TK422".to_owned(),
            "subject: must have 1 to 500 characters".to_owned(),
        );
        assert_eq!(desk.refused(&sql).await, told, "{subject}");
    }
}

#[tokio::test]
async fn a_tag_is_kept_once_and_a_deleted_one_stops_no_change() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.tags (id, name) overriding system value values (5, 'refund'), (6, 'order');
         insert into app.tickets (id, subject, requester_id, tag_ids) overriding system value
         select 7, 'x', id, '{6,5,6}' from app.users where email = 'cleo@customer.test';
         update app.tickets set tag_ids = tag_ids || 5::bigint where id = 7",
    )
    .await;
    let tags = "select tag_ids::text from app.tickets where id = 7";
    assert_eq!(desk.one::<String>(tags).await, "{6,5}");
    desk.run(
        "set session_replication_role = replica; delete from app.tags where id = 6; set session_replication_role = origin;
         update app.tickets set tag_ids = tag_ids || 5::bigint, subject = 'y' where id = 7",
    )
    .await;
    assert_eq!(desk.one::<String>(tags).await, "{6,5}");
}

#[tokio::test]
async fn a_list_for_nobody_is_empty_and_not_an_error_of_syntax() {
    let desk = Desk::open().await;
    desk.ticket("Hidden", "billing").await;
    for filter in [
        "{}",
        r#"{"assignee": "none"}"#,
        r#"{"team": "none", "sort": "priority"}"#,
        r#"{"tag": "x", "group_by": "status"}"#,
    ] {
        desk.sql()
            .batch_execute("begin; set local role autocrm_agent")
            .await
            .expect("a role");
        let items: i32 = desk
            .sql()
            .query_one(
                "select json_array_length(api.list_tickets($1::text::jsonb) -> 'items')",
                &[&filter],
            )
            .await
            .expect(filter)
            .get(0);
        desk.sql().batch_execute("rollback").await.expect("ends");
        assert_eq!(items, 0, "{filter}");
    }
}
