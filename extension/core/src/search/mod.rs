//! The search language: `refund "card declined" -chargeback status:open priority:>=high created>2026-01-01`.
//! `parse` gives terms with their positions, `plan` makes of them words for the full-text index and a predicate over
//! `app.tickets t`; `document` and `question` prepare texts for the index and for its look-ups.

mod desk;
mod fields;
mod parse;
mod plan;
mod predicate;
mod terms;
mod text;
mod time;

pub use desk::Desk;
pub use fields::distance;
pub use parse::{LONGEST, MOST, parse};
pub use plan::{Plan, Words, plan};
pub use terms::{Filter, Kind, Op, Term};
pub use text::{Question, Text, composed, document, question};
