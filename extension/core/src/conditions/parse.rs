//! Conditions: nested `all` / `any` / `none` groups of tests, parsed once with every mistake reported
//! by its JSON path, then evaluated to true or false, never to unknown.

use super::facts::{Facts, Field, Shape, Value};
use super::index::{Cut, Need, is_word};
use crate::POSTGRES_EPOCH;
use crate::moment;
use crate::problem::Problem;
use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

/// Groups within each other.
pub const DEPTH: usize = 16;
/// Groups and tests of one condition: a page asks every one of them of every ticket that it tries.
pub const PARTS: usize = 200;
/// Values of one test.
pub const VALUES: usize = 500;
/// Values of all tests of one condition.
pub const ALL_VALUES: usize = 2_000;
/// Characters of a value.
pub const LENGTH: usize = 1_000;
/// As a value of `assignee`: whoever looks.
pub(super) const CURRENT_USER: &str = "current_user";

#[derive(Debug)]
pub enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    None(Vec<Self>),
    Test(Test),
}

#[derive(Debug)]
pub struct Test {
    pub(super) field: Field,
    /// As it was written, for whoever asks why.
    pub(super) asked: Json,
    pub(super) check: Check,
    /// `is_not`, `not_in`, …: the opposite of the check, absent values included.
    pub(super) negated: bool,
    /// Hours since something are those of this schedule.
    pub(super) schedule: Option<String>,
}

#[derive(Debug)]
pub(super) enum Check {
    In(Vec<Literal>),
    Contains(String),
    Words(Regex, Vec<String>),
    StartsWith(String),
    EndsWith(String),
    Matches(Regex),
    Less(Literal),
    Greater(Literal),
    Between(Literal, Literal),
    Present,
    IncludesAll(Vec<String>),
    IncludesAny(Vec<String>),
    Before(When),
    After(When),
    Open(String),
    Changed,
    ChangedTo(Vec<Literal>),
    ChangedFrom(Vec<Literal>),
}

#[derive(Debug, Clone)]
pub(super) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
}

/// A point in time as a condition writes it.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    /// Microseconds since 2000-01-01 UTC.
    At(i64),
    HoursAgo(f64),
}

/// Which operators fit which kind of field, in the order in which they are offered.
fn operators(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Text => &[
            "is",
            "is_not",
            "in",
            "not_in",
            "contains",
            "not_contains",
            "contains_word",
            "starts_with",
            "ends_with",
            "matches",
            "present",
            "absent",
        ],
        Shape::Choice => &["is", "is_not", "in", "not_in", "present", "absent"],
        Shape::Ordered | Shape::Date | Shape::Instant | Shape::Number => &[
            "is", "is_not", "in", "not_in", "less", "greater", "between", "present", "absent",
        ],
        Shape::Hours => &["less", "greater", "between", "present", "absent"],
        Shape::Boolean => &["is", "is_not", "present", "absent"],
        Shape::Time => &["before", "after", "within_last", "present", "absent"],
        Shape::Now => &["within_schedule", "outside_schedule"],
        Shape::List => &[
            "includes_all",
            "includes_any",
            "includes_none",
            "present",
            "absent",
        ],
        Shape::Any => &[
            "is",
            "is_not",
            "in",
            "not_in",
            "contains",
            "not_contains",
            "contains_word",
            "starts_with",
            "ends_with",
            "matches",
            "less",
            "greater",
            "between",
            "includes_all",
            "includes_any",
            "includes_none",
            "present",
            "absent",
        ],
    }
}

/// What fits a field besides, when its old value is known.
const CHANGES: [&str; 3] = ["changed", "changed_to", "changed_from"];

/// The operators that fit a field.
pub fn operators_of(field: &Field, shape: Shape) -> Vec<&'static str> {
    let mut fitting = operators(shape).to_vec();
    if field.changes() {
        fitting.extend(CHANGES);
    }
    fitting
}

/// The shape of a custom field by its key; `None` when there is no such field.
pub type CustomShape<'a> = &'a dyn Fn(&str) -> Option<Shape>;

/// Reads a condition tree, or tells everything that is wrong with it. Custom fields are taken as they come.
pub fn parse_conditions(json: &Json) -> Result<Condition, Vec<Problem>> {
    check_conditions(json, &|_| Some(Shape::Any))
}

