//! The counts of tickets by status, priority, team and assignee are those of the tickets, whatever was written.

use harness::desk::Desk;
use std::fmt::Write as _;

/// What differs between the counts and the tickets.
const WRONG: &str = "select count(*)
    from (select status_id, priority_id, team_id, assignee_id, sum(tickets) as n from app.ticket_counts group by 1, 2, 3, 4 having sum(tickets) <> 0) c
    full join (select status_id, priority_id, team_id, assignee_id, count(*) as n from app.tickets where deleted_at is null group by 1, 2, 3, 4) t
      on (c.status_id, c.priority_id, coalesce(c.team_id, 0), coalesce(c.assignee_id, 0))
       = (t.status_id, t.priority_id, coalesce(t.team_id, 0), coalesce(t.assignee_id, 0))
   where c.n is distinct from t.n";

/// The same for tags, whose uses in the trash count too.
const WRONG_TAGS: &str = "select count(*)
    from (select tag_id, sum(tickets) as n from app.tag_counts group by 1 having sum(tickets) <> 0) c
    full join (select g as tag_id, count(*) as n from app.tickets t, unnest(t.tag_ids) g group by 1) t using (tag_id)
   where c.n is distinct from t.n";

/// The kind of defect: a row is counted when it is about to be written, and is not written then.
#[tokio::test]
async fn nothing_is_counted_that_is_not_there_at_commit() {
    let desk = Desk::open().await;
    desk.agent("ada", "billing").await;
    desk.run(
        "update app.users set availability = 'online', capacity = 100 where name = 'ada';
         insert into app.tags (name) values ('one'), ('two')",
    )
    .await;
    let (cleo, team): (i64, i64) = (
        desk.one("select id from app.users where email = 'cleo@customer.test'")
            .await,
        desk.one("select id from app.teams where name = 'billing'")
            .await,
    );
    let insert = |keys: &str| {
        format!(
            "insert into app.tickets (subject, requester_id, team_id, external_id, tag_ids)
             select 'x', {cleo}, {team}, k, array(select id from app.tags) from unnest(array[{keys}]) k"
        )
    };
    let conflict = "on conflict (external_id, external_origin) where external_id is not null";
    for write in [
        insert("'a', 'b'"),
        format!("{} on conflict do nothing", insert("'a', 'c', 'c'")),
        format!(
            "{} {conflict} do update set subject = 'y'",
            insert("'a', 'd'")
        ),
        format!(
            "{} {conflict} do update set tag_ids = '{{}}', team_id = null",
            insert("'a', 'e'")
        ),
        format!(
            "{} {conflict} do update set subject = 'never' where false",
            insert("'b', 'f'")
        ),
        format!("begin; {}; rollback", insert("'g'")),
        format!(
            "begin; savepoint s; {}; rollback to s; {}; savepoint t; delete from app.tickets where external_id = 'b'; rollback to t; commit",
            insert("'h'"),
            insert("'i'")
        ),
        format!(
            "do $do$ begin begin {}; perform 1 / 0; exception when division_by_zero then null; end; {}; end $do$",
            insert("'j'"),
            insert("'k'")
        ),
        format!(
            "merge into app.tickets t using (values ('a'), ('b'), ('l')) v (k) on t.external_id = v.k
              when matched and v.k = 'a' then update set tag_ids = array(select id from app.tags), team_id = {team}
              when matched then delete
              when not matched then insert (subject, requester_id, team_id, external_id, tag_ids)
                   values ('x', {cleo}, {team}, v.k, array(select id from app.tags))"
        ),
        format!(
            "copy app.tickets (subject, requester_id, team_id, external_id, tag_ids)
               from program 'printf \"x\\t{cleo}\\t{team}\\tm\\t{{1,2}}\\nx\\t{cleo}\\t{team}\\tn\\t{{}}\\n\"'"
        ),
        "update app.tickets set deleted_at = now() where external_id in ('a', 'm')".to_owned(),
        "begin; savepoint s; delete from app.tickets; rollback to s; commit".to_owned(),
    ] {
        desk.run(&write).await;
        for wrong in [WRONG, WRONG_TAGS, "select autocrm.check_loads()"] {
            assert_eq!(desk.one::<i64>(wrong).await, 0, "{write}: {wrong}");
        }
    }
    // A COPY that fails in its second row leaves nothing of the first.
    let failed = format!(
        "copy app.tickets (subject, requester_id, team_id, external_id, tag_ids)
           from program 'printf \"x\\t{cleo}\\t{team}\\to\\t{{1}}\\nx\\t{cleo}\\t{team}\\tn\\t{{}}\\n\"'"
    );
    assert_eq!(desk.refused(&failed).await.0, "23505");
    for wrong in [WRONG, WRONG_TAGS, "select autocrm.check_loads()"] {
        assert_eq!(desk.one::<i64>(wrong).await, 0, "{wrong}");
    }
    let kept: i64 = desk.one("select count(*) from app.tickets").await;
    assert_eq!(kept, 10);
}

