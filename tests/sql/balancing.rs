//! Who gets a ticket, who waits for whom, and what time and absence change about it.

use harness::desk::Desk;

/// An agent of billing who is there.
async fn agent(desk: &Desk, name: &str, capacity: i32) -> i64 {
    desk.one(&format!(
        "with u as (insert into app.users (role, name, email, availability, capacity)
                    values ('agent', '{name}', '{name}@desk.test', 'online', {capacity}) returning id),
              m as (insert into app.memberships (team_id, user_id) select t.id, u.id from app.teams t, u where t.name = 'billing')
         select id from u"
    ))
    .await
}

async fn assignee(desk: &Desk, ticket: i64) -> Option<i64> {
    desk.one(&format!(
        "select assignee_id from app.tickets where id = {ticket}"
    ))
    .await
}

/// A new ticket of billing, and who got it.
async fn given(desk: &Desk) -> Option<i64> {
    let ticket = desk.ticket("x", "billing").await;
    assignee(desk, ticket).await
}

async fn solve(desk: &Desk, ticket: i64) {
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {ticket}"
    ))
    .await;
}

async fn skill(desk: &Desk, user: i64, name: &str, level: i32) {
    desk.run(&format!(
        "insert into app.skills (name) values ('{name}') on conflict do nothing;
         insert into app.agent_skills (user_id, skill_id, level) select {user}, id, {level} from app.skills where name = '{name}'"
    ))
    .await;
}

async fn rule(desk: &Desk, actions: &str) {
    desk.run(&format!(
        "insert into app.routing_rules (name, actions) values ('r', '{actions}')"
    ))
    .await;
}

/// Sets the desk's clock, on the connection that tests use.
async fn clock(desk: &Desk, time: &str) {
    desk.run(&format!("set autocrm.now = '2030-03-04 {time}+00'"))
        .await;
}

async fn sweep(desk: &Desk) -> i64 {
    desk.one("select autocrm.sweep_waiting()").await
}

#[tokio::test]
async fn the_lowest_share_of_capacity_gets_the_next_ticket() {
    let desk = Desk::open().await;
    let (ada, bob) = (agent(&desk, "ada", 2).await, agent(&desk, "bob", 10).await);
    let mut got = Vec::new();
    for _ in 0..5 {
        got.push(given(&desk).await);
    }
    // 0/2 and 0/10: the lower id; then bob until he has as large a share.
    let (a, b) = (Some(ada), Some(bob));
    assert_eq!(got, [a, b, b, b, b]);
}

#[tokio::test]
async fn round_robin_goes_by_the_longest_time_since_the_last_ticket() {
    let desk = Desk::open().await;
    desk.run("update app.teams set balancing = 'round_robin'")
        .await;
    let (ada, bob) = (agent(&desk, "ada", 2).await, agent(&desk, "bob", 10).await);
    let mut got = Vec::new();
    for _ in 0..4 {
        got.push(given(&desk).await);
    }
    let (a, b) = (Some(ada), Some(bob));
    assert_eq!(got, [a, b, a, b]);
    assert_eq!(given(&desk).await, b, "ada is full, whoever's turn it is");
}

#[tokio::test]
async fn the_most_skilled_comes_first_and_whoever_lacks_the_skill_never() {
    let desk = Desk::open().await;
    let (ada, bob, cyd) = (
        agent(&desk, "ada", 9).await,
        agent(&desk, "bob", 1).await,
        agent(&desk, "cyd", 9).await,
    );
    skill(&desk, bob, "german", 5).await;
    skill(&desk, cyd, "german", 2).await;
    rule(
        &desk,
        r#"[{"require_skill": "german", "level": 2}, {"balance": "most_skilled"}]"#,
    )
    .await;
    assert_eq!(given(&desk).await, Some(bob));
    assert_eq!(given(&desk).await, Some(cyd), "bob is full");
    desk.run(&format!(
        "update app.users set availability = 'busy' where id = {cyd}"
    ))
    .await;
    assert_eq!(given(&desk).await, None, "ada has room, but no german");
    skill(&desk, ada, "german", 1).await;
    assert_eq!(sweep(&desk).await, 0, "nor enough of it");
    desk.run(&format!(
        "update app.agent_skills set level = 3 where user_id = {ada}"
    ))
    .await;
    assert_eq!(
        desk.one::<i64>(&format!(
            "select count(*) from app.tickets where assignee_id = {ada}"
        ))
        .await,
        1,
        "a skill gained is an offer at once"
    );
}

