//! Drafts of replies and notes: on every device of their author, and nobody else's.

use crate::messages::Scene;
use autocrm_api::model::{Draft, Page};
use harness::desk::{Person, problem_paths};
use reqwest::Method;
use serde_json::{Value, json};

async fn put(who: &Person, path: &str, body: Value, version: Option<i64>) -> reqwest::Response {
    let tag = version.map(|v| format!("\"{v}\""));
    let headers: Vec<(&str, &str)> = tag.iter().map(|t| ("if-match", t.as_str())).collect();
    who.send(Method::PUT, path, Some(body), &headers).await
}

#[tokio::test]
async fn a_draft_is_on_every_device_of_its_author_and_no_update_of_the_ticket_touches_it() {
    let scene = Scene::open().await;
    let path = format!("{}/drafts/reply", scene.path);
    assert_eq!(scene.ada.get(&path).await.status(), 404);

    let saved: Draft = put(
        &scene.ada,
        &path,
        json!({"body_html": "<p>Dear<script>x</script> Cleo</p>"}),
        None,
    )
    .await
    .json()
    .await
    .expect("a draft");
    assert_eq!(saved.body_html.as_deref(), Some("<p>Dear Cleo</p>"));
    assert_eq!(saved.body_text, "Dear Cleo");
    put(
        &scene.ada,
        &format!("{}/drafts/note", scene.path),
        json!({"body_text": "hm"}),
        None,
    )
    .await;
    scene
        .bob
        .patch(&scene.path, json!({"priority": "high"}), Some(1))
        .await;
    scene
        .say(&scene.bob, json!({"body_text": "Me first"}))
        .await;

    let again: Draft = scene.ada.get(&path).await.json().await.expect("a draft");
    assert_eq!((again.body_text.as_str(), again.version), ("Dear Cleo", 1));
    let mine: Page<Draft> = scene
        .ada
        .get("/api/drafts")
        .await
        .json()
        .await
        .expect("a page");
    assert_eq!(mine.items.len(), 2);

    // Sending it ends it; the note's stays.
    scene
        .say(&scene.ada, json!({"body_text": "Dear Cleo"}))
        .await;
    assert_eq!(scene.ada.get(&path).await.status(), 404);
    assert_eq!(
        scene
            .ada
            .delete(&format!("{}/drafts/note", scene.path))
            .await
            .status(),
        200
    );
    assert_eq!(
        scene
            .desk
            .one::<i64>("select count(*) from app.drafts")
            .await,
        0
    );
    let told: i64 = scene
        .desk
        .one("select count(*) from app.audit_log where changes::text like '%hm%'")
        .await;
    assert_eq!(told, 0, "what was never said is in no history");
}

#[tokio::test]
async fn of_two_devices_the_slower_one_is_told() {
    let scene = Scene::open().await;
    let path = format!("{}/drafts/note", scene.path);
    put(&scene.ada, &path, json!({"body_text": "one"}), None).await;
    assert_eq!(
        put(&scene.ada, &path, json!({"body_text": "two"}), Some(1))
            .await
            .status(),
        200
    );

    let late = put(&scene.ada, &path, json!({"body_text": "three"}), Some(1)).await;

    assert_eq!(late.status(), 409);
    let problem: Value = late.json().await.expect("JSON");
    assert_eq!(problem["current"]["body_text"], "two");
}

fn others(draft: &Draft) -> Vec<&str> {
    draft.others.iter().map(|o| o.body_text.as_str()).collect()
}

/// The kind of defect: of two devices the slower one wrote over what the other had saved, and nobody could read it again.
#[tokio::test]
async fn what_one_device_writes_over_another_s_stays_beside_it() {
    let scene = Scene::open().await;
    let path = format!("{}/drafts/reply", scene.path);
    let save = async |body: Value, version| -> Draft {
        let saved = put(&scene.ada, &path, body, version).await;
        assert_eq!(saved.status(), 200);
        saved.json().await.expect("a draft")
    };
    let first = save(json!({"body_text": "From the phone"}), None).await;
    assert!(others(&first).is_empty());
    let desktop = save(json!({"body_text": "From the desktop"}), None).await;
    assert_eq!(others(&desktop), ["From the phone"]);
    assert_eq!(desktop.version, first.version + 1);

    // With its version, a device has seen what it changes; what stands beside it stays.
    let on = save(json!({"body_text": "From the desk"}), Some(desktop.version)).await;
    assert_eq!(others(&on), ["From the phone"]);
    // Words that the text has too are kept no longer, nor is what it goes on from.
    let both = save(
        json!({"body_text": "From the desk and From the phone"}),
        None,
    )
    .await;
    assert!(others(&both).is_empty(), "{:?}", others(&both));

    // The newest five.
    for n in 1..=7 {
        save(json!({"body_text": format!("Version {n}")}), None).await;
    }
    let all: Page<Draft> = scene
        .ada
        .get("/api/drafts")
        .await
        .json()
        .await
        .expect("a page");
    assert_eq!(all.items.len(), 1, "one draft, whatever stands beside it");
    assert_eq!(
        others(&all.items[0]),
        [
            "Version 6",
            "Version 5",
            "Version 4",
            "Version 3",
            "Version 2"
        ]
    );
    // A picture or a file says what no text does.
    let picture = json!({"body_html": "<p><img src=\"/api/attachments/1/content\"></p>"});
    save(picture, None).await;
    let words = save(json!({"body_text": "Without the picture"}), None).await;
    assert_eq!(others(&words)[..2], ["", "Version 7"]);
}

