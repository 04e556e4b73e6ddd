//! Notifications: who is told of what, once, and how they want it.

use autocrm_api::model::{
    NotificationPage, NotificationPreferences, NotificationsRead, StatusCategory,
};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

/// Lets the worker tell everything.
async fn tell(desk: &Desk) {
    desk.work("notifications", "notification_cursor").await;
}

async fn page(who: &Person, query: &str) -> NotificationPage {
    who.get(&format!("/api/me/notifications{query}"))
        .await
        .json()
        .await
        .expect("notifications")
}

/// The kinds that somebody was told of, the first first.
async fn told(who: &Person) -> Vec<&'static str> {
    let page = page(who, "").await;
    page.items
        .into_iter()
        .rev()
        .map(|n| n.kind.as_str())
        .collect()
}

async fn assign(who: &Person, ticket: i64, to: &Person) {
    let done = who
        .post(
            &format!("/api/tickets/{ticket}/assign"),
            json!({"assignee_id": to.id}),
        )
        .await;
    assert_eq!(done.status(), 200, "{:?}", done.text().await);
}

async fn say(who: &Person, ticket: i64, body: Value) {
    let sent = who
        .post(&format!("/api/tickets/{ticket}/messages"), body)
        .await;
    assert_eq!(sent.status(), 201, "{:?}", sent.text().await);
}

/// Everybody is there: work of who is away would go back to the team.
async fn reply_of_the_requester(desk: &Desk, ticket: i64) {
    desk.run(&format!("update app.users set availability = 'online' where role = 'agent'; insert into app.messages (ticket_id, author_id, body_text) select {ticket}, requester_id, 'Thanks' from app.tickets where id = {ticket}")).await;
}

async fn follow(who: &Person, ticket: i64) {
    let done = who
        .post(
            &format!("/api/tickets/{ticket}/followers"),
            json!({"user_id": who.id}),
        )
        .await;
    assert_eq!(done.status(), 201);
}

#[tokio::test]
async fn people_hear_of_what_others_do_and_never_of_their_own_acts() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;

    assign(&bob, ticket, &ada).await;
    follow(&bob, ticket).await;
    reply_of_the_requester(&desk, ticket).await;
    say(&ada, ticket, json!({"body_text": "On it"})).await;
    say(
        &ada,
        ticket,
        json!({"kind": "note", "body_text": "Strange"}),
    )
    .await;
    say(
        &bob,
        ticket,
        json!({"kind": "note", "body_text": "Look", "mentions": [{"user_id": ada.id}]}),
    )
    .await;
    tell(&desk).await;

    assert_eq!(
        told(&ada).await,
        ["assigned", "requester_replied", "mentioned"]
    );
    // A reply of the requester, one of Ada's, and her note; of his own note nothing.
    assert_eq!(told(&bob).await, ["followed", "followed", "followed"]);
    let first = &page(&ada, "").await.items[2];
    assert_eq!(first.ticket.id, ticket);
    assert_eq!(first.ticket.subject, "Card declined");
    assert_eq!(first.actor.as_ref().map(|a| a.name.as_str()), Some("Bob"));
}

#[tokio::test]
async fn of_one_message_nobody_hears_twice() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    assign(&ada, ticket, &ada).await;
    follow(&ada, ticket).await;
    say(
        &bob,
        ticket,
        json!({"body_text": "Hi", "mentions": [{"user_id": ada.id}]}),
    )
    .await;
    reply_of_the_requester(&desk, ticket).await;
    tell(&desk).await;
    tell(&desk).await;
    assert_eq!(told(&ada).await, ["mentioned", "requester_replied"]);
}

#[tokio::test]
async fn a_round_that_fails_is_told_again_and_two_at_once_tell_once() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    assign(&bob, ticket, &ada).await;
    desk.run("begin; select worker.run_notifications(); rollback")
        .await;
    assert_eq!(told(&ada).await, [""; 0]);
    let workers = (0..4).map(|_| async {
        let api = desk.log_in("autocrm_api").await;
        for _ in 0..5 {
            api.simple_query("select worker.run_notifications()")
                .await
                .expect("a round");
        }
    });
    futures_util::future::join_all(workers).await;
    tell(&desk).await;
    assert_eq!(told(&ada).await, ["assigned"]);
}

