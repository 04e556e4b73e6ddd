//! Metrics over REST: ranges, groups, the time before, one's own, and who sees what. What is counted is in
//! tests/sql/metrics.rs.

use autocrm_api::model::Metrics;
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

async fn count(desk: &Desk) {
    desk.work("metrics", "metric_cursor").await;
}

/// March 2030.
async fn clock(desk: &Desk, time: &str) {
    desk.run(&format!("set autocrm.now = '2030-03-{time}+00'"))
        .await;
}

async fn read(who: &Person, query: &str) -> Metrics {
    let answer = who.read(query).await;
    serde_json::from_value(answer.clone()).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

/// Two tickets for billing on the 4th, of which Ada answers and solves one, and one for tech on the 5th.
async fn desk() -> (Desk, Person) {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    clock(&desk, "04 09:00").await;
    let one = desk.ticket("One", "billing").await;
    desk.ticket("Two", "billing").await;
    desk.run(&format!(
        "update app.tickets set assignee_id = {} where id = {one}",
        ada.id
    ))
    .await;
    clock(&desk, "04 09:30").await;
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, body_text) values ({one}, {}, 'Done');
         update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {one}",
        ada.id
    ))
    .await;
    clock(&desk, "05 20:00").await;
    desk.ticket("Three", "tech").await;
    count(&desk).await;
    (desk, ada)
}

#[tokio::test]
async fn a_range_has_a_course_groups_and_the_time_before() {
    let (desk, ada) = desk().await;
    let root = desk.admin().await;
    let found = read(
        &root,
        "/api/metrics?from=2030-03-05&to=2030-03-07&time_zone=UTC&group_by=team&compare=previous",
    )
    .await;
    assert_eq!(
        (found.total.created, found.total.backlog, found.total.solved),
        (1, 2, 0)
    );
    let course: Vec<(String, i64, i64)> = found
        .series
        .iter()
        .map(|point| {
            (
                point.from.format("%d").to_string(),
                point.measures.created,
                point.measures.backlog,
            )
        })
        .collect();
    assert_eq!(course, [("05".to_owned(), 1, 2), ("06".to_owned(), 0, 2)]);
    let before = found.previous.expect("the time before");
    assert_eq!(
        (
            before.from.format("%d").to_string().as_str(),
            before.measures.created,
            before.measures.solved,
            before.measures.one_touch,
            before.measures.backlog
        ),
        ("03", 2, 1, 1, 1)
    );
    let reply = &before.measures.first_reply;
    assert_eq!((reply.count, reply.average), (1, Some(1800)));
    let p90 = reply.p90.expect("a reply");
    assert!((p90 - 1800).abs() <= 18, "{p90}");
    let groups: Vec<(Option<&str>, i64, i64)> = found
        .groups
        .iter()
        .map(|group| {
            (
                group.name.as_deref(),
                group.measures.created,
                group.measures.backlog,
            )
        })
        .collect();
    assert_eq!(groups, [(Some("tech"), 1, 1), (Some("billing"), 0, 1)]);

    for (query, created) in [
        ("team=1", 2),
        ("team=2", 1),
        ("team=none", 0),
        ("channel=web&group_by=priority", 3),
        ("channel=email", 0),
        ("priority=normal&team=1", 2),
        ("priority=normal&channel=web&group_by=agent", 3),
        ("interval=hour", 3),
        ("interval=month", 3),
    ] {
        let found = read(
            &root,
            &format!("/api/metrics?from=2030-03-01&to=2030-03-08&time_zone=UTC&{query}"),
        )
        .await;
        assert_eq!(found.total.created, created, "{query}");
        let course: i64 = found
            .series
            .iter()
            .map(|point| point.measures.created)
            .sum();
        assert_eq!(course, created, "{query}");
    }
    let by_agent = read(
        &root,
        "/api/metrics?from=2030-03-04&to=2030-03-05&time_zone=UTC&group_by=agent",
    )
    .await;
    let hers = by_agent
        .groups
        .iter()
        .find(|group| group.id == Some(ada.id))
        .expect("Ada");
    assert_eq!((hers.measures.replies, hers.measures.solved), (1, 1));
}

/// In India the 5th at 20:00 UTC is the 6th, which begins half an hour after an hour of UTC.
#[tokio::test]
async fn days_begin_where_the_zone_says() {
    let (desk, _) = desk().await;
    let root = desk.admin().await;
    for (zone, day) in [("UTC", 5), ("Asia/Kolkata", 6), ("America/St_Johns", 5)] {
        let found = read(
            &root,
            &format!("/api/metrics?from=2030-03-04&to=2030-03-08&time_zone={zone}&team=2"),
        )
        .await;
        let created: Vec<i64> = found
            .series
            .iter()
            .map(|point| point.measures.created)
            .collect();
        let mut expected = vec![0; 4];
        expected[day - 4] = 1;
        assert_eq!(created, expected, "{zone}");
    }
}

