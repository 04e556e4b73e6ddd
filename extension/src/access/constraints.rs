//! Broken keys, references and checks at a SQL prompt. Postgres' own error tells a constraint by its internal name; whoever
//! wrote the row is told in the desk's words instead (`constraint.rs` in the core). Only the error that ends a statement is
//! put into words: what catches errors within it, as a block of PL/pgSQL does, gets Postgres' own.

use crate::access::people::{is_api, is_guarded};
use crate::pg::error::{boundary, fail, sqlstate};
use crate::pg::guard::{Raised, guard};
use autocrm_core::constraint::{Broken, words};
use autocrm_core::problem::lines;
use pgrx::pg_sys;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A value that is missing, a reference, a key, a check, an exclusion.
const CODES: [&str; 6] = ["23502", "23503", "23001", "23505", "23514", "23P01"];

thread_local! {
    /// Whether a statement of a person is running, of which everything else is a part.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

static mut NEXT_RUN: pg_sys::ExecutorRun_hook_type = None;
static mut NEXT_FINISH: pg_sys::ExecutorFinish_hook_type = None;

unsafe extern "C-unwind" {
    /// pgrx's own bindings would turn an error into a panic, and lose its SQLSTATE.
    #[cfg(not(feature = "pg18"))]
    #[link_name = "standard_ExecutorRun"]
    fn standard_run(
        query: *mut pg_sys::QueryDesc,
        direction: pg_sys::ScanDirection::Type,
        count: u64,
        once: bool,
    );
    #[cfg(feature = "pg18")]
    #[link_name = "standard_ExecutorRun"]
    fn standard_run(
        query: *mut pg_sys::QueryDesc,
        direction: pg_sys::ScanDirection::Type,
        count: u64,
    );
    #[link_name = "standard_ExecutorFinish"]
    fn standard_finish(query: *mut pg_sys::QueryDesc);
}

pub fn init() {
    // SAFETY: once per process, before anything runs; the hooks that were there are called by ours.
    unsafe {
        NEXT_RUN = pg_sys::ExecutorRun_hook;
        pg_sys::ExecutorRun_hook = Some(run);
        NEXT_FINISH = pg_sys::ExecutorFinish_hook;
        pg_sys::ExecutorFinish_hook = Some(finish);
    }
}

/// Checks and keys of the rows that a statement writes.
#[cfg(not(feature = "pg18"))]
unsafe extern "C-unwind" fn run(
    query: *mut pg_sys::QueryDesc,
    direction: pg_sys::ScanDirection::Type,
    count: u64,
    once: bool,
) {
    // SAFETY: what Postgres handed to us.
    in_words(|| unsafe {
        match NEXT_RUN {
            Some(next) => next(query, direction, count, once),
            None => standard_run(query, direction, count, once),
        }
    });
}

/// Checks and keys of the rows that a statement writes.
#[cfg(feature = "pg18")]
unsafe extern "C-unwind" fn run(
    query: *mut pg_sys::QueryDesc,
    direction: pg_sys::ScanDirection::Type,
    count: u64,
) {
    // SAFETY: what Postgres handed to us.
    in_words(|| unsafe {
        match NEXT_RUN {
            Some(next) => next(query, direction, count),
            None => standard_run(query, direction, count),
        }
    });
}

/// References are checked at the end of the statement.
unsafe extern "C-unwind" fn finish(query: *mut pg_sys::QueryDesc) {
    // SAFETY: what Postgres handed to us.
    in_words(|| unsafe {
        match NEXT_FINISH {
            Some(next) => next(query),
            None => standard_finish(query),
        }
    });
}

/// Does a part of a statement. The call does nothing but call Postgres: its errors skip the frames between.
pub fn in_words(call: impl FnOnce()) {
    if is_api() || INSIDE.get() {
        return call();
    }
    let mut guarded = false;
    boundary(|| {
        guarded = is_guarded();
        pg_sys::Datum::null()
    });
    if !guarded {
        return call();
    }
    boundary(|| {
        INSIDE.set(true);
        // SAFETY: by what the call may do.
        let outcome = catch_unwind(AssertUnwindSafe(|| unsafe { guard(call) }));
        INSIDE.set(false);
        let Err(payload) = outcome else {
            return pg_sys::Datum::null();
        };
        match payload.downcast::<Raised>() {
            Ok(raised) => told(raised),
            Err(other) => resume_unwind(other),
        }
    });
}

fn told(raised: Box<Raised>) -> ! {
    let Some(code) = CODES
        .into_iter()
        .find(|code| sqlstate(code) == raised.code())
    else {
        resume_unwind(raised)
    };
    let [table, column, constraint] = raised.about();
    let words = words(&Broken {
        code,
        table,
        column,
        constraint,
        names_none: raised.message_id().starts_with("insert or update"),
    });
    let problem = words.problem.map(|problem| lines(&[problem]));
    fail(
        &format!("TK{}", words.status),
        &words.message,
        problem.as_deref(),
        Some(words.hint),
    )
}