#[tokio::test]
async fn a_ticket_follows_the_sun_to_the_team_whose_people_are_there() {
    let desk = Desk::open().await;
    clock(&desk, "00:30").await;
    desk.run(
        "insert into app.schedules (name, time_zone, weekly)
         select z, z, (select jsonb_agg(jsonb_build_object('day', d, 'from', '09:00', 'to', '17:00')) from unnest(array['mon', 'tue', 'wed']) d)
           from unnest(array['Europe/Berlin', 'Asia/Tokyo']) z;
         update app.teams t set schedule_id = s.id from app.schedules s
          where (t.name, s.name) in (('billing', 'Europe/Berlin'), ('tech', 'Asia/Tokyo'))"
    )
    .await;
    let ada = agent(&desk, "ada", 9).await;
    let tom = agent(&desk, "tom", 9).await;
    desk.run(&format!(
        "update app.memberships set team_id = (select id from app.teams where name = 'tech') where user_id = {tom}"
    ))
    .await;
    rule(
        &desk,
        r#"[{"balance": "follow_the_sun", "teams": ["billing", "tech"]}]"#,
    )
    .await;
    let to = async |desk: &Desk| {
        let ticket: i64 = desk
            .one("insert into app.tickets (subject, requester_id) select 'x', min(id) from app.users returning id")
            .await;
        let team: String = desk
            .one(&format!("select m.name from app.tickets t join app.teams m on m.id = t.team_id where t.id = {ticket}"))
            .await;
        (assignee(desk, ticket).await, team)
    };
    assert_eq!(to(&desk).await, (Some(tom), "tech".into()));
    // The end of a shift counts at once, without anybody having looked.
    clock(&desk, "08:00").await;
    assert_eq!(to(&desk).await, (Some(ada), "billing".into()));
    // In the evening it waits for whichever team wakes first.
    clock(&desk, "16:00").await;
    assert_eq!(to(&desk).await.0, None);
    clock(&desk, "23:59").await;
    assert_eq!(sweep(&desk).await, 0);
    desk.run("set autocrm.now = '2030-03-05 00:00+00'").await;
    assert_eq!(sweep(&desk).await, 1);
    let tickets =
        |user: i64| format!("select count(*) from app.tickets where assignee_id = {user}");
    assert_eq!(desk.one::<i64>(&tickets(tom)).await, 2);
}

#[tokio::test]
async fn new_hours_count_at_once_for_those_whose_they_are() {
    let desk = Desk::open().await;
    clock(&desk, "10:00").await;
    desk.run("insert into app.schedules (name, time_zone) values ('Hours', 'UTC')")
        .await;
    let ada = agent(&desk, "ada", 9).await;
    desk.run("update app.teams set schedule_id = (select id from app.schedules where name = 'Hours') where name = 'billing'")
        .await;
    assert_eq!(given(&desk).await, None, "no hours at all");
    desk.run(
        r#"update app.schedules set weekly = '[{"day": "mon", "from": "09:00", "to": "17:00"}]'"#,
    )
    .await;
    assert_eq!(given(&desk).await, Some(ada));
    let tickets = format!("select count(*) from app.tickets where assignee_id = {ada}");
    assert_eq!(
        desk.one::<i64>(&tickets).await,
        2,
        "what waited went out with it"
    );
    desk.run(&format!(
        r#"insert into app.schedules (name, time_zone, weekly) values ('Late', 'UTC', '[{{"day": "mon", "from": "20:00", "to": "22:00"}}]');
           update app.users set schedule_id = (select id from app.schedules where name = 'Late') where id = {ada}"#
    ))
    .await;
    assert_eq!(
        given(&desk).await,
        None,
        "an agent's own schedule goes before the team's"
    );
    desk.run("delete from app.schedules where name = 'Late'")
        .await;
    assert_eq!(desk.one::<i64>(&tickets).await, 3);
}

#[tokio::test]
async fn what_waits_is_offered_by_priority_then_time_due_then_age() {
    let desk = Desk::open().await;
    let ada = agent(&desk, "ada", 1).await;
    let first = desk.ticket("x", "billing").await;
    assert_eq!(assignee(&desk, first).await, Some(ada));
    let (old, due, new) = (
        desk.ticket("old", "billing").await,
        desk.ticket("due", "billing").await,
        desk.ticket("new", "billing").await,
    );
    let urgent = desk.ticket("urgent", "billing").await;
    desk.run(&format!(
        "update app.tickets set priority_id = (select id from app.priorities where key = 'urgent') where id = {urgent};
         update app.waiting set due_at = now() + interval '1 hour' where ticket_id = {due}"
    ))
    .await;
    let mut held = first;
    for next in [urgent, due, old, new] {
        solve(&desk, held).await;
        assert_eq!(assignee(&desk, next).await, Some(ada));
        held = next;
    }
    assert_eq!(desk.one::<i64>("select count(*) from app.waiting").await, 0);
}

