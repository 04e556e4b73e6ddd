//! E-mails of notifications, from what happens on a ticket to what a mail server is given.

use autocrm_api::mail::mailer::Mailer;
use autocrm_api::work::mail::{Found, round};
use autocrm_api::{config::Config, db};
use deadpool_postgres::Pool;
use harness::desk::{Desk, Person};
use harness::smtp::{MailServer, Received};
use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

fn config(desk: &Desk, server: &MailServer) -> Config {
    let mut config = desk.config.clone();
    config.smtp_url = Some(server.url());
    config.mail_from = Some("Acme Help <help@acme.test>".into());
    config.public_url = Some("https://desk.acme.test/".into());
    config
}

/// A worker of this process, driven round by round.
struct Post {
    pool: Pool,
    mailer: Mailer,
}

impl Post {
    fn new(desk: &Desk, server: &MailServer) -> Self {
        let config = config(desk, server);
        let mailer = Mailer::new(&config).expect("settings").expect("a server");
        let pool = db::pool(&config).expect("a pool");
        Self { pool, mailer }
    }

    async fn round(&self) -> Found {
        round(&self.pool, &self.mailer).await.expect("a round")
    }

    /// Until nothing is due.
    async fn empty(&self) {
        while self.round().await != Found::Nothing {}
    }
}

/// The binary, as an operator runs it.
fn worker(desk: &Desk, server: &MailServer) -> Child {
    let mut command: Command = harness::binary();
    command
        .arg("work")
        .env("AUTOCRM_DATABASE_URL", desk.api_url())
        .env("AUTOCRM_SECRET", harness::desk::SECRET)
        .env("AUTOCRM_FILES", desk.files())
        .env("AUTOCRM_DB_CONNECTIONS", "4")
        .env("AUTOCRM_SMTP_URL", server.url())
        .env("AUTOCRM_MAIL_FROM", "help@acme.test")
        .env("AUTOCRM_PUBLIC_URL", "https://desk.acme.test")
        .env("RUST_LOG", "off")
        .spawn()
        .expect("works")
}

fn end(mut worker: Child) {
    worker.kill().expect("SIGKILL");
    worker.wait().expect("ends");
}

/// Everything that happened is told, and nothing was set aside.
async fn tell(desk: &Desk) {
    desk.work("notifications", "notification_cursor").await;
    let aside: Option<String> = desk
        .one("select string_agg(item || ': ' || message, E'\n') from app.set_aside")
        .await;
    assert_eq!(aside, None);
}

async fn prefer(who: &Person, preferences: Value) {
    let set = who
        .patch("/api/me/notification-preferences", preferences, None)
        .await;
    assert_eq!(set.status(), 200, "{:?}", set.text().await);
}

async fn mention(by: &Person, ticket: i64, who: &Person, kind: &str, text: &str) {
    let sent = by
        .post(
            &format!("/api/tickets/{ticket}/messages"),
            json!({"kind": kind, "body_text": text, "mentions": [{"user_id": who.id}]}),
        )
        .await;
    assert_eq!(sent.status(), 201, "{:?}", sent.text().await);
}

async fn state(desk: &Desk) -> String {
    desk.one("select coalesce(string_agg(state::text, ' ' order by id), '') from app.mail_outbox")
        .await
}

fn parsed(mail: &Received) -> Message<'_> {
    MessageParser::default()
        .parse(mail.raw.as_bytes())
        .expect("a mail")
}

