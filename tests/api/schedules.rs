//! Business hours over REST. Time computed with them is in tests/sql/schedules.rs.

use crate::resource::is_changed_by_admins_only;
use harness::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn schedules_are_changed_by_admins_only() {
    is_changed_by_admins_only(
        "/api/schedules",
        json!({"name": "Office", "time_zone": "Europe/Berlin"}),
        json!({"holidays": ["2026-12-25"]}),
    )
    .await;
}

#[tokio::test]
async fn a_team_whose_schedule_is_removed_is_always_open() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let office = json!({"name": "Office", "time_zone": "Europe/Berlin", "weekly": []});
    let office = root.create("/api/schedules", office).await;
    let team: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    let team = format!("/api/teams/{team}");
    let hours = json!({"schedule_id": office["id"]});
    assert_eq!(root.patch(&team, hours, None).await.status(), 200);
    assert_eq!(root.read(&team).await["schedule_id"], office["id"]);

    let path = format!("/api/schedules/{}", office["id"]);
    assert_eq!(root.delete(&path).await.status(), 200);

    assert!(root.read(&team).await["schedule_id"].is_null());
}
