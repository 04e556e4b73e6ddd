//! Every function of the desk, called with what nobody would mean, by everybody who may call it.

use autocrm_api::db::connect;
use harness::desk::Desk;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// Somebody with a connection, and what makes each of their transactions theirs.
pub struct Caller {
    pub name: &'static str,
    pub client: Client,
    pub identity: String,
}

/// A log-in of its own for somebody who works at a SQL prompt.
async fn prompt(desk: &Desk, role: &'static str) -> Caller {
    let login = format!("{role}_{}", desk.database);
    desk.run(&format!(
        "create role {login} login in role autocrm_{role};
         insert into app.users (role, name, pg_role, ticket_access) values ('{role}', 'At the prompt', '{login}', 'teams')"
    ))
    .await;
    Caller {
        name: role,
        client: desk.log_in(&login).await,
        identity: String::new(),
    }
}

/// Somebody whom the API speaks for.
pub async fn by_api(desk: &Desk, name: &'static str, role: &str, claims: &str) -> Caller {
    Caller {
        name,
        client: desk.log_in("autocrm_api").await,
        identity: format!(
            "select set_config('role', '{role}', true), set_config('request.jwt.claims', '{claims}', true);"
        ),
    }
}

async fn everybody(desk: &Desk) -> Vec<Caller> {
    let customer = desk.person("customer", "Cora", "teams").await.id;
    let session: String = desk
        .one(&format!(
            "select id::text from app.sessions where user_id = {customer}"
        ))
        .await;
    let key = desk
        .key(
            &[
                "tickets:read",
                "tickets:write",
                "users:read",
                "users:write",
                "notes:read",
            ],
            None,
        )
        .await;
    let hash = hex::encode(Sha256::digest(key.token.as_deref().unwrap_or_default()));
    vec![
        Caller {
            name: "analyst",
            client: desk.analyst(Some("billing")).await,
            identity: String::new(),
        },
        prompt(desk, "agent").await,
        prompt(desk, "admin").await,
        by_api(
            desk,
            "customer",
            "autocrm_customer",
            &format!(r#"{{"sub": "{customer}", "role": "customer", "sid": "{session}"}}"#),
        )
        .await,
        by_api(
            desk,
            "key",
            "autocrm_integration",
            &format!(r#"{{"key": "{hash}"}}"#),
        )
        .await,
    ]
}

/// Made once: to make them for every call would take longer than the calls.
const LARGE: &str = "
    create table public.large as
    select (select jsonb_build_object('all', jsonb_agg(jsonb_build_object('field', 'subject', 'op', 'contains', 'value', n::text)))
              from generate_series(1, 15000) n) as conditions,
           (select jsonb_object_agg('k' || n, n) from generate_series(1, 20000) n) as keys,
           (select jsonb_agg(null::int) from generate_series(1, 100000)) as nulls,
           array(select n from generate_series(1, 1000000) n)::bigint[] as ids,
           array_fill(null::bigint, array[1000000]) as no_ids,
           array(select n::text from generate_series(1, 150000) n) as words;
    grant usage on schema public to public;
    grant select on public.large to public";

const TEXTS: &[&str] = &[
    "null",
    "''",
    "repeat('<div>', 40000)",
    "repeat('<', 500000)",
    "repeat('x', 1000000)",
    "repeat('[', 100000)",
    "repeat('{{#if ticket.id}}', 1000)",
    "'''; select 1 -- \\'",
    "e'\\x01\\uFFFF\\u202E'",
    "repeat('a ', 200000)",
    "repeat('<p>ab &amp; </p>', 550000)",
    "'-9223372036854775809'",
    "'infinity'",
];
const JSONS: &[&str] = &[
    "null",
    "'null'",
    "'\"x\"'",
    "'[]'",
    "'{}'",
    "'1e400'",
    "(repeat('[', 2000) || repeat(']', 2000))::jsonb",
    "(repeat('{\"all\":[', 120) || repeat(']}', 120))::jsonb",
    "(select conditions from public.large)",
    "(select keys from public.large)",
    "'{\"limit\": 1e400, \"after\": \"e30\", \"sort\": null, \"q\": \"\\\\u0041\", \"ids\": [null], \"name\": [], \"conditions\": {\"field\": \"subject\", \"op\": \"matches\", \"value\": \"((((a+)+)+)+)+$\"}}'",
    "(select nulls from public.large)",
];
const NUMBERS: &[&str] = &[
    "null",
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "(-9223372036854775808)",
    "2147483648",
    "1000000",
];
const INTEGERS: &[&str] = &["null", "0", "-1", "1", "2147483647", "(-2147483648)"];
const FLOATS: &[&str] = &["null", "'NaN'", "'infinity'", "'-infinity'", "0", "1e300"];
const TIMES: &[&str] = &[
    "null",
    "now()",
    "'infinity'",
    "'-infinity'",
    "'294276-12-31 23:59:59+00'",
    "'4713-01-01 00:00:00+00 BC'",
    "'0001-01-01 00:00:00+00'",
    "'9998-12-31 00:00:00+00'",
];
const IDS: &[&str] = &[
    "null",
    "'{}'",
    "'{null}'",
    "'{{1,2},{3,null}}'",
    "'[-5:-3]={1,2,3}'",
    "(select ids from public.large)",
    "(select no_ids from public.large)",
];
const WORDS: &[&str] = &[
    "null",
    "'{}'",
    "'{null}'",
    "'{{a,b},{c,null}}'",
    "(select words from public.large)",
];

fn values(kind: &str) -> &'static [&'static str] {
    match kind {
        "text" | "character varying" | "bytea" | "name" => TEXTS,
        "jsonb" | "json" => JSONS,
        "bigint" | "numeric" => NUMBERS,
        "integer" | "smallint" => INTEGERS,
        "real" | "double precision" => FLOATS,
        "boolean" => &["null", "true", "false"],
        "timestamp with time zone" | "date" => TIMES,
        "bigint[]" | "integer[]" => IDS,
        "text[]" => WORDS,
        "regconfig" => &["null", "'simple'", "'english'"],
        "tsvector" => &[
            "null",
            "''",
            "'a:1A,16383'",
            "(select array_to_tsvector(words[:50000]) from public.large)",
        ],
        "xid8" => &["null", "'0'", "'1'", "'18446744073709551615'"],
        "pg_snapshot" => &["null", "'1:1:'", "'1:9223372036854775807:2,3'"],
        "app.tickets" => &[
            "null",
            "jsonb_populate_record(null::app.tickets, '{}')",
            "jsonb_populate_record(null::app.tickets, '{\"id\": 1, \"custom\": [], \"tag_ids\": [null], \"required_skills\": \"x\"}')",
            "jsonb_populate_record(null::app.tickets, '{\"id\": 9223372036854775807, \"custom\": {\"a\": 1e400}, \"team_id\": -1}')",
        ],
        "app.settings" => &["null", "jsonb_populate_record(null::app.settings, '{}')"],
        _ => &["null"],
    }
}

/// What most functions take as it is meant.
pub fn valid(kind: &str) -> &'static str {
    match kind {
        "text" | "character varying" | "name" => "'note'",
        "jsonb" | "json" => "'{}'",
        "boolean" => "true",
        "timestamp with time zone" | "date" => "now()",
        "bigint[]" | "integer[]" => "'{1}'",
        "text[]" => "'{note}'",
        "bigint" | "numeric" | "integer" | "smallint" | "real" | "double precision" => "1",
        _ => "null",
    }
}

