//! Tickets over REST.

use autocrm_api::model::{Page, QueueRow, Ticket, TimelineItem};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_ticket_is_routed_by_the_rules_and_given_to_whoever_has_room() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(&format!(
        "update app.users set availability = 'online', capacity = 1 where id = {};
         insert into app.routing_rules (name, conditions, actions) values
           ('Refunds', '{{\"all\": [{{\"field\": \"subject\", \"op\": \"contains_word\", \"value\": \"refund\"}}]}}',
            '[{{\"set\": \"team\", \"value\": \"billing\"}}, {{\"set\": \"priority\", \"value\": \"high\"}}, {{\"add_tags\": [\"money\"]}}]')",
        ada.id
    ))
    .await;

    let first: Ticket = ada
        .post("/api/tickets", json!({"subject": "Refund, please"}))
        .await
        .json()
        .await
        .expect("a ticket");
    let second: Ticket = ada
        .post("/api/tickets", json!({"subject": "Another refund"}))
        .await
        .json()
        .await
        .expect("a ticket");

    assert_eq!(first.team.map(|t| t.name).as_deref(), Some("billing"));
    assert_eq!(
        (first.priority.as_str(), first.tags),
        ("high", vec!["money".to_owned()])
    );
    assert_eq!(first.assignee.map(|a| a.id), Some(ada.id));
    assert!(
        second.assignee.is_none(),
        "nobody is loaded above capacity: the ticket waits"
    );
    let routing = ada
        .read(&format!("/api/tickets/{}/routing", second.id))
        .await;
    assert_eq!(routing["items"][0]["rules"][0]["name"], "Refunds");
}

#[tokio::test]
async fn everything_wrong_with_a_ticket_is_told_at_once_and_nothing_is_saved() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("insert into app.custom_fields (key, label, type, config) values ('months', 'Months', 'integer', '{\"max\": 120}')").await;

    let reply = ada
        .post(
            "/api/tickets",
            json!({"subject": "", "priority": "huge", "colour": 1, "custom": {"months": 999}}),
        )
        .await;

    assert_eq!(reply.status(), 422);
    assert_eq!(reply.headers()["content-type"], "application/problem+json");
    let problem: Value = reply.json().await.expect("JSON");
    let paths = problem_paths(&problem);
    assert_eq!(paths, ["colour", "subject", "priority", "custom.months"]);
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 0);
}

#[tokio::test]
async fn of_two_who_edit_the_second_gets_the_current_ticket_and_loses_nothing() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let path = format!(
        "/api/tickets/{}",
        desk.ticket("Card declined", "billing").await
    );

    assert_eq!(
        ada.patch(&path, json!({"priority": "high"}), Some(1))
            .await
            .status(),
        200
    );
    let late = bob.patch(&path, json!({"priority": "low"}), Some(1)).await;

    assert_eq!(late.status(), 409);
    let problem: Value = late.json().await.expect("JSON");
    assert_eq!(
        (
            &problem["current"]["priority"],
            &problem["current"]["version"]
        ),
        (&json!("high"), &json!(2))
    );
    assert_eq!(
        bob.patch(&path, json!({"priority": "low"}), Some(2))
            .await
            .status(),
        200
    );
}

/// An outsider must not even learn that the ticket exists.
#[tokio::test]
async fn another_teams_ticket_is_not_found() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "tech").await;
    for reply in [
        ada.get(&format!("/api/tickets/{ticket}")).await,
        ada.patch(
            &format!("/api/tickets/{ticket}"),
            json!({"priority": "low"}),
            None,
        )
        .await,
        ada.post(&format!("/api/tickets/{ticket}/solve"), json!({}))
            .await,
        ada.post(
            &format!("/api/tickets/{ticket}/messages"),
            json!({"body_text": "hi"}),
        )
        .await,
        ada.get(&format!("/api/tickets/{ticket}/timeline")).await,
    ] {
        assert_eq!(reply.status(), 404);
    }
}

