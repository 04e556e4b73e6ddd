//! The archive: closed tickets leave daily work, stay readable for whoever saw them, and come back as they were.

use harness::desk::{Desk, Person};
use reqwest::Method;
use serde_json::{Value, json};

async fn close(desk: &Desk, id: i64) {
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'closed') where id = {id}"
    ))
    .await;
}

/// A policy that archives whatever was closed a month ago, and its rounds a hundred years from now.
async fn archive_all(desk: &Desk) {
    desk.run(
        "insert into app.retention_policies (name, enabled, since, days, action) values ('Archive', true, 'closed', 30, 'archive')
           on conflict do nothing;
         set autocrm.now = '2100-01-01'",
    )
    .await;
    while desk.one::<bool>("select worker.run_retention()").await {}
    let failed: i64 = desk
        .one("select count(*) from app.set_aside where worker = 'retention'")
        .await;
    if failed > 0 {
        let why: String = desk
            .one("select string_agg(concat_ws(' ', item, code, message, detail), '; ') from app.set_aside")
            .await;
        panic!("{why}");
    }
}

async fn in_archive(desk: &Desk, id: i64) -> bool {
    desk.one(&format!(
        "select exists (select from app.archived_tickets where id = {id}) and not exists (select from app.tickets where id = {id})"
    ))
    .await
}

/// The answer of a POST that must succeed.
async fn done(who: &Person, path: &str, body: Value) -> Value {
    let reply = who.post(path, body).await;
    let status = reply.status();
    let answer: Value = reply.json().await.expect("JSON");
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

async fn status(who: &Person, path: &str) -> u16 {
    who.get(path).await.status().as_u16()
}

/// Everything that the tables have of a ticket, but for what follows from other rows.
async fn rows(desk: &Desk, id: i64) -> Value {
    let text: String = desk
        .one(&format!(
            "select jsonb_build_object(
               'ticket', (select to_jsonb(t) from app.tickets t where t.id = {id}),
               'messages', (select jsonb_agg(to_jsonb(m) order by m.id) from app.messages m where m.ticket_id = {id}),
               'attachments', (select jsonb_agg(to_jsonb(a) order by a.id) from app.attachments a where a.ticket_id = {id}),
               'mentions', (select jsonb_agg(to_jsonb(a) order by a.id) from app.mentions a where a.ticket_id = {id}),
               'followers', (select jsonb_agg(to_jsonb(f) order by f.id) from app.followers f where f.ticket_id = {id}),
               'values', (select jsonb_agg(to_jsonb(f) order by f.field_key) from app.ticket_field_values f where f.ticket_id = {id}),
               'clocks', (select jsonb_agg(to_jsonb(c) order by c.metric, c.instance) from app.sla_clocks c where c.ticket_id = {id}),
               'drafts', (select jsonb_agg(to_jsonb(d) order by d.id) from app.drafts d where d.ticket_id = {id}),
               'holds', (select jsonb_agg(to_jsonb(h) order by h.id) from app.legal_holds h where h.ticket_id = {id}),
               'links', (select jsonb_agg(to_jsonb(l) order by l.id) from app.ticket_links l where {id} in (l.ticket_id, l.other_id)),
               'facts', (select jsonb_agg(to_jsonb(f) order by f.n) from app.metric_facts f where f.ticket_id = {id}),
               'counts', (select jsonb_object_agg(c.status_id, c.tickets) from (
                  select status_id, sum(tickets) as tickets from app.ticket_counts group by 1 having sum(tickets) <> 0) c))::text"
        ))
        .await;
    serde_json::from_str(&text).expect("JSON")
}

/// A ticket with a note, a file, a follower, a link, restricted and plain fields, closed.
async fn full(desk: &Desk, root: &Person) -> i64 {
    let (id, beside) = (
        desk.ticket("Refund for the violin", "billing").await,
        desk.ticket("Beside", "billing").await,
    );
    desk.run(&format!(
        "insert into app.custom_fields (key, label, type, visible_to) values ('margin', 'Margin', 'integer', '{{admin}}');
         insert into app.custom_fields (key, label, type) values ('colour', 'Colour', 'text');
         insert into app.tags (name) values ('violins');
         update app.tickets set custom = '{{\"margin\": 7, \"colour\": \"amber\"}}', tag_ids = array(select id from app.tags where name = 'violins') where id = {id};
         insert into app.messages (ticket_id, author_id, kind, body_text) values ({id}, {root}, 'note', 'Between us: hagglers'), ({id}, {root}, 'reply', 'It is on its way');
         insert into app.blobs (sha256, size, stored_at) values (sha256('v'), 1, '2020-01-01');
         insert into app.attachments (name, media_type, sha256, size, ticket_id, message_id, message_at)
           select 'note.txt', 'text/plain', sha256('v'), 1, ticket_id, id, created_at from app.messages where ticket_id = {id} and kind = 'note';
         insert into app.followers (ticket_id, user_id) values ({id}, {root});
         insert into app.ticket_links (kind, ticket_id, other_id) values ('related', {id}, {beside})",
        root = root.id
    ))
    .await;
    close(desk, id).await;
    desk.work("search", "search_cursor").await;
    id
}

