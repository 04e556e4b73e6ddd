//! What a ticket of each channel weighs.

use harness::desk::{Desk, Person};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn what_a_channel_weighs_is_set_over_rest_by_admins() {
    let desk = Desk::open().await;
    let (admin, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let put = async |who: &Person, body: Value| {
        who.send(Method::PUT, "/api/channel-loads", Some(body), &[])
            .await
    };
    let set = put(&admin, json!({"chat": 50})).await;
    assert_eq!(set.status(), 200);
    let loads = ada.read("/api/channel-loads").await;
    assert_eq!((&loads["chat"], &loads["web"]), (&50.into(), &100.into()));
    let refused = put(&ada, json!({"chat": 70})).await;
    assert_eq!(refused.status(), 403);
    let refused = put(&admin, json!({"chat": 0, "pigeon": 5})).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("JSON");
    let mut paths: Vec<&str> = problem["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|p| p["path"].as_str())
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["chat", "pigeon"]);
}
