//! Service level agreements: how long a ticket may wait, and the clocks that measure it.
//!
//! A policy has targets by metric and priority. A ticket has one clock for each metric and cycle (`Clock`): it runs,
//! is paused while the status is of another category, and ends fulfilled. `Ticket` goes through the moments of a
//! ticket's history, in order, and keeps the clocks that are open; it can be stored after any moment and continued.
//!
//! | metric | begins | runs | ends |
//! | --- | --- | --- | --- |
//! | `first_reply` | when the ticket is created | always | with the first public reply of staff |
//! | `next_reply` | with a message of the requester that is not answered yet, once `first_reply` has ended | always | with the next public reply of staff |
//! | `periodic_update` | with each public reply of staff | always | with the next one |
//! | `pausable_update` | the same | but while pending | the same |
//! | `requester_wait` | when the ticket is created or reopened | while new, open or on hold | when it is solved |
//! | `agent_work` | the same | while new or open | when it is solved |
//! | `resolution` | the same | always | when it is solved |
//!
//! Solving or closing a ticket ends all its clocks; reopening it begins the last three anew. A clock is breached at the
//! moment at which its target has run out, also when it is answered at that very moment. What is fulfilled or breached
//! stays as it was, whatever becomes of the policy.

mod clock;
mod metric;
mod policy;
mod ticket;

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;

pub use clock::{Clock, Hours, Target};
pub use metric::{Category, METRICS, Metric};
pub use policy::{Goal, InForce, parse_goals};
pub use ticket::{Event, Happening, Moment, Speaker, Ticket};
