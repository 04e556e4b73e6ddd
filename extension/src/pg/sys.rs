//! pgrx's bindings, but for what runs other people's code: an error that comes out of a statement keeps its SQLSTATE.

use super::guard::guard;
pub use pgrx::pg_sys::*;
use std::ffi::{c_char, c_int, c_long};

mod raw {
    use pgrx::pg_sys::{Datum, Oid, Portal, SPIPlanPtr};
    use std::ffi::{c_char, c_int, c_long};

    unsafe extern "C-unwind" {
        pub fn SPI_execute_plan(
            plan: SPIPlanPtr,
            values: *mut Datum,
            nulls: *const c_char,
            read_only: bool,
            most: c_long,
        ) -> c_int;
        pub fn SPI_prepare_cursor(
            text: *const c_char,
            count: c_int,
            types: *mut Oid,
            options: c_int,
        ) -> SPIPlanPtr;
        pub fn SPI_cursor_open(
            name: *const c_char,
            plan: SPIPlanPtr,
            values: *mut Datum,
            nulls: *const c_char,
            read_only: bool,
        ) -> Portal;
        pub fn SPI_cursor_fetch(portal: Portal, forward: bool, count: c_long);
    }
}

/// # Safety
/// As of the function of Postgres.
#[expect(non_snake_case, reason = "it stands for the function of Postgres")]
pub unsafe fn SPI_execute_plan(
    plan: SPIPlanPtr,
    values: *mut Datum,
    nulls: *const c_char,
    read_only: bool,
    most: c_long,
) -> c_int {
    // SAFETY: by the caller.
    unsafe { guard(|| raw::SPI_execute_plan(plan, values, nulls, read_only, most)) }
}

/// # Safety
/// As of the function of Postgres.
#[expect(non_snake_case, reason = "it stands for the function of Postgres")]
pub unsafe fn SPI_prepare_cursor(
    text: *const c_char,
    count: c_int,
    types: *mut Oid,
    options: c_int,
) -> SPIPlanPtr {
    // SAFETY: by the caller.
    unsafe { guard(|| raw::SPI_prepare_cursor(text, count, types, options)) }
}

/// # Safety
/// As of the function of Postgres.
#[expect(non_snake_case, reason = "it stands for the function of Postgres")]
pub unsafe fn SPI_cursor_open(
    name: *const c_char,
    plan: SPIPlanPtr,
    values: *mut Datum,
    nulls: *const c_char,
    read_only: bool,
) -> Portal {
    // SAFETY: by the caller.
    unsafe { guard(|| raw::SPI_cursor_open(name, plan, values, nulls, read_only)) }
}

/// # Safety
/// As of the function of Postgres.
#[expect(non_snake_case, reason = "it stands for the function of Postgres")]
pub unsafe fn SPI_cursor_fetch(portal: Portal, forward: bool, count: c_long) {
    // SAFETY: by the caller.
    unsafe { guard(|| raw::SPI_cursor_fetch(portal, forward, count)) }
}
