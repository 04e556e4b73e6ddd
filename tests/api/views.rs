//! Saved queues: what they show, to whom, and that their pages are whole.

use autocrm_api::model::{Page, QueueRow, View, ViewCounts, ViewRow};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

async fn ids(person: &Person, path: &str) -> Vec<i64> {
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let mark = if path.contains('?') { '&' } else { '?' };
        let reply = person
            .get(&format!("{path}{mark}limit=11{after}"))
            .await
            .text()
            .await
            .expect("text");
        let page: Page<Value> =
            serde_json::from_str(&reply).unwrap_or_else(|_| panic!("{path}: {reply}"));
        seen.extend(page.items.iter().filter_map(|row| row["id"].as_i64()));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return seen,
        }
    }
}

/// Tickets of all statuses, priorities, teams and hands.
async fn fill(desk: &Desk, ada: &Person) {
    desk.run(&format!(
        "insert into app.custom_fields (key, label, type) values ('seats', 'Seats', 'integer');
         insert into app.tags (name) values ('vip'), ('rare');
         insert into app.organizations (name) values ('Acme');
         insert into app.tickets (subject, requester_id, organization_id, team_id, assignee_id, status_id, priority_id, channel, type,
                                  tag_ids, custom, created_at)
         select 'Ticket ' || i % 7, (select id from app.users where email = 'cleo@customer.test'), case when i % 5 = 0 then 1 end,
                case i % 3 when 0 then 1 when 1 then 2 end, case when i % 4 = 0 then {} end, 1 + i % 6, 1 + i % 4,
                (enum_range(null::app.channel))[1 + i % 3], (enum_range(null::app.ticket_type))[1 + i % 2],
                case when i % 3 = 0 then array[1] when i = 50 then array[2] else '{{}}' end,
                case when i % 2 = 0 then jsonb_build_object('seats', i % 9) else '{{}}' end, now() - i % 11 * interval '1 hour'
           from generate_series(1, 90) i",
        ada.id
    ))
    .await;
}

/// However rows are looked for, a page shows what the policies and the filter say, in the order asked.
#[tokio::test]
async fn lists_show_each_caller_exactly_what_they_may_see_in_the_order_asked() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let root = desk.admin().await;
    let key = desk.key(&["tickets:read"], Some("tech")).await;
    fill(&desk, &ada).await;
    let mine = format!(
        "(t.team_id = 1 or t.team_id is null or t.assignee_id = {})",
        ada.id
    );
    let callers = [
        (&ada, mine.as_str(), ada.id),
        (&root, "true", root.id),
        (&key, "t.team_id = 2", key.id),
    ];
    let orders = [
        ("-updated_at", "t.updated_at desc, t.id desc"),
        ("-priority", "t.priority_id desc, t.id desc"),
        ("created_at", "t.created_at, t.id"),
        ("priority", "t.priority_id, t.id"),
        ("-created_at", "t.created_at desc, t.id desc"),
        ("id", "t.id"),
    ];
    for (n, (filter, predicate)) in [
        ("", "true"),
        ("status=open", "t.status_id = 2"),
        (
            "status=open,closed&status_category=active",
            "t.status_id = 2",
        ),
        ("status_category=active", "t.status_id <= 4"),
        ("status=open&status_category=closed", "false"),
        ("priority=urgent,low", "t.priority_id in (1, 4)"),
        ("team=1", "t.team_id = 1"),
        ("team=none", "t.team_id is null"),
        ("team=1,none", "(t.team_id = 1 or t.team_id is null)"),
        (
            "assignee=me,none",
            "(t.assignee_id = {me} or t.assignee_id is null)",
        ),
        ("tag=vip,rare", "t.tag_ids && '{1,2}'"),
        ("assignee=me", "t.assignee_id = {me}"),
        (
            "assignee=none&status_category=active",
            "t.assignee_id is null and t.status_id <= 4",
        ),
        ("tag=VIP", "t.tag_ids @> '{1}'"),
        ("tag=rare", "t.tag_ids @> '{2}'"),
        ("tag=gone", "false"),
        (
            "organization=1&type=question",
            "t.organization_id = 1 and t.type = 'question'",
        ),
        ("channel=email", "t.channel = 'email'"),
        ("q=TICKET%203", "t.subject = 'Ticket 3'"),
    ]
    .into_iter()
    .enumerate()
    {
        // Every order for the plain list, three of them, in turns, under each filter.
        for (_, (sort, order)) in orders
            .iter()
            .enumerate()
            .filter(|(i, _)| n == 0 || i % 2 == n % 2)
        {
            for (who, visible, me) in &callers {
                let expected: Vec<i64> = desk
                    .one(&format!(
                        "select coalesce(array_agg(t.id order by {order}), '{{}}') from app.tickets t where ({visible}) and {}",
                        predicate.replace("{me}", &me.to_string())
                    ))
                    .await;
                let path = format!("/api/tickets?sort={sort}&{filter}");
                assert_eq!(ids(who, &path).await, expected, "{path} for {visible}");
            }
        }
    }
}

