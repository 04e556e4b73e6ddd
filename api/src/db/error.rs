//! What went wrong, whole: tokio-postgres says "db error" and keeps code, message, detail and hint to itself.

use std::error::Error;
use std::fmt;
use tokio_postgres::error::DbError;

/// Shows an error for the log with everything that the database said.
pub struct Told<'a>(pub &'a (dyn Error + 'static));

/// What the database said, wherever in the chain of causes it stands.
pub fn by_database<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a DbError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(db) = error.downcast_ref::<DbError>() {
            return Some(db);
        }
        next = error.source();
    }
    None
}

/// Somebody was faster, or two waited for each other: the same may be done again at once.
pub fn passes(error: &(dyn Error + 'static)) -> bool {
    by_database(error).is_some_and(|db| matches!(db.code().code(), "40001" | "40P01" | "55P03"))
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(db) = by_database(self.0) else {
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
        for (what, text) in more {
            if let Some(text) = text {
                write!(f, "; {what}: {}", text.replace('\n', " / "))?;
            }
        }
        Ok(())
    }
}