#[tokio::test]
async fn a_reply_with_a_status_is_one_act_and_the_customers_answer_opens_the_ticket_again() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let path = format!("/api/tickets/{ticket}");

    let sent = ada
        .post(
            &format!("{path}/messages"),
            json!({"body_html": "<p>On it<script>x()</script></p>", "status": "pending"}),
        )
        .await;
    assert_eq!(sent.status(), 201);
    assert_eq!(
        sent.json::<Value>().await.expect("JSON")["body_html"],
        "<p>On it</p>"
    );
    assert_eq!(ada.read(&path).await["status"], "pending");

    desk.run(&format!("insert into app.messages (ticket_id, author_id, body_text) select {ticket}, requester_id, 'Thanks' from app.tickets where id = {ticket}")).await;
    assert_eq!(ada.read(&path).await["status"], "open");

    let timeline: Page<TimelineItem> = ada
        .get(&format!("{path}/timeline?limit=200"))
        .await
        .json()
        .await
        .expect("a timeline");
    let told: Vec<String> = timeline
        .items
        .iter()
        .map(|item| match item {
            TimelineItem::Message { body_text, .. } => body_text.clone(),
            TimelineItem::Event { name, changes, .. } => {
                format!("{name} {}", json!(changes.get("status")))
            }
            TimelineItem::Routing { .. } => "routing".to_owned(),
        })
        .collect();
    assert_eq!(
        told,
        [
            "A description",
            "ticket.created null",
            "routing",
            "On it",
            "ticket.updated null",
            "ticket.updated [\"New\",\"Pending\"]",
            "Thanks",
            "ticket.updated [\"Pending\",\"Open\"]"
        ]
    );
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for n in 0..23 {
        desk.ticket(&format!("Ticket {n}"), "billing").await;
    }
    for query in [
        "limit=5",
        "limit=5&sort=id",
        "limit=5&status_category=active&sort=-priority",
    ] {
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page: Page<QueueRow> = ada
                .get(&format!("/api/tickets?{query}{after}"))
                .await
                .json()
                .await
                .expect("a page");
            seen.extend(page.items.iter().map(|row| row.id));
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let mut unique = seen.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!((seen.len(), unique.len()), (23, 23), "{query}");
    }
}

#[tokio::test]
async fn the_same_post_sent_twice_with_its_key_is_done_once() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let send = |subject: &str| {
        ada.send(
            reqwest::Method::POST,
            "/api/tickets",
            Some(json!({"subject": subject})),
            &[("idempotency-key", "k-1")],
        )
    };
    let send = |subject: &'static str| {
        let request = send(subject);
        async move {
            let reply = request.await;
            (reply.status().as_u16(), reply.text().await.expect("text"))
        }
    };

    let first = send("Once").await;
    assert_eq!(first.0, 201);
    assert_eq!(send("Once").await, first);
    assert_eq!(send("Something else").await.0, 422);
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 1);
}

#[tokio::test]
async fn an_unchanged_ticket_costs_no_body() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let path = format!(
        "/api/tickets/{}",
        desk.ticket("Card declined", "billing").await
    );
    let tag_for = async |who: &Person| {
        let reply = who.get(&path).await;
        assert!(
            reply
                .headers()
                .get_all("vary")
                .iter()
                .any(|value| value == "Authorization, Cookie"),
            "{:?}",
            reply.headers()
        );
        let tag = reply.headers()["etag"].to_str().expect("text");
        tag.to_owned()
    };
    let known = async |who: &Person, tags: &str| {
        let method = reqwest::Method::GET;
        let reply = who
            .send(method, &path, None, &[("if-none-match", tags)])
            .await;
        reply.status().as_u16()
    };
    let tag = tag_for(&ada).await;
    assert!(tag.starts_with("\"1-"), "{tag}");
    for tags in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".into(),
    ] {
        assert_eq!(known(&ada, &tags).await, 304, "{tags}");
    }
    assert_eq!(known(&ada, "\"1\"").await, 200);

    // What is shown has changed though the ticket has not.
    desk.run("update app.users set name = 'Cleo Renamed' where email = 'cleo@customer.test'")
        .await;
    assert_eq!(known(&ada, &tag).await, 200);
    // So it is where a tag is renamed, in every answer that shows it.
    desk.run(
        "insert into app.tags (name) values ('vip');
         update app.tickets set tag_ids = array(select id from app.tags)",
    )
    .await;
    let answers = [
        path.clone(),
        format!("{path}?include=messages"),
        "/api/tickets".into(),
        "/api/tags".into(),
    ];
    let mut before = Vec::new();
    for answer in &answers {
        let headers = ada.get(answer).await.headers().clone();
        let mut varies = headers.get_all("vary").iter();
        assert!(varies.any(|by| by == "Authorization, Cookie"), "{answer}");
        let tag = headers
            .get("etag")
            .map(|tag| tag.to_str().expect("text").to_owned());
        before.push(tag);
    }
    assert!(before[0].is_some() && before[1].is_some(), "{before:?}");
    for (renamed, known) in [("", 304), ("update app.tags set name = 'gold'", 200)] {
        desk.run(renamed).await;
        for (answer, tag) in answers.iter().zip(&before) {
            let Some(tag) = tag else {
                continue;
            };
            let method = reqwest::Method::GET;
            let reply = ada
                .send(method, answer, None, &[("if-none-match", tag)])
                .await;
            assert_eq!(reply.status(), known, "{answer} {renamed}");
        }
    }
    desk.run(
        "insert into app.custom_fields (key, label, type, visible_to) values ('margin', 'Margin', 'integer', '{admin}');
         update app.tickets set custom = '{\"margin\": 7}'",
    )
    .await;
    let admin = desk.admin().await;
    assert_ne!(tag_for(&admin).await, tag_for(&ada).await);

    // For a change the version in a tag counts, and each of a list will do.
    let tag = tag_for(&ada).await;
    let change = async |tags: &str, priority: &str| {
        let body = json!({"priority": priority});
        let method = reqwest::Method::PATCH;
        let reply = ada
            .send(method, &path, Some(body), &[("if-match", tags)])
            .await;
        reply.status().as_u16()
    };
    assert_eq!(change(&tag, "low").await, 200);
    assert_eq!(change(&tag, "high").await, 409);
    let now = tag_for(&ada).await;
    assert_eq!(change(&format!("{tag}, W/{now}"), "high").await, 200);
    assert_eq!(change(&format!("{tag}, {now}"), "low").await, 409);
    assert_eq!(change("*", "low").await, 200);
    assert_eq!(change("\"nonsense\"", "high").await, 400);
}

