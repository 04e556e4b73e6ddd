//! Files: uploaded, attached, had back by whom they concern, and gone when nothing refers to them.

use autocrm_api::config::Config;
use autocrm_api::model::{Attachment, Message, Page};
use autocrm_api::store::files::Files;
use autocrm_api::{db, work};
use clap::Parser;
use futures_util::StreamExt;
use harness::desk::{Desk, Person, problem_paths};
use reqwest::Response;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;

const RED: &[u8] = include_bytes!("red.png");

async fn send(desk: &Desk, who: &Person, name: &str, kind: &str, body: reqwest::Body) -> Response {
    reqwest::Client::new()
        .post(format!("{}/api/attachments", desk.address))
        .query(&[("name", name)])
        .bearer_auth(who.token.as_deref().unwrap_or_default())
        .header("content-type", kind)
        .body(body)
        .send()
        .await
        .expect("the API answers")
}

async fn upload(desk: &Desk, who: &Person, name: &str, kind: &str, bytes: &[u8]) -> Attachment {
    let sent = send(desk, who, name, kind, bytes.to_vec().into()).await;
    assert_eq!(sent.status(), 201);
    sent.json().await.expect("an attachment")
}

async fn get(who: &Person, path: &str, headers: &[(&str, &str)]) -> Response {
    who.send(reqwest::Method::GET, path, None, headers).await
}

fn content(id: i64) -> String {
    format!("/api/attachments/{id}/content")
}

fn hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[tokio::test]
async fn a_file_is_uploaded_then_attached_and_comes_back_as_it_was() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    let ticket = desk.ticket("Card declined", "billing").await;
    let bytes: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();

    let sent = upload(
        &desk,
        &ada,
        "C:\\fakepath\\Rechnung für Ä.pdf",
        "application/pdf",
        &bytes,
    )
    .await;
    assert_eq!(
        (sent.name.as_str(), sent.r#type.as_str(), sent.size),
        ("Rechnung für Ä.pdf", "application/pdf", 400_000)
    );
    assert_eq!(sent.sha256, hex(&bytes));
    assert_eq!(
        get(&bob, &content(sent.id), &[]).await.status(),
        404,
        "nobody else's until it is attached"
    );
    let said: Message = ada
        .post(
            &format!("/api/tickets/{ticket}/messages"),
            json!({"body_text": "See there", "attachment_ids": [sent.id]}),
        )
        .await
        .json()
        .await
        .expect("a message");
    assert_eq!(
        (said.attachments[0].id, said.attachments[0].inline),
        (sent.id, false)
    );

    let got = get(&bob, &content(sent.id), &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(got.status(), 200);
    let headers = got.headers().clone();
    let tag = headers["etag"].to_str().expect("text").to_owned();
    assert_eq!(tag, format!("\"{}\"", sent.sha256));
    assert_eq!(headers["content-length"], "400000");
    assert_eq!(headers["content-type"], "application/pdf");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(
        headers["content-security-policy"],
        "default-src 'none'; sandbox"
    );
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"Rechnung f_r _.pdf\"; filename*=UTF-8''Rechnung%20f%C3%BCr%20%C3%84.pdf"
    );
    assert!(headers.get("content-encoding").is_none());
    assert_eq!(got.bytes().await.expect("bytes"), bytes);

    assert_eq!(
        get(&bob, &content(sent.id), &[("if-none-match", &tag)])
            .await
            .status(),
        304
    );
    let part = get(&bob, &content(sent.id), &[("range", "bytes=10-19")]).await;
    assert_eq!(
        (
            part.status().as_u16(),
            part.headers()["content-range"].to_str().expect("text")
        ),
        (206, "bytes 10-19/400000")
    );
    assert_eq!(part.bytes().await.expect("bytes"), bytes[10..20]);
    let tail = get(&bob, &content(sent.id), &[("range", "bytes=-5")]).await;
    assert_eq!(tail.bytes().await.expect("bytes"), bytes[399_995..]);
    let none = get(&bob, &content(sent.id), &[("range", "bytes=400000-")]).await;
    assert_eq!(
        (
            none.status().as_u16(),
            none.headers()["content-range"].to_str().expect("text")
        ),
        (416, "bytes */400000")
    );
    let stale = get(
        &bob,
        &content(sent.id),
        &[("range", "bytes=0-1"), ("if-range", "\"other\"")],
    )
    .await;
    assert_eq!(stale.status(), 200);
}

/// That is the desk's failure, and not told as a missing file.
#[tokio::test]
async fn a_content_that_the_store_has_lost_is_an_error_on_our_side() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let sent = upload(&desk, &ada, "note.txt", "text/plain", b"Hello").await;
    assert_eq!(get(&ada, &content(sent.id), &[]).await.status(), 200);
    let sha256 = hex(b"Hello");
    let folder = desk.files().join("blobs").join(&sha256[..2]);
    std::fs::remove_file(folder.join(&sha256)).expect("a file of that name");

    let lost = get(&ada, &content(sent.id), &[]).await;

    assert_eq!(lost.status(), 503);
}

