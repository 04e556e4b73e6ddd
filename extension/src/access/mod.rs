//! Visibility of rows, and limits of SQL prompts.

pub mod constraints;
pub mod given;
pub mod limits;
pub mod people;
pub mod prompts;
pub mod sees;
