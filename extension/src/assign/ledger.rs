//! The changes of one statement to agents' books, noted by its row triggers and written by its statement trigger in
//! `upkeep`. So each statement locks agents in the order of their ids, however its rows name them, and no two deadlock;
//! and capacity that was claimed for a row that was never written (a conflict, a trigger that left it out) is released.

use crate::assign::need::Need;
use crate::pg::{transaction, trigger};
use pgrx::pg_sys;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A running statement. The number of its subtransaction is unique, so notes of a statement that failed are never taken
/// for those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Statement {
    transaction: u32,
    sub: pg_sys::SubTransactionId,
    /// The depth of triggers: statements of a trigger are one level deeper.
    depth: i32,
}

impl Statement {
    /// The statement to which the running trigger belongs.
    fn now() -> Self {
        Self {
            transaction: transaction::number(),
            sub: transaction::sub(),
            depth: trigger::depth(),
        }
    }
}

/// Capacity that routing claimed for a row that is not written yet.
#[derive(Debug, Clone)]
pub struct Claim {
    pub user: i64,
    pub load: i32,
    pub team: i64,
    /// The agent's turn in the team that it made, and what was there before.
    pub turn: i64,
    pub turn_before: i64,
    pub recent_before: Vec<i64>,
}

/// The outcome of routing a row, kept until the row is recorded.
pub struct Outcome {
    pub explanation: Json,
    /// The agent who was chosen, and the load that was claimed.
    pub claimed: Option<Claim>,
}

/// The changes of one statement to one agent's books.
#[derive(Debug, Default)]
pub struct Change {
    pub open: i32,
    pub load: i32,
    /// Teams for which routing or the queue assigned a ticket to them.
    pub given: Vec<i64>,
    /// Teams of the tickets that they solved.
    pub solved: Vec<i64>,
    /// Claims for rows that were not written, the latest first.
    pub unclaimed: Vec<Claim>,
}

struct Routed {
    statement: Statement,
    ticket: i64,
    outcome: Outcome,
}

pub struct Noted {
    statement: Statement,
    pub changes: BTreeMap<i64, Change>,
    /// Tickets that need an agent.
    pub seeking: Vec<(i64, Need)>,
    /// Agents whose books are to be refreshed.
    pub refresh: BTreeSet<i64>,
}

thread_local! {
    static ROUTED: RefCell<Vec<Routed>> = const { RefCell::new(Vec::new()) };
    static NOTED: RefCell<Vec<Noted>> = const { RefCell::new(Vec::new()) };
}

/// Keeps what routing decided about a row until its AFTER trigger runs.
pub fn remember(ticket: i64, outcome: Outcome) {
    let statement = Statement::now();
    ROUTED.with_borrow_mut(|routed| {
        routed.retain(|one| one.statement.transaction == statement.transaction);
        routed.push(Routed {
            statement,
            ticket,
            outcome,
        });
    });
}

/// The outcome of routing a row that has been written. When several rows had the same id, it is the one whose assignee
/// the written row has.
pub fn recall(ticket: i64, assignee: Option<i64>) -> Option<Outcome> {
    let statement = Statement::now();
    ROUTED.with_borrow_mut(|routed| {
        let of_it = |one: &Routed| one.statement == statement && one.ticket == ticket;
        let user = |one: &Routed| one.outcome.claimed.as_ref().map(|claim| claim.user);
        let at = routed
            .iter()
            .position(|one| of_it(one) && user(one).is_some() && user(one) == assignee)
            .or_else(|| routed.iter().position(of_it))?;
        Some(routed.remove(at).outcome)
    })
}

fn note(note: impl FnOnce(&mut Noted)) {
    let statement = Statement::now();
    NOTED.with_borrow_mut(|noted| {
        noted.retain(|one| one.statement.transaction == statement.transaction);
        let known = noted.iter().position(|one| one.statement == statement);
        let at = known.unwrap_or_else(|| {
            noted.push(Noted {
                statement,
                changes: BTreeMap::new(),
                seeking: Vec::new(),
                refresh: BTreeSet::new(),
            });
            noted.len() - 1
        });
        note(&mut noted[at]);
    });
}

/// Adds to the changes of this statement to an agent's books.
pub fn change(user: i64, change: impl FnOnce(&mut Change)) {
    note(|noted| change(noted.changes.entry(user).or_default()));
}

/// Has an agent looked for at the end of the statement, when its rows are written.
pub fn seek(ticket: i64, need: Need) {
    note(|noted| noted.seeking.push((ticket, need)));
}

/// Has the books of these agents refreshed at the end of the statement, when its rows are written.
pub fn refresh(users: impl IntoIterator<Item = i64>) {
    note(|noted| noted.refresh.extend(users));
}

/// Claims of this statement for rows that were not written.
pub fn unwritten() -> Vec<Claim> {
    let statement = Statement::now();
    ROUTED.with_borrow_mut(|routed| {
        if routed.is_empty() {
            return Vec::new();
        }
        let of_it = |one: &mut Routed| one.statement == statement;
        let mut claims: Vec<Claim> = routed
            .extract_if(.., of_it)
            .filter_map(|one| one.outcome.claimed)
            .collect();
        claims.reverse();
        claims
    })
}

/// The notes of this statement.
pub fn take() -> Option<Noted> {
    let statement = Statement::now();
    NOTED.with_borrow_mut(|noted| {
        let at = noted.iter().position(|one| one.statement == statement)?;
        Some(noted.swap_remove(at))
    })
}
