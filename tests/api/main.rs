//! The API as its users meet it: real server, real database, one of each a test.

mod authorization;
mod bulk;
mod crash;
mod import;
mod limits;
mod live;
mod sessions;
mod tickets;
mod views;
mod workflow;
