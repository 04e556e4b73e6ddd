//! Locks of whole tables that one writer holds at a time, and that readers of the table neither take nor hinder. Each
//! is let go when the transaction ends.

use crate::pg::scan::relation;
use pgrx::pg_sys;
use std::ffi::CStr;

const ONE_WRITER: pg_sys::LOCKMODE = pg_sys::ShareRowExclusiveLock.cast_signed();

/// Waits for whoever has it.
pub fn lock(table: &CStr) {
    // SAFETY: the table exists.
    unsafe { pg_sys::LockRelationOid(relation(table), ONE_WRITER) };
}

/// Whether nobody else has it, so that this transaction does from now on.
pub fn try_lock(table: &CStr) -> bool {
    // SAFETY: the table exists.
    unsafe { pg_sys::ConditionalLockRelationOid(relation(table), ONE_WRITER) }
}
