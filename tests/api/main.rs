//! The API as its users meet it: real server, real database, one of each a test.

mod attachments;
mod authorization;
mod bulk;
mod conversation;
mod crash;
mod fields;
mod import;
mod limits;
mod live;
mod macros;
mod mail;
mod notifications;
mod objects;
mod people;
mod s3;
mod search;
mod sessions;
mod standby;
mod tags;
mod ticket_forms;
mod tickets;
mod views;
mod workflow;
