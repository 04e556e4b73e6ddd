//! No worker stops at what it cannot do: that is set aside and told, and the next is served in the same round.

use autocrm_api::store::files::Files;
use autocrm_api::{db, work};
use harness::desk::{Desk, Person};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Whatever is written to `table` where `condition` holds over the new row is refused from now on.
async fn poison(desk: &Desk, table: &str, event: &str, condition: &str) {
    desk.run(&format!(
        "create or replace function public.poison() returns trigger language plpgsql as
           $$ begin raise exception using errcode = '22P02', message = 'poison in ' || tg_table_name, hint = 'Drink water.'; end $$;
         create trigger a_poison before {event} on app.{table} for each row when ({condition}) execute function public.poison()"
    ))
    .await;
}

async fn antidote(desk: &Desk, table: &str) {
    desk.run(&format!("drop trigger a_poison on app.{table}"))
        .await;
}

/// What admins are told: one item of this worker, with its reason.
async fn told(desk: &Desk, admin: &Person, worker: &str) -> Value {
    let list = admin.read(&format!("/api/set-aside?worker={worker}")).await;
    let items = list["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "{list}");
    let audited: i64 = desk
        .one("select count(*) from app.audit_log where table_name = 'set_aside' and action = 'insert'")
        .await;
    assert!(audited > 0, "the audit knows");
    items[0].clone()
}

/// An admin has it tried again; done, it is gone.
async fn mended(desk: &Desk, admin: &Person, item: &Value) {
    let path = format!("/api/set-aside/{}/retry", item["id"]);
    assert_eq!(admin.post(&path, json!({})).await.status(), 200);
    desk.run("select worker.retry_failed()").await;
    let left: i64 = desk.one("select count(*) from app.set_aside").await;
    assert_eq!(left, 0, "it is still there");
}

async fn until(desk: &Desk, what: &str) {
    for _ in 0..3000 {
        if desk.one::<bool>(what).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("this never came: {what}");
}

/// The loops of a worker run until an item of `worker` is set aside, and what `next` asks for is there. Once the bad
/// item is set aside, the next has to be served within a second.
async fn worked(desk: &Desk, worker: &str, next: &str) {
    let pool = db::pool(&desk.config).expect("a pool");
    worked_by(desk, Box::pin(work::run(pool.clone())), worker, next).await;
    pool.close();
    until(
        desk,
        "select not exists (select from pg_stat_activity
           where datname = current_database() and usename = 'autocrm_api' and state <> 'idle')",
    )
    .await;
}

/// The same of one loop.
async fn worked_by(
    desk: &Desk,
    work: impl Future<Output = ()> + Send + 'static,
    worker: &str,
    next: &str,
) {
    let loops = tokio::spawn(work);
    until(
        desk,
        &format!("select exists (select from app.set_aside where worker = '{worker}')"),
    )
    .await;
    let since = Instant::now();
    until(desk, next).await;
    let took = since.elapsed();
    loops.abort();
    let _ = loops.await;
    assert!(
        took < Duration::from_secs(1),
        "{worker}: the next came {took:?} after the bad one was set aside"
    );
}

async fn round(desk: &Desk, name: &str) {
    while desk
        .one::<bool>(&format!("select worker.run_{name}()"))
        .await
    {}
}

#[tokio::test]
async fn triggers_go_on_past_a_ticket_that_they_cannot_answer_for() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.run(
        "insert into app.triggers (name, conditions, actions) values
           ('Mark', '{\"all\": [{\"field\": \"event\", \"op\": \"is\", \"value\": \"created\"}]}', '[{\"add_tags\": [\"heard\"]}]')",
    )
    .await;
    let bad = desk.ticket("Bad", "billing").await;
    let good = desk.ticket("Good", "billing").await;
    poison(
        &desk,
        "rule_firings",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;

    let tagged = |id: i64| format!("select tag_ids <> '{{}}' from app.tickets where id = {id}");
    worked(&desk, "triggers", &tagged(good)).await;

    assert!(desk.one::<bool>(&tagged(good)).await);
    assert!(!desk.one::<bool>(&tagged(bad)).await);
    let item = told(&desk, &admin, "triggers").await;
    assert_eq!(item["ticket_id"], bad);
    assert_eq!(item["code"], "22P02");
    assert_eq!(item["message"], "poison in rule_firings");
    assert_eq!(item["hint"], "Drink water.");
    // Not mended yet: it stays, later and later.
    let path = format!("/api/set-aside/{}/retry", item["id"]);
    assert_eq!(admin.post(&path, json!({})).await.status(), 200);
    desk.run("select worker.retry_failed()").await;
    assert_eq!(told(&desk, &admin, "triggers").await["attempts"], 2);

    antidote(&desk, "rule_firings").await;
    mended(&desk, &admin, &item).await;
    assert!(desk.one::<bool>(&tagged(bad)).await);
}

#[tokio::test]
async fn automations_and_their_backfills_go_on_past_a_ticket_that_they_cannot_answer_for() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let bad = desk.ticket("Bad", "billing").await;
    let good = desk.ticket("Good", "billing").await;
    poison(
        &desk,
        "automation_due",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;
    desk.run(
        "insert into app.automations (name, conditions, actions) values
           ('Mark', '{\"all\": [{\"field\": \"status\", \"op\": \"is\", \"value\": \"new\"}]}', '[{\"add_tags\": [\"due\"]}]')",
    )
    .await;
    let tagged = |id: i64| format!("select tag_ids <> '{{}}' from app.tickets where id = {id}");

    worked(&desk, "backfills", &tagged(good)).await;
    let backfills: i64 = desk
        .one("select count(*) from app.set_aside where worker = 'backfills'")
        .await;
    assert_eq!(backfills, 1);

    antidote(&desk, "automation_due").await;
    poison(
        &desk,
        "rule_firings",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;
    desk.run("update app.set_aside set retry_at = autocrm.now(); select worker.retry_failed()")
        .await;
    desk.run("delete from app.set_aside where worker <> 'automations'")
        .await;
    let later = desk.ticket("Later", "billing").await;
    worked(&desk, "automations", &tagged(later)).await;
    let item = told(&desk, &admin, "automations").await;
    assert_eq!(item["ticket_id"], bad);

    antidote(&desk, "rule_firings").await;
    mended(&desk, &admin, &item).await;
    assert!(desk.one::<bool>(&tagged(bad)).await);
}

#[tokio::test]
async fn clocks_go_on_past_a_ticket_that_they_cannot_be_counted_for() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.run(
        r#"insert into app.sla_policies (name, targets) values ('All', '[{"metric": "resolution", "minutes": 60}]')"#,
    )
    .await;
    let bad = desk.ticket("Bad", "billing").await;
    let good = desk.ticket("Good", "billing").await;
    poison(
        &desk,
        "sla_clocks",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;
    let counted = |id: i64| {
        format!(
            "select exists (select from app.sla_clocks where ticket_id = {id} and due_at is not null)"
        )
    };
    worked(&desk, "sla", &counted(good)).await;
    let item = told(&desk, &admin, "sla").await;
    assert_eq!(item["ticket_id"], bad);

    antidote(&desk, "sla_clocks").await;
    mended(&desk, &admin, &item).await;
    assert!(desk.one::<bool>(&counted(bad)).await);

    // And so when their time has come.
    poison(
        &desk,
        "sla_clocks",
        "update",
        &format!("new.ticket_id = {bad}"),
    )
    .await;
    desk.run("set autocrm.now = '2100-01-01'").await;
    round(&desk, "rules").await;
    let breached = |id: i64| {
        format!(
            "select exists (select from app.sla_clocks where ticket_id = {id} and breached_at is not null)"
        )
    };
    assert!(desk.one::<bool>(&breached(good)).await);
    let item = told(&desk, &admin, "sla").await;
    antidote(&desk, "sla_clocks").await;
    mended(&desk, &admin, &item).await;
    assert!(desk.one::<bool>(&breached(bad)).await);
}

#[tokio::test]
async fn metrics_go_on_past_a_ticket_that_they_cannot_count() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let bad = desk.ticket("Bad", "billing").await;
    let good = desk.ticket("Good", "billing").await;
    poison(
        &desk,
        "metric_facts",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;
    let counted =
        |id: i64| format!("select exists (select from app.metric_facts where ticket_id = {id})");
    worked(&desk, "metrics", &counted(good)).await;
    let item = told(&desk, &admin, "metrics").await;
    assert_eq!(item["ticket_id"], bad);
    let created = "select coalesce(sum(created), 0)::bigint from app.metrics where grain = 'team' and minutes = 30";
    assert_eq!(desk.one::<i64>(created).await, 1);

    antidote(&desk, "metric_facts").await;
    mended(&desk, &admin, &item).await;
    assert!(desk.one::<bool>(&counted(bad)).await);
    assert_eq!(desk.one::<i64>(created).await, 2);
}

#[tokio::test]
async fn search_goes_on_past_a_ticket_that_it_cannot_read() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let bad = desk.ticket("Bad quicksilver", "billing").await;
    let good = desk.ticket("Good quicksilver", "billing").await;
    poison(
        &desk,
        "search_documents",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;

    worked(
        &desk,
        "search",
        &format!("select exists (select from app.search_documents where ticket_id = {good})"),
    )
    .await;

    let found = admin.read("/api/search?q=quicksilver").await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["items"][0]["id"], good);
    let item = told(&desk, &admin, "search").await;
    assert_eq!(item["ticket_id"], bad);
    antidote(&desk, "search_documents").await;
    mended(&desk, &admin, &item).await;
    assert_eq!(
        admin.read("/api/search?q=quicksilver").await["items"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[tokio::test]
async fn long_words_and_long_conversations_are_searched_and_redacted_as_others_are() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let note = desk.ticket("One long word", "billing").await;
    let many = desk.ticket("Many long words", "billing").await;
    let after = desk.ticket("Afterwards", "billing").await;
    let long = "x".repeat(2046);
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, kind, body_text) values ({note}, {0}, 'note', 'secret {long} beside');
         insert into app.messages (ticket_id, author_id, kind, body_text)
         select {many}, {0}, 'reply', 'secret ' || string_agg(repeat(md5(n || '.' || w), 50), ' ')
           from generate_series(1, 24) n, generate_series(1, 30) w group by n;
         insert into app.messages (ticket_id, author_id, kind, body_text)
         select {many}, {0}, 'reply', (select string_agg(md5(n || '/' || w), ' ') from generate_series(1, 1500) w) from generate_series(1, 24) n;
         insert into app.messages (ticket_id, author_id, kind, body_text) values ({after}, {0}, 'note', 'quicksilver')",
        admin.id
    ))
    .await;
    // A name and a field as long as they may be.
    desk.run(&format!(
        "update app.users set name = repeat('n', 200) where id = {}",
        admin.id
    ))
    .await;

    round(&desk, "search").await;

    let aside: i64 = desk.one("select count(*) from app.set_aside").await;
    assert_eq!(aside, 0);
    let found = |page: Value| page["items"].as_array().map_or(0, Vec::len);
    assert_eq!(found(admin.read("/api/search?q=quicksilver").await), 1);
    assert_eq!(found(admin.read("/api/search?q=beside").await), 1);
    assert_eq!(found(admin.read("/api/search?q=secret").await), 2);
    for ticket in [note, many] {
        let message: i64 = desk.one(&format!("select min(id) from app.messages where ticket_id = {ticket} and body_text like 'secret%'")).await;
        let done = admin
            .post(
                &format!("/api/tickets/{ticket}/messages/{message}/redact"),
                json!({"text": "secret"}),
            )
            .await;
        assert_eq!(done.status(), 200, "{:?}", done.text().await);
    }
    assert_eq!(found(admin.read("/api/search?q=beside").await), 1);
}