#[tokio::test]
async fn a_ticket_is_read_together_with_its_first_messages() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let reader = desk.key(&["tickets:read", "users:read"], None).await;
    let path = format!(
        "/api/tickets/{}",
        desk.ticket("Card declined", "billing").await
    );
    let note = json!({"kind": "note", "body_text": "Known to the bank"});
    assert_eq!(
        ada.post(&format!("{path}/messages"), note).await.status(),
        201
    );

    let both = format!("{path}?include=messages");
    for (who, kinds) in [(&ada, &["reply", "note"][..]), (&reader, &["reply"][..])] {
        let whole = who.read(&both).await;
        let mut plain = who.read(&path).await;
        assert!(plain.get("messages").is_none());
        plain["messages"] = who.read(&format!("{path}/messages")).await;
        assert_eq!(whole, plain);
        let read: Ticket = serde_json::from_value(whole).expect("a ticket");
        let found: Vec<String> = read
            .messages
            .expect("messages")
            .items
            .iter()
            .map(|message| json!(message.kind).as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(found, kinds);
    }
    assert_eq!(tom.get(&both).await.status(), 404);
    assert_eq!(
        ada.get("/api/tickets/999999?include=messages")
            .await
            .status(),
        404
    );
    for query in [
        "include=followers",
        "include=messages,followers",
        "with=messages",
    ] {
        let refused = ada.get(&format!("{path}?{query}")).await;
        assert_eq!(refused.status(), 422, "{query}");
    }

    // The tag is of the messages too, and begins with the ticket's version.
    let tag = async || {
        let reply = ada.get(&both).await;
        reply.headers()["etag"].to_str().expect("text").to_owned()
    };
    let before = tag().await;
    desk.run("update app.messages set body_text = 'Edited' where kind = 'note'")
        .await;
    let after = tag().await;
    assert_ne!(before, after);
    assert_eq!(
        before.split_once('-').map(|tag| tag.0),
        after.split_once('-').map(|tag| tag.0)
    );
}

#[tokio::test]
async fn a_part_of_a_subject_finds_tickets_whether_search_has_read_them_or_not() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "tech").await,
    );
    let found = async |who: &Person, q: &str| -> Vec<i64> {
        let url = reqwest::Url::parse_with_params("http://x/", [("q", q), ("sort", "id")]);
        let query = url.expect("a URL").query().unwrap_or_default().to_owned();
        let page = who.read(&format!("/api/tickets?{query}")).await;
        let items = page["items"].as_array().expect("items").clone();
        items
            .iter()
            .filter_map(|item| item["id"].as_i64())
            .collect()
    };
    let card = desk.ticket("Card 100% declined", "billing").await;
    let ours = desk.ticket("Ünser Card_reader", "tech").await;
    let check = async || {
        assert_eq!(found(&ada, "card").await, [card]);
        assert_eq!(found(&bob, "ÜNSER CARD").await, [ours]);
        assert_eq!(found(&ada, "0% d").await, [card]);
        assert!(found(&ada, "card_").await.is_empty());
        assert!(found(&ada, "100%declined").await.is_empty());
        assert!(found(&ada, "reader").await.is_empty());
        assert_eq!(found(&ada, "rd").await, [card]);
        assert_eq!(found(&ada, &card.to_string()).await, [card]);
    };
    check().await;
    desk.work("search", "search_cursor").await;
    check().await;
    // Renamed, and given away, and not read anew yet.
    desk.run(&format!("update app.tickets set subject = 'Bill', team_id = (select id from app.teams where name = 'tech') where id = {card}")).await;
    assert!(found(&ada, "card").await.is_empty());
    assert_eq!(found(&bob, "bill").await, [card]);
}

