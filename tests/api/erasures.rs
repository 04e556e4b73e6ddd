//! A person's data: all of it for the person, and its erasure everywhere.

use autocrm_api::auth;
use autocrm_api::store::files::Files;
use autocrm_api::{db, work};
use harness::desk::{Desk, Person};
use harness::tree::SYSTEM;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tokio::time::timeout;

const NAME: &str = "Zora Quillfeather";
const EMAIL: &str = "zora.quill@feather.test";
const PHONE: &str = "+49 30 5551234";
const SECRET: &str = "kwyz-vuxq";

/// A desk that knows Zora in every way that it can know somebody.
struct Scene {
    desk: Desk,
    root: Person,
    zora: i64,
    ticket: i64,
    elsewhere: i64,
}

impl Scene {
    async fn open() -> Self {
        let desk = Desk::open().await;
        let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
        desk.run(
            "insert into app.custom_fields (key, label, type) values ('words', 'Words', 'text'), ('amount', 'Amount', 'integer')",
        )
        .await;
        let person = json!({"role": "customer", "name": NAME, "email": EMAIL, "phone": PHONE, "external_id": format!("ext-{SECRET}")});
        let zora = root.create("/api/users", person).await["id"]
            .as_i64()
            .expect("an id");
        let ticket = json!({"subject": format!("About {SECRET}"), "description": format!("I am {NAME}, my number is {SECRET}"),
                            "requester_id": zora, "custom": {"words": SECRET, "amount": 7}});
        let ticket = root.create("/api/tickets", ticket).await["id"]
            .as_i64()
            .expect("an id");
        root.create(
            "/api/customer-notes",
            json!({"user_id": zora, "body_text": format!("{NAME} says {SECRET}")}),
        )
        .await;
        let quoted = format!(
            "Dear {NAME},\n\nit is done.\n\nOn Monday {NAME} <{EMAIL}> wrote:\n> my number is {SECRET}"
        );
        let said = root
            .create(
                &format!("/api/tickets/{ticket}/messages"),
                json!({"body_text": quoted}),
            )
            .await;
        let html = json!({"body_html": format!("<p>Write to <a href=\"mailto:{EMAIL}\">Zora <b>Quillfeather</b></a></p>"), "kind": "note"});
        root.create(&format!("/api/tickets/{ticket}/messages"), html)
            .await;
        assert_eq!(
            root.patch(
                &format!("/api/tickets/{ticket}/messages/{}", said["id"]),
                json!({"body_text": quoted.replace("done", "done now")}),
                None
            )
            .await
            .status(),
            200
        );
        let elsewhere = desk.ticket("Somebody else", "billing").await;
        desk.run(&format!(
            "insert into app.messages (ticket_id, author_id, kind, body_text) values ({ticket}, {zora}, 'reply', 'Again: {SECRET}'),
                    ({elsewhere}, {zora}, 'reply', 'Mine is {SECRET} too');
             insert into app.log_in_attempts (email) values ('{EMAIL}');
             insert into app.blobs (sha256, size) values (sha256('{SECRET}'), 9);
             insert into app.attachments (uploader_id, name, media_type, sha256, size, ticket_id, message_id, message_at)
             select {zora}, '{SECRET}.txt', 'text/plain', sha256('{SECRET}'), 9, ticket_id, id, created_at
               from app.messages where ticket_id = {ticket} and author_id = {zora} order by id limit 1"
        ))
        .await;
        let sha256 = hex::encode(auth::sha256(SECRET));
        let folder = desk.files().join("blobs").join(&sha256[..2]);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(&sha256), SECRET).expect("a file");
        // In a draft, in what another person says, and as a CC.
        let draft = json!({"body_text": format!("Dear {NAME}")});
        assert_eq!(
            ada.send(
                reqwest::Method::PUT,
                &format!("/api/tickets/{ticket}/drafts/reply"),
                Some(draft),
                &[]
            )
            .await
            .status(),
            200
        );
        root.create(
            &format!("/api/tickets/{elsewhere}/messages"),
            json!({"body_text": format!("Ask {} or {EMAIL}", NAME.to_uppercase()), "kind": "note"}),
        )
        .await;
        root.create(
            &format!("/api/tickets/{elsewhere}/followers"),
            json!({"email": EMAIL, "kind": "cc"}),
        )
        .await;
        desk.work("rules", "rule_cursor").await;
        desk.work("search", "search_cursor").await;
        desk.work("notifications", "notification_cursor").await;
        seal(&desk).await;
        Self {
            desk,
            root,
            zora,
            ticket,
            elsewhere,
        }
    }

    async fn erase(&self, body: Value) -> Value {
        let reply = self
            .root
            .post(&format!("/api/users/{}/erase", self.zora), body)
            .await;
        let status = reply.status();
        let answer: Value = reply.json().await.expect("JSON");
        assert_eq!(status, 200, "{answer}");
        answer
    }

    async fn work(&self) {
        while self.desk.one::<bool>("select worker.run_erasures()").await {}
    }

    /// Erases her to the end; answers the certificate.
    async fn erased(&self, body: Value) -> Value {
        let begun = self.erase(body).await;
        self.work().await;
        self.root
            .read(&format!("/api/erasures/{}", begun["id"]))
            .await
    }

    async fn note_elsewhere(&self, text: &str) {
        let note = json!({"body_text": text, "kind": "note"});
        self.root
            .create(&format!("/api/tickets/{}/messages", self.elsewhere), note)
            .await;
    }

    async fn export(&self) -> Value {
        let path = format!("/api/users/{}/export", self.zora);
        let reply = self.root.post(&path, json!({})).await;
        assert_eq!(reply.status(), 200);
        reply.json().await.expect("JSON")
    }

    /// Closes these tickets.
    async fn close(&self, ids: &[i64]) {
        for id in ids {
            self.desk
                .run(&format!(
                    "update app.tickets set status_id = (select id from app.statuses where key = 'closed') where id = {id}"
                ))
                .await;
        }
    }

    /// Moves closed tickets into the archive.
    async fn archive(&self, ids: &[i64]) {
        for id in ids {
            self.desk
                .run(&format!("select app.archive_ticket({id}, '{{}}')"))
                .await;
        }
    }

    async fn archived(&self) -> i64 {
        self.desk
            .one("select count(*) from app.archived_tickets")
            .await
    }

    /// Which of these words stand in a dump of the whole desk.
    fn dumped(&self, words: &[&str]) -> Vec<String> {
        let dump = Command::new(Path::new(SYSTEM).join("bin/pg_dump"))
            .args(["-d", &self.desk.admin_url()])
            .output()
            .expect("dumps");
        assert!(
            dump.status.success(),
            "{}",
            String::from_utf8_lossy(&dump.stderr)
        );
        let text = String::from_utf8_lossy(&dump.stdout).to_lowercase();
        let mut table = String::new();
        let mut found = Vec::new();
        for line in text.lines() {
            if line.starts_with("copy ") {
                line.clone_into(&mut table);
            }
            for word in words {
                if line.contains(&word.to_lowercase()) {
                    found.push(format!("{word} in {table}: {line}"));
                }
            }
        }
        found
    }
}