fn header(mail: &Received, name: &str) -> String {
    parsed(mail)
        .header_raw(name)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn text(mail: &Received) -> String {
    parsed(mail)
        .body_text(0)
        .unwrap_or_default()
        .replace("\r\n", "\n")
}

fn html(mail: &Received) -> String {
    parsed(mail).body_html(0).unwrap_or_default().into_owned()
}

/// Time as every new connection to this desk believes it to be.
async fn at(desk: &Desk, time: &str) {
    desk.run(&format!(
        "alter database {} set autocrm.now = '{time}'; set autocrm.now = '{time}';
         update app.sessions set expires_at = '2040-01-01'",
        desk.database
    ))
    .await;
}

/// What waits is due.
async fn hurry(desk: &Desk) {
    desk.run("update app.mail_outbox set not_before = now() - interval '1 second' where state = 'waiting'")
        .await;
}

/// Ada, who wants to be told of mentions by e-mail, Bob, who mentions her, and a ticket.
async fn pair(desk: &Desk) -> (Person, Person, i64) {
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    prefer(&ada, json!({"mentioned": "email"})).await;
    let ticket = desk.ticket("Card declined", "billing").await;
    (ada, bob, ticket)
}

#[tokio::test]
async fn a_notification_goes_out_as_a_mail_with_every_header_it_needs() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    mention(&bob, ticket, &ada, "reply", "Please <b>look</b> & answer").await;
    tell(&desk).await;
    let post = Post::new(&desk, &server);
    post.empty().await;
    mention(&bob, ticket, &ada, "note", "Only for us").await;
    tell(&desk).await;
    post.empty().await;
    post.empty().await;

    let inbox = server.inbox();
    assert_eq!(inbox.len(), 2);
    let mail = parsed(&inbox[0]);
    assert_eq!(inbox[0].to, ["ada@desk.test"]);
    let to = mail.to().and_then(|to| to.first()).expect("a recipient");
    assert_eq!(
        (to.name(), to.address()),
        (Some("Ada"), Some("ada@desk.test"))
    );
    let from = mail.from().and_then(|from| from.first()).expect("a sender");
    assert_eq!(
        (from.name(), from.address()),
        (Some("Acme Help"), Some("help@acme.test"))
    );
    assert_eq!(
        mail.subject(),
        Some(format!("[#{ticket}] Card declined").as_str())
    );
    assert!(mail.date().is_some());
    assert_eq!(header(&inbox[0], "Auto-Submitted"), "auto-generated");
    assert_eq!(
        header(&inbox[0], "List-Unsubscribe"),
        "<https://desk.acme.test/settings/notifications>"
    );
    // Mails of one ticket thread, each with an id of its own.
    for mail in &inbox {
        assert_eq!(
            header(mail, "References"),
            format!("<ticket-{ticket}@desk.acme.test>")
        );
    }
    assert_ne!(
        header(&inbox[0], "Message-ID"),
        header(&inbox[1], "Message-ID")
    );

    let said = text(&inbox[0]);
    assert!(
        said.contains("Bob mentioned you\n\nPlease <b>look</b> & answer"),
        "{said}"
    );
    assert!(
        said.contains(&format!("https://desk.acme.test/tickets/{ticket}\n")),
        "{said}"
    );
    assert!(html(&inbox[0]).contains("Please &lt;b&gt;look&lt;/b&gt; &amp; answer"));
    assert!(text(&inbox[1]).contains("Bob mentioned you in an internal note\n\nOnly for us"));
    assert_eq!(state(&desk).await, "sent sent");
}

#[tokio::test]
async fn nothing_is_mailed_to_who_wants_none_or_acts_themselves() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    prefer(
        &bob,
        json!({"mentioned": "email", "followed": "in_app", "assigned": "off"}),
    )
    .await;
    // Her own act; then one that he hears of in the app alone.
    let own = ada
        .post(
            &format!("/api/tickets/{ticket}/assign"),
            json!({"assignee_id": ada.id}),
        )
        .await;
    assert_eq!(own.status(), 200);
    ada.post(
        &format!("/api/tickets/{ticket}/followers"),
        json!({"user_id": bob.id}),
    )
    .await;
    ada.post(
        &format!("/api/tickets/{ticket}/messages"),
        json!({"body_text": "Hello"}),
    )
    .await;
    tell(&desk).await;
    Post::new(&desk, &server).empty().await;
    assert_eq!(server.inbox().len(), 0);
    assert_eq!(state(&desk).await, "");
}