#[tokio::test]
async fn a_redaction_does_not_fail_for_search() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let ticket = desk.ticket("A card", "billing").await;
    desk.run(&format!("insert into app.messages (ticket_id, author_id, kind, body_text) values ({ticket}, {}, 'note', 'secret number')", admin.id)).await;
    round(&desk, "search").await;
    let message: i64 = desk.one("select max(id) from app.messages").await;
    poison(&desk, "search_documents", "insert or update", "true").await;

    let done = admin
        .post(
            &format!("/api/tickets/{ticket}/messages/{message}/redact"),
            json!({"text": "secret"}),
        )
        .await;
    assert_eq!(done.status(), 200, "{:?}", done.text().await);
    let kept: i64 = desk.one("select count(*) from app.search_documents").await;
    assert_eq!(kept, 0, "the words are found no more");
    let item = told(&desk, &admin, "search").await;
    antidote(&desk, "search_documents").await;
    mended(&desk, &admin, &item).await;
    assert_eq!(
        admin.read("/api/search?q=number").await["items"][0]["id"],
        ticket
    );
    assert_eq!(admin.read("/api/search?q=secret").await["items"], json!([]));
}

#[tokio::test]
async fn notifications_go_on_past_what_they_cannot_tell() {
    let desk = Desk::open().await;
    let (admin, ada, bob) = (
        desk.admin().await,
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    let bad = desk.ticket("Bad", "billing").await;
    let good = desk.ticket("Good", "billing").await;
    poison(
        &desk,
        "notifications",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;
    for ticket in [bad, good] {
        let body = json!({"kind": "note", "body_text": "Look", "mentions": [{"user_id": ada.id}]});
        let sent = bob
            .post(&format!("/api/tickets/{ticket}/messages"), body)
            .await;
        assert_eq!(sent.status(), 201);
    }

    worked(
        &desk,
        "notifications",
        &format!("select exists (select from app.notifications where ticket_id = {good})"),
    )
    .await;

    let page = ada.read("/api/me/notifications").await;
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["items"][0]["ticket"]["id"], good);
    let item = told(&desk, &admin, "notifications").await;
    antidote(&desk, "notifications").await;
    mended(&desk, &admin, &item).await;
    assert_eq!(
        ada.read("/api/me/notifications").await["items"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[tokio::test]
async fn the_outbox_goes_on_past_a_mail_that_cannot_be_written() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    desk.run(&format!("insert into app.notification_preferences (user_id, kind, delivery) values ({0}, 'mentioned', 'email'), ({1}, 'mentioned', 'email')", ada.id, bob.id)).await;
    let ticket = desk.ticket("Both", "billing").await;
    let admin = desk.admin().await;
    let body = json!({"kind": "note", "body_text": "Look", "mentions": [{"user_id": ada.id}, {"user_id": bob.id}]});
    assert_eq!(
        admin
            .post(&format!("/api/tickets/{ticket}/messages"), body)
            .await
            .status(),
        201
    );
    round(&desk, "notifications").await;
    desk.run(&format!(
        "alter function app.compose_mail(app.mail_outbox) rename to compose_well;
         create function app.compose_mail(p_mail app.mail_outbox) returns json language plpgsql stable as
           $$ begin if p_mail.user_id = {} then raise exception 'poison in a mail'; end if; return app.compose_well(p_mail); end $$",
        ada.id
    ))
    .await;

    let taken: String = desk.one("select worker.take_mail()::text").await;
    let taken: Value = serde_json::from_str(&taken).expect("JSON");
    assert_eq!(taken["name"], "Bob");
    let mails = admin.read("/api/mails").await;
    let failed: Vec<&Value> = mails["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter(|m| m["error"].is_string())
        .collect();
    assert_eq!(failed.len(), 1, "{mails}");
    assert_eq!(failed[0]["error"], "poison in a mail");
    assert_eq!(failed[0]["state"], "waiting");
}

#[tokio::test]
async fn bulk_jobs_go_on_past_one_whose_batches_fail() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.run(
        "insert into app.tickets (subject, requester_id, team_id)
         select 'Many', u.id, t.id from app.users u, app.teams t, generate_series(1, 110)
          where u.email = 'cleo@customer.test' and t.name = 'billing'",
    )
    .await;
    let mut jobs = Vec::new();
    for tag in ["one", "two"] {
        let body = json!({"action": "update", "filter": {"status": "new"}, "add_tags": [tag]});
        let job: Value = admin
            .post("/api/bulk-jobs", body)
            .await
            .json()
            .await
            .expect("a job");
        jobs.push(job["id"].as_i64().unwrap_or_else(|| panic!("{job}")));
    }
    poison(
        &desk,
        "bulk_items",
        "update",
        &format!("new.job_id = {}", jobs[0]),
    )
    .await;
    // More than a batch of each: that the next goes on is what counts, not how long it is.
    worked(
        &desk,
        "bulk",
        &format!(
            "select exists (select from app.bulk_items where job_id = {} and state = 'done')",
            jobs[1]
        ),
    )
    .await;
    let pool = db::pool(&desk.config).expect("a pool");
    while work::bulk::round(&pool).await.expect("a round") {}
    let status = |id: i64| format!("select status::text from app.bulk_jobs where id = {id}");
    assert_eq!(desk.one::<String>(&status(jobs[1])).await, "done");
    let item = told(&desk, &admin, "bulk").await;
    assert_eq!(item["item"], format!("job {}", jobs[0]));
    assert_eq!(item["message"], "poison in bulk_items");
    antidote(&desk, "bulk_items").await;
    assert_eq!(
        admin
            .post(&format!("/api/set-aside/{}/retry", item["id"]), json!({}))
            .await
            .status(),
        200
    );
    while work::bulk::round(&pool).await.expect("a round") {}
    assert_eq!(desk.one::<String>(&status(jobs[0])).await, "done");
    assert_eq!(admin.read("/api/set-aside").await["items"], json!([]));
}

#[tokio::test]
async fn field_jobs_go_on_past_one_that_fails_and_past_a_ticket_that_refuses() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.run("insert into app.custom_fields (key, label, type) values ('one', 'One', 'text'), ('two', 'Two', 'text')").await;
    let bad = desk.ticket("Bad", "billing").await;
    desk.ticket("Good", "billing").await;
    poison(
        &desk,
        "tickets",
        "update",
        &format!("new.id = {bad} and new.custom ? 'two'"),
    )
    .await;
    desk.run(
        "create function public.worse() returns trigger language plpgsql as $$ begin raise exception 'poison in a job'; end $$;
         create trigger a_worse before update on app.field_jobs for each row when (new.field_id = 1 and new.done > 0) execute function public.worse()",
    )
    .await;
    for field in [1, 2] {
        let opened = admin
            .post(
                &format!("/api/custom-fields/{field}/backfill"),
                json!({"value": "v"}),
            )
            .await;
        assert_eq!(opened.status(), 201);
    }

    worked(
        &desk,
        "field_jobs",
        "select status = 'done' from app.field_jobs where field_id = 2",
    )
    .await;

    let item = told(&desk, &admin, "field_jobs").await;
    assert_eq!(item["message"], "poison in a job");
    let second: String = desk.one("select format('%s %s %s', status, changed, failed) from app.field_jobs where field_id = 2").await;
    assert_eq!(second, "done 1 1");
    desk.run("drop trigger a_worse on app.field_jobs").await;
    assert_eq!(
        admin
            .post(&format!("/api/set-aside/{}/retry", item["id"]), json!({}))
            .await
            .status(),
        200
    );
    round(&desk, "field_jobs").await;
    let first: String = desk.one("select format('%s %s %s', status, changed, failed) from app.field_jobs where field_id = 1").await;
    assert_eq!(first, "done 2 0");
    assert_eq!(admin.read("/api/set-aside").await["items"], json!([]));
}

#[tokio::test]
async fn the_trash_is_emptied_past_a_ticket_that_cannot_go() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let bad = desk.ticket("Bad", "billing").await;
    let good = desk.ticket("Good", "billing").await;
    desk.run("update app.tickets set deleted_at = now() - interval '40 days'")
        .await;
    poison(&desk, "tickets", "delete", &format!("old.id = {bad}")).await;

    worked(
        &desk,
        "maintenance",
        &format!("select not exists (select from app.tickets where id = {good})"),
    )
    .await;

    let left: Vec<i64> = desk.one("select array_agg(id) from app.tickets").await;
    assert_eq!(left, [bad]);
    let item = told(&desk, &admin, "maintenance").await;
    assert_eq!(item["message"], "poison in tickets");
}

/// What each step of maintenance has to do, where it is refused, and whether it is done.
struct Step {
    name: &'static str,
    work: &'static str,
    /// Table, event and condition; none where a step sets single tickets aside by itself
    refused: Option<(&'static str, &'static str, &'static str)>,
    done: &'static str,
}

const STEPS: [Step; 12] = [
    Step {
        name: "partitions",
        work: "do $$ begin execute (select 'drop table ' || max(inhrelid::regclass::text) from pg_inherits
                 where inhparent = 'app.events'::regclass and inhrelid::regclass::text ~ '[0-9]$'); end $$",
        refused: None,
        // From last month to three months ahead.
        done: "select count(*) = 5 from pg_inherits
                where inhparent = 'app.events'::regclass and inhrelid::regclass::text ~ '[0-9]$'",
    },
    Step {
        name: "idempotency_keys",
        work: "insert into app.idempotency_keys (actor_id, key, operation, request_hash, created_at)
               select id, 'k', 'o', 'x', now() - interval '2 days' from app.users where name = 'Ada'",
        refused: Some(("idempotency_keys", "delete", "true")),
        done: "select count(*) = 0 from app.idempotency_keys where key = 'k'",
    },
    Step {
        name: "log_in_attempts",
        work: "insert into app.log_in_attempts (email, at) values ('x@x.test', now() - interval '31 days')",
        refused: Some(("log_in_attempts", "delete", "true")),
        done: "select count(*) = 0 from app.log_in_attempts where email = 'x@x.test'",
    },
    Step {
        name: "sessions",
        work: "insert into app.sessions (user_id, refresh_hash, user_agent, expires_at)
               select id, sha256('old'), 'old', now() - interval '31 days' from app.users where name = 'Ada'",
        refused: Some(("sessions", "delete", "true")),
        done: "select count(*) = 0 from app.sessions where user_agent = 'old'",
    },
    Step {
        name: "tag_counts",
        work: "insert into app.tag_counts (tag_id, tickets) select id, n from app.tags, unnest(array[-1, 1]) n where name = 'x'",
        refused: Some(("tag_counts", "delete", "true")),
        done: "select count(*) < 2 from app.tag_counts where tag_id = (select id from app.tags where name = 'x')",
    },
    Step {
        name: "ticket_counts",
        work: "insert into app.ticket_counts (status_id, priority_id, assignee_id, tickets) select 1, 1, 99999, n from unnest(array[-1, 1]) n",
        refused: Some(("ticket_counts", "delete", "true")),
        done: "select count(*) < 2 from app.ticket_counts where assignee_id = 99999",
    },
    Step {
        name: "notifications",
        work: "insert into app.notifications (user_id, kind, delivery, ticket_id, event_id, read_at)
               select u.id, 'followed', 'in_app', t.id, 1, '2000-01-01' from app.users u, app.tickets t where u.name = 'Ada' and t.subject = 'Waits'",
        refused: Some(("notifications", "delete", "true")),
        done: "select count(*) = 0 from app.notifications",
    },
    Step {
        name: "audit",
        work: "update app.teams set color = '#' || left(md5(random()::text), 6)",
        refused: Some(("audit_seals", "insert", "true")),
        done: "select coalesce((select to_xid from app.audit_seals order by id desc limit 1)
                              > (select xid from app.audit_log where table_name = 'teams' order by id desc limit 1), false)",
    },
    Step {
        name: "trash",
        work: "insert into app.tickets (subject, requester_id) select 'Gone', min(id) from app.users where role = 'customer';
               update app.tickets set deleted_at = now() - interval '40 days' where subject = 'Gone'",
        refused: None,
        done: "select count(*) = 0 from app.tickets where subject = 'Gone'",
    },
    Step {
        name: "connections",
        work: "update app.users set availability = 'online' where name = 'Ada';
               update app.agent_loads set seen_at = now() - interval '3 minutes' where user_id = (select id from app.users where name = 'Ada')",
        refused: Some(("agent_loads", "update", "old.seen_at is not null and new.seen_at is null")),
        done: "select availability = 'away' from app.users where name = 'Ada'",
    },
    Step {
        name: "waiting",
        work: "update app.waiting set relax_at = now() - interval '1 minute'",
        refused: None,
        done: "select bool_and(relax_at is null) from app.waiting",
    },
    Step {
        name: "books",
        work: "update app.agent_loads set open = 7 where user_id = (select id from app.users where name = 'Bob')",
        refused: Some(("agent_loads", "update", "old.open = 7")),
        done: "select open = 0 from app.agent_loads where user_id = (select id from app.users where name = 'Bob')",
    },
];

