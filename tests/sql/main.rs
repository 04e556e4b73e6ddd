//! The database's own rules, met at a SQL prompt.

mod native;
mod routing;
mod storm;
mod tickets;
