//! Live updates over the WebSocket.

use futures_util::{SinkExt, StreamExt};
use harness::desk::{Desk, Person};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
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
    let (mut ada_hears, _) = connect(&desk, &ada, None).await;
    let (mut bob_hears, _) = connect(&desk, &bob, None).await;
    desk.ticket("Before", "billing").await;
    assert_eq!(hear(&mut bob_hears).await["ticket"]["subject"], "Before");

    desk.run(&format!(
        "update app.sessions set revoked_at = now() where user_id = {}",
        ada.id
    ))
    .await;
    desk.ticket("After", "billing").await;

    assert_eq!(hear(&mut bob_hears).await["ticket"]["subject"], "After");
    let (said, code, _) = last_words(&mut ada_hears, "Ada's").await;
    assert_eq!(code, 4401);
    assert!(!said.iter().any(|text| text.contains("After")), "{said:?}");
}

#[tokio::test]
async fn who_is_deactivated_hears_nothing_more() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.person("admin", "Ada", "all").await,
        desk.person("admin", "Bob", "all").await,
    );
    let (mut ada_hears, _) = connect(&desk, &ada, None).await;
    let (mut bob_hears, _) = connect(&desk, &bob, None).await;
    desk.ticket("Before", "billing").await;
    for hears in [&mut ada_hears, &mut bob_hears] {
        assert_eq!(hear(hears).await["ticket"]["subject"], "Before");
    }

    desk.run(&format!(
        "update app.users set active = false where id = {}",
        bob.id
    ))
    .await;
    desk.ticket("Secret", "billing").await;

    // It is told to those who are still there, and the other one is disconnected without it.
    assert_eq!(hear(&mut ada_hears).await["ticket"]["subject"], "Secret");
    let (said, code, _) = last_words(&mut bob_hears, "Bob's").await;
    assert_eq!(code, 4401);
    assert!(
        !said.iter().any(|text| text.contains("Secret")),
        "still hears: {said:?}"
    );
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
    desk.work("notifications", "notification_cursor").await;
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

const DESCRIPTION: &str = include_str!("../../docs/live.md");

/// Whether a message is what the description shows, where `…` stands for anything.
fn fits(shown: &Value, heard: &Value) -> bool {
    match (shown, heard) {
        (Value::String(text), _) if text == "…" => true,
        (Value::Object(shown), Value::Object(heard)) => {
            shown.len() == heard.len()
                && shown
                    .iter()
                    .all(|(key, value)| heard.get(key).is_some_and(|heard| fits(value, heard)))
        }
        (Value::Array(shown), Value::Array(heard)) => {
            shown.len() == heard.len() && shown.iter().zip(heard).all(|(a, b)| fits(a, b))
        }
        _ => shown == heard,
    }
}

/// What the server says until it ends this, then code and reason of its close frame.
async fn last_words(socket: &mut Socket, whose: &str) -> (Vec<String>, u16, String) {
    let mut said = Vec::new();
    loop {
        let message = tokio::time::timeout(Duration::from_secs(15), socket.next())
            .await
            .unwrap_or_else(|_| panic!("{whose} socket is open still"))
            .expect("a close frame comes first")
            .expect("whole");
        match message {
            Message::Text(text) => said.push(text.to_string()),
            Message::Close(frame) => {
                let frame = frame.expect("with a code");
                return (said, frame.code.into(), frame.reason.to_string());
            }
            _ => {}
        }
    }
}

/// Code and reason of the close frame with which the server ends this, whatever it says before.
async fn ended(socket: &mut Socket, whose: &str) -> (u16, String) {
    let (_, code, reason) = last_words(socket, whose).await;
    (code, reason)
}