#[tokio::test]
async fn each_step_of_maintenance_fails_apart() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.agent("Ada", "tech").await;
    desk.agent("Bob", "tech").await;
    desk.ticket("Waits", "billing").await;
    desk.run("insert into app.tags (name) values ('x')").await;
    let pool = db::pool(&desk.config).expect("a pool");

    let poisoned = STEPS
        .iter()
        .filter(|step| step.refused.is_some() || step.name == "partitions");
    for bad in poisoned {
        for step in &STEPS {
            desk.run(step.work).await;
            assert!(
                !desk.one::<bool>(step.done).await,
                "{} has no work",
                step.name
            );
        }
        // Nothing is sealed that a running transaction may still add to.
        desk.outlive_transactions().await;
        match bad.refused {
            Some((table, event, condition)) => poison(&desk, table, event, condition).await,
            None => {
                desk.run(
                    "create function public.none() returns event_trigger language plpgsql as $$ begin raise 'poison in a table'; end $$;
                     create event trigger a_poison on ddl_command_start when tag in ('CREATE TABLE') execute function public.none()",
                )
                .await;
            }
        }

        work::maintenance::once(&pool).await.expect("a round");

        for step in &STEPS {
            let done = desk.one::<bool>(step.done).await;
            assert_eq!(
                done,
                step.name != bad.name,
                "{} beside {}",
                step.name,
                bad.name
            );
        }
        let item = told(&desk, &admin, "maintenance").await;
        assert_eq!(item["item"], bad.name);
        let message = item["message"].as_str().expect("a message");
        assert!(message.starts_with("poison in"), "{item}");

        match bad.refused {
            Some((table, ..)) => antidote(&desk, table).await,
            None => desk.run("drop event trigger a_poison").await,
        }
        let retry = format!("/api/set-aside/{}/retry", item["id"]);
        assert_eq!(admin.post(&retry, json!({})).await.status(), 200);
        work::maintenance::once(&pool).await.expect("a round");
        assert!(
            desk.one::<bool>(bad.done).await,
            "{} once it is mended",
            bad.name
        );
        assert_eq!(admin.read("/api/set-aside").await["items"], json!([]));
    }
}