/// The kind of defect: news that outlives what it tells, so that an assignment of many that was undone stayed in the bell.
#[tokio::test]
async fn an_assignment_that_was_taken_back_is_no_news_any_more() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let read = desk.ticket("Card declined", "billing").await;
    let unread = desk.ticket("Card lost", "billing").await;
    assign(&bob, read, &ada).await;
    tell(&desk).await;
    let known = page(&ada, "").await.items[0].id;
    ada.post("/api/me/notifications/read", json!({"ids": [known]}))
        .await;
    assign(&bob, unread, &ada).await;
    tell(&desk).await;
    assert_eq!(told(&ada).await, ["assigned", "assigned"]);

    for ticket in [read, unread] {
        assign(&bob, ticket, &bob).await;
    }
    tell(&desk).await;
    let left = page(&ada, "").await;
    assert_eq!(
        left.items.iter().map(|n| n.id).collect::<Vec<_>>(),
        [known],
        "what somebody has read stays"
    );
    assert_eq!(left.unread, 0);

    // Both before the worker came: never told. Given again: told again.
    assign(&bob, unread, &ada).await;
    assign(&bob, unread, &bob).await;
    tell(&desk).await;
    assert_eq!(told(&ada).await, ["assigned"]);
    assign(&bob, unread, &ada).await;
    tell(&desk).await;
    assert_eq!(told(&ada).await, ["assigned", "assigned"]);
}

#[tokio::test]
async fn nobody_is_told_of_a_ticket_that_they_do_not_see() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    follow(&bob, ticket).await;
    say(&ada, ticket, json!({"kind": "note", "body_text": "One"})).await;
    tell(&desk).await;
    assert_eq!(told(&bob).await, ["followed"]);

    // The ticket moves on: what was told goes with it, and nothing new comes.
    desk.run(&format!(
        "update app.tickets set team_id = (select id from app.teams where name = 'tech') where id = {ticket}"
    ))
    .await;
    let tom = desk.agent("Tom", "tech").await;
    say(&tom, ticket, json!({"kind": "note", "body_text": "Two"})).await;
    tell(&desk).await;
    let seen = page(&bob, "").await;
    assert!(seen.items.is_empty());
    assert_eq!(seen.unread, 0);
    let rows: i64 = desk
        .one(&format!(
            "select count(*) from app.notifications where user_id = {}",
            bob.id
        ))
        .await;
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn everybody_chooses_what_they_are_told_of() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let path = "/api/me/notification-preferences";
    let first: NotificationPreferences = ada.get(path).await.json().await.expect("preferences");
    assert_eq!(
        (first.mentioned.as_str(), first.team_unassigned.as_str()),
        ("in_app", "off")
    );

    let set: NotificationPreferences = ada
        .patch(
            path,
            json!({"followed": "off", "assigned": "email", "team_unassigned": "in_app"}),
            None,
        )
        .await
        .json()
        .await
        .expect("preferences");
    assert_eq!(
        (
            set.followed.as_str(),
            set.assigned.as_str(),
            set.mentioned.as_str()
        ),
        ("off", "email", "in_app")
    );
    let theirs: NotificationPreferences = bob.get(path).await.json().await.expect("preferences");
    assert_eq!(theirs.followed, "in_app");

    let wrong = ada
        .patch(path, json!({"followed": "loud", "birthdays": "off"}), None)
        .await;
    assert_eq!(wrong.status(), 422);
    let problem: Value = wrong.json().await.expect("a problem");
    let mut paths = problem_paths(&problem);
    paths.sort_unstable();
    assert_eq!(paths, ["birthdays", "followed"]);

    let ticket = desk.ticket("Card declined", "billing").await;
    follow(&ada, ticket).await;
    say(&bob, ticket, json!({"kind": "note", "body_text": "One"})).await;
    tell(&desk).await;
    assign(&bob, ticket, &ada).await;
    tell(&desk).await;
    assert_eq!(told(&ada).await, ["team_unassigned", "assigned"]);
    assert_eq!(told(&bob).await, [""; 0]);
    let by_mail: i64 = desk
        .one("select count(*) from app.notifications where delivery = 'email'")
        .await;
    assert_eq!(by_mail, 1);
}

