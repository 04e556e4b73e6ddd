//! The condition under which a field is visible: another field has one of some values.

use crate::moment;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// `{"field": "area", "in": ["disk"]}`: shown while that field has one of these values.
#[derive(Debug, Clone)]
pub(super) struct VisibleWhen {
    pub(super) field: String,
    pub(super) values: Vec<Value>,
}

impl VisibleWhen {
    /// `None` without a condition, or when it has a problem.
    pub(super) fn parse(value: &Value, problems: &mut Vec<Problem>) -> Option<Self> {
        let single = |value: &Value| !value.is_null() && !value.is_object() && !value.is_array();
        match (value["field"].as_str(), value["in"].as_array()) {
            (Some(field), Some(values)) if values.iter().all(single) && !values.is_empty() => {
                Some(Self {
                    field: field.to_owned(),
                    values: values.clone(),
                })
            }
            _ if value.is_null() => None,
            _ => {
                problems.push(Problem::new(
                    "visible_when",
                    "must be {\"field\": key, \"in\": [values]}",
                ));
                None
            }
        }
    }

    /// Whether these values make the field visible; one item of a list is enough.
    pub(super) fn holds(&self, custom: &Map<String, Value>) -> bool {
        let among = |value: &Value| self.values.iter().any(|wanted| same(value, wanted));
        match custom.get(&self.field) {
            Some(Value::Array(items)) => items.iter().any(among),
            Some(value) => among(value),
            None => false,
        }
    }
}

/// Numbers are equal by what they are worth, points in time by their instant.
fn same(value: &Value, wanted: &Value) -> bool {
    value == wanted
        || match (value, wanted) {
            (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
            (Value::String(a), Value::String(b)) => {
                moment::micros(a).is_some_and(|at| moment::micros(b) == Some(at))
            }
            _ => false,
        }
}
