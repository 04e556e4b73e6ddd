//! The desk's algorithms as plain Rust: what `extension/src` exposes to Postgres and what the
//! property tests and benchmarks exercise without a database.

// Made by the tests' own tools, which know nothing of this crate.
#[cfg(test)]
#[path = "../../../tests/harness/src/hostile.rs"]
mod hostile;

pub mod balance;
pub mod chain;
pub mod feed;
pub mod fields;
pub mod html;
pub mod json;
pub mod moment;
pub mod names;
pub mod nfc;
pub mod pause;
pub mod problem;
pub mod routing;
pub mod schedule;
pub mod search;
pub mod simulate;
pub mod template;

/// Microseconds from 1970, where most of the world begins to count, to 2000, where Postgres does.
pub const POSTGRES_EPOCH: i64 = 946_684_800_000_000;
