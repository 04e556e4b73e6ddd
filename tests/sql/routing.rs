//! Rules as rows, and assignment under concurrency.

use harness::desk::Desk;

const RULE: &str = r#"insert into app.routing_rules (name, conditions, actions) values
  ('All to billing', '{"all": []}', '[{"set": "team", "value": "Billing"}]')"#;

#[tokio::test]
async fn a_bad_rule_is_refused_with_the_path_of_each_mistake() {
    let desk = Desk::open().await;
    let error = desk
        .sql()
        .batch_execute(r#"insert into app.routing_rules (name, conditions, actions) values
            ('Bad', '{"all": [{"field": "colour", "op": "is", "value": 1}]}', '[{"set": "mood", "value": "x"}]')"#)
        .await
        .expect_err("is refused");
    let error = error.as_db_error().expect("by the database");
    assert_eq!(error.code().code(), "TK422");
    let detail = error.detail().unwrap_or_default();
    assert!(
        detail.contains("conditions.all[0].field: ") && detail.contains("\nactions[0].set: "),
        "{detail}"
    );
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn a_changed_rule_counts_at_once_in_sessions_that_knew_the_old_one() {
    let desk = Desk::open().await;
    let other = desk.log_in("postgres").await;
    let make = "insert into app.tickets (subject, requester_id) select 'x', min(id) from app.users returning team_id";
    assert_eq!(
        other
            .query_one(make, &[])
            .await
            .expect("inserts")
            .get::<_, Option<i64>>(0),
        None
    );
    desk.run(RULE).await;
    assert!(
        other
            .query_one(make, &[])
            .await
            .expect("inserts")
            .get::<_, Option<i64>>(0)
            .is_some()
    );
}

#[tokio::test]
async fn nobody_is_ever_loaded_above_capacity_however_many_sessions_route() {
    let desk = Desk::open().await;
    desk.run(RULE).await;
    for name in ["Ada", "Bob", "Cyd"] {
        let id = desk.agent(name, "billing").await.id;
        desk.run(&format!(
            "update app.users set availability = 'online', capacity = 7 where id = {id}"
        ))
        .await;
    }
    let mut sessions = Vec::new();
    for _ in 0..8 {
        let session = desk.log_in("postgres").await;
        sessions.push(tokio::spawn(async move {
            for _ in 0..10 {
                session.batch_execute("insert into app.tickets (subject, requester_id) select 'x', min(id) from app.users").await.expect("inserts");
            }
        }));
    }
    for session in sessions {
        session.await.expect("ends well");
    }
    let rows = desk
        .sql()
        .query(
            "select count(*) from app.tickets where assignee_id is not null group by assignee_id",
            &[],
        )
        .await
        .expect("reads");
    let held: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(held, [7, 7, 7], "80 tickets, 21 places");
    assert_eq!(
        desk.one::<i64>("select sum(open) from app.agent_loads")
            .await,
        21
    );

    desk.run("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where assignee_id is not null").await;
    assert_eq!(
        desk.one::<i64>("select sum(open) from app.agent_loads")
            .await,
        21,
        "the room goes to what waited"
    );

    // What waits is solved in the same statement as what is held: none of it is given to anybody any more.
    desk.run(
        "update app.tickets set status_id = (select id from app.statuses where key = 'solved') where solved_at is null",
    )
    .await;
    assert_eq!(
        desk.one::<i64>("select count(*) from app.tickets where assignee_id is not null")
            .await,
        42
    );
    assert_eq!(
        desk.one::<i64>("select sum(open) from app.agent_loads")
            .await,
        0
    );
}

#[tokio::test]
async fn the_router_never_overrides_a_person() {
    let desk = Desk::open().await;
    desk.run(RULE).await;
    let ada = desk.agent("Ada", "tech").await.id;
    let bob = desk.agent("Bob", "billing").await.id;
    desk.run(&format!(
        "update app.users set availability = 'online' where id in ({ada}, {bob})"
    ))
    .await;
    let assignee: i64 = desk
        .one(&format!("insert into app.tickets (subject, requester_id, assignee_id) select 'x', min(id), {ada} from app.users returning assignee_id"))
        .await;
    assert_eq!(assignee, ada);
}

#[tokio::test]
async fn a_rule_that_names_what_the_desk_does_not_have_is_refused_with_each_path() {
    let desk = Desk::open().await;
    let refused = desk
        .sql()
        .batch_execute(
            r#"insert into app.routing_rules (name, actions) values ('Lost',
                 '[{"set": "team", "value": "Nobody"}, {"set": "priority", "value": "extreme"}, {"require_skill": "magic"}]')"#,
        )
        .await
        .expect_err("refused");
    let error = refused.as_db_error().expect("of the database");
    assert_eq!(error.code().code(), "TK422");
    let detail = error.detail().expect("says where");
    for path in [
        "actions[0].value: there is no team 'Nobody'",
        "actions[1].value:",
        "actions[2].require_skill:",
    ] {
        assert!(detail.contains(path), "{detail}");
    }
}

#[tokio::test]
async fn nobody_is_given_a_ticket_outside_their_hours() {
    let desk = Desk::open().await;
    desk.run(
        r#"insert into app.schedules (name, time_zone, weekly) values
             ('Never', 'UTC', '[]'),
             ('Always', 'UTC', '[{"day": "mon", "from": "00:00", "to": "24:00"}, {"day": "tue", "from": "00:00", "to": "24:00"},
               {"day": "wed", "from": "00:00", "to": "24:00"}, {"day": "thu", "from": "00:00", "to": "24:00"},
               {"day": "fri", "from": "00:00", "to": "24:00"}, {"day": "sat", "from": "00:00", "to": "24:00"},
               {"day": "sun", "from": "00:00", "to": "24:00"}]');
           insert into app.users (role, name, email, availability, capacity, schedule_id) select 'agent', n, n || '@desk.test', 'online', 5, s.id
             from (values ('Ada', 'Never'), ('Tom', 'Always')) v (n, w) join app.schedules s on s.name = v.w;
           insert into app.memberships (team_id, user_id) select t.id, u.id from app.teams t, app.users u where t.name = 'billing' and u.role = 'agent'"#,
    )
    .await;
    let id = desk.ticket("Who is there", "billing").await;
    let assignee: String = desk
        .one(&format!("select u.name from app.tickets t join app.users u on u.id = t.assignee_id where t.id = {id}"))
        .await;
    assert_eq!(assignee, "Tom");
    let why: String = desk
        .one(&format!(
            "select c ->> 'why' from jsonb_array_elements(autocrm.explain_routing({id}) -> 'candidates') c where c ->> 'name' = 'Ada'"
        ))
        .await;
    assert_eq!(why, "is not on shift");
    let reasons: String = desk
        .one(&format!(
            "select string_agg((c ->> 'name') || ' ' || (c ->> 'reason'), ', ' order by c ->> 'name')
               from jsonb_array_elements(autocrm.explain_routing({id}) -> 'candidates') c"
        ))
        .await;
    assert_eq!(reasons, "Ada off_shift, Tom has_room");
}

/// The decision keeps why those who had room were passed over: later they stand otherwise.
#[tokio::test]
async fn a_decision_names_those_who_were_passed_over() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.skills (name) values ('german');
         insert into app.users (role, name, email, availability, capacity)
         select 'agent', n, lower(n) || '@desk.test', a::app.availability, 5
           from (values ('Ada', 'online'), ('Bob', 'online'), ('Cyd', 'online'), ('Dan', 'away')) v (n, a);
         insert into app.memberships (team_id, user_id)
         select t.id, u.id from app.teams t, app.users u where t.name = 'billing' and u.role = 'agent';
         insert into app.agent_skills (user_id, skill_id, level)
         select u.id, s.id, 3 from app.users u, app.skills s where u.name <> 'Cyd' and s.name = 'german'",
    )
    .await;
    let made = |subject: &str| {
        format!(
            "insert into app.tickets (subject, description, requester_id, team_id, required_skills)
             select '{subject}', 'Auf Deutsch, bitte', (select min(id) from app.users where role = 'customer'),
                    (select id from app.teams where name = 'billing'),
                    (select jsonb_build_object(id::text, 2) from app.skills where name = 'german') returning id"
        )
    };
    let _first: i64 = desk.one(&made("First")).await;
    let second: i64 = desk.one(&made("Second")).await;
    desk.run(
        "update app.users set availability = 'offline' where name <> 'Dan' and role = 'agent'",
    )
    .await;
    let told: String = desk
        .one(&format!(
            "select string_agg(concat_ws(' ', u.name, c ->> 'reason', c ->> 'lacks', c ->> 'share'), '; ' order by n)
               from jsonb_array_elements(autocrm.explain_routing({second}) -> 'decisions' -> 0 -> 'candidates') with ordinality x (c, n)
               join app.users u on u.id = (c ->> 'user_id')::bigint"
        ))
        .await;
    assert_eq!(
        told,
        "Bob; Cyd lacks_skills {\"german\": 2} 0; Ada behind 200000"
    );
}

