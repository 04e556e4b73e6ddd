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
        cookies.iter().all(|c| c.contains("HttpOnly")
            && c.contains("SameSite=Strict")
            && !c.contains("Secure")),
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

/// Whoever stole a token may wait before they use it.
#[tokio::test]
async fn a_refresh_token_of_any_generation_ends_the_session() {
    let desk = Desk::open().await;
    with_password(&desk).await;
    let door = Door::to(&desk).await;
    let first = door.log_in("198.51.100.1", "correct horse", "").await;
    let oldest = refresh_cookie(&first);
    let mut newest = oldest.clone();
    for _ in 0..3 {
        let next = door.refresh(&newest).await;
        assert_eq!(next.status(), 200);
        newest = refresh_cookie(&next);
    }
    assert_eq!(door.refresh(&oldest).await.status(), 401);
    assert_eq!(door.refresh(&newest).await.status(), 401);
    let ended: i64 = desk
        .one("select count(*) from app.sessions where revoked_at is not null")
        .await;
    assert_eq!(ended, 1);
    // A made-up one ends nobody's.
    let other = refresh_cookie(&door.log_in("198.51.100.1", "correct horse", "").await);
    assert_eq!(door.refresh("autocrm_refresh=x").await.status(), 401);
    assert_eq!(door.refresh(&other).await.status(), 200);
}

/// A server behind a proxy of its own, at an address with a certificate.
struct Door {
    address: String,
    http: reqwest::Client,
}

impl Door {
    /// The desk's own server, which trusts no proxy: everybody comes from one address, whatever they write.
    fn plain(desk: &Desk) -> Self {
        Self {
            address: desk.address.clone(),
            http: reqwest::Client::new(),
        }
    }

    async fn to(desk: &Desk) -> Self {
        let mut config = desk.config.clone();
        config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        config.public_url = Some("https://desk.test".into());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("binds");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(autocrm_api::serve::serve(
            listener,
            config,
            std::future::pending(),
        ));
        Self {
            address,
            http: reqwest::Client::new(),
        }
    }

    async fn log_in_as(
        &self,
        email: &str,
        from: &str,
        password: &str,
        cookie: &str,
    ) -> reqwest::Response {
        self.http
            .post(format!("{}/api/session", self.address))
            .header("x-forwarded-for", from)
            .header("cookie", cookie)
            .json(&json!({"email": email, "password": password}))
            .send()
            .await
            .expect("answers")
    }

    async fn log_in(&self, from: &str, password: &str, cookie: &str) -> reqwest::Response {
        self.log_in_as("ada@desk.test", from, password, cookie)
            .await
    }

    async fn refresh(&self, cookie: &str) -> reqwest::Response {
        self.http
            .post(format!("{}/api/session/refresh", self.address))
            .header("cookie", cookie)
            .send()
            .await
            .expect("answers")
    }
}

