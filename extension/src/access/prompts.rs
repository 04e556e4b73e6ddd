//! What a SQL prompt may do beside reading and writing rows. People whose log-in belongs to one of the desk's groups
//! are let through with what reads, writes and ends a transaction; what would stop the others (LOCK, NOTIFY, prepared
//! transactions) or tell of rows that they do not see (EXPLAIN, the plan in the server's messages) is refused.
//!
//! The hooks stand in every database of a server that preloads the library, whether or not it has a desk: locks and
//! memory are the whole cluster's. The API's own log-in, superusers and everybody else are left alone.

use crate::access::constraints::in_words;
use crate::access::people::{is_api, is_guarded};
use crate::identity::actor;
use crate::pg::error::{boundary, fail};
use crate::pg::settings;
use pgrx::pg_sys;
use std::ffi::{CStr, c_char, c_int, c_void};

/// Most nested savepoints; each that has written holds a lock in shared memory.
const NESTED: i32 = 64;
/// Settings that would take the server's memory, or tell what the planner knows of hidden rows.
const SETTINGS: [&str; 8] = [
    "work_mem",
    "hash_mem_multiplier",
    "maintenance_work_mem",
    "temp_buffers",
    "logical_decoding_work_mem",
    "debug_print_parse",
    "debug_print_rewritten",
    "debug_print_plan",
];
/// What a person may set at most: work_mem in kB, how often hashing may take that, processes that help with a query.
const MEMORY: i32 = 65_536;
const TIMES: f64 = 2.0;
const HELPERS: i32 = 2;
/// Tables whose rows everybody's new tickets refer to. FOR UPDATE, unlike an update, holds up each of them.
const REFERRED: [&CStr; 9] = [
    c"users",
    c"organizations",
    c"teams",
    c"statuses",
    c"priorities",
    c"tags",
    c"ticket_forms",
    c"skills",
    c"settings",
];
/// Functions that hold locks for others, count what others did, take a transaction's id for nothing, or run SQL from a
/// text; by their names, or by what their names begin with. In the desk's database they are revoked as well.
const FUNCTIONS: [&str; 10] = [
    "pg_advisory_",
    "pg_try_advisory_",
    "lo_",
    "pg_notify",
    "pg_stat_get_",
    "pg_export_snapshot",
    "pg_current_xact_id",
    "txid_current",
    "query_to_xml",
    "ts_rewrite",
];
/// Tables with indexes over texts of rows that are hidden from some of the staff.
const TABLES: [&CStr; 2] = [c"tickets", c"attachments"];

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

pub fn init() {
    // SAFETY: once per process, before anything runs; the hooks that were there are called by ours.
    unsafe {
        NEXT_UTILITY = pg_sys::ProcessUtility_hook;
        pg_sys::ProcessUtility_hook = Some(utility);
        NEXT_RELATION = pg_sys::get_relation_info_hook;
        pg_sys::get_relation_info_hook = Some(relation_info);
        NEXT_ACCESS = pg_sys::object_access_hook;
        pg_sys::object_access_hook = Some(access);
        settings::check_integer(c"work_mem", Some(memory));
        settings::check_number(c"hash_mem_multiplier", Some(hashing));
        settings::check_integer(c"max_parallel_workers_per_gather", Some(helpers));
    }
}

unsafe extern "C-unwind" fn memory(
    new: *mut c_int,
    _: *mut *mut c_void,
    source: pg_sys::GucSource::Type,
) -> bool {
    // SAFETY: the value that is being set.
    let fits = unsafe { *new } <= MEMORY;
    limit(fits, source, &format!("More than {MEMORY} kB of work_mem"))
}

unsafe extern "C-unwind" fn hashing(
    new: *mut f64,
    _: *mut *mut c_void,
    source: pg_sys::GucSource::Type,
) -> bool {
    // SAFETY: the value that is being set.
    let fits = unsafe { *new } <= TIMES;
    limit(
        fits,
        source,
        &format!("A hash_mem_multiplier beyond {TIMES}"),
    )
}

unsafe extern "C-unwind" fn helpers(
    new: *mut c_int,
    _: *mut *mut c_void,
    source: pg_sys::GucSource::Type,
) -> bool {
    // SAFETY: the value that is being set.
    let fits = unsafe { *new } <= HELPERS;
    let what = format!("max_parallel_workers_per_gather beyond {HELPERS}");
    limit(fits, source, &what)
}

/// Refuses what a person sets too high. What the server's files and ALTER ROLE say is the operator's.
fn limit(fits: bool, source: pg_sys::GucSource::Type, what: &str) -> bool {
    use pg_sys::GucSource::{PGC_S_CLIENT, PGC_S_SESSION};
    if !fits && [PGC_S_CLIENT, PGC_S_SESSION].contains(&source) && !is_api() {
        boundary(|| {
            if is_guarded() {
                refuse(what);
            }
            pg_sys::Datum::null()
        });
    }
    true
}