#[tokio::test]
async fn notifications_are_paged_counted_and_marked_as_read_by_their_owner_only() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    for n in 0..5 {
        let ticket = desk.ticket(&format!("Ticket {n}"), "billing").await;
        assign(&bob, ticket, &ada).await;
    }
    tell(&desk).await;

    let first = page(&ada, "?limit=3").await;
    assert_eq!((first.items.len(), first.unread), (3, 5));
    let rest = page(
        &ada,
        &format!("?limit=3&after={}", first.next.expect("more")),
    )
    .await;
    assert_eq!(rest.items.len(), 2);
    assert_eq!(rest.next, None);
    let ids: Vec<i64> = first
        .items
        .iter()
        .chain(&rest.items)
        .map(|n| n.id)
        .collect();
    assert!(ids.is_sorted_by(|a, b| a > b), "{ids:?}");

    let read = "/api/me/notifications/read";
    let by_bob: NotificationsRead = bob
        .post(read, json!({"ids": ids}))
        .await
        .json()
        .await
        .expect("an answer");
    assert_eq!(by_bob.read, 0);
    let one: NotificationsRead = ada
        .post(read, json!({"ids": [ids[0]]}))
        .await
        .json()
        .await
        .expect("an answer");
    assert_eq!((one.read, one.unread), (1, 4));
    assert_eq!(page(&ada, "?unread=true").await.items.len(), 4);
    let all: NotificationsRead = ada
        .post(read, json!({"up_to": ids[1]}))
        .await
        .json()
        .await
        .expect("an answer");
    assert_eq!((all.read, all.unread), (4, 0));
    for wrong in [
        json!({}),
        json!({"ids": [1], "up_to": 1}),
        json!({"ids": ["x"]}),
        json!({"up_to": -1}),
    ] {
        assert_eq!(ada.post(read, wrong).await.status(), 422);
    }
    assert_eq!(ada.get("/api/me/notifications?kind=x").await.status(), 422);
}

#[tokio::test]
async fn what_is_done_leaves_the_list_and_what_is_unread_again_counts_again() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    say(
        &bob,
        ticket,
        json!({"kind": "note", "body_text": "Can you look?", "mentions": [{"user_id": ada.id}]}),
    )
    .await;
    assign(&bob, ticket, &ada).await;
    tell(&desk).await;

    let all = page(&ada, "").await;
    assert_eq!((all.unread, all.unread_for_me), (2, 2));
    let mention = page(&ada, "?kind=mentioned").await;
    assert_eq!(mention.items.len(), 1);
    let mention = &mention.items[0];
    assert_eq!(mention.excerpt.as_deref(), Some("Can you look?"));
    assert!(matches!(
        mention.ticket.status_category,
        StatusCategory::New | StatusCategory::Open
    ));

    let mark = |body: Value| ada.patch("/api/me/notifications", body, None);
    let done: Value = mark(json!({"ids": [mention.id], "done": true}))
        .await
        .json()
        .await
        .expect("marked");
    assert_eq!(done, json!({"marked": 1, "unread": 1}));
    assert_eq!(page(&ada, "?done=false").await.items.len(), 1);
    assert_eq!(page(&ada, "?done=true").await.items[0].id, mention.id);

    let again: Value = mark(json!({"ids": [mention.id], "done": false, "read": false}))
        .await
        .json()
        .await
        .expect("marked");
    assert_eq!(again["unread"], 2);
    assert_eq!(page(&ada, "?done=false").await.items.len(), 2);

    // Somebody else's are nobody's business.
    let others: Value = bob
        .patch(
            "/api/me/notifications",
            json!({"ids": [mention.id], "read": true}),
            None,
        )
        .await
        .json()
        .await
        .expect("marked");
    assert_eq!(others["marked"], 0);
    let refused = mark(json!({"ids": ["x"]})).await;
    assert_eq!(refused.status(), 422);
}