fn cookies(response: &reqwest::Response) -> Vec<String> {
    response
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn who_guesses_shuts_out_themselves_and_nobody_else() {
    let desk = Desk::open().await;
    with_password(&desk).await;
    let door = Door::to(&desk).await;
    let first = door.log_in("198.51.100.1", "correct horse", "").await;
    assert_eq!(first.status(), 200);
    let device = device_cookie(&first);

    let mut last = 0;
    for _ in 0..12 {
        last = door
            .log_in("203.0.113.9", "guess", "")
            .await
            .status()
            .as_u16();
    }
    assert_eq!(last, 429);
    // Not even with the right one, from there.
    let right = |from: &'static str| door.log_in(from, "correct horse", "");
    assert_eq!(right("203.0.113.9").await.status(), 429);
    // What stands before the proxy's own entry is the guesser's to write.
    assert_eq!(right("198.51.100.1, 203.0.113.9").await.status(), 429);
    assert_eq!(right("198.51.100.1").await.status(), 200);
    assert_eq!(right("192.0.2.7").await.status(), 200);
    // The owner's browser gets through at the guesser's own address.
    let known = door.log_in("203.0.113.9", "correct horse", &device).await;
    assert_eq!(known.status(), 200);
    // It is of this account alone, and none can be made up.
    for forged in ["autocrm_device_1=x", "autocrm_device_1="] {
        let refused = door.log_in("203.0.113.9", "correct horse", forged).await;
        assert_eq!(refused.status(), 429, "{forged}");
    }
    // Somebody at the office guesses at everybody's password, sixty times: the office still works.
    for n in 0..60 {
        let email = format!("user{n}@desk.test");
        door.log_in_as(&email, "192.0.2.7", "guess", "").await;
    }
    assert_eq!(right("192.0.2.7").await.status(), 200);
}

fn device_cookie(response: &reqwest::Response) -> String {
    cookies(response)
        .iter()
        .filter_map(|cookie| cookie.split(';').next())
        .find(|cookie| cookie.starts_with("autocrm_device_"))
        .map(str::to_owned)
        .expect("a cookie of this browser")
}

/// So many failed log-ins as if they had been sent; `n` numbers them.
async fn failures(desk: &Desk, count: u32, email: &str, ip: &str) {
    desk.run(&format!(
        "insert into app.log_in_attempts (email, ip) select {email}, ({ip})::inet from generate_series(1, {count}) n"
    ))
    .await;
}

/// Refused before any password is looked at: a problem, with the time after which it is worth trying again.
async fn told_to_wait(reply: reqwest::Response) {
    assert_eq!(reply.status(), 429);
    assert_eq!(reply.headers()["retry-after"], "900");
    assert_eq!(reply.headers()["content-type"], "application/problem+json");
    assert!(cookies(&reply).is_empty());
    let problem: Value = reply.json().await.expect("a problem");
    assert_eq!(problem["code"], "TK429", "{problem}");
    assert_eq!(problem["detail"], "Too many failed log-ins", "{problem}");
    assert!(problem["hint"].is_string(), "{problem}");
}

/// Many addresses guess at one password, each too seldom to be stopped by itself.
#[tokio::test]
async fn two_hundred_failures_on_one_account_stop_every_browser_that_it_does_not_know() {
    for is_behind_proxy in [true, false] {
        let desk = Desk::open().await;
        with_password(&desk).await;
        let door = if is_behind_proxy {
            Door::to(&desk).await
        } else {
            Door::plain(&desk)
        };
        let first = door.log_in("198.51.100.1", "correct horse", "").await;
        assert_eq!(first.status(), 200);
        let device = device_cookie(&first);
        let elsewhere = "'10.0.0.0'::inet + n";
        failures(&desk, 199, "'Ada@desk.test'", elsewhere).await;
        if !is_behind_proxy {
            // An address that the account came from before is exempt, and here all come from one.
            desk.run("delete from app.log_in_attempts where succeeded")
                .await;
        }

        let last = door.log_in("203.0.113.9", "guess", "").await;
        assert_eq!(last.status(), 401, "one more is let through");
        told_to_wait(door.log_in("203.0.113.9", "guess", "").await).await;
        told_to_wait(door.log_in("203.0.113.10", "correct horse", "").await).await;
        told_to_wait(
            door.log_in("203.0.113.10", "correct horse", "autocrm_device_1=x")
                .await,
        )
        .await;

        let known = door.log_in("203.0.113.9", "correct horse", &device).await;
        assert_eq!(known.status(), 200, "the owner's browser");
        if is_behind_proxy {
            let home = door.log_in("198.51.100.1", "correct horse", "").await;
            assert_eq!(home.status(), 200, "an address the account knows");
        }
        // Others are not concerned, nor is anybody once the failures are a quarter of an hour old.
        let stranger = door
            .log_in_as("bob@desk.test", "203.0.113.9", "guess", "")
            .await;
        assert_eq!(stranger.status(), 401);
        desk.run(
            "delete from app.log_in_attempts where succeeded;
             update app.log_in_attempts set at = at - interval '15 minutes'",
        )
        .await;
        let later = door.log_in("203.0.113.11", "correct horse", "").await;
        assert_eq!(later.status(), 200);
    }
}

/// One address guesses at many accounts, each too seldom for the limit of the pair.
#[tokio::test]
async fn five_hundred_failures_of_one_address_stop_it_for_accounts_that_do_not_know_it() {
    let desk = Desk::open().await;
    with_password(&desk).await;
    let email = "format('user%s@desk.test', n)";

    let door = Door::to(&desk).await;
    let first = door.log_in("198.51.100.1", "correct horse", "").await;
    let device = device_cookie(&first);
    for (network, inside, outside) in [
        ("203.0.113.9", "203.0.113.9", "203.0.113.10"),
        // A household has a whole network of IPv6.
        ("2001:db8:0:1::/64", "2001:db8:0:1::7", "2001:db8:0:2::7"),
    ] {
        failures(&desk, 499, email, &format!("'{network}'")).await;
        let last = door
            .log_in_as("nobody@desk.test", inside, "guess", "")
            .await;
        assert_eq!(last.status(), 401, "one more is let through");
        told_to_wait(door.log_in(inside, "correct horse", "").await).await;
        // What stands before the proxy's own entry is the guesser's to write.
        let written = format!("198.51.100.1, {inside}");
        told_to_wait(door.log_in(&written, "correct horse", "").await).await;
        let near = door.log_in(outside, "correct horse", "").await;
        assert_eq!(near.status(), 200, "a neighbour");
        let known = door.log_in(inside, "correct horse", &device).await;
        assert_eq!(known.status(), 200, "a browser that the account knows");
        let again = door.log_in(inside, "correct horse", "").await;
        assert_eq!(again.status(), 200, "an address that it knows by now");
    }

    // Without a trusted proxy all come from the address of the connection, whatever X-Forwarded-For says.
    let plain = Door::plain(&desk);
    desk.run("delete from app.log_in_attempts").await;
    failures(&desk, 499, email, "'127.0.0.1'").await;
    let last = plain
        .log_in_as("nobody@desk.test", "198.51.100.1", "guess", "")
        .await;
    assert_eq!(last.status(), 401);
    for from in ["198.51.100.1", "127.0.0.2"] {
        told_to_wait(plain.log_in(from, "correct horse", "").await).await;
    }
    let known = plain.log_in("", "correct horse", &device).await;
    assert_eq!(known.status(), 200, "a browser that the account knows");
}

#[tokio::test]
async fn behind_https_every_cookie_is_secure_and_answers_say_what_browsers_may_do() {
    let desk = Desk::open().await;
    with_password(&desk).await;
    let door = Door::to(&desk).await;
    let session = door.log_in("198.51.100.1", "correct horse", "").await;
    let set = cookies(&session);
    assert_eq!(set.len(), 3, "{set:?}");
    for cookie in &set {
        for part in ["; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    for path in [
        "/",
        "/tickets/1",
        "/api/docs",
        "/api/tickets",
        "/api/nothing",
        "/healthz",
        "/assets/none.js",
    ] {
        let reply = door
            .http
            .get(format!("{}{path}", door.address))
            .send()
            .await
            .expect("answers");
        let headers = reply.headers();
        let policy = headers["content-security-policy"].to_str().expect("text");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("script-src 'unsafe"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
        assert!(headers.contains_key("strict-transport-security"), "{path}");
    }
}

/// A form can be sent by any page, with the visitor's browser.
#[tokio::test]
async fn nobody_is_signed_in_by_a_form() {
    let desk = Desk::open().await;
    let http = with_password(&desk).await;
    let body = json!({"email": "ada@desk.test", "password": "correct horse"}).to_string();
    for (kind, status) in [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=utf-8", 200),
    ] {
        let reply = http
            .post(format!("{}/api/session", desk.address))
            .header("content-type", kind)
            .body(body.clone())
            .send()
            .await
            .expect("answers");
        assert_eq!(reply.status(), status, "{kind}");
        assert_eq!(reply.headers().contains_key("set-cookie"), status == 200);
    }
}

#[tokio::test]
async fn whoever_logs_out_with_a_bearer_token_is_out() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    assert_eq!(ada.get("/api/me").await.status(), 200);
    assert_eq!(ada.delete("/api/session").await.status(), 204);
    assert_eq!(ada.get("/api/me").await.status(), 401);

    let mut forged = desk.agent("Bob", "billing").await;
    let token = forged.token.clone().unwrap_or_default();
    forged.token = Some(format!("{token}x"));
    assert_eq!(forged.delete("/api/session").await.status(), 401);
    forged.token = Some(token);
    assert_eq!(forged.get("/api/me").await.status(), 200);
    let key = desk.key(&["tickets:read"], None).await;
    assert_eq!(key.delete("/api/session").await.status(), 403);
    assert_eq!(key.get("/api/me").await.status(), 200);
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
