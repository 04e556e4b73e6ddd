//! The check of rules when their rows are written: conditions, actions, and the names in them.

use crate::conditions::check;
use crate::conditions::desk::TYPES;
use crate::config::config;
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::trigger::{self, Trigger, trigger};
use crate::rules::templates::{self, Reader};
use autocrm_core::actions::{Action, parse_actions};
use autocrm_core::fields::{self, Field, validate};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use serde_json::{Map, Value as Json};

trigger!(tg_rules__check, pg_finfo_tg_rules__check, check_rule);

// A name that released versions of the extension declare.
trigger!(
    tg_routing_rules__check,
    pg_finfo_tg_routing_rules__check,
    check_rule
);

/// Refuses a rule that could not be understood. The argument says which kind it is; without one it is a routing rule.
fn check_rule(trigger: &Trigger) -> pg_sys::Datum {
    let kind = trigger.args().into_iter().next();
    let kind = kind.as_deref().unwrap_or("routing rule");
    trigger::check(trigger, |row| {
        let problems = problems(
            kind,
            &row.json("conditions").unwrap_or_default(),
            &row.json("actions").unwrap_or_default(),
        );
        (
            format!("The {kind} '{}'", row.text("name").unwrap_or_default()),
            problems,
        )
    })
}

/// What is wrong with a routing rule, a trigger or an automation.
pub fn problems(kind: &str, conditions: &Json, actions: &Json) -> Vec<Problem> {
    // They would never hold: a ticket that is routed is new, and an automation runs without a change.
    let mut problems = check::of_rule(conditions, kind == "trigger");
    match parse_actions(actions) {
        // The desk writes rules when a name changes: the rest of the rule was checked when it was saved.
        Ok(_) if db::is_owner() => {}
        Ok(actions) => {
            problems.extend(strangers(&actions));
            problems.extend(unfit(&actions));
            for (i, action) in actions.iter().enumerate() {
                if let Action::Message(kind, text) = action {
                    let path = format!("actions[{i}].{kind}");
                    problems.extend(templates::problems(&path, text, Reader::of_rule(kind)));
                }
            }
            let early =
                |action: &Action| kind == "routing rule" && matches!(action, Action::Message(..));
            problems.extend(actions.iter().enumerate().filter(|(_, a)| early(a)).map(|(i, _)| {
                Problem::new(
                    format!("actions[{i}]"),
                    "is for triggers and automations; a ticket that is routed has no messages yet",
                )
            }));
        }
        Err(more) => problems.extend(more),
    }
    problems
}

/// Values that their custom fields cannot have. A field that is hidden from the writer is refused like one that does not
/// exist.
pub fn unfit(actions: &[Action]) -> Vec<Problem> {
    let config = config();
    let hidden = config.sight.hidden(actor().role.as_deref());
    let known: Vec<Field> = config
        .fields
        .iter()
        .filter(|field| !hidden.contains(&field.key))
        .cloned()
        .collect();
    let mut problems = Vec::new();
    for (i, action) in actions.iter().enumerate() {
        if let Action::Custom(key, value) = action {
            let values = Map::from_iter([(key.clone(), value.clone())]);
            let found = validate(&known, &values, None, fields::Moment::Update);
            problems.extend(
                found
                    .into_iter()
                    .map(|p| Problem::new(format!("actions[{i}].value"), p.message)),
            );
        }
    }
    problems
}

/// Names in the actions that do not exist on this desk.
pub fn strangers(actions: &[Action]) -> Vec<Problem> {
    let config = config();
    let mut problems = Vec::new();
    for (i, action) in actions.iter().enumerate() {
        let mut missing = |key: &str, what: &str, name: &str, known: Vec<&str>| {
            problems.push(Problem::new(
                format!("actions[{i}].{key}"),
                format!("there is no {what} '{name}'; one of {}", known.join(", ")),
            ));
        };
        match action {
            Action::Team(name) if !config.teams.contains_key(&name.to_lowercase()) => {
                let mut known: Vec<&str> = config.teams.keys().map(String::as_str).collect();
                known.sort_unstable();
                missing("value", "team", name, known);
            }
            Action::Form(name) if config.form_by_name(name).is_none() => {
                let mut known: Vec<&str> =
                    config.forms().values().map(|f| f.name.as_str()).collect();
                known.sort_unstable();
                missing("value", "form", name, known);
            }
            Action::Status(key) if config.status_by_key(key).is_none() => {
                let known = config.statuses.iter().filter(|s| s.active);
                missing(
                    "value",
                    "status",
                    key,
                    known.map(|s| s.key.as_str()).collect(),
                );
            }
            Action::Priority(key) if config.priority_by_key(key).is_none() => {
                let known = config.priorities.iter().map(|p| p.key.as_str());
                missing("value", "priority", key, known.collect());
            }
            Action::RequireSkill(name, _) | Action::PreferSkill(name, ..)
                if !config.skills.contains_key(&name.to_lowercase()) =>
            {
                let mut known: Vec<&str> = config.skills.keys().map(String::as_str).collect();
                known.sort_unstable();
                let key = match action {
                    Action::RequireSkill(..) => "require_skill",
                    _ => "prefer_skill",
                };
                missing(key, "skill", name, known);
            }
            Action::Balance(_, names) => {
                for name in names
                    .iter()
                    .filter(|name| !config.teams.contains_key(&name.to_lowercase()))
                {
                    let mut known: Vec<&str> = config.teams.keys().map(String::as_str).collect();
                    known.sort_unstable();
                    missing("teams", "team", name, known);
                }
            }
            Action::Type(kind) if !TYPES.contains(&kind.as_str()) => {
                missing("value", "type", kind, TYPES.to_vec());
            }
            _ => {}
        }
    }
    problems
}

// `select autocrm.check_actions('[{"set": "team"}]')`
native!(
    check_actions_wrapper,
    pg_finfo_check_actions_wrapper,
    |fcinfo| {
        let (actions,): (Json,) = args(fcinfo);
        let problems: Vec<String> = parse_actions(&actions)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect();
        answer(fcinfo, Some(problems))
    }
);