#[tokio::test]
async fn room_however_it_comes_is_an_offer() {
    let desk = Desk::open().await;
    let waiting = async |desk: &Desk| desk.one::<i64>("select count(*) from app.waiting").await;
    for _ in 0..6 {
        desk.ticket("x", "billing").await;
    }
    assert_eq!(waiting(&desk).await, 6);
    let ada = agent(&desk, "ada", 1).await;
    assert_eq!(waiting(&desk).await, 5, "somebody joined the team");
    desk.run(&format!(
        "update app.users set capacity = 2 where id = {ada}"
    ))
    .await;
    assert_eq!(waiting(&desk).await, 4, "capacity was raised");
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'closed')
          where id = (select min(id) from app.tickets where assignee_id = {ada})"
    ))
    .await;
    assert_eq!(waiting(&desk).await, 3, "one was closed");
    let bob = desk.agent("Bob", "tech").await.id;
    desk.run(&format!(
        "update app.tickets set assignee_id = {bob} where id = (select max(id) from app.tickets where assignee_id = {ada})"
    ))
    .await;
    assert_eq!(waiting(&desk).await, 2, "one was handed on");
    desk.run(&format!("update app.users set availability = 'away' where id = {ada}; update app.users set capacity = 3 where id = {ada}")).await;
    assert_eq!(
        waiting(&desk).await,
        2,
        "nobody is offered anything while away"
    );
    desk.run(&format!(
        "update app.users set availability = 'online' where id = {ada}"
    ))
    .await;
    assert_eq!(waiting(&desk).await, 1, "they came back");
    desk.run(&format!("delete from app.tickets where id = (select max(id) from app.tickets where assignee_id = {ada})")).await;
    assert_eq!(waiting(&desk).await, 0, "one was removed");
    assert_eq!(desk.one::<i64>("select autocrm.recount_loads()").await, 0);
}

/// Tickets are locked before agents' books, as everywhere: neither change ends the other.
#[tokio::test]
async fn a_status_changes_its_category_beside_tickets_that_are_being_changed() {
    // A ticket that begins to wait, and one that waits no longer.
    for (from, to, meanwhile) in [
        ("solved", "open", "subject = 'y'"),
        (
            "open",
            "solved",
            "status_id = (select id from app.statuses where key = 'solved')",
        ),
    ] {
        let desk = Desk::open().await;
        let ada = desk.agent("Ada", "billing").await.id;
        desk.run(&format!(
            "insert into app.statuses (key, label, category) values ('parked', 'Parked', '{from}')"
        ))
        .await;
        let (parked, other) = (
            desk.ticket("Parked", "billing").await,
            desk.ticket("Other", "billing").await,
        );
        desk.run(&format!(
            "update app.tickets set status_id = (select id from app.statuses where key = 'parked') where id = {parked}"
        ))
        .await;
        let (person, admin) = (desk.log_in("postgres").await, desk.log_in("postgres").await);
        person
            .batch_execute(&format!(
                "begin; update app.tickets set {meanwhile} where id = {parked}"
            ))
            .await
            .expect("the ticket is locked");
        let category = format!("update app.statuses set category = '{to}' where key = 'parked'");
        let changed = tokio::spawn(async move { admin.batch_execute(&category).await });
        desk.blocked(1).await;

        let assigned = person
            .batch_execute(&format!(
                "update app.tickets set assignee_id = {ada} where id = {other}; commit"
            ))
            .await;
        let changed = changed.await.expect("ends");

        assigned.unwrap_or_else(|error| panic!("{from} to {to}: {error:?}"));
        changed.unwrap_or_else(|error| panic!("{from} to {to}: {error:?}"));
        let waits: Vec<i64> = desk
            .one("select coalesce(array_agg(ticket_id), '{}') from app.waiting")
            .await;
        assert_eq!(waits, if to == "open" { vec![parked] } else { vec![] });
        assert_eq!(desk.one::<i64>("select autocrm.recount_loads()").await, 0);
    }
}

