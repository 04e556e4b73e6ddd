//! Pages and counts of lists, and the search language.

pub mod count;
pub mod object;
pub mod page;
pub mod search;
