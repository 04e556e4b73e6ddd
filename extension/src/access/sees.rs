//! Who sees which row, asked before anything else. Postgres evaluates the conditions of a query in the order of their
//! cost, and comparisons that are marked leakproof may come before a policy that costs more: what they meet of a
//! hidden row could be told by counters. These functions are declared cheaper than any comparison, and stand in a
//! restrictive policy of each table (sql/app/visibility.sql), so that no other condition ever meets a hidden row.
//!
//! What is the same for a whole query (who acts, which tickets they see) is kept with the call site until it ends.

use crate::config::config;
use crate::identity::{Actor, actor};
use crate::pg::cached::{self, Of};
use crate::pg::call::{answer, args};
use crate::pg::call_site::{self, bigint};
use crate::pg::error::native;
use crate::pg::look_up::look_up;
use crate::pg::transaction;
use crate::tickets::written::wrote;
use pgrx::pg_sys;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Answers kept per call site: a report over all messages meets every ticket.
const KEPT: usize = 100_000;

/// The cache of a call site.
struct Known {
    /// The transaction, and how often identities have been invalidated: a cursor may stay open while rights are lost.
    since: (u32, u64),
    actor: Rc<Actor>,
    answers: HashMap<i64, bool>,
}

/// The columns that decide who sees a ticket.
pub struct Ticket {
    pub team: Option<i64>,
    pub assignee: Option<i64>,
    pub requester: Option<i64>,
}

/// The cache of this call site; a new one in each transaction, and when rights have changed.
fn known(fcinfo: pg_sys::FunctionCallInfo) -> Rc<RefCell<Known>> {
    let since = (transaction::number(), cached::count(Of::Identities));
    let fresh = || Known {
        since,
        actor: actor(),
        answers: HashMap::new(),
    };
    let known = call_site::kept(fcinfo, || RefCell::new(fresh()));
    if known.borrow().since != since {
        *known.borrow_mut() = fresh();
    }
    known
}

impl Known {
    /// The answer about a row of another table, looked up once.
    fn once(&mut self, id: i64, ask: impl FnOnce(&Actor) -> bool) -> bool {
        if let Some(answer) = self.answers.get(&id) {
            return *answer;
        }
        let answer = ask(&self.actor);
        if self.answers.len() >= KEPT {
            self.answers.clear();
        }
        self.answers.insert(id, answer);
        answer
    }
}

/// The policies for reading app.tickets, in one.
pub fn sees(actor: &Actor, id: i64, ticket: &Ticket) -> bool {
    let Some(me) = actor.user_id else {
        return false;
    };
    let by_team = || actor.sees_all() || ticket.team.is_some_and(|team| actor.is_in(&[team]));
    match actor.role.as_deref() {
        Some("customer") => ticket.requester == Some(me),
        Some("analyst") => by_team(),
        Some("integration") => {
            actor.has_scope("tickets:read") && by_team()
                || actor.has_scope("tickets:write") && wrote(id)
        }
        Some("agent" | "admin") => {
            by_team() || ticket.team.is_none() || ticket.assignee == Some(me) || wrote(id)
        }
        _ => false,
    }
}

/// Whether a ticket that is named elsewhere is one that the actor sees; those in the trash are nobody's. The time of
/// deletion is read as the bigint that it is.
fn sees_by_id(actor: &Actor, id: i64) -> bool {
    look_up(
        c"tickets",
        c"tickets_pkey",
        [c"team_id", c"assignee_id", c"requester_id", c"deleted_at"],
        id,
    )
    .is_some_and(|[team, assignee, requester, deleted]| {
        let ticket = Ticket {
            team,
            assignee,
            requester,
        };
        deleted.is_none() && sees(actor, id, &ticket)
    })
}

/// Messages are seen with their ticket, by staff also with the ticket that it was merged into.
fn sees_messages_of(actor: &Actor, id: i64) -> bool {
    sees_by_id(actor, id)
        || matches!(actor.role.as_deref(), Some("agent" | "admin" | "analyst"))
            && look_up(
                c"ticket_links",
                c"ticket_links_merged_idx",
                [c"other_id"],
                id,
            )
            .is_some_and(|[into]| into.is_some_and(|into| sees_by_id(actor, into)))
}

