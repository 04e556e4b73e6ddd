//! Statements run from native code: prepared once per backend, run as the owner of the tables, so that
//! the caller's row-level security neither hides what a rule needs nor slows it down.
//!
//! SPI is asked directly, always in its read-write mode: each statement sees what this transaction wrote and what
//! others committed, and takes a transaction id only when it writes a row. pgrx's `update` would take one for every
//! read, and its `select` would not see what a trigger's own transaction has just written.

use crate::pg::roles;
use crate::pg::sys as pg_sys;
use pgrx::datum::DatumWithOid;
use pgrx::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char};

thread_local! {
    /// How many owners there are, one inside the other.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Kept to the backend's end, and left to it: freeing plans while it exits would gain nothing.
    static ORDERED: RefCell<HashMap<&'static str, pg_sys::SPIPlanPtr>> = RefCell::default();
    static PLANS: RefCell<HashMap<&'static str, pg_sys::SPIPlanPtr>> = RefCell::default();
}

const OWNER: &CStr = c"autocrm_owner";

/// Acts as the owner of the tables until dropped, with a search path that the caller has no say in: a
/// type or function of theirs, found first, would otherwise run with the owner's rights.
/// One inside another costs nothing.
pub struct AsOwner {
    before: Option<Before>,
}

struct Before {
    user: pg_sys::Oid,
    context: i32,
    settings: i32,
}

impl AsOwner {
    pub fn enter() -> Self {
        let owner = owner();
        let (mut user, mut context) = (pg_sys::InvalidOid, 0);
        // SAFETY: plain reads and writes of the backend's user state and settings, undone in drop().
        unsafe {
            pg_sys::GetUserIdAndSecContext(&raw mut user, &raw mut context);
            let local = i32::try_from(pg_sys::SECURITY_LOCAL_USERID_CHANGE).unwrap_or(1);
            let depth = DEPTH.get();
            DEPTH.set(depth + 1);
            if depth > 0 && user == owner && context & local != 0 {
                return Self { before: None };
            }
            let settings = pg_sys::NewGUCNestLevel();
            pg_sys::SetUserIdAndSecContext(owner, context | local);
            set(c"search_path", c"pg_catalog, pg_temp");
            Self {
                before: Some(Before {
                    user,
                    context,
                    settings,
                }),
            }
        }
    }
}

/// Sets something until the level of settings that is open ends.
fn set(name: &CStr, value: &CStr) {
    // SAFETY: static C strings; a setting of the user's kind.
    unsafe {
        pg_sys::set_config_option(
            name.as_ptr(),
            value.as_ptr(),
            pg_sys::GucContext::PGC_USERSET,
            pg_sys::GucSource::PGC_S_SESSION,
            pg_sys::GucAction::GUC_ACTION_SAVE,
            true,
            0,
            false,
        );
    }
}

impl Drop for AsOwner {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
        // An error ends the (sub)transaction, and that restores user and settings by itself.
        let Some(before) = self.before.take().filter(|_| !std::thread::panicking()) else {
            return;
        };
        // SAFETY: puts back what enter() found.
        unsafe {
            pg_sys::SetUserIdAndSecContext(before.user, before.context);
            pg_sys::AtEOXact_GUC(true, before.settings);
        }
    }
}

/// Whether the statement at hand runs as the owner: within a definer's function, which acts for the desk.
pub fn is_owner() -> bool {
    roles::current() == owner()
}

/// The same where there may be no desk, and so no owner.
pub fn acts_as_owner() -> bool {
    roles::current() == roles::find(OWNER)
}

/// The role that owns schema app, and so its tables.
fn owner() -> pg_sys::Oid {
    let owner = roles::find(OWNER);
    if owner == pg_sys::InvalidOid {
        crate::pg::error::fail(
            "TK500",
            "The role autocrm_owner is missing",
            None,
            Some("Run: autocrm migrate"),
        );
    }
    owner
}

/// The statement, prepared once.
///
/// # Safety
/// SPI is connected.
unsafe fn plan(sql: &'static str, args: &[DatumWithOid<'_>]) -> pg_sys::SPIPlanPtr {
    if let Some(plan) = PLANS.with_borrow(|plans| plans.get(sql).copied()) {
        return plan;
    }
    // SAFETY: by the caller.
    let plan = unsafe { prepare(sql, args, 0) };
    PLANS.with_borrow_mut(|plans| plans.insert(sql, plan));
    plan
}

