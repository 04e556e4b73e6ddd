//! Version and times of rows.

use crate::pg::clock;
use crate::pg::trigger::{Trigger, done, trigger};
use pgrx::pg_sys;
use pgrx::prelude::*;

fn ensure_row(trigger: &Trigger) {
    if !trigger.is_row() {
        error!("this trigger fires for each row");
    }
}

trigger!(tg_stamp, pg_finfo_tg_stamp, stamp);

/// Keeps `version`, `created_at` and `updated_at` of any table that has them.
fn stamp(trigger: &Trigger) -> pg_sys::Datum {
    ensure_row(trigger);
    let Some(mut row) = trigger.new_row() else {
        return done();
    };
    let now = clock::now();
    if let Some(old) = trigger.old_row() {
        row.set("version", old.get::<i64>("version").map(|v| v + 1));
        row.set("created_at", old.get::<TimestampWithTimeZone>("created_at"));
    } else {
        row.set("version", Some(1i64));
        row.set("created_at", Some(now));
    }
    row.set("updated_at", Some(now));
    row.into_datum()
}
