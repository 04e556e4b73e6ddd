//! Pages of lists, and the search language.

pub mod page;
pub mod search;
