//! Who may see and run what.

pub mod given;
pub mod guard;
pub mod sees;
