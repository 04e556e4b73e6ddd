//! The regular sweep of the queue, through indexes: for what only time decides, and for what two transactions that commit
//! at once cannot see of each other.

use crate::assign::books;
use crate::assign::queue::{self, ROUND, TakenBack};
use crate::pg::call::answer;
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use autocrm_core::assign::wanted;
use pgrx::prelude::TimestampWithTimeZone;
use serde_json::{Map, Value};

/// Assigns what only time decides, and what two transactions that committed at once left behind; returns how many
/// tickets were assigned. Any number of sessions may run it at once.
///
/// `select autocrm.sweep_waiting()`
fn sweep_waiting() -> i64 {
    hand_back();
    relax();
    // Agents who are due by time, and those who have room for a waiting ticket: waiting tickets are grouped by what
    // they need, so that it does not matter how many wait.
    let agents = db::rows(
        "select user_id from (
           (select p.user_id from app.places p where p.next_at <= $1 order by p.next_at limit $2)
           union
           (select p.user_id from app.places p where p.until_at <= $1 order by p.until_at limit $2)
           union
           (select p.user_id
              from (select w.team_id, w.wanted, w.not_user_id, min(w.load) as load from app.waiting w group by 1, 2, 3) k
             cross join lateral (
               select p.user_id
                 from app.places p
                where p.team_id = k.team_id and p.free > 0 and p.free >= k.load
                  and (p.next_at is null or p.next_at <= $1)
                  and (p.until_at is null or p.until_at > $1)
                  and p.skills @> k.wanted and p.user_id is distinct from k.not_user_id
                order by p.rank, p.user_id
                limit 50) p
             limit $2)) x
          order by user_id",
        &[clock::now().into(), ROUND.into()],
        |row| row.get::<i64>(1),
    );
    let mut given = 0;
    for user in agents.into_iter().flatten() {
        // When another session has them locked, it offers them waiting tickets, or the next round does.
        if let Some(mut seat) = books::lock_if_free(user) {
            seat.store();
            given += queue::offer(user);
        }
    }
    i64::try_from(given).unwrap_or(i64::MAX)
}

/// Preferred skills are no longer needed after their time.
fn relax() {
    let due = db::rows(
        "select t.id from app.tickets t
          where t.id in (select w.ticket_id from app.waiting w where w.relax_at <= $1 order by w.relax_at limit $2)
            for no key update skip locked",
        &[clock::now().into(), ROUND.into()],
        |row| row.get::<i64>(1),
    );
    for id in due.into_iter().flatten() {
        let found = db::rows(
            "select t.required_skills, t.preferred_skills, t.created_at from app.tickets t where t.id = $1",
            &[id.into()],
            |row| {
                let object = |json: Option<Held>| -> Map<String, Value> {
                    json.and_then(|j| j.0.as_object().cloned())
                        .unwrap_or_default()
                };
                let created = row
                    .get::<TimestampWithTimeZone>(3)?
                    .unwrap_or_else(clock::now);
                Ok(wanted(
                    &object(row.get(1)?),
                    &object(row.get(2)?),
                    clock::micros(created),
                    clock::micros_now(),
                ))
            },
        );
        for wanted in found {
            // The next round finds agents for it.
            db::run(
                "update app.waiting set wanted = $2, relax_at = $3 where ticket_id = $1",
                &[
                    id.into(),
                    wanted.now.into(),
                    wanted.relax_at.and_then(clock::time).into(),
                ],
            );
        }
    }
}

/// Open work of agents who have been away for as long as their team allows goes back to the queue.
fn hand_back() {
    let away = db::rows(
        "select l.user_id from app.agent_loads l where l.hand_back_at <= $1 order by l.hand_back_at limit 20",
        &[clock::now().into()],
        |row| row.get::<i64>(1),
    );
    for user in away.into_iter().flatten() {
        // This never waits for a lock while it holds others: the next round tries again.
        if books::lock_if_free(user).is_none() {
            continue;
        }
        let tickets = db::rows(
            "select t.id
               from app.tickets t
               join app.statuses s on s.id = t.status_id and s.category in ('new', 'open') and t.deleted_at is null
               join app.teams m on m.id = t.team_id
               join app.agent_loads l on l.user_id = t.assignee_id
              where t.assignee_id = $1 and coalesce(t.balancing, m.balancing) <> 'none' and not app._is_set_aside('hand back', t.id)
                and l.away_at + make_interval(mins => m.hand_back_minutes) <= $2
              order by t.id limit $3
                for no key update of t skip locked",
            &[user.into(), clock::now().into(), ROUND.into()],
            |row| row.get::<i64>(1),
        );
        for ticket in tickets.into_iter().flatten() {
            queue::take_back(ticket, user, TakenBack::AwayTooLong);
        }
        db::run(
            "update app.agent_loads l
                set hand_back_at = (
                  select min(l.away_at + make_interval(mins => m.hand_back_minutes))
                    from app.tickets t
                    join app.statuses s on s.id = t.status_id and s.category in ('new', 'open')
                    join app.teams m on m.id = t.team_id
                   where t.assignee_id = l.user_id and coalesce(t.balancing, m.balancing) <> 'none')
              where l.user_id = $1",
            &[user.into()],
        );
    }
}

native!(
    sweep_waiting_wrapper,
    pg_finfo_sweep_waiting_wrapper,
    |fcinfo| answer(fcinfo, Some(sweep_waiting()))
);