#[tokio::test]
async fn an_archived_ticket_leaves_daily_work_and_is_read_in_the_archive() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let id = full(&desk, &root).await;
    let open = desk.ticket("Open", "billing").await;
    let before = root.read(&format!("/api/tickets/{id}")).await;
    let said = root
        .read(&format!("/api/tickets/{id}/messages?limit=100"))
        .await;
    archive_all(&desk).await;

    assert!(in_archive(&desk, id).await);
    assert_eq!(status(&root, &format!("/api/tickets/{open}")).await, 200);
    let left: i64 = desk
        .one(&format!(
            "select (select count(*) from app.messages where ticket_id = {id}) + (select count(*) from app.attachments where ticket_id = {id})
                  + (select count(*) from app.search_documents where ticket_id = {id}) + (select count(*) from app.ticket_links)"
        ))
        .await;
    assert_eq!(left, 0);
    let archived = root.read(&format!("/api/archived-tickets/{id}")).await;
    for (key, value) in before.as_object().expect("an object") {
        if ![
            "form",
            "required_skills",
            "preferred_skills",
            "next_breach_at",
        ]
        .contains(&key.as_str())
        {
            assert_eq!(&archived[key], value, "{key}");
        }
    }
    assert_eq!(archived["messages"], said["items"]);
    assert_eq!(archived["followers"][0]["user_id"], root.id);
    assert_eq!(archived["links"][0]["subject"], "Beside");
    let names: Vec<&str> = archived["events"]
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|event| event["name"].as_str())
        .collect();
    assert_eq!(names.first(), Some(&"ticket.created"));
    assert_eq!(names.last(), Some(&"ticket.archived"));
    assert!(!names.contains(&"ticket.deleted"), "{names:?}");

    // Whoever asks at the old address is told the new one.
    let reply = ada.get(&format!("/api/tickets/{id}")).await;
    assert_eq!(reply.status(), 410);
    let gone: Value = reply.json().await.expect("JSON");
    assert!(
        gone.to_string()
            .contains(&format!("/api/archived-tickets/{id}")),
        "{gone}"
    );
    // From the other end the link is still there.
    let beside: i64 = desk
        .one("select id from app.tickets where subject = 'Beside'")
        .await;
    let links = ada.read(&format!("/api/tickets/{beside}/links")).await;
    assert_eq!(links["items"][0]["ticket_id"], id);
    assert_eq!(links["items"][0]["subject"], "Refund for the violin");
    // The audit knows no deletion.
    let acts: String = desk
        .one(&format!(
            "select string_agg(action::text, ',') from app.audit_log where table_name = 'tickets' and row_key = '{id}' and action not in ('insert', 'update')"
        ))
        .await;
    assert_eq!(acts, "archive");
    let deleted: i64 = desk
        .one("select count(*) from app.audit_log where action = 'delete'")
        .await;
    assert_eq!(deleted, 0);
}