#[tokio::test]
async fn other_versions_outlast_their_draft_until_they_are_discarded() {
    let scene = Scene::open().await;
    let path = format!("{}/drafts/reply", scene.path);
    put(
        &scene.ada,
        &path,
        json!({"body_text": "From the phone"}),
        None,
    )
    .await;
    put(&scene.ada, &path, json!({"body_text": "Sent"}), None).await;
    scene.say(&scene.ada, json!({"body_text": "Sent"})).await;

    let empty: Draft = scene.ada.get(&path).await.json().await.expect("a draft");
    assert_eq!(empty.body_text, "");
    assert_eq!(others(&empty), ["From the phone"]);
    put(
        &scene.ada,
        &path,
        json!({"body_text": "P.S."}),
        Some(empty.version),
    )
    .await;
    assert_eq!(scene.ada.delete(&path).await.status(), 200);
    let empty: Draft = scene.ada.get(&path).await.json().await.expect("a draft");
    assert_eq!(others(&empty), ["From the phone"]);

    // Nobody else's, and not the draft itself.
    let other = format!("/api/drafts/{}", empty.others[0].id);
    assert_eq!(scene.bob.delete(&other).await.status(), 404);
    let itself = format!("/api/drafts/{}", empty.id);
    assert_eq!(scene.ada.delete(&itself).await.status(), 404);
    assert_eq!(scene.ada.delete(&other).await.status(), 200);
    assert_eq!(scene.ada.delete(&other).await.status(), 404);
    assert_eq!(scene.ada.get(&path).await.status(), 404);
    let left: i64 = scene.desk.one("select count(*) from app.drafts").await;
    assert_eq!(left, 0);
}

/// The kind of defect: what ends a draft ended whatever was there, unseen words of another device with it.
#[tokio::test]
async fn what_another_device_has_written_since_is_neither_sent_nor_discarded() {
    let scene = Scene::open().await;
    let path = format!("{}/drafts/reply", scene.path);
    let seen = 1;
    put(&scene.ada, &path, json!({"body_text": "Dear Cleo"}), None).await;
    put(
        &scene.ada,
        &path,
        json!({"body_text": "Dear Cleo, and more"}),
        Some(seen),
    )
    .await;

    scene
        .say(
            &scene.ada,
            json!({"body_text": "Dear Cleo", "draft_version": seen}),
        )
        .await;
    scene
        .say(
            &scene.ada,
            json!({"body_text": "Again", "draft_version": 0}),
        )
        .await;
    let late = scene
        .ada
        .send(Method::DELETE, &path, None, &[("if-match", "\"1\"")])
        .await;
    assert_eq!(late.status(), 409);
    let problem: Value = late.json().await.expect("JSON");
    assert_eq!(problem["current"]["body_text"], "Dear Cleo, and more");
    let wrong = scene
        .ada
        .post(
            &format!("{}/messages", scene.path),
            json!({"body_text": "Hi", "draft_version": "new"}),
        )
        .await;
    assert_eq!(
        problem_paths(&wrong.json().await.expect("JSON")),
        ["draft_version"]
    );

    scene
        .say(
            &scene.ada,
            json!({"body_text": "Dear Cleo, and more", "draft_version": 2}),
        )
        .await;
    assert_eq!(scene.ada.get(&path).await.status(), 404);
}

/// The kind of defect: a version that is only compared with what is there, so that nothing there passed for the right one.
#[tokio::test]
async fn a_late_save_does_not_bring_back_what_was_sent() {
    let scene = Scene::open().await;
    let path = format!("{}/drafts/reply", scene.path);
    put(&scene.ada, &path, json!({"body_text": "Dear Cleo"}), None).await;
    scene
        .say(&scene.ada, json!({"body_text": "Dear Cleo"}))
        .await;

    let late = put(&scene.ada, &path, json!({"body_text": "Dear Cl"}), Some(1)).await;

    assert_eq!(late.status(), 409);
    let problem: Value = late.json().await.expect("JSON");
    assert!(problem["current"].is_null(), "{problem}");
    assert_eq!(scene.ada.get(&path).await.status(), 404);
    let anew = put(&scene.ada, &path, json!({"body_text": "P.S."}), None).await;
    assert_eq!(anew.status(), 200);
}

#[tokio::test]
async fn nobody_but_its_author_meets_a_draft() {
    let scene = Scene::open().await;
    let path = format!("{}/drafts/reply", scene.path);
    put(
        &scene.ada,
        &path,
        json!({"body_text": "The number is kwyz"}),
        None,
    )
    .await;
    let root = scene.desk.admin().await;
    let key = scene
        .desk
        .key(&["tickets:read", "tickets:write", "notes:read"], None)
        .await;

    for who in [&scene.bob, &scene.tom, &root, &key] {
        assert_eq!(who.get(&path).await.status(), 404);
        assert_eq!(who.delete(&path).await.status(), 404);
        assert_eq!(
            who.read("/api/drafts").await["items"]
                .as_array()
                .map(Vec::len)
                .unwrap_or_default(),
            0
        );
    }
    // Their own stands beside it and changes nothing.
    assert_eq!(
        put(&scene.bob, &path, json!({"body_text": "mine"}), None)
            .await
            .status(),
        200
    );
    assert_eq!(
        put(&scene.tom, &path, json!({"body_text": "mine"}), None)
            .await
            .status(),
        404
    );
    assert_eq!(
        put(&key, &path, json!({"body_text": "mine"}), None)
            .await
            .status(),
        403
    );
    assert_eq!(
        scene.ada.read(&path).await["body_text"],
        "The number is kwyz"
    );
    let wrong = put(
        &scene.ada,
        &format!("{}/drafts/system", scene.path),
        json!({"text": ""}),
        None,
    )
    .await;
    assert_eq!(wrong.status(), 422);
    assert_eq!(
        problem_paths(&wrong.json().await.expect("JSON")),
        ["text", "kind", "body_text"]
    );
}
