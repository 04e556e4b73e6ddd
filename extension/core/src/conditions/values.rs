//! The value of a test: what an operator takes, read from JSON.

use super::condition::{Check, Literal, When};
use crate::moment::{self, POSTGRES_EPOCH};
use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

/// The check of an operator with its value, and whether it is negated.
pub(super) fn check(op: &str, value: &Json) -> Result<(Check, bool), String> {
    Ok(match op {
        "is" => (Check::In(vec![literal(value)?]), false),
        "is_not" => (Check::In(vec![literal(value)?]), true),
        "in" => (Check::In(literals(value)?), false),
        "not_in" => (Check::In(literals(value)?), true),
        "contains" => (Check::Contains(string(value)?.to_lowercase()), false),
        "not_contains" => (Check::Contains(string(value)?.to_lowercase()), true),
        "contains_word" => {
            let (pattern, list) = words(value)?;
            (Check::Words(pattern, list), false)
        }
        "starts_with" => (Check::StartsWith(string(value)?.to_lowercase()), false),
        "ends_with" => (Check::EndsWith(string(value)?.to_lowercase()), false),
        "matches" => (Check::Matches(regex(string(value)?)?), false),
        "less" => (Check::Less(literal(value)?), false),
        "greater" => (Check::Greater(literal(value)?), false),
        "between" => match literals(value)?.as_slice() {
            [low, high] => (Check::Between(low.clone(), high.clone()), false),
            _ => return Err("must be a list of two values, the lowest and the highest".into()),
        },
        "includes_all" => (Check::IncludesAll(strings(value)?), false),
        "includes_any" => (Check::IncludesAny(strings(value)?), false),
        "includes_none" => (Check::IncludesAny(strings(value)?), true),
        "before" => (Check::Before(when(value)?), false),
        "after" => (Check::After(when(value)?), false),
        "within_last" => (Check::After(When::HoursAgo(hours(value)?)), false),
        "within_schedule" => (Check::Open(string(value)?.to_lowercase()), false),
        "outside_schedule" => (Check::Open(string(value)?.to_lowercase()), true),
        "changed" => (Check::Changed, false),
        "changed_to" => (Check::ChangedTo(one_or_more(value)?), false),
        "changed_from" => (Check::ChangedFrom(one_or_more(value)?), false),
        "present" => (Check::Present, false),
        _ => (Check::Present, true),
    })
}

fn one_or_more(value: &Json) -> Result<Vec<Literal>, String> {
    match value {
        Json::Array(_) => literals(value),
        _ => Ok(vec![literal(value)?]),
    }
}

/// `"2026-01-31T09:00:00Z"`, or `{"hours_ago": 48}`. An unreadable value is a problem, never zero.
fn when(value: &Json) -> Result<When, String> {
    if let Some(ago) = value.get("hours_ago") {
        return hours(ago).map(When::HoursAgo);
    }
    value
        .as_str()
        .and_then(moment::micros_of_instant)
        .map(|at| When::At(at - POSTGRES_EPOCH))
        .ok_or_else(|| {
            "must be a point in time such as 2026-01-31T09:00:00Z, or {\"hours_ago\": 48}".into()
        })
}

fn hours(value: &Json) -> Result<f64, String> {
    value
        .as_f64()
        .filter(|hours| (0.0..=876_000.0).contains(hours))
        .ok_or_else(|| "must be a number of hours from 0 to 876000".into())
}

fn string(value: &Json) -> Result<&str, String> {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| "must be a text that is not empty".into())
}

fn strings(value: &Json) -> Result<Vec<String>, String> {
    let list = value.as_array().filter(|list| !list.is_empty());
    let list = list.ok_or("must be a list of at least one text")?;
    list.iter()
        .map(|item| string(item).map(str::to_lowercase))
        .collect()
}

fn literal(value: &Json) -> Result<Literal, String> {
    match value {
        Json::String(text) => Ok(Literal::Text(text.to_lowercase())),
        Json::Bool(flag) => Ok(Literal::Bool(*flag)),
        Json::Number(number) => number
            .as_f64()
            .map(Literal::Number)
            .ok_or_else(|| "is out of range".into()),
        _ => Err("must be a text, a number, true or false; ask for nothing by 'absent'".into()),
    }
}

fn literals(value: &Json) -> Result<Vec<Literal>, String> {
    let list = value.as_array().filter(|list| !list.is_empty());
    list.ok_or("must be a list of at least one value")?
        .iter()
        .map(literal)
        .collect()
}

/// One word, phrase or a list of them, found only between word boundaries.
fn words(value: &Json) -> Result<(Regex, Vec<String>), String> {
    let list = match value {
        Json::String(_) => vec![string(value)?.to_owned()],
        _ => strings(value)?,
    };
    let alternatives: Vec<String> = list.iter().map(|word| regex::escape(word)).collect();
    let pattern = regex(&format!(r"(?:^|\W)(?:{})(?:\W|$)", alternatives.join("|")))?;
    Ok((pattern, list))
}

fn regex(source: &str) -> Result<Regex, String> {
    RegexBuilder::new(source)
        .case_insensitive(true)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| format!("is no usable regular expression: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_point_in_time_is_one_that_postgres_knows_too() {
        for (at, fits) in [
            ("2026-01-31T09:00:00Z", true),
            ("0001-01-01T00:00:00Z", true),
            ("9999-12-31T23:59:59Z", true),
            ("0000-12-31T23:59:59Z", false),
            ("0001-01-01T00:00:00+01:00", false),
            ("9999-12-31T23:59:59-01:00", false),
            ("tomorrow", false),
            ("-infinity", false),
            ("31.01.2026", false),
        ] {
            assert_eq!(when(&json!(at)).is_ok(), fits, "{at}");
        }
    }
}
