//! Live updates over the WebSocket.

use futures_util::{SinkExt, StreamExt};
use harness::desk::{Desk, Person};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// What is said until the greeting ends.
pub async fn greet(desk: &Desk, person: &Person, cursor: Option<&str>) -> (Socket, Vec<String>) {
    let mut socket = dial(desk, person).await;
    say(&mut socket, json!({"type": "hello", "cursor": cursor})).await;
    let mut said = Vec::new();
    while said.last().is_none_or(|kind| kind != "ready") {
        let message = hear(&mut socket).await;
        said.push(message["type"].as_str().unwrap_or_default().to_owned());
    }
    (socket, said)
}

async fn dial(desk: &Desk, person: &Person) -> Socket {
    let mut request = format!("{}/api/live", desk.address.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    let token = person.token.clone().expect("a token");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {token}").parse().expect("a header"),
    );
    connect_async(request).await.expect("connects").0
}

pub async fn connect(desk: &Desk, person: &Person, cursor: Option<&str>) -> (Socket, String) {
    let mut socket = dial(desk, person).await;
    say(&mut socket, json!({"type": "hello", "cursor": cursor})).await;
    let mut backlog = Vec::new();
    loop {
        let message = hear(&mut socket).await;
        if message["type"] == "ready" {
            let cursor = message["cursor"].as_str().expect("a cursor").to_owned();
            return (
                socket,
                if backlog.is_empty() {
                    cursor
                } else {
                    backlog.join(",")
                },
            );
        }
        backlog.push(
            message["ticket"]["subject"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        );
    }
}

pub async fn say(socket: &mut Socket, message: Value) {
    socket
        .send(Message::Text(message.to_string().into()))
        .await
        .expect("sends");
}

pub async fn hear(socket: &mut Socket) -> Value {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(10), socket.next())
            .await
            .expect("in time")
            .expect("open")
            .expect("whole");
        if let Message::Text(text) = message {
            return serde_json::from_str(&text).expect("JSON");
        }
    }
}

#[tokio::test]
async fn a_change_reaches_whoever_may_see_it_and_nobody_else() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "tech").await,
    );
    let (mut ada_hears, _) = connect(&desk, &ada, None).await;
    let (mut bob_hears, _) = connect(&desk, &bob, None).await;

    desk.ticket("For billing", "billing").await;
    desk.ticket("For tech", "tech").await;

    assert_eq!(
        hear(&mut ada_hears).await["ticket"]["subject"],
        "For billing"
    );
    assert_eq!(hear(&mut bob_hears).await["ticket"]["subject"], "For tech");
}

#[tokio::test]
async fn after_a_drop_nothing_is_missed_and_nothing_comes_twice() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let (mut socket, _) = connect(&desk, &ada, None).await;
    desk.ticket("One", "billing").await;
    let heard = hear(&mut socket).await;
    let cursor = heard["cursor"].as_str().expect("a cursor").to_owned();
    drop(socket);

    desk.ticket("Two", "billing").await;
    desk.ticket("Three", "billing").await;
    let (_, backlog) = connect(&desk, &ada, Some(&cursor)).await;
    assert_eq!(backlog, "Two,Three");
}

#[tokio::test]
async fn those_on_a_ticket_see_each_other() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    let ticket = desk.ticket("Shared", "billing").await;
    let (mut ada_hears, _) = connect(&desk, &ada, None).await;
    say(
        &mut ada_hears,
        json!({"type": "watch", "ticket_id": ticket}),
    )
    .await;
    let (mut bob_hears, _) = connect(&desk, &bob, None).await;
    say(
        &mut bob_hears,
        json!({"type": "watch", "ticket_id": ticket}),
    )
    .await;
    say(
        &mut bob_hears,
        json!({"type": "presence", "ticket_id": ticket, "state": "writing_note"}),
    )
    .await;

    loop {
        let message = hear(&mut ada_hears).await;
        let people = message["people"].as_array().cloned().unwrap_or_default();
        if people
            .iter()
            .any(|p| p["name"] == "Bob" && p["state"] == "writing_note")
        {
            break;
        }
    }
}

