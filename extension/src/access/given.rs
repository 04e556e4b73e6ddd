//! Ids and times are given by the desk only. People who write rows at a SQL prompt have the grants that the functions of
//! schema api need, ids and times among them; a trigger that fires for people at a prompt alone refuses what they could
//! not choose over REST either.

use crate::access::people;
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::{fail, native, refuse};
use crate::pg::row::Row;
use crate::pg::trigger::{Event, Trigger, done, trigger};
use crate::pg::{sequence, transaction};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::cell::Cell;
use std::ffi::CStr;

/// The ids that this backend has taken from one table's sequence.
struct Ids {
    sequence: &'static CStr,
    /// What next_id gave out last, until a row has it.
    given: Cell<Option<i64>>,
    /// The id of the last row that was let through: no second row has it.
    used: Cell<i64>,
}

impl Ids {
    const fn of(sequence: &'static CStr) -> Self {
        Self {
            sequence,
            given: Cell::new(None),
            used: Cell::new(0),
        }
    }
}

thread_local! {
    static TICKETS: Ids = const { Ids::of(c"tickets_id_seq") };
    static MESSAGES: Ids = const { Ids::of(c"messages_id_seq") };
}

fn with_ids<T>(table: &str, work: impl FnOnce(&Ids) -> T) -> T {
    match table {
        "tickets" => TICKETS.with(work),
        "messages" => MESSAGES.with(work),
        _ => fail("TK400", "There are no ids of that kind", None, None),
    }
}

// `select autocrm.next_id('tickets')  -- for a row whose id must be known before it is written`
native!(next_id, pg_finfo_next_id, |fcinfo| {
    let (table,): (String,) = args(fcinfo);
    let id = with_ids(&table, |ids| {
        let id = sequence::next_id(ids.sequence);
        ids.given.set(id);
        id
    });
    answer(fcinfo, id)
});

/// Whether the desk gave this id, to next_id or to the row at hand: rows are made one by one, and each fires its
/// triggers before the next takes an id. It is one row's alone: `currval` is the session's, and would be there for
/// the next row too.
fn take_given(table: &str, id: i64) -> bool {
    with_ids(table, |ids| {
        let given = ids.given.get() == Some(id);
        let fits = given || (ids.used.get() != id && sequence::is_last(ids.sequence, id));
        if fits {
            ids.used.set(id);
            if given {
                ids.given.set(None);
            }
        }
        fits
    })
}

/// A time that nobody gave is NULL, or what the column has by default: when the transaction began.
fn is_own_time(row: &Row, column: &str) -> bool {
    row.get::<TimestampWithTimeZone>(column)
        .is_none_or(|at| clock::time(transaction::began()) == Some(at))
}

trigger!(tg_given, pg_finfo_tg_given, given);

/// BEFORE INSERT of a ticket or message by somebody at a prompt, and BEFORE UPDATE of a ticket.
fn given(trigger: &Trigger) -> pg_sys::Datum {
    let Some(row) = trigger.new_row() else {
        return done();
    };
    // A ticket's opening message, and what rules and definers write, is the desk's own.
    if !people::at_prompt() || db::is_owner() {
        return row.into_datum();
    }
    let table = trigger.args().into_iter().next().unwrap_or_default();
    let mut problems = Vec::new();
    if trigger.event() == Event::Insert {
        ids_and_times(&row, &table, &mut problems);
    }
    if !problems.is_empty() {
        refuse(
            "This cannot be written at a SQL prompt",
            &problems,
            "Leave out what the desk gives.",
        );
    }
    row.into_datum()
}

fn ids_and_times(row: &Row, table: &str, problems: &mut Vec<Problem>) {
    let actor = actor();
    if !row.get::<i64>("id").is_some_and(|id| take_given(table, id)) {
        problems.push(Problem::new("id", "is given by the desk"));
    }
    let times: &[&str] = match table {
        "tickets" => &["created_at", "updated_at"],
        _ => &["created_at"],
    };
    // Administrators bring the past of another desk along.
    if !actor.is_admin() {
        for column in times.iter().filter(|column| !is_own_time(row, column)) {
            problems.push(Problem::new(*column, "is given by the desk"));
        }
    }
    if table == "tickets" && !row.is_absent("external_id") && !actor.sees_all() {
        // An error for a taken id would reveal a ticket that they do not see.
        let message = "is for integrations, and for those who see all tickets";
        problems.push(Problem::new("external_id", message));
    }
    if table == "messages" {
        let author = row.get::<i64>("author_id");
        if author.is_some() && author != actor.user_id {
            problems.push(Problem::new("author_id", "must be your own"));
        }
    }
}

trigger!(tg_times, pg_finfo_tg_times, times);

/// BEFORE INSERT OR UPDATE: the columns that are named become now, and what an update finds in `created_at` stays.
fn times(trigger: &Trigger) -> pg_sys::Datum {
    let Some(mut row) = trigger.new_row() else {
        return done();
    };
    let old = trigger.old_row();
    for column in trigger.args() {
        match &old {
            Some(old) if column == "created_at" => {
                row.set(&column, old.get::<TimestampWithTimeZone>(&column));
            }
            Some(old) if row.same_column(old, &column) => {}
            _ if row.is_absent(&column) => {}
            _ => row.set(&column, Some(clock::now())),
        }
    }
    row.into_datum()
}
