//! Upkeep of agents' books: at the end of each statement that noted changes in them, when agents, teams, schedules or
//! statuses change, and by recounts.

use crate::assign::books::{self, lock, read};
use crate::assign::ledger::{self, Change, change, take, unwritten};
use crate::assign::{queue, skill_sets};
use crate::config::invalidate::forget;
use crate::history::audit;
use crate::pg::call::answer;
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::row::Row;
use crate::pg::trigger::{Event, Trigger, done, trigger};
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::{Map, json};

trigger!(tg_settle_books, pg_finfo_tg_settle_books, settle_books);

/// For each statement on a table whose row triggers note something in the ledger.
fn settle_books(trigger: &Trigger) -> pg_sys::Datum {
    if trigger.is_row() {
        pgrx::error!("this trigger fires for each statement");
    }
    for claim in unwritten() {
        change(claim.user, |change| {
            change.open -= 1;
            change.load -= claim.load;
            change.unclaimed.push(claim);
        });
    }
    let Some(noted) = take() else {
        return done();
    };
    let _owner = db::AsOwner::enter();
    let mut relieved = Vec::new();
    for (user, change) in noted.changes {
        if books::adjust(user, &change) {
            relieved.push(user);
        }
    }
    for (ticket, need) in noted.seeking {
        queue::place(ticket, &need);
    }
    // After the tickets themselves have found an agent, the room that they left goes to what waits.
    for user in relieved {
        queue::offer(user);
    }
    noted.refresh.into_iter().for_each(refresh);
    done()
}

/// Refreshes an agent's books from their user, memberships and skills, and assigns waiting tickets when they have room.
fn refresh(user: i64) {
    db::run(
        "insert into app.agent_loads (user_id)
         select id from app.users where id = $1 and role in ('agent', 'admin')
         on conflict do nothing",
        &[user.into()],
    );
    if lock(user).is_none() {
        return;
    }
    db::run(
        "update app.agent_loads l
            set capacity = u.capacity * 100,
                available = n.available,
                online_at = case when n.available and not l.available then $2 else l.online_at end,
                away_at = case when n.away then coalesce(l.away_at, $2) end,
                hand_back_at = case when n.away and l.away_at is null then $2 + make_interval(mins => (
                                 select min(t.hand_back_minutes) from app.memberships m join app.teams t on t.id = m.team_id
                                  where m.user_id = u.id))
                               when n.away then l.hand_back_at end,
                auto_away = l.auto_away and u.availability = 'away'
           from app.users u
          cross join lateral (select u.active and u.role in ('agent', 'admin') as works) w
          cross join lateral (
            select w.works and u.availability = 'online' as available,
                   not w.works or u.availability in ('away', 'offline') as away) n
          where l.user_id = u.id and u.id = $1",
        &[user.into(), clock::now().into()],
    );
    db::run(
        "delete from app.places p
          where p.user_id = $1
            and not exists (select from app.memberships m where m.team_id = p.team_id and m.user_id = p.user_id)",
        &[user.into()],
    );
    let changed = db::run(
        "insert into app.places as p (team_id, user_id, skills)
         select m.team_id, m.user_id, array(
                  select s.skill_id * 8 + n from app.agent_skills s, generate_series(1, s.level) n
                   where s.user_id = m.user_id order by 1)
           from app.memberships m
          where m.user_id = $1
         on conflict (team_id, user_id) do update set skills = excluded.skills
          where p.skills is distinct from excluded.skills",
        &[user.into()],
    );
    if changed > 0 {
        skill_sets::forget();
    }
    if let Some(mut seat) = read(user) {
        seat.look_up_shifts();
        seat.store();
        queue::offer(user);
    }
}

trigger!(tg_refresh_agent, pg_finfo_tg_refresh_agent, refresh_agent);

/// For tables that describe agents; the argument names the column with the agent's id.
fn refresh_agent(trigger: &Trigger) -> pg_sys::Datum {
    let column = trigger.args().into_iter().next().unwrap_or_default();
    let of = |row: Option<Row>| row.and_then(|row| row.get::<i64>(&column));
    let (old, new) = (of(trigger.old_row()), of(trigger.new_row()));
    ledger::refresh(old.into_iter().chain(new));
    done()
}

trigger!(tg_teams__terms, pg_finfo_tg_teams__terms, terms);

/// A team's new terms count at once for all its agents, and for what waits in it.
fn terms(trigger: &Trigger) -> pg_sys::Datum {
    let Some(team) = trigger.new_row().and_then(|row| row.get::<i64>("id")) else {
        return done();
    };
    // The statement's own trigger that does so comes after this one.
    forget(trigger);
    let members = db::rows(
        "select user_id from app.places where team_id = $1 order by user_id",
        &[team.into()],
        |row| row.get::<i64>(1),
    );
    if trigger.event() == Event::Update {
        queue::lock_changed(Some(team));
        queue::rebuild(Some(team));
        ledger::refresh(members.into_iter().flatten());
    }
    done()
}

trigger!(
    tg_schedules__shifts,
    pg_finfo_tg_schedules__shifts,
    schedule_changed
);

