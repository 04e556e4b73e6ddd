//! Search over REST: what is found, in which order, with which marks, and by whom.

use autocrm_api::model::FoundPage;
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

/// Ids that a question finds, in their order.
async fn ids(who: &Person, q: &str) -> Vec<i64> {
    let page: FoundPage = serde_json::from_value(found(who, q).await).expect("a page");
    page.items.iter().map(|item| item.id).collect()
}

async fn found(who: &Person, q: &str) -> Value {
    let url = reqwest::Url::parse_with_params("http://x/", [("q", q)]).expect("a URL");
    let reply = who
        .get(&format!("/api/search?{}", url.query().unwrap_or_default()))
        .await;
    let status = reply.status();
    let page: Value = reply.json().await.expect("JSON");
    assert_eq!(status, 200, "{q}: {page}");
    page
}

/// Lets the worker read what was written.
async fn indexed(desk: &Desk) {
    desk.work("search", "search_cursor").await;
}

/// How many a question finds, for those who may not know the requester's name.
async fn count(who: &Person, q: &str) -> usize {
    let page = found(who, q).await;
    assert_eq!(page["next"], Value::Null);
    page["items"].as_array().expect("items").len()
}

/// A ticket of billing with a description, past the API; `more` is set on it afterwards.
async fn ticket(desk: &Desk, subject: &str, description: &str, more: &str) -> i64 {
    let id: i64 = desk
        .one(&format!(
            "insert into app.tickets (subject, description, requester_id, team_id)
             select '{subject}', '{description}', u.id, t.id from app.users u, app.teams t
              where u.email = 'cleo@customer.test' and t.name = 'billing' returning id"
        ))
        .await;
    if !more.is_empty() {
        desk.run(&format!("update app.tickets set {more} where id = {id}"))
            .await;
    }
    id
}

#[tokio::test]
async fn words_are_found_in_subject_messages_fields_and_requester_with_the_subject_first() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('device', 'Device', 'text')",
    )
    .await;
    let ada = desk.agent("Ada", "billing").await;
    let body = ticket(&desk, "A question", "Where is my parcel?", "").await;
    let subject = ticket(&desk, "The parcel is late", "Please look", "").await;
    let field = ticket(
        &desk,
        "Broken",
        "It beeps",
        "custom = '{\"device\": \"Zeppelin\"}'",
    )
    .await;
    let reply = ada
        .post(
            &format!("/api/tickets/{field}/messages"),
            json!({"body_text": "We sent a courier with a replacement"}),
        )
        .await;
    assert_eq!(reply.status(), 201);

    indexed(&desk).await;
    assert_eq!(ids(&ada, "parcel").await, [subject, body]);
    assert_eq!(ids(&ada, "zeppelin").await, [field]);
    assert_eq!(ids(&ada, "courier beeps zeppelin").await, [field]);
    assert_eq!(ids(&ada, "cleo parcel").await, [subject, body]);
    assert_eq!(ids(&ada, "cleo@customer.test").await.len(), 3);
    assert_eq!(ids(&ada, "\"is late\"").await, [subject]);
    assert_eq!(ids(&ada, "\"late is\"").await, [] as [i64; 0]);
    assert_eq!(ids(&ada, "parcel -late").await, [body]);
    assert_eq!(ids(&ada, "zepp*").await, [field]);
    assert_eq!(ids(&ada, "nothing-like-this").await, [] as [i64; 0]);

    desk.run(&format!(
        "update app.tickets set subject = 'Late delivery' where id = {subject};
         update app.users set name = 'Clementine Customer' where name = 'Cleo Customer'"
    ))
    .await;
    indexed(&desk).await;
    assert_eq!(
        ids(&ada, "parcel").await,
        [body],
        "what is gone is not found"
    );
    assert_eq!(ids(&ada, "delivery clementine").await, [subject]);
    desk.run(&format!("delete from app.tickets where id = {body}"))
        .await;
    assert_eq!(ids(&ada, "parcel").await, [] as [i64; 0]);
}

