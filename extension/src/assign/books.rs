//! The books of agents: their row in `app.agent_loads`, whose lock keeps everyone below capacity, and their rows in
//! `app.places`, one a team, whose indexes give the next agent. Places are only written under that lock, so whoever holds
//! it reads current ones.

use crate::assign::ledger::{Change, Claim};
use crate::config::config;
use crate::config::teams::Manner;
use crate::pg::clock;
use crate::pg::db;
use crate::pg::scan::{Column, Is, Lock, Table};
use autocrm_core::assign::{Pace, Shift, Strategy, share};
use pgrx::prelude::*;

/// An agent, locked to the transaction's end.
#[derive(Debug)]
pub struct Seat {
    pub user_id: i64,
    pub open: i32,
    pub load: i32,
    pub capacity: i32,
    pub available: bool,
    pub online_at: Option<i64>,
    pub places: Vec<Place>,
}

#[derive(Debug)]
pub struct Place {
    pub team_id: i64,
    pub turn: i64,
    pub pace: Pace,
    pub shift: Shift,
    pub next_at: Option<i64>,
    pub skills: Vec<i64>,
}

impl Place {
    /// Whether it is its time: on shift, and not too soon after the ticket before.
    pub fn is_due(&self, now: i64) -> bool {
        self.next_at.is_none_or(|at| at <= now) && !self.shift.is_over(now)
    }
}

impl Seat {
    pub fn room(&self) -> i32 {
        if self.available {
            (self.capacity - self.load).max(0)
        } else {
            0
        }
    }

    pub fn place(&self, team: i64) -> Option<&Place> {
        self.places.iter().find(|place| place.team_id == team)
    }

    /// Whether a ticket of this load, which wants these skills, may go to them now.
    pub fn fits(&self, team: i64, load: i32, skills: &[i64], now: i64) -> bool {
        self.room() >= load
            && self.place(team).is_some_and(|place| {
                place.is_due(now) && skills.iter().all(|skill| place.skills.contains(skill))
            })
    }

    /// Claims capacity for a ticket of this team that is about to be written.
    pub fn claim(&mut self, team: i64, load: i32) -> Claim {
        let before = self
            .place(team)
            .map(|place| (place.turn, place.pace.recent.clone()));
        self.count(&Change {
            open: 1,
            load,
            given: vec![team],
            ..Change::default()
        });
        let (turn_before, recent_before) = before.unwrap_or_default();
        Claim {
            user: self.user_id,
            load,
            team,
            turn: self.place(team).map_or(0, |place| place.turn),
            turn_before,
            recent_before,
        }
    }

    /// Moves the counts.
    pub fn count(&mut self, change: &Change) {
        let (config, now) = (config(), clock::micros_now());
        self.open = (self.open + change.open).max(0);
        self.load = (self.load + change.load).max(0);
        for place in &mut self.places {
            let terms = config.manner(place.team_id).terms;
            for _ in change.given.iter().filter(|team| **team == place.team_id) {
                place.pace.given(terms, now);
                place.turn = clock::wall();
            }
            if change.solved.contains(&place.team_id) {
                place.pace.solved(terms, now);
            }
            // Their turn comes back with the claim, unless another ticket has taken it since.
            for claim in &change.unclaimed {
                if claim.team == place.team_id && claim.turn == place.turn {
                    place.turn = claim.turn_before;
                    place.pace.recent.clone_from(&claim.recent_before);
                }
            }
        }
        let at = (!change.given.is_empty()).then(clock::now);
        db::run(
            "update app.agent_loads set open = $2, load = $3, assigned_at = coalesce($4, assigned_at) where user_id = $1",
            &[
                self.user_id.into(),
                self.open.into(),
                self.load.into(),
                at.into(),
            ],
        );
        self.store();
    }

    /// Looks up the shifts anew: schedules or teams may have changed.
    pub fn look_up_shifts(&mut self) {
        for place in &mut self.places {
            let known = place.shift;
            place.shift = shift(self.user_id, place.team_id);
            // One that goes on goes on from where it began.
            if place.shift.from.is_none() && place.shift.until == known.until {
                place.shift.from = known.from;
            }
        }
    }

    /// Writes the agent's rows of app.places as the counts now make them.
    pub fn store(&mut self) {
        let (config, now, room) = (config(), clock::micros_now(), self.room());
        let share = share(self.load, self.capacity);
        for place in &mut self.places {
            let Manner { strategy, terms } = config.manner(place.team_id);
            if place.shift.is_over(now) {
                place.shift = shift(self.user_id, place.team_id);
            }
            place.pace.since = self.online_at.max(place.shift.from);
            place.next_at = place
                .pace
                .next_at(terms, self.load, self.capacity, now)
                .max(place.shift.from.filter(|from| *from > now));
            let recent: Vec<TimestampWithTimeZone> = place
                .pace
                .recent
                .iter()
                .filter_map(|at| clock::time(*at))
                .collect();
            db::run(
                "update app.places
                    set free = $3, share = $4, recent = $5, wrap_until = $6, next_at = $7, turn = $8, shift_at = $9,
                        until_at = $10, rank = $11
                  where team_id = $1 and user_id = $2",
                &[
                    place.team_id.into(),
                    self.user_id.into(),
                    room.into(),
                    share.into(),
                    recent.into(),
                    place.pace.wrap_until.and_then(clock::time).into(),
                    place.next_at.and_then(clock::time).into(),
                    place.turn.into(),
                    place.shift.from.and_then(clock::time).into(),
                    place.shift.until.and_then(clock::time).into(),
                    if strategy == Strategy::RoundRobin {
                        place.turn
                    } else {
                        i64::from(share)
                    }
                    .into(),
                ],
            );
        }
    }
}

