//! What many at once, long transactions and rows that never came to be must not do to the books and to each other.

use harness::desk::Desk;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_postgres::Client;

async fn agents(desk: &Desk, count: usize, capacity: i32) -> Vec<i64> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(
            desk.one::<i64>(&format!(
                "with u as (insert into app.users (role, name, email, availability, capacity)
                            values ('agent', 'Agent {n}', 'agent{n}@desk.test', 'online', {capacity}) returning id),
                      m as (insert into app.memberships (team_id, user_id) select t.id, u.id from app.teams t, u where t.name = 'billing')
                 select id from u"
            ))
            .await,
        );
    }
    ids
}

async fn open_of(desk: &Desk, user: i64) -> (i32, i32) {
    let row = desk
        .sql()
        .query_one(
            "select open, load from app.agent_loads where user_id = $1",
            &[&user],
        )
        .await
        .expect("books");
    (row.get(0), row.get(1))
}

async fn connect(url: &str) -> Client {
    autocrm_api::db::connect(url).await.expect("connects")
}

const INSERT: &str = "insert into app.tickets (subject, requester_id, team_id, external_id)
  select 'x', u.id, t.id, 'key' from app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing'";

#[tokio::test]
async fn two_thousand_reads_of_an_analyst_take_no_transaction_id() {
    let desk = Desk::open().await;
    agents(&desk, 2, 5).await;
    desk.ticket("x", "billing").await;
    desk.run("insert into app.tags (name) values ('one')").await;
    let ann = desk.analyst(Some("billing")).await;
    for sql in [
        "select count(*) from app.tickets",
        "select count(*) from app.messages",
        "select autocrm.actor_id(), autocrm.actor_team_ids(), autocrm.actor_sees_all()",
        "select autocrm.tag_names('{1}')",
        "select autocrm.explain_routing(id) from app.tickets",
        "select autocrm.matching_rules(id) from app.tickets",
        "select autocrm.holds(id, '{\"field\": \"status\", \"op\": \"is\", \"value\": \"open\"}') from app.tickets",
        "select count(*) from reporting.tickets",
    ] {
        ann.batch_execute("begin").await.expect("begins");
        for _ in 0..250 {
            ann.batch_execute(sql).await.expect(sql);
        }
        let taken: Option<String> = ann
            .query_one("select pg_current_xact_id_if_assigned()::text", &[])
            .await
            .expect("reads")
            .get(0);
        assert_eq!(taken, None, "{sql}");
        ann.batch_execute("commit").await.expect("ends");
    }
}

#[tokio::test]
async fn a_read_sees_what_its_own_transaction_wrote() {
    let desk = Desk::open().await;
    desk.run("begin; insert into app.teams (name) values ('fresh')")
        .await;
    let ticket = desk.ticket("x", "fresh").await;
    let explained: String = desk
        .one(&format!(
            "select autocrm.explain_routing({ticket}) ->> 'decisions'"
        ))
        .await;
    assert!(explained.contains("rules_tried"), "{explained}");
    desk.run("rollback").await;
}

