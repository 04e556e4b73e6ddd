//! Statuses: the words of a desk for the six categories.

use crate::resource::is_changed_by_admins_only;
use harness::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn statuses_are_changed_by_admins_only() {
    is_changed_by_admins_only(
        "/api/statuses",
        json!({"key": "on_site", "label": "On site", "category": "open", "position": 25}),
        json!({"label": "At the customer's", "color": "#336699"}),
    )
    .await;
}

#[tokio::test]
async fn the_category_of_a_status_decides_what_it_means() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let done = json!({"key": "shipped", "label": "Shipped", "category": "solved"});
    root.create("/api/statuses", done).await;
    let ticket = desk.ticket("Where is it?", "billing").await;
    let path = format!("/api/tickets/{ticket}");

    let changed = ada.patch(&path, json!({"status": "shipped"}), None).await;

    assert_eq!(changed.status(), 200);
    let now = ada.read(&path).await;
    assert_eq!(now["status_category"], "solved");
    assert!(now["solved_at"].is_string(), "{now}");
}

/// The kind of defect: configuration that each row allows and the desk as a whole needs, so that no ticket could be made any more.
#[tokio::test]
async fn the_last_status_that_tickets_need_and_the_last_priority_stay() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    desk.run("delete from app.views").await;
    for key in ["new", "open", "solved", "closed"] {
        let id: i64 = desk
            .one(&format!("select id from app.statuses where key = '{key}'"))
            .await;
        let path = format!("/api/statuses/{id}");
        for change in [json!({"active": false}), json!({"category": "pending"})] {
            let reply = root.patch(&path, change.clone(), None).await;
            assert_eq!(reply.status(), 409, "{key}: {change}");
        }
        assert_eq!(root.delete(&path).await.status(), 409, "{key}");
        // The same at a SQL prompt.
        let (code, _) = desk
            .refused(&format!(
                "update app.statuses set active = false where id = {id}"
            ))
            .await;
        assert_eq!(code, "TK409", "{key}");
    }
    // One that no ticket needs goes, and so does one that has a successor.
    desk.run(
        "update app.statuses set active = false where key = 'on_hold';
         insert into app.statuses (key, label, category) values ('fresh', 'Fresh', 'new')",
    )
    .await;
    let reply = root
        .patch("/api/statuses/1", json!({"active": false}), None)
        .await;
    assert_eq!(reply.status(), 200);
    let made = root
        .post(
            "/api/tickets",
            json!({"subject": "Still", "requester": {"email": "cleo@customer.test"}}),
        )
        .await;
    assert_eq!(made.status(), 201);
    // One statement may put another in the place of the last.
    desk.run("update app.statuses set active = not active where category = 'new'")
        .await;

    let (code, _) = desk
        .refused("update app.priorities set active = false")
        .await;
    assert_eq!(code, "TK409");
}
