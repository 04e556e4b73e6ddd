//! The limits on the size of a condition: a page evaluates every test of it for every ticket that it reads.

use crate::problem::Problem;
use serde_json::Value as Json;

/// Depth of nested groups.
pub const DEPTH: usize = 16;
/// Groups and tests of one condition.
pub const PARTS: usize = 200;
/// Values of one test.
pub const VALUES: usize = 500;
/// Values of all tests of one condition.
pub const ALL_VALUES: usize = 2_000;
/// Characters of a value.
pub const LENGTH: usize = 1_000;
/// Characters of the name of a field or a schedule.
const NAME: usize = 200;

/// The limit that a condition exceeds. Checked before anything else, so that no other work grows with its size.
pub(super) fn excess(json: &Json) -> Option<Problem> {
    let (mut parts, mut values) = (0, 0);
    let mut open = vec![json];
    let problem = |message: String| Some(Problem::new("conditions", message));
    while let Some(part) = open.pop() {
        parts += 1;
        if parts > PARTS {
            return problem(format!("has more than {PARTS} groups and tests"));
        }
        for list in ["all", "any", "none"]
            .iter()
            .filter_map(|key| part[*key].as_array())
        {
            if list.len() > PARTS {
                return problem(format!("has more than {PARTS} groups and tests"));
            }
            open.extend(list);
        }
        if ["field", "schedule"]
            .iter()
            .any(|key| long(&part[*key], NAME))
        {
            return problem(format!("has a name of more than {NAME} characters"));
        }
        let own: &[Json] = match &part["value"] {
            Json::Array(list) => list,
            value => std::slice::from_ref(value),
        };
        values += own.len();
        if own.len() > VALUES {
            return problem(format!("has a list of more than {VALUES} values"));
        }
        if values > ALL_VALUES {
            return problem(format!("has more than {ALL_VALUES} values"));
        }
        if own.iter().any(|value| long(value, LENGTH)) {
            return problem(format!("has a value of more than {LENGTH} characters"));
        }
    }
    None
}

fn long(value: &Json, most: usize) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.chars().nth(most).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::parse::{parse_conditions, stored_conditions};
    use super::*;
    use serde_json::json;

    #[test]
    fn a_condition_has_a_size_that_a_page_can_ask() {
        let test = json!({"field": "subject", "op": "is", "value": "x"});
        let refusal = |condition: &Json| {
            let problems = parse_conditions(condition).expect_err("is too large");
            assert_eq!(problems.len(), 1);
            problems[0].to_string()
        };
        let of = |tests: usize| json!({"all": vec![test.clone(); tests]});
        assert!(parse_conditions(&of(PARTS - 1)).is_ok());
        assert!(stored_conditions(&of(PARTS)).is_ok(), "what is there stays");
        assert_eq!(
            refusal(&of(PARTS)),
            "conditions: has more than 200 groups and tests"
        );
        assert_eq!(
            refusal(&of(15_000)),
            "conditions: has more than 200 groups and tests"
        );
        let many =
            |values: usize| json!({"field": "subject", "op": "in", "value": vec!["x"; values]});
        assert!(parse_conditions(&many(VALUES)).is_ok());
        assert_eq!(
            refusal(&many(VALUES + 1)),
            "conditions: has a list of more than 500 values"
        );
        assert_eq!(
            refusal(&json!({"any": vec![many(VALUES); 5]})),
            "conditions: has more than 2000 values"
        );
        let long = json!({"field": "subject", "op": "matches", "value": "ä".repeat(LENGTH + 1)});
        assert_eq!(
            refusal(&long),
            "conditions: has a value of more than 1000 characters"
        );
        let named = json!({"field": "x".repeat(NAME + 1), "op": "present"});
        assert_eq!(
            refusal(&named),
            "conditions: has a name of more than 200 characters"
        );
    }
}
