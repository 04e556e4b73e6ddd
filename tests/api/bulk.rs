//! Acts on many tickets: done once whatever happens, each ticket by itself, undone where nobody was meanwhile.

use autocrm_api::model::{BulkItem, BulkItemState, BulkJob, Page, Trashed};
use autocrm_api::{db, work};
use deadpool_postgres::Pool;
use harness::desk::{Desk, Person, problem_paths};
use rand::prelude::*;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn pool(desk: &Desk) -> Pool {
    db::pool(&desk.config).expect("a pool")
}

/// Tickets of billing, made past the API.
async fn tickets(desk: &Desk, count: i64) -> Vec<i64> {
    let first: i64 = desk.ticket("Ticket", "billing").await;
    desk.run(&format!(
        "insert into app.tickets (subject, requester_id, team_id) select 'Ticket', t.requester_id, t.team_id
           from app.tickets t, generate_series(2, {count}) where t.id = {first}"
    ))
    .await;
    desk.one(&format!(
        "select array_agg(id order by id) from app.tickets where id >= {first}"
    ))
    .await
}

async fn make(who: &Person, body: Value) -> BulkJob {
    let reply = who.post("/api/bulk-jobs", body).await;
    let (status, text) = (reply.status(), reply.text().await.expect("text"));
    assert_eq!(status, 201, "{text}");
    serde_json::from_str(&text).expect("a job")
}

async fn job(who: &Person, id: i64) -> BulkJob {
    who.get(&format!("/api/bulk-jobs/{id}"))
        .await
        .json()
        .await
        .expect("a job")
}

async fn items(who: &Person, id: i64) -> Vec<BulkItem> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page: Page<BulkItem> = who
            .get(&format!("/api/bulk-jobs/{id}/items?limit=70{after}"))
            .await
            .json()
            .await
            .expect("items");
        all.extend(page.items);
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

/// Rounds of the worker until nothing waits.
async fn drain(pool: &Pool) {
    while work::bulk::round(pool).await.expect("a round") {}
}

#[tokio::test]
async fn a_few_tickets_are_changed_when_it_answers_each_with_its_own_result() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 3).await;
    let hidden = desk.ticket("Hidden", "tech").await;
    desk.run(&format!(
        "insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true);
         update app.tickets set custom = '{{\"cause\": \"x\"}}' where id in ({}, {})",
        ids[0], ids[1]
    ))
    .await;
    let body = json!({"action": "update", "ids": [ids[2], hidden, ids[0], ids[1], ids[0]],
                      "changes": {"status": "solved", "assignee_id": ada.id}, "add_tags": ["Done", "vip"]});

    let job = make(&ada, body).await;

    assert_eq!(
        (job.status.as_str(), job.total, job.done, job.failed),
        ("done", 4, 2, 2)
    );
    let told = items(&ada, job.id).await;
    assert_eq!(
        told.iter().map(|item| item.ticket_id).collect::<Vec<_>>(),
        [ids[0], ids[1], ids[2], hidden]
    );
    assert_eq!(told[0].state, "done");
    assert!(
        told[2]
            .problem
            .as_deref()
            .is_some_and(|p| p.starts_with("custom.cause: ")),
        "{told:?}"
    );
    assert!(
        told[3]
            .problem
            .as_deref()
            .is_some_and(|p| p.contains("There is no ticket")),
        "{told:?}"
    );
    let ticket = ada.read(&format!("/api/tickets/{}", ids[0])).await;
    assert_eq!(
        (
            &ticket["status"],
            &ticket["tags"],
            &ticket["assignee"]["name"]
        ),
        (&json!("solved"), &json!(["Done", "vip"]), &json!("Ada"))
    );
    let failed = ada
        .read(&format!("/api/bulk-jobs/{}/items?state=failed", job.id))
        .await;
    assert_eq!(failed["items"].as_array().map(Vec::len), Some(2));

    let job = make(
        &ada,
        json!({"action": "update", "ids": [ids[0]], "add_tags": ["new"], "remove_tags": ["VIP"]}),
    )
    .await;
    assert_eq!(job.done, 1);
    assert_eq!(
        ada.read(&format!("/api/tickets/{}", ids[0])).await["tags"],
        json!(["Done", "new"])
    );
}