#[tokio::test]
async fn what_a_person_takes_away_the_machine_does_not_give_back() {
    let desk = Desk::open().await;
    let ada = agent(&desk, "ada", 5).await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run(&format!(
        "update app.tickets set assignee_id = null where id = {ticket}"
    ))
    .await;
    sweep(&desk).await;
    desk.run(&format!("update app.users set availability = 'away' where id = {ada}; update app.users set availability = 'online' where id = {ada}")).await;
    assert_eq!(assignee(&desk, ticket).await, None, "it waits for others");
    let bob = agent(&desk, "bob", 5).await;
    assert_eq!(assignee(&desk, ticket).await, Some(bob));
    desk.run(&format!(
        "update app.tickets set assignee_id = {ada} where id = {ticket}"
    ))
    .await;
    sweep(&desk).await;
    assert_eq!(
        assignee(&desk, ticket).await,
        Some(ada),
        "a person may, and it stays"
    );
}

#[tokio::test]
async fn a_team_that_hands_out_by_hand_is_offered_nothing() {
    let desk = Desk::open().await;
    desk.run("update app.teams set balancing = 'none'").await;
    agent(&desk, "ada", 5).await;
    let ticket = desk.ticket("x", "billing").await;
    sweep(&desk).await;
    assert_eq!(assignee(&desk, ticket).await, None);
    desk.run("update app.teams set balancing = 'least_loaded'")
        .await;
    assert!(
        assignee(&desk, ticket).await.is_some(),
        "and everything when it changes its mind"
    );
}

#[tokio::test]
async fn the_first_to_log_in_does_not_get_the_whole_backlog() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    desk.run("update app.teams set ramp_minutes = 60").await;
    for _ in 0..20 {
        desk.ticket("x", "billing").await;
    }
    let ada = agent(&desk, "ada", 10).await;
    let held = async |desk: &Desk| {
        sweep(desk).await;
        desk.one::<i32>(&format!(
            "select open from app.agent_loads where user_id = {ada}"
        ))
        .await
    };
    assert_eq!(held(&desk).await, 1);
    clock(&desk, "09:12").await;
    assert_eq!(held(&desk).await, 2);
    clock(&desk, "09:30").await;
    assert_eq!(held(&desk).await, 5);
    clock(&desk, "10:00").await;
    assert_eq!(held(&desk).await, 10);
}

#[tokio::test]
async fn nobody_gets_more_than_the_fairness_window_allows() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    desk.run("update app.teams set fair_count = 3, fair_minutes = 10")
        .await;
    let ada = agent(&desk, "ada", 10).await;
    let mut got = Vec::new();
    for _ in 0..5 {
        got.push(given(&desk).await);
    }
    assert_eq!(got.iter().flatten().count(), 3);
    clock(&desk, "09:09").await;
    assert_eq!(sweep(&desk).await, 0);
    clock(&desk, "09:10").await;
    assert_eq!(sweep(&desk).await, 2);
    assert_eq!(
        desk.one::<i32>(&format!(
            "select open from app.agent_loads where user_id = {ada}"
        ))
        .await,
        5
    );
}

#[tokio::test]
async fn wrapping_up_comes_before_the_next_offer() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    desk.run("update app.teams set wrap_up_seconds = 60").await;
    let ada = agent(&desk, "ada", 1).await;
    let (first, second) = (
        desk.ticket("x", "billing").await,
        desk.ticket("y", "billing").await,
    );
    solve(&desk, first).await;
    assert_eq!(assignee(&desk, second).await, None);
    clock(&desk, "09:01").await;
    sweep(&desk).await;
    assert_eq!(assignee(&desk, second).await, Some(ada));
}

#[tokio::test]
async fn loads_are_sums_of_weights_and_never_exceed_capacity() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.channel_loads (channel, load_percent) values ('chat', 50);
              update app.priorities set load_percent = 300 where key = 'urgent'",
    )
    .await;
    let ada = agent(&desk, "ada", 4).await;
    let make = async |desk: &Desk, channel: &str, priority: &str| {
        desk.one::<Option<i64>>(&format!(
            "insert into app.tickets (subject, requester_id, team_id, channel, priority_id)
             select 'x', u.id, t.id, '{channel}', p.id from app.users u, app.teams t, app.priorities p
              where u.email = 'cleo@customer.test' and t.name = 'billing' and p.key = '{priority}' returning assignee_id"
        ))
        .await
    };
    assert_eq!(
        make(&desk, "web", "urgent").await,
        Some(ada),
        "three of four places"
    );
    assert_eq!(
        make(&desk, "chat", "normal").await,
        Some(ada),
        "half a place"
    );
    assert_eq!(
        make(&desk, "web", "normal").await,
        None,
        "a whole one is not left"
    );
    assert_eq!(make(&desk, "chat", "normal").await, Some(ada), "a half is");
    assert_eq!(
        desk.one::<i32>(&format!(
            "select load from app.agent_loads where user_id = {ada}"
        ))
        .await,
        400
    );
    desk.run(
        "update app.tickets set channel = 'chat' where channel = 'web' and assignee_id is not null",
    )
    .await;
    assert_eq!(
        desk.one::<i32>(&format!(
            "select load from app.agent_loads where user_id = {ada}"
        ))
        .await,
        350,
        "150 freed, 100 of them for the ticket that waited"
    );
    assert_eq!(desk.one::<i64>("select autocrm.recount_loads()").await, 0);
}

