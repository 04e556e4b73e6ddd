//! The skill sets in each team: agents with the same skills at the same levels share one, and an index keeps each in its
//! order. Cached per backend until a membership or an agent's skills change; a search that comes too early for a new
//! skill set misses it, and the sweep of the queue finds it.

use crate::pg::cached::{self, Kept, Of, SKILL_SETS};
use crate::pg::db;
use crate::pg::scan::relation;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Debug)]
pub struct SkillSet {
    pub id: i64,
    /// As `app.places.skills` has them.
    pub skills: Vec<i64>,
}

type ByTeam = RefCell<HashMap<i64, Rc<[SkillSet]>>>;

thread_local! {
    static CACHE: Kept<ByTeam> = const { Kept::new(Of::SkillSets) };
}

/// The skill sets of a team, but for the empty one.
pub fn of(team: i64) -> Rc<[SkillSet]> {
    let all = CACHE.with(|cache| cache.get(RefCell::default));
    if let Some(sets) = all.borrow().get(&team) {
        return Rc::clone(sets);
    }
    let sets: Rc<[SkillSet]> = db::rows(
        "select distinct kind, skills from app.places where team_id = $1 and skills <> '{}'",
        &[team.into()],
        |row| {
            Ok(SkillSet {
                id: row.get(1)?.unwrap_or_default(),
                skills: row.get(2)?.unwrap_or_default(),
            })
        },
    )
    .into();
    all.borrow_mut().insert(team, Rc::clone(&sets));
    sets
}

/// Invalidates the cache after a membership or skills changed: here at once, elsewhere from the commit on.
pub fn forget() {
    cached::invalidate(relation(SKILL_SETS));
}
