//! What a SQL prompt may do beside reading and writing rows. People whose log-in belongs to one of the desk's groups
//! are let through with what reads, writes and ends a transaction; what would stop the others (LOCK, NOTIFY, prepared
//! transactions) or tell of rows that they do not see (EXPLAIN, the plan in the server's messages) is refused.
//!
//! The hooks stand in every database of a server that preloads the library, whether or not it has a desk: locks and
//! memory are the whole cluster's. The API's own log-in, superusers and everybody else are left alone.

use crate::access::people::{at_prompt, is_api, is_guarded, is_known_person, refuse};
use crate::access::{constraints, limits};
use crate::identity::{actor, is_being_found};
use crate::pg::error::fail;
use crate::pg::guard::Raised;
use crate::pg::hooks::{self, Guard, Logged, Message};
use crate::pg::planned::Planned;
use crate::pg::statement::Statement;
use crate::pg::{cached, cluster, scan, transaction};
use pgrx::pg_sys::{self, NodeTag as T};
use std::ffi::CStr;

/// Most nested savepoints, and blocks with EXCEPTION; each that has written holds a lock in shared memory.
const NESTED: i32 = 64;
/// Settings that would take the server's memory.
const SETTINGS: [&str; 3] = [
    "maintenance_work_mem",
    "temp_buffers",
    "logical_decoding_work_mem",
];
/// Tables whose rows everybody's new tickets refer to. FOR UPDATE, unlike an update, holds up each of them.
const REFERRED: [&CStr; 11] = [
    c"users",
    c"organizations",
    c"teams",
    c"statuses",
    c"priorities",
    c"tags",
    c"ticket_forms",
    c"skills",
    c"settings",
    c"custom_fields",
    c"object_records",
];
/// Functions that hold locks for others, count what others did, write into the server's log of changes, take a
/// transaction's id for nothing, run SQL from a text, or cannot be cancelled while they compare each of many points
/// with each; by their names, or by what their names begin with. In the desk's database they are revoked as well.
const FUNCTIONS: [&str; 28] = [
    "pg_advisory_",
    "pg_try_advisory_",
    "lo_",
    "loread",
    "lowrite",
    "pg_notify",
    "pg_stat_get_",
    "pg_lock_status",
    "pg_logical_",
    "pg_export_snapshot",
    "pg_current_xact_id",
    "txid_current",
    "currtid2",
    "query_to_",
    "cursor_to_",
    "table_to_",
    "schema_to_",
    "database_to_",
    "pg_blocking_pids",
    "pg_safe_snapshot_blocking_pids",
    "pg_isolation_test_session_is_blocked",
    "ts_stat",
    "ts_rewrite",
    "path_inter",
    "path_distance",
    "poly_overlap",
    "poly_contain",
    "poly_distance",
];
/// Tables of which whoever sees all tickets sees every row and every column. Of all others, the statistics would tell
/// of rows that are hidden from some.
const OPEN: [&str; 14] = [
    "tickets",
    "messages",
    "events",
    "audit_log",
    "routing_decisions",
    "users",
    "organizations",
    "memberships",
    "teams",
    "tags",
    "skills",
    "statuses",
    "priorities",
    "attachments",
];
/// Longer messages and statements are not repeated in the server's log.
const LOGGED: usize = 8_192;
/// Tables with indexes over texts of rows that are hidden from some of the staff.
const TABLES: [&CStr; 2] = [c"tickets", c"attachments"];

/// Whether the actor sees everything. In a database without a desk nobody does.
fn sees_all() -> bool {
    cluster::has_desk() && actor().sees_all()
}

pub fn init() {
    hooks::init::<Prompts>();
    limits::init();
}

struct Prompts;

impl Guard for Prompts {
    fn leaves_alone() -> bool {
        is_api()
    }

    fn is_guarded() -> bool {
        is_guarded()
    }

    fn ended_by(error: &Raised) {
        constraints::in_words(error);
    }

