//! Who receives the next ticket.

/// An agent who could take a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub user_id: i64,
    pub open: i32,
    pub capacity: i32,
}

impl Candidate {
    fn has_room(self) -> bool {
        self.open < self.capacity
    }
}

/// Those with room, in the order in which they should be asked: the lowest share of capacity in use
/// first, the lowest id settles a tie, so replaying a state gives the same answer.
pub fn by_least_load(candidates: &[Candidate]) -> Vec<Candidate> {
    let mut fit: Vec<Candidate> = candidates
        .iter()
        .copied()
        .filter(|c| c.has_room())
        .collect();
    // a.open / a.capacity < b.open / b.capacity, without leaving the integers.
    fit.sort_unstable_by(|a, b| {
        let left = i64::from(a.open) * i64::from(b.capacity);
        let right = i64::from(b.open) * i64::from(a.capacity);
        left.cmp(&right).then(a.user_id.cmp(&b.user_id))
    });
    fit
}

/// The one to ask first, or `None` when everyone is full and the ticket waits.
pub fn least_loaded(candidates: &[Candidate]) -> Option<i64> {
    by_least_load(candidates).first().map(|c| c.user_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidate(user_id: i64, open: i32, capacity: i32) -> Candidate {
        Candidate {
            user_id,
            open,
            capacity,
        }
    }

    #[test]
    fn one_of_two_is_less_load_than_eight_of_ten() {
        assert_eq!(
            least_loaded(&[candidate(1, 8, 10), candidate(2, 1, 2)]),
            Some(2)
        );
    }

    #[test]
    fn a_full_house_leaves_the_ticket_waiting() {
        assert_eq!(
            least_loaded(&[candidate(1, 4, 4), candidate(2, 0, 0)]),
            None
        );
    }

    #[test]
    fn the_lowest_id_settles_a_tie() {
        assert_eq!(
            least_loaded(&[candidate(9, 1, 4), candidate(7, 1, 4)]),
            Some(7)
        );
    }

    proptest! {
        #[test]
        fn nobody_full_is_ever_asked_and_nobody_idle_is_passed_over(
            loads in prop::collection::vec((0i32..20, 0i32..20), 0..40)
        ) {
            let all: Vec<_> = loads.iter().enumerate()
                .map(|(i, (open, capacity))| candidate(i64::try_from(i).unwrap_or(0), *open, *capacity)).collect();
            let asked = by_least_load(&all);
            prop_assert!(asked.iter().all(|c| c.open < c.capacity));
            prop_assert_eq!(asked.len(), all.iter().filter(|c| c.open < c.capacity).count());
            for pair in asked.windows(2) {
                prop_assert!(f64::from(pair[0].open) / f64::from(pair[0].capacity)
                    <= f64::from(pair[1].open) / f64::from(pair[1].capacity) + 1e-12);
            }
        }
    }
}