#[tokio::test]
async fn the_queue_goes_on_past_a_ticket_that_nobody_can_be_given() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let first = desk.ticket("First", "billing").await;
    let (bad, good) = (
        desk.ticket("Bad", "billing").await,
        desk.ticket("Good", "billing").await,
    );
    poison(
        &desk,
        "tickets",
        "update",
        &format!("new.id = {bad} and new.assignee_id is not null"),
    )
    .await;
    desk.run("update app.users set availability = 'online', capacity = 1 where name = 'Ada'")
        .await;
    desk.run("select worker.maintain('waiting')").await;
    let assignee = |id: i64| format!("select assignee_id from app.tickets where id = {id}");
    assert_eq!(
        desk.one::<Option<i64>>(&assignee(first)).await,
        Some(ada.id)
    );

    // Their own change makes room: it stands, and the next fitting ticket comes.
    let solved = ada
        .patch(
            &format!("/api/tickets/{first}"),
            json!({"status": "solved"}),
            None,
        )
        .await;
    assert_eq!(solved.status(), 200);
    desk.run("select worker.maintain('waiting')").await;
    assert_eq!(desk.one::<Option<i64>>(&assignee(good)).await, Some(ada.id));
    assert_eq!(desk.one::<Option<i64>>(&assignee(bad)).await, None);
    let item = told(&desk, &admin, "maintenance").await;
    assert_eq!(item["ticket_id"], bad);
    assert_eq!(item["message"], "poison in tickets");

    antidote(&desk, "tickets").await;
    desk.run("update app.users set capacity = 2 where name = 'Ada'")
        .await;
    let path = format!("/api/set-aside/{}/retry", item["id"]);
    assert_eq!(admin.post(&path, json!({})).await.status(), 200);
    desk.run("select worker.maintain('waiting')").await;
    assert_eq!(desk.one::<Option<i64>>(&assignee(bad)).await, Some(ada.id));
    assert_eq!(
        desk.one::<i64>("select count(*) from app.set_aside").await,
        0
    );

    // Who is given one by a person meanwhile ends its being tried.
    let third = desk.ticket("Third", "billing").await;
    poison(
        &desk,
        "tickets",
        "update",
        &format!("new.id = {third} and new.subject = 'Third' and new.assignee_id is not null"),
    )
    .await;
    desk.run("update app.users set capacity = 3 where name = 'Ada'")
        .await;
    desk.run("select worker.maintain('waiting')").await;
    assert_eq!(told(&desk, &admin, "maintenance").await["ticket_id"], third);
    desk.run(&format!(
        "update app.tickets set subject = 'By hand', assignee_id = {} where id = {third}",
        ada.id
    ))
    .await;
    desk.run("select worker.maintain('waiting')").await;
    assert_eq!(
        desk.one::<i64>("select count(*) from app.set_aside").await,
        0
    );
}

