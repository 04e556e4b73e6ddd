//! Assignment of tickets: routing, the queue, and the books of agents' capacity.

pub mod books;
pub mod choose;
pub mod explain;
pub mod ledger;
pub mod need;
pub mod queue;
pub mod route;
pub mod simulate;
pub mod skill_sets;
pub mod sweep;
pub mod upkeep;
