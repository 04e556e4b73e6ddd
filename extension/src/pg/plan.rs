//! A kept plan of a SELECT over one jsonb, made for the role that runs it.

use crate::pg::answer::Answer;
use crate::pg::call::Jsonb;
use crate::pg::error::fail;
use crate::pg::sys as pg_sys;
use pgrx::prelude::*;
use std::ffi::CString;

/// Whoever executes it holds it, so that it is freed only when nobody does.
pub struct Plan(pg_sys::SPIPlanPtr);

impl Plan {
    /// A plan that serves whatever the jsonb holds.
    pub fn new(sql: &str) -> Self {
        let Ok(text) = CString::new(sql) else {
            fail("TK422", "A query must not contain a NUL", None, None);
        };
        let mut types = [pg_sys::JSONBOID];
        // SAFETY: connected to SPI; the text and the types outlive the call, the kept plan the transaction.
        Spi::connect(|_| unsafe {
            let plan = pg_sys::SPI_prepare_cursor(
                text.as_ptr(),
                1,
                types.as_mut_ptr(),
                i32::try_from(pg_sys::CURSOR_OPT_GENERIC_PLAN).unwrap_or_default(),
            );
            if plan.is_null() || pg_sys::SPI_keepplan(plan) != 0 {
                fail("TK500", "A query could not be prepared", None, None);
            }
            Self(plan)
        })
    }

    /// Runs it, read-only and with the caller's snapshot, as a STABLE function does.
    pub fn read<T>(&self, query: &Jsonb, then: impl FnOnce(&Answer<'_>) -> T) -> T {
        let mut query = [query.datum];
        // SAFETY: the plan takes one jsonb. The table is SPI's until the connection ends.
        Spi::connect(|_| unsafe {
            pg_sys::SPI_tuptable = std::ptr::null_mut();
            let done =
                pg_sys::SPI_execute_plan(self.0, query.as_mut_ptr(), std::ptr::null(), true, 0);
            let table = pg_sys::SPI_tuptable;
            if done != i32::try_from(pg_sys::SPI_OK_SELECT).unwrap_or_default() || table.is_null() {
                fail("TK500", "A page is read by a SELECT", None, None);
            }
            then(&Answer::new(&*table))
        })
    }
}

impl Drop for Plan {
    fn drop(&mut self) {
        // SAFETY: a kept plan of this backend that nothing refers to any more.
        unsafe { pg_sys::SPI_freeplan(self.0) };
    }
}
