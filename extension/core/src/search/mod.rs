//! The search language: `refund "card declined" -chargeback status:open priority:>=high created>2026-01-01`.
//! `parse` reads it with a position for everything; `plan` checks it against the desk and makes of it words
//! for the full-text index and a predicate over `app.tickets t`.

mod parse;
mod plan;
mod text;

pub use parse::{Filter, Kind, Op, Term, distance, parse};
pub use plan::{Desk, Plan, Words, plan};
pub use text::{Asked, Text, composed, document, question};

/// Longer questions are refused: nobody types them.
pub const LONGEST: usize = 1000;
/// Each term costs the index a look-up.
pub const MOST: usize = 40;
