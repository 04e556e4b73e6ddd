//! Audit log and seals, events and their feed, redaction and erasure.

pub mod append_only;
pub mod archive;
pub mod audit;
pub mod door;
pub mod erasure;
pub mod events;
pub mod feed;
pub mod redaction;
pub mod seals;
