//! Rust values as values of conditions.

use crate::config::Config;
use autocrm_core::conditions::Value;
use pgrx::prelude::TimestampWithTimeZone;
use serde_json::Value as Json;
use std::borrow::Cow;

/// A custom field's value as conditions see it.
pub fn custom_value(value: Option<&Json>) -> Value<'_> {
    match value {
        Some(Json::String(text)) => Value::Text(Cow::Borrowed(text)),
        Some(Json::Number(number)) => number.as_f64().map_or(Value::Absent, Value::Number),
        Some(Json::Bool(flag)) => Value::Bool(*flag),
        Some(Json::Array(items)) => Value::List(
            items
                .iter()
                .filter_map(Json::as_str)
                .map(Cow::Borrowed)
                .collect(),
        ),
        _ => Value::Absent,
    }
}

/// A moment as conditions count it.
pub fn time(at: Option<TimestampWithTimeZone>) -> Value<'static> {
    at.map_or(Value::Absent, |at| Value::Time(at.into_inner()))
}

/// A text as conditions see it.
pub fn told(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Absent, |text| Value::Text(Cow::Borrowed(text)))
}

/// The weight of a priority.
pub fn weight(config: &Config, key: &str) -> Option<f64> {
    config.priority_by_key(key).map(|p| f64::from(p.weight))
}
