//! Postgres made safe for native code: arguments, errors, rows, statements, index scans, caches, time.

pub mod append;
pub mod cached;
pub mod call;
pub mod caller;
pub mod clock;
pub mod db;
pub mod error;
pub mod fail;
pub mod guard;
pub mod heap;
pub mod json;
pub mod partition;
pub mod row;
pub mod scan;
pub mod settings;
pub mod stamp;
pub mod sys;
pub mod trigger;
pub mod tuple;
pub mod waker;

use pgrx::pg_sys;

/// Begins to read an index, as this release of Postgres has it.
///
/// # Safety
/// As of the function of Postgres.
pub unsafe fn begin_scan(
    heap: pg_sys::Relation,
    index: pg_sys::Relation,
    snapshot: pg_sys::Snapshot,
    keys: i32,
) -> pg_sys::IndexScanDesc {
    // SAFETY: by the caller.
    #[cfg(not(feature = "pg18"))]
    unsafe {
        pg_sys::index_beginscan(heap, index, snapshot, keys, 0)
    }
    // SAFETY: by the caller; nobody counts what the scan does.
    #[cfg(feature = "pg18")]
    unsafe {
        pg_sys::index_beginscan(heap, index, snapshot, std::ptr::null_mut(), keys, 0)
    }
}

/// Has the core's long work end when the statement is to.
pub fn init() {
    autocrm_core::pause::ask_by(interrupts);
}

/// Ends the statement here when it was cancelled, its time is up or its session is to end. Called in every loop whose
/// length somebody else decides.
pub fn interrupts() {
    pgrx::check_for_interrupts!();
}

/// Sleeps, as a short wait for others.
pub fn sleep(time: std::time::Duration) {
    interrupts();
    // SAFETY: a sleep that a signal may end early.
    unsafe { pg_sys::pg_usleep(time.as_micros().try_into().unwrap_or(1000)) };
}
