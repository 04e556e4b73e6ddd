//! Restricted values: fields that a user may not see do not exist for them, in problems and in explanations.

use super::validate::unknown;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// The problems for a user who may not see the fields `hidden`: setting one is a problem, and a missing one is not.
pub fn seen_by(
    hidden: &[String],
    mut problems: Vec<Problem>,
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
) -> Vec<Problem> {
    problems.retain(|problem| {
        problem
            .path
            .strip_prefix("custom.")
            .is_none_or(|key| !hidden.iter().any(|h| h == key))
    });
    let changed = |key: &&String| custom.get(*key) != known.and_then(|known| known.get(*key));
    problems.extend(hidden.iter().filter(changed).map(|key| unknown(key)));
    problems
}

/// Removes from an explanation of rules the tests and actions on the fields `hidden`; only whether they hold stays.
pub fn conceal(hidden: &[String], explanation: &mut Value) {
    match explanation {
        Value::Array(items) => items.iter_mut().for_each(|item| conceal(hidden, item)),
        Value::Object(object) => {
            for part in ["field", "set"] {
                let names = object
                    .get(part)
                    .and_then(Value::as_str)
                    .and_then(|name| name.strip_prefix("custom."))
                    .is_some_and(|key| hidden.iter().any(|h| h == key));
                if names {
                    object.retain(|key, _| key == "holds");
                    object.insert(part.to_owned(), "custom.hidden".into());
                }
            }
            object.values_mut().for_each(|value| conceal(hidden, value));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{field, object};
    use super::super::validate::{Moment, validate};
    use super::*;
    use serde_json::json;

    #[test]
    fn a_hidden_field_is_unknown_to_whom_it_is_hidden_from_and_not_asked_of_them() {
        let hidden = ["cause".to_owned()];
        let fields = [field("cause", "text", json!({}))];
        let problems = |custom: Value, known: Value| {
            let (custom, known) = (object(custom), object(known));
            let found = validate(&fields, &custom, Some(&known), Moment::Solve);
            seen_by(&hidden, found, &custom, Some(&known))
        };
        assert!(problems(json!({}), json!({})).is_empty());
        assert!(problems(json!({"cause": "x"}), json!({"cause": "x"})).is_empty());
        for (custom, known) in [
            (json!({"cause": "x"}), json!({})),
            (json!({}), json!({"cause": "x"})),
            (json!({"cause": 7}), json!({"cause": "x"})),
        ] {
            let found = problems(custom, known);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(
                found[0].to_string(),
                "custom.cause: is not a field of this desk"
            );
        }
    }

    #[test]
    fn what_is_told_of_a_rule_leaves_hidden_fields_out() {
        let hidden = ["cause".to_owned()];
        let mut explanation = json!({
            "rules": [{"all": [{"field": "custom.cause", "op": "is", "value": "a", "found": "a", "holds": true}]}],
            "actions": [{"set": "custom.cause", "value": "a"}, {"set": "custom.area", "value": "b"}],
        });
        conceal(&hidden, &mut explanation);
        assert_eq!(
            explanation,
            json!({
                "rules": [{"all": [{"field": "custom.hidden", "holds": true}]}],
                "actions": [{"set": "custom.hidden"}, {"set": "custom.area", "value": "b"}],
            })
        );
    }
}
