//! Filters as SQL: values become ids, times or quoted literals; no text of the question is part of the SQL.

use super::desk::Desk;
use super::fields::{did_you_mean, example};
use super::terms::{Filter, Op, problem};
use super::time::time;
use crate::conditions::{Field, Shape, Value, check_conditions};
use crate::problem::Problem;
use serde_json::{Value as Json, json};
use std::fmt::Write;

type Answer = Result<String, Vec<Problem>>;

/// The predicate of a filter at a position of the question.
pub(super) fn predicate(filter: &Filter, at: usize, desk: &dyn Desk) -> Answer {
    let field = filter.field.as_str();
    let compared = filter.op != Op::Is;
    let ordered = matches!(
        field,
        "priority" | "created" | "updated" | "solved" | "replied"
    ) || field.starts_with("custom.");
    if compared && !ordered {
        let message = format!("{field} has no order; write {}", example(field));
        return Err(vec![problem(at, message)]);
    }
    if compared && filter.values.len() > 1 {
        let message = "is one value too many; only one can be compared with";
        return Err(vec![problem(filter.values[1].0, message)]);
    }
    match field {
        "is" => each(filter, |value| is(value, desk)),
        "status" => chosen(filter, &Field::Status, "t.status_id", desk),
        "priority" => chosen(filter, &Field::Priority, "t.priority_id", desk),
        "type" => chosen(filter, &Field::Type, "t.type", desk),
        "channel" => chosen(filter, &Field::Channel, "t.channel", desk),
        "team" => chosen(filter, &Field::Team, "t.team_id", desk),
        "tag" => each(filter, |value| {
            Ok(format!(
                "t.tag_ids && {}",
                array(&desk.tags(&value.to_lowercase()))
            ))
        }),
        "assignee" => each(filter, |value| match value.to_lowercase().as_str() {
            "none" => Ok("t.assignee_id is null".into()),
            _ => Ok(format!(
                "t.assignee_id = any ({})",
                array(&people(value, desk))
            )),
        }),
        "requester" => each(filter, |value| {
            Ok(format!(
                "t.requester_id = any ({})",
                array(&people(value, desk))
            ))
        }),
        "organization" => each(filter, |value| {
            Ok(format!(
                "t.organization_id = any ({})",
                array(&desk.organizations(value))
            ))
        }),
        "language" => by_condition(filter, "language", desk),
        "created" => each(filter, |value| time("t.created_at", filter.op, value)),
        "updated" => each(filter, |value| time("t.updated_at", filter.op, value)),
        "solved" => each(filter, |value| time("t.solved_at", filter.op, value)),
        "replied" => each(filter, |value| time("t.first_reply_at", filter.op, value)),
        custom => by_condition(filter, custom, desk),
    }
}

/// A predicate that is true for any of the values; a problem has the position of its value.
fn each(filter: &Filter, write: impl Fn(&str) -> Result<String, String>) -> Answer {
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    for (at, value) in &filter.values {
        match write(value) {
            Ok(sql) => parts.push(sql),
            Err(message) => problems.push(problem(*at, message)),
        }
    }
    if problems.is_empty() {
        Ok(format!("({})", parts.join(" or ")))
    } else {
        Err(problems)
    }
}

/// What `is:` takes; `done` is another word for solved.
const STATES: [&str; 7] = [
    "unassigned",
    "assigned",
    "mine",
    "active",
    "solved",
    "answered",
    "unanswered",
];

fn is(value: &str, desk: &dyn Desk) -> Result<String, String> {
    let wanted = value.to_lowercase();
    Ok(match wanted.as_str() {
        "unassigned" => "t.assignee_id is null".into(),
        "assigned" => "t.assignee_id is not null".into(),
        "mine" => format!("t.assignee_id = any ({})", array(&people("me", desk))),
        "active" => "t.solved_at is null".into(),
        "solved" | "done" => "t.solved_at is not null".into(),
        "answered" => "t.first_reply_at is not null".into(),
        "unanswered" => "t.first_reply_at is null".into(),
        _ => {
            return Err(format!(
                "'{value}' is nothing a ticket can be; {}choose one of {}",
                did_you_mean(&wanted, STATES),
                STATES.join(", ")
            ));
        }
    })
}

fn people(value: &str, desk: &dyn Desk) -> Vec<i64> {
    if value.eq_ignore_ascii_case("me") {
        desk.me().into_iter().collect()
    } else {
        desk.people(value)
    }
}