/// The same, with the desk's custom fields: operators must fit their type.
pub fn check_conditions(json: &Json, custom: CustomShape<'_>) -> Result<Condition, Vec<Problem>> {
    if let Some(problem) = excess(json) {
        return Err(vec![problem]);
    }
    compile(json, custom)
}

/// Reads a condition that a door has let in, however large it was allowed to be then.
pub fn stored_conditions(json: &Json) -> Result<Condition, Vec<Problem>> {
    compile(json, &|_| Some(Shape::Any))
}

/// What makes a condition larger than anybody may ask. Looked at first, so that nothing else grows with it.
fn excess(json: &Json) -> Option<Problem> {
    let (mut parts, mut values) = (0, 0);
    let mut open = vec![json];
    let tell = |message: String| Some(Problem::new("conditions", message));
    while let Some(part) = open.pop() {
        parts += 1;
        if parts > PARTS {
            return tell(format!("has more than {PARTS} groups and tests"));
        }
        for list in ["all", "any", "none"]
            .iter()
            .filter_map(|key| part[*key].as_array())
        {
            if list.len() > PARTS {
                return tell(format!("has more than {PARTS} groups and tests"));
            }
            open.extend(list);
        }
        let own: &[Json] = match &part["value"] {
            Json::Array(list) => list,
            value => std::slice::from_ref(value),
        };
        values += own.len();
        if own.len() > VALUES {
            return tell(format!("has a list of more than {VALUES} values"));
        }
        if values > ALL_VALUES {
            return tell(format!("has more than {ALL_VALUES} values"));
        }
        let long = |value: &Json| {
            value
                .as_str()
                .is_some_and(|text| text.chars().nth(LENGTH).is_some())
        };
        if own.iter().any(long) {
            return tell(format!("has a value of more than {LENGTH} characters"));
        }
    }
    None
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
            asked: json.clone(),
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

/// A value must be of the field's kind: a number compared with a text would never hold, and nobody would know.
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

fn check(op: &str, value: &Json) -> Result<(Check, bool), String> {
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

/// `"2026-01-31T09:00:00Z"`, or `{"hours_ago": 48}`. Nothing that cannot be read is ever taken for zero.
fn when(value: &Json) -> Result<When, String> {
    if let Some(ago) = value.get("hours_ago") {
        return hours(ago).map(When::HoursAgo);
    }
    value
        .as_str()
        .and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok())
        // The years 1 to 9999: Postgres could not read others as they are written here.
        .filter(|at| (-62_135_596_800..253_402_300_800).contains(&at.timestamp()))
        .map(|at| When::At(at.timestamp_micros() - POSTGRES_EPOCH))
        .ok_or_else(|| {
            "must be a point in time such as 2026-01-31T09:00:00Z, or {\"hours_ago\": 48}".into()
        })
}

const HOUR: f64 = 3_600_000_000.0;

fn hours(value: &Json) -> Result<f64, String> {
    value
        .as_f64()
        .filter(|hours| (0.0..=876_000.0).contains(hours))
        .ok_or_else(|| "must be a number of hours from 0 to 876000".into())
}

impl Literal {
    fn is_moment(&self) -> bool {
        matches!(self, Self::Text(text) if moment::micros(text).is_some())
    }

    /// A number of hours as microseconds.
    #[expect(clippy::cast_possible_truncation, reason = "saturates, as it should")]
    pub(super) fn micros(&self) -> Option<i64> {
        match self {
            Self::Number(hours) => Some((hours * HOUR) as i64),
            _ => None,
        }
    }
}

impl When {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most a hundred years of microseconds"
    )]
    pub(super) fn resolve(self, now: i64) -> i64 {
        match self {
            Self::At(at) => at,
            Self::HoursAgo(hours) => now.saturating_sub((hours * HOUR) as i64),
        }
    }
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

