//! Retention of tickets, and the legal holds that stop it.

use autocrm_api::db;
use harness::desk::{Desk, Person, problem_paths};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// What only this desk's tickets say.
const SECRET: &str = "kwyz-vuxq";

async fn closed(desk: &Desk, subject: &str) -> i64 {
    let id = desk.ticket(subject, "billing").await;
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'closed') where id = {id}"
    ))
    .await;
    id
}

/// Steps of the worker until there is nothing to do.
async fn work(desk: &Desk) {
    while desk.one::<bool>("select worker.run_retention()").await {}
}

async fn is_there(desk: &Desk, id: i64) -> bool {
    desk.one(&format!(
        "select exists (select from app.tickets where id = {id})"
    ))
    .await
}

/// Where these words stand in what a table dump has of tickets and history.
async fn traces(desk: &Desk, words: &str) -> i64 {
    desk.one(&format!(
        "select (select count(*) from app.tickets t where t::text like '%{words}%')
              + (select count(*) from app.messages m where m::text like '%{words}%')
              + (select count(*) from app.events e where e::text like '%{words}%')
              + (select count(*) from app.audit_log l where l::text like '%{words}%')
              + (select count(*) from app.search_documents d where d::text like '%{words}%')"
    ))
    .await
}

async fn verifies(desk: &Desk) {
    desk.outlive_transactions().await;
    desk.run("select autocrm.seal_audit()").await;
    let broken: i64 = desk
        .one("select count(*) from autocrm.verify_audit() where not ok")
        .await;
    assert_eq!(broken, 0, "the chain of seals holds");
}

async fn refused(
    who: &Person,
    method: Method,
    path: &str,
    body: Option<Value>,
    status: u16,
) -> Value {
    let reply = who.send(method, path, body, &[]).await;
    let got = reply.status();
    let problem: Value = reply.json().await.expect("JSON");
    assert_eq!(got, status, "{path}: {problem}");
    problem
}

#[tokio::test]
async fn policies_and_holds_are_for_administrators() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let ticket = desk.ticket("Held", "billing").await;
    for (path, new, change) in [
        (
            "/api/retention-policies",
            json!({"name": "Years", "since": "closed", "days": 30, "action": "delete"}),
            json!({"days": 60}),
        ),
        (
            "/api/legal-holds",
            json!({"name": "Case", "ticket_id": ticket}),
            json!({"reason": "A letter"}),
        ),
    ] {
        refused(&ada, Method::GET, path, None, 403).await;
        refused(&ada, Method::POST, path, Some(new.clone()), 403).await;
        let made = root.create(path, new).await;
        let one = format!("{path}/{}", made["id"]);
        refused(&ada, Method::GET, &one, None, 403).await;
        let changed = root.patch(&one, change.clone(), Some(1)).await;
        assert_eq!(changed.status(), 200);
        assert_eq!(root.patch(&one, change, Some(1)).await.status(), 409);
        assert_eq!(root.delete(&one).await.status(), 200);
        assert_eq!(root.get(&one).await.status(), 404);
    }
}

#[tokio::test]
async fn a_wrong_policy_and_a_wrong_hold_are_refused_with_what_is_wrong() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let policy = json!({"name": "Never", "since": "closed", "days": 30, "action": "delete"});
    for (key, value, path) in [
        (
            "conditions",
            json!({"field": "shoe_size", "op": "is", "value": 38}),
            "conditions.field",
        ),
        ("since", json!("yesterday"), "since"),
        ("days", json!(0), "days"),
        ("action", json!("burn"), "action"),
    ] {
        let mut wrong = policy.clone();
        wrong[key] = value;
        let problem = refused(
            &root,
            Method::POST,
            "/api/retention-policies",
            Some(wrong),
            422,
        )
        .await;
        assert_eq!(problem_paths(&problem), [path], "{problem}");
    }
    for wrong in [
        json!({"name": "Nobody"}),
        json!({"name": "Both", "user_id": 1, "organization_id": 1}),
        json!({"name": "Gone", "ticket_id": 4711}),
    ] {
        let problem = refused(&root, Method::POST, "/api/legal-holds", Some(wrong), 422).await;
        assert_eq!(problem_paths(&problem), ["ticket_id"], "{problem}");
    }
    // In whichever offset, what is answered as a point in time is one.
    for until in [
        "0001-01-01T00:00:00+12:00",
        "9999-12-31T23:59:59-10:00",
        "infinity",
    ] {
        let wrong = json!({"name": "Long", "user_id": root.id, "until": until});
        let problem = refused(&root, Method::POST, "/api/legal-holds", Some(wrong), 422).await;
        assert_eq!(problem_paths(&problem), ["until"], "{problem}");
        let (code, detail) = desk
            .refused(&format!(
                "insert into app.legal_holds (name, user_id, until) values ('Long', {}, '{until}')",
                root.id
            ))
            .await;
        assert_eq!(code, "TK422", "{until}");
        assert!(detail.starts_with("until: "), "{detail}");
    }
}

