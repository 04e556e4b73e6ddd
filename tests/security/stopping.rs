//! People at SQL prompts try to stop the desk: with locks, notices, savepoints, memory, open transactions and
//! connections, while a customer writes and an agent watches.

use autocrm_api::work::watchdog;
use futures_util::{SinkExt, StreamExt};
use harness::desk::{Desk, Person};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_postgres::Client;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

async fn code(client: &Client, sql: &str) -> String {
    match client.batch_execute(sql).await {
        Ok(()) => "done".into(),
        Err(error) => error
            .code()
            .map_or_else(|| error.to_string(), |code| code.code().to_owned()),
    }
}

#[tokio::test]
async fn locks_notices_and_the_servers_memory_are_nobodys_at_a_prompt() {
    let desk = Desk::open().await;
    let analyst = desk.analyst(None).await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    let admin = desk.at_prompt("admin", None).await;
    for (who, person) in [("analyst", &analyst), ("agent", &agent), ("admin", &admin)] {
        for attempt in [
            "select pg_advisory_lock(hashtext('autocrm.seal_audit'))",
            "select pg_try_advisory_lock(1)",
            "select pg_advisory_xact_lock_shared(1, 2)",
            "do $$ begin perform pg_advisory_lock(g) from generate_series(1, 12900) g; end $$",
            "select lo_create(0)",
            "select lo_from_bytea(0, 'x')",
            "select pg_notify('autocrm_events', '')",
            "select pg_export_snapshot()",
            "select currtid2('app.tickets', '(0,1)')",
            "select pg_logical_emit_message(true, 'x', 'y')",
            "select pg_current_xact_id()",
            "select txid_current()",
            "notify autocrm_presence, 'x'",
            "do $$ begin execute 'notify autocrm_events'; end $$",
            "listen autocrm_presence",
            "lock table app.tickets",
            "lock table app.tickets in access share mode",
            "begin; prepare transaction 'x'",
            "create temporary table x (id int)",
            "create table public.x (id int)",
            "create schema x",
            "vacuum",
            "analyze app.tickets",
            "checkpoint",
            "load 'auto_explain'",
            "reindex table app.tickets",
            "cluster",
            "comment on table app.tickets is 'x'",
            "security label on table app.tickets is 'x'",
            "set work_mem = '2GB'",
            "set temp_buffers = '2GB'",
            "select set_config('work_mem', '2000000', false)",
            "select set_config('hash_mem_multiplier', '1000', true)",
            "do $$ begin perform set_config('work_mem', '2GB', false); end $$",
            "set max_parallel_workers_per_gather = 8",
            "select ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')",
            "select from app.users for update",
            "select from app.tickets t join app.organizations o on o.id = t.organization_id for update of o",
            "with locked as (select id from app.tags for update) select count(*) from locked",
            "select from app.object_records for update",
            "set temp_file_limit = -1",
            "set session authorization autocrm_api",
            "alter role current_user set statement_timeout = 0",
            "alter role current_user connection limit -1",
            "alter system set work_mem = '1GB'",
            "refresh materialized view x",
            "copy app.tickets to program 'true'",
            "select query_to_xml('select 1', true, true, '')",
            "select table_to_xml('app.tags', true, true, '')",
            "select pg_logical_emit_message(true, 'x', 'y')",
            "select from app.object_records for update",
            "set join_collapse_limit = 100",
            "set geqo = off",
            "select '((0,0),(1,1))'::path ?# '((0,0),(1,1))'::path",
        ] {
            let answer = code(person, attempt).await;
            let _ = person.batch_execute("rollback").await;
            assert!(
                ["TK403", "42501"].contains(&answer.as_str()),
                "{who}: {attempt}: {answer}"
            );
        }
        for work in [
            "begin; savepoint a; select 1; rollback to a; commit",
            "begin isolation level repeatable read read only; declare c cursor for select from app.tickets; fetch 1 from c; close c; commit",
            "prepare p as select 1; execute p; deallocate p; discard plans",
            "set search_path = app; set timezone = 'Europe/Berlin'; show timezone; reset search_path; reset timezone",
            "set statement_timeout = '1s'; reset statement_timeout",
            "select set_config('work_mem', '8MB', true), set_config('bytea_output', 'hex', false)",
            "set work_mem = '32MB'; reset work_mem; set hash_mem_multiplier = 1.5; reset hash_mem_multiplier",
            "set join_collapse_limit = 12; reset join_collapse_limit",
            "set max_parallel_workers_per_gather = 1; reset max_parallel_workers_per_gather",
            "alter role current_user password 'another-password'",
        ] {
            assert_eq!(code(person, work).await, "done", "{who}: {work}");
        }
    }
}