/// New hours take effect at once for all agents who follow the schedule.
fn schedule_changed(trigger: &Trigger) -> pg_sys::Datum {
    let Some(schedule) = trigger.new_row().and_then(|row| row.get::<i64>("id")) else {
        return done();
    };
    // The statement's own trigger that does so comes after this one.
    forget(trigger);
    let agents = db::rows(
        "select u.id from app.users u where u.schedule_id = $1
          union
         select m.user_id from app.teams t join app.memberships m on m.team_id = t.id where t.schedule_id = $1
          order by 1",
        &[schedule.into()],
        |row| row.get::<i64>(1),
    );
    ledger::refresh(agents.into_iter().flatten());
    done()
}

trigger!(
    tg_statuses__recount,
    pg_finfo_tg_statuses__recount,
    status_changed
);

/// When the category of a status changes, its tickets become open work, or are no longer.
fn status_changed(trigger: &Trigger) -> pg_sys::Datum {
    forget(trigger);
    recount_loads();
    done()
}

/// Counts all open work again and rebuilds the books and the queue; returns how many counts were wrong.
///
/// `select autocrm.recount_loads()`
fn recount_loads() -> i64 {
    // Tickets before books, as everywhere: none is waited for once the books are locked.
    queue::lock_changed(None);
    // Whoever claims or releases capacity meanwhile waits for the count, and counts on from there. Exclusive,
    // since a claim begins with a row lock that a weaker one would let in.
    db::run("lock table app.agent_loads in exclusive mode", &[]);
    let wrong = db::run(
        "insert into app.agent_loads as l (user_id, open, load)
         select u.id, count(t.id)::integer, coalesce(sum(t.load), 0)::integer
           from app.users u
           left join app.agent_loads a on a.user_id = u.id
           left join (app.tickets t join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed') and t.deleted_at is null)
             on t.assignee_id = u.id
          where u.role in ('agent', 'admin') or a.user_id is not null
          group by u.id, a.open, a.load
         having count(t.id) <> coalesce(a.open, 0) or coalesce(sum(t.load), 0) <> coalesce(a.load, 0)
         on conflict (user_id) do update set open = excluded.open, load = excluded.load
         returning 1",
        &[],
    );
    queue::rebuild(None);
    let agents = db::rows(
        "select user_id from app.agent_loads order by user_id",
        &[],
        |row| row.get::<i64>(1),
    );
    agents.into_iter().flatten().for_each(refresh);
    i64::try_from(wrong).unwrap_or(i64::MAX)
}

/// Compares everybody's counts with their open tickets and puts right what differs; answers how many counts were
/// wrong. Nobody waits for it: counts and tickets are committed together, so one snapshot shows what is wrong. What is
/// wrong is a defect of the desk: it is logged and audited. The queue is put right too: it may lack a ticket that was
/// being changed when a status or a team changed.
///
/// `select autocrm.check_loads()`
fn check_loads() -> i64 {
    queue::rebuild(None);
    let suspects = db::rows(
        "select user_id
           from app.agent_loads l
           full join (
             select t.assignee_id as user_id, count(*) as open, sum(t.load) as load
               from app.tickets t
               join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed')
              where t.deleted_at is null and t.assignee_id is not null
              group by 1) c using (user_id)
          where (coalesce(l.open, 0), coalesce(l.load, 0)) <> (coalesce(c.open, 0), coalesce(c.load, 0))
          order by user_id",
        &[],
        |row| row.get::<i64>(1),
    );
    let wrong = suspects.into_iter().flatten().filter(|user| correct(*user));
    i64::try_from(wrong.count()).unwrap_or(i64::MAX)
}

/// Counts the work of one agent under their lock; returns whether their books were wrong.
fn correct(user: i64) -> bool {
    db::run(
        "insert into app.agent_loads (user_id) select id from app.users where id = $1 on conflict do nothing",
        &[user.into()],
    );
    let Some(mut seat) = lock(user) else {
        return false;
    };
    let counted = db::rows(
        "select count(*)::integer, coalesce(sum(t.load), 0)::integer
           from app.tickets t
           join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed')
          where t.assignee_id = $1 and t.deleted_at is null",
        &[user.into()],
        |row| Ok((row.get::<i32>(1)?, row.get::<i32>(2)?)),
    );
    let Some((Some(open), Some(load))) = counted.into_iter().next() else {
        return false;
    };
    if (open, load) == (seat.open, seat.load) {
        return false;
    }
    warning!(
        "the books of agent {user} were wrong: {} open tickets of load {} were counted, {open} of load {load} are there",
        seat.open,
        seat.load
    );
    let told = Map::from_iter([
        ("open".to_owned(), json!([seat.open, open])),
        ("load".to_owned(), json!([seat.load, load])),
    ]);
    audit::write(Event::Update, "agent_loads", &user.to_string(), &told);
    seat.count(&Change {
        open: open - seat.open,
        load: load - seat.load,
        ..Change::default()
    });
    true
}

native!(
    recount_loads_wrapper,
    pg_finfo_recount_loads_wrapper,
    |fcinfo| answer(fcinfo, Some(recount_loads()))
);
native!(
    check_loads_wrapper,
    pg_finfo_check_loads_wrapper,
    |fcinfo| { answer(fcinfo, Some(check_loads())) }
);
