//! The clocks of one ticket, brought up to now: what has happened since they were stored is read from the log of
//! events, the first policy whose conditions hold is applied, and what that comes to is written.

use crate::conditions::stored::Stored;
use crate::config::{Config, config};
use crate::context;
use crate::history::events;
use crate::pg::call::{answer, args};
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use autocrm_core::sla::{Category, Clock, Event, Hours, InForce, Moment, Speaker, Ticket};
use autocrm_core::{POSTGRES_EPOCH, json};
use pgrx::prelude::*;
use serde_json::{Value as Json, json};
use std::fmt::Write;

const DAY: i64 = 86_400_000_000;

// `select autocrm.advance_sla(7)`: whether the ticket's next breach is another one than before.
native!(advance_sla, pg_finfo_advance_sla, |fcinfo| {
    let (ticket,): (i64,) = args(fcinfo);
    answer(fcinfo, Some(advance(ticket)))
});

impl Hours for Config {
    /// A schedule that is gone limits nothing.
    fn business(&self, schedule: i64, from: i64, to: i64) -> i64 {
        self.schedule(schedule)
            .map_or(to - from, |schedule| schedule.business(from, to))
    }

    fn after(&self, schedule: i64, from: i64, micros: i64) -> Option<i64> {
        match self.schedule(schedule) {
            Some(schedule) => schedule.after(from, micros),
            None => from.checked_add(micros),
        }
    }
}

/// A ticket as it is now, and its clocks as they were stored.
struct Found {
    created: i64,
    /// Brought by an import, or given a past otherwise.
    is_import: bool,
    category: Option<Category>,
    priority: String,
    schedule: Option<i64>,
    requester: i64,
    was_answered: bool,
    next_breach: Option<i64>,
    /// The clocks, and the last event that they know of.
    stored: Option<(Ticket, i64)>,
}

/// An event that may move clocks.
struct Told {
    id: i64,
    xid: i64,
    at: i64,
    is_creation: bool,
    /// The status before and after.
    status: Option<(i64, i64)>,
    speaker: Option<Speaker>,
}

/// The caller has locked the ticket, so that all that happened to it is committed, and nobody else counts.
fn advance(id: i64) -> bool {
    let config = config();
    let Some(mut found) = find(&config, id) else {
        return false;
    };
    let policies = config.sla_policies();
    if policies.is_empty() && found.stored.is_none() {
        return false;
    }
    let now = instant(clock::now());
    let (mut ticket, known, is_new) = match found.stored.take() {
        Some((ticket, known)) => (ticket, known, false),
        None => (Ticket::default(), 0, true),
    };
    let since = if is_new { found.created } else { ticket.at() };
    let told = read(id, known, since.saturating_sub(DAY), found.requester);
    if is_new {
        begin(&config, &mut ticket, &found, &told, now);
    }
    for moment in moments(&config, &told) {
        ticket.advance(&moment, &*config);
    }
    // The category of a status was changed, or the ticket's status without an event.
    if ticket.category() != found.category {
        let moment = Moment {
            at: now,
            category: found.category,
            spoke: Vec::new(),
        };
        ticket.advance(&moment, &*config);
    }
    let policy = if policies.is_empty() {
        None
    } else {
        Stored::read(&config, id).and_then(|facts| {
            policies
                .iter()
                .find(|policy| policy.conditions.holds(&facts))
        })
    };
    let in_force = policy.map(|policy| InForce {
        id: policy.id,
        version: policy.version,
        since: policy.since,
        goals: &policy.goals,
        near: policy.near,
        priority: &found.priority,
        schedule: found.schedule,
    });
    ticket.apply(now, in_force, &*config);
    let (clocks, happened) = ticket.take();
    let last = told.last().map_or(known, |told| told.id);
    write(&config, id, &ticket, &clocks, last);
    for (event, clock) in &happened {
        tell(id, *event, clock);
    }
    let next_breach = ticket.next_breach();
    if next_breach != found.next_breach {
        let _clocks = context::count_clocks();
        db::run(
            "update app.tickets set next_breach_at = $2 where id = $1",
            &[id.into(), next_breach.and_then(time).into()],
        );
    }
    next_breach != found.next_breach
}

fn instant(at: TimestampWithTimeZone) -> i64 {
    clock::micros(at).saturating_add(POSTGRES_EPOCH)
}

fn time(at: i64) -> Option<TimestampWithTimeZone> {
    clock::time(at.saturating_sub(POSTGRES_EPOCH))
}