#[tokio::test]
async fn a_preferred_skill_is_waited_for_and_then_no_longer() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    let ada = agent(&desk, "ada", 5).await;
    let bob = agent(&desk, "bob", 1).await;
    skill(&desk, bob, "german", 3).await;
    rule(
        &desk,
        r#"[{"prefer_skill": "german", "level": 2, "for_minutes": 15}]"#,
    )
    .await;
    let make = async |desk: &Desk| -> i64 {
        // Without a time of its own, so that it is made when the desk believes it is.
        desk.one(
            "insert into app.tickets (subject, requester_id, team_id, created_at, updated_at)
             select 'x', u.id, t.id, null, null from app.users u, app.teams t
              where u.email = 'cleo@customer.test' and t.name = 'billing' returning id",
        )
        .await
    };
    let first = make(&desk).await;
    assert_eq!(assignee(&desk, first).await, Some(bob), "bob speaks it");
    let ticket = make(&desk).await;
    assert_eq!(
        assignee(&desk, ticket).await,
        None,
        "bob is full, ada would do only later"
    );
    clock(&desk, "09:14").await;
    assert_eq!(sweep(&desk).await, 0);
    clock(&desk, "09:15").await;
    assert_eq!(sweep(&desk).await, 1);
    assert_eq!(assignee(&desk, ticket).await, Some(ada));
}

#[tokio::test]
async fn skills_set_by_hand_are_read_and_refused_by_name() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run("insert into app.skills (name) values ('German')")
        .await;
    let ticket = desk.ticket("x", "billing").await;
    let path = format!("/api/tickets/{ticket}");
    let reply = ada
        .patch(&path, serde_json::json!({"required_skills": {"german": 3}, "preferred_skills": {"German": {"level": 5, "for_minutes": 15}}}), None)
        .await;
    assert_eq!(reply.status(), 200);
    let body: serde_json::Value = reply.json().await.expect("JSON");
    assert_eq!(body["required_skills"], serde_json::json!({"German": 3}));
    assert_eq!(
        body["preferred_skills"],
        serde_json::json!({"German": {"level": 5, "for_minutes": 15}})
    );
    let refused = ada
        .patch(&path, serde_json::json!({"required_skills": {"Latin": 3, "german": 9}, "preferred_skills": {"german": 2}}), None)
        .await;
    assert_eq!(refused.status(), 422);
    let problem: serde_json::Value = refused.json().await.expect("JSON");
    let paths: Vec<&str> = problem["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|p| p["path"].as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "preferred_skills.german",
            "required_skills.Latin",
            "required_skills.german"
        ]
    );
}

#[tokio::test]
async fn open_work_of_who_is_away_goes_back_after_the_time_of_grace() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    desk.run("update app.teams set hand_back_minutes = 10")
        .await;
    let ada = agent(&desk, "ada", 5).await;
    let (open, pending) = (
        desk.ticket("x", "billing").await,
        desk.ticket("y", "billing").await,
    );
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where category = 'pending') where id = {pending};
         update app.users set availability = 'away' where id = {ada}"
    ))
    .await;
    let bob = agent(&desk, "bob", 5).await;
    clock(&desk, "09:09").await;
    sweep(&desk).await;
    assert_eq!(assignee(&desk, open).await, Some(ada));
    clock(&desk, "09:10").await;
    sweep(&desk).await;
    assert_eq!(assignee(&desk, open).await, Some(bob));
    assert_eq!(
        assignee(&desk, pending).await,
        Some(ada),
        "nobody waits for an answer there"
    );
    // Until the customer writes.
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, body_text) select {pending}, requester_id, 'hello?' from app.tickets where id = {pending}"
    ))
    .await;
    assert_eq!(assignee(&desk, pending).await, Some(bob));
}

