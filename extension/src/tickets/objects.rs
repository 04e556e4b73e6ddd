//! Records of custom object types: completed and checked by the fields of their type before they are written.

use crate::config::config;
use crate::pg::call::{answer, args};
use crate::pg::error::{native, refuse};
use crate::pg::trigger::{Trigger, done, trigger};
use crate::tickets::relations::dangling;
use autocrm_core::fields::{Field, Moment, fill_defaults, normalise, validate};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use serde_json::{Map, Value};

const HINT: &str = "Correct each value and send the record again; nothing was saved.";

trigger!(
    tg_object_records__prepare,
    pg_finfo_tg_object_records__prepare,
    prepare
);

fn prepare(trigger: &Trigger) -> pg_sys::Datum {
    let Some(mut row) = trigger.new_row() else {
        return done();
    };
    let old = trigger.old_row();
    let mut problems = Vec::new();
    let name = row.text("name").unwrap_or_default().trim().to_owned();
    if !(1..=200).contains(&name.chars().count()) {
        problems.push(Problem::new("name", "must have 1 to 200 characters"));
    }
    row.set("name", Some(name));
    let key = row.text("external_key");
    if key.is_some_and(|key| !(1..=200).contains(&key.chars().count())) {
        problems.push(Problem::new(
            "external_key",
            "must have 1 to 200 characters, or be null",
        ));
    }
    if old
        .as_ref()
        .is_some_and(|old| !old.same_column(&row, "object_type_id"))
    {
        problems.push(Problem::new("type", "cannot be changed"));
    }
    let config = config();
    let kind = row
        .get::<i64>("object_type_id")
        .and_then(|id| config.objects().get(&id));
    match kind {
        Some(kind) if old.is_some() || kind.active => {
            let known = old.as_ref().map(|old| old.object("custom"));
            match row.json("custom") {
                Some(Value::Object(given)) => {
                    let mut custom = given.clone();
                    custom.retain(|_, value| !value.is_null());
                    normalise(&kind.fields, &mut custom, known.as_ref());
                    if known.is_none() {
                        fill_defaults(&kind.fields, &mut custom);
                    }
                    if known.as_ref() != Some(&custom) {
                        problems.extend(check(&kind.fields, &custom, known.as_ref()));
                    }
                    if custom != given {
                        row.set_text("custom", &Value::Object(custom).to_string());
                    }
                }
                _ => problems.push(Problem::new(
                    "custom",
                    "must be an object of field keys and values",
                )),
            }
        }
        _ => problems.push(Problem::new("type", "is not an object type in use")),
    }
    if !problems.is_empty() {
        refuse("The record cannot be saved as it is", &problems, HINT);
    }
    row.into_datum()
}

fn check(
    fields: &[Field],
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
) -> Vec<Problem> {
    let mut problems = validate(fields, custom, known, Moment::Record);
    problems.extend(dangling(fields, custom, known, false));
    problems
}

// `select autocrm.validate_record(1, '{"serial": 7}')  -- {custom.serial: must be text}`
native!(validate_record, pg_finfo_validate_record, |fcinfo| {
    let (kind, custom): (i64, Value) = args(fcinfo);
    let custom = custom.as_object().cloned().unwrap_or_default();
    let config = config();
    let problems: Vec<String> = config
        .objects()
        .get(&kind)
        .map(|kind| check(&kind.fields, &custom, None))
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    answer(fcinfo, Some(problems))
});