#[tokio::test]
async fn the_example_of_the_description_is_what_happens() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Shared", "billing").await;
    let mut socket = dial(&desk, &ada).await;
    let example = DESCRIPTION
        .split("```live\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("an example")
        .replace("\"ticket_id\": 7", &format!("\"ticket_id\": {ticket}"));
    for line in example.lines() {
        let (side, said) = line.split_at(2);
        if side == "> " {
            say(&mut socket, serde_json::from_str(said).expect("JSON")).await;
        } else if let Some(code) = said.strip_prefix("close ") {
            assert_eq!(
                ended(&mut socket, "the example's").await.0.to_string(),
                code
            );
        } else {
            let shown: Value = serde_json::from_str(said).expect("JSON");
            loop {
                let heard = hear(&mut socket).await;
                if fits(&shown, &heard) {
                    break;
                }
                // Presence may be told once more than it changed.
                assert_eq!(heard["type"], "presence", "{heard} instead of {shown}");
            }
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_is_told_why() {
    let desk = Desk::open().await;
    let (ada, bob, eve) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
        desk.agent("Eve", "billing").await,
    );
    let (mut ada_hears, _) = connect(&desk, &ada, None).await;
    let (mut bob_hears, _) = connect(&desk, &bob, None).await;
    let (mut eve_hears, _) = connect(&desk, &eve, None).await;
    desk.run(&format!(
        "update app.sessions set revoked_at = now() where user_id = {};
         update app.users set ticket_access = 'all' where id = {}",
        ada.id, bob.id
    ))
    .await;
    desk.ticket("After", "billing").await;
    let (code, reason) = ended(&mut ada_hears, "Ada's").await;
    assert_eq!(code, 4401, "{reason}");
    assert!(reason.contains("sign in"), "{reason}");
    assert_eq!(ended(&mut bob_hears, "Bob's").await.0, 4409);
    say(&mut eve_hears, json!("nonsense")).await;
    assert_eq!(ended(&mut eve_hears, "Eve's first").await.0, 1008);
    let (mut eve_hears, _) = connect(&desk, &eve, None).await;
    drop(desk);
    assert_eq!(ended(&mut eve_hears, "Eve's second").await.0, 1001);
}

/// The buffers of a client that does not read are full, so that no frame fits in: once it reads again it still comes to
/// the reason, after whole messages only.
#[tokio::test]
async fn who_reads_too_slowly_is_told_so_when_they_read_again() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let (_, cursor) = connect(&desk, &ada, None).await;
    // More than the buffers of both ends hold.
    desk.run(
        "insert into app.tickets (subject, requester_id, team_id)
         select repeat('漢', 490) || n, u.id, t.id from generate_series(1, 3800) n, app.users u, app.teams t
          where u.email = 'cleo@customer.test' and t.name = 'billing'",
    )
    .await;
    let address = desk.address.trim_start_matches("http://");
    let narrow = tokio::net::TcpSocket::new_v4().expect("a socket");
    narrow.set_recv_buffer_size(4096).expect("a size");
    let stream = narrow.connect(address.parse().expect("an address")).await;
    let mut request = format!("ws://{address}/api/live")
        .into_client_request()
        .expect("a request");
    let token = ada.token.clone().expect("a token");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {token}").parse().expect("a header"),
    );
    let stream = MaybeTlsStream::Plain(stream.expect("connects"));
    let (mut slow, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .expect("greets");
    say(&mut slow, json!({"type": "hello", "cursor": cursor})).await;

    // Longer than the server waits for one message.
    tokio::time::sleep(Duration::from_secs(12)).await;
    say(&mut slow, json!({"type": "ping"})).await;

    let (said, code, reason) = last_words(&mut slow, "the slow one's").await;
    assert_eq!(
        (code, reason.as_str()),
        (4408, "too slow; connect again with the last cursor")
    );
    assert!(
        !said.is_empty() && said.len() < 3800,
        "{} events came first",
        said.len()
    );
    // With the last cursor nothing is lost.
    let last: Value = serde_json::from_str(said.last().expect("an event")).expect("JSON");
    let mut again = dial(&desk, &ada).await;
    say(
        &mut again,
        json!({"type": "hello", "cursor": last["cursor"]}),
    )
    .await;
    let mut came = said.len();
    loop {
        match hear(&mut again).await["type"].as_str() {
            Some("event") => came += 1,
            Some("ready") => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(came, 3800);
}

#[tokio::test]
async fn what_breaks_the_protocol_or_is_one_too_many_or_cannot_be_read_is_told_too() {
    let desk = Desk::open().await;
    let (ada, bob, eve) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
        desk.agent("Eve", "billing").await,
    );
    // Bits that no extension gives a meaning.
    let (mut socket, _) = connect(&desk, &ada, None).await;
    let MaybeTlsStream::Plain(stream) = socket.get_mut() else {
        panic!("no TLS here")
    };
    stream.write_all(&[0xff; 32]).await.expect("sends");
    assert_eq!(ended(&mut socket, "the broken").await.0, 1002);

    let mut sockets = Vec::new();
    for _ in 0..64 {
        sockets.push(dial(&desk, &bob).await);
    }
    say(&mut sockets[63], json!({"type": "hello", "cursor": null})).await;
    assert_eq!(hear(&mut sockets[63]).await["type"], "ready");
    let mut one_more = dial(&desk, &bob).await;
    assert_eq!(ended(&mut one_more, "the 65th").await.0, 4429);
    drop(sockets);

    let (mut socket, _) = connect(&desk, &eve, None).await;
    desk.run("alter function api.events_after(text, integer) rename to events_later")
        .await;
    say(&mut socket, json!({"type": "hello", "cursor": null})).await;
    assert_eq!(ended(&mut socket, "the one without a log").await.0, 1013);
}

#[tokio::test]
async fn who_loses_sight_of_a_ticket_hears_no_more_of_who_is_on_it() {
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
    assert_eq!(hear(&mut ada_hears).await["type"], "presence");
    let tech: i64 = desk
        .one("select id from app.teams where name = 'tech'")
        .await;
    desk.run(&format!("insert into app.memberships (team_id, user_id) values ({tech}, {bob}); update app.tickets set team_id = {tech} where id = {ticket}", bob = bob.id)).await;
    let announced = bob
        .post(
            &format!("/api/tickets/{ticket}/presence"),
            json!({"state": "writing_note"}),
        )
        .await;
    assert_eq!(announced.status(), 200);
    loop {
        let heard = hear(&mut ada_hears).await;
        assert!(!heard.to_string().contains("Bob"), "{heard}");
        if heard["type"] == "refused" {
            assert_eq!(
                (&heard["ticket_id"], &heard["status"]),
                (&json!(ticket), &json!(404))
            );
            break;
        }
    }
    // Nor does who asks for what they never saw.
    let hidden = desk.ticket("Hidden", "tech").await;
    say(
        &mut ada_hears,
        json!({"type": "watch", "ticket_id": hidden}),
    )
    .await;
    assert_eq!(hear(&mut ada_hears).await["status"], 404);
}

#[tokio::test]
async fn who_loses_sight_of_a_ticket_is_no_longer_shown_on_it() {
    let desk = Desk::open().await;
    let bob = desk.agent("Bob", "billing").await;
    let eve = desk.person("agent", "Eve", "all").await;
    let ticket = desk.ticket("Shared", "billing").await;
    for lost in [
        "update app.tickets set team_id = (select id from app.teams where name = 'tech')",
        "delete from app.memberships",
        "update app.users set ticket_access = 'teams', active = false where name = 'Bob'",
    ] {
        desk.run(
            "update app.tickets set team_id = (select id from app.teams where name = 'billing');
             insert into app.memberships (team_id, user_id)
             select t.id, u.id from app.teams t, app.users u where t.name = 'billing' and u.name = 'Bob'
             on conflict do nothing",
        )
        .await;
        for person in [&bob, &eve] {
            let announced = person
                .post(
                    &format!("/api/tickets/{ticket}/presence"),
                    json!({"state": "writing_note"}),
                )
                .await;
            assert_eq!(announced.status(), 200);
        }
        desk.run(lost).await;
        let there: Vec<String> = desk
            .one(
                "select array_agg(u.name) from app.presence p join app.users u on u.id = p.user_id",
            )
            .await;
        assert_eq!(there, ["Eve"], "{lost}");
    }
}

#[tokio::test]
async fn a_notice_names_nobody_and_a_forged_one_is_not_believed() {
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
    assert_eq!(hear(&mut ada_hears).await["type"], "presence");

    // What anybody may listen to.
    let (client, mut connection) =
        tokio_postgres::connect(&desk.admin_url(), tokio_postgres::NoTls)
            .await
            .expect("connects");
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut messages = futures_util::stream::poll_fn(move |c| connection.poll_message(c));
        while let Some(Ok(message)) = messages.next().await {
            if let tokio_postgres::AsyncMessage::Notification(notice) = message {
                let _ = tell.send(notice.payload().to_owned());
            }
        }
    });
    client
        .batch_execute("listen autocrm_presence; listen autocrm_notifications")
        .await
        .expect("listens");

    // Forged, by the thousand: nobody is shown, nobody is told, the socket stays.
    for i in 0..20 {
        desk.run(&format!(
            "select pg_notify('autocrm_presence', json_build_object('ticket_id', {ticket}, 'state', 'viewing', 'id', 1, 'name', 'Mallory ' || g)::text),
                    pg_notify('autocrm_notifications', '{}.' || g) from generate_series({i} * 1000, {i} * 1000 + 999) g",
            ada.id
        ))
        .await;
    }
    let announced = bob
        .post(
            &format!("/api/tickets/{ticket}/presence"),
            json!({"state": "writing_reply"}),
        )
        .await;
    assert_eq!(announced.status(), 200);
    loop {
        let heard = hear(&mut ada_hears).await;
        assert!(!heard.to_string().contains("Mallory"), "{heard}");
        assert_ne!(heard["type"], "notification.created", "{heard}");
        if heard.to_string().contains("Bob") {
            break;
        }
    }
    let mut genuine = Vec::new();
    while let Ok(Some(payload)) = tokio::time::timeout(Duration::from_secs(1), told.recv()).await {
        if !payload.contains("Mallory") && payload.parse::<f64>().is_err() {
            genuine.push(payload);
        }
    }
    assert!(genuine.iter().all(String::is_empty), "{genuine:?}");
}

