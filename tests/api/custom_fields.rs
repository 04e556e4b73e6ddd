//! Custom fields: who sees and sets them, what relations may point to, and that no value is lost with a field.

use crate::resource::is_changed_by_admins_only;
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// A ticket of a customer with three fields: `margin` for admins, `cause` for staff, `size` for everybody.
async fn furnished() -> (Desk, Person, i64) {
    let desk = Desk::open().await;
    let cus = desk.person("customer", "Cus", "teams").await;
    desk.run(
        "insert into app.custom_fields (key, label, type, visible_to) values
           ('margin', 'Margin', 'integer', '{admin}'),
           ('cause', 'Cause', 'text', '{admin,agent,analyst,integration}'),
           ('size', 'Size', 'integer', '{admin,agent,analyst,integration,customer}')",
    )
    .await;
    let ticket = desk.ticket("Leaky valve", "billing").await;
    desk.run(&format!(
        "update app.tickets set requester_id = {}, custom = '{{\"margin\": 4711, \"cause\": \"gasket\", \"size\": 3}}' where id = {ticket}",
        cus.id
    ))
    .await;
    (desk, cus, ticket)
}

/// A person of this role at their own prompt.
async fn at_a_prompt(desk: &Desk, role: &str) -> Client {
    let login = format!("{role}_{}", desk.database);
    desk.run(&format!(
        "create role {login} login in role autocrm_{role};
         insert into app.users (role, name, pg_role, ticket_access) values ('{role}', 'Prompt', '{login}', 'all')"
    ))
    .await;
    desk.log_in(&login).await
}