#[tokio::test]
async fn savepoints_inside_each_other_end_before_the_servers_locks_do() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("Own", "billing").await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    agent.batch_execute("begin").await.expect("begins");
    let mut answer = String::new();
    for round in 0..1000 {
        answer = code(
            &agent,
            &format!(
                "savepoint s; update app.tickets set subject = 'x{round}' where id = {ticket}"
            ),
        )
        .await;
        if answer != "done" {
            assert!(round > 20, "a few are everybody's");
            break;
        }
    }
    assert_eq!(answer, "TK403");
}

#[tokio::test]
async fn blocks_with_exception_inside_each_other_end_there_too() {
    let desk = Desk::open().await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    let levels = 100;
    let mut block = String::from("null;");
    for level in 0..levels {
        block = format!(
            "begin insert into app.tags (name) values ('level-{level}'); {block} exception when division_by_zero then null; end;"
        );
    }
    assert_eq!(
        code(&agent, &format!("do $$ begin {block} end $$")).await,
        "TK403"
    );
    let kept: i64 = desk
        .one("select count(*) from app.tags where name like 'level-%'")
        .await;
    assert_eq!(kept, 0);
}

/// What people RAISE is for them alone, and no statement of theirs is repeated in the log when it is long.
#[tokio::test]
async fn nobody_at_a_prompt_fills_the_servers_log() {
    let desk = Desk::open().await;
    let analyst = desk.analyst(None).await;
    let mark = format!("mark-{}", desk.database);
    let long = "x".repeat(20_000);
    for attempt in [
        format!("do $$ begin raise log '{mark} log'; raise warning '{mark} warning'; end $$"),
        format!("select '{mark} {long}' || 1 / 0"),
        format!("select '{mark} {long}'::integer"),
    ] {
        code(&analyst, &attempt).await;
    }
    code(&analyst, &format!("select '{mark} short'::integer")).await;
    let logged: Vec<String> = desk
        .one(&format!(
            "select array(select line from pg_stat_file('server.log') f,
               lateral regexp_split_to_table(pg_read_file('server.log', greatest(f.size - 4000000, 0), 4000000), '\n') line
              where line like '%{mark}%')"
        ))
        .await;
    assert!(
        logged.iter().all(|line| line.contains("short")) && !logged.is_empty(),
        "{logged:?}"
    );
}

#[tokio::test]
async fn in_other_databases_of_the_server_nobody_of_the_desk_takes_its_locks_either() {
    let desk = Desk::open().await;
    drop(desk.analyst(None).await);
    let elsewhere = desk
        .log_in_to(&format!("ann_{}", desk.database), "postgres")
        .await;
    for attempt in [
        "select pg_advisory_lock(1)",
        "select lo_create(0)",
        "notify x",
        "explain select 1",
        "create temporary table x (id int)",
        "select * from pg_stat_activity",
        "select set_config('work_mem', '2GB', false)",
        "select pg_current_xact_id()",
        "select query_to_xml('select 1', true, true, '')",
        "select pg_logical_emit_message(true, 'x', 'y')",
        "select * from pg_locks",
    ] {
        assert_eq!(code(&elsewhere, attempt).await, "TK403", "{attempt}");
    }
    assert_eq!(code(&elsewhere, "select 1").await, "done");
}