/// # Safety
/// SPI is connected.
unsafe fn prepare(
    sql: &'static str,
    args: &[DatumWithOid<'_>],
    options: u32,
) -> pg_sys::SPIPlanPtr {
    let text = CString::new(sql).unwrap_or_default();
    let mut types: Vec<pg_sys::Oid> = args.iter().map(DatumWithOid::oid).collect();
    // SAFETY: by the caller; the text is copied.
    unsafe {
        let plan = pg_sys::SPI_prepare_cursor(
            text.as_ptr(),
            i32::try_from(types.len()).unwrap_or_default(),
            types.as_mut_ptr(),
            i32::try_from(options).unwrap_or_default(),
        );
        if plan.is_null() || pg_sys::SPI_keepplan(plan) != 0 {
            error!("cannot prepare an internal statement");
        }
        plan
    }
}

/// Arguments as SPI takes them.
struct Args {
    values: Vec<pg_sys::Datum>,
    nulls: Vec<c_char>,
}

impl Args {
    fn new(args: &[DatumWithOid<'_>]) -> Self {
        let mark = |null| c_char::from_ne_bytes([if null { b'n' } else { b' ' }]);
        Self {
            values: args
                .iter()
                .map(|arg| {
                    arg.datum()
                        .map_or(pg_sys::Datum::null(), pgrx::datum::Datum::sans_lifetime)
                })
                .collect(),
            nulls: args.iter().map(|arg| mark(arg.datum().is_none())).collect(),
        }
    }
}

/// # Safety
/// SPI is connected, and the plan takes these arguments.
unsafe fn execute(plan: pg_sys::SPIPlanPtr, args: &[DatumWithOid<'_>], most: i64) -> usize {
    // SAFETY: by the caller.
    unsafe { execute_in(plan, args, most, false) }
}

/// The same; `as_is`: with the snapshot that is active, not with one of its own.
///
/// # Safety
/// As above.
unsafe fn execute_in(
    plan: pg_sys::SPIPlanPtr,
    args: &[DatumWithOid<'_>],
    most: i64,
    as_is: bool,
) -> usize {
    let mut args = Args::new(args);
    // SAFETY: by the caller; what an execution before this one left is none of it.
    unsafe {
        pg_sys::SPI_tuptable = std::ptr::null_mut();
        let code = pg_sys::SPI_execute_plan(
            plan,
            args.values.as_mut_ptr(),
            args.nulls.as_ptr(),
            as_is,
            most,
        );
        if code < 0 {
            error!("an internal statement failed: {code}");
        }
        usize::try_from(pg_sys::SPI_processed).unwrap_or(usize::MAX)
    }
}

type Mapped<T> = Result<T, spi::Error>;

/// Hands each row of SPI's answer over.
///
/// # Safety
/// SPI is connected and has just answered.
unsafe fn for_each(mut map: impl FnMut(&spi::SpiHeapTupleData<'_>) -> Mapped<()>) {
    // SAFETY: by the caller; the table lives until SPI is left, whatever the mapping runs meanwhile.
    unsafe {
        let table = pg_sys::SPI_tuptable;
        if table.is_null() {
            return;
        }
        for i in 0..usize::try_from((*table).numvals).unwrap_or_default() {
            let row = spi::SpiHeapTupleData::new((*table).tupdesc, *(*table).vals.add(i));
            let mapped = row.and_then(|row| row.map_or(Ok(()), |row| map(&row)));
            if let Err(error) = mapped {
                error!("an internal answer has another shape: {error}");
            }
        }
    }
}

/// Runs a statement as the owner and maps each row of its answer.
pub fn rows<T>(
    sql: &'static str,
    args: &[DatumWithOid<'_>],
    map: impl FnMut(&spi::SpiHeapTupleData<'_>) -> Result<T, spi::Error>,
) -> Vec<T> {
    let _owner = AsOwner::enter();
    rows_as_caller(sql, args, map)
}

/// The same as `rows`, of what is committed by now, also where the transaction reads an older snapshot throughout.
pub fn rows_by_now<T>(
    sql: &'static str,
    args: &[DatumWithOid<'_>],
    mut map: impl FnMut(&spi::SpiHeapTupleData<'_>) -> Result<T, spi::Error>,
) -> Vec<T> {
    let _owner = AsOwner::enter();
    // SAFETY: SPI is connected, and the plan was made for arguments of these types; the snapshot is popped here, or by
    // the end of a transaction that failed.
    Spi::connect(|_| unsafe {
        pg_sys::PushActiveSnapshot(pg_sys::GetLatestSnapshot());
        let mut out = Vec::with_capacity(execute_in(plan(sql, args), args, 0, true));
        pg_sys::PopActiveSnapshot();
        for_each(|row| map(row).map(|value| out.push(value)));
        out
    })
}

/// The bigint in the first row of a statement whose order an index keeps: whatever the statistics say (those of
/// a young table say nothing), it is read from that index and never sorted.
pub fn first_by_index(sql: &'static str, args: &[DatumWithOid<'_>]) -> Option<i64> {
    let _owner = AsOwner::enter();
    let known = ORDERED.with_borrow(|plans| plans.get(sql).copied());
    // SAFETY: SPI is connected; plans are kept for ever; what SPI answers is read before it is left.
    Spi::connect(|_| unsafe {
        // The planner's settings matter when it plans only, and setting them costs more than the statement.
        let planned = known.is_some_and(|plan| pg_sys::SPI_plan_is_valid(plan));
        let settings = (!planned).then(|| {
            let settings = pg_sys::NewGUCNestLevel();
            for name in [
                c"enable_sort",
                c"enable_seqscan",
                c"enable_bitmapscan",
                c"enable_hashjoin",
                c"enable_mergejoin",
            ] {
                set(name, c"off");
            }
            settings
        });
        let plan = known.unwrap_or_else(|| {
            let plan = prepare(sql, args, pg_sys::CURSOR_OPT_GENERIC_PLAN);
            ORDERED.with_borrow_mut(|plans| plans.insert(sql, plan));
            plan
        });
        let found = execute(plan, args, 1);
        if let Some(settings) = settings {
            pg_sys::AtEOXact_GUC(true, settings);
        }
        if found == 0 {
            return None;
        }
        let table = pg_sys::SPI_tuptable;
        let mut null = false;
        let value = pg_sys::SPI_getbinval(*(*table).vals, (*table).tupdesc, 1, &raw mut null);
        i64::from_datum(value, null)
    })
}

/// The same with the caller's rights, so that row-level security answers for what may be seen.
pub fn rows_as_caller<T>(
    sql: &'static str,
    args: &[DatumWithOid<'_>],
    mut map: impl FnMut(&spi::SpiHeapTupleData<'_>) -> Result<T, spi::Error>,
) -> Vec<T> {
    // SAFETY: SPI is connected, and the plan was made for arguments of these types.
    Spi::connect(|_| unsafe {
        let mut out = Vec::with_capacity(execute(plan(sql, args), args, 0));
        for_each(|row| map(row).map(|value| out.push(value)));
        out
    })
}

/// How many rows of a long answer are in memory at once.
const FETCH: i64 = 1_000;

/// Runs a statement as the owner and hands each row over, a thousand in memory at a time, however many there are.
/// What is mapped ends when it is cancelled.
pub fn each_row(
    sql: &'static str,
    args: &[DatumWithOid<'_>],
    mut map: impl FnMut(&spi::SpiHeapTupleData<'_>) -> Mapped<()>,
) {
    let _owner = AsOwner::enter();
    // SAFETY: SPI is connected, and the plan was made for arguments of these types; the portal is closed here, or
    // by the end of a transaction that failed.
    Spi::connect(|_| unsafe {
        let plan = plan(sql, args);
        let mut args = Args::new(args);
        let portal = pg_sys::SPI_cursor_open(
            std::ptr::null(),
            plan,
            args.values.as_mut_ptr(),
            args.nulls.as_ptr(),
            false,
        );
        loop {
            pgrx::check_for_interrupts!();
            pg_sys::SPI_cursor_fetch(portal, true, FETCH);
            if pg_sys::SPI_processed == 0 {
                break;
            }
            let table = pg_sys::SPI_tuptable;
            for_each(&mut map);
            pg_sys::SPI_freetuptable(table);
        }
        pg_sys::SPI_cursor_close(portal);
    });
}

/// Runs a statement as the owner; answers how many rows it gave back or touched.
pub fn run(sql: &'static str, args: &[DatumWithOid<'_>]) -> usize {
    let _owner = AsOwner::enter();
    // SAFETY: SPI is connected, and the plan was made for arguments of these types.
    Spi::connect(|_| unsafe { execute(plan(sql, args), args, 0) })
}
