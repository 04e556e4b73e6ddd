//! The trigger that invalidates what backends cached of a configuration table.

use crate::identity;
use crate::pg::cached;
use crate::pg::trigger::{Trigger, done, trigger};
use pgrx::pg_sys;

trigger!(tg_invalidate, pg_finfo_tg_invalidate, invalidate);

/// Invalidates, at commit and in every backend, what is cached of this configuration table, or of what the trigger
/// names.
fn invalidate(trigger: &Trigger) -> pg_sys::Datum {
    match trigger.args().first().map(String::as_str) {
        None => forget(trigger),
        Some("identities") => identity::forget(),
        Some(other) => pgrx::error!("nothing is kept of {other}"),
    }
    done()
}

/// Invalidates what is cached of the trigger's table: in this backend at once, in others at commit.
pub fn forget(trigger: &Trigger) {
    cached::invalidate(trigger.relation());
}