#[tokio::test]
async fn closed_tickets_are_deleted_when_their_time_has_come_and_leave_no_words() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let old = closed(&desk, SECRET).await;
    let held = closed(&desk, "Held").await;
    let open = desk.ticket("Open", "billing").await;
    desk.work("search", "search_cursor").await;
    verifies(&desk).await;
    let policy = json!({"name": "Years", "since": "closed", "days": 365, "action": "delete",
                        "conditions": {"field": "team", "op": "is", "value": "billing"}});
    let policy = root.create("/api/retention-policies", policy).await;
    assert_eq!(policy["enabled"], false);
    let path = format!("/api/retention-policies/{}", policy["id"]);
    let hold = root
        .create(
            "/api/legal-holds",
            json!({"name": "Case 12", "ticket_id": held}),
        )
        .await;

    let too_early = root.post(&format!("{path}/preview"), json!({})).await;
    let too_early: Value = too_early.json().await.expect("JSON");
    assert_eq!(
        too_early,
        json!({"tickets": 0, "held": 0, "oldest_at": null, "sample": []})
    );
    desk.run("set autocrm.now = '2100-01-01'").await;
    work(&desk).await;
    assert!(is_there(&desk, old).await, "it is not enabled");

    assert_eq!(
        root.patch(&path, json!({"enabled": true}), None)
            .await
            .status(),
        200
    );
    work(&desk).await;
    assert!(!is_there(&desk, old).await);
    assert!(is_there(&desk, held).await && is_there(&desk, open).await);
    assert_eq!(traces(&desk, SECRET).await, 0);
    verifies(&desk).await;
    let told: Value = serde_json::from_str(
        &desk
            .one::<String>(&format!(
                "select data::text from app.events where name = 'ticket.deleted' and ticket_id = {old}"
            ))
            .await,
    )
    .expect("JSON");
    assert_eq!(
        told["caused_by"],
        json!({"kind": "retention", "id": policy["id"], "name": "Years"})
    );
    let run = &root.read(&path).await["run"];
    assert_eq!(
        (&run["done"], &run["held"], &run["failed"]),
        (&json!(1), &json!(1), &json!(0)),
        "{run}"
    );
    assert!(!run["finished_at"].is_null());

    // The hold ends, and the next day's run takes the ticket.
    assert_eq!(
        root.delete(&format!("/api/legal-holds/{}", hold["id"]))
            .await
            .status(),
        200
    );
    desk.run("set autocrm.now = '2100-01-03'").await;
    work(&desk).await;
    assert!(!is_there(&desk, held).await);
}

#[tokio::test]
async fn anonymised_tickets_keep_their_figures_and_nothing_that_people_wrote() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    desk.run(
        "insert into app.custom_fields (key, label, type) values ('words', 'Words', 'text'), ('amount', 'Amount', 'integer')",
    )
    .await;
    let id = closed(&desk, SECRET).await;
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, kind, body_text) values ({id}, {}, 'note', 'It is {SECRET}');
         update app.tickets set custom = '{{\"words\": \"{SECRET}\", \"amount\": 7}}' where id = {id}",
        root.id
    ))
    .await;
    desk.work("search", "search_cursor").await;
    let before = root.read(&format!("/api/tickets/{id}")).await;
    assert!(traces(&desk, SECRET).await > 4);
    let policy = json!({"name": "A year", "enabled": true, "since": "solved", "days": 365, "action": "anonymise"});
    root.create("/api/retention-policies", policy).await;
    desk.run("set autocrm.now = '2100-01-01'").await;
    work(&desk).await;

    let after = root.read(&format!("/api/tickets/{id}")).await;
    assert_eq!(after["subject"], "▇▇▇▇▇▇▇▇");
    assert_eq!(after["custom"], json!({"amount": 7}));
    assert_eq!(after["requester"]["name"], "Anonymous");
    for key in ["status", "team", "closed_at", "updated_at", "created_at"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    assert_eq!(traces(&desk, SECRET).await, 0);
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let linked: i64 = desk
        .one(&format!(
            "select (select count(*) from app.messages where ticket_id = {id} and author_id = {cleo})
                  + (select count(*) from app.audit_log where table_name = 'tickets' and row_key = '{id}'
                      and changes -> 'requester_id' @> '[{cleo}]')"
        ))
        .await;
    assert_eq!(linked, 0, "nothing leads to who asked");
    verifies(&desk).await;
    // Once is enough.
    desk.run("set autocrm.now = '2100-01-03'").await;
    work(&desk).await;
    let again = root.read(&format!("/api/tickets/{id}")).await;
    assert_eq!(again["version"], after["version"]);
}

