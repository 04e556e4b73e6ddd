//! The bodies of requests, for the description. A body goes to Postgres as it came: the database checks it, and names all
//! problems at once. So the limits here are those of `sql/`, `migrations/` and `extension/`, and a test compares them.

mod shapes;

mod bulk;
mod fields;
mod macros;
mod messages;
mod notifications;
mod objects;
mod people;
mod retention;
mod rules;
mod settings;
mod sla;
mod teams;
mod tickets;
mod views;

pub use bulk::*;
pub use fields::*;
pub use macros::*;
pub use messages::*;
pub use notifications::*;
pub use objects::*;
pub use people::*;
pub use retention::*;
pub use rules::*;
pub use settings::*;
pub use sla::*;
pub use teams::*;
pub use tickets::*;
pub use views::*;