#[tokio::test]
async fn filters_compose_with_words_and_with_each_other() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(
        "insert into app.tags (name) values ('vip'), ('late');
         insert into app.organizations (name) values ('Acme Ltd');
         insert into app.custom_fields (key, label, type) values ('seats', 'Seats', 'integer')",
    )
    .await;
    let vip = ticket(
        &desk,
        "Refund now",
        "x",
        "tag_ids = array[1], priority_id = (select id from app.priorities where key = 'urgent'),
         custom = '{\"seats\": 12}', organization_id = 1, language = 'de'",
    )
    .await;
    let mine = ticket(
        &desk,
        "Refund later",
        "x",
        &format!("tag_ids = array[1, 2], assignee_id = {}", ada.id),
    )
    .await;
    let old: i64 = desk.one(
        "insert into app.tickets (subject, requester_id, team_id, created_at) select 'Refund of old', u.id, t.id, '2026-01-31 12:00Z'
           from app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing' returning id").await;
    desk.run(&format!("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {old}")).await;

    indexed(&desk).await;
    for (q, wanted) in [
        ("refund tag:vip", vec![mine, vip]),
        ("tag:vip -tag:late", vec![vip]),
        ("tag:unheard", vec![]),
        ("assignee:me", vec![mine]),
        ("assignee:ada@desk.test", vec![mine]),
        ("is:unassigned is:active refund", vec![vip]),
        ("priority:>high", vec![vip]),
        ("priority:<=normal -status:solved", vec![mine]),
        ("status:solved,closed", vec![old]),
        ("team:Billing created:2026-01-31", vec![old]),
        ("created>2026-01-31 -assignee:none", vec![mine]),
        ("created<=2026-01-31T12:00:00Z", vec![old]),
        ("requester:cleo refund -language:de", vec![old, mine]),
        ("requester:cleo@customer.test custom.seats>=12", vec![vip]),
        ("custom.seats<12", vec![]),
        ("organization:acme", vec![vip]),
    ] {
        assert_eq!(ids(&ada, q).await, wanted, "{q}");
    }
    let jump = found(&ada, &format!("#{old}")).await;
    assert_eq!(
        (&jump["jump"], &jump["items"][0]["id"]),
        (&json!(old), &json!(old))
    );
    let none = found(&ada, "#999999").await;
    assert_eq!((&none["jump"], &none["items"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn every_mistake_is_told_with_its_place() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for (query, paths) in [
        ("q=stauts:open%20team:nobody%20%22x", vec!["q[1]", "q[25]"]),
        ("q=team:nobody%20custom.gone:1", vec!["q[6]", "q[25]"]),
        ("", vec!["q"]),
        ("q=x&limit=0", vec!["limit"]),
        ("q=x&sort=id", vec!["sort"]),
        ("q=x&after=bm90aGluZw", vec!["after"]),
    ] {
        let reply = ada.get(&format!("/api/search?{query}")).await;
        assert_eq!(reply.status(), 422, "{query}");
        let problem: Value = reply.json().await.expect("JSON");
        assert_eq!(problem_paths(&problem), paths, "{query}: {problem}");
    }
}

/// The UI words a mistake in its reader's language, and offers what may stand there instead.
#[tokio::test]
async fn a_mistake_names_its_reason_and_what_was_probably_meant() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for (query, reason, values) in [
        (
            "status:opne",
            "unknown_value",
            json!({"field": "status", "value": "opne", "nearest": "open"}),
        ),
        (
            "is:solvd",
            "unknown_state",
            json!({"value": "solvd", "nearest": "solved"}),
        ),
        (
            "staus:open",
            "unknown_filter",
            json!({"value": "staus", "nearest": "status"}),
        ),
        (
            "is:happy",
            "unknown_state",
            json!({"value": "happy", "nearest": null, "allowed": "unassigned, assigned, mine, active, solved, answered, unanswered"}),
        ),
        (
            "team>billing",
            "no_order",
            json!({"field": "team", "example": "team:billing"}),
        ),
        (
            "tag:",
            "value_missing",
            json!({"field": "tag", "example": "tag:vip"}),
        ),
        ("created:soon", "not_day", json!({"value": "soon"})),
        (
            "created>9999-12-31",
            "out_of_years",
            json!({"value": "9999-12-31"}),
        ),
        ("priority>low,high", "one_value", json!({})),
        ("%22open", "quote_open", json!({})),
    ] {
        let reply = ada.get(&format!("/api/search?q={query}")).await;
        assert_eq!(reply.status(), 422, "{query}");
        let body: Value = reply.json().await.expect("JSON");
        let problem = &body["problems"][0];
        assert_eq!(problem["reason"], reason, "{query}: {problem}");
        for (name, value) in values.as_object().expect("an object") {
            assert_eq!(&problem["values"][name], value, "{query}: {problem}");
        }
    }
}

#[tokio::test]
async fn highlights_are_escaped_text_with_marks() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let id = ticket(
        &desk,
        "<b>Refund</b> & more",
        "<script>alert(1)</script> my refund \u{2} is \"late\"",
        "",
    )
    .await;
    indexed(&desk).await;

    let page = found(&ada, "refund").await;

    let marks = &page["items"][0]["highlights"];
    assert_eq!(page["items"][0]["id"], id);
    assert_eq!(
        marks["subject"],
        "&lt;b&gt;<mark>Refund</mark>&lt;/b&gt; &amp; more"
    );
    let text = marks["text"].as_str().unwrap_or_default();
    assert!(text.contains("<mark>refund</mark>"), "{text}");
    assert!(
        !text
            .replace("<mark>", "")
            .replace("</mark>", "")
            .contains('<'),
        "{text}"
    );
}

#[tokio::test]
async fn each_ticket_is_read_in_its_own_language() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let english = ticket(
        &desk,
        "Running out of licences",
        "The invoices were paid",
        "language = 'en-GB'",
    )
    .await;
    let german = ticket(
        &desk,
        "Rechnungen fehlen",
        "Die Häuser und die Rechnungen",
        "language = 'de'",
    )
    .await;
    let plain = ticket(&desk, "The invoices", "x", "").await;

    indexed(&desk).await;
    assert_eq!(
        ids(&ada, "invoice").await,
        [english],
        "endings are taken off in English only"
    );
    assert_eq!(ids(&ada, "invoices").await, [plain, english]);
    assert_eq!(ids(&ada, "rechnung haus").await, [german]);
    assert_eq!(
        ids(&ada, "the invoices").await,
        [plain, english],
        "stop words of a language are no obstacle in it"
    );
    assert_eq!(
        ids(&ada, "licence -invoice").await,
        [] as [i64; 0],
        "what is taken away is so in every language"
    );
    desk.run(&format!(
        "update app.tickets set language = 'en' where id = {plain}"
    ))
    .await;
    indexed(&desk).await;
    assert_eq!(ids(&ada, "invoice").await, [plain, english]);
}

