//! Custom fields: the check of a definition when its row is written, and of values on demand.

use crate::cache::{Config, config};
use crate::db;
use crate::error::{native, refuse};
use crate::identity::{actor, answer};
use crate::trigger::{Trigger, done, trigger};
use autocrm_core::fields::{Definition, Field, Moment, conceal, seen_by, validate};
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
    if let Err(problems) = compiled {
        refuse(
            &format!("The custom field '{key}' cannot be saved as it is"),
            &problems,
            "Correct each part and save the field again.",
        );
    }
    row.into_datum()
}

/// Everything wrong with what the caller makes of a ticket's values: fields that they may not see are none
/// to them, and what a relation points to must be there for them. Rules and definers act for the desk.
pub fn problems(
    config: &Config,
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
    moment: Moment,
) -> Vec<Problem> {
    let mut problems = validate(&config.fields, custom, known, moment);
    problems.extend(dangling(config, custom, known));
    if db::is_owner() || crate::rules::acts() {
        return problems;
    }
    let hidden = config.hidden(actor().role.as_deref());
    seen_by(hidden, problems, custom, known)
}

/// The same of a ticket that is made of `given`, its defaults filled in.
pub fn problems_of_new(
    config: &Config,
    given: &Map<String, Value>,
    filled: &Map<String, Value>,
) -> Vec<Problem> {
    let mut problems = validate(&config.fields, filled, None, Moment::Create);
    problems.extend(dangling(config, filled, None));
    if db::is_owner() {
        return problems;
    }
    let hidden = config.hidden(actor().role.as_deref());
    // What a default fills in is nothing that the caller set.
    seen_by(hidden, problems, given, None)
}

/// Relations that point to nothing that the caller can see.
fn dangling(
    config: &Config,
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in &config.fields {
        let value = custom.get(&field.key);
        if value == known.and_then(|known| known.get(&field.key)) {
            continue;
        }
        let Some((target, id)) = value.and_then(|value| field.points_to(value)) else {
            continue;
        };
        let sql = match target {
            "user" => "select from app.users where id = $1",
            "organization" => "select from app.organizations where id = $1",
            _ => "select from app.tickets where id = $1 and deleted_at is null",
        };
        let args = [id.into()];
        let found = if crate::rules::acts() {
            db::rows(sql, &args, |_| Ok(()))
        } else {
            db::rows_as_caller(sql, &args, |_| Ok(()))
        };
        if found.is_empty() {
            problems.push(Problem::new(
                format!("custom.{}", field.key),
                format!("there is no {target} {id} that you can see"),
            ));
        }
    }
    problems
}

// `select autocrm.hidden_fields()  -- {margin}: keys of the fields that the caller's role may not see`
native!(hidden_fields, pg_finfo_hidden_fields, |fcinfo| answer(
    fcinfo,
    Some(config().hidden(actor().role.as_deref()).to_vec())
));

// `select autocrm.conceal('{"changes": {"custom": [{}, {"margin": 3}]}}')  -- {"changes": {}}`
native!(conceal_wrapper, pg_finfo_conceal_wrapper, |fcinfo| {
    let config = config();
    let hidden = config.hidden(actor().role.as_deref());
    if hidden.is_empty() {
        // SAFETY: declared STRICT with one jsonb, which is answered as it came.
        return unsafe { pgrx::fcinfo::pg_getarg_datum(fcinfo, 0) }
            .unwrap_or(pg_sys::Datum::null());
    }
    // SAFETY: declared STRICT with one jsonb.
    let mut told = unsafe { pgrx::fcinfo::pg_getarg::<pgrx::JsonB>(fcinfo, 0) }
        .map(|json| json.0)
        .unwrap_or_default();
    conceal(hidden, &mut told);
    answer(fcinfo, Some(pgrx::JsonB(told)))
});

/// `select autocrm.validate_fields('{"months": 999}', 'create')  -- {custom.months: 999 is above …}`
#[pg_extern(stable, parallel_restricted)]
fn validate_fields(custom: pgrx::JsonB, operation: &str) -> Vec<String> {
    let moment = match operation {
        "create" => Moment::Create,
        "solve" => Moment::Solve,
        _ => Moment::Update,
    };
    let values: Map<String, Value> = custom.0.as_object().cloned().unwrap_or_default();
    problems(&config(), &values, None, moment)
        .iter()
        .map(ToString::to_string)
        .collect()
}
