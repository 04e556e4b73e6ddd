//! Custom fields: the check of a definition when its row is written, and of values on demand.

use crate::cache::config;
use crate::db;
use crate::error::refuse;
use crate::trigger::{Trigger, done, trigger};
use autocrm_core::fields::{Definition, Field, Moment, object_type, validate};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::{Map, Value};

pub const HINT: &str = "Correct each value and send the ticket again; nothing was saved.";

trigger!(
    tg_custom_fields__check,
    pg_finfo_tg_custom_fields__check,
    check
);

/// Refuses a field whose definition could not be used.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    let Some(row) = trigger.new_row() else {
        return done();
    };
    let (key, kind) = (
        row.text("key").unwrap_or_default(),
        row.text("type").unwrap_or_default(),
    );
    let (config, default, visible_when) = (
        row.json("config").unwrap_or_default(),
        row.json("default_value"),
        row.json("visible_when"),
    );
    let compiled = Field::compile(&Definition {
        key: &key,
        kind: &kind,
        config: &config,
        required_on_create: false,
        required_on_solve: false,
        default: default.as_ref(),
        visible_when: visible_when.as_ref(),
    });
    let mut problems = compiled.err().unwrap_or_default();
    let target = config["target"].as_str().filter(|_| kind == "relation");
    if let Some(target) = target.and_then(object_type)
        && db::run(
            // Held until this ends: whoever removes the type meanwhile finds the field.
            "select from app.object_types where key = $1 for key share",
            &[target.into()],
        ) == 0
    {
        problems.push(Problem::new(
            "config.target",
            format!("there is no object type '{target}'"),
        ));
    }
    if !problems.is_empty() {
        refuse(
            &format!("The custom field '{key}' cannot be saved as it is"),
            &problems,
            "Correct each part and save the field again.",
        );
    }
    row.into_datum()
}

/// `select autocrm.validate_fields('{"months": 999}', 'create')  -- {custom.months: 999 is above …}`
#[pg_extern(stable, parallel_restricted)]
fn validate_fields(custom: pgrx::JsonB, operation: &str) -> Vec<String> {
    let moment = match operation {
        "create" => Moment::Create,
        "solve" => Moment::Solve,
        _ => Moment::Update,
    };
    let values: Map<String, Value> = custom.0.as_object().cloned().unwrap_or_default();
    let config = config();
    let mut problems = validate(&config.fields, &values, None, moment);
    problems.extend(crate::relations::dangling(
        &config.fields,
        &values,
        None,
        false,
    ));
    problems.iter().map(ToString::to_string).collect()
}
