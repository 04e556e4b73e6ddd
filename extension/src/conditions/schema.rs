//! The JSON schema of conditions, for editors.

use crate::config::config;
use crate::identity::actor;
use crate::pg::call::answer;
use crate::pg::error::native;
use autocrm_core::conditions::{Field, LENGTH, PARTS, Shape, VALUES, operators_of};
use serde_json::{Value as Json, json};

/// What a value of this shape looks like.
fn value_schema(shape: Shape, op: &str) -> Json {
    let text = json!({"type": "string", "minLength": 1, "maxLength": LENGTH});
    let number = json!({"type": "number"});
    let one = match shape {
        Shape::Number | Shape::Hours => number.clone(),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Any => json!({"type": ["string", "number", "boolean"]}),
        Shape::Date => json!({"type": "string", "format": "date"}),
        Shape::Instant => json!({"type": "string", "format": "date-time"}),
        _ => text.clone(),
    };
    let moment = json!({"oneOf": [
        {"type": "string", "format": "date-time"},
        {"type": "object", "required": ["hours_ago"], "additionalProperties": false,
         "properties": {"hours_ago": {"type": "number", "minimum": 0}}}
    ]});
    match op {
        "in" | "not_in" => {
            json!({"type": "array", "minItems": 1, "maxItems": VALUES, "items": one})
        }
        "changed_to" | "changed_from" => {
            json!({"oneOf": [one.clone(), {"type": "array", "minItems": 1, "maxItems": VALUES, "items": one}]})
        }
        "between" => json!({"type": "array", "minItems": 2, "maxItems": 2, "items": one}),
        "includes_all" | "includes_any" | "includes_none" => {
            json!({"type": "array", "minItems": 1, "maxItems": VALUES, "items": text})
        }
        "contains_word" => {
            json!({"oneOf": [text.clone(), {"type": "array", "minItems": 1, "maxItems": VALUES, "items": text}]})
        }
        "contains" | "not_contains" | "starts_with" | "ends_with" | "matches"
        | "within_schedule" | "outside_schedule" => text,
        "before" | "after" => moment,
        "within_last" => json!({"type": "number", "minimum": 0}),
        "present" | "absent" | "changed" => Json::Bool(true),
        _ => one,
    }
}

/// The tests that fit one field: each operator with its value.
fn field_schema(name: &str, field: &Field, shape: Shape) -> Vec<Json> {
    operators_of(field, shape)
        .iter()
        .map(|op| {
            let bare = matches!(*op, "present" | "absent" | "changed");
            let mut properties = json!({"field": {"const": name}, "op": {"const": op}, "value": value_schema(shape, op)});
            if *field == Field::Assignee && !bare {
                properties["value"]["description"] = json!("ids of agents; current_user is whoever looks at a view");
            }
            if shape == Shape::Hours {
                properties["schedule"] = json!({"type": "string", "minLength": 1});
            }
            let required = if bare { json!(["field", "op"]) } else { json!(["field", "op", "value"]) };
            json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
        })
        .collect()
}

// `select autocrm.condition_schema()`
native!(condition_schema, pg_finfo_condition_schema, |fcinfo| {
    let config = config();
    let mut tests: Vec<Json> = Field::all()
        .flat_map(|(name, field)| field_schema(name, field, field.shape()))
        .collect();
    let hidden = config.sight.hidden(actor().role.as_deref());
    for custom in config
        .fields
        .iter()
        .filter(|field| !hidden.contains(&field.key))
    {
        let name = format!("custom.{}", custom.key);
        tests.extend(field_schema(
            &name,
            &Field::Custom(custom.key.clone()),
            custom.shape(),
        ));
    }
    let group = |name: &str| {
        json!({"type": "object", "required": [name], "additionalProperties": false,
               "properties": {name: {"type": "array", "maxItems": PARTS, "items": {"$ref": "#/$defs/condition"}}}})
    };
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Condition",
        "description": format!("At most {PARTS} groups and tests in all."),
        "$ref": "#/$defs/condition",
        "$defs": {
            "condition": {"oneOf": [group("all"), group("any"), group("none"), {"$ref": "#/$defs/test"}]},
            "test": {"anyOf": tests}
        }
    });
    answer(fcinfo, Some(pgrx::JsonB(schema)))
});