#[tokio::test]
async fn a_macro_is_not_sent_where_its_message_would_have_an_empty_place() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 3).await;
    desk.run(&format!(
        "insert into app.custom_fields (key, label, type) values ('order', 'Order', 'text');
         update app.tickets set custom = '{{\"order\": \"4711\"}}' where id = {}",
        ids[1]
    ))
    .await;
    let made: Value = ada
        .post(
            "/api/macros",
            json!({"name": "Sent", "scope": "private", "message_kind": "reply", "body_text": "{{ticket.custom.order}} is on its way."}),
        )
        .await
        .json()
        .await
        .expect("a macro");

    let job = make(
        &ada,
        json!({"action": "macro", "ids": ids, "macro_id": made["id"]}),
    )
    .await;

    assert_eq!((job.done, job.failed), (1, 2));
    let told = items(&ada, job.id).await;
    assert_eq!(
        told.iter()
            .map(|item| item.state.as_str())
            .collect::<Vec<_>>(),
        ["failed", "done", "failed"]
    );
    let problem = told[0].problems.first().expect("told apart");
    assert_eq!(
        (
            problem.path.as_str(),
            problem.reason.as_deref(),
            problem.values["names"].as_str()
        ),
        ("body_text", Some("no_value"), "ticket.custom.order")
    );
    assert!(told[1].problems.is_empty());
    let sent: Vec<String> = desk
        .one("select coalesce(array_agg(body_text), '{}') from app.messages where body_text like '%on its way%'")
        .await;
    assert_eq!(sent, ["4711 is on its way."]);
}

#[tokio::test]
async fn everything_wrong_with_a_bulk_job_is_told_at_once_and_nobody_does_what_they_may_not() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let root = desk.admin().await;
    let ids = tickets(&desk, 2).await;
    for (body, paths) in [
        (json!({"colour": 1}), vec!["colour", "action", "ids"]),
        (
            json!({"action": "update", "ids": ["x"]}),
            vec!["ids", "changes"],
        ),
        (
            json!({"action": "update", "ids": [1], "filter": {"status": "open"}, "changes": {}}),
            vec!["ids"],
        ),
        (
            json!({"action": "update", "filter": {"colour": "red", "priority": "huge", "limit": 3}, "add_tags": ["a b"]}),
            vec![
                "filter.colour",
                "filter.priority",
                "filter.limit",
                "add_tags",
            ],
        ),
        (
            json!({"action": "update", "ids": [1], "changes": {"priority": "huge", "version": 1}}),
            vec!["changes.version", "changes.priority"],
        ),
        (json!({"action": "merge", "ids": [1]}), vec!["into"]),
    ] {
        let refused = ada.post("/api/bulk-jobs", body.clone()).await;
        assert_eq!(refused.status(), 422, "{body}");
        let problem: Value = refused.json().await.expect("JSON");
        assert_eq!(problem_paths(&problem), paths, "{body}");
    }
    assert_eq!(
        ada.post("/api/bulk-jobs", json!({"action": "delete", "ids": ids}))
            .await
            .status(),
        403
    );
    assert_eq!(
        ada.post(
            "/api/bulk-jobs",
            json!({"action": "update", "view_id": 99, "changes": {"priority": "low"}})
        )
        .await
        .status(),
        404
    );
    let reader = desk.key(&["tickets:read"], None).await;
    assert_eq!(
        reader
            .post(
                "/api/bulk-jobs",
                json!({"action": "update", "ids": ids, "add_tags": ["x"]})
            )
            .await
            .status(),
        403
    );
    let many: Vec<i64> = (1..=10_001).collect();
    assert_eq!(
        root.post(
            "/api/bulk-jobs",
            json!({"action": "update", "ids": many, "add_tags": ["x"]})
        )
        .await
        .status(),
        422
    );

    // A job is its maker's.
    let made = make(
        &ada,
        json!({"action": "update", "ids": ids, "changes": {"priority": "low"}}),
    )
    .await;
    for other in [&bob, &root] {
        let path = format!("/api/bulk-jobs/{}", made.id);
        assert_eq!(other.get(&path).await.status(), 404);
        assert_eq!(other.get(&format!("{path}/items")).await.status(), 404);
        assert_eq!(
            other
                .post(&format!("{path}/undo"), json!({}))
                .await
                .status(),
            404
        );
        assert_eq!(
            other
                .post(&format!("{path}/cancel"), json!({}))
                .await
                .status(),
            404
        );
        assert_eq!(other.read("/api/bulk-jobs").await["items"], json!([]));
    }
    assert_eq!(
        ada.post(&format!("/api/bulk-jobs/{}/cancel", made.id), json!({}))
            .await
            .status(),
        422
    );
}