#[tokio::test]
async fn a_restored_ticket_is_what_it_was() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let id = full(&desk, &root).await;
    // A hold that has ended, and a draft whose file has been attached since.
    desk.run(&format!(
        "insert into app.legal_holds (name, ticket_id, until) values ('Old case', {id}, now() - interval '1 day');
         insert into app.attachments (uploader_id, name, media_type, sha256, size) values ({root}, 'draft.txt', 'text/plain', sha256('v'), 1);
         insert into app.drafts (ticket_id, author_id, kind, body_text, attachment_ids)
           select {id}, {root}, 'reply', 'Nearly done', array[a.id] from app.attachments a where a.name = 'draft.txt';
         update app.attachments a set ticket_id = m.ticket_id, message_id = m.id, message_at = m.created_at
           from app.messages m where a.name = 'draft.txt' and m.ticket_id = {id} and m.kind = 'note'",
        root = root.id
    ))
    .await;
    desk.work("metrics", "metric_cursor").await;
    let before = (
        rows(&desk, id).await,
        root.read(&format!("/api/tickets/{id}")).await,
        root.read(&format!("/api/tickets/{id}/messages?limit=100"))
            .await,
        root.read(&format!("/api/tickets/{id}/links")).await,
    );
    archive_all(&desk).await;
    assert!(in_archive(&desk, id).await);
    let path = format!("/api/archived-tickets/{id}/restore");
    let reply = root.post(&path, json!({})).await;
    let got = reply.status();
    let restored: Value = reply.json().await.expect("JSON");
    assert_eq!(got, 200, "{restored}");
    assert_eq!(restored, before.1);
    assert_eq!(rows(&desk, id).await, before.0);
    assert_eq!(
        root.read(&format!("/api/tickets/{id}/messages?limit=100"))
            .await,
        before.2
    );
    assert_eq!(
        root.read(&format!("/api/tickets/{id}/links")).await,
        before.3
    );
    assert_eq!(
        status(&root, &format!("/api/archived-tickets/{id}")).await,
        404
    );
    // Nobody was told of a new ticket or message.
    let told: i64 = desk
        .one(&format!(
            "select count(*) from app.events where ticket_id = {id} and name in ('ticket.created', 'message.created', 'user.mentioned')
                and at >= '2100-01-01'"
        ))
        .await;
    assert_eq!(told, 0);
    // It is found again, and counts follow.
    desk.work("search", "search_cursor").await;
    let found = root.read("/api/search?q=violin").await;
    assert_eq!(found["items"][0]["id"], id);
    assert_eq!(root.post(&path, json!({})).await.status(), 404);
}

#[tokio::test]
async fn the_archive_shows_each_what_they_could_see() {
    let desk = Desk::open().await;
    let (root, ada, eve) = (
        desk.admin().await,
        desk.agent("Ada", "billing").await,
        desk.agent("Eve", "tech").await,
    );
    let id = full(&desk, &root).await;
    let (key, other_key) = (
        desk.key(&["tickets:read"], Some("billing")).await,
        desk.key(&["tickets:read"], Some("tech")).await,
    );
    archive_all(&desk).await;
    let path = format!("/api/archived-tickets/{id}");

    for outsider in [&eve, &other_key] {
        assert_eq!(status(outsider, &path).await, 404);
        assert_eq!(
            status(outsider, &format!("/api/tickets/{id}")).await,
            404,
            "not even that it is archived"
        );
        for list in [
            "/api/archived-tickets",
            "/api/archived-tickets?q=violin",
            "/api/archived-tickets?tag=violins",
        ] {
            assert_eq!(outsider.read(list).await["items"], json!([]), "{list}");
        }
    }
    // A field for administrators, and notes.
    let (whole, part, least) = (
        root.read(&path).await,
        ada.read(&path).await,
        key.read(&path).await,
    );
    assert_eq!(whole["custom"], json!({"margin": 7, "colour": "amber"}));
    assert_eq!(part["custom"], json!({"colour": "amber"}));
    assert!(part.to_string().contains("hagglers"));
    assert!(!least.to_string().contains("hagglers"), "{least}");
    assert!(!least.to_string().contains("note.txt"), "{least}");
    assert!(!least.to_string().contains("margin"), "{least}");
    assert_eq!(least["requester"]["name"], Value::Null, "no users:read");
    // Whose ticket it is reads what the desk answered, and none of the words of the desk.
    let quinn = desk.person("customer", "Quinn", "teams").await;
    let asks = async |sql: String| {
        let mut api = desk.log_in("autocrm_api").await;
        let asking = api.transaction().await.expect("begins");
        asking
            .batch_execute(&format!(
                "select set_config('role', 'autocrm_customer', true), set_config('request.jwt.claims', '{}', true)",
                quinn.claims()
            ))
            .await
            .expect("an identity");
        let answer = asking
            .query_one(&format!("select ({sql})::text"), &[])
            .await;
        answer.ok().map(|row| {
            let text: String = row.get(0);
            serde_json::from_str::<Value>(&text).expect("JSON")
        })
    };
    assert_eq!(asks(format!("api.get_archived_ticket({id})")).await, None);
    desk.run(&format!(
        "insert into app.organizations (name) values ('Strings Ltd');
         update app.archived_tickets set requester_id = {}, organization_id = (select id from app.organizations) where id = {id}",
        quinn.id
    ))
    .await;
    let own = asks(format!("api.get_archived_ticket({id})"))
        .await
        .expect("hers");
    for key in ["organization", "team", "assignee"] {
        assert_eq!(own[key], Value::Null, "{key}");
    }
    for key in ["tags", "followers", "links", "events"] {
        assert_eq!(own[key], json!([]), "{key}");
    }
    assert!(own.to_string().contains("It is on its way"), "{own}");
    assert!(!own.to_string().contains("hagglers"), "{own}");
    let list = async |query: Value| {
        asks(format!("api.list_archived_tickets('{query}')"))
            .await
            .expect("a list")["items"]
            .clone()
    };
    let all = list(json!({})).await;
    assert_eq!((&all[0]["id"], &all[0]["tags"]), (&json!(id), &json!([])));
    for query in [json!({"tag": "violins"}), json!({"q": "hagglers"})] {
        assert_eq!(list(query.clone()).await, json!([]), "{query}");
    }
    // Whom it concerned, for keys that may not read people.
    let least = key.read(&path).await;
    assert_eq!(least["organization"], Value::Null);
    assert!(!least.to_string().contains("Strings Ltd"), "{least}");
    assert!(!least.to_string().contains("Cleo"), "{least}");
    // Words of a note find it for those who read notes.
    for (who, found) in [(&ada, 1), (&key, 0)] {
        let page = who.read("/api/archived-tickets?q=hagglers").await;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(found));
    }
    // The file of the note.
    let file: i64 = desk
        .one("select attachment_id from app.archived_files")
        .await;
    let file = format!("/api/attachments/{file}");
    assert_eq!(ada.read(&file).await["name"], "note.txt");
    assert_eq!(status(&key, &file).await, 404);
    assert_eq!(status(&eve, &file).await, 404);
    // Restoring is for administrators, and outsiders do not learn that there is something.
    for (who, expected) in [(&ada, 403), (&eve, 404)] {
        let reply = who
            .send(Method::POST, &format!("{path}/restore"), None, &[])
            .await;
        assert_eq!(reply.status(), expected);
    }
}

