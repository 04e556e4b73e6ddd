//! Merging, splitting, linking, solving and opening again.

use autocrm_api::model::{Assignments, Link, Links, Message, Page, StatusTransition, Ticket};
use harness::desk::{Desk, Person, problem_paths};
use rand::prelude::*;
use rand::rngs::StdRng;
use serde_json::{Value, json};

async fn ticket(who: &Person, id: i64) -> Ticket {
    who.get(&format!("/api/tickets/{id}"))
        .await
        .json()
        .await
        .expect("a ticket")
}

async fn messages(who: &Person, id: i64) -> Vec<Message> {
    let page: Page<Message> = who
        .get(&format!("/api/tickets/{id}/messages?limit=200"))
        .await
        .json()
        .await
        .expect("messages");
    page.items
}

async fn texts(who: &Person, id: i64) -> Vec<String> {
    messages(who, id)
        .await
        .into_iter()
        .map(|m| m.body_text)
        .collect()
}

async fn relations(who: &Person, id: i64) -> Vec<(String, i64)> {
    let links: Links = who
        .get(&format!("/api/tickets/{id}/links"))
        .await
        .json()
        .await
        .expect("links");
    links
        .items
        .into_iter()
        .map(|link| (link.relation.as_str().to_owned(), link.ticket_id))
        .collect()
}

async fn merge(who: &Person, id: i64, into: i64) -> u16 {
    who.post(&format!("/api/tickets/{id}/merge"), json!({"into": into}))
        .await
        .status()
        .as_u16()
}

/// The requester of a ticket writes, as by mail.
async fn requester_replies(desk: &Desk, id: i64, text: &str) -> i64 {
    desk.one(&format!(
        "insert into app.messages (ticket_id, author_id, body_text) select {id}, requester_id, '{text}' from app.tickets where id = {id} returning ticket_id"
    ))
    .await
}

#[tokio::test]
async fn a_merged_ticket_is_closed_and_read_on_the_one_it_went_to() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let (one, two, three) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Two", "billing").await,
        desk.ticket("Three", "billing").await,
    );
    // Nobody solves it, so nobody is asked what solving needs.
    desk.run("insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true)").await;
    ada.post(
        &format!("/api/tickets/{one}/messages"),
        json!({"body_text": "On one"}),
    )
    .await;

    assert_eq!(merge(&ada, one, two).await, 200);

    assert_eq!(ticket(&ada, one).await.status, "closed");
    assert_eq!(ticket(&ada, two).await.status, "new");
    assert!(texts(&ada, two).await.contains(&"On one".to_owned()));
    assert!(
        texts(&ada, one)
            .await
            .contains(&format!("Merged into ticket {two}."))
    );
    assert_eq!(
        relations(&ada, one).await,
        [("merged_into".to_owned(), two)]
    );
    assert_eq!(
        relations(&ada, two).await,
        [("merged_from".to_owned(), one)]
    );
    let timeline = ada
        .read(&format!("/api/tickets/{two}/timeline?limit=200"))
        .await;
    assert!(timeline.to_string().contains("On one"));

    // What was merged before comes along.
    assert_eq!(merge(&ada, two, three).await, 200);
    assert!(texts(&ada, three).await.contains(&"On one".to_owned()));
    assert_eq!(
        relations(&ada, one).await,
        [("merged_into".to_owned(), three)]
    );
}

#[tokio::test]
async fn who_writes_on_a_merged_ticket_is_told_where_it_went_and_the_requester_is_taken_there() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let tom = desk.agent("Tom", "tech").await;
    let (one, two) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Two", "billing").await,
    );
    merge(&ada, one, two).await;

    let path = format!("/api/tickets/{one}/messages");
    let told = ada.post(&path, json!({"body_text": "Hello"})).await;
    assert_eq!(told.status(), 409);
    assert_eq!(
        told.json::<Value>().await.expect("JSON")["current"]["merged_into"],
        two
    );
    assert_eq!(
        tom.post(&path, json!({"body_text": "Hello"}))
            .await
            .status(),
        404
    );
    assert!(!texts(&ada, one).await.contains(&"Hello".to_owned()));

    assert_eq!(requester_replies(&desk, one, "Any news?").await, two);
    assert!(texts(&ada, two).await.contains(&"Any news?".to_owned()));
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_and_changes_nothing() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let (one, two, hidden) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Two", "billing").await,
        desk.ticket("Hidden", "tech").await,
    );
    assert_eq!(merge(&ada, one, one).await, 422);
    assert_eq!(merge(&ada, one, hidden).await, 404);
    assert_eq!(merge(&ada, hidden, one).await, 404);
    assert_eq!(merge(&ada, one, 9999).await, 404);
    let reader = desk.key(&["tickets:read"], None).await;
    assert_eq!(merge(&reader, one, two).await, 403);
    let path = format!("/api/tickets/{one}/merge");
    assert_eq!(
        ada.post(&path, json!({"into": "two", "x": 1}))
            .await
            .status(),
        422
    );
    assert_eq!(merge(&ada, one, two).await, 200);
    let refused = ada
        .post(&format!("/api/tickets/{two}/merge"), json!({"into": one}))
        .await;
    assert_eq!(refused.status(), 422);
    assert_eq!(
        problem_paths(&refused.json().await.expect("JSON")),
        ["into"]
    );
    assert_eq!(merge(&ada, one, two).await, 422);
    assert_eq!(ticket(&ada, two).await.status, "new");
}

