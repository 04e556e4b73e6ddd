//! What happened, for everyone who waits for it: rows of `app.events`, and one wake-up a transaction.

use crate::db;
use crate::identity::actor;
use crate::trigger::{Trigger, done, trigger};
use pgrx::pg_sys;
use serde_json::Value;

/// Texts longer than this are cut: an event tells in brief, the row has the rest.
const BRIEF: usize = 200;

pub fn write(name: &str, ticket_id: i64, message_id: Option<i64>, data: &Value) {
    let actor = actor();
    db::run(
        "insert into app.events (at, name, ticket_id, message_id, actor_id, api_key_id, data)
         values ($1, $2, $3, $4, $5, $6, $7::jsonb)",
        &[
            crate::clock::now().into(),
            name.into(),
            ticket_id.into(),
            message_id.into(),
            actor.user_id.into(),
            actor.api_key_id.into(),
            crate::rules::sign(data).to_string().into(),
        ],
    );
}

/// What happened to a field that not everybody may see: whose policy asks for the field alone reads it.
pub fn write_of_field(ticket_id: i64, key: &str, data: &Value) {
    let actor = actor();
    db::run(
        "insert into app.events (at, name, ticket_id, actor_id, api_key_id, field_key, data)
         values ($1, 'ticket.updated', $2, $3, $4, $5, $6::jsonb)",
        &[
            crate::clock::now().into(),
            ticket_id.into(),
            actor.user_id.into(),
            actor.api_key_id.into(),
            key.into(),
            crate::rules::sign(data).to_string().into(),
        ],
    );
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

/// Tells listeners that there is something to read.
fn wake(_: &Trigger) -> pg_sys::Datum {
    crate::waker::wake();
    done()
}