#[tokio::test]
async fn a_word_that_finds_nothing_is_looked_for_as_it_was_meant() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let tom = desk.agent("Tom", "tech").await;
    let id = ticket(&desk, "Refund for order", "x", "").await;

    indexed(&desk).await;
    let page = found(&ada, "refnud order").await;
    assert_eq!(page["items"][0]["id"], id);
    assert_eq!(
        page["corrections"],
        json!([{"word": "refnud", "to": ["refund"]}])
    );
    assert_eq!(ids(&ada, "costumer cleo").await, [id], "names too");
    for q in ["refnud", "refund"] {
        let theirs = found(&tom, q).await;
        assert_eq!(
            (&theirs["items"], &theirs["corrections"]),
            (&json!([]), &json!([])),
            "{q}: nobody learns words of tickets they cannot see"
        );
    }
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_read() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let all = desk.person("agent", "Alma", "all").await;
    let id = ticket(&desk, "Card declined", "A public word", "").await;
    let note = ada
        .post(
            &format!("/api/tickets/{id}/messages"),
            json!({"kind": "note", "body_text": "Fraudster \"n public\" suspected"}),
        )
        .await;
    assert_eq!(note.status(), 201);
    let reads = desk.key(&["tickets:read"], Some("billing")).await;
    let notes = desk
        .key(&["tickets:read", "notes:read"], Some("billing"))
        .await;
    let people = desk.key(&["tickets:read", "users:read"], None).await;
    let elsewhere = desk
        .key(&["tickets:read", "notes:read", "users:read"], Some("tech"))
        .await;
    let bare = desk.key(&[], None).await;
    let everyone = [
        ("ada", &ada),
        ("all", &all),
        ("reads", &reads),
        ("notes", &notes),
        ("people", &people),
        ("tom", &tom),
        ("elsewhere", &elsewhere),
        ("bare", &bare),
    ];

    indexed(&desk).await;
    for (q, finders) in [
        ("declined", vec!["ada", "all", "reads", "notes", "people"]),
        ("fraudster", vec!["ada", "all", "notes"]),
        ("\"fraudster n public\"", vec!["ada", "all", "notes"]),
        ("'n fraudster'", vec!["ada", "all", "notes"]),
        ("fraudste*", vec!["ada", "all", "notes"]),
        ("declined -fraudster", vec!["reads", "people"]),
        ("declined fraudster", vec!["ada", "all", "notes"]),
        ("fraudsetr", vec![]),
        ("cleo", vec!["ada", "all", "people"]),
        ("cloe", vec!["ada", "all", "people"]),
        ("declined -cleo", vec!["reads", "notes"]),
        ("requester:cleo@customer.test", vec!["ada", "all", "people"]),
        (
            "is:unassigned",
            vec!["ada", "all", "reads", "notes", "people"],
        ),
        (
            &format!("#{id}"),
            vec!["ada", "all", "reads", "notes", "people"],
        ),
    ] {
        for (name, who) in &everyone {
            // A key without any scope is refused before it asks.
            if *name == "bare" {
                let reply = who.get("/api/search?q=declined").await;
                assert_eq!(reply.status(), 403, "{q}");
                continue;
            }
            let finds = count(who, q).await;
            assert_eq!(
                finds,
                usize::from(finders.contains(name)),
                "{name} asks for {q}"
            );
        }
    }
    let shown = found(&reads, "public").await;
    assert_eq!(shown["items"][0]["highlights"]["message_kind"], "reply");

    // Who it is handed to finds it, who gave it away does not.
    desk.run(&format!("update app.tickets set team_id = (select id from app.teams where name = 'tech') where id = {id}")).await;
    indexed(&desk).await;
    assert_eq!(ids(&tom, "declined").await, [id]);
    assert_eq!(ids(&ada, "declined").await, [] as [i64; 0]);
    desk.run(&format!(
        "update app.tickets set assignee_id = {} where id = {id}",
        ada.id
    ))
    .await;
    indexed(&desk).await;
    assert_eq!(ids(&ada, "declined").await, [id]);
    desk.run(&format!(
        "update app.tickets set assignee_id = null, team_id = null where id = {id}"
    ))
    .await;
    indexed(&desk).await;
    assert_eq!(
        ids(&ada, "declined").await,
        [id],
        "staff sees what no team has yet"
    );
    assert_eq!(
        count(&notes, "declined").await,
        0,
        "a key that is limited to teams does not"
    );
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_past_the_first_thousand() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("insert into app.tickets (subject, description, requester_id, team_id)
         select 'Common ' || i, repeat('common ', i % 7), u.id, t.id from generate_series(1, 1100) i, app.users u, app.teams t
          where u.email = 'cleo@customer.test' and t.name = 'billing'").await;
    indexed(&desk).await;
    let mut seen = Vec::new();
    let mut path = "/api/search?q=common&limit=100".to_owned();
    loop {
        let page: FoundPage = ada.get(&path).await.json().await.expect("a page");
        assert!(
            page.items
                .windows(2)
                .all(|w| (w[0].rank, w[0].id) > (w[1].rank, w[1].id))
        );
        seen.extend(page.items.iter().map(|item| item.id));
        // Made meanwhile: it moves nothing.
        desk.run("insert into app.tickets (subject, requester_id, team_id) values ('Common and new', 1, 1)").await;
        match page.next {
            Some(next) => path = format!("/api/search?q=common&limit=100&after={next}"),
            None => break,
        }
    }
    let distinct: std::collections::BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!((seen.len(), distinct.len()), (1100, 1100));
}