#[tokio::test]
async fn a_ticket_that_cannot_go_back_holds_up_no_other_and_is_forgotten_when_it_has() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    desk.run("update app.teams set hand_back_minutes = 10")
        .await;
    let ada = agent(&desk, "ada", 5).await;
    let (bad, good) = (
        desk.ticket("x", "billing").await,
        desk.ticket("y", "billing").await,
    );
    desk.run(&format!(
        "update app.users set availability = 'away' where id = {ada}"
    ))
    .await;
    let bob = agent(&desk, "bob", 5).await;
    desk.run(&format!(
        "create function public.poison() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$;
         create trigger a_poison before update on app.tickets for each row when (new.id = {bad} and new.assignee_id is null) execute function public.poison()"
    ))
    .await;
    clock(&desk, "09:10").await;
    desk.run("select worker.maintain('waiting')").await;
    assert_eq!(assignee(&desk, good).await, Some(bob));
    assert_eq!(assignee(&desk, bad).await, Some(ada));
    let told = format!(
        "select count(*) from app.routing_decisions where ticket_id = {bad} and explanation ? 'taken_back'"
    );
    assert_eq!(desk.one::<i64>(&told).await, 0, "it did not go back");
    let items = "select string_agg(item, ',') from app.set_aside";
    assert_eq!(
        desk.one::<Option<String>>(items).await,
        Some(format!("hand back: ticket {bad}"))
    );
    // Still there, and not tried again before its time.
    desk.run("select worker.maintain('waiting')").await;
    assert_eq!(
        desk.one::<i64>("select attempts::bigint from app.set_aside")
            .await,
        1
    );

    desk.run("drop trigger a_poison on app.tickets").await;
    clock(&desk, "09:20").await;
    desk.run("select worker.maintain('waiting')").await;
    assert_eq!(assignee(&desk, bad).await, Some(bob));
    assert_eq!(desk.one::<i64>(&told).await, 1);
    assert_eq!(desk.one::<Option<String>>(items).await, None);
}

#[tokio::test]
async fn nothing_goes_back_where_the_team_does_not_want_it() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    let ada = agent(&desk, "ada", 5).await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run(&format!(
        "update app.users set availability = 'offline' where id = {ada}"
    ))
    .await;
    agent(&desk, "bob", 5).await;
    clock(&desk, "23:00").await;
    sweep(&desk).await;
    assert_eq!(assignee(&desk, ticket).await, Some(ada));
}

#[tokio::test]
async fn whoever_loses_the_last_connection_is_away_and_back_with_the_next() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    let ada = agent(&desk, "ada", 5).await;
    let is = async |desk: &Desk| {
        desk.one::<String>(&format!(
            "select availability::text from app.users where id = {ada}"
        ))
        .await
    };
    let left = async |desk: &Desk| {
        desk.one::<bool>(&format!("select worker.note_disconnect({ada})"))
            .await
    };
    assert!(!left(&desk).await, "who never had one does not lose it");
    desk.run(&format!("select worker.note_connected(array[{ada}])"))
        .await;
    clock(&desk, "09:00:30").await;
    assert!(!left(&desk).await, "another process has seen them since");
    clock(&desk, "09:00:45").await;
    assert!(left(&desk).await);
    assert_eq!(is(&desk).await, "away");
    desk.run(&format!("select worker.note_connected(array[{ada}])"))
        .await;
    assert_eq!(is(&desk).await, "online");
    // What they chose themselves stays.
    desk.run(&format!(
        "update app.users set availability = 'away' where id = {ada}"
    ))
    .await;
    desk.run(&format!("select worker.note_connected(array[{ada}])"))
        .await;
    assert_eq!(is(&desk).await, "away");
    // A process that died tells nobody; the work loop notices.
    desk.run(&format!(
        "update app.users set availability = 'online' where id = {ada}"
    ))
    .await;
    clock(&desk, "09:05").await;
    desk.run("select worker.maintain()").await;
    assert_eq!(is(&desk).await, "away");
}