/// A program reads the word and its values, a person the same in English.
#[tokio::test]
async fn why_somebody_does_not_fit_is_told_with_its_values() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.skills (name) values ('german');
         insert into app.users (role, name, email, availability, capacity) values
           ('agent', 'Ada', 'ada@desk.test', 'online', 5), ('agent', 'Bob', 'bob@desk.test', 'busy', 5),
           ('agent', 'Cyd', 'cyd@desk.test', 'online', 0);
         insert into app.memberships (team_id, user_id)
         select t.id, u.id from app.teams t, app.users u where t.name = 'billing' and u.role = 'agent';
         insert into app.agent_skills (user_id, skill_id, level)
         select u.id, s.id, 3 from app.users u, app.skills s where u.name = 'Cyd' and s.name = 'german'",
    )
    .await;
    let id = desk.ticket("Auf Deutsch, bitte", "billing").await;
    desk.run(&format!(
        "update app.tickets set required_skills = (select jsonb_build_object(id::text, 2) from app.skills where name = 'german')
          where id = {id}"
    ))
    .await;
    let told: String = desk
        .one(&format!(
            "select string_agg(concat_ws(' ', c ->> 'name', c ->> 'reason', c -> 'lacks', c ->> 'why'), '; ' order by c ->> 'name')
               from jsonb_array_elements(autocrm.explain_routing({id}) -> 'candidates') c"
        ))
        .await;
    assert_eq!(
        told,
        "Ada lacks_skills {\"german\": 2} lacks german at level 2; Bob busy is busy; Cyd full is full: 0 of 0"
    );
}
