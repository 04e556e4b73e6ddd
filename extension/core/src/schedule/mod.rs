//! Business time: weekly hours in the wall time of a zone, with holidays and exceptions, queried by
//! instants (microseconds since 1970, UTC).
//!
//! A day has the hours of its exception, else none on a holiday, else those of its weekday. Hours belong
//! to the day on which they begin, so a night shift of Sunday runs on into a Monday that is a holiday.
//!
//! Where the clock is changed: hours last from the first instant at which the clock reads `from` or later,
//! to the last before which it still reads earlier than `to`. So a skipped time becomes the moment of the
//! jump, hours inside of the gap do not happen, and of an hour that happens twice both passes count. Only time
//! that really passes is counted. Hours that overlap count once.

mod business;
mod clock;
mod compiled;
mod coverage;
mod parse;
mod pieces;

#[cfg(test)]
pub(crate) mod naive;
#[cfg(test)]
mod tests;

pub use business::HORIZON;
pub use compiled::{EARLIEST, LATEST, Schedule};
pub use coverage::{Coverage, Hour, coverage};
pub use parse::Definition;
