//! An agent at a SQL prompt, a supported door: what they may write there, and what no door lets them write.

use harness::desk::Desk;
use serde_json::json;
use tokio_postgres::Client;

/// What each attempt comes to; all of it is undone.
async fn outcome(client: &Client, sql: &str) -> String {
    client.batch_execute("begin").await.expect("begins");
    let answer = match client.execute(sql, &[]).await {
        Ok(rows) => format!("{rows} rows"),
        Err(error) => {
            let error = error.as_db_error().expect("by the database").clone();
            format!(
                "{} {} {}",
                error.code().code(),
                error.message(),
                error.detail().unwrap_or_default()
            )
        }
    };
    client.batch_execute("rollback").await.expect("undone");
    answer
}

struct Prompt {
    desk: Desk,
    ticket: i64,
    agent: Client,
}

async fn prompt() -> Prompt {
    let desk = Desk::open().await;
    let ticket = desk.ticket("Own", "billing").await;
    desk.run("insert into app.skills (name) values ('French')")
        .await;
    let agent = desk.at_prompt("agent", Some("billing")).await;
    agent
        .batch_execute(&format!(
            "insert into app.messages (ticket_id, author_id, body_text) values ({ticket}, autocrm.actor_id(), 'x')"
        ))
        .await
        .expect("a message");
    Prompt {
        desk,
        ticket,
        agent,
    }
}

#[tokio::test]
async fn an_agent_works_at_a_prompt() {
    let Prompt {
        desk: _desk,
        ticket,
        agent,
    } = prompt().await;
    for work in [
        "insert into app.tickets (subject, requester_id, team_id) select 'x', 1, id from app.teams where name = 'billing'",
        "insert into app.tickets (subject, requester_id) select 'x', 1 from generate_series(1, 3)",
        "insert into app.messages (ticket_id, kind, body_text) values ({t}, 'note', 'x')",
        "update app.tickets set subject = 'y', status_id = 2, tag_ids = array[]::bigint[] where id = {t}",
        "update app.messages set body_text = 'y' where author_id = autocrm.actor_id()",
        "insert into app.drafts (ticket_id, author_id, kind, body_text) values ({t}, autocrm.actor_id(), 'note', 'x')",
        "insert into app.followers (ticket_id, user_id, kind) values ({t}, 1, 'cc')",
        "insert into app.users (role, name, email) values ('customer', 'x', 'x@x.test')",
        "update app.users set phone = '1' where id = 1",
        "insert into app.organizations (name, domains) values ('x', '{x.test}')",
        "insert into app.tags (name) values ('x')",
        "insert into app.views (name, conditions) values ('x', '{\"all\": []}')",
        "insert into app.macros (name, scope, actions) values ('x', 'private', '[]')",
        "select api.create_ticket('{\"subject\": \"x\", \"description\": \"y\", \"tags\": [\"t\"], \"requester\": {\"email\": \"n@n.test\"}}')",
        "select api.create_message({t}, '{\"body_text\": \"x\"}')",
        "select api.update_ticket({t}, '{\"subject\": \"x\"}')",
        "select api.split_ticket({t}, (select json_build_object('message_id', min(id)) from app.messages where ticket_id = {t})::jsonb)",
        "select api.save_draft({t}, 'note', '{\"body_text\": \"x\"}')",
        "select api.list_tickets('{}')",
        "select api.search_tickets('{\"q\": \"own\"}')",
    ] {
        let answer = outcome(&agent, &work.replace("{t}", &ticket.to_string())).await;
        assert!(
            answer.ends_with("rows") && !answer.starts_with("0 "),
            "{work}: {answer}"
        );
    }
}

