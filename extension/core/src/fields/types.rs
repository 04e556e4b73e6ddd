//! The types of custom fields: their settings, the values that fit them, and the one form of a value.

use crate::conditions::Shape;
use crate::moment;
use crate::problem::Problem;
use regex::Regex;
use serde_json::Value;

/// Characters of a multiline text whose field sets no limit.
const MAX_LENGTH: usize = 10_000;

/// Characters of the words in which a desk says what a value must be.
pub(super) const MAX_WORDING: usize = 200;

/// A type with its settings.
#[derive(Debug, Clone)]
pub(super) enum FieldType {
    Text { max_length: usize },
    Integer { min: Option<i64>, max: Option<i64> },
    Decimal { min: Option<f64>, max: Option<f64> },
    Boolean,
    Date,
    DateTime,
    Dropdown { options: Vec<String> },
    MultiSelect { options: Vec<String> },
    Pattern { pattern: Regex, message: String },
    Url,
    Email,
    Relation { target: String },
}

impl FieldType {
    /// The type of this name with its settings, or the problems of these.
    pub(super) fn parse(name: &str, config: &Value, problems: &mut Vec<Problem>) -> Option<Self> {
        if !config.is_object() {
            problems.push(Problem::new("config", "must be an object"));
            return None;
        }
        Some(match name {
            "text" | "multiline" => Self::Text {
                max_length: config["max_length"]
                    .as_u64()
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or(if name == "text" { 500 } else { MAX_LENGTH }),
            },
            "integer" => Self::Integer {
                min: config["min"].as_i64(),
                max: config["max"].as_i64(),
            },
            "decimal" => Self::Decimal {
                min: config["min"].as_f64(),
                max: config["max"].as_f64(),
            },
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "dropdown" => Self::Dropdown {
                options: options(config, problems)?,
            },
            "multiselect" => Self::MultiSelect {
                options: options(config, problems)?,
            },
            "regex" => {
                let Some(source) = config["pattern"].as_str() else {
                    problems.push(Problem::new(
                        "config.pattern",
                        "is missing; give a regular expression",
                    ));
                    return None;
                };
                let message = wording(&config["message"], problems)
                    .unwrap_or_else(|| format!("must match the pattern {source}"));
                // Anchored: a pattern describes the whole value, as in HTML forms.
                match Regex::new(&format!("^(?:{source})$")) {
                    Ok(pattern) => Self::Pattern { pattern, message },
                    Err(error) => {
                        problems.push(Problem::new(
                            "config.pattern",
                            format!("is no regular expression: {error}"),
                        ));
                        return None;
                    }
                }
            }
            "url" => Self::Url,
            "email" => Self::Email,
            "relation" => {
                let target = config["target"].as_str().unwrap_or_default();
                if !matches!(target, "user" | "organization" | "ticket")
                    && object_type(target).is_none()
                {
                    problems.push(Problem::new(
                        "config.target",
                        "must be user, organization, ticket or object:<key of an object type>",
                    ));
                }
                Self::Relation {
                    target: target.to_owned(),
                }
            }
            other => {
                problems.push(Problem::new(
                    "type",
                    format!("'{other}' is not a field type"),
                ));
                return None;
            }
        })
    }

    /// The shape that conditions see.
    pub(super) fn shape(&self) -> Shape {
        match self {
            Self::Integer { .. } | Self::Decimal { .. } => Shape::Number,
            Self::Boolean => Shape::Boolean,
            Self::Dropdown { .. } => Shape::Choice,
            Self::MultiSelect { .. } => Shape::List,
            // The row a relation points to is written as its id or as its name.
            Self::Relation { .. } => Shape::Any,
            Self::Date => Shape::Date,
            Self::DateTime => Shape::Instant,
            Self::Text { .. } | Self::Pattern { .. } | Self::Url | Self::Email => Shape::Text,
        }
    }

    /// The one form of a value that people write in several: dates, and points in time in UTC. `None` when it is
    /// in that form already, or has none.
    pub(super) fn normal(&self, value: &Value) -> Option<Value> {
        let text = value.as_str()?;
        let normal = match self {
            Self::Date => moment::date(text)?,
            Self::DateTime => moment::instant(text)?,
            _ => return None,
        };
        (normal != text).then_some(Value::String(normal))
    }