/// At every place that takes a point in time.
#[tokio::test]
async fn a_point_in_time_is_iso_8601_and_nothing_else() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let team: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    for at in [
        "tomorrow",
        "now",
        "today",
        "epoch",
        "infinity",
        "-infinity",
        "allballs",
        "03.04.2026",
        "04/03/2026",
        "2026-4-3",
        "20260403",
        "20260403T101010",
        "2026-04-03 BC",
        "2026-04-03T10:00:00 CET",
        "2026-04-03T10:00:00Z BC",
        "2026-02-30",
        "2026-13-01",
        "2026-04-03T25:00:00Z",
        "2026-04-03T10:61:00Z",
        "294276-12-31",
        "12026-01-01T00:00:00Z",
        "0000-01-01",
        "2026-W14-5",
        "J2461132",
        "1775210400",
        " 2026-04-03",
        "2026-04-03T10:00:00+99:00",
        "",
    ] {
        for (path, body, place) in [
            (
                "/api/tickets",
                json!({"subject": "x", "created_at": at}),
                "created_at",
            ),
            ("/api/routing-rules/simulate", json!({"from": at}), "from"),
            ("/api/routing-rules/simulate", json!({"to": at}), "to"),
            (
                "/api/api-keys",
                json!({"name": "x", "scopes": [], "expires_at": at}),
                "expires_at",
            ),
        ] {
            let said = admin.post(path, body).await;
            assert_eq!(said.status(), 422, "{path} {at:?}");
            let told: Value = said.json().await.expect("a problem");
            assert_eq!(told["problems"][0]["path"], place, "{path} {at:?}");
        }
        let query = reqwest::Url::parse_with_params("http://x/", [("at", at)]).expect("a URL");
        let query = &query.query().expect("a query")["at=".len()..];
        for path in [
            format!("/api/tickets?created_after={query}"),
            format!("/api/tickets?updated_after={query}"),
            format!("/api/teams/{team}/coverage?from={query}"),
        ] {
            assert_eq!(admin.get(&path).await.status(), 422, "{path}");
        }
    }
    for at in ["2026-4-3", "+2026-04-03", "tomorrow", "-infinity"] {
        let query =
            reqwest::Url::parse_with_params("http://x/", [("q", format!("x created>{at}"))])
                .expect("a URL");
        let path = format!("/api/search?{}", query.query().expect("a query"));
        assert_eq!(admin.get(&path).await.status(), 422, "{path}");
    }
    for (at, expected) in [
        ("2026-04-03", "2026-04-03T00:00:00+00:00"),
        ("2026-04-03T10:00:00+02:00", "2026-04-03T08:00:00+00:00"),
        ("2026-04-03 10:00", "2026-04-03T10:00:00+00:00"),
    ] {
        let made = admin
            .post("/api/tickets", json!({"subject": "x", "created_at": at}))
            .await;
        let made: Value = made.json().await.expect("a ticket");
        assert_eq!(made["created_at"], expected, "{at}");
    }
    // A number is no text, and no point in time.
    let said = admin
        .post(
            "/api/tickets",
            json!({"subject": "x", "created_at": 20_260_403}),
        )
        .await;
    assert_eq!(said.status(), 422);
}

/// Solving and reopening set the status: a body that names one is not overruled in silence.
#[tokio::test]
async fn a_status_in_the_body_of_solving_or_reopening_is_refused() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let path = format!("/api/tickets/{ticket}");

    for verb in ["solve", "reopen"] {
        let body = json!({"status": "pending", "priority": "high"});
        let reply = ada.post(&format!("{path}/{verb}"), body).await;
        assert_eq!(reply.status(), 422);
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(problem_paths(&problem), ["status"]);
    }
    let same = ada.read(&path).await;
    assert_eq!(same["priority"], "normal", "nothing was saved");

    let solved: Ticket = ada
        .post(&format!("{path}/solve"), json!({"priority": "high"}))
        .await
        .json()
        .await
        .expect("a ticket");
    assert_eq!(
        (solved.status.as_str(), solved.priority.as_str()),
        ("solved", "high")
    );
}