#[tokio::test]
async fn indexes_are_built_past_a_field_whose_values_are_too_long_for_one() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.run("insert into app.custom_fields (key, label, type, filterable) values ('bad', 'Bad', 'date', true), ('good', 'Good', 'text', true)").await;
    desk.ticket("Long", "billing").await;
    // Past every check, as an earlier version may have left it.
    desk.run(
        "begin; set local session_replication_role = replica;
         update app.tickets set custom = jsonb_build_object('bad', (select string_agg(md5(n::text), '') from generate_series(1, 400) n)); commit",
    )
    .await;

    work::indexes::keep(&desk.admin_url())
        .await
        .expect("a round");

    let valid: Vec<String> = desk
        .one("select array_agg(c.relname::text order by 1) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'tickets_field_2_%' and i.indisvalid")
        .await;
    assert_eq!(
        valid,
        ["tickets_field_2_order_idx", "tickets_field_2_value_idx"]
    );
    let items = admin.read("/api/set-aside?worker=indexes").await;
    assert_eq!(items["items"][0]["code"], "54000", "{items}");
}

#[tokio::test]
async fn the_loop_that_keeps_the_queue_goes_on_past_a_ticket_that_cannot_be_taken_back() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let (bad, good) = (
        desk.ticket("Bad", "billing").await,
        desk.ticket("Good", "billing").await,
    );
    desk.run(&format!(
        "update app.users set availability = 'online', capacity = 9 where name = 'Ada';
         update app.tickets set assignee_id = {};
         update app.teams set hand_back_minutes = 1 where name = 'billing';
         update app.users set availability = 'away' where name = 'Ada'",
        ada.id
    ))
    .await;
    poison(
        &desk,
        "tickets",
        "update",
        &format!("new.id = {bad} and new.assignee_id is null"),
    )
    .await;
    desk.run(
        "update app.agent_loads set away_at = now() - interval '1 hour', hand_back_at = now() - interval '1 hour'
          where away_at is not null",
    )
    .await;
    let waits = |id: i64| format!("select assignee_id is null from app.tickets where id = {id}");

    worked(&desk, "maintenance", &waits(good)).await;

    let item = told(&desk, &admin, "maintenance").await;
    assert_eq!(item["ticket_id"], bad);
    assert_eq!(item["message"], "poison in tickets");
    assert!(!desk.one::<bool>(&waits(bad)).await);
    antidote(&desk, "tickets").await;
    let path = format!("/api/set-aside/{}/retry", item["id"]);
    assert_eq!(admin.post(&path, json!({})).await.status(), 200);
    desk.run(
        "update app.agent_loads set hand_back_at = now() - interval '1 hour' where away_at is not null;
         select worker.maintain('waiting')",
    )
    .await;
    assert!(desk.one::<bool>(&waits(bad)).await);
    assert_eq!(admin.read("/api/set-aside").await["items"], json!([]));
}