/// A forest at any time: opposite merges at once close one only, and no message is lost.
#[tokio::test]
async fn merges_in_all_directions_at_once_lose_nothing_and_close_no_ticket_without_a_place_it_went_to()
 {
    let desk = Desk::open().await;
    let people = [
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
        desk.agent("Eve", "billing").await,
    ];
    let mut rng = StdRng::seed_from_u64(20_261_121);
    for round in 0..12 {
        let mut ids = Vec::new();
        for n in 0..5 {
            ids.push(desk.ticket(&format!("Ticket {round} {n}"), "billing").await);
        }
        let said: i64 = desk
            .one("select count(*) from app.messages where kind <> 'system'")
            .await;
        let mut tries = Vec::new();
        for n in 0..6 {
            let pair: Vec<i64> = ids.choose_multiple(&mut rng, 2).copied().collect();
            // The first two go opposite ways.
            let (from, into) = if n == 1 {
                (ids[1], ids[0])
            } else if n == 0 {
                (ids[0], ids[1])
            } else {
                (pair[0], pair[1])
            };
            let who = people[n % 3].clone();
            tries.push(tokio::spawn(async move { merge(&who, from, into).await }));
        }
        let mut merged = 0;
        for attempt in tries {
            let status = attempt.await.expect("ends");
            assert!(matches!(status, 200 | 422 | 503), "{status}");
            merged += i64::from(status == 200);
        }
        let list = ids
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(",");
        let closed: i64 = desk.one(&format!("select count(*) from app.tickets t join app.statuses s on s.id = t.status_id where s.category = 'closed' and t.id in ({list})")).await;
        assert!(merged >= 1);
        assert_eq!(closed, merged, "each merge closes one");
        let astray: i64 = desk
            .one(&format!(
                "select count(*) from app.tickets t
               join app.statuses s on s.id = t.status_id and s.category = 'closed'
               left join app.ticket_links l on l.kind = 'merged' and l.ticket_id = t.id
               left join app.tickets o on o.id = l.other_id
               left join app.statuses os on os.id = o.status_id
              where t.id in ({list}) and os.category is distinct from 'new'"
            ))
            .await;
        assert_eq!(astray, 0, "every closed ticket went to an open one");
        assert_eq!(
            desk.one::<i64>("select count(*) from app.messages where kind <> 'system'")
                .await,
            said
        );
        let mut read = 0;
        for id in &ids {
            if ticket(&people[0], *id).await.status == "new" {
                read += messages(&people[0], *id)
                    .await
                    .iter()
                    .filter(|m| m.kind != "system")
                    .count();
            }
        }
        assert_eq!(read, 5, "every message is read on an open ticket, once");
    }
}

#[tokio::test]
async fn a_message_split_off_makes_a_ticket_linked_both_ways() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let (one, hidden) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Hidden", "tech").await,
    );
    requester_replies(&desk, one, "And another thing").await;
    let message = messages(&ada, one).await.pop().expect("a message").id;
    let path = format!("/api/tickets/{one}/split");
    let foreign: i64 = desk
        .one(&format!(
            "select id from app.messages where ticket_id = {hidden}"
        ))
        .await;
    for wrong in [
        json!({}),
        json!({"message_id": foreign}),
        json!({"message_id": message, "subject": " "}),
    ] {
        assert_eq!(ada.post(&path, wrong).await.status(), 422);
    }

    let made = ada
        .post(
            &path,
            json!({"message_id": message, "subject": "Another thing"}),
        )
        .await;

    assert_eq!(made.status(), 201);
    let made: Ticket = made.json().await.expect("a ticket");
    assert_eq!(
        (made.subject.as_str(), made.description.as_str()),
        ("Another thing", "And another thing")
    );
    assert_eq!(made.requester.name, "Cleo Customer");
    assert_eq!(texts(&ada, made.id).await[0], "And another thing");
    assert!(
        texts(&ada, one)
            .await
            .contains(&"And another thing".to_owned())
    );
    assert_eq!(
        relations(&ada, made.id).await,
        [("split_from".to_owned(), one)]
    );
    assert_eq!(
        relations(&ada, one).await,
        [("split_into".to_owned(), made.id)]
    );
}

