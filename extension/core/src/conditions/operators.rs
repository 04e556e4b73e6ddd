//! The operators of conditions: which of them fit a field, by its shape.

use super::field::{Field, Shape};

/// The operators that fit a shape, in the order in which editors offer them.
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

/// Further operators of a field whose old value is kept.
const CHANGES: [&str; 3] = ["changed", "changed_to", "changed_from"];

/// The operators that fit a field.
pub fn operators_of(field: &Field, shape: Shape) -> Vec<&'static str> {
    let mut fitting = operators(shape).to_vec();
    if field.changes() {
        fitting.extend(CHANGES);
    }
    fitting
}
