//! The queue of tickets without an assignee. When capacity comes free (a ticket solved or taken away, capacity raised,
//! an agent back, in a team or with a skill), the next fitting tickets are assigned in the same transaction, by
//! priority, time due and age. `sweep` finds the rest.

use crate::assign::books;
use crate::assign::choose::choose;
use crate::assign::ledger;
use crate::assign::need::{Need, need};
use crate::config::{Config, config};
use crate::context::{self, Act};
use crate::pg::clock;
use crate::pg::db;
use crate::pg::json::Held;
use crate::pg::row::Row;
use autocrm_core::assign::wanted;
use pgrx::datum::DatumWithOid;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};

/// How many of a kind one round of the sweep looks at.
pub const ROUND: i64 = 200;

/// The columns that decide whether and for whom a ticket waits.
const MATTERS: [&str; 7] = [
    "team_id",
    "priority_id",
    "load",
    "required_skills",
    "preferred_skills",
    "balancing",
    "sun_team_ids",
];

/// Keeps the queue after a ticket was written, and looks for somebody for one that a change made wait.
pub fn settle(id: i64, old: Option<&Row>, new: &Row) {
    let config = config();
    let waited = old.is_some_and(|old| need(&config, old).is_some());
    let Some(mut need) = need(&config, new) else {
        if waited {
            leave(id);
        }
        return;
    };
    if let Some(old) = old {
        if waited && MATTERS.iter().all(|column| new.same_column(old, column)) {
            return;
        }
        // A person took it away from this agent: the queue does not assign it to them again.
        let taken = old
            .get::<i64>("assignee_id")
            .filter(|_| context::act().is_none());
        need.not_user = leave(id).or(taken);
    }
    enter(&config, id, new, &need);
    // Routing has already looked for an agent for a new ticket, before it was written.
    if old.is_some() {
        ledger::seek(id, need);
    }
}

fn leave(id: i64) -> Option<i64> {
    db::rows(
        "delete from app.waiting where ticket_id = $1 returning not_user_id",
        &[id.into()],
        |row| row.get::<i64>(1),
    )
    .into_iter()
    .flatten()
    .next()
}

fn enter(config: &Config, id: i64, row: &Row, need: &Need) {
    let weight = row
        .get::<i64>("priority_id")
        .and_then(|id| config.priorities.iter().find(|p| p.id == id))
        .map_or(0, |p| p.weight);
    db::run(
        "insert into app.waiting (ticket_id, team_id, weight, created_at, load, wanted, relax_at, not_user_id)
         select $1, t.id, $3, $4, $5, $6, $7, $8 from app.teams t where t.id = any ($2)",
        &[
            id.into(),
            need.teams.clone().into(),
            weight.into(),
            row.get::<TimestampWithTimeZone>("created_at").into(),
            need.load.into(),
            need.wanted.now.clone().into(),
            need.wanted.relax_at.and_then(clock::time).into(),
            need.not_user.into(),
        ],
    );
}

/// Looks for an agent for a ticket that this transaction has locked.
pub fn place(id: i64, need: &Need) {
    if let Some(chosen) = choose(need) {
        give(id, &chosen.seat, chosen.team, "looked for");
    }
}

/// Assigns a waiting ticket; its triggers count it and write its history. The row of app.waiting is read again, now
/// that the ticket is locked: the ticket may have been solved or changed before.
fn give(id: i64, seat: &books::Seat, team: i64, why: &str) -> bool {
    let user = seat.user_id;
    let skills = seat.place(team).map(|place| place.skills.clone());
    let given = context::acting(Act::Give(team), || {
        is_true(
            "select app._give_ticket($1, $2, $3, $4, $5)",
            &[
                id.into(),
                user.into(),
                team.into(),
                seat.room().into(),
                skills.unwrap_or_default().into(),
            ],
        )
    });
    if given {
        explain(
            id,
            &json!({"offered": why, "assignee_id": user, "team_id": team, "rules": [], "rules_tried": 0}),
        );
    }
    given
}

fn is_true(query: &'static str, args: &[DatumWithOid]) -> bool {
    db::rows(query, args, |row| row.get::<bool>(1)).contains(&Some(true))
}

