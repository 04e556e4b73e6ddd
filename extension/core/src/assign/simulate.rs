//! A simulation of past tickets under other rules: arrivals in their order, slots taken and freed, a queue for the
//! tickets that nobody has room for.

use super::strategy::{Candidate, SLOT, Strategy, in_order};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// A ticket that came in. Times are microseconds.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub id: i64,
    pub at: i64,
    /// How long it took a slot; `None` for one that was never solved.
    pub lasts: Option<i64>,
    pub weight: i32,
    /// The first is its own; the others count when it follows the sun.
    pub teams: Vec<i64>,
    /// Required skills with their lowest level.
    pub skills: Vec<(i64, i32)>,
    pub strategy: Strategy,
    /// Hundredths of a slot.
    pub load: i32,
}

#[derive(Debug, Clone)]
pub struct Agent {
    pub id: i64,
    pub capacity: i32,
    pub teams: HashSet<i64>,
    pub skills: HashMap<i64, i32>,
}

impl Agent {
    fn fits(&self, ticket: &Arrival) -> bool {
        ticket.teams.iter().any(|team| self.teams.contains(team)) && self.has(&ticket.skills)
    }

    /// The sum of their levels in the required skills of a ticket.
    fn level(&self, ticket: &Arrival) -> i64 {
        ticket
            .skills
            .iter()
            .filter_map(|(skill, _)| self.skills.get(skill))
            .map(|level| i64::from(*level))
            .sum()
    }

    /// Whether the agent has each of these skills at least at its level.
    pub fn has(&self, skills: &[(i64, i32)]) -> bool {
        skills
            .iter()
            .all(|(skill, level)| self.skills.get(skill).is_some_and(|own| own >= level))
    }
}

/// An assignment. `ticket` is an index into the arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub ticket: usize,
    pub agent: i64,
    /// Microseconds that the ticket waited.
    pub waited: i64,
}

/// Assigns arrivals, which are in the order of their times. Tickets for which no agent ever has room and skill are
/// in no `Given`.
pub fn replay(arrivals: &[Arrival], agents: &[Agent]) -> Vec<Given> {
    let mut floor = Floor {
        arrivals,
        agents,
        loads: HashMap::new(),
        turns: HashMap::new(),
        ends: BinaryHeap::new(),
        waiting: Vec::new(),
        given: Vec::new(),
    };
    for (index, ticket) in arrivals.iter().enumerate() {
        floor.finish_until(ticket.at);
        if !floor.give(index, ticket.at) {
            floor.enqueue(index);
        }
    }
    floor.finish_until(i64::MAX);
    floor.given
}

/// The state of the desk during a simulation.
struct Floor<'a> {
    arrivals: &'a [Arrival],
    agents: &'a [Agent],
    loads: HashMap<i64, i32>,
    turns: HashMap<i64, i64>,
    /// When which agent is relieved of how much load.
    ends: BinaryHeap<Reverse<(i64, i64, i32)>>,
    /// Indexes of tickets, the highest weight first, then the oldest.
    waiting: Vec<usize>,
    given: Vec<Given>,
}

impl Floor<'_> {
    fn give(&mut self, index: usize, now: i64) -> bool {
        let ticket = &self.arrivals[index];
        let candidates: Vec<Candidate> = self
            .agents
            .iter()
            .filter(|agent| agent.fits(ticket))
            .map(|agent| Candidate {
                user_id: agent.id,
                load: self.loads.get(&agent.id).copied().unwrap_or_default(),
                capacity: agent.capacity * SLOT,
                turn: self.turns.get(&agent.id).copied().unwrap_or_default(),
                level: agent.level(ticket),
            })
            .collect();
        let Some(chosen) = in_order(ticket.strategy, ticket.load, &candidates)
            .first()
            .copied()
        else {
            return false;
        };
        let agent = chosen.user_id;
        *self.loads.entry(agent).or_default() += ticket.load;
        self.turns
            .insert(agent, i64::try_from(self.given.len()).unwrap_or(i64::MAX));
        if let Some(lasts) = ticket.lasts {
            self.ends
                .push(Reverse((now.saturating_add(lasts), agent, ticket.load)));
        }
        self.given.push(Given {
            ticket: index,
            agent,
            waited: now - ticket.at,
        });
        true
    }

    fn enqueue(&mut self, index: usize) {
        let key = |at: usize| (Reverse(self.arrivals[at].weight), self.arrivals[at].at);
        let after = self
            .waiting
            .partition_point(|other| key(*other) <= key(index));
        self.waiting.insert(after, index);
    }

    /// Ends every load up to then, and offers each freed slot to the queue.
    fn finish_until(&mut self, until: i64) {
        while let Some(Reverse((at, agent, load))) = self.ends.peek().copied() {
            if at > until {
                return;
            }
            self.ends.pop();
            *self.loads.entry(agent).or_default() -= load;
            let waiting = std::mem::take(&mut self.waiting);
            let served = waiting.iter().position(|index| self.give(*index, at));
            self.waiting = waiting;
            if let Some(served) = served {
                self.waiting.remove(served);
            }
        }
    }
}

