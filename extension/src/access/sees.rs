//! Who sees which row, asked before anything else. Postgres evaluates the conditions of a query in the order of their
//! cost, and comparisons that are marked leakproof may come before a policy that costs more: what they meet of a
//! hidden row could be told by counters. These functions are declared cheaper than any comparison, and stand in a
//! restrictive policy of each table (sql/app/visibility.sql), so that no other condition ever meets a hidden row.
//!
//! What is the same for a whole query (who acts, which tickets they see) is kept with the call site until it ends.

use crate::config::config;
use crate::identity::{Actor, actor};
use crate::pg::call::answer;
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::scan::relation;
use crate::tickets::written::wrote;
use pgrx::pg_sys;
use pgrx::{FromDatum, PgMemoryContexts};
use std::collections::HashMap;
use std::ffi::CStr;
use std::rc::Rc;

/// Answers kept per call site: a report over all messages meets every ticket.
const KEPT: usize = 100_000;

/// The cache of a call site.
struct Known {
    transaction: u32,
    actor: Rc<Actor>,
    answers: HashMap<i64, bool>,
}

/// The columns that decide who sees a ticket.
struct Ticket {
    team: Option<i64>,
    assignee: Option<i64>,
    requester: Option<i64>,
}

/// The cache of this call site; a new one in each transaction.
fn known(fcinfo: pg_sys::FunctionCallInfo) -> &'static mut Known {
    known_of(fcinfo, &[])
}

/// The same for a function that is declared with these types: only a bigint can be read without asking.
fn known_of(fcinfo: pg_sys::FunctionCallInfo, types: &[pg_sys::Oid]) -> &'static mut Known {
    let transaction = db::transaction();
    // SAFETY: fn_extra is this function's own, holds nothing or a Known, and lives as long as fn_mcxt; nobody else
    // has a reference while the call lasts, since a call never enters itself.
    unsafe {
        let info = (*fcinfo).flinfo;
        if info.is_null() {
            pgrx::error!("this function is called by SQL only");
        }
        let place = &mut (*info).fn_extra;
        if place.is_null() {
            crate::pg::call::need_declared(fcinfo, types);
            let fresh = Known {
                transaction,
                actor: actor(),
                answers: HashMap::new(),
            };
            *place = PgMemoryContexts::For((*info).fn_mcxt)
                .leak_and_drop_on_delete(fresh)
                .cast();
        }
        let known = &mut *(*place).cast::<Known>();
        if known.transaction != transaction {
            known.actor = actor();
            known.answers.clear();
            known.transaction = transaction;
        }
        known
    }
}

impl Known {
    /// The answer about a row of another table, looked up once.
    fn once(&mut self, id: i64, ask: impl FnOnce(&Actor) -> bool) -> bool {
        if let Some(answer) = self.answers.get(&id) {
            return *answer;
        }
        let answer = ask(&self.actor);
        if self.answers.len() >= KEPT {
            self.answers.clear();
        }
        self.answers.insert(id, answer);
        answer
    }
}

/// The policies for reading app.tickets, in one.
fn sees(actor: &Actor, id: i64, ticket: &Ticket) -> bool {
    let Some(me) = actor.user_id else {
        return false;
    };
    let by_team = || actor.sees_all() || ticket.team.is_some_and(|team| actor.is_in(&[team]));
    match actor.role.as_deref() {
        Some("customer") => ticket.requester == Some(me),
        Some("analyst") => by_team(),
        Some("integration") => {
            actor.has_scope("tickets:read") && by_team()
                || actor.has_scope("tickets:write") && wrote(id)
        }
        Some("agent" | "admin") => {
            by_team() || ticket.team.is_none() || ticket.assignee == Some(me) || wrote(id)
        }
        _ => false,
    }
}

/// Reads bigint columns of the row with this id, as the query at hand sees the table.
fn look_up<const N: usize>(
    table: &CStr,
    index: &CStr,
    columns: [&CStr; N],
    id: i64,
) -> Option<[Option<i64>; N]> {
    let shared = pg_sys::AccessShareLock.cast_signed();
    let mut found = None;
    // SAFETY: relations of schema app, opened and closed here (by the end of the transaction after an error); the
    // slot belongs to the table, the snapshot is the query's own and stays active for the call.
    unsafe {
        let heap = pg_sys::table_open(relation(table), shared);
        let index = pg_sys::index_open(relation(index), shared);
        let slot = pg_sys::table_slot_create(heap, std::ptr::null_mut());
        let mut key = pg_sys::ScanKeyData::default();
        pg_sys::ScanKeyInit(
            &raw mut key,
            1,
            u16::try_from(pg_sys::BTEqualStrategyNumber).unwrap_or_default(),
            pg_sys::Oid::from(pg_sys::F_INT8EQ),
            pg_sys::Datum::from(id),
        );
        let scan = crate::pg::begin_scan(heap, index, pg_sys::GetActiveSnapshot(), 1);
        pg_sys::index_rescan(scan, &raw mut key, 1, std::ptr::null_mut(), 0);
        if pg_sys::index_getnext_slot(scan, pg_sys::ScanDirection::ForwardScanDirection, slot) {
            found = Some(columns.map(|name| {
                let number = pg_sys::get_attnum((*heap).rd_id, name.as_ptr());
                let at = usize::try_from(number).ok()?.checked_sub(1)?;
                if (*slot).tts_nvalid < number {
                    pg_sys::slot_getsomeattrs_int(slot, i32::from(number));
                }
                i64::from_datum(*(*slot).tts_values.add(at), *(*slot).tts_isnull.add(at))
            }));
        }
        pg_sys::index_endscan(scan);
        pg_sys::ExecDropSingleTupleTableSlot(slot);
        pg_sys::index_close(index, shared);
        pg_sys::table_close(heap, shared);
    }
    found
}

