//! Conditions on tickets, as rules, views, triggers, automations and the search write them:
//! `{"all": [{"field": "priority", "op": "greater", "value": "normal"}]}`. Parsed once, they are evaluated on a ticket
//! at hand, explained, written as a SQL predicate over `app.tickets`, or resolved for native code that reads rows, with
//! one meaning in all of them.

mod condition;
mod domain;
mod evaluate;
mod explain;
mod facts;
mod field;
mod instants;
mod limits;
mod native;
mod operators;
mod parse;
mod plain;
mod queries;
mod sort_key;
mod sql;
mod values;

pub(crate) use condition::{Check, Literal};
pub use condition::{Condition, Test};
pub use domain::{Domain, quote};
pub use facts::{Facts, Value};
pub use field::{Field, Moment, Shape};
pub use instants::Calendar;
pub use limits::{LENGTH, PARTS, VALUES};
pub use operators::operators_of;
pub use parse::{CustomShape, check_conditions, parse_conditions, stored_conditions};
pub use plain::Plain;
pub use sort_key::sort_key;
