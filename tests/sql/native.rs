//! The native functions by themselves, as SQL calls them.

use harness::desk::Desk;
use serde_json::{Value, json};

#[tokio::test]
async fn fail_raises_the_code_the_message_and_the_way_out() {
    let desk = Desk::open().await;
    let raised = desk
        .sql()
        .batch_execute(
            "select autocrm.fail('TK404', 'There is no ticket 7', 'id: 7', 'Check the id.')",
        )
        .await
        .expect_err("raises");
    let error = raised.as_db_error().expect("of the database");
    assert_eq!(error.code().code(), "TK404");
    assert_eq!(error.message(), "There is no ticket 7");
    assert_eq!(error.detail(), Some("id: 7"));
    assert_eq!(error.hint(), Some("Check the id."));
}

#[tokio::test]
async fn html_keeps_its_words_and_loses_what_could_act() {
    let desk = Desk::open().await;
    let clean: String = desk
        .one("select autocrm.sanitize_html('<p onclick=x>Hi <script>alert(1)</script><a href=\"javascript:x\">there</a></p>')")
        .await;
    assert!(
        !clean.contains("script") && !clean.contains("onclick"),
        "{clean}"
    );
    let text: String = desk
        .one("select autocrm.html_to_text('<p>One</p><p>Two<br>Three</p>')")
        .await;
    assert_eq!(
        text.split_whitespace().collect::<Vec<_>>(),
        ["One", "Two", "Three"]
    );
}

#[tokio::test]
async fn a_page_is_what_the_rows_are_and_says_where_the_next_begins() {
    let desk = Desk::open().await;
    let page: String = desk
        .one(
            r#"select autocrm.page(
                 'select n::text, n::bigint as id, ''a "b"'' || chr(10) || n as text, n = 2 as flag,
                         case when n > 1 then n::bigint end as "part.id", ''x''::text as "part.name",
                         array[''p'', ''q'']::text[] as list, null::text as nothing, timestamptz ''2026-01-31 09:00:00.5+01'' as at,
                         ''{"k": 1}''::json as raw, 1.50::numeric as number
                    from generate_series(1, ($1 ->> ''n'')::integer) n order by n', '{"n": "3"}', 2, 'n')::text"#,
        )
        .await;
    let page: Value = serde_json::from_str(&page).expect("JSON");
    // As Postgres writes it, to the last digit.
    let number: Value = serde_json::from_str("1.50").expect("a number");
    assert_eq!(
        page["items"],
        json!([
            {"id": 1, "text": "a \"b\"\n1", "flag": false, "part": null, "list": ["p", "q"], "nothing": null,
             "at": "2026-01-31T08:00:00.5+00:00", "raw": {"k": 1}, "number": number},
            {"id": 2, "text": "a \"b\"\n2", "flag": true, "part": {"id": 2, "name": "x"}, "list": ["p", "q"], "nothing": null,
             "at": "2026-01-31T08:00:00.5+00:00", "raw": {"k": 1}, "number": number}
        ])
    );
    let next: String = desk
        .one(&format!(
            "select api._decode_cursor('{}', 'n', 'bigint')::text",
            page["next"].as_str().expect("a cursor")
        ))
        .await;
    assert_eq!(
        serde_json::from_str::<Value>(&next).ok(),
        Some(json!(["2", 2, "n"]))
    );
}

/// The plan is kept, the rows it may read are not: each caller's own policies answer.
#[tokio::test]
async fn one_shape_of_query_answers_each_caller_with_their_own_rows() {
    let desk = Desk::open().await;
    desk.ticket("For billing", "billing").await;
    desk.ticket("For tech", "tech").await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    for _ in 0..8 {
        for (who, subject) in [(&ada, "For billing"), (&tom, "For tech")] {
            let page = who.read("/api/tickets").await;
            let subjects: Vec<&str> = page["items"]
                .as_array()
                .expect("items")
                .iter()
                .filter_map(|row| row["subject"].as_str())
                .collect();
            assert_eq!(subjects, [subject]);
        }
    }
}

