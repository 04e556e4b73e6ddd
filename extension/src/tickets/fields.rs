//! Custom fields: the check of a definition when its row is written, of values on demand, and the fields that a
//! ticket's writer may see and set. The values of restricted fields are in `restricted`.

use crate::config::fields::{OF_OBJECTS, OF_TICKETS, neighbours};
use crate::config::{Config, config, forms};
use crate::context;
use crate::identity::actor;
use crate::pg::call::{Whole, answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use crate::pg::row::Row;
use crate::pg::trigger::{self, Trigger, trigger};
use crate::tickets::relations::dangling;
use autocrm_core::fields::{
    Definition, Field, Moment, conceal, excess, misplaced, object_type, seen_by, validate,
};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use serde_json::{Map, Value};

type Values = Map<String, Value>;

pub const HINT: &str = "Correct each value and send the ticket again; nothing was saved.";

trigger!(
    tg_custom_fields__check,
    pg_finfo_tg_custom_fields__check,
    check
);

/// Refuses a field whose definition could not be used.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    trigger::check(trigger, |row| {
        let key = row.text("key").unwrap_or_default();
        (
            format!("The custom field '{key}'"),
            unusable(trigger, row, &key),
        )
    })
}

fn unusable(trigger: &Trigger, row: &Row, key: &str) -> Vec<Problem> {
    let kind = row.text("type").unwrap_or_default();
    let (config, default, visible_when) = (
        row.json("config").unwrap_or_default(),
        row.json("default_value"),
        row.json("visible_when"),
    );
    let definition = Definition {
        key,
        kind: &kind,
        config: &config,
        required_on_create: false,
        required_on_solve: false,
        default: default.as_ref(),
        visible_when: visible_when.as_ref(),
    };
    let newly = |column: &str| {
        trigger
            .old_row()
            .is_none_or(|old| !old.same_column(row, column))
    };
    if newly("config") || newly("visible_when") {
        let problems = excess(&definition);
        if !problems.is_empty() {
            return problems;
        }
    }
    let mut problems = Field::compile(&definition).err().unwrap_or_default();
    let target = config["target"].as_str().filter(|_| kind == "relation");
    if let Some(target) = target.and_then(object_type)
        && db::run(
            // Locked until the transaction ends: a removal of the type waits, and then finds this field.
            "select from app.object_types where key = $1 for key share",
            &[target.into()],
        ) == 0
    {
        problems.push(Problem::new(
            "config.target",
            format!("there is no object type '{target}'"),
        ));
    }
    if problems.is_empty()
        && row.get::<bool>("active") == Some(true)
        && (newly("visible_when") || newly("active"))
        && let Some(when) = visible_when
    {
        let neighbours = if trigger.table() == "object_fields" {
            let of = row.get::<i64>("object_type_id").unwrap_or_default();
            vec![neighbours(OF_OBJECTS, of, key)]
        } else {
            // A form may have its own condition for showing a field.
            let fields = neighbours(OF_TICKETS, 0, key);
            let mut ways = forms::ways(&fields, key);
            ways.push(fields);
            ways
        };
        for fields in neighbours {
            for problem in misplaced(&fields, key, &when) {
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
    }
    problems
}

/// Every problem of the values that the caller gives a ticket: fields that they may not see do not exist for them, and
/// they must see what a relation points to. Rules and definers act for the desk.
/// `fields` are as the ticket's form asks for them; `given` is what the caller wrote over `row`, the values in
/// the ticket's own row.
pub fn problems(
    config: &Config,
    fields: &[Field],
    (before, after): (Option<&Values>, &Values),
    (row, given): (Option<&Values>, &Values),
    moment: Moment,
) -> Vec<Problem> {
    let as_desk = db::is_owner() && !context::rule_acts();
    let moment = match moment {
        // A record that is removed takes its values along, even where a value is required.
        Moment::Update | Moment::UpdateSolved if as_desk => Moment::Tidy,
        moment => moment,
    };
    let mut problems = validate(fields, after, before, moment);
    problems.extend(dangling(
        &config.fields,
        after,
        before,
        context::rule_acts(),
    ));
    if db::is_owner() || context::rule_acts() {
        return problems;
    }
    let hidden = config.sight.hidden(actor().role.as_deref());
    seen_by(hidden, problems, given, row)
}

// `select autocrm.hidden_fields()  -- {margin}: keys of the fields that the caller's role may not see`
//
// For definers alone: a key tells what the desk keeps from its readers.
native!(hidden_fields, pg_finfo_hidden_fields, |fcinfo| answer(
    fcinfo,
    Some(config().sight.hidden(actor().role.as_deref()).to_vec())
));

// `select autocrm.parts_fields()  -- true when the caller's view of a ticket's values is not the ticket's row alone`
native!(parts_fields, pg_finfo_parts_fields, |fcinfo| {
    let config = config();
    let hides = !config.sight.hidden(actor().role.as_deref()).is_empty();
    answer(fcinfo, Some(hides || config.sight.parts()))
});

// `select autocrm.sort_key('{"seats": 5}', 'seats')  -- nc014000000000000`
//
// Marked leakproof, so that an index over it serves queues under row-level security: it raises for no value, and reads
// one key of the stored form instead of the whole.
native!(sort_key_wrapper, pg_finfo_sort_key_wrapper, |fcinfo| {
    let (custom, key): (Whole, String) = args(fcinfo);
    let custom = custom.unpacked();
    let value = custom.member(&key).and_then(|member| member.scalar());
    answer(
        fcinfo,
        value.as_ref().and_then(autocrm_core::conditions::sort_key),
    )
});

// `select autocrm.conceal('{"field": "custom.margin", "value": 3, "holds": true}', '{margin}')`
native!(conceal_wrapper, pg_finfo_conceal_wrapper, |fcinfo| {
    let (Held(mut told), keys): (Held, Vec<Option<String>>) = args(fcinfo);
    let keys: Vec<String> = keys.into_iter().flatten().collect();
    conceal(&keys, &mut told);
    answer(fcinfo, Some(pgrx::JsonB(told)))
});

// `select autocrm.validate_fields('{"months": 999}', 'create')  -- {custom.months: 999 is above …}`
native!(
    validate_fields_wrapper,
    pg_finfo_validate_fields_wrapper,
    |fcinfo| {
        let (custom, operation): (Value, String) = args(fcinfo);
        let moment = match operation.as_str() {
            "create" => Moment::Create,
            "solve" => Moment::Solve,
            _ => Moment::Update,
        };
        let (config, values): (_, Values) =
            (config(), custom.as_object().cloned().unwrap_or_default());
        let problems: Vec<String> = problems(
            &config,
            &config.fields,
            (None, &values),
            (None, &values),
            moment,
        )
        .iter()
        .map(ToString::to_string)
        .collect();
        answer(fcinfo, Some(problems))
    }
);