#[tokio::test]
async fn what_the_recipient_no_longer_sees_wants_or_has_not_read_is_never_sent() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    let post = Post::new(&desk, &server);

    // Moved to a team that is not hers.
    mention(&bob, ticket, &ada, "note", "Secret").await;
    tell(&desk).await;
    desk.run(&format!("update app.tickets set team_id = (select id from app.teams where name = 'tech') where id = {ticket}")).await;
    post.empty().await;
    desk.run(&format!("update app.tickets set team_id = (select id from app.teams where name = 'billing') where id = {ticket}")).await;
    // Read in the app meanwhile.
    mention(&bob, ticket, &ada, "note", "Read").await;
    tell(&desk).await;
    ada.post("/api/me/notifications/read", json!({"up_to": 1_000_000}))
        .await;
    post.empty().await;
    // Another wish meanwhile.
    mention(&bob, ticket, &ada, "note", "Unwanted").await;
    tell(&desk).await;
    prefer(&ada, json!({"mentioned": "in_app"})).await;
    post.empty().await;
    prefer(&ada, json!({"mentioned": "email"})).await;
    // In the trash.
    mention(&bob, ticket, &ada, "note", "Gone").await;
    tell(&desk).await;
    desk.run(&format!(
        "update app.tickets set deleted_at = now() where id = {ticket}"
    ))
    .await;
    post.empty().await;
    // Deactivated.
    let other = desk.ticket("Another", "billing").await;
    mention(&bob, other, &ada, "note", "Former").await;
    tell(&desk).await;
    desk.run(&format!(
        "update app.users set active = false where id = {}",
        ada.id
    ))
    .await;
    post.empty().await;

    assert_eq!(server.inbox().len(), 0);
    assert_eq!(
        state(&desk).await,
        "dropped dropped dropped dropped dropped"
    );
}

#[tokio::test]
async fn a_redacted_message_is_mailed_as_it_became() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    mention(&bob, ticket, &ada, "note", "The card is 4111 1111").await;
    tell(&desk).await;
    desk.run("update app.messages set body_text = 'The card is ▇▇▇' where body_text like '%4111%'")
        .await;
    Post::new(&desk, &server).empty().await;
    let said = text(&server.inbox()[0]);
    assert!(
        said.contains("The card is ▇▇▇") && !said.contains("4111"),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again_and_nothing_is_lost() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    let (port, post) = (server.port, Post::new(&desk, &server));
    server.stop().await;
    mention(&bob, ticket, &ada, "note", "Later").await;
    tell(&desk).await;
    assert_eq!(post.round().await, Found::ServerDown);
    // Not at once again, and each time later.
    assert_eq!(post.round().await, Found::Nothing);
    let waits: Vec<f64> = {
        let mut waits = Vec::new();
        for attempt in 1..=3 {
            waits.push(desk.one("select extract(epoch from not_before - now())::float8 from app.mail_outbox where state = 'waiting'").await);
            if attempt < 3 {
                hurry(&desk).await;
                assert_eq!(post.round().await, Found::ServerDown);
            }
        }
        waits
    };
    for (wait, middle) in waits.iter().zip([30.0, 60.0, 120.0]) {
        assert!((middle * 0.6..=middle * 1.3).contains(wait), "{waits:?}");
    }
    let error: String = desk.one("select error from app.mail_outbox").await;
    assert!(!error.is_empty());

    let server = MailServer::at(port).await;
    hurry(&desk).await;
    post.empty().await;
    assert_eq!(server.inbox().len(), 1);
    assert_eq!(state(&desk).await, "sent");
}

#[tokio::test]
async fn after_twelve_attempts_it_is_given_up() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    server.refuse("ada@", "451 come back later");
    mention(&bob, ticket, &ada, "note", "Never").await;
    tell(&desk).await;
    let post = Post::new(&desk, &server);
    for attempt in 1..=12 {
        hurry(&desk).await;
        assert_eq!(post.round().await, Found::Mail, "attempt {attempt}");
    }
    assert_eq!(post.round().await, Found::Nothing);
    assert_eq!(state(&desk).await, "failed");
}

