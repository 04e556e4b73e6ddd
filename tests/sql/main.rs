//! The database's own rules, met at a SQL prompt.

mod conditions;
mod native;
mod routing;
mod schedules;
mod simulation;
mod tickets;
