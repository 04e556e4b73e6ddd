//! Custom fields: compiled from their rows, placed on forms, and checked against a ticket's `custom` object with every
//! problem reported at once.

mod field;
mod form;
mod limits;
mod prepare;
mod restricted;
mod types;
mod validate;
mod visible;
mod visible_when;

#[cfg(test)]
mod samples;

pub use field::{Definition, Field};
pub use form::{Placed, Requirement};
pub use limits::{excess, excess_of_condition};
pub use prepare::{fill_defaults, normalise};
pub use restricted::{conceal, seen_by};
pub use types::object_type;
pub use validate::{Moment, validate};
pub use visible::misplaced;