#[tokio::test]
async fn a_rejected_recipient_is_given_up_at_once_where_administrators_see_it() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    server.refuse("ada@", "550 5.1.1 no such person");
    mention(&bob, ticket, &ada, "note", "Hello").await;
    tell(&desk).await;
    let post = Post::new(&desk, &server);
    post.empty().await;

    let admin = desk.admin().await;
    let page = admin.read("/api/mails?state=failed").await;
    let mail = &page["items"][0];
    assert_eq!(
        (
            mail["state"].as_str(),
            mail["attempts"].as_i64(),
            mail["recipient"]["email"].as_str()
        ),
        (Some("failed"), Some(1), Some("ada@desk.test"))
    );
    assert!(
        mail["error"]
            .as_str()
            .expect("an error")
            .contains("no such person")
    );
    // Of what it says there is nothing to see.
    assert!(!page.to_string().contains("Hello"));
    assert_eq!(ada.get("/api/mails").await.status(), 403);
    assert_eq!(admin.get("/api/mails?state=lost").await.status(), 422);

    let retry = format!("/api/mails/{}/retry", mail["id"]);
    assert_eq!(ada.post(&retry, json!({})).await.status(), 403);
    server.refuse("nobody", "550");
    assert_eq!(admin.post(&retry, json!({})).await.status(), 200);
    assert_eq!(admin.post(&retry, json!({})).await.status(), 422);
    assert_eq!(
        admin
            .post("/api/mails/99999/retry", json!({}))
            .await
            .status(),
        404
    );
    post.empty().await;
    assert_eq!(server.inbox().len(), 1);
}

/// Whatever is wrong with one mail, the next goes out at once.
#[tokio::test]
async fn a_mail_that_cannot_go_out_holds_up_no_other() {
    for (email, answer) in [
        ("ada@desk.test", "550 5.1.1 no such person"),
        ("ada@desk.test", "451 4.3.0 ask again later"),
        // Only some servers take such an address, and this one does not.
        ("j\u{fc}rgen@desk.test", "250 ok"),
    ] {
        let (desk, server) = (Desk::open().await, MailServer::start().await);
        let (ada, bob, ticket) = pair(&desk).await;
        let carol = desk.agent("Carol", "billing").await;
        prefer(&carol, json!({"mentioned": "email"})).await;
        desk.run(&format!(
            "update app.users set email = '{email}' where id = {}",
            ada.id
        ))
        .await;
        server.refuse("ada@", answer);
        for person in [&ada, &carol] {
            mention(&bob, ticket, person, "note", "Hello").await;
        }
        tell(&desk).await;
        let post = Post::new(&desk, &server);
        let sending = tokio::spawn(autocrm_api::work::mail::run(post.pool, Some(post.mailer)));

        let is_told = "select error is not null from app.mail_outbox order by id limit 1";
        while !desk.one::<bool>(is_told).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let since = Instant::now();
        let inbox = server.wait_for(1).await;
        let took = since.elapsed();
        sending.abort();

        assert_eq!(inbox[0].to, ["carol@desk.test"], "{email} {answer}");
        assert!(took < Duration::from_secs(1), "{email} {answer}: {took:?}");
    }
}

/// A name of before names were checked.
async fn rename(desk: &Desk, name: &str, people: [i64; 2]) {
    let sql = desk.sql();
    let roles = |role| format!("set session_replication_role = {role}");
    sql.batch_execute(&roles("replica")).await.expect("a role");
    sql.execute(
        "update app.users set name = left($1, 200) where id = any ($2)",
        &[&name, &people.to_vec()],
    )
    .await
    .expect("a name");
    sql.batch_execute(&roles("origin")).await.expect("a role");
}

#[tokio::test]
async fn names_and_subjects_add_no_header_and_no_recipient() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    let evil = "Hi\r\nBcc: eve@evil.test\r\n\r\n<script>alert(1)</script>";
    desk.sql()
        .execute(
            "update app.tickets set subject = $1 where id = $2",
            &[&evil, &ticket],
        )
        .await
        .expect("a subject");
    rename(&desk, evil, [ada.id, bob.id]).await;
    mention(
        &bob,
        ticket,
        &ada,
        "note",
        "\r\n.\r\nMAIL FROM:<eve@evil.test>\r\n",
    )
    .await;
    tell(&desk).await;
    Post::new(&desk, &server).empty().await;
    let inbox = server.inbox();
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].to, ["ada@desk.test"]);
    let mail = parsed(&inbox[0]);
    assert!(mail.bcc().is_none());
    assert_eq!(
        mail.subject(),
        Some(format!("[#{ticket}] Hi Bcc: eve@evil.test <script>alert(1)</script>").as_str())
    );
    assert!(!html(&inbox[0]).contains("<script>"));
}