#[tokio::test]
async fn a_whole_view_with_a_filter_on_top_is_frozen_when_asked_and_done_by_the_worker() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 130).await;
    desk.ticket("Hidden", "tech").await;
    desk.run(&format!(
        "update app.tickets set priority_id = 4 where id > {}",
        ids[9]
    ))
    .await;
    let view: Value = ada
        .post(
            "/api/views",
            json!({"name": "Open", "conditions": {"field": "status", "op": "is", "value": "new"}}),
        )
        .await
        .json()
        .await
        .expect("a view");

    let made = make(&ada, json!({"action": "update", "view_id": view["id"], "filter": {"priority": "urgent"}, "changes": {"status": "pending"}})).await;
    assert_eq!(
        (made.status.as_str(), made.total, made.done),
        ("queued", 120, 0)
    );
    // Whoever asked may log out; the job goes on in their name.
    desk.run(&format!("update app.sessions set revoked_at = now() where user_id = {} and user_agent <> 'bulk job'", ada.id)).await;
    drain(&pool(&desk)).await;

    let done: (i32, i32) = {
        let row = desk
            .sql()
            .query_one("select done, failed from app.bulk_jobs", &[])
            .await
            .expect("a row");
        (row.get(0), row.get(1))
    };
    assert_eq!(done, (120, 0));
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tickets where status_id = 3")
            .await,
        120
    );
    assert_eq!(desk.one::<i64>(&format!("select count(*) from app.audit_log where table_name = 'tickets' and action = 'update' and actor_id = {}", ada.id)).await, 120);
    let told: i64 = desk
        .one("select count(*) from app.events where name = 'bulk.progress'")
        .await;
    assert!((3..=5).contains(&told), "once a batch: {told}");
}

#[tokio::test]
async fn a_job_of_somebody_whose_access_ended_ends_too() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 120).await;
    let made = make(
        &ada,
        json!({"action": "update", "ids": ids, "changes": {"priority": "low"}}),
    )
    .await;
    desk.run(&format!(
        "update app.users set active = false where id = {}",
        ada.id
    ))
    .await;
    drain(&pool(&desk)).await;
    let status: String = desk
        .one(&format!(
            "select status::text from app.bulk_jobs where id = {}",
            made.id
        ))
        .await;
    assert_eq!(status, "cancelled");
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tickets where priority_id = 1")
            .await,
        0
    );
}

#[tokio::test]
async fn a_cancelled_job_leaves_the_rest_alone_and_what_it_did_can_be_undone() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 150).await;
    let now = ada.read("/api/events").await;
    let since = now["cursor"].as_str().expect("a cursor");
    let made = make(
        &ada,
        json!({"action": "update", "ids": ids, "changes": {"priority": "low", "custom": {}}}),
    )
    .await;
    let pool = pool(&desk);
    assert!(work::bulk::round(&pool).await.expect("a round"));
    let path = format!("/api/bulk-jobs/{}", made.id);
    assert_eq!(
        ada.post(&format!("{path}/undo"), json!({})).await.status(),
        422,
        "it runs"
    );
    assert_eq!(
        ada.post(&format!("{path}/cancel"), json!({}))
            .await
            .status(),
        200
    );
    drain(&pool).await;
    let cancelled = job(&ada, made.id).await;
    assert_eq!(
        (cancelled.status.as_str(), cancelled.done),
        ("cancelled", 50)
    );
    assert_eq!(
        items(&ada, made.id)
            .await
            .iter()
            .filter(|item| item.state == "skipped")
            .count(),
        100
    );
    // Told on the way that live connections read. Events can be read once every older transaction has ended.
    let mut feed = String::new();
    for _ in 0..100 {
        feed = ada
            .read(&format!("/api/events?after={since}&limit=1000"))
            .await
            .to_string();
        if feed.contains("\"cancelled\"") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for status in ["queued", "running", "cancelled"] {
        let told = format!("\"status\":\"{status}\"");
        assert!(
            feed.contains("bulk.progress") && feed.contains(&told),
            "{feed}"
        );
    }

    assert_eq!(
        ada.post(&format!("{path}/undo"), json!({})).await.status(),
        200
    );
    let undone = job(&ada, made.id).await;
    assert_eq!(
        (undone.status.as_str(), undone.undone, undone.kept),
        ("undone", 50, 0)
    );
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tickets where priority_id = 1")
            .await,
        0
    );
    assert_eq!(
        ada.post(&format!("{path}/undo"), json!({})).await.status(),
        422,
        "once"
    );
}

