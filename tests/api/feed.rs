//! The feed of events: nobody waits for a transaction that is still open, and nobody misses what commits late.

use crate::live::{Socket, connect, hear, say};
use autocrm_core::feed::{Cursor, Place, Snapshot};
use harness::desk::{Desk, Person};
use rand::Rng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio_postgres::Client;

/// Somebody who has written and neither commits nor goes away: here, and in another database of the cluster.
async fn idlers(desk: &Desk) -> Vec<Client> {
    let here = desk.log_in("postgres").await;
    here.batch_execute("begin; insert into app.tags (name) values ('held')")
        .await
        .expect("writes");
    let elsewhere = autocrm_api::db::connect(&desk.admin_url().replace(&desk.database, "postgres"))
        .await
        .expect("connects");
    elsewhere
        .batch_execute("begin; select pg_current_xact_id()")
        .await
        .expect("begins");
    vec![here, elsewhere]
}

async fn until(what: &str, limit: Duration, desk: &Desk, sql: &str) {
    let start = Instant::now();
    while !desk.one::<bool>(sql).await {
        assert!(
            start.elapsed() < limit,
            "{what} is not there after {limit:?}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The subject that the next event tells of.
async fn next_subject(socket: &mut Socket) -> String {
    loop {
        let message = hear(socket).await;
        if message["type"] == "event" {
            return message["ticket"]["subject"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
        }
    }
}

#[tokio::test]
async fn a_change_reaches_the_screen_at_once_whoever_keeps_a_transaction_open() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let _idlers = idlers(&desk).await;
    let reader = desk.log_in("postgres").await;
    tokio::spawn(async move {
        let _ = reader
            .batch_execute("begin; select pg_current_xact_id(); select pg_sleep(12)")
            .await;
    });
    // Somebody brings in tickets, a hundred a transaction.
    let stop = Arc::new(AtomicBool::new(false));
    let (import, stopped) = (desk.log_in("postgres").await, Arc::clone(&stop));
    let import = tokio::spawn(async move {
        while !stopped.load(Ordering::Relaxed) {
            import.batch_execute(
                "begin;
                 insert into app.tickets (subject, requester_id, team_id, channel)
                 select 'Imported', u.id, t.id, 'import' from app.users u, app.teams t, generate_series(1, 50)
                  where u.email = 'cleo@customer.test' and t.name = 'tech';
                 select pg_sleep(0.05);
                 commit").await.expect("imports");
        }
    });
    let (mut socket, _) = connect(&desk, &ada, None).await;
    let setting = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse::<u64>().ok())
    };
    // tests/bench/feed.sh watches for a minute.
    let watched = Duration::from_secs(setting("AUTOCRM_FEED_SECONDS").unwrap_or(6));
    let (began, mut took) = (Instant::now(), Vec::new());
    while began.elapsed() < watched {
        let n = took.len();
        let subject = format!("Now {n}");
        let start = Instant::now();
        desk.ticket(&subject, "billing").await;
        assert_eq!(next_subject(&mut socket).await, subject);
        took.push(start.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.store(true, Ordering::Relaxed);
    import.await.expect("ends");
    took.sort();
    let (middle, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!(
        "change to client: {} changes, p50 {middle:?}, p99 {p99:?}, slowest {:?}",
        took.len(),
        took[took.len() - 1]
    );
    // Generous for a machine that builds beside it: before, this took as long as the others' transactions.
    let limit = Duration::from_millis(setting("AUTOCRM_FEED_P99_MS").unwrap_or(1000));
    assert!(
        middle < limit / 4 && p99 < limit,
        "p50 {middle:?}, p99 {p99:?}"
    );
}

#[tokio::test]
async fn triggers_search_notifications_and_field_jobs_go_on_beside_an_open_transaction() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('device', 'Device', 'text');
         insert into app.triggers (name, conditions, actions) values
           ('Mark', '{\"all\": [{\"field\": \"event\", \"op\": \"is\", \"value\": \"created\"}]}', '[{\"add_tags\": [\"heard\"]}]')",
    )
    .await;
    let idlers = idlers(&desk).await;
    // One of them holds a ticket, too.
    let held = desk.ticket("Held", "billing").await;
    idlers[0]
        .batch_execute(&format!(
            "update app.tickets set subject = 'Held fast' where id = {held}"
        ))
        .await
        .expect("writes");

    let ticket = desk.ticket("Quicksilver", "billing").await;
    let body = json!({"kind": "note", "body_text": "Look", "mentions": [{"user_id": ada.id}]});
    let sent = bob
        .post(&format!("/api/tickets/{ticket}/messages"), body)
        .await;
    assert_eq!(sent.status(), 201);
    let admin = desk.admin().await;
    let job: Value = admin
        .post("/api/custom-fields/1/backfill", json!({"value": "phone"}))
        .await
        .json()
        .await
        .expect("a job");

    for round in ["rules", "search", "notifications"] {
        while desk
            .one::<bool>(&format!("select worker.run_{round}()"))
            .await
        {}
    }
    let tagged: bool = desk
        .one(&format!(
            "select tag_ids <> '{{}}' from app.tickets where id = {ticket}"
        ))
        .await;
    assert!(tagged, "the trigger has not spoken");
    assert_eq!(
        ada.read("/api/search?q=quicksilver").await["items"][0]["id"],
        ticket
    );
    assert_eq!(
        ada.read("/api/me/notifications").await["items"][0]["kind"],
        "mentioned"
    );
    let start = Instant::now();
    loop {
        desk.run("select worker.run_field_jobs()").await;
        let filled: bool = desk
            .one(&format!(
                "select coalesce(custom ->> 'device' = 'phone', false) from app.tickets where id = {ticket}"
            ))
            .await;
        if filled {
            break;
        }
        assert!(
            start.elapsed() < Duration::from_secs(8),
            "the field is not filled"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // What was held is filled once it is let go, and the job ends.
    idlers[0].batch_execute("commit").await.expect("commits");
    let done = format!(
        "select status = 'done' and failed = 0 from app.field_jobs where id = {}",
        job["id"]
    );
    let start = Instant::now();
    while !desk.one::<bool>(&done).await {
        assert!(
            start.elapsed() < Duration::from_secs(8),
            "the job does not end"
        );
        desk.run("select worker.run_field_jobs()").await;
    }
    let missing: i64 = desk
        .one("select count(*) from app.tickets where not custom ? 'device'")
        .await;
    assert_eq!(missing, 0);
}

/// One page of the feed, as the owner reads it: the events and the cursor to go on from.
async fn page(client: &Client, cursor: Option<&str>, limit: i32) -> (Vec<Value>, String) {
    let text: String = client
        .query_one("select api.events_after($1, $2)::text", &[&cursor, &limit])
        .await
        .expect("a page")
        .get(0);
    let mut page: Value = serde_json::from_str(&text).expect("JSON");
    let cursor = page["cursor"].as_str().expect("a cursor").to_owned();
    let Value::Array(events) = page["events"].take() else {
        panic!("no events")
    };
    (events, cursor)
}

/// Reads until nothing comes and `done` is set.
async fn read_all(
    client: Client,
    mut cursor: String,
    limit: i32,
    done: Arc<AtomicBool>,
) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let last = done.load(Ordering::SeqCst);
        let (mut events, next) = page(&client, Some(&cursor), limit).await;
        cursor = next;
        if events.is_empty() {
            if last {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        } else if limit == 1 && rand::rng().random_bool(0.5) {
            // A reader that comes back with the cursor of the event it had last.
            let _ = events[0]["cursor"]
                .as_str()
                .map(|own| own.clone_into(&mut cursor));
        }
        all.append(&mut events);
    }
}

#[tokio::test]
async fn of_many_writers_who_commit_out_of_order_none_is_missed_or_heard_twice_and_each_tickets_order_is_kept()
 {
    let desk = Desk::open().await;
    let mut tickets = Vec::new();
    for n in 0..6 {
        tickets.push(desk.ticket(&format!("0 {n}"), "billing").await);
    }
    let _idlers = idlers(&desk).await;
    let start = page(desk.sql(), None, 10).await.1;
    let done = Arc::new(AtomicBool::new(false));
    let mut readers = Vec::new();
    for limit in [1, 3, 50, 1000] {
        let client = desk.log_in("postgres").await;
        readers.push(tokio::spawn(read_all(
            client,
            start.clone(),
            limit,
            Arc::clone(&done),
        )));
    }
    let mut writers = Vec::new();
    for writer in 0..8 {
        let (client, tickets) = (desk.log_in("postgres").await, tickets.clone());
        writers.push(tokio::spawn(async move {
            for n in 0..40 {
                let pause = |most| rand::rng().random_range(0..most);
                let some: BTreeSet<i64> = (0..2).map(|_| tickets[rand::rng().random_range(0..tickets.len())]).collect();
                let mut sql = "begin; select pg_current_xact_id();".to_owned();
                for ticket in some {
                    let _ = write!(sql, "select pg_sleep({});", f64::from(pause(8)) / 1000.0);
                    let _ = write!(sql, "update app.tickets set subject = (split_part(subject, ' ', 1)::int + 1) || ' by {writer}.{n}' where id = {ticket};");
                }
                let _ = write!(sql, "select pg_sleep({});", f64::from(pause(15)) / 1000.0);
                sql += if pause(5) == 0 { "rollback" } else { "commit" };
                client.batch_execute(&sql).await.expect("writes");
            }
        }));
    }
    for writer in writers {
        writer.await.expect("ends");
    }
    done.store(true, Ordering::SeqCst);
    let first_ids: i64 = desk
        .one("select count(*) from app.events where name = 'ticket.created'")
        .await;
    let written: i64 = desk.one("select count(*) from app.events").await;
    for reader in readers {
        let heard = reader.await.expect("ends");
        let different: BTreeSet<&str> = heard
            .iter()
            .filter_map(|e| e["cursor"].as_str()?.rsplit('.').next())
            .collect();
        assert_eq!(different.len(), heard.len(), "some came twice");
        assert_eq!(
            i64::try_from(heard.len()).expect("few"),
            written - first_ids,
            "some were missed"
        );
        let mut last: BTreeMap<i64, String> = BTreeMap::new();
        for event in &heard {
            let change = &event["data"]["changes"]["subject"];
            let (from, to) = (
                change[0].as_str().expect("from"),
                change[1].as_str().expect("to"),
            );
            let ticket = event["ticket_id"].as_i64().expect("a ticket");
            if let Some(before) = last.insert(ticket, to.to_owned()) {
                assert_eq!(before, from, "ticket {ticket} out of order");
            }
        }
    }
}

#[tokio::test]
async fn who_waited_for_anothers_lock_comes_after_it_whichever_began_first() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("At first", "billing").await;
    let start = page(desk.sql(), None, 10).await.1;
    let first = desk.log_in("postgres").await;
    first
        .batch_execute("begin; select pg_current_xact_id()")
        .await
        .expect("begins");
    desk.run(&format!(
        "update app.tickets set subject = 'Then' where id = {ticket}"
    ))
    .await;
    first
        .batch_execute(&format!(
            "update app.tickets set subject = 'At last' where id = {ticket}; commit"
        ))
        .await
        .expect("commits");

    for limit in [1, 10] {
        let (mut cursor, mut subjects) = (start.clone(), Vec::new());
        loop {
            let (events, next) = page(desk.sql(), Some(&cursor), limit).await;
            if events.is_empty() {
                break;
            }
            cursor = next;
            subjects.extend(events.iter().map(|e| {
                e["data"]["changes"]["subject"][1]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            }));
        }
        assert_eq!(subjects, ["Then", "At last"]);
    }
}

/// A cursor of this desk's own log, changed.
async fn changed(who: &Person, change: impl FnOnce(&mut Cursor)) -> String {
    let page = who.read("/api/events").await;
    let mut cursor = Cursor::parse(page["cursor"].as_str().expect("a cursor")).expect("parses");
    change(&mut cursor);
    cursor.to_string()
}

#[tokio::test]
async fn a_cursor_of_another_log_or_one_ahead_of_it_gets_resync_and_garbage_is_refused() {
    let (desk, other) = (Desk::open().await, Desk::open().await);
    let (ada, eve) = (
        desk.agent("Ada", "billing").await,
        other.agent("Eve", "billing").await,
    );
    let foreign = eve.read("/api/events").await["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    let ahead = changed(&ada, |cursor| {
        let far = cursor.seen.xmax() + 1_000_000;
        cursor.seen = Snapshot::new(far, far, Vec::new()).expect("a snapshot");
    })
    .await;
    let within_ahead = changed(&ada, |cursor| {
        let far = cursor.seen.xmax() + 1_000_000;
        let within = Snapshot::new(far, far, Vec::new()).expect("a snapshot");
        cursor.place = Some(Place {
            within,
            xid: 1,
            id: 1,
        });
    })
    .await;
    for gone in [foreign.as_str(), "4711.12", &ahead, &within_ahead] {
        let reply = ada.get(&format!("/api/events?after={gone}")).await;
        assert_eq!(reply.status(), 410, "{gone}");
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(problem["code"], "TK410");
        assert!(
            problem["hint"]
                .as_str()
                .is_some_and(|hint| hint.contains("anew"))
        );
    }
    for garbage in ["x", "%27", "AQ", "AQAAAAAAAAAA.1.1", &"A".repeat(3000)] {
        let reply = ada.get(&format!("/api/events?after={garbage}")).await;
        assert_eq!(reply.status(), 422, "{garbage}");
    }
    // A fresh one is good.
    let own = ada.read("/api/events").await["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    desk.ticket("Heard", "billing").await;
    let page = ada.read(&format!("/api/events?after={own}")).await;
    assert_eq!(page["events"][0]["ticket"]["subject"], "Heard");

    // Over the socket it is told, then goes on.
    for gone in [&foreign, &ahead] {
        let (mut socket, said) = crate::live::greet(&desk, &ada, Some(gone)).await;
        assert_eq!(said, ["resync", "ready"]);
        desk.ticket("After all", "billing").await;
        assert_eq!(next_subject(&mut socket).await, "After all");
        say(&mut socket, json!({"type": "ping"})).await;
    }
}

#[tokio::test]
async fn who_sees_little_of_much_hears_that_little() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let start = ada.read("/api/events").await["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    desk.run(
        "insert into app.tickets (subject, requester_id, team_id)
         select 'Hidden', u.id, t.id from app.users u, app.teams t, generate_series(1, 30)
          where u.email = 'cleo@customer.test' and t.name = 'tech'",
    )
    .await;
    desk.ticket("Shown", "billing").await;
    let page = ada
        .read(&format!("/api/events?after={start}&limit=5"))
        .await;
    assert_eq!(page["events"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["events"][0]["ticket"]["subject"], "Shown");
    let cursor = page["cursor"].as_str().expect("a cursor");
    assert_eq!(
        ada.read(&format!("/api/events?after={cursor}")).await["events"],
        json!([])
    );
}

#[tokio::test]
async fn a_worker_hears_of_what_its_own_rules_wrote_and_of_what_commits_late() {
    let desk = Desk::open().await;
    let rule = |name: &str, tag: &str, then: &str| {
        format!(
            "insert into app.triggers (name, conditions, actions) values ('{name}', '{{\"all\": [{{\"field\": \"tags\", \"op\": \"includes_any\", \"value\": [\"{tag}\"]}}]}}', '[{{\"add_tags\": [\"{then}\"]}}]')"
        )
    };
    desk.run("insert into app.tags (name) values ('one'), ('two'), ('three')")
        .await;
    desk.run(&rule("First", "one", "two")).await;
    desk.run(&rule("Second", "two", "three")).await;
    let ticket = desk.ticket("A chain", "billing").await;
    let late = desk.log_in("postgres").await;
    late.batch_execute("begin; select pg_current_xact_id()")
        .await
        .expect("begins");
    desk.run(&format!(
        "update app.tickets set tag_ids = array[1] where id = {ticket}"
    ))
    .await;
    desk.work("rules", "rule_cursor").await;
    until(
        "the chain",
        Duration::from_secs(5),
        &desk,
        &format!("select cardinality(tag_ids) = 3 from app.tickets where id = {ticket}"),
    )
    .await;

    late.batch_execute(
        "insert into app.tickets (subject, requester_id, team_id, tag_ids)
         select 'Late', u.id, t.id, array[2] from app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing';
         commit",
    )
    .await
    .expect("commits");
    desk.work("rules", "rule_cursor").await;
    let tagged: bool = desk
        .one("select cardinality(tag_ids) = 2 from app.tickets where subject = 'Late'")
        .await;
    assert!(tagged, "what committed late was not heard");
}

#[tokio::test]
async fn workers_answer_each_ticket_once_however_its_writers_commit() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.triggers (name, conditions, actions) values
           ('Mark', '{\"all\": [{\"field\": \"event\", \"op\": \"is\", \"value\": \"created\"}]}', '[{\"add_tags\": [\"heard\"]}]')",
    )
    .await;
    let _idlers = idlers(&desk).await;
    let mut writers = Vec::new();
    for writer in 0..6 {
        let client = desk.log_in("postgres").await;
        writers.push(tokio::spawn(async move {
            for n in 0..20 {
                let pause = |most| f64::from(rand::rng().random_range(0..most)) / 1000.0;
                let end = if n % 5 == 4 { "rollback" } else { "commit" };
                client
                    .batch_execute(&format!(
                        "begin; select pg_current_xact_id(); select pg_sleep({});
                         insert into app.tickets (subject, requester_id, team_id)
                         select 'By {writer} {n}', u.id, t.id from app.users u, app.teams t
                          where u.email = 'cleo@customer.test' and t.name = 'billing';
                         select pg_sleep({}); {end}",
                        pause(10),
                        pause(20)
                    ))
                    .await
                    .expect("writes");
            }
        }));
    }
    let done = Arc::new(AtomicBool::new(false));
    let mut workers = Vec::new();
    // Two of a kind: one of them works, the other finds the cursor taken.
    for round in ["rules", "rules", "search", "notifications"] {
        let (client, done) = (desk.log_in("postgres").await, Arc::clone(&done));
        workers.push(tokio::spawn(async move {
            loop {
                let last = done.load(Ordering::SeqCst);
                let sql = format!("select worker.run_{round}()");
                let more: bool = client.query_one(&sql, &[]).await.expect("a round").get(0);
                if !more && last {
                    return;
                }
                if !more {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }));
    }
    for writer in writers {
        writer.await.expect("ends");
    }
    done.store(true, Ordering::SeqCst);
    for worker in workers {
        worker.await.expect("ends");
    }
    desk.work("rules", "rule_cursor").await;
    desk.work("search", "search_cursor").await;
    let each: bool = desk
        .one(
            "select count(*) = 96 and bool_and(n = 1)
               from (select t.id, (select count(*) from app.rule_firings f where f.ticket_id = t.id) as n
                       from app.tickets t where t.subject like 'By %') x",
        )
        .await;
    assert!(each, "some were not answered, or twice");
    let found: i64 = desk
        .one("select count(*) from app.search_documents where subject like 'By %'")
        .await;
    assert_eq!(found, 96);
}
