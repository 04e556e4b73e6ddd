//! Live updates: one LISTEN connection wakes the hub, the hub reads the events once per class of subscribers (those
//! who see the same tickets), sockets forward what is new to them.

pub mod attendance;
pub mod hub;
pub mod listener;
pub mod presence;
pub mod socket;