async fn seal(desk: &Desk) {
    desk.outlive_transactions().await;
    desk.run("select autocrm.seal_audit()").await;
}

async fn verifies(desk: &Desk) {
    for _ in 0..2 {
        let broken: i64 = desk
            .one("select count(*) from autocrm.verify_audit() where not ok")
            .await;
        assert_eq!(broken, 0, "the chain of seals holds");
        seal(desk).await;
    }
}

const WORDS: &[&str] = &[
    NAME,
    "Quillfeather",
    EMAIL,
    "zora.quill",
    PHONE,
    "5551234",
    SECRET,
    "kwyz",
    "vuxq",
];

#[tokio::test]
async fn an_erased_person_stands_nowhere_and_the_audit_still_verifies() {
    let scene = Scene::open().await;
    let (desk, root) = (&scene.desk, &scene.root);
    assert!(scene.dumped(&[SECRET]).len() > 8, "it is everywhere before");

    let begun = scene.erase(json!({})).await;
    assert_eq!(begun["status"], "running");
    let gone = root.read(&format!("/api/users/{}", scene.zora)).await;
    assert_eq!(gone["name"], format!("Erased person {}", scene.zora));
    assert_eq!(gone["email"], Value::Null);
    assert_eq!(gone["active"], false);
    scene.work().await;

    let certificate = root.read(&format!("/api/erasures/{}", begun["id"])).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    assert_eq!(certificate["requested_by"], root.id);
    assert!(certificate["counts"]["messages"].as_i64() > Some(3));
    assert!(certificate["counts"]["audit_log"].as_i64() > Some(5));
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
    verifies(desk).await;

    // The file goes with the next sweep of the store.
    desk.run("update app.blobs set stored_at = now() - interval '1 hour'")
        .await;
    let pool = db::pool(&desk.config).expect("a pool");
    work::files::sweep(&pool, &Files::new(&desk.config), true)
        .await
        .expect("a sweep");
    pool.close();
    let sha256 = hex::encode(auth::sha256(SECRET));
    assert!(
        !desk
            .files()
            .join("blobs")
            .join(&sha256[..2])
            .join(&sha256)
            .exists()
    );

    // What others said stays, without the person.
    let messages = root
        .read(&format!("/api/tickets/{}/messages", scene.elsewhere))
        .await
        .to_string();
    assert!(messages.contains("Ask ▇"), "{messages}");
    let ticket = root.read(&format!("/api/tickets/{}", scene.ticket)).await;
    assert_eq!(ticket["custom"], json!({"amount": 7}));
    let timeline = root
        .read(&format!("/api/tickets/{}/timeline", scene.ticket))
        .await
        .to_string();
    assert!(
        timeline.contains("ticket.redacted") && timeline.contains("it is done now"),
        "{timeline}"
    );
    // As it was then, without what was erased.
    let at = ticket["created_at"]
        .as_str()
        .expect("a time")
        .replace('+', "%2B");
    let then = root
        .read(&format!("/api/tickets/{}/as-of?at={at}", scene.ticket))
        .await;
    assert_eq!(then["id"], scene.ticket, "{then}");
    desk.run(&format!(
        "select * from reporting.ticket_as_of({0}, now()), app.row_as_of('tickets', '{0}', now())",
        scene.ticket
    ))
    .await;
    // Once is enough.
    assert_eq!(scene.erase(json!({})).await["id"], certificate["id"]);
}

