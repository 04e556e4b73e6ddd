//! What happened, kept for good: the audit log and its seals, events and their feed, redaction.

pub mod append_only;
pub mod audit;
pub mod events;
pub mod feed;
pub mod redaction;
pub mod seals;
