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
