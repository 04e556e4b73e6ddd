//! How the desk fares, for administrators and operators.

use autocrm_api::model::Health;
use harness::desk::Desk;

#[tokio::test]
async fn administrators_see_how_the_desk_fares_and_what_to_do() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    desk.run(
        "insert into app.set_aside (worker, item, code, message, retry_at) values ('search', 'x', 'TK500', 'x', now() + interval '1 hour')",
    )
    .await;
    let health: Health = serde_json::from_value(root.read("/api/health").await)
        .expect("the shape of the description");
    let check = |name: &str| {
        health
            .checks
            .iter()
            .find(|check| check.name == name)
            .unwrap_or_else(|| panic!("no check {name}"))
    };
    assert_eq!(check("set aside").status, "warn");
    assert_eq!(check("set aside").value.as_deref(), Some("1"));
    assert_eq!(check("partitions: audit_log").status, "ok");
    assert_eq!(check("extension").status, "ok");
    assert!(
        health
            .checks
            .iter()
            .all(|check| ["ok", "warn", "bad"].contains(&check.status.as_str()))
    );
    assert!(health.checks.iter().all(|check| !check.advice.is_empty()));
    // A cluster of tests does not wait for its disk.
    assert_eq!(check("setting: fsync").status, "bad");
    assert_eq!(health.status, "bad");

    assert_eq!(ada.get("/api/health").await.status(), 403);
    let analyst = desk.analyst(None).await;
    let refused = analyst
        .query("select * from app.health()", &[])
        .await
        .expect_err("refused");
    assert_eq!(refused.code().expect("a code").code(), "42501");

    let out = harness::binary()
        .args(["health", "--quiet"])
        .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
        .output()
        .expect("runs");
    let told = String::from_utf8_lossy(&out.stdout);
    assert_eq!(out.status.code(), Some(1), "{told}");
    assert!(told.contains("set aside: 1 (limit: 0)."), "{told}");
    assert!(!told.contains("ok  "), "{told}");
}