#[tokio::test]
async fn a_view_is_a_filter_with_an_order_and_takes_more_filters_on_top() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    fill(&desk, &ada).await;
    let mine = format!(
        "(t.team_id = 1 or t.team_id is null or t.assignee_id = {})",
        ada.id
    );
    let no_seats = "coalesce(t.custom -> 'seats', 'null')";
    for (view, on_top, predicate, order) in [
        (json!({"conditions": {"field": "assignee", "op": "is", "value": "current_user"}}), "", format!("t.assignee_id = {}", ada.id), "t.updated_at desc, t.id desc".to_owned()),
        (json!({"conditions": {"field": "assignee", "op": "is_not", "value": "current_user"}, "sort": "id"}), "", format!("t.assignee_id is distinct from {}", ada.id), "t.id".into()),
        (json!({"conditions": {"field": "status", "op": "in", "value": ["open", "new"]}, "sort": "-custom.seats"}), "", "t.status_id <= 2".into(), format!("{no_seats} desc, t.id desc")),
        (json!({"conditions": {"field": "custom.seats", "op": "greater", "value": 3}, "sort": "custom.seats"}), "priority=low", "(t.custom ->> 'seats')::int > 3 and t.priority_id = 1".into(), format!("{no_seats}, t.id")),
        (json!({"conditions": {"all": []}, "sort": "-created_at", "group_by": "team"}), "", "true".into(), "coalesce((select name from app.teams m where m.id = t.team_id), '') collate app.names, t.created_at desc, t.id desc".into()),
        (json!({"conditions": {"field": "tags", "op": "includes_any", "value": ["vip"]}, "sort": "subject", "group_by": "priority"}), "status_category=active", "t.tag_ids @> '{1}' and t.status_id <= 4".into(), "t.priority_id, t.subject collate app.names, t.id".into()),
        (json!({"conditions": {"all": []}, "group_by": "custom.seats", "sort": "status"}), "", "true".into(), format!("{no_seats}, t.status_id, t.id")),
        (json!({"conditions": {"all": []}, "sort": "-solved_at"}), "", "true".into(), "coalesce(t.solved_at, 'infinity') desc, t.id desc".into()),
        (json!({"conditions": {"all": []}}), "sort=-priority&team=1", "t.team_id = 1".into(), "t.priority_id desc, t.id desc".into()),
    ] {
        let mut body = view.clone();
        body["name"] = json!("A view");
        let made = ada.post("/api/views", body).await;
        assert_eq!(made.status(), 201, "{view}");
        let made: View = made.json().await.expect("a view");
        let expected: Vec<i64> = desk
            .one(&format!("select coalesce(array_agg(t.id order by {order}), '{{}}') from app.tickets t where {mine} and {predicate}"))
            .await;
        assert!(!expected.is_empty(), "{view}");
        assert_eq!(ids(&ada, &format!("/api/views/{}/tickets?{on_top}", made.id)).await, expected, "{view} {on_top}");
        let counts: ViewCounts = ada.get("/api/views/counts").await.json().await.expect("counts");
        let counted = counts.items.iter().find(|count| count.id == made.id).expect("counted");
        assert!(counted.exact);
        if on_top.is_empty() {
            assert_eq!(counted.count, i64::try_from(expected.len()).expect("few"), "{view}");
        }
    }
}

#[tokio::test]
async fn a_row_of_a_view_brings_the_custom_fields_among_its_columns() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    fill(&desk, &ada).await;
    let view: View = ada
        .post("/api/views", json!({"name": "Seats", "columns": ["id", "custom.seats"], "conditions": {"field": "custom.seats", "op": "is", "value": 4}}))
        .await
        .json()
        .await
        .expect("a view");
    let page: Page<ViewRow> = ada
        .get(&format!("/api/views/{}/tickets", view.id))
        .await
        .json()
        .await
        .expect("rows");
    assert!(!page.items.is_empty());
    assert!(page.items.iter().all(|row| row.custom["seats"] == 4));
    let plain: Page<QueueRow> = ada.get("/api/tickets").await.json().await.expect("rows");
    assert_eq!(plain.items.len(), 25);
}