#[tokio::test]
async fn only_the_api_asks_whose_claims_still_stand() {
    let desk = Desk::open().await;
    let analyst = desk.analyst(None).await;
    let refused = analyst
        .batch_execute("select autocrm.outsiders('all agent', array['{}'])")
        .await
        .expect_err("refused");
    assert!(matches!(
        refused.code().map(tokio_postgres::error::SqlState::code),
        Some("TK403" | "42501")
    ));
}

#[tokio::test]
async fn a_page_reads_no_column_for_what_it_is_not() {
    let desk = Desk::open().await;
    for columns in [
        "1::int8, 2::int8, 3",
        "'a'::text, 'b'::text, 3",
        "'a'::text, 2::int4",
        "null, null",
        "'a'::text",
        "",
    ] {
        let columns = columns.replace('\'', "''");
        let sql = format!(
            "select autocrm.page('select {columns} from generate_series(1, 3)', '{{}}', 1, 'x')"
        );
        let (code, _) = desk.refused(&sql).await;
        assert_eq!(code, "TK500", "{columns}");
    }
    for (statement, code) in [
        ("update app.teams set name = name", "0A000"),
        ("show all", "0A000"),
        ("select", "TK500"),
    ] {
        let sql = format!("select autocrm.page('{statement}', '{{}}', 1, 'x')");
        assert_eq!(desk.refused(&sql).await.0, code, "{statement}");
    }
    let page: String = desk
        .one("select autocrm.page('select ''a''::text, 2::int8, ''{1,NULL}''::int8[] as ids, ''x''::name as n, 1.5::float8 as f, b''101'' as bits', '{}', 1, 'x')::text")
        .await;
    assert!(page.contains(r#""ids":"{1,NULL}""#), "{page}");
}

/// More shapes than a backend keeps, met while one of them is being executed.
#[tokio::test]
async fn no_plan_is_freed_under_whoever_executes_it() {
    let desk = Desk::open().await;
    for _ in 0..2 {
        let page: String = desk
            .one(
                r"select autocrm.page(
                    'select n::text, n::int8,
                            autocrm.page(''select ''''a''''::text, '' || n || ''::int8 as n, repeat(''''x'''', 10) as x'', ''{}'', 1, ''x'') as inner
                       from generate_series(1, 500) n order by 2', '{}', 500, 'x')::text",
            )
            .await;
        let page: Value = serde_json::from_str(&page).expect("JSON");
        assert_eq!(page["items"].as_array().map(Vec::len), Some(500));
        assert_eq!(page["items"][499]["inner"]["items"][0]["n"], 500);
    }
}

#[tokio::test]
async fn a_refusal_keeps_all_it_says_through_every_statement_of_the_desk() {
    let desk = Desk::open().await;
    desk.run(
        "create function public.object() returns trigger language plpgsql as $$
         begin
           begin
             raise exception using errcode = 'TK409', message = 'No', detail = 'one', hint = 'other';
           exception when others then
             begin
               raise exception using errcode = 'TK404', message = 'No', detail = 'one', hint = 'other';
             exception when others then null;
             end;
             raise;
           end;
         end $$;
         create trigger object before insert on app.messages for each row execute function public.object()",
    )
    .await;
    let error = desk
        .sql()
        .batch_execute(
            "insert into app.tickets (subject, description, requester_id)
             select 'x', 'y', id from app.users where email = 'cleo@customer.test'",
        )
        .await
        .expect_err("refused");
    let error = error.as_db_error().expect("of the database");
    assert_eq!(error.code().code(), "TK409");
    assert_eq!(error.message(), "No");
    assert_eq!((error.detail(), error.hint()), (Some("one"), Some("other")));
    let context = error.where_().unwrap_or_default();
    assert_eq!(context.matches("object() line").count(), 1, "{context}");
    desk.run(
        "create or replace function public.object() returns trigger language plpgsql as $$
         begin
           raise exception using errcode = 'TK422', message = 'No', constraint = 'c', table = 't', schema = 's', column = 'k';
         end $$",
    )
    .await;
    let error = desk
        .sql()
        .batch_execute(
            "insert into app.tickets (subject, description, requester_id)
             select 'x', 'y', id from app.users where email = 'cleo@customer.test'",
        )
        .await
        .expect_err("refused");
    let error = error.as_db_error().expect("of the database");
    assert_eq!(error.code().code(), "TK422");
    assert_eq!(
        (error.constraint(), error.table(), error.column()),
        (Some("c"), Some("t"), Some("k"))
    );
}

#[tokio::test]
async fn refusals_leave_nothing_behind_in_their_session() {
    let desk = Desk::open().await;
    let pages = async || {
        let pid: i32 = desk.one("select pg_backend_pid()").await;
        let statm =
            std::fs::read_to_string(format!("/proc/{pid}/statm")).expect("of a backend here");
        let resident: Vec<i64> = statm.split(' ').filter_map(|n| n.parse().ok()).collect();
        resident[1] - resident[2]
    };
    let refuse = async |times: u32| {
        desk.run(&format!(
            "do $$ begin
               for n in 1..{times} loop
                 begin
                   perform autocrm.fail('TK422', repeat('m', 200), repeat('d', 400), repeat('h', 200));
                 exception when others then null;
                 end;
                 begin
                   perform autocrm.test('1', '{{\"field\": \"subject\", \"op\": \"nothing\"}}');
                 exception when others then null;
                 end;
                 if n % 50 = 0 then
                   begin
                     perform autocrm.page('select 1/0', '{{}}', 1, 'x');
                   exception when others then null;
                   end;
                 end if;
               end loop;
             end $$"
        ))
        .await;
    };
    refuse(5_000).await;
    let before = pages().await;
    refuse(50_000).await;
    let grown = (pages().await - before) * 4096;
    assert!(
        grown < 3_000_000,
        "{grown} bytes more after 100,000 refusals"
    );
}

#[tokio::test]
async fn html_that_would_keep_a_parser_busy_is_refused_before_it_is_parsed() {
    let desk = Desk::open().await;
    desk.run("set statement_timeout = '1s'").await;
    for html in [
        "repeat('<div>', 40000)",
        "repeat('<b><div>', 100000)",
        "repeat('<table><tr><td>', 50000)",
        "'<a' || repeat(' a b', 100000) || '>'",
        "repeat('x', 3000000)",
    ] {
        for function in ["sanitize_html", "html_to_text"] {
            let (code, detail) = desk
                .refused(&format!("select autocrm.{function}({html})"))
                .await;
            assert_eq!(code, "TK422", "{function}({html})");
            assert!(detail.starts_with("html: "), "{detail}");
        }
        desk.run(&format!("select autocrm.html_mentions({html})"))
            .await;
    }
    let ticket = desk.ticket("For billing", "billing").await;
    let (code, detail) = desk
        .refused(&format!(
            "insert into app.messages (ticket_id, kind, author_id, body_html) select {ticket}, 'reply', requester_id, repeat('<div>', 40000) from app.tickets where id = {ticket}"
        ))
        .await;
    assert_eq!(
        (code.as_str(), detail.as_str()),
        ("TK422", "body_html: nests its elements deeper than 500")
    );
    let (code, detail) = desk
        .refused("insert into app.tickets (subject, description_html, requester_id) select 'x', repeat('<div>', 40000), id from app.users where email = 'cleo@customer.test'")
        .await;
    assert_eq!(
        (code.as_str(), detail.as_str()),
        (
            "TK422",
            "description_html: nests its elements deeper than 500"
        )
    );
}

/// Every door that takes a condition, with one that no page could ask in time.
#[tokio::test]
async fn a_condition_is_as_large_as_can_be_asked_and_no_larger() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("For billing", "billing").await;
    desk.run("set statement_timeout = '2s'").await;
    let large = "(select jsonb_build_object('any', jsonb_agg(jsonb_build_object('field', 'subject', 'op', 'contains', 'value', n::text))) from generate_series(1, 15000) n)";
    let problems: Vec<String> = desk
        .one(&format!("select autocrm.check_conditions({large})"))
        .await;
    assert_eq!(problems, ["conditions: has more than 200 groups and tests"]);
    for door in [
        format!("select autocrm.condition_sql({large})"),
        format!("select autocrm.condition_statuses({large})"),
        format!("select autocrm.holds({ticket}, {large})"),
        format!("select autocrm.test('\"x\"', {large})"),
        format!("insert into app.views (name, conditions) select 'x', {large}"),
        format!(
            "insert into app.routing_rules (name, conditions, actions) select 'x', {large}, '[]'"
        ),
        format!(
            "insert into app.triggers (name, conditions, actions) select 'x', {large}, '[{{\"set\": \"priority\", \"value\": \"high\"}}]'"
        ),
        format!(
            "insert into app.automations (name, conditions, actions) select 'x', {large}, '[{{\"set\": \"priority\", \"value\": \"high\"}}]'"
        ),
    ] {
        let (code, detail) = desk.refused(&door).await;
        assert_eq!(code, "TK422", "{door}");
        assert!(
            detail.contains("has more than 200 groups and tests"),
            "{door}: {detail}"
        );
    }
    let ids = "array(select n from generate_series(1, 3000000) n)";
    assert_eq!(
        desk.refused(&format!("select autocrm.tag_names({ids})"))
            .await
            .0,
        "TK422"
    );
    let none: Vec<String> = desk.one("select autocrm.tag_names('{null}')").await;
    assert!(none.is_empty());
}

/// What was known before is never taken for what the desk is configured to be now.
#[tokio::test]
async fn a_configuration_whose_reading_was_cancelled_is_read_again() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('seats', 'Seats', 'integer')",
    )
    .await;
    let check = r#"select autocrm.validate_fields('{"seats": 3}', 'update')"#;
    assert!(desk.one::<Vec<String>>(check).await.is_empty());

    let other = desk.log_in("postgres").await;
    for sql in [
        r#"update app.custom_fields set config = '{"max": 2}' where key = 'seats'"#,
        "begin",
        "lock table app.custom_fields",
    ] {
        other.batch_execute(sql).await.expect(sql);
    }
    desk.run("set statement_timeout = '200ms'").await;
    let (code, _) = desk.refused(check).await;
    assert_eq!(code, "57014");

    other.batch_execute("rollback").await.expect("unlocks");
    desk.run("set statement_timeout = 0").await;
    assert_eq!(desk.one::<Vec<String>>(check).await.len(), 1);
}