/// Every answer is a page or a refusal that names a place; nothing reaches SQL as SQL.
#[tokio::test]
async fn naughty_strings_are_words_like_others() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let naughty = harness::samples::hostile();
    for text in &naughty {
        let subject: String = text.chars().take(400).collect();
        if !subject.trim().is_empty() && !subject.contains('\0') {
            let made = ada
                .post(
                    "/api/tickets",
                    json!({"subject": subject, "description": text}),
                )
                .await;
            assert!(made.status() == 201 || made.status() == 422, "{text}");
        }
    }
    indexed(&desk).await;
    for text in naughty {
        let url = reqwest::Url::parse_with_params("http://x/", [("q", &text)]).expect("a URL");
        let status = ada
            .get(&format!("/api/search?{}", url.query().unwrap_or_default()))
            .await
            .status();
        assert!(status == 200 || status == 422, "{status}: {text}");
    }
}

#[tokio::test]
async fn the_old_address_of_a_merged_customer_finds_the_tickets_of_the_kept_one() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let kept = ticket(&desk, "Of the kept one", "Hello", "").await;
    let old: i64 = desk
        .one("insert into app.users (role, name, email) values ('customer', 'Cleopatra Former', 'old@customer.test') returning id")
        .await;
    desk.run(&format!("insert into app.tickets (subject, description, requester_id) values ('Of the old one', 'Hello', {old})"))
        .await;
    let into: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let merged = admin
        .post(&format!("/api/users/{old}/merge"), json!({"into": into}))
        .await;
    assert_eq!(merged.status(), 200);
    indexed(&desk).await;
    for q in [
        "requester:old@customer.test",
        "requester:former",
        "requester:cleo@customer.test",
    ] {
        let mut found = ids(&admin, q).await;
        found.sort_unstable();
        assert_eq!(found, [kept, kept + 1], "{q}");
    }
    assert!(ids(&admin, "requester:new@customer.test").await.is_empty());
}