#[tokio::test]
async fn ids_times_and_books_are_nobodys_to_write_at_a_prompt() {
    let Prompt {
        desk,
        ticket,
        agent,
    } = prompt().await;
    desk.run("insert into app.idempotency_keys (actor_id, key, operation, request_hash) select id, 'mine', 'x', 'x' from app.users where pg_role is not null")
        .await;
    let to = |columns: &str, values: &str| {
        format!(
            "insert into app.tickets (subject, requester_id, {columns}) values ('x', 1, {values})"
        )
    };
    let of = |set: &str| format!("update app.tickets set {set} where id = {ticket}");
    for (attempt, code) in [
        (to("id", "99999"), "TK422"),
        (to("id", "nextval('app.tickets_id_seq')"), "42501"),
        (to("created_at", "'2020-01-01'"), "TK422"),
        (to("updated_at", "'2020-01-01'"), "TK422"),
        (to("external_id", "'x'"), "TK422"),
        (to("version", "7"), "42501"),
        (to("first_reply_at", "now()"), "42501"),
        (to("solved_at", "'2020-01-01'"), "42501"),
        (to("closed_at", "'2020-01-01'"), "42501"),
        (to("status_at", "'2020-01-01'"), "42501"),
        (to("assigned_at", "now()"), "42501"),
        (to("load", "0"), "42501"),
        (to("sun_team_ids", "'{1}'"), "42501"),
        (to("deleted_at", "now()"), "42501"),
        (to("tag_ids", "'{null}'"), "TK422"),
        (to("tag_ids", "'{{1},{2}}'"), "TK422"),
        (to("custom", "'\"x\"'"), "TK422"),
        (to("required_skills", "'[]'"), "TK422"),
        (to("preferred_skills", "'7'"), "TK422"),
        (to("preferred_skills", "jsonb_build_object((select min(id) from app.skills)::text, '{\"level\": 2, \"until\": 9223372036854775807}'::jsonb)"), "TK422"),
        (to("preferred_skills", "jsonb_build_object((select min(id) from app.skills)::text, '{\"level\": 2, \"until\": -1}'::jsonb)"), "TK422"),
        (of("id = 99999"), "42501"),
        (of("version = 1"), "42501"),
        (of("created_at = '2020-01-01'"), "42501"),
        (of("updated_at = '2020-01-01'"), "42501"),
        (of("first_reply_at = '2020-01-01'"), "42501"),
        (of("solved_at = now()"), "42501"),
        (of("closed_at = now()"), "42501"),
        (of("requester_replied_at = now()"), "42501"),
        (of("external_id = 'x'"), "42501"),
        (of("deleted_at = now()"), "42501"),
        (of("load = 0"), "42501"),
        (of("tag_ids = '{null}'"), "TK422"),
        (of("custom = '\"x\"'"), "TK422"),
        (of("custom = 'null'"), "TK422"),
        (of("required_skills = '[1]'"), "TK422"),
        (format!("insert into app.messages (id, ticket_id, body_text) overriding system value values (99999, {ticket}, 'x')"), "TK422"),
        (format!("insert into app.messages (ticket_id, body_text, created_at) values ({ticket}, 'x', '2020-01-01')"), "TK422"),
        (format!("insert into app.messages (ticket_id, body_text, edited_at) values ({ticket}, 'x', now())"), "42501"),
        (format!("insert into app.messages (ticket_id, body_text, redacted_at) values ({ticket}, 'x', now())"), "42501"),
        (format!("insert into app.messages (ticket_id, body_text, author_id) values ({ticket}, 'x', 1)"), "TK422"),
        (format!("update app.messages set created_at = now() where ticket_id = {ticket}"), "42501"),
        (format!("update app.messages set author_id = 1 where ticket_id = {ticket}"), "42501"),
        ("insert into app.users (id, role, name) overriding system value values (99999, 'customer', 'x')".into(), "42501"),
        ("insert into app.users (role, name, ticket_access) values ('customer', 'x', 'all')".into(), "42501"),
        ("insert into app.users (role, name, created_at) values ('customer', 'x', '2020-01-01')".into(), "42501"),
        ("insert into app.users (role, name) values ('agent', 'x')".into(), "42501"),
        ("update app.users set ticket_access = 'all' where id = 1".into(), "42501"),
        ("update app.users set pg_role = 'x' where id = 1".into(), "42501"),
        ("update app.users set may_redact = true".into(), "42501"),
        ("update app.users set capacity = 1000".into(), "42501"),
        ("insert into app.organizations (name, version) values ('x', 9)".into(), "42501"),
        ("insert into app.organizations (name, custom) values ('x', '[]')".into(), "TK422"),
        ("insert into app.organizations (name, domains) values ('x', '{null}')".into(), "TK422"),
        ("insert into app.tags (id, name) overriding system value values (99999, 'x')".into(), "42501"),
        (format!("insert into app.drafts (ticket_id, author_id, kind, version) values ({ticket}, autocrm.actor_id(), 'note', 9)"), "42501"),
        (format!("insert into app.drafts (ticket_id, author_id, kind, attachment_ids) values ({ticket}, autocrm.actor_id(), 'note', '{{null}}')"), "TK422"),
        (format!("insert into app.drafts (ticket_id, author_id, kind, attachment_ids) values ({ticket}, autocrm.actor_id(), 'note', '{{99}}')"), "TK422"),
        ("update app.users set phone = E'\\n' where id = 1".into(), "TK422"),
        ("insert into app.users (role, name, phone) values ('customer', 'x', E'1\\u0001')".into(), "TK422"),
        ("insert into app.organizations (name, domains) values ('x', '{x.test,*}')".into(), "TK422"),
        ("insert into app.organizations (name, domains) values ('x', '{\"\"}')".into(), "TK422"),
        ("insert into app.customer_notes (user_id, body_text) values (1, E'\\u0001')".into(), "TK422"),
        (format!("insert into app.followers (ticket_id, user_id, created_at) values ({ticket}, 1, '2020-01-01')"), "42501"),
        (format!("insert into app.followers (ticket_id, user_id, kind, added_by) values ({ticket}, 1, 'cc', 1)"), "42501"),
        (format!("insert into app.ticket_links (kind, ticket_id, other_id, created_by) values ('child', {ticket}, 1, 1)"), "42501"),
        ("insert into app.attachments (uploader_id, name, media_type, sha256) values (autocrm.actor_id(), 'x', 'x', sha256('x'))".into(), "42501"),
        ("insert into app.views (name, version) values ('x', 9)".into(), "42501"),
        ("insert into app.macros (name, updated_at) values ('x', now())".into(), "42501"),
        ("insert into app.idempotency_keys (actor_id, key, operation, request_hash, response) values (autocrm.actor_id(), 'x', 'x', 'x', '{}')".into(), "42501"),
        ("insert into app.idempotency_keys (actor_id, key, operation, request_hash) values (autocrm.actor_id(), 'x', 'x', 'x')".into(), "42501"),
        ("select api._claim_idempotency('x', 'x', 'x')".into(), "42501"),
        ("update app.idempotency_keys set response = '{}' where key = 'mine'".into(), "0 rows"),
        ("select api._open_bulk_job('delete', '{}', array[1])".into(), "TK403"),
        ("select api._next_bulk_items(1, 10)".into(), "TK403"),
        ("select api._book_bulk_items(1, '{}')".into(), "TK403"),
        ("select app.note_presence(array[1], 'viewing')".into(), "1 rows"),
        ("select worker.end_overdue()".into(), "42501"),
        ("select worker.maintain('partitions')".into(), "42501"),
        ("select pg_notify('autocrm_presence', '{}')".into(), "42501"),
    ] {
        let answer = outcome(&agent, &attempt).await;
        assert!(answer.starts_with(code), "{attempt}: {answer}");
    }
}

