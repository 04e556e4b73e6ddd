//! Actions: the changes that a rule, a trigger or a macro makes to a ticket, parsed from JSON.

use crate::assign::Strategy;
use crate::problem::Problem;
use crate::template::LONGEST;
use serde_json::Value as Json;

/// One action. Names are resolved to rows by the caller, when the rule is used.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Team(String),
    Status(String),
    Priority(String),
    Type(String),
    /// By name.
    Form(String),
    Custom(String, Json),
    AddTags(Vec<String>),
    RemoveTags(Vec<String>),
    RequireSkill(String, i32),
    /// Preferred at this level for so many minutes.
    PreferSkill(String, i32, i64),
    /// By e-mail address.
    Assign(String),
    /// With the teams that a ticket may go to when it follows the sun.
    Balance(Strategy, Vec<String>),
    /// A reply or note from this template; not for a ticket that is only being made.
    Message(&'static str, String),
}

/// Actions of one rule, and tags or teams of one action.
const MOST: usize = 100;
/// Characters of a name, a key or an e-mail address.
const NAME: usize = 320;
/// Characters of a tag.
const TAG: usize = 80;

/// Parses a list of actions, or reports every problem of it.
pub fn parse_actions(json: &Json) -> Result<Vec<Action>, Vec<Problem>> {
    let Some(list) = json.as_array() else {
        return Err(vec![Problem::new("actions", "must be a list of actions")]);
    };
    if list.len() > MOST {
        let message = format!("has more than {MOST} actions");
        return Err(vec![Problem::new("actions", message)]);
    }
    let mut problems = Vec::new();
    let mut actions = Vec::with_capacity(list.len());
    for (i, item) in list.iter().enumerate() {
        match parse(item) {
            Ok(action) => actions.push(action),
            Err((key, message)) => {
                problems.push(Problem::new(format!("actions[{i}]{key}"), message));
            }
        }
    }
    if problems.is_empty() {
        Ok(actions)
    } else {
        Err(problems)
    }
}