#[tokio::test]
async fn everything_wrong_with_a_view_is_told_with_its_path() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let refused = ada
        .post(
            "/api/views",
            json!({"name": "Wrong", "columns": ["colour"], "sort": "-tags", "group_by": "subject",
                   "conditions": {"all": [{"field": "custom.gone", "op": "present"}, {"field": "status", "op": "less", "value": "x"}]}}),
        )
        .await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.expect("JSON");
    assert_eq!(
        problem_paths(&problem),
        [
            "conditions.all[0].field",
            "conditions.all[1].op",
            "columns",
            "sort",
            "group_by"
        ]
    );
    let change = json!({"name": "Wrong", "conditions": {"field": "status", "op": "changed"}});
    assert_eq!(ada.post("/api/views", change).await.status(), 422);
    for path in [
        "/api/views/1/tickets?sort=colour",
        "/api/views/1/tickets?priority=huge",
        "/api/views/1/tickets?colour=red",
        "/api/views/1/tickets?after=xyz",
        "/api/views/1/tickets?limit=0",
    ] {
        assert_eq!(ada.get(path).await.status(), 422, "{path}");
    }
}

#[tokio::test]
async fn a_private_view_is_its_owners_alone_and_a_teams_is_its_leads() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let bob = desk.agent("Bob", "billing").await;
    let tom = desk.agent("Tom", "tech").await;
    let root = desk.admin().await;
    let made = |reply: reqwest::Response| async { reply.json::<View>().await.expect("a view").id };
    let private = made(ada.post("/api/views", json!({"name": "Mine"})).await).await;
    for other in [&bob, &tom, &root] {
        let path = format!("/api/views/{private}");
        assert_eq!(other.get(&path).await.status(), 404);
        assert_eq!(other.get(&format!("{path}/tickets")).await.status(), 404);
        assert_eq!(
            other
                .patch(&path, json!({"name": "Ours"}), None)
                .await
                .status(),
            404
        );
        assert_eq!(other.delete(&path).await.status(), 404);
        let list = other.read("/api/views?limit=200").await;
        assert!(!list.to_string().contains("\"Mine\""));
        let counts = other.read("/api/views/counts").await;
        assert!(
            !counts.to_string().contains(&format!("\"id\":{private},")),
            "{counts}"
        );
    }

    let renamed = ada
        .patch(
            &format!("/api/views/{private}"),
            json!({"name": "Mine too"}),
            Some(1),
        )
        .await;
    assert_eq!(renamed.status(), 200, "its owner changes it");

    let team = json!({"name": "Billing", "visibility": "team", "team_id": 1});
    assert_eq!(
        ada.post("/api/views", team.clone()).await.status(),
        403,
        "no lead"
    );
    assert_eq!(
        ada.post(
            "/api/views",
            json!({"name": "All", "visibility": "everyone"})
        )
        .await
        .status(),
        403
    );
    desk.run(&format!(
        "update app.memberships set lead = true where user_id = {}",
        ada.id
    ))
    .await;
    let shared = made(ada.post("/api/views", team).await).await;
    let path = format!("/api/views/{shared}");
    assert_eq!(bob.get(&path).await.status(), 200);
    assert_eq!(
        bob.patch(&path, json!({"name": "x"}), None).await.status(),
        403
    );
    assert_eq!(tom.get(&path).await.status(), 404);
    assert_eq!(
        root.patch(&path, json!({"visibility": "everyone"}), Some(1))
            .await
            .status(),
        200
    );
    assert_eq!(tom.get(&path).await.status(), 200);
    assert_eq!(
        root.patch(&path, json!({"name": "Late"}), Some(1))
            .await
            .status(),
        409
    );
    assert_eq!(
        ada.post("/api/views", json!({"name": "x", "visibility": "team"}))
            .await
            .status(),
        422
    );
    assert_eq!(root.delete(&path).await.status(), 200);
}

#[tokio::test]
async fn a_desk_begins_with_views_and_they_count_what_each_may_see() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let tom = desk.agent("Tom", "tech").await;
    desk.ticket("One", "billing").await;
    let two = desk.ticket("Two", "billing").await;
    desk.run(&format!("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {two}")).await;
    let count = |views: Value| {
        views["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| (item["id"].as_i64(), item["count"].as_i64()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let names = ada.read("/api/views?sort=position").await;
    let names: Vec<&str> = names["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|view| view["name"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "My open tickets",
            "Unassigned",
            "All open",
            "Recently solved"
        ]
    );
    let counts = count(ada.read("/api/views/counts").await);
    assert_eq!(
        counts.values().copied().collect::<Vec<_>>(),
        [Some(0), Some(1), Some(1), Some(1)]
    );
    let counts = count(tom.read("/api/views/counts").await);
    assert!(counts.values().all(|count| *count == Some(0)), "{counts:?}");
    let bare = desk.key(&[], None).await;
    assert_eq!(bare.get("/api/views/counts").await.status(), 403);
}

