//! The API as its users meet it: real server, real database, one of each a test.

mod authorization;
mod crash;
mod import;
mod limits;
mod live;
mod macros;
mod search;
mod sessions;
mod tags;
mod tickets;