fn explain(id: i64, explanation: &Value) {
    db::run(
        "insert into app.routing_decisions (ticket_id, at, explanation) values ($1, $2, $3::jsonb)",
        &[
            id.into(),
            clock::now().into(),
            explanation.to_string().into(),
        ],
    );
}

/// Assigns waiting tickets to an agent whose lock is held, until they have no room or nothing fits.
pub fn offer(user: i64) -> usize {
    let mut given = 0;
    for _ in 0..ROUND {
        let Some(seat) = books::read(user) else {
            break;
        };
        let Some((ticket, team)) = next_for(&seat) else {
            break;
        };
        given += usize::from(give(ticket, &seat, team, "had room"));
    }
    given
}

/// The next ticket for this agent, now locked; tickets that another transaction has locked are skipped.
fn next_for(seat: &books::Seat) -> Option<(i64, i64)> {
    let (room, now) = (seat.room(), clock::micros_now());
    let mut teams: Vec<i64> = seat
        .places
        .iter()
        .filter(|place| room > 0 && place.is_due(now))
        .map(|place| place.team_id)
        .collect();
    let skills = seat.places.first()?.skills.clone();
    if teams.len() > 1 {
        // The first ticket of each team, without locks: those that are not chosen must not be skipped by others.
        teams = db::rows(
            "select w.team_id
               from unnest($1) t (id)
              cross join lateral (
                select w.team_id, w.weight, w.due_at, w.created_at, w.ticket_id
                  from app.waiting w
                 where w.team_id = t.id and w.load <= $2 and w.wanted <@ $3 and w.not_user_id is distinct from $4
                 order by w.weight desc, w.due_at, w.created_at, w.ticket_id
                 limit 1) w
              order by w.weight desc, w.due_at, w.created_at, w.ticket_id",
            &[
                teams.into(),
                room.into(),
                skills.clone().into(),
                seat.user_id.into(),
            ],
            |row| Ok(row.get::<i64>(1)?.unwrap_or_default()),
        );
    }
    teams.into_iter().find_map(|team| {
        let ticket = db::first_by_index(
            "select t.id
               from app.waiting w
               join app.tickets t on t.id = w.ticket_id
              where w.team_id = $1 and w.load <= $2 and w.wanted <@ $3 and w.not_user_id is distinct from $4
                and t.assignee_id is null and not app._is_set_aside('waiting', w.ticket_id)
                -- A statement that solves or moves many changes the queue for each in turn.
                and (t.team_id = w.team_id or w.team_id = any (t.sun_team_ids))
                and exists (select from app.statuses s where s.id = t.status_id and s.category not in ('solved', 'closed') and t.deleted_at is null)
              order by w.weight desc, w.due_at, w.created_at, w.ticket_id
              limit 1
                for no key update of t skip locked",
            &[
                team.into(),
                room.into(),
                skills.clone().into(),
                seat.user_id.into(),
            ],
        );
        Some((ticket?, team))
    })
}

/// A ticket of somebody who is away goes back when its requester writes.
pub fn replied(ticket: i64, author: i64) {
    let resting = db::rows(
        "select t.assignee_id
           from app.tickets t
           join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed') and t.deleted_at is null
           join app.agent_loads l on l.user_id = t.assignee_id and l.away_at is not null
           join app.teams m on m.id = t.team_id
          where t.id = $1 and t.requester_id = $2 and coalesce(t.balancing, m.balancing) <> 'none'",
        &[ticket.into(), author.into()],
        |row| row.get::<i64>(1),
    );
    if let Some(user) = resting.into_iter().flatten().next() {
        take_back(ticket, user, TakenBack::RequesterWrote);
    }
}

/// Why a ticket goes back to the queue.
#[derive(Debug, Clone, Copy)]
pub enum TakenBack {
    RequesterWrote,
    AwayTooLong,
}

impl TakenBack {
    /// The reason as a word for programs, and in English.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::RequesterWrote => (
                "requester_wrote",
                "the requester wrote while they were away",
            ),
            Self::AwayTooLong => ("away_too_long", "they have been away for too long"),
        }
    }
}

pub fn take_back(ticket: i64, user: i64, why: TakenBack) {
    let (reason, text) = why.told();
    let explanation = json!({
        "taken_back": text, "taken_back_reason": reason, "from_user_id": user, "assignee_id": null,
        "rules": [], "rules_tried": 0,
    });
    context::acting(Act::TakeBack, || {
        db::run(
            "select app._take_ticket_back($1, $2, $3::jsonb)",
            &[ticket.into(), user.into(), explanation.to_string().into()],
        )
    });
}