#[tokio::test]
async fn naughty_strings_arrive_as_they_are() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    let list = harness::samples::hostile();
    let usable: Vec<String> = list
        .iter()
        .filter(|text| !text.trim().is_empty() && !text.contains('\0'))
        .cloned()
        .collect();
    // Few mails, many strings: as texts, as subject, as name.
    let post = Post::new(&desk, &server);
    let mut sent = 0;
    for some in usable.chunks(60) {
        let (subject, said) = (&some[0], some.join("\n"));
        desk.sql()
            .execute(
                "update app.tickets set subject = left($1, 300) where id = $2",
                &[&subject, &ticket],
            )
            .await
            .expect("a subject");
        rename(&desk, subject, [ada.id, bob.id]).await;
        mention(&bob, ticket, &ada, "note", &said).await;
        tell(&desk).await;
        post.empty().await;
        sent += 1;
        let inbox = server.inbox();
        assert_eq!(
            inbox.len(),
            sent,
            "{:?}",
            desk.one::<Option<String>>("select max(error) from app.mail_outbox")
                .await
        );
        assert_eq!(inbox[sent - 1].to, ["ada@desk.test"]);
        let kept: String = desk
            .one("select left(body_text, least(quote_from, 5000)) from app.messages where kind = 'note' order by id desc limit 1")
            .await;
        let kept = kept.replace("\r\n", "\n").replace('\r', "\n");
        let said = text(&inbox[sent - 1]).replace('\r', "\n");
        assert!(said.contains(kept.trim()), "{said:?} is not {kept:?}");
    }
    let wrong: i64 = desk
        .one("select count(*) from app.mail_outbox where state <> 'sent'")
        .await;
    assert_eq!(wrong, 0);
}

#[tokio::test]
async fn a_digest_is_one_mail_a_period_with_what_is_still_unread_by_ticket() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    let other = desk.ticket("Lost parcel", "billing").await;
    desk.run(&format!(
        "update app.users set time_zone = 'America/New_York' where id = {}",
        ada.id
    ))
    .await;
    prefer(
        &ada,
        json!({"mentioned": "digest", "digest_every": "daily", "digest_hour": 9}),
    )
    .await;
    // Nine in New York is thirteen in UTC in summer, and the clock there springs forward on that day.
    at(&desk, "2030-03-09 20:00Z").await;
    mention(&bob, ticket, &ada, "note", "First").await;
    mention(&bob, other, &ada, "note", "Second").await;
    mention(&bob, ticket, &ada, "note", "Third").await;
    tell(&desk).await;
    let page = ada.read("/api/me/notifications").await;
    let second = &page["items"][1]["id"];
    ada.post("/api/me/notifications/read", json!({"ids": [second]}))
        .await;
    let due: String = desk
        .one("select (not_before at time zone 'UTC')::text from app.mail_outbox")
        .await;
    assert_eq!(due, "2030-03-10 13:00:00");

    at(&desk, "2030-03-10 12:59:59Z").await;
    Post::new(&desk, &server).empty().await;
    assert_eq!(server.inbox().len(), 0);
    at(&desk, "2030-03-10 13:00:00Z").await;
    let (one, two) = (Post::new(&desk, &server), Post::new(&desk, &server));
    futures_util::join!(one.empty(), two.empty());
    let inbox = server.inbox();
    assert_eq!(inbox.len(), 1);
    assert_eq!(
        parsed(&inbox[0]).subject(),
        Some("2 unread notifications on 1 ticket")
    );
    let said = text(&inbox[0]);
    assert!(
        said.contains("First") && said.contains("Third") && !said.contains("Second"),
        "{said}"
    );

    // What was in one digest is in no other; what comes now waits for the next.
    at(&desk, "2030-03-10 15:00Z").await;
    mention(&bob, other, &ada, "note", "Fourth").await;
    tell(&desk).await;
    Post::new(&desk, &server).empty().await;
    assert_eq!(server.inbox().len(), 1);
    at(&desk, "2030-03-11 13:00Z").await;
    Post::new(&desk, &server).empty().await;
    let said = text(&server.inbox()[1]);
    assert!(said.contains("Fourth") && !said.contains("First"), "{said}");

    // All of it read: none.
    mention(&bob, other, &ada, "note", "Fifth").await;
    tell(&desk).await;
    ada.post("/api/me/notifications/read", json!({"up_to": 1_000_000}))
        .await;
    at(&desk, "2030-03-12 13:00Z").await;
    Post::new(&desk, &server).empty().await;
    assert_eq!(server.inbox().len(), 2);
    assert_eq!(state(&desk).await, "sent sent dropped");
}