/// A field of few values: names become ids, as conditions match them.
fn chosen(filter: &Filter, field: &Field, column: &str, desk: &dyn Desk) -> Answer {
    let choices = desk.choices(field).unwrap_or_default();
    let name = |value: &Value<'_>| match value {
        Value::Text(text) => text.to_lowercase(),
        _ => String::new(),
    };
    let mut fitting: Vec<&str> = Vec::new();
    let mut none = false;
    let mut problems = Vec::new();
    for (at, value) in &filter.values {
        let wanted = value.to_lowercase();
        if wanted == "none" && filter.field == "team" {
            none = true;
            continue;
        }
        if !choices.iter().any(|(_, known)| name(known) == wanted) {
            let mut known: Vec<String> = choices.iter().map(|(_, known)| name(known)).collect();
            known.sort_unstable();
            let hint = did_you_mean(&wanted, known.iter().map(String::as_str));
            known.truncate(30);
            problems.push(problem(
                *at,
                format!(
                    "there is no {} '{value}'; {hint}choose one of {}",
                    filter.field,
                    known.join(", ")
                ),
            ));
            continue;
        }
        let limit = desk.priority_weight(&wanted).unwrap_or_default();
        fitting.extend(choices.iter().filter_map(|(sql, known)| {
            let known = name(known);
            let weight = || desk.priority_weight(&known).unwrap_or_default();
            let fits = match filter.op {
                Op::Is => known == wanted,
                Op::Less => weight() < limit,
                Op::LessOrEqual => weight() <= limit,
                Op::Greater => weight() > limit,
                Op::GreaterOrEqual => weight() >= limit,
            };
            fits.then_some(sql.as_str())
        }));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let listed = if fitting.is_empty() {
        "false".to_owned()
    } else {
        format!("{column} in ({})", fitting.join(", "))
    };
    Ok(if none {
        format!("({listed} or {column} is null)")
    } else {
        listed
    })
}

/// The predicate of a condition, whose operators fit the types of custom fields.
fn by_condition(filter: &Filter, name: &str, desk: &dyn Desk) -> Answer {
    let shape = match name.strip_prefix("custom.") {
        Some(key) => desk.custom(key),
        None => Some(Shape::Choice),
    };
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    for (at, value) in &filter.values {
        let (op, negated) = match (filter.op, shape) {
            (Op::Is, Some(Shape::List)) => ("includes_any", false),
            (Op::Is, Some(Shape::Text)) => ("contains", false),
            (Op::Is, _) => ("is", false),
            (Op::Less, Some(Shape::Time)) => ("before", false),
            (Op::Greater, Some(Shape::Time)) => ("after", false),
            (Op::Less, _) => ("less", false),
            (Op::Greater, _) => ("greater", false),
            (Op::LessOrEqual, _) => ("greater", true),
            (Op::GreaterOrEqual, _) => ("less", true),
        };
        let literal = match (shape, value.as_str()) {
            (Some(Shape::Number), text) => text
                .parse::<f64>()
                .ok()
                .filter(|n| n.is_finite())
                .map_or_else(|| json!(text), |n| json!(n)),
            (Some(Shape::Boolean), "true" | "yes") => json!(true),
            (Some(Shape::Boolean), "false" | "no") => json!(false),
            (Some(Shape::List), text) => json!([text]),
            (_, text) => json!(text),
        };
        match condition(name, op, &literal, desk) {
            // An absent value is neither less nor greater.
            Ok(sql) if negated => {
                let present = condition(name, "present", &Json::Null, desk).unwrap_or_default();
                parts.push(format!("(not ({sql}) and {present})"));
            }
            Ok(sql) => parts.push(sql),
            Err(messages) => problems.extend(messages.into_iter().map(|m| problem(*at, m))),
        }
    }
    if problems.is_empty() {
        Ok(format!("({})", parts.join(" or ")))
    } else {
        Err(problems)
    }
}

fn condition(name: &str, op: &str, value: &Json, desk: &dyn Desk) -> Result<String, Vec<String>> {
    let mut test = json!({"field": name, "op": op});
    if op != "present" {
        test["value"] = value.clone();
    }
    let messages = |problems: Vec<Problem>| problems.into_iter().map(|p| p.message).collect();
    check_conditions(&test, &|key| desk.custom(key))
        .map_err(messages)?
        .to_sql(desk)
        .map_err(messages)
}

fn array(ids: &[i64]) -> String {
    let mut list = String::from("'{");
    for (i, id) in ids.iter().enumerate() {
        let _ = write!(list, "{}{id}", if i > 0 { "," } else { "" });
    }
    list + "}'::bigint[]"
}