#[tokio::test]
async fn links_stand_on_both_tickets_and_never_above_themselves() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let root = desk.admin().await;
    let (one, two, three, hidden) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Two", "billing").await,
        desk.ticket("Three", "billing").await,
        desk.ticket("Hidden", "tech").await,
    );
    let link = |who: &Person, id: i64, relation: &str, other: i64| {
        let (who, body) = (
            who.clone(),
            json!({"relation": relation, "ticket_id": other}),
        );
        async move { who.post(&format!("/api/tickets/{id}/links"), body).await }
    };
    let made: Link = link(&ada, one, "parent_of", two)
        .await
        .json()
        .await
        .expect("a link");
    assert_eq!((made.relation.as_str(), made.ticket_id), ("parent_of", two));
    assert_eq!(relations(&ada, two).await, [("child_of".to_owned(), one)]);
    assert_eq!(link(&ada, three, "child_of", two).await.status(), 201);
    assert_eq!(
        link(&ada, one, "child_of", three).await.status(),
        422,
        "a circle"
    );
    assert_eq!(
        link(&ada, two, "child_of", three).await.status(),
        422,
        "a second parent that is its child"
    );
    assert_eq!(link(&ada, one, "related", three).await.status(), 201);
    let refused = link(&ada, three, "related", one).await;
    assert_eq!(refused.status(), 409, "one link, either way round");
    let told: Value = refused.json().await.expect("JSON");
    assert_eq!(problem_paths(&told), ["ticket_id"]);
    assert_eq!(link(&ada, one, "related", hidden).await.status(), 404);
    assert_eq!(link(&ada, one, "merged_into", two).await.status(), 422);
    assert_eq!(link(&ada, one, "related", one).await.status(), 422);

    // A second problem is refused in the same words, whether or not the caller sees the first.
    let (near, far) = (
        desk.ticket("Near", "billing").await,
        desk.ticket("Far", "billing").await,
    );
    assert_eq!(link(&ada, near, "incident_of", two).await.status(), 201);
    assert_eq!(link(&root, far, "incident_of", hidden).await.status(), 201);
    let mut told = Vec::new();
    for incident in [near, far] {
        let refused = link(&ada, incident, "incident_of", one).await;
        assert_eq!(refused.status(), 409);
        told.push(refused.json::<Value>().await.expect("JSON"));
    }
    assert_eq!(problem_paths(&told[0]), ["relation"]);
    assert_eq!(told[0], told[1]);

    // What one cannot see is not there.
    assert_eq!(link(&root, one, "related", hidden).await.status(), 201);
    assert!(
        relations(&ada, one)
            .await
            .iter()
            .all(|(_, id)| *id != hidden)
    );
    assert!(
        relations(&root, one)
            .await
            .iter()
            .any(|(_, id)| *id == hidden)
    );

    let path = format!("/api/tickets/{one}/links/{}", made.id);
    assert_eq!(
        desk.agent("Tom", "tech").await.delete(&path).await.status(),
        404
    );
    assert_eq!(ada.delete(&path).await.status(), 200);
    assert_eq!(ada.delete(&path).await.status(), 404);
    merge(&ada, three, one).await;
    let merged = desk
        .one::<i64>("select id from app.ticket_links where kind = 'merged'")
        .await;
    assert_eq!(
        ada.delete(&format!("/api/tickets/{one}/links/{merged}"))
            .await
            .status(),
        422
    );
}

