//! Visibility: a field may depend on the value of another one, which may depend on a third. A hidden field hides
//! those that depend on it.

use super::field::Field;
use super::types::FieldType;
use super::visible_when::VisibleWhen;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// Whether `field`, one of `fields`, is visible beside these values. A field that is no longer in use hides nothing:
/// its value counts as it is.
pub(super) fn is_visible(fields: &[Field], field: &Field, custom: &Map<String, Value>) -> bool {
    let mut field = field;
    // At most one step a field: a circle, which `misplaced` refuses, makes nothing visible.
    for _ in 0..=fields.len() {
        let Some(when) = &field.visible_when else {
            return true;
        };
        if !when.holds(custom) {
            return false;
        }
        match fields.iter().find(|other| other.key == when.field) {
            Some(other) => field = other,
            None => return true,
        }
    }
    false
}

/// The problems of the condition of the field `key`, beside the other `fields` in use: it refers to none of them, to
/// values that the other field cannot have, or back to itself.
pub fn misplaced(fields: &[Field], key: &str, visible_when: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(when) = VisibleWhen::parse(visible_when, &mut problems) else {
        return problems;
    };
    if when.field == key {
        return vec![Problem::new("visible_when.field", "must be another field")];
    }
    let Some(other) = fields.iter().find(|field| field.key == when.field) else {
        return vec![Problem::new(
            "visible_when.field",
            format!("there is no field '{}' in use", when.field),
        )];
    };
    for (i, value) in when.values.iter().enumerate() {
        // The condition compares with one item of a list.
        let fits = match &other.field_type {
            FieldType::MultiSelect { .. } => {
                other.field_type.check(&Value::Array(vec![value.clone()]))
            }
            field_type => field_type.check(value),
        };
        if let Err(message) = fits {
            problems.push(Problem::new(format!("visible_when.in[{i}]"), message));
        }
    }
    let mut chain = vec![key, when.field.as_str()];
    let mut next = other;
    while let Some(when) = &next.visible_when {
        chain.push(&when.field);
        if when.field == key {
            problems.push(Problem::new(
                "visible_when.field",
                format!("goes round in a ring: {}", chain.join(", ")),
            ));
            break;
        }
        match fields.iter().find(|field| field.key == when.field) {
            Some(field) if chain.len() <= fields.len() + 1 => next = field,
            _ => break,
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::field::Definition;
    use super::super::prepare::fill_defaults;
    use super::super::validate::{Moment, validate};
    use super::*;
    use serde_json::json;

    fn field(key: &str, kind: &str, config: Value, when: Value) -> Field {
        Field::compile(&Definition {
            key,
            kind,
            config: &config,
            required_on_create: true,
            required_on_solve: false,
            default: None,
            visible_when: Some(&when),
        })
        .expect("compiles")
    }

    fn missing(fields: &[Field], custom: Value) -> Vec<String> {
        let custom = custom.as_object().cloned().expect("an object");
        validate(fields, &custom, None, Moment::Create)
            .into_iter()
            .map(|problem| problem.path)
            .collect()
    }

    fn parts() -> Value {
        json!({"options": ["disk", "screen", "fan"]})
    }

    #[test]
    fn one_item_of_a_list_is_enough() {
        let fields = [
            field("parts", "multiselect", parts(), Value::Null),
            field(
                "serial",
                "text",
                json!({}),
                json!({"field": "parts", "in": ["disk", "fan"]}),
            ),
        ];
        assert_eq!(
            missing(&fields, json!({"parts": ["screen", "disk"]})),
            ["custom.serial"]
        );
        assert!(missing(&fields, json!({"parts": ["screen"]})).is_empty());
    }

    #[test]
    fn what_depends_on_a_hidden_field_is_hidden_with_it() {
        let fields = [
            field("c", "text", json!({}), json!({"field": "b", "in": [true]})),
            field("b", "boolean", json!({}), json!({"field": "a", "in": [7]})),
            field("a", "integer", json!({}), Value::Null),
        ];
        assert_eq!(missing(&fields, json!({"a": 7, "b": true})), ["custom.c"]);
        // The value of b is still there, and nobody sees it.
        assert!(missing(&fields, json!({"a": 8, "b": true})).is_empty());
        assert_eq!(missing(&fields, json!({"a": 7})), ["custom.b"]);
    }

    #[test]
    fn a_ring_and_what_leads_into_one_ask_for_nothing_and_end() {
        let fields = [
            field(
                "a",
                "boolean",
                json!({}),
                json!({"field": "b", "in": [true]}),
            ),
            field(
                "b",
                "boolean",
                json!({}),
                json!({"field": "a", "in": [true]}),
            ),
            field("c", "text", json!({}), json!({"field": "a", "in": [true]})),
        ];
        assert!(missing(&fields, json!({"a": true, "b": true})).is_empty());
        let problems = misplaced(&fields, "d", &json!({"field": "c", "in": ["x"]}));
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn a_condition_names_a_field_that_there_is_and_what_it_can_have() {
        let fields = [
            field("parts", "multiselect", parts(), Value::Null),
            field(
                "due",
                "date",
                json!({}),
                json!({"field": "serial", "in": ["x"]}),
            ),
        ];
        let problems = |when: Value| -> Vec<String> {
            misplaced(&fields, "serial", &when)
                .into_iter()
                .map(|p| p.path)
                .collect()
        };
        assert!(problems(json!({"field": "parts", "in": ["disk"]})).is_empty());
        assert_eq!(
            problems(json!({"field": "part", "in": ["disk"]})),
            ["visible_when.field"]
        );
        assert_eq!(
            problems(json!({"field": "serial", "in": ["disk"]})),
            ["visible_when.field"]
        );
        assert_eq!(
            problems(json!({"field": "parts", "in": ["disk", "lid", 7]})),
            ["visible_when.in[1]", "visible_when.in[2]"]
        );
        assert_eq!(
            problems(json!({"field": "due", "in": ["2026-9-5"]})),
            ["visible_when.field"]
        );
        for unreadable in [
            json!({"field": "parts"}),
            json!({"field": "parts", "in": []}),
            json!({"field": "parts", "in": [null]}),
        ] {
            assert_eq!(problems(unreadable), ["visible_when"]);
        }
    }

    #[test]
    fn a_default_shows_what_depends_on_it_whatever_their_order() {
        let config = json!({});
        let of = |key, kind, default: Value, when: Value| {
            Field::compile(&Definition {
                key,
                kind,
                config: &config,
                required_on_create: false,
                required_on_solve: false,
                default: Some(&default),
                visible_when: Some(&when),
            })
            .expect("compiles")
        };
        let fields = [
            of(
                "b",
                "date",
                json!("2026-9-5"),
                json!({"field": "a", "in": [true]}),
            ),
            of("a", "boolean", json!(true), Value::Null),
        ];
        let mut custom = Map::new();
        fill_defaults(&fields, &mut custom);
        assert_eq!(Value::Object(custom), json!({"a": true, "b": "2026-09-05"}));
    }
}
