//! Custom fields: compiled once from their rows, then checked against a ticket's `custom` object.
//! All problems are reported together, each with its path.

mod visible;

use crate::moment;
use crate::problem::Problem;
use crate::routing::Shape;
use regex::Regex;
use serde_json::{Map, Value};
use visible::Condition;
pub use visible::misplaced;

/// When a value is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Create,
    /// A ticket comes in that was solved already.
    CreateSolved,
    Update,
    Solve,
    /// A ticket that is solved is changed: what was required for that stays.
    UpdateSolved,
    /// The desk itself takes a value away that has lost its meaning.
    Tidy,
    /// A record of the desk's own making is written: what is required is asked at once.
    Record,
}

#[derive(Debug, Clone)]
enum Kind {
    Text { max_length: usize },
    Integer { min: Option<i64>, max: Option<i64> },
    Decimal { min: Option<f64>, max: Option<f64> },
    Boolean,
    Date,
    DateTime,
    Dropdown { options: Vec<String> },
    MultiSelect { options: Vec<String> },
    Pattern { pattern: Regex, source: String },
    Url,
    Email,
    Relation { target: String },
}

/// When a form asks for a field. What is required on creation is not missing at the end either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    Create,
    Solve,
    Never,
}

impl Requirement {
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "create" => Some(Self::Create),
            "solve" => Some(Self::Solve),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

/// A field's place on a form; `None` leaves it as the field itself says.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    required: Option<Requirement>,
    visible_when: Option<Condition>,
}

impl Placed {
    /// Whether the form itself says when the field is shown.
    pub fn has_condition(&self) -> bool {
        self.visible_when.is_some()
    }

    /// Reads one, or tells what is wrong with its condition.
    pub fn read(
        required: Option<&str>,
        visible_when: Option<&Value>,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let visible_when = visible_when.and_then(|value| visible::read(value, &mut problems));
        if problems.is_empty() {
            Ok(Self {
                required: required.and_then(Requirement::parse),
                visible_when,
            })
        } else {
            Err(problems)
        }
    }
}

/// One field, ready to check values.
#[derive(Debug, Clone)]
pub struct Field {
    pub key: String,
    kind: Kind,
    required_on_create: bool,
    required_on_solve: bool,
    pub default: Option<Value>,
    visible_when: Option<Condition>,
}

/// The row of a field as the administrator wrote it.
#[derive(Debug, Clone)]
pub struct Definition<'a> {
    pub key: &'a str,
    pub kind: &'a str,
    pub config: &'a Value,
    pub required_on_create: bool,
    pub required_on_solve: bool,
    pub default: Option<&'a Value>,
    pub visible_when: Option<&'a Value>,
}

const MAX_LENGTH: usize = 10_000;

impl Field {
    /// What conditions may ask of it.
    pub fn shape(&self) -> Shape {
        match self.kind {
            Kind::Integer { .. } | Kind::Decimal { .. } => Shape::Number,
            Kind::Boolean => Shape::Boolean,
            Kind::Dropdown { .. } => Shape::Choice,
            Kind::MultiSelect { .. } => Shape::List,
            // The row a relation points to is written as its id or as its name.
            Kind::Relation { .. } => Shape::Any,
            Kind::Date => Shape::Date,
            Kind::DateTime => Shape::Instant,
            Kind::Text { .. } | Kind::Pattern { .. } | Kind::Url | Kind::Email => Shape::Text,
        }
    }

    /// Compiles a definition, or tells everything that is wrong with it.
    pub fn compile(definition: &Definition<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let config = definition.config;
        let kind = kind(definition.kind, config, &mut problems);
        let visible_when = definition
            .visible_when
            .and_then(|value| visible::read(value, &mut problems));
        let Some(kind) = kind.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let field = Self {
            key: definition.key.to_owned(),
            kind,
            required_on_create: definition.required_on_create,
            required_on_solve: definition.required_on_solve,
            default: None,
            visible_when,
        };
        let default = definition.default.filter(|v| !v.is_null());
        let field = Self {
            default: default.map(|value| field.normal(value).unwrap_or_else(|| value.clone())),
            ..field
        };
        if let Some(Err(message)) = field.default.as_ref().map(|value| field.check(value)) {
            return Err(vec![Problem::new("default_value", message)]);
        }
        Ok(field)
    }

    /// What `value` points to: the kind of record, and its id.
    pub fn points_to(&self, value: &Value) -> Option<(&str, i64)> {
        match &self.kind {
            Kind::Relation { target } => Some((target, value.as_i64().filter(|id| *id > 0)?)),
            _ => None,
        }
    }

