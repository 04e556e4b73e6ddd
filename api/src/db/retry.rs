//! When a failed call is made again: whether an attempt left anything behind, and how long to wait.

use super::error::{CallError, is_transient};
use std::time::Duration;
use tokio_postgres::error::SqlState;

/// Attempts in all; the pause between two of them grows.
pub(crate) const ATTEMPTS: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(8);

/// A failed attempt.
pub(super) struct Failed {
    pub(super) error: CallError,
    pub(super) left: Left,
}

/// What a failed attempt left in the database.
#[derive(PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing, and the next attempt would be refused for the same reason.
    Refused,
    /// Nothing: rolled back by the database, or never begun.
    Nothing,
    /// The connection broke: the COMMIT may have arrived.
    Unknown,
}

impl Failed {
    /// For an error before COMMIT was answered. An error that the server sends in place of an answer precedes
    /// everything after it; a broken connection proves nothing.
    pub(super) fn before_commit(error: tokio_postgres::Error) -> Self {
        let left = match error.code() {
            Some(code) if is_transient(code) || is_shutdown(code) => Left::Nothing,
            Some(_) => Left::Refused,
            None => Left::Unknown,
        };
        Self {
            error: error.into(),
            left,
        }
    }

    pub(super) fn at_commit(error: tokio_postgres::Error) -> Self {
        let left = match error.code() {
            Some(code) if is_transient(code) => Left::Nothing,
            Some(code) if !is_shutdown(code) => Left::Refused,
            _ => Left::Unknown,
        };
        Self {
            error: error.into(),
            left,
        }
    }
}

impl From<deadpool_postgres::PoolError> for Failed {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self {
            error: error.into(),
            left: Left::Nothing,
        }
    }
}

/// The backend ends.
fn is_shutdown(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_SESSION_TIMEOUT,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(code)
}

/// Grows with each attempt; the jitter parts two calls that collided.
pub(crate) async fn pause(attempt: u32) {
    tokio::time::sleep(length(attempt)).await;
}

fn length(attempt: u32) -> Duration {
    let jitter = rand::random_range(0.5..1.5);
    FIRST_PAUSE.mul_f64(jitter) * 5_u32.pow(attempt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        for _ in 0..100 {
            assert!(length(0) <= Duration::from_millis(12));
            assert!(length(2) >= Duration::from_millis(100));
            assert!(length(2) <= Duration::from_millis(300));
        }
    }
}
