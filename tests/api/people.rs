//! Customers: their history, two entries made one; timelines by kind.

use autocrm_api::model::{CustomerHistory, Page, TimelineItem, User};
use harness::desk::{Desk, Person};
use serde_json::{Value, json};

pub async fn cleo(desk: &Desk) -> i64 {
    desk.one("select id from app.users where email = 'cleo@customer.test'")
        .await
}

pub async fn customer(desk: &Desk, email: &str) -> i64 {
    desk.one(&format!(
        "insert into app.users (role, name, email) values ('customer', '{email}', '{email}') returning id"
    ))
    .await
}

async fn history(who: &Person, path: &str) -> CustomerHistory {
    who.get(path).await.json().await.expect("a history")
}

fn kinds(history: &CustomerHistory) -> Vec<&str> {
    history.items.iter().map(|i| i.kind.as_str()).collect()
}

#[tokio::test]
async fn a_conflict_over_a_customer_tells_who_changed_it_last() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let path = format!("/api/users/{}", customer(&desk, "una@customer.test").await);
    let seen = ada.read(&path).await["version"].as_i64();
    assert_eq!(
        bob.patch(&path, json!({"phone": "1"}), seen).await.status(),
        200
    );
    let refused = ada.patch(&path, json!({"phone": "2"}), seen).await;
    assert_eq!(refused.status(), 409);
    let problem: Value = refused.json().await.expect("JSON");
    assert_eq!(problem["current"]["phone"], "1");
    assert_eq!(problem["current"]["changed_by"]["name"], "Bob");

    // A view that somebody keeps for themselves says nothing of its owner.
    let view: Value = bob
        .post("/api/views", json!({"name": "Mine"}))
        .await
        .json()
        .await
        .expect("JSON");
    let of_view = format!("/api/views/{}", view["id"]);
    bob.patch(&of_view, json!({"name": "My own"}), Some(1))
        .await;
    assert_eq!(
        ada.patch(&of_view, json!({"name": "Ours"}), Some(1))
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn a_timeline_is_read_by_kind_and_tells_why_a_ticket_went_where_it_did() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let path = format!("/api/tickets/{ticket}");
    for kind in ["reply", "note"] {
        ada.post(
            &format!("{path}/messages"),
            json!({"kind": kind, "body_text": kind}),
        )
        .await;
    }
    ada.patch(&path, json!({"priority": "urgent"}), None).await;

    let told = async |query: &str| -> Vec<String> {
        let page: Page<TimelineItem> = ada
            .get(&format!("{path}/timeline?{query}"))
            .await
            .json()
            .await
            .expect("a timeline");
        page.items
            .into_iter()
            .map(|item| match item {
                TimelineItem::Message { message_kind, .. } => message_kind.as_str().to_owned(),
                TimelineItem::Event { name, .. } => name,
                TimelineItem::Routing { .. } => "routing".to_owned(),
            })
            .collect()
    };
    assert_eq!(told("kind=note").await, ["note"]);
    assert_eq!(told("kind=message").await, ["reply", "reply", "note"]);
    assert_eq!(told("kind=note,routing").await, ["routing", "note"]);
    assert!(
        told("kind=event")
            .await
            .contains(&"ticket.created".to_owned())
    );
    assert!(
        told("kind=change")
            .await
            .iter()
            .all(|name| name == "ticket.updated")
    );
    assert!(!told("kind=change").await.is_empty());

    // Page by page it is the same, without gap or repeat.
    let whole = told("limit=200").await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = ada.read(&format!("{path}/timeline?limit=1{after}")).await;
        for item in page["items"].as_array().expect("items") {
            seen.push(item["kind"].clone());
        }
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert_eq!(seen.len(), whole.len());
    assert!(seen.contains(&json!("routing")));
    assert_eq!(
        ada.get(&format!("{path}/timeline?kind=gossip"))
            .await
            .status(),
        422
    );

    // A key without notes:read gets neither notes nor the reasons of routing.
    let key = desk.key(&["tickets:read"], Some("billing")).await;
    let page = key
        .read(&format!("{path}/timeline?kind=note,routing"))
        .await;
    assert_eq!(page["items"], json!([]));
}

