//! What all requests share: who sends them, how bodies, tags and keys are read, and what every answer carries.

pub mod address;
pub mod body;
pub mod caller;
pub mod connections;
pub mod credentials;
pub mod error;
pub mod etag;
pub mod idempotency;
pub mod identity;
pub mod limits;
pub mod observe;
pub mod problems;
pub mod protection;
pub mod query;
pub mod range;
pub mod rate_limit;