#[tokio::test]
async fn presence_is_bounded_and_swept_and_written_only_for_oneself() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(
        "insert into app.tickets (subject, requester_id, team_id) select 'T' || i, u.id, t.id from generate_series(1, 60) i, app.users u, app.teams t
          where u.email = 'cleo@customer.test' and t.name = 'billing'",
    )
    .await;
    let mut socket = dial(&desk, &ada).await;
    for ticket in 1..=51 {
        say(&mut socket, json!({"type": "watch", "ticket_id": ticket})).await;
    }
    loop {
        let heard = hear(&mut socket).await;
        if heard["type"] == "refused" {
            assert_eq!(
                (&heard["status"], &heard["ticket_id"]),
                (&json!(429), &json!(51))
            );
            break;
        }
    }
    for ticket in 51..=60 {
        ada.post(
            &format!("/api/tickets/{ticket}/presence"),
            json!({"state": "viewing"}),
        )
        .await;
    }
    assert_eq!(
        desk.one::<i64>("select count(*) from app.presence").await,
        50
    );
    drop(socket);
    desk.run("update app.presence set seen_at = now() - interval '3 minutes'")
        .await;
    let left: String = desk
        .one("select worker.watch_presence(array[60])::text")
        .await;
    assert_eq!(left, "{}");
    assert_eq!(
        desk.one::<i64>("select count(*) from app.presence").await,
        0
    );
}

