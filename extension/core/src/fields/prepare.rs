//! Values are prepared before they are checked: changed ones are brought to their one form, missing ones get their
//! default.

use super::field::Field;
use super::visible::is_visible;
use serde_json::{Map, Value};

/// Brings changed values to the one form of their type; a value that does not fit is left for `validate` to report.
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
        if let Some(normal) = field.field_type.normal(value) {
            *value = normal;
        }
    }
}

/// Fills in the defaults of visible fields without a value, also of those that become visible by a default.
pub fn fill_defaults(fields: &[Field], custom: &mut Map<String, Value>) {
    loop {
        let before = custom.len();
        for field in fields {
            if let Some(default) = &field.default
                && !custom.contains_key(&field.key)
                && is_visible(fields, field, custom)
            {
                custom.insert(field.key.clone(), default.clone());
            }
        }
        if custom.len() == before {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{field, object};
    use super::super::validate::{Moment, validate};
    use super::*;
    use serde_json::json;

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
}