#[tokio::test]
async fn nobody_at_a_prompt_reads_documents_or_writes_the_archive() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let id = full(&desk, &root).await;
    archive_all(&desk).await;
    let own = desk.analyst(Some("billing")).await;
    let seen = own
        .query("select subject from reporting.archived_tickets", &[])
        .await
        .expect("rows");
    assert_eq!(seen.len(), 1);
    let boss = desk.at_prompt("admin", None).await;
    for client in [&own, &boss] {
        for sql in [
            "select document from app.archived_tickets".to_owned(),
            "select words from app.archived_tickets".to_owned(),
            "select * from app.archived_tickets_2100".to_owned(),
            "select * from app.archived_files".to_owned(),
            "select * from app.archived_links".to_owned(),
            "delete from app.archived_tickets".to_owned(),
            "update app.archived_tickets set subject = 'x'".to_owned(),
            format!("select app.restore_archived_ticket({id})"),
            format!("select app.archive_ticket({id}, '{{}}')"),
            "select autocrm.archiving(true)".to_owned(),
        ] {
            assert!(client.batch_execute(&sql).await.is_err(), "{sql}");
        }
    }
    drop(own);
    let other = desk.at_prompt("analyst", Some("tech")).await;
    for sql in [
        "select 1 from app.archived_tickets",
        "select 1 from pg_stats where tablename like 'archived%'",
    ] {
        assert!(
            other.query(sql, &[]).await.expect("rows").is_empty(),
            "{sql}"
        );
    }
    // A superuser may take its id, which ends its way back and nothing else.
    desk.run(&format!(
        "insert into app.tickets (id, subject, requester_id) overriding system value select {id}, 'Forged', min(id) from app.users"
    ))
    .await;
    let (code, _) = desk
        .refused(&format!("select app.restore_archived_ticket({id})"))
        .await;
    assert_eq!(code, "23505");
    assert!(
        desk.one::<bool>(&format!(
            "select exists (select from app.archived_tickets where id = {id})"
        ))
        .await
    );
    // Partitions are the desk's, also those that a superuser has made, or no later version could change them.
    desk.run("select app.ensure_archive_year('1999-06-01')")
        .await;
    let of_others: i64 = desk
        .one(
            "select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid
              where c.relnamespace = 'app'::regnamespace and c.relowner <> 'autocrm_owner'::regrole",
        )
        .await;
    assert_eq!(of_others, 0);
}