/// Days of the shape of a real service desk's: when each ticket comes and how long it stays open. Beside our desk
/// stands the ideal greedy, which sees the whole day and always gives to the lowest share. The spread of shares may
/// not be more than a twentieth worse.
#[tokio::test]
async fn over_a_day_the_load_is_spread_as_well_as_greedy_could() {
    let desk = Desk::open().await;
    let capacities = [40, 55, 30, 70, 35, 60, 45, 50];
    for (i, capacity) in capacities.iter().enumerate() {
        agent(&desk, &format!("a{i}"), *capacity).await;
    }
    let spread = |loads: &[i32]| {
        let shares: Vec<f64> = loads
            .iter()
            .zip(capacities)
            .map(|(l, c)| f64::from(*l) / f64::from(c))
            .collect();
        let mean = shares.iter().sum::<f64>() / 8.0;
        (shares.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 8.0).sqrt()
    };
    let (mut ideal, mut ends): (Vec<i32>, Vec<(u64, i64, usize)>) = (vec![0; 8], Vec::new());
    let (mut ours, mut theirs) = (0.0, 0.0);
    for (minute, open) in harness::samples::day_of_arrivals(2_016) {
        let (done, still): (Vec<_>, Vec<_>) =
            ends.into_iter().partition(|(end, ..)| *end <= minute);
        ends = still;
        for (_, ticket, greedy) in done {
            ideal[greedy] -= 1;
            solve(&desk, ticket).await;
        }
        let ticket = desk.ticket("x", "billing").await;
        let greedy = (0..8)
            .filter(|i| ideal[*i] < capacities[*i])
            .min_by_key(|i| i64::from(ideal[*i]) * 1_000_000 / i64::from(capacities[*i]))
            .expect("room");
        ideal[greedy] += 1;
        if let Some(open) = open {
            ends.push((minute + open, ticket, greedy));
        }
        let real: Vec<i32> = desk
            .one("select array_agg(open order by user_id) from app.agent_loads where open > 0 or capacity > 0")
            .await;
        ours += spread(&real);
        theirs += spread(&ideal);
    }
    println!("spread of shares: {ours:.2}, greedy {theirs:.2}");
    assert!(ours <= theirs * 1.05, "{ours} against {theirs}");
}

#[tokio::test]
async fn what_two_commits_could_not_see_of_each_other_the_work_loop_finds() {
    let desk = Desk::open().await;
    let ada = agent(&desk, "ada", 1).await;
    let first = desk.ticket("x", "billing").await;
    let other = desk.log_in("postgres").await;
    other
        .batch_execute(
            "begin; insert into app.tickets (subject, requester_id, team_id)
             select 'late', u.id, t.id from app.users u, app.teams t where u.email = 'cleo@customer.test' and t.name = 'billing'",
        )
        .await
        .expect("waits, for ada is full");
    solve(&desk, first).await;
    other.batch_execute("commit").await.expect("commits");
    let held = async |desk: &Desk| {
        desk.one::<i32>(&format!(
            "select open from app.agent_loads where user_id = {ada}"
        ))
        .await
    };
    assert_eq!(held(&desk).await, 0);
    desk.run("select worker.maintain()").await;
    assert_eq!(held(&desk).await, 1);
}

