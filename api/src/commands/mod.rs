//! The commands of the binary that need the owner of the database.

pub mod audit;
pub mod dump;
pub mod export;
pub mod health;
pub mod import;
pub mod migrate;
pub mod seed;
pub mod user;