#[tokio::test]
async fn merged_tickets_go_and_come_with_the_one_that_shows_them() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let (source, target) = (
        desk.ticket("Twice", "billing").await,
        desk.ticket("Once", "billing").await,
    );
    done(
        &root,
        &format!("/api/tickets/{source}/merge"),
        json!({"into": target}),
    )
    .await;
    archive_all(&desk).await;
    assert!(!in_archive(&desk, source).await, "its target is open");
    close(&desk, target).await;
    let path = format!("/api/tickets/{target}/messages?limit=100");
    let before = root.read(&path).await["items"].clone();
    desk.run("delete from app.retention_runs; set autocrm.now = '2100-03-01'")
        .await;
    while desk.one::<bool>("select worker.run_retention()").await {}
    assert!(in_archive(&desk, source).await && in_archive(&desk, target).await);
    let archived = root.read(&format!("/api/archived-tickets/{target}")).await;
    assert_eq!(archived["messages"], before);

    let alone = root
        .post(
            &format!("/api/archived-tickets/{source}/restore"),
            json!({}),
        )
        .await;
    assert_eq!(alone.status(), 409);
    let both = root
        .post(
            &format!("/api/archived-tickets/{target}/restore"),
            json!({}),
        )
        .await;
    assert_eq!(both.status(), 200);
    assert_eq!(root.read(&path).await["items"], before);
    assert!(!in_archive(&desk, source).await);
}

#[tokio::test]
async fn held_open_trashed_and_locked_tickets_stay() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let (held, trashed, locked, solved) = (
        desk.ticket("Held", "billing").await,
        desk.ticket("Trashed", "billing").await,
        desk.ticket("Locked", "billing").await,
        desk.ticket("Solved", "billing").await,
    );
    for id in [held, trashed, locked] {
        close(&desk, id).await;
    }
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {solved}"
    ))
    .await;
    root.create(
        "/api/legal-holds",
        json!({"name": "Case", "ticket_id": held}),
    )
    .await;
    root.delete(&format!("/api/tickets/{trashed}")).await;
    let writer = desk.acting_as(&root).await;
    writer
        .batch_execute(&format!(
            "begin; insert into app.messages (ticket_id, author_id, kind, body_text) values ({locked}, {}, 'note', 'Right now')",
            root.id
        ))
        .await
        .expect("a message");
    archive_all(&desk).await;
    for id in [held, trashed, locked, solved] {
        assert!(!in_archive(&desk, id).await, "{id}");
    }
    writer.batch_execute("commit").await.expect("commit");
    desk.run("delete from app.retention_runs").await;
    while desk.one::<bool>("select worker.run_retention()").await {}
    let archived = root.read(&format!("/api/archived-tickets/{locked}")).await;
    assert!(archived.to_string().contains("Right now"));
    // What is linked to something held goes, and both ends still show the link.
    let beside = desk.ticket("Beside the case", "billing").await;
    desk.run(&format!(
        "insert into app.ticket_links (kind, ticket_id, other_id) values ('related', {beside}, {held})"
    ))
    .await;
    close(&desk, beside).await;
    desk.run("delete from app.retention_runs; set autocrm.now = '2300-01-01'")
        .await;
    while desk.one::<bool>("select worker.run_retention()").await {}
    assert!(in_archive(&desk, beside).await);
    let links = root.read(&format!("/api/tickets/{held}/links")).await;
    assert_eq!(links["items"][0]["ticket_id"], beside);
    let wrong = json!({"name": "Bin", "since": "trashed", "days": 30, "action": "archive"});
    let refused = root.post("/api/retention-policies", wrong).await;
    assert_eq!(refused.status(), 422);
}

