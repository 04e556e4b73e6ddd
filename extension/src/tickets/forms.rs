//! Forms of tickets: which custom fields are asked for, and when.

use crate::config::Config;
use crate::context;
use crate::identity::actor;
use crate::pg::db;
use crate::pg::error::refuse;
use crate::pg::json::Held;
use crate::pg::row::Row;
use crate::pg::trigger::{Trigger, done, trigger};
use crate::tickets::fields;
use autocrm_core::fields::{Field, Placed, misplaced};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::collections::HashMap;

#[derive(Debug)]
pub struct Form {
    pub name: String,
    active: bool,
    is_default: bool,
    shown_to: Vec<String>,
    teams: Option<Vec<i64>>,
    /// All fields of tickets, as this form asks for them.
    fields: Vec<Field>,
}

/// How each form places its fields, by their keys.
fn places() -> HashMap<i64, HashMap<String, Placed>> {
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

fn placed_as(fields: &[Field], places: Option<&HashMap<String, Placed>>) -> Vec<Field> {
    fields
        .iter()
        .map(|field| field.on_form(places.and_then(|places| places.get(&field.key))))
        .collect()
}

/// These fields as each form asks for them that has the field `key` and leaves it to the field when it is shown.
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

impl Form {
    /// Rules, admins and integrations may choose each; others what is shown to them.
    fn is_for_caller(&self) -> bool {
        let actor = actor();
        match actor.role.as_deref() {
            Some("agent") if !context::rule_acts() => {
                self.shown_to.iter().any(|role| role == "agent")
                    && self.teams.as_ref().is_none_or(|teams| actor.is_in(teams))
            }
            Some("customer") => self.shown_to.iter().any(|role| role == "customer"),
            _ => true,
        }
    }
}

impl Config {
    /// The fields of tickets, as this form asks for them.
    pub fn fields_of(&self, form: Option<i64>) -> &[Field] {
        form.and_then(|id| self.forms().get(&id))
            .map_or(&self.fields, |form| &form.fields)
    }

    pub fn form_by_name(&self, name: &str) -> Option<i64> {
        let name = name.to_lowercase();
        self.forms()
            .iter()
            .find_map(|(id, form)| (form.active && form.name.to_lowercase() == name).then_some(*id))
    }
}

/// The default form for a new ticket without one; refuses a choice that is none of the caller's.
pub fn choose(config: &Config, row: &mut Row, old: Option<&Row>, problems: &mut Vec<Problem>) {
    if old.is_some_and(|old| old.same_column(row, "form_id")) {
        return;
    }
    let Some(id) = row.get::<i64>("form_id") else {
        let default = config
            .forms()
            .iter()
            .find_map(|(id, form)| form.is_default.then_some(*id));
        if old.is_none() && default.is_some() {
            row.set("form_id", default);
        }
        return;
    };
    let fits = config
        .forms()
        .get(&id)
        .is_some_and(|form| form.active && form.is_for_caller());
    if !fits {
        problems.push(Problem::new(
            "form_id",
            format!("there is no form {id} that you may choose"),
        ));
    }
}

trigger!(
    tg_ticket_form_fields__check,
    pg_finfo_tg_ticket_form_fields__check,
    check
);

/// Refuses a condition that could not be understood, or could never be met.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    let Some(row) = trigger.new_row() else {
        return done();
    };
    let when = row.json("visible_when");
    let mut problems = Placed::read(None, when.as_ref()).err().unwrap_or_default();
    let newly = trigger
        .old_row()
        .is_none_or(|old| !old.same_column(&row, "visible_when"));
    if problems.is_empty()
        && newly
        && let Some(when) = when
    {
        let key = db::rows(
            "select key from app.custom_fields where id = $1",
            &[row.get::<i64>("custom_field_id").into()],
            |row| row.get::<String>(1),
        );
        let key = key.into_iter().flatten().next().unwrap_or_default();
        let form = row.get::<i64>("form_id").unwrap_or_default();
        let neighbours = fields::neighbours(fields::OF_TICKETS, 0, &key);
        let neighbours = placed_as(&neighbours, places().get(&form));
        problems = misplaced(&neighbours, &key, &when);
    }
    if !problems.is_empty() {
        refuse(
            "The form cannot be saved as it is",
            &problems,
            "Correct each part and save the form again.",
        );
    }
    row.into_datum()
}
