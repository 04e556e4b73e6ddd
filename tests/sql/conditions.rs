//! One condition, two ways: tried on a row, and as a predicate over all of them.

use harness::desk::Desk;
use rand::prelude::*;
use rand::rngs::StdRng;
use serde_json::{Value, json};

const WORDS: &[&str] = &[
    "Refund",
    "invoice",
    "straße",
    "STRASSE",
    "İstanbul",
    "ſ",
    "it's",
    "back\\slash",
    "100%",
    "日本",
    "vip",
    "a_b",
];

fn pick<'a, T: ?Sized>(rng: &mut StdRng, list: &'a [&'a T]) -> &'a T {
    list[rng.random_range(0..list.len())]
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Tickets of every kind: with and without team, assignee, organization, tags, custom values, times.
async fn tickets(desk: &Desk, rng: &mut StdRng) {
    desk.run(
        r#"insert into app.custom_fields (key, label, type, config) values
             ('seats', 'Seats', 'integer', '{}'), ('vip', 'VIP', 'boolean', '{}'), ('note', 'Note', 'text', '{}'),
             ('area', 'Area', 'dropdown', '{"options": [{"value": "api", "label": "API"}, {"value": "web", "label": "Web"}]}'),
             ('platforms', 'Platforms', 'multiselect', '{"options": [{"value": "ios", "label": "iOS"}, {"value": "web", "label": "Web"}]}');
           insert into app.organizations (name, custom) values ('Acme', '{"plan": "Refund gold"}'), ('Straße AG', '{"plan": 7}');
           insert into app.users (role, name, email, organization_id, locale) select 'customer', n, e, o, l from (values
             ('Ann Other', 'ann@acme.test', (select min(id) from app.organizations), 'de'), ('Ünal', null, null, 'tr')) v (n, e, o, l);
           insert into app.users (role, name, email) values ('agent', 'Ada', 'ada@desk.test');
           insert into app.tags (name) values ('vip'), ('Refund'), ('a_b')"#,
    )
    .await;
    for i in 0..60 {
        // From here on some values are beside the tickets; those of the others are on their way.
        if i == 30 {
            desk.run(
                "update app.custom_fields set visible_to = '{admin}' where key in ('seats', 'platforms');
                 update app.custom_fields set filterable = true where key in ('note', 'vip', 'area')",
            )
            .await;
        }
        let subject = format!("{} {}", pick(rng, WORDS), pick(rng, WORDS));
        let mut custom = json!({});
        if rng.random_bool(0.5) {
            custom["seats"] = json!(rng.random_range(0..5));
        }
        if rng.random_bool(0.3) {
            custom["vip"] = json!(rng.random_bool(0.5));
        }
        if rng.random_bool(0.4) {
            custom["note"] = json!(pick(rng, WORDS));
        }
        if rng.random_bool(0.4) {
            custom["area"] = json!(pick(rng, &["api", "web"]));
        }
        if rng.random_bool(0.3) {
            custom["platforms"] = json!(["ios", "web"][..rng.random_range(1..=2)]);
        }
        let hours = rng.random_range(0..200);
        let maybe = |rng: &mut StdRng, sql: &str| {
            if rng.random_bool(0.5) {
                sql.to_owned()
            } else {
                "null".into()
            }
        };
        let team = maybe(rng, "(select id from app.teams order by random() limit 1)");
        let assignee = maybe(
            rng,
            "(select id from app.users where email = 'ada@desk.test')",
        );
        let language = maybe(rng, "'de'");
        let tags = maybe(
            rng,
            "array(select id from app.tags order by random() limit 1 + (random() * 2)::integer)",
        );
        desk.run(&format!(
            "insert into app.tickets (subject, description, requester_id, team_id, assignee_id, language, tag_ids, custom, created_at,
                                      status_id, priority_id, type, channel)
             select {}, {}, (select id from app.users where role = 'customer' order by random() limit 1), {team}, {assignee}, {language},
                    coalesce({tags}, '{{}}'::bigint[]), {}::jsonb, now() - interval '{hours} hours',
                    (select id from app.statuses order by random() limit 1), (select id from app.priorities order by random() limit 1),
                    (enum_range(null::app.ticket_type))[1 + (random() * 3)::integer], (enum_range(null::app.channel))[1 + (random() * 5)::integer]",
            literal(&subject),
            literal(if rng.random_bool(0.5) { pick(rng, WORDS) } else { "" }),
            literal(&custom.to_string()),
        ))
        .await;
    }
    desk.run(&format!(
        "insert into app.messages (ticket_id, kind, author_id, body_text, created_at)
         select t.id, k.kind, u.id, k.body, now() + random() * interval '1 hour'
           from app.tickets t
           join (values ('reply'::app.message_kind, {0}), ('note', {1}), ('system', 'x'), ('reply', 'Refund')) k (kind, body) on random() < 0.3
           left join app.users u on u.id = (select id from app.users where role <> 'analyst' and t.id > 0 order by random() limit 1) and random() < 0.8",
        literal(pick(rng, WORDS)),
        literal(pick(rng, WORDS))
    ))
    .await;
}

fn test(rng: &mut StdRng) -> Value {
    let word = pick(rng, WORDS);
    let text_op = pick(
        rng,
        &[
            "is",
            "is_not",
            "contains",
            "not_contains",
            "contains_word",
            "starts_with",
            "ends_with",
        ],
    );
    let presence = pick(rng, &["present", "absent"]);
    match rng.random_range(0..18) {
        0 | 1 => {
            let field = pick(
                rng,
                &[
                    "subject",
                    "description",
                    "custom.note",
                    "requester.name",
                    "requester.email",
                    "message.text",
                    "organization.custom.plan",
                ],
            );
            json!({"field": field, "op": text_op, "value": word})
        }
        2 => {
            json!({"field": "subject", "op": "matches", "value": pick(rng, &["^refund", "stra(ß|ss)e$", "[0-9]+%", "\\\\"])})
        }
        3 => {
            json!({"field": "status", "op": pick(rng, &["is", "is_not"]), "value": pick(rng, &["open", "NEW", "gone"])})
        }
        16 => {
            json!({"field": pick(rng, &["message.kind", "message.author"]), "op": pick(rng, &["is", "is_not"]), "value": pick(rng, &["note", "reply", "agent", "customer"])})
        }
        4 => {
            json!({"field": "priority", "op": pick(rng, &["less", "greater", "is", "is_not"]), "value": pick(rng, &["low", "normal", "High"])})
        }
        5 => {
            json!({"field": "team", "op": pick(rng, &["in", "not_in"]), "value": [pick(rng, &["Billing", "tech", "nobody"])]})
        }
        6 => {
            json!({"field": pick(rng, &["team", "assignee", "organization", "language", "custom.seats", "custom.vip", "tags", "solved_at"]), "op": presence})
        }
        7 => {
            json!({"field": "tags", "op": pick(rng, &["includes_any", "includes_all", "includes_none"]), "value": [word, "VIP"]})
        }
        8 => {
            json!({"field": "custom.seats", "op": pick(rng, &["less", "greater", "is", "is_not"]), "value": rng.random_range(0..5)})
        }
        9 => {
            json!({"field": "custom.vip", "op": pick(rng, &["is", "is_not"]), "value": rng.random_bool(0.5)})
        }
        10 => {
            json!({"field": "custom.area", "op": pick(rng, &["is", "is_not"]), "value": pick(rng, &["API", "web"])})
        }
        11 => {
            json!({"field": "custom.platforms", "op": pick(rng, &["includes_any", "includes_none"]), "value": ["ios"]})
        }
        12 => {
            json!({"field": pick(rng, &["created_at", "updated_at", "solved_at"]), "op": pick(rng, &["before", "after"]), "value": {"hours_ago": rng.random_range(0..200)}})
        }
        // Nobody looks here, so nobody is the current user.
        17 => {
            json!({"field": "assignee", "op": pick(rng, &["in", "not_in"]), "value": ["current_user", pick(rng, &["1", "2", "3", "4", "x", "04"])]})
        }
        13 => {
            json!({"field": "created_at", "op": "within_last", "value": rng.random_range(0..200)})
        }
        14 => {
            let field = pick(
                rng,
                &[
                    "created",
                    "updated",
                    "status",
                    "assigned",
                    "requester_reply",
                    "solved",
                ],
            );
            json!({"field": format!("hours_since.{field}"), "op": pick(rng, &["less", "greater"]), "value": rng.random_range(0..200)})
        }
        _ => {
            json!({"field": pick(rng, &["type", "channel", "requester.locale", "organization"]), "op": pick(rng, &["is", "is_not"]), "value": pick(rng, &["question", "email", "de", "ACME"])})
        }
    }
}

fn condition(rng: &mut StdRng, depth: u32) -> Value {
    if depth == 0 || rng.random_bool(0.4) {
        return test(rng);
    }
    let parts: Vec<Value> = (0..rng.random_range(0..4))
        .map(|_| condition(rng, depth - 1))
        .collect();
    json!({pick(rng, &["all", "any", "none"]): parts})
}

#[tokio::test]
async fn a_predicate_finds_exactly_the_tickets_on_which_the_condition_holds() {
    let mut rng = StdRng::seed_from_u64(20_261_121);
    let desk = Desk::open().await;
    tickets(&desk, &mut rng).await;
    let mut told = 0;
    for _ in 0..300 {
        let condition = condition(&mut rng, 3).to_string();
        // Both in one statement, so that both mean the same now.
        let predicate: String = desk
            .one(&format!(
                "select autocrm.condition_sql({}::jsonb)",
                literal(&condition)
            ))
            .await;
        // Hours are counted to the moment of the statement, so the predicate is made within it too.
        let differ: Vec<i64> = desk
            .one(&format!(
                "select coalesce(array_agg(t.id), '{{}}') from app.tickets t where ({predicate}) is distinct from autocrm.holds(t.id, {}::jsonb)",
                literal(&condition)
            ))
            .await;
        assert_eq!(differ, [0_i64; 0], "{condition}\n{predicate}");
        told += desk
            .one::<i64>(&format!(
                "select count(*) from app.tickets t where {predicate}"
            ))
            .await;
    }
    assert!(
        told > 3000,
        "the conditions hold on some tickets and not on others: {told}"
    );
}

/// What one pass over the rows counts is what the predicates count, for whoever asks: the first must see what the
/// policies show, and nothing else.
async fn counts_agree(
    caller: &tokio_postgres::Client,
    who: &str,
    conditions: &[Value],
    statuses: &str,
) -> usize {
    let list = |conditions: &[&Value]| literal(&json!(conditions).to_string());
    let fine: Vec<bool> = caller
        .query_one(
            &format!(
                "select array(select autocrm.check_conditions(c) = '{{}}' from jsonb_array_elements({}::jsonb) with ordinality x (c, n) order by n)",
                list(&conditions.iter().collect::<Vec<_>>())
            ),
            &[],
        )
        .await
        .expect(who)
        .get(0);
    let conditions: Vec<&Value> = conditions
        .iter()
        .zip(fine)
        .filter_map(|(condition, fine)| fine.then_some(condition))
        .collect();
    let predicates: Vec<String> = caller
        .query_one(
            &format!(
                "select array(select autocrm.condition_sql(c) from jsonb_array_elements({}::jsonb) with ordinality x (c, n) order by n)",
                list(&conditions)
            ),
            &[],
        )
        .await
        .expect(who)
        .get(0);
    let each: Vec<String> = predicates
        .iter()
        .map(|predicate| format!("count(*) filter (where {predicate})"))
        .collect();
    // In one statement, so that hours are counted to the same moment.
    let row = caller
        .query_one(
            &format!(
                "select autocrm.count_each({}::jsonb, {statuses}), (select array[{}] from app.tickets t where t.status_id = any ({statuses}))",
                list(&conditions),
                each.join(", ")
            ),
            &[],
        )
        .await
        .expect(who);
    let (natively, plainly): (Vec<Option<i64>>, Vec<i64>) = (row.get(0), row.get(1));
    assert_eq!(natively.len(), plainly.len(), "{who}");
    for ((natively, plainly), condition) in natively.iter().zip(&plainly).zip(&conditions) {
        assert_eq!(natively.unwrap_or(*plainly), *plainly, "{who}: {condition}");
    }
    natively.iter().flatten().count()
}

#[tokio::test]
async fn one_pass_counts_for_each_caller_what_the_predicates_count() {
    let mut rng = StdRng::seed_from_u64(20_261_127);
    let desk = Desk::open().await;
    tickets(&desk, &mut rng).await;
    desk.run("update app.tickets set deleted_at = now() where id % 9 = 0")
        .await;
    let statuses: String = desk
        .one("select format('%L::bigint[]', array(select id from app.statuses where key <> 'pending'))")
        .await;
    let conditions: Vec<Value> = (0..200)
        .map(|_| condition(&mut rng, 3))
        .chain([
            json!({"all": []}),
            json!({"field": "assignee", "op": "is", "value": "current_user"}),
        ])
        .collect();

    for (who, caller) in [
        ("an admin", desk.at_prompt("admin", None).await),
        ("an agent", desk.at_prompt("agent", Some("billing")).await),
        ("an analyst", desk.analyst(Some("tech")).await),
    ] {
        let told = counts_agree(&caller, who, &conditions, &statuses).await;
        assert!(told > 50, "{who}: {told} are counted natively");
    }

    let agent = desk.agent("Tess", "tech").await;
    desk.run(&format!(
        "update app.tickets set assignee_id = {} where id % 5 = 0 and deleted_at is null",
        agent.id
    ))
    .await;
    let session = |id: i64, role: &str| {
        format!(
            "select json_build_object('sub', '{id}', 'role', '{role}', 'sid', id) from app.sessions where user_id = {id}"
        )
    };
    let customer = desk.person("customer", "Cora", "teams").await;
    let key = desk.key(&["tickets:read"], Some("billing")).await;
    let writer = desk.key(&["tickets:write"], None).await;
    let of_key = |key: i64| {
        format!(
            "select json_build_object('key', encode(hash, 'hex')) from app.api_keys where user_id = {key}"
        )
    };
    for (who, role, claims, native) in [
        (
            "an agent by the API",
            "agent",
            session(agent.id, "agent"),
            true,
        ),
        (
            "a customer",
            "customer",
            session(customer.id, "customer"),
            false,
        ),
        ("a key of a team", "integration", of_key(key.id), true),
        (
            "a key that only writes",
            "integration",
            of_key(writer.id),
            true,
        ),
    ] {
        let claims: Value = desk.one(&claims).await;
        let caller = desk.log_in("autocrm_api").await;
        caller
            .batch_execute(&format!(
                "set role autocrm_{role}; select set_config('request.jwt.claims', {}, false)",
                literal(&claims.to_string())
            ))
            .await
            .expect(who);
        let told = counts_agree(&caller, who, &conditions, &statuses).await;
        assert_eq!(told > 0, native, "{who}: {told} are counted natively");
    }

    // Whoever gives a ticket away sees it to the end of the transaction; the owner is limited by no policy.
    let agent = desk.at_prompt("agent", Some("tech")).await;
    agent
        .batch_execute("begin; update app.tickets set team_id = (select id from app.teams where name = 'billing') where team_id is null and assignee_id is null")
        .await
        .expect("gives away");
    counts_agree(
        &agent,
        "an agent who gave tickets away",
        &conditions,
        &statuses,
    )
    .await;
    // A status that is named a hundred thousand times is looked at once.
    let mut counts: Vec<Vec<Option<i64>>> = Vec::new();
    for times in [1, 100_000] {
        let sql = format!(
            "select autocrm.count_each('[{{\"all\": []}}]', array_fill(1::bigint, array[{times}]))"
        );
        counts.push(agent.query_one(&sql, &[]).await.expect("counts").get(0));
    }
    assert_eq!(counts[0], counts[1]);
    let told = counts_agree(desk.sql(), "the owner", &conditions, &statuses).await;
    assert_eq!(told, 0, "no policy limits the owner");
}

#[tokio::test]
async fn a_rule_is_checked_against_the_desks_own_fields_and_what_routing_can_know() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('seats', 'Seats', 'integer')",
    )
    .await;
    for (conditions, path) in [
        (
            r#"{"field": "custom.colour", "op": "present"}"#,
            "conditions.field: there is no custom field 'colour'",
        ),
        (
            r#"{"all": [{"field": "custom.seats", "op": "contains", "value": "1"}]}"#,
            "conditions.all[0].op:",
        ),
        (
            r#"{"any": [{"field": "custom.seats", "op": "less", "value": "1"}]}"#,
            "conditions.any[0].value: must be a number",
        ),
        (
            r#"{"field": "status", "op": "changed"}"#,
            "conditions: asks what happened",
        ),
    ] {
        let refused = desk
            .sql()
            .batch_execute(&format!(
                "insert into app.routing_rules (name, conditions) values ('Wrong', '{conditions}')"
            ))
            .await
            .expect_err("refused");
        let error = refused.as_db_error().expect("of the database");
        assert_eq!(error.code().code(), "TK422");
        assert!(
            error.detail().unwrap_or_default().contains(path),
            "{:?}",
            error.detail()
        );
    }
}

