//! Triggers, automations, macros and their templates.

pub mod macros;
pub mod templates;
pub mod triggers;
