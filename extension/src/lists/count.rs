//! How many open tickets meet each of many conditions, in one pass over their rows: the numbers beside saved views. The
//! rows that an index has for the caller are looked at natively; whether the caller sees a row is decided by the
//! function that the policies ask, before any condition meets it.

use crate::access::sees::{Ticket, sees};
use crate::conditions::check::checked;
use crate::conditions::desk::Desk;
use crate::conditions::value_test;
use crate::config::config;
use crate::identity::{Actor, actor};
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::heap::{At, Heap};
use crate::pg::json_member::Unpacked;
use crate::pg::roles;
use crate::pg::scan::{Is, relation};
use crate::tickets::written::wrote_any;
use autocrm_core::conditions::{Condition, Plain, parse_conditions};
use pgrx::pg_sys;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ffi::CString;
use std::ops::RangeInclusive;

/// Values of one field whose test is remembered.
const VALUES_KEPT: usize = 1_000;

/// A condition on columns by their places.
enum Rule {
    All(Vec<Self>),
    Any(Vec<Self>),
    None(Vec<Self>),
    OneOf(At, Vec<i64>, bool),
    Present(At),
    Within(At, RangeInclusive<i64>),
    Tagged(Vec<i64>),
    HasTags,
    Text(At, Condition),
    Custom(String, Condition, RefCell<HashMap<Vec<u8>, bool>>),
}

/// The columns that decide who sees a ticket, and those that are more than numbers.
struct Columns {
    id: At,
    team: At,
    assignee: At,
    requester: At,
    deleted: At,
    tags: At,
    custom: At,
}

/// Whether the policies of tickets are those that `sees` stands for: the caller's role is the actor's, may read
/// tickets, and is limited by row-level security. Customers have few tickets, and policies of their own.
fn is_limited_as(actor: &Actor) -> bool {
    let role = actor.role.as_deref().unwrap_or_default();
    if !matches!(role, "admin" | "agent" | "analyst" | "integration") {
        return false;
    }
    !db::is_owner()
        && roles::reads_as(
            roles::current(),
            &format!("autocrm_{role}"),
            relation(c"tickets"),
        )
}

/// Finds at least those tickets of these statuses that the actor sees.
fn find(heap: &mut Heap, actor: &Actor, statuses: &[i64]) {
    for status in statuses.iter().copied() {
        // What this transaction wrote is seen wherever it went.
        if actor.sees_all() || wrote_any() {
            heap.find(c"tickets_status_created_idx", &[Is(1, status)]);
            continue;
        }
        for team in actor.teams() {
            heap.find(
                c"tickets_team_status_created_idx",
                &[Is(1, *team), Is(2, status)],
            );
        }
        if let (Some("admin" | "agent"), Some(me)) = (actor.role.as_deref(), actor.user_id) {
            heap.find(c"tickets_without_team_updated_idx", &[Is(1, status)]);
            heap.find(
                c"tickets_assignee_status_updated_idx",
                &[Is(1, me), Is(2, status)],
            );
        }
    }
}

/// Words of types and channels as rows hold them.
fn words() -> HashMap<(String, String), i64> {
    db::rows(
        "select case e.enumtypid when 'app.channel'::regtype then 'channel' else 'type' end, e.enumlabel::text, e.oid::bigint
           from pg_catalog.pg_enum e where e.enumtypid in ('app.ticket_type'::regtype, 'app.channel'::regtype)",
        &[],
        |row| {
            Ok((
                (
                    row.get(1)?.unwrap_or_default(),
                    row.get(2)?.unwrap_or_default(),
                ),
                row.get(3)?.unwrap_or_default(),
            ))
        },
    )
    .into_iter()
    .collect()
}

struct Making<'a> {
    heap: &'a Heap,
    /// The statuses of all rows that are looked at.
    statuses: &'a [i64],
    words: HashMap<(String, String), i64>,
    last: At,
}