#[tokio::test]
async fn the_schema_for_editors_knows_the_desks_fields() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('seats', 'Seats', 'integer')",
    )
    .await;
    let ada = desk.agent("Ada", "billing").await;
    let schema = ada.read("/api/condition-schema").await;
    let tests = schema["$defs"]["test"]["anyOf"].as_array().expect("tests");
    let fits = |field: &str, op: &str| {
        tests.iter().any(|test| {
            test["properties"]["field"]["const"] == field && test["properties"]["op"]["const"] == op
        })
    };
    assert!(fits("custom.seats", "less"));
    assert!(!fits("custom.seats", "contains"));
    assert!(fits("subject", "contains_word"));
    assert!(fits("hours_since.created", "greater"));
}

/// What a caller may not see, no condition tells them of.
#[tokio::test]
async fn a_condition_is_tried_only_on_what_the_caller_may_see() {
    let desk = Desk::open().await;
    let hidden = desk.ticket("Secret plans", "tech").await;
    let analyst = desk.analyst(Some("billing")).await;
    let refused = analyst
        .query_one(
            &format!("select autocrm.holds({hidden}, '{{\"field\": \"subject\", \"op\": \"contains\", \"value\": \"secret\"}}')"),
            &[],
        )
        .await
        .expect_err("refused");
    assert_eq!(refused.code().expect("a code").code(), "TK404");
}

