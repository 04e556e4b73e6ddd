//! The choice of an agent for a ticket: the next of a team in its strategy's order, read from an index and locked.

use crate::assign::books::{self, Books, Seat};
use crate::assign::need::Need;
use crate::assign::skill_sets;
use crate::config::config;
use crate::pg::clock;
use crate::pg::scan::{Column, Is, Lock, Table};
use crate::pg::sleep;
use autocrm_core::assign::{Strategy, share};
use std::cmp::Reverse;
use std::time::{Duration, Instant};

/// An agent, locked, who fits; nothing is counted yet.
pub struct Chosen {
    pub team: i64,
    pub seat: Seat,
}

/// How long agents that others have locked are tried again without anybody getting through, and in all; and how often.
const PATIENCE: Duration = Duration::from_millis(60);
const LONGEST: Duration = Duration::from_secs(2);
const EVERY: Duration = Duration::from_millis(1);

/// When the first agents of each skill set are locked by others, so many of each set are tried.
const DEEPER: usize = 32;

/// Spread of concurrent sessions over agents of equal rank.
const STRIDES: u32 = 16;

/// With more skill sets in a team than this, its rows of app.places are read one by one.
const MANY_SKILL_SETS: usize = 64;

/// Somebody who fits according to app.places: the highest levels first, then the order of the team.
type Candidate = (Reverse<i64>, i64, i64);

/// A search among the agents of one team, in app.places. It sees the rows as they were when it began: whoever is found
/// is locked and checked again.
struct Search<'a> {
    team: i64,
    need: &'a Need,
    skills: &'a [i64],
    by: Strategy,
    now: i64,
    places: Table,
    columns: Columns,
}

struct Columns {
    user_id: Column,
    free: Column,
    share: Column,
    turn: Column,
    rank: Column,
    next_at: Column,
    until_at: Column,
    skills: Column,
}

impl<'a> Search<'a> {
    fn new(team: i64, need: &'a Need, skills: &'a [i64], by: Strategy) -> Self {
        let places = Table::open(c"places");
        let column = |name| places.column(name);
        let columns = Columns {
            user_id: column(c"user_id"),
            free: column(c"free"),
            share: column(c"share"),
            turn: column(c"turn"),
            rank: column(c"rank"),
            next_at: column(c"next_at"),
            until_at: column(c"until_at"),
            skills: column(c"skills"),
        };
        Self {
            team,
            need,
            skills,
            by,
            now: clock::micros_now(),
            places,
            columns,
        }
    }

    fn get(&self, column: Column) -> i64 {
        self.places.get(column).unwrap_or_default()
    }

    /// Whether the agent whose row was read last has room and is due.
    fn is_open(&self) -> bool {
        let user = self.get(self.columns.user_id);
        let at = |column| self.places.get::<i64>(column);
        self.places
            .get::<i32>(self.columns.free)
            .unwrap_or_default()
            >= self.need.load
            && at(self.columns.next_at).is_none_or(|at| at <= self.now)
            && at(self.columns.until_at).is_none_or(|at| at > self.now)
            && self.need.not_user != Some(user)
    }

