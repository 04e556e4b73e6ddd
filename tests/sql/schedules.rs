//! Business hours: rows checked alike through psql and REST, and what the native functions answer.

use harness::desk::Desk;
use serde_json::{Value, json};
use tokio_postgres::Client;

const OFFICE: &str = r#"insert into app.schedules (name, time_zone, weekly, holidays, exceptions)
  select 'Office', 'Europe/Berlin',
         (select jsonb_agg(jsonb_build_object('day', d, 'from', '09:00', 'to', '17:00'))
            from unnest(array['mon', 'tue', 'wed', 'thu', 'fri']) d),
         '["2026-12-25"]', '[{"date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}]}]'
  returning id"#;

/// An admin's own log-in at a SQL prompt.
async fn admin_in_psql(desk: &Desk) -> Client {
    let login = format!("root_{}", desk.database);
    desk.run(&format!(
        "create role {login} login in role autocrm_admin;
         grant connect on database {} to autocrm_admin;
         insert into app.users (role, name, pg_role) values ('admin', 'Root at psql', '{login}')",
        desk.database
    ))
    .await;
    desk.log_in(&login).await
}

async fn refused(client: &Client, sql: &str) -> (String, String) {
    let error = client.batch_execute(sql).await.expect_err(sql);
    let error = error.as_db_error().expect("by the database").clone();
    (
        error.code().code().to_owned(),
        error.detail().unwrap_or_default().to_owned(),
    )
}

