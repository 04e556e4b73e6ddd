//! Cursors into the log of events. A reader does not remember a number but a snapshot: which transactions it has read.
//! It then reads what is visible now and was not then, so that it never waits for an open transaction and misses none
//! that commits late.

mod cursor;
mod snapshot;

pub use cursor::{Cursor, Place, Unreadable, log, transaction_of};
pub use snapshot::Snapshot;