/// Whether the actor sees everything. In a database without a desk nobody does.
fn sees_all() -> bool {
    // SAFETY: look-ups by static C strings.
    let desk = unsafe {
        let schema = pg_sys::get_namespace_oid(c"app".as_ptr(), true);
        schema != pg_sys::InvalidOid
            && pg_sys::get_extension_oid(c"autocrm".as_ptr(), true) != pg_sys::InvalidOid
            && pg_sys::get_relname_relid(c"users".as_ptr(), schema) != pg_sys::InvalidOid
    };
    desk && actor().sees_all()
}

fn refuse(what: &str) -> ! {
    fail(
        "TK403",
        &format!("{what} is not for a SQL prompt of the desk"),
        None,
        Some("Read and write its rows; ask an administrator of the database for anything else."),
    )
}

fn text<'a>(name: *const c_char) -> &'a str {
    if name.is_null() {
        return "";
    }
    // SAFETY: names in parse trees are NUL-terminated and outlive the statement.
    unsafe { CStr::from_ptr(name) }.to_str().unwrap_or_default()
}

/// # Safety
/// `node` is the utility statement at hand.
#[expect(
    clippy::cast_ptr_alignment,
    reason = "Postgres allocates every node at the greatest alignment"
)]
unsafe fn check(node: *mut pg_sys::Node) {
    use pg_sys::NodeTag as T;
    // SAFETY: each cast follows the tag that says so.
    unsafe {
        match (*node).type_ {
            T::T_TransactionStmt => transaction((*node.cast::<pg_sys::TransactionStmt>()).kind),
            T::T_VariableSetStmt => {
                let name = text((*node.cast::<pg_sys::VariableSetStmt>()).name);
                if SETTINGS.contains(&name.to_ascii_lowercase().as_str()) {
                    refuse(&format!("Setting {name}"));
                }
            }
            T::T_ExplainStmt => {
                if !sees_all() {
                    fail(
                        "TK403",
                        "EXPLAIN is for those who see all tickets",
                        None,
                        Some("Plans count rows that you do not see; ask somebody who sees all."),
                    );
                }
            }
            T::T_AlterRoleStmt if only_password(node.cast()) => {}
            T::T_VariableShowStmt
            | T::T_DeclareCursorStmt
            | T::T_FetchStmt
            | T::T_ClosePortalStmt
            | T::T_PrepareStmt
            | T::T_ExecuteStmt
            | T::T_DeallocateStmt
            | T::T_DiscardStmt
            | T::T_DoStmt
            | T::T_ConstraintsSetStmt
            | T::T_CopyStmt
            | T::T_UnlistenStmt => {}
            _ => {
                let tag = pg_sys::CreateCommandTag(node);
                refuse(text(pg_sys::GetCommandTagName(tag)));
            }
        }
    }
}

fn transaction(kind: pg_sys::TransactionStmtKind::Type) {
    use pg_sys::TransactionStmtKind as Kind;
    match kind {
        Kind::TRANS_STMT_PREPARE
        | Kind::TRANS_STMT_COMMIT_PREPARED
        | Kind::TRANS_STMT_ROLLBACK_PREPARED => refuse("A prepared transaction"),
        Kind::TRANS_STMT_SAVEPOINT if nested() > NESTED => {
            refuse(&format!("More than {NESTED} savepoints at once"));
        }
        _ => {}
    }
}

fn nested() -> i32 {
    // SAFETY: a plain read.
    unsafe { pg_sys::GetCurrentTransactionNestLevel() }
}

/// Whether the statement changes a password only: everybody may change their own, which Postgres checks.
///
/// # Safety
/// `statement` is an ALTER ROLE.
unsafe fn only_password(statement: *mut pg_sys::AlterRoleStmt) -> bool {
    // SAFETY: options are a list of DefElem, or NIL.
    unsafe {
        let options = (*statement).options;
        !options.is_null()
            && (0..usize::try_from((*options).length).unwrap_or_default()).all(|at| {
                let option = (*(*options).elements.add(at))
                    .ptr_value
                    .cast::<pg_sys::DefElem>();
                text((*option).defname) == "password"
            })
    }
}