#[tokio::test]
async fn solving_a_problem_solves_its_incidents_and_tells_their_requesters() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let root = desk.admin().await;
    let problem = desk.ticket("The gateway is down", "billing").await;
    let (near, far, bare, done) = (
        desk.ticket("Cannot pay", "billing").await,
        desk.ticket("Cannot pay either", "tech").await,
        desk.ticket("Nor I", "billing").await,
        desk.ticket("Solved before", "billing").await,
    );
    desk.run(&format!(
        "update app.tickets set status_id = 5 where id = {done}"
    ))
    .await;
    for incident in [near, far, bare, done] {
        let body = json!({"relation": "problem_of", "ticket_id": incident});
        assert_eq!(
            root.post(&format!("/api/tickets/{problem}/links"), body)
                .await
                .status(),
            201
        );
    }
    desk.run(&format!(
        "insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true);
         update app.tickets set custom = '{{\"cause\": \"gateway\"}}' where id in ({problem}, {near}, {far})"
    ))
    .await;

    let solved = ada
        .post(&format!("/api/tickets/{problem}/solve"), json!({}))
        .await;

    assert_eq!(solved.status(), 200);
    let told = "The problem behind your request has been solved.".to_owned();
    for incident in [near, far] {
        assert_eq!(ticket(&root, incident).await.status, "solved");
        assert!(texts(&root, incident).await.contains(&told));
    }
    assert_eq!(
        ticket(&root, bare).await.status,
        "new",
        "a field is missing"
    );
    assert!(
        texts(&root, bare)
            .await
            .last()
            .expect("a message")
            .contains("custom.cause")
    );
    assert!(!texts(&root, done).await.contains(&told));
}

#[tokio::test]
async fn solving_asks_for_what_solving_needs_and_follows_the_teams_workflow() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let tom = desk.agent("Tom", "tech").await;
    let root = desk.admin().await;
    let (one, other) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Other", "tech").await,
    );
    desk.run("insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true)").await;
    let refused = ada
        .post(&format!("/api/tickets/{one}/solve"), json!({}))
        .await;
    assert_eq!(refused.status(), 422);
    assert_eq!(
        problem_paths(&refused.json().await.expect("JSON")),
        ["custom.cause"]
    );

    // Billing goes from new to open only; tech is free.
    let rule = json!({"team_id": 1, "from_status_id": 1, "to_status_id": 2});
    assert_eq!(
        ada.post("/api/status-transitions", rule.clone())
            .await
            .status(),
        403
    );
    let made = root.post("/api/status-transitions", rule.clone()).await;
    assert_eq!(made.status(), 201);
    assert_eq!(
        root.post("/api/status-transitions", rule).await.status(),
        409
    );
    let listed: Page<StatusTransition> = ada
        .get("/api/status-transitions?q=new&team_id=1")
        .await
        .json()
        .await
        .expect("transitions");
    assert_eq!(listed.items[0].to_status, "open");
    let cause = json!({"custom": {"cause": "x"}});
    let refused = ada
        .post(&format!("/api/tickets/{one}/solve"), cause.clone())
        .await;
    assert_eq!(refused.status(), 422);
    assert_eq!(
        problem_paths(&refused.json().await.expect("JSON")),
        ["status"]
    );
    assert_eq!(
        tom.post(&format!("/api/tickets/{other}/solve"), cause.clone())
            .await
            .status(),
        200
    );
    // An illegal transition fails in SQL too.
    assert!(
        desk.sql()
            .batch_execute(&format!(
                "update app.tickets set status_id = 3 where id = {one}"
            ))
            .await
            .is_err()
    );
    let id = made.json::<Value>().await.expect("JSON")["id"]
        .as_i64()
        .expect("an id");
    assert_eq!(
        root.delete(&format!("/api/status-transitions/{id}"))
            .await
            .status(),
        200
    );
    assert_eq!(
        ada.post(&format!("/api/tickets/{one}/solve"), cause)
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn a_requesters_reply_opens_a_solved_ticket_again_and_later_makes_one_that_follows_up() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let root = desk.admin().await;
    let (soon, late, closed) = (
        desk.ticket("Soon", "billing").await,
        desk.ticket("Late", "billing").await,
        desk.ticket("Closed", "billing").await,
    );
    desk.run("update app.tickets set status_id = 5; insert into app.custom_fields (key, label, type, required_on_create) values ('area', 'Area', 'text', false)").await;
    desk.run(&format!(
        "update app.tickets set status_id = 6 where id = {closed}"
    ))
    .await;
    assert_eq!(
        ada.patch("/api/workflow", json!({"reopen_days": 3}), None)
            .await
            .status(),
        403
    );
    assert_eq!(
        root.patch("/api/workflow", json!({"reopen_days": 3}), Some(1))
            .await
            .status(),
        200
    );
    assert_eq!(
        root.patch("/api/workflow", json!({"reopen_days": 4}), Some(1))
            .await
            .status(),
        409
    );
    assert_eq!(
        root.patch("/api/workflow", json!({"reopen_days": -1}), None)
            .await
            .status(),
        422
    );
    desk.run(&format!(
        "update app.tickets set solved_at = now() - interval '4 days' where id = {late}"
    ))
    .await;

    assert_eq!(requester_replies(&desk, soon, "Not yet").await, soon);
    assert_eq!(ticket(&ada, soon).await.status, "open");

    for old in [late, closed] {
        let before = ticket(&ada, old).await;
        let next = requester_replies(&desk, old, "It came back").await;
        assert_ne!(next, old);
        let follow_up = ticket(&ada, next).await;
        assert_eq!(
            (follow_up.status.as_str(), follow_up.subject),
            ("new", before.subject)
        );
        assert_eq!(texts(&ada, next).await, ["It came back"]);
        assert_eq!(
            relations(&ada, next).await,
            [("follow_up_of".to_owned(), old)]
        );
        assert_eq!(ticket(&ada, old).await.status, before.status);
        assert_eq!(
            requester_replies(&desk, old, "Hello?").await,
            next,
            "one follow-up while it is open"
        );
    }
    // An agent's note on what is closed stays there.
    assert_eq!(
        ada.post(
            &format!("/api/tickets/{closed}/messages"),
            json!({"body_text": "For the record", "kind": "note"})
        )
        .await
        .status(),
        201
    );
    assert!(
        texts(&ada, closed)
            .await
            .contains(&"For the record".to_owned())
    );
}