/// Everything that this SELECT shows, as text.
async fn shown(client: &Client, sql: &str) -> String {
    client
        .query_one(
            &format!("select coalesce(string_agg(x::text, ' '), '') from ({sql}) x"),
            &[],
        )
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

/// Lets the worker do all that fields wait for; what begins waits for the cluster's oldest transaction.
pub async fn settled(desk: &Desk) {
    for _ in 0..400 {
        desk.run("select worker.run_field_jobs()").await;
        if desk
            .one::<i64>("select count(*) from app.field_jobs where status in ('queued', 'running')")
            .await
            == 0
        {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("jobs over fields do not end");
}

fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

pub async fn refused(reply: reqwest::Response) -> Value {
    assert_eq!(reply.status(), 422);
    reply.json().await.expect("a problem")
}

#[tokio::test]
async fn custom_fields_are_changed_by_admins_only() {
    is_changed_by_admins_only(
        "/api/custom-fields",
        json!({"key": "plan", "label": "Plan", "type": "text"}),
        json!({"label": "Plan of the customer"}),
    )
    .await;
}

#[tokio::test]
async fn a_field_is_shown_to_whom_it_is_visible_and_to_nobody_else() {
    let (desk, _, ticket) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk.key(&["tickets:read", "tickets:write"], None).await;
    let path = format!("/api/tickets/{ticket}");

    for (who, shown, defined) in [
        (&root, vec!["cause", "margin", "size"], 3),
        (&ada, vec!["cause", "size"], 2),
        (&key, vec!["cause", "size"], 2),
    ] {
        assert_eq!(keys(&who.read(&path).await["custom"]), shown);
        let fields = who.read("/api/custom-fields").await;
        assert_eq!(fields["items"].as_array().map(Vec::len), Some(defined));
    }
    let ann = at_a_prompt(&desk, "analyst").await;
    for view in ["api.tickets", "reporting.tickets"] {
        let seen = shown(&ann, &format!("select custom from {view}")).await;
        assert!(
            seen.contains("gasket") && !seen.contains("margin"),
            "{seen}"
        );
    }
}

/// Whatever table of the desk one reads, by whatever door.
const DOORS: &[&str] = &[
    "select * from app.tickets",
    "select * from app.ticket_field_values",
    "select * from app.events",
    "select * from app.routing_decisions",
    "select * from app.rule_firings",
    "select key from app.custom_fields",
    "select id, custom from api.tickets",
    "select id, custom from reporting.tickets",
    "select api.get_timeline(t.id) from app.tickets t",
    "select api.explain_routing(t.id) from app.tickets t",
];

#[tokio::test]
async fn at_their_own_prompt_too_nobody_reads_a_field_that_they_may_not_see() {
    let (desk, _, ticket) = furnished().await;
    let root = desk.admin().await;
    desk.run(
        "insert into app.triggers (name, conditions, actions) values
           ('T', '{\"field\": \"custom.margin\", \"op\": \"greater\", \"value\": 4000}', '[{\"add_tags\": [\"rich\"]}]')",
    )
    .await;
    let change = json!({"custom": {"margin": 4812, "cause": "hose"}});
    let path = format!("/api/tickets/{ticket}");
    assert_eq!(root.patch(&path, change, None).await.status(), 200);
    desk.work("rules", "rule_cursor").await;
    let fired: i64 = desk.one("select count(*) from app.rule_firings").await;
    assert!(fired > 0, "the trigger fires");

    let boss = at_a_prompt(&desk, "admin").await;
    for who in ["agent", "analyst"] {
        let them = at_a_prompt(&desk, who).await;
        for door in DOORS {
            if who == "analyst" && door.starts_with("select api.") {
                continue;
            }
            let seen = shown(&them, door).await;
            assert!(!seen.is_empty() || door.contains("field_values"), "{door}");
            let tells = ["margin", "4812", "4711", "4000"]
                .iter()
                .any(|word| seen.contains(word));
            // The rules are the desk's, and open to all of the staff: what one asks is no secret, what it found is.
            assert!(
                !tells || door.contains("explain_routing") && !seen.contains("48"),
                "{who}: {door}: {seen}"
            );
        }
    }
    let seen = shown(&boss, "select * from app.events where field_key = 'margin'").await;
    assert!(seen.contains("4711") && seen.contains("4812"), "{seen}");
    assert!(shown(&boss, DOORS[6]).await.contains("4812"));
    let seen = shown(&boss, "select * from app.audit_log").await;
    assert!(seen.contains("4711") && seen.contains("4812"));
}

/// Every table and view of the desk with the columns that its reader may read.
const READABLE: &str = "
    select format('select %s from %I.%I', string_agg(quote_ident(a.attname), ', '), n.nspname, c.relname)
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname in ('app', 'api', 'reporting') and c.relkind in ('r', 'v', 'p', 'm')
       and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
     group by n.nspname, c.relname";

#[tokio::test]
async fn not_even_the_key_of_a_hidden_field_is_told_at_a_prompt() {
    let (desk, _, _) = furnished().await;
    desk.run(
        "insert into app.views (name, visibility, columns) values ('All', 'everyone', '{subject,custom.margin,custom.cause}');
         insert into app.macros (name, actions) values ('Rich', '[{\"set\": \"custom.margin\", \"value\": 12}]');
         insert into app.ticket_forms (name, shown_to) values ('Form', '{agent}');
         insert into app.ticket_form_fields (form_id, custom_field_id, position)
         select (select max(id) from app.ticket_forms), id, id from app.custom_fields",
    )
    .await;
    for who in ["agent", "analyst"] {
        let them = at_a_prompt(&desk, who).await;
        let readable = them.query(READABLE, &[]).await.expect("a catalog");
        assert!(readable.len() > 30, "{who} reads {}", readable.len());
        for row in readable {
            let sql: String = row.get(0);
            // Such as the audit's view, whose table is for admins.
            if let Err(error) = them.query(&sql, &[]).await {
                let denied = error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE);
                assert!(denied, "{who}: {sql}: {error:?}");
                continue;
            }
            let seen = shown(&them, &sql).await;
            assert!(!seen.contains("margin"), "{who}: {sql}: {seen}");
        }
        let seen = "select columns::text from api.views where name = 'All'";
        assert_eq!(shown(&them, seen).await, "(\"{subject,custom.cause}\")");
        // A field that is hidden and one that there is not are the same.
        for key in ["margin", "nothing"] {
            let asked = format!("select autocrm.sees_field('{key}')");
            assert_eq!(shown(&them, &asked).await, "(f)");
        }
        let refused = them.query("select autocrm.hidden_fields()", &[]).await;
        assert!(refused.is_err(), "{who} asks for the keys");
    }
}

#[tokio::test]
async fn a_writer_at_a_prompt_sets_what_they_may_see_and_loses_nothing_else() {
    let (desk, _, ticket) = furnished().await;
    let agent = at_a_prompt(&desk, "agent").await;
    let set = async |custom: &str| {
        agent
            .execute(
                &format!("update app.tickets set custom = '{custom}' where id = {ticket}"),
                &[],
            )
            .await
    };
    assert!(set(r#"{"size": 8}"#).await.is_ok());
    for wrong in [r#"{"size": 8, "margin": 4711}"#, r#"{"margin": null}"#] {
        let error = set(wrong).await.expect_err("refused");
        let told = error
            .as_db_error()
            .and_then(|error| error.detail())
            .unwrap_or_default()
            .to_owned();
        assert_eq!(told, "custom.margin: is not a field of this desk");
    }
    assert!(
        agent
            .execute("update app.ticket_field_values set value = '1'", &[])
            .await
            .is_err()
    );
    let kept: String = desk
        .one("select app.custom_of(t)::text from app.tickets t")
        .await;
    assert_eq!(kept, r#"{"size": 8, "margin": 4711}"#);
}

#[tokio::test]
async fn what_becomes_restricted_is_hidden_at_once_and_then_moved_away_with_its_history_and_back() {
    let (desk, _, ticket) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let agent = at_a_prompt(&desk, "agent").await;
    let path = format!("/api/tickets/{ticket}");
    desk.run(&format!(
        "insert into app.triggers (name, conditions, actions) values
           ('T', '{{\"field\": \"custom.cause\", \"op\": \"contains\", \"value\": \"pump\"}}', '[{{\"add_tags\": [\"wet\"]}}]');
         update app.tickets set custom = custom || '{{\"cause\": \"secret pump\"}}' where id = {ticket}"
    ))
    .await;
    desk.work("rules", "rule_cursor").await;
    let fired: i64 = desk.one("select count(*) from app.rule_firings").await;
    assert!(fired > 0, "the trigger fires");
    let version = ada.read(&path).await["version"].clone();
    let history = "select string_agg(e.data #>> '{changes,custom}', ' ' order by e.id) from app.events e where e.data #> '{changes,custom}' is not null";
    let id: i64 = desk
        .one("select id from app.custom_fields where key = 'cause'")
        .await;
    let field = format!("/api/custom-fields/{id}");

    let narrow = json!({"visible_to": ["admin"]});
    assert_eq!(root.patch(&field, narrow, None).await.status(), 200);
    assert_eq!(keys(&ada.read(&path).await["custom"]), ["size"]);
    assert_eq!(
        ada.patch(&path, json!({"custom": {"size": 4}}), None)
            .await
            .status(),
        200
    );
    settled(&desk).await;
    for door in DOORS {
        let seen = shown(&agent, door).await;
        assert!(
            !seen.contains("pump") && !seen.contains("gasket") || door.contains("explain_routing"),
            "{door}: {seen}"
        );
    }
    let told = root.read(&format!("{path}/timeline")).await.to_string();
    assert!(
        told.contains("secret pump") && told.contains("gasket"),
        "{told}"
    );
    assert_eq!(root.read(&path).await["custom"]["cause"], "secret pump");
    assert_eq!(
        ada.read("/api/search?q=pump").await["items"]
            .as_array()
            .map(Vec::len),
        Some(0)
    );

    let wide = json!({"visible_to": ["admin", "agent", "analyst", "integration"]});
    assert_eq!(root.patch(&field, wide, None).await.status(), 200);
    // While it is on its way it is there.
    assert_eq!(ada.read(&path).await["custom"]["cause"], "secret pump");
    settled(&desk).await;
    let kept: String = desk.one("select custom ->> 'cause' from app.tickets").await;
    assert_eq!(kept, "secret pump");
    assert_eq!(
        desk.one::<i64>("select count(*) from app.ticket_field_values where field_key = 'cause'")
            .await,
        0
    );
    let told = ada.read(&format!("{path}/timeline")).await.to_string();
    assert!(told.contains("secret pump"), "{told}");
    let after = ada.read(&path).await["version"].as_i64();
    assert_eq!(
        after,
        version.as_i64().map(|version| version + 1),
        "only Ada's change"
    );
    let told: String = desk.one(history).await;
    assert_eq!(told.matches("secret pump").count(), 1, "{told}");
    let jobs = root.read("/api/field-jobs").await;
    assert_eq!(
        (
            jobs["items"][0]["status"].as_str(),
            jobs["items"][0]["kind"].as_str()
        ),
        (Some("done"), Some("move"))
    );
    assert_eq!(jobs["items"][0]["changed"], 1);
    assert!(
        ada.read("/api/field-jobs").await["items"]
            .as_array()
            .is_some_and(Vec::is_empty)
    );
}

#[tokio::test]
async fn what_is_told_of_a_ticket_never_tells_a_field_that_its_reader_may_not_see() {
    let (desk, _, ticket) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk.key(&["tickets:read"], None).await;
    let start = ada.read("/api/events").await["cursor"].clone();
    let start = start.as_str().expect("a cursor");
    desk.run(
        "insert into app.routing_rules (name, conditions, actions) values
           ('R', '{\"field\": \"custom.margin\", \"op\": \"greater\", \"value\": 4000}', '[{\"set\": \"custom.margin\", \"value\": 4800}]')",
    )
    .await;
    let path = format!("/api/tickets/{ticket}");
    let change = json!({"custom": {"margin": 4812, "cause": "hose"}});
    assert_eq!(root.patch(&path, change, None).await.status(), 200);

    let events = format!("/api/events?after={start}");
    let places = [
        format!("{path}/timeline"),
        format!("{path}/routing"),
        events,
    ];
    // The feed stays behind the oldest transaction of the cluster, which other tests share.
    while !root
        .get(&places[2])
        .await
        .text()
        .await
        .expect("text")
        .contains("4812")
    {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    for place in &places {
        let told = root.get(place).await.text().await.expect("text");
        assert!(
            told.contains("4812") || told.contains("margin"),
            "{place}: {told}"
        );
        let told = ada.get(place).await.text().await.expect("text");
        assert!(
            !told.contains("4812") && !told.contains("4711") && !told.contains("margin"),
            "{place}: {told}"
        );
    }
    let told = key.get(&places[2]).await.text().await.expect("text");
    assert!(told.contains("hose") && !told.contains("margin"), "{told}");
}

#[tokio::test]
async fn a_field_that_one_may_not_see_cannot_be_set_changed_or_emptied() {
    let (desk, _, ticket) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk.key(&["tickets:read", "tickets:write"], None).await;
    let path = format!("/api/tickets/{ticket}");
    let margin = "select value::text from app.ticket_field_values where field_key = 'margin'";

    for who in [&ada, &key] {
        for body in [
            json!({"margin": 1, "size": "x"}),
            json!({"margin": null, "size": "x"}),
        ] {
            let problem = refused(who.patch(&path, json!({"custom": body}), None).await).await;
            let mut paths = problem_paths(&problem);
            paths.sort_unstable();
            assert_eq!(paths, ["custom.margin", "custom.size"]);
            assert!(problem.to_string().contains("is not a field of this desk"));
        }
        let new = json!({"subject": "New", "requester": {"email": "cleo@customer.test"}, "custom": {"margin": 1}});
        let problem = refused(who.post("/api/tickets", new).await).await;
        assert_eq!(problem_paths(&problem), ["custom.margin"]);
        let change = json!({"custom": {"size": 5}});
        assert_eq!(who.patch(&path, change, None).await.status(), 200);
    }
    // Nor does a macro tell what the field takes.
    for value in [json!("x"), json!(7)] {
        for key in ["margin", "nothing"] {
            let actions = json!([{"set": format!("custom.{key}"), "value": value}]);
            let new =
                json!({"name": "Set", "scope": "private", "owner_id": ada.id, "actions": actions});
            let problem = refused(ada.post("/api/macros", new).await).await;
            assert_eq!(
                problem["problems"][0]["message"], "is not a field of this desk",
                "{problem}"
            );
        }
    }
    assert_eq!(desk.one::<String>(margin).await, "4711");

    let change = json!({"custom": {"margin": 12}});
    assert_eq!(root.patch(&path, change, None).await.status(), 200);
    assert_eq!(desk.one::<String>(margin).await, "12");
}

#[tokio::test]
async fn a_required_field_is_asked_of_those_only_who_see_it() {
    let (desk, _, ticket) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(&format!(
        "update app.tickets set custom = '{{\"margin\": null}}' where id = {ticket};
         update app.custom_fields set required_on_create = true, required_on_solve = true where key = 'margin'"
    ))
    .await;
    let new = json!({"subject": "New", "requester": {"email": "cleo@customer.test"}});

    let problem = refused(root.post("/api/tickets", new.clone()).await).await;
    assert_eq!(problem_paths(&problem), ["custom.margin"]);
    assert_eq!(ada.post("/api/tickets", new).await.status(), 201);
    let solve = format!("/api/tickets/{ticket}/solve");
    let problem = refused(root.post(&solve, json!({})).await).await;
    assert_eq!(problem_paths(&problem), ["custom.margin"]);
    assert_eq!(ada.post(&solve, json!({})).await.status(), 200);
}

#[tokio::test]
async fn nobody_asks_by_a_field_that_they_may_not_see() {
    let (desk, _, _) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let asks = json!({"field": "custom.margin", "op": "is", "value": 4711});
    let view = |name: &str, conditions: &Value, sort: &str| {
        json!({"name": name, "visibility": "everyone", "conditions": conditions, "sort": sort,
               "columns": ["subject", "custom.margin", "custom.cause"]})
    };
    let mut made = Vec::new();
    for body in [
        view("By margin", &asks, "id"),
        view("All", &json!({"all": []}), "id"),
        view("Sorted", &json!({"all": []}), "custom.margin"),
    ] {
        let reply = root.post("/api/views", body).await;
        assert_eq!(reply.status(), 201);
        let body: Value = reply.json().await.expect("a view");
        made.push(body["id"].as_i64().expect("an id"));
    }
    let tickets = |id: i64| format!("/api/views/{id}/tickets");

    let row = root.read(&tickets(made[1])).await["items"][0].clone();
    assert_eq!(keys(&row["custom"]), ["cause", "margin"]);
    let row = ada.read(&tickets(made[1])).await["items"][0].clone();
    assert_eq!(keys(&row["custom"]), ["cause"]);
    for id in [made[0], made[2]] {
        assert_eq!(root.get(&tickets(id)).await.status(), 200);
        // To whoever may not see the field there is no such view.
        assert_eq!(ada.get(&tickets(id)).await.status(), 404);
    }
    let told = ada.read(&format!("/api/views/{}", made[1])).await;
    assert_eq!(told["columns"], json!(["subject", "custom.cause"]));
    let count = async |who: &Person| {
        let counts = who.read("/api/views/counts").await;
        let items = counts["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter(|item| item["id"] == made[0]).count()
    };
    assert_eq!((count(&root).await, count(&ada).await), (1, 0));

    let own = json!({"name": "Mine", "conditions": asks, "columns": ["subject", "custom.margin"]});
    let problem = refused(ada.post("/api/views", own).await).await;
    assert_eq!(problem_paths(&problem), ["conditions.field", "columns"]);
    assert_eq!(
        root.get("/api/search?q=custom.margin:4711").await.status(),
        200
    );
    refused(ada.get("/api/search?q=custom.margin:4711").await).await;
}

#[tokio::test]
async fn what_is_split_off_by_whoever_may_not_see_a_field_brings_the_others_along() {
    let (desk, _, ticket) = furnished().await;
    let ada = desk.agent("Ada", "billing").await;
    let message: i64 = desk.one("select min(id) from app.messages").await;
    let split = ada
        .post(
            &format!("/api/tickets/{ticket}/split"),
            json!({"message_id": message}),
        )
        .await;
    assert_eq!(split.status(), 201);
    let kept: String = desk
        .one("select app.custom_of(t)::text from app.tickets t order by id desc limit 1")
        .await;
    assert_eq!(kept, r#"{"size": 3, "cause": "gasket"}"#);
}

#[tokio::test]
async fn a_relation_points_to_what_its_writer_can_see_and_all_that_do_not_are_told_at_once() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(
        "insert into app.organizations (name) values ('Acme');
         insert into app.custom_fields (key, label, type, config) values
           ('buyer', 'Buyer', 'relation', '{\"target\": \"user\"}'), ('dealer', 'Dealer', 'relation', '{\"target\": \"organization\"}'),
           ('cause', 'Cause', 'relation', '{\"target\": \"ticket\"}'), ('seats', 'Seats', 'integer', '{}')",
    )
    .await;
    let ticket = desk.ticket("Ours", "billing").await;
    let ours = desk.ticket("The cause", "billing").await;
    let theirs = desk.ticket("Hidden", "tech").await;
    let path = format!("/api/tickets/{ticket}");
    let good = json!({"buyer": ada.id, "dealer": 1, "cause": ours});

    let wrong = json!({"custom": {"buyer": 99999, "dealer": 2, "cause": theirs, "seats": "x"}});
    let problem = refused(ada.patch(&path, wrong, None).await).await;
    let mut paths = problem_paths(&problem);
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "custom.buyer",
            "custom.cause",
            "custom.dealer",
            "custom.seats"
        ]
    );
    assert!(
        problem
            .to_string()
            .contains(&format!("there is no ticket {theirs} that you can see"))
    );
    let reply = ada.patch(&path, json!({"custom": good}), None).await;
    assert_eq!(reply.status(), 200);

    // Who may not see what somebody else pointed to still works on the ticket.
    desk.run(&format!(
        "update app.tickets set custom = custom || '{{\"cause\": {theirs}}}' where id = {ticket}"
    ))
    .await;
    let change = json!({"custom": {"seats": 3}});
    assert_eq!(ada.patch(&path, change, None).await.status(), 200);
}

#[tokio::test]
async fn a_relation_is_emptied_with_what_it_points_to_and_the_history_tells() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    desk.run(
        "insert into app.organizations (name) values ('Acme'), ('Other');
         insert into app.custom_fields (key, label, type, config) values
           ('dealer', 'Dealer', 'relation', '{\"target\": \"organization\"}'), ('seats', 'Seats', 'integer', '{}')",
    )
    .await;
    let first = desk.ticket("First", "billing").await;
    let second = desk.ticket("Second", "billing").await;
    desk.run(&format!(
        "update app.tickets set custom = '{{\"dealer\": 1, \"seats\": 1}}' where id = {first};
         update app.tickets set custom = '{{\"dealer\": 2, \"seats\": 1}}' where id = {second}"
    ))
    .await;

    assert_eq!(root.delete("/api/organizations/1").await.status(), 200);

    let custom = async |id: i64| root.read(&format!("/api/tickets/{id}")).await["custom"].clone();
    assert_eq!(custom(first).await, json!({"seats": 1}));
    assert_eq!(custom(second).await, json!({"dealer": 2, "seats": 1}));
    let told: i64 = desk
        .one(&format!("select count(*) from app.audit_log where table_name = 'tickets' and row_key = '{first}' and changes ? 'custom' and actor_id = {}", root.id))
        .await;
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_field_that_is_renamed_or_retired_keeps_its_values_and_one_with_values_is_not_removed() {
    let (desk, _, ticket) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let id: i64 = desk
        .one("select id from app.custom_fields where key = 'cause'")
        .await;
    let field = format!("/api/custom-fields/{id}");
    let path = format!("/api/tickets/{ticket}");

    assert_eq!(
        root.patch(&field, json!({"label": "Root cause"}), None)
            .await
            .status(),
        200
    );
    let problem = refused(root.patch(&field, json!({"key": "reason"}), None).await).await;
    assert_eq!(problem_paths(&problem), ["key"]);
    assert_eq!(root.delete(&field).await.status(), 409);
    assert_eq!(
        root.patch(&field, json!({"active": false}), None)
            .await
            .status(),
        200
    );

    // Retired: kept and shown, no longer set, and no hindrance.
    assert_eq!(ada.read(&path).await["custom"]["cause"], "gasket");
    let change = json!({"custom": {"size": 9}});
    assert_eq!(ada.patch(&path, change, None).await.status(), 200);
    let problem = refused(
        ada.patch(&path, json!({"custom": {"cause": "hose"}}), None)
            .await,
    )
    .await;
    assert_eq!(problem_paths(&problem), ["custom.cause"]);
    assert_eq!(ada.read(&path).await["custom"]["cause"], "gasket");
    assert_eq!(
        root.patch(&field, json!({"active": true}), None)
            .await
            .status(),
        200
    );
    let change = json!({"custom": {"cause": "hose"}});
    assert_eq!(ada.patch(&path, change, None).await.status(), 200);

    // Emptied everywhere, it may go.
    desk.run("update app.tickets set custom = '{}'").await;
    assert_eq!(root.delete(&field).await.status(), 200);
}

/// Tickets of billing, made past the API, with this value of `custom`: an expression over their number `n`.
pub async fn many(desk: &Desk, count: i64, custom: &str) {
    desk.ticket("First", "billing").await;
    desk.run(&format!(
        "insert into app.tickets (subject, requester_id, team_id, custom)
         select 'Ticket', t.requester_id, t.team_id, {custom} from app.tickets t, generate_series(1, {count}) n where t.subject = 'First';
         delete from app.tickets where subject = 'First'"
    ))
    .await;
}

#[tokio::test]
async fn a_filterable_field_is_found_and_sorted_by_an_index_that_comes_heals_and_goes_by_itself() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    desk.run("insert into app.custom_fields (key, label, type) values ('area', 'Area', 'text'), ('seats', 'Seats', 'integer')").await;
    many(
        &desk,
        4000,
        "jsonb_build_object('area', 'Area ' || n % 100, 'seats', n % 200)",
    )
    .await;
    let keep = async || {
        autocrm_api::work::indexes::keep(&desk.admin_url())
            .await
            .expect("kept");
    };
    let there = "select coalesce(string_agg(c.relname || ' ' || i.indisvalid, ', ' order by c.relname), '')
      from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'tickets\\_field\\_%'";
    let both = "tickets_field_1_order_idx true, tickets_field_1_value_idx true";

    let restricted = json!({"filterable": true, "visible_to": ["admin"]});
    assert_eq!(
        problem_paths(&refused(root.patch("/api/custom-fields/1", restricted, None).await).await),
        ["filterable"]
    );
    assert_eq!(
        root.patch("/api/custom-fields/1", json!({"filterable": true}), None)
            .await
            .status(),
        200
    );
    keep().await;
    assert_eq!(desk.one::<String>(there).await, both);
    // As a crash in the middle of it leaves an index.
    desk.run("update pg_index set indisvalid = false where indexrelid = 'app.tickets_field_1_value_idx'::regclass").await;
    keep().await;
    assert_eq!(desk.one::<String>(there).await, both);

    desk.run("analyze app.tickets").await;
    let agent = at_a_prompt(&desk, "agent").await;
    let plan = async |sql: String| -> String {
        let rows = agent
            .query(&format!("explain {sql}"), &[])
            .await
            .expect("a plan");
        rows.iter()
            .map(|row| row.get::<_, String>(0) + "\n")
            .collect()
    };
    let found: String = desk
        .one(r#"select autocrm.condition_sql('{"field": "custom.area", "op": "is", "value": "area 7"}')"#)
        .await;
    let told = plan(format!("select t.id from app.tickets t where {found} and t.status_id = 1 order by t.updated_at desc, t.id desc limit 26")).await;
    assert!(told.contains("tickets_field_1_value_idx"), "{told}");

    // Queues themselves use both.
    let scans = async |name: &str| -> i64 {
        desk.one(&format!(
            "select idx_scan from pg_stat_user_indexes where indexrelname = '{name}'"
        ))
        .await
    };
    let (values, orders) = (
        scans("tickets_field_1_value_idx").await,
        scans("tickets_field_1_order_idx").await,
    );
    let view = |sort: &str, conditions: Value| json!({"name": sort, "visibility": "everyone", "conditions": conditions, "sort": sort, "columns": ["id", "custom.area"]});
    let mut sizes = Vec::new();
    for body in [
        view(
            "-updated_at",
            json!({"field": "custom.area", "op": "is", "value": "AREA 7"}),
        ),
        view(
            "custom.area",
            json!({"field": "status", "op": "is", "value": "new"}),
        ),
    ] {
        let made: Value = root
            .post("/api/views", body)
            .await
            .json()
            .await
            .expect("a view");
        let page = root
            .read(&format!("/api/views/{}/tickets?limit=50", made["id"]))
            .await;
        sizes.push(page["items"].as_array().map_or(0, Vec::len));
        if sizes.len() == 2 {
            assert_eq!(page["items"][0]["custom"]["area"], "Area 0");
        }
    }
    assert_eq!(sizes, [40, 50]);
    for (name, before) in [
        ("tickets_field_1_value_idx", values),
        ("tickets_field_1_order_idx", orders),
    ] {
        let mut used = false;
        for _ in 0..100 {
            used = scans(name).await > before;
            if used {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(used, "{name}");
    }

    assert_eq!(
        root.patch("/api/custom-fields/1", json!({"filterable": false}), None)
            .await
            .status(),
        200
    );
    keep().await;
    assert_eq!(desk.one::<String>(there).await, "");
}

/// Type, config, what fits and what does not.
fn kinds() -> Vec<(&'static str, Value, Value, Value)> {
    let choice = json!({"options": ["api", {"value": "web", "label": "Web"}]});
    vec![
        (
            "text",
            json!({"max_length": 5}),
            json!("short"),
            json!("too long"),
        ),
        ("multiline", json!({}), json!("a\nb"), json!(["a"])),
        ("integer", json!({"min": 1, "max": 9}), json!(9), json!(9.5)),
        ("decimal", json!({"min": 0.5}), json!(0.5), json!("0.5")),
        ("boolean", json!({}), json!(false), json!("no")),
        ("date", json!({}), json!("2024-02-29"), json!("2023-02-29")),
        (
            "datetime",
            json!({}),
            json!("2026-11-21T09:30:00+01:00"),
            json!("2026-11-21 09:30"),
        ),
        ("dropdown", choice.clone(), json!("web"), json!("Web")),
        (
            "multiselect",
            choice,
            json!(["web", "api"]),
            json!(["web", "fax"]),
        ),
        (
            "regex",
            json!({"pattern": "[A-Z]{2}-[0-9]{4}"}),
            json!("AB-1234"),
            json!("xAB-1234"),
        ),
        (
            "url",
            json!({}),
            json!("https://desk.test/x?y=1"),
            json!("javascript:alert(1)"),
        ),
        (
            "email",
            json!({}),
            json!("ada@desk.test"),
            json!("ada at desk"),
        ),
        (
            "relation",
            json!({"target": "ticket"}),
            json!(1),
            json!("1"),
        ),
    ]
}

#[tokio::test]
async fn every_type_takes_what_fits_keeps_it_and_tells_all_that_does_not_at_once() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("First", "billing").await;
    let path = format!("/api/tickets/{ticket}");
    let (mut good, mut bad) = (json!({}), json!({}));
    for (kind, config, fits, does_not) in kinds() {
        let body = json!({"key": kind, "label": kind, "type": kind, "config": config});
        let wrong = json!({"key": "other", "label": kind, "type": kind, "config": config, "default_value": does_not});
        let problem = refused(root.post("/api/custom-fields", wrong).await).await;
        assert_eq!(problem_paths(&problem), ["default_value"], "{kind}");
        let reply = root.post("/api/custom-fields", body).await;
        assert_eq!(reply.status(), 201, "{kind}");
        good[kind] = fits;
        bad[kind] = does_not;
    }
    let problem = refused(ada.patch(&path, json!({"custom": bad}), None).await).await;
    let mut paths: Vec<String> = problem_paths(&problem)
        .into_iter()
        .map(str::to_owned)
        .collect();
    paths.sort_unstable();
    let mut all: Vec<String> = keys(&good)
        .iter()
        .map(|key| format!("custom.{key}"))
        .collect();
    all.sort_unstable();
    assert_eq!(paths, all);
    assert_eq!(ada.read(&path).await["custom"], json!({}));

    assert_eq!(
        ada.patch(&path, json!({"custom": good}), None)
            .await
            .status(),
        200
    );
    // A point in time is kept in UTC.
    good["datetime"] = json!("2026-11-21T08:30:00Z");
    assert_eq!(ada.read(&path).await["custom"], good);
    let empty: serde_json::Map<String, Value> = keys(&good)
        .into_iter()
        .map(|key| (key.to_owned(), Value::Null))
        .collect();
    assert_eq!(
        ada.patch(&path, json!({"custom": empty}), None)
            .await
            .status(),
        200
    );
    assert_eq!(ada.read(&path).await["custom"], json!({}));
}

#[tokio::test]
async fn a_definition_that_could_not_be_used_is_refused_with_its_place() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    for (kind, config, path) in [
        ("dropdown", json!({}), "config.options"),
        ("multiselect", json!({"options": []}), "config.options"),
        ("regex", json!({}), "config.pattern"),
        ("regex", json!({"pattern": "("}), "config.pattern"),
        (
            "regex",
            json!({"pattern": "[0-9]{5}", "message": ""}),
            "config.message",
        ),
        ("relation", json!({"target": "moon"}), "config.target"),
        ("text", json!([]), "config"),
        ("colour", json!({}), "type"),
    ] {
        let body = json!({"key": "k", "label": "K", "type": kind, "config": config});
        let problem = refused(root.post("/api/custom-fields", body).await).await;
        assert_eq!(problem_paths(&problem), [path], "{kind} {config}");
    }
    let body = json!({"key": "k", "label": "K", "type": "text", "visible_when": {"field": "x"}});
    let problem = refused(root.post("/api/custom-fields", body).await).await;
    assert_eq!(problem_paths(&problem), ["visible_when"]);
}

#[tokio::test]
async fn a_pattern_is_explained_in_the_words_that_its_desk_gave_it() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let config =
        json!({"pattern": "[0-9]{5}", "message": "must be the five digits printed on the invoice"});
    let body = json!({"key": "order", "label": "Order number", "type": "regex", "config": config});
    assert_eq!(root.post("/api/custom-fields", body).await.status(), 201);
    let ticket = desk.ticket("Which order?", "billing").await;
    let problem = refused(
        ada.patch(
            &format!("/api/tickets/{ticket}"),
            json!({"custom": {"order": "12"}}),
            None,
        )
        .await,
    )
    .await;
    assert_eq!(problem_paths(&problem), ["custom.order"]);
    assert_eq!(
        problem["problems"][0]["message"],
        "must be the five digits printed on the invoice"
    );
}

#[tokio::test]
async fn defaults_fill_in_and_what_is_required_is_asked_at_its_moment_and_only_when_it_is_shown() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(
        r#"insert into app.custom_fields (key, label, type, config, required_on_create, required_on_solve, default_value, visible_when) values
             ('kind', 'Kind', 'dropdown', '{"options": ["fault", "wish"]}', true, false, null, null),
             ('serial', 'Serial', 'text', '{}', true, false, null, '{"field": "kind", "in": ["fault"]}'),
             ('cause', 'Cause', 'text', '{}', false, true, null, '{"field": "kind", "in": ["fault"]}'),
             ('source', 'Source', 'text', '{}', true, false, '"phone"', null)"#,
    )
    .await;
    let new = |custom: Value| json!({"subject": "New", "requester": {"email": "cleo@customer.test"}, "custom": custom});

    let problem = refused(ada.post("/api/tickets", new(json!({}))).await).await;
    assert_eq!(problem_paths(&problem), ["custom.kind"]);
    let problem = refused(
        ada.post("/api/tickets", new(json!({"kind": "fault", "serial": ""})))
            .await,
    )
    .await;
    assert_eq!(problem_paths(&problem), ["custom.serial"]);
    let wish: Value = ada
        .post("/api/tickets", new(json!({"kind": "wish"})))
        .await
        .json()
        .await
        .expect("a ticket");
    assert_eq!(wish["custom"], json!({"kind": "wish", "source": "phone"}));
    let solve = |ticket: &Value| format!("/api/tickets/{}/solve", ticket["id"]);
    assert_eq!(ada.post(&solve(&wish), json!({})).await.status(), 200);

    let fault: Value = ada
        .post(
            "/api/tickets",
            new(json!({"kind": "fault", "serial": "7", "source": "web"})),
        )
        .await
        .json()
        .await
        .expect("a ticket");
    assert_eq!(fault["custom"]["source"], "web");
    let problem = refused(ada.post(&solve(&fault), json!({})).await).await;
    assert_eq!(problem_paths(&problem), ["custom.cause"]);
    let with = json!({"custom": {"cause": "cable"}});
    assert_eq!(ada.post(&solve(&fault), with).await.status(), 200);
}

#[tokio::test]
async fn whatever_writes_tickets_keeps_restricted_values_and_lets_nobody_else_set_them() {
    let (desk, cus, ticket) = furnished().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let path = format!("/api/tickets/{ticket}");
    let margin = async |id: i64| -> Value {
        root.read(&format!("/api/tickets/{id}")).await["custom"]["margin"].clone()
    };

    // Bulk, and its undoing.
    let many = json!({"action": "update", "ids": [ticket], "changes": {"custom": {"margin": 9}}});
    let job: Value = ada
        .post("/api/bulk-jobs", many.clone())
        .await
        .json()
        .await
        .expect("a job");
    assert_eq!(
        (job["done"].as_i64(), job["failed"].as_i64()),
        (Some(0), Some(1))
    );
    let job: Value = root
        .post("/api/bulk-jobs", many)
        .await
        .json()
        .await
        .expect("a job");
    assert_eq!(
        (job["done"].as_i64(), margin(ticket).await),
        (Some(1), json!(9))
    );
    let undo = format!("/api/bulk-jobs/{}/undo", job["id"]);
    assert_eq!(root.post(&undo, json!({})).await.status(), 200);
    assert_eq!(margin(ticket).await, 4711);

    // Macros: shared by all who see what they name.
    let made = json!({"name": "Price", "actions": [{"set": "custom.margin", "value": 12}], "message_kind": "note", "body_text": "Was {{ticket.custom.margin}}"});
    let made: Value = root
        .post("/api/macros", made)
        .await
        .json()
        .await
        .expect("a macro");
    let apply = format!("{path}/macros/{}/apply", made["id"]);
    // It names a field that Ada may not see: to her there is none.
    assert_eq!(ada.post(&apply, json!({})).await.status(), 404);
    let done: Value = root
        .post(&apply, json!({}))
        .await
        .json()
        .await
        .expect("an answer");
    assert_eq!(done["ticket"]["custom"]["margin"], 12, "{done}");
    let own = json!({"name": "Mine", "scope": "private", "message_kind": "note", "body_text": "{{ticket.custom.margin}}"});
    let problem = refused(ada.post("/api/macros", own).await).await;
    assert!(
        !problem.to_string().contains("ticket.custom.margin,"),
        "{problem}"
    );

    // Merged, deleted and restored, followed up.
    let other = desk.ticket("Beside", "billing").await;
    assert_eq!(
        ada.post(&format!("{path}/merge"), json!({"into": other}))
            .await
            .status(),
        200
    );
    assert_eq!(
        (margin(ticket).await, margin(other).await),
        (json!(12), Value::Null)
    );
    assert_eq!(
        root.patch(
            &format!("/api/tickets/{other}"),
            json!({"custom": {"margin": 5}}),
            None
        )
        .await
        .status(),
        200
    );
    assert_eq!(
        root.delete(&format!("/api/tickets/{other}")).await.status(),
        200
    );
    assert_eq!(
        root.post(&format!("/api/tickets/{other}/restore"), json!({}))
            .await
            .status(),
        200
    );
    assert_eq!(margin(other).await, 5);
    desk.run(&format!(
        "update app.tickets set requester_id = {0} where id = {other};
         update app.tickets set status_id = (select id from app.statuses where category = 'closed' limit 1) where id = {other};
         insert into app.messages (ticket_id, author_id, body_text) values ({other}, {0}, 'Again')",
        cus.id
    ))
    .await;
    let next: i64 = desk.one("select max(id) from app.tickets").await;
    assert!(next > other);
    assert_eq!(margin(next).await, 5);
    assert_eq!(
        keys(&ada.read(&format!("/api/tickets/{next}")).await["custom"]),
        [""; 0]
    );
}