#[tokio::test]
async fn the_history_of_a_customer_holds_what_the_caller_may_see() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let boss = desk.admin().await;
    let id = cleo(&desk).await;
    let one = desk.ticket("Card declined", "billing").await;
    desk.ticket("Router broken", "tech").await;
    for kind in ["reply", "note"] {
        ada.post(
            &format!("/api/tickets/{one}/messages"),
            json!({"kind": kind, "body_text": "Try again"}),
        )
        .await;
    }
    let solved = ada
        .post(&format!("/api/tickets/{one}/solve"), json!({}))
        .await;
    assert_eq!(solved.status(), 200);

    let path = format!("/api/users/{id}/history");
    let hers = history(&ada, &path).await;
    assert_eq!(kinds(&hers), ["solved", "replied", "created"]);
    assert_eq!(hers.tickets["solved"], 1);
    assert_eq!(hers.tickets["new"], 0);
    assert_eq!(hers.items[1].snippet.as_deref(), Some("Try again"));
    assert_eq!(hers.items[1].author.as_ref().map(|a| a.id), Some(ada.id));
    assert_eq!(hers.first_contact_at, Some(hers.items[2].at));
    assert_eq!(hers.last_contact_at, Some(hers.items[1].at));

    let all = history(&boss, &path).await;
    assert_eq!(all.items.len(), 4);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = history(&boss, &format!("{path}?limit=1{after}")).await;
        seen.extend(page.items.into_iter().map(|i| (i.at, i.kind)));
        let Some(next) = page.next else {
            break;
        };
        after = format!("&after={next}");
    }
    let whole: Vec<_> = all.items.into_iter().map(|i| (i.at, i.kind)).collect();
    assert_eq!(seen, whole);

    let nobody = history(&ada, &format!("/api/users/{}/history", ada.id)).await;
    assert!(nobody.items.is_empty());
    assert_eq!(nobody.last_contact_at, None);
    assert_eq!(ada.get("/api/users/999999/history").await.status(), 404);
    assert_eq!(ada.get(&format!("{path}?sort=x")).await.status(), 422);
    // A key that reads people but no tickets learns of none.
    let key = desk.key(&["users:read"], None).await;
    assert!(history(&key, &path).await.items.is_empty());
}

#[tokio::test]
async fn the_history_of_an_organization_is_that_of_its_people() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.ticket("Before she joined", "billing").await;
    let organization: i64 = desk
        .one("insert into app.organizations (name) values ('Acme') returning id")
        .await;
    let path = format!("/api/organizations/{organization}/history");
    assert!(history(&ada, &path).await.items.is_empty());
    desk.run(&format!(
        "update app.users set organization_id = {organization} where email = 'cleo@customer.test'"
    ))
    .await;
    desk.ticket("Since", "billing").await;
    desk.ticket("Of others", "tech").await;
    let subjects: Vec<String> = history(&ada, &path)
        .await
        .items
        .into_iter()
        .map(|i| i.subject)
        .collect();
    assert_eq!(subjects, ["Since", "Before she joined"]);
    assert_eq!(
        ada.get("/api/organizations/999999/history").await.status(),
        404
    );
}