/// Every page of a question, 5 at a time: ids with their ranks.
async fn pages(who: &Person, q: &str) -> Vec<(i64, f64)> {
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let mut query = vec![("q", q), ("limit", "5")];
        if !after.is_empty() {
            query.push(("after", &after));
        }
        let url = reqwest::Url::parse_with_params("http://x/", query).expect("a URL");
        let reply = who
            .get(&format!("/api/search?{}", url.query().unwrap_or_default()))
            .await;
        let status = reply.status();
        let page: Value = reply.json().await.expect("JSON");
        assert_eq!(status, 200, "{q}: {page}");
        for item in page["items"].as_array().expect("items") {
            seen.push((
                item["id"].as_i64().unwrap_or_default(),
                item["rank"].as_f64().unwrap_or_default(),
            ));
        }
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return seen,
        }
    }
}

#[tokio::test]
async fn pages_without_a_word_are_ranked_by_the_words_that_are_wanted() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(
        "insert into app.tickets (subject, description, requester_id, team_id)
         select case when i % 4 = 0 then 'An invoice ' else 'Of old ' end || i, 'my invoice' || case when i % 5 = 0 then ' refund' else '' end, u.id, t.id
           from generate_series(1, 40) i, app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing'",
    )
    .await;
    indexed(&desk).await;
    for (q, wanted) in [
        ("invoice -refund", 32),
        ("-refund", 32),
        ("invoice -refund -nothing", 32),
        ("-refund status:new", 32),
        ("invoice -\"my invoice refund\" -zzz*", 32),
    ] {
        let found = pages(&ada, q).await;
        let distinct: std::collections::BTreeSet<i64> = found.iter().map(|(id, _)| *id).collect();
        assert_eq!((found.len(), distinct.len()), (wanted, wanted), "{q}");
        assert!(
            found.windows(2).all(|w| w[0].1 >= w[1].1),
            "{q}: best first"
        );
        if q.starts_with("invoice") {
            assert!(found.iter().all(|(_, rank)| *rank > 0.01), "{q}: {found:?}");
        }
    }
}

#[tokio::test]
async fn the_beginning_of_a_word_finds_what_the_word_finds_and_more() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let mut all = Vec::new();
    for (subject, language) in [
        ("The invoices of May", "en"),
        ("Invoicing and invoice", "en"),
        ("Organisation of work", "en"),
        ("Falsche Größen geliefert", "de"),
        ("Häuser und Bestätigungen", "de"),
        ("Invoice 12 plain größe", ""),
    ] {
        let language = match language {
            "" => "language = null".to_owned(),
            language => format!("language = '{language}'"),
        };
        all.push(ticket(&desk, subject, "x", &language).await);
    }
    indexed(&desk).await;
    for (prefix, wanted) in [
        ("invoice*", vec![0, 1, 5]),
        ("invoici*", vec![0, 1]),
        ("INVOI*", vec![0, 1, 5]),
        ("organisati*", vec![2]),
        ("größe*", vec![3, 5]),
        ("gro\u{308}ße*", vec![3, 5]),
        ("Häuse*", vec![4]),
        ("bestätigun*", vec![4]),
        ("bestätigu*", vec![4]),
        ("nothing*", vec![]),
    ] {
        let mut found = ids(&ada, prefix).await;
        found.sort_unstable();
        let wanted: Vec<i64> = wanted.into_iter().map(|i| all[i]).collect();
        assert_eq!(found, wanted, "{prefix}");
        let whole = super::search::found(&ada, prefix.trim_end_matches('*')).await;
        for item in whole["items"].as_array().expect("items") {
            let corrected = whole["corrections"] != json!([]);
            let id = item["id"].as_i64().unwrap_or_default();
            assert!(corrected || found.contains(&id), "{prefix}: {id}");
        }
    }
}

