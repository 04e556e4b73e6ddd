//! The hooks in which Postgres asks before it carries out a statement, plans for a table, calls a function, or writes
//! into the server's log; and those in which an error ends a statement.
//! They stand in every database of a server that preloads the library.

use crate::pg::error::boundary;
use crate::pg::guard::{Raised, guard};
use crate::pg::planned::Planned;
use crate::pg::statement::Statement;
use pgrx::{PgLogLevel, pg_sys};
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Once;

/// Who is asked. What a method fails with is the answer to the statement at hand.
pub trait Guard {
    /// Whether this session is nobody's to guard; asked first by every hook, inside a transaction or not.
    fn leaves_alone() -> bool;

    /// Whether what runs now is somebody's statement whom this guards.
    fn is_guarded() -> bool;

    /// An error that ends a statement of theirs. What this fails with takes its place.
    fn ended_by(error: &Raised);

    fn statement(statement: &Statement<'_>);

    fn table(table: &mut Planned);

    /// A function of Postgres itself, by its name.
    fn function(name: &str);

    /// A query that is about to be executed.
    fn query();

    /// Whether the planner may not look at the statistics of this table.
    fn hides_statistics(table: pg_sys::Oid) -> bool;

    /// What the server's log keeps of a message. Nothing can be looked up here.
    fn logs(message: &Message) -> Logged;
}

/// A message on its way to the log and the client.
pub struct Message {
    pub is_error: bool,
    /// By RAISE.
    pub is_raised: bool,
    /// Of all its texts, in bytes.
    pub length: usize,
}

/// What the server's log keeps of a message.
pub enum Logged {
    Whole,
    /// The message, and its statement up to this length.
    UpTo(usize),
    Not,
}

thread_local! {
    /// Whether a guarded statement is running, of which everything else is a part.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

static ONCE: Once = Once::new();
static mut NEXT_UTILITY: pg_sys::ProcessUtility_hook_type = None;
static mut NEXT_RELATION: pg_sys::get_relation_info_hook_type = None;
static mut NEXT_ACCESS: pg_sys::object_access_hook_type = None;
static mut NEXT_START: pg_sys::ExecutorStart_hook_type = None;
static mut NEXT_RUN: pg_sys::ExecutorRun_hook_type = None;
static mut NEXT_FINISH: pg_sys::ExecutorFinish_hook_type = None;
static mut NEXT_STATISTICS: pg_sys::get_relation_stats_hook_type = None;
static mut NEXT_INDEX_STATISTICS: pg_sys::get_index_stats_hook_type = None;
static mut NEXT_LOG: pg_sys::emit_log_hook_type = None;

unsafe extern "C-unwind" {
    /// pgrx's own binding would turn an error into a panic, and lose its SQLSTATE.
    #[link_name = "standard_ProcessUtility"]
    fn standard_process_utility(
        statement: *mut pg_sys::PlannedStmt,
        query: *const c_char,
        read_only_tree: bool,
        context: pg_sys::ProcessUtilityContext::Type,
        params: pg_sys::ParamListInfo,
        environment: *mut pg_sys::QueryEnvironment,
        destination: *mut pg_sys::DestReceiver,
        completion: *mut pg_sys::QueryCompletion,
    );

    #[link_name = "standard_ExecutorStart"]
    fn standard_executor_start(query: *mut pg_sys::QueryDesc, flags: c_int);

    #[cfg(not(feature = "pg18"))]
    #[link_name = "standard_ExecutorRun"]
    fn standard_executor_run(
        query: *mut pg_sys::QueryDesc,
        direction: pg_sys::ScanDirection::Type,
        count: u64,
        once: bool,
    );

    #[cfg(feature = "pg18")]
    #[link_name = "standard_ExecutorRun"]
    fn standard_executor_run(
        query: *mut pg_sys::QueryDesc,
        direction: pg_sys::ScanDirection::Type,
        count: u64,
    );

    #[link_name = "standard_ExecutorFinish"]
    fn standard_executor_finish(query: *mut pg_sys::QueryDesc);
}

/// Puts the guard before whatever hooks there are. Once per process.
pub fn init<G: Guard>() {
    // SAFETY: once, by the only thread; the hooks that were there are called by ours.
    ONCE.call_once(|| unsafe {
        NEXT_UTILITY = pg_sys::ProcessUtility_hook;
        pg_sys::ProcessUtility_hook = Some(utility::<G>);
        NEXT_RELATION = pg_sys::get_relation_info_hook;
        pg_sys::get_relation_info_hook = Some(relation_info::<G>);
        NEXT_ACCESS = pg_sys::object_access_hook;
        pg_sys::object_access_hook = Some(access::<G>);
        NEXT_START = pg_sys::ExecutorStart_hook;
        pg_sys::ExecutorStart_hook = Some(start::<G>);
        NEXT_RUN = pg_sys::ExecutorRun_hook;
        pg_sys::ExecutorRun_hook = Some(run::<G>);
        NEXT_FINISH = pg_sys::ExecutorFinish_hook;
        pg_sys::ExecutorFinish_hook = Some(finish::<G>);
        NEXT_STATISTICS = pg_sys::get_relation_stats_hook;
        pg_sys::get_relation_stats_hook = Some(statistics::<G>);
        NEXT_INDEX_STATISTICS = pg_sys::get_index_stats_hook;
        pg_sys::get_index_stats_hook = Some(index_statistics::<G>);
        NEXT_LOG = pg_sys::emit_log_hook;
        pg_sys::emit_log_hook = Some(log::<G>);
    });
}

/// Asks the guard; what it fails with becomes an error here.
fn ask<G: Guard>(question: impl FnOnce()) {
    if !G::leaves_alone() {
        boundary(|| {
            question();
            pg_sys::Datum::null()
        });
    }
}

/// Does a part of a statement. The call does nothing but call Postgres: its errors skip the frames between.
fn carry_out<G: Guard>(call: impl FnOnce()) {
    if G::leaves_alone() || INSIDE.get() {
        return call();
    }
    let mut is_guarded = false;
    ask::<G>(|| is_guarded = G::is_guarded());
    if !is_guarded {
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
        if let Some(error) = payload.downcast_ref::<Raised>() {
            G::ended_by(error);
        }
        resume_unwind(payload)
    });
}

unsafe extern "C-unwind" fn utility<G: Guard>(
    statement: *mut pg_sys::PlannedStmt,
    query: *const c_char,
    read_only_tree: bool,
    context: pg_sys::ProcessUtilityContext::Type,
    params: pg_sys::ParamListInfo,
    environment: *mut pg_sys::QueryEnvironment,
    destination: *mut pg_sys::DestReceiver,
    completion: *mut pg_sys::QueryCompletion,
) {
    // SAFETY: Postgres hands the statement that it is about to carry out.
    ask::<G>(|| G::statement(&unsafe { Statement::new((*statement).utilityStmt) }));
    // SAFETY: what Postgres handed to us; no Rust value is alive that an error would skip.
    carry_out::<G>(|| unsafe {
        match NEXT_UTILITY {
            Some(next) => next(
                statement,
                query,
                read_only_tree,
                context,
                params,
                environment,
                destination,
                completion,
            ),
            None => standard_process_utility(
                statement,
                query,
                read_only_tree,
                context,
                params,
                environment,
                destination,
                completion,
            ),
        }
    });
}

unsafe extern "C-unwind" fn relation_info<G: Guard>(
    root: *mut pg_sys::PlannerInfo,
    id: pg_sys::Oid,
    inherits: bool,
    relation: *mut pg_sys::RelOptInfo,
) {
    // SAFETY: what Postgres handed to us.
    unsafe {
        if let Some(next) = NEXT_RELATION {
            next(root, id, inherits, relation);
        }
    }
    // SAFETY: what Postgres is planning for.
    ask::<G>(|| G::table(&mut unsafe { Planned::new(root, id, relation) }));
}

unsafe extern "C-unwind" fn access<G: Guard>(
    kind: pg_sys::ObjectAccessType::Type,
    class: pg_sys::Oid,
    object: pg_sys::Oid,
    part: c_int,
    argument: *mut c_void,
) {
    // SAFETY: what Postgres handed to us.
    unsafe {
        if let Some(next) = NEXT_ACCESS {
            next(kind, class, object, part, argument);
        }
    }
    if kind != pg_sys::ObjectAccessType::OAT_FUNCTION_EXECUTE
        || object.to_u32() >= pg_sys::FirstNormalObjectId
    {
        return;
    }
    ask::<G>(|| {
        // SAFETY: a copy of the name, or NULL for a function that is gone.
        let name = unsafe {
            let name = pg_sys::get_func_name(object);
            (!name.is_null()).then(|| CStr::from_ptr(name))
        };
        G::function(name.and_then(|name| name.to_str().ok()).unwrap_or_default());
    });
}

unsafe extern "C-unwind" fn start<G: Guard>(query: *mut pg_sys::QueryDesc, flags: c_int) {
    ask::<G>(G::query);
    // SAFETY: what Postgres handed to us; no Rust value is alive that an error would skip.
    unsafe {
        match NEXT_START {
            Some(next) => next(query, flags),
            None => standard_executor_start(query, flags),
        }
    }
}

/// Checks and keys of the rows that a statement writes.
#[cfg(not(feature = "pg18"))]
unsafe extern "C-unwind" fn run<G: Guard>(
    query: *mut pg_sys::QueryDesc,
    direction: pg_sys::ScanDirection::Type,
    count: u64,
    once: bool,
) {
    // SAFETY: what Postgres handed to us.
    carry_out::<G>(|| unsafe {
        match NEXT_RUN {
            Some(next) => next(query, direction, count, once),
            None => standard_executor_run(query, direction, count, once),
        }
    });
}

/// Checks and keys of the rows that a statement writes.
#[cfg(feature = "pg18")]
unsafe extern "C-unwind" fn run<G: Guard>(
    query: *mut pg_sys::QueryDesc,
    direction: pg_sys::ScanDirection::Type,
    count: u64,
) {
    // SAFETY: what Postgres handed to us.
    carry_out::<G>(|| unsafe {
        match NEXT_RUN {
            Some(next) => next(query, direction, count),
            None => standard_executor_run(query, direction, count),
        }
    });
}

/// References are checked at the end of the statement.
unsafe extern "C-unwind" fn finish<G: Guard>(query: *mut pg_sys::QueryDesc) {
    // SAFETY: what Postgres handed to us.
    carry_out::<G>(|| unsafe {
        match NEXT_FINISH {
            Some(next) => next(query),
            None => standard_executor_finish(query),
        }
    });
}

/// Whether the statistics of this table are hidden.
fn hides<G: Guard>(table: pg_sys::Oid) -> bool {
    let mut hides = false;
    ask::<G>(|| hides = G::hides_statistics(table));
    hides
}

unsafe extern "C-unwind" fn statistics<G: Guard>(
    root: *mut pg_sys::PlannerInfo,
    entry: *mut pg_sys::RangeTblEntry,
    column: pg_sys::AttrNumber,
    variable: *mut pg_sys::VariableStatData,
) -> bool {
    // SAFETY: what Postgres handed to us; without statistics there is nothing to free.
    unsafe {
        if hides::<G>((*entry).relid) {
            (*variable).statsTuple = std::ptr::null_mut();
            return true;
        }
        NEXT_STATISTICS.is_some_and(|next| next(root, entry, column, variable))
    }
}

unsafe extern "C-unwind" fn index_statistics<G: Guard>(
    root: *mut pg_sys::PlannerInfo,
    index: pg_sys::Oid,
    column: pg_sys::AttrNumber,
    variable: *mut pg_sys::VariableStatData,
) -> bool {
    // SAFETY: as above; the index is being planned for.
    unsafe {
        if hides::<G>(pg_sys::IndexGetRelation(index, true)) {
            (*variable).statsTuple = std::ptr::null_mut();
            return true;
        }
        NEXT_INDEX_STATISTICS.is_some_and(|next| next(root, index, column, variable))
    }
}

unsafe extern "C-unwind" fn log<G: Guard>(message: *mut pg_sys::ErrorData) {
    // SAFETY: what Postgres handed to us: texts that end with NUL, or NULL.
    unsafe {
        let length = |text: *const c_char| {
            if text.is_null() {
                0
            } else {
                CStr::from_ptr(text).count_bytes()
            }
        };
        let all = [
            (*message).message,
            (*message).detail,
            (*message).hint,
            (*message).context,
            (*message).internalquery,
        ];
        let from = (*message).funcname;
        let told = Message {
            is_error: (*message).elevel >= PgLogLevel::ERROR as c_int,
            is_raised: !from.is_null() && CStr::from_ptr(from) == c"exec_stmt_raise",
            length: all.into_iter().map(|text| length(text)).sum(),
        };
        match G::logs(&told) {
            Logged::Whole => {}
            Logged::UpTo(most) => {
                (*message).hide_stmt |= length(pg_sys::debug_query_string) > most;
            }
            Logged::Not => (*message).output_to_server = false,
        }
        if let Some(next) = NEXT_LOG {
            next(message);
        }
    }
}
