//! Routing: rules read from rows, compiled once, tried in order against one ticket.

mod action;
mod condition;
mod explain;
mod facts;
mod index;

pub use action::{Action, parse_actions};
pub use condition::{Condition, parse_conditions};
pub use facts::{Facts, Field, Value};
pub use index::Rules;

/// A compiled rule.
#[derive(Debug)]
pub struct Rule {
    pub id: i64,
    pub name: String,
    pub conditions: Condition,
    pub actions: Vec<Action>,
    pub stop: bool,
}

/// What the rules decided, in the order in which they spoke; later words win.
#[derive(Debug, Default)]
pub struct Decision<'a> {
    pub matched: Vec<&'a Rule>,
    pub tried: usize,
}

impl<'a> Decision<'a> {
    pub fn actions(&self) -> impl Iterator<Item = &'a Action> + use<'a, '_> {
        self.matched.iter().flat_map(|rule| &rule.actions)
    }
}

/// Tries every rule in order, as a draft is tried; `Rules::decide` gives the same answer sooner.
pub fn decide<'a>(rules: &'a [Rule], facts: &dyn Facts) -> Decision<'a> {
    let mut decision = Decision::default();
    for rule in rules {
        decision.tried += 1;
        if rule.conditions.holds(facts) {
            decision.matched.push(rule);
            if rule.stop {
                break;
            }
        }
    }
    decision
}
