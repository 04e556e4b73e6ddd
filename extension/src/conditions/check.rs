//! The check of a condition against the fields and schedules of the desk.

use crate::config::config;
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{native, refuse};
use autocrm_core::conditions::{Condition, Field, check_conditions, stored_conditions};
use autocrm_core::problem::Problem;
use serde_json::Value as Json;

pub const HINT: &str = "Correct each part and try again.";

/// A condition checked against the desk's custom fields and schedules.
pub fn check(json: &Json) -> Result<Condition, Vec<Problem>> {
    let config = config();
    let hidden = config.sight.hidden(actor().role.as_deref());
    let condition = check_conditions(json, &|key| {
        config
            .fields
            .iter()
            .find(|field| field.key == key && !hidden.contains(&field.key))
            .map(autocrm_core::fields::Field::shape)
    })?;
    let unknown: Vec<Problem> = condition
        .schedules()
        .into_iter()
        .filter(|name| config.schedule_id(name).is_none())
        .map(|name| Problem::new("conditions", format!("there is no schedule '{name}'")))
        .collect();
    if unknown.is_empty() {
        Ok(condition)
    } else {
        Err(unknown)
    }
}

/// What is wrong with the conditions of a rule's row. `hears_changes`: rules of its kind are evaluated for a change.
pub fn of_rule(json: &Json, hears_changes: bool) -> Vec<Problem> {
    let checked = if db::is_owner() {
        // The desk writes rules when a name changes: the rest of the rule was checked when it was saved.
        stored_conditions(json)
    } else {
        check(json)
    };
    match checked {
        Ok(condition)
            if !hears_changes && (condition.asks_changes() || condition.asks(&Field::Event)) =>
        {
            vec![Problem::new(
                "conditions",
                "asks what happened; only triggers hear of that",
            )]
        }
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    }
}

/// The same; refuses what is wrong.
pub fn checked(json: &Json) -> Condition {
    check(json)
        .unwrap_or_else(|problems| refuse("The condition cannot be used as it is", &problems, HINT))
}

// `select autocrm.check_conditions('{"all": [{"field": "colour"}]}')`
native!(
    check_conditions_wrapper,
    pg_finfo_check_conditions_wrapper,
    |fcinfo| {
        let (json,): (Json,) = args(fcinfo);
        let problems: Vec<String> = check(&json)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect();
        answer(fcinfo, Some(problems))
    }
);
