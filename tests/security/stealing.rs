//! People who see one team's tickets try to learn of another's at a SQL prompt: by plans and statistics, by sequences,
//! by what errors say, by the order of conditions, and by the clock.

use crate::hostile::valid;
use harness::desk::Desk;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, SimpleQueryMessage};

struct Secret {
    desk: Desk,
    /// A ticket of another team.
    hidden: i64,
    /// An id that no ticket has.
    nothing: i64,
    /// Each sees billing's tickets: an analyst and an agent.
    thieves: [(&'static str, Client); 2],
}

async fn secret() -> Secret {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type, filterable) values ('account', 'Account', 'text', true);
         insert into app.organizations (name) values ('o')",
    )
    .await;
    desk.ticket("Seen", "billing").await;
    // An id that no message has in it by chance.
    desk.run("alter sequence app.tickets_id_seq restart with 765432")
        .await;
    let hidden: i64 = desk
        .one(
            "insert into app.tickets (subject, description, requester_id, team_id, external_id, custom)
             select 'Zebra stolen', 'From the zoo', u.id, t.id, 'EXT-77', '{\"account\": \"numbered 4711\"}'
               from app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'tech' returning id",
        )
        .await;
    let index: String = desk
        .one("select string_agg(replace(statement, ' concurrently', ''), ';') from app.field_index_statements()")
        .await;
    desk.run(&index).await;
    let other = desk.agent("Tess", "tech").await;
    desk.run(&format!(
        "insert into app.drafts (ticket_id, author_id, kind, body_text) values ({hidden}, {o}, 'reply', 'About the zebra');
         insert into app.macros (name, scope, owner_id, message_kind, body_text) values ('Mine', 'private', {o}, 'note', 'A secret');
         insert into app.views (name, visibility, owner_id) values ('Mine', 'private', {o});
         insert into app.notifications (user_id, kind, delivery, ticket_id, event_id) values ({o}, 'followed', 'in_app', {hidden}, 1);
         insert into app.followers (ticket_id, user_id) values ({hidden}, {o})",
        o = other.id
    ))
    .await;
    let analyst = desk.analyst(Some("billing")).await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    Secret {
        desk,
        hidden,
        nothing: 987_654,
        thieves: [("analyst", analyst), ("agent", agent)],
    }
}

async fn code(client: &Client, sql: &str) -> String {
    match client.batch_execute(sql).await {
        Ok(()) => "done".into(),
        Err(error) => error
            .code()
            .map_or_else(|| error.to_string(), |code| code.code().to_owned()),
    }
}

#[tokio::test]
async fn plans_and_statistics_are_for_those_who_see_all() {
    let secret = secret().await;
    for (who, thief) in &secret.thieves {
        for attempt in [
            "explain select from app.tickets",
            "explain (analyze, buffers) select from app.tickets where id = 2 and subject >= 'R'",
            "prepare p as select from app.tickets; explain execute p",
            "do $$ begin execute 'explain select from app.tickets'; end $$",
            "select * from pg_stat_xact_all_tables",
            "select * from pg_stat_user_tables",
            "select * from pg_stat_user_indexes",
            "select * from pg_statio_user_tables",
            "select * from pg_stat_activity",
            "select * from pg_stat_database",
            "select * from pg_locks",
            "select pg_stat_get_xact_tuples_fetched('app.tickets'::regclass)",
            "select pg_stat_get_numscans('app.tickets'::regclass)",
            "select * from pg_statistic",
            "set debug_print_plan = on",
            "select set_config('debug_print_plan', 'on', false)",
            "update pg_settings set setting = 'on' where name = 'debug_print_rewritten'",
            "set trace_sort = on",
            "set log_executor_stats = on",
        ] {
            let answer = code(thief, attempt).await;
            assert!(
                ["TK403", "42501"].contains(&answer.as_str()),
                "{who}: {attempt}: {answer}"
            );
        }
        let known: i64 = thief
            .query_one(
                "select count(*) from pg_stats where schemaname = 'app'",
                &[],
            )
            .await
            .expect("reads")
            .get(0);
        let of_tickets: i64 = thief
            .query_one("select count(*) from pg_stats where schemaname = 'app' and tablename in ('tickets', 'messages', 'events')", &[])
            .await
            .expect("reads")
            .get(0);
        assert_eq!(of_tickets, 0, "{who} of {known}");
    }
    // Settings may come with the connection, past SET.
    let login = format!("ann_{}", secret.desk.database);
    let printing = "-c debug_print_plan=on -c client_min_messages=log";
    assert!(secret.desk.try_log_in_with(&login, printing).await.is_err());

    let all = Desk::open().await;
    let ann = all.analyst(None).await;
    assert_eq!(
        code(&ann, "explain analyze select from app.tickets").await,
        "done"
    );
    let root = all.at_prompt("admin", None).await;
    assert_eq!(
        code(&root, "explain analyze select from app.tickets").await,
        "done"
    );
}

