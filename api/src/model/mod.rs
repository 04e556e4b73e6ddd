//! The shapes of bodies and answers, for the OpenAPI description and the tests. Answers come from Postgres and pass
//! through unchanged; they are never rebuilt from these.

mod bodies;
mod bulk;
mod common;
mod conditions;
mod fields;
mod history;
mod macros;
mod messages;
mod notifications;
mod objects;
mod people;
mod rules;
mod search;
mod session;
mod settings;
mod shapes;
mod sla;
mod teams;
mod texts;
mod tickets;
mod views;
mod words;
mod workers;

pub use bodies::*;
pub use bulk::*;
pub use common::*;
pub use conditions::*;
pub use fields::*;
pub use history::*;
pub use macros::*;
pub use messages::*;
pub use notifications::*;
pub use objects::*;
pub use people::*;
pub use rules::*;
pub use search::*;
pub use session::*;
pub use settings::*;
pub use sla::*;
pub use teams::*;
pub use texts::*;
pub use tickets::*;
pub use views::*;
pub use words::*;
pub use workers::*;