    /// The field as a form asks for it: `None` where the form leaves it out, which then neither requires it
    /// nor fills it in. Its values are checked all the same.
    #[must_use]
    pub fn on_form(&self, placed: Option<&Placed>) -> Self {
        let mut field = self.clone();
        let Some(placed) = placed else {
            (field.required_on_create, field.required_on_solve) = (false, false);
            field.default = None;
            return field;
        };
        if let Some(required) = placed.required {
            field.required_on_create = required == Requirement::Create;
            field.required_on_solve = required != Requirement::Never;
        }
        if let Some(when) = &placed.visible_when {
            field.visible_when = Some(when.clone());
        }
        field
    }

    /// The one form of a value that people write in several: dates, and points in time in UTC. `None` when it is
    /// in that form already, or has none.
    fn normal(&self, value: &Value) -> Option<Value> {
        let text = value.as_str()?;
        let normal = match self.kind {
            Kind::Date => moment::date(text)?,
            Kind::DateTime => moment::instant(text)?,
            _ => return None,
        };
        (normal != text).then_some(Value::String(normal))
    }

    /// Whether and why this field may not be missing at a moment.
    fn demand(&self, moment: Moment) -> Demand {
        let (create, solve) = (self.required_on_create, self.required_on_solve);
        match moment {
            Moment::Record if create => Demand::Always("is required"),
            Moment::Create | Moment::CreateSolved if create => {
                Demand::Always("is required when a ticket is created")
            }
            Moment::CreateSolved | Moment::Solve if solve => {
                Demand::Always("is required when a ticket is solved")
            }
            Moment::UpdateSolved if solve => {
                Demand::Stays("is required of a ticket that is solved")
            }
            Moment::Update | Moment::UpdateSolved | Moment::Solve if create => {
                Demand::Stays("is required when a ticket is created, and stays so")
            }
            _ => Demand::None,
        }
    }