/// Whether the planner, which knows the values of each column from statistics, chooses the plan for any value: that is
/// what it tells of how many rows have this one.
async fn chosen(client: &Client, condition: &str, value: &str) -> i64 {
    client
        .batch_execute("set cpu_operator_cost = 0; deallocate all")
        .await
        .expect("sets");
    client
        .batch_execute(&format!("prepare p(text) as select from {condition}"))
        .await
        .expect("prepares");
    for _ in 0..8 {
        client
            .batch_execute(&format!("execute p('{value}')"))
            .await
            .expect("reads");
    }
    client
        .query_one(
            "select generic_plans from pg_prepared_statements where name = 'p'",
            &[],
        )
        .await
        .expect("reads")
        .get(0)
}

#[tokio::test]
async fn the_planner_knows_nothing_of_hidden_rows_from_statistics() {
    let secret = secret().await;
    secret
        .desk
        .run(&format!(
            "insert into app.tickets (subject, description, requester_id, team_id)
             select case when n % 2 = 0 then 'Zebra stolen' else 'Another ' || n end, 'From the zoo', u.id, t.id
               from generate_series(1, 400) n, app.users u, app.teams t
              where u.email = 'cleo@customer.test' and t.name = 'tech';
             insert into app.drafts (ticket_id, author_id, kind, body_text)
             select t.id, d.author_id, 'reply', case when t.id % 2 = 0 then 'About the zebra' else 'Another ' || t.id end
               from app.tickets t, app.drafts d where d.ticket_id = {} and t.id <> d.ticket_id limit 300;
             analyze app.tickets, app.messages, app.drafts",
            secret.hidden
        ))
        .await;
    let many = "generate_series(1, 1000) g";
    let probes = [
        (
            format!("app.tickets t, {many} where t.subject = $1"),
            "Zebra stolen",
        ),
        (
            format!("app.tickets t, {many} where t.subject >= $1 and t.subject < $1 || 'zz'"),
            "Zebra",
        ),
        (
            format!("app.messages m, {many} where m.body_text = $1"),
            "From the zoo",
        ),
        (
            format!("app.drafts d, {many} where d.body_text = $1"),
            "About the zebra",
        ),
    ];
    let mut told = 0;
    let all = secret.desk.at_prompt("admin", None).await;
    for (probe, value) in &probes {
        for (who, thief) in &secret.thieves {
            if *who == "analyst" && probe.contains("drafts") {
                assert_eq!(code(thief, "select from app.drafts").await, "42501");
                continue;
            }
            let found = chosen(thief, probe, value).await;
            let missing = chosen(thief, probe, "Nothing like it").await;
            assert_eq!(found, missing, "{who}: {probe}");
        }
        // Who sees every ticket may know how many there are; drafts are their author's.
        let found = chosen(&all, probe, value).await;
        let missing = chosen(&all, probe, "Nothing like it").await;
        told += i32::from(found != missing);
        assert!(
            found == missing || !probe.contains("drafts"),
            "admin: {probe}"
        );
    }
    assert!(told > 0, "the question tells nothing to anybody");
}