#[tokio::test]
async fn a_draft_holds_ones_own_uploads_alone() {
    let Prompt {
        desk,
        ticket,
        agent,
    } = prompt().await;
    desk.run(
        "insert into app.blobs (sha256, size) values (sha256('x'), 1);
         insert into app.attachments (uploader_id, name, media_type, sha256, size)
         select id, role::text, 'text/plain', sha256('x'), 1 from app.users",
    )
    .await;
    let draft = |whose: &str| {
        format!(
            "insert into app.drafts (ticket_id, author_id, kind, attachment_ids)
             select {ticket}, autocrm.actor_id(), 'note', array[{whose}, {whose}]"
        )
    };
    let colleagues: i64 = desk
        .one("select id from app.attachments where name = 'customer'")
        .await;
    let answer = outcome(&agent, &draft(&colleagues.to_string())).await;
    assert!(answer.starts_with("TK422"), "{answer}");
    assert!(answer.contains("attachment_ids.1: "), "{answer}");
    let own: i64 = desk
        .one("select id from app.attachments where name = 'agent'")
        .await;
    assert_eq!(outcome(&agent, &draft(&own.to_string())).await, "1 rows");
    // Nor later.
    agent
        .batch_execute(&draft(&own.to_string()))
        .await
        .expect("a draft");
    let change = format!("update app.drafts set attachment_ids = array[{colleagues}]");
    assert!(outcome(&agent, &change).await.starts_with("TK422"));
    let change = "update app.drafts set body_text = 'y'";
    assert_eq!(outcome(&agent, change).await, "1 rows");
}

