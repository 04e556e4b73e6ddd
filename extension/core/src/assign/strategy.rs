//! Who receives the next ticket, and when somebody may be offered one at all. Times are microseconds,
//! loads and capacities hundredths of a place.

use serde_json::{Map, Value as Json};
use std::cmp::Reverse;

/// What an ordinary ticket takes up.
pub const PLACE: i32 = 100;
const MINUTE: i64 = 60_000_000;
const SECOND: i64 = 1_000_000;

/// How the next agent of a team is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategy {
    /// The lowest share of capacity in use: one of two is less than eight of ten.
    #[default]
    LeastLoaded,
    /// Whose last ticket is longest ago.
    RoundRobin,
    /// The highest levels in what the ticket wants; among equals the least loaded.
    MostSkilled,
    /// The least loaded of several teams, of whom only those are there whose day it is.
    FollowTheSun,
    /// The ticket waits for somebody to take it.
    None,
}

impl Strategy {
    pub const NAMES: &str = "least_loaded, round_robin, most_skilled, follow_the_sun, none";

    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "least_loaded" => Self::LeastLoaded,
            "round_robin" => Self::RoundRobin,
            "most_skilled" => Self::MostSkilled,
            "follow_the_sun" => Self::FollowTheSun,
            "none" => Self::None,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::LeastLoaded => "least_loaded",
            Self::RoundRobin => "round_robin",
            Self::MostSkilled => "most_skilled",
            Self::FollowTheSun => "follow_the_sun",
            Self::None => "none",
        }
    }
}

/// An agent who could take a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub user_id: i64,
    pub load: i32,
    pub capacity: i32,
    /// Grows with each ticket that the machine gave them.
    pub turn: i64,
    /// The sum of their levels in what the ticket wants.
    pub level: i64,
}

/// Millionths of a capacity in use; whoever has none is full.
pub fn share(load: i32, capacity: i32) -> i32 {
    if capacity <= 0 {
        return 1_000_000;
    }
    let share = i64::from(load.max(0)) * 1_000_000 / i64::from(capacity);
    i32::try_from(share).unwrap_or(i32::MAX)
}

/// Those with room for a ticket of this load, in the order in which they are asked. The lowest id settles
/// a tie, so replaying a state gives the same answer. The indexes of `app.places` keep the same order.
pub fn in_order(strategy: Strategy, load: i32, candidates: &[Candidate]) -> Vec<Candidate> {
    let mut fit: Vec<Candidate> = candidates
        .iter()
        .copied()
        .filter(|c| c.capacity - c.load >= load && strategy != Strategy::None)
        .collect();
    fit.sort_unstable_by_key(|c| {
        let share = share(c.load, c.capacity);
        let key = match strategy {
            Strategy::RoundRobin => (Reverse(0), c.turn),
            Strategy::MostSkilled => (Reverse(c.level), i64::from(share)),
            _ => (Reverse(0), i64::from(share)),
        };
        (key, c.user_id)
    });
    fit
}

/// The time in which somebody is at work: the present shift, or the next. Where no schedule sets a limit,
/// there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    pub from: Option<i64>,
    pub until: Option<i64>,
}

impl Shift {
    /// Another one has to be looked up.
    pub fn is_over(self, now: i64) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// A team's terms for giving its agents work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// At most so many tickets in so many minutes.
    pub fair: Option<(usize, i64)>,
    pub ramp_minutes: Option<i64>,
    pub wrap_up_seconds: i64,
}

/// An agent's state in a team, as far as time bears on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// When the machine gave them their latest tickets, oldest first.
    pub recent: Vec<i64>,
    pub wrap_until: Option<i64>,
    /// Since when they have been at work.
    pub since: Option<i64>,
}

impl Pace {
    /// Notes a ticket given now, and forgets what no window counts any more.
    pub fn given(&mut self, terms: Terms, now: i64) {
        if let Some((count, _)) = terms.fair {
            self.recent.push(now);
            let surplus = self.recent.len().saturating_sub(count);
            self.recent.drain(..surplus);
        } else {
            self.recent.clear();
        }
    }

    pub fn solved(&mut self, terms: Terms, now: i64) {
        if terms.wrap_up_seconds > 0 {
            self.wrap_until = Some(now + terms.wrap_up_seconds * SECOND);
        }
    }

