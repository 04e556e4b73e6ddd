//! Fields for the tests of this folder.

use super::field::{Definition, Field};
use serde_json::{Map, Value};

/// Required on solving.
pub fn field(key: &str, kind: &str, config: Value) -> Field {
    Field::compile(&Definition {
        key,
        kind,
        config: &config,
        required_on_create: false,
        required_on_solve: true,
        default: None,
        visible_when: None,
    })
    .expect("compiles")
}

pub fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
