//! Sort keys for indexes on custom fields: a text whose bytes are in the order of the values. Values that conditions
//! find equal have one key; a smaller value has a smaller key or, of two long texts, the same.

use super::condition::Literal;
use crate::moment;
use serde_json::Value as Json;

/// Characters of a text in its key: an index entry has a limit.
const LONGEST: usize = 100;

/// The key of a value; `None` for lists and absent values, which no index holds.
pub fn sort_key(value: &Json) -> Option<String> {
    match value {
        Json::String(value) => Some(of_text(value)),
        Json::Number(value) => value.as_f64().map(number),
        Json::Bool(value) => Some(flag(*value)),
        _ => None,
    }
}

/// The key of a value that a condition compares with.
pub(super) fn key_of(literal: &Literal) -> String {
    match literal {
        Literal::Text(value) => of_text(value),
        Literal::Number(value) => number(*value),
        Literal::Bool(value) => flag(*value),
    }
}

/// A date or a point in time is in the order of instants, however it was written.
fn of_text(value: &str) -> String {
    match moment::key(value) {
        Some(key) => format!("t{key}"),
        None => text(&value.to_lowercase()),
    }
}

fn text(lower: &str) -> String {
    std::iter::once('t')
        .chain(lower.chars().take(LONGEST))
        .collect()
}

/// The bits of a float are in its order, once those of negative numbers are inverted.
fn number(value: f64) -> String {
    // Both zeros are one.
    let bits = (value + 0.0).to_bits();
    let ordered = if bits >> 63 == 1 {
        !bits
    } else {
        bits | (1 << 63)
    };
    format!("n{ordered:016x}")
}

fn flag(value: bool) -> String {
    format!("b{}", u8::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn numbers_keep_their_order(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(a.is_finite() && b.is_finite());
            let (left, right) = (number(a), number(b));
            prop_assert_eq!(a.partial_cmp(&b), Some(left.cmp(&right)));
        }

        #[test]
        fn texts_never_lose_their_order(a in ".{0,120}", b in ".{0,120}") {
            let key = |text: &str| sort_key(&json!(text)).expect("a key");
            if a.to_lowercase() <= b.to_lowercase() {
                prop_assert!(key(&a) <= key(&b));
            }
        }
    }

    #[test]
    fn points_in_time_are_in_the_order_of_their_instants() {
        let key = |text: &str| sort_key(&json!(text)).expect("a key");
        assert_eq!(
            key("2026-09-05T10:00:00+02:00"),
            key("2026-09-05T08:00:00Z")
        );
        assert!(key("2026-9-5") < key("2026-10-04"));
        assert!(key("2026-09-05T09:00:00+02:00") < key("2026-09-05T08:00:00Z"));
        assert!(key("2026-09-05T08:00:00Z") < key("2026-09-05T08:00:00.5Z"));
    }

    #[test]
    fn what_conditions_find_equal_has_one_key() {
        assert_eq!(sort_key(&json!("API")), sort_key(&json!("api")));
        assert_eq!(sort_key(&json!(5)), sort_key(&json!(5.0)));
        assert_eq!(number(0.0), number(-0.0));
        assert_eq!(sort_key(&json!(["api"])), None);
    }
}