#[tokio::test]
async fn parts_of_numbers_addresses_and_file_names_are_found() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let reads = desk.key(&["tickets:read"], Some("billing")).await;
    let id = ticket(
        &desk,
        "Order AB-12345 late",
        "See https://shop.test/orders/998877?item=zebra or write to max.muster@firma.test, file Rechnung_2024-03.pdf, -55512, <XY77Z>",
        "custom = '{}'",
    )
    .await;
    let spaced = ticket(&desk, "Order AB 12345 again", "x", "").await;
    indexed(&desk).await;
    for q in [
        "12345",
        "AB-12345",
        "\"AB-12345\"",
        "ab 12345",
        "1234*",
        "AB-123*",
        "order AB-12345",
    ] {
        let mut found = ids(&ada, q).await;
        found.sort_unstable();
        assert_eq!(found, [id, spaced], "{q}");
    }
    for q in [
        "998877",
        "zebra",
        "shop",
        "shop.test",
        "https://shop.test/orders/998877?item=zebra",
        "muster",
        "firma",
        "max.muster@firma.test",
        "rechnung",
        "Rechnung_2024-03.pdf",
        "2024",
        "55512",
        "xy77z",
    ] {
        assert_eq!(ids(&ada, q).await, [id], "{q}");
    }
    for q in ["12346", "AB-12346", "BA-12345", "order -12345"] {
        assert_eq!(ids(&ada, q).await, [] as [i64; 0], "{q}");
    }
    let page = found(&ada, "998877").await;
    let text = page["items"][0]["highlights"]["text"]
        .as_str()
        .unwrap_or_default();
    assert!(text.contains("<mark>"), "{text}");

    // Names of files are found by whoever may read their message.
    desk.run(&format!(
        "with m as (insert into app.messages (ticket_id, kind, body_text) values ({spaced}, 'reply', 'Here') returning id, created_at, ticket_id)
         insert into app.attachments (name, media_type, ticket_id, message_id, message_at) select 'Lieferschein-4711.pdf', 'application/pdf', ticket_id, id, created_at from m;
         with m as (insert into app.messages (ticket_id, kind, body_text) values ({spaced}, 'note', 'Inside') returning id, created_at, ticket_id)
         insert into app.attachments (name, media_type, ticket_id, message_id, message_at) select 'fraud_report.txt', 'text/plain', ticket_id, id, created_at from m"
    ))
    .await;
    indexed(&desk).await;
    for q in ["lieferschein", "4711", "Lieferschein-4711.pdf"] {
        assert_eq!(ids(&ada, q).await, [spaced], "{q}");
        assert_eq!(count(&reads, q).await, 1, "{q}");
    }
    assert_eq!(ids(&ada, "fraud_report.txt").await, [spaced]);
    assert_eq!(count(&reads, "fraud_report.txt").await, 0);
    assert_eq!(count(&reads, "report").await, 0);
    desk.run("delete from app.attachments where name like 'Lieferschein%'")
        .await;
    assert_eq!(ids(&ada, "4711").await, [] as [i64; 0]);
}