#[tokio::test]
async fn nothing_that_a_browser_would_run_is_shown_by_it() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for (name, kind) in [
        ("x.html", "text/html"),
        ("x.svg", "image/svg+xml"),
        ("x.xhtml", "application/xhtml+xml"),
        ("x.png", "image/png"),
        ("x", "text/html; charset=utf-7"),
        ("x", "nonsense"),
    ] {
        let sent = upload(
            &desk,
            &ada,
            name,
            kind,
            b"<svg onload=alert(1)><script>alert(1)</script>",
        )
        .await;
        let got = get(&ada, &content(sent.id), &[]).await;
        assert_eq!(
            got.headers()["content-type"],
            "application/octet-stream",
            "{kind}"
        );
        assert!(
            got.headers()["content-disposition"]
                .to_str()
                .expect("text")
                .starts_with("attachment;"),
            "{kind}"
        );
    }
    // What is an image is one, whatever it is said to be.
    let image = upload(&desk, &ada, "x.html", "text/html", RED).await;
    let got = get(&ada, &content(image.id), &[]).await;
    assert_eq!(got.headers()["content-type"], "image/png");
    assert_eq!(
        got.headers()["content-disposition"],
        "inline; filename=\"x.html\"; filename*=UTF-8''x.html"
    );
    assert_eq!(got.headers()["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn an_image_has_a_thumbnail_and_is_shown_inside_of_its_message() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let ticket = desk.ticket("Card declined", "billing").await;
    let sent = upload(&desk, &ada, "red.png", "image/png", RED).await;
    assert_eq!(
        (sent.width, sent.height, sent.thumbnail),
        (Some(600), Some(300), true)
    );
    let html = format!("<p>Look <img src=\"{}\"></p>", content(sent.id));
    let said: Message = ada
        .post(
            &format!("/api/tickets/{ticket}/messages"),
            json!({"body_html": html, "attachment_ids": [sent.id]}),
        )
        .await
        .json()
        .await
        .expect("a message");
    assert!(said.attachments[0].inline);
    assert!(
        said.body_html
            .is_some_and(|html| html.contains(&content(sent.id)))
    );

    let path = format!("/api/attachments/{}/thumbnail", sent.id);
    let small = get(&ada, &path, &[]).await;
    assert_eq!(small.headers()["content-type"], "image/png");
    assert_eq!(small.headers()["x-content-type-options"], "nosniff");
    let tag = small.headers()["etag"].to_str().expect("text").to_owned();
    let bytes = small.bytes().await.expect("bytes");
    assert_eq!(
        (&bytes[16..20], &bytes[20..24]),
        (&480u32.to_be_bytes()[..], &240u32.to_be_bytes()[..])
    );
    assert_eq!(
        get(&ada, &path, &[("if-none-match", &tag)]).await.status(),
        304
    );
    assert_eq!(get(&tom, &path, &[]).await.status(), 404);
    let text = upload(&desk, &ada, "x.txt", "text/plain", b"x").await;
    assert_eq!(
        get(
            &ada,
            &format!("/api/attachments/{}/thumbnail", text.id),
            &[]
        )
        .await
        .status(),
        404
    );
}

#[tokio::test]
async fn only_ones_own_waiting_uploads_are_attached_and_the_refusal_tells_nothing_of_others() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    let path = format!(
        "/api/tickets/{}/messages",
        desk.ticket("Card declined", "billing").await
    );
    let (mine, theirs) = (
        upload(&desk, &ada, "a.txt", "text/plain", b"a").await,
        upload(&desk, &bob, "b.txt", "text/plain", b"b").await,
    );
    let used = upload(&desk, &ada, "c.txt", "text/plain", b"c").await;
    ada.post(
        &path,
        json!({"body_text": "x", "attachment_ids": [used.id]}),
    )
    .await;
    let before: i64 = desk.one("select count(*) from app.messages").await;

    for foreign in [theirs.id, used.id, 9999] {
        let refused = ada
            .post(
                &path,
                json!({"body_text": "x", "attachment_ids": [mine.id, foreign]}),
            )
            .await;
        assert_eq!(refused.status(), 422);
        let problem: Value = refused.json().await.expect("JSON");
        assert_eq!(problem["problems"][0]["path"], "attachment_ids.1");
        assert_eq!(
            problem["problems"][0]["message"],
            format!("you have no upload {foreign} that waits to be attached")
        );
    }
    for wrong in [json!("1"), json!([1.5]), json!([-1]), json!([null])] {
        let refused = ada
            .post(&path, json!({"body_text": "x", "attachment_ids": wrong}))
            .await;
        assert_eq!(
            problem_paths(&refused.json().await.expect("JSON")),
            ["attachment_ids"]
        );
    }
    let draft = ada
        .send(
            reqwest::Method::PUT,
            &path.replace("messages", "drafts/reply"),
            Some(json!({"attachment_ids": [theirs.id]})),
            &[],
        )
        .await;
    assert_eq!(draft.status(), 422);
    assert_eq!(
        desk.one::<i64>("select count(*) from app.messages").await,
        before
    );
    let waits: bool = desk
        .one(&format!(
            "select message_id is null from app.attachments where id = {}",
            mine.id
        ))
        .await;
    assert!(waits, "a refused message takes no file");
    assert_eq!(
        bob.delete(&format!("/api/attachments/{}", mine.id))
            .await
            .status(),
        404
    );
    assert_eq!(
        ada.delete(&format!("/api/attachments/{}", mine.id))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn an_attachment_is_as_visible_as_its_message() {
    let desk = Desk::open().await;
    let (ada, bob, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let ticket = desk.ticket("Card declined", "billing").await;
    let path = format!("/api/tickets/{ticket}/messages");
    let reads = desk.key(&["tickets:read"], None).await;
    let notes = desk.key(&["tickets:read", "notes:read"], None).await;
    let elsewhere = desk
        .key(&["tickets:read", "notes:read"], Some("tech"))
        .await;
    let bare = desk.key(&[], None).await;
    let mut ids = Vec::new();
    for kind in ["reply", "note"] {
        let sent = upload(&desk, &ada, "x.txt", "text/plain", kind.as_bytes()).await;
        let said = ada
            .post(
                &path,
                json!({"kind": kind, "body_text": "x", "attachment_ids": [sent.id]}),
            )
            .await;
        assert_eq!(said.status(), 201);
        ids.push(sent.id);
    }
    for (who, reply, note) in [
        (&ada, 200, 200),
        (&bob, 200, 200),
        (&tom, 404, 404),
        (&notes, 200, 200),
        (&reads, 200, 404),
        (&elsewhere, 404, 404),
        // A key without any scope learns nothing, of anything.
        (&bare, 403, 403),
        (&desk.anonymous(), 401, 401),
    ] {
        for (id, expected) in ids.iter().zip([reply, note]) {
            assert_eq!(get(who, &content(*id), &[]).await.status(), expected);
            assert_eq!(
                get(who, &format!("/api/attachments/{id}"), &[])
                    .await
                    .status(),
                expected
            );
        }
    }
    // The tag of a file is no way around.
    let tag = format!("\"{}\"", hex(b"note"));
    assert_eq!(
        get(&tom, &content(ids[1]), &[("if-none-match", &tag)])
            .await
            .status(),
        404
    );
    // Nor does the list of messages show it.
    let listed: Page<Message> = get(&reads, &path, &[]).await.json().await.expect("a page");
    assert!(
        listed
            .items
            .iter()
            .flat_map(|m| &m.attachments)
            .all(|a| a.id == ids[0])
    );
}

#[tokio::test]
async fn what_is_too_large_or_of_a_wrong_kind_is_refused_and_leaves_nothing() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let set = root
        .patch(
            "/api/settings",
            json!({"attachment_max_bytes": 1000, "attachment_types": ["image/*", "text/plain"], "attachment_blocked_extensions": [".EXE"]}),
            None,
        )
        .await;
    assert_eq!(set.status(), 200);
    for (name, kind, size, path) in [
        ("x.txt", "text/plain", 1001, "size"),
        ("x.exe", "text/plain", 1, "name"),
        ("x.txt.ExE", "text/plain", 1, "name"),
        ("", "text/plain", 1, "name"),
        ("a\nb", "text/plain", 1, "name"),
        ("x.pdf", "application/pdf", 1, "type"),
        ("x", "image/png", 1, "type"),
    ] {
        let refused = send(&desk, &ada, name, kind, vec![0u8; size].into()).await;
        assert_eq!(refused.status(), 422, "{name} {kind}");
        assert_eq!(
            problem_paths(&refused.json().await.expect("JSON")),
            [path],
            "{name} {kind}"
        );
    }
    // Without a length it shows on the way.
    let parts =
        futures_util::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![7u8; 100])));
    let refused = send(
        &desk,
        &ada,
        "x.txt",
        "text/plain",
        reqwest::Body::wrap_stream(parts),
    )
    .await;
    assert_eq!(refused.status(), 413);
    let bare = desk.key(&["tickets:read"], None).await;
    assert_eq!(
        send(&desk, &bare, "x.txt", "text/plain", "x".into())
            .await
            .status(),
        403
    );
    assert_eq!(
        send(&desk, &desk.anonymous(), "x.txt", "text/plain", "x".into())
            .await
            .status(),
        401
    );

    assert_eq!(
        desk.one::<i64>("select count(*) from app.attachments")
            .await,
        0
    );
    assert_eq!(
        stored(&desk, "blobs").len() + stored(&desk, "uploads").len(),
        0
    );
    assert_eq!(
        send(&desk, &ada, "x.txt", "text/plain", vec![0u8; 1000].into())
            .await
            .status(),
        201
    );
    // The limit of other requests stands.
    let long = "x".repeat(1 << 20);
    assert_eq!(
        ada.post("/api/tickets", json!({"subject": long}))
            .await
            .status(),
        413
    );
}