#[tokio::test]
async fn a_merged_customer_lives_on_in_the_kept_one() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let (kept, old) = (cleo(&desk).await, customer(&desk, "c@customer.test").await);
    let made = ada
        .post(
            "/api/tickets",
            json!({"subject": "From my other address", "description": "Hi", "requester": {"email": "c@customer.test"}}),
        )
        .await;
    assert_eq!(made.status(), 201);
    // One that Ada does not see comes along too; both entries are CCs of a third.
    let hidden = desk.ticket("Hidden", "tech").await;
    let third = desk.ticket("Third", "billing").await;
    desk.run(&format!(
        "update app.tickets set requester_id = {old} where id = {hidden};
         insert into app.messages (ticket_id, author_id, body_text) values ({hidden}, {old}, 'More');
         insert into app.followers (ticket_id, user_id, kind) values ({third}, {old}, 'cc'), ({third}, {kept}, 'cc'), ({hidden}, {old}, 'cc')"
    ))
    .await;

    let merged = ada
        .post(&format!("/api/users/{old}/merge"), json!({"into": kept}))
        .await;
    assert_eq!(merged.status(), 200, "{:?}", merged.text().await);
    let pointer: User = ada
        .get(&format!("/api/users/{old}"))
        .await
        .json()
        .await
        .expect("a user");
    assert_eq!(
        (pointer.merged_into_id, pointer.active),
        (Some(kept), false)
    );
    for left in [
        format!("select count(*) from app.tickets where requester_id = {old}"),
        format!("select count(*) from app.messages where author_id = {old}"),
        format!("select count(*) from app.followers where user_id = {old}"),
    ] {
        assert_eq!(desk.one::<i64>(&left).await, 0, "{left}");
    }
    assert_eq!(
        desk.one::<i64>(&format!(
            "select count(*) from app.followers where user_id = {kept}"
        ))
        .await,
        2
    );
    let audited: i64 = desk
        .one(&format!(
            "select count(*) from app.audit_log where actor_id = {} and table_name = 'users' and changes ? 'merged_into_id'",
            ada.id
        ))
        .await;
    assert_eq!(audited, 1);

    // What comes from the old address, or under the old id, is the kept one's.
    for requester in [
        json!({"requester": {"email": "C@customer.test"}}),
        json!({"requester_id": old}),
    ] {
        let mut body = json!({"subject": "Again"});
        body.as_object_mut()
            .expect("an object")
            .extend(requester.as_object().expect("an object").clone());
        let ticket: Value = ada
            .post("/api/tickets", body)
            .await
            .json()
            .await
            .expect("a ticket");
        assert_eq!(ticket["requester"]["id"], kept, "{ticket}");
    }

    // A second merge carries the pointer along.
    let last = customer(&desk, "last@customer.test").await;
    let again = ada
        .post(&format!("/api/users/{kept}/merge"), json!({"into": last}))
        .await;
    assert_eq!(again.status(), 200);
    assert_eq!(
        desk.one::<i64>(&format!(
            "select merged_into_id from app.users where id = {old}"
        ))
        .await,
        last
    );
}

#[tokio::test]
async fn a_ticket_of_somebody_who_is_being_merged_waits_and_belongs_to_whom_they_become() {
    let desk = Desk::open().await;
    let (kept, old) = (cleo(&desk).await, customer(&desk, "c@customer.test").await);
    let (merging, writing) = (desk.log_in("postgres").await, desk.log_in("postgres").await);
    merging
        .batch_execute(&format!(
            "begin; update app.users set merged_into_id = {kept}, active = false where id = {old}"
        ))
        .await
        .expect("merges");
    let written = tokio::spawn(async move {
        writing
            .query_one(
                "insert into app.tickets (subject, requester_id) values ('Meanwhile', $1) returning requester_id",
                &[&old],
            )
            .await
            .expect("a ticket")
            .get::<_, i64>(0)
    });
    desk.blocked(1).await;
    merging.batch_execute("commit").await.expect("merged");
    assert_eq!(written.await.expect("written"), kept);
}