    /// Whether a value fits, or else why not.
    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        match self {
            Self::Text { max_length } => {
                let text = text(value)?;
                let length = text.chars().count();
                if length > *max_length {
                    return Err(format!(
                        "is {length} characters long, {max_length} are allowed"
                    ));
                }
                Ok(())
            }
            Self::Integer { min, max } => {
                let number = value.as_i64().ok_or("must be a whole number")?;
                within(number, *min, *max)
            }
            Self::Decimal { min, max } => {
                let number = value.as_f64().ok_or("must be a number")?;
                within(number, *min, *max)
            }
            Self::Boolean => value
                .as_bool()
                .map(drop)
                .ok_or_else(|| "must be true or false".into()),
            Self::Date => moment::date(text(value)?)
                .map(drop)
                .ok_or_else(|| "must be a date such as 2026-11-21".into()),
            Self::DateTime => moment::instant(text(value)?)
                .map(drop)
                .ok_or_else(|| "must be a time with zone such as 2026-11-21T09:30:00Z".into()),
            Self::Dropdown { options } => one_of(text(value)?, options),
            Self::MultiSelect { options } => {
                let list = value.as_array().ok_or("must be a list of options")?;
                list.iter()
                    .try_for_each(|item| one_of(text(item)?, options))
            }
            Self::Pattern { pattern, message } => {
                if pattern.is_match(text(value)?) {
                    Ok(())
                } else {
                    Err(message.clone())
                }
            }
            Self::Url => url::Url::parse(text(value)?)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
                .map(drop)
                .ok_or_else(|| "must be a web address such as https://example.com/page".into()),
            Self::Email => {
                let text = text(value)?;
                let ok = text.split_once('@').is_some_and(|(name, host)| {
                    !name.is_empty() && !host.is_empty() && !host.contains('@')
                }) && !text.contains(char::is_whitespace);
                ok.then_some(())
                    .ok_or_else(|| "must be an e-mail address such as ada@example.com".into())
            }
            Self::Relation { .. } => value
                .as_i64()
                .filter(|id| *id > 0)
                .map(drop)
                .ok_or_else(|| "must be the id of a record, a whole number above 0".into()),
        }
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "must be text".into())
}

fn one_of(value: &str, options: &[String]) -> Result<(), String> {
    if options.iter().any(|option| option == value) {
        Ok(())
    } else {
        Err(format!(
            "'{value}' is not an option; choose one of {}",
            options.join(", ")
        ))
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    value: T,
    min: Option<T>,
    max: Option<T>,
) -> Result<(), String> {
    match (min, max) {
        (Some(min), _) if value < min => Err(format!("{value} is below the minimum of {min}")),
        (_, Some(max)) if value > max => Err(format!("{value} is above the maximum of {max}")),
        _ => Ok(()),
    }
}

/// How the desk itself says what a value must be, for people who cannot read a pattern. It is read after the field's
/// name: "must be the five digits on the invoice".
fn wording(message: &Value, problems: &mut Vec<Problem>) -> Option<String> {
    let text = message.as_str().map(str::trim);
    if !message.is_null()
        && text.is_none_or(|text| text.is_empty() || text.chars().count() > MAX_WORDING)
    {
        problems.push(Problem::new(
            "config.message",
            format!("must be text of 1 to {MAX_WORDING} characters"),
        ));
    }
    text.map(str::to_owned)
}

/// The key of the object type in a relation's target.
pub fn object_type(target: &str) -> Option<&str> {
    target.strip_prefix("object:").filter(|key| !key.is_empty())
}

/// Options are `{"value": …, "label": …}` or plain text.
fn options(config: &Value, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let options: Option<Vec<String>> = config["options"].as_array().and_then(|list| {
        list.iter()
            .map(|o| {
                o.as_str()
                    .or_else(|| o["value"].as_str())
                    .map(str::to_owned)
            })
            .collect()
    });
    if options.as_ref().is_none_or(Vec::is_empty) {
        problems.push(Problem::new(
            "config.options",
            "must list at least one option as {\"value\": …, \"label\": …}",
        ));
        return None;
    }
    options
}

#[cfg(test)]
mod tests {
    use super::super::samples::field;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pattern_is_explained_in_the_words_of_its_desk() {
        let check = |config: Value| {
            field("order", "regex", config)
                .field_type
                .check(&json!("12"))
        };
        let bare = json!({"pattern": "[0-9]{5}"});
        assert_eq!(check(bare), Err("must match the pattern [0-9]{5}".into()));
        let worded = json!({"pattern": "[0-9]{5}", "message": " must be five digits "});
        assert_eq!(check(worded), Err("must be five digits".into()));
        for unreadable in [json!(""), json!(7), json!("x".repeat(201))] {
            let mut problems = Vec::new();
            let config = json!({"pattern": "[0-9]{5}", "message": unreadable});
            let _ = FieldType::parse("regex", &config, &mut problems);
            let paths: Vec<&str> = problems
                .iter()
                .map(|problem| problem.path.as_str())
                .collect();
            assert_eq!(paths, ["config.message"]);
        }
    }

    #[test]
    fn every_type_takes_its_kind_and_refuses_others() {
        let cases = [
            ("text", json!({}), json!("a"), json!(1)),
            ("decimal", json!({"min": 0.5}), json!(0.5), json!(0.4)),
            ("boolean", json!({}), json!(true), json!("true")),
            ("date", json!({}), json!("2024-02-29"), json!("2023-02-29")),
            (
                "datetime",
                json!({}),
                json!("2026-01-01T00:00:00Z"),
                json!("2026-01-01"),
            ),
            (
                "multiselect",
                json!({"options": [{"value": "a", "label": "A"}]}),
                json!(["a"]),
                json!(["b"]),
            ),
            (
                "url",
                json!({}),
                json!("https://a.example/x"),
                json!("javascript:1"),
            ),
            ("email", json!({}), json!("a@b"), json!("a b@c")),
            ("relation", json!({"target": "user"}), json!(4), json!(-4)),
        ];
        for (kind, config, good, bad) in cases {
            let field = field("f", kind, config);
            assert_eq!(field.field_type.check(&good), Ok(()), "{kind}");
            assert!(field.field_type.check(&bad).is_err(), "{kind}");
        }
    }
}
