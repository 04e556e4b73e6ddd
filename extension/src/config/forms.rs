//! Forms of tickets: which custom fields each asks for, and when.

use crate::pg::db;
use crate::pg::json::Held;
use autocrm_core::fields::{Field, Placed};
use pgrx::prelude::*;
use std::collections::HashMap;

#[derive(Debug)]
pub struct Form {
    pub name: String,
    pub active: bool,
    pub is_default: bool,
    pub shown_to: Vec<String>,
    pub teams: Option<Vec<i64>>,
    /// All fields of tickets, with what this form requires and shows.
    pub fields: Vec<Field>,
}

/// The settings of each form for its fields, by key.
pub fn places() -> HashMap<i64, HashMap<String, Placed>> {
    let mut placed: HashMap<i64, HashMap<String, Placed>> = HashMap::new();
    let rows = db::rows(
        "select p.form_id, f.key, p.required::text, p.visible_when
           from app.ticket_form_fields p join app.custom_fields f on f.id = p.custom_field_id",
        &[],
        |row| {
            let when = row.get::<Held>(4)?.map(|json| json.0);
            Ok((
                row.get::<i64>(1)?.unwrap_or_default(),
                row.get::<String>(2)?.unwrap_or_default(),
                Placed::read(row.get::<String>(3)?.as_deref(), when.as_ref()),
            ))
        },
    );
    for (form, key, place) in rows {
        match place {
            Ok(place) => {
                placed.entry(form).or_default().insert(key, place);
            }
            Err(_) => {
                warning!(
                    "form {form} asks for {key} whenever: its condition can no longer be read"
                );
            }
        }
    }
    placed
}

/// Fields with the settings of a form.
pub fn placed_as(fields: &[Field], places: Option<&HashMap<String, Placed>>) -> Vec<Field> {
    fields
        .iter()
        .map(|field| field.on_form(places.and_then(|places| places.get(&field.key))))
        .collect()
}

/// These fields with the settings of each form that has the field `key` without a condition of its own.
pub fn ways(fields: &[Field], key: &str) -> Vec<Vec<Field>> {
    places()
        .values()
        .filter(|places| places.get(key).is_some_and(|place| !place.has_condition()))
        .map(|places| placed_as(fields, Some(places)))
        .collect()
}

pub fn load(fields: &[Field]) -> HashMap<i64, Form> {
    let placed = places();
    db::rows(
        "select id, name, active, is_default, shown_to::text[], team_ids from app.ticket_forms",
        &[],
        |row| {
            let id = row.get::<i64>(1)?.unwrap_or_default();
            let form = Form {
                name: row.get(2)?.unwrap_or_default(),
                active: row.get(3)?.unwrap_or(false),
                is_default: row.get(4)?.unwrap_or(false),
                shown_to: row.get(5)?.unwrap_or_default(),
                teams: row.get(6)?,
                fields: placed_as(fields, placed.get(&id)),
            };
            Ok((id, form))
        },
    )
    .into_iter()
    .collect()
}
