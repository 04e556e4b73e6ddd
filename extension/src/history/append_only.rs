//! The trigger that keeps tables append-only.

use crate::context;
use crate::pg::error::fail;
use crate::pg::trigger::{Event, Trigger, trigger};
use pgrx::pg_sys;

trigger!(tg_append_only, pg_finfo_tg_append_only, append_only);

/// Refuses every change of what was written, by anybody; a redaction erases values by way of its own function, and
/// events of a field that is restricted later are split when its values move.
fn append_only(trigger: &Trigger) -> pg_sys::Datum {
    if trigger.event() == Event::Update
        && (context::redacts() || context::moves())
        && let Some(row) = trigger.new_row()
    {
        return row.into_datum();
    }
    fail(
        "TK403",
        &format!(
            "{} is append-only: {} is refused",
            trigger.table(),
            trigger.event().as_str()
        ),
        None,
        Some("History is never rewritten; add a new row that corrects the old one."),
    )
}
