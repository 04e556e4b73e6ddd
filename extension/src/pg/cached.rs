//! What each backend keeps of tables that rarely change. Postgres' own invalidation says when such a table changed;
//! this is the only module that subscribes to it, and that decides which snapshot may use what.
//!
//! A value is shared by the transactions that follow one another in a backend. A repeatable-read or serializable
//! transaction sees the desk as it was when it began: it takes the shared value when that was read no later than its
//! own snapshot and nothing has changed since, else it reads a value of its own, keeps it to its end and leaves it to
//! nobody.

use crate::pg::scan;
use crate::pg::transaction;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::rc::Rc;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The desk's configuration, compiled.
    Config,
    /// Names of tags.
    Tags,
    /// The skill sets in each team.
    SkillSets,
    /// Whom the claims of requests stand for.
    Identities,
    /// The numbers in the log of events.
    EventLog,
}

/// The index whose name stands for changes of skill sets: plans depend on the table itself.
pub const SKILL_SETS: &CStr = c"places_kind_order_idx";
/// The index whose name stands for changes of sessions, keys and users.
pub const IDENTITIES: &CStr = c"sessions_user_idx";

const ALL: [Of; 5] = [
    Of::Config,
    Of::Tags,
    Of::SkillSets,
    Of::Identities,
    Of::EventLog,
];

impl Of {
    /// The tables, or indexes that stand for them, whose changes invalidate the value.
    fn relations(self) -> &'static [&'static CStr] {
        match self {
            Self::Config => &[
                c"statuses",
                c"priorities",
                c"status_transitions",
                c"custom_fields",
                c"routing_rules",
                c"teams",
                c"skills",
                c"schedules",
                c"channel_loads",
                c"triggers",
                c"automations",
                c"sla_policies",
                c"object_types",
                c"object_fields",
                c"ticket_forms",
                c"ticket_form_fields",
            ],
            Self::Tags => &[c"tags"],
            Self::SkillSets => &[SKILL_SETS],
            Self::Identities => &[IDENTITIES, c"memberships"],
            Self::EventLog => &[c"event_log"],
        }
    }
}

/// What an invalidation has said of one kind of value.
struct News {
    /// How often there has been one.
    count: Cell<u64>,
    shared_is_stale: Cell<bool>,
    own_is_stale: Cell<bool>,
    watched: RefCell<Vec<pg_sys::Oid>>,
}

impl News {
    const fn new() -> Self {
        Self {
            count: Cell::new(0),
            shared_is_stale: Cell::new(true),
            own_is_stale: Cell::new(true),
            watched: RefCell::new(Vec::new()),
        }
    }
}

thread_local! {
    static NEWS: [News; ALL.len()] = const { [const { News::new() }; ALL.len()] };
}

fn news<T>(of: Of, ask: impl FnOnce(&News) -> T) -> T {
    NEWS.with(|news| ask(&news[of as usize]))
}

pub fn init() {
    // SAFETY: registered once per backend, never unregistered.
    unsafe { pg_sys::CacheRegisterRelcacheCallback(Some(on_invalidation), pg_sys::Datum::from(0)) }
}

#[pg_guard]
unsafe extern "C-unwind" fn on_invalidation(_arg: pg_sys::Datum, about: pg_sys::Oid) {
    // Only flags: a callback may run in the middle of anything.
    let _ = NEWS.try_with(|all| {
        for news in all {
            let concerns = about == pg_sys::InvalidOid
                || news
                    .watched
                    .try_borrow()
                    .map_or(true, |watched| watched.contains(&about));
            if concerns {
                news.count.set(news.count.get() + 1);
                news.shared_is_stale.set(true);
                news.own_is_stale.set(true);
            }
        }
    });
}

/// How often this has been invalidated in this backend: what was derived from it while it was the same is true still.
pub fn count(of: Of) -> u64 {
    news(of, |news| news.count.get())
}

/// Takes in what others have committed meanwhile: Postgres itself does so only when it takes a new lock.
pub fn accept() {
    // SAFETY: allowed wherever a lock may be taken.
    unsafe { pg_sys::AcceptInvalidationMessages() }
}

