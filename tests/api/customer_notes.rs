//! Notes of the staff about customers and organizations.

use crate::people::{cleo, customer};
use harness::desk::Desk;
use serde_json::{Value, json};

#[tokio::test]
async fn of_a_customers_notes_one_is_pinned_and_a_merge_keeps_them_all() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let cleo = cleo(&desk).await;
    let twin = customer(&desk, "cleo.b@customer.test").await;
    let note = async |user: i64, text: &str| -> Value {
        ada.post(
            "/api/customer-notes",
            json!({"user_id": user, "body_text": text, "pinned": true}),
        )
        .await
        .json()
        .await
        .expect("a note")
    };
    let first = note(cleo, "Call before a Friday").await;
    assert_eq!(first["author"]["name"], "Ada");
    note(cleo, "Prefers German").await;
    note(twin, "Signs alone").await;
    let pinned = async |user: i64| -> Vec<String> {
        ada.read(&format!("/api/customer-notes?user_id={user}"))
            .await["items"]
            .as_array()
            .expect("items")
            .iter()
            .filter(|note| note["pinned"] == true)
            .map(|note| note["body_text"].as_str().expect("a text").to_owned())
            .collect()
    };
    assert_eq!(pinned(cleo).await, ["Prefers German"]);

    ada.patch(
        &format!("/api/users/{twin}"),
        json!({"custom": {"role": "CFO", "region": "south"}}),
        None,
    )
    .await;
    ada.patch(
        &format!("/api/users/{cleo}"),
        json!({"custom": {"region": "north"}}),
        None,
    )
    .await;
    let merged = ada
        .post(&format!("/api/users/{twin}/merge"), json!({"into": cleo}))
        .await;
    assert_eq!(merged.status(), 200);
    assert_eq!(pinned(cleo).await, ["Prefers German"]);
    let all = ada
        .read(&format!("/api/customer-notes?user_id={cleo}"))
        .await;
    assert_eq!(all["items"].as_array().expect("items").len(), 3);
    let remaining = ada.read(&format!("/api/users/{cleo}")).await;
    assert_eq!(
        remaining["custom"],
        json!({"role": "CFO", "region": "north"})
    );

    let nobody = ada
        .post("/api/customer-notes", json!({"body_text": "About whom?"}))
        .await;
    assert_eq!(nobody.status(), 422);
}

/// The kind of defect: two rows that a unique index allows one of, written at the same time.
#[tokio::test]
async fn of_notes_that_are_pinned_at_once_the_last_one_is() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let user = cleo(&desk).await;
    let body = json!({"user_id": user, "body_text": "x", "pinned": true});
    let pinning: Vec<_> = (0..8)
        .map(|_| {
            let (ada, body) = (ada.clone(), body.clone());
            tokio::spawn(async move { ada.post("/api/customer-notes", body).await.status() })
        })
        .collect();
    for one in pinning {
        assert_eq!(one.await.expect("ends"), 201);
    }
    let pinned: i64 = desk
        .one("select count(*) from app.customer_notes where pinned")
        .await;
    assert_eq!(pinned, 1);
    // The same where one transaction waits for the other.
    let (first, second) = (desk.log_in("postgres").await, desk.log_in("postgres").await);
    let insert = format!(
        "insert into app.customer_notes (user_id, body_text, pinned) values ({user}, 'slow', true)"
    );
    first
        .batch_execute(&format!("begin; {insert}"))
        .await
        .expect("the first");
    let later = insert.replace("slow", "later");
    let waiting = tokio::spawn(async move { second.batch_execute(&later).await });
    desk.blocked(1).await;
    first.batch_execute("commit").await.expect("commits");
    waiting.await.expect("ends").expect("the later one wins");
    let pinned: String = desk
        .one("select body_text from app.customer_notes where pinned")
        .await;
    assert_eq!(pinned, "later");
}