#[tokio::test]
async fn undoing_puts_back_column_by_column_what_nobody_changed_since_and_tells_the_rest() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let ids = tickets(&desk, 3).await;
    desk.run("insert into app.custom_fields (key, label, type) values ('area', 'Area', 'text'), ('note', 'Note', 'text')").await;
    bob.patch(
        &format!("/api/tickets/{}", ids[0]),
        json!({"custom": {"note": "kept"}, "tags": ["old"]}),
        None,
    )
    .await;
    let made = make(&ada, json!({"action": "update", "ids": ids, "changes": {"priority": "urgent", "status": "open", "custom": {"area": "api"}}, "add_tags": ["storm"]})).await;
    bob.patch(
        &format!("/api/tickets/{}", ids[1]),
        json!({"priority": "high", "subject": "Renamed"}),
        None,
    )
    .await;
    bob.patch(
        &format!("/api/tickets/{}", ids[2]),
        json!({"custom": {"area": "web"}, "tags": ["mine"]}),
        None,
    )
    .await;

    let undone: BulkJob = ada
        .post(&format!("/api/bulk-jobs/{}/undo", made.id), json!({}))
        .await
        .json()
        .await
        .expect("a job");

    assert_eq!(
        (undone.status.as_str(), undone.undone, undone.kept),
        ("undone", 1, 2)
    );
    let told: Vec<Option<String>> = items(&ada, made.id)
        .await
        .into_iter()
        .map(|item| item.problem)
        .collect();
    assert_eq!(
        told,
        [
            None,
            Some("changed since and left alone: priority_id".into()),
            Some("changed since and left alone: custom.area, tag_ids".into())
        ]
    );
    let mut read = Vec::new();
    for id in &ids {
        let t = ada.read(&format!("/api/tickets/{id}")).await;
        read.push(json!([
            t["subject"],
            t["priority"],
            t["status"],
            t["custom"],
            t["tags"]
        ]));
    }
    assert_eq!(
        read,
        [
            json!(["Ticket", "normal", "new", {"note": "kept"}, ["old"]]),
            json!(["Renamed", "high", "new", {}, []]),
            json!(["Ticket", "normal", "new", {"area": "web"}, ["mine"]]),
        ]
    );

    let late = make(
        &ada,
        json!({"action": "update", "ids": ids, "changes": {"priority": "low"}}),
    )
    .await;
    desk.run(&format!(
        "update app.bulk_jobs set finished_at = now() - interval '11 minutes' where id = {}",
        late.id
    ))
    .await;
    assert_eq!(
        ada.post(&format!("/api/bulk-jobs/{}/undo", late.id), json!({}))
            .await
            .status(),
        422
    );
    let merged = make(&ada, json!({"action": "merge", "ids": ids, "into": ids[0]})).await;
    assert_eq!((merged.total, merged.done), (2, 2));
    assert_eq!(
        ada.post(&format!("/api/bulk-jobs/{}/undo", merged.id), json!({}))
            .await
            .status(),
        422
    );
}

/// The audit is the model: what each writer found, and what they made of it.
/// The kind of defect: what was not said, taken for everything or for nothing.
#[tokio::test]
async fn a_selection_says_which_tickets_and_a_job_only_what_its_action_reads() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    tickets(&desk, 3).await;
    for (body, paths) in [
        (json!({"action": "delete", "filter": {}}), vec!["filter"]),
        (
            json!({"action": "delete", "filter": {"q": ""}}),
            vec!["filter.q"],
        ),
        (
            json!({"action": "delete", "filter": {"q": " "}}),
            vec!["filter.q"],
        ),
        (
            json!({"action": "delete", "filter": {"team": null}}),
            vec!["filter.team"],
        ),
        (
            json!({"action": "delete", "filter": {"status": ""}}),
            vec!["filter.status"],
        ),
        (
            json!({"action": "delete", "ids": [1], "into": 2, "add_tags": ["x"]}),
            vec!["add_tags", "into"],
        ),
        (
            json!({"action": "update", "ids": [1], "add_tags": ["x"], "macro_id": 1}),
            vec!["macro_id"],
        ),
    ] {
        let reply = root.post("/api/bulk-jobs", body.clone()).await;
        assert_eq!(reply.status(), 422, "{body}");
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(problem_paths(&problem), paths, "{body}");
    }
    let kept: i64 = desk
        .one("select count(*) from app.tickets where deleted_at is null")
        .await;
    assert!(kept >= 3, "{kept}");

    // All tickets, when it is said.
    let all = json!({"status_category": "new,open,pending,on_hold,solved,closed"});
    let made = make(
        &root,
        json!({"action": "update", "filter": all, "add_tags": ["seen"]}),
    )
    .await;
    assert_eq!(i64::from(made.total), kept);
}

