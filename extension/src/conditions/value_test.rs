//! One test of a value, compiled once for the rows of a query.

use crate::conditions::check::HINT;
use crate::conditions::values::custom_value;
use crate::pg::call::{Jsonb, answer, args};
use crate::pg::error::{native, refuse};
use crate::pg::json::Held;
use autocrm_core::conditions::{Condition, Facts, Field, Value, parse_conditions};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// One value, for every field.
struct One<'a>(Value<'a>);

impl Facts for One<'_> {
    fn get(&self, _: &Field) -> Value<'_> {
        self.0.clone()
    }

    fn priority_weight(&self, _: &str) -> Option<f64> {
        None
    }
}

/// Whether the condition holds for this value, whatever field it tests.
pub fn holds(condition: &Condition, value: Option<&serde_json::Value>) -> bool {
    condition.holds(&One(custom_value(value)))
}

thread_local! {
    /// Compiled tests by their bytes: a predicate applies one test to thousands of rows.
    static TESTS: RefCell<HashMap<Vec<u8>, Rc<Condition>>> = RefCell::default();
}
const TESTS_KEPT: usize = 500;
/// Bytes of the longest test that is cached.
const TEST_BYTES: usize = 10_000;

/// The test behind a jsonb, compiled once.
fn compiled(test: &Jsonb) -> Rc<Condition> {
    let bytes = test.bytes();
    if let Some(known) = TESTS.with_borrow(|tests| tests.get(bytes).cloned()) {
        return known;
    }
    let parsed = parse_conditions(&test.value()).unwrap_or_else(|problems| {
        refuse("The condition cannot be used as it is", &problems, HINT)
    });
    let parsed = Rc::new(parsed);
    TESTS.with_borrow_mut(|tests| {
        if tests.len() >= TESTS_KEPT {
            tests.clear();
        }
        if bytes.len() <= TEST_BYTES {
            tests.insert(bytes.to_vec(), Rc::clone(&parsed));
        }
    });
    parsed
}

// `select autocrm.test('"Refund"', '{"field": "subject", "op": "contains", "value": "fund"}')  -- true`
native!(test_value, pg_finfo_test_value, |fcinfo| {
    let (value, test): (Option<Held>, Option<Jsonb>) = args(fcinfo);
    let Some(test) = test else {
        return answer(fcinfo, None::<bool>);
    };
    let condition = compiled(&test);
    let value = value.as_ref().map(|held| &held.0);
    answer(fcinfo, Some(holds(&condition, value)))
});
