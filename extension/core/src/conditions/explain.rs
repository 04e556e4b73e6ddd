//! Explanations: a condition as it was written, with the value that each test found and whether it holds.

use super::condition::{Condition, Test};
use super::facts::{Facts, Value};
use crate::moment;
use serde_json::{Value as Json, json};

/// Characters of a found text: an explanation does not repeat the ticket.
const FOUND: usize = 120;

impl Condition {
    /// The condition with `holds` on every group and test, and `found` on every test, those behind the
    /// deciding one included.
    pub fn explain(&self, facts: &dyn Facts) -> Json {
        let (group, parts) = match self {
            Self::All(parts) => ("all", parts),
            Self::Any(parts) => ("any", parts),
            Self::None(parts) => ("none", parts),
            Self::Test(test) => return test.explain(facts),
        };
        let parts: Vec<Json> = parts.iter().map(|part| part.explain(facts)).collect();
        json!({"holds": self.holds(facts), group: parts})
    }
}

impl Test {
    fn explain(&self, facts: &dyn Facts) -> Json {
        let mut test = self.source.clone();
        test["found"] = found(&self.value(facts));
        test["holds"] = Json::Bool(self.holds(facts));
        test
    }
}

fn found(value: &Value<'_>) -> Json {
    match value {
        Value::Absent => Json::Null,
        Value::Text(text) if text.chars().count() > FOUND => {
            Json::String(text.chars().take(FOUND).collect::<String>() + "…")
        }
        Value::Text(text) => Json::String(text.to_string()),
        Value::Number(number) => json!(number),
        Value::Bool(flag) => json!(flag),
        Value::Time(at) => moment::timestamptz(*at).map_or(Json::Null, Json::String),
        Value::List(items) => items.iter().map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::super::parse::parse_conditions;
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    struct Subject(String);

    impl Facts for Subject {
        fn get(&self, field: &Field) -> Value<'_> {
            match field {
                Field::Subject => Value::Text(Cow::Borrowed(&self.0)),
                _ => Value::Absent,
            }
        }

        fn priority_weight(&self, _: &str) -> Option<f64> {
            None
        }
    }

    #[test]
    fn every_test_tells_what_it_found() {
        let condition = parse_conditions(&json!({"any": [
            {"field": "subject", "op": "contains", "value": "refund"},
            {"all": [{"field": "tags", "op": "present"}]}
        ]}))
        .expect("parses");
        assert_eq!(
            condition.explain(&Subject("Where is my Refund".into())),
            json!({"holds": true, "any": [
                {"field": "subject", "op": "contains", "value": "refund", "found": "Where is my Refund", "holds": true},
                {"holds": false, "all": [{"field": "tags", "op": "present", "found": null, "holds": false}]}
            ]})
        );
    }

    proptest! {
        #[test]
        fn the_explanation_never_contradicts_the_rule(subject in ".{0,200}", word in "[a-z]{1,2}", negate in any::<bool>()) {
            let group = if negate { "none" } else { "all" };
            let condition = parse_conditions(&json!({group: [{"field": "subject", "op": "contains", "value": word}]}))
                .expect("parses");
            let facts = Subject(subject);
            prop_assert_eq!(condition.explain(&facts)["holds"].as_bool(), Some(condition.holds(&facts)));
        }
    }
}