/// A repeat within the day is still answered, without what the ticket said, and makes no second one.
#[tokio::test]
async fn kept_answers_lose_what_a_retained_ticket_said() {
    for action in ["anonymise", "delete"] {
        let desk = Desk::open().await;
        let root = desk.admin().await;
        let key = [("Idempotency-Key", "k1")];
        let body =
            json!({"subject": SECRET, "description": format!("It is {SECRET}"), "tags": ["vip"]});
        let made = root
            .send(Method::POST, "/api/tickets", Some(body.clone()), &key)
            .await;
        assert!(made.status().is_success());
        let id = made.json::<Value>().await.expect("JSON")["id"].clone();
        let said = root
            .send(
                Method::POST,
                &format!("/api/tickets/{id}/messages"),
                Some(json!({"body_text": format!("Again {SECRET}"), "kind": "note"})),
                &[("Idempotency-Key", "k2")],
            )
            .await;
        assert!(said.status().is_success());
        desk.run(&format!(
            "update app.tickets set status_id = (select id from app.statuses where key = 'closed') where id = {id}"
        ))
        .await;
        let kept = format!(
            "select count(*) from app.idempotency_keys k where k.response::text like '%{SECRET}%'"
        );
        assert_eq!(desk.one::<i64>(&kept).await, 2);
        let policy = json!({"name": "Years", "enabled": true, "since": "closed", "days": 365, "action": action});
        root.create("/api/retention-policies", policy).await;
        desk.run("set autocrm.now = '2100-01-01'").await;
        work(&desk).await;

        assert_eq!(desk.one::<i64>(&kept).await, 0, "{action}");
        let again = root
            .send(Method::POST, "/api/tickets", Some(body), &key)
            .await;
        assert!(again.status().is_success());
        let again: Value = again.json().await.expect("JSON");
        assert_eq!(again["id"], id);
        assert_eq!(again["subject"], "▇▇▇▇▇▇▇▇");
        assert_eq!(again["status"], "new");
    }
}

/// Whoever could log in as the person that stands for all requesters would read their tickets.
#[tokio::test]
async fn nobody_makes_themselves_the_requester_of_anonymised_tickets() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let person = json!({"role": "customer", "name": "Mallory", "email": "mallory@customer.test", "external_id": "autocrm:nobody"});
    let mallory = ada.create("/api/users", person).await["id"].clone();
    let id = closed(&desk, SECRET).await;
    let policy = json!({"name": "A year", "enabled": true, "since": "closed", "days": 365, "action": "anonymise"});
    root.create("/api/retention-policies", policy).await;
    desk.run("set autocrm.now = '2100-01-01'").await;
    work(&desk).await;

    let ticket = root.read(&format!("/api/tickets/{id}")).await;
    assert_ne!(ticket["requester"]["id"], mallory);
    assert_eq!(ticket["subject"], SECRET, "it waits");
    let told: String = desk
        .one("select message || coalesce(detail, '') from app.set_aside where worker = 'retention'")
        .await;
    assert!(told.contains("autocrm:nobody"), "{told}");
}

