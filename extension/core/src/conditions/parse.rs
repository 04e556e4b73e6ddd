//! Conditions from JSON: parsed once, with every mistake reported by its path.

use super::condition::{Check, Condition, Literal, Test};
use super::field::{Field, Shape};
use super::limits::{DEPTH, excess};
use super::operators::operators_of;
use super::values::check;
use crate::moment;
use crate::problem::Problem;
use serde_json::Value as Json;

/// The shape of a custom field by its key; `None` when there is no such field.
pub type CustomShape<'a> = &'a dyn Fn(&str) -> Option<Shape>;

/// Parses a condition, or reports every problem of it. Custom fields may have any shape.
pub fn parse_conditions(json: &Json) -> Result<Condition, Vec<Problem>> {
    check_conditions(json, &|_| Some(Shape::Any))
}

/// Parses a condition whose operators must fit the types of the desk's custom fields.
pub fn check_conditions(json: &Json, custom: CustomShape<'_>) -> Result<Condition, Vec<Problem>> {
    if let Some(problem) = excess(json) {
        return Err(vec![problem]);
    }
    compile(json, custom)
}

/// Parses a condition that was accepted before, whatever the limits of size were then.
pub fn stored_conditions(json: &Json) -> Result<Condition, Vec<Problem>> {
    compile(json, &|_| Some(Shape::Any))
}

fn compile(json: &Json, custom: CustomShape<'_>) -> Result<Condition, Vec<Problem>> {
    let mut problems = Vec::new();
    let condition = parse(json, "conditions", 0, custom, &mut problems);
    match condition {
        Some(condition) if problems.is_empty() => Ok(condition),
        _ => Err(problems),
    }
}