impl Condition {
    /// Whether the ticket meets this condition. An empty `all` holds, an empty `any` does not.
    pub fn holds(&self, facts: &dyn Facts) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Self::None(parts) => !parts.iter().any(|part| part.holds(facts)),
            Self::Test(test) => test.holds(facts),
        }
    }

    /// Whether the condition holds where this one field is known and nothing else: `None` when that
    /// depends on the rest.
    pub fn decided_by(&self, field: &Field, value: &Value<'_>, facts: &dyn Facts) -> Option<bool> {
        let decided = |parts: &[Self], ends: bool| {
            let mut open = false;
            for part in parts {
                match part.decided_by(field, value, facts) {
                    Some(holds) if holds == ends => return Some(ends),
                    Some(_) => {}
                    None => open = true,
                }
            }
            (!open).then_some(!ends)
        };
        match self {
            Self::All(parts) => decided(parts, false),
            Self::Any(parts) => decided(parts, true),
            Self::None(parts) => decided(parts, true).map(|any| !any),
            Self::Test(test) => {
                (test.field == *field).then(|| test.negated != test.matches(value, facts))
            }
        }
    }

    /// The schedules that tests name, in lower case.
    pub fn schedules(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().flat_map(Self::schedules).collect()
            }
            Self::Test(test) => match (&test.schedule, &test.check) {
                (Some(name), _) | (None, Check::Open(name)) => vec![name],
                _ => Vec::new(),
            },
        }
    }

    /// Whether any test asks what a field was before.
    pub fn asks_changes(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().any(Self::asks_changes)
            }
            Self::Test(test) => matches!(
                test.check,
                Check::Changed | Check::ChangedTo(_) | Check::ChangedFrom(_)
            ),
        }
    }

    /// Whether any test asks about this field, so that what nobody asks need not be fetched.
    pub fn asks(&self, field: &Field) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().any(|part| part.asks(field))
            }
            Self::Test(test) => test.field == *field,
        }
    }
}

impl Test {
    pub(super) fn holds(&self, facts: &dyn Facts) -> bool {
        let value = facts.get(&self.field);
        let matches = match (&self.field, &self.check) {
            (Field::HoursSince(_), check) if !matches!(check, Check::Present) => {
                self.elapsed(&value, facts).is_some_and(|micros| {
                    let limit = |literal: &Literal| literal.micros().unwrap_or(i64::MAX);
                    match check {
                        Check::Less(most) => micros < limit(most),
                        Check::Greater(least) => micros > limit(least),
                        Check::Between(low, high) => micros >= limit(low) && micros <= limit(high),
                        _ => false,
                    }
                })
            }
            _ => self.matches(&value, facts),
        };
        self.negated != matches
    }

    /// Microseconds since the field's moment: by the clock, or whole seconds of a schedule.
    fn elapsed(&self, value: &Value<'_>, facts: &dyn Facts) -> Option<i64> {
        let Value::Time(from) = value else {
            return None;
        };
        match &self.schedule {
            None => Some(facts.now().saturating_sub(*from)),
            Some(name) => facts
                .business_seconds(name, *from)
                .map(|seconds| seconds.saturating_mul(1_000_000)),
        }
    }

