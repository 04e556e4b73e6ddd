//! A compiled rule, and the rules that match a ticket when they are evaluated in order.

use crate::actions::Action;
use crate::conditions::{Condition, Facts};
use crate::pause::pause;

/// A compiled rule.
#[derive(Debug)]
pub struct Rule {
    pub id: i64,
    pub name: String,
    pub conditions: Condition,
    pub actions: Vec<Action>,
    pub stop: bool,
}

/// The rules that matched, in their order; of two actions on one field the later wins.
#[derive(Debug, Default)]
pub struct Decision<'a> {
    pub matched: Vec<&'a Rule>,
    pub tried: usize,
}

impl<'a> Decision<'a> {
    /// Evaluates rules in their order until one matches that stops.
    pub(super) fn of(rules: impl Iterator<Item = &'a Rule>, facts: &dyn Facts) -> Self {
        let mut decision = Self::default();
        for rule in rules {
            decision.tried += 1;
            pause();
            if rule.conditions.holds(facts) {
                decision.matched.push(rule);
                if rule.stop {
                    break;
                }
            }
        }
        decision
    }

    pub fn actions(&self) -> impl Iterator<Item = &'a Action> + use<'a, '_> {
        self.matched.iter().flat_map(|rule| &rule.actions)
    }
}

/// Evaluates every rule. `Rules::decide` has the same result in less time, and is tested and measured against this.
pub fn decide<'a>(rules: &'a [Rule], facts: &dyn Facts) -> Decision<'a> {
    Decision::of(rules.iter(), facts)
}