#[tokio::test]
async fn everybody_sees_the_metrics_of_their_teams_and_their_own() {
    let (desk, ada) = desk().await;
    let range = "from=2030-03-01&to=2030-03-08&time_zone=UTC";
    let created = async |who: &Person| {
        read(who, &format!("/api/metrics?{range}"))
            .await
            .total
            .created
    };
    let tom = desk.agent("Tom", "tech").await;
    assert_eq!((created(&ada).await, created(&tom).await), (2, 1));
    let key = desk.key(&["tickets:read"], Some("tech")).await;
    assert_eq!(created(&key).await, 1);
    let other = desk.key(&["users:read"], None).await;
    assert_eq!(other.get("/api/metrics").await.status(), 403);
    let groups = read(&tom, &format!("/api/metrics?{range}&group_by=team"))
        .await
        .groups;
    assert_eq!(groups.len(), 1);

    let own = |who: &Person| {
        let who = who.clone();
        async move {
            let found = read(&who, &format!("/api/me/metrics?{range}")).await;
            (found.total.replies, found.total.solved)
        }
    };
    assert_eq!((own(&ada).await, own(&tom).await), ((1, 1), (0, 0)));
    // What she did elsewhere is hers too.
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, body_text) select max(id), {}, 'Hi' from app.tickets",
        ada.id
    ))
    .await;
    count(&desk).await;
    assert_eq!(own(&ada).await, (2, 1));
    assert_eq!(
        read(&ada, &format!("/api/metrics?{range}&group_by=agent"))
            .await
            .total
            .replies,
        1
    );
    let mine = ada.get("/api/me/metrics?group_by=team").await;
    assert_eq!(mine.status(), 422);
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_refused_with_its_path() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    for (query, path) in [
        ("from=yesterday", "from"),
        ("from=2030-01-02&to=2030-01-01", "to"),
        ("time_zone=Mars/Olympus", "time_zone"),
        ("interval=minute", "interval"),
        ("interval=day,week", "interval"),
        ("interval=", "interval"),
        ("group_by=", "group_by"),
        ("compare=", "compare"),
        ("priority=", "priority"),
        ("team=0", "team"),
        ("from=2020-01-01&to=2030-01-01", "interval"),
        ("from=2030-01-01&to=2030-02-01&interval=hour", "interval"),
        ("from=1970-01-01&to=9998-01-01&interval=month", "interval"),
        // Their bounds would be no points in time that programs can read.
        ("from=0001-01-01&to=0001-02-01", "from,to"),
        ("from=9999-12-01&to=9999-12-31T23:59:59Z", "from,to"),
        ("to=9999-12-31T23:59:59-10:00", "to"),
        ("group_by=mood", "group_by"),
        ("compare=never", "compare"),
        ("team=billing", "team"),
        ("agent=me", "agent"),
        ("channel=fax", "channel"),
        ("priority=huge", "priority"),
        ("colour=red", "colour"),
    ] {
        let refused = root.get(&format!("/api/metrics?{query}")).await;
        assert_eq!(refused.status(), 422, "{query}");
        let problem: Value = refused.json().await.expect("a problem");
        assert_eq!(problem_paths(&problem).join(","), path, "{problem}");
    }
    // A century by months is too much, and by what it has is not.
    let ok = read(
        &root,
        "/api/metrics?from=2000-01-01&to=2030-01-01&interval=month",
    )
    .await;
    assert_eq!(ok.series.len(), 360);
}

#[tokio::test]
async fn admins_have_everything_counted_anew() {
    let (desk, ada) = desk().await;
    let root = desk.admin().await;
    assert_eq!(
        ada.post("/api/metrics/rebuild", json!({})).await.status(),
        403
    );
    let began = root.post("/api/metrics/rebuild", json!({})).await;
    let began: Value = began.json().await.expect("progress");
    assert_eq!(
        (&began["rebuild"]["done"], &began["rebuild"]["total"]),
        (&json!(0), &json!(3))
    );
    let range = "/api/metrics?from=2030-03-01&to=2030-03-08";
    let during = read(&root, range).await;
    assert!(during.rebuild.is_some() && during.total.created == 0);
    count(&desk).await;
    let after = read(&root, range).await;
    assert!(after.rebuild.is_none() && after.total.created == 3);
}
