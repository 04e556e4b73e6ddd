//! Routing: rules read from rows, compiled once, tried in order against one ticket.

mod action;
mod condition;
mod explain;
mod facts;
mod index;
mod instants;
mod sort_key;
mod sql;

pub use action::{Action, parse_actions};
pub use condition::{
    Condition, CustomShape, LENGTH, PARTS, VALUES, check_conditions, operators_of,
    parse_conditions, stored_conditions,
};
pub use facts::{Facts, Field, Moment, Shape, Value};
pub use index::Rules;
pub use instants::Calendar;
pub use sort_key::sort_key;
pub use sql::{Domain, quote};

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
    /// Tries rules in their order; the first match ends it unless the rule says to go on.
    fn of(rules: impl Iterator<Item = &'a Rule>, facts: &dyn Facts) -> Self {
        let mut decision = Self::default();
        for rule in rules {
            decision.tried += 1;
            crate::pause::pause();
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

/// Tries every rule; `Rules::decide` gives the same answer sooner, and is tested and measured against this.
pub fn decide<'a>(rules: &'a [Rule], facts: &dyn Facts) -> Decision<'a> {
    Decision::of(rules.iter(), facts)
}