#[tokio::test]
async fn counts_follow_every_write_also_while_they_are_folded() {
    let desk = Desk::open().await;
    desk.agent("ada", "billing").await;
    desk.run("insert into app.teams (name) values ('returns')")
        .await;
    let writers = (0..3).map(|writer| {
        let url = desk.admin_url();
        async move {
            let sql = autocrm_api::db::connect(&url).await.expect("connects");
            let mut script = String::new();
            for n in 0..30 {
                let _ = write!(
                    script,
                    "insert into app.tickets (subject, requester_id, team_id, external_id)
                     select 'x', u.id, t.id, '{writer}-{n}' from app.users u, app.teams t
                      where u.email = 'cleo@customer.test' and t.name = '{team}';",
                    team = ["billing", "returns"][n % 2]
                );
                let change = match n % 6 {
                    0 => "update app.tickets set status_id = (select id from app.statuses where key = 'pending')",
                    1 => "update app.tickets set deleted_at = now()",
                    2 => "delete from app.tickets",
                    3 => "update app.tickets set team_id = null, priority_id = (select max(id) from app.priorities)",
                    4 => "update app.tickets set assignee_id = null",
                    _ => "update app.tickets set subject = 'y'",
                };
                let _ = writeln!(script, "{change} where external_id = '{writer}-{n}';");
            }
            sql.batch_execute("set lock_timeout = '20s'").await.expect("a setting");
            for statement in script.split(';').filter(|part| !part.trim().is_empty()) {
                sql.batch_execute(statement).await.expect(statement);
            }
        }
    });
    let folding = async {
        for _ in 0..40 {
            desk.run("select worker.maintain('ticket_counts')").await;
        }
    };
    futures_util::future::join(futures_util::future::join_all(writers), folding).await;
    desk.run("update app.tickets set deleted_at = null where external_id = '0-1'")
        .await;
    assert_eq!(desk.one::<i64>(WRONG).await, 0);

    desk.run("select worker.maintain('ticket_counts')").await;
    assert_eq!(desk.one::<i64>(WRONG).await, 0);
    let doubled = "select (count(*) - count(distinct (status_id, priority_id, team_id, assignee_id)))::bigint from app.ticket_counts";
    assert_eq!(desk.one::<i64>(doubled).await, 0, "one row for each");
    // A desk at rest writes nothing.
    let rows = "select array_agg(ctid::text order by ctid) from app.ticket_counts";
    let before: Vec<String> = desk.one(rows).await;
    desk.run("select worker.maintain('ticket_counts')").await;
    assert_eq!(desk.one::<Vec<String>>(rows).await, before);

    desk.run("insert into app.ticket_counts values (1, 1, null, null, 5)")
        .await;
    assert_eq!(desk.one::<i64>(WRONG).await, 1);
    desk.run("select app.recount_tickets()").await;
    assert_eq!(desk.one::<i64>(WRONG).await, 0);
}

/// Each view's number is how many tickets its condition finds, however it is counted.
#[tokio::test]
async fn the_counts_of_views_are_those_of_their_tickets() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let root = desk.admin().await;
    desk.run(
        "insert into app.tags (name) values ('vip');
         insert into app.custom_fields (key, label, type) values ('seats', 'Seats', 'integer');
         insert into app.tickets (subject, requester_id, team_id, status_id, type, tag_ids, custom, deleted_at)
         select 'n' || n, u.id, case when n % 4 > 0 then (select id from app.teams where name = (array['billing', 'tech'])[1 + n % 2]) end, 1 + n % 6, (enum_range(null::app.ticket_type))[1 + n % 4],
                case when n % 3 = 0 then array(select id from app.tags) else '{}' end, jsonb_build_object('seats', n % 5), null
           from generate_series(1, 60) n, app.users u where u.email = 'cleo@customer.test';
         update app.tickets set deleted_at = now() where subject in ('n7', 'n24');
         delete from app.views",
    )
    .await;
    for (position, condition) in [
        r#"{"field": "status", "op": "in", "value": ["new", "open"]}"#,
        r#"{"field": "team", "op": "absent"}"#,
        r#"{"all": [{"field": "status", "op": "is", "value": "open"}, {"field": "type", "op": "is", "value": "incident"}]}"#,
        r#"{"all": [{"field": "status", "op": "is", "value": "new"}, {"field": "requester.email", "op": "starts_with", "value": "cleo"}]}"#,
        r#"{"all": [{"field": "status", "op": "not_in", "value": ["solved", "closed"]}, {"field": "tags", "op": "includes_any", "value": ["vip"]}]}"#,
        r#"{"all": [{"field": "status", "op": "not_in", "value": ["solved", "closed"]}, {"field": "custom.seats", "op": "greater", "value": 2}]}"#,
        r#"{"all": [{"field": "status", "op": "is", "value": "open"}, {"field": "requester.name", "op": "is", "value": "nobody"}]}"#,
        r#"{"field": "type", "op": "is", "value": "problem"}"#,
    ]
    .iter()
    .enumerate()
    {
        desk.run(&format!(
            "insert into app.views (name, visibility, conditions, position) values ('V{position}', 'everyone', '{condition}', {position})"
        ))
        .await;
    }
    for (who, person) in [("an agent", &ada), ("an admin", &root)] {
        let counts = person.read("/api/views/counts").await;
        let items = counts["items"].as_array().expect("items");
        assert_eq!(items.len(), 8, "{who}: {counts}");
        for item in items {
            let mut page = person
                .read(&format!("/api/views/{}/tickets?limit=200", item["id"]))
                .await;
            let found = page["items"].take();
            assert_eq!(
                item["count"],
                found.as_array().map_or(0, Vec::len),
                "{who}: {item}"
            );
            assert_eq!(item["exact"], true, "{who}: {item}");
        }
    }
    // Reading takes no transaction id, so that a standby answers too.
    let prompt = desk.at_prompt("agent", Some("billing")).await;
    let assigned: bool = prompt
        .query_one(
            "select api.count_views() is null or pg_current_xact_id_if_assigned() is not null",
            &[],
        )
        .await
        .expect("counts")
        .get(0);
    assert!(!assigned, "a count writes nothing");
}