/// The kind of defect: a row that one verb writes beside others, and that could be written alone, to tell what never was.
#[tokio::test]
async fn a_split_or_follow_up_is_linked_by_what_makes_the_ticket_alone() {
    let Prompt {
        desk,
        ticket,
        agent,
    } = prompt().await;
    let other = desk.ticket("Another", "billing").await;
    for kind in ["split", "follow_up"] {
        for (from, to) in [(ticket, other), (other, ticket)] {
            let link = format!(
                "insert into app.ticket_links (kind, ticket_id, other_id) values ('{kind}', {from}, {to})"
            );
            let answer = outcome(&agent, &link).await;
            assert!(answer.starts_with("TK403"), "{link}: {answer}");
            // Nor behind a change of the ticket.
            let error = agent
                .batch_execute(&format!(
                    "begin; update app.tickets set subject = 'x' where id = {from}; {link}"
                ))
                .await
                .expect_err(&link);
            assert_eq!(
                error.code().map(tokio_postgres::error::SqlState::code),
                Some("TK403"),
                "{link}"
            );
            agent.batch_execute("rollback").await.expect("undone");
        }
    }
    let told: i64 = desk
        .one("select count(*) from app.messages where kind = 'system'")
        .await;
    assert_eq!(told, 0);
    // The verbs are there for people at a prompt too.
    let split = format!(
        "select api.split_ticket({ticket}, jsonb_build_object('message_id', (select min(id) from app.messages where ticket_id = {ticket})))"
    );
    assert_eq!(outcome(&agent, &split).await, "1 rows");
}

#[tokio::test]
async fn numbers_of_tickets_are_given_to_those_who_make_tickets() {
    let desk = Desk::open().await;
    let take = "select autocrm.next_id('tickets')";
    for role in ["agent", "admin"] {
        let person = desk.at_prompt(role, None).await;
        assert_eq!(outcome(&person, take).await, "1 rows", "{role}");
    }
    let analyst = desk.analyst(None).await;
    let login = format!("cus_{}", desk.database);
    desk.run(&format!(
        "create role {login} login in role autocrm_customer; grant connect on database {} to autocrm_customer;
         update app.users set pg_role = '{login}' where email = 'cleo@customer.test'",
        desk.database
    ))
    .await;
    let customer = desk.log_in(&login).await;
    for (who, person) in [("analyst", &analyst), ("customer", &customer)] {
        let answer = outcome(person, take).await;
        assert!(answer.starts_with("42501"), "{who}: {answer}");
    }
    // A customer's reply has an id all the same.
    let own = desk.ticket("Own", "billing").await;
    let reply = format!(
        "insert into app.messages (ticket_id, author_id, body_text) values ({own}, autocrm.actor_id(), 'x')"
    );
    assert_eq!(outcome(&customer, &reply).await, "1 rows");
}