/// Names of the contents in the store.
fn stored(desk: &Desk, folder: &str) -> Vec<String> {
    fn walk(path: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                walk(&entry.path(), found);
            } else {
                found.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(&desk.files().join(folder), &mut found);
    found
}

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

fn settings(desk: &Desk, more: &[&str]) -> Config {
    let (url, files) = (desk.api_url(), desk.files().display().to_string());
    let mut args = vec![
        "x",
        "--database-url",
        &url,
        "--secret",
        harness::desk::SECRET,
        "--files",
        &files,
    ];
    args.extend(more);
    Settings::parse_from(args).config
}

async fn sweep(desk: &Desk) {
    let config = settings(desk, &[]);
    let pool = db::pool(&config).expect("a pool");
    work::files::sweep(&pool, &Files::new(&config), true)
        .await
        .expect("sweeps");
}

#[tokio::test]
async fn the_sweep_goes_on_past_a_content_that_the_store_does_not_give_up() {
    let desk = Desk::open().await;
    let (admin, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    for (name, bytes) in [
        ("bad.txt", b"bad content".as_slice()),
        ("good.txt", b"good content"),
    ] {
        let file = upload(&desk, &ada, name, "text/plain", bytes).await;
        ada.delete(&format!("/api/attachments/{}", file.id)).await;
    }
    desk.run("update app.blobs set stored_at = now() - interval '1 hour'")
        .await;
    // A folder with something in it is not removed as a file.
    let bad = find(&desk.files(), &hex(b"bad content")).expect("the content");
    std::fs::remove_file(&bad).expect("removed");
    std::fs::create_dir_all(bad.join("more")).expect("a folder");

    sweep(&desk).await;

    assert!(find(&desk.files(), &hex(b"good content")).is_none());
    let left: Vec<String> = desk
        .one("select array_agg(encode(sha256, 'hex')) from app.blobs")
        .await;
    assert_eq!(left, [hex(b"bad content")]);
    let told = admin.read("/api/set-aside?worker=files").await;
    assert_eq!(told["items"][0]["item"], hex(b"bad content"));
}

/// The file or folder of this name, wherever it lies.
fn find(folder: &std::path::Path, name: &str) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.file_name().is_some_and(|own| own == name) {
            return Some(path);
        }
        path.is_dir().then(|| find(&path, name)).flatten()
    })
}

