//! The desk that a question is planned for.

use crate::conditions::{Domain, Shape};

/// The desk, as far as the user who searches may see it.
pub trait Desk: Domain {
    /// The shape of a custom field that the user may see.
    fn custom(&self, key: &str) -> Option<Shape>;
    /// The user.
    fn me(&self) -> Option<i64>;
    /// Ids of people by e-mail address, or by a part of their name, as far as the user may know them.
    fn people(&self, text: &str) -> Vec<i64>;
    /// Ids of organizations by a part of their name.
    fn organizations(&self, text: &str) -> Vec<i64>;
}
