//! Tags over REST: made on use or from a closed list, counted, renamed and merged with all that name them.

use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn a_closed_list_is_for_administrators_to_add_to() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk.key(&["tickets:read", "tickets:write"], None).await;
    desk.run("insert into app.routing_rules (name, conditions, actions) values ('r', '{\"all\": []}', '[{\"add_tags\": [\"ruled\"]}]')").await;
    let tagged = |tag: &str| json!({"subject": "Hello", "tags": [tag]});
    assert_eq!(
        ada.post("/api/tickets", tagged("refund")).await.status(),
        201,
        "made on use"
    );

    assert_eq!(
        ada.patch("/api/tags/settings", json!({"closed": true}), None)
            .await
            .status(),
        403
    );
    assert_eq!(
        root.patch("/api/tags/settings", json!({"closed": "yes"}), None)
            .await
            .status(),
        422
    );
    assert_eq!(
        root.patch("/api/tags/settings", json!({"closed": true}), Some(1))
            .await
            .status(),
        200
    );
    assert_eq!(
        root.patch("/api/tags/settings", json!({"closed": true}), Some(1))
            .await
            .status(),
        409
    );
    assert_eq!(ada.read("/api/tags/settings").await["closed"], true);

    for who in [&ada, &key] {
        let reply = who.post("/api/tickets", tagged("refnud")).await;
        assert_eq!(reply.status(), 422);
        let problem: Value = reply.json().await.expect("JSON");
        assert_eq!(problem_paths(&problem), ["tags"]);
        assert!(
            problem["problems"][0]["message"]
                .as_str()
                .is_some_and(|m| m.contains("refund")),
            "{problem}"
        );
    }
    assert_eq!(
        ada.post("/api/tags", json!({"name": "mine"}))
            .await
            .status(),
        422
    );
    assert_eq!(
        ada.post("/api/tickets", tagged("Refund")).await.status(),
        201
    );
    assert_eq!(
        root.post("/api/tags", json!({"name": "new"}))
            .await
            .status(),
        201
    );
    desk.run("delete from app.routing_rules; delete from app.tags where name = 'ruled' and false")
        .await;
    let macro_body =
        json!({"name": "m", "scope": "private", "actions": [{"add_tags": ["unheard"]}]});
    assert_eq!(ada.post("/api/macros", macro_body).await.status(), 422);
}

#[tokio::test]
async fn a_rule_that_names_a_tag_off_the_list_stops_no_ticket() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("insert into app.routing_rules (name, conditions, actions) values ('r', '{\"all\": []}', '[{\"add_tags\": [\"ruled\"]}]');
         update app.tag_settings set closed = true").await;
    let reply = ada.post("/api/tickets", json!({"subject": "Hello"})).await;
    assert_eq!(reply.status(), 201);
    assert_eq!(
        reply.json::<Value>().await.expect("JSON")["tags"],
        json!([])
    );
}

#[tokio::test]
async fn a_renamed_tag_is_followed_by_rules_and_macros_and_found_by_its_new_name() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let own = json!({"name": "Mine", "scope": "private", "actions": [{"add_tags": ["VIP", "x"]}, {"remove_tags": ["vip"]}]});
    assert_eq!(ada.post("/api/macros", own).await.status(), 201);
    desk.run("insert into app.tags (name) values ('vip'), ('gold');
         insert into app.routing_rules (name, conditions, actions) values
           ('Vips', '{\"any\": [{\"field\": \"tags\", \"op\": \"includes_any\", \"value\": [\"vip\"]}, {\"field\": \"subject\", \"op\": \"is\", \"value\": \"vip\"}]}', '[{\"add_tags\": [\"vip\"]}]')").await;
    assert_eq!(
        ada.patch("/api/tags/1", json!({"name": "best"}), None)
            .await
            .status(),
        403
    );

    assert_eq!(
        root.patch("/api/tags/1", json!({"name": "best"}), None)
            .await
            .status(),
        200
    );
    let rule = root.read("/api/routing-rules/1").await;
    assert_eq!(rule["actions"], json!([{"add_tags": ["best"]}]));
    assert_eq!(
        (
            &rule["conditions"]["any"][0]["value"],
            &rule["conditions"]["any"][1]["value"]
        ),
        (&json!(["best"]), &json!("vip"))
    );
    assert_eq!(
        ada.read("/api/macros/1").await["actions"],
        json!([{"add_tags": ["best", "x"]}, {"remove_tags": ["best"]}])
    );

    let refused = root.delete("/api/tags/1").await;
    assert_eq!(refused.status(), 409);
    let told = refused.text().await.expect("a body");
    assert!(
        told.contains("the routing rule Vips")
            && told.contains("a private macro")
            && !told.contains("Mine"),
        "{told}"
    );

    let ticket = desk.ticket("Hello", "billing").await;
    desk.run(&format!(
        "update app.tickets set tag_ids = array[1, 2] where id = {ticket}"
    ))
    .await;
    assert_eq!(
        ada.post("/api/tags/1/merge", json!({"into": 2}))
            .await
            .status(),
        403
    );
    assert_eq!(
        ada.read("/api/macros/1").await["actions"][0]["add_tags"],
        json!(["best", "x"]),
        "nothing followed"
    );
    assert_eq!(
        root.post("/api/tags/1/merge", json!({"into": 2}))
            .await
            .status(),
        200
    );
    assert_eq!(
        ada.read(&format!("/api/tickets/{ticket}")).await["tags"],
        json!(["gold"])
    );
    assert_eq!(
        ada.read("/api/macros/1").await["actions"][0]["add_tags"],
        json!(["gold", "x"])
    );
    assert_eq!(
        root.read("/api/routing-rules/1").await["actions"],
        json!([{"add_tags": ["gold"]}])
    );
    let audited: i64 = desk.one(&format!("select count(*) from app.audit_log where actor_id = {} and table_name in ('tickets', 'tags', 'macros', 'routing_rules') and action <> 'refused'", root.id)).await;
    assert!(audited >= 7, "every change is audited: {audited}");
}

#[tokio::test]
async fn uses_are_counted_and_told_to_those_who_see_all_tickets() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("insert into app.tags (name) values ('vip'), ('gold')")
        .await;
    let (one, two) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Two", "tech").await,
    );
    let counts = async || {
        let list = root.read("/api/tags").await;
        (
            list["items"][1]["tickets"].clone(),
            list["items"][0]["tickets"].clone(),
        )
    };
    desk.run(&format!("update app.tickets set tag_ids = array[1, 2] where id = {one}; update app.tickets set tag_ids = array[1] where id = {two}")).await;
    assert_eq!(counts().await, (json!(2), json!(1)));
    desk.run(&format!("update app.tickets set tag_ids = array[2] where id = {one}; delete from app.tickets where id = {two}")).await;
    assert_eq!(counts().await, (json!(0), json!(1)));
    desk.run("select app._fold_tag_counts()").await;
    assert_eq!(counts().await, (json!(0), json!(1)));
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tag_counts").await,
        1
    );
    assert_eq!(
        ada.read("/api/tags").await["items"][0]["tickets"],
        Value::Null
    );
}
