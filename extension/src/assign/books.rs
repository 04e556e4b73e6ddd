//! The books of who may be offered work: an agent's row in `app.agent_loads`, whose lock keeps everyone
//! below capacity, and their places in teams, whose indexes give the next agent. Places are only written
//! under that lock, so whoever holds it reads what counts.

use crate::assign::ledger::{self, Change, Claim};
use crate::assign::skill_sets;
use crate::config::config;
use crate::config::invalidate::forget;
use crate::config::teams::Manner;
use crate::pg::call::answer;
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::scan::{Column, Is, Lock, Table};
use crate::pg::trigger::{Event, Trigger, done, trigger};
use autocrm_core::assign::{Pace, Shift, Strategy, share};
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::cell::Cell;

thread_local! {
    /// The highest agent whom this transaction has locked: waiting for higher ones only, nobody waits in a circle.
    static HIGHEST: Cell<(u32, i64)> = const { Cell::new((0, 0)) };
}

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

pub fn micros(at: TimestampWithTimeZone) -> i64 {
    pg_sys::TimestampTz::from(at)
}

pub fn time(micros: i64) -> Option<TimestampWithTimeZone> {
    TimestampWithTimeZone::try_from(micros).ok()
}

pub fn now() -> i64 {
    micros(clock::now())
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

    /// Takes a place for a ticket of this team that is about to be written.
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
    fn count(&mut self, change: &Change) {
        let (config, now) = (config(), now());
        self.open = (self.open + change.open).max(0);
        self.load = (self.load + change.load).max(0);
        for place in &mut self.places {
            let terms = config.manner(place.team_id).terms;
            for _ in change.given.iter().filter(|team| **team == place.team_id) {
                place.pace.given(terms, now);
                place.turn = turn();
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
    fn look_up_shifts(&mut self) {
        for place in &mut self.places {
            let known = place.shift;
            place.shift = shift(self.user_id, place.team_id);
            // One that goes on goes on from where it began.
            if place.shift.from.is_none() && place.shift.until == known.until {
                place.shift.from = known.from;
            }
        }
    }

    /// Writes the places as the counts now make them.
    pub fn store(&mut self) {
        let (config, now, room) = (config(), now(), self.room());
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
                .filter_map(|at| time(*at))
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
                    place.pace.wrap_until.and_then(time).into(),
                    place.next_at.and_then(time).into(),
                    place.turn.into(),
                    place.shift.from.and_then(time).into(),
                    place.shift.until.and_then(time).into(),
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
    .map_or_else(Shift::default, |schedule| crate::schedules::shift(schedule, now()))
}

/// The highest agent whom this transaction holds; 0 when it holds none.
pub fn highest_held() -> i64 {
    let (transaction, user) = HIGHEST.get();
    if transaction == db::transaction() {
        user
    } else {
        0
    }
}

pub fn note_lock(user: i64) {
    HIGHEST.set((db::transaction(), highest_held().max(user)));
}

/// Turns follow one another as tickets do, whatever time tests set.
fn turn() -> i64 {
    // SAFETY: asks the system's clock.
    unsafe { pg_sys::GetCurrentTimestamp() }
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
            Lock::Got => {
                note_lock(user);
                Ok(self.seat(user))
            }
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

/// Brings an agent's books in line with who they are now, and offers them what waits when they have room.
pub fn refresh(user: i64) {
    db::run(
        "insert into app.agent_loads (user_id)
         select id from app.users where id = $1 and role in ('agent', 'admin')
         on conflict do nothing",
        &[user.into()],
    );
    if lock(user).is_none() {
        return;
    }
    db::run(
        "update app.agent_loads l
            set capacity = u.capacity * 100,
                available = n.available,
                online_at = case when n.available and not l.available then $2 else l.online_at end,
                away_at = case when n.away then coalesce(l.away_at, $2) end,
                hand_back_at = case when n.away and l.away_at is null then $2 + make_interval(mins => (
                                 select min(t.hand_back_minutes) from app.memberships m join app.teams t on t.id = m.team_id
                                  where m.user_id = u.id))
                               when n.away then l.hand_back_at end,
                auto_away = l.auto_away and u.availability = 'away'
           from app.users u
          cross join lateral (select u.active and u.role in ('agent', 'admin') as works) w
          cross join lateral (
            select w.works and u.availability = 'online' as available,
                   not w.works or u.availability in ('away', 'offline') as away) n
          where l.user_id = u.id and u.id = $1",
        &[user.into(), clock::now().into()],
    );
    db::run(
        "delete from app.places p
          where p.user_id = $1
            and not exists (select from app.memberships m where m.team_id = p.team_id and m.user_id = p.user_id)",
        &[user.into()],
    );
    let changed = db::run(
        "insert into app.places as p (team_id, user_id, skills)
         select m.team_id, m.user_id, array(
                  select s.skill_id * 8 + n from app.agent_skills s, generate_series(1, s.level) n
                   where s.user_id = m.user_id order by 1)
           from app.memberships m
          where m.user_id = $1
         on conflict (team_id, user_id) do update set skills = excluded.skills
          where p.skills is distinct from excluded.skills",
        &[user.into()],
    );
    if changed > 0 {
        skill_sets::forget();
    }
    if let Some(mut seat) = read(user) {
        seat.look_up_shifts();
        seat.store();
        crate::assign::queue::offer(user);
    }
}

trigger!(tg_refresh_agent, pg_finfo_tg_refresh_agent, refresh_agent);

/// For tables that say who somebody is; the argument names the column with the agent's id.
fn refresh_agent(trigger: &Trigger) -> pg_sys::Datum {
    let column = trigger.args().into_iter().next().unwrap_or_default();
    let of = |row: Option<crate::pg::row::Row>| row.and_then(|row| row.get::<i64>(&column));
    let (old, new) = (of(trigger.old_row()), of(trigger.new_row()));
    ledger::refresh(old.into_iter().chain(new));
    done()
}

trigger!(tg_teams__terms, pg_finfo_tg_teams__terms, terms);

/// A team's new terms count at once for all its agents, and for what waits in it.
fn terms(trigger: &Trigger) -> pg_sys::Datum {
    let Some(team) = trigger.new_row().and_then(|row| row.get::<i64>("id")) else {
        return done();
    };
    // The statement's own trigger that does so comes after this one.
    forget(trigger);
    let members = db::rows(
        "select user_id from app.places where team_id = $1 order by user_id",
        &[team.into()],
        |row| row.get::<i64>(1),
    );
    if trigger.event() == Event::Update {
        crate::assign::queue::rebuild(Some(team));
        ledger::refresh(members.into_iter().flatten());
    }
    done()
}

trigger!(
    tg_schedules__shifts,
    pg_finfo_tg_schedules__shifts,
    schedule_changed
);

/// New hours count at once for everybody whose shifts they are.
fn schedule_changed(trigger: &Trigger) -> pg_sys::Datum {
    let Some(schedule) = trigger.new_row().and_then(|row| row.get::<i64>("id")) else {
        return done();
    };
    // The statement's own trigger that does so comes after this one.
    forget(trigger);
    let agents = db::rows(
        "select u.id from app.users u where u.schedule_id = $1
          union
         select m.user_id from app.teams t join app.memberships m on m.team_id = t.id where t.schedule_id = $1
          order by 1",
        &[schedule.into()],
        |row| row.get::<i64>(1),
    );
    ledger::refresh(agents.into_iter().flatten());
    done()
}

trigger!(
    tg_statuses__recount,
    pg_finfo_tg_statuses__recount,
    status_changed
);

/// A status whose category changes makes work of its tickets, or ends it.
fn status_changed(trigger: &Trigger) -> pg_sys::Datum {
    forget(trigger);
    recount_loads();
    done()
}

/// Counts everybody's open work anew and keeps the books of who fits and what waits; answers how many
/// counts were wrong.
///
/// `select autocrm.recount_loads()`
fn recount_loads() -> i64 {
    // Whoever claims or gives back a place meanwhile waits for the count, and counts on from there. Exclusive,
    // since a claim begins with a row lock that a weaker one would let in.
    db::run("lock table app.agent_loads in exclusive mode", &[]);
    let wrong = db::run(
        "insert into app.agent_loads as l (user_id, open, load)
         select u.id, count(t.id)::integer, coalesce(sum(t.load), 0)::integer
           from app.users u
           left join app.agent_loads a on a.user_id = u.id
           left join (app.tickets t join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed') and t.deleted_at is null)
             on t.assignee_id = u.id
          where u.role in ('agent', 'admin') or a.user_id is not null
          group by u.id, a.open, a.load
         having count(t.id) <> coalesce(a.open, 0) or coalesce(sum(t.load), 0) <> coalesce(a.load, 0)
         on conflict (user_id) do update set open = excluded.open, load = excluded.load
         returning 1",
        &[],
    );
    crate::assign::queue::rebuild(None);
    let agents = db::rows(
        "select user_id from app.agent_loads order by user_id",
        &[],
        |row| row.get::<i64>(1),
    );
    agents.into_iter().flatten().for_each(refresh);
    i64::try_from(wrong).unwrap_or(i64::MAX)
}

/// Compares everybody's counts with their open tickets and puts right what differs; answers how many counts were
/// wrong. Nobody waits for it: counts and tickets are committed together, so one snapshot shows what is wrong. What is
/// wrong is a defect of the desk: it is told in the log and in the audit.
///
/// `select autocrm.check_loads()`
fn check_loads() -> i64 {
    let suspects = db::rows(
        "select user_id
           from app.agent_loads l
           full join (
             select t.assignee_id as user_id, count(*) as open, sum(t.load) as load
               from app.tickets t
               join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed')
              where t.deleted_at is null and t.assignee_id is not null
              group by 1) c using (user_id)
          where (coalesce(l.open, 0), coalesce(l.load, 0)) <> (coalesce(c.open, 0), coalesce(c.load, 0))
          order by user_id",
        &[],
        |row| row.get::<i64>(1),
    );
    let wrong = suspects.into_iter().flatten().filter(|user| correct(*user));
    i64::try_from(wrong.count()).unwrap_or(i64::MAX)
}

/// Counts the work of one agent under their lock; answers whether their books said something else.
fn correct(user: i64) -> bool {
    db::run(
        "insert into app.agent_loads (user_id) select id from app.users where id = $1 on conflict do nothing",
        &[user.into()],
    );
    let Some(mut seat) = lock(user) else {
        return false;
    };
    let counted = db::rows(
        "select count(*)::integer, coalesce(sum(t.load), 0)::integer
           from app.tickets t
           join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed')
          where t.assignee_id = $1 and t.deleted_at is null",
        &[user.into()],
        |row| Ok((row.get::<i32>(1)?, row.get::<i32>(2)?)),
    );
    let Some((Some(open), Some(load))) = counted.into_iter().next() else {
        return false;
    };
    if (open, load) == (seat.open, seat.load) {
        return false;
    }
    warning!(
        "the books of agent {user} were wrong: {} open tickets of load {} were counted, {open} of load {load} are there",
        seat.open,
        seat.load
    );
    let told = serde_json::Map::from_iter([
        ("open".to_owned(), serde_json::json!([seat.open, open])),
        ("load".to_owned(), serde_json::json!([seat.load, load])),
    ]);
    crate::history::audit::write(Event::Update, "agent_loads", &user.to_string(), &told);
    seat.count(&Change {
        open: open - seat.open,
        load: load - seat.load,
        ..Change::default()
    });
    true
}

native!(
    recount_loads_wrapper,
    pg_finfo_recount_loads_wrapper,
    |fcinfo| answer(fcinfo, Some(recount_loads()))
);
native!(
    check_loads_wrapper,
    pg_finfo_check_loads_wrapper,
    |fcinfo| { answer(fcinfo, Some(check_loads())) }
);
