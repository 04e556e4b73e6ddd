//! Automations: rules that run when a moment has come, and the times at which each ticket is looked at next.

use crate::conditions::stored::Stored;
use crate::config::config;
use crate::pg::call::{answer, args};
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::native;
use crate::rules::triggers::speaking;
use crate::schedules;
use autocrm_core::conditions::{Calendar, Facts};
use autocrm_core::rules::Rule;
use serde_json::Value as Json;

impl Calendar for Stored<'_> {
    fn add_business(&self, schedule: &str, from: i64, micros: i64) -> Option<i64> {
        schedules::add_by_name(schedule, from, micros)
    }

    fn next_turn(&self, schedule: &str) -> Option<i64> {
        schedules::turn_by_name(schedule, self.now())
    }
}

// `select autocrm.plan_automations(7, null, false)`: notes when each automation must look at ticket 7 next. With
// an automation and true, returns its explanation if it is due.
native!(plan_automations, pg_finfo_plan_automations, |fcinfo| {
    let (ticket, only, speak): (i64, Option<i64>, Option<bool>) = args(fcinfo);
    let speak = speak.unwrap_or(false);
    let config = config();
    let rules: Vec<&Rule> = config
        .automations()
        .iter()
        .filter(|rule| only.is_none_or(|only| rule.id == only))
        .collect();
    if let (Some(only), true) = (only, rules.is_empty()) {
        forget(only, ticket);
    }
    let mut said = None;
    if !rules.is_empty()
        && let Some(stored) = Stored::read(&config, ticket)
    {
        for rule in rules {
            said = plan(rule, &stored, speak).or(said);
        }
    }
    answer(fcinfo, said.map(pgrx::JsonB))
});

fn forget(automation: i64, ticket: i64) {
    db::run(
        "delete from app.automation_due where automation_id = $1 and ticket_id = $2",
        &[automation.into(), ticket.into()],
    );
}

fn plan(rule: &Rule, ticket: &Stored<'_>, speak: bool) -> Option<Json> {
    let holds = rule.conditions.holds(ticket);
    let met = holds
        && db::run(
            "select from app.automation_due where automation_id = $1 and ticket_id = $2 and met",
            &[rule.id.into(), ticket.id.into()],
        ) > 0;
    let speaks = holds && !met && speak;
    let next = rule.conditions.next_instant(ticket);
    let due = if holds && !met && !speak {
        Some(clock::now())
    } else {
        next.and_then(clock::time)
    };
    if due.is_none() && !met && !speaks {
        forget(rule.id, ticket.id);
    } else {
        db::run(
            "insert into app.automation_due as d (automation_id, ticket_id, due_at, met) values ($1, $2, $3, $4)
             on conflict (automation_id, ticket_id) do update set due_at = excluded.due_at, met = excluded.met
              where (d.due_at, d.met) is distinct from (excluded.due_at, excluded.met)",
            &[rule.id.into(), ticket.id.into(), due.into(), (met || speaks).into()],
        );
    }
    speaks.then(|| speaking(&config(), rule, ticket))
}