#[tokio::test]
async fn the_same_file_is_stored_once_and_nobody_learns_of_the_other() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let first = upload(&desk, &ada, "a.png", "image/png", RED).await;
    let second = upload(&desk, &tom, "b.png", "image/png", RED).await;
    assert_eq!(stored(&desk, "blobs"), [hex(RED)]);
    let shape = |a: &Attachment| {
        let mut json = serde_json::to_value(a).expect("JSON");
        for own in ["id", "name", "created_at"] {
            json[own] = Value::Null;
        }
        json
    };
    assert_eq!(
        shape(&first),
        shape(&second),
        "the answer is that of a file nobody had"
    );
    assert_eq!(get(&tom, &content(first.id), &[]).await.status(), 404);

    // It goes with the last who has it.
    assert_eq!(
        ada.delete(&format!("/api/attachments/{}", first.id))
            .await
            .status(),
        200
    );
    desk.run("update app.blobs set stored_at = now() - interval '1 hour'")
        .await;
    sweep(&desk).await;
    assert_eq!(get(&tom, &content(second.id), &[]).await.status(), 200);
    assert_eq!(
        tom.delete(&format!("/api/attachments/{}", second.id))
            .await
            .status(),
        200
    );
    sweep(&desk).await;
    assert_eq!(
        stored(&desk, "blobs").len() + stored(&desk, "thumbnails").len(),
        0
    );
    assert_eq!(desk.one::<i64>("select count(*) from app.blobs").await, 0);
    upload(&desk, &tom, "b.png", "image/png", RED).await;
    assert_eq!(stored(&desk, "blobs"), [hex(RED)]);
}