#[tokio::test]
async fn a_team_s_numbers_tell_what_is_open_what_waits_and_who_is_there() {
    let desk = Desk::open().await;
    clock(&desk, "09:00").await;
    let ada = agent(&desk, "ada", 2).await;
    desk.run("insert into app.users (role, name, email, availability, capacity) values ('agent', 'Tom', 'tom@desk.test', 'away', 8);
              insert into app.memberships (team_id, user_id) select t.id, u.id from app.teams t, app.users u where t.name = 'billing' and u.name = 'Tom'")
        .await;
    let first = desk.ticket("1", "billing").await;
    clock(&desk, "09:30").await;
    desk.ticket("2", "billing").await;
    desk.ticket("3", "billing").await;
    let numbers: serde_json::Value = desk
        .one("select api.get_team_numbers(id)::jsonb from app.teams where name = 'billing'")
        .await;
    assert_eq!(numbers["open"], 3);
    assert_eq!(
        (&numbers["unassigned"], &numbers["waiting"]),
        (&1.into(), &1.into())
    );
    assert_eq!(
        (&numbers["agents"], &numbers["available_agents"]),
        (&2.into(), &1.into())
    );
    assert_eq!(
        (numbers["load"].as_f64(), &numbers["capacity"]),
        (Some(2.0), &10.into())
    );
    assert!(
        numbers["oldest_open_at"]
            .as_str()
            .expect("a time")
            .starts_with("2030-03-04T09:00")
    );
    assert!(
        numbers["oldest_waiting_at"]
            .as_str()
            .expect("a time")
            .starts_with("2030-03-04T09:30")
    );
    let row: String = desk
        .one("select concat_ws(' ', open, unassigned, waiting) from reporting.teams where name = 'billing'")
        .await;
    assert_eq!(row, "3 1 1");
    assert_eq!(assignee(&desk, first).await, Some(ada));
}

#[tokio::test]
async fn a_status_that_ends_work_gives_its_places_back() {
    let desk = Desk::open().await;
    let ada = agent(&desk, "ada", 1).await;
    let first = desk.ticket("1", "billing").await;
    let second = desk.ticket("2", "billing").await;
    assert_eq!(
        (assignee(&desk, first).await, assignee(&desk, second).await),
        (Some(ada), None)
    );
    desk.run(&format!(
        "insert into app.statuses (key, label, category, position) values ('parked', 'Parked', 'pending', 90);
         update app.tickets set status_id = (select id from app.statuses where key = 'parked') where id = {first}"
    ))
    .await;
    assert_eq!(assignee(&desk, second).await, None, "pending is work still");
    desk.run("update app.statuses set category = 'solved' where key = 'parked'")
        .await;
    assert_eq!(assignee(&desk, second).await, Some(ada));
    let open: i32 = desk
        .one(&format!(
            "select open from app.agent_loads where user_id = {ada}"
        ))
        .await;
    assert_eq!(open, 1);
}

/// Whom the books put first, sorted anew for every question.
const FIRST: &str = "
  select p.user_id
    from app.places p
    join app.agent_loads l on l.user_id = p.user_id
   where p.team_id = (select id from app.teams where name = 'billing') and l.available and l.capacity - l.load >= 100
     and p.skills @> $1
   order by case when $2 = 'most_skilled'
                 then (select count(*) from unnest(p.skills) s where s / 8 in (select w / 8 from unnest($1) w)) end desc,
            case when $2 = 'round_robin' then p.turn else p.share end, p.user_id
   limit 1";

#[tokio::test]
async fn indexes_answer_as_sorting_would_with_few_kinds_of_skills_and_with_many() {
    let desk = Desk::open().await;
    desk.run(
        "insert into app.skills (name) values ('s1'), ('s2'), ('s3');
         insert into app.users (role, name, email, availability, capacity)
         select 'agent', 'Agent ' || n, n || '@desk.test', 'online', 1 + n % 7 from generate_series(1, 120) n;
         insert into app.memberships (team_id, user_id) select t.id, u.id from app.teams t, app.users u where t.name = 'billing' and u.role = 'agent'",
    )
    .await;
    let skills: Vec<i64> = desk
        .sql()
        .query("select id from app.skills order by name", &[])
        .await
        .expect("skills")
        .iter()
        .map(|row| row.get(0))
        .collect();
    // A handful of kinds at first; then up to 5 * 6 * 6 of them among 120 agents.
    for (few, levels) in [
        (true, "1 + u.id % 2"),
        (false, "1 + abs(hashint8(u.id * s.id)) % 5"),
    ] {
        desk.run(&format!(
            "delete from app.agent_skills;
             insert into app.agent_skills (user_id, skill_id, level)
             select u.id, s.id, {levels} from app.users u, app.skills s
              where u.role = 'agent' and s.name in ('s1', 's2', 's3') and (s.name = 's1' or abs(hashint8(u.id + s.id)) % 6 > 1)"
        ))
        .await;
        let kinds: i64 = desk
            .one("select count(distinct kind) from app.places")
            .await;
        assert_eq!(kinds <= 16, few, "{kinds} kinds");
        assert!(few || kinds > 64, "{kinds} kinds");
        for team in ["least_loaded", "round_robin"] {
            desk.run(&format!("update app.teams set balancing = '{team}'"))
                .await;
            for n in 0..40_usize {
                let by = ["least_loaded", "round_robin", "most_skilled"][n % 3];
                let (first, second) = (skills[n % 3], skills[(n + 1) % 3]);
                let wanted: Vec<(i64, i64)> = match n % 4 {
                    0 => vec![],
                    1 => vec![(first, 2)],
                    2 => vec![(first, 1), (second, 1)],
                    _ => vec![(first, 4)],
                };
                let entries: Vec<i64> = wanted.iter().map(|(id, level)| id * 8 + level).collect();
                let expected: Option<i64> = desk
                    .sql()
                    .query_opt(FIRST, &[&entries, &by])
                    .await
                    .expect("asks")
                    .map(|row| row.get(0));
                let required: serde_json::Map<String, serde_json::Value> = wanted
                    .iter()
                    .map(|(id, level)| (id.to_string(), (*level).into()))
                    .collect();
                let got: Option<i64> = desk
                    .one(&format!(
                        "insert into app.tickets (subject, requester_id, team_id, required_skills, balancing)
                         select 'x', c.id, t.id, '{}', '{by}' from app.teams t, app.users c
                          where t.name = 'billing' and c.role = 'customer' order by c.id limit 1
                         returning assignee_id",
                        serde_json::Value::Object(required)
                    ))
                    .await;
                assert_eq!(
                    got, expected,
                    "{by} in a team that is {team}, wanting {wanted:?}"
                );
            }
        }
    }
}
