//! A data analyst at a SQL prompt, who tries to be more than that.

use harness::desk::Desk;

#[tokio::test]
async fn an_analyst_reads_what_the_grant_covers() {
    let desk = Desk::open().await;
    desk.ticket("For billing", "billing").await;
    desk.ticket("For tech", "tech").await;
    let all = desk.analyst(None).await;
    let count: i64 = all
        .query_one("select count(*) from app.tickets", &[])
        .await
        .expect("reads")
        .get(0);
    assert_eq!(count, 2);

    let other = Desk::open().await;
    other.ticket("For billing", "billing").await;
    other.ticket("For tech", "tech").await;
    let limited = other.analyst(Some("billing")).await;
    let subjects = limited
        .query("select subject from api.tickets", &[])
        .await
        .expect("reads");
    assert_eq!(
        subjects
            .iter()
            .map(|row| row.get::<_, String>(0))
            .collect::<Vec<_>>(),
        ["For billing"]
    );
    let messages: i64 = limited
        .query_one("select count(*) from app.messages", &[])
        .await
        .expect("reads")
        .get(0);
    assert_eq!(messages, 1, "messages follow their ticket");
}

#[tokio::test]
async fn nothing_an_analyst_tries_gains_anything() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.ticket("For billing", "billing").await;
    desk.ticket("For tech", "tech").await;
    let ann = desk.analyst(Some("billing")).await;
    let sees = async |what: &str| {
        let count: i64 = ann
            .query_one("select count(*) from app.tickets", &[])
            .await
            .expect("reads")
            .get(0);
        assert_eq!(count, 1, "after {what}");
    };

    let claims = format!(
        "set request.jwt.claims = '{{\"sub\": \"{}\", \"role\": \"admin\"}}'",
        admin.id
    );
    ann.batch_execute(&claims)
        .await
        .expect("anybody may set it; nobody believes it");
    sees("claiming to be an admin").await;
    ann.batch_execute("set autocrm.now = '2020-01-01'")
        .await
        .expect_err("the clock is a superuser's");

    for attempt in [
        "set role autocrm_admin",
        "set role autocrm_owner",
        "set role autocrm_api",
        "set session authorization autocrm_api",
        "select worker.log_in('root@desk.test', null)",
        "select worker.open_session(1, 1, gen_random_uuid(), 'x', '')",
        "select worker.record_refusal('{}', 'x', 'x', 'x')",
        "select worker.maintain()",
        "select api.create_api_key('{\"name\": \"x\", \"scopes\": []}')",
        "select api.update_me('{\"name\": \"x\"}')",
        "select app.ensure_partitions()",
        "select autocrm.seal_audit()",
        "select * from app.passwords",
        "select * from app.sessions",
        "select hash from app.api_keys",
        "select * from app.audit_log",
        "select * from app.messages_default",
        "insert into app.tickets (subject, requester_id) values ('x', 1)",
        "update app.tickets set subject = 'x'",
        "delete from app.tickets",
        "insert into app.events (name) values ('x')",
        "insert into app.users (name, role) values ('x', 'admin')",
        "update app.users set ticket_access = 'all'",
        "create table app.mine (id int)",
        "create function api.mine() returns int language sql as 'select 1'",
    ] {
        let outcome = ann.batch_execute(attempt).await;
        assert!(outcome.is_err(), "{attempt} was let through");
        sees(attempt).await;
    }
}