type Refusal = (&'static str, String);

fn parse(item: &Json) -> Result<Action, Refusal> {
    if let Some(field) = item.get("set") {
        return set(field.as_str().unwrap_or_default(), &item["value"]);
    }
    if let Some(tags) = item.get("add_tags") {
        return list(tags)
            .map(Action::AddTags)
            .ok_or_else(|| (".add_tags", LIST.to_owned()));
    }
    if let Some(tags) = item.get("remove_tags") {
        return list(tags)
            .map(Action::RemoveTags)
            .ok_or_else(|| (".remove_tags", LIST.to_owned()));
    }
    if let Some(skill) = item.get("require_skill") {
        let name = text(skill, NAME, "must be the name of a skill")
            .map_err(|message| (".require_skill", message))?;
        return level(item).map(|level| Action::RequireSkill(name, level));
    }
    if let Some(skill) = item.get("prefer_skill") {
        let name = text(skill, NAME, "must be the name of a skill")
            .map_err(|message| (".prefer_skill", message))?;
        let minutes = item.get("for_minutes").map_or(Some(0), Json::as_i64);
        let minutes = minutes
            .filter(|n| (0..=MONTH).contains(n))
            .ok_or_else(|| (".for_minutes", format!("must be minutes from 0 to {MONTH}")))?;
        return level(item).map(|level| Action::PreferSkill(name, level, minutes));
    }
    if let Some(email) = item.get("assign") {
        return text(email, NAME, "must be an agent's e-mail address")
            .map(Action::Assign)
            .map_err(|message| (".assign", message));
    }
    for kind in ["reply", "note"] {
        if let Some(template) = item.get(kind) {
            let path = if kind == "reply" { ".reply" } else { ".note" };
            return text(template, LONGEST, TEXT)
                .map(|template| Action::Message(kind, template))
                .map_err(|message| (path, message));
        }
    }
    let Some(balance) = item.get("balance") else {
        return Err((
            "",
            "is not an action; write one of set, add_tags, remove_tags, require_skill, prefer_skill, assign, balance, reply, note".to_owned(),
        ));
    };
    let strategy = balance
        .as_str()
        .and_then(Strategy::parse)
        .ok_or_else(|| (".balance", format!("must be one of {}", Strategy::NAMES)))?;
    let teams: Option<Vec<String>> = match item.get("teams") {
        None => Some(Vec::new()),
        Some(teams) => teams
            .as_array()
            .filter(|teams| teams.len() <= MOST)
            .and_then(|teams| {
                teams
                    .iter()
                    .map(|team| text(team, NAME, TEXT).ok())
                    .collect()
            }),
    };
    let sun = strategy == Strategy::FollowTheSun;
    teams
        .filter(|teams| teams.is_empty() != sun)
        .map(|teams| Action::Balance(strategy, teams))
        .ok_or_else(|| {
            let message = if sun {
                format!("must be a list of the teams that the sun goes round, at most {MOST}")
            } else {
                "is for follow_the_sun alone".to_owned()
            };
            (".teams", message)
        })
}

/// Minutes of 31 days.
const MONTH: i64 = 44_640;

fn level(item: &Json) -> Result<i32, Refusal> {
    item.get("level")
        .map_or(Some(1), Json::as_i64)
        .and_then(|n| i32::try_from(n).ok())
        .filter(|n| (1..=5).contains(n))
        .ok_or_else(|| (".level", "must be a level from 1 to 5".to_owned()))
}

const TEXT: &str = "must be a text that is not empty";
const LIST: &str =
    "must be a list of 1 to 100 tags without blanks or commas, each of at most 80 characters";

fn set(field: &str, value: &Json) -> Result<Action, Refusal> {
    if let Some(key) = field
        .strip_prefix("custom.")
        .filter(|_| field.len() <= NAME)
    {
        return Ok(Action::Custom(key.to_owned(), value.clone()));
    }
    let name = || text(value, NAME, TEXT).map_err(|message| (".value", message));
    match field {
        "team" => name().map(Action::Team),
        "status" => name().map(Action::Status),
        "priority" => name().map(Action::Priority),
        "type" => name().map(Action::Type),
        "form" => name().map(Action::Form),
        _ => Err((
            ".set",
            "must be one of team, status, priority, type, form, custom.<key>".to_owned(),
        )),
    }
}

/// A text of at most so many characters; `what` is said of anything else, or of an empty one.
fn text(value: &Json, most: usize, what: &str) -> Result<String, String> {
    match value.as_str() {
        None | Some("") => Err(what.to_owned()),
        Some(text) if text.chars().nth(most).is_some() => {
            Err(format!("must have at most {most} characters"))
        }
        Some(text) => Ok(text.to_owned()),
    }
}

fn list(value: &Json) -> Option<Vec<String>> {
    let items = value
        .as_array()
        .filter(|items| !items.is_empty() && items.len() <= MOST)?;
    items
        .iter()
        .map(|item| {
            text(item, TAG, LIST)
                .ok()
                .filter(|tag| !tag.contains([' ', ',', '\n', '\t']))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn actions_are_read_in_order() {
        let actions = parse_actions(&json!([
            {"set": "team", "value": "Billing"}, {"set": "form", "value": "Repair"}, {"add_tags": ["vip"]}, {"require_skill": "german", "level": 3}
        ]));
        assert_eq!(
            actions.as_deref(),
            Ok(&[
                Action::Team("Billing".into()),
                Action::Form("Repair".into()),
                Action::AddTags(vec!["vip".into()]),
                Action::RequireSkill("german".into(), 3)
            ][..])
        );
    }

    #[test]
    fn wrong_ones_are_named_all_at_once() {
        let problems = parse_actions(&json!([{"set": "colour"}, {"add_tags": ["a b"]}, {"require_skill": "x", "level": 9}, {}]))
            .expect_err("is wrong");
        let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "actions[0].set",
                "actions[1].add_tags",
                "actions[2].level",
                "actions[3]"
            ]
        );
    }

    #[test]
    fn every_text_and_list_of_an_action_has_a_limit() {
        let long = |most: usize| "x".repeat(most + 1);
        let problems = parse_actions(&json!([
            {"set": "team", "value": long(NAME)}, {"set": format!("custom.{}", long(NAME)), "value": 1},
            {"require_skill": long(NAME)}, {"prefer_skill": long(NAME)}, {"assign": long(NAME)}, {"reply": long(LONGEST)},
            {"add_tags": [long(TAG)]}, {"remove_tags": vec!["x"; MOST + 1]},
            {"balance": "follow_the_sun", "teams": vec!["x"; MOST + 1]}, {"balance": "follow_the_sun", "teams": [long(NAME)]}
        ]))
        .expect_err("is too long");
        let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "actions[0].value",
                "actions[1].set",
                "actions[2].require_skill",
                "actions[3].prefer_skill",
                "actions[4].assign",
                "actions[5].reply",
                "actions[6].add_tags",
                "actions[7].remove_tags",
                "actions[8].teams",
                "actions[9].teams"
            ]
        );
        assert!(
            parse_actions(&json!([{"add_tags": ["ü".repeat(TAG)]}, {"note": "ü".repeat(LONGEST)}]))
                .is_ok(),
            "characters are counted, not bytes"
        );
    }

    #[test]
    fn ways_of_balancing_bring_what_they_need_and_nothing_else() {
        let actions = parse_actions(&json!([
            {"balance": "round_robin"},
            {"balance": "follow_the_sun", "teams": ["Berlin", "Austin"]},
            {"prefer_skill": "german", "level": 2, "for_minutes": 15}
        ]));
        assert_eq!(
            actions.as_deref(),
            Ok(&[
                Action::Balance(Strategy::RoundRobin, vec![]),
                Action::Balance(
                    Strategy::FollowTheSun,
                    vec!["Berlin".into(), "Austin".into()]
                ),
                Action::PreferSkill("german".into(), 2, 15)
            ][..])
        );
        let problems = parse_actions(&json!([
            {"balance": "by mood"}, {"balance": "follow_the_sun"}, {"balance": "none", "teams": ["Berlin"]},
            {"prefer_skill": "german", "for_minutes": -1}
        ]))
        .expect_err("is wrong");
        let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "actions[0].balance",
                "actions[1].teams",
                "actions[2].teams",
                "actions[3].for_minutes"
            ]
        );
    }
}