impl Making<'_> {
    fn column(&mut self, name: &str, kind: Option<pg_sys::Oid>) -> At {
        let name = CString::new(name).unwrap_or_default();
        let at = self.heap.column(&name, kind);
        self.last = self.last.max(at);
        at
    }

    fn rule(&mut self, plain: &Plain<'_>) -> Rule {
        let mut each = |parts: &[Plain<'_>]| parts.iter().map(|part| self.rule(part)).collect();
        match plain {
            Plain::All(parts) => Rule::All(each(parts)),
            Plain::Any(parts) => Rule::Any(each(parts)),
            Plain::None(parts) => Rule::None(each(parts)),
            Plain::OneOf {
                column: name @ ("type" | "channel"),
                values,
                absent,
            } => {
                let at = self.column(name, None);
                let known = values.iter().filter_map(|word| {
                    self.words.get(&((*name).to_owned(), word.clone())).copied()
                });
                Rule::OneOf(at, known.collect(), *absent)
            }
            Plain::OneOf {
                column,
                values,
                absent,
            } => {
                let ids: Vec<i64> = values.iter().filter_map(|id| id.parse().ok()).collect();
                if *column == "status_id" && self.statuses.iter().all(|id| ids.contains(id)) {
                    // Holds for every row that is looked at.
                    return Rule::All(Vec::new());
                }
                Rule::OneOf(self.column(column, Some(pg_sys::INT8OID)), ids, *absent)
            }
            Plain::Present(column) => Rule::Present(self.column(column, None)),
            Plain::Within(column, range) => Rule::Within(
                self.column(column, Some(pg_sys::TIMESTAMPTZOID)),
                range.clone(),
            ),
            Plain::Tagged(ids) => Rule::Tagged(ids.clone()),
            Plain::HasTags => Rule::HasTags,
            Plain::Text(column, test) => {
                Rule::Text(self.column(column, Some(pg_sys::TEXTOID)), parsed(test))
            }
            Plain::Custom(key, test) => {
                Rule::Custom((*key).to_owned(), parsed(test), RefCell::default())
            }
        }
    }
}

/// A test as `autocrm.test` reads it.
fn parsed(test: &Json) -> Condition {
    parse_conditions(test).unwrap_or_else(|problems| {
        crate::pg::error::refuse(
            "The condition cannot be used as it is",
            &problems,
            crate::conditions::check::HINT,
        )
    })
}

/// The row at hand, with what has been read of it.
struct Row<'a> {
    heap: &'a Heap,
    columns: &'a Columns,
    tags: &'a mut Option<Vec<i64>>,
    bytes: &'a mut Vec<u8>,
    /// The custom fields, unpacked when they are first asked for.
    custom: Option<Unpacked<'a>>,
}

impl Row<'_> {
    fn meets(&mut self, rule: &Rule) -> bool {
        match rule {
            Rule::All(parts) => parts.iter().all(|part| self.meets(part)),
            Rule::Any(parts) => parts.iter().any(|part| self.meets(part)),
            Rule::None(parts) => !parts.iter().any(|part| self.meets(part)),
            Rule::OneOf(at, values, absent) => self
                .heap
                .number(*at)
                .map_or(*absent, |value| values.contains(&value)),
            Rule::Present(at) => !self.heap.is_null(*at),
            Rule::Within(at, range) => self.heap.number(*at).is_some_and(|at| range.contains(&at)),
            Rule::Tagged(ids) => self.tags().iter().any(|tag| ids.contains(tag)),
            Rule::HasTags => !self.tags().is_empty(),
            Rule::Text(at, test) => {
                let text = self.heap.text(*at);
                value_test::holds(test, text.map(Json::String).as_ref())
            }
            Rule::Custom(key, test, known) => self.custom(key, test, known),
        }
    }

    fn tags(&mut self) -> &[i64] {
        self.tags
            .get_or_insert_with(|| self.heap.ids(self.columns.tags))
    }

    /// The test of a custom field, remembered by the bytes of its value: most fields have few values.
    fn custom(
        &mut self,
        key: &str,
        test: &Condition,
        known: &RefCell<HashMap<Vec<u8>, bool>>,
    ) -> bool {
        if self.custom.is_none() {
            self.custom = self.heap.jsonb(self.columns.custom);
        }
        let Some(member) = self.custom.as_ref().and_then(|custom| custom.member(key)) else {
            return value_test::holds(test, None);
        };
        self.bytes.clear();
        let names = member.identify(self.bytes);
        let found = names
            .then(|| known.borrow().get(self.bytes.as_slice()).copied())
            .flatten();
        found.unwrap_or_else(|| {
            let holds = value_test::holds(test, Some(&member.value()));
            let mut known = known.borrow_mut();
            if names && known.len() < VALUES_KEPT {
                known.insert(self.bytes.clone(), holds);
            }
            holds
        })
    }
}

