//! Which kinds of agents a team has: those with the same skills at the same levels are one, and an index keeps each
//! in its order. Known per backend until somebody's place or skills change; who asks too early for a kind that
//! is new misses it, and the sweep of what waits finds it.

use crate::pg::cached::{Kept, Of, SKILL_SETS};
use crate::pg::db;
use crate::pg::scan::relation;
use pgrx::pg_sys;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Debug)]
pub struct Kind {
    pub id: i64,
    /// As places have them.
    pub skills: Vec<i64>,
}

type ByTeam = RefCell<HashMap<i64, Rc<[Kind]>>>;

thread_local! {
    static KINDS: Kept<ByTeam> = const { Kept::new(Of::Kinds) };
}

/// The kinds of a team that have any skill.
pub fn of(team: i64) -> Rc<[Kind]> {
    let all = KINDS.with(|kinds| kinds.get(RefCell::default));
    if let Some(kinds) = all.borrow().get(&team) {
        return Rc::clone(kinds);
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
    all.borrow_mut().insert(team, Rc::clone(&kinds));
    kinds
}

/// Somebody has a new place, or other skills: here at once, elsewhere from the commit on.
pub fn forget() {
    // SAFETY: the index exists.
    unsafe { pg_sys::CacheInvalidateRelcacheByRelid(relation(SKILL_SETS)) };
}
