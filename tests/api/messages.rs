//! What is said on a ticket: quotes, mentions, editing and redaction.

use autocrm_api::model::{Follower, Message, Page};
use harness::desk::{Desk, Person, problem_paths};
use reqwest::Method;
use serde_json::{Value, json};

/// Two teams, Ada and Bob in the first, Tom in the second; a ticket of the first.
pub struct Scene {
    pub desk: Desk,
    pub ada: Person,
    pub bob: Person,
    pub tom: Person,
    pub ticket: i64,
    pub path: String,
}

impl Scene {
    pub async fn open() -> Self {
        let desk = Desk::open().await;
        let ada = desk.agent("Ada", "billing").await;
        let bob = desk.agent("Bob", "billing").await;
        let tom = desk.agent("Tom", "tech").await;
        let ticket = desk.ticket("Card declined", "billing").await;
        let path = format!("/api/tickets/{ticket}");
        Self {
            desk,
            ada,
            bob,
            tom,
            ticket,
            path,
        }
    }

    pub async fn say(&self, who: &Person, body: Value) -> Message {
        let sent = who.post(&format!("{}/messages", self.path), body).await;
        assert_eq!(sent.status(), 201);
        sent.json().await.expect("a message")
    }

    async fn refused(&self, who: &Person, body: Value) -> Value {
        let sent = who.post(&format!("{}/messages", self.path), body).await;
        assert_eq!(sent.status(), 422);
        sent.json().await.expect("JSON")
    }

    fn message(&self, id: i64) -> String {
        format!("{}/messages/{id}", self.path)
    }
}

#[tokio::test]
async fn what_a_message_quotes_is_told_apart() {
    let scene = Scene::open().await;
    let html = scene
        .say(
            &scene.ada,
            json!({"body_html": "<p>Yes</p><blockquote type=\"cite\">Really?</blockquote>"}),
        )
        .await;
    assert_eq!(
        html.body_html.as_deref(),
        Some("<p>Yes</p><blockquote class=\"quote\">Really?</blockquote>")
    );
    assert_eq!(
        (html.body_text.as_str(), html.quote_from),
        ("Yes\nReally?", Some(4))
    );

    let text = scene
        .say(&scene.ada, json!({"body_text": "Ça va\n> Really?"}))
        .await;
    assert_eq!(text.quote_from, Some(6));
    let plain = scene.say(&scene.ada, json!({"body_text": "1 > 0"})).await;
    assert_eq!(plain.quote_from, None);
}

#[tokio::test]
async fn who_is_mentioned_follows_and_is_told_and_nobody_is_mentioned_past_their_rights() {
    let scene = Scene::open().await;
    let said = scene
        .say(
            &scene.ada,
            json!({"kind": "note", "body_html": format!("<p><b data-mention=\"user:{}\">@Bob</b> look</p>", scene.bob.id)}),
        )
        .await;
    assert_eq!(
        (said.mentions[0].id, said.mentions[0].notified),
        (scene.bob.id, true)
    );
    let followers: Page<Follower> = scene
        .ada
        .get(&format!("{}/followers", scene.path))
        .await
        .json()
        .await
        .expect("a page");
    assert_eq!(
        (followers.items[0].user_id, followers.items[0].kind.as_str()),
        (scene.bob.id, "follower")
    );
    let event: String = scene
        .desk
        .one("select data ->> 'kind' || (data ->> 'user_id') from app.events where name = 'user.mentioned'")
        .await;
    assert_eq!(event, format!("note{}", scene.bob.id));

    // Tom cannot see the ticket: the message is refused and nothing of it stays.
    let before: i64 = scene.desk.one("select count(*) from app.messages").await;
    for body in [
        json!({"body_text": "Tom?", "mentions": [{"user_id": scene.bob.id}, {"user_id": scene.tom.id}]}),
        json!({"body_html": format!("<i data-mention=\"user:{}\">@Tom</i>", scene.tom.id)}),
    ] {
        let problem = scene.refused(&scene.ada, body).await;
        assert!(
            problem["problems"][0]["message"]
                .as_str()
                .is_some_and(|m| m.contains("Tom cannot see this ticket")),
            "{problem}"
        );
    }
    let customer: i64 = scene
        .desk
        .one("select id from app.users where role = 'customer'")
        .await;
    for (mentions, path) in [
        (json!([{"user_id": customer}]), "mentions.0"),
        (json!([{"team_id": 99}]), "mentions.0"),
        (json!([{"user_id": "x"}]), "mentions"),
        (json!({}), "mentions"),
    ] {
        let problem = scene
            .refused(&scene.ada, json!({"body_text": "x", "mentions": mentions}))
            .await;
        assert_eq!(problem_paths(&problem), [path]);
    }
    assert_eq!(
        scene
            .desk
            .one::<i64>("select count(*) from app.messages")
            .await,
        before
    );
    // Nor at a SQL prompt: the policy says the same.
    let forced = scene.desk.log_in("autocrm_api").await;
    let claims = scene.ada.claims();
    for sql in [
        format!(
            "insert into app.mentions (message_id, message_at, ticket_id, user_id) select id, created_at, ticket_id, {} from app.messages where id = {}",
            scene.tom.id, said.id
        ),
        format!(
            "insert into app.followers (ticket_id, user_id) values ({}, {})",
            scene.ticket, scene.tom.id
        ),
    ] {
        let tried = forced
            .batch_execute(&format!(
                "begin; select set_config('role', 'autocrm_agent', true), set_config('request.jwt.claims', '{claims}', true); {sql}"
            ))
            .await;
        forced.batch_execute("rollback").await.expect("undone");
        assert_eq!(
            tried
                .expect_err("refused")
                .code()
                .map(|c| c.code().to_owned())
                .as_deref(),
            Some("42501")
        );
    }
}

