//! Audit log and seals, events and their feed, redaction.

pub mod append_only;
pub mod audit;
pub mod door;
pub mod events;
pub mod feed;
pub mod redaction;
pub mod seals;
