//! Logging in, staying in, getting out.

use harness::desk::Desk;
use serde_json::{Value, json};

async fn with_password(desk: &Desk) -> reqwest::Client {
    let id = desk.agent("Ada", "billing").await.id;
    let hash = autocrm_api::auth::hash_password("correct horse").expect("hashes");
    desk.run(&format!(
        "insert into app.passwords (user_id, argon2) values ({id}, '{hash}')"
    ))
    .await;
    reqwest::Client::new()
}

fn refresh_cookie(response: &reqwest::Response) -> String {
    response
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .find(|v| v.starts_with("autocrm_refresh="))
        .and_then(|v| v.split(';').next())
        .map(str::to_owned)
        .expect("a refresh cookie")
}

#[tokio::test]
async fn the_right_password_opens_a_session_and_the_wrong_one_does_not() {
    let desk = Desk::open().await;
    let http = with_password(&desk).await;
    let log_in = |password: &str| {
        http.post(format!("{}/api/session", desk.address))
            .json(&json!({"email": "ada@desk.test", "password": password}))
            .send()
    };

    let wrong = log_in("wrong").await.expect("answers");
    assert_eq!(wrong.status(), 401);

    let right = log_in("correct horse").await.expect("answers");
    assert_eq!(right.status(), 200);
    let cookies: Vec<_> = right
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .collect();
    assert!(
        cookies
            .iter()
            .all(|c| c.contains("HttpOnly") && c.contains("SameSite=Strict")),
        "{cookies:?}"
    );
    let token = right.json::<Value>().await.expect("JSON")["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let me: Value = http
        .get(format!("{}/api/me", desk.address))
        .bearer_auth(token)
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    assert_eq!(me["email"], "ada@desk.test");
}

#[tokio::test]
async fn a_refresh_token_that_is_used_twice_ends_the_session() {
    let desk = Desk::open().await;
    let http = with_password(&desk).await;
    let first = http
        .post(format!("{}/api/session", desk.address))
        .json(&json!({"email": "ada@desk.test", "password": "correct horse"}))
        .send()
        .await
        .expect("answers");
    let stolen = refresh_cookie(&first);
    let refresh = |cookie: String| {
        http.post(format!("{}/api/session/refresh", desk.address))
            .header("cookie", cookie)
            .send()
    };

    let second = refresh(stolen.clone()).await.expect("answers");
    assert_eq!(second.status(), 200);
    let fresh = refresh_cookie(&second);
    assert_eq!(refresh(stolen).await.expect("answers").status(), 401);
    assert_eq!(
        refresh(fresh).await.expect("answers").status(),
        401,
        "the whole session is over"
    );
}

#[tokio::test]
async fn guessing_is_stopped() {
    let desk = Desk::open().await;
    let http = with_password(&desk).await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let reply = http
            .post(format!("{}/api/session", desk.address))
            .json(&json!({"email": "ada@desk.test", "password": "guess"}))
            .send()
            .await
            .expect("answers");
        statuses.push(reply.status().as_u16());
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[tokio::test]
async fn a_deactivated_user_is_out_at_once_although_their_token_has_time_left() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    assert_eq!(ada.get("/api/tickets").await.status(), 200);
    desk.run(&format!(
        "update app.users set active = false where id = {}",
        ada.id
    ))
    .await;
    assert_eq!(ada.get("/api/tickets").await.status(), 401);
}

#[tokio::test]
async fn a_revoked_key_stops_at_once() {
    let desk = Desk::open().await;
    let key = desk.key(&["tickets:read"], None).await;
    assert_eq!(key.get("/api/tickets").await.status(), 200);
    let admin = desk.admin().await;
    let keys = admin.read("/api/api-keys").await;
    let id = keys["items"][0]["id"].as_i64().expect("an id");
    assert!(
        keys["items"][0].get("hash").is_none(),
        "what makes the key work is never shown"
    );
    assert_eq!(
        admin.delete(&format!("/api/api-keys/{id}")).await.status(),
        200
    );
    assert_eq!(key.get("/api/tickets").await.status(), 401);
}