/// What the desk's database takes from everybody, and whatever else of Postgres runs SQL from a text or dumps what it is
/// given the name of, is refused by the library wherever it is preloaded.
#[tokio::test]
async fn whatever_is_revoked_in_the_desks_database_is_refused_in_others() {
    let desk = Desk::open().await;
    drop(desk.analyst(None).await);
    let elsewhere = desk
        .log_in_to(&format!("ann_{}", desk.database), "postgres")
        .await;
    // Arguments come from a query: the planner would leave out a strict function of a constant NULL.
    let calls: Vec<String> = desk
        .one(
            "select array_agg(format('select pg_catalog.%I(%s)', p.proname,
                      (select string_agg(format('(select null::%s)', format_type(t, null)), ', ' order by n)
                         from unnest(p.proargtypes::oid[]) with ordinality a (t, n))))
               from pg_proc p
              where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f'
                and (p.proacl::text like '%autocrm_owner=X%'
                     or p.proargnames[1:p.pronargs] && '{query,cursor,tbl,schema,sql}'
                     or p.proname ~ '(to_xml|xmlschema)'
                     or p.prosrc in ('ts_stat1', 'ts_stat2', 'tsquery_rewrite_query'))",
        )
        .await;
    assert!(calls.len() > 100, "{}", calls.len());
    let here = desk.log_in(&format!("ann_{}", desk.database)).await;
    for (place, client) in [("postgres", &elsewhere), ("the desk", &here)] {
        let mut let_through = Vec::new();
        for call in &calls {
            if !["TK403", "42501"].contains(&code(client, call).await.as_str()) {
                let_through.push(call);
            }
        }
        assert_eq!(let_through, Vec::<&String>::new(), "{place}");
    }
}

#[tokio::test]
async fn memory_does_not_come_with_the_connection_either() {
    let desk = Desk::open().await;
    drop(desk.analyst(None).await);
    let login = format!("ann_{}", desk.database);
    for options in [
        "-c work_mem=2GB",
        "-c hash_mem_multiplier=1000",
        "-c max_parallel_workers_per_gather=64",
        "-c join_collapse_limit=100",
        "-c debug_print_plan=on",
    ] {
        assert!(
            desk.try_log_in_with(&login, options).await.is_err(),
            "{options}"
        );
    }
    drop(desk.log_in_with(&login, "-c work_mem=4MB").await);
    // What the operator gives a log-in is the operator's.
    desk.run(&format!("alter role {login} set work_mem = '1GB'"))
        .await;
    let person = desk.log_in(&login).await;
    assert_eq!(
        code(&person, "select 1; set search_path = app").await,
        "done"
    );
    desk.run(&format!("alter role {login} reset work_mem"))
        .await;
}

#[tokio::test]
async fn who_holds_every_agent_by_an_open_transaction_holds_up_no_customer() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("update app.users set availability = 'online', capacity = 100 where name = 'Ada'")
        .await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    agent
        .batch_execute("begin; insert into app.tickets (subject, requester_id, team_id) select 'x', 1, id from app.teams where name = 'billing'")
        .await
        .expect("writes and stays");
    let key = desk.key(&["tickets:write", "tickets:read"], None).await;
    let began = Instant::now();
    let mine = key
        .post("/api/tickets", json!({"subject": "Help", "requester": {"email": "c@c.test"}, "team_id": desk.one::<i64>("select id from app.teams where name = 'billing'").await}))
        .await;
    assert_eq!(mine.status(), 201);
    assert!(
        began.elapsed() < Duration::from_millis(500),
        "{:?}",
        began.elapsed()
    );
    let id = mine.json::<Value>().await.expect("a ticket")["id"].clone();
    agent.batch_execute("rollback").await.expect("gone");
    // It is found by the sweep.
    desk.run("select worker.maintain('waiting')").await;
    let assignee: Option<i64> = desk
        .one(&format!(
            "select assignee_id from app.tickets where id = {id}"
        ))
        .await;
    assert_eq!(assignee, Some(ada.id));
}

