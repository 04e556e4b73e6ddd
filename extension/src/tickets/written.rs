//! The tickets that this transaction wrote.

use crate::pg::call::{answer, args};
use crate::pg::error::native;
use crate::pg::transaction;
use std::cell::RefCell;
use std::collections::HashSet;

thread_local! {
    static WRITTEN: RefCell<(u32, HashSet<i64>)> = RefCell::default();
}

/// Notes that this transaction wrote the ticket.
pub fn note_written(ticket: i64) {
    let transaction = transaction::number();
    WRITTEN.with_borrow_mut(|written| {
        if written.0 != transaction {
            *written = (transaction, HashSet::new());
        }
        written.1.insert(ticket);
    });
}

/// Whether this transaction wrote this ticket: a caller who gives a ticket to a team that they do not see still sees it
/// until the transaction ends, and so gets an answer. Only rows that policies let them change are noted.
///
/// `select autocrm.has_written(7)`
fn has_written(ticket_id: i64) -> bool {
    wrote(ticket_id)
}

pub fn wrote(ticket_id: i64) -> bool {
    let transaction = transaction::number();
    WRITTEN.with_borrow(|written| written.0 == transaction && written.1.contains(&ticket_id))
}

/// Whether this transaction wrote any.
pub fn wrote_any() -> bool {
    let transaction = transaction::number();
    WRITTEN.with_borrow(|written| written.0 == transaction && !written.1.is_empty())
}

native!(
    has_written_wrapper,
    pg_finfo_has_written_wrapper,
    |fcinfo| {
        let (ticket,): (i64,) = args(fcinfo);
        answer(fcinfo, Some(has_written(ticket)))
    }
);