/// Those who see the same tickets share one reader: whoever came first must not take it along.
#[tokio::test]
async fn the_others_go_on_hearing_when_the_first_of_them_logs_out() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.person("admin", "Ada", "all").await,
        desk.person("admin", "Bob", "all").await,
    );
    let (_ada_hears, _) = connect(&desk, &ada, None).await;
    let (mut bob_hears, _) = connect(&desk, &bob, None).await;
    desk.ticket("Before", "billing").await;
    assert_eq!(hear(&mut bob_hears).await["ticket"]["subject"], "Before");

    desk.run(&format!(
        "update app.sessions set revoked_at = now() where user_id = {}",
        ada.id
    ))
    .await;
    desk.ticket("After", "billing").await;

    // Either goes on, or is cut off to come back with the cursor; silence is neither.
    let next = tokio::time::timeout(Duration::from_secs(5), bob_hears.next()).await;
    assert!(next.is_ok(), "the socket is open and silent");
}

#[tokio::test]
async fn who_is_deactivated_hears_nothing_more() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.person("admin", "Ada", "all").await,
        desk.person("admin", "Bob", "all").await,
    );
    let (_ada_hears, _) = connect(&desk, &ada, None).await;
    let (mut bob_hears, _) = connect(&desk, &bob, None).await;
    desk.ticket("Before", "billing").await;
    assert_eq!(hear(&mut bob_hears).await["ticket"]["subject"], "Before");

    desk.run(&format!(
        "update app.users set active = false where id = {}",
        bob.id
    ))
    .await;
    desk.ticket("Secret", "billing").await;

    let until = tokio::time::Instant::now() + Duration::from_secs(3);
    while let Ok(Some(Ok(message))) = tokio::time::timeout_at(until, bob_hears.next()).await {
        assert!(
            !message.to_string().contains("Secret"),
            "still hears: {message}"
        );
    }
}

/// What a socket hears of one type within this time.
async fn hears(socket: &mut Socket, what: &str, time: Duration) -> Vec<Value> {
    let until = tokio::time::Instant::now() + time;
    let mut heard = Vec::new();
    while let Ok(Some(Ok(message))) = tokio::time::timeout_at(until, socket.next()).await {
        if let Message::Text(text) = message {
            let message: Value = serde_json::from_str(&text).expect("JSON");
            if message["type"] == what {
                heard.push(message);
            }
        }
    }
    heard
}

#[tokio::test]
async fn a_notification_reaches_every_open_socket_of_its_owner_and_of_nobody_else() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    let ticket = desk.ticket("Shared", "billing").await;
    let (mut first, _) = connect(&desk, &ada, None).await;
    let (mut second, _) = connect(&desk, &ada, None).await;
    let (mut bobs, _) = connect(&desk, &bob, None).await;
    for n in 0..3 {
        let body = json!({"kind": "note", "body_text": format!("Look {n}"), "mentions": [{"user_id": ada.id}]});
        let sent = bob
            .post(&format!("/api/tickets/{ticket}/messages"), body)
            .await;
        assert_eq!(sent.status(), 201);
    }
    // One round for all three, as soon as older transactions of the cluster have ended.
    let rounds = async {
        for _ in 0..200 {
            while desk.one::<bool>("select api._run_notifications()").await {}
            if desk
                .one::<i64>("select count(*) from app.notifications")
                .await
                == 3
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    rounds.await;
    let time = Duration::from_millis(1500);
    let (first_hears, second_hears, bob_hears) = futures_util::join!(
        hears(&mut first, "notification.created", time),
        hears(&mut second, "notification.created", time),
        hears(&mut bobs, "notification.created", time),
    );
    let newest: i64 = desk.one("select max(id) from app.notifications").await;
    assert_eq!(
        first_hears.last(),
        Some(&json!({"type": "notification.created", "id": newest, "unread": 3}))
    );
    assert_eq!(first_hears, second_hears);
    assert!(bob_hears.is_empty(), "{bob_hears:?}");

    // Whoever has logged out meanwhile is told nothing more.
    desk.run(&format!(
        "update app.sessions set revoked_at = now() where user_id = {}",
        ada.id
    ))
    .await;
    desk.run(&format!(
        "select pg_notify('autocrm_notifications', '{}.{newest}')",
        ada.id
    ))
    .await;
    assert!(
        hears(&mut first, "notification.created", time)
            .await
            .is_empty()
    );
}
