//! Pace: the earliest time at which an agent is offered another ticket, limited by the fairness window, the ramp of
//! a shift and the time to wrap up. Times are microseconds.

use super::strategy::SLOT;

const MINUTE: i64 = 60_000_000;
const SECOND: i64 = 1_000_000;

/// A team's limits on the pace of its agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// At most so many tickets in so many minutes.
    pub fair: Option<(usize, i64)>,
    pub ramp_minutes: Option<i64>,
    pub wrap_up_seconds: i64,
}

/// The times in an agent's membership of a team that limit the next assignment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// When they were assigned their latest tickets automatically, oldest first.
    pub recent: Vec<i64>,
    pub wrap_until: Option<i64>,
    /// The start of their shift.
    pub since: Option<i64>,
}

impl Pace {
    /// Records an assignment, and drops those that no window counts any more.
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

    /// The time before which they receive no other ticket; `None`: at once.
    pub fn next_at(&self, terms: Terms, load: i32, capacity: i32, now: i64) -> Option<i64> {
        let fair = terms.fair.and_then(|(count, minutes)| {
            let oldest = self.recent.len().checked_sub(count)?;
            Some(self.recent.get(oldest)? + minutes * MINUTE)
        });
        let ramp = terms
            .ramp_minutes
            .zip(self.since)
            .and_then(|(ramp, since)| {
                // The first slot is free at once; the whole capacity after the ramp.
                let wanted = i64::from(load) + i64::from(SLOT);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
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
            if pace.next_at(terms, load * SLOT, capacity * SLOT, now * MINUTE).is_none() {
                prop_assert!(now >= ramp || now * i64::from(capacity) >= ramp * i64::from(load + 1));
            }
        }
    }
}