/// The conditions of a plan, in the order in which they are evaluated.
#[tokio::test]
async fn the_policy_is_the_first_condition_on_every_table_that_hides_rows() {
    let secret = secret().await;
    let sql = secret.desk.sql();
    let tables = sql
        .query(
            "select distinct c.relname::text, a.attname::text,
                    case when a.atttypid = 'text'::regtype then $$'R'::text$$ when a.atttypid = 'bigint'::regtype then '7' else $$'2020-01-01'::timestamptz$$ end
               from pg_policy p
               join pg_class c on c.oid = p.polrelid
               join lateral (
                 select * from pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                    and a.atttypid in ('text'::regtype, 'bigint'::regtype, 'timestamptz'::regtype)
                    and has_column_privilege('autocrm_agent', c.oid, a.attnum, 'select')
                  order by a.atttypid = 'text'::regtype desc, a.attnum limit 1) a on true
              where c.relnamespace = 'app'::regnamespace and p.polcmd in ('r', '*')
                and 'autocrm_agent'::regrole = any (p.polroles) and not p.polpermissive
              order by 1",
            &[],
        )
        .await
        .expect("tables");
    assert!(tables.len() > 15, "{}", tables.len());
    // Without a partition there is nothing to read, and no policy to ask.
    sql.batch_execute("select app.ensure_archive_year('2020-06-01')")
        .await
        .expect("a year of the archive");
    // No table hides rows by a policy that asks about them, and has none that comes first.
    let late: Vec<String> = sql
        .query(
            "select distinct c.relname::text
               from pg_policy p join pg_class c on c.oid = p.polrelid and c.relnamespace = 'app'::regnamespace
              where p.polpermissive and p.polcmd in ('r', '*')
                and p.polroles && array['autocrm_agent'::regrole, 'autocrm_analyst'::regrole]::oid[]
                and exists (select from pg_depend d
                             where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refobjid = p.polrelid and d.refobjsubid > 0)
                and not exists (select from pg_policy r where r.polrelid = p.polrelid and not r.polpermissive)
              order by 1",
            &[],
        )
        .await
        .expect("policies")
        .iter()
        .map(|row| row.get(0))
        .collect();
    // Read by all of the staff; what the policy asks is who writes them.
    assert_eq!(late, ["object_records"]);
    for role in ["autocrm_agent", "autocrm_analyst"] {
        for row in &tables {
            let (table, column, value): (String, String, String) =
                (row.get(0), row.get(1), row.get(2));
            let readable: bool = secret
                .desk
                .one(&format!(
                    "select has_column_privilege('{role}', 'app.{table}', '{column}', 'select')"
                ))
                .await;
            if !readable {
                continue;
            }
            sql.batch_execute(&format!("begin; set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_indexonlyscan = off; set local role {role}"))
                .await
                .expect("a role");
            let plan: Vec<String> = sql
                .query(
                    &format!("explain (costs off) select from app.{table} where {column} >= {value} and {column} <> {value}"),
                    &[],
                )
                .await
                .expect("a plan")
                .iter()
                .map(|line| line.get(0))
                .collect();
            sql.batch_execute("rollback").await.expect("undone");
            let filters: Vec<&String> = plan
                .iter()
                .filter(|line| line.contains(&format!("{column} >= ")))
                .collect();
            assert!(!filters.is_empty(), "{table}: {plan:#?}");
            for filter in filters {
                // Written without its schema where that is on the path.
                let policies = ["autocrm.", "is_none_of("];
                let policy = policies.iter().filter_map(|one| filter.find(one)).min();
                let policy = policy.unwrap_or(usize::MAX);
                let condition = filter.find(&format!("{column} >= ")).unwrap_or_default();
                assert!(policy < condition, "{role}, {table}: {filter}");
                let last = filter.rfind("is_none_of(").unwrap_or_default();
                assert!(last < condition, "{role}, {table}: {filter}");
            }
        }
    }
}