#[tokio::test]
async fn files_and_figures_of_archived_tickets_stay() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let id = full(&desk, &root).await;
    desk.work("metrics", "metric_cursor").await;
    let sums = "select coalesce(sum(created), 0)::bigint * 1000 + coalesce(sum(solved), 0)::bigint from app.metrics where grain = 'all'";
    let before: i64 = desk.one(sums).await;
    assert!(before > 1000);
    archive_all(&desk).await;
    desk.work("metrics", "metric_cursor").await;
    assert_eq!(desk.one::<i64>(sums).await, before);
    desk.run("select app.begin_metric_rebuild()").await;
    while desk
        .one::<i32>("select coalesce(app.run_metric_rebuild(100), 0)")
        .await
        > 0
    {}
    assert_eq!(desk.one::<i64>(sums).await, before, "a rebuild finds them");
    let swept: Vec<String> = desk.one("select worker.sweep_blobs()").await;
    assert!(swept.is_empty(), "{swept:?}");
    // Whoever restores it has its facts once.
    root.post(&format!("/api/archived-tickets/{id}/restore"), json!({}))
        .await;
    desk.work("metrics", "metric_cursor").await;
    assert_eq!(desk.one::<i64>(sums).await, before);
}

#[tokio::test]
async fn a_person_is_erased_and_exported_in_the_archive_too() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let id = full(&desk, &root).await;
    let other = desk.ticket("Of another", "billing").await;
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    desk.run(&format!(
        "insert into app.users (role, name, email) values ('customer', 'Oskar Other', 'oskar@customer.test');
         update app.tickets set requester_id = (select id from app.users where email = 'oskar@customer.test') where id = {other};
         insert into app.messages (ticket_id, author_id, kind, body_text, created_at) values
           ({id}, {cleo}, 'reply', 'My cello is kwyz-vuxq', (select created_at from app.tickets where id = {id})),
           ({id}, (select id from app.users where email = 'oskar@customer.test'), 'reply', 'I tuned it', now()),
           ({other}, {root}, 'note', 'As cleo@customer.test said', now())",
        root = root.id
    ))
    .await;
    close(&desk, id).await;
    close(&desk, other).await;
    desk.work("search", "search_cursor").await;
    archive_all(&desk).await;
    let export = done(&root, &format!("/api/users/{cleo}/export"), json!({})).await;
    assert!(
        export["archived"].to_string().contains("kwyz-vuxq"),
        "{export}"
    );
    assert!(!export.to_string().contains("As cleo@"), "{export}");
    let oskar: i64 = desk
        .one("select id from app.users where email = 'oskar@customer.test'")
        .await;
    let export = done(&root, &format!("/api/users/{oskar}/export"), json!({})).await;
    let archived = export["archived"].to_string();
    assert!(archived.contains("I tuned it"), "{export}");
    assert!(!archived.contains("kwyz"), "{export}");

    let erasure = done(&root, &format!("/api/users/{cleo}/erase"), json!({})).await;
    // Nothing comes back meanwhile, past what the erasure has been through.
    let early = root
        .post(&format!("/api/archived-tickets/{other}/restore"), json!({}))
        .await;
    assert_eq!(early.status(), 409);
    while desk.one::<bool>("select worker.run_erasures()").await {}
    let certificate = root.read(&format!("/api/erasures/{}", erasure["id"])).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    assert_eq!(certificate["counts"]["archived_tickets"], 2);
    for words in ["kwyz", "cleo"] {
        let left: i64 = desk
            .one(&format!(
                "select count(*) from app.archived_tickets a where a::text ilike '%{words}%'"
            ))
            .await;
        assert_eq!(left, 0, "{words}");
    }
    assert!(in_archive(&desk, id).await && in_archive(&desk, other).await);
    let archived = root.read(&format!("/api/archived-tickets/{id}")).await;
    assert_eq!(
        archived["requester"]["name"],
        format!("Erased person {cleo}")
    );
    assert!(
        archived.to_string().contains("It is on its way"),
        "what the desk wrote stays"
    );
}

#[tokio::test]
async fn what_comes_back_belongs_to_whom_its_people_were_merged_into() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let id = full(&desk, &root).await;
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let oskar = json!({"role": "customer", "name": "Oskar", "email": "oskar@customer.test"});
    let oskar = root.create("/api/users", oskar).await["id"].clone();
    desk.run(&format!(
        "insert into app.followers (ticket_id, user_id, kind) values ({id}, {cleo}, 'cc'), ({id}, {oskar}, 'cc')"
    ))
    .await;
    archive_all(&desk).await;
    done(
        &root,
        &format!("/api/users/{cleo}/merge"),
        json!({"into": oskar}),
    )
    .await;
    let path = format!("/api/archived-tickets/{id}/restore");
    let restored = done(&root, &path, json!({})).await;
    assert_eq!(restored["requester"]["id"], oskar);
    let left: i64 = desk
        .one(&format!(
            "select (select count(*) from app.messages where author_id = {cleo}) + (select count(*) from app.followers where user_id = {cleo})"
        ))
        .await;
    assert_eq!(left, 0);
    let kept: i64 = desk
        .one(&format!(
            "select count(*) from app.followers where ticket_id = {id} and user_id = {oskar}"
        ))
        .await;
    assert_eq!(kept, 1);
}