/// `schema.name` and the types of what it takes.
struct Function {
    name: String,
    types: Vec<String>,
}

impl Function {
    /// Every argument hostile, then each by itself beside valid ones: a check of the first must not hide the others.
    fn calls(&self) -> Vec<String> {
        let hostile: Vec<&[&'static str]> = self.types.iter().map(|kind| values(kind)).collect();
        let most = hostile.iter().map(|values| values.len()).max();
        let mut calls: Vec<String> = (0..most.unwrap_or(1))
            .map(|round| self.call(|place| hostile[place][round % hostile[place].len()]))
            .collect();
        if self.types.len() > 1 {
            for (at, values) in hostile.iter().enumerate() {
                calls.extend(values.iter().map(|value| {
                    self.call(|place| {
                        if place == at {
                            value
                        } else {
                            valid(&self.types[place])
                        }
                    })
                }));
            }
        }
        calls
    }

    fn call(&self, argument: impl Fn(usize) -> &'static str) -> String {
        let arguments: Vec<String> = self
            .types
            .iter()
            .enumerate()
            .map(|(place, kind)| format!("{}::{kind}", argument(place)))
            .collect();
        format!("select {}({})", self.name, arguments.join(", "))
    }
}

/// What this caller may call.
async fn functions(caller: &Caller) -> Vec<Function> {
    let sql = format!(
        "begin; {}
         select n.nspname || '.' || quote_ident(p.proname),
                array_to_string(array(select format_type(t.oid, null) from unnest(p.proargtypes) with ordinality a (id, n) join pg_type t on t.oid = a.id order by a.n), ';')
           from pg_proc p
           join pg_namespace n on n.oid = p.pronamespace
          where n.nspname in ('autocrm', 'api', 'app', 'worker') and p.prokind = 'f'
            and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')
          order by 1, 2;
         rollback",
        caller.identity
    );
    let rows = caller.client.simple_query(&sql).await.expect("reads");
    rows.iter()
        .filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) if row.len() == 2 => Some(Function {
                name: row.get(0)?.to_owned(),
                types: row
                    .get(1)?
                    .split(';')
                    .filter(|kind| !kind.is_empty())
                    .map(str::to_owned)
                    .collect(),
            }),
            _ => None,
        })
        .collect()
}

