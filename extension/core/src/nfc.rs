//! Texts in one form (NFC): é is one character or an e with an accent behind it, and both must meet.

use serde_json::{Map, Value};
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Keys and texts of an object; `None` when they are in this form already.
#[must_use]
pub fn nfc_object(object: &Map<String, Value>) -> Option<Map<String, Value>> {
    (!object
        .iter()
        .all(|(key, value)| is_nfc(key) && is_nfc_value(value)))
    .then(|| composed(object))
}

fn is_nfc(text: &str) -> bool {
    nfc(text) == text
}

fn is_nfc_value(value: &Value) -> bool {
    match value {
        Value::String(text) => is_nfc(text),
        Value::Array(items) => items.iter().all(is_nfc_value),
        Value::Object(object) => object
            .iter()
            .all(|(key, value)| is_nfc(key) && is_nfc_value(value)),
        _ => true,
    }
}

fn composed(object: &Map<String, Value>) -> Map<String, Value> {
    object
        .iter()
        .map(|(key, value)| (nfc(key).into_owned(), composed_value(value)))
        .collect()
}

fn composed_value(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(nfc(text).into_owned()),
        Value::Array(items) => items.iter().map(composed_value).collect(),
        Value::Object(object) => Value::Object(composed(object)),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_and_keys_are_composed_at_every_depth_and_others_are_left_alone() {
        let given = json!({"pru\u{308}fung": ["Zoe\u{308}", 1, {"a": "e\u{301}"}], "n": null});
        let told = nfc_object(given.as_object().expect("an object"));
        assert_eq!(
            told.map(Value::Object),
            Some(json!({"prüfung": ["Zoë", 1, {"a": "é"}], "n": null}))
        );
        let same = json!({"prüfung": "Zoë", "plain": "x"});
        assert_eq!(nfc_object(same.as_object().expect("an object")), None);
        assert!(matches!(nfc("Zoë"), Cow::Borrowed(_)));
    }
}
