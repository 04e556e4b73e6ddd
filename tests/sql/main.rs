//! The database's own rules, met at a SQL prompt.

mod balancing;
mod conditions;
mod counts;
mod json;
mod metrics;
mod native;
mod routing;
mod rules;
mod schedules;
mod simulation;
mod sla;
mod storm;
mod strain;
mod tickets;