#[tokio::test]
async fn a_policy_whose_conditions_cannot_be_asked_holds_up_no_other() {
    let desk = Desk::open().await;
    let id = closed(&desk, "Old").await;
    desk.run(
        "insert into app.retention_policies (position, name, enabled, since, days, action) values
           (0, 'Broken', true, 'closed', 30, 'anonymise'), (1, 'Sound', true, 'closed', 30, 'delete');
         begin;
         set local session_replication_role = replica;
         update app.retention_policies set conditions = '{\"field\": \"nothing\", \"op\": \"is\", \"value\": 1}' where name = 'Broken';
         commit;
         set autocrm.now = '2100-01-01'",
    )
    .await;
    work(&desk).await;
    assert!(!is_there(&desk, id).await);
    let told: String = desk
        .one("select item || ': ' || message from app.set_aside where worker = 'retention'")
        .await;
    assert!(told.starts_with("policy "), "{told}");
    // Mended, it is retried and forgotten.
    desk.run(
        "update app.retention_policies set conditions = '{\"all\": []}' where name = 'Broken';
         set autocrm.now = '2100-01-03'; select app.retry_failed(100)",
    )
    .await;
    work(&desk).await;
    assert_eq!(
        desk.one::<i64>("select count(*) from app.set_aside").await,
        0
    );
}

#[tokio::test]
async fn of_the_policies_with_one_action_the_first_applies() {
    let desk = Desk::open().await;
    let (short, long) = (
        closed(&desk, "Short").await,
        closed(&desk, "Long and important").await,
    );
    desk.run(
        r#"insert into app.retention_policies (position, name, enabled, conditions, since, days, action) values
             (1, 'Important', true, '{"field": "subject", "op": "contains", "value": "important"}', 'closed', 36500, 'delete'),
             (2, 'All', true, '{"all": []}', 'closed', 30, 'delete'),
             (0, 'Another action', true, '{"all": []}', 'closed', 36500, 'anonymise'),
             (0, 'Of the trash alone', true, '{"all": []}', 'trashed', 36500, 'delete');
           set autocrm.now = '2100-01-01'"#,
    )
    .await;
    work(&desk).await;
    assert!(!is_there(&desk, short).await);
    assert!(is_there(&desk, long).await);
}

#[tokio::test]
async fn a_hold_stops_whatever_would_delete_and_is_named_to_administrators() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let ticket = desk.ticket("Evidence", "billing").await;
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    desk.run(&format!(
        "update app.users set may_redact = true where id = {};
         insert into app.users (role, name, email) values ('customer', 'Other', 'other@customer.test')",
        ada.id
    ))
    .await;
    let other: i64 = desk
        .one("select id from app.users where email = 'other@customer.test'")
        .await;
    let message: i64 = desk
        .one(&format!(
            "select min(id) from app.messages where ticket_id = {ticket}"
        ))
        .await;
    let hold = root
        .create(
            "/api/legal-holds",
            json!({"name": "Case 12", "user_id": cleo}),
        )
        .await;

    let redact = format!("/api/tickets/{ticket}/messages/{message}/redact");
    let told = refused(&ada, Method::POST, &redact, Some(json!({"all": true})), 409).await;
    assert!(!told.to_string().contains("Case 12"), "{told}");
    for (path, body) in [
        (redact.clone(), json!({"all": true})),
        (format!("/api/users/{cleo}/erase"), json!({})),
        (format!("/api/users/{cleo}/merge"), json!({"into": other})),
    ] {
        let told = refused(&root, Method::POST, &path, Some(body), 409).await;
        assert!(told.to_string().contains("Case 12"), "{told}");
    }
    let away = root
        .patch(
            &format!("/api/tickets/{ticket}"),
            json!({"requester_id": other}),
            None,
        )
        .await;
    assert_eq!(away.status(), 409);
    // It may go into the trash, which hides it, and stays there.
    assert_eq!(
        root.delete(&format!("/api/tickets/{ticket}"))
            .await
            .status(),
        200
    );
    desk.run("set autocrm.now = '2100-01-01'; select worker.maintain('trash')")
        .await;
    assert!(is_there(&desk, ticket).await);
    let (code, _) = desk
        .refused(&format!("delete from app.tickets where id = {ticket}"))
        .await;
    assert_eq!(code, "TK409");

    // It ends by itself.
    let end = json!({"until": "2099-01-01T00:00:00Z"});
    assert_eq!(
        root.patch(&format!("/api/legal-holds/{}", hold["id"]), end, None)
            .await
            .status(),
        200
    );
    desk.run("select worker.maintain('trash')").await;
    assert!(!is_there(&desk, ticket).await);
}

