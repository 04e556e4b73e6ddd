//! Errors of the database: in full for the log, and whether a retry may succeed. tokio-postgres itself prints
//! "db error" and leaves code, message, detail and hint out.

use deadpool_postgres::PoolError;
use std::error::Error;
use std::fmt;
use tokio_postgres::error::{DbError, SqlState};

/// Displays an error for the log with everything the database sent, or with its chain of causes.
pub struct Detailed<'a>(pub &'a (dyn Error + 'static));

/// Why a call failed. `error` maps it to a problem.
#[derive(Debug)]
pub enum CallError {
    /// No connection could be had.
    Pool(PoolError),
    Database(tokio_postgres::Error),
}

impl From<PoolError> for CallError {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<tokio_postgres::Error> for CallError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

/// The server's error, at any depth of the chain of causes.
pub fn db_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a DbError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(db) = error.downcast_ref::<DbError>() {
            return Some(db);
        }
        next = error.source();
    }
    None
}

/// A lock or another transaction was in the way; the same statement may well succeed now.
pub fn is_transient(code: &SqlState) -> bool {
    [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ]
    .contains(code)
}

/// `is_transient` for an error of any type.
pub fn has_transient_cause(error: &(dyn Error + 'static)) -> bool {
    db_error(error).is_some_and(|db| is_transient(db.code()))
}

impl fmt::Display for Detailed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(db) = db_error(self.0) else {
            write!(f, "{}", self.0)?;
            let mut next = self.0.source();
            while let Some(cause) = next {
                write!(f, ": {cause}")?;
                next = cause.source();
            }
            return Ok(());
        };
        write!(f, "{} {}", db.code().code(), db.message())?;
        let more = [
            ("detail", db.detail()),
            ("hint", db.hint()),
            ("where", db.where_()),
        ];
        for (label, text) in more {
            if let Some(text) = text {
                write!(f, "; {label}: {}", text.replace('\n', " / "))?;
            }
        }
        Ok(())
    }
}