#[tokio::test]
async fn a_place_is_not_taken_by_a_row_that_was_never_written() {
    let desk = Desk::open().await;
    let ada = agents(&desk, 1, 5).await[0];
    desk.run(INSERT).await;
    assert_eq!(open_of(&desk, ada).await, (1, 100));

    // The same key within one statement: only one of the three is written.
    desk.run(
        "insert into app.tickets (subject, requester_id, team_id, external_id)
         select 'x', u.id, t.id, 'other' from app.users u, app.teams t, generate_series(1, 3)
          where u.email = 'cleo@customer.test' and t.name = 'billing' on conflict do nothing",
    )
    .await;
    assert_eq!(open_of(&desk, ada).await, (2, 200));

    // An id that is there already; nobody could know before the row is tried.
    desk.run(
        "insert into app.tickets (id, subject, requester_id, team_id) overriding system value
         select min(k.id), 'x', min(u.id), min(t.id) from app.tickets k, app.users u, app.teams t
          where u.email = 'cleo@customer.test' and t.name = 'billing' on conflict do nothing",
    )
    .await;
    assert_eq!(open_of(&desk, ada).await, (2, 200));

    // Two transactions that meet at the key.
    let (one, two) = (
        connect(&desk.admin_url()).await,
        connect(&desk.admin_url()).await,
    );
    let sql = format!(
        "{} on conflict do nothing",
        INSERT.replace("'key'", "'met'")
    );
    one.batch_execute(&format!("begin; {sql}"))
        .await
        .expect("first");
    let second = tokio::spawn(async move { two.batch_execute(&sql).await });
    desk.blocked(1).await;
    one.batch_execute("commit").await.expect("commits");
    second.await.expect("ends").expect("meets a conflict");
    assert_eq!(open_of(&desk, ada).await, (3, 300));

    // A trigger of somebody's own that leaves the row out.
    desk.run(
        "create function public.leave_out() returns trigger language plpgsql as 'begin return null; end';
         create trigger zzz before insert on app.tickets for each row when (new.subject = 'none') execute function public.leave_out()",
    )
    .await;
    desk.run(&INSERT.replace("'x'", "'none'").replace("'key'", "null"))
        .await;
    assert_eq!(open_of(&desk, ada).await, (3, 300));
    assert_eq!(desk.one::<i64>("select autocrm.check_loads()").await, 0);
    assert_eq!(desk.one::<i64>("select autocrm.recount_loads()").await, 0);
}

#[tokio::test]
async fn what_a_savepoint_took_back_is_counted_neither_then_nor_later() {
    let desk = Desk::open().await;
    let ada = agents(&desk, 1, 5).await[0];
    let plain = INSERT.replace("'key'", "null");
    desk.run("begin").await;
    for _ in 0..3 {
        desk.run(&format!("savepoint s; {plain}; rollback to s"))
            .await;
    }
    // One that failed after its place was taken, and the same id again.
    let named = "insert into app.tickets (id, subject, requester_id, team_id, type) overriding system value
                 select 77, 'x', u.id, t.id, %s from app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing'";
    desk.run("savepoint s").await;
    let failed = desk
        .sql()
        .batch_execute(&format!(
            "{}; select 1 / 0",
            named.replace("%s", "'question'")
        ))
        .await;
    assert!(failed.is_err());
    desk.run("rollback to s").await;
    desk.run(&named.replace("%s", "'question'")).await;
    desk.run("commit").await;
    assert_eq!(open_of(&desk, ada).await, (1, 100));
    assert_eq!(desk.one::<i64>("select autocrm.check_loads()").await, 0);
}

#[tokio::test]
async fn a_statement_of_many_rows_shares_them_out_and_fills_nobody_above_capacity() {
    let desk = Desk::open().await;
    let all = agents(&desk, 4, 3).await;
    desk.run(
        "insert into app.tickets (subject, requester_id, team_id)
         select 'x', u.id, t.id from app.users u, app.teams t, generate_series(1, 20) where u.email = 'cleo@customer.test' and t.name = 'billing'",
    )
    .await;
    for user in &all {
        assert_eq!(open_of(&desk, *user).await, (3, 300));
    }
    // Solving all at once brings in what waits, as far as there is room again.
    desk.run("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where assignee_id is not null").await;
    assert_eq!(
        desk.one::<i64>("select count(*) from app.waiting").await,
        0,
        "eight waited, twelve places came free"
    );
    assert_eq!(desk.one::<i64>("select autocrm.check_loads()").await, 0);
}

