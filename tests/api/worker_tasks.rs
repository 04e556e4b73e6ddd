//! Tasks of the background worker: paused, and run by hand.

use autocrm_api::{db, work};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

async fn task(root: &Person, name: &str) -> Value {
    let list = root.read(&format!("/api/worker-tasks?name={name}")).await;
    list["items"][0].clone()
}

#[tokio::test]
async fn an_administrator_pauses_a_task_and_has_it_make_one_round() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let pool = db::pool(&desk.config).expect("a pool");
    let attempts = async || {
        desk.one::<i64>("select count(*) from app.log_in_attempts")
            .await
    };
    let old = "insert into app.log_in_attempts (email, at) values ('x', autocrm.now() - interval '31 days')";
    let round = async || work::maintenance::once(&pool).await.expect("a round");
    let name = "maintenance:%20log_in_attempts";

    desk.run(old).await;
    round().await;
    assert_eq!(attempts().await, 0);
    let before = task(&root, name).await;
    assert!(before["ran_at"].is_string(), "{before}");
    let path = format!("/api/worker-tasks/{}", before["id"]);
    let paused = root.patch(&path, json!({"paused": true}), None).await;
    assert_eq!(paused.status(), 200);

    desk.run(old).await;
    round().await;
    assert_eq!(attempts().await, 1, "it is paused");
    let wanted = root.post(&format!("{path}/run"), json!({})).await;
    assert_eq!(wanted.status(), 200);
    round().await;
    assert_eq!(attempts().await, 0, "it was asked for");
    assert_eq!(task(&root, name).await["wanted_at"], Value::Null);
    desk.run(old).await;
    round().await;
    assert_eq!(attempts().await, 1, "once");
    let health = root.read("/api/health").await;
    let check = health["checks"]
        .as_array()
        .and_then(|all| {
            all.iter()
                .find(|check| check["name"] == "worker: maintenance: log_in_attempts")
        })
        .expect("a check");
    assert_eq!(check["status"], "warn", "{check}");

    // By its row, at a prompt.
    let prompt = desk.at_prompt("admin", None).await;
    prompt
        .batch_execute("update app.worker_tasks set paused = false where name = 'maintenance: log_in_attempts'")
        .await
        .expect("may");
    round().await;
    assert_eq!(attempts().await, 0);

    // Not an empty list, which would tell that there are no tasks.
    let key = desk.key(&["tickets:read", "users:read"], None).await;
    for who in [&ada, &key] {
        for path in ["/api/worker-tasks", "/api/set-aside"] {
            assert_eq!(who.get(path).await.status(), 403, "{path}");
        }
    }
    let refused = ada.patch(&path, json!({"paused": true}), None).await;
    assert_eq!(refused.status(), 403);
    let watchdog = task(&root, "watchdog").await;
    let refused = root
        .patch(
            &format!("/api/worker-tasks/{}", watchdog["id"]),
            json!({"paused": true}),
            None,
        )
        .await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&problem), ["paused"]);
}

#[tokio::test]
async fn of_several_workers_one_makes_the_round_that_a_paused_task_was_asked_for() {
    let desk = Desk::open().await;
    desk.run(
        "update app.worker_tasks set paused = true, wanted_at = autocrm.now() where name = 'rules'",
    )
    .await;
    let (one, other) = (
        desk.log_in("autocrm_api").await,
        desk.log_in("autocrm_api").await,
    );
    let begins = async |client: &tokio_postgres::Client| -> bool {
        client
            .query_one("select worker.begins('rules')", &[])
            .await
            .expect("answers")
            .get(0)
    };
    one.batch_execute("begin").await.expect("begins");
    assert!(begins(&one).await);
    assert!(!begins(&other).await, "nobody waits for the first");
    one.batch_execute("commit").await.expect("commits");
    assert!(!begins(&other).await);
    desk.run("update app.worker_tasks set paused = false").await;
    assert!(begins(&other).await);
    assert!(begins(&one).await);
}
