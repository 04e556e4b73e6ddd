//! The cluster and the database in which this backend runs.

use crate::pg::scan;
use pgrx::pg_sys;
use std::ffi::c_int;

/// The number that initdb gave to the cluster; copies of its files have the same.
pub fn system() -> u64 {
    // SAFETY: a plain read.
    unsafe { pg_sys::GetSystemIdentifier() }
}

/// Whether this is a standby, or a server that replays its log.
pub fn in_recovery() -> bool {
    // SAFETY: a plain read.
    unsafe { pg_sys::RecoveryInProgress() }
}

/// The history of the log that is written or replayed: a promoted standby begins one of its own.
pub fn timeline() -> u32 {
    // SAFETY: plain reads; which of the two may be asked depends on whether this is a standby.
    unsafe {
        let mut timeline = 0;
        if in_recovery() {
            pg_sys::GetXLogReplayRecPtr(&raw mut timeline);
        } else {
            timeline = pg_sys::GetWALInsertionTimeLine();
        }
        timeline
    }
}

pub fn database() -> pg_sys::Oid {
    // SAFETY: a plain read.
    unsafe { pg_sys::MyDatabaseId }
}

/// Whether the database has a desk. The library may be preloaded where there is none.
pub fn has_desk() -> bool {
    // SAFETY: a look-up by a static C string.
    let extension = unsafe { pg_sys::get_extension_oid(c"autocrm".as_ptr(), true) };
    extension != pg_sys::InvalidOid && scan::find(c"users").is_some()
}

/// Lowers the priority of this backend for good.
pub fn yield_to_others(by: c_int) {
    unsafe extern "C" {
        fn nice(by: c_int) -> c_int;
    }
    // SAFETY: of the C library; a process may always lower its own priority.
    let _ = unsafe { nice(by) };
}