    /// Why the agent whose row was read last was not chosen.
    fn why(&self) -> &'static str {
        let at = |column| self.places.get::<i64>(column);
        let free = self.places.get::<i32>(self.columns.free);
        if free.unwrap_or_default() < self.need.load {
            "full"
        } else if self.level().is_none() {
            "lacks_skills"
        } else if at(self.columns.until_at).is_some_and(|at| at <= self.now) {
            "off_shift"
        } else if at(self.columns.next_at).is_some_and(|at| at > self.now) {
            "paced"
        } else {
            "behind"
        }
    }

    /// The wanted skills that the agent whose row was read last lacks, as (skill, level).
    fn lacks(&self) -> Vec<(i64, i64)> {
        let has: Vec<i64> = self.places.get(self.columns.skills).unwrap_or_default();
        let missing = self.skills.iter().filter(|skill| !has.contains(skill));
        missing.map(|skill| (skill / 8, skill % 8)).collect()
    }

    /// The level of the agent whose row was read last.
    fn level(&self) -> Option<i64> {
        if self.skills.is_empty() {
            return Some(0);
        }
        let has: Vec<i64> = self.places.get(self.columns.skills).unwrap_or_default();
        self.level_of(&has)
    }

    /// The sum of an agent's levels in the wanted skills, when the order needs it; `None` when a skill is missing.
    fn level_of(&self, has: &[i64]) -> Option<i64> {
        if !self.skills.iter().all(|skill| has.contains(skill)) {
            return None;
        }
        if self.by != Strategy::MostSkilled {
            return Some(0);
        }
        // An agent has an entry for each level up to their own.
        let wanted = |skill: &&i64| self.skills.iter().any(|wanted| wanted / 8 == **skill / 8);
        i64::try_from(has.iter().filter(wanted).count()).ok()
    }

    /// Whether the order of the team is the one that the ticket asks for.
    fn is_ranked(&self) -> bool {
        let team = config().manner(self.team).strategy;
        (team == Strategy::RoundRobin) == (self.by == Strategy::RoundRobin)
    }

    /// Passes fitting agents to `take`, in order, by rank and id, until it accepts one.
    fn first<T>(&self, mut take: impl FnMut(i64, i64) -> Option<T>) -> Option<T> {
        if !self.is_ranked() {
            return self.sorted(&mut take);
        }
        if self.skills.is_empty() {
            return self.in_order(&mut take);
        }
        for each in [1, DEEPER] {
            let Some(candidates) = self.of_each_skill_set(each) else {
                break;
            };
            if candidates.is_empty() {
                return None;
            }
            if let Some(taken) = candidates
                .into_iter()
                .find_map(|(_, rank, user)| take(rank, user))
            {
                return Some(taken);
            }
        }
        if self.by == Strategy::MostSkilled {
            self.sorted(&mut take)
        } else {
            self.in_order(&mut take)
        }
    }

    /// All agents, in the order of the team.
    fn in_order<T>(&self, take: &mut impl FnMut(i64, i64) -> Option<T>) -> Option<T> {
        let mut scan = self.places.scan(c"places_order_idx", &[Is(1, self.team)]);
        while scan.next() {
            if self.is_open()
                && self.level().is_some()
                && let Some(taken) =
                    take(self.get(self.columns.rank), self.get(self.columns.user_id))
            {
                return Some(taken);
            }
        }
        None
    }

    /// The first of each skill set that has the skills, of the highest level at which somebody is; `None` when there are
    /// too many skill sets.
    fn of_each_skill_set(&self, each: usize) -> Option<Vec<Candidate>> {
        let sets = skill_sets::of(self.team);
        let mut fit: Vec<(i64, i64)> = sets
            .iter()
            .filter_map(|set| Some((self.level_of(&set.skills)?, set.id)))
            .collect();
        if fit.len() > MANY_SKILL_SETS {
            return None;
        }
        fit.sort_unstable_by_key(|set| Reverse(*set));
        let mut found: Vec<Candidate> = Vec::new();
        for (level, set) in fit {
            if found.first().is_some_and(|(best, ..)| best.0 > level) {
                break;
            }
            let mut scan = self
                .places
                .scan(c"places_kind_order_idx", &[Is(1, self.team), Is(2, set)]);
            let mut of_set = 0;
            while of_set < each && scan.next() {
                if self.is_open() {
                    found.push((
                        Reverse(level),
                        self.get(self.columns.rank),
                        self.get(self.columns.user_id),
                    ));
                    of_set += 1;
                }
            }
        }
        found.sort_unstable();
        Some(found)
    }

    /// All agents, in an order for which there is no index.
    fn sorted<T>(&self, take: &mut impl FnMut(i64, i64) -> Option<T>) -> Option<T> {
        let mut found: Vec<Candidate> = Vec::new();
        let mut scan = self.places.scan(c"places_order_idx", &[Is(1, self.team)]);
        while scan.next() {
            if self.is_open()
                && let Some(level) = self.level()
            {
                let rank = if self.by == Strategy::RoundRobin {
                    self.get(self.columns.turn)
                } else {
                    self.places
                        .get::<i32>(self.columns.share)
                        .map_or(0, i64::from)
                };
                found.push((Reverse(level), rank, self.get(self.columns.user_id)));
            }
        }
        drop(scan);
        found.sort_unstable();
        found
            .into_iter()
            .find_map(|(_, rank, user)| take(rank, user))
    }
}

/// The first fitting agent whom no other session has locked, now locked by this one. Concurrent sessions spread over
/// agents of equal rank: each skips some of them.
fn take_free(team: i64, need: &Need, skills: &[i64], by: Strategy) -> Option<Chosen> {
    let search = Search::new(team, need, skills, by);
    let books = Books::open();
    // Skipped agents are tried last.
    for stride in [std::process::id() % STRIDES, 0] {
        let (mut met, mut to_pass, mut passed) = (None, 0, false);
        let seat = search.first(|rank, user| {
            if to_pass > 0 && met == Some(rank) {
                (to_pass, passed) = (to_pass - 1, true);
                return None;
            }
            match books.lock(user, false) {
                Ok(seat) => {
                    Some(seat).filter(|seat| seat.fits(team, need.load, skills, search.now))
                }
                Err(lock) => {
                    if lock == Lock::Taken && met != Some(rank) {
                        (met, to_pass) = (Some(rank), stride);
                    }
                    None
                }
            }
        });
        if seat.is_some() || !passed {
            return seat.map(|seat| Chosen { team, seat });
        }
    }
    None
}