/// Who could name a hash would own the file.
#[tokio::test]
async fn nobody_makes_a_file_theirs_by_its_hash() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let secret = upload(&desk, &ada, "a.txt", "text/plain", b"secret").await;
    let client = desk.log_in("autocrm_api").await;
    let claims = tom.claims();
    let hash = &secret.sha256;
    for sql in [
        format!(
            "insert into app.attachments (uploader_id, name, media_type, sha256, size) values ({}, 'x', 'text/plain', decode('{hash}', 'hex'), 6)",
            tom.id
        ),
        format!(
            "update app.attachments set sha256 = decode('{hash}', 'hex') where uploader_id = {}",
            tom.id
        ),
        format!(
            "update app.attachments set uploader_id = {} where id = {}",
            tom.id, secret.id
        ),
        format!(
            "select worker.finish_upload({}, decode('{hash}', 'hex'), 6, 'text/plain', null, null, false)",
            secret.id
        ),
        "select * from app.blobs".to_owned(),
        "select worker.sweep_blobs()".to_owned(),
    ] {
        let tried = client
            .batch_execute(&format!(
                "begin; select set_config('role', 'autocrm_agent', true), set_config('request.jwt.claims', '{claims}', true);
                 insert into app.attachments (uploader_id, name, media_type) values ({}, 'mine', 'text/plain'); {sql}",
                tom.id
            ))
            .await;
        client.batch_execute("rollback").await.expect("undone");
        let code = tried.expect_err(&sql).code().map(|c| c.code().to_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{sql}");
    }
}

#[tokio::test]
async fn what_nobody_attached_is_swept_after_a_day_and_what_a_draft_holds_waits() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let lost = upload(&desk, &ada, "a.txt", "text/plain", b"lost").await;
    let drafted = upload(&desk, &ada, "b.txt", "text/plain", b"drafted").await;
    let saved = ada
        .send(
            reqwest::Method::PUT,
            &format!("/api/tickets/{ticket}/drafts/reply"),
            Some(json!({"body_text": "See there", "attachment_ids": [drafted.id]})),
            &[],
        )
        .await;
    assert_eq!(
        saved.json::<Value>().await.expect("JSON")["attachment_ids"],
        json!([drafted.id])
    );
    sweep(&desk).await;
    assert_eq!(stored(&desk, "blobs").len(), 2, "they wait for a day");
    desk.run("update app.attachments set created_at = now() - interval '25 hours'; update app.blobs set stored_at = now() - interval '25 hours'").await;
    // A process died: half an upload, and a content without a row.
    let (half, stray) = (
        desk.files().join("uploads/0123"),
        desk.files().join("blobs/ab").join("ab".repeat(32)),
    );
    for path in [&half, &stray] {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, "x").expect("writes");
    }
    sweep(&desk).await;
    assert!(
        half.exists() && stray.exists(),
        "they may be somebody's just now"
    );
    for path in [&half, &stray] {
        let touched = std::process::Command::new("touch")
            .args(["-d", "2 days ago"])
            .arg(path)
            .status();
        assert!(touched.is_ok_and(|status| status.success()));
    }

    sweep(&desk).await;

    assert!(!half.exists() && !stray.exists());
    assert_eq!(get(&ada, &content(lost.id), &[]).await.status(), 404);
    assert_eq!(stored(&desk, "blobs"), [hex(b"drafted")]);
    let said = ada
        .post(
            &format!("/api/tickets/{ticket}/messages"),
            json!({"body_text": "See there", "attachment_ids": [drafted.id]}),
        )
        .await;
    assert_eq!(said.status(), 201);
    sweep(&desk).await;
    assert_eq!(get(&ada, &content(drafted.id), &[]).await.status(), 200);
}

#[tokio::test]
async fn a_new_ticket_brings_its_files_and_routing_may_take_it_away() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    desk.run("insert into app.routing_rules (name, conditions, actions) values ('All', '{\"all\": []}', '[{\"set\": \"team\", \"value\": \"tech\"}]')").await;
    let sent = upload(&desk, &ada, "a.txt", "text/plain", b"a").await;
    let body = json!({"subject": "x", "requester": {"email": "cleo@customer.test"}, "attachment_ids": [sent.id]});
    let refused = ada.post("/api/tickets", body.clone()).await;
    assert_eq!(
        problem_paths(&refused.json().await.expect("JSON")),
        ["description"]
    );
    let mut body = body;
    body["description"] = json!("See there");

    let made = ada.post("/api/tickets", body).await;

    assert_eq!(made.status(), 201);
    let id = made.json::<Value>().await.expect("JSON")["id"]
        .as_i64()
        .expect("an id");
    let messages: Page<Message> = tom
        .get(&format!("/api/tickets/{id}/messages"))
        .await
        .json()
        .await
        .expect("a page");
    assert_eq!(messages.items[0].attachments[0].id, sent.id);
    assert_eq!(get(&tom, &content(sent.id), &[]).await.status(), 200);
    assert_eq!(
        get(&ada, &content(sent.id), &[]).await.status(),
        404,
        "the ticket went to a team that is not hers"
    );
}