#[tokio::test]
async fn a_log_in_that_was_added_has_limits() {
    let desk = Desk::open().await;
    let login = format!("lim_{}", desk.database);
    for person in [
        vec!["--analyst", &login],
        vec![
            "--agent",
            "--email",
            "prompt@desk.test",
            "--login",
            &format!("{login}_agent"),
        ],
        vec![
            "--admin",
            "--email",
            "root@desk.test",
            "--login",
            &format!("{login}_admin"),
        ],
    ] {
        harness::shell::output(
            harness::binary()
                .args(["user", "add", "--password", "long-enough"])
                .args(&person)
                .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url()),
        )
        .expect("added");
    }
    for (role, name) in [
        ("analyst", login.clone()),
        ("agent", format!("{login}_agent")),
        ("admin", format!("{login}_admin")),
    ] {
        let mut connections = Vec::new();
        for _ in 0..5 {
            connections.push(desk.log_in(&name).await);
        }
        assert!(
            desk.try_log_in(&name).await.is_err(),
            "{name}: a sixth connection"
        );
        let first = &connections[0];
        let who: String = first
            .query_one("select autocrm.actor_role()", &[])
            .await
            .expect("somebody")
            .get(0);
        assert_eq!(who, role);
        for (setting, value) in [
            ("statement_timeout", "5min"),
            ("idle_in_transaction_session_timeout", "1min"),
            ("temp_file_limit", "1GB"),
            ("work_mem", "16MB"),
        ] {
            let is: String = first
                .query_one(&format!("show {setting}"), &[])
                .await
                .expect("shown")
                .get(0);
            assert_eq!(is, value, "{name}: {setting}");
        }
        first
            .batch_execute("set statement_timeout = 0")
            .await
            .expect("the watchdog looks after it");
        if role == "analyst" {
            assert_eq!(
                code(first, "select max(length(r)) from (select md5(g::text) as m, repeat('x', 500) as r from generate_series(1, 4000000) g order by m) x").await,
                "53400",
                "temporary files have an end"
            );
        }
        drop(connections);
    }
}

#[tokio::test]
async fn the_watchdog_ends_whoever_stands_too_long() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("Own", "billing").await;
    let root = desk.admin().await;
    let limits = json!({"prompt_statement_seconds": 1, "prompt_idle_seconds": 2, "prompt_write_seconds": 1, "prompt_transaction_seconds": 30});
    assert_eq!(
        root.patch("/api/settings", limits, None).await.status(),
        200
    );
    for wrong in [json!(0), json!(86_401), json!("x"), Value::Null] {
        assert_eq!(
            root.patch("/api/settings", json!({"prompt_idle_seconds": wrong}), None)
                .await
                .status(),
            422
        );
    }
    let pool = autocrm_api::db::pool(&desk.config).expect("a pool");
    // The API's own are left alone.
    let api = desk.log_in("autocrm_api").await;
    api.batch_execute("begin").await.expect("begins");
    let analyst = desk.analyst(None).await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    let login = format!("ann_{}", desk.database);
    let (sleeper, worker) = (desk.log_in(&login).await, desk.log_in(&login).await);
    for person in [&analyst, &agent, &sleeper, &worker] {
        person
            .batch_execute("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
            .await
            .expect("anybody may");
    }
    analyst
        .batch_execute("begin; select 1")
        .await
        .expect("idle");
    agent
        .batch_execute(&format!(
            "begin; update app.tickets set subject = 'x' where id = {ticket}"
        ))
        .await
        .expect("writes");
    let statement = tokio::spawn(async move { code(&sleeper, "select pg_sleep(60)").await });
    let function_call = tokio::spawn(sleep_by_function_call(desk.database.clone(), login));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        watchdog::once(&pool).await.expect("a round"),
        json!([]),
        "nobody is over yet"
    );

    let began = Instant::now();
    let mut reasons = Vec::new();
    while reasons.len() < 4 && began.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(200)).await;
        for ended in watchdog::once(&pool)
            .await
            .expect("a round")
            .as_array()
            .expect("a list")
        {
            reasons.push(ended["reason"].as_str().unwrap_or_default().to_owned());
        }
    }
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "idle transaction",
            "statement",
            "statement",
            "writing transaction"
        ]
    );
    function_call.await.expect("ends");
    assert_ne!(statement.await.expect("ends"), "done");
    for ended in [&analyst, &agent] {
        assert_ne!(code(ended, "select 1").await, "done");
    }
    assert_eq!(
        code(&worker, "select 1").await,
        "done",
        "who holds nothing is left alone"
    );
    assert_eq!(code(&api, "select 1").await, "done");
    assert_eq!(
        desk.one::<String>(&format!(
            "select subject from app.tickets where id = {ticket}"
        ))
        .await,
        "Own"
    );
}

