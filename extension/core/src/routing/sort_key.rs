//! A custom field's value as a text whose bytes are in the order of the values, for an index: what is equal to
//! conditions is equal there, what is less is less or (of very long texts) equal.

use super::condition::Literal;
use serde_json::Value as Json;

/// Longer texts share a key with those that begin alike: an index entry has a limit.
const LONGEST: usize = 100;

/// `None` for what no index needs: lists, and what is not there.
pub fn sort_key(value: &Json) -> Option<String> {
    match value {
        Json::String(value) => Some(text(&value.to_lowercase())),
        Json::Number(value) => value.as_f64().map(number),
        Json::Bool(value) => Some(flag(*value)),
        _ => None,
    }
}

/// The same of what a condition compares with.
pub(super) fn key_of(literal: &Literal) -> String {
    match literal {
        Literal::Text(value) => text(value),
        Literal::Number(value) => number(*value),
        Literal::Bool(value) => flag(*value),
    }
}

fn text(lower: &str) -> String {
    std::iter::once('t')
        .chain(lower.chars().take(LONGEST))
        .collect()
}

/// The bits of a float are in its order, once those of negative ones are turned round.
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
    fn what_conditions_find_equal_has_one_key() {
        assert_eq!(sort_key(&json!("API")), sort_key(&json!("api")));
        assert_eq!(sort_key(&json!(5)), sort_key(&json!(5.0)));
        assert_eq!(number(0.0), number(-0.0));
        assert_eq!(sort_key(&json!(["api"])), None);
    }
}
