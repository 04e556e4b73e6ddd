//! Triggers, automations, macros and their templates.

pub mod apply;
pub mod automations;
pub mod check;
pub mod macros;
pub mod perform;
pub mod templates;
pub mod triggers;
