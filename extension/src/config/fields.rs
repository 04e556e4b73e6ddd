//! Definitions of custom fields, compiled.

use crate::pg::db;
use crate::pg::json::Held;
use autocrm_core::fields::{Definition, Field};
use pgrx::prelude::*;

/// Active fields with the id of their owner, read from the table as it is now: a statement may add several fields,
/// which the compiled configuration does not have yet.
pub const OF_TICKETS: &str =
    "select key, type::text, config, required_on_create, required_on_solve, default_value, visible_when, 0::bigint
       from app.custom_fields where active order by position, id";
pub const OF_OBJECTS: &str =
    "select key, type::text, config, required, false, default_value, visible_when, object_type_id
       from app.object_fields where active order by position, id";

/// The fields beside the one of this key.
pub fn neighbours(sql: &'static str, of: i64, key: &str) -> Vec<Field> {
    compile(sql)
        .into_iter()
        .filter(|(owner, field)| *owner == of && field.key != key)
        .map(|(_, field)| field)
        .collect()
}

pub fn of_tickets() -> Vec<Field> {
    compile(OF_TICKETS)
        .into_iter()
        .map(|(_, field)| field)
        .collect()
}

/// Fields with the id of their owner, which is the last column.
pub fn compile(sql: &'static str) -> Vec<(i64, Field)> {
    let rows = db::rows(sql, &[], |row| {
        Ok((
            row.get::<i64>(8)?.unwrap_or_default(),
            row.get::<String>(1)?.unwrap_or_default(),
            row.get::<String>(2)?.unwrap_or_default(),
            row.get::<Held>(3)?.map(|j| j.0).unwrap_or_default(),
            (
                row.get::<bool>(4)?.unwrap_or(false),
                row.get::<bool>(5)?.unwrap_or(false),
            ),
            row.get::<Held>(6)?.map(|j| j.0),
            row.get::<Held>(7)?.map(|j| j.0),
        ))
    });
    rows.iter()
        .filter_map(
            |(owner, key, kind, config, required, default, visible_when)| {
                let definition = Definition {
                    key,
                    kind,
                    config,
                    required_on_create: required.0,
                    required_on_solve: required.1,
                    default: default.as_ref(),
                    visible_when: visible_when.as_ref(),
                };
                let field = Field::compile(&definition).ok();
                if field.is_none() {
                    warning!(
                        "custom field {key} is left out: its definition can no longer be read"
                    );
                }
                field.map(|field| (*owner, field))
            },
        )
        .collect()
}