unsafe extern "C-unwind" fn utility(
    statement: *mut pg_sys::PlannedStmt,
    query: *const c_char,
    read_only_tree: bool,
    context: pg_sys::ProcessUtilityContext::Type,
    params: pg_sys::ParamListInfo,
    environment: *mut pg_sys::QueryEnvironment,
    destination: *mut pg_sys::DestReceiver,
    completion: *mut pg_sys::QueryCompletion,
) {
    if !is_api() {
        boundary(|| {
            if is_guarded() {
                // SAFETY: Postgres hands the statement that it is about to carry out.
                unsafe { check((*statement).utilityStmt) };
            }
            pg_sys::Datum::null()
        });
    }
    // SAFETY: what Postgres handed to us; no Rust value is alive that an error would skip.
    in_words(|| unsafe {
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

/// Before a table is planned for. An index over texts is not used for who does not see all: it would be asked before
/// any policy, and the time that it takes would tell.
unsafe extern "C-unwind" fn relation_info(
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
    if is_api() {
        return;
    }
    boundary(|| {
        if is_guarded() {
            // SAFETY: what Postgres is planning for.
            unsafe { check_locks(root, id, relation) };
            sober();
            if is_one_of(&TABLES, id) && !sees_all() {
                // SAFETY: the list of the relation that is being planned for, whose nodes are IndexOptInfo.
                unsafe { drop_indexes(relation) };
            }
        }
        pg_sys::Datum::null()
    });
}

/// # Safety
/// `relation` is being planned for, in `root`.
unsafe fn check_locks(
    root: *mut pg_sys::PlannerInfo,
    id: pg_sys::Oid,
    relation: *mut pg_sys::RelOptInfo,
) {
    // SAFETY: by the caller; the list is NIL or of RowMarkClause.
    unsafe {
        let marks = (*(*root).parse).rowMarks;
        if marks.is_null() || !is_one_of(&REFERRED, id) {
            return;
        }
        for at in 0..usize::try_from((*marks).length).unwrap_or_default() {
            let mark = (*(*marks).elements.add(at))
                .ptr_value
                .cast::<pg_sys::RowMarkClause>();
            if (*mark).rti == (*relation).relid
                && (*mark).strength == pg_sys::LockClauseStrength::LCS_FORUPDATE
            {
                fail(
                    "TK403",
                    "FOR UPDATE of what new tickets refer to is not for a SQL prompt of the desk",
                    None,
                    Some("Lock the rows with FOR NO KEY UPDATE."),
                );
            }
        }
    }
}

/// A setting may come with the connection, past SET.
fn sober() {
    // SAFETY: a setting that every server has.
    let printing = unsafe { pg_sys::GetConfigOption(c"debug_print_plan".as_ptr(), true, false) };
    if text(printing) == "on" {
        refuse("debug_print_plan");
    }
}

/// Whether it is a table of the desk with one of these names.
fn is_one_of(names: &[&CStr], id: pg_sys::Oid) -> bool {
    // SAFETY: look-ups by static C strings.
    unsafe {
        let schema = pg_sys::get_namespace_oid(c"app".as_ptr(), true);
        schema != pg_sys::InvalidOid
            && names
                .iter()
                .any(|table| pg_sys::get_relname_relid(table.as_ptr(), schema) == id)
    }
}

/// # Safety
/// `relation` is being planned for.
unsafe fn drop_indexes(relation: *mut pg_sys::RelOptInfo) {
    // SAFETY: by the caller; the array of a list holds `length` cells, and only plain columns have a number.
    unsafe {
        let list = (*relation).indexlist;
        if list.is_null() {
            return;
        }
        let mut kept = std::ptr::null_mut();
        for at in 0..usize::try_from((*list).length).unwrap_or_default() {
            let index = (*(*list).elements.add(at))
                .ptr_value
                .cast::<pg_sys::IndexOptInfo>();
            let plain = (0..usize::try_from((*index).nkeycolumns).unwrap_or_default()).all(|key| {
                let kind = *(*index).opcintype.add(key);
                *(*index).indexkeys.add(key) > 0
                    && [
                        pg_sys::INT8OID,
                        pg_sys::INT4OID,
                        pg_sys::TIMESTAMPTZOID,
                        pg_sys::BOOLOID,
                    ]
                    .contains(&kind)
            });
            if plain {
                kept = pg_sys::lappend(kept, index.cast());
            }
        }
        (*relation).indexlist = kept;
    }
}

/// Before a function is called, in whatever database.
unsafe extern "C-unwind" fn access(
    kind: pg_sys::ObjectAccessType::Type,
    class: pg_sys::Oid,
    object: pg_sys::Oid,
    part: std::ffi::c_int,
    argument: *mut std::ffi::c_void,
) {
    // SAFETY: what Postgres handed to us.
    unsafe {
        if let Some(next) = NEXT_ACCESS {
            next(kind, class, object, part, argument);
        }
    }
    if kind != pg_sys::ObjectAccessType::OAT_FUNCTION_EXECUTE
        || object.to_u32() >= pg_sys::FirstNormalObjectId
        || is_api()
    {
        return;
    }
    boundary(|| {
        if is_guarded() {
            // SAFETY: a copy of the name, or NULL for a function that is gone.
            let name = text(unsafe { pg_sys::get_func_name(object) });
            let is_meant = |one: &str| name == one || (one.ends_with('_') && name.starts_with(one));
            if FUNCTIONS.into_iter().any(is_meant)
                && !(name.starts_with("pg_stat_get_") && sees_all())
            {
                refuse(name);
            }
        }
        pg_sys::Datum::null()
    });
}