#[tokio::test]
async fn whoever_moves_their_digest_forth_and_back_stops_nobodys_notifications() {
    let desk = Desk::open().await;
    let (ada, bob, ticket) = pair(&desk).await;
    prefer(&ada, json!({"mentioned": "digest"})).await;
    for every in ["daily", "hourly", "daily", "hourly"] {
        desk.run(&format!(
            "insert into app.digest_preferences (user_id, every) values ({}, '{every}')
             on conflict (user_id) do update set every = excluded.every",
            ada.id
        ))
        .await;
        mention(&bob, ticket, &ada, "note", every).await;
        tell(&desk).await;
        // A worker has taken it, so that it gathers no more.
        desk.run("update app.mail_outbox set attempts = 1 where state = 'waiting'")
            .await;
    }
    let told: i64 = desk
        .one("select count(*) from app.notifications where mail_id is not null")
        .await;
    let aside: String = desk
        .one("select coalesce(string_agg(message, ', '), 'nothing') from app.set_aside")
        .await;
    assert_eq!((told, aside.as_str()), (4, "nothing"));
}

#[tokio::test]
async fn a_digest_that_waits_follows_its_owners_wish() {
    let desk = Desk::open().await;
    let (ada, bob, ticket) = pair(&desk).await;
    prefer(&ada, json!({"mentioned": "digest"})).await;
    at(&desk, "2030-06-01 10:20Z").await;
    mention(&bob, ticket, &ada, "note", "First").await;
    tell(&desk).await;
    let due = "select string_agg((not_before at time zone 'UTC')::text, ' ') from app.mail_outbox";
    assert_eq!(desk.one::<String>(due).await, "2030-06-02 08:00:00");
    // The server's own pool may hold connections from before the clock was set.
    desk.run(&format!(
        "insert into app.digest_preferences (user_id, every) values ({}, 'hourly')",
        ada.id
    ))
    .await;
    assert_eq!(desk.one::<String>(due).await, "2030-06-01 11:00:00");
    mention(&bob, ticket, &ada, "note", "Second").await;
    tell(&desk).await;
    assert_eq!(desk.one::<String>(due).await, "2030-06-01 11:00:00");

    let path = "/api/me/notification-preferences";
    for wrong in [
        json!({"digest_every": "weekly"}),
        json!({"digest_hour": 24}),
        json!({"digest_hour": "8"}),
        json!({"digest_every": null}),
    ] {
        assert_eq!(
            ada.patch(path, wrong.clone(), None).await.status(),
            422,
            "{wrong}"
        );
    }
    let set = ada.read(path).await;
    assert_eq!(
        (set["digest_every"].as_str(), set["digest_hour"].as_i64()),
        (Some("hourly"), Some(8))
    );
}