#[tokio::test]
async fn a_bad_schedule_is_refused_with_every_mistake_through_psql_and_rest_alike() {
    let desk = Desk::open().await;
    let (psql, admin) = (admin_in_psql(&desk).await, desk.admin().await);
    let bad = json!({
        "name": "Bad", "time_zone": "Europe/Bonn",
        "weekly": [{"day": "monday", "from": "09:00", "to": "17:00"}, {"day": "tue", "from": "9", "to": "24:01"}],
        "holidays": ["2026-02-30"],
        "exceptions": [{"date": "2026-12-24", "intervals": [{"from": "12:00", "to": "12:00"}]}]
    });

    let (code, detail) = refused(
        &psql,
        &format!(
            "insert into app.schedules (name, time_zone, weekly, holidays, exceptions)
             select r.name, r.time_zone, r.weekly, r.holidays, r.exceptions
               from jsonb_populate_record(null::app.schedules, '{bad}') r"
        ),
    )
    .await;
    let reply = admin.post("/api/schedules", bad).await;

    assert_eq!((code.as_str(), reply.status().as_u16()), ("TK422", 422));
    let problem: Value = reply.json().await.expect("JSON");
    let lines: Vec<String> = problem["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|p| {
            format!(
                "{}: {}",
                p["path"].as_str().unwrap_or_default(),
                p["message"].as_str().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(lines.join("\n"), detail);
    let paths: Vec<&str> = lines.iter().filter_map(|l| l.split(": ").next()).collect();
    assert_eq!(
        paths,
        [
            "time_zone",
            "weekly[0].day",
            "weekly[1].from",
            "weekly[1].to",
            "holidays[0]",
            "exceptions[0].intervals[0].to"
        ]
    );
}

#[tokio::test]
async fn a_schedule_written_at_either_door_is_read_stamped_and_audited_at_both() {
    let desk = Desk::open().await;
    let (psql, admin) = (admin_in_psql(&desk).await, desk.admin().await);
    let id: i64 = psql.query_one(OFFICE, &[]).await.expect("inserts").get(0);

    let read = admin.read(&format!("/api/schedules/{id}")).await;
    assert_eq!(
        (&read["name"], &read["version"]),
        (&json!("Office"), &json!(1))
    );
    assert_eq!(read["weekly"].as_array().map(Vec::len), Some(5));
    let renamed = admin
        .patch(
            &format!("/api/schedules/{id}"),
            json!({"name": "Head office"}),
            Some(1),
        )
        .await;
    assert_eq!(renamed.status(), 200);
    let stale = admin
        .patch(
            &format!("/api/schedules/{id}"),
            json!({"name": "x"}),
            Some(1),
        )
        .await;
    assert_eq!(stale.status(), 409);
    let seen: String = psql
        .query_one(
            "select name from api.schedules where id = $1 and version = 2",
            &[&id],
        )
        .await
        .expect("reads")
        .get(0);
    assert_eq!(seen, "Head office");
    assert_eq!(
        desk.one::<i64>("select count(*) from app.audit_log where table_name = 'schedules'")
            .await,
        2
    );
    let (code, _) = refused(
        &psql,
        "insert into app.schedules (name, time_zone) values ('HEAD OFFICE', 'UTC')",
    )
    .await;
    assert_eq!(code, "TK409");
}

#[tokio::test]
async fn hours_of_people_and_teams_are_for_admins_to_say() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let ada = desk.agent("Ada", "billing").await;
    let office: i64 = desk.one(OFFICE).await;
    let team: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    let customer: i64 = desk
        .one("select id from app.users where role = 'customer'")
        .await;
    let hours = json!({"schedule_id": office});

    for path in [
        format!("/api/users/{}", ada.id),
        format!("/api/teams/{team}"),
    ] {
        assert_eq!(
            ada.patch(&path, hours.clone(), None).await.status(),
            403,
            "{path}"
        );
        let said = admin.patch(&path, hours.clone(), None).await;
        assert_eq!(said.status(), 200, "{path}");
        let said: Value = said.json().await.expect("JSON");
        assert_eq!(said["schedule_id"], office);
    }
    let path = format!("/api/users/{customer}");
    assert_eq!(ada.patch(&path, hours, None).await.status(), 403);
    assert_eq!(
        ada.patch(&path, json!({"phone": "1"}), None).await.status(),
        200
    );

    // Without the schedule, everybody is as before there was one.
    assert_eq!(
        admin
            .delete(&format!("/api/schedules/{office}"))
            .await
            .status(),
        200
    );
    let left: i64 = desk
        .one("select (select count(schedule_id) from app.users) + (select count(schedule_id) from app.teams)")
        .await;
    assert_eq!(left, 0);
}

/// One value of a question to the schedule, as text in UTC.
async fn ask(desk: &Desk, schedule: i64, question: &str) -> Option<String> {
    desk.run("set time zone 'UTC'").await;
    desk.one(&format!(
        "select (autocrm.{})::text",
        question.replace("{s}", &schedule.to_string())
    ))
    .await
}

#[tokio::test]
async fn the_functions_count_business_time_and_know_the_changes_of_the_clock() {
    let desk = Desk::open().await;
    let office: i64 = desk.one(OFFICE).await;
    let nights: i64 = desk
        .one(r#"insert into app.schedules (name, time_zone, weekly) values
             ('Nights', 'Europe/Berlin', '[{"day": "sat", "from": "22:00", "to": "06:00"}]') returning id"#)
        .await;
    for (schedule, question, answer) in [
        (
            office,
            "business_seconds('2026-01-05 00:00Z', '2026-01-06 00:00Z', {s})",
            Some("28800"),
        ),
        (
            office,
            "business_seconds('2026-01-06 00:00Z', '2026-01-05 00:00Z', {s})",
            Some("-28800"),
        ),
        (
            office,
            "business_seconds('2026-12-24 00:00Z', '2026-12-28 00:00Z', {s})",
            Some("10800"),
        ),
        (office, "business_seconds(null, now(), {s})", None),
        (
            nights,
            "business_seconds('2026-03-28 12:00Z', '2026-03-29 12:00Z', {s})",
            Some("25200"),
        ),
        (
            nights,
            "business_seconds('2026-10-24 12:00Z', '2026-10-25 12:00Z', {s})",
            Some("32400"),
        ),
        (
            nights,
            "closes_at({s}, '2026-03-29 00:30Z')",
            Some("2026-03-29 04:00:00+00"),
        ),
        (
            office,
            "next_open({s}, '2026-03-27 16:00Z')",
            Some("2026-03-30 07:00:00+00"),
        ),
        (
            office,
            "next_open({s}, '2026-03-27 15:59:59.5Z')",
            Some("2026-03-27 15:59:59.5+00"),
        ),
        (
            office,
            "closes_at({s}, '2026-03-27 15:59:59.5Z')",
            Some("2026-03-27 16:00:00+00"),
        ),
        (office, "closes_at({s}, '2026-03-27 16:00Z')", None),
        (office, "is_open({s}, '2026-03-27 15:59Z')", Some("true")),
        (office, "is_open({s}, '2026-12-25 12:00Z')", Some("false")),
        (
            office,
            "add_business('2026-03-27 15:30Z', 3600, {s})",
            Some("2026-03-30 07:30:00+00"),
        ),
        (
            office,
            "add_business('2026-03-30 07:30Z', -3600, {s})",
            Some("2026-03-27 15:30:00+00"),
        ),
    ] {
        assert_eq!(
            ask(&desk, schedule, question).await.as_deref(),
            answer,
            "{question}"
        );
    }
}

#[tokio::test]
async fn an_unknown_schedule_and_an_endless_time_are_errors_with_a_way_out() {
    let desk = Desk::open().await;
    let office: i64 = desk.one(OFFICE).await;
    for question in [
        "business_seconds(now(), now(), 77)",
        "is_open(77, now())",
        "next_open(77, now())",
        "closes_at(77, now())",
        "add_business(now(), 1, 77)",
    ] {
        let (code, _) = refused(desk.sql(), &format!("select autocrm.{question}")).await;
        assert_eq!(code, "TK404", "{question}");
    }
    let (code, detail) = refused(
        desk.sql(),
        &format!("select autocrm.business_seconds('-infinity', 'infinity', {office})"),
    )
    .await;
    assert_eq!(
        (code.as_str(), detail.as_str()),
        ("TK422", "from_at: must lie in the years 1 to 9998")
    );
}

#[tokio::test]
async fn a_changed_schedule_counts_at_once_in_sessions_that_knew_the_old_one() {
    let desk = Desk::open().await;
    let office: i64 = desk.one(OFFICE).await;
    let analyst = desk.analyst(None).await;
    let question = format!(
        "select autocrm.business_seconds('2026-01-05 00:00Z', '2026-01-06 00:00Z', {office})"
    );
    for (weekly, seconds) in [
        (r#"[{"day": "mon", "from": "10:00", "to": "12:00"}]"#, 7200),
        ("[]", 0),
    ] {
        analyst.query_one(&question, &[]).await.expect("answers");
        desk.run(&format!(
            "update app.schedules set weekly = '{weekly}' where id = {office}"
        ))
        .await;
        let row = analyst.query_one(&question, &[]).await.expect("answers");
        assert_eq!(row.get::<_, i64>(0), seconds);
    }
}

#[tokio::test]
async fn coverage_tells_the_hours_that_no_skilled_agent_covers() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Bob", "billing").await,
    );
    let office: i64 = desk.one(OFFICE).await;
    let mornings: i64 = desk
        .one(r#"insert into app.schedules (name, time_zone, weekly) values
             ('Mornings', 'Europe/Berlin', '[{"day": "mon", "from": "09:00", "to": "11:30"}]') returning id"#)
        .await;
    // Ada follows the team, Bob comes on Monday mornings and alone knows refunds, at level 3.
    desk.run(&format!(
        "update app.teams set schedule_id = {office} where name = 'billing';
         update app.users set schedule_id = {mornings} where id = {};
         insert into app.skills (name) values ('Refunds');
         insert into app.agent_skills (user_id, skill_id, level) select {}, id, 3 from app.skills",
        bob.id, bob.id
    ))
    .await;
    let team: i64 = desk
        .one("select id from app.teams where name = 'billing'")
        .await;
    let path = format!("/api/teams/{team}/coverage?from=2026-12-21T00:20:00Z");

    let all = ada.read(&path).await;
    let hours = all["hours"].as_array().expect("hours");
    assert_eq!(
        (hours.len(), &all["from"]),
        (168, &json!("2026-12-21T00:00:00+00:00"))
    );
    assert_eq!(
        hours[8],
        json!({"from": "2026-12-21T08:00:00+00:00", "open": true, "agents": 2})
    );
    assert_eq!(hours[10]["agents"], 1, "Bob leaves within the hour");
    assert_eq!(hours[16]["open"], false);
    assert_eq!(all["uncovered"], json!([]));

    let skilled = ada.read(&format!("{path}&skill=refunds&level=3")).await;
    assert_eq!(
        skilled["uncovered"],
        json!([
            {"from": "2026-12-21T10:30:00+00:00", "to": "2026-12-21T16:00:00+00:00"},
            {"from": "2026-12-22T08:00:00+00:00", "to": "2026-12-22T16:00:00+00:00"},
            {"from": "2026-12-23T08:00:00+00:00", "to": "2026-12-23T16:00:00+00:00"},
            {"from": "2026-12-24T08:00:00+00:00", "to": "2026-12-24T11:00:00+00:00"}
        ])
    );
    let masters = ada.read(&format!("{path}&skill=refunds&level=4")).await;
    assert_eq!(masters["uncovered"][0]["from"], "2026-12-21T08:00:00+00:00");

    let wrong = ada
        .get(&format!(
            "/api/teams/{team}/coverage?from=soon&skill=fax&level=9&until=1"
        ))
        .await;
    assert_eq!(wrong.status(), 422);
    let wrong: Value = wrong.json().await.expect("JSON");
    assert_eq!(
        wrong["problems"].as_array().map(Vec::len),
        Some(4),
        "{wrong}"
    );
    assert_eq!(ada.get("/api/teams/999/coverage").await.status(), 404);

    // The same for data teams, of every team and skill at once.
    let read = "select count(distinct team) from reporting.coverage_gaps where team = 'tech'";
    let analyst = desk.analyst(None).await;
    let row = analyst.query_one(read, &[]).await.expect("reads");
    assert_eq!(row.get::<_, i64>(0), 1, "tech is open with nobody in it");
    desk.run("set autocrm.now = '2026-12-21 00:20Z'").await;
    let gaps: String = desk
        .one(
            "select string_agg(format('%s %s %s', team, coalesce(skill, '-'), hours), ', ' order by team, skill)
               from (select team, skill, extract(epoch from sum(ends_at - starts_at))::int / 3600.0 as hours
                       from reporting.coverage_gaps group by 1, 2) g",
        )
        .await;
    assert!(
        gaps.starts_with("billing Refunds 24.5") && gaps.contains("tech - 168"),
        "{gaps}"
    );
}

#[tokio::test]
async fn who_may_not_read_configuration_asks_no_schedule() {
    let desk = Desk::open().await;
    let office: i64 = desk.one(OFFICE).await;
    let (code, _) = refused(
        desk.sql(),
        &format!("begin; set local role autocrm_customer; select autocrm.is_open({office}, now())"),
    )
    .await;
    assert_eq!(code, "42501");
}