/// Whoever adds a table to tickets decides whether its rows go to the archive with them.
#[tokio::test]
async fn every_table_of_a_ticket_is_archived_with_it() {
    let desk = Desk::open().await;
    let forgotten: Option<String> = desk
        .one(
            "select string_agg(c.conrelid::regclass::text, ', ') from pg_constraint c
              where c.contype = 'f' and c.confrelid = 'app.tickets'::regclass and c.conparentid = 0
                and c.conrelid not in (select ('app.' || p)::regclass from unnest(app.archived_parts()) p)
                and c.conrelid not in ('app.ticket_links'::regclass, 'app.waiting'::regclass, 'app.set_aside'::regclass, 'app.search_documents'::regclass)",
        )
        .await;
    assert_eq!(forgotten, None);
}

/// A field that was restricted after the ticket was archived, and one that was opened.
#[tokio::test]
async fn fields_of_archived_tickets_are_seen_by_the_visibility_of_today() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let id = full(&desk, &root).await;
    archive_all(&desk).await;
    let found = async |q: &str| {
        let page = ada.read(&format!("/api/archived-tickets?q={q}")).await;
        page["items"].as_array().map(Vec::len)
    };
    assert_eq!((found("amber").await, found("7").await), (Some(1), Some(0)));
    desk.run(
        "set autocrm.now = '2100-01-02';
         update app.custom_fields set visible_to = '{admin}' where key = 'colour';
         update app.custom_fields set visible_to = '{admin,agent,integration,analyst}' where key = 'margin'",
    )
    .await;
    for _ in 0..4 {
        desk.run("select worker.run_field_jobs()").await;
    }
    let left: i64 = desk
        .one("select count(*) from app.field_jobs where status <> 'done' or done <> total")
        .await;
    assert_eq!(left, 0);
    let path = format!("/api/archived-tickets/{id}");
    let archived = ada.read(&path).await;
    assert_eq!(archived["custom"], json!({"margin": 7}));
    assert!(!archived.to_string().contains("amber"), "{archived}");
    assert_eq!(root.read(&path).await["custom"]["colour"], "amber");
    assert_eq!((found("amber").await, found("7").await), (Some(0), Some(1)));

    let restored = done(&root, &format!("{path}/restore"), json!({})).await;
    assert_eq!(restored["custom"], json!({"margin": 7, "colour": "amber"}));
    let open: String = desk
        .one(&format!(
            "select custom::text from app.tickets where id = {id}"
        ))
        .await;
    assert_eq!(open, r#"{"margin": 7}"#);
    let restored = ada.read(&format!("/api/tickets/{id}")).await;
    assert_eq!(restored["custom"], json!({"margin": 7}));
}

/// Otherwise it could never come back, and nobody could be erased from it.
#[tokio::test]
async fn what_an_archived_ticket_cannot_be_without_is_kept() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    full(&desk, &root).await;
    let id = desk.ticket("Odd", "billing").await;
    desk.run(&format!(
        "insert into app.statuses (key, label, category, position) values ('shut', 'Shut', 'closed', 99);
         insert into app.priorities (key, label, weight) values ('odd', 'Odd', 77);
         insert into app.users (role, name) values ('customer', 'Quiet');
         update app.tickets
            set status_id = (select id from app.statuses where key = 'shut'), priority_id = (select id from app.priorities where key = 'odd'),
                requester_id = (select id from app.users where name = 'Quiet'), external_id = 'JIRA-1'
          where id = {id}"
    ))
    .await;
    archive_all(&desk).await;
    assert!(in_archive(&desk, id).await);
    for (path, table, name) in [
        ("statuses", "app.statuses", "key = 'shut'"),
        ("priorities", "app.priorities", "key = 'odd'"),
        ("users", "app.users", "name = 'Quiet'"),
        ("custom-fields", "app.custom_fields", "key = 'colour'"),
        ("custom-fields", "app.custom_fields", "key = 'margin'"),
    ] {
        let row: i64 = desk
            .one(&format!("select id from {table} where {name}"))
            .await;
        let refused = root.delete(&format!("/api/{path}/{row}")).await;
        assert_eq!(refused.status(), 409, "{path}");
    }
    // Its id in another system is its own, like its number.
    let open = desk.ticket("Open", "billing").await;
    for sql in [
        "insert into app.tickets (subject, requester_id, external_id) select 'Again', min(id), 'JIRA-1' from app.users where role = 'customer'".to_owned(),
        format!("update app.tickets set external_id = 'JIRA-1' where id = {open}"),
    ] {
        let (code, _) = desk.refused(&sql).await;
        assert_eq!(code, "23505");
    }
    let body = json!({"subject": "Again", "external_id": "JIRA-1"});
    let refused = root.post("/api/tickets", body).await;
    assert_eq!(refused.status(), 409);
    // Removed past all triggers: what is missing is told in the desk's words.
    let restore = format!("/api/archived-tickets/{id}/restore");
    desk.run(
        "create table public.odd as select * from app.priorities where key = 'odd';
         begin; set local session_replication_role = replica; delete from app.priorities where key = 'odd'; commit",
    )
    .await;
    let refused = root.post(&restore, json!({})).await;
    assert_eq!(refused.status(), 409);
    let told = refused.text().await.expect("a problem");
    assert!(!told.contains("fkey") && !told.contains("app."), "{told}");
    desk.run("insert into app.priorities overriding system value select * from public.odd; drop table public.odd")
        .await;
    done(&root, &restore, json!({})).await;
}