/// What ends a call from outside.
const ENDS: [&str; 2] = ["pg_cancel_backend", "pg_terminate_backend"];

/// A call without a time limit is ended within a second, either way; what was wrong with that. The caller's connection
/// may be gone then.
async fn end(caller: &Caller, other: &Client, call: &str, by: &str) -> Option<String> {
    let pid: i32 = caller
        .client
        .query_one("select pg_backend_pid()", &[])
        .await
        .ok()?
        .get(0);
    let sql = format!(
        "begin; {} set local statement_timeout = 0; {call}",
        caller.identity
    );
    let running = caller.client.batch_execute(&sql);
    tokio::pin!(running);
    if tokio::time::timeout(Duration::from_millis(100), &mut running)
        .await
        .is_ok()
    {
        // Done meanwhile: it needs no end.
        let _ = caller.client.batch_execute("rollback").await;
        return None;
    }
    let began = Instant::now();
    let ended = other.execute(&format!("select {by}({pid})"), &[]).await;
    if let Err(error) = ended {
        return Some(format!("{}: {by}: {error}", caller.name));
    }
    let answered = tokio::time::timeout(Duration::from_secs(5), &mut running).await;
    let took = began.elapsed();
    let _ = caller.client.batch_execute("rollback").await;
    (answered.is_err() || took > Duration::from_secs(1))
        .then(|| format!("{}: {call}: {by} took {took:?}", caller.name))
}

/// Every call of one caller; what was wrong with it. `other` may end the caller's calls, and `url` is the caller's.
async fn attack(mut caller: Caller, other: Client, url: String) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut calls = 0;
    // The first call of each native function that takes as long as it may; Postgres ends all others.
    let mut long = BTreeMap::new();
    let functions = functions(&caller).await;
    for function in &functions {
        for call in function.calls() {
            calls += 1;
            let began = Instant::now();
            let outcome = caller
                .client
                .batch_execute(&format!(
                    "begin; {} set local statement_timeout = '200ms'; {call}",
                    caller.identity
                ))
                .await;
            let took = began.elapsed();
            let tell = |what: String| format!("{}: {call}: {what}", caller.name);
            if let Err(error) = outcome {
                let Some(raised) = error.as_db_error() else {
                    found.push(tell(format!("the connection ended: {error}")));
                    return (calls, found);
                };
                let told = [
                    Some(raised.message()),
                    raised.detail(),
                    raised.hint(),
                    raised.where_(),
                    raised.file(),
                ];
                if *raised.code() == SqlState::QUERY_CANCELED
                    && function.name.starts_with("autocrm.")
                {
                    long.entry(&function.name).or_insert_with(|| call.clone());
                }
                let told: Vec<&str> = told.into_iter().flatten().collect();
                let told = told.join("\n");
                let secret = [
                    ".rs",
                    "panicked",
                    "unwrap",
                    "internal statement",
                    "inside the desk",
                    "Box<",
                ];
                if raised.code().code() == "XX000" || secret.iter().any(|word| told.contains(word))
                {
                    found.push(tell(format!("{} {told}", raised.code().code())));
                }
            }
            // The statement's own time, and the machine's.
            if took > Duration::from_secs(3) {
                found.push(tell(format!("took {took:?}")));
            }
            // The timeout of 200 ms holds for the rollback as well, which takes longer on a loaded machine.
            while let Err(error) = caller.client.batch_execute("rollback").await {
                assert_eq!(
                    error.code(),
                    Some(&SqlState::QUERY_CANCELED),
                    "still there: {error}"
                );
            }
        }
    }
    assert!(!functions.is_empty(), "{} may call something", caller.name);
    for call in long.values() {
        for by in ENDS {
            found.extend(end(&caller, &other, call, by).await);
            if caller.client.is_closed() {
                caller.client = connect(&url).await.expect("connects");
            }
        }
    }
    (calls, found)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_brings_the_server_down_or_lets_it_talk() {
    let desk = Desk::open().await;
    for n in 0..3 {
        desk.ticket(&format!("Card declined {n}"), "billing").await;
    }
    desk.run(LARGE).await;
    let up: String = desk.one("select pg_postmaster_start_time()::text").await;
    let backend: i32 = desk.one("select pg_backend_pid()").await;
    let mut attacks = Vec::new();
    for caller in everybody(&desk).await {
        let login: String = caller
            .client
            .query_one("select session_user::text", &[])
            .await
            .expect("somebody")
            .get(0);
        let url = desk
            .api_url()
            .replace("user=autocrm_api", &format!("user={login}"));
        let other = connect(&desk.admin_url()).await.expect("connects");
        attacks.push(tokio::spawn(attack(caller, other, url)));
    }
    let (mut calls, mut found) = (0, BTreeSet::new());
    for attack in attacks {
        let (made, wrong) = attack.await.expect("runs to its end");
        calls += made;
        found.extend(wrong);
    }
    let found: Vec<String> = found
        .into_iter()
        .map(|line| line.chars().take(600).collect())
        .collect();
    assert!(
        found.is_empty(),
        "{} of {calls}:\n{}",
        found.len(),
        found.join("\n")
    );
    assert!(calls > 1_000, "only {calls} calls");
    assert_eq!(
        up,
        desk.one::<String>("select pg_postmaster_start_time()::text")
            .await
    );
    assert_eq!(backend, desk.one::<i32>("select pg_backend_pid()").await);
}

