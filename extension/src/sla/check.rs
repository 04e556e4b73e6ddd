//! The check of an SLA policy when its row is written.

use crate::conditions::check;
use crate::config::config;
use crate::pg::db;
use crate::pg::trigger::{self, Trigger, trigger};
use autocrm_core::conditions::{Field, Moment, stored_conditions};
use autocrm_core::problem::Problem;
use autocrm_core::sla::{Goal, parse_goals};
use pgrx::pg_sys;
use serde_json::Value as Json;

trigger!(
    tg_sla_policies__check,
    pg_finfo_tg_sla_policies__check,
    check_policy
);

/// Refuses a policy that could not be used.
fn check_policy(trigger: &Trigger) -> pg_sys::Datum {
    trigger::check(trigger, |row| {
        let conditions = row.json("conditions").unwrap_or_default();
        let mut problems = check::of_rule(&conditions, false);
        if asks_itself(&conditions) {
            problems.push(Problem::new(
                "conditions",
                "asks for the next breach, which the policy itself decides",
            ));
        }
        match parse_goals(&row.json("targets").unwrap_or_default()) {
            // The desk writes policies when a name changes: the rest was checked when they were saved.
            Ok(_) if db::is_owner() => {}
            Ok(goals) => problems.extend(strangers(&goals)),
            Err(more) => problems.extend(more),
        }
        let name = row.text("name").unwrap_or_default();
        (format!("The SLA policy '{name}'"), problems)
    })
}

/// Whether it depends on what it decides: it would be applied and withdrawn at every other change of a ticket.
fn asks_itself(conditions: &Json) -> bool {
    stored_conditions(conditions).is_ok_and(|condition| {
        [Field::NextBreachAt, Field::HoursSince(Moment::NextBreach)]
            .iter()
            .any(|field| condition.asks(field))
    })
}

/// Priorities that this desk does not have.
fn strangers(goals: &[Goal]) -> Vec<Problem> {
    let config = config();
    let known: Vec<&str> = config.priorities.iter().map(|p| p.key.as_str()).collect();
    goals
        .iter()
        .enumerate()
        .filter_map(|(i, goal)| {
            let key = goal.priority.as_ref()?;
            if known.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                return None;
            }
            Some(Problem::new(
                format!("targets[{i}].priority"),
                format!("is not known here; one of {}", known.join(", ")),
            ))
        })
        .collect()
}
