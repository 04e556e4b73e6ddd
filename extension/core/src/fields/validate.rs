//! Validation of a ticket's `custom` object: every value fits its field, and no required one is missing.

use super::field::Field;
use super::visible::is_visible;
use crate::pause::pause;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// The occasion of a validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Create,
    /// A ticket is created that is solved already, as by an import.
    CreateSolved,
    Update,
    Solve,
    /// A solved ticket is changed; what was required for solving stays so.
    UpdateSolved,
    /// The desk itself removes a value that has lost its meaning.
    Tidy,
    /// A record of an object type is written; what is required is so at once.
    Record,
}

/// A required field may never be missing, or may not become so.
#[derive(Debug, Clone, Copy)]
enum Demand {
    Always(&'static str),
    Stays(&'static str),
    None,
}

impl Field {
    /// Whether and why this field may not be missing on an occasion.
    fn demand(&self, moment: Moment) -> Demand {
        let (create, solve) = (self.required_on_create, self.required_on_solve);
        match moment {
            Moment::Record if create => Demand::Always("is required"),
            Moment::Create | Moment::CreateSolved if create => {
                Demand::Always("is required when a ticket is created")
            }
            Moment::CreateSolved | Moment::Solve if solve => {
                Demand::Always("is required when a ticket is solved")
            }
            Moment::UpdateSolved if solve => {
                Demand::Stays("is required of a ticket that is solved")
            }
            Moment::Update | Moment::UpdateSolved | Moment::Solve if create => {
                Demand::Stays("is required when a ticket is created, and stays so")
            }
            _ => Demand::None,
        }
    }
}

/// An empty text or list counts as missing.
fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

pub(super) fn unknown(key: &str) -> Problem {
    Problem::new(format!("custom.{key}"), "is not a field of this desk")
}

/// The problems of `custom` on an occasion; none when it may be stored.
///
/// `known` holds the values before an update: those that did not change are not checked again, so a
/// later change of a field's definition never blocks work on old tickets. For the same reason what is required
/// may stay missing where it was, but not be emptied.
pub fn validate(
    fields: &[Field],
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
    moment: Moment,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, value) in custom {
        pause();
        let unchanged = known.is_some_and(|known| known.get(key) == Some(value));
        if value.is_null() || unchanged {
            continue;
        }
        match fields.iter().find(|field| field.key == *key) {
            None => problems.push(unknown(key)),
            Some(field) => {
                if let Err(message) = field.field_type.check(value) {
                    problems.push(Problem::new(format!("custom.{key}"), message));
                }
            }
        }
    }
    let missing = |field: &Field, values: &Map<String, Value>| {
        is_blank(values.get(&field.key)) && is_visible(fields, field, values)
    };
    for field in fields {
        let demand = field.demand(moment);
        let (Demand::Always(message) | Demand::Stays(message)) = demand else {
            continue;
        };
        // A demand that came later than the ticket is no reason to stop work on it.
        let stays = matches!(demand, Demand::Stays(_));
        if missing(field, custom)
            && (!stays || known.is_some_and(|known| !missing(field, known)))
            // While a ticket is worked on a field may come up without a value; it may not be emptied.
            && (moment != Moment::Update || known.is_some_and(|known| !is_blank(known.get(&field.key))))
        {
            problems.push(Problem::new(format!("custom.{}", field.key), message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::samples::{field, object};
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn all_problems_come_at_once_with_their_paths() {
        let fields = [
            field("serial", "regex", json!({"pattern": "[A-Z]{2}-[0-9]{4}"})),
            field("months", "integer", json!({"min": 0, "max": 120})),
            field("area", "dropdown", json!({"options": ["web", "mail"]})),
        ];
        let custom = object(json!({"serial": "x", "months": 999, "area": "fax", "typo": 1}));
        let found = validate(&fields, &custom, None, Moment::Create);
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines.contains(&"custom.months: 999 is above the maximum of 120".to_owned()));
        assert!(lines.contains(&"custom.typo: is not a field of this desk".to_owned()));
    }

    #[test]
    fn required_on_solve_is_asked_then_and_only_then() {
        let fields = [field("serial", "text", json!({}))];
        assert!(validate(&fields, &Map::new(), None, Moment::Update).is_empty());
        assert_eq!(validate(&fields, &Map::new(), None, Moment::Solve).len(), 1);
    }

    #[test]
    fn what_says_nothing_is_missing() {
        let options = json!({"options": ["a", "b"]});
        let fields = [
            field("parts", "multiselect", options),
            field("cause", "text", json!({})),
        ];
        for moment in [Moment::Solve, Moment::CreateSolved] {
            let custom = object(json!({"parts": [], "cause": "  "}));
            assert_eq!(
                validate(&fields, &custom, None, moment).len(),
                2,
                "{moment:?}"
            );
        }
        let custom = object(json!({"parts": ["a"], "cause": "x"}));
        assert!(validate(&fields, &custom, None, Moment::CreateSolved).is_empty());
    }

    #[test]
    fn what_was_required_is_not_emptied_afterwards() {
        let fields = [field("cause", "text", json!({}))];
        let known = object(json!({"cause": "cable", "area": 1}));
        for emptied in [json!({}), json!({"cause": null}), json!({"cause": ""})] {
            let custom = object(emptied);
            assert_eq!(
                validate(&fields, &custom, Some(&known), Moment::UpdateSolved).len(),
                1
            );
            assert!(validate(&fields, &custom, Some(&known), Moment::Update).is_empty());
        }
        // It was missing before it was required.
        let none = Map::new();
        assert!(validate(&fields, &none, Some(&none), Moment::UpdateSolved).is_empty());

        let early = [Field {
            required_on_create: true,
            ..fields[0].clone()
        }];
        assert_eq!(
            validate(&early, &none, Some(&known), Moment::Update).len(),
            1
        );
        assert!(validate(&early, &none, Some(&none), Moment::Update).is_empty());
    }

    #[test]
    fn values_that_did_not_change_are_left_alone() {
        let fields = [field("months", "integer", json!({"max": 3}))];
        let custom = object(json!({"months": 9}));
        assert!(validate(&fields, &custom, Some(&custom), Moment::Update).is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_validation_panic(key in ".{0,12}", value in ".{0,60}") {
            let fields = [field("serial", "regex", json!({"pattern": "[a-z]+"})), field("u", "url", json!({}))];
            let mut custom = Map::new();
            custom.insert(key, Value::String(value.clone()));
            custom.insert("u".into(), Value::String(value));
            let _ = validate(&fields, &custom, None, Moment::Create);
        }
    }
}