/// The code of a refusal.
async fn refused(client: &Client, sql: &str) -> String {
    let error = client.batch_execute(sql).await.expect_err(sql);
    let error = error.as_db_error().expect("by the database");
    error.code().code().to_owned()
}

#[tokio::test]
async fn sql_text_is_taken_from_no_caller_however_it_is_dressed_up() {
    let desk = Desk::open().await;
    desk.ticket("For billing", "billing").await;
    for role in ["agent", "admin"] {
        let caller = prompt(&desk, role).await.client;
        let page =
            "autocrm.page('select 1::int8, 2::int8, 3 from generate_series(1, 3)', '{}', 1, 'x')";
        let written = page.replace('\'', "''");
        for attempt in [
            format!("select {page}"),
            "prepare mine as select autocrm.page($1, '{}', 1, 'x'); execute mine('select ''a'', 2::int8')".to_owned(),
            "do $$ declare v text := 'select 1::int8, 2::int8'; begin perform autocrm.page(v, '{}', 1, 'x'); end $$".to_owned(),
            "do $$ declare v text := 'select 1::int8, 2::int8'; w json; begin w := autocrm.page(v, '{}', 1, 'x'); end $$".to_owned(),
            "create function pg_temp.f() returns json language plpgsql as $$ declare v text := 'select 1::int8, 2::int8'; begin return autocrm.page(v, '{}', 1, 'x'); end $$; select pg_temp.f()".to_owned(),
            "create function pg_temp.\"api.list_tickets\"(v text) returns json language plpgsql as $$ begin return autocrm.page(v, '{}', 1, 'x'); end $$; select pg_temp.\"api.list_tickets\"('select 1::int8, 2::int8')".to_owned(),
            "create function pg_temp.g(v text) returns json language sql as $$ select autocrm.page(v, '{}', 1, 'x') $$; select pg_temp.g('select 1::int8, 2::int8')".to_owned(),
            format!("create temp view mine as select {page} as page; select * from mine"),
            format!("select api._list('tickets', '{{}}', array[]::text[], array[]::text[], array['id) , {written} , (id'])"),
            "select api._decode_cursor('WyIxIiwxLCJ4Il0', 'x', 'text, autocrm.page(''select 1::int8, 2::int8'', ''{}'', 1, ''x'')')".to_owned(),
            "select api._ticket_page('{}', 'id', to_jsonb('autocrm.page(''select 1'', ''{}'', 1, ''x'') is null'::text))".to_owned(),
            format!("select api._ticket_page('{{}}', 'id, {written}')"),
        ] {
            let code = refused(&caller, &attempt).await;
            assert!(
                matches!(code.as_str(), "TK403" | "TK422" | "42501" | "42P16" | "42601" | "42703"),
                "{role}: {attempt}: {code}"
            );
        }
        // What functions of the desk cast to is a type of the caller's own, whose check would run their SQL: it would
        // divide by zero.
        let other = desk.log_in(&format!("{role}_{}", desk.database)).await;
        for name in ["text", "jsonb", "timestamptz"] {
            let _ = other
                .batch_execute(&format!(
                    "create domain pg_temp.{name} as pg_catalog.{name} check (autocrm.page('select (1 / 0)::text, 2::int8', '{{}}', 1, 'x') is not null)"
                ))
                .await;
        }
        for call in [
            "select api.list_tickets('{\"created_after\": \"2020-01-01T00:00:00Z\", \"limit\": 1}')",
            "select api._ticket_page('{}', 'subject')",
            "select api.list_views('{}')",
        ] {
            if let Err(error) = other.batch_execute(call).await {
                let error = error.as_db_error().expect("by the database").clone();
                assert!(
                    !matches!(error.code().code(), "22012" | "XX000"),
                    "{role}: {call}: {error:?}"
                );
            }
        }
        let page: String = caller
            .query_one("select api.list_tickets()::text", &[])
            .await
            .expect("the desk's own lists are anybody's")
            .get(0);
        assert!(page.contains("items"), "{page}");
    }
}
