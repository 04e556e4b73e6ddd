//! Numbers of the sequences of schema app, as their owner.

use crate::pg::db::AsOwner;
use crate::pg::scan::relation;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::ffi::CStr;

/// The next number.
pub fn next_id(sequence: &CStr) -> Option<i64> {
    let sequence = relation(sequence);
    let _owner = AsOwner::enter();
    call(pg_sys::F_NEXTVAL, sequence)
}

/// Whether this session took the number last.
pub fn is_last(sequence: &CStr, id: i64) -> bool {
    let sequence = relation(sequence);
    let _owner = AsOwner::enter();
    // In a session that has not taken a number yet, currval raises an error.
    PgTryBuilder::new(|| call(pg_sys::F_CURRVAL, sequence) == Some(id))
        .catch_when(
            PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            |_| false,
        )
        .execute()
}

/// `nextval` or `currval` of a sequence that is there.
fn call(function: u32, sequence: pg_sys::Oid) -> Option<i64> {
    // SAFETY: both are functions of one regclass that answer a bigint.
    let number = unsafe {
        pg_sys::OidFunctionCall1Coll(
            pg_sys::Oid::from(function),
            pg_sys::InvalidOid,
            pg_sys::Datum::from(sequence),
        )
    };
    i64::try_from(number.value()).ok()
}
