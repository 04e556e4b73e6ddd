//! What all requests share: their callers, bodies, tags and keys, and the headers of every answer.

pub mod address;
pub mod body;
pub mod caller;
pub mod connections;
pub mod credentials;
pub mod etag;
pub mod idempotency;
pub mod identity;
pub mod observe;
pub mod problems;
pub mod protection;
pub mod query;
pub mod range;
pub mod rate_limit;