    fn statement(statement: &Statement<'_>) {
        if is_guarded() {
            // FETCH goes on with a query that has begun.
            cached::accept();
            check(statement);
        }
    }

    /// An index over texts is not used for who does not see all: it would be asked before any policy, and the time
    /// that it takes would tell.
    fn table(table: &mut Planned) {
        if !is_guarded() {
            return;
        }
        if table.is_locked_for_update() && is_one_of(&REFERRED, table.id()) {
            fail(
                "TK403",
                "FOR UPDATE of what new tickets refer to is not for a SQL prompt of the desk",
                None,
                Some("Lock the rows with FOR NO KEY UPDATE."),
            );
        }
        if is_one_of(&TABLES, table.id()) && !sees_all() {
            table.use_indexes_over(&[
                pg_sys::INT8OID,
                pg_sys::INT4OID,
                pg_sys::TIMESTAMPTZOID,
                pg_sys::BOOLOID,
            ]);
        }
    }

    fn function(name: &str) {
        let is_meant = |one: &str| name == one || (one.ends_with('_') && name.starts_with(one));
        if is_guarded()
            && FUNCTIONS.into_iter().any(is_meant)
            && !((name.starts_with("pg_stat_get_") || name == "pg_lock_status") && sees_all())
        {
            refuse(name);
        }
    }

    /// Each query, also those of the desk's functions: what others have committed about this person's rights counts
    /// from here on.
    fn query() {
        if !transaction::is_open() || !at_prompt() {
            return;
        }
        if transaction::depth() > NESTED {
            refuse(&format!("More than {NESTED} savepoints at once"));
        }
        cached::accept();
    }

    /// A policy hides rows, but the planner's estimates count them, and the choice of a plan tells them: also inside
    /// of the desk's functions.
    fn hides_statistics(table: pg_sys::Oid) -> bool {
        if !at_prompt() {
            return false;
        }
        let Some(name) = scan::name_in_app(table) else {
            return false;
        };
        let is_open = |open: &str| {
            let partition = name.strip_prefix(open);
            partition.is_some_and(|of| of.is_empty() || of.starts_with("_2") || of == "_default")
        };
        is_being_found() || !sees_all() || !OPEN.into_iter().any(is_open)
    }

    /// People do not fill the disk by the server's log. What they RAISE below an error is for them alone.
    fn logs(message: &Message) -> Logged {
        if !is_known_person() {
            Logged::Whole
        } else if message.is_raised && !message.is_error
            || message.is_error && message.length > LOGGED
        {
            Logged::Not
        } else {
            Logged::UpTo(LOGGED)
        }
    }
}

fn check(statement: &Statement<'_>) {
    match statement.tag() {
        T::T_TransactionStmt => statement
            .transaction()
            .into_iter()
            .for_each(check_transaction),
        T::T_VariableSetStmt => {
            let name = statement.setting().unwrap_or_default();
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
        // Everybody may change their own password, which Postgres checks.
        T::T_AlterRoleStmt if statement.sets_password_only() => {}
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
        _ => refuse(statement.name()),
    }
}

fn check_transaction(kind: pg_sys::TransactionStmtKind::Type) {
    use pg_sys::TransactionStmtKind as Kind;
    match kind {
        Kind::TRANS_STMT_PREPARE
        | Kind::TRANS_STMT_COMMIT_PREPARED
        | Kind::TRANS_STMT_ROLLBACK_PREPARED => refuse("A prepared transaction"),
        Kind::TRANS_STMT_SAVEPOINT if transaction::depth() > NESTED => {
            refuse(&format!("More than {NESTED} savepoints at once"));
        }
        _ => {}
    }
}

/// Whether it is a table of the desk with one of these names.
fn is_one_of(names: &[&CStr], id: pg_sys::Oid) -> bool {
    names.iter().any(|name| scan::find(name) == Some(id))
}