#[tokio::test]
async fn people_at_different_processes_of_the_desk_see_each_other() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    let ticket = desk.ticket("Shared", "billing").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let other = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(autocrm_api::serve::serve(
        listener,
        desk.config.clone(),
        std::future::pending(),
    ));
    let (mut ada_hears, _) = connect(&desk, &ada, None).await;
    say(
        &mut ada_hears,
        json!({"type": "watch", "ticket_id": ticket}),
    )
    .await;
    let announced = reqwest::Client::new()
        .post(format!("{other}/api/tickets/{ticket}/presence"))
        .bearer_auth(bob.token.clone().unwrap_or_default())
        .json(&json!({"state": "writing_note"}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(announced.status(), 200);
    loop {
        let heard = hear(&mut ada_hears).await;
        let people = heard["people"].as_array().cloned().unwrap_or_default();
        if people.iter().any(|p| p["name"] == "Bob") {
            break;
        }
    }
}

#[tokio::test]
async fn what_a_client_may_not_send_ends_the_connection_with_its_reason() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let text = |body: String| Message::Text(body.into());
    let long = format!(r#"{{"type": "ping", "more": "{}"}}"#, "x".repeat(5000));
    let hello = format!(r#"{{"type": "hello", "cursor": "{}"}}"#, "x".repeat(70_000));
    let state = json!({"type": "presence", "ticket_id": ticket, "state": "dancing"}).to_string();
    for (frame, code) in [
        (Message::Binary(vec![1, 2, 3].into()), 1008),
        (text("{\"type\": \"dance\"}".into()), 1008),
        (text(state), 1008),
        (text(long), 1009),
        (text(hello), 1009),
    ] {
        let (mut socket, _) = connect(&desk, &ada, None).await;
        say(&mut socket, json!({"type": "watch", "ticket_id": ticket})).await;
        let _ = socket.send(frame.clone()).await;
        let what = format!("{:.60}", frame.to_string());
        assert_eq!(ended(&mut socket, &what).await.0, code, "{what}");
    }
}

#[tokio::test]
async fn what_one_does_on_a_ticket_is_told_only_while_one_watches_it() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let (mut socket, _) = connect(&desk, &ada, None).await;
    say(
        &mut socket,
        json!({"type": "presence", "ticket_id": ticket, "state": "writing_reply"}),
    )
    .await;
    let refused = hear(&mut socket).await;
    assert_eq!(
        (&refused["type"], &refused["status"]),
        (&json!("refused"), &json!(409))
    );
}

#[tokio::test]
async fn a_browser_brings_its_key_as_a_subprotocol_that_is_never_sent_back() {
    let desk = Desk::open().await;
    let key = desk.key(&["tickets:read"], None).await;
    let mut request = format!("{}/api/live", desk.address.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    let offered = format!("autocrm, bearer.{}", key.token.expect("a key"));
    request
        .headers_mut()
        .insert("sec-websocket-protocol", offered.parse().expect("a header"));
    let (mut socket, answer) = connect_async(request).await.expect("connects");
    assert_eq!(answer.headers()["sec-websocket-protocol"], "autocrm");
    say(&mut socket, json!({"type": "hello"})).await;
    assert_eq!(hear(&mut socket).await["type"], "ready");
}