#[tokio::test]
async fn hours_of_a_schedule_mean_the_same_on_a_row_and_in_a_predicate() {
    let desk = Desk::open().await;
    desk.run(
        r#"insert into app.schedules (name, time_zone, weekly) values ('Support', 'Europe/Berlin',
             '[{"day": "mon", "from": "09:00", "to": "17:00"}, {"day": "tue", "from": "09:00", "to": "17:00"},
               {"day": "wed", "from": "09:00", "to": "17:00"}, {"day": "sat", "from": "22:00", "to": "04:00"}]')"#,
    )
    .await;
    desk.run(
        "insert into app.tickets (subject, requester_id, created_at)
         select 'n' || n, u.id, now() - n * interval '5 hours' from generate_series(0, 40) n, app.users u where u.email = 'cleo@customer.test'",
    )
    .await;
    let mut found = std::collections::BTreeSet::new();
    for (op, hours) in [
        ("greater", "0"),
        ("less", "6.5"),
        ("between", "[2, 12]"),
        ("greater", "16"),
    ] {
        let condition = format!(
            r#"{{"field": "hours_since.created", "op": "{op}", "value": {hours}, "schedule": "support"}}"#
        );
        let predicate: String = desk
            .one(&format!("select autocrm.condition_sql('{condition}')"))
            .await;
        let differ: i64 = desk
            .one(&format!(
                "select count(*) from app.tickets t where ({predicate}) is distinct from autocrm.holds(t.id, '{condition}')"
            ))
            .await;
        assert_eq!(differ, 0, "{condition}");
        found.insert(
            desk.one::<i64>(&format!(
                "select count(*) from app.tickets t where {predicate}"
            ))
            .await,
        );
    }
    assert!(found.len() > 2, "{found:?}");
    let refused = desk
        .sql()
        .batch_execute(r#"insert into app.routing_rules (name, conditions) values ('Night', '{"field": "now", "op": "outside_schedule", "value": "Nowhere"}')"#)
        .await
        .expect_err("refused");
    let detail = refused
        .as_db_error()
        .and_then(|error| error.detail())
        .unwrap_or_default()
        .to_owned();
    assert!(
        detail.contains("there is no schedule 'nowhere'"),
        "{detail}"
    );
}