fn parse(
    json: &Json,
    path: &str,
    depth: usize,
    custom: CustomShape<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Condition> {
    let mut fail = |at: &str, message: String| problems.push(Problem::new(at, message));
    let Some(object) = json.as_object() else {
        fail(path, "must be an object: a group or a test".into());
        return None;
    };
    if depth > DEPTH {
        fail(path, format!("is nested deeper than {DEPTH} groups"));
        return None;
    }
    if object.contains_key("field") {
        return test(json, path, custom, problems).map(Condition::Test);
    }
    let group = ["all", "any", "none"]
        .into_iter()
        .find(|key| object.contains_key(*key));
    let (Some(group), 1) = (group, object.len()) else {
        fail(
            path,
            "must have exactly one of all, any, none, or else a field, op and value".into(),
        );
        return None;
    };
    let Some(list) = object[group].as_array() else {
        fail(
            &format!("{path}.{group}"),
            "must be a list of conditions".into(),
        );
        return None;
    };
    let parts = list
        .iter()
        .enumerate()
        .filter_map(|(i, part)| {
            parse(
                part,
                &format!("{path}.{group}[{i}]"),
                depth + 1,
                custom,
                problems,
            )
        })
        .collect();
    Some(match group {
        "all" => Condition::All(parts),
        "any" => Condition::Any(parts),
        _ => Condition::None(parts),
    })
}

fn test(
    json: &Json,
    path: &str,
    custom: CustomShape<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Test> {
    let Some(field) = json["field"].as_str().and_then(Field::parse) else {
        let message = format!("is not a field; choose one of {}", Field::names());
        problems.push(Problem::new(format!("{path}.field"), message));
        return None;
    };
    let counts_hours = matches!(field, Field::HoursSince(_));
    for key in json.as_object()?.keys() {
        let known =
            matches!(key.as_str(), "field" | "op" | "value") || (key == "schedule" && counts_hours);
        if !known {
            problems.push(Problem::new(
                format!("{path}.{key}"),
                "is not known here; a test has field, op and value, and hours_since a schedule",
            ));
        }
    }
    let shape = match &field {
        Field::Custom(key) => custom(key),
        other => Some(other.shape()),
    };
    let Some(shape) = shape else {
        problems.push(Problem::new(
            format!("{path}.field"),
            format!("there is no custom field '{}'", field.name()),
        ));
        return None;
    };
    let fitting = operators_of(&field, shape);
    let Some(op) = json["op"].as_str().filter(|op| fitting.contains(op)) else {
        let message = format!(
            "does not fit this field; choose one of {}",
            fitting.join(", ")
        );
        problems.push(Problem::new(format!("{path}.op"), message));
        return None;
    };
    let schedule = match json.get("schedule") {
        None => None,
        Some(Json::String(name)) if !name.is_empty() => Some(name.to_lowercase()),
        Some(_) => {
            problems.push(Problem::new(
                format!("{path}.schedule"),
                "must be the name of a schedule",
            ));
            return None;
        }
    };
    match check(op, &json["value"]).and_then(|found| fits(found, shape)) {
        Ok((check, negated)) => Some(Test {
            field,
            source: json.clone(),
            check,
            negated,
            schedule,
        }),
        Err(message) => {
            problems.push(Problem::new(format!("{path}.value"), message));
            None
        }
    }
}

/// A value must fit the field's shape: a number compared with a text would never hold, and nobody would notice.
fn fits(found: (Check, bool), shape: Shape) -> Result<(Check, bool), String> {
    let all = |test: fn(&Literal) -> bool| match &found.0 {
        Check::In(list) | Check::ChangedTo(list) | Check::ChangedFrom(list) => {
            list.iter().all(test)
        }
        Check::Less(one) | Check::Greater(one) => test(one),
        Check::Between(low, high) => test(low) && test(high),
        _ => true,
    };
    let (ok, wanted) = match shape {
        Shape::Number | Shape::Hours => (all(|l| matches!(l, Literal::Number(_))), "a number"),
        Shape::Boolean => (all(|l| matches!(l, Literal::Bool(_))), "true or false"),
        Shape::Text | Shape::Choice | Shape::Ordered => {
            (all(|l| matches!(l, Literal::Text(_))), "a text")
        }
        Shape::Date => (
            all(|l| matches!(l, Literal::Text(text) if moment::date(text).is_some())),
            "a date such as 2026-01-31",
        ),
        // The beginning of a day is a limit, but hardly anything happens at that very instant.
        Shape::Instant => (
            all(|l| matches!(l, Literal::Text(text) if moment::micros(text).is_some())),
            "a point in time with zone such as 2026-01-31T09:00:00Z",
        ),
        _ => (true, ""),
    };
    if ok {
        Ok(found)
    } else {
        Err(format!("must be {wanted} for this field"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_mistake_is_named_by_its_path() {
        let problems = parse_conditions(&json!({"all": [
            {"field": "colour", "op": "is", "value": 1},
            {"any": [{"field": "tags", "op": "is", "value": "vip"}, {"field": "subject", "op": "matches", "value": "("}]},
            {"all": [], "any": []}
        ]}))
        .expect_err("is wrong");
        let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "conditions.all[0].field",
                "conditions.all[1].any[0].op",
                "conditions.all[1].any[1].value",
                "conditions.all[2]"
            ]
        );
    }

    #[test]
    fn operators_and_values_fit_the_type_of_a_custom_field() {
        let shapes = |key: &str| match key {
            "seats" => Some(Shape::Number),
            "vip" => Some(Shape::Boolean),
            _ => None,
        };
        let problems = check_conditions(
            &json!({"all": [
                {"field": "custom.seats", "op": "greater", "value": "12"},
                {"field": "custom.seats", "op": "contains", "value": "1"},
                {"field": "custom.vip", "op": "is", "value": true},
                {"field": "custom.gone", "op": "present"},
                {"field": "subject", "op": "is", "value": "x", "schedule": "y"},
                {"field": "created_at", "op": "before", "value": "soon"}
            ]}),
            &shapes,
        )
        .expect_err("is wrong");
        let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "conditions.all[0].value",
                "conditions.all[1].op",
                "conditions.all[3].field",
                "conditions.all[4].schedule",
                "conditions.all[5].value"
            ]
        );
    }
}
