//! Custom fields: who sees and sets them, what relations may point to, and that no value is lost with a field.

use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

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

fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

async fn refused(reply: reqwest::Response) -> Value {
    assert_eq!(reply.status(), 422);
    reply.json().await.expect("a problem")
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
    let ann = desk.analyst(None).await;
    for view in ["api.tickets", "reporting.tickets"] {
        let seen: String = ann
            .query_one(&format!("select custom::text from {view}"), &[])
            .await
            .expect("reads")
            .get(0);
        assert!(
            seen.contains("gasket") && !seen.contains("margin"),
            "{seen}"
        );
    }
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
    let margin = "select custom ->> 'margin' from app.tickets where subject = 'Leaky valve'";

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
        "update app.custom_fields set required_on_create = true, required_on_solve = true where key = 'margin';
         update app.tickets set custom = '{{}}' where id = {ticket}"
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
        refused(ada.get(&tickets(id)).await).await;
    }
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
async fn what_becomes_hidden_is_no_longer_found_by_its_text() {
    let (desk, _, _) = furnished().await;
    let ada = desk.agent("Ada", "billing").await;
    let found = async || {
        let page = ada.read("/api/search?q=gasket").await;
        page["items"].as_array().map(Vec::len)
    };
    assert_eq!(found().await, Some(1));
    desk.run("update app.custom_fields set visible_to = '{admin}' where key = 'cause'")
        .await;
    assert_eq!(found().await, Some(0));
    desk.run(
        "update app.custom_fields set visible_to = '{admin,agent,integration}' where key = 'cause'",
    )
    .await;
    assert_eq!(found().await, Some(1));
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
        .one("select custom::text from app.tickets order by id desc limit 1")
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
    desk.run("update app.tickets set custom = custom - 'cause'")
        .await;
    assert_eq!(root.delete(&field).await.status(), 200);
}