/// The kind of defect: undoing by the opposite verb, which asks only what is there now and not whose it is.
#[tokio::test]
async fn undoing_a_deletion_or_restoration_leaves_alone_what_others_did_since() {
    let desk = Desk::open().await;
    let (root, other) = (desk.admin().await, desk.person("admin", "Eve", "all").await);
    let ids = tickets(&desk, 3).await;
    let path = |id: i64| format!("/api/tickets/{id}");

    // The first is deleted again by somebody else, the second is back already.
    let made = make(&root, json!({"action": "delete", "ids": ids})).await;
    for id in &ids[..2] {
        let back = other
            .post(&format!("{}/restore", path(*id)), json!({}))
            .await;
        assert_eq!(back.status(), 200);
    }
    assert_eq!(other.delete(&path(ids[0])).await.status(), 200);
    root.post(&format!("/api/bulk-jobs/{}/undo", made.id), json!({}))
        .await;

    let states: Vec<BulkItemState> = items(&root, made.id)
        .await
        .into_iter()
        .map(|item| item.state)
        .collect();
    assert_eq!(states, ["kept", "kept", "undone"]);
    let trash = root.read("/api/trash").await;
    assert_eq!(trash["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(trash["items"][0]["deleted_by"]["id"], other.id);

    // One that somebody works on again stays restored.
    make(&root, json!({"action": "delete", "ids": ids[1..]})).await;
    let made = make(&root, json!({"action": "restore", "ids": ids[1..]})).await;
    let changed = other
        .patch(&path(ids[1]), json!({"priority": "high"}), None)
        .await;
    assert_eq!(changed.status(), 200);
    root.post(&format!("/api/bulk-jobs/{}/undo", made.id), json!({}))
        .await;

    let states: Vec<BulkItemState> = items(&root, made.id)
        .await
        .into_iter()
        .map(|item| item.state)
        .collect();
    assert_eq!(states, ["kept", "undone"]);
    assert_eq!(root.get(&path(ids[1])).await.status(), 200);
    assert_eq!(root.get(&path(ids[2])).await.status(), 404);
}

#[tokio::test]
async fn edits_made_while_a_job_runs_and_is_undone_are_never_lost() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let ids = tickets(&desk, 160).await;
    let pool = pool(&desk);
    let editor = |seed: u64, count: usize| {
        let (bob, ids) = (bob.clone(), ids.clone());
        tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(seed);
            for n in 0..count {
                let id = ids[rng.random_range(0..ids.len())];
                let change = match n % 3 {
                    0 => json!({"priority": (["high", "urgent"][n % 2])}),
                    1 => json!({"subject": format!("Renamed {seed} {n}")}),
                    _ => json!({"language": (["de", "fr"][n % 2])}),
                };
                let reply = bob.patch(&format!("/api/tickets/{id}"), change, None).await;
                assert!(matches!(reply.status().as_u16(), 200 | 503));
            }
        })
    };
    let made = make(
        &ada,
        json!({"action": "update", "ids": ids, "changes": {"priority": "low", "language": "en"}}),
    )
    .await;
    let editing = editor(1, 80);
    let (one, two) = tokio::join!(async { drain(&pool).await }, async { drain(&pool).await });
    let ((), ()) = (one, two);
    editing.await.expect("edits");
    let done = job(&ada, made.id).await;
    assert_eq!(
        (done.status.as_str(), done.done + done.failed),
        ("done", 160)
    );
    let begun: i64 = desk.one("select max(id) from app.audit_log").await;
    let editing = editor(2, 60);
    ada.post(&format!("/api/bulk-jobs/{}/undo", made.id), json!({}))
        .await;
    drain(&pool).await;
    editing.await.expect("edits");
    let undone = job(&ada, made.id).await;
    assert_eq!(
        (undone.status.as_str(), undone.undone + undone.kept),
        ("undone", done.done)
    );

    // Every write found what the one before it had left.
    let broken: i64 = desk
        .one(
            "select count(*) from (
               select c.value -> 0 as was, lag(c.value -> 1) over (partition by a.row_key, c.key order by a.id) as left_by
                 from app.audit_log a cross join jsonb_each(a.changes) c
                where a.table_name = 'tickets' and c.key in ('priority_id', 'language', 'subject')) x
              where left_by is not null and was <> left_by",
        )
        .await;
    assert_eq!(broken, 0);
    // Undoing wrote only over what the job had made, and only the value from before.
    let stray: i64 = desk
        .one(&format!(
            "select count(*) from app.audit_log a
               cross join jsonb_each(a.changes) c
               join app.bulk_items i on i.job_id = {} and i.ticket_id::text = a.row_key
              where a.table_name = 'tickets' and a.actor_id = {} and a.id > {begun} and c.key in ('priority_id', 'language')
                and (c.value -> 0 is distinct from i.after -> c.key or c.value -> 1 is distinct from i.before -> c.key)",
            made.id, ada.id
        ))
        .await;
    assert_eq!(stray, 0);
    // What is left of the job was changed by somebody else meanwhile, and told.
    let silent: i64 = desk
        .one(&format!(
            "select count(*) from app.bulk_items i join app.tickets t on t.id = i.ticket_id
              where i.job_id = {} and i.state = 'undone' and (t.priority_id = 1 or t.language = 'en')",
            made.id
        ))
        .await;
    assert_eq!(silent, 0);
}