/// As their removal would have done with a ticket of daily work.
#[tokio::test]
async fn what_was_removed_meanwhile_is_empty_in_what_comes_back() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "tech").await);
    let id = full(&desk, &root).await;
    let other = desk.ticket("Of another", "billing").await;
    desk.run(&format!(
        "insert into app.object_types (key, name, plural_name) values ('printer', 'Printer', 'Printers');
         insert into app.object_records (object_type_id, name) select id, 'Laser' from app.object_types where key = 'printer';
         insert into app.organizations (name) values ('Gone Ltd');
         insert into app.users (role, name) values ('customer', 'Friend'), ('customer', 'Friend of before');
         insert into app.custom_fields (key, label, type, config, visible_to) values
           ('printer', 'Printer', 'relation', '{{\"target\": \"object:printer\"}}', '{{admin,agent,integration,analyst}}'),
           ('firm', 'Firm', 'relation', '{{\"target\": \"organization\"}}', '{{admin}}'),
           ('cause', 'Cause', 'relation', '{{\"target\": \"ticket\"}}', '{{admin,agent,integration,analyst}}'),
           ('friend', 'Friend', 'relation', '{{\"target\": \"user\"}}', '{{admin,agent,integration,analyst}}');
         update app.tickets
            set custom = custom || jsonb_build_object('printer', (select id from app.object_records), 'firm', (select id from app.organizations where name = 'Gone Ltd'),
                                                      'cause', {other}, 'friend', (select id from app.users where name = 'Friend of before')),
                assignee_id = {ada}, organization_id = (select id from app.organizations where name = 'Gone Ltd')
          where id = {id}",
        ada = ada.id
    ))
    .await;
    close(&desk, other).await;
    archive_all(&desk).await;
    assert!(in_archive(&desk, other).await);
    let row = |table: &'static str, name: &'static str| {
        let desk = &desk;
        async move {
            desk.one::<i64>(&format!("select id from app.{table} where name = '{name}'"))
                .await
        }
    };
    let friend = row("users", "Friend").await;
    let before = row("users", "Friend of before").await;
    done(
        &root,
        &format!("/api/users/{before}/merge"),
        json!({"into": friend}),
    )
    .await;
    desk.run(
        "delete from app.object_records; delete from app.organizations where name = 'Gone Ltd';
         delete from app.tags where name = 'violins'; delete from app.teams where name = 'billing'",
    )
    .await;
    let restored = done(
        &root,
        &format!("/api/archived-tickets/{id}/restore"),
        json!({}),
    )
    .await;
    assert_eq!(
        restored["custom"],
        json!({"margin": 7, "colour": "amber", "cause": other, "friend": friend})
    );
    for key in ["team", "organization"] {
        assert_eq!(restored[key], Value::Null, "{key}");
    }
    assert_eq!(restored["tags"], json!([]));
    // It can be written as any other.
    let body = json!({"custom": {"colour": "red"}});
    let reply = root.patch(&format!("/api/tickets/{id}"), body, None).await;
    let status = reply.status();
    assert_eq!(status, 200, "{}", reply.text().await.expect("text"));
}
