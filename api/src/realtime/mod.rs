//! Live updates: one LISTEN connection wakes the hub, the hub reads the events once per class of
//! subscribers (those who see the same tickets), sockets forward what is new to them.

mod attendance;
mod hub;
mod listener;
mod presence;
mod socket;

pub use hub::Hub;
pub use listener::listen;
pub use socket::live;