/// Plain SQL is held to the same rules.
#[tokio::test]
async fn a_view_is_a_row_that_an_analyst_may_read_and_not_write() {
    let desk = Desk::open().await;
    let analyst = desk.analyst(None).await;
    let rows = analyst
        .query("select name from api.views", &[])
        .await
        .expect("rows");
    assert_eq!(rows.len(), 4);
    assert!(
        analyst
            .execute("update app.views set name = 'x'", &[])
            .await
            .is_err()
    );
    let refused = desk
        .sql()
        .batch_execute(r#"insert into app.views (name, visibility, conditions) values ('x', 'everyone', '{"field": "colour"}')"#)
        .await
        .expect_err("refused");
    let error = refused.as_db_error().expect("of the database");
    assert_eq!(error.code().code(), "TK422");
    assert!(
        error
            .detail()
            .unwrap_or_default()
            .starts_with("conditions.field: ")
    );
}

/// What the head of a queue and its groups say is what its pages hold, whoever asks.
#[tokio::test]
async fn a_list_is_as_long_as_its_count_and_so_is_each_of_its_groups() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    fill(&desk, &ada).await;
    let view = ada
        .post(
            "/api/views",
            json!({"name": "Hot", "conditions": {"field": "priority", "op": "in", "value": ["high", "urgent"]}}),
        )
        .await;
    assert_eq!(view.status(), 201);
    for filter in [
        "",
        "status_category=active",
        "assignee=me,none&tag=vip",
        "view=VIEW&status=open,pending",
    ] {
        let view = ada.read("/api/views").await["items"]
            .as_array()
            .and_then(|items| items.iter().find(|each| each["name"] == "Hot").cloned())
            .expect("the view");
        let filter = filter.replace("VIEW", &view["id"].to_string());
        let list = match filter.split_once('&') {
            Some((first, rest)) if first.starts_with("view=") => {
                format!("/api/views/{}/tickets?{rest}", view["id"])
            }
            _ => format!("/api/tickets?{filter}"),
        };
        let listed = ids(&ada, &list).await.len();
        let total = ada
            .read(&format!("/api/tickets/total?{filter}&group_by=status"))
            .await;
        assert_eq!(total["count"], json!(listed), "{filter}");
        assert_eq!(total["exact"], json!(true));
        let groups: i64 = total["groups"]
            .as_array()
            .expect("groups")
            .iter()
            .filter_map(|group| group["count"].as_i64())
            .sum();
        assert_eq!(json!(groups), total["count"], "{filter}");
    }
    let refused = ada.get("/api/tickets/total?limit=5&group_by=subject").await;
    let refused: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&refused), ["group_by", "limit"]);
}

#[tokio::test]
async fn what_a_customer_wrote_is_unread_until_it_is_read_and_for_each_person_by_itself() {
    let desk = Desk::open().await;
    let (ada, ben, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Ben", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let ticket = desk.ticket("Card declined", "billing").await;
    let marks = format!("/api/tickets/marks?ids={ticket}");
    assert_eq!(ada.read(&marks).await["unread"], json!([ticket]));
    // Whoever does not see the ticket learns nothing of it.
    assert_eq!(tom.read(&marks).await["unread"], json!([]));

    let path = format!("/api/tickets/{ticket}/read");
    let put = |who: &Person, body: Value| {
        let who = who.clone();
        let path = path.clone();
        async move {
            who.send(reqwest::Method::PUT, &path, Some(body), &[])
                .await
                .status()
        }
    };
    assert_eq!(put(&ada, json!({})).await, 200);
    assert_eq!(put(&tom, json!({})).await, 404);
    assert_eq!(ada.read(&marks).await["unread"], json!([]));
    assert_eq!(ben.read(&marks).await["unread"], json!([ticket]));

    assert_eq!(put(&ada, json!({"read": false})).await, 200);
    assert_eq!(ada.read(&marks).await["unread"], json!([ticket]));
    assert_eq!(put(&ada, json!({"read": "no"})).await, 422);
    let refused = ada.get("/api/tickets/marks?ids=x").await;
    let refused: Value = refused.json().await.expect("a problem");
    assert_eq!(problem_paths(&refused), ["ids"]);

    let there = json!({"state": "viewing"});
    let told = ben
        .post(&format!("/api/tickets/{ticket}/presence"), there)
        .await;
    assert_eq!(told.status(), 200);
    let present = &ada.read(&marks).await["present"];
    assert_eq!(present[0]["name"], json!("Ben"));
    assert_eq!(ben.read(&marks).await["present"], json!([]));
}
