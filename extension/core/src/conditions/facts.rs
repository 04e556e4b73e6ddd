//! A ticket as conditions see it: the value of each field, and what a test may look up beside it.

use super::field::Field;
use std::borrow::Cow;

/// A field's value; `Absent` is a value of its own, so that a negation never breaks on it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Absent,
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    /// Microseconds since 2000-01-01 UTC, as Postgres counts.
    Time(i64),
    List(Vec<Cow<'a, str>>),
}

/// The ticket, and the desk around it, that a condition is evaluated for.
pub trait Facts {
    fn get(&self, field: &Field) -> Value<'_>;
    /// The rank of a priority key, for `greater` and `less`.
    fn priority_weight(&self, key: &str) -> Option<f64>;
    /// The value before this change; `None` when nothing is being changed, as when a ticket is new.
    fn before(&self, _field: &Field) -> Option<Value<'_>> {
        None
    }
    /// The moment of the evaluation, as `Value::Time` counts.
    fn now(&self) -> i64 {
        0
    }
    /// The user who looks at the ticket; none while a rule runs.
    fn current_user(&self) -> Option<i64> {
        None
    }
    /// Whether this schedule is open now; `None` when there is none of that name.
    fn is_open(&self, _schedule: &str) -> Option<bool> {
        None
    }
    /// Business seconds from a moment until now.
    fn business_seconds(&self, _schedule: &str, _from: i64) -> Option<i64> {
        None
    }
}
