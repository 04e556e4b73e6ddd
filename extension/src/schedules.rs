//! Business hours: the check of a schedule when its row is written, and the questions asked of one.
//! A timestamptz is microseconds since 2000, by value like a bigint; the core counts from 1970.

use crate::config::config;
use crate::pg::call::{Micros, answer, args};
use crate::pg::db;
use crate::pg::error::{fail, native, refuse};
use crate::pg::trigger::{self, Trigger, trigger};
use autocrm_core::assign::Shift;
use autocrm_core::problem::Problem;
use autocrm_core::schedule::{self, Coverage, Definition, EARLIEST, LATEST, Schedule};
use autocrm_core::{POSTGRES_EPOCH, json};
use pgrx::pg_sys;
use std::fmt::Write;
use std::rc::Rc;

const HOUR: i64 = 3_600_000_000;
const YEAR: i64 = 365 * 24 * HOUR;
/// What `coverage` looks at: a week.
const HOURS: u16 = 168;

trigger!(tg_schedules__check, pg_finfo_tg_schedules__check, check);

/// Refuses a schedule that could not be used.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    trigger::check(trigger, |row| {
        let json = |name| row.json(name).unwrap_or_default();
        let compiled = Schedule::compile(&Definition {
            time_zone: &row.text("time_zone").unwrap_or_default(),
            weekly: &json("weekly"),
            holidays: &json("holidays"),
            exceptions: &json("exceptions"),
        });
        let problems = compiled.err().unwrap_or_default();
        (
            format!("The schedule '{}'", row.text("name").unwrap_or_default()),
            problems,
        )
    })
}

/// The open hours in which `at` (microseconds since 2000) lies, or else the next. A schedule that was removed this
/// moment limits nobody; one that does not open in sight is looked at again in a year.
pub fn shift(schedule: i64, at: i64) -> Shift {
    let Some(schedule) = config().schedule(schedule) else {
        return Shift::default();
    };
    let now = at.saturating_add(POSTGRES_EPOCH);
    let ours = |at: i64| at.saturating_sub(POSTGRES_EPOCH);
    match schedule.next_open(now) {
        None => Shift {
            from: Some(at.saturating_add(YEAR)),
            until: Some(at.saturating_add(YEAR)),
        },
        Some(from) => Shift {
            from: (from > now).then(|| ours(from)),
            until: schedule.closes_at(from).map(ours),
        },
    }
}

/// Whether the schedule of this name (in lower case) is open at a moment in microseconds since 2000.
pub fn is_open_by_name(name: &str, at: i64) -> Option<bool> {
    let config = config();
    let schedule = config.schedule(config.schedule_id(name)?)?;
    Some(schedule.is_open(at.saturating_add(POSTGRES_EPOCH)))
}

/// Business seconds of the schedule of this name between two moments in microseconds since 2000.
pub fn seconds_by_name(name: &str, from: i64, to: i64) -> Option<i64> {
    let config = config();
    let schedule = config.schedule(config.schedule_id(name)?)?;
    Some(schedule.business_seconds(
        from.saturating_add(POSTGRES_EPOCH),
        to.saturating_add(POSTGRES_EPOCH),
    ))
}

/// When so many microseconds of business time have passed since a moment (microseconds since 2000).
pub fn add_by_name(name: &str, from: i64, micros: i64) -> Option<i64> {
    let config = config();
    let schedule = config.schedule(config.schedule_id(name)?)?;
    let at = schedule.add_business(from.saturating_add(POSTGRES_EPOCH), micros / 1_000_000)?;
    Some(at.saturating_sub(POSTGRES_EPOCH))
}

/// When the schedule of this name opens or closes next after a moment.
pub fn turn_by_name(name: &str, at: i64) -> Option<i64> {
    let config = config();
    let schedule = config.schedule(config.schedule_id(name)?)?;
    let now = at.saturating_add(POSTGRES_EPOCH);
    let turn = schedule
        .closes_at(now)
        .or_else(|| schedule.next_open(now))?;
    Some(turn.saturating_sub(POSTGRES_EPOCH))
}

fn schedule(id: i64) -> Rc<Schedule> {
    config().schedule(id).unwrap_or_else(|| {
        fail(
            "TK404",
            &format!("There is no schedule {id}"),
            None,
            Some("See api.schedules for what there is."),
        )
    })
}

/// An argument that is a point in time, as the core counts; the infinities are none.
fn instant(at: &Micros, name: &str) -> i64 {
    let at = at.0.saturating_add(POSTGRES_EPOCH);
    if !(EARLIEST..LATEST).contains(&at) {
        let problem = Problem::new(name, "must lie in the years 1 to 9998");
        refuse(
            "This point in time is out of reach",
            &[problem],
            "Ask about another one.",
        );
    }
    at
}

fn told(fcinfo: pg_sys::FunctionCallInfo, at: Option<i64>) -> pg_sys::Datum {
    answer(fcinfo, at.map(|at| at.saturating_sub(POSTGRES_EPOCH)))
}