/// The shift of an agent in a team: by their own schedule, else by the team's.
fn shift(user: i64, team: i64) -> Shift {
    db::rows(
        "select coalesce(u.schedule_id, t.schedule_id) from app.users u, app.teams t where u.id = $1 and t.id = $2",
        &[user.into(), team.into()],
        |row| row.get::<i64>(1),
    )
    .into_iter()
    .flatten()
    .next()
    .map_or_else(Shift::default, |schedule| crate::schedules::shift(schedule, clock::micros_now()))
}

/// `app.agent_loads`, open to be read and locked.
pub struct Books {
    table: Table,
    open: Column,
    load: Column,
    capacity: Column,
    available: Column,
    online_at: Column,
}

impl Books {
    pub fn open() -> Self {
        let table = Table::open(c"agent_loads");
        let column = |name| table.column(name);
        Self {
            open: column(c"open"),
            load: column(c"load"),
            capacity: column(c"capacity"),
            available: column(c"available"),
            online_at: column(c"online_at"),
            table,
        }
    }

    fn find(&self, user: i64) -> bool {
        self.table.scan(c"agent_loads_pkey", &[Is(1, user)]).next()
    }

    /// Locks an agent's books to the transaction's end and reads them as they stand then. Refused when they have
    /// none, or when they are not waited for and somebody else holds them.
    pub fn lock(&self, user: i64, wait: bool) -> Result<Seat, Lock> {
        if !self.find(user) {
            return Err(Lock::Gone);
        }
        match self.table.lock(wait) {
            Lock::Got => Ok(self.seat(user)),
            refused => Err(refused),
        }
    }

    fn seat(&self, user: i64) -> Seat {
        let get = |column| self.table.get(column).unwrap_or_default();
        Seat {
            user_id: user,
            open: get(self.open),
            load: get(self.load),
            capacity: get(self.capacity),
            available: self.table.get(self.available).unwrap_or(false),
            online_at: self.table.get(self.online_at),
            places: places_of(user),
        }
    }
}

/// Those of one agent, as they stand now: opened after their lock was got, so that it sees what the holder before
/// wrote.
fn places_of(user: i64) -> Vec<Place> {
    let table = Table::open(c"places");
    let column = |name| table.column(name);
    let (team, turn, skills) = (column(c"team_id"), column(c"turn"), column(c"skills"));
    let (recent, wrap_until, next_at) =
        (column(c"recent"), column(c"wrap_until"), column(c"next_at"));
    let (from, until) = (column(c"shift_at"), column(c"until_at"));
    let mut scan = table.scan(c"places_pkey", &[Is(1, user)]);
    let mut places = Vec::new();
    while scan.next() {
        places.push(Place {
            team_id: table.get(team).unwrap_or_default(),
            turn: table.get(turn).unwrap_or_default(),
            pace: Pace {
                recent: table.get(recent).unwrap_or_default(),
                wrap_until: table.get(wrap_until),
                since: None,
            },
            shift: Shift {
                from: table.get(from),
                until: table.get(until),
            },
            next_at: table.get(next_at),
            skills: table.get(skills).unwrap_or_default(),
        });
    }
    places
}

/// Waits for this agent's lock; `None` when they have no books.
pub fn lock(user: i64) -> Option<Seat> {
    Books::open().lock(user, true).ok()
}

/// The same, unless somebody else holds it.
pub fn lock_if_free(user: i64) -> Option<Seat> {
    Books::open().lock(user, false).ok()
}

/// Reads the books of an agent, whose lock is held wherever it matters.
pub fn read(user: i64) -> Option<Seat> {
    let books = Books::open();
    books.find(user).then(|| books.seat(user))
}

/// Moves an agent's counts as a statement changed them; answers whether room came.
pub fn adjust(user: i64, change: &Change) -> bool {
    let nothing = change.open == 0 && change.load == 0;
    if nothing && change.given.is_empty() && change.solved.is_empty() && change.unclaimed.is_empty()
    {
        return false;
    }
    let seat = lock(user).or_else(|| {
        // An agent who is being deleted must not come back by what leaves them.
        (change.open > 0).then(|| {
            db::run(
                "insert into app.agent_loads (user_id) values ($1) on conflict do nothing",
                &[user.into()],
            );
            lock(user)
        })?
    });
    let Some(mut seat) = seat else {
        return false;
    };
    seat.count(change);
    change.load < 0 && seat.room() > 0
}