/// A ticket that is made under a key.
async fn once(who: &Person, body: Value, key: &str) -> Value {
    let key = [("Idempotency-Key", key)];
    let reply = who
        .send(reqwest::Method::POST, "/api/tickets", Some(body), &key)
        .await;
    assert!(reply.status().is_success());
    reply.json().await.expect("JSON")
}

/// Deleted, the answer would be no answer: the repeat would make a second ticket.
#[tokio::test]
async fn what_others_were_answered_is_masked_and_a_repeat_still_acts_once() {
    let scene = Scene::open().await;
    let (desk, root) = (&scene.desk, &scene.root);
    // One that she asked for, and one that only names her.
    let hers = json!({"subject": format!("Of {SECRET}"), "requester_id": scene.zora});
    let other = json!({"subject": format!("{NAME} rang")});
    let (first, second) = (
        once(root, hers.clone(), "k1").await,
        once(root, other.clone(), "k2").await,
    );
    desk.run(&format!(
        "insert into app.set_aside (worker, item, code, message, retry_at) values ('mail', 'mail 4711', '22000', 'no such address: {EMAIL}', 'infinity')"
    ))
    .await;
    let tickets: i64 = desk.one("select count(*) from app.tickets").await;
    scene.erase(json!({})).await;
    scene.work().await;

    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let again = once(root, hers, "k1").await;
    assert_eq!(
        (&again["id"], &again["requester"]),
        (&first["id"], &Value::Null)
    );
    let again = once(root, other, "k2").await;
    assert_eq!(again["id"], second["id"]);
    assert!(
        again["subject"]
            .as_str()
            .expect("a text")
            .contains("▇ rang"),
        "{again}"
    );
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tickets").await,
        tickets
    );
    let aside: String = desk
        .one("select message from app.set_aside where item = 'mail 4711'")
        .await;
    assert!(aside.starts_with("no such address: ▇"), "{aside}");
}

#[tokio::test]
async fn what_only_contains_the_name_or_address_of_a_person_stays() {
    let scene = Scene::open().await;
    let other = format!("not{EMAIL}, {NAME}son, Lazora Quillfeather");
    scene
        .root
        .create(
            &format!("/api/tickets/{}/messages", scene.elsewhere),
            json!({"body_text": other, "kind": "note"}),
        )
        .await;
    let begun = scene.erase(json!({})).await;
    scene.work().await;
    let certificate = scene
        .root
        .read(&format!("/api/erasures/{}", begun["id"]))
        .await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    let messages = scene
        .root
        .read(&format!("/api/tickets/{}/messages", scene.elsewhere))
        .await
        .to_string();
    assert!(messages.contains(&other), "{messages}");
}

