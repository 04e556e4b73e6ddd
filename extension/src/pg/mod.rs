//! Postgres as native code needs it: arguments by their types, errors kept whole, who calls.

pub mod args;
pub mod caller;
pub mod guard;
pub mod sys;
pub mod tuple;

/// Has the core's long work end when the statement is to.
pub fn init() {
    autocrm_core::pause::ask_by(interrupts);
}

/// Ends the statement here when it was cancelled, its time is up or its session is to end. Called in every loop whose
/// length somebody else decides.
pub fn interrupts() {
    pgrx::check_for_interrupts!();
}
