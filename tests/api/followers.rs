//! Followers and CCs of a ticket, and who can be one.

use crate::messages::Scene;
use autocrm_api::model::{Follower, Page};
use harness::desk::problem_paths;
use serde_json::json;

/// The predicate for others must be what the policies say for each.
#[tokio::test]
async fn whether_another_sees_a_ticket_is_what_they_themselves_see() {
    let scene = Scene::open().await;
    let desk = &scene.desk;
    let all = desk.person("agent", "Alma", "all").await;
    let root = desk.admin().await;
    let own = desk.ticket("Assigned across", "billing").await;
    desk.run(&format!(
        "update app.tickets set assignee_id = {} where id = {own};
         insert into app.tickets (subject, requester_id) select 'Nobody''s', requester_id from app.tickets where id = {own}",
        scene.tom.id
    ))
    .await;
    let other = desk.ticket("Tech", "tech").await;
    for who in [&scene.ada, &scene.bob, &scene.tom, &all, &root] {
        for ticket in [scene.ticket, own, own + 1, other] {
            let said: bool = desk
                .one(&format!("select app.sees_ticket({}, {ticket})", who.id))
                .await;
            let sees = who.get(&format!("/api/tickets/{ticket}")).await.status() == 200;
            assert_eq!(said, sees, "user {} and ticket {ticket}", who.id);
        }
    }
}

#[tokio::test]
async fn followers_and_ccs_are_added_listed_and_removed() {
    let scene = Scene::open().await;
    let path = format!("{}/followers", scene.path);
    let added = scene
        .ada
        .post(&path, json!({"user_id": scene.bob.id}))
        .await;
    assert_eq!(added.status(), 201);
    let cc: Follower = scene
        .ada
        .post(
            &path,
            json!({"kind": "cc", "email": "Boss@customer.test", "name": "Cleo's boss"}),
        )
        .await
        .json()
        .await
        .expect("a CC");
    assert_eq!(
        (cc.kind.as_str(), cc.name.as_deref()),
        ("cc", Some("Cleo's boss"))
    );

    let first: Page<Follower> = scene
        .ada
        .get(&format!("{path}?limit=1"))
        .await
        .json()
        .await
        .expect("a page");
    let next = first.next.expect("another page");
    let second: Page<Follower> = scene
        .ada
        .get(&format!("{path}?limit=1&after={next}"))
        .await
        .json()
        .await
        .expect("a page");
    assert_eq!(
        (first.items[0].user_id, second.items[0].user_id),
        (scene.bob.id, cc.user_id)
    );
    assert!(second.next.is_none());
    let ccs: Page<Follower> = scene
        .ada
        .get(&format!("{path}?kind=cc"))
        .await
        .json()
        .await
        .expect("a page");
    assert_eq!(ccs.items.len(), 1);

    // The same again changes what they are, and adds nobody.
    scene
        .ada
        .post(&path, json!({"user_id": scene.bob.id, "kind": "cc"}))
        .await;
    assert_eq!(
        scene
            .desk
            .one::<i64>("select count(*) from app.followers where kind = 'cc'")
            .await,
        2
    );
    assert_eq!(
        scene
            .bob
            .delete(&format!("{path}/{}", cc.user_id))
            .await
            .status(),
        200
    );
    assert_eq!(
        scene
            .bob
            .delete(&format!("{path}/{}", cc.user_id))
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn nobody_follows_what_they_cannot_see_nor_adds_followers_without_the_right() {
    let scene = Scene::open().await;
    let path = format!("{}/followers", scene.path);
    for (body, expected) in [
        (json!({"user_id": scene.tom.id}), "user_id"),
        (json!({"user_id": 999}), "user_id"),
        (json!({"user_id": 1, "email": "a@b.test"}), "user_id"),
        (json!({"email": "a@b.test"}), "email"),
        (json!({"user_id": 1, "kind": "boss"}), "kind"),
    ] {
        let refused = scene.ada.post(&path, body).await;
        assert_eq!(refused.status(), 422);
        assert_eq!(
            problem_paths(&refused.json().await.expect("JSON")),
            [expected]
        );
    }
    assert_eq!(scene.tom.get(&path).await.status(), 404);
    assert_eq!(
        scene
            .tom
            .post(&path, json!({"user_id": scene.tom.id}))
            .await
            .status(),
        404
    );
    assert_eq!(
        scene
            .tom
            .delete(&format!("{path}/{}", scene.bob.id))
            .await
            .status(),
        404
    );
    let reads = scene.desk.key(&["tickets:read"], None).await;
    assert_eq!(reads.get(&path).await.status(), 200);
    assert_eq!(
        reads
            .post(&path, json!({"user_id": scene.bob.id}))
            .await
            .status(),
        403
    );
    assert_eq!(
        reads
            .delete(&format!("{path}/{}", scene.bob.id))
            .await
            .status(),
        403
    );
    assert_eq!(
        scene
            .desk
            .one::<i64>("select count(*) from app.followers")
            .await,
        0
    );
}

/// CCs receive the replies of a ticket: its history tells who added and removed them. Followers are told nobody.
#[tokio::test]
async fn the_timeline_tells_who_added_and_removed_a_cc() {
    let scene = Scene::open().await;
    let path = format!("{}/followers", scene.path);
    let boss = json!({"kind": "cc", "email": "boss@customer.test", "name": "Cleo's boss"});
    let cc: Follower = scene
        .ada
        .post(&path, boss.clone())
        .await
        .json()
        .await
        .expect("a CC");
    // Nothing changes.
    scene.ada.post(&path, boss).await;
    scene
        .ada
        .post(&path, json!({"user_id": scene.bob.id}))
        .await;
    scene
        .ada
        .post(&path, json!({"user_id": scene.bob.id, "kind": "cc"}))
        .await;
    scene
        .ada
        .post(&path, json!({"user_id": scene.bob.id, "kind": "follower"}))
        .await;
    scene.bob.delete(&format!("{path}/{}", cc.user_id)).await;
    scene.bob.delete(&format!("{path}/{}", scene.bob.id)).await;

    let timeline = scene
        .ada
        .read(&format!("{}/timeline?kind=event", scene.path))
        .await;
    let told: Vec<String> = timeline["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter(|item| {
            item["name"]
                .as_str()
                .is_some_and(|name| name.starts_with("cc."))
        })
        .map(|item| {
            let word = |value: &serde_json::Value| value.as_str().unwrap_or("?").to_owned();
            format!(
                "{} {} {}",
                word(&item["actor"]["name"]),
                word(&item["name"]),
                word(&item["data"]["person"])
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Ada cc.added Cleo's boss",
            "Ada cc.added Bob",
            "Ada cc.removed Bob",
            "Bob cc.removed Cleo's boss"
        ]
    );

    // What goes with its user is no act of anybody.
    scene
        .ada
        .post(
            &path,
            json!({"kind": "cc", "email": "gone@customer.test", "name": "Gone"}),
        )
        .await;
    scene
        .desk
        .run("delete from app.users where email = 'gone@customer.test'")
        .await;
    let removed: i64 = scene
        .desk
        .one("select count(*) from app.events where name = 'cc.removed'")
        .await;
    assert_eq!(removed, 2);
}