/// `autocrm work` as it is run, killed where it stands.
#[tokio::test]
async fn a_worker_that_dies_in_the_middle_leaves_a_job_that_another_finishes_without_doubling() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 600).await;
    let made = make(&ada, json!({"action": "update", "ids": ids, "changes": {"priority": "urgent"}, "add_tags": ["storm"]})).await;
    let start = || {
        harness::binary()
            .arg("work")
            .env("AUTOCRM_DATABASE_URL", desk.api_url())
            .env("AUTOCRM_SECRET", harness::desk::SECRET)
            .env("RUST_LOG", "error")
            .spawn()
            .expect("a worker")
    };
    let mut deaths = 0;
    let mut worker = start();
    let end = Instant::now() + Duration::from_mins(2);
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let state = job(&ada, made.id).await;
        if state.status == "done" {
            break;
        }
        if deaths < 3 && state.done > deaths * 100 {
            worker.kill().expect("dies");
            worker.wait().expect("is gone");
            deaths += 1;
            worker = start();
        }
    }
    worker.kill().expect("dies");
    worker.wait().expect("is gone");

    assert!(deaths >= 1);
    let done = job(&ada, made.id).await;
    assert_eq!(
        (done.status.as_str(), done.done, done.failed),
        ("done", 600, 0)
    );
    assert_eq!(
        desk.one::<i64>(
            "select count(*) from app.tickets where priority_id = 4 and cardinality(tag_ids) = 1"
        )
        .await,
        600
    );
    let writes: i64 = desk
        .one(
            "select count(*) from app.audit_log where table_name = 'tickets' and action = 'update'",
        )
        .await;
    assert_eq!(writes, 600, "each ticket once");
}

