//! What this backend is doing while it writes: a redaction, a move of restricted values, a count of
//! clocks, a ticket's opening message, an
//! import, an erasure, a move to or from the archive, a rule, an act of the queue.
//! Each ends with its guard, also when the work fails and unwinds.

use crate::pg::transaction;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// What the queue is doing to a ticket, while it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Gives it to somebody of this team.
    Give(i64),
    /// Takes it back from somebody who is away.
    TakeBack,
}

/// The rule or back-fill that makes the changes of this moment.
#[derive(Debug, Clone)]
pub struct Cause {
    /// Kind, id and name.
    pub rule: Value,
    /// Rules that have fired in this chain of changes: none of them fires in it twice.
    pub chain: Vec<String>,
}

/// The kind of a cause that is a back-fill.
pub const FILL: &str = "fill";

thread_local! {
    static REDACTING: Cell<bool> = const { Cell::new(false) };
    static MOVING: Cell<bool> = const { Cell::new(false) };
    static COUNTING: Cell<bool> = const { Cell::new(false) };
    static OPENING: Cell<bool> = const { Cell::new(false) };
    static KEEPING: Cell<Option<(u32, u32)>> = const { Cell::new(None) };
    static ERASING: Cell<Option<(u32, u32)>> = const { Cell::new(None) };
    static ARCHIVING: Cell<Option<(u32, u32)>> = const { Cell::new(None) };
    static ACT: Cell<Option<Act>> = const { Cell::new(None) };
    static CAUSE: RefCell<Option<Cause>> = const { RefCell::new(None) };
}

/// Undoes a change of the context when it is dropped.
#[must_use]
pub struct Guard<F: FnMut()>(F);

impl<F: FnMut()> Drop for Guard<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Whether this backend is inside of `redact_message`, or erases: history may be changed by it.
pub fn redacts() -> bool {
    REDACTING.get() || erases()
}

pub fn redact() -> Guard<impl FnMut()> {
    REDACTING.set(true);
    Guard(|| REDACTING.set(false))
}

/// Whether values of restricted fields only move between tables: history may be split by it.
pub fn moves() -> bool {
    MOVING.get()
}

pub fn move_values() -> Guard<impl FnMut()> {
    MOVING.set(true);
    Guard(|| MOVING.set(false))
}

/// Whether only what is derived from a ticket's clocks is written: nobody has touched the ticket.
pub fn counts_clocks() -> bool {
    COUNTING.get()
}

pub fn count_clocks() -> Guard<impl FnMut()> {
    COUNTING.set(true);
    Guard(|| COUNTING.set(false))
}

/// Whether a ticket writes its own opening message, which `ticket.created` covers.
pub fn opens() -> bool {
    OPENING.get()
}

pub fn open() -> Guard<impl FnMut()> {
    OPENING.set(true);
    Guard(|| OPENING.set(false))
}

/// Whether tickets are written as another desk had them, by an import: no rule, default or agent is chosen for them.
pub fn keeps() -> bool {
    KEEPING
        .get()
        .is_some_and(|since| since == transaction::moment())
}

/// An import says so itself, and takes it back; what an error ends before that has ended with its subtransaction.
pub fn keep(on: bool) {
    KEEPING.set(on.then(transaction::moment));
}

/// Whether personal data is erased: history keeps what was done to which row, and none of the values.
pub fn erases() -> bool {
    ERASING
        .get()
        .is_some_and(|since| since == transaction::moment())
}

/// An erasure says so itself, and takes it back, as an import does.
pub fn erase(on: bool) {
    ERASING.set(on.then(transaction::moment));
}

/// Whether tickets move between their tables and the archive: rows are written as given, and only the counts follow.
pub fn archives() -> bool {
    ARCHIVING
        .get()
        .is_some_and(|since| since == transaction::moment())
}

/// A move says so itself, and takes it back, as an import does.
pub fn archive(on: bool) {
    ARCHIVING.set(on.then(transaction::moment));
}

/// What the queue does right now; `None` while a person acts.
pub fn act() -> Option<Act> {
    ACT.get()
}

pub fn acting<T>(act: Act, work: impl FnOnce() -> T) -> T {
    let before = ACT.replace(Some(act));
    let _guard = Guard(move || ACT.set(before));
    work()
}

/// Whether a rule is writing right now.
pub fn rule_acts() -> bool {
    CAUSE.with_borrow(Option::is_some)
}

/// Whether a back-fill is writing right now: nobody has touched the ticket.
pub fn fills() -> bool {
    CAUSE.with_borrow(|cause| {
        cause
            .as_ref()
            .is_some_and(|cause| cause.rule["kind"] == FILL)
    })
}

pub fn cause(cause: Cause) -> Guard<impl FnMut()> {
    let mut before = CAUSE.replace(Some(cause));
    Guard(move || CAUSE.set(before.take()))
}

/// The rule or back-fill that is writing right now: kind, id and name.
pub fn rule() -> Option<Value> {
    CAUSE.with_borrow(|cause| cause.as_ref().map(|cause| cause.rule.clone()))
}

/// Adds to an event by which rule it came about.
pub fn sign(data: &Value) -> Cow<'_, Value> {
    CAUSE.with_borrow(|cause| {
        let Some(cause) = cause else {
            return Cow::Borrowed(data);
        };
        let mut data = data.clone();
        if let Some(object) = data.as_object_mut() {
            object.insert("caused_by".into(), cause.rule.clone());
            object.insert("chain".into(), json!(cause.chain));
        }
        Cow::Owned(data)
    })
}
