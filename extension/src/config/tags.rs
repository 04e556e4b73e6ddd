//! Names of tags, cached as they are first used.

use crate::identity::actor;
use crate::pg::cached::{Kept, Of};
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Names by id.
type TagNames = RefCell<HashMap<i64, Rc<str>>>;
/// Ids by name, as rules write it.
type TagIds = RefCell<HashMap<String, i64>>;

thread_local! {
    /// Filled on first use of each tag: a desk may have thousands, and gets new ones all day.
    static TAGS: Kept<TagNames> = const { Kept::new(Of::Tags) };
    static TAG_IDS: Kept<TagIds> = const { Kept::new(Of::Tags) };
}

/// Names of tags, in alphabetical order.
pub fn tag_names(ids: &[i64]) -> Vec<Rc<str>> {
    let tags = TAGS.with(|tags| tags.get(RefCell::default));
    let unknown: Vec<i64> = {
        let known = tags.borrow();
        let unknown = ids.iter().filter(|id| !known.contains_key(id));
        unknown.copied().collect()
    };
    if !unknown.is_empty() {
        let found = db::rows(
            "select id, name from app.tags where id = any ($1)",
            &[unknown.into()],
            |row| {
                Ok((
                    row.get::<i64>(1)?.unwrap_or_default(),
                    row.get::<String>(2)?.unwrap_or_default(),
                ))
            },
        );
        let found = found.into_iter().map(|(id, name)| (id, Rc::from(name)));
        tags.borrow_mut().extend(found);
    }
    let known = tags.borrow();
    let mut names: Vec<Rc<str>> = ids.iter().filter_map(|id| known.get(id).cloned()).collect();
    names.sort_unstable();
    names
}

/// The id of the tag of this name, in whatever case.
pub fn tag_id(name: &str) -> Option<i64> {
    let ids = TAG_IDS.with(|ids| ids.get(RefCell::default));
    let known = ids.borrow().get(name).copied();
    known.or_else(|| {
        let found = db::rows(
            "select id from app.tags where lower(name) = lower(normalize($1))",
            &[name.into()],
            |row| row.get::<i64>(1),
        );
        let id = found.into_iter().flatten().next()?;
        ids.borrow_mut().insert(name.to_owned(), id);
        Some(id)
    })
}

/// The ids among these that no tag has.
pub fn unknown_tags(ids: &[i64]) -> Vec<i64> {
    tag_names(ids);
    let tags = TAGS.with(|tags| tags.get(RefCell::default));
    let known = tags.borrow();
    ids.iter()
        .copied()
        .filter(|id| !known.contains_key(id))
        .collect()
}

// `select autocrm.tag_names(array[3, 1])  -- {billing,vip}`
native!(tag_names_wrapper, pg_finfo_tag_names_wrapper, |fcinfo| {
    let (ids,): (Vec<Option<i64>>,) = args(fcinfo);
    let ids: Vec<i64> = ids.into_iter().flatten().collect();
    // As the policy of app.tags says: staff and integrations read them, nobody else.
    let actor = actor();
    if ids.is_empty() || actor.user_id.is_none() || actor.is_customer() {
        return answer(fcinfo, Some(Vec::<String>::new()));
    }
    let names: Vec<String> = tag_names(&ids).iter().map(ToString::to_string).collect();
    answer(fcinfo, Some(names))
});
