//! A custom field, compiled from its row.

use super::types::FieldType;
use super::visible_when::VisibleWhen;
use crate::conditions::Shape;
use crate::problem::Problem;
use serde_json::Value;

/// A field that can check values.
#[derive(Debug, Clone)]
pub struct Field {
    pub key: String,
    pub(super) field_type: FieldType,
    pub(super) required_on_create: bool,
    pub(super) required_on_solve: bool,
    pub default: Option<Value>,
    pub(super) visible_when: Option<VisibleWhen>,
}

/// The row of a field as the administrator wrote it.
#[derive(Debug, Clone)]
pub struct Definition<'a> {
    pub key: &'a str,
    pub kind: &'a str,
    pub config: &'a Value,
    pub required_on_create: bool,
    pub required_on_solve: bool,
    pub default: Option<&'a Value>,
    pub visible_when: Option<&'a Value>,
}

impl Field {
    /// The shape that conditions see.
    pub fn shape(&self) -> Shape {
        self.field_type.shape()
    }

    /// Compiles a definition, or reports every problem of it.
    pub fn compile(definition: &Definition<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let config = definition.config;
        let field_type = FieldType::parse(definition.kind, config, &mut problems);
        let visible_when = definition
            .visible_when
            .and_then(|value| VisibleWhen::parse(value, &mut problems));
        let Some(field_type) = field_type.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let field = Self {
            key: definition.key.to_owned(),
            field_type,
            required_on_create: definition.required_on_create,
            required_on_solve: definition.required_on_solve,
            default: None,
            visible_when,
        };
        let default = definition.default.filter(|v| !v.is_null());
        let field = Self {
            default: default.map(|value| {
                field
                    .field_type
                    .normal(value)
                    .unwrap_or_else(|| value.clone())
            }),
            ..field
        };
        if let Some(Err(message)) = field
            .default
            .as_ref()
            .map(|value| field.field_type.check(value))
        {
            return Err(vec![Problem::new("default_value", message)]);
        }
        Ok(field)
    }

    /// The record that a relation refers to: its type, and its id.
    pub fn points_to(&self, value: &Value) -> Option<(&str, i64)> {
        match &self.field_type {
            FieldType::Relation { target } => Some((target, value.as_i64().filter(|id| *id > 0)?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::field;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_relation_may_point_to_records_of_an_object_type() {
        let asset = field("asset", "relation", json!({"target": "object:asset"}));
        assert_eq!(asset.points_to(&json!(7)), Some(("object:asset", 7)));
        assert_eq!(asset.points_to(&json!(-7)), None);
        let config = json!({"target": "object:"});
        let nowhere = Definition {
            key: "asset",
            kind: "relation",
            config: &config,
            required_on_create: false,
            required_on_solve: false,
            default: None,
            visible_when: None,
        };
        assert!(Field::compile(&nowhere).is_err());
    }
}