fn by_strategy(need: &Need, skills: &[i64]) -> Option<Chosen> {
    match need.strategy {
        Strategy::None => None,
        Strategy::FollowTheSun => {
            // The least loaded of each team, then the least loaded of those.
            let mut firsts: Vec<(i32, i64)> = need
                .teams
                .iter()
                .filter_map(|team| {
                    let user = Search::new(*team, need, skills, Strategy::LeastLoaded)
                        .first(|_, user| Some(user))?;
                    let seat = books::read(user)?;
                    Some((share(seat.load, seat.capacity), *team))
                })
                .collect();
            firsts.sort_by_key(|(share, _)| *share);
            firsts
                .into_iter()
                .find_map(|(_, team)| take_free(team, need, skills, Strategy::LeastLoaded))
        }
        strategy => take_free(*need.teams.first()?, need, skills, strategy),
    }
}

/// Somebody with room whom a ticket was not given to, and why.
pub struct PassedOver {
    pub user: i64,
    pub reason: &'static str,
    pub share: i32,
    /// Skills by their ids and levels, when they are the reason.
    pub lacks: Vec<(i64, i64)>,
}

/// How many of those who were passed over a decision names.
const NAMED: usize = 5;

/// The next agents in the order of the team, beside the chosen one, before anything is counted. Whoever is away or has
/// no room at all is not among them.
pub fn passed_over(need: &Need, chosen: &Chosen) -> Vec<PassedOver> {
    let has = chosen.seat.place(chosen.team).map(|place| &place.skills);
    let fits = |skills: &[i64]| has.is_some_and(|has| skills.iter().all(|s| has.contains(s)));
    let skills = [&need.wanted.best, &need.wanted.now];
    let skills = skills.into_iter().find(|skills| fits(skills));
    let skills = skills.map_or(&[][..], |skills| skills);
    let search = Search::new(chosen.team, need, skills, need.strategy);
    let mut scan = search
        .places
        .scan(c"places_order_idx", &[Is(1, chosen.team)]);
    let mut found = Vec::new();
    while found.len() < NAMED && scan.next() {
        let user = search.get(search.columns.user_id);
        if user != chosen.seat.user_id {
            let reason = search.why();
            let lacks = match reason {
                "lacks_skills" => search.lacks(),
                _ => Vec::new(),
            };
            found.push(PassedOver {
                user,
                reason,
                lacks,
                share: search.places.get(search.columns.share).unwrap_or_default(),
            });
        }
    }
    found
}

/// Chooses and locks. Agents that another session has locked are skipped at first, so that sessions rarely wait for
/// each other's commit. When only such agents are left, they are tried again for a moment. A transaction that stays
/// open and has locked them all does not delay a customer: the ticket waits in the queue.
pub fn choose(need: &Need) -> Option<Chosen> {
    let relaxed = need.wanted.best != need.wanted.now;
    let found = if relaxed {
        by_strategy(need, &need.wanted.best)
    } else {
        None
    };
    found
        .or_else(|| by_strategy(need, &need.wanted.now))
        .or_else(|| try_again(need))
}

fn try_again(need: &Need) -> Option<Chosen> {
    if need.strategy == Strategy::None {
        return None;
    }
    let skills = &need.wanted.now;
    let books = Books::open();
    let began = Instant::now();
    // What the books of the first locked agent say, and since when: while others come through, it is a queue like any.
    let mut seen = None;
    loop {
        let mut taken = None;
        let found = need.teams.iter().find_map(|team| {
            let search = Search::new(*team, need, skills, need.strategy);
            let seat = search.first(|_, user| match books.lock(user, false) {
                Ok(seat) => {
                    Some(seat).filter(|seat| seat.fits(*team, need.load, skills, search.now))
                }
                Err(lock) => {
                    if lock == Lock::Taken && taken.is_none() {
                        taken = Some(user);
                    }
                    None
                }
            })?;
            Some(Chosen { team: *team, seat })
        });
        let Some(user) = taken.filter(|_| found.is_none()) else {
            return found;
        };
        let now = books::read(user).map(|seat| (user, seat.open, seat.load));
        if seen.as_ref().is_none_or(|(before, _)| *before != now) {
            seen = Some((now, Instant::now()));
        }
        let still = seen
            .as_ref()
            .is_some_and(|(_, since)| since.elapsed() > PATIENCE);
        if still || began.elapsed() > LONGEST {
            return None;
        }
        sleep(EVERY);
    }
}