#[tokio::test]
async fn the_loop_that_keeps_indexes_builds_the_next_past_one_that_cannot_be_built() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.run(
        "insert into app.custom_fields (key, label, type, filterable)
         values ('bad', 'Bad', 'date', true), ('good', 'Good', 'text', true)",
    )
    .await;
    let ticket = desk.ticket("Long", "billing").await;
    // Past every check, as an earlier version may have left it.
    desk.run(
        "begin; set local session_replication_role = replica;
         update app.tickets set custom = jsonb_build_object('bad', (select string_agg(md5(n::text), '') from generate_series(1, 400) n)); commit",
    )
    .await;
    let built = |field: i64| {
        format!(
            "select count(*) filter (where i.indisvalid) = 2 from pg_index i join pg_class c on c.oid = i.indexrelid
              where c.relname like 'tickets_field_{field}_%'"
        )
    };
    let url = desk.admin_url();

    worked_by(
        &desk,
        work::indexes::run(Some(url.clone())),
        "indexes",
        &built(2),
    )
    .await;

    let items = admin.read("/api/set-aside?worker=indexes").await;
    let items = items["items"].as_array().expect("items").clone();
    assert!(!items.is_empty() && items.iter().all(|item| item["code"] == "54000"));
    assert!(!desk.one::<bool>(&built(1)).await);
    desk.run(&format!("begin; set local session_replication_role = replica; update app.tickets set custom = '{{}}' where id = {ticket}; commit"))
        .await;
    for item in &items {
        let path = format!("/api/set-aside/{}/retry", item["id"]);
        assert_eq!(admin.post(&path, json!({})).await.status(), 200);
    }
    // One round drops what is left of a failed build, and another builds it.
    for _ in 0..2 {
        work::indexes::keep(&url).await.expect("a round");
    }
    assert!(desk.one::<bool>(&built(1)).await);
    assert_eq!(admin.read("/api/set-aside").await["items"], json!([]));
}