    /// What the test looks at, for whoever asks why: hours rather than the moment they are counted from.
    pub(super) fn value<'a>(&self, facts: &'a dyn Facts) -> Value<'a> {
        let value = facts.get(&self.field);
        if !matches!(self.field, Field::HoursSince(_)) {
            return value;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "hours need no more than 52 bits"
        )]
        self.elapsed(&value, facts)
            .map_or(Value::Absent, |micros| Value::Number(micros as f64 / HOUR))
    }

    /// What a ticket must have for this test to hold, as far as it can be looked up.
    pub(super) fn needs(&self) -> Option<Vec<Need>> {
        if self.negated {
            return None;
        }
        let need = |cut, value: &str| Need {
            field: self.field.clone(),
            cut,
            value: value.to_lowercase(),
        };
        // One instant is written in many ways, and a look-up knows only one.
        if let Check::In(options) | Check::ChangedTo(options) = &self.check
            && self.is_custom()
            && options.iter().any(Literal::is_moment)
        {
            return None;
        }
        match &self.check {
            Check::In(options) => options
                .iter()
                .map(|option| match option {
                    Literal::Text(text) => Some(need(Cut::Whole, text)),
                    _ => None,
                })
                .collect(),
            Check::ChangedTo(options) => options
                .iter()
                .map(|option| match option {
                    Literal::Text(text) => Some(need(Cut::Whole, text)),
                    _ => None,
                })
                .collect(),
            Check::Words(_, list) => list
                .iter()
                .map(|word| word.chars().all(is_word).then(|| need(Cut::Words, word)))
                .collect(),
            Check::Contains(part) | Check::StartsWith(part) | Check::EndsWith(part) => {
                Some(vec![need(Cut::Parts, part)])
            }
            Check::IncludesAny(tags) => {
                Some(tags.iter().map(|tag| need(Cut::Whole, tag)).collect())
            }
            Check::IncludesAll(tags) => tags.first().map(|tag| vec![need(Cut::Whole, tag)]),
            _ => None,
        }
    }

    pub(super) fn matches(&self, value: &Value<'_>, facts: &dyn Facts) -> bool {
        match &self.check {
            Check::Present => !matches!(value, Value::Absent),
            Check::In(options) => options.iter().any(|option| {
                self.equal(value, option) || self.is_current_user(option, value, facts)
            }),
            Check::Contains(part) => text(value, |text| text.to_lowercase().contains(part)),
            Check::StartsWith(part) => text(value, |text| text.to_lowercase().starts_with(part)),
            Check::EndsWith(part) => text(value, |text| text.to_lowercase().ends_with(part)),
            Check::Words(pattern, _) | Check::Matches(pattern) => {
                text(value, |text| pattern.is_match(text))
            }
            Check::Less(limit) => self
                .order(value, limit, facts)
                .is_some_and(std::cmp::Ordering::is_lt),
            Check::Greater(limit) => self
                .order(value, limit, facts)
                .is_some_and(std::cmp::Ordering::is_gt),
            Check::Between(low, high) => {
                self.order(value, low, facts)
                    .is_some_and(std::cmp::Ordering::is_ge)
                    && self
                        .order(value, high, facts)
                        .is_some_and(std::cmp::Ordering::is_le)
            }
            Check::Before(when) => {
                matches!(value, Value::Time(at) if *at < when.resolve(facts.now()))
            }
            Check::After(when) => {
                matches!(value, Value::Time(at) if *at > when.resolve(facts.now()))
            }
            Check::Open(schedule) => facts.is_open(schedule).unwrap_or(false),
            Check::Changed => facts.before(&self.field).is_some_and(|old| old != *value),
            Check::ChangedTo(options) => facts.before(&self.field).is_some_and(|old| {
                old != *value && options.iter().any(|option| self.equal(value, option))
            }),
            Check::ChangedFrom(options) => facts.before(&self.field).is_some_and(|old| {
                old != *value && options.iter().any(|option| self.equal(&old, option))
            }),
            Check::IncludesAll(wanted) => wanted.iter().all(|one| includes(value, one)),
            Check::IncludesAny(wanted) => wanted.iter().any(|one| includes(value, one)),
        }
    }

    /// Whether an option means whoever looks, and this is them.
    fn is_current_user(&self, option: &Literal, value: &Value<'_>, facts: &dyn Facts) -> bool {
        let asked = matches!(option, Literal::Text(text) if text == CURRENT_USER);
        asked
            && self.field == Field::Assignee
            && facts
                .current_user()
                .is_some_and(|id| equal(value, &Literal::Text(id.to_string())))
    }

    /// Values of custom fields that are points in time are equal when they are the same instant.
    fn equal(&self, value: &Value<'_>, literal: &Literal) -> bool {
        equal(value, literal)
            || self.is_custom() && matches!(instants(value, literal), Some((a, b)) if a == b)
    }

    fn is_custom(&self) -> bool {
        matches!(self.field, Field::Custom(_) | Field::OrganizationCustom(_))
    }

    fn order(
        &self,
        value: &Value<'_>,
        limit: &Literal,
        facts: &dyn Facts,
    ) -> Option<std::cmp::Ordering> {
        match (value, limit) {
            (Value::Text(a), Literal::Text(b)) if self.field == Field::Priority => facts
                .priority_weight(a)?
                .partial_cmp(&facts.priority_weight(b)?),
            (Value::Number(a), Literal::Number(b)) => a.partial_cmp(b),
            (Value::Text(a), Literal::Text(b)) => match instants(value, limit) {
                Some((a, b)) if self.is_custom() => Some(a.cmp(&b)),
                _ => Some(a.to_lowercase().as_str().cmp(b)),
            },
            _ => None,
        }
    }
}

