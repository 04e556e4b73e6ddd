//! Rules: conditions with actions, compiled from rows. `Rules` evaluates against a ticket only those that can match it.

mod index;
mod needs;
mod rule;

pub use index::Rules;
pub use rule::{Decision, Rule, decide};
