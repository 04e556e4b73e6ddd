//! Conditions of rules and views, evaluated over stored tickets.

pub mod stored;
