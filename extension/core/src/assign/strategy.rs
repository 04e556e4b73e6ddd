//! Strategies: in which order the agents with room for a ticket receive it. Loads and capacities are hundredths of a
//! slot.

use std::cmp::Reverse;

/// The load of an ordinary ticket.
pub const SLOT: i32 = 100;

/// How the next agent of a team is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategy {
    /// The lowest share of the capacity in use: one of two is less than eight of ten.
    #[default]
    LeastLoaded,
    /// The agent whose last ticket is longest ago.
    RoundRobin,
    /// The highest levels in the skills of the ticket; among equals the least loaded.
    MostSkilled,
    /// The least loaded of several teams, of which only those on shift take part.
    FollowTheSun,
    /// The ticket waits until an agent takes it.
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

/// An agent who may receive a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub user_id: i64,
    pub load: i32,
    pub capacity: i32,
    /// Grows with each ticket that they were assigned automatically.
    pub turn: i64,
    /// The sum of their levels in the skills of the ticket.
    pub level: i64,
}

/// Millionths of a capacity in use; a capacity of 0 is full.
pub fn share(load: i32, capacity: i32) -> i32 {
    if capacity <= 0 {
        return 1_000_000;
    }
    let share = i64::from(load.max(0)) * 1_000_000 / i64::from(capacity);
    i32::try_from(share).unwrap_or(i32::MAX)
}

/// The candidates with room for a ticket of this load, the best first. The lowest id settles a tie, so that a
/// replay has the same result. The indexes of `app.places` keep the same order.
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

#[cfg(test)]
mod tests {
    use super::*;
    // Named once more, since proptest's prelude has another of that name.
    use super::Strategy;
    use proptest::prelude::*;

    fn candidate(user_id: i64, load: i32, capacity: i32) -> Candidate {
        Candidate {
            user_id,
            load: load * SLOT,
            capacity: capacity * SLOT,
            turn: 0,
            level: 0,
        }
    }

    fn first(strategy: Strategy, candidates: &[Candidate]) -> Option<i64> {
        in_order(strategy, SLOT, candidates)
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
            let asked = in_order(strategy, SLOT, &all);
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
    }
}