/// A table that is not as the library knows it, as beside a library of another release.
#[tokio::test]
async fn a_column_of_another_name_or_type_is_an_error_that_shows_nothing_of_the_inside() {
    let desk = Desk::open().await;
    let backend: i32 = desk.one("select pg_backend_pid()").await;
    for (change, write) in [
        (
            "alter table app.tickets rename column channel to came_by",
            "insert into app.tickets (subject, requester_id) select 'x', min(id) from app.users",
        ),
        (
            "alter table app.messages rename column kind to sort",
            "insert into app.messages (ticket_id, author_id, body_text) select 1, min(id), 'x' from app.users",
        ),
        (
            "alter table app.agent_loads alter load type bigint",
            "insert into app.tickets (subject, requester_id, team_id, assignee_id) select 'x', min(u.id), min(t.id), max(u.id) from app.users u, app.teams t",
        ),
    ] {
        desk.run("insert into app.users (role, name, email) values ('agent', 'Ada', 'ada@desk.test') on conflict do nothing")
            .await;
        desk.run(&format!("begin; {change}")).await;
        let raised = desk.sql().batch_execute(write).await;
        desk.run("rollback").await;
        let raised = raised.expect_err(change);
        let error = raised.as_db_error().expect("no crash");
        let told = format!("{error:?}");
        for inside in [".rs", "panicked", "unwrap", "/src/"] {
            assert!(!told.contains(inside), "{change}: {told}");
        }
    }
    assert_eq!(desk.one::<i32>("select pg_backend_pid()").await, backend);
    desk.ticket("As before", "billing").await;
}