    /// The time before which they are not offered another ticket; `None`: at once.
    pub fn next_at(&self, terms: Terms, load: i32, capacity: i32, now: i64) -> Option<i64> {
        let fair = terms.fair.and_then(|(count, minutes)| {
            let oldest = self.recent.len().checked_sub(count)?;
            Some(self.recent.get(oldest)? + minutes * MINUTE)
        });
        let ramp = terms
            .ramp_minutes
            .zip(self.since)
            .and_then(|(ramp, since)| {
                // The first place is there at once; the whole capacity after the ramp.
                let wanted = i64::from(load) + i64::from(PLACE);
                (load > 0 && capacity > 0).then(|| {
                    since + (ramp * MINUTE * wanted / i64::from(capacity)).min(ramp * MINUTE)
                })
            });
        [fair, ramp, self.wrap_until]
            .into_iter()
            .flatten()
            .max()
            .filter(|at| *at > now)
    }
}

/// A skill at a level as one number, so that a set of them is an array.
fn code(skill: i64, level: i64) -> i64 {
    skill * 8 + level
}

/// What a ticket wants of an agent.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Required, and preferred as long as that lasts.
    pub now: Vec<i64>,
    /// With those preferred ones too whose time is over: still the better choice.
    pub best: Vec<i64>,
    /// When the next preferred skill is wanted no longer.
    pub relax_at: Option<i64>,
}

