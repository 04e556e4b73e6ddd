//! The objects that relation fields point to: visible to the writer, locked until the transaction ends, and indexed.

use crate::config::config;
use crate::pg::db;
use autocrm_core::fields::{Field, object_type};
use autocrm_core::problem::Problem;
use serde_json::{Map, Value};

/// New relations of `custom` that point to nothing that the caller can see; rules act for the desk, which sees
/// everything.
pub fn dangling(
    fields: &[Field],
    custom: &Map<String, Value>,
    known: Option<&Map<String, Value>>,
    as_desk: bool,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in fields {
        let value = custom.get(&field.key);
        if value == known.and_then(|known| known.get(&field.key)) {
            continue;
        }
        let Some((target, id)) = value.and_then(|value| field.points_to(value)) else {
            continue;
        };
        if !is_there(target, id, as_desk) {
            let what = object_type(target).unwrap_or(target);
            problems.push(Problem::new(
                format!("custom.{}", field.key),
                format!("there is no {what} {id} that you can see"),
            ));
        }
    }
    problems
}

/// Checked with the rights of the caller, then locked by the owner until the transaction ends: a removal waits, and
/// then empties this relation.
fn is_there(target: &str, id: i64, as_desk: bool) -> bool {
    let mut args = vec![id.into()];
    let (seen, held) = match target {
        "user" => (
            "select from app.users where id = $1",
            "select from app.users where id = $1 for key share",
        ),
        "organization" => (
            "select from app.organizations where id = $1",
            "select from app.organizations where id = $1 for key share",
        ),
        "ticket" => (
            "select from app.tickets where id = $1 and deleted_at is null",
            "select from app.tickets where id = $1 for key share",
        ),
        _ => {
            args.push(object_type(target).unwrap_or_default().into());
            (
                "select from app.object_records r join app.object_types t on t.id = r.object_type_id
                  where r.id = $1 and t.key = $2",
                "select from app.object_records r join app.object_types t on t.id = r.object_type_id
                  where r.id = $1 and t.key = $2 for key share of r",
            )
        }
    };
    let sees = as_desk || !db::rows_as_caller(seen, &args, |_| Ok(())).is_empty();
    sees && db::run(held, &args) > 0
}

/// Records which records a ticket points to, once its row is written.
pub fn note(ticket: i64, before: &Map<String, Value>, after: &Map<String, Value>) {
    let config = config();
    for (key, field) in config.relations() {
        let (was, is) = (before.get(key), after.get(key));
        if was == is {
            continue;
        }
        match is.and_then(Value::as_i64) {
            Some(record) => db::run(
                "insert into app.ticket_records (ticket_id, custom_field_id, record_id) values ($1, $2, $3)
                 on conflict (ticket_id, custom_field_id) do update set record_id = excluded.record_id",
                &[ticket.into(), (*field).into(), record.into()],
            ),
            None => db::run(
                "delete from app.ticket_records where ticket_id = $1 and custom_field_id = $2",
                &[ticket.into(), (*field).into()],
            ),
        };
    }
}