#[tokio::test]
async fn only_customers_are_merged_and_only_by_who_writes_users() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let boss = desk.admin().await;
    let (kept, old) = (cleo(&desk).await, customer(&desk, "c@customer.test").await);
    let path = format!("/api/users/{old}/merge");
    for (who, path, into, status) in [
        (&ada, path.clone(), json!(old), 422),
        (&ada, path.clone(), json!("x"), 422),
        (&ada, path.clone(), json!(bob.id), 422),
        (&ada, path.clone(), json!(999_999), 404),
        (&ada, "/api/users/999999/merge".to_owned(), json!(kept), 404),
        (
            &ada,
            format!("/api/users/{}/merge", bob.id),
            json!(kept),
            422,
        ),
        (
            &boss,
            format!("/api/users/{}/merge", bob.id),
            json!(kept),
            422,
        ),
    ] {
        let refused = who.post(&path, json!({"into": into})).await;
        assert_eq!(refused.status(), status, "{path} into {into}");
    }
    let reader = desk.key(&["users:read"], None).await;
    assert_eq!(
        reader.post(&path, json!({"into": kept})).await.status(),
        403
    );
    let writer = desk.key(&["users:read", "users:write"], None).await;
    assert_eq!(
        writer.post(&path, json!({"into": kept})).await.status(),
        200
    );
    // Not into another any more, nor into one that was merged, and it does not come back to life.
    let other = customer(&desk, "d@customer.test").await;
    assert_eq!(ada.post(&path, json!({"into": other})).await.status(), 422);
    let back = ada
        .post(&format!("/api/users/{kept}/merge"), json!({"into": old}))
        .await;
    assert_eq!(back.status(), 422);
    let alive = ada
        .patch(&format!("/api/users/{old}"), json!({"active": true}), None)
        .await;
    assert_eq!(alive.status(), 422);
}

#[tokio::test]
async fn relations_to_somebody_who_was_merged_point_to_whom_they_became() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let (old, kept) = (
        customer(&desk, "old@customer.test").await,
        customer(&desk, "kept@customer.test").await,
    );
    let (ticket, hidden) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Hidden", "tech").await,
    );
    desk.run(&format!(
        r#"insert into app.custom_fields (key, label, type, config, visible_to) values
             ('payer', 'Payer', 'relation', '{{"target": "user"}}', default),
             ('broker', 'Broker', 'relation', '{{"target": "user"}}', '{{admin}}'),
             ('cause', 'Cause', 'relation', '{{"target": "ticket"}}', default);
           insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
           insert into app.object_fields (object_type_id, key, label, type, config) values (1, 'owner', 'Owner', 'relation', '{{"target": "user"}}');
           insert into app.object_records (object_type_id, name, custom) values (1, 'Laptop', '{{"owner": {old}}}');
           update app.tickets set custom = '{{"payer": {old}, "broker": {old}}}'"#
    ))
    .await;
    assert_eq!(
        ada.post(&format!("/api/users/{old}/merge"), json!({"into": kept}))
            .await
            .status(),
        200
    );
    for id in [ticket, hidden] {
        let now: Value = desk
            .one(&format!(
                "select app.custom_of(t) from app.tickets t where id = {id}"
            ))
            .await;
        assert_eq!(now, json!({"payer": kept, "broker": kept}));
    }
    let owner: Value = desk.one("select custom from app.object_records").await;
    assert_eq!(owner, json!({"owner": kept}));
    let audited: i64 = desk
        .one(&format!("select count(*) from app.audit_log where actor_id = {} and table_name in ('tickets', 'object_records', 'ticket_field_values') and action = 'update'", ada.id))
        .await;
    assert!(audited >= 5, "{audited}");

    // A merged ticket is what it became too.
    let (from, into) = (
        desk.ticket("From", "billing").await,
        desk.ticket("Into", "billing").await,
    );
    desk.run(&format!("update app.tickets set custom = custom || '{{\"cause\": {from}}}' where id in ({ticket}, {into})")).await;
    assert_eq!(
        ada.post(&format!("/api/tickets/{from}/merge"), json!({"into": into}))
            .await
            .status(),
        200
    );
    let now: Vec<Option<String>> = desk.one(&format!("select array_agg(custom ->> 'cause' order by id) from app.tickets where id in ({ticket}, {into})")).await;
    assert_eq!(now, [Some(into.to_string()), None]);
}
