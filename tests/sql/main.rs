//! The database's own rules, met at a SQL prompt.

mod routing;
mod tickets;