/// The Gini coefficient: 0 when all values are the same, towards 1 when one of them is all.
pub fn gini(values: &[f64]) -> f64 {
    let total: f64 = values.iter().sum();
    if values.is_empty() || total <= 0.0 {
        return 0.0;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 agents")]
    let (weighted, count) = (
        sorted
            .iter()
            .enumerate()
            .map(|(i, value)| (i as f64 + 1.0) * value)
            .sum::<f64>(),
        sorted.len() as f64,
    );
    (2.0 * weighted / (count * total) - (count + 1.0) / count).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    // Named once more, since proptest's prelude has another of that name.
    use super::Strategy;
    use proptest::prelude::*;

    fn agent(id: i64, capacity: i32, skills: &[(i64, i32)]) -> Agent {
        Agent {
            id,
            capacity,
            teams: HashSet::from([1]),
            skills: skills.iter().copied().collect(),
        }
    }

    fn ticket(id: i64, at: i64, lasts: i64, weight: i32) -> Arrival {
        Arrival {
            id,
            at,
            lasts: Some(lasts),
            weight,
            teams: vec![1],
            skills: Vec::new(),
            strategy: Strategy::LeastLoaded,
            load: SLOT,
        }
    }

    #[test]
    fn who_waits_is_served_by_weight_then_age_as_soon_as_a_place_is_free() {
        let given = replay(
            &[
                ticket(1, 0, 10, 1),
                ticket(2, 1, 10, 1),
                ticket(3, 2, 10, 5),
                ticket(4, 3, 10, 1),
            ],
            &[agent(7, 1, &[])],
        );
        let order: Vec<(usize, i64)> = given.iter().map(|g| (g.ticket, g.waited)).collect();
        assert_eq!(order, [(0, 0), (2, 8), (1, 19), (3, 27)]);
    }

    #[test]
    fn a_skill_that_nobody_has_leaves_the_ticket_alone() {
        let mut rare = ticket(1, 0, 1, 1);
        rare.skills = vec![(9, 3)];
        assert_eq!(replay(&[rare.clone()], &[agent(7, 1, &[(9, 2)])]), []);
        assert_eq!(replay(&[rare], &[agent(7, 1, &[(9, 3)])]).len(), 1);
    }

    #[test]
    fn a_ticket_that_follows_the_sun_goes_to_whichever_team_has_room() {
        let mut asia = agent(8, 1, &[]);
        asia.teams = HashSet::from([2]);
        let mut second = ticket(2, 1, 10, 1);
        second.teams = vec![1, 2];
        second.strategy = Strategy::FollowTheSun;
        let given = replay(&[ticket(1, 0, 10, 1), second], &[agent(7, 1, &[]), asia]);
        let to: Vec<i64> = given.iter().map(|g| g.agent).collect();
        assert_eq!(to, [7, 8]);
    }

    #[test]
    fn shares_are_even_or_all_with_one() {
        assert!(gini(&[3.0, 3.0, 3.0]).abs() < 1e-12);
        assert!((gini(&[0.0, 0.0, 0.0, 8.0]) - 0.75).abs() < 1e-12);
        assert!(gini(&[]).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn nobody_ever_has_more_than_their_capacity_and_nothing_is_given_twice(
            tickets in prop::collection::vec((0i64..100, 1i64..30), 0..60),
            capacities in prop::collection::vec(0i32..4, 1..5),
        ) {
            let mut arrivals: Vec<Arrival> = tickets.iter().enumerate()
                .map(|(i, (at, lasts))| ticket(i64::try_from(i).unwrap_or(0), *at, *lasts, 1)).collect();
            arrivals.sort_by_key(|t| t.at);
            let agents: Vec<Agent> = capacities.iter().enumerate()
                .map(|(i, c)| agent(i64::try_from(i).unwrap_or(0), *c, &[])).collect();
            let given = replay(&arrivals, &agents);
            let mut seen: Vec<usize> = given.iter().map(|g| g.ticket).collect();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), given.len());
            if capacities.iter().any(|c| *c > 0) {
                prop_assert_eq!(given.len(), arrivals.len(), "whoever waits long enough is served");
            }
            for one in &agents {
                let spans: Vec<(i64, i64)> = given.iter().filter(|g| g.agent == one.id)
                    .map(|g| { let t = &arrivals[g.ticket]; let from = t.at + g.waited; (from, from + t.lasts.unwrap_or(0)) }).collect();
                for (at, _) in &spans {
                    let busy = spans.iter().filter(|(from, to)| from <= at && at < to).count();
                    prop_assert!(i32::try_from(busy).unwrap_or(i32::MAX) <= one.capacity);
                }
            }
        }
    }
}