#[tokio::test]
async fn a_custom_field_is_compared_without_an_error_that_tells() {
    let secret = secret().await;
    secret
        .desk
        .run(&format!(
            "alter table app.tickets disable trigger user;
             update app.tickets set custom = '{{\"account\": 1e400}}' where id = {};
             alter table app.tickets enable trigger user",
            secret.hidden
        ))
        .await;
    for (who, thief) in &secret.thieves {
        let found: i64 = thief
            .query_one(
                "select count(*) from app.tickets where autocrm.sort_key(custom, 'account') collate \"C\" >= 'n'",
                &[],
            )
            .await
            .expect(who)
            .get(0);
        assert_eq!(found, 0);
    }
    let key: String = secret
        .desk
        .one("select autocrm.sort_key('{\"a\": 1e400}', 'a')")
        .await;
    let greatest: String = secret
        .desk
        .one("select autocrm.sort_key('{\"a\": 1.7976931348623157e308}', 'a')")
        .await;
    assert_eq!(key, greatest, "beyond all floats is the end of the order");
}

#[tokio::test]
async fn sequences_tell_nothing() {
    let secret = secret().await;
    for (who, thief) in &secret.thieves {
        for attempt in [
            "select last_value from app.tickets_id_seq",
            "select nextval('app.tickets_id_seq')",
            "select setval('app.tickets_id_seq', 1)",
            "select currval('app.messages_id_seq')",
        ] {
            assert_eq!(code(thief, attempt).await, "42501", "{who}: {attempt}");
        }
        let told: i64 = thief
            .query_one("select count(last_value) from pg_sequences", &[])
            .await
            .expect("reads")
            .get(0);
        assert_eq!(told, 0, "{who}");
    }
}

/// What a statement says, with the id that it names taken out.
async fn told(client: &Client, sql: &str, id: i64) -> String {
    client.batch_execute("begin").await.expect("begins");
    let answer = match client.simple_query(sql).await {
        Ok(answers) => answers
            .iter()
            .map(|answer| match answer {
                SimpleQueryMessage::Row(row) => {
                    let values: Vec<_> = (0..row.len()).map(|at| row.get(at)).collect();
                    format!("{values:?};")
                }
                SimpleQueryMessage::CommandComplete(rows) => format!("{rows} rows"),
                _ => String::new(),
            })
            .collect(),
        Err(error) => {
            let error = error.as_db_error().expect("by the database").clone();
            format!(
                "{} {} {:?} {:?}",
                error.code().code(),
                error.message(),
                error.detail(),
                error.hint()
            )
        }
    };
    client.batch_execute("rollback").await.expect("undone");
    answer.replace(&id.to_string(), "<id>")
}