#[tokio::test]
async fn who_may_redact_takes_a_file_out_of_a_message() {
    let desk = Desk::open().await;
    let (root, ada, tom) = (
        desk.admin().await,
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let ticket = desk.ticket("Card declined", "billing").await;
    let sent = upload(&desk, &ada, "a.txt", "text/plain", b"a").await;
    ada.post(
        &format!("/api/tickets/{ticket}/messages"),
        json!({"body_text": "x", "attachment_ids": [sent.id]}),
    )
    .await;
    let path = format!("/api/attachments/{}", sent.id);
    assert_eq!(
        ada.delete(&path).await.status(),
        403,
        "what was sent was sent"
    );
    assert_eq!(tom.delete(&path).await.status(), 404);
    assert_eq!(root.delete(&path).await.status(), 200);
    desk.run("update app.blobs set stored_at = now() - interval '1 hour'")
        .await;
    sweep(&desk).await;
    assert!(stored(&desk, "blobs").is_empty());
    let told: i64 = desk
        .one(&format!("select count(*) from app.audit_log where table_name = 'attachments' and action = 'delete' and actor_id = {}", root.id))
        .await;
    assert_eq!(told, 1);
}

/// A server of its own, so that its memory is nobody else's.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_gibibyte_goes_in_and_out_through_a_few_megabytes_of_memory() {
    const PART: usize = 1 << 20;
    const PARTS: usize = 1024;
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    root.patch(
        "/api/settings",
        json!({"attachment_max_bytes": 2_000_000_000}),
        None,
    )
    .await;
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .expect("a port")
        .port();
    let server = harness::binary()
        .arg("serve")
        .env("AUTOCRM_LISTEN", format!("127.0.0.1:{port}"))
        .env("AUTOCRM_DATABASE_URL", desk.api_url())
        .env("AUTOCRM_SECRET", harness::desk::SECRET)
        .env("AUTOCRM_FILES", desk.files())
        .spawn()
        .expect("starts");
    let server = Server(server);
    let address = format!("http://127.0.0.1:{port}");
    let http = reqwest::Client::new();
    for _ in 0..100 {
        if http.get(format!("{address}/readyz")).send().await.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let peak = || -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", server.0.id())).expect("a process");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .expect("a peak");
        line.split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .expect("kB")
    };
    let part = |n: usize| {
        let mut part = vec![0u8; PART];
        part[..8].copy_from_slice(&n.to_le_bytes());
        part
    };
    let before = peak();

    let parts =
        futures_util::stream::iter((0..PARTS).map(move |n| Ok::<_, std::io::Error>(part(n))));
    let sent = http
        .post(format!("{address}/api/attachments?name=big.bin"))
        .bearer_auth(ada.token.as_deref().expect("a token"))
        .body(reqwest::Body::wrap_stream(parts))
        .send()
        .await
        .expect("answers");
    assert_eq!(sent.status(), 201);
    let sent: Attachment = sent.json().await.expect("an attachment");
    assert_eq!(usize::try_from(sent.size), Ok(PART * PARTS));

    let got = http
        .get(format!("{address}{}", content(sent.id)))
        .bearer_auth(ada.token.as_deref().expect("a token"))
        .send()
        .await
        .expect("answers");
    let (mut hasher, mut stream) = (Sha256::new(), got.bytes_stream());
    while let Some(bytes) = stream.next().await {
        hasher.update(bytes.expect("bytes"));
    }
    assert_eq!(hex::encode(hasher.finalize()), sent.sha256);
    let after = peak();
    println!("peak of memory: {before} kB before, {after} kB after 1 GiB in and out");
    assert!(
        after < before + 64 * 1024,
        "{before} kB before, {after} kB after"
    );
}

#[tokio::test]
async fn a_file_alone_is_a_message_and_nothing_at_all_is_none() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("Card declined", "billing").await;
    let path = format!("/api/tickets/{ticket}/messages");
    for kind in ["reply", "note"] {
        let file = upload(&desk, &ada, "a.txt", "text/plain", b"a").await;
        let sent = ada
            .post(&path, json!({"kind": kind, "attachment_ids": [file.id]}))
            .await;
        assert_eq!(sent.status(), 201, "{:?}", sent.text().await);
        let said: Message = sent.json().await.expect("a message");
        assert_eq!((said.body_text.as_str(), said.attachments.len()), ("", 1));
    }
    for empty in [
        json!({}),
        json!({"body_text": " \n\t"}),
        json!({"body_html": "<p> </p>"}),
        json!({"attachment_ids": []}),
        json!({"attachment_ids": [999_999]}),
    ] {
        let refused = ada.post(&path, empty.clone()).await;
        assert_eq!(refused.status(), 422, "{empty}");
    }
    // Past the API the database says the same.
    let error = desk
        .sql()
        .execute(
            "insert into app.messages (ticket_id, author_id, body_text) values ($1, $2, ' ')",
            &[&ticket, &ada.id],
        )
        .await
        .expect_err("refused");
    assert_eq!(error.code().map(SqlState::code), Some("TK422"));
    // A ticket may go without a description.
    desk.run("insert into app.tickets (subject, requester_id) select 'No words', id from app.users where email = 'cleo@customer.test'").await;
}