#[tokio::test]
async fn words_of_scripts_without_blanks_are_found_within_a_sentence() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let reads = desk.key(&["tickets:read"], Some("billing")).await;
    let japanese = ticket(
        &desk,
        "注文の返金をお願いします",
        "先日Amazonで買った商品が壊れていました。ﾍﾝｷﾝ希望です。",
        "language = 'ja'",
    )
    .await;
    let thai = ticket(&desk, "ขอคืนเงินสำหรับคำสั่งซื้อ", "สินค้าเสียหาย", "language = 'th'").await;
    let korean = ticket(
        &desk,
        "환불을 부탁드립니다",
        "상품이 파손되었습니다",
        "language = 'ko'",
    )
    .await;
    let chinese = ticket(&desk, "我要申请退款谢谢", "东京都的商品", "").await;
    indexed(&desk).await;
    for (q, wanted) in [
        ("返金", japanese),
        ("返金を", japanese),
        ("\"返金をお願い\"", japanese),
        ("返金 商品", japanese),
        ("Amazon", japanese),
        ("amazonで買った", japanese),
        ("ヘンキン", japanese),
        ("返*", japanese),
        ("壊", japanese),
        ("คืนเงิน", thai),
        ("환불", korean),
        ("退款", chinese),
        ("京都", chinese),
    ] {
        assert_eq!(ids(&ada, q).await, [wanted], "{q}");
    }
    for q in ["金返", "返品", "返金 退款", "京東", "เงินคืน"] {
        assert_eq!(ids(&ada, q).await, [] as [i64; 0], "{q}");
    }
    assert_eq!(ids(&ada, "商品 -返金").await, [chinese]);
    let page = found(&ada, "返金").await;
    assert_eq!(
        page["items"][0]["highlights"]["subject"],
        "注文の<mark>返金</mark>をお願いします"
    );
    desk.run(&format!(
        "insert into app.messages (ticket_id, kind, body_text) values ({chinese}, 'note', '这是欺诈行为')"
    ))
    .await;
    indexed(&desk).await;
    assert_eq!(ids(&ada, "欺诈").await, [chinese]);
    assert_eq!(count(&reads, "欺诈").await, 0);
}

#[tokio::test]
async fn a_question_without_any_word_finds_nothing() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let id = ticket(&desk, "\u{1f525} Fire", "x", "").await;
    indexed(&desk).await;
    for q in [
        "\u{1f525}",
        "\u{1f525} \u{1f4a7}",
        "-\u{1f525}",
        "!!!",
        "*",
        "\"\u{1f525}\"",
        "\u{200b}\u{200d}",
        "\u{301}\u{1f525}",
    ] {
        assert_eq!(ids(&ada, q).await, [] as [i64; 0], "{q}");
    }
    assert_eq!(ids(&ada, "\u{1f525} fire").await, [id]);
    assert_eq!(ids(&ada, "\u{1f525} status:new").await, [id]);
    assert_eq!(ids(&ada, "fire -\u{1f525}").await, [id]);
}

#[tokio::test]
async fn letters_meet_however_they_are_put_together() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("insert into app.tags (name) values ('caf\u{e9}')")
        .await;
    let apart = ticket(
        &desk,
        "Cafe\u{301} closed",
        "Mu\u{308}nchen",
        "tag_ids = array[1]",
    )
    .await;
    let together = ticket(&desk, "The caf\u{e9} opens", "M\u{fc}nchen", "").await;
    indexed(&desk).await;
    for q in [
        "caf\u{e9}",
        "cafe\u{301}",
        "mu\u{308}nchen",
        "m\u{fc}nchen",
        "\"cafe\u{301}\" \u{ff4d}\u{fc}nchen",
    ] {
        let mut found = ids(&ada, q).await;
        found.sort_unstable();
        assert_eq!(found, [apart, together], "{q}");
    }
    assert_eq!(ids(&ada, "tag:cafe\u{301}").await, [apart]);
    let page = found(&ada, "cafe\u{301} closed").await;
    assert_eq!(
        page["items"][0]["highlights"]["subject"],
        "<mark>Caf\u{e9}</mark> <mark>closed</mark>"
    );
}

