//! Jobs over a custom field: back-fills, and what becomes of one whose worker dies.

use crate::custom_fields::{many, refused, settled};
use harness::desk::{Desk, problem_paths};
use serde_json::{Value, json};

#[tokio::test]
async fn a_back_fill_sets_what_is_missing_where_its_condition_holds_and_counts_as_nobodys_touch() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    many(&desk, 4, "'{}'").await;
    desk.run(
        r#"insert into app.custom_fields (key, label, type, config, default_value) values
             ('area', 'Area', 'dropdown', '{"options": ["api", "web"]}', '"web"'), ('seats', 'Seats', 'integer', '{"max": 9}', null);
           update app.tickets set channel = 'email', updated_at = updated_at where id = (select min(id) from app.tickets);
           update app.tickets set custom = '{"area": "api"}' where id = (select max(id) from app.tickets);
           insert into app.triggers (name, conditions, actions) values ('T', '{"field": "custom.area", "op": "changed"}', '[{"add_tags": ["moved"]}]')"#,
    )
    .await;
    let (area, seats): (i64, i64) = (
        desk.one("select id from app.custom_fields where key = 'area'")
            .await,
        desk.one("select id from app.custom_fields where key = 'seats'")
            .await,
    );
    let fill = |id: i64| format!("/api/custom-fields/{id}/backfill");

    assert_eq!(ada.post(&fill(area), json!({})).await.status(), 403);
    for (id, body, path) in [
        (area, json!({"value": "fax"}), "value"),
        (seats, json!({}), "value"),
        (seats, json!({"value": 10, "colour": 1}), "colour"),
        (
            seats,
            json!({"value": 1, "conditions": {"field": "custom.gone", "op": "present"}}),
            "conditions.field",
        ),
        (
            seats,
            json!({"value": 1, "conditions": {"field": "status", "op": "changed"}}),
            "conditions",
        ),
    ] {
        let problem = refused(root.post(&fill(id), body).await).await;
        assert_eq!(problem_paths(&problem)[0], path, "{problem}");
    }

    let before: String = desk
        .one("select string_agg(id || ' ' || updated_at, ',' order by id) from app.tickets")
        .await;
    let some =
        json!({"value": "api", "conditions": {"field": "channel", "op": "is", "value": "email"}});
    let made: Value = root
        .post(&fill(area), some)
        .await
        .json()
        .await
        .expect("a job");
    assert_eq!(
        (made["status"].as_str(), made["total"].as_i64()),
        (Some("queued"), Some(4))
    );
    settled(&desk).await;
    let values =
        "select string_agg(coalesce(custom ->> 'area', '-'), ' ' order by id) from app.tickets";
    assert_eq!(desk.one::<String>(values).await, "api - - api");
    assert_eq!(root.post(&fill(area), json!({})).await.status(), 201);
    settled(&desk).await;
    assert_eq!(desk.one::<String>(values).await, "api web web api");

    let job = root.read(&format!("/api/field-jobs/{}", made["id"])).await;
    assert_eq!(
        (
            job["status"].as_str(),
            job["done"].as_i64(),
            job["changed"].as_i64(),
            job["failed"].as_i64()
        ),
        (Some("done"), Some(4), Some(1), Some(0))
    );
    let cancel = format!("/api/field-jobs/{}/cancel", made["id"]);
    assert_eq!(
        refused(root.post(&cancel, json!({})).await).await["status"],
        422
    );
    assert_eq!(ada.post(&cancel, json!({})).await.status(), 404);
    let after: String = desk
        .one("select string_agg(id || ' ' || updated_at, ',' order by id) from app.tickets")
        .await;
    assert_eq!(after, before);
    let told: i64 = desk
        .one("select count(*) from app.events where data #>> '{caused_by,kind}' = 'fill'")
        .await;
    assert_eq!(told, 3);
    desk.work("rules", "rule_cursor").await;
    // What was set by hand is answered, and nothing else.
    let answered: bool = desk
        .one("select array_agg(id) = array[(select max(id) from app.tickets)] from app.tickets where tag_ids <> '{}'")
        .await;
    assert!(answered);
}

#[tokio::test]
async fn a_job_goes_on_where_a_killed_worker_stood_and_ends_when_it_is_cancelled() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    many(&desk, 1200, "'{}'").await;
    desk.run("insert into app.custom_fields (key, label, type) values ('note', 'Note', 'text')")
        .await;
    let fill = async |value: &str| -> Value {
        root.post("/api/custom-fields/1/backfill", json!({"value": value}))
            .await
            .json()
            .await
            .expect("a job")
    };
    let job = fill("a").await;
    let path = format!("/api/field-jobs/{}", job["id"]);
    while root.read(&path).await["done"] == 0 {
        desk.run("select worker.run_field_jobs()").await;
    }
    let running = root.read(&path).await;
    assert_eq!(
        (running["status"].as_str(), running["done"].as_i64()),
        (Some("running"), Some(500))
    );
    // What a worker had not committed when it died never was.
    desk.run("begin; select worker.run_field_jobs(); rollback")
        .await;
    assert_eq!(root.read(&path).await["done"], 500);
    settled(&desk).await;
    let done = root.read(&path).await;
    assert_eq!(
        (
            done["status"].as_str(),
            done["done"].as_i64(),
            done["changed"].as_i64()
        ),
        (Some("done"), Some(1200), Some(1200))
    );
    assert_eq!(
        desk.one::<i64>(
            "select count(*) from app.audit_log where table_name = 'tickets' and action = 'update'"
        )
        .await,
        1200
    );

    desk.run("update app.tickets set custom = '{}'").await;
    let job = fill("b").await;
    let path = format!("/api/field-jobs/{}", job["id"]);
    assert_eq!(
        root.post(&format!("{path}/cancel"), json!({}))
            .await
            .status(),
        200
    );
    desk.run("select worker.run_field_jobs()").await;
    assert_eq!(root.read(&path).await["status"], "cancelled");
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tickets where custom <> '{}'")
            .await,
        0
    );
    let told = desk.one::<i64>("select count(*) from app.events where name = 'field.progress' and data ->> 'status' = 'cancelled'").await;
    assert_eq!(told, 1);
}
