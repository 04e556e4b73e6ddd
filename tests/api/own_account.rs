//! What a person does with their own account: password, sessions, signature, availability, numbers.

use autocrm_api::model::{Me, MyNumbers, OwnSessions, PasswordChanged};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse";

/// Ada with a password; answers her open log-in of the harness too.
async fn ada(desk: &Desk) -> Person {
    let ada = desk.agent("Ada", "billing").await;
    let hash = autocrm_api::auth::hash_password(PASSWORD).expect("hashes");
    desk.run(&format!(
        "insert into app.passwords (user_id, argon2) values ({}, '{hash}')",
        ada.id
    ))
    .await;
    ada
}

/// The access token of a new log-in, and how it was answered.
async fn log_in(desk: &Desk, password: &str) -> (u16, String) {
    let reply = reqwest::Client::new()
        .post(format!("{}/api/session", desk.address))
        .json(&json!({"email": "ada@desk.test", "password": password}))
        .send()
        .await
        .expect("answers");
    let status = reply.status().as_u16();
    let body: Value = reply.json().await.unwrap_or_default();
    (
        status,
        body["access_token"].as_str().unwrap_or_default().to_owned(),
    )
}

async fn status_with(desk: &Desk, token: &str) -> u16 {
    reqwest::Client::new()
        .get(format!("{}/api/me", desk.address))
        .bearer_auth(token)
        .send()
        .await
        .expect("answers")
        .status()
        .as_u16()
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_other_sessions_end_by_choice() {
    let desk = Desk::open().await;
    let ada = ada(&desk).await;
    let (_, phone) = log_in(&desk, PASSWORD).await;
    let change = |current: &'static str, new: &'static str, end: bool| {
        ada.post(
            "/api/me/password",
            json!({"current_password": current, "new_password": new, "end_other_sessions": end}),
        )
    };

    let wrong = change("guess", "battery staple", true).await;
    assert_eq!(wrong.status(), 422);
    let problem: Value = wrong.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["current_password"]);
    assert_eq!(status_with(&desk, &phone).await, 200, "nothing has ended");

    // A body that cannot be read is refused at each of its members, before anything is counted.
    let unreadable = ada
        .post(
            "/api/me/password",
            json!({"current_password": 7, "end_other_sessions": "yes", "more": 1}),
        )
        .await;
    assert_eq!(unreadable.status(), 422);
    let problem: Value = unreadable.json().await.expect("a problem");
    assert_eq!(
        problem_paths(&problem),
        [
            "more",
            "current_password",
            "new_password",
            "end_other_sessions"
        ]
    );

    for (new, why) in [("            ", "blanks"), (PASSWORD, "the same")] {
        let refused = change(PASSWORD, new, true).await;
        assert_eq!(refused.status(), 422, "{why}");
        let problem: Value = refused.json().await.expect("a problem");
        assert_eq!(problem_paths(&problem), ["new_password"], "{why}");
        assert!(problem["hint"].is_string(), "{why}");
    }

    let short = change(PASSWORD, "short", true).await;
    let problem: Value = short.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["new_password"]);
    let short = &problem["problems"][0];
    assert_eq!(short["reason"], "too_short", "for who translates it");
    assert_eq!(short["values"], json!({"least": "10"}));

    let kept: PasswordChanged = change(PASSWORD, "battery staple", false)
        .await
        .json()
        .await
        .expect("changed");
    assert_eq!(kept.ended, 0);
    assert_eq!(status_with(&desk, &phone).await, 200);
    assert_eq!(log_in(&desk, PASSWORD).await.0, 401);

    let ended: PasswordChanged = change("battery staple", "tr0ub4dor and 3", true)
        .await
        .json()
        .await
        .expect("changed");
    assert_eq!(ended.ended, 1);
    assert_eq!(status_with(&desk, &phone).await, 401);
    assert_eq!(ada.get("/api/me").await.status(), 200, "this one stays");
    assert_eq!(log_in(&desk, "tr0ub4dor and 3").await.0, 200);

    let audited: i64 = desk
        .one(&format!(
            "select count(*) from app.audit_log where table_name = 'passwords' and action = 'update' and actor_id = {}",
            ada.id
        ))
        .await;
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn who_guesses_the_current_password_is_stopped_as_at_log_in() {
    let desk = Desk::open().await;
    let ada = ada(&desk).await;
    let mut last = 0;
    for _ in 0..12 {
        last = ada
            .post(
                "/api/me/password",
                json!({"current_password": "guess", "new_password": "battery staple"}),
            )
            .await
            .status()
            .as_u16();
    }
    assert_eq!(last, 429);
    let key = desk.key(&["users:write"], None).await;
    let refused = key
        .post(
            "/api/me/password",
            json!({"current_password": "guess", "new_password": "battery staple"}),
        )
        .await;
    assert_eq!(refused.status(), 403);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_but_this() {
    let desk = Desk::open().await;
    let ada = ada(&desk).await;
    let bob = desk.agent("Bob", "billing").await;
    let (_, phone) = log_in(&desk, PASSWORD).await;
    let (_, tablet) = log_in(&desk, PASSWORD).await;

    let own: OwnSessions = ada
        .get("/api/me/sessions")
        .await
        .json()
        .await
        .expect("sessions");
    assert_eq!(own.items.len(), 3);
    assert!(own.items[0].current && !own.items[1].current);

    // The newest of the others is the tablet.
    let path = format!("/api/me/sessions/{}", own.items[1].id);
    assert_eq!(bob.delete(&path).await.status(), 404, "not his");
    assert_eq!(ada.delete(&path).await.status(), 200);
    assert_eq!(ada.delete(&path).await.status(), 404, "it has ended");
    assert_eq!(ada.delete("/api/me/sessions/none").await.status(), 404);
    assert_eq!(status_with(&desk, &tablet).await, 401);
    assert_eq!(status_with(&desk, &phone).await, 200);

    let ended: Value = ada
        .delete("/api/me/sessions")
        .await
        .json()
        .await
        .expect("ended");
    assert_eq!(ended, json!({"ended": 1}));
    assert_eq!(status_with(&desk, &phone).await, 401);
    assert_eq!(ada.get("/api/me").await.status(), 200);
    assert_eq!(bob.get("/api/me").await.status(), 200);
}

#[tokio::test]
async fn whose_session_ends_is_on_no_ticket_any_more() {
    let desk = Desk::open().await;
    let ada = ada(&desk).await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let here = ada
        .post(
            &format!("/api/tickets/{ticket}/presence"),
            json!({"state": "viewing"}),
        )
        .await;
    assert_eq!(here.status(), 200);
    let there = "select count(*) from app.presence";
    assert_eq!(desk.one::<i64>(there).await, 1);
    assert_eq!(ada.delete("/api/session").await.status(), 204);
    assert_eq!(desk.one::<i64>(there).await, 0);
}

#[tokio::test]
async fn the_reason_of_an_absence_is_told_and_goes_with_it_and_a_signature_is_ones_own() {
    let desk = Desk::open().await;
    let ada = ada(&desk).await;
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
    let ada = ada(&desk).await;
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

/// Its kind: a value that one operation checks and the others write, to be met where it is used.
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

/// Its kind: one secret that is kept in two places, of which one is changed.
#[tokio::test]
async fn a_new_password_is_that_of_the_sql_prompt_too() {
    let desk = Desk::open().await;
    let ada = ada(&desk).await;
    let name = desk.one::<String>("select current_database()::text").await;
    let login = format!("ada_{name}");
    desk.run(&format!(
        "create role {login} login in role autocrm_agent password '{PASSWORD}';
         update app.users set pg_role = '{login}' where id = {}",
        ada.id
    ))
    .await;
    // Over TCP the server asks for the password.
    let port: String = desk.one("select current_setting('port')").await;
    let enter = |password: &'static str| {
        let url =
            format!("host=127.0.0.1 port={port} user={login} dbname={name} password='{password}'");
        async move { autocrm_api::db::connect(&url).await.is_ok() }
    };
    assert!(enter(PASSWORD).await);

    let body = json!({"current_password": PASSWORD, "new_password": "battery staple"});
    let changed: PasswordChanged = ada
        .post("/api/me/password", body)
        .await
        .json()
        .await
        .expect("changed");

    assert!(changed.prompt);
    assert!(enter("battery staple").await);
    assert!(!enter(PASSWORD).await, "the old one opens no door");
    let kept: String = desk
        .one(&format!(
            "select rolpassword from pg_authid where rolname = '{login}'"
        ))
        .await;
    assert!(kept.starts_with("SCRAM-SHA-256$"), "{kept}");
    desk.run(&format!("drop role {login}")).await;
}

/// A log-in that is more than a person of the desk is its operator's to change, and nobody but the operator says which
/// log-in is whose.
#[tokio::test]
async fn no_other_log_in_of_the_server_gets_a_password_from_the_desk() {
    let desk = Desk::open().await;
    let name = desk.one::<String>("select current_database()::text").await;
    let login = format!("dba_{name}");
    let verifier = format!(
        "SCRAM-SHA-256$4096:{}==${}=:{}=",
        "A".repeat(22),
        "A".repeat(43),
        "A".repeat(43)
    );
    for rights in ["superuser", "createrole", "bypassrls", "replication", ""] {
        let group = if rights.is_empty() {
            ""
        } else {
            "in role autocrm_agent"
        };
        desk.run(&format!(
            "create role {login} login {rights} {group};
             insert into app.users (role, name, pg_role) values ('agent', 'Dora', '{login}')"
        ))
        .await;
        let changed: bool = desk
            .one(&format!(
                "select autocrm.set_prompt_password((select id from app.users where pg_role = '{login}'), '{verifier}')"
            ))
            .await;
        assert!(!changed, "{rights}");
        desk.run(&format!(
            "delete from app.users where pg_role = '{login}'; drop role {login}"
        ))
        .await;
    }
    let admin = desk.at_prompt("admin", None).await;
    let (code, _) = desk
        .refused("select autocrm.set_prompt_password(id, 'a clear text') from app.users where pg_role is not null")
        .await;
    assert_eq!(code, "TK422");
    for sql in [
        format!("update app.users set pg_role = '{login}' where id = 1"),
        format!("select autocrm.set_prompt_password(1, '{verifier}')"),
    ] {
        let error = admin.batch_execute(&sql).await.expect_err(&sql);
        assert_eq!(
            error.code().map(tokio_postgres::error::SqlState::code),
            Some("42501"),
            "{sql}"
        );
    }
}