fn find(config: &Config, id: i64) -> Option<Found> {
    let rows = db::rows(
        "select t.created_at, t.status_id, p.key, coalesce(o.schedule_id, m.schedule_id), t.requester_id,
                t.channel = 'import', t.first_reply_at is not null, t.next_breach_at, s.state, s.event_id
           from app.tickets t
           join app.priorities p on p.id = t.priority_id
           left join app.teams m on m.id = t.team_id
           left join app.organizations o on o.id = t.organization_id
           left join app.sla_tickets s on s.ticket_id = t.id
          where t.id = $1 and t.deleted_at is null",
        &[id.into()],
        |row| {
            let state = row.get::<Held>(9)?.zip(row.get::<i64>(10)?);
            Ok(Found {
                created: row.get(1)?.map(instant).unwrap_or_default(),
                category: category(config, row.get(2)?),
                priority: row.get(3)?.unwrap_or_default(),
                schedule: row.get(4)?,
                requester: row.get(5)?.unwrap_or_default(),
                is_import: row.get(6)?.unwrap_or_default(),
                was_answered: row.get(7)?.unwrap_or_default(),
                next_breach: row.get(8)?.map(instant),
                stored: state.map(|(state, event)| match serde_json::from_value(state.0) {
                    Ok(ticket) => (ticket, event),
                    Err(error) => error!("the clocks of ticket {id} cannot be read: {error}"),
                }),
            })
        },
    );
    rows.into_iter().next()
}

fn category(config: &Config, status: Option<i64>) -> Option<Category> {
    Category::parse(&config.status(status?)?.category)
}

/// The events after this one; `since` spares the partitions before.
fn read(id: i64, after: i64, since: i64, requester: i64) -> Vec<Told> {
    db::rows(
        "select e.id, e.xid::text::bigint, e.at, e.name = 'ticket.created',
                (e.data #>> '{changes,status_id,0}')::bigint, (e.data #>> '{changes,status_id,1}')::bigint,
                (select case when m.author_id = $4 or u.role = 'customer' then 'requester' when u.role in ('agent', 'admin') then 'staff' end
                   from app.messages m join app.users u on u.id = m.author_id
                  where e.name = 'message.created' and m.ticket_id = e.ticket_id and m.id = e.message_id and m.kind = 'reply')
           from app.events e
          where e.ticket_id = $1 and e.id > $2 and e.at > $3
            and (e.name in ('ticket.created', 'message.created') or e.name = 'ticket.updated' and e.data -> 'changes' ? 'status_id')
          order by e.id",
        &[
            id.into(),
            after.into(),
            time(since).into(),
            requester.into(),
        ],
        |row| {
            Ok(Told {
                id: row.get(1)?.unwrap_or_default(),
                xid: row.get(2)?.unwrap_or_default(),
                at: row.get(3)?.map(instant).unwrap_or_default(),
                is_creation: row.get(4)?.unwrap_or_default(),
                status: row.get(5)?.zip(row.get(6)?),
                speaker: match row.get::<String>(7)?.as_deref() {
                    Some("requester") => Some(Speaker::Requester),
                    Some("staff") => Some(Speaker::Staff),
                    _ => None,
                },
            })
        },
    )
}

/// A ticket whose clocks are counted for the first time. What an imported one has waited elsewhere does not count.
fn begin(config: &Config, ticket: &mut Ticket, found: &Found, told: &[Told], now: i64) {
    let created = told.iter().find(|told| told.is_creation);
    let is_import = found.is_import
        || created.is_some_and(|created| found.created < created.at.saturating_sub(DAY));
    let first = told.iter().find_map(|told| told.status);
    let moment = Moment {
        at: if is_import {
            created.map_or(now, |created| created.at)
        } else {
            found.created
        },
        category: first
            .and_then(|(before, _)| category(config, Some(before)))
            .or(found.category),
        spoke: Vec::new(),
    };
    ticket.advance(&moment, config);
    if is_import && found.was_answered {
        ticket.was_answered();
    }
}

/// One moment for each transaction.
fn moments(config: &Config, told: &[Told]) -> Vec<Moment> {
    told.chunk_by(|a, b| a.xid == b.xid)
        .map(|together| {
            let mut spoke: Vec<Speaker> = together.iter().filter_map(|told| told.speaker).collect();
            spoke.dedup();
            Moment {
                at: together
                    .iter()
                    .map(|told| told.at)
                    .max()
                    .unwrap_or_default(),
                category: together
                    .iter()
                    .filter_map(|told| told.status)
                    .next_back()
                    .and_then(|(_, after)| category(config, Some(after))),
                spoke,
            }
        })
        .collect()
}

fn written(at: Option<i64>) -> Json {
    at.map_or(Json::Null, |at| {
        let mut text = String::new();
        json::timestamp(&mut text, at.saturating_sub(POSTGRES_EPOCH));
        serde_json::from_str(&text).unwrap_or_default()
    })
}

/// A tstzmultirange.
fn ranges(spans: &[(i64, i64)]) -> String {
    let mut out = String::from("{");
    for (i, (from, to)) in spans.iter().enumerate() {
        let comma = if i > 0 { "," } else { "" };
        let (from, to) = (written(Some(*from)), written(Some(*to)));
        let _ = write!(out, "{comma}[{from},{to})");
    }
    out + "}"
}

fn write(config: &Config, id: i64, ticket: &Ticket, clocks: &[Clock], last: i64) {
    let state = json!(ticket);
    db::run(
        "insert into app.sla_tickets as s (ticket_id, event_id, state, check_at) values ($1, $2, $3::text::jsonb, $4)
         on conflict (ticket_id) do update
            set event_id = excluded.event_id, state = excluded.state, check_at = excluded.check_at
          where (s.event_id, s.state, s.check_at) is distinct from (excluded.event_id, excluded.state, excluded.check_at)",
        &[
            id.into(),
            last.into(),
            state.to_string().into(),
            ticket.check_at().and_then(time).into(),
        ],
    );
    if clocks.is_empty() {
        return;
    }
    let rows: Vec<Json> = clocks.iter().map(|clock| row(config, clock)).collect();
    // A clock without a target is none of the ticket's, unless it had one.
    db::run(
        "insert into app.sla_clocks (ticket_id, metric, instance, policy_id, policy_version, target_seconds, schedule_id, started_at,
                                     ran, running_since, elapsed_seconds, applied_at, near_at, due_at, warned_at, breached_at, fulfilled_at)
         select $1, c.metric, c.instance, c.policy_id, c.policy_version, c.target_seconds, c.schedule_id, c.started_at,
                c.ran::tstzmultirange, c.running_since, c.elapsed_seconds, c.applied_at, c.near_at, c.due_at, c.warned_at, c.breached_at, c.fulfilled_at
           from jsonb_to_recordset($2::text::jsonb) c (
             metric text, instance integer, policy_id bigint, policy_version bigint, target_seconds bigint, schedule_id bigint,
             started_at timestamptz, ran text, running_since timestamptz, elapsed_seconds bigint, applied_at timestamptz,
             near_at timestamptz, due_at timestamptz, warned_at timestamptz, breached_at timestamptz, fulfilled_at timestamptz)
          where c.target_seconds is not null
             or exists (select from app.sla_clocks k where (k.ticket_id, k.metric, k.instance) = ($1, c.metric, c.instance))
         on conflict (ticket_id, metric, instance) do update
            set policy_id = excluded.policy_id, policy_version = excluded.policy_version, target_seconds = excluded.target_seconds,
                schedule_id = excluded.schedule_id, ran = excluded.ran, running_since = excluded.running_since,
                elapsed_seconds = excluded.elapsed_seconds, applied_at = excluded.applied_at, near_at = excluded.near_at,
                due_at = excluded.due_at, warned_at = excluded.warned_at, breached_at = excluded.breached_at,
                fulfilled_at = excluded.fulfilled_at",
        &[id.into(), Json::Array(rows).to_string().into()],
    );
}

