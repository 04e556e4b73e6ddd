//! The audit log: one row a write, old → new of the columns that changed, written by the owner of the tables and by
//! nobody else.

use crate::context;
use crate::history::{door, feed};
use crate::identity::actor;
use crate::pg::append::NewRow;
use crate::pg::clock;
use crate::pg::db;
use crate::pg::roles;
use crate::pg::row::Row;
use crate::pg::trigger::{Event, Trigger, done, trigger};
use pgrx::pg_sys;
use serde_json::{Map, Value, json};

const SECRET: &[&str] = &["argon2", "hash", "refresh_hash", "previous_hash", "claims"];
/// Columns with texts of people: masked in the audit of a redaction.
pub const WORDS: &[&str] = &["body_text", "body_html", "description", "description_html"];
/// Columns whose changes are not recorded: they follow from other columns.
const BOOKKEEPING: &[&str] = &["version", "created_at", "updated_at", "sort_name"];

/// `{"column": [old, new]}` of what this write changed.
pub fn changes(old: Option<&Row>, new: Option<&Row>) -> Map<String, Value> {
    let mut changes = Map::new();
    let Some(any) = new.or(old) else {
        return changes;
    };
    for (i, name) in any.columns() {
        let same = match (old, new) {
            (Some(old), Some(new)) => old.same(new, i),
            _ => any.is_null(i),
        };
        if same || BOOKKEEPING.contains(&name) {
            continue;
        }
        let side = |row: Option<&Row>| match row {
            Some(row) if hidden(name) && !row.is_null(i) => json!("[redacted]"),
            Some(row) => row.json_at(i),
            None => Value::Null,
        };
        let (was, is) = (side(old), side(new));
        // A long value that is written again has other bytes (TOAST) and is the same. Secrets are compared by bytes.
        if was != is || hidden(name) {
            changes.insert(name.to_owned(), json!([was, is]));
        }
    }
    changes
}

/// Whether the audit shows only that this column changed: a secret, the text of a message that is being redacted, or
/// whatever an erasure touches.
fn hidden(column: &str) -> bool {
    SECRET.contains(&column) || context::erases() || context::redacts() && WORDS.contains(&column)
}

trigger!(tg_audit, pg_finfo_tg_audit, audit);

/// For any table. The trigger's arguments name its key columns; `id` without any.
fn audit(trigger: &Trigger) -> pg_sys::Datum {
    // The audit has one row for the ticket with all that belongs to it.
    if context::archives() {
        return done();
    }
    let (old, new) = (trigger.old_row(), trigger.new_row());
    let changes = changes(old.as_ref(), new.as_ref());
    if trigger.event() != Event::Update || !changes.is_empty() {
        let mut key = trigger.args();
        if key.is_empty() {
            key.push("id".to_owned());
        }
        let row = new.as_ref().or(old.as_ref());
        let key: Vec<String> = key.iter().filter_map(|column| row?.text(column)).collect();
        write(trigger.event(), &trigger.table(), &key.join(","), &changes);
    }
    done()
}

pub fn write(event: Event, table: &str, key: &str, changes: &Map<String, Value>) {
    write_as(event.as_str(), table, key, changes);
}

/// For acts that no trigger event names, such as `archive`.
pub fn write_as(action: &str, table: &str, key: &str, changes: &Map<String, Value>) {
    let mut row = NewRow::of(c"audit_log", clock::now());
    row.give_id(c"audit_log_id_seq");
    append(row, action, table, key, changes);
}

/// The id of the row that is going to record an erasure.
pub fn next_act() -> i64 {
    db::rows(
        "select nextval(pg_get_serial_sequence('app.audit_log', 'id'))",
        &[],
        |row| row.get::<i64>(1),
    )
    .into_iter()
    .flatten()
    .next()
    .unwrap_or_default()
}

/// The row that records an erasure; the erased rows name its id.
pub fn write_redaction(act: i64, table: &str, key: &str, changes: &Map<String, Value>) {
    let mut row = NewRow::of(c"audit_log", clock::now());
    row.set("id", Some(act));
    append(row, "redact", table, key, changes);
}

fn append(mut row: NewRow, action: &str, table: &str, key: &str, changes: &Map<String, Value>) {
    let actor = actor();
    row.set("xid", Some(feed::own_xid()));
    row.set("at", Some(clock::now()));
    row.set("actor_id", actor.user_id);
    row.set("api_key_id", actor.api_key_id);
    row.set_text("session_user_name", &roles::log_in_name());
    row.set_text("action", action);
    row.set_text("table_name", table);
    row.set("row_key", Some(key));
    row.set_text(
        "changes",
        &serde_json::to_string(changes).unwrap_or_default(),
    );
    if row.has("door") {
        row.set("door", Some(door::name(&actor)));
        if let Some(rule) = context::rule() {
            row.set_text("cause", &rule.to_string());
        }
    }
    row.append();
}