#[tokio::test]
async fn the_files_of_a_message_come_along_when_it_is_split_off() {
    let desk = Desk::open().await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let ticket = desk.ticket("Card declined", "billing").await;
    let shot = upload(&desk, &ada, "shot.png", "image/png", RED).await;
    let log = upload(&desk, &ada, "log.txt", "text/plain", b"line").await;
    // In the order in which they are attached, whichever was there first.
    let said = json!({"kind": "reply", "attachment_ids": [log.id, shot.id],
        "body_html": format!("<p>See <img src=\"/api/attachments/{}/content\"></p>", shot.id)});
    let said: Value = ada
        .post(&format!("/api/tickets/{ticket}/messages"), said)
        .await
        .json()
        .await
        .expect("a message");

    let made = ada
        .post(
            &format!("/api/tickets/{ticket}/split"),
            json!({"message_id": said["id"]}),
        )
        .await;
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.expect("a ticket");
    let files = |id: Value| {
        let ada = ada.clone();
        async move {
            let page: Page<Message> = ada
                .get(&format!("/api/tickets/{id}/messages"))
                .await
                .json()
                .await
                .expect("messages");
            page.items
                .into_iter()
                .filter(|m| !m.attachments.is_empty())
                .flat_map(|m| {
                    let html = m.body_html.clone().unwrap_or_default();
                    m.attachments.into_iter().map(move |a| {
                        (
                            a.id,
                            a.name.clone(),
                            a.inline,
                            html.contains(&content(a.id)),
                        )
                    })
                })
                .collect::<Vec<_>>()
        }
    };
    // Both show them; the new ones are the new ticket's own, in its text too.
    let (old, new) = (files(json!(ticket)).await, files(made["id"].clone()).await);
    for list in [&old, &new] {
        let told: Vec<(&str, bool, bool)> = list
            .iter()
            .map(|(_, name, inline, shown)| (name.as_str(), *inline, *shown))
            .collect();
        assert_eq!(told, [("log.txt", false, false), ("shot.png", true, true)]);
    }
    assert!(old.iter().all(|o| new.iter().all(|n| n.0 != o.0)));
    let copy = get(&ada, &content(new[1].0), &[]).await;
    assert_eq!(copy.bytes().await.expect("bytes"), RED);
    assert_eq!(get(&tom, &content(new[1].0), &[]).await.status(), 404);
    assert_eq!(desk.one::<i64>("select count(*) from app.blobs").await, 2);

    // Nobody copies what they do not see.
    let client = desk.acting_as(&tom).await;
    let copies: Value = client
        .query_one(
            &format!("select autocrm.copy_attachments({})", said["id"]),
            &[],
        )
        .await
        .expect("answers")
        .get(0);
    assert_eq!(copies, json!({}));
}

/// Names that deceive: about what the file is, where it goes, or which way it reads.
const DECEIVING: &[&str] = &[
    "evil.exe",
    "evil.EXE",
    "evil.exe.",
    "evil.exe. . .",
    "evil.exe ",
    "evil.exe\u{a0}",
    "evil.exe\u{3000}.",
    "evil.exe\u{200d}",
    "evil.exe\u{200b}",
    "evil.e\u{ad}xe",
    "evil.ｅｘｅ",
    "evil\u{ff0e}exe",
    "evil.exe::$DATA",
    "evil.exe:$DATA",
    "evil.exe:1",
    "notes.txt:evil.exe",
    "notes.txt:hidden",
    "notes.txt::$DATA",
    "notes.txt:",
    "evil%2eexe",
    "evil%2Eexe%20",
    "evil.ex%65",
    "evil%252eexe",
    "evil.exe%00.pdf",
    "..%2f..%2fetc%2fpasswd",
    "..%5c..%5cboot.ini",
    "a%e2%80%aefdp.pdf",
    "invoice\u{202e}fdp.exe.pdf",
    "invoice\u{202e}fdp.pdf",
    "invoice\u{2066}x\u{2069}.pdf",
    "\u{200f}invoice.pdf",
    "\u{61c}invoice.pdf",
    "\u{feff}invoice.pdf",
    "in\u{0}voice.pdf",
    "in\u{1}voice.pdf",
    "in\tvoice.pdf",
    "invoice.pdf\n",
    "in\u{7f}voice.pdf",
    "in\u{85}voice.pdf",
    "in\u{2028}voice.pdf",
    "in\u{ff0f}voice.pdf",
    ".",
    "..",
    " . ",
    "",
];