/// Both sides as microseconds, when both are points in time.
fn instants(value: &Value<'_>, literal: &Literal) -> Option<(i64, i64)> {
    match (value, literal) {
        (Value::Text(a), Literal::Text(b)) => {
            let b = moment::micros(b)?;
            Some((moment::micros(a)?, b))
        }
        _ => None,
    }
}

fn text(value: &Value<'_>, test: impl Fn(&str) -> bool) -> bool {
    matches!(value, Value::Text(text) if test(text))
}

fn equal(value: &Value<'_>, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::Text(a), Literal::Text(b)) => a.to_lowercase() == *b,
        #[expect(
            clippy::float_cmp,
            reason = "both sides were written by people, not computed"
        )]
        (Value::Number(a), Literal::Number(b)) => a == b,
        (Value::Bool(a), Literal::Bool(b)) => a == b,
        _ => false,
    }
}

fn includes(value: &Value<'_>, wanted: &str) -> bool {
    matches!(value, Value::List(items) if items.iter().any(|item| item.to_lowercase() == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use std::borrow::Cow;

    struct Ticket(Json);

    impl Facts for Ticket {
        fn get(&self, field: &Field) -> Value<'_> {
            let name = match field {
                Field::Subject => "subject",
                Field::Priority => "priority",
                Field::Tags => "tags",
                Field::Custom(key) => key,
                _ => return Value::Absent,
            };
            match &self.0[name] {
                Json::String(text) => Value::Text(Cow::Borrowed(text)),
                Json::Number(n) => Value::Number(n.as_f64().unwrap_or_default()),
                Json::Bool(b) => Value::Bool(*b),
                Json::Array(items) => Value::List(
                    items
                        .iter()
                        .filter_map(Json::as_str)
                        .map(Cow::Borrowed)
                        .collect(),
                ),
                _ => Value::Absent,
            }
        }

        fn priority_weight(&self, key: &str) -> Option<f64> {
            ["low", "normal", "high", "urgent"]
                .iter()
                .position(|k| *k == key)
                .and_then(|i| u8::try_from(i).ok())
                .map(f64::from)
        }
    }

    fn holds(condition: Json, ticket: Json) -> bool {
        parse_conditions(&condition)
            .expect("parses")
            .holds(&Ticket(ticket))
    }

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

    #[test]
    fn words_are_found_between_boundaries_only() {
        let refund = json!({"field": "subject", "op": "contains_word", "value": "refund"});
        assert!(holds(
            refund.clone(),
            json!({"subject": "Please REFUND, now"})
        ));
        assert!(!holds(refund, json!({"subject": "nonrefundable"})));
    }

    #[test]
    fn priorities_compare_by_rank_not_by_spelling() {
        let above = json!({"field": "priority", "op": "greater", "value": "normal"});
        assert!(holds(above.clone(), json!({"priority": "high"})));
        assert!(!holds(above, json!({"priority": "low"})));
    }

    #[test]
    fn absence_is_explicit_and_never_breaks_a_negation() {
        assert!(holds(
            json!({"field": "custom.area", "op": "is_not", "value": "web"}),
            json!({})
        ));
        assert!(holds(
            json!({"none": [{"field": "tags", "op": "includes_any", "value": ["vip"]}]}),
            json!({})
        ));
        assert!(!holds(
            json!({"field": "custom.n", "op": "less", "value": 5}),
            json!({})
        ));
    }

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

    struct Moved {
        old: &'static str,
        new: &'static str,
        now: i64,
    }

    impl Facts for Moved {
        fn get(&self, field: &Field) -> Value<'_> {
            match field {
                Field::Status => Value::Text(Cow::Borrowed(self.new)),
                Field::CreatedAt | Field::HoursSince(_) => Value::Time(0),
                _ => Value::Absent,
            }
        }

        fn priority_weight(&self, _: &str) -> Option<f64> {
            None
        }

        fn before(&self, field: &Field) -> Option<Value<'_>> {
            (*field == Field::Status && !self.old.is_empty())
                .then_some(Value::Text(Cow::Borrowed(self.old)))
        }

        fn now(&self) -> i64 {
            self.now
        }

        fn is_open(&self, schedule: &str) -> Option<bool> {
            (schedule == "support").then_some(true)
        }

        fn business_seconds(&self, schedule: &str, from: i64) -> Option<i64> {
            (schedule == "support").then(|| (self.now - from) / 2_000_000)
        }
    }

    fn after_change(condition: Json, old: &'static str, new: &'static str) -> bool {
        let moved = Moved {
            old,
            new,
            now: 10 * 3_600_000_000,
        };
        parse_conditions(&condition).expect("parses").holds(&moved)
    }

    #[test]
    fn a_change_is_from_something_to_something_else() {
        let changed = json!({"field": "status", "op": "changed"});
        let to = json!({"field": "status", "op": "changed_to", "value": "solved"});
        let from = json!({"field": "status", "op": "changed_from", "value": ["new", "open"]});
        assert!(after_change(changed.clone(), "open", "solved"));
        assert!(after_change(to.clone(), "open", "Solved"));
        assert!(after_change(from, "open", "solved"));
        assert!(!after_change(to.clone(), "solved", "solved"), "stays");
        assert!(
            !after_change(to, "", "solved"),
            "a new ticket changed nothing"
        );
        assert!(!after_change(changed, "open", "open"));
    }

    #[test]
    fn hours_are_counted_by_the_clock_or_by_a_schedule() {
        let hours = |op: &str, value: i32| json!({"field": "hours_since.created", "op": op, "value": value});
        assert!(after_change(hours("greater", 9), "", "open"));
        assert!(!after_change(hours("greater", 10), "", "open"));
        let mut business = hours("less", 6);
        business["schedule"] = json!("Support");
        assert!(after_change(business.clone(), "", "open"), "five of ten");
        business["schedule"] = json!("gone");
        assert!(
            !after_change(business, "", "open"),
            "without a schedule there are no hours"
        );
        assert!(after_change(
            json!({"field": "created_at", "op": "before", "value": {"hours_ago": 9.5}}),
            "",
            "open"
        ));
        assert!(!after_change(
            json!({"field": "created_at", "op": "within_last", "value": 9.5}),
            "",
            "open"
        ));
        assert!(after_change(
            json!({"field": "created_at", "op": "before", "value": "2000-01-01T00:00:01Z"}),
            "",
            "open"
        ));
        assert!(after_change(
            json!({"field": "now", "op": "within_schedule", "value": "Support"}),
            "",
            "open"
        ));
    }

    #[test]
    fn a_condition_has_a_size_that_a_page_can_ask() {
        let test = json!({"field": "subject", "op": "is", "value": "x"});
        let told = |condition: &Json| {
            let problems = parse_conditions(condition).expect_err("is too large");
            assert_eq!(problems.len(), 1);
            problems[0].to_string()
        };
        let of = |tests: usize| json!({"all": vec![test.clone(); tests]});
        assert!(parse_conditions(&of(PARTS - 1)).is_ok());
        assert!(stored_conditions(&of(PARTS)).is_ok(), "what is there stays");
        assert_eq!(
            told(&of(PARTS)),
            "conditions: has more than 200 groups and tests"
        );
        assert_eq!(
            told(&of(15_000)),
            "conditions: has more than 200 groups and tests"
        );
        let many =
            |values: usize| json!({"field": "subject", "op": "in", "value": vec!["x"; values]});
        assert!(parse_conditions(&many(VALUES)).is_ok());
        assert_eq!(
            told(&many(VALUES + 1)),
            "conditions: has a list of more than 500 values"
        );
        assert_eq!(
            told(&json!({"any": vec![many(VALUES); 5]})),
            "conditions: has more than 2000 values"
        );
        let long = json!({"field": "subject", "op": "matches", "value": "ä".repeat(LENGTH + 1)});
        assert_eq!(
            told(&long),
            "conditions: has a value of more than 1000 characters"
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

    proptest! {
        #[test]
        fn none_is_the_opposite_of_any(subject in ".{0,20}", word in "[a-z]{1,3}") {
            let test = json!({"field": "subject", "op": "contains", "value": word});
            let ticket = json!({"subject": subject});
            prop_assert_ne!(
                holds(json!({"any": [test.clone()]}), ticket.clone()),
                holds(json!({"none": [test]}), ticket)
            );
        }
    }
}