#[tokio::test]
async fn notes_ccs_followers_and_links_of_what_is_held_stay() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let ticket = desk.ticket("Evidence", "billing").await;
    let other = desk.ticket("Beside it", "billing").await;
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let firm = root
        .create("/api/organizations", json!({"name": "Firm"}))
        .await["id"]
        .clone();
    let followers = format!("/api/tickets/{ticket}/followers");
    let cc = json!({"email": "cc@customer.test", "name": "Copy", "kind": "cc"});
    let cc = root.create(&followers, cc).await["user_id"].clone();
    root.create(&followers, json!({"user_id": root.id})).await;
    let link = root
        .create(
            &format!("/api/tickets/{other}/links"),
            json!({"relation": "related", "ticket_id": ticket}),
        )
        .await;
    let mut paths = vec![
        format!("{followers}/{cc}"),
        format!("{followers}/{}", root.id),
        format!("/api/tickets/{other}/links/{}", link["id"]),
    ];
    for about in [json!({"user_id": cleo}), json!({"organization_id": firm})] {
        let mut note = about.clone();
        note["body_text"] = json!("She paid in cash");
        let note = root.create("/api/customer-notes", note).await;
        paths.push(format!("/api/customer-notes/{}", note["id"]));
    }
    let mut holds = Vec::new();
    for held in [
        json!({"ticket_id": ticket}),
        json!({"user_id": cleo}),
        json!({"organization_id": firm}),
    ] {
        let mut hold = held.clone();
        hold["name"] = json!("Case 12");
        holds.push(root.create("/api/legal-holds", hold).await["id"].clone());
    }
    for path in &paths {
        refused(&ada, Method::DELETE, path, None, 409).await;
        refused(&root, Method::DELETE, path, None, 409).await;
    }
    for table in ["followers", "ticket_links", "customer_notes"] {
        let (code, _) = desk.refused(&format!("delete from app.{table}")).await;
        assert_eq!(code, "TK409", "{table}");
    }
    for hold in holds {
        let gone = root.delete(&format!("/api/legal-holds/{hold}")).await;
        assert_eq!(gone.status(), 200);
    }
    for path in &paths {
        assert_eq!(root.delete(path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_hold_waits_for_acts_that_are_under_way_and_they_for_it() {
    const WHILE: Duration = Duration::from_millis(500);
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ticket = desk.ticket("Evidence", "billing").await;
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let beside = db::connect(&desk.admin_url()).await.expect("connects");
    // The hold is on its requester, whose row the act does not lock.
    beside
        .batch_execute(&format!(
            "begin; update app.messages set redacted_at = now() where ticket_id = {ticket}"
        ))
        .await
        .expect("redacts");
    let hold = json!({"name": "Case 12", "user_id": cleo});
    let mut placing = Box::pin(root.create("/api/legal-holds", hold));
    assert!(timeout(WHILE, &mut placing).await.is_err(), "it waits");
    beside.batch_execute("commit").await.expect("commits");
    let hold = placing.await["id"].clone();
    let gone = root.delete(&format!("/api/legal-holds/{hold}")).await;
    assert_eq!(gone.status(), 200);

    // Whoever has the row of the ticket, and acts after that, is waited for as well, and neither gets stuck.
    beside
        .batch_execute(&format!(
            "begin; select from app.tickets where id = {ticket} for update"
        ))
        .await
        .expect("locks");
    let hold = json!({"name": "Case 12", "ticket_id": ticket});
    let mut placing = Box::pin(root.create("/api/legal-holds", hold));
    assert!(timeout(WHILE, &mut placing).await.is_err(), "it waits");
    beside
        .batch_execute(&format!(
            "update app.messages set redacted_at = now() where ticket_id = {ticket}; rollback"
        ))
        .await
        .expect("acts");
    let hold = placing.await["id"].clone();
    let gone = root.delete(&format!("/api/legal-holds/{hold}")).await;
    assert_eq!(gone.status(), 200);

    // An act waits for a hold that is being placed.
    let hold =
        format!("insert into app.legal_holds (name, ticket_id) values ('Case 12', {ticket})");
    beside
        .batch_execute(&format!("begin; {hold}"))
        .await
        .expect("places");
    let message: i64 = desk
        .one(&format!(
            "select min(id) from app.messages where ticket_id = {ticket}"
        ))
        .await;
    let redact = format!("/api/tickets/{ticket}/messages/{message}/redact");
    let mut redacting = Box::pin(root.post(&redact, json!({"all": true})));
    assert!(timeout(WHILE, &mut redacting).await.is_err(), "it waits");
    beside.batch_execute("commit").await.expect("commits");
    assert_eq!(redacting.await.status(), 409);

    // One that reads an older snapshot does not see it.
    desk.run("delete from app.legal_holds").await;
    beside
        .batch_execute("begin isolation level repeatable read; select count(*) from app.teams")
        .await
        .expect("reads");
    desk.run(&hold).await;
    let error = beside
        .batch_execute(&format!("delete from app.tickets where id = {ticket}"))
        .await
        .expect_err("does not see the hold");
    assert_eq!(error.code().expect("a code").code(), "40001");
    beside.batch_execute("rollback").await.expect("ends");
    assert!(is_there(&desk, ticket).await);

    // Nor does it see that one was extended.
    desk.run("update app.legal_holds set until = now() - interval '1 hour'")
        .await;
    beside
        .batch_execute("begin isolation level repeatable read; select count(*) from app.teams")
        .await
        .expect("reads");
    desk.run("update app.legal_holds set until = now() + interval '1 hour'")
        .await;
    let error = beside
        .batch_execute(&format!("delete from app.tickets where id = {ticket}"))
        .await
        .expect_err("does not see the hold");
    assert_eq!(error.code().expect("a code").code(), "40001");
    beside.batch_execute("rollback").await.expect("ends");

    // Retention and the trash wait for it, and set nothing aside.
    desk.run(&format!(
        "delete from app.legal_holds;
         insert into app.retention_policies (name, enabled, since, days, action) values ('All', true, 'trashed', 1, 'delete');
         update app.tickets set deleted_at = '2030-01-01' where id = {ticket};
         set autocrm.now = '2030-03-01'; set lock_timeout = '20ms'"
    ))
    .await;
    beside
        .batch_execute("begin; select pg_advisory_xact_lock(app._holds_lock())")
        .await
        .expect("locks");
    assert!(!desk.one::<bool>("select worker.run_retention()").await);
    let _ = desk.one::<i64>("select worker.empty_trash()").await;
    let aside: i64 = desk.one("select count(*) from app.set_aside").await;
    assert_eq!(aside, 0);
    assert!(is_there(&desk, ticket).await);
    beside.batch_execute("rollback").await.expect("ends");
    while desk.one::<bool>("select worker.run_retention()").await {}
    assert!(!is_there(&desk, ticket).await);
}

#[tokio::test]
async fn a_ticket_that_cannot_be_deleted_is_set_aside_and_the_next_is_served() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let (bad, good) = (closed(&desk, "Bad").await, closed(&desk, "Good").await);
    desk.run(&format!(
        "create function public.poison() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$;
         create trigger a_poison before delete on app.messages for each row when (old.ticket_id = {bad}) execute function public.poison();
         insert into app.retention_policies (name, enabled, since, days, action) values ('All', true, 'closed', 30, 'delete');
         set autocrm.now = '2100-01-01'"
    ))
    .await;
    work(&desk).await;
    assert!(is_there(&desk, bad).await && !is_there(&desk, good).await);
    let aside = root.read("/api/set-aside?worker=retention").await;
    assert_eq!(aside["items"][0]["ticket_id"], bad, "{aside}");

    desk.run("drop trigger a_poison on app.messages").await;
    let retry = format!("/api/set-aside/{}/retry", aside["items"][0]["id"]);
    assert_eq!(root.post(&retry, json!({})).await.status(), 200);
    desk.run("select worker.retry_failed()").await;
    assert!(!is_there(&desk, bad).await);
}

#[tokio::test]
async fn a_policy_follows_the_names_that_its_conditions_have() {
    let desk = Desk::open().await;
    desk.run(
        r#"insert into app.retention_policies (name, conditions, since, days, action)
           values ('Billing', '{"field": "team", "op": "is", "value": "billing"}', 'closed', 30, 'delete');
           update app.teams set name = 'Payments' where name = 'billing'"#,
    )
    .await;
    let named: String = desk
        .one("select conditions ->> 'value' from app.retention_policies")
        .await;
    assert_eq!(named, "Payments");
    let (code, _) = desk
        .refused("delete from app.teams where name = 'Payments'")
        .await;
    assert_eq!(code, "TK409");
}
