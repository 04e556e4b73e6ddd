//! The database's own rules, met at a SQL prompt.

mod balancing;
mod native;
mod routing;
mod storm;
mod tickets;