#[tokio::test]
async fn a_deleted_ticket_is_hidden_from_everybody_until_it_is_restored_or_gone_for_good() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let root = desk.admin().await;
    let analyst = desk.analyst(None).await;
    let ids = tickets(&desk, 2).await;
    desk.run(&format!("update app.tickets set assignee_id = {}", ada.id))
        .await;
    let path = format!("/api/tickets/{}", ids[0]);
    let open = format!(
        "select coalesce((select open from app.agent_loads where user_id = {}), 0)",
        ada.id
    );
    assert_eq!(desk.one::<i32>(&open).await, 2);
    assert_eq!(ada.delete(&path).await.status(), 403);
    assert_eq!(
        root.send(
            reqwest::Method::DELETE,
            &path,
            None,
            &[("if-match", "\"9\"")]
        )
        .await
        .status(),
        409
    );

    assert_eq!(root.delete(&path).await.status(), 200);

    assert_eq!(
        desk.one::<i32>(&open).await,
        1,
        "it takes no place of its assignee"
    );
    for who in [&ada, &root] {
        assert_eq!(who.get(&path).await.status(), 404);
        assert_eq!(who.get(&format!("{path}/messages")).await.status(), 404);
        assert_eq!(who.get(&format!("{path}/timeline")).await.status(), 404);
        assert_eq!(
            who.patch(&path, json!({"priority": "low"}), None)
                .await
                .status(),
            404
        );
        assert_eq!(
            who.read("/api/tickets").await["items"]
                .as_array()
                .map(Vec::len),
            Some(1)
        );
        assert_eq!(who.read("/api/tickets/counts").await["views"]["all"], 1);
        assert!(
            !who.read("/api/views/counts")
                .await
                .to_string()
                .contains("\"count\":2")
        );
    }
    for (sql, count) in [
        ("select count(*) from app.tickets", 1),
        ("select count(*) from api.tickets", 1),
        ("select count(*) from app.messages", 0),
        ("select count(distinct ticket_id) from app.events", 1),
    ] {
        let row = analyst.query_one(sql, &[]).await.expect("a count");
        assert_eq!(row.get::<_, i64>(0), count, "{sql}");
    }
    // The owner, for whom an export reads, is kept from it by the views.
    for view in ["api.tickets", "api.queue", "reporting.tickets"] {
        let sql = format!("select count(*) from {view}");
        assert_eq!(desk.one::<i64>(&sql).await, 1, "{view}");
    }
    assert_eq!(root.delete(&path).await.status(), 404);
    let trash: Page<Trashed> = root.get("/api/trash").await.json().await.expect("trash");
    assert_eq!(
        (
            trash.items[0].id,
            trash.items[0].deleted_by.as_ref().map(|u| u.id)
        ),
        (ids[0], Some(root.id))
    );
    assert_eq!(ada.get("/api/trash").await.status(), 403);
    assert_eq!(
        ada.post(&format!("{path}/restore"), json!({}))
            .await
            .status(),
        403
    );
    assert_eq!(
        root.post(&format!("/api/tickets/{}/restore", ids[1]), json!({}))
            .await
            .status(),
        404
    );

    assert_eq!(
        root.post(&format!("{path}/restore"), json!({}))
            .await
            .status(),
        200
    );
    assert_eq!(ada.get(&path).await.status(), 200);
    assert_eq!(desk.one::<i32>(&open).await, 2);

    // By the dozen, and back; then thirty days go by.
    let made = make(&root, json!({"action": "delete", "ids": ids})).await;
    assert_eq!(made.done, 2);
    assert_eq!(
        root.read("/api/trash").await["items"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    root.post(&format!("/api/bulk-jobs/{}/undo", made.id), json!({}))
        .await;
    assert_eq!(root.read("/api/trash").await["items"], json!([]));
    make(&root, json!({"action": "delete", "ids": [ids[0]]})).await;
    desk.run("update app.tickets set deleted_at = now() - interval '31 days' where deleted_at is not null").await;
    work::maintenance::once(&pool(&desk))
        .await
        .expect("a round");
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 1);
    let direct = desk.log_in("autocrm_api").await;
    assert!(
        direct
            .execute("update app.tickets set deleted_at = now()", &[])
            .await
            .is_err()
    );
}

#[tokio::test]
async fn tickets_that_somebody_holds_are_left_to_the_worker_and_the_rest_is_done_at_once() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 90).await;
    let other = db::connect(&desk.admin_url()).await.expect("connects");
    let held = format!(
        "begin; select from app.tickets where id in ({}, {}) or id % 5 = 0 for update",
        ids[0], ids[1]
    );
    other.batch_execute(&held).await.expect("locks");
    let began = Instant::now();
    let made = make(
        &ada,
        json!({"action": "update", "ids": ids, "changes": {"priority": "low"}}),
    )
    .await;
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(made.status, "running");
    assert!(made.done > 60 && made.failed == 0, "{made:?}");

    // The worker waits for one of them, and saves what it has before it waits for the next.
    let pool = pool(&desk);
    assert!(work::bulk::round(&pool).await.expect("a round"));
    let after = job(&ada, made.id).await;
    assert_eq!((after.done, after.failed), (made.done, 1));
    other.batch_execute("rollback").await.expect("lets go");
    drain(&pool).await;
    let after = job(&ada, made.id).await;
    assert_eq!((after.status.as_str(), after.done), ("done", 89));

    // Undoing does the same.
    other.batch_execute(&held).await.expect("locks");
    let undone: BulkJob = ada
        .post(&format!("/api/bulk-jobs/{}/undo", made.id), json!({}))
        .await
        .json()
        .await
        .expect("a job");
    assert_eq!(undone.status, "undoing");
    other.batch_execute("rollback").await.expect("lets go");
    drain(&pool).await;
    let undone = job(&ada, made.id).await;
    assert_eq!((undone.status.as_str(), undone.undone), ("undone", 89));
}