/// Whether a ticket that is named elsewhere is one that the actor sees; those in the trash are nobody's. The time of
/// deletion is read as the bigint that it is.
fn sees_by_id(actor: &Actor, id: i64) -> bool {
    look_up(
        c"tickets",
        c"tickets_pkey",
        [c"team_id", c"assignee_id", c"requester_id", c"deleted_at"],
        id,
    )
    .is_some_and(|[team, assignee, requester, deleted]| {
        let ticket = Ticket {
            team,
            assignee,
            requester,
        };
        deleted.is_none() && sees(actor, id, &ticket)
    })
}

/// Messages are seen with their ticket, by staff also with the ticket that it was merged into.
fn sees_messages_of(actor: &Actor, id: i64) -> bool {
    sees_by_id(actor, id)
        || matches!(actor.role.as_deref(), Some("agent" | "admin" | "analyst"))
            && look_up(
                c"ticket_links",
                c"ticket_links_merged_idx",
                [c"other_id"],
                id,
            )
            .is_some_and(|[into]| into.is_some_and(|into| sees_by_id(actor, into)))
}

/// A bigint argument; `None` for NULL.
fn bigint(fcinfo: pg_sys::FunctionCallInfo, at: usize) -> Option<i64> {
    // SAFETY: every function of this file is declared with bigint arguments where it asks for one.
    unsafe { pgrx::fcinfo::pg_getarg::<i64>(fcinfo, at) }
}

// `select autocrm.sees_row(7, 1, null, 3)  -- id, team_id, assignee_id and requester_id of a ticket`
native!(sees_row, pg_finfo_sees_row, |fcinfo| {
    let ticket = Ticket {
        team: bigint(fcinfo, 1),
        assignee: bigint(fcinfo, 2),
        requester: bigint(fcinfo, 3),
    };
    let id = bigint(fcinfo, 0).unwrap_or_default();
    answer(fcinfo, Some(sees(&known(fcinfo).actor, id, &ticket)))
});

// `select autocrm.sees_ticket(7)`
native!(sees_ticket, pg_finfo_sees_ticket, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        // A row that this statement has written is not cached.
        wrote(id) && sees_by_id(&known(fcinfo).actor, id)
            || known(fcinfo).once(id, |actor| sees_by_id(actor, id))
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_messages(7)  -- of this ticket`
native!(sees_messages, pg_finfo_sees_messages, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        wrote(id) && sees_by_id(&known(fcinfo).actor, id)
            || known(fcinfo).once(id, |actor| sees_messages_of(actor, id))
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_attachment(7, 3)  -- of ticket 7, or, with NULL, an upload of user 3 that waits`
native!(sees_attachment, pg_finfo_sees_attachment, |fcinfo| {
    let (ticket, uploader) = (bigint(fcinfo, 0), bigint(fcinfo, 1));
    let known = known(fcinfo);
    let seen = match ticket {
        Some(id) => {
            wrote(id) && sees_by_id(&known.actor, id)
                || known.once(id, |actor| sees_messages_of(actor, id))
        }
        None => uploader.is_some() && uploader == known.actor.user_id,
    };
    answer(fcinfo, Some(seen))
});

// `select autocrm.is_me(3)`
native!(is_me, pg_finfo_is_me, |fcinfo| {
    let id = bigint(fcinfo, 0);
    answer(
        fcinfo,
        Some(id.is_some() && id == known(fcinfo).actor.user_id),
    )
});

/// A private one is seen by its owner, one of a team by members and by those who see all, a shared one by everybody.
fn sees_shared_by(actor: &Actor, owner: Option<i64>, team: Option<i64>) -> bool {
    match (owner, team) {
        (Some(owner), _) => actor.user_id == Some(owner),
        (None, Some(team)) => actor.is_in(&[team]) || actor.is_admin(),
        (None, None) => actor.user_id.is_some(),
    }
}

// `select autocrm.sees_shared(null, 4)  -- owner_id and team_id of a view or a macro`
native!(sees_shared, pg_finfo_sees_shared, |fcinfo| {
    let (owner, team) = (bigint(fcinfo, 0), bigint(fcinfo, 1));
    let seen = sees_shared_by(&known(fcinfo).actor, owner, team);
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_macro(5)`
native!(sees_macro, pg_finfo_sees_macro, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        known(fcinfo).once(id, |actor| {
            look_up(c"macros", c"macros_pkey", [c"owner_id", c"team_id"], id)
                .is_some_and(|[owner, team]| sees_shared_by(actor, owner, team))
        })
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_job(5)  -- a bulk job`
native!(sees_job, pg_finfo_sees_job, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        known(fcinfo).once(id, |actor| {
            look_up(c"bulk_jobs", c"bulk_jobs_pkey", [c"created_by"], id)
                .is_some_and(|[owner]| owner.is_some() && owner == actor.user_id)
        })
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_field('margin')  -- by its key`
native!(sees_field, pg_finfo_sees_field, |fcinfo| {
    let actor = Rc::clone(&known_of(fcinfo, &[pg_sys::TEXTOID]).actor);
    // SAFETY: declared STRICT with one text argument, as was just made sure of.
    let key = unsafe { pgrx::fcinfo::pg_getarg::<String>(fcinfo, 0) }.unwrap_or_default();
    let hidden = config();
    let hidden = hidden.sight.hidden(actor.role.as_deref());
    answer(fcinfo, Some(!hidden.contains(&key)))
});