// `select autocrm.business_seconds('2026-01-05 00:00Z', '2026-01-06 00:00Z', 1)  -- 28800`
native!(business_seconds, pg_finfo_business_seconds, |fcinfo| {
    let (from, to, id): (Micros, Micros, i64) = args(fcinfo);
    let (from, to) = (instant(&from, "from_at"), instant(&to, "to_at"));
    let schedule = schedule(id);
    answer(fcinfo, Some(schedule.business_seconds(from, to)))
});

// `select autocrm.is_open(1, autocrm.now())`
native!(is_open, pg_finfo_is_open, |fcinfo| {
    let (id, at): (i64, Micros) = args(fcinfo);
    let schedule = schedule(id);
    answer(fcinfo, Some(schedule.is_open(instant(&at, "at"))))
});

// `select autocrm.next_open(1, '2026-01-09 16:00Z')  -- 2026-01-12 08:00Z`
native!(next_open, pg_finfo_next_open, |fcinfo| {
    let (id, at): (i64, Micros) = args(fcinfo);
    let schedule = schedule(id);
    told(fcinfo, schedule.next_open(instant(&at, "at")))
});

// `select autocrm.closes_at(1, '2026-01-09 15:00Z')  -- 2026-01-09 16:00Z, NULL while closed`
native!(closes_at, pg_finfo_closes_at, |fcinfo| {
    let (id, at): (i64, Micros) = args(fcinfo);
    let schedule = schedule(id);
    told(fcinfo, schedule.closes_at(instant(&at, "at")))
});

// `select autocrm.add_business('2026-01-09 15:30Z', 3600, 1)  -- 2026-01-12 08:30Z`
native!(add_business, pg_finfo_add_business, |fcinfo| {
    let (at, seconds, id): (Micros, i64, i64) = args(fcinfo);
    let schedule = schedule(id);
    let due = schedule.add_business(instant(&at, "at"), seconds);
    told(fcinfo, due)
});

// `select autocrm.coverage(1, autocrm.now(), null, 1)`
native!(coverage, pg_finfo_coverage, |fcinfo| {
    let (team, from, skill, level): (i64, Micros, Option<i64>, Option<i32>) = args(fcinfo);
    let from = instant(&from, "from_at").div_euclid(HOUR) * HOUR;
    let found = of_team(team, from, skill, level.unwrap_or(1));
    answer(fcinfo, Some(found))
});

fn of_team(team: i64, from: i64, skill: Option<i64>, level: i32) -> String {
    let own = db::rows_as_caller(
        "select schedule_id from app.teams where id = $1",
        &[team.into()],
        |row| row.get::<i64>(1),
    );
    let Some(own) = own.into_iter().next() else {
        fail(
            "TK404",
            &format!("There is no team {team} that you can see"),
            None,
            None,
        )
    };
    let agents = db::rows_as_caller(
        "select u.schedule_id
           from app.memberships m
           join app.users u on u.id = m.user_id
          where m.team_id = $1 and u.active and u.role in ('agent', 'admin')
            and ($2 is null or exists (
              select from app.agent_skills k where k.user_id = u.id and k.skill_id = $2 and k.level >= $3))",
        &[team.into(), skill.into(), level.into()],
        |row| row.get::<i64>(1),
    );
    let open = own.map(schedule);
    let on_shift: Vec<Option<Rc<Schedule>>> = agents
        .into_iter()
        .map(|agent| agent.map(schedule).or_else(|| open.clone()))
        .collect();
    let on_shift: Vec<Option<&Schedule>> = on_shift.iter().map(Option::as_deref).collect();
    written(
        team,
        from,
        &schedule::coverage(open.as_deref(), &on_shift, from, HOURS),
    )
}

fn written(team: i64, from: i64, coverage: &Coverage) -> String {
    let mut out = String::with_capacity(64 * coverage.hours.len() + 256);
    let time = |out: &mut String, name: &str, at: i64| {
        json::key(out, name, true);
        json::timestamp(out, at.saturating_sub(POSTGRES_EPOCH));
    };
    let _ = write!(out, "{{\"team_id\":{team},");
    time(&mut out, "from", from);
    out.push(',');
    time(&mut out, "to", from + i64::from(HOURS) * HOUR);
    out.push_str(",\"hours\":[");
    for (i, hour) in coverage.hours.iter().enumerate() {
        out.push_str(if i > 0 { ",{" } else { "{" });
        time(&mut out, "from", hour.from);
        let _ = write!(out, ",\"open\":{},\"agents\":{}}}", hour.open, hour.agents);
    }
    out.push_str("],\"uncovered\":[");
    for (i, (start, end)) in coverage.uncovered.iter().enumerate() {
        out.push_str(if i > 0 { ",{" } else { "{" });
        time(&mut out, "from", *start);
        out.push(',');
        time(&mut out, "to", *end);
        out.push('}');
    }
    out.push_str("]}");
    out
}