#[tokio::test]
async fn a_hidden_ticket_answers_as_one_that_is_not_there() {
    let secret = secret().await;
    for (who, thief) in &secret.thieves {
        for statement in [
            "select * from app.tickets where id = {t}",
            "select * from app.messages where ticket_id = {t}",
            "select * from app.events where ticket_id = {t}",
            "select api.get_ticket({t})",
            "select api.list_messages({t}, '{}')",
            "select api.get_timeline({t})",
            "select autocrm.explain_routing({t})",
            "select autocrm.matching_rules({t})",
            "select autocrm.holds({t}, '{\"field\": \"status\", \"op\": \"is\", \"value\": \"new\"}')",
            "select api.update_ticket({t}, '{\"subject\": \"x\"}', 1)",
            "select api.create_message({t}, '{\"body_text\": \"x\"}')",
            "select api.split_ticket({t}, '{\"message_id\": 1}')",
            "select api.merge_ticket({t}, '{\"into\": 1}')",
            "select api.merge_ticket(1, '{\"into\": {t}}')",
            "select api.save_draft({t}, 'note', '{}')",
            "select api.add_follower({t}, '{\"user_id\": 1}')",
            "select api.announce_presence({t}, '{\"state\": \"viewing\"}')",
            "select api._rehearse_triggers({t})",
            "select api._bulk_columns({t})",
            "select app.sees_ticket(1, {t})",
            "update app.tickets set subject = subject where id = {t}",
            "delete from app.tickets where id = {t}",
            "insert into app.messages (ticket_id, author_id, body_text) values ({t}, autocrm.actor_id(), 'x')",
            "insert into app.messages (ticket_id, author_id, body_text) select {t}, id, 'x' from app.users where email = 'cleo@customer.test'",
            "insert into app.drafts (ticket_id, author_id, kind) values ({t}, autocrm.actor_id(), 'note')",
            "insert into app.followers (ticket_id, user_id, kind) values ({t}, 1, 'cc')",
            "insert into app.followers (ticket_id, user_id, kind) select {t}, id, 'cc' from app.users where name = 'Tess' on conflict do nothing",
            "insert into app.mentions (message_id, message_at, ticket_id, user_id) values (2, now(), {t}, 1)",
            "insert into app.ticket_links (kind, ticket_id, other_id) values ('child', 1, {t})",
            "select * from app.bulk_items where ticket_id = {t}",
        ] {
            let hidden = told(
                thief,
                &statement.replace("{t}", &secret.hidden.to_string()),
                secret.hidden,
            )
            .await;
            let absent = told(
                thief,
                &statement.replace("{t}", &secret.nothing.to_string()),
                secret.nothing,
            )
            .await;
            assert_eq!(hidden, absent, "{who}: {statement}");
            assert!(!hidden.contains("ebra"), "{who}: {statement}: {hidden}");
        }
    }
}