#[tokio::test]
async fn of_a_mentioned_team_those_hear_who_can_see_the_ticket() {
    let scene = Scene::open().await;
    scene
        .desk
        .run(&format!(
            "insert into app.memberships (team_id, user_id) select id, {} from app.teams where name = 'tech'",
            scene.bob.id
        ))
        .await;
    let tech: i64 = scene
        .desk
        .one("select id from app.teams where name = 'tech'")
        .await;

    let said = scene
        .say(
            &scene.ada,
            json!({"body_text": "Tech?", "mentions": [{"team_id": tech}]}),
        )
        .await;

    let told: Vec<(i64, bool)> = said.mentions.iter().map(|m| (m.id, m.notified)).collect();
    assert_eq!(told, [(scene.bob.id, true), (scene.tom.id, false)]);
    let heard: i64 = scene
        .desk
        .one("select count(*) from app.events where name = 'user.mentioned'")
        .await;
    assert_eq!(heard, 1);
    assert_eq!(
        scene.tom.get(&scene.path).await.status(),
        404,
        "a mention opens no door"
    );
    scene
        .desk
        .run(&format!(
            "delete from app.memberships where user_id = {} and team_id = {tech}",
            scene.bob.id
        ))
        .await;
    let problem = scene
        .refused(
            &scene.ada,
            json!({"body_text": "Tech?", "mentions": [{"team_id": tech}]}),
        )
        .await;
    assert_eq!(problem_paths(&problem), ["mentions.0"]);
}

#[tokio::test]
async fn a_customers_words_mention_nobody_and_a_quote_mentions_nobody_again() {
    let scene = Scene::open().await;
    let mention = format!("<b data-mention=\"user:{}\">@Bob</b>", scene.bob.id);
    scene
        .desk
        .run(&format!(
            "insert into app.messages (ticket_id, author_id, body_html) select {0}, requester_id, '{mention}' from app.tickets where id = {0}",
            scene.ticket
        ))
        .await;
    scene
        .say(&scene.ada, json!({"body_html": format!("<p>Yes</p><blockquote type=\"cite\">{mention}</blockquote>")}))
        .await;
    assert_eq!(
        scene
            .desk
            .one::<i64>("select count(*) from app.mentions")
            .await,
        0
    );
}