#[tokio::test]
async fn the_loop_that_sweeps_files_goes_on_past_one_that_the_store_does_not_give_up() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let (bad, good) = ("ba".repeat(32), "fe".repeat(32));
    let place = |folder: &str, name: &str| desk.files().join(folder).join(&name[..2]).join(name);
    // What a process that died has left, long ago.
    for name in [&bad, &good] {
        let path = place("blobs", name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, "left").expect("writes");
        let file = std::fs::File::options().write(true).open(&path);
        let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_hours(24);
        file.expect("opens").set_modified(long_ago).expect("ages");
    }
    // A folder is no file that a store could remove.
    std::fs::create_dir_all(place("thumbnails", &bad).join("x")).expect("a folder");
    let pool = db::pool(&desk.config).expect("a pool");
    let files = || Files::new(&desk.config);

    let loops = tokio::spawn(work::files::run(pool.clone(), files()));
    until(
        &desk,
        "select exists (select from app.set_aside where worker = 'files')",
    )
    .await;
    let since = Instant::now();
    while place("blobs", &good).exists() {
        assert!(since.elapsed() < Duration::from_secs(1), "the next waits");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    loops.abort();
    let _ = loops.await;

    let item = told(&desk, &admin, "files").await;
    assert_eq!(item["item"], bad);
    // It is done once an admin asks, and the store gives it up: not only by the next look through the whole store.
    std::fs::remove_dir_all(place("thumbnails", &bad)).expect("removes");
    let path = format!("/api/set-aside/{}/retry", item["id"]);
    assert_eq!(admin.post(&path, json!({})).await.status(), 200);
    work::files::sweep(&pool, &files(), false)
        .await
        .expect("a round");
    assert!(!place("blobs", &bad).exists());
    assert_eq!(admin.read("/api/set-aside").await["items"], json!([]));
}

#[tokio::test]
async fn the_loop_of_retries_goes_on_past_an_item_that_fails_again() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let (bad, good) = (
        desk.ticket("Bad quicksilver", "billing").await,
        desk.ticket("Good quicksilver", "billing").await,
    );
    poison(&desk, "search_documents", "insert", "true").await;
    round(&desk, "search").await;
    let waiting: i64 = desk.one("select count(*) from app.set_aside").await;
    assert_eq!(waiting, 2);
    antidote(&desk, "search_documents").await;
    poison(
        &desk,
        "search_documents",
        "insert",
        &format!("new.ticket_id = {bad}"),
    )
    .await;
    // One whose data says nothing, and one of a ticket that is gone: the first of all.
    desk.run(&format!(
        "update app.set_aside set retry_at = now() - interval '1 minute';
         update app.set_aside set retry_at = now() - interval '1 hour' where ticket_id = {bad};
         insert into app.set_aside (worker, item, ticket_id, data, code, message, retry_at)
         values ('automations', 'unreadable', {bad}, '{{\"automation_id\": \"?\"}}', 'x', 'x', now() - interval '2 hours'),
                ('search', 'gone', null, '{{}}', 'x', 'x', now() - interval '3 hours')"
    ))
    .await;
    let pool = db::pool(&desk.config).expect("a pool");
    let work = {
        let pool = pool.clone();
        async move { work::queues::run(&pool).await }
    };

    worked_by(
        &desk,
        work,
        "search",
        &format!("select exists (select from app.search_documents where ticket_id = {good})"),
    )
    .await;

    let left: String = desk
        .one("select string_agg(worker || ' ' || coalesce(ticket_id, 0) || ' ' || attempts, ', ' order by worker) from app.set_aside")
        .await;
    assert_eq!(left, format!("automations {bad} 2, search {bad} 2"));
    let item = told(&desk, &admin, "search").await;
    assert_eq!(item["message"], "poison in search_documents");
}

