//! A compiled condition: nested `all` / `any` / `none` groups of tests, and the values that tests compare with.

use super::field::Field;
use crate::moment;
use regex::Regex;
use serde_json::Value as Json;

/// As a value of `assignee`: the user for whom the condition is evaluated.
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
    pub(crate) field: Field,
    /// The JSON it was parsed from, for explanations.
    pub(super) source: Json,
    pub(crate) check: Check,
    /// `is_not`, `not_in`, …: the opposite of the check, absent values included.
    pub(crate) negated: bool,
    /// The schedule in which hours since a moment are counted.
    pub(super) schedule: Option<String>,
}

#[derive(Debug)]
pub(crate) enum Check {
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
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
}

/// A point in time as a condition writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    /// Microseconds since 2000-01-01 UTC.
    At(i64),
    HoursAgo(f64),
}

/// Microseconds of an hour.
pub(super) const HOUR: f64 = 3_600_000_000.0;

impl Literal {
    /// Whether it is a date or a point in time.
    pub(crate) fn is_moment(&self) -> bool {
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
    /// Microseconds since 2000-01-01 UTC, when the evaluation happens at `now`.
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
