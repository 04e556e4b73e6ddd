//! What a person changes and reads of themselves: availability, signature, language, numbers.

use autocrm_api::model::{Me, MyNumbers};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn the_reason_of_an_absence_is_told_and_goes_with_it_and_a_signature_is_ones_own() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let change = |body: Value| ada.patch("/api/me", body, None);

    let away: Me =
        change(json!({"availability": "away", "availability_reason": " Dentist until 3 "}))
            .await
            .json()
            .await
            .expect("me");
    assert_eq!(away.availability_reason.as_deref(), Some("Dentist until 3"));
    let seen = bob.read(&format!("/api/users/{}", ada.id)).await;
    assert_eq!(seen["availability_reason"], "Dentist until 3");
    let back: Me = change(json!({"availability": "online"}))
        .await
        .json()
        .await
        .expect("me");
    assert_eq!(back.availability_reason, None);

    let signed: Me = change(json!({"signature": "Ada\nBilling"}))
        .await
        .json()
        .await
        .expect("me");
    assert_eq!(signed.signature.as_deref(), Some("Ada\nBilling"));
    let long = change(json!({"signature": "x".repeat(4001)})).await;
    assert_eq!(long.status(), 422);
}

#[tokio::test]
async fn ones_own_numbers_count_what_one_has_and_has_solved() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for subject in ["One", "Two", "Three"] {
        let ticket = desk.ticket(subject, "billing").await;
        let path = format!("/api/tickets/{ticket}");
        ada.post(&format!("{path}/assign"), json!({"assignee_id": ada.id}))
            .await;
        if subject == "One" {
            ada.post(&format!("{path}/messages"), json!({"body_text": "Done"}))
                .await;
            let solved = ada.post(&format!("{path}/solve"), json!({})).await;
            assert_eq!(solved.status(), 200);
        }
    }
    let numbers: MyNumbers = ada
        .get("/api/me/numbers")
        .await
        .json()
        .await
        .expect("numbers");
    assert_eq!(numbers.open, 2);
    assert_eq!((numbers.solved_today, numbers.solved_week), (1, 1));
    assert_eq!(numbers.first_replies_week, 1);
    assert!(numbers.first_reply_seconds.is_some());
    assert_eq!(numbers.solved_by_day.len(), 7);
    assert_eq!(numbers.solved_by_day[6].solved, 1);
}

/// The body of a reply to a new ticket, sent with the writer's signature.
async fn signed_reply(desk: &Desk, who: &Person, body: Value) -> Value {
    let ticket = desk.ticket("Card declined", "billing").await;
    let reply = who
        .post(&format!("/api/tickets/{ticket}/messages"), body)
        .await;
    reply.json().await.expect("JSON")
}

#[tokio::test]
async fn ones_own_signature_goes_below_a_reply_once_and_never_below_a_note() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let sent = signed_reply(
        &desk,
        &ada,
        json!({"body_text": "Hello", "with_signature": true}),
    )
    .await;
    assert_eq!(sent["body_text"], "Hello", "without one nothing is added");

    let me = json!({"signature": "{{agent.name}}\n<{{agent.email}}>"});
    let me: Me = ada
        .patch("/api/me", me, None)
        .await
        .json()
        .await
        .expect("a user");
    let signature = me.signature_text.expect("a signature");
    assert_eq!(signature, "Ada\n<ada@desk.test>");

    let text = json!({"body_text": "Hello\n", "with_signature": true});
    let sent = signed_reply(&desk, &ada, text).await;
    assert_eq!(sent["body_text"], format!("Hello\n\n{signature}"));
    let html = json!({"body_html": "<p>Hello</p>", "with_signature": true});
    let sent = signed_reply(&desk, &ada, html).await;
    let signed = "<p>Hello</p><p>Ada<br>&lt;ada@desk.test&gt;</p>";
    assert_eq!(sent["body_html"], signed);

    let again = json!({"body_html": signed, "with_signature": true});
    assert_eq!(
        signed_reply(&desk, &ada, again).await["body_html"],
        signed,
        "what ends with it has it"
    );
    let unsigned = signed_reply(&desk, &ada, json!({"body_text": "Hello"})).await;
    assert_eq!(unsigned["body_text"], "Hello");
    let note = json!({"kind": "note", "body_text": "Hello", "with_signature": true});
    assert_eq!(
        problem_paths(&signed_reply(&desk, &ada, note).await),
        ["with_signature"]
    );
    let empty = json!({"body_text": " ", "with_signature": true});
    assert_eq!(
        problem_paths(&signed_reply(&desk, &ada, empty).await),
        ["body_text"]
    );
}

#[tokio::test]
async fn a_signature_names_nothing_but_its_writer() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for wrong in [
        "{{ticket.subject}}",
        "{{agent.shoe_size}}",
        "{{agent.name",
        "{{#if requester.name}}x{{/if}}",
    ] {
        let reply = ada
            .patch("/api/me", json!({"signature": wrong}), None)
            .await;
        assert_eq!(reply.status(), 422, "{wrong}");
        let problem: Value = reply.json().await.expect("a problem");
        assert!(
            problem_paths(&problem)
                .iter()
                .all(|path| *path == "signature"),
            "{wrong}"
        );
    }
}

/// The kind of defect: a value that one operation checks and the others write, to be met where it is used.
#[tokio::test]
async fn language_and_time_zone_are_ones_that_everybody_knows_at_every_door() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let wrong = [
        json!({"time_zone": "Mars/X"}),
        json!({"time_zone": ""}),
        json!({"time_zone": "+02"}),
        json!({"locale": "not a locale!!"}),
        json!({"locale": ""}),
        json!({"locale": "de_DE"}),
    ];
    for body in wrong {
        let column = if body.get("locale").is_some() {
            "locale"
        } else {
            "time_zone"
        };
        for path in ["/api/me".to_owned(), format!("/api/users/{}", root.id)] {
            let reply = root.patch(&path, body.clone(), None).await;
            assert_eq!(reply.status(), 422, "{path} {body}");
            let problem: Value = reply.json().await.expect("JSON");
            assert_eq!(problem_paths(&problem), [column]);
        }
        let value = body[column].as_str().unwrap_or_default();
        for sql in [
            format!(
                "update app.users set {column} = '{value}' where id = {}",
                root.id
            ),
            format!("insert into app.users (name, {column}) values ('New', '{value}')"),
        ] {
            let (code, detail) = desk.refused(&sql).await;
            assert_eq!(code, "TK422", "{sql}");
            assert!(detail.starts_with(&format!("{column}: ")), "{detail}");
        }
    }
    let (_, detail) = desk.refused("update app.users set locale = 'pt_BR'").await;
    assert!(detail.ends_with("write pt-BR"), "{detail}");
    for body in [
        json!({"time_zone": "Europe/Berlin", "locale": "pt-BR"}),
        json!({"time_zone": "America/Argentina/Buenos_Aires"}),
        json!({"time_zone": "Etc/GMT+5"}),
        json!({"time_zone": "CET"}),
        json!({"time_zone": "UTC", "locale": "zh-Hant-TW"}),
    ] {
        let reply = root.patch("/api/me", body, None).await;
        assert_eq!(reply.status(), 200);
    }
    assert_eq!(root.get("/api/me/numbers").await.status(), 200);
}