#[tokio::test]
async fn what_something_of_the_desk_is_called_by_too_stays_there_and_goes_from_her_tickets() {
    let scene = Scene::open().await;
    scene
        .desk
        .run(&format!(
            "insert into app.organizations (name) values ('{NAME}'); insert into app.teams (name) values ('{NAME}')"
        ))
        .await;
    let hand_over = json!([{"set": "team", "value": NAME}]);
    let hand_over = json!({"name": "Hand over", "scope": "shared", "actions": hand_over});
    let hand_over = scene.root.create("/api/macros", hand_over).await;
    let third = scene.desk.ticket("A third one", "billing").await;
    let messages = format!("/api/tickets/{third}/messages");
    let note = json!({"body_text": format!("{NAME} called"), "kind": "note"});
    scene.root.create(&messages, note).await;

    let certificate = scene.erased(json!({"words": ["Billing"]})).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    let names: i64 = scene
        .desk
        .one(&format!(
            "select (select count(*) from app.organizations where name = '{NAME}') + (select count(*) from app.teams where name in ('{NAME}', 'billing'))
                  + (select count(*) from app.macro_versions where actions::text like '%{NAME}%' and macro_id = {})",
            hand_over["id"]
        ))
        .await;
    assert_eq!(names, 4, "the organization, the teams and the macro");
    let said = scene.root.read(&messages).await.to_string();
    assert!(said.contains(&format!("{NAME} called")), "{said}");
    let own = scene
        .root
        .read(&format!("/api/tickets/{}/messages", scene.ticket))
        .await
        .to_string();
    assert!(!own.contains(NAME), "{own}");
    let found = scene.dumped(&[EMAIL, PHONE]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn a_private_view_refuses_no_erasure_and_loses_what_it_says_of_the_person() {
    let scene = Scene::open().await;
    let bea = scene.desk.agent("Bea", "billing").await;
    let view = json!({"name": format!("All of {NAME}"), "visibility": "private", "columns": ["id"], "sort": "id",
                      "conditions": {"field": "requester.email", "op": "is", "value": EMAIL}});
    let view = bea.create("/api/views", view).await;
    let certificate = scene.erased(json!({})).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    assert_eq!(certificate["counts"]["views"], 1, "{certificate}");
    let view = bea.read(&format!("/api/views/{}", view["id"])).await;
    assert!(
        view["name"] == format!("All of {}", "▇".repeat(NAME.len()))
            && view["conditions"]["value"] == "▇".repeat(EMAIL.len()),
        "{view}"
    );
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn a_certificate_is_done_once_a_search_of_the_whole_desk_finds_nothing() {
    let scene = Scene::open().await;
    scene
        .desk
        .run(&format!(
            r#"insert into app.users (role, name, email, signature, availability_reason, custom)
               values ('agent', 'Cleo', 'cleo@desk.test', 'Ask {NAME}', 'Lunch with {NAME}', '{{"note": "{EMAIL}"}}');
               insert into app.organizations (name, notes, custom) values ('Friends of {NAME}', 'Ask {NAME}', '{{"note": "{EMAIL}"}}');
               insert into app.object_types (key, name, plural_name) values ('contract', 'Contract', 'Contracts');
               insert into app.object_records (object_type_id, name) select id, 'Contract of {NAME}' from app.object_types where key = 'contract';
               update app.teams set description = 'Knows {NAME}', focus_areas = '{{"{NAME}"}}';
               insert into app.tags (name) values ('{EMAIL}');
               insert into app.views (name, visibility, conditions, columns, sort)
               values ('Of {NAME}', 'everyone', '{{"field": "subject", "op": "contains", "value": "{NAME}"}}', '{{id}}', 'id');
               insert into app.triggers (name, conditions, actions) values ('For {NAME}', '{{"all": []}}', '[{{"add_tags": ["x"]}}]');
               insert into app.retention_policies (name, since, days, action) values ('Of {NAME}', 'closed', 30, 'delete');
               insert into app.macros (name, scope, message_kind, body_text, actions)
               values ('To {NAME}', 'shared', 'reply', 'Dear {NAME}', '[{{"add_tags": ["{EMAIL}"]}}]');
               insert into app.audit_log (at, action, table_name, row_key, changes, cause)
               values (autocrm.now(), 'update', 'tickets', '{}', '{{"type": ["task", "problem"]}}', '{{"kind": "trigger", "id": 1, "name": "For {NAME}"}}')"#,
            scene.elsewhere
        ))
        .await;
    seal(&scene.desk).await;
    let certificate = scene.erased(json!({})).await;
    assert_eq!(certificate["status"], "incomplete", "{certificate}");
    let problems = certificate["problems"].to_string();
    for told in ["organizations", "tags", "views", "macros"] {
        assert!(problems.contains(told), "{told} in {problems}");
    }
    assert_eq!(certificate["problems"].as_array().map(Vec::len), Some(4));
    // What others find things by was left; whoever tends them changes it, and what names them follows.
    scene
        .desk
        .run(&format!(
            r#"update app.organizations set name = 'Friends' where name like '%{NAME}';
               update app.tags set name = 'friends' where name = '{EMAIL}';
               update app.views set conditions = '{{"all": []}}' where conditions::text like '%{NAME}%'"#
        ))
        .await;
    let again = scene.erased(json!({})).await;
    assert_eq!(
        (&again["id"], &again["status"]),
        (&certificate["id"], &json!("done")),
        "{again}"
    );
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
    verifies(&scene.desk).await;
}

/// Whoever filled in the entry again while the erasure was incomplete is erased too, and no certificate says otherwise.
#[tokio::test]
async fn what_an_entry_was_filled_with_since_is_erased_as_well() {
    let scene = Scene::open().await;
    scene
        .desk
        .run(&format!(
            "insert into app.tags (name) values ('{EMAIL}');
             update app.tickets set description = description where id = {}",
            scene.elsewhere
        ))
        .await;
    let incomplete = scene.erased(json!({})).await;
    assert_eq!(incomplete["status"], "incomplete", "{incomplete}");
    scene
        .desk
        .run(&format!(
            "update app.users set name = 'Zora Again', email = 'again@zora.test' where id = {};
             update app.tags set name = 'friends' where name = '{EMAIL}'",
            scene.zora
        ))
        .await;
    let again = scene.erased(json!({})).await;
    assert_ne!(again["id"], incomplete["id"]);
    assert_eq!(again["status"], "done", "{again}");
    let found = scene.dumped(&["Zora Again", "again@zora.test", NAME, EMAIL]);
    assert!(found.is_empty(), "{}", found.join("\n"));
    verifies(&scene.desk).await;
}

/// Marks around an address, and the form in which links have it.
#[tokio::test]
async fn an_address_goes_whatever_stands_around_it() {
    let scene = Scene::open().await;
    let linked = EMAIL.replace('@', "%40");
    scene
        .desk
        .run(&format!(
            "insert into app.messages (ticket_id, kind, author_id, body_text)
             select t.id, 'note', null, 'She is _{EMAIL}_, -{EMAIL} and ...{EMAIL}; https://x.test/?e={linked}' from app.tickets t where t.id = {}",
            scene.elsewhere
        ))
        .await;
    let certificate = scene.erased(json!({})).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    let found = scene.dumped(&[EMAIL, &linked]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A table with texts is searched from the day on which it is made; what is left out is named.
#[tokio::test]
async fn every_column_with_texts_is_searched_but_for_those_that_are_named() {
    let desk = Desk::open().await;
    let gone: Option<String> = desk
        .one(
            "select string_agg(x.of_table || '.' || x.of_column, ', ')
               from (select s.of_table, coalesce(s.of_column, (
                              select min(a.attname)::text from pg_attribute a where a.attrelid = to_regclass('app.' || s.of_table) and a.attnum > 0)) as of_column
                       from app.erasure_spared() s
                      union all select t.of_table, unnest(t.of_columns) from app.erasure_told() t) x
              where not exists (
                select from pg_attribute a
                 where a.attrelid = to_regclass('app.' || x.of_table) and a.attname = x.of_column and not a.attisdropped)",
        )
        .await;
    assert_eq!(gone, None, "is named and not there");
    desk.run(
        "create table app.diaries (id bigint generated always as identity primary key, said text)",
    )
    .await;
    let steps: i64 = desk
        .one("select count(*) from unnest(app.erasure_steps()) s where s = 'diaries'")
        .await;
    assert_eq!(steps, 1);
}

#[tokio::test]
async fn what_she_was_called_by_before_goes_too() {
    let scene = Scene::open().await;
    let before = [
        "Zora Maidenname",
        "zora.maiden@feather.test",
        "+49 30 7654321",
    ];
    let path = format!("/api/users/{}", scene.zora);
    let then = json!({"name": before[0], "email": before[1], "phone": before[2]});
    assert_eq!(scene.root.patch(&path, then, None).await.status(), 200);
    scene.note_elsewhere(&before.join(" or ")).await;
    let now = json!({"name": NAME, "email": EMAIL, "phone": PHONE});
    assert_eq!(scene.root.patch(&path, now, None).await.status(), 200);

    let certificate = scene.erased(json!({})).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    let found = scene.dumped(&[before.as_slice(), WORDS].concat());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn a_name_goes_whatever_the_blanks_in_it_are() {
    let scene = Scene::open().await;
    scene
        .note_elsewhere("Zora\nQuillfeather, or Zora \u{a0} Quillfeather")
        .await;
    let html = json!({"body_html": "<p>Zora<br>Quillfeather&nbsp; and <i>Zora</i>  <b>Quillfeather</b></p>", "kind": "note"});
    scene
        .root
        .create(&format!("/api/tickets/{}/messages", scene.elsewhere), html)
        .await;
    let certificate = scene.erased(json!({})).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    let found = scene.dumped(&["Quillfeather", "Zora"]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn what_was_kept_can_still_be_removed() {
    let scene = Scene::open().await;
    let kept = scene.erased(json!({"texts": "keep"})).await;
    assert_eq!(kept["status"], "done", "{kept}");
    // Who repeats it without saying so asks for no more.
    assert_eq!(scene.erase(json!({})).await["id"], kept["id"]);
    let removed = scene.erased(json!({"texts": "redact"})).await;
    assert_ne!(removed["id"], kept["id"]);
    assert_eq!(
        (&removed["texts"], &removed["status"]),
        (&json!("redact"), &json!("done")),
        "{removed}"
    );
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(
        scene.erase(json!({"texts": "keep"})).await["id"],
        removed["id"]
    );
}

/// A hold on somebody else, on whose ticket the person is named.
#[tokio::test]
async fn what_a_hold_keeps_is_told_and_erased_once_it_has_ended() {
    let scene = Scene::open().await;
    scene
        .desk
        .run(&format!(
            "insert into app.legal_holds (name, user_id) select 'The court', requester_id from app.tickets where id = {0};
             insert into app.customer_notes (user_id, body_text) select requester_id, 'Is owed by {NAME}' from app.tickets where id = {0}",
            scene.elsewhere
        ))
        .await;
    let begun = scene.erase(json!({})).await;
    let busy = scene
        .root
        .post(
            &format!("/api/users/{}/erase", scene.zora),
            json!({"words": ["nickname"]}),
        )
        .await;
    assert_eq!(busy.status(), 409, "more words wait until it has ended");
    scene.work().await;
    let path = format!("/api/erasures/{}", begun["id"]);
    let certificate = scene.root.read(&path).await;
    assert_eq!(certificate["status"], "incomplete", "{certificate}");
    let held = scene
        .root
        .read(&format!("/api/tickets/{}/messages", scene.elsewhere))
        .await
        .to_string();
    assert!(held.contains(EMAIL) && held.contains(SECRET), "{held}");
    let elsewhere = format!("tickets {}", scene.elsewhere);
    assert!(
        certificate["problems"].to_string().contains(&elsewhere),
        "{certificate}"
    );
    let noted: String = scene
        .desk
        .one("select min(body_text) from app.customer_notes where body_text like 'Is owed by%'")
        .await;
    assert_eq!(noted, format!("Is owed by {NAME}"));
    assert!(
        certificate["problems"]
            .to_string()
            .contains("customer_notes"),
        "{certificate}"
    );

    scene.desk.run("delete from app.legal_holds").await;
    assert_eq!(scene.erase(json!({})).await["id"], certificate["id"]);
    scene.work().await;
    assert_eq!(scene.root.read(&path).await["status"], "done");
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
    verifies(&scene.desk).await;
}

#[tokio::test]
async fn texts_may_be_kept_and_further_words_removed() {
    let scene = Scene::open().await;
    let begun = scene
        .erase(json!({"texts": "keep", "words": ["my number"]}))
        .await;
    scene.work().await;
    let certificate = scene
        .root
        .read(&format!("/api/erasures/{}", begun["id"]))
        .await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    let found = scene.dumped(&[NAME, EMAIL, PHONE, "my number"]);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let messages = scene
        .root
        .read(&format!("/api/tickets/{}/messages", scene.ticket))
        .await
        .to_string();
    assert!(messages.contains(&format!("Again: {SECRET}")), "{messages}");
    verifies(&scene.desk).await;
}

#[tokio::test]
async fn an_erasure_that_was_stopped_goes_on_where_it_was() {
    let scene = Scene::open().await;
    scene.erase(json!({})).await;
    // As when a process is killed in the middle of a batch.
    let kill = "begin; select worker.run_erasures(); rollback;";
    let mut ended = false;
    for _ in 0..5000 {
        scene.desk.run(kill).await;
        if !scene.desk.one::<bool>("select worker.run_erasures()").await {
            ended = true;
            break;
        }
    }
    assert!(ended, "it ends");
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
    verifies(&scene.desk).await;
}

#[tokio::test]
async fn only_administrators_erase_and_export_and_only_customers_are_erased() {
    let scene = Scene::open().await;
    let ada = scene.desk.agent("Bea", "billing").await;
    for act in ["erase", "export"] {
        let path = format!("/api/users/{}/{act}", scene.zora);
        assert_eq!(ada.post(&path, json!({})).await.status(), 403, "{act}");
    }
    assert_eq!(ada.get("/api/erasures").await.status(), 403);
    for (id, body) in [
        (ada.id, json!({})),
        (scene.zora, json!({"texts": "burn"})),
        (scene.zora, json!({"words": ["a"]})),
    ] {
        let refused = scene
            .root
            .post(&format!("/api/users/{id}/erase"), body)
            .await;
        assert_eq!(refused.status(), 422);
    }
    // The helper below the verb refuses the same at a SQL prompt: one letter would be taken out of all texts.
    let prompt = scene.desk.at_prompt("admin", None).await;
    for (id, words) in [
        (scene.root.id, "{}"),
        (scene.zora, "{e}"),
        (scene.zora, "{NULL}"),
    ] {
        let error = prompt
            .query(
                &format!("select api._begin_erasure({id}, 'redact', '{words}')"),
                &[],
            )
            .await
            .expect_err("is refused");
        assert_eq!(
            error.code().map(|state| state.code().to_owned()).as_deref(),
            Some("TK422"),
            "{words}: {error:?}"
        );
    }
    drop(prompt);
    // A rule that names the person would stop to work.
    scene
        .desk
        .run(&format!(
            r#"insert into app.routing_rules (name, conditions) values ('Zora''s', '{{"field": "requester.email", "op": "is", "value": "{EMAIL}"}}')"#
        ))
        .await;
    let refused = scene
        .root
        .post(&format!("/api/users/{}/erase", scene.zora), json!({}))
        .await;
    assert_eq!(refused.status(), 409);
    let refused = refused.text().await.expect("a problem");
    assert!(refused.contains("Zora's"), "{refused}");
}

#[tokio::test]
async fn a_person_gets_all_that_the_desk_has_of_them_and_the_audit_tells_who_had_it() {
    let scene = Scene::open().await;
    let path = format!("/api/users/{}/export", scene.zora);
    let reply = scene.root.post(&path, json!({})).await;
    assert_eq!(reply.status(), 200);
    let data: Value = reply.json().await.expect("JSON");

    let entry = &data["person"]["entries"][0];
    assert_eq!(
        (&entry["name"], &entry["email"]),
        (&json!(NAME), &json!(EMAIL))
    );
    assert_eq!(
        data["person"]["notes"][0]["body_text"],
        format!("{NAME} says {SECRET}")
    );
    let tickets = data["tickets"].as_array().expect("tickets");
    assert_eq!(tickets.len(), 2, "their own, and one that they follow");
    assert_eq!(tickets[0]["is_requester"], true);
    assert_eq!(tickets[0]["messages"][0]["is_theirs"], true);
    assert!(
        tickets[0].to_string().contains(&format!("{SECRET}.txt")),
        "{data}"
    );
    assert_eq!(data["next"], Value::Null);
    let told: i64 = scene
        .desk
        .one(&format!(
            "select count(*) from app.audit_log where action = 'read' and table_name = 'users' and row_key = '{}' and actor_id = {}",
            scene.zora, scene.root.id
        ))
        .await;
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_person_gets_nothing_of_what_others_asked_for_and_all_that_they_wrote() {
    let scene = Scene::open().await;
    let other = scene
        .root
        .create(
            "/api/users",
            json!({"role": "customer", "name": "Otto", "email": "otto@desk.test"}),
        )
        .await["id"]
        .clone();
    let mut tickets = Vec::new();
    for (requester, subject) in [
        (json!(scene.zora), "trashed"),
        (other.clone(), "followed"),
        (other, "written on"),
    ] {
        let ticket = json!({"subject": subject, "description": "Otto's secret", "requester_id": requester, "custom": {"words": "Otto's value"}});
        tickets.push(
            scene.root.create("/api/tickets", ticket).await["id"]
                .as_i64()
                .expect("an id"),
        );
    }
    let trashed = scene
        .root
        .send(
            reqwest::Method::DELETE,
            &format!("/api/tickets/{}", tickets[0]),
            None,
            &[],
        )
        .await;
    assert_eq!(trashed.status(), 200);
    scene
        .root
        .create(
            &format!("/api/tickets/{}/followers", tickets[1]),
            json!({"email": EMAIL, "kind": "cc"}),
        )
        .await;
    for message in [
        json!({"body_text": "For all"}),
        json!({"body_text": "Staff alone", "kind": "note"}),
    ] {
        scene
            .root
            .create(&format!("/api/tickets/{}/messages", tickets[1]), message)
            .await;
    }
    scene
        .desk
        .run(&format!(
            "insert into app.messages (ticket_id, author_id, kind, body_text) values ({}, {}, 'reply', 'Hers')",
            tickets[2], scene.zora
        ))
        .await;

    let reply = scene
        .root
        .post(&format!("/api/users/{}/export", scene.zora), json!({}))
        .await;
    let data: Value = reply.json().await.expect("JSON");
    let of = |id: i64| {
        data["tickets"]
            .as_array()
            .and_then(|all| all.iter().find(|ticket| ticket["id"] == id))
            .unwrap_or_else(|| panic!("{id} in {data}"))
    };
    assert_eq!(of(tickets[0])["is_requester"], true);
    assert_ne!(of(tickets[0])["deleted_at"], Value::Null);
    let said = |id: i64| -> Vec<&str> {
        let messages = of(id)["messages"].as_array().expect("messages");
        messages
            .iter()
            .filter_map(|message| message["body_text"].as_str())
            .collect()
    };
    assert_eq!(said(tickets[1]), ["For all"]);
    assert_eq!(of(tickets[1])["subject"], "followed");
    assert_eq!(said(tickets[2]), ["Hers"]);
    assert_eq!(of(tickets[2])["subject"], Value::Null);
    for id in &tickets[1..] {
        assert_eq!(of(*id)["custom"], json!({}));
    }
}

/// What is in the archive is searched as what is not, by the same rules, and stays there.
#[tokio::test]
async fn an_erased_person_stands_nowhere_in_the_archive_either() {
    let scene = Scene::open().await;
    let (desk, root) = (&scene.desk, &scene.root);
    let path = format!("/api/users/{}", scene.zora);
    for name in ["Zora Maidenname", NAME] {
        let reply = root.patch(&path, json!({"name": name}), None).await;
        assert_eq!(reply.status(), 200);
    }
    scene
        .note_elsewhere("Zora\nMaidenname, or Zora \u{a0} Quillfeather")
        .await;
    // Two that only say something of her.
    let third = desk.ticket("A third one", "billing").await;
    let html = json!({"body_html": "<p>Zora<br><b>Quillfeather</b> rang</p>", "kind": "note"});
    root.create(&format!("/api/tickets/{third}/messages"), html)
        .await;
    let body =
        json!({"subject": format!("{NAME} rang"), "custom": {"words": format!("of {NAME}")}});
    let fourth = once(root, body.clone(), "k1").await["id"]
        .as_i64()
        .expect("an id");
    let all = [scene.ticket, scene.elsewhere, third, fourth];
    scene.close(&all).await;
    desk.run(&format!(
        "insert into app.rule_firings (kind, rule_id, rule_name, ticket_id, explanation)
         values ('trigger', 1, 'For {NAME}', {third}, '{{\"said\": \"{EMAIL}\"}}')"
    ))
    .await;
    scene.archive(&all).await;
    seal(desk).await;
    let found = scene.dumped(&[NAME, SECRET]);
    assert!(
        found
            .iter()
            .any(|line| line.contains("in copy app.archived_tickets_")),
        "it is in the archive before"
    );
    let tickets: i64 = desk
        .one("select count(*) from (select id from app.tickets union all select id from app.archived_tickets) x")
        .await;

    let certificate = scene.erased(json!({})).await;
    assert_eq!(certificate["status"], "done", "{certificate}");
    assert_eq!(certificate["counts"]["archived_tickets"], 4);
    let found = scene.dumped(&[WORDS, ["Maidenname"].as_slice()].concat());
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(scene.archived().await, 4);
    verifies(desk).await;
    // What others said stays, without the person.
    let elsewhere = root
        .read(&format!("/api/archived-tickets/{}", scene.elsewhere))
        .await
        .to_string();
    assert!(elsewhere.contains("Ask ▇"), "{elsewhere}");
    let own = root
        .read(&format!("/api/archived-tickets/{}", scene.ticket))
        .await;
    assert_eq!(own["custom"], json!({"amount": 7}));
    assert!(own["messages"].to_string().contains("it is done now"));
    // The answer is kept, so that a repeat acts no second time.
    assert_eq!(once(root, body, "k1").await["id"], fourth);
    let now: i64 = desk
        .one("select count(*) from (select id from app.tickets union all select id from app.archived_tickets) x")
        .await;
    assert_eq!(now, tickets);
}

/// The archive keeps nothing from a person, and gives them nothing of others.
#[tokio::test]
async fn an_export_is_the_same_for_tickets_in_the_archive() {
    let scene = Scene::open().await;
    let third = scene.desk.ticket("A third one", "billing").await;
    scene
        .desk
        .run(&format!(
            "insert into app.messages (ticket_id, author_id, kind, body_text) values ({third}, {}, 'reply', 'Hers')",
            scene.zora
        ))
        .await;
    let messages = format!("/api/tickets/{}/messages", scene.elsewhere);
    scene
        .root
        .create(&messages, json!({"body_text": "For all"}))
        .await;
    let all = [scene.ticket, scene.elsewhere, third];
    scene.close(&all).await;
    let before = scene.export().await;
    assert_eq!(before["tickets"].as_array().map(Vec::len), Some(3));
    assert_eq!(before["archived"], json!([]));
    scene.archive(&all).await;
    let after = scene.export().await;
    assert_eq!(after["archived"], before["tickets"]);
    assert_eq!(after["tickets"], json!([]));
}

#[tokio::test]
async fn an_archived_ticket_under_a_hold_is_not_erased_nor_is_its_history() {
    let scene = Scene::open().await;
    let (desk, root) = (&scene.desk, &scene.root);
    let third = desk.ticket("A third one", "billing").await;
    let note = json!({"body_text": format!("{NAME} called"), "kind": "note"});
    root.create(&format!("/api/tickets/{third}/messages"), note)
        .await;
    scene.close(&[third]).await;
    scene.archive(&[third]).await;
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    let on_ticket = json!({"name": "Case 12", "ticket_id": third});
    let refused = root.post("/api/legal-holds", on_ticket).await;
    assert_eq!(refused.status(), 422);
    let refused: Value = refused.json().await.expect("JSON");
    assert!(refused.to_string().contains("in the archive"), "{refused}");
    let hold = json!({"name": "Case 12", "user_id": cleo});
    let hold = root.create("/api/legal-holds", hold).await["id"].clone();

    let certificate = scene.erased(json!({})).await;
    assert_eq!(certificate["status"], "incomplete", "{certificate}");
    let problems = certificate["problems"].to_string();
    assert!(
        problems.contains(&format!("archived_tickets {third}: TK409")),
        "{problems}"
    );
    let kept: i64 = desk
        .one(&format!(
            "select (select count(*) from app.archived_tickets where document::text like '%{NAME} called%')
                  + (select count(*) from app.audit_log where table_name = 'messages' and changes::text like '%{NAME} called%')"
        ))
        .await;
    assert_eq!(kept, 2);
    let gone = root.delete(&format!("/api/legal-holds/{hold}")).await;
    assert_eq!(gone.status(), 200);
    let again = scene.erased(json!({})).await;
    assert_eq!(
        (&again["id"], &again["status"]),
        (&certificate["id"], &json!("done")),
        "{again}"
    );
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Else her ticket would come back behind the erasure, which has looked for her tickets when it began.
#[tokio::test]
async fn an_erasure_waits_for_what_comes_back_from_the_archive() {
    const WHILE: Duration = Duration::from_millis(500);
    let scene = Scene::open().await;
    scene.close(&[scene.ticket]).await;
    scene.archive(&[scene.ticket]).await;
    let beside = db::connect(&scene.desk.admin_url())
        .await
        .expect("connects");
    beside
        .batch_execute(&format!(
            "begin; select app.restore_archived_ticket({})",
            scene.ticket
        ))
        .await
        .expect("restores");
    let mut erasing = Box::pin(scene.erase(json!({})));
    assert!(timeout(WHILE, &mut erasing).await.is_err(), "it waits");
    beside.batch_execute("commit").await.expect("commits");
    erasing.await;
    scene.work().await;
    let found = scene.dumped(WORDS);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
