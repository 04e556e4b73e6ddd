//! Postgres made safe for native code: arguments, errors, rows, statements, index scans, caches, hooks, time. All `unsafe`
//! code of the extension stands here, behind functions and types that are safe to call.

pub mod aggregate;
pub mod answer;
pub mod append;
pub mod cached;
pub mod call;
pub mod call_site;
pub mod caller;
pub mod clock;
pub mod cluster;
pub mod db;
pub mod error;
pub mod fail;
pub mod guard;
pub mod heap;
pub mod hooks;
pub mod json;
pub mod json_member;
pub mod look_up;
pub mod partition;
pub mod plan;
pub mod planned;
pub mod roles;
pub mod row;
pub mod scan;
pub mod sequence;
pub mod settings;
pub mod snapshot;
pub mod stamp;
pub mod statement;
pub mod sys;
pub mod table_lock;
pub mod transaction;
pub mod trigger;
pub mod tuple;
pub mod waker;

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
    unsafe { pgrx::pg_sys::pg_usleep(time.as_micros().try_into().unwrap_or(1000)) };
}