/// Invalidates what is kept of this table or index: in this backend at once, in all others at commit.
pub fn invalidate(relation: pg_sys::Oid) {
    // SAFETY: the relation exists.
    unsafe { pg_sys::CacheInvalidateRelcacheByRelid(relation) };
}

/// How much of the cluster's history a snapshot has seen: of two of one backend, the newer has a higher end, or the
/// same end with fewer transactions still running before it.
#[derive(Debug, Clone, Copy)]
struct Seen {
    end: u32,
    running: u32,
}

impl Seen {
    fn now() -> Self {
        // SAFETY: a transaction runs; its snapshot is read at once.
        unsafe {
            let snapshot = pg_sys::GetTransactionSnapshot();
            Self {
                end: (*snapshot).xmax.into_inner(),
                running: if (*snapshot).takenDuringRecovery {
                    u32::try_from((*snapshot).subxcnt).unwrap_or_default()
                } else {
                    (*snapshot).xcnt
                },
            }
        }
    }

    fn covers(self, other: Self) -> bool {
        // Transaction ids go round in a circle.
        let ahead = self.end.wrapping_sub(other.end).cast_signed();
        ahead > 0 || ahead == 0 && self.running <= other.running
    }
}

/// A value of one kind, kept for as long as it is true.
pub struct Kept<T> {
    of: Of,
    shared: RefCell<Option<(Rc<T>, Seen)>>,
    /// That of the transaction of this number, which reads one snapshot throughout.
    own: RefCell<Option<(u32, Rc<T>)>>,
}

impl<T> Kept<T> {
    pub const fn new(of: Of) -> Self {
        Self {
            of,
            shared: RefCell::new(None),
            own: RefCell::new(None),
        }
    }

    /// The value as this transaction sees the tables; read only when it is not known.
    pub fn get(&self, read: impl FnOnce() -> T) -> Rc<T> {
        // SAFETY: a plain read.
        let isolation = unsafe { pg_sys::XactIsoLevel };
        if isolation < i32::try_from(pg_sys::XACT_REPEATABLE_READ).unwrap_or(2) {
            self.shared(read)
        } else {
            self.own(read)
        }
    }

    fn shared(&self, read: impl FnOnce() -> T) -> Rc<T> {
        if let Some((value, _)) = self.fresh() {
            return value;
        }
        // What is stale goes first: a reading that fails must not leave it as if it were fresh.
        self.shared.take();
        // Cleared first: an invalidation that arrives while reading must not be lost.
        news(self.of, |news| news.shared_is_stale.set(false));
        watch(self.of);
        let value = Rc::new(read());
        *self.shared.borrow_mut() = Some((Rc::clone(&value), Seen::now()));
        value
    }

    fn fresh(&self) -> Option<(Rc<T>, Seen)> {
        if news(self.of, |news| news.shared_is_stale.get()) {
            return None;
        }
        let shared = self.shared.borrow();
        shared
            .as_ref()
            .map(|(value, seen)| (Rc::clone(value), *seen))
    }

    fn own(&self, read: impl FnOnce() -> T) -> Rc<T> {
        let transaction = transaction::number();
        let known = self
            .own
            .borrow()
            .as_ref()
            .filter(|(of, _)| *of == transaction)
            .map(|(_, value)| Rc::clone(value));
        let stale = news(self.of, |news| news.own_is_stale.replace(false));
        if let Some(value) = known.as_ref().filter(|_| !stale) {
            return Rc::clone(value);
        }
        self.own.take();
        watch(self.of);
        // Read before its snapshot and unchanged to this moment: it sees the same. What another exports may be older.
        let value = self
            .fresh()
            .filter(|(_, seen)| known.is_none() && Seen::now().covers(*seen))
            .map_or_else(|| Rc::new(read()), |(value, _)| value);
        *self.own.borrow_mut() = Some((transaction, Rc::clone(&value)));
        value
    }
}

/// Listens for changes of what this is read from. A table that an older release lacks is none.
fn watch(of: Of) {
    let found = of.relations().iter().filter_map(|name| scan::find(name));
    let watched: Vec<pg_sys::Oid> = found.collect();
    news(of, |news| *news.watched.borrow_mut() = watched);
}