#[tokio::test]
async fn workers_that_are_killed_lose_nothing_and_several_send_nothing_twice() {
    let (desk, server) = (Desk::open().await, MailServer::start().await);
    let (ada, bob, ticket) = pair(&desk).await;
    server.think(Duration::from_millis(50));
    for n in 0..20 {
        mention(&bob, ticket, &ada, "note", &format!("Message {n}.")).await;
    }
    tell(&desk).await;
    let workers = [worker(&desk, &server), worker(&desk, &server)];
    server.wait_for(5).await;
    for worker in workers {
        end(worker);
    }
    // What they were sending stays out of sight until its lease ends.
    let sent = server.taken();
    assert!(sent < 20, "they were too fast to be killed: {sent}");
    desk.run("update app.mail_outbox set not_before = now() where state = 'waiting'")
        .await;
    let workers = [
        worker(&desk, &server),
        worker(&desk, &server),
        worker(&desk, &server),
    ];
    for _ in 0..600 {
        if state(&desk).await == ["sent"; 20].join(" ") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for worker in workers {
        end(worker);
    }
    assert_eq!(state(&desk).await, ["sent"; 20].join(" "));
    let inbox = server.inbox();
    for n in 0..20 {
        assert!(
            inbox
                .iter()
                .any(|mail| text(mail).contains(&format!("Message {n}."))),
            "{n} is lost"
        );
    }
    // Twice went only what a killed worker held, one each at most, and under the same id.
    let mut ids: Vec<String> = inbox
        .iter()
        .map(|mail| header(mail, "Message-ID"))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
    assert!(inbox.len() <= 22, "{} mails went out", inbox.len());
}

#[tokio::test]
async fn a_worker_without_whole_settings_says_what_is_missing_and_shows_no_secret() {
    let desk = Desk::open().await;
    let mut config = desk.config.clone();
    assert!(Mailer::new(&config).expect("off").is_none());
    config.smtp_url = Some("smtps://user:hunter2@@mail.acme.test:x".into());
    let told = format!("{:?}", Mailer::new(&config).err().expect("incomplete"));
    assert!(told.contains("AUTOCRM_MAIL_FROM"), "{told}");
    config.mail_from = Some("help@acme.test".into());
    config.public_url = Some("https://desk.acme.test".into());
    let told = format!("{:?}", Mailer::new(&config).err().expect("no address"));
    assert!(
        told.contains("AUTOCRM_SMTP_URL") && !told.contains("hunter2"),
        "{told}"
    );
    config.mail_from = Some("nobody".into());
    let told = format!("{:?}", Mailer::new(&config).err().expect("no sender"));
    assert!(told.contains("AUTOCRM_MAIL_FROM"), "{told}");
}

#[tokio::test]
async fn what_was_read_long_ago_is_swept_and_what_nobody_sends_is_told() {
    let desk = Desk::open().await;
    let (ada, bob, ticket) = pair(&desk).await;
    for text in ["Old", "New", "Unread"] {
        mention(&bob, ticket, &ada, "note", text).await;
    }
    tell(&desk).await;
    desk.run(
        // Marked now, the trigger would say.
        "set session_replication_role = replica;
         update app.notifications set read_at = now() - interval '91 days' where id = (select min(id) from app.notifications);
         update app.notifications set read_at = now() - interval '89 days', at = now() - interval '99 days' where id = (select min(id) + 1 from app.notifications);
         update app.notifications set at = now() - interval '99 days' where read_at is null;
         update app.mail_outbox set not_before = now() - interval '4 days' where id = (select min(id) from app.mail_outbox);
         update app.mail_outbox set state = 'sent', finished_at = now() - interval '91 days' where id = (select max(id) from app.mail_outbox);
         reset session_replication_role",
    )
    .await;
    desk.run("select worker.maintain()").await;
    assert_eq!(
        desk.one::<i64>("select count(*) from app.notifications")
            .await,
        2
    );
    assert_eq!(state(&desk).await, "failed waiting");
    let error: String = desk
        .one("select error from app.mail_outbox where state = 'failed'")
        .await;
    assert!(error.contains("AUTOCRM_SMTP_URL"), "{error}");

    let admin = desk.admin().await;
    assert_eq!(
        admin
            .patch("/api/settings", json!({"notification_days": 30}), None)
            .await
            .status(),
        200
    );
    for wrong in [0, 4000] {
        assert_eq!(
            admin
                .patch("/api/settings", json!({"notification_days": wrong}), None)
                .await
                .status(),
            422
        );
    }
    desk.run("select worker.maintain()").await;
    assert_eq!(
        desk.one::<i64>("select count(*) from app.notifications")
            .await,
        1
    );
}