// `select autocrm.sees_row(7, 1, null, 3)  -- id, team_id, assignee_id and requester_id of a ticket`
native!(sees_row, pg_finfo_sees_row, |fcinfo| {
    let ticket = Ticket {
        team: bigint(fcinfo, 1),
        assignee: bigint(fcinfo, 2),
        requester: bigint(fcinfo, 3),
    };
    let id = bigint(fcinfo, 0).unwrap_or_default();
    answer(
        fcinfo,
        Some(sees(&known(fcinfo).borrow().actor, id, &ticket)),
    )
});

// `select autocrm.sees_ticket(7)`
native!(sees_ticket, pg_finfo_sees_ticket, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        // A row that this statement has written is not cached.
        wrote(id) && sees_by_id(&known(fcinfo).borrow().actor, id)
            || known(fcinfo)
                .borrow_mut()
                .once(id, |actor| sees_by_id(actor, id))
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_messages(7)  -- of this ticket`
native!(sees_messages, pg_finfo_sees_messages, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        wrote(id) && sees_by_id(&known(fcinfo).borrow().actor, id)
            || known(fcinfo)
                .borrow_mut()
                .once(id, |actor| sees_messages_of(actor, id))
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_attachment(7, 3)  -- of ticket 7, or, with NULL, an upload of user 3 that waits`
native!(sees_attachment, pg_finfo_sees_attachment, |fcinfo| {
    let (ticket, uploader) = (bigint(fcinfo, 0), bigint(fcinfo, 1));
    let known = known(fcinfo);
    let mut known = known.borrow_mut();
    let seen = match ticket {
        Some(id) => {
            wrote(id) && sees_by_id(&known.actor, id)
                || known.once(id, |actor| sees_messages_of(actor, id))
        }
        None => uploader.is_some() && uploader == known.actor.user_id,
    };
    answer(fcinfo, Some(seen))
});

// `select autocrm.is_me(3)`
native!(is_me, pg_finfo_is_me, |fcinfo| {
    let id = bigint(fcinfo, 0);
    answer(
        fcinfo,
        Some(id.is_some() && id == known(fcinfo).borrow().actor.user_id),
    )
});

/// A private one is seen by its owner, one of a team by members and by those who see all, a shared one by everybody.
fn sees_shared_by(actor: &Actor, owner: Option<i64>, team: Option<i64>) -> bool {
    match (owner, team) {
        (Some(owner), _) => actor.user_id == Some(owner),
        (None, Some(team)) => actor.is_in(&[team]) || actor.is_admin(),
        (None, None) => actor.user_id.is_some(),
    }
}

// `select autocrm.sees_shared(null, 4)  -- owner_id and team_id of a view or a macro`
native!(sees_shared, pg_finfo_sees_shared, |fcinfo| {
    let (owner, team) = (bigint(fcinfo, 0), bigint(fcinfo, 1));
    let seen = sees_shared_by(&known(fcinfo).borrow().actor, owner, team);
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_macro(5)`
native!(sees_macro, pg_finfo_sees_macro, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        known(fcinfo).borrow_mut().once(id, |actor| {
            look_up(c"macros", c"macros_pkey", [c"owner_id", c"team_id"], id)
                .is_some_and(|[owner, team]| sees_shared_by(actor, owner, team))
        })
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_job(5)  -- a bulk job`
native!(sees_job, pg_finfo_sees_job, |fcinfo| {
    let seen = bigint(fcinfo, 0).is_some_and(|id| {
        known(fcinfo).borrow_mut().once(id, |actor| {
            look_up(c"bulk_jobs", c"bulk_jobs_pkey", [c"created_by"], id)
                .is_some_and(|[owner]| owner.is_some() && owner == actor.user_id)
        })
    });
    answer(fcinfo, Some(seen))
});

// `select autocrm.sees_field('margin')  -- by its key`
native!(sees_field, pg_finfo_sees_field, |fcinfo| {
    let (key,): (String,) = args(fcinfo);
    let seen = config().sight.sees(actor().role.as_deref(), &key);
    answer(fcinfo, Some(seen))
});