/// Every function that takes an id, with the id of something hidden and one that never was, whatever it is the id of.
#[tokio::test]
async fn no_function_tells_a_hidden_id_from_one_that_never_was() {
    let secret = secret().await;
    let desk = &secret.desk;
    let mut hidden = vec![secret.hidden];
    // Ids that nothing else has by chance.
    for (n, (table, row)) in [
        ("messages", "(ticket_id, author_id, body_text) select t.id, t.requester_id, 'About the zebra' from app.tickets t where t.external_id = 'EXT-77'"),
        ("macros", "(name, scope, owner_id, message_kind, body_text) select 'Own', 'private', u.id, 'note', 'A zebra' from app.users u where u.name = 'Tess'"),
        ("views", "(name, visibility, owner_id) select 'Zebras', 'private', u.id from app.users u where u.name = 'Tess'"),
        ("attachments", "(uploader_id, name, media_type) select u.id, 'zebra.txt', 'text/plain' from app.users u where u.name = 'Tess'"),
        ("notifications", "(user_id, kind, delivery, ticket_id, event_id) select u.id, 'assigned', 'in_app', t.id, 2 from app.tickets t, app.users u where t.external_id = 'EXT-77' and u.name = 'Tess'"),
        ("bulk_jobs", "(action, body, created_by, role, claims) select 'delete', '{}', u.id, 'autocrm_admin', '{}' from app.users u where u.name = 'Tess'"),
    ]
    .into_iter()
    .enumerate()
    {
        desk.run(&format!(
            "select setval(pg_get_serial_sequence('app.{table}', 'id'), {})",
            811_000 + n * 1_111
        ))
        .await;
        hidden.push(
            desk.one(&format!("insert into app.{table} {row} returning id"))
                .await,
        );
    }
    let (mut asked, mut telling) = (0, BTreeSet::new());
    for (who, thief) in &secret.thieves {
        let functions = thief
            .query(
                "select n.nspname || '.' || quote_ident(p.proname),
                        array(select format_type(t, null) from unnest(p.proargtypes::oid[]) with ordinality a (t, n) order by a.n)
                   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                  where n.nspname in ('autocrm', 'api', 'app') and p.prokind = 'f'
                    -- What reckons with the number, and looks nothing up by it.
                    and p.proname not in ('add_business', 'cursor')
                    and p.proargtypes::oid[] && array['bigint'::regtype, 'bigint[]'::regtype]::oid[]
                    and has_function_privilege(p.oid, 'execute')
                  order by 1",
                &[],
            )
            .await
            .expect("functions");
        for function in &functions {
            let (name, types): (String, Vec<String>) = (function.get(0), function.get(1));
            for at in (0..types.len()).filter(|at| types[*at].starts_with("bigint")) {
                let call = |id: i64| {
                    let arguments: Vec<String> = types
                        .iter()
                        .enumerate()
                        .map(|(place, kind)| match kind.as_str() {
                            "bigint" if place == at => format!("{id}"),
                            "bigint[]" if place == at => format!("'{{{id}}}'::bigint[]"),
                            kind => format!("{}::{kind}", valid(kind)),
                        })
                        .collect();
                    format!("select {name}({})", arguments.join(", "))
                };
                let absent = told(thief, &call(secret.nothing), secret.nothing).await;
                for id in &hidden {
                    let answer = told(thief, &call(*id), *id).await;
                    if answer != absent {
                        telling.insert(format!(
                            "{who}: {}: {answer:.200} for {absent:.200}",
                            call(*id)
                        ));
                    }
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 500, "{asked}");
    assert_eq!(telling, BTreeSet::new());
}

#[tokio::test]
async fn a_unique_value_is_no_oracle() {
    let secret = secret().await;
    let (_, agent) = &secret.thieves[1];
    for end in ["", " on conflict do nothing"] {
        let mut answers = Vec::new();
        for external in ["EXT-77", "EXT-78"] {
            answers.push(
                told(
                    agent,
                    &format!("insert into app.tickets (subject, requester_id, external_id) values ('x', 1, '{external}'){end}"),
                    secret.nothing,
                )
                .await,
            );
        }
        assert_eq!(answers[0], answers[1]);
        assert!(
            answers[0].contains("external_id: is for integrations"),
            "{}",
            answers[0]
        );
    }
}

#[tokio::test]
async fn helpers_that_find_ids_find_no_hidden_ones() {
    let secret = secret().await;
    for (who, thief) in &secret.thieves {
        for helper in [
            "select api._tickets_about('zebra', 1000)::text",
            "select api._tickets_tagged('zebra', 1000)::text",
        ] {
            // Not granted to analysts at all.
            let found = told(thief, helper, secret.nothing).await;
            assert!(
                !found.contains(&secret.hidden.to_string()),
                "{who}: {helper}: {found}"
            );
        }
    }
}

/// The middle of the times that both questions take, asked in turn.
async fn medians(client: &Client, questions: [&str; 2], rounds: usize) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (question, times) in questions.iter().zip(&mut times) {
            let began = Instant::now();
            client.simple_query(question).await.expect("an answer");
            times.push(began.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

#[tokio::test]
async fn a_thousand_questions_take_as_long_for_a_hidden_value_as_for_none() {
    let secret = secret().await;
    // The question is repeated inside each statement, so that the difference would be heard above the network.
    for (table, column, hit, miss) in [
        ("tickets", "external_id", "EXT-77", "EXT-78"),
        (
            "tickets",
            "autocrm.sort_key(custom, 'account') collate \"C\"",
            "tnumbered 4711",
            "tnumbered 4712",
        ),
        ("tickets", "subject", "Zebra stolen", "Zebra stolem"),
        ("messages", "body_text", "From the zoo", "From the zop"),
    ] {
        for (who, thief) in &secret.thieves {
            let ask = |value: &str| {
                format!("select count(*) from generate_series(1, 50) g cross join lateral (select from app.{table} t where t.{} = '{value}' and g > 0 offset 0) x",
                    column.replace("(custom", "(t.custom")).replace("t.autocrm", "autocrm")
            };
            let [found, missed] = medians(thief, [&ask(hit), &ask(miss)], 1000).await;
            let (longer, shorter) = (found.max(missed), found.min(missed));
            assert!(
                longer < shorter.mul_f64(1.15),
                "{who}, {column}: {found:?} for a hidden value, {missed:?} for none"
            );
        }
    }
}
