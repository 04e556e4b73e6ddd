//! The people whom a message mentions.

use crate::context;
use crate::history::audit;
use crate::history::events;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::trigger::{Event, Trigger, done, trigger};
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::json;

// `select autocrm.html_mentions('<b data-mention="user:7">@Ada</b>')  -- {user:7}`
native!(
    html_mentions_wrapper,
    pg_finfo_html_mentions_wrapper,
    |fcinfo| {
        let (html,): (String,) = args(fcinfo);
        let found: Vec<String> = autocrm_core::html::mentions(&html)
            .into_iter()
            .map(str::to_owned)
            .collect();
        answer(fcinfo, Some(found))
    }
);

trigger!(tg_mentions__record, pg_finfo_tg_mentions__record, record);

/// Writes the audit row, and an event when the mentioned person can see the ticket; the event is internal if the
/// message is.
fn record(trigger: &Trigger) -> pg_sys::Datum {
    if context::archives() {
        return done();
    }
    let (old, new) = (trigger.old_row(), trigger.new_row());
    let changes = audit::changes(old.as_ref(), new.as_ref());
    let Some(row) = new.as_ref().or(old.as_ref()) else {
        return done();
    };
    let id = row.get::<i64>("id").unwrap_or_default();
    audit::write(trigger.event(), "mentions", &id.to_string(), &changes);
    if trigger.event() == Event::Insert && row.get::<bool>("notified") == Some(true) {
        let message = row.get::<i64>("message_id");
        let kind = db::rows(
            "select kind::text from app.messages where id = $1 and created_at = $2",
            &[
                message.into(),
                row.get::<TimestampWithTimeZone>("message_at").into(),
            ],
            |row| row.get::<String>(1),
        );
        events::write(
            "user.mentioned",
            row.get("ticket_id").unwrap_or_default(),
            message,
            &json!({
                "kind": kind.into_iter().flatten().next(),
                "user_id": row.get::<i64>("user_id"),
                "team_id": row.get::<i64>("team_id"),
            }),
        );
    }
    done()
}
