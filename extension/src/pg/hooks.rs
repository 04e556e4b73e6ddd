//! The hooks in which Postgres asks before it carries out a utility statement, plans for a table, or calls a function.
//! They stand in every database of a server that preloads the library.

use crate::pg::error::boundary;
use crate::pg::planned::Planned;
use crate::pg::statement::Statement;
use pgrx::pg_sys;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::Once;

/// Who is asked. What a method fails with is the answer to the statement at hand.
pub trait Guard {
    /// Whether this session is nobody's to guard; asked first by every hook, inside a transaction or not.
    fn leaves_alone() -> bool;

    fn statement(statement: &Statement<'_>);

    fn table(table: &mut Planned);

    /// A function of Postgres itself, by its name.
    fn function(name: &str);
}

static ONCE: Once = Once::new();
static mut NEXT_UTILITY: pg_sys::ProcessUtility_hook_type = None;
static mut NEXT_RELATION: pg_sys::get_relation_info_hook_type = None;
static mut NEXT_ACCESS: pg_sys::object_access_hook_type = None;

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
    unsafe {
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
    }
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