    fn check(&self, value: &Value) -> Result<(), String> {
        match &self.kind {
            Kind::Text { max_length } => {
                let text = text(value)?;
                let length = text.chars().count();
                if length > *max_length {
                    return Err(format!(
                        "is {length} characters long, {max_length} are allowed"
                    ));
                }
                Ok(())
            }
            Kind::Integer { min, max } => {
                let number = value.as_i64().ok_or("must be a whole number")?;
                within(number, *min, *max)
            }
            Kind::Decimal { min, max } => {
                let number = value.as_f64().ok_or("must be a number")?;
                within(number, *min, *max)
            }
            Kind::Boolean => value
                .as_bool()
                .map(drop)
                .ok_or_else(|| "must be true or false".into()),
            Kind::Date => moment::date(text(value)?)
                .map(drop)
                .ok_or_else(|| "must be a date such as 2026-11-21".into()),
            Kind::DateTime => moment::instant(text(value)?)
                .map(drop)
                .ok_or_else(|| "must be a time with zone such as 2026-11-21T09:30:00Z".into()),
            Kind::Dropdown { options } => one_of(text(value)?, options),
            Kind::MultiSelect { options } => {
                let list = value.as_array().ok_or("must be a list of options")?;
                list.iter()
                    .try_for_each(|item| one_of(text(item)?, options))
            }
            Kind::Pattern { pattern, source } => {
                if pattern.is_match(text(value)?) {
                    Ok(())
                } else {
                    Err(format!("must match the pattern {source}"))
                }
            }
            Kind::Url => url::Url::parse(text(value)?)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
                .map(drop)
                .ok_or_else(|| "must be a web address such as https://example.com/page".into()),
            Kind::Email => {
                let text = text(value)?;
                let ok = text.split_once('@').is_some_and(|(name, host)| {
                    !name.is_empty() && !host.is_empty() && !host.contains('@')
                }) && !text.contains(char::is_whitespace);
                ok.then_some(())
                    .ok_or_else(|| "must be an e-mail address such as ada@example.com".into())
            }
            Kind::Relation { .. } => value
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

fn kind(name: &str, config: &Value, problems: &mut Vec<Problem>) -> Option<Kind> {
    if !config.is_object() {
        problems.push(Problem::new("config", "must be an object"));
        return None;
    }
    Some(match name {
        "text" | "multiline" => Kind::Text {
            max_length: config["max_length"]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(if name == "text" { 500 } else { MAX_LENGTH }),
        },
        "integer" => Kind::Integer {
            min: config["min"].as_i64(),
            max: config["max"].as_i64(),
        },
        "decimal" => Kind::Decimal {
            min: config["min"].as_f64(),
            max: config["max"].as_f64(),
        },
        "boolean" => Kind::Boolean,
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        "dropdown" => Kind::Dropdown {
            options: options(config, problems)?,
        },
        "multiselect" => Kind::MultiSelect {
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
            // Anchored: a pattern describes the whole value, as in HTML forms.
            match Regex::new(&format!("^(?:{source})$")) {
                Ok(pattern) => Kind::Pattern {
                    pattern,
                    source: source.to_owned(),
                },
                Err(error) => {
                    problems.push(Problem::new(
                        "config.pattern",
                        format!("is no regular expression: {error}"),
                    ));
                    return None;
                }
            }
        }
        "url" => Kind::Url,
        "email" => Kind::Email,
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
            Kind::Relation {
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

/// The key of the object type that a relation's target names.
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

/// A field may not be missing, or not become so.
#[derive(Debug, Clone, Copy)]
enum Demand {
    Always(&'static str),
    Stays(&'static str),
    None,
}

/// Nothing to read: an empty text or list says as little as none.
fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// Brings what changed into the form that values of its kind have; what fits none is left for `validate` to tell.
pub fn normalise(
    fields: &[Field],
    custom: &mut Map<String, Value>,
    known: Option<&Map<String, Value>>,
) {
    for field in fields {
        let Some(value) = custom.get_mut(&field.key) else {
            continue;
        };
        if known.and_then(|known| known.get(&field.key)) == Some(value) {
            continue;
        }
        if let Some(normal) = field.normal(value) {
            *value = normal;
        }
    }
}

/// Fills in the defaults of fields that have no value yet and are asked for, those that a default brings up too.
pub fn fill_defaults(fields: &[Field], custom: &mut Map<String, Value>) {
    loop {
        let before = custom.len();
        for field in fields {
            if let Some(default) = &field.default
                && !custom.contains_key(&field.key)
                && visible::is_asked(fields, field, custom)
            {
                custom.insert(field.key.clone(), default.clone());
            }
        }
        if custom.len() == before {
            return;
        }
    }
}

/// The problems of someone who may not see the fields `hidden`: to them these do not exist. They can set
/// none, and none is asked of them.
pub fn seen_by(
    hidden: &[String],
    mut problems: Vec<Problem>,
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
) -> Vec<Problem> {
    problems.retain(|problem| {
        problem
            .path
            .strip_prefix("custom.")
            .is_none_or(|key| !hidden.iter().any(|h| h == key))
    });
    let changed = |key: &&String| custom.get(*key) != known.and_then(|known| known.get(*key));
    problems.extend(hidden.iter().filter(changed).map(|key| unknown(key)));
    problems
}

fn unknown(key: &str) -> Problem {
    Problem::new(format!("custom.{key}"), "is not a field of this desk")
}

/// Takes out of what is told about rules the tests and actions that name the fields `hidden`: only whether
/// they hold stays.
pub fn conceal(hidden: &[String], told: &mut Value) {
    match told {
        Value::Array(items) => items.iter_mut().for_each(|item| conceal(hidden, item)),
        Value::Object(object) => {
            for part in ["field", "set"] {
                let names = object
                    .get(part)
                    .and_then(Value::as_str)
                    .and_then(|name| name.strip_prefix("custom."))
                    .is_some_and(|key| hidden.iter().any(|h| h == key));
                if names {
                    object.retain(|key, _| key == "holds");
                    object.insert(part.to_owned(), "custom.hidden".into());
                }
            }
            object.values_mut().for_each(|value| conceal(hidden, value));
        }
        _ => {}
    }
}

/// Everything wrong with `custom` at this moment; empty when it may be stored.
///
/// `known` holds the values before an update: those that did not change are not checked again, so a
/// later change of a field's definition never blocks work on old tickets. For the same reason what is required
/// may stay missing where it was, but not be emptied.
pub fn validate(
    fields: &[Field],
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
    moment: Moment,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, value) in custom {
        crate::pause::pause();
        let unchanged = known.is_some_and(|known| known.get(key) == Some(value));
        if value.is_null() || unchanged {
            continue;
        }
        match fields.iter().find(|field| field.key == *key) {
            None => problems.push(unknown(key)),
            Some(field) => {
                if let Err(message) = field.check(value) {
                    problems.push(Problem::new(format!("custom.{key}"), message));
                }
            }
        }
    }
    let missing = |field: &Field, values: &Map<String, Value>| {
        is_blank(values.get(&field.key)) && visible::is_asked(fields, field, values)
    };
    for field in fields {
        let demand = field.demand(moment);
        let (Demand::Always(message) | Demand::Stays(message)) = demand else {
            continue;
        };
        // A demand that came later than the ticket is no reason to stop work on it.
        let stays = matches!(demand, Demand::Stays(_));
        if missing(field, custom)
            && (!stays || known.is_some_and(|known| !missing(field, known)))
            // While a ticket is worked on a field may come up without a value; it may not be emptied.
            && (moment != Moment::Update || known.is_some_and(|known| !is_blank(known.get(&field.key))))
        {
            problems.push(Problem::new(format!("custom.{}", field.key), message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn field(key: &str, kind: &str, config: Value) -> Field {
        Field::compile(&Definition {
            key,
            kind,
            config: &config,
            required_on_create: false,
            required_on_solve: true,
            default: None,
            visible_when: None,
        })
        .expect("compiles")
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn all_problems_come_at_once_with_their_paths() {
        let fields = [
            field("serial", "regex", json!({"pattern": "[A-Z]{2}-[0-9]{4}"})),
            field("months", "integer", json!({"min": 0, "max": 120})),
            field("area", "dropdown", json!({"options": ["web", "mail"]})),
        ];
        let custom = object(json!({"serial": "x", "months": 999, "area": "fax", "typo": 1}));
        let found = validate(&fields, &custom, None, Moment::Create);
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines.contains(&"custom.months: 999 is above the maximum of 120".to_owned()));
        assert!(lines.contains(&"custom.typo: is not a field of this desk".to_owned()));
    }

    #[test]
    fn required_on_solve_is_asked_then_and_only_then() {
        let fields = [field("serial", "text", json!({}))];
        assert!(validate(&fields, &Map::new(), None, Moment::Update).is_empty());
        assert_eq!(validate(&fields, &Map::new(), None, Moment::Solve).len(), 1);
    }

    #[test]
    fn what_says_nothing_is_missing() {
        let options = json!({"options": ["a", "b"]});
        let fields = [
            field("parts", "multiselect", options),
            field("cause", "text", json!({})),
        ];
        for moment in [Moment::Solve, Moment::CreateSolved] {
            let custom = object(json!({"parts": [], "cause": "  "}));
            assert_eq!(
                validate(&fields, &custom, None, moment).len(),
                2,
                "{moment:?}"
            );
        }
        let custom = object(json!({"parts": ["a"], "cause": "x"}));
        assert!(validate(&fields, &custom, None, Moment::CreateSolved).is_empty());
    }

    #[test]
    fn what_was_required_is_not_emptied_afterwards() {
        let fields = [field("cause", "text", json!({}))];
        let known = object(json!({"cause": "cable", "area": 1}));
        for emptied in [json!({}), json!({"cause": null}), json!({"cause": ""})] {
            let custom = object(emptied);
            assert_eq!(
                validate(&fields, &custom, Some(&known), Moment::UpdateSolved).len(),
                1
            );
            assert!(validate(&fields, &custom, Some(&known), Moment::Update).is_empty());
        }
        // It was missing before it was required.
        let none = Map::new();
        assert!(validate(&fields, &none, Some(&none), Moment::UpdateSolved).is_empty());

        let early = [Field {
            required_on_create: true,
            ..fields[0].clone()
        }];
        assert_eq!(
            validate(&early, &none, Some(&known), Moment::Update).len(),
            1
        );
        assert!(validate(&early, &none, Some(&none), Moment::Update).is_empty());
    }

    #[test]
    fn dates_and_points_in_time_have_one_form() {
        let fields = [
            field("due", "date", json!({})),
            field("at", "datetime", json!({})),
        ];
        let mut custom =
            object(json!({"due": "2026-9-5", "at": "2026-09-05T10:00:00+02:00", "x": "2026-9-5"}));
        normalise(&fields, &mut custom, None);
        let wanted = json!({"due": "2026-09-05", "at": "2026-09-05T08:00:00Z", "x": "2026-9-5"});
        assert_eq!(Value::Object(custom.clone()), wanted);
        let mut wrong = object(json!({"due": "9/5/2026", "at": "2026-09-05"}));
        normalise(&fields, &mut wrong, None);
        assert_eq!(validate(&fields, &wrong, None, Moment::Update).len(), 2);
        let mut old = object(json!({"due": "2026-9-5"}));
        normalise(&fields, &mut old, Some(&object(json!({"due": "2026-9-5"}))));
        assert_eq!(old["due"], "2026-9-5");
    }

    #[test]
    fn values_that_did_not_change_are_left_alone() {
        let fields = [field("months", "integer", json!({"max": 3}))];
        let custom = object(json!({"months": 9}));
        assert!(validate(&fields, &custom, Some(&custom), Moment::Update).is_empty());
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
            assert_eq!(field.check(&good), Ok(()), "{kind}");
            assert!(field.check(&bad).is_err(), "{kind}");
        }
    }

    #[test]
    fn a_form_requires_its_own_fields_and_no_others() {
        let fields = [
            field("serial", "text", json!({})),
            field("area", "text", json!({})),
        ];
        let form = |required: Option<&str>, when: Option<Value>| {
            let placed = Placed::read(required, when.as_ref()).expect("reads");
            [fields[0].on_form(Some(&placed)), fields[1].on_form(None)]
        };
        let paths = |fields: &[Field], custom: Value, moment: Moment| -> Vec<String> {
            validate(fields, &object(custom), None, moment)
                .into_iter()
                .map(|problem| problem.path)
                .collect()
        };
        // As the field says: on solving. `area` stands on no form.
        assert_eq!(
            paths(&form(None, None), json!({}), Moment::Solve),
            ["custom.serial"]
        );
        assert!(paths(&form(Some("never"), None), json!({}), Moment::Solve).is_empty());
        let early = form(Some("create"), None);
        assert_eq!(paths(&early, json!({}), Moment::Create), ["custom.serial"]);
        assert_eq!(paths(&early, json!({}), Moment::Solve), ["custom.serial"]);
        let when = form(Some("solve"), Some(json!({"field": "area", "in": ["web"]})));
        assert!(paths(&when, json!({"area": "mail"}), Moment::Solve).is_empty());
        assert_eq!(
            paths(&when, json!({"area": "web"}), Moment::Solve),
            ["custom.serial"]
        );
        // Off the form a value is checked all the same.
        assert_eq!(
            paths(&early, json!({"serial": "x", "area": 7}), Moment::Update),
            ["custom.area"]
        );
        assert!(Placed::read(None, Some(&json!({"field": 7}))).is_err());
    }

    #[test]
    fn a_relation_may_point_to_records_of_an_object_type() {
        let asset = field("asset", "relation", json!({"target": "object:asset"}));
        assert_eq!(asset.points_to(&json!(7)), Some(("object:asset", 7)));
        assert_eq!(asset.points_to(&json!(-7)), None);
        let config = json!({"target": "object:"});
        let nowhere = Definition {
            key: "asset",
            kind: "relation",
            config: &config,
            required_on_create: false,
            required_on_solve: false,
            default: None,
            visible_when: None,
        };
        assert!(Field::compile(&nowhere).is_err());
    }

    #[test]
    fn a_hidden_field_is_unknown_to_whom_it_is_hidden_from_and_not_asked_of_them() {
        let hidden = ["cause".to_owned()];
        let fields = [field("cause", "text", json!({}))];
        let told = |custom: Value, known: Value| {
            let (custom, known) = (object(custom), object(known));
            let found = validate(&fields, &custom, Some(&known), Moment::Solve);
            seen_by(&hidden, found, &custom, Some(&known))
        };
        assert!(told(json!({}), json!({})).is_empty());
        assert!(told(json!({"cause": "x"}), json!({"cause": "x"})).is_empty());
        for (custom, known) in [
            (json!({"cause": "x"}), json!({})),
            (json!({}), json!({"cause": "x"})),
            (json!({"cause": 7}), json!({"cause": "x"})),
        ] {
            let told = told(custom, known);
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(
                told[0].to_string(),
                "custom.cause: is not a field of this desk"
            );
        }
    }

    #[test]
    fn what_is_told_of_a_rule_leaves_hidden_fields_out() {
        let hidden = ["cause".to_owned()];
        let mut told = json!({
            "rules": [{"all": [{"field": "custom.cause", "op": "is", "value": "a", "found": "a", "holds": true}]}],
            "actions": [{"set": "custom.cause", "value": "a"}, {"set": "custom.area", "value": "b"}],
        });
        conceal(&hidden, &mut told);
        assert_eq!(
            told,
            json!({
                "rules": [{"all": [{"field": "custom.hidden", "holds": true}]}],
                "actions": [{"set": "custom.hidden"}, {"set": "custom.area", "value": "b"}],
            })
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_validation_panic(key in ".{0,12}", value in ".{0,60}") {
            let fields = [field("serial", "regex", json!({"pattern": "[a-z]+"})), field("u", "url", json!({}))];
            let mut custom = Map::new();
            custom.insert(key, Value::String(value.clone()));
            custom.insert("u".into(), Value::String(value));
            let _ = validate(&fields, &custom, None, Moment::Create);
        }
    }
}
