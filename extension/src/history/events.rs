//! Events: rows of `app.events`, and one wake-up of the listeners a transaction.

use crate::context;
use crate::identity::actor;
use crate::pg::append::NewRow;
use crate::pg::clock;
use crate::pg::trigger::{Trigger, done, trigger};
use pgrx::pg_sys;
use pgrx::prelude::TimestampWithTimeZone;
use serde_json::Value;

/// Texts longer than this are cut: an event has the beginning, the row the rest.
const BRIEF: usize = 200;

pub fn write(name: &str, ticket_id: i64, message_id: Option<i64>, data: &Value) {
    append(name, ticket_id, message_id, None, clock::now(), data);
}

/// What happened at another moment than now, and is found out only now.
pub fn write_at(name: &str, ticket_id: i64, at: TimestampWithTimeZone, data: &Value) {
    append(name, ticket_id, None, None, at, data);
}

/// A change of a restricted field, as an event of its own: only those who may see the field read it.
pub fn write_of_field(ticket_id: i64, key: &str, data: &Value) {
    append(
        "ticket.updated",
        ticket_id,
        None,
        Some(key),
        clock::now(),
        data,
    );
}

fn append(
    name: &str,
    ticket_id: i64,
    message_id: Option<i64>,
    field: Option<&str>,
    at: TimestampWithTimeZone,
    data: &Value,
) {
    let actor = actor();
    let mut row = NewRow::of(c"events", at);
    row.give_id(c"events_id_seq");
    row.set("xid", Some(crate::history::feed::own_xid()));
    row.set("at", Some(at));
    row.set("name", Some(name));
    row.set("ticket_id", Some(ticket_id));
    row.set("message_id", message_id);
    row.set("actor_id", actor.user_id);
    row.set("api_key_id", actor.api_key_id);
    row.set("field_key", field);
    row.set_text("data", &context::sign(data).to_string());
    row.append();
    crate::pg::waker::wake();
}

/// Cuts long texts inside a change.
pub fn brief(value: &Value) -> Value {
    match value {
        Value::String(text) if text.len() > BRIEF => {
            Value::String(text.chars().take(BRIEF).collect::<String>() + "…")
        }
        Value::Array(items) => items.iter().map(brief).collect(),
        other => other.clone(),
    }
}

trigger!(tg_wake, pg_finfo_tg_wake, wake);

/// Notifies listeners, once a transaction, that there is something to read.
fn wake(_: &Trigger) -> pg_sys::Datum {
    crate::pg::waker::wake();
    done()
}