#[tokio::test]
async fn words_of_the_trash_and_of_hidden_tickets_are_never_told() {
    let desk = Desk::open().await;
    let (admin, ada, tom) = (
        desk.admin().await,
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let gone = ticket(&desk, "Zanzibar voyage", "x", "").await;
    let moved = ticket(&desk, "Patagonia voyage", "x", "").await;
    indexed(&desk).await;
    assert_eq!(
        found(&ada, "zanzibra").await["corrections"][0]["to"],
        json!(["zanzibar"])
    );
    assert_eq!(
        admin.delete(&format!("/api/tickets/{gone}")).await.status(),
        200
    );
    // Handed on, but not yet heard of by the worker.
    desk.run(&format!("update app.tickets set team_id = (select id from app.teams where name = 'tech') where id = {moved}")).await;
    for who in [&admin, &ada] {
        for q in [
            "zanzibra".to_owned(),
            "zanzibar".to_owned(),
            format!("#{gone}"),
        ] {
            let page = found(who, &q).await;
            assert_eq!(
                (&page["items"], &page["corrections"], &page["jump"]),
                (&json!([]), &json!([]), &Value::Null),
                "{q}"
            );
        }
    }
    for q in [
        "patagonai".to_owned(),
        "patagonia".to_owned(),
        format!("#{moved}"),
    ] {
        let page = found(&ada, &q).await;
        assert_eq!(
            (&page["items"], &page["corrections"], &page["jump"]),
            (&json!([]), &json!([]), &Value::Null),
            "{q}"
        );
    }
    indexed(&desk).await;
    assert_eq!(ids(&tom, "patagonai").await, [moved]);
    desk.run(&format!(
        "update app.tickets set deleted_at = null where id = {gone}"
    ))
    .await;
    assert_eq!(
        ids(&ada, "zanzibra").await,
        [gone],
        "taken out of the trash"
    );
}

/// What a definer of search answers to a role with these claims; an empty text where it may not be called.
async fn told(desk: &Desk, role: &str, claims: &Value, sql: &str) -> String {
    let api = desk.log_in("autocrm_api").await;
    api.batch_execute(&format!(
        "begin; select set_config('role', '{role}', true), set_config('request.jwt.claims', '{claims}', true)"
    ))
    .await
    .expect("an identity");
    let answer = api.query_one(sql, &[]).await;
    answer
        .ok()
        .and_then(|row| row.get::<_, Option<String>>(0))
        .unwrap_or_default()
}

/// The functions that read past the policies decide by role themselves, and tell whom they do not know nothing.
#[tokio::test]
async fn definers_of_search_tell_each_role_what_it_may_know_and_strangers_nothing() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let cus = desk.person("customer", "Cus", "all").await;
    desk.run(
        "insert into app.tags (name) values ('vip');
         insert into app.custom_fields (key, label, type) values ('inside', 'Inside', 'text')",
    )
    .await;
    let others = ticket(&desk, "Zebra of others", "zebra", "tag_ids = array[1]").await;
    let own: i64 = desk
        .one(&format!(
            "insert into app.tickets (subject, description, requester_id, team_id, tag_ids, custom)
             select 'Zebra of mine', 'zebra words', {}, t.id, array[1], '{{\"inside\": \"okapi\"}}' from app.teams t where t.name = 'billing' returning id",
            cus.id
        ))
        .await;
    let note = ada
        .post(
            &format!("/api/tickets/{own}/messages"),
            json!({"kind": "note", "body_text": "quagga suspected"}),
        )
        .await;
    assert_eq!(note.status(), 201);
    indexed(&desk).await;
    let search = |q: &str| {
        format!(
            "select (api._search('{q}', null, 10) -> 'hits')::text || (api._search('{q}', null, 10) -> 'corrections')::text"
        )
    };
    let customer = cus.claims();
    let mine = told(&desk, "autocrm_customer", &customer, &search("zebra")).await;
    assert!(
        mine.contains(&format!("\"id\": {own},")) && !mine.contains(&format!("\"id\": {others},")),
        "{mine}"
    );
    for q in [
        "quagga",
        "quaga",
        "okapi",
        "okap*",
        "zebra -zebra",
        "Cleo",
        "cloe",
        "\u{1f525}",
        &format!("#{others}"),
    ] {
        let found = told(&desk, "autocrm_customer", &customer, &search(q)).await;
        assert_eq!(found, "[][]", "{q}");
    }
    for q in ["quagga", "okapi"] {
        let found = told(&desk, "autocrm_agent", &ada.claims(), &search(q)).await;
        assert!(found.contains(&format!("\"id\": {own},")), "{q}: {found}");
    }
    let tagged = "select array_to_string(api._tickets_tagged('vip', 100), ',')";
    assert_eq!(
        told(&desk, "autocrm_customer", &customer, tagged).await,
        own.to_string()
    );
    assert_eq!(
        told(&desk, "autocrm_agent", &ada.claims(), tagged).await,
        format!("{others},{own}")
    );
    // Nobody, and a role that there is not (yet).
    for who in [
        json!({}),
        json!({"sub": cus.id.to_string(), "role": "visitor"}),
        json!({"role": "agent"}),
    ] {
        for role in [
            "autocrm_customer",
            "autocrm_agent",
            "autocrm_integration",
            "autocrm_admin",
        ] {
            for sql in [
                search("zebra"),
                tagged.to_owned(),
                "select array_to_string(api._tickets_about('zebra', 100), ',')".to_owned(),
            ] {
                let answer = told(&desk, role, &who, &sql).await;
                assert!(
                    answer.is_empty() || answer == "[][]",
                    "{who} as {role}: {sql}: {answer}"
                );
            }
        }
    }
}