fn row(config: &Config, clock: &Clock) -> Json {
    let (ran, since) = clock.spans();
    let target = clock.target.as_ref();
    json!({
        "metric": clock.metric,
        "instance": clock.instance,
        "policy_id": target.map(|target| target.policy),
        "policy_version": target.map(|target| target.version),
        "target_seconds": target.map(|target| target.seconds),
        "schedule_id": target.and_then(|target| target.schedule),
        "started_at": written(Some(clock.started)),
        "ran": ranges(&ran),
        "running_since": written(since),
        "elapsed_seconds": clock.elapsed_seconds(config),
        "applied_at": written(Some(clock.applied)),
        "near_at": written(clock.near),
        "due_at": written(clock.due),
        "warned_at": written(clock.near_told),
        "breached_at": written(clock.breached),
        "fulfilled_at": written(clock.fulfilled),
    })
}

/// An event in the ticket's log, at the moment at which it happened.
fn tell(id: i64, event: Event, clock: &Clock) {
    let Some(at) = time(event.at) else {
        return;
    };
    let target = clock.target.as_ref();
    events::write_at(
        &format!("sla.{}", event.happening.as_str()),
        id,
        at,
        &json!({
            "metric": clock.metric,
            "instance": clock.instance,
            "policy_id": target.map(|target| target.policy),
            "policy_version": target.map(|target| target.version),
            "target_seconds": target.map(|target| target.seconds),
            "schedule_id": target.and_then(|target| target.schedule),
            "started_at": written(Some(clock.started)),
            "due_at": written(clock.due),
        }),
    );
}