/// Reads `{"7": 3}` and `{"9": {"level": 2, "until": 15}}` for a ticket of this age.
pub fn wanted(
    required: &Map<String, Json>,
    preferred: &Map<String, Json>,
    created: i64,
    now: i64,
) -> Wanted {
    let skill = |key: &str| key.parse::<i64>().ok();
    let mut wanted = Wanted::default();
    for (key, level) in required {
        if let (Some(skill), Some(level)) = (skill(key), level.as_i64()) {
            wanted.now.push(code(skill, level.clamp(1, 5)));
        }
    }
    wanted.best.clone_from(&wanted.now);
    for (key, preference) in preferred {
        let Some(skill) = skill(key) else { continue };
        let code = code(skill, preference["level"].as_i64().unwrap_or(1).clamp(1, 5));
        let until = created + preference["until"].as_i64().unwrap_or(0) * MINUTE;
        wanted.best.push(code);
        if until > now {
            wanted.now.push(code);
            wanted.relax_at = Some(wanted.relax_at.map_or(until, |at| at.min(until)));
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    // Named once more, since proptest's prelude has another of that name.
    use super::Strategy;
    use proptest::prelude::*;
    use serde_json::json;

    fn candidate(user_id: i64, load: i32, capacity: i32) -> Candidate {
        Candidate {
            user_id,
            load: load * PLACE,
            capacity: capacity * PLACE,
            turn: 0,
            level: 0,
        }
    }

    fn first(strategy: Strategy, candidates: &[Candidate]) -> Option<i64> {
        in_order(strategy, PLACE, candidates)
            .first()
            .map(|c| c.user_id)
    }

    #[test]
    fn one_of_two_is_less_load_than_eight_of_ten() {
        let all = [candidate(1, 8, 10), candidate(2, 1, 2)];
        assert_eq!(first(Strategy::LeastLoaded, &all), Some(2));
    }

    #[test]
    fn a_full_house_leaves_the_ticket_waiting() {
        let all = [candidate(1, 4, 4), candidate(2, 0, 0)];
        assert_eq!(first(Strategy::LeastLoaded, &all), None);
    }

    #[test]
    fn the_lowest_id_settles_a_tie() {
        let all = [candidate(9, 1, 4), candidate(7, 1, 4)];
        assert_eq!(first(Strategy::LeastLoaded, &all), Some(7));
    }

    #[test]
    fn whose_turn_is_longest_ago_comes_first() {
        let mut all = [candidate(1, 0, 4), candidate(2, 3, 4), candidate(3, 0, 4)];
        (all[0].turn, all[1].turn, all[2].turn) = (12, 3, 9);
        assert_eq!(first(Strategy::RoundRobin, &all), Some(2));
    }

    #[test]
    fn the_most_skilled_comes_first_and_load_settles_equals() {
        let mut all = [candidate(1, 0, 4), candidate(2, 3, 4), candidate(3, 1, 4)];
        (all[0].level, all[1].level, all[2].level) = (2, 5, 5);
        assert_eq!(first(Strategy::MostSkilled, &all), Some(3));
    }

    #[test]
    fn a_full_fairness_window_opens_when_its_oldest_ticket_leaves_it() {
        let terms = Terms {
            fair: Some((2, 10)),
            ..Terms::default()
        };
        let mut pace = Pace::default();
        pace.given(terms, 0);
        assert_eq!(pace.next_at(terms, 100, 1000, MINUTE), None);
        pace.given(terms, MINUTE);
        assert_eq!(pace.next_at(terms, 200, 1000, MINUTE), Some(10 * MINUTE));
        pace.given(terms, 10 * MINUTE);
        assert_eq!(
            pace.next_at(terms, 300, 1000, 10 * MINUTE),
            Some(11 * MINUTE)
        );
    }

    #[test]
    fn a_shift_starts_with_one_place_and_ends_its_ramp_with_all() {
        let terms = Terms {
            ramp_minutes: Some(60),
            ..Terms::default()
        };
        let pace = Pace {
            since: Some(0),
            ..Pace::default()
        };
        assert_eq!(pace.next_at(terms, 0, 1000, 0), None);
        assert_eq!(pace.next_at(terms, 100, 1000, 0), Some(12 * MINUTE));
        assert_eq!(pace.next_at(terms, 900, 1000, 0), Some(60 * MINUTE));
        assert_eq!(pace.next_at(terms, 100, 1000, 12 * MINUTE), None);
    }

    #[test]
    fn wrapping_up_takes_its_time() {
        let terms = Terms {
            wrap_up_seconds: 30,
            ..Terms::default()
        };
        let mut pace = Pace::default();
        pace.solved(terms, 0);
        assert_eq!(pace.next_at(terms, 0, 1000, 29 * SECOND), Some(30 * SECOND));
        assert_eq!(pace.next_at(terms, 0, 1000, 30 * SECOND), None);
    }

    #[test]
    fn a_preferred_skill_is_wanted_for_its_time_and_a_required_one_for_ever() {
        let required = json!({"7": 3}).as_object().cloned().unwrap_or_default();
        let preferred = json!({"9": {"level": 2, "until": 15}, "4": {"level": 1, "until": 0}});
        let preferred = preferred.as_object().cloned().unwrap_or_default();
        let mut early = wanted(&required, &preferred, 0, 14 * MINUTE);
        early.best.sort_unstable();
        assert_eq!(early.now, [59, 74]);
        assert_eq!(early.best, [33, 59, 74]);
        assert_eq!(early.relax_at, Some(15 * MINUTE));
        let late = wanted(&required, &preferred, 0, 15 * MINUTE);
        assert_eq!((late.now, late.relax_at), (vec![59], None));
    }

    fn strategies() -> impl proptest::strategy::Strategy<Value = Strategy> {
        prop::sample::select(vec![
            Strategy::LeastLoaded,
            Strategy::RoundRobin,
            Strategy::MostSkilled,
            Strategy::FollowTheSun,
        ])
    }

    proptest! {
        #[test]
        fn nobody_full_is_ever_asked_and_nobody_idle_is_passed_over(
            strategy in strategies(),
            states in prop::collection::vec((0i32..20, 0i32..20, 0i64..50, 0i64..9), 0..40)
        ) {
            let all: Vec<_> = states.iter().enumerate().map(|(i, (load, capacity, turn, level))| Candidate {
                turn: *turn, level: *level,
                ..candidate(i64::try_from(i).unwrap_or(0), *load, *capacity)
            }).collect();
            let asked = in_order(strategy, PLACE, &all);
            prop_assert!(asked.iter().all(|c| c.load < c.capacity));
            prop_assert_eq!(asked.len(), all.iter().filter(|c| c.load < c.capacity).count());
            for pair in asked.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let (left, right) = (share(a.load, a.capacity), share(b.load, b.capacity));
                let in_order = match strategy {
                    Strategy::RoundRobin => (a.turn, a.user_id) < (b.turn, b.user_id),
                    Strategy::MostSkilled => a.level > b.level || a.level == b.level && left <= right,
                    _ => (left, a.user_id) < (right, b.user_id),
                };
                prop_assert!(in_order);
            }
        }

        /// Given one ticket after another, nobody gets more than the window allows in any window.
        #[test]
        fn no_window_ever_holds_more_than_its_count(
            count in 1usize..5, minutes in 1i64..30, steps in prop::collection::vec(0i64..300, 1..80)
        ) {
            let terms = Terms { fair: Some((count, minutes)), ..Terms::default() };
            let (mut pace, mut now, mut given) = (Pace::default(), 0i64, Vec::new());
            for step in steps {
                now += step * SECOND;
                if pace.next_at(terms, 0, 1000, now).is_none() {
                    pace.given(terms, now);
                    given.push(now);
                }
            }
            for at in &given {
                let held = given.iter().filter(|g| **g >= *at && **g < at + minutes * MINUTE).count();
                prop_assert!(held <= count);
            }
        }

        #[test]
        fn the_ramp_never_runs_ahead_of_the_shift(
            load in 1i32..20, capacity in 1i32..20, ramp in 1i64..240, now in 0i64..300
        ) {
            let terms = Terms { ramp_minutes: Some(ramp), ..Terms::default() };
            let pace = Pace { since: Some(0), ..Pace::default() };
            if pace.next_at(terms, load * PLACE, capacity * PLACE, now * MINUTE).is_none() {
                prop_assert!(now >= ramp || now * i64::from(capacity) >= ramp * i64::from(load + 1));
            }
        }
    }
}