/// What people call their files, and what becomes of it.
const HARMLESS: &[(&str, &str)] = &[
    ("invoice.pdf", "invoice.pdf"),
    ("invoice.pdf.", "invoice.pdf"),
    ("  invoice.pdf  ", "invoice.pdf"),
    ("two  blanks\u{a0}.pdf", "two blanks .pdf"),
    ("100%.pdf", "100%.pdf"),
    ("100%25 sure.pdf", "100%25 sure.pdf"),
    ("50% off%zz.pdf", "50% off%zz.pdf"),
    ("caf\u{e9}%E9.pdf", "café%E9.pdf"),
    ("Re: Rechnung 10:30.pdf", "Re_ Rechnung 10_30.pdf"),
    ("exe", "exe"),
    ("evil.exe.pdf", "evil.exe.pdf"),
    ("e\u{301}te\u{301}.txt", "été.txt"),
    ("報告書.pdf", "報告書.pdf"),
    ("\u{645}\u{200c}\u{6cc}.pdf", "\u{645}\u{200c}\u{6cc}.pdf"),
    ("👩\u{200d}💻.png", "👩\u{200d}💻.png"),
    ("C:\\fakepath\\a.pdf", "a.pdf"),
    ("/home/me/a.pdf", "a.pdf"),
    (".htaccess", ".htaccess"),
];

#[tokio::test]
async fn a_name_that_deceives_is_refused_at_every_door_and_a_harmless_one_is_put_right() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for name in DECEIVING {
        let sent = send(&desk, &ada, name, "text/plain", "x".into()).await;
        assert_eq!(sent.status(), 422, "{name:?}");
        let told: Value = sent.json().await.expect("a problem");
        assert_eq!(problem_paths(&told), ["name"], "{name:?}");
        if name.contains('\0') {
            continue;
        }
        let error = desk
            .sql()
            .execute(
                "insert into app.attachments (uploader_id, name, media_type) values ($1, $2, 'text/plain')",
                &[&ada.id, name],
            )
            .await
            .expect_err(name);
        let error = error.as_db_error().expect("by the database");
        assert_eq!(error.code().code(), "TK422", "{name:?}: {error}");
    }
    let waits: i64 = desk.one("select count(*) from app.attachments").await;
    assert_eq!(waits, 0, "nothing is left of what was refused");
    for (name, expected) in HARMLESS {
        let kept = upload(&desk, &ada, name, "text/plain", b"x").await;
        assert_eq!(&kept.name, expected, "{name:?}");
    }
    // However the blocked ones are written, and after the fact too.
    desk.run("update app.settings set attachment_blocked_extensions = '{.PDF}'")
        .await;
    let sent = send(&desk, &ada, "a.pdf.", "text/plain", "x".into()).await;
    assert_eq!(sent.status(), 422);
    let refused = desk
        .refused("update app.attachments set name = 'a.pdf:x' where name = 'exe'")
        .await;
    assert_eq!(refused.0, "TK422");
}

#[tokio::test]
async fn an_idempotency_key_stands_for_every_byte_of_an_upload() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let send = async |name: &str, content: &'static str| {
        let sent = reqwest::Client::new()
            .post(format!("{}/api/attachments", desk.address))
            .query(&[("name", name)])
            .bearer_auth(ada.token.as_deref().unwrap_or_default())
            .header("content-type", "text/plain")
            .header("idempotency-key", "k")
            .body(content)
            .send()
            .await
            .expect("the API answers");
        let status = sent.status().as_u16();
        (status, sent.text().await.expect("text"))
    };
    let first = send("a.txt", "first").await;
    assert_eq!(first.0, 201, "{}", first.1);
    assert_eq!(send("a.txt", "first").await, first);
    // As many bytes under the same name, and other ones.
    let other = send("a.txt", "other").await;
    assert_eq!(other.0, 422);
    assert!(other.1.contains("Idempotency-Key"), "{}", other.1);
    assert_eq!(send("b.txt", "first").await.0, 422);
    let kept: (i64, i64) = (
        desk.one("select count(*) from app.attachments").await,
        desk.one("select count(*) from app.blobs").await,
    );
    assert_eq!(kept, (1, 1), "one upload, and nothing beside it");

    // Two at once are one too.
    let both = futures_util::future::join_all((0..4).map(|_| {
        reqwest::Client::new()
            .post(format!("{}/api/attachments?name=c.txt", desk.address))
            .bearer_auth(ada.token.as_deref().unwrap_or_default())
            .header("idempotency-key", "at once")
            .body("at once")
            .send()
    }))
    .await;
    let mut said = Vec::new();
    for sent in both {
        said.push(sent.expect("an answer").text().await.expect("text"));
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        desk.one::<i64>("select count(*) from app.attachments")
            .await,
        2
    );
}
