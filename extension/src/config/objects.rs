//! Custom object types, with their fields.

use super::fields;
use crate::pg::db;
use autocrm_core::fields::Field;
use std::collections::HashMap;

/// A type of records.
#[derive(Debug)]
pub struct ObjectType {
    pub active: bool,
    pub fields: Vec<Field>,
}

pub fn load() -> HashMap<i64, ObjectType> {
    let mut types: HashMap<i64, ObjectType> =
        db::rows("select id, active from app.object_types", &[], |row| {
            let kind = ObjectType {
                active: row.get(2)?.unwrap_or(false),
                fields: Vec::new(),
            };
            Ok((row.get::<i64>(1)?.unwrap_or_default(), kind))
        })
        .into_iter()
        .collect();
    let fields = fields::compile(fields::OF_OBJECTS);
    for (kind, field) in fields {
        if let Some(kind) = types.get_mut(&kind) {
            kind.fields.push(field);
        }
    }
    types
}