/// Locks the tickets that begin to wait or wait no longer, in a team or in all, in the order of their ids; before any
/// agent's books are locked. Rows of app.waiting are written under the lock of their ticket only.
pub fn lock_changed(team: Option<i64>) {
    db::run(
        "select t.id from app.tickets t
          where t.id in (
            select w.ticket_id
              from app.waiting w
              join app.tickets o on o.id = w.ticket_id and ($1 is null or o.team_id = $1)
              join app.teams m on m.id = o.team_id
              join app.statuses s on s.id = o.status_id
             where o.assignee_id is not null or coalesce(o.balancing, m.balancing) = 'none'
                or s.category in ('solved', 'closed') or o.deleted_at is not null
            union all
            select o.id
              from app.tickets o
              join app.teams m on m.id = o.team_id
              join app.statuses s on s.id = o.status_id and s.category not in ('solved', 'closed') and o.deleted_at is null
             where o.assignee_id is null and ($1 is null or o.team_id = $1)
               and coalesce(o.balancing, m.balancing) <> 'none'
               and not exists (select from app.waiting w where w.ticket_id = o.id))
          order by t.id
            for no key update of t",
        &[team.into()],
    );
}

/// Rebuilds the queue of a team, or of all teams, from the tickets. It waits for none of them: `lock_changed` has locked
/// them; what somebody else has locked since is left to the regular check.
pub fn rebuild(team: Option<i64>) {
    let config = config();
    db::run(
        "delete from app.waiting w
          where w.ticket_id in (
            select t.id
              from app.tickets t
              join app.teams m on m.id = t.team_id
             where ($1 is null or t.team_id = $1) and exists (select from app.waiting o where o.ticket_id = t.id)
               and (t.assignee_id is not null or coalesce(t.balancing, m.balancing) = 'none'
                    or exists (select from app.statuses s where s.id = t.status_id and (s.category in ('solved', 'closed') or t.deleted_at is not null)))
               for no key update of t skip locked)",
        &[team.into()],
    );
    let tickets = db::rows(
        "select t.id, coalesce(t.balancing, m.balancing), coalesce(t.sun_team_ids, array[t.team_id]), t.load,
                t.required_skills, t.preferred_skills, t.created_at, coalesce(p.weight, 0)
           from app.tickets t
           join app.teams m on m.id = t.team_id
           join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed') and t.deleted_at is null
           left join app.priorities p on p.id = t.priority_id
          where t.assignee_id is null and ($1 is null or t.team_id = $1)
            and coalesce(t.balancing, m.balancing) <> 'none'
            and not exists (select from app.waiting w where w.ticket_id = t.id)
          order by t.id
            for no key update of t skip locked",
        &[team.into()],
        |row| {
            let object = |json: Option<Held>| -> Map<String, Value> {
                json.and_then(|j| j.0.as_object().cloned()).unwrap_or_default()
            };
            let created = row
                .get::<TimestampWithTimeZone>(7)?
                .unwrap_or_else(clock::now);
            let wanted = wanted(
                &object(row.get(5)?),
                &object(row.get(6)?),
                clock::micros(created),
                clock::micros_now(),
            );
            Ok((
                row.get::<i64>(1)?.unwrap_or_default(),
                row.get::<Vec<i64>>(3)?.unwrap_or_default(),
                row.get::<i32>(4)?.unwrap_or(100),
                wanted,
                created,
                row.get::<i32>(8)?.unwrap_or_default(),
            ))
        },
    );
    drop(config);
    for (id, teams, load, wanted, created, weight) in tickets {
        db::run(
            "insert into app.waiting (ticket_id, team_id, weight, created_at, load, wanted, relax_at)
             select $1, t.id, $3, $4, $5, $6, $7 from app.teams t where t.id = any ($2)
             on conflict do nothing",
            &[
                id.into(),
                teams.into(),
                weight.into(),
                created.into(),
                load.into(),
                wanted.now.into(),
                wanted.relax_at.and_then(clock::time).into(),
            ],
        );
    }
}
