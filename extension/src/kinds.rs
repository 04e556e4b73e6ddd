//! Which kinds of agents a team has: those with the same skills at the same levels are one, and an index keeps each
//! in its order. Known per backend until somebody's place or skills change; who asks too early for a kind that
//! is new misses it, and the sweep of what waits finds it.

use crate::db;
use crate::scan::relation;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::CStr;
use std::rc::Rc;

#[derive(Debug)]
pub struct Kind {
    pub id: i64,
    /// As places have them.
    pub skills: Vec<i64>,
}

/// Its changes are told in place of the table's, on which plans depend.
const TOLD_OF: &CStr = c"places_kind_order_idx";

thread_local! {
    static KINDS: RefCell<HashMap<i64, Rc<[Kind]>>> = RefCell::default();
    static STALE: Cell<bool> = const { Cell::new(true) };
    static WATCHED: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) };
}

pub fn init() {
    // SAFETY: registered once per backend, never unregistered.
    unsafe { pg_sys::CacheRegisterRelcacheCallback(Some(on_invalidation), pg_sys::Datum::from(0)) }
}

#[pg_guard]
unsafe extern "C-unwind" fn on_invalidation(_arg: pg_sys::Datum, about: pg_sys::Oid) {
    // Only a flag: a callback may run in the middle of anything.
    let watched = WATCHED.try_with(Cell::get).unwrap_or(about);
    if about == pg_sys::InvalidOid || about == watched {
        let _ = STALE.try_with(|stale| stale.set(true));
    }
}

/// The kinds of a team that have any skill.
pub fn of(team: i64) -> Rc<[Kind]> {
    if STALE.replace(false) {
        KINDS.with_borrow_mut(HashMap::clear);
        WATCHED.set(relation(TOLD_OF));
    }
    if let Some(kinds) = KINDS.with_borrow(|kinds| kinds.get(&team).cloned()) {
        return kinds;
    }
    let kinds: Rc<[Kind]> = db::rows(
        "select distinct kind, skills from app.places where team_id = $1 and skills <> '{}'",
        &[team.into()],
        |row| {
            Ok(Kind {
                id: row.get(1)?.unwrap_or_default(),
                skills: row.get(2)?.unwrap_or_default(),
            })
        },
    )
    .into();
    KINDS.with_borrow_mut(|all| all.insert(team, Rc::clone(&kinds)));
    kinds
}

/// Somebody has a new place, or other skills: here at once, elsewhere from the commit on.
pub fn forget() {
    // SAFETY: the index exists.
    unsafe { pg_sys::CacheInvalidateRelcacheByRelid(relation(TOLD_OF)) };
}
