//! A person's own log-ins and password.

use autocrm_api::model::{OwnSessions, PasswordChanged};
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

/// The kind of defect: one secret that is kept in two places, of which one is changed.
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
