//! Assignment: which agent receives the next ticket, when an agent may receive one at all, and what other rules would
//! have made of the tickets of the past.

mod pace;
mod shift;
mod simulate;
mod skills;
mod strategy;

pub use pace::{Pace, Terms};
pub use shift::Shift;
pub use simulate::{Agent, Arrival, Given, gini, replay};
pub use skills::{Wanted, wanted};
pub use strategy::{Candidate, SLOT, Strategy, in_order, share};