#[tokio::test]
async fn a_reply_for_which_no_ticket_can_be_made_stays_where_it_was_sent() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let closed = desk.ticket("Closed", "billing").await;
    desk.run("update app.tickets set status_id = 6; insert into app.custom_fields (key, label, type, required_on_create) values ('area', 'Area', 'text', true)").await;
    assert_eq!(
        requester_replies(&desk, closed, "It came back").await,
        closed
    );
    assert!(
        texts(&ada, closed)
            .await
            .contains(&"It came back".to_owned())
    );
}

#[tokio::test]
async fn a_ticket_that_comes_closed_keeps_its_first_words_and_what_is_told_of_its_past() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let made: Ticket = root
        .post("/api/tickets", json!({"subject": "Old", "description": "Long ago", "status": "closed",
                                     "requester": {"email": "cleo@customer.test"}, "created_at": "2026-01-01T00:00:00Z"}))
        .await
        .json()
        .await
        .expect("a ticket");
    let told: i64 = desk
        .one(&format!(
            "insert into app.messages (ticket_id, author_id, body_text, created_at) select id, requester_id, 'Thanks', created_at + interval '1 minute' from app.tickets where id = {} returning ticket_id",
            made.id
        ))
        .await;

    assert_eq!(told, made.id);
    assert_eq!(texts(&root, made.id).await, ["Long ago", "Thanks"]);
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 1);
}

#[tokio::test]
async fn who_had_a_ticket_when_is_told_in_spans() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let one = desk.ticket("One", "billing").await;
    let path = format!("/api/tickets/{one}/assign");
    ada.post(&path, json!({"assignee_id": ada.id})).await;
    bob.post(&path, json!({"assignee_id": bob.id})).await;
    let tech: i64 = desk
        .one("select id from app.teams where name = 'tech'")
        .await;
    bob.post(&path, json!({"team_id": tech})).await;
    bob.post(&path, json!({"assignee_id": null, "team_id": 1}))
        .await;

    let told: Assignments = ada
        .get(&format!("/api/tickets/{one}/assignments"))
        .await
        .json()
        .await
        .expect("spans");

    let spans: Vec<String> = told
        .items
        .iter()
        .map(|span| {
            let name = |named: Option<String>| named.unwrap_or_else(|| "-".into());
            format!(
                "{} {} {}",
                name(span.team.as_ref().map(|t| t.name.clone())),
                name(span.assignee.as_ref().map(|a| a.name.clone())),
                name(span.by.as_ref().map(|b| b.name.clone()))
            )
        })
        .collect();
    assert_eq!(
        spans,
        [
            "billing - -",
            "billing Ada Ada",
            "billing Bob Bob",
            "tech Bob Bob",
            "billing - Bob"
        ]
    );
    assert!(
        told.items
            .windows(2)
            .all(|pair| pair[0].to == Some(pair[1].from))
    );
    assert!(told.items.last().is_some_and(|span| span.to.is_none()));
    assert_eq!(
        desk.agent("Tom", "tech")
            .await
            .get(&format!("/api/tickets/{one}/assignments"))
            .await
            .status(),
        404
    );
}