#[tokio::test]
async fn ones_own_message_is_edited_for_a_while_and_the_audit_keeps_what_it_said() {
    let scene = Scene::open().await;
    let said = scene.say(&scene.ada, json!({"body_text": "Helo"})).await;
    let path = scene.message(said.id);

    let edited: Message = scene
        .ada
        .patch(
            &path,
            json!({"body_html": "<p>Hello<script>x</script></p>"}),
            None,
        )
        .await
        .json()
        .await
        .expect("a message");

    assert_eq!(
        (edited.body_text.as_str(), edited.body_html.as_deref()),
        ("Hello", Some("<p>Hello</p>"))
    );
    assert!(edited.edited_at.is_some());
    let kept: String = scene
        .desk
        .one(&format!(
            "select changes -> 'body_text' ->> 0 from app.audit_log where table_name = 'messages' and row_key = '{}' and action = 'update'",
            said.id
        ))
        .await;
    assert_eq!(kept, "Helo");
    let told: i64 = scene
        .desk
        .one("select count(*) from app.events where name = 'message.edited'")
        .await;
    assert_eq!(told, 1);

    for (who, expected) in [(&scene.bob, 403), (&scene.tom, 404)] {
        assert_eq!(
            who.patch(&path, json!({"body_text": "x"}), None)
                .await
                .status(),
            expected
        );
    }
    let empty = scene
        .ada
        .patch(&path, json!({"body_text": " ", "kind": "note"}), None)
        .await;
    assert_eq!(
        problem_paths(&empty.json().await.expect("JSON")),
        ["kind", "body_text"]
    );
    assert_eq!(
        scene
            .ada
            .patch(
                &scene.message(said.id + 99),
                json!({"body_text": "x"}),
                None
            )
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn the_edit_window_is_a_setting_that_admins_change() {
    let scene = Scene::open().await;
    let root = scene.desk.admin().await;
    let said = scene.say(&scene.ada, json!({"body_text": "Helo"})).await;
    assert_eq!(
        scene
            .ada
            .patch("/api/settings", json!({"message_edit_minutes": 60}), None)
            .await
            .status(),
        403
    );
    for wrong in [
        json!({"message_edit_minutes": -1}),
        json!({"message_edit_minutes": "soon"}),
        json!({"message_edit_minutes": null}),
    ] {
        assert_eq!(root.patch("/api/settings", wrong, None).await.status(), 422);
    }
    assert_eq!(
        root.patch("/api/settings", json!({"message_edit_minutes": 0}), Some(1))
            .await
            .status(),
        200
    );
    assert_eq!(
        root.patch("/api/settings", json!({"message_edit_minutes": 5}), Some(1))
            .await
            .status(),
        409
    );

    let late = scene
        .ada
        .patch(&scene.message(said.id), json!({"body_text": "Hello"}), None)
        .await;

    assert_eq!(late.status(), 403);
    // Not at a SQL prompt either.
    let changed = as_agent(
        &scene.desk,
        &scene.ada,
        &format!(
            "update app.messages set body_text = 'x' where id = {}",
            said.id
        ),
    )
    .await;
    assert_eq!(changed, Ok(0));
    root.patch("/api/settings", json!({"message_edit_minutes": 5}), None)
        .await;
    assert_eq!(
        scene
            .ada
            .patch(&scene.message(said.id), json!({"body_text": "Hello"}), None)
            .await
            .status(),
        200
    );
    let other = as_agent(
        &scene.desk,
        &scene.bob,
        &format!(
            "update app.messages set body_text = 'x' where id = {}",
            said.id
        ),
    )
    .await;
    assert_eq!(other, Ok(0));
    let kind = as_agent(
        &scene.desk,
        &scene.ada,
        &format!(
            "update app.messages set kind = 'reply' where id = {}",
            said.id
        ),
    )
    .await;
    assert_eq!(kind, Err("42501".to_owned()), "what was a note stays one");
}

/// A statement as an agent at the tables themselves: rows changed, or the SQLSTATE.
async fn as_agent(desk: &Desk, who: &Person, sql: &str) -> Result<u64, String> {
    let client = desk.acting_as(who).await;
    let done = client.execute(sql, &[]).await;
    let _ = client.batch_execute("rollback").await;
    done.map_err(|error| {
        error
            .code()
            .map(|c| c.code().to_owned())
            .unwrap_or_default()
    })
}

#[tokio::test]
async fn an_edited_opening_message_is_the_tickets_description() {
    let scene = Scene::open().await;
    let made: Value = scene
        .ada
        .post(
            "/api/tickets",
            json!({"subject": "By phone", "description": "Helo", "requester_id": scene.ada.id}),
        )
        .await
        .json()
        .await
        .expect("a ticket");
    let path = format!("/api/tickets/{}", made["id"]);
    let opening = scene.ada.read(&format!("{path}/messages")).await["items"][0]["id"].clone();

    assert_eq!(
        scene
            .ada
            .patch(
                &format!("{path}/messages/{opening}"),
                json!({"body_text": "Hello"}),
                None
            )
            .await
            .status(),
        200
    );

    assert_eq!(scene.ada.read(&path).await["description"], "Hello");
}

/// The tables of the whole database that still hold a text, of letters that no digest, moment or number has by chance.
async fn traces(desk: &Desk, text: &str) -> Vec<String> {
    let tables = desk
        .sql()
        .query(
            "select c.oid::regclass::text from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'",
            &[],
        )
        .await
        .expect("tables");
    let mut found = Vec::new();
    for table in tables {
        let table: String = table.get(0);
        let rows: i64 = desk
            .one(&format!(
                "select count(*) from {table} x where x::text ~* '{text}'"
            ))
            .await;
        if rows > 0 {
            found.push(format!("{table}: {rows}"));
        }
    }
    found
}

async fn seal(desk: &Desk) {
    desk.outlive_transactions().await;
    desk.one::<i64>("select autocrm.seal_audit()").await;
    let rest: i64 = desk
        .one("select count(*) from app.audit_log where xid >= coalesce((select max(to_xid) from app.audit_seals), '0')")
        .await;
    assert_eq!(rest, 0, "rows of transactions that have ended are sealed");
}

async fn broken(desk: &Desk) -> i64 {
    desk.one("select count(*) from autocrm.verify_audit() where not ok")
        .await
}

#[tokio::test]
async fn redacted_words_are_gone_from_everywhere_and_the_audit_still_verifies() {
    let scene = Scene::open().await;
    let (desk, root) = (&scene.desk, scene.desk.admin().await);
    let body = json!({"body_html": "<p>My card is kw<b>yz-vuxq</b>, really <a href=\"https://x.test/?c=kwyz-vuxq\">kwyz-vuxq</a></p>"});
    let sent = scene
        .ada
        .send(
            Method::POST,
            &format!("{}/messages", scene.path),
            Some(body.clone()),
            &[("idempotency-key", "k-1")],
        )
        .await;
    let said: Message = sent.json().await.expect("a message");
    let path = scene.message(said.id);
    scene
        .ada
        .patch(
            &path,
            json!({"body_html": "<p>Edited: kwyz-vuxq it is</p>"}),
            None,
        )
        .await;
    seal(desk).await;
    assert_eq!(
        traces(desk, "kwyz-vuxq").await.len(),
        3,
        "message, audit, kept answer"
    );

    for (who, body, expected) in [
        (&scene.bob, json!({"text": "kwyz-vuxq"}), 403),
        (&scene.ada, json!({"all": true}), 403),
        (&scene.tom, json!({"all": true}), 404),
        (&root, json!({}), 422),
        (&root, json!({"text": "▇"}), 422),
        (&root, json!({"text": "nowhere"}), 422),
        (&root, json!({"text": "kwyz", "all": true}), 422),
    ] {
        assert_eq!(
            who.post(&format!("{path}/redact"), body).await.status(),
            expected
        );
    }
    let redacted = root
        .post(&format!("{path}/redact"), json!({"text": "kwyz-vuxq"}))
        .await;
    assert_eq!(redacted.status(), 200);
    let redacted: Message = redacted.json().await.expect("a message");

    assert_eq!(
        redacted.body_html.as_deref(),
        Some("<p>Edited: ▇▇▇▇▇▇▇▇▇ it is</p>")
    );
    assert_eq!(redacted.body_text, "Edited: ▇▇▇▇▇▇▇▇▇ it is");
    assert!(redacted.redacted_at.is_some());
    assert_eq!(traces(desk, "kwyz").await, Vec::<String>::new());
    assert_eq!(traces(desk, "vuxq").await, Vec::<String>::new());
    // Before the redaction itself is sealed, and after.
    assert_eq!(broken(desk).await, 0);
    seal(desk).await;
    assert_eq!(broken(desk).await, 0);
    let act: String = desk
        .one("select actor_id || ' ' || (changes #>> '{redacted,1}') || ' ' || row_key from app.audit_log where action = 'redact'")
        .await;
    assert_eq!(act, format!("{} words {}", root.id, said.id));
    // The kept answer of its Idempotency-Key does not bring the words back.
    let again = scene
        .ada
        .send(
            Method::POST,
            &format!("{}/messages", scene.path),
            Some(body),
            &[("idempotency-key", "k-1")],
        )
        .await;
    assert!(!again.text().await.expect("text").contains("kwyz"));

    // A second redaction of the same message, by an agent who may.
    desk.run(&format!(
        "update app.users set may_redact = true where id = {}",
        scene.bob.id
    ))
    .await;
    let whole = scene
        .bob
        .post(&format!("{path}/redact"), json!({"all": true}))
        .await;
    let whole: Message = whole.json().await.expect("a message");
    assert_eq!(
        (whole.body_text.as_str(), whole.body_html),
        ("▇▇▇▇▇▇▇▇", None)
    );
    assert_eq!(traces(desk, "Edited: ").await, Vec::<String>::new());
    seal(desk).await;
    assert_eq!(broken(desk).await, 0);
}

#[tokio::test]
async fn a_redacted_opening_is_gone_from_the_ticket_and_its_history_as_well() {
    let scene = Scene::open().await;
    let root = scene.desk.admin().await;
    let made: Value = scene
        .ada
        .send(
            Method::POST,
            "/api/tickets",
            Some(json!({"subject": "Card", "description": "It is kwyz-vuxq"})),
            &[("idempotency-key", "k-2")],
        )
        .await
        .json()
        .await
        .expect("a ticket");
    let path = format!("/api/tickets/{}", made["id"]);
    let opening = root.read(&format!("{path}/messages")).await["items"][0]["id"].clone();
    seal(&scene.desk).await;

    let redacted = root
        .post(
            &format!("{path}/messages/{opening}/redact"),
            json!({"text": "kwyz-vuxq"}),
        )
        .await;

    assert_eq!(redacted.status(), 200);
    assert_eq!(root.read(&path).await["description"], "It is ▇▇▇▇▇▇▇▇▇");
    assert_eq!(traces(&scene.desk, "kwyz").await, Vec::<String>::new());
    seal(&scene.desk).await;
    assert_eq!(broken(&scene.desk).await, 0);
}

/// Requests whose answers hold the ticket, its messages, or what a template makes of them.
#[tokio::test]
async fn no_repeated_request_brings_redacted_words_back() {
    let scene = Scene::open().await;
    let desk = &scene.desk;
    let root = desk.admin().await;
    desk.run(
        "insert into app.macros (name, body_text, message_kind) values ('Quote', 'You wrote: {{ticket.description}}', 'note')",
    )
    .await;
    let send = async |path: &str, body: &Value| {
        let sent = root
            .send(
                Method::POST,
                path,
                Some(body.clone()),
                &[("idempotency-key", path)],
            )
            .await;
        let status = sent.status();
        (status, sent.json::<Value>().await.expect("JSON"))
    };
    let opened = json!({"subject": "Card", "description": "It is kwyz-vuxq"});
    let (_, ticket) = send("/api/tickets", &opened).await;
    let path = format!("/api/tickets/{}", ticket["id"]);
    let messages = format!("{path}/messages");
    let opening = root.read(&messages).await["items"][0]["id"].clone();
    let wrote = json!({"body_html": "<p>Or kw<b>yz-vu</b>xq</p>"});
    let (_, reply) = send(&messages, &wrote).await;
    let mut requests = vec![
        ("/api/tickets".to_owned(), opened),
        (messages.clone(), wrote),
    ];
    for (verb, body) in [
        ("assign", json!({"team_id": null})),
        ("macros/1/preview", json!({})),
        ("macros/1/apply", json!({})),
        ("solve", json!({})),
        ("reopen", json!({})),
        ("split", json!({"message_id": reply["id"]})),
        ("merge/preview", json!({"tickets": [scene.ticket]})),
    ] {
        let path = format!("{path}/{verb}");
        let (status, answer) = send(&path, &body).await;
        assert!(status.is_success(), "{path}: {answer}");
        assert!(answer.to_string().contains("kwyz-vuxq"), "{path}: {answer}");
        requests.push((path, body));
    }
    // Merged into this one: the answer is the other ticket.
    let into = format!("/api/tickets/{}/merge", scene.ticket);
    let body = json!({"into": ticket["id"]});
    let (status, merged) = send(&into, &body).await;
    assert!(status.is_success(), "{merged}");
    requests.push((into, body));
    // One that nobody can read stops no redaction, and is gone.
    desk.run(&format!(
        "insert into app.idempotency_keys (actor_id, key, operation, request_hash, response)
         values ({}, 'broken', 'POST {path}/solve', 'x', '{{\"text\": \"\\ud800 kwyz\"}}')",
        root.id
    ))
    .await;

    let mut answers = Vec::new();
    for (path, body) in &requests {
        answers.push(send(path, body).await);
    }
    for message in [&opening, &reply["id"]] {
        let redacted = root
            .post(
                &format!("{messages}/{message}/redact"),
                json!({"text": "kwyz-vuxq"}),
            )
            .await;
        assert_eq!(redacted.status(), 200);
    }

    for ((path, body), (status, before)) in requests.iter().zip(answers) {
        let (again, answer) = send(path, body).await;
        assert_eq!(again, status, "{path}: {answer}");
        assert!(!answer.to_string().contains("kwyz"), "{path}: {answer}");
        // It is the same answer, and what the desk itself says in it stays.
        for part in ["id", "version", "status", "created_at", "subject"] {
            assert_eq!(answer[part], before[part], "{path}: {part}");
        }
    }
    let broken: i64 = desk
        .one("select count(*) from app.idempotency_keys where key = 'broken'")
        .await;
    assert_eq!(broken, 0);
    // All of the opening: the description was the same text.
    let whole = root
        .post(
            &format!("{messages}/{opening}/redact"),
            json!({"all": true}),
        )
        .await;
    assert_eq!(whole.status(), 200);
    for (path, body) in &requests {
        let (_, answer) = send(path, body).await;
        assert!(!answer.to_string().contains("It is"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn what_no_redaction_erased_still_shows_as_tampering() {
    let scene = Scene::open().await;
    let desk = &scene.desk;
    let root = desk.admin().await;
    let said = scene
        .say(&scene.ada, json!({"body_text": "It is kwyz"}))
        .await;
    root.post(
        &format!("{}/redact", scene.message(said.id)),
        json!({"text": "kwyz"}),
    )
    .await;
    seal(desk).await;
    assert_eq!(broken(desk).await, 0);
    let erased = "from app.audit_log where erased_by is not null";
    let victim = "id = (select min(id) from app.audit_log where erased_by is null)";
    for forged in [
        // Somebody changes an erased row once more.
        format!("update app.audit_log set actor_id = 1 where id = (select min(id) {erased})"),
        format!("update app.audit_log set changes = '{{}}' where id = (select min(id) {erased})"),
        // Somebody erases by hand, with or without the name of a redaction.
        format!("update app.audit_log set digest = sha256('x'), changes = '{{}}' where {victim}"),
        format!(
            "update app.audit_log set erased_by = (select max(erased_by) {erased}), digest = sha256('x') where {victim}"
        ),
    ] {
        desk.run(&format!(
            "begin; set local session_replication_role = replica; {forged}"
        ))
        .await;
        assert!(broken(desk).await > 0, "{forged}");
        desk.run("rollback").await;
    }
    assert_eq!(broken(desk).await, 0);
    // And nobody else changes history, while words are taken out or not.
    let refused = desk
        .sql()
        .batch_execute("update app.audit_log set digest = null")
        .await;
    assert_eq!(
        refused
            .expect_err("refused")
            .code()
            .map(|c| c.code().to_owned())
            .as_deref(),
        Some("TK403")
    );
}

/// Seals as the first release wrote them: over the rows themselves.
#[tokio::test]
async fn seals_of_the_first_format_verify_and_give_way_to_a_redaction() {
    let scene = Scene::open().await;
    let desk = &scene.desk;
    let root = desk.admin().await;
    let said = scene
        .say(&scene.ada, json!({"body_text": "It is kwyz"}))
        .await;
    let old = "insert into app.audit_seals (from_xid, to_xid, row_count, digest, format)
        select '0', pg_snapshot_xmin(pg_current_snapshot()), count(*),
               sha256(string_agg(int8send(octet_length(convert_to(r, 'UTF8'))::bigint) || convert_to(r, 'UTF8'), ''::bytea order by xid, id)), 1
          from (select id, xid, jsonb_build_array(id, xid::text, extract(epoch from at), actor_id, api_key_id, session_user_name,
                                                  action, table_name, row_key, changes)::text as r
                  from app.audit_log where xid < pg_snapshot_xmin(pg_current_snapshot())) x";
    // Rows of then told no door.
    desk.run("begin; set local session_replication_role = replica; update app.audit_log set door = null, cause = null; commit")
        .await;
    desk.outlive_transactions().await;
    desk.run(old).await;
    assert_eq!(broken(desk).await, 0);

    let redacted = root
        .post(
            &format!("{}/redact", scene.message(said.id)),
            json!({"all": true}),
        )
        .await;

    assert_eq!(redacted.status(), 200);
    assert_eq!(traces(desk, "kwyz").await, Vec::<String>::new());
    seal(desk).await;
    assert_eq!(broken(desk).await, 0);
    let formats: String = desk
        .one("select string_agg(format::text, '' order by id) from app.audit_seals")
        .await;
    assert_eq!(formats, "122");
    desk.run("begin; set local session_replication_role = replica;
              update app.audit_log set actor_id = 1 where id = (select min(id) from app.audit_log where erased_by is null)")
        .await;
    assert!(broken(desk).await > 0);
    desk.run("rollback").await;
}
