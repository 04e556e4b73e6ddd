//! Constraints at a SQL prompt: whoever breaks one is told what, where and how to mend it, never its internal name.

use autocrm_core::constraint::{Broken, OUTSIDE, words};
use harness::desk::Desk;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// Tables that agents or administrators may write at a prompt.
const WRITTEN: &str = "select c.oid, c.relname from pg_class c
  where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and exists (
      select from unnest(array['autocrm_admin', 'autocrm_agent']) role
       where has_any_column_privilege(role, c.oid, 'insert') or has_any_column_privilege(role, c.oid, 'update')
          or has_table_privilege(role, c.oid, 'delete'))";

async fn rows(desk: &Desk, sql: &str) -> Vec<Vec<String>> {
    let rows = desk
        .sql()
        .query(&format!("with written as ({WRITTEN}) {sql}"), &[])
        .await
        .expect("a query");
    rows.iter()
        .map(|row| (0..row.len()).map(|at| row.get(at)).collect())
        .collect()
}

/// A new constraint without words fails here: see `LISTED` in extension/core/src/constraint.rs, and
/// sql/app/zz_constraints.sql.
#[tokio::test]
async fn every_constraint_of_what_people_write_has_words() {
    let desk = Desk::open().await;
    let mut lacking = Vec::new();

    let columns = rows(
        &desk,
        "select w.relname::text, a.attname::text from written w join pg_attribute a on a.attrelid = w.oid and a.attnum > 0",
    )
    .await;
    let is_column = |table: &str, path: &str| columns.contains(&vec![table.into(), path.into()]);
    // Keys, with those that are indexes alone, and references; checks of the tables whose triggers are native.
    let named = rows(
        &desk,
        "select w.relname::text, c.relname::text, '23505' from written w join pg_index i on i.indrelid = w.oid and i.indisunique
           join pg_class c on c.oid = i.indexrelid
          union all
         select w.relname::text, k.conname::text, case k.contype when 'f' then '23503' when 'c' then '23514' else '23P01' end
           from written w join pg_constraint k on k.conrelid = w.oid
          where k.contype in ('f', 'x') or k.contype = 'c' and w.relname in ('tickets', 'messages')",
    )
    .await;
    assert!(named.len() > 80, "{}", named.len());
    for constraint in &named {
        let [table, name, code] = constraint.as_slice() else {
            panic!("three columns");
        };
        let broken = Broken {
            code,
            table,
            column: "",
            constraint: name,
            names_none: true,
        };
        match words(&broken).problem {
            Some(problem) if problem.message != OUTSIDE && is_column(table, &problem.path) => {}
            other => lacking.push(format!("{name}: {other:?}")),
        }
    }
    // Checks that the tables' own trigger puts into words.
    let checks = rows(
        &desk,
        "select w.relname::text, k.conname::text, coalesce(app._constraint_words(k.oid), '') from written w
           join pg_constraint k on k.conrelid = w.oid and k.contype = 'c'
          where w.relname not in ('tickets', 'messages')",
    )
    .await;
    assert!(checks.len() > 80, "{}", checks.len());
    for check in &checks {
        let [table, name, words] = check.as_slice() else {
            panic!("three columns");
        };
        let path = words.split_once(": ").map(|(path, _)| path);
        if !path.is_some_and(|path| is_column(table, path)) {
            lacking.push(format!("{name}: {words}"));
        }
    }
    // Whatever is checked later than the statement, or by a type, or without that trigger.
    lacking.extend(
        rows(
            &desk,
            "select format('%s is deferrable', k.conname) from written w join pg_constraint k on k.conrelid = w.oid
              where k.condeferrable and k.contype <> 't'
              union all
             select format('%s is of a type', k.conname) from pg_constraint k where k.contypid <> 0 and k.connamespace = 'app'::regnamespace
              union all
             select format('%s has no trigger for its checks', w.relname) from written w
              where w.relname not in ('tickets', 'messages')
                and exists (select from unnest(array['autocrm_admin', 'autocrm_agent']) role
                             where has_any_column_privilege(role, w.oid, 'insert') or has_any_column_privilege(role, w.oid, 'update'))
                and not exists (select from pg_trigger t where t.tgrelid = w.oid and t.tgname = format('tg_%s__990_constraints', w.relname))",
        )
        .await
        .concat(),
    );
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

/// Code and DETAIL of a refusal, of which nothing is internal.
async fn refused(client: &Client, sql: &str) -> (String, String) {
    let error = client.batch_execute(sql).await.expect_err(sql);
    let error = error.as_db_error().expect("by the database");
    let (message, hint) = (error.message(), error.hint().unwrap_or_default());
    let detail = error.detail().unwrap_or_default();
    assert!(!hint.is_empty() && !detail.is_empty(), "{sql}: {error:?}");
    for text in [message, detail, hint] {
        for internal in [
            "constraint",
            "relation",
            "app.",
            "_key",
            "_fkey",
            "_check",
            "_idx",
            "_pkey",
        ] {
            assert!(!text.contains(internal), "{sql}: {error:?}");
        }
    }
    assert_eq!(
        (
            error.constraint(),
            error.table(),
            error.schema(),
            error.column()
        ),
        (None, None, None, None),
        "{sql}"
    );
    (error.code().code().to_owned(), detail.to_owned())
}

#[tokio::test]
async fn whoever_breaks_a_constraint_at_a_prompt_is_told_what_where_and_how_to_mend_it() {
    let desk = Desk::open().await;
    let admin = desk.at_prompt("admin", None).await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run(&format!(
        "insert into app.statuses (key, label, category) values ('later', 'Later', 'open');
         update app.tickets set status_id = (select id from app.statuses where key = 'later') where id = {ticket};
         insert into app.tags (name) values ('taken'); insert into app.organizations (name) values ('Acme')"
    ))
    .await;
    for (client, sql, code, detail) in [
        (
            &agent,
            "insert into app.tags (name) values ('taken')",
            "TK409",
            "name: is taken by another",
        ),
        (
            &agent,
            "insert into app.organizations (name) values ('acme')",
            "TK409",
            "name: is taken by another",
        ),
        (
            &admin,
            "insert into app.tags (name) values ('one'), ('one')",
            "TK409",
            "name: is taken by another",
        ),
        (
            &admin,
            "update app.teams set schedule_id = 99999",
            "TK409",
            "schedule_id: there is none of this id",
        ),
        (
            &admin,
            "delete from app.statuses where key = 'later'",
            "TK409",
            "id: tickets still refer to it",
        ),
        (
            &admin,
            "insert into app.skills (name) values (null)",
            "TK422",
            "name: is required",
        ),
        (
            &admin,
            "insert into app.statuses (key, label, category, color) values ('A b', 'x', 'open', 'red')",
            "TK422",
            "color: must be a colour such as #336699\nkey: must be a letter from a to z, then letters, digits or _; at most 40 characters",
        ),
        (
            &agent,
            "insert into app.organizations (name, custom, domains) values ('Other', '[]', '{null}')",
            "TK422",
            "custom: must be an object\ndomains: must be a plain list of domains such as example.com",
        ),
        (
            &admin,
            "update app.teams set fair_count = 3",
            "TK422",
            "fair_count: needs fair_minutes beside it, which needs it too",
        ),
        (
            &admin,
            "do $$ begin insert into app.tags (name) values ('two'), ('two'); end $$",
            "TK409",
            "name: is taken by another",
        ),
        (
            &admin,
            "prepare p as insert into app.tags (name) values ('taken'); execute p",
            "TK409",
            "name: is taken by another",
        ),
        (
            &admin,
            "select api.create_tag('{\"name\": \"taken\"}')",
            "TK409",
            "name: is taken by another",
        ),
    ] {
        assert_eq!(
            refused(client, sql).await,
            (code.to_owned(), detail.to_owned()),
            "{sql}"
        );
    }

    // What expects an error of Postgres still gets it, and what avoids one is not refused.
    for sql in [
        "do $$ begin insert into app.tags (name) values ('taken'); exception when unique_violation then null; end $$",
        "insert into app.tags (name) values ('taken') on conflict do nothing",
        "begin; savepoint s; insert into app.tags (name) values ('three'); rollback to s; commit",
    ] {
        admin.batch_execute(sql).await.expect(sql);
    }
    // A cancelled statement and a mistake in it stay what they are.
    let error = admin.batch_execute("select 1 / 0").await.expect_err("no");
    assert_eq!(error.code().map(SqlState::code), Some("22012"));
    // The API reads Postgres' own, and answers as before.
    let ada = desk.admin().await;
    let reply = ada
        .post("/api/tags", serde_json::json!({"name": "taken"}))
        .await;
    assert_eq!(reply.status(), 409);
}
