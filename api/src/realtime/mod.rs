//! Live updates: one LISTEN connection wakes the hub, the hub reads the events once per class of subscribers (those
//! who see the same tickets). The sockets themselves are in `routes/live.rs`.

pub mod attendance;
pub mod hub;
pub mod listener;
pub mod presence;
