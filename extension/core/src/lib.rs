//! The desk's algorithms as plain Rust, without Postgres: `extension/src` exposes them to it, property tests and
//! benchmarks call them directly.

// From the tests' own tools, which do not depend on this crate.
#[cfg(test)]
#[path = "../../../tests/harness/src/hostile.rs"]
mod hostile;

pub mod actions;
pub mod assign;
pub mod chain;
pub mod conditions;
pub mod constraint;
pub mod feed;
pub mod fields;
pub mod html;
pub mod json;
pub mod moment;
pub mod names;
pub mod nfc;
pub mod pause;
pub mod problem;
pub mod rules;
pub mod schedule;
pub mod search;
pub mod sketch;
pub mod sla;
pub mod template;

pub use moment::POSTGRES_EPOCH;
