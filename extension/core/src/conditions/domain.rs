//! The desk for which a predicate is written: the values, ids and indexes that it has.

use super::facts::{Facts, Value};
use super::field::Field;

/// The desk as a predicate is written for it, and for one user of it.
pub trait Domain: Facts {
    /// Every value that this field may have, each as SQL writes it and as conditions see it; `None` for a
    /// field that may have any.
    fn choices(&self, field: &Field) -> Option<Vec<(String, Value<'_>)>>;
    /// Ids of the tags of this name, in lower case.
    fn tags(&self, name: &str) -> Vec<i64>;
    /// The id of a schedule by its name in lower case.
    fn schedule(&self, name: &str) -> Option<i64>;
    /// The SQL of a ticket's value of a custom field, a jsonb.
    fn value_of(&self, key: &str) -> String {
        format!("t.custom -> {}", quote(key))
    }
    /// Whether tickets hold the value of a custom field in their own row.
    fn is_in_row(&self, _key: &str) -> bool {
        true
    }
    /// Whether the desk keeps an index on a custom field.
    fn is_indexed(&self, _key: &str) -> bool {
        false
    }
}

/// A SQL literal that means the same whatever `standard_conforming_strings` says.
pub fn quote(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}
