//! Routing rules, triggers and automations in use.

use crate::pg::db;
use crate::pg::json::Held;
use autocrm_core::actions::parse_actions;
use autocrm_core::conditions::stored_conditions;
use autocrm_core::rules::Rule;
use pgrx::prelude::*;

/// The rules of a table that are in use, in their order.
macro_rules! rules {
    ($table:literal, $stop:literal) => {
        concat!(
            "select id, name, conditions, actions, ",
            $stop,
            " from app.",
            $table,
            " where enabled order by position, id"
        )
    };
}

pub fn routing_rules() -> Vec<Rule> {
    rules_of(rules!("routing_rules", "stop"))
}

pub fn triggers() -> Vec<Rule> {
    rules_of(rules!("triggers", "false"))
}

pub fn automations() -> Vec<Rule> {
    rules_of(rules!("automations", "false"))
}

fn rules_of(sql: &'static str) -> Vec<Rule> {
    let rows = db::rows(sql, &[], |row| {
        Ok((
            row.get::<i64>(1)?.unwrap_or_default(),
            row.get::<String>(2)?.unwrap_or_default(),
            row.get::<Held>(3)?.map(|j| j.0).unwrap_or_default(),
            row.get::<Held>(4)?.map(|j| j.0).unwrap_or_default(),
            row.get::<bool>(5)?.unwrap_or(true),
        ))
    });
    rows.into_iter()
        .filter_map(|(id, name, conditions, actions, stop)| {
            let (Ok(conditions), Ok(actions)) =
                (stored_conditions(&conditions), parse_actions(&actions))
            else {
                // Rows are checked when written, so this is a rule from before a change of the language.
                warning!("rule {id} '{name}' is left out: it can no longer be read");
                return None;
            };
            Some(Rule {
                id,
                name,
                conditions,
                actions,
                stop,
            })
        })
        .collect()
}