#[tokio::test]
async fn an_id_that_the_desk_gave_is_one_rows_of_one_table() {
    let Prompt {
        desk,
        ticket,
        agent,
    } = prompt().await;
    // Ids of messages run ahead of those of tickets.
    let ahead: i64 = agent
        .query_one(
            "select max(autocrm.next_id('messages')) from generate_series(1, 50)",
            &[],
        )
        .await
        .expect("ids")
        .get(0);
    let as_ticket =
        format!("insert into app.tickets (id, subject, requester_id) values ({ahead}, 'x', 1)");
    assert!(outcome(&agent, &as_ticket).await.starts_with("TK422"));
    let message = format!(
        "insert into app.messages (id, ticket_id, body_text) overriding system value values ({ahead}, {ticket}, 'x')"
    );
    agent.batch_execute(&message).await.expect("its own");
    agent.batch_execute(&message).await.expect_err("not twice");
    // Nor what a plain row was given by its sequence.
    let plain: i64 = agent
        .query_one(&format!("insert into app.messages (ticket_id, body_text) values ({ticket}, 'x') returning id"), &[])
        .await
        .expect("a message")
        .get(0);
    let again = format!(
        "insert into app.messages (id, ticket_id, body_text) overriding system value values ({plain}, {ticket}, 'x')"
    );
    assert!(outcome(&agent, &again).await.starts_with("TK422"));
    let rows: i64 = desk
        .one(&format!(
            "select count(*) from app.messages where id in ({ahead}, {plain})"
        ))
        .await;
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn an_administrator_brings_no_time_that_reports_cannot_count_with() {
    let Prompt { desk, ticket, .. } = prompt().await;
    let admin = desk.at_prompt("admin", None).await;
    for time in ["-infinity", "infinity", "0044-03-15 BC", "10000-01-01"] {
        for column in ["created_at", "updated_at"] {
            let attempt = format!(
                "insert into app.tickets (subject, requester_id, {column}) values ('x', 1, '{time}')"
            );
            let answer = outcome(&admin, &attempt).await;
            assert!(
                answer.starts_with("TK422") && answer.contains(column),
                "{time} {column}: {answer}"
            );
        }
        let attempt = format!(
            "insert into app.messages (ticket_id, body_text, created_at) values ({ticket}, 'x', '{time}')"
        );
        let answer = outcome(&admin, &attempt).await;
        assert!(answer.starts_with("TK422"), "{time}: {answer}");
    }
    let past =
        "insert into app.tickets (subject, requester_id, created_at) values ('x', 1, '1999-01-01')";
    assert_eq!(outcome(&admin, past).await, "1 rows");
    let sum: i64 = desk.one("select count(*) from reporting.tickets").await;
    assert_eq!(sum, 1);
}

#[tokio::test]
async fn times_that_are_given_become_now() {
    let Prompt {
        desk,
        ticket,
        agent,
    } = prompt().await;
    desk.run(&format!(
        "insert into app.notifications (user_id, kind, delivery, ticket_id, event_id)
         select id, 'followed', 'in_app', {ticket}, 1 from app.users where name = 'Prompt'"
    ))
    .await;
    agent
        .batch_execute("update app.notifications set read_at = '2020-01-01', done_at = 'infinity'")
        .await
        .expect("one's own");
    assert!(
        desk.one::<bool>(
            "select bool_and(read_at > now() - interval '1 minute' and done_at between now() - interval '1 minute' and now())
               from app.notifications"
        )
        .await
    );
    agent
        .batch_execute("update app.notifications set done_at = null")
        .await
        .expect("not done after all");
    assert!(
        desk.one::<bool>("select bool_and(done_at is null) from app.notifications")
            .await
    );
}

#[tokio::test]
async fn what_an_agent_wrote_at_a_prompt_breaks_no_queue_and_no_search() {
    let Prompt {
        desk,
        ticket,
        agent,
    } = prompt().await;
    for attempt in [
        "tag_ids = '{null}'",
        "custom = '\"x\"'",
        "custom = '[]'",
        "subject = ''",
        "requester_id = null",
    ] {
        let answer = outcome(
            &agent,
            &format!("update app.tickets set {attempt} where id = {ticket}"),
        )
        .await;
        assert!(!answer.ends_with("rows"), "{attempt}: {answer}");
    }
    let ada = desk.agent("Ada", "billing").await;
    assert_eq!(ada.get("/api/tickets").await.status(), 200);
    assert_eq!(ada.get("/api/search?q=own").await.status(), 200);
    // Nobody's next ticket meets an id that is taken.
    for _ in 0..3 {
        let made = ada
            .post("/api/tickets", json!({"subject": "x", "description": "y"}))
            .await;
        assert_eq!(made.status(), 201);
    }
}

/// Rights are those of each statement, however long its transaction has been open and whatever it may see otherwise.
#[tokio::test]
async fn whoever_loses_a_right_has_lost_it_within_an_open_transaction() {
    let desk = Desk::open().await;
    desk.ticket("Hidden from others", "billing").await;
    desk.ticket("Hidden from others too", "billing").await;
    let count = "select count(*) from app.tickets";
    for isolation in ["read committed", "repeatable read"] {
        let agent = desk.at_prompt("agent", Some("billing")).await;
        let me: i64 = agent
            .query_one("select autocrm.actor_id()", &[])
            .await
            .expect("reads")
            .get(0);
        let tickets = async || -> i64 { agent.query_one(count, &[]).await.expect("reads").get(0) };
        agent
            .batch_execute(&format!("begin isolation level {isolation}"))
            .await
            .expect("begins");
        assert!(tickets().await > 0, "{isolation}");
        agent
            .batch_execute(
                "declare c no scroll cursor for select id from app.tickets; fetch 1 from c",
            )
            .await
            .expect("declares");
        desk.run(&format!("delete from app.memberships where user_id = {me}"))
            .await;
        let fetched = agent.query("fetch all from c", &[]).await.expect("fetches");
        assert_eq!(fetched.len(), 0, "{isolation}: a cursor from before");
        assert_eq!(tickets().await, 0, "{isolation}: of no team any more");
        desk.run(&format!(
            "insert into app.memberships (team_id, user_id) select id, {me} from app.teams where name = 'billing'"
        ))
        .await;
        assert!(tickets().await > 0, "{isolation}: of the team again");
        desk.run(&format!(
            "update app.users set active = false where id = {me}"
        ))
        .await;
        assert_eq!(tickets().await, 0, "{isolation}: not active any more");
        let tag = agent
            .batch_execute(&format!(
                "insert into app.tags (name) values ('late {isolation}')"
            ))
            .await;
        assert!(tag.is_err(), "{isolation}");
        agent.batch_execute("rollback").await.expect("ends");
    }
    let admin = desk.at_prompt("admin", None).await;
    let me: i64 = admin
        .query_one("select autocrm.actor_id()", &[])
        .await
        .expect("reads")
        .get(0);
    admin
        .batch_execute("begin; select count(*) from app.users")
        .await
        .expect("reads");
    desk.run(&format!(
        "update app.users set role = 'agent' where id = {me}"
    ))
    .await;
    let made = admin
        .batch_execute(
            "insert into app.users (role, name, email) values ('admin', 'backdoor', 'back@door.test')",
        )
        .await;
    assert!(made.is_err());
}