#[tokio::test]
async fn overlapping_jobs_of_many_all_end() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ids = tickets(&desk, 90).await;
    let jobs = (0..6).map(|n| {
        make(
            &ada,
            json!({"action": "update", "ids": ids, "add_tags": [format!("tag{n}")]}),
        )
    });
    let jobs = futures_util::future::join_all(jobs).await;
    drain(&pool(&desk)).await;
    for made in jobs {
        let ended = job(&ada, made.id).await;
        assert_eq!(
            (ended.status.as_str(), ended.done, ended.failed),
            ("done", 90, 0)
        );
    }
}

/// A solved problem solves its incidents, one by one or many at once: the job tells which, as far as its owner sees them.
#[tokio::test]
async fn a_job_tells_which_incidents_were_solved_with_its_problems() {
    let desk = Desk::open().await;
    let (ada, root) = (desk.agent("Ada", "billing").await, desk.admin().await);
    let ids = tickets(&desk, 6).await;
    let [one, other, lone, near, bare, done] = ids[..] else {
        panic!("{ids:?}")
    };
    let hidden = desk.ticket("Hidden", "tech").await;
    desk.run(&format!(
        "update app.tickets set type = 'problem' where id in ({one}, {other}, {lone});
         update app.tickets set status_id = (select id from app.statuses where category = 'solved') where id = {done};
         insert into app.ticket_links (kind, ticket_id, other_id) values
           ('incident', {near}, {one}), ('incident', {hidden}, {one}), ('incident', {done}, {one}), ('incident', {bare}, {other});
         insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true);
         update app.tickets set custom = '{{\"cause\": \"x\"}}' where id in ({one}, {other}, {lone}, {near}, {hidden})"
    ))
    .await;
    let body =
        json!({"action": "update", "ids": [one, other, lone], "changes": {"status": "solved"}});

    let made = make(&ada, body).await;

    assert_eq!(
        (made.done, made.incidents_solved, made.incidents_left),
        (3, 1, 1)
    );
    let told = items(&ada, made.id).await;
    let of = |id: i64| {
        let item = told.iter().find(|item| item.ticket_id == id).expect("it");
        (item.incidents_solved.clone(), item.incidents_left.clone())
    };
    assert_eq!(of(one), (Some(vec![near]), Some(vec![])));
    assert_eq!(of(other), (Some(vec![]), Some(vec![bare])));
    assert_eq!(of(lone), (None, None));
    let some: Page<BulkItem> = ada
        .get(&format!("/api/bulk-jobs/{}/items?incidents=true", made.id))
        .await
        .json()
        .await
        .expect("items");
    assert_eq!(
        some.items
            .iter()
            .map(|item| item.ticket_id)
            .collect::<Vec<_>>(),
        [one, other]
    );
    let refused = ada
        .get(&format!("/api/bulk-jobs/{}/items?incidents=maybe", made.id))
        .await;
    assert_eq!(refused.status(), 422);
    assert_eq!(
        problem_paths(&refused.json().await.expect("problems")),
        ["incidents"]
    );

    // The problems alone come back, and what was told stays true.
    let undone: BulkJob = ada
        .post(&format!("/api/bulk-jobs/{}/undo", made.id), json!({}))
        .await
        .json()
        .await
        .expect("a job");
    assert_eq!(
        (
            undone.undone,
            undone.incidents_solved,
            undone.incidents_left
        ),
        (3, 1, 1)
    );
    let state = |id: i64| format!("/api/tickets/{id}");
    assert_eq!(ada.read(&state(one)).await["status_category"], "new");
    assert_eq!(ada.read(&state(near)).await["status_category"], "solved");
    assert_eq!(root.read(&state(hidden)).await["status_category"], "solved");

    // A macro solves a problem as well.
    let macro_id: i64 = desk
        .one(&format!(
            "insert into app.macros (name, scope, owner_id, actions) values ('Solve', 'private', {}, '[{{\"set\": \"status\", \"value\": \"solved\"}}]') returning id",
            ada.id
        ))
        .await;
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'open') where id = {near}"
    ))
    .await;
    let by_macro = make(
        &ada,
        json!({"action": "macro", "ids": [one], "macro_id": macro_id}),
    )
    .await;
    assert_eq!((by_macro.done, by_macro.incidents_solved), (1, 1));
}