/// The kind of defect: what serde or a float cannot hold, left in a row from before it was refused, raised in whatever
/// read it, round after round.
#[tokio::test]
async fn what_was_stored_before_it_was_refused_stops_no_worker() {
    let desk = Desk::open().await;
    let (admin, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    desk.run(
        r#"insert into app.custom_fields (key, label, type, filterable) values ('price', 'Price', 'decimal', true), ('note', 'Note', 'text', true), ('two', 'Two', 'text', false);
           insert into app.triggers (name, conditions, actions) values ('Mark',
             '{"any": [{"field": "custom.price", "op": "greater", "value": 5}, {"field": "event", "op": "is", "value": "created"}]}', '[{"add_tags": ["heard"]}]');
           insert into app.automations (name, conditions, actions) values ('Due',
             '{"all": [{"field": "status", "op": "is", "value": "new"}, {"none": [{"field": "custom.note", "op": "contains", "value": "x"}]}]}', '[{"add_tags": ["due"]}]')"#,
    )
    .await;
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let poisons = [
        r#"{"price": 1e400}"#.to_owned(),
        r#"{"price": -1e-400}"#.to_owned(),
        format!(r#"{{"price": {deep}}}"#),
        format!(r#"{{"gone": {{"gone": {deep}}}, "note": 1e400}}"#),
        r#"{"price": {"a": []}, "note": [null]}"#.to_owned(),
    ];
    let mut bad = Vec::new();
    for poison in &poisons {
        let ticket = desk.ticket("Bad quicksilver", "billing").await;
        desk.run(&format!(
            "begin; set local session_replication_role = replica; update app.tickets set custom = '{poison}' where id = {ticket}; commit"
        ))
        .await;
        bad.push(ticket);
    }
    let good = desk.ticket("Good quicksilver", "billing").await;
    for ticket in bad.iter().chain([&good]) {
        let body = json!({"kind": "note", "body_text": "Look", "mentions": [{"user_id": ada.id}]});
        let sent = admin
            .post(&format!("/api/tickets/{ticket}/messages"), body)
            .await;
        assert_eq!(sent.status(), 201);
    }
    admin
        .create("/api/custom-fields/3/backfill", json!({"value": "v"}))
        .await;
    admin
        .create(
            "/api/bulk-jobs",
            json!({"action": "update", "filter": {"status": "new"}, "add_tags": ["bulk"]}),
        )
        .await;

    let pool = db::pool(&desk.config).expect("a pool");
    let loops = tokio::spawn({
        let pool = pool.clone();
        async move { Box::pin(work::run(pool)).await }
    });
    let tagged = |tag: &str| {
        format!(
            "exists (select from app.tickets t, app.tags g where t.id = $1 and g.id = any (t.tag_ids) and g.name = '{tag}')"
        )
    };
    let told = |table: &str, column: &str| {
        format!(
            "exists (select from app.{table} x where x.ticket_id = $1 and x.{column}::text <> '')"
        )
    };
    // What is done for a ticket, and where it is told that it cannot be.
    for (worker, served, refused) in [
        ("triggers", tagged("heard"), told("rule_firings", "error")),
        ("automations", tagged("due"), told("rule_firings", "error")),
        (
            "search",
            "exists (select from app.search_documents where ticket_id = $1)".into(),
            told("set_aside", "message"),
        ),
        (
            "notifications",
            "exists (select from app.notifications where ticket_id = $1)".into(),
            told("set_aside", "message"),
        ),
        (
            "field_jobs",
            "exists (select from app.tickets where id = $1 and custom ? 'two')".into(),
            "exists (select from app.field_jobs where status = 'done' and done = changed + failed and problem <> '')".into(),
        ),
        ("bulk", tagged("bulk"), told("bulk_items", "problem")),
    ] {
        let of = |condition: &str, ticket: i64| condition.replace("$1", &ticket.to_string());
        for ticket in &bad {
            let handled = format!("select {} or {}", of(&served, *ticket), of(&refused, *ticket));
            until(&desk, &handled).await;
        }
        let since = Instant::now();
        until(&desk, &format!("select {}", of(&served, good))).await;
        assert!(since.elapsed() < Duration::from_secs(1), "{worker}");
    }
    loops.abort();
    let view = admin
        .create(
            "/api/views",
            json!({"name": "Dear", "visibility": "everyone", "sort": "custom.price", "columns": ["id", "custom.price"],
                   "conditions": {"none": [{"field": "custom.price", "op": "greater", "value": 5}]}}),
        )
        .await;
    work::indexes::keep(&desk.admin_url())
        .await
        .expect("a round");
    work::maintenance::once(&pool).await.expect("a round");
    for path in [
        "/api/tickets?sort=-id",
        "/api/search?q=quicksilver",
        &format!("/api/views/{}/tickets", view["id"]),
    ] {
        let page = admin.get(path).await;
        assert_eq!(page.status(), 200, "{path}: {:?}", page.text().await);
    }
    for ticket in &bad {
        for path in ["", "/messages", "/routing", "/timeline"] {
            let path = format!("/api/tickets/{ticket}{path}");
            let status = admin.get(&path).await.status();
            assert!(status == 200 || status == 404, "{path}: {status}");
        }
    }
    let exported = harness::shell::output(
        harness::binary()
            .args(["export", "tickets"])
            .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url()),
    )
    .expect("exports");
    assert_eq!(
        exported.matches("quicksilver").count(),
        bad.len() + 1,
        "{exported}"
    );
    // The trash lets go of them.
    desk.run("update app.tickets set deleted_at = now() - interval '40 days'")
        .await;
    work::maintenance::once(&pool).await.expect("a round");
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 0);
}

/// The kind of defect: "db error", and nothing of what the database said.
#[tokio::test]
async fn a_round_that_fails_says_why_in_the_log() {
    let desk = Desk::open().await;
    desk.run(
        "revoke execute on all functions in schema worker from autocrm_api, public;
         grant execute on function worker.begins(text) to autocrm_api",
    )
    .await;
    let mut worker = harness::binary()
        .arg("work")
        .env("AUTOCRM_DATABASE_URL", desk.api_url())
        .env("AUTOCRM_SECRET", harness::desk::SECRET)
        .env("AUTOCRM_FILES", desk.files())
        .env("AUTOCRM_SMTP_URL", "smtp://127.0.0.1:1")
        .env("AUTOCRM_MAIL_FROM", "help@acme.test")
        .env("AUTOCRM_PUBLIC_URL", "https://desk.acme.test")
        .env("RUST_LOG", "warn")
        .env("NO_COLOR", "1")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("works");
    tokio::time::sleep(Duration::from_secs(2)).await;
    worker.kill().expect("SIGKILL");
    let output = worker.wait_with_output().expect("ends");
    let log = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    for function in [
        "run_rules",
        "run_search",
        "run_metrics",
        "run_notifications",
        "run_field_jobs",
        "run_retention",
        "run_erasures",
        "retry_failed",
        "failed_items",
        "waiting_bulk_job",
        "take_mail",
        "end_overdue",
    ] {
        assert!(
            log.contains(&format!("42501 permission denied for function {function}")),
            "{function}: {log}"
        );
    }
    assert!(!log.contains("db error"), "{log}");
}

#[tokio::test]
async fn what_is_nobodys_fault_is_not_set_aside_but_done_again() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("Contended", "billing").await;
    desk.run(&format!(
        "create function public.poison() returns trigger language plpgsql as
           $$ begin raise exception using errcode = '40P01', message = 'deadlock detected'; end $$;
         create trigger a_poison before insert on app.search_documents for each row when (new.ticket_id = {ticket}) execute function public.poison()"
    ))
    .await;
    let (code, _) = desk.refused("select worker.run_search()").await;
    assert_eq!(code, "40P01");
    antidote(&desk, "search_documents").await;
    round(&desk, "search").await;
    let found: i64 = desk.one("select count(*) from app.search_documents").await;
    assert_eq!(found, 1);
    let aside: i64 = desk.one("select count(*) from app.set_aside").await;
    assert_eq!(aside, 0);
}

#[tokio::test]
async fn agents_and_keys_learn_nothing_of_what_was_set_aside() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk.key(&["tickets:read"], None).await;
    desk.run("insert into app.set_aside (worker, item, code, message, retry_at) values ('search', 'x', 'x', 'secret', now())").await;
    for who in [&ada, &key] {
        assert_eq!(who.get("/api/set-aside").await.status(), 403);
        assert_eq!(
            who.post("/api/set-aside/1/retry", json!({})).await.status(),
            403
        );
    }
}