/// Rounds of the watchdog until it has ended this many sessions, and for what.
async fn ended(desk: &Desk, sessions: usize) -> Vec<String> {
    let pool = autocrm_api::db::pool(&desk.config).expect("a pool");
    let began = Instant::now();
    let mut told = Vec::new();
    while told.len() < sessions && began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let round = watchdog::once(&pool).await.expect("a round");
        told.extend(round.as_array().expect("a list").clone());
        // One that takes its time to end is named again, as the same session.
        told.dedup_by(|later, first| later["session"] == first["session"]);
    }
    told.iter()
        .map(|one| one["reason"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_transaction_of_short_statements_has_an_end_too() {
    let desk = Desk::open().await;
    desk.run("update app.settings set prompt_transaction_seconds = 1")
        .await;
    let analyst = desk.analyst(None).await;
    analyst.batch_execute("begin").await.expect("begins");
    let busy = tokio::spawn(async move {
        loop {
            let answer = code(&analyst, "select 1").await;
            if answer != "done" {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert_eq!(ended(&desk, 1).await, ["transaction"]);
    assert_ne!(busy.await.expect("ends"), "done");
}

/// A statement without end costs the whole server, in whichever of its databases it runs.
#[tokio::test]
async fn the_watchdog_ends_what_runs_in_databases_without_a_desk_and_leaves_other_desks_alone() {
    let desk = Desk::open().await;
    let other = Desk::open().await;
    desk.run("update app.settings set prompt_statement_seconds = 1")
        .await;
    drop(desk.analyst(None).await);
    let login = format!("ann_{}", desk.database);
    let mut sleepers = Vec::new();
    for database in ["postgres", &other.database] {
        let client = desk.log_in_to(&login, database).await;
        client
            .batch_execute("set statement_timeout = 0")
            .await
            .expect("anybody may");
        let sleep = tokio::spawn(async move { code(&client, "select pg_sleep(3)").await });
        sleepers.push((database.to_owned(), sleep));
    }
    assert_eq!(ended(&desk, 1).await, ["statement"]);
    for (database, sleep) in sleepers {
        let answer = sleep.await.expect("an answer");
        assert_eq!(answer == "done", database == other.database, "{database}");
    }
}

#[tokio::test]
async fn an_open_update_of_what_tickets_refer_to_holds_up_no_new_ticket() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.organizations (name, external_id) values ('Umbrella', 'u-1');
         update app.users set organization_id = (select id from app.organizations) where email = 'cleo@customer.test'",
    )
    .await;
    let ada = desk.agent("Ada", "billing").await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    let admin = desk.at_prompt("admin", None).await;
    for (person, update) in [
        (&agent, "update app.users set external_id = external_id where role = 'customer'"),
        (&agent, "update app.organizations set external_id = external_id"),
        (
            &agent,
            "insert into app.users (role, name, email) select 'customer', 'x', email from app.users where role = 'customer'
             on conflict (lower(email)) do update set external_id = app.users.external_id where false",
        ),
        (&admin, "update app.statuses set key = key"),
        (&admin, "update app.priorities set key = key, weight = weight"),
    ] {
        person
            .batch_execute(&format!("begin; {update}"))
            .await
            .expect(update);
        let made = ada
            .post(
                "/api/tickets",
                json!({"subject": "Help", "description": "x", "requester": {"email": "cleo@customer.test"}}),
            )
            .await;
        assert_eq!(made.status(), 201, "{update}");
        person.batch_execute("rollback").await.expect("gone");
    }
}

#[tokio::test]
async fn whoever_holds_what_a_request_waits_for_is_ended_before_the_request_is_given_up() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let pool = autocrm_api::db::pool(&desk.config).expect("a pool");
    let bystander = desk.at_prompt("agent", Some("billing")).await;
    bystander
        .batch_execute("begin; insert into app.tags (name) values ('nobodys')")
        .await
        .expect("writes and stays");
    for (held, tag, email) in [
        (
            "insert into app.tags (name) values ('held')",
            "held",
            "cleo@customer.test",
        ),
        (
            "insert into app.users (role, name, email) values ('customer', 'x', 'held@customer.test')",
            "free",
            "held@customer.test",
        ),
    ] {
        let holder = desk.at_prompt("agent", Some("billing")).await;
        holder
            .batch_execute(&format!("begin; {held}"))
            .await
            .expect("writes and stays");
        let asked = json!({"subject": "Help", "description": "x", "tags": [tag], "requester": {"email": email}});
        let began = Instant::now();
        let sender = ada.clone();
        let request =
            tokio::spawn(async move { sender.post("/api/tickets", asked).await.status() });
        let mut ended = Vec::new();
        while !request.is_finished() {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let round = watchdog::once(&pool).await.expect("a round");
            ended.extend(round.as_array().expect("a list").clone());
        }
        let waited = began.elapsed();
        assert_eq!(request.await.expect("an answer"), 201, "{held}");
        assert!(
            waited > Duration::from_secs(2) && waited < Duration::from_secs(6),
            "{held}: {waited:?}"
        );
        // One that takes its time to end is named again, as the same session.
        ended.dedup_by(|later, first| later["session"] == first["session"]);
        assert_eq!(ended.len(), 1, "{held}: {ended:?}");
        assert_eq!(ended[0]["reason"], "blocking the API");
        assert_ne!(code(&holder, "select 1").await, "done", "{held}");
    }
    assert_eq!(
        code(&bystander, "select 1").await,
        "done",
        "nobody waits for this one"
    );
}

#[tokio::test]
async fn an_open_report_holds_no_message_up_while_a_month_is_due() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("Own", "billing").await;
    let analyst = desk.analyst(None).await;
    analyst
        .batch_execute("begin; declare c cursor for select * from app.messages; fetch 1 from c")
        .await
        .expect("a report");
    let due = |ahead: i32| format!("select app.ensure_partitions({ahead})");
    let there = "select count(*) from pg_inherits where inhparent = 'app.messages'::regclass";
    let before: i64 = desk.one(there).await;
    // Rounds of the worker, and writers beside them.
    let url = desk.admin_url();
    let rounds = tokio::spawn(async move {
        let worker = autocrm_api::db::connect(&url).await.expect("connects");
        for _ in 0..5 {
            worker.batch_execute(&due(9)).await.expect("a round");
        }
    });
    let ada = desk.agent("Ada", "billing").await;
    let mut longest = Duration::ZERO;
    while !rounds.is_finished() {
        let began = Instant::now();
        let sent = ada
            .post(
                &format!("/api/tickets/{ticket}/messages"),
                json!({"body_text": "x"}),
            )
            .await;
        assert_eq!(sent.status(), 201);
        assert_eq!(
            ada.get(&format!("/api/tickets/{ticket}/messages"))
                .await
                .status(),
            200
        );
        longest = longest.max(began.elapsed());
    }
    rounds.await.expect("rounds");
    assert!(longest < Duration::from_millis(800), "{longest:?}");
    assert_eq!(
        desk.one::<i64>(there).await,
        before,
        "set aside while the report runs"
    );

    analyst.batch_execute("commit").await.expect("ends");
    for _ in 0..50 {
        desk.run("select app.ensure_partitions(9)").await;
        if desk.one::<i64>(there).await == before + 6 {
            break;
        }
    }
    assert_eq!(desk.one::<i64>(there).await, before + 6);
    let unprotected: i64 = desk
        .one("select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'app.messages'::regclass and not c.relrowsecurity")
        .await;
    assert_eq!(unprotected, 0);
}

#[tokio::test]
async fn a_large_default_partition_is_checked_while_everybody_goes_on() {
    let desk = Desk::open().await;
    desk.ticket("Own", "billing").await;
    desk.run(
        "alter table app.messages disable trigger user;
         insert into app.messages (ticket_id, author_id, body_text, created_at)
         select 1, 1, repeat(md5(g::text), 20), '2001-01-01' from generate_series(1, 20000) g;
         alter table app.messages enable trigger user",
    )
    .await;
    let there = "select count(*) from pg_inherits where inhparent = 'app.messages'::regclass";
    let before: i64 = desk.one(there).await;
    for _ in 0..60 {
        desk.run("select app.ensure_partitions(4)").await;
    }
    assert_eq!(desk.one::<i64>(there).await, before + 1);
    let left: i64 = desk
        .one("select count(*) from pg_constraint where conname like '%is_elsewhere'")
        .await;
    assert_eq!(left, 0, "nothing stays behind");
}

/// Listens as an agent's screen does, and answers when each ticket was heard of.
async fn watch(desk: &Desk, person: &Person) -> impl AsyncFnMut(i64) -> Instant {
    let mut request = format!("{}/api/live", desk.address.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    let token = person.token.clone().expect("a token");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {token}").parse().expect("a header"),
    );
    let (mut socket, _) = connect_async(request).await.expect("connects");
    socket
        .send(Message::Text(
            json!({"type": "hello", "cursor": null}).to_string().into(),
        ))
        .await
        .expect("sends");
    async move |ticket: i64| loop {
        let message = tokio::time::timeout(Duration::from_secs(30), socket.next())
            .await
            .expect("in time")
            .expect("open")
            .expect("whole");
        if let Message::Text(text) = message {
            let heard: Value = serde_json::from_str(&text).expect("JSON");
            if heard["ticket_id"] == ticket || heard["ticket"]["id"] == ticket {
                return Instant::now();
            }
        }
    }
}

/// From the answer to a customer's request to the agent's screen: the time below which 99 of 100 lie.
async fn p99(customer: &Person, heard: &mut impl AsyncFnMut(i64) -> Instant) -> Duration {
    let mut times = Vec::new();
    for round in 0..100 {
        let made = customer
            .post(
                "/api/tickets",
                json!({"subject": format!("Ask {round}"), "description": "x", "requester": {"email": "cleo@customer.test"}}),
            )
            .await;
        assert_eq!(made.status(), 201, "the desk takes it");
        let answered = Instant::now();
        let made: Value = made.json().await.expect("JSON");
        let seen = heard(made["id"].as_i64().expect("an id")).await;
        times.push(seen.saturating_duration_since(answered));
    }
    times.sort_unstable();
    times[98]
}

#[tokio::test]
async fn a_change_reaches_the_screen_while_people_at_prompts_do_their_worst() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("Own", "billing").await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk
        .key(&["tickets:read", "tickets:write", "users:write"], None)
        .await;
    let mut heard = watch(&desk, &ada).await;
    let quiet = p99(&key, &mut heard).await;
    assert!(
        quiet <= Duration::from_millis(100),
        "a quiet desk: {quiet:?}"
    );

    drop(desk.analyst(None).await);
    let login = format!("ann_{}", desk.database);
    // As for those whom `autocrm user add` adds.
    desk.run(&format!(
        "alter role {login} connection limit 8; alter role {login} set temp_file_limit = '1GB'"
    ))
    .await;
    // Everything that is refused, over and over; an open report; some that work hard, one that fills the disk as far as
    // it may, and one that comes and goes, also past the last connection.
    let mut troubles = Vec::new();
    for trouble in [
        "select pg_advisory_lock(g) from generate_series(1, 20000) g",
        "notify autocrm_presence, 'forged'",
        "lock table app.messages",
        "select count(*) from app.tickets a, app.tickets b, app.messages c, generate_series(1, 100000)",
        "set work_mem = '64kB'; select max(length(r)) from (select md5(g::text) as m, repeat('x', 500) as r from generate_series(1, 4000000) g order by m) x",
    ] {
        let client = desk.log_in(&login).await;
        troubles.push(tokio::spawn(async move {
            loop {
                let _ = client.batch_execute(trouble).await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }));
    }
    let (url, name) = (desk.api_url(), login.clone());
    troubles.push(tokio::spawn(async move {
        let url = url.replace("user=autocrm_api", &format!("user={name}"));
        loop {
            let mut held = Vec::new();
            while let Ok(client) = autocrm_api::db::connect(&url).await {
                held.push(client);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }));
    let report = desk.log_in(&login).await;
    report
        .batch_execute("begin isolation level repeatable read; select count(*) from app.messages")
        .await
        .expect("an open report");
    let troubled = p99(&key, &mut heard).await;
    assert!(
        troubled <= Duration::from_millis(100),
        "beside readers: {troubled:?}"
    );

    // One who writes, and leaves it open: nobody waits for that either.
    let agent = desk.at_prompt("agent", Some("billing")).await;
    agent
        .batch_execute(&format!(
            "begin; update app.tickets set subject = 'x' where id = {ticket}"
        ))
        .await
        .expect("writes");
    let held = p99(&key, &mut heard).await;
    for trouble in troubles {
        trouble.abort();
    }
    assert!(
        held <= Duration::from_millis(100),
        "beside an open writer: {held:?}"
    );
}

/// `pg_sleep(60)` by the message FunctionCall of the protocol, which is no statement. Answers when the server closes.
async fn sleep_by_function_call(database: String, login: String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let cluster = harness::desk::cluster_address();
    let mut socket = tokio::net::UnixStream::connect(cluster)
        .await
        .expect("the server listens");
    let mut start = 196_608i32.to_be_bytes().to_vec();
    for text in ["user", &login, "database", &database, ""] {
        start.extend(text.as_bytes());
        start.push(0);
    }
    let mut message = i32::try_from(start.len() + 4)
        .expect("short")
        .to_be_bytes()
        .to_vec();
    message.extend(start);
    // pg_sleep is 2626; one argument in the binary format, and so the answer.
    message.push(b'F');
    let mut call = Vec::new();
    call.extend(2626i32.to_be_bytes());
    for word in [1i16, 1, 1] {
        call.extend(word.to_be_bytes());
    }
    call.extend(8i32.to_be_bytes());
    call.extend(60f64.to_be_bytes());
    call.extend(1i16.to_be_bytes());
    message.extend(i32::try_from(call.len() + 4).expect("short").to_be_bytes());
    message.extend(call);
    socket.write_all(&message).await.expect("sends");
    let mut told = Vec::new();
    let _ = socket.read_to_end(&mut told).await;
}