#[tokio::test]
async fn counts_that_differ_are_told_as_a_defect_and_put_right() {
    let desk = Desk::open().await;
    let ada = agents(&desk, 1, 5).await[0];
    desk.ticket("x", "billing").await;
    desk.run(&format!(
        "update app.agent_loads set open = 3, load = 300 where user_id = {ada}"
    ))
    .await;

    let answer: String = desk.one("select worker.maintain()::text").await;

    assert!(
        answer.contains("\"books_corrected\" : 1") || answer.contains("\"books_corrected\":1"),
        "{answer}"
    );
    assert_eq!(open_of(&desk, ada).await, (1, 100));
    let told: String = desk
        .one(&format!(
            "select changes::text from app.audit_log where table_name = 'agent_loads' and row_key = '{ada}'"
        ))
        .await;
    assert_eq!(told, r#"{"load": [300, 100], "open": [3, 1]}"#);
    assert_eq!(
        desk.one::<i64>("select worker.maintain('books')").await,
        0,
        "and it stays right"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_on_disjoint_tickets_of_the_same_agents_do_not_deadlock() {
    let desk = Desk::open().await;
    let all = agents(&desk, 6, 1_000).await;
    desk.run("update app.teams set balancing = 'none'").await;
    // Eight sessions, each with its own twelve tickets, two of each agent.
    desk.run(
        "insert into app.tickets (subject, requester_id, team_id, assignee_id)
         select 's' || s, c.id, t.id, a.id
           from app.users c, app.teams t, app.users a, generate_series(1, 8) s, generate_series(1, 2)
          where c.email = 'cleo@customer.test' and t.name = 'billing' and a.role = 'agent'",
    )
    .await;
    let failed = Arc::new(AtomicUsize::new(0));
    let mut sessions = Vec::new();
    for session in 1..=8 {
        let (url, failed) = (desk.admin_url(), Arc::clone(&failed));
        let first = all[0];
        sessions.push(tokio::spawn(async move {
            let client = connect(&url).await;
            for round in 0..40 {
                // Rows come in another order in each session and round, and change hands crosswise.
                let order = if (session + round) % 2 == 0 { "asc" } else { "desc" };
                let sql = format!(
                    "with x as (select id, assignee_id from app.tickets where subject = 's{session}' order by assignee_id {order}, id for no key update)
                     update app.tickets t set assignee_id = {first} + (x.assignee_id - {first} + {round} % 5 + 1) % 6 from x where x.id = t.id"
                );
                if let Err(error) = client.batch_execute(&sql).await {
                    eprintln!("{error:?}");
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }));
    }
    for session in sessions {
        session.await.expect("ends");
    }
    assert_eq!(failed.load(Ordering::Relaxed), 0, "deadlocks");
    assert_eq!(desk.one::<i64>("select autocrm.check_loads()").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_about_the_same_agents_do_not_deadlock_either() {
    let desk = Desk::open().await;
    agents(&desk, 6, 10).await;
    desk.run("insert into app.skills (name) values ('german')")
        .await;
    let failed = Arc::new(AtomicUsize::new(0));
    let mut sessions = Vec::new();
    for session in 0..4 {
        let (url, failed) = (desk.admin_url(), Arc::clone(&failed));
        sessions.push(tokio::spawn(async move {
            let client = connect(&url).await;
            for round in 0..25 {
                let order = if round % 2 == 0 { "asc" } else { "desc" };
                let sql = match session {
                    0 => format!("insert into app.agent_skills (user_id, skill_id, level) select id, 1, 3 from app.users where role = 'agent' order by id {order} on conflict do nothing"),
                    1 => "delete from app.agent_skills where skill_id = 1".to_owned(),
                    2 => format!("insert into app.memberships (team_id, user_id) select t.id, u.id from app.teams t, app.users u where t.name = 'tech' and u.role = 'agent' order by u.id {order} on conflict do nothing"),
                    _ => "delete from app.memberships where team_id = (select id from app.teams where name = 'tech')".to_owned(),
                };
                if let Err(error) = client.batch_execute(&sql).await {
                    eprintln!("{sql}: {error:?}");
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }));
    }
    for session in sessions {
        session.await.expect("ends");
    }
    assert_eq!(failed.load(Ordering::Relaxed), 0, "deadlocks");
}

#[tokio::test]
async fn after_a_repeatable_read_transaction_a_backend_chooses_those_who_learned_meanwhile() {
    let desk = Desk::open().await;
    let ada = agents(&desk, 1, 5).await[0];
    desk.run("insert into app.skills (name) values ('german')")
        .await;
    let pooled = connect(&desk.admin_url()).await;
    let routed = "insert into app.tickets (subject, requester_id, team_id, required_skills)
                  select 'x', u.id, t.id, jsonb_build_object(s.id, 3) from app.users u, app.teams t, app.skills s
                   where u.email = 'cleo@customer.test' and t.name = 'billing' and s.name = 'german' returning assignee_id";
    let given = async |client: &Client| -> Option<i64> {
        client.query_one(routed, &[]).await.expect("routes").get(0)
    };
    for isolation in ["repeatable read", "serializable"] {
        pooled
            .batch_execute(&format!("begin isolation level {isolation}"))
            .await
            .expect("begins");
        let early: i64 = pooled
            .query_one("select count(*) from app.agent_skills", &[])
            .await
            .expect("a snapshot")
            .get(0);
        assert_eq!(early, 0);
        desk.run(&format!(
            "insert into app.agent_skills (user_id, skill_id, level) select {ada}, id, 4 from app.skills"
        ))
        .await;
        // It asks who has the skill, and sees the desk as it was.
        let _ = pooled.query(routed, &[]).await;
        pooled.batch_execute("rollback").await.expect("ends");
        assert_eq!(given(&pooled).await, Some(ada), "after {isolation}");
        desk.run("delete from app.agent_skills").await;
        assert_eq!(given(&pooled).await, None, "after {isolation}");
    }
}

#[tokio::test]
async fn every_isolation_level_sees_its_own_configuration() {
    let desk = Desk::open().await;
    let client = connect(&desk.admin_url()).await;
    let valid = "select autocrm.validate_fields('{\"late\": \"x\"}', 'update') = '{}'";
    let ask = async |sql: &str| -> bool { client.query_one(sql, &[]).await.expect(sql).get(0) };
    assert!(!ask(valid).await);
    client
        .batch_execute("begin isolation level repeatable read; select 1 from app.teams")
        .await
        .expect("begins");
    desk.run("insert into app.custom_fields (key, label, type) values ('late', 'Late', 'text')")
        .await;
    assert!(!ask(valid).await, "not in a snapshot from before");
    assert!(!ask(valid).await);
    client.batch_execute("commit").await.expect("ends");
    assert!(ask(valid).await, "but in the next");
    client
        .batch_execute("begin isolation level serializable")
        .await
        .expect("begins");
    assert!(ask(valid).await);
    // What it changes itself it sees, and nobody once it is taken back.
    client
        .batch_execute(
            "savepoint s; update app.custom_fields set active = false where key = 'late'",
        )
        .await
        .expect("changes");
    assert!(!ask(valid).await);
    client
        .batch_execute("rollback to s")
        .await
        .expect("takes back");
    assert!(ask(valid).await);
    client.batch_execute("rollback").await.expect("ends");
    assert!(ask(valid).await);
}

/// Every kind of configuration that a backend keeps: a question that asks it, its answer, and what changes the answer.
#[tokio::test]
async fn what_is_kept_of_each_table_is_that_of_the_snapshot() {
    let desk = Desk::open().await;
    desk.run(
        r#"insert into app.schedules (name, time_zone, weekly) values ('Always', 'UTC', '[{"day": "mon", "from": "00:00", "to": "24:00"}]');
           insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
           insert into app.routing_rules (name, conditions, actions) values ('Always', '{"all": []}', '[{"set": "priority", "value": "low"}]')"#,
    )
    .await;
    let ticket = desk.ticket("x", "billing").await;
    let holds = |field: &str, value: &str| {
        format!(
            r#"select autocrm.holds({ticket}, '{{"field": "{field}", "op": "is", "value": "{value}"}}')::text"#
        )
    };
    let monday = "timestamptz '2026-11-23 12:00:00+00'";
    for (question, change) in [
        (
            format!("select autocrm.is_open(1, {monday})::text"),
            "update app.schedules set weekly = '[{\"day\": \"tue\", \"from\": \"00:00\", \"to\": \"24:00\"}]'",
        ),
        (
            format!("select autocrm.matching_rules({ticket})::text"),
            "update app.routing_rules set enabled = false",
        ),
        (holds("team", "billing"), "update app.teams set name = 'Money' where name = 'billing'"),
        (holds("status", "new"), "update app.statuses set key = 'fresh' where key = 'new'"),
        (
            "select autocrm.validate_record(1, '{\"serial\": 5}')::text".to_owned(),
            "insert into app.object_fields (object_type_id, key, label, type) values (1, 'serial', 'Serial', 'integer') on conflict do nothing",
        ),
        (
            r#"select autocrm.condition_sql('{"field": "priority", "op": "greater", "value": "low"}')"#.to_owned(),
            "update app.priorities set weight = weight + 1000 where key = 'low'",
        ),
    ] {
        for level in ["repeatable read", "serializable"] {
            let client = connect(&desk.admin_url()).await;
            let ask = async || -> String {
                client
                    .query_one(&question, &[])
                    .await
                    .map_or_else(|error| format!("{error:?}"), |row| row.get::<_, Option<String>>(0).unwrap_or_default())
            };
            let before = ask().await;
            client
                .batch_execute(&format!("begin isolation level {level}; select 1 from app.teams"))
                .await
                .expect("begins");
            desk.run(change).await;
            assert_eq!(ask().await, before, "{level}: {question} in the snapshot");
            client.batch_execute("commit").await.expect("ends");
            let after = ask().await;
            if level == "repeatable read" {
                assert_ne!(after, before, "{change} changes {question}");
            }
            let fresh: String = desk.one(&question).await;
            assert_eq!(after, fresh, "{level}: {question} afterwards");
        }
    }
}

#[tokio::test]
async fn repeatable_read_is_about_as_fast_as_read_committed() {
    let desk = Desk::open().await;
    let client = connect(&desk.admin_url()).await;
    let valid = "select autocrm.validate_fields('{}', 'update')";
    let mut took = Vec::new();
    for isolation in ["read committed", "repeatable read"] {
        client.batch_execute(valid).await.expect("reads");
        let began = std::time::Instant::now();
        for _ in 0..20 {
            client
                .batch_execute(&format!("begin isolation level {isolation}; {valid}; {valid}; {valid}; {valid}; {valid}; commit"))
                .await
                .expect("reads");
        }
        took.push(began.elapsed());
    }
    assert!(took[1] < took[0] * 5, "{took:?}");
}

#[tokio::test]
async fn a_stranger_with_a_lock_keeps_nobody_from_sealing() {
    let desk = Desk::open().await;
    let ann = desk.analyst(None).await;
    // Whatever of this they may: the seal needs none of it.
    for lock in [
        "select pg_advisory_lock(hashtext('autocrm.seal_audit'))",
        "begin; lock table app.audit_seals in access share mode",
    ] {
        let _ = ann.batch_execute(lock).await;
    }
    desk.ticket("x", "billing").await;
    desk.run("set statement_timeout = '20s'").await;
    desk.outlive_transactions().await;
    assert!(desk.one::<i64>("select worker.maintain('audit')").await > 0);
}

#[tokio::test]
async fn who_seals_at_the_same_time_is_not_waited_for() {
    let desk = Desk::open().await;
    let other = connect(&desk.admin_url()).await;
    other
        .batch_execute("begin; select autocrm.seal_audit()")
        .await
        .expect("seals");
    desk.run("set statement_timeout = '10s'").await;
    assert_eq!(desk.one::<i64>("select autocrm.seal_audit()").await, 0);
}

#[tokio::test]
async fn no_step_of_maintenance_but_its_own_holds_an_agents_books() {
    let desk = Desk::open().await;
    let ada = agents(&desk, 1, 5).await[0];
    let other = connect(&desk.admin_url()).await;
    for step in [
        "partitions",
        "idempotency_keys",
        "log_in_attempts",
        "tag_counts",
        "ticket_counts",
        "notifications",
        "audit",
        "trash",
    ] {
        other
            .batch_execute(&format!("begin; select worker.maintain('{step}')"))
            .await
            .expect(step);
        desk.run(&format!(
            "select from app.agent_loads where user_id = {ada} for update nowait"
        ))
        .await;
        other.batch_execute("commit").await.expect("ends");
    }
}

#[tokio::test]
async fn verifying_a_long_history_can_be_ended_at_any_moment() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.audit_log (at, action, table_name, row_key, changes)
         select now(), 'update', 'tickets', n::text, jsonb_build_object('subject', jsonb_build_array(n, repeat('x', 300))) from generate_series(1, 60000) n",
    )
    .await;
    desk.outlive_transactions().await;
    let mut sealed = 0;
    while sealed < 60_000 {
        let more = desk.one::<i64>("select autocrm.seal_audit()").await;
        assert!(more > 0, "{sealed} rows are sealed, and no more");
        sealed += more;
    }
    let error = desk
        .sql()
        .batch_execute(
            "set statement_timeout = '50ms'; select count(*) from autocrm.verify_audit()",
        )
        .await
        .expect_err("is ended");
    assert_eq!(
        error.code().map(tokio_postgres::error::SqlState::code),
        Some("57014")
    );
    desk.run("set statement_timeout = 0").await;
    assert_eq!(
        desk.one::<i64>("select count(*) from autocrm.verify_audit() where not ok")
            .await,
        0
    );
}

#[tokio::test]
async fn the_events_of_a_ticket_have_their_ids_in_the_order_of_their_commits() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let reply = |ticket: i64, words: &str| {
        format!(
            "insert into app.messages (ticket_id, kind, author_id, body_text) values ({ticket}, 'reply', {}, '{words}')",
            ada.id
        )
    };
    let cc = |ticket: i64| {
        format!(
            "insert into app.followers (ticket_id, user_id, kind) select {ticket}, id, 'cc' from app.users where email = 'cleo@customer.test'"
        )
    };
    // Each waits alone: of two that wait for one row, Postgres does not say who is next.
    for what in ["late", "cc.added"] {
        let ticket = desk.ticket("Two at once", "billing").await;
        let late = if what == "late" {
            reply(ticket, what)
        } else {
            cc(ticket)
        };
        let first = connect(&desk.admin_url()).await;
        first
            .batch_execute(&format!(
                "begin; update app.tickets set priority_id = (select id from app.priorities where key = 'high') where id = {ticket}"
            ))
            .await
            .expect("holds the ticket");
        let other = connect(&desk.admin_url()).await;
        let waiting = tokio::spawn(async move { other.batch_execute(&late).await });
        desk.blocked(1).await;
        first
            .batch_execute(&format!("{}; commit", reply(ticket, "early")))
            .await
            .expect("commits");
        waiting.await.expect("runs").expect("commits later");
        // A reader that has come to an event knows that all before it are there.
        let order: Vec<String> = desk
            .one(&format!(
                "select array_agg(coalesce(m.body_text, e.name) order by e.id)
                   from app.events e left join app.messages m on m.id = e.message_id
                  where e.ticket_id = {ticket} and (m.kind = 'reply' and e.name = 'message.created' or e.name = 'cc.added')"
            ))
            .await;
        assert_eq!(order, ["early", what]);
    }
}