/// How many tickets of these statuses the caller sees that meet each condition; nothing where rows alone cannot tell.
fn count(conditions: &[Json], statuses: &[i64]) -> Vec<Option<i64>> {
    let actor = actor();
    let mut counts: Vec<Option<i64>> = vec![None; conditions.len()];
    if !is_limited_as(&actor) {
        return counts;
    }
    let config = config();
    let desk = Desk(&config);
    let mut heap = Heap::open(c"tickets");
    let id = |name| heap.column(name, Some(pg_sys::INT8OID));
    let columns = Columns {
        id: id(c"id"),
        team: id(c"team_id"),
        assignee: id(c"assignee_id"),
        requester: id(c"requester_id"),
        deleted: heap.column(c"deleted_at", None),
        tags: heap.column(c"tag_ids", Some(pg_sys::INT8ARRAYOID)),
        custom: heap.column(c"custom", Some(pg_sys::JSONBOID)),
    };
    let mut making = Making {
        heap: &heap,
        statuses,
        words: words(),
        last: columns.deleted.max(columns.custom).max(columns.tags),
    };
    let mut rules: Vec<(usize, Rule, i64)> = Vec::new();
    for (place, json) in conditions.iter().enumerate() {
        let condition = checked(json);
        if let Some(plain) = condition.plain(&desk, actor.user_id) {
            rules.push((place, making.rule(&plain), 0));
        }
    }
    let last = making.last;
    if rules.is_empty() {
        return counts;
    }
    find(&mut heap, &actor, statuses);
    let (mut tags, mut bytes) = (None, Vec::new());
    heap.each(last, |heap| {
        let mut row = Row {
            heap,
            columns: &columns,
            tags: &mut tags,
            bytes: &mut bytes,
            custom: None,
        };
        let ticket = Ticket {
            team: heap.number(columns.team),
            assignee: heap.number(columns.assignee),
            requester: heap.number(columns.requester),
        };
        let id = heap.number(columns.id).unwrap_or_default();
        if !heap.is_null(columns.deleted) || !sees(&actor, id, &ticket) {
            return;
        }
        *row.tags = None;
        for (_, rule, count) in &mut rules {
            *count += i64::from(row.meets(rule));
        }
    });
    for (place, _, count) in rules {
        counts[place] = Some(count);
    }
    counts
}

// `select autocrm.count_each('[{"field": "priority", "op": "is", "value": "urgent"}]', '{1,2}')  -- {4}`
native!(count_each, pg_finfo_count_each, |fcinfo| {
    let (conditions, statuses): (Json, Vec<Option<i64>>) = args(fcinfo);
    let conditions = conditions.as_array().cloned().unwrap_or_default();
    // Each once: the rows of one are collected before they are looked at.
    let statuses: BTreeSet<i64> = statuses.into_iter().flatten().collect();
    let statuses: Vec<i64> = statuses.into_iter().collect();
    answer(fcinfo, Some(count(&conditions, &statuses)))
});
