//! The files under `sql/`, and how one is applied: as a whole, with the line of what fails.

use crate::auth::sha256;
use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use tokio_postgres::Transaction;
use tokio_postgres::error::{ErrorPosition, SqlState};

static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../sql");

/// The folders under sql/ that are applied whole, in this order: one for each schema.
pub const FOLDERS: [&str; 4] = ["app", "api", "worker", "reporting"];

/// The files of a folder under sql/ and of its sub-folders, in the order in which they are applied: by path, byte by
/// byte. So a name with `_` in front comes before all others, and `zz_` after them.
pub fn names(folder: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders: Vec<&Dir> = SQL.get_dir(folder).into_iter().collect();
    while let Some(dir) = folders.pop() {
        folders.extend(dir.dirs());
        names.extend(
            dir.files()
                .filter(|file| file.path().extension().is_some_and(|e| e == "sql"))
                .filter_map(|file| file.path().to_str().map(str::to_owned)),
        );
    }
    names.sort();
    names
}

fn source() -> impl Iterator<Item = &'static str> {
    FOLDERS
        .into_iter()
        .flat_map(names)
        .chain([
            "roles.sql".to_owned(),
            "native.sql".to_owned(),
            "seed/base.sql".to_owned(),
        ])
        .filter_map(|name| SQL.get_file(name)?.contents_utf8())
}

/// Of the whole of `sql/`.
pub fn digest() -> Vec<u8> {
    sha256(&source().collect::<String>())
}

/// Whether `sql/` is what was applied last.
pub async fn is_current(transaction: &Transaction<'_>) -> Result<bool> {
    let known = transaction
        .query_opt("select sql_digest from app.schema_state", &[])
        .await?;
    Ok(known.is_some_and(|row| row.get::<_, Vec<u8>>(0) == digest()))
}

pub async fn file(transaction: &Transaction<'_>, name: &str) -> Result<()> {
    let sql = SQL
        .get_file(name)
        .and_then(|f| f.contents_utf8())
        .with_context(|| format!("sql/{name} is missing"))?;
    apply_file(transaction, sql)
        .await
        .map_err(|failed| failed.explain(&format!("sql/{name}")))
}

/// Somebody else has locked what a migrate needs.
#[derive(Debug)]
pub struct Locked(pub String);

impl std::fmt::Display for Locked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} is locked by another session", self.0)
    }
}

impl std::error::Error for Locked {}

/// An error, and its line in the file.
pub struct Failed {
    line: usize,
    pub error: tokio_postgres::Error,
}

/// Runs a file as a whole.
pub async fn apply_file(transaction: &Transaction<'_>, sql: &str) -> Result<(), Failed> {
    let at_start = |error| Failed { line: 1, error };
    let run = |sql| transaction.batch_execute(sql);
    run("savepoint file").await.map_err(at_start)?;
    if let Err(error) = run(sql).await {
        let line = match position(sql, &error) {
            Some(at) => line_at(sql, at),
            None => failing_line(transaction, sql).await,
        };
        return Err(Failed { line, error });
    }
    run("release savepoint file").await.map_err(at_start)
}

/// The byte of the file at which an error points.
fn position(sql: &str, error: &tokio_postgres::Error) -> Option<usize> {
    let (from, characters) = match error.as_db_error()?.position()? {
        ErrorPosition::Original(at) => (0, *at),
        // Into the body of a function.
        ErrorPosition::Internal { position, query } => (sql.find(query.as_str())?, *position),
    };
    let (at, _) = sql[from..]
        .char_indices()
        .nth((characters as usize).saturating_sub(1))?;
    Some(from + at)
}

/// The line of a byte, from 1.
fn line_at(sql: &str, at: usize) -> usize {
    sql[..at].matches('\n').count() + 1
}

/// The line of the statement that fails, for an error without a position: the file runs again in pieces that end with a
/// semicolon. The server decides where a statement ends: a piece that is cut off is a syntax error, and grows.
async fn failing_line(transaction: &Transaction<'_>, sql: &str) -> usize {
    let run = |sql| transaction.batch_execute(sql);
    let (mut start, mut end) = (0, 0);
    if run("rollback to savepoint file").await.is_ok() {
        for line in sql.split_inclusive('\n') {
            end += line.len();
            if !line.trim_end().ends_with(';') || run("savepoint piece").await.is_err() {
                continue;
            }
            match run(&sql[start..end]).await {
                Ok(()) => start = end,
                Err(error) => {
                    let _ = run("rollback to savepoint piece").await;
                    if error.code() != Some(&SqlState::SYNTAX_ERROR) {
                        break;
                    }
                }
            }
        }
    }
    line_at(sql, start + before_statement(&sql[start..]))
}

/// Bytes of blank lines and line comments in front of a statement.
fn before_statement(sql: &str) -> usize {
    sql.split_inclusive('\n')
        .take_while(|line| line.trim().is_empty() || line.starts_with("--"))
        .map(str::len)
        .sum()
}

impl Failed {
    /// `sql/api/tags.sql:12: message`, with what Postgres adds.
    pub fn explain(&self, name: &str) -> anyhow::Error {
        let line = self.line;
        if self.error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) {
            return Locked(format!("{name}:{line}: what it changes")).into();
        }
        let Some(db) = self.error.as_db_error() else {
            return anyhow::anyhow!("{name}:{line}: {}", self.error);
        };
        let more: Vec<String> = [db.detail(), db.hint(), db.where_()]
            .into_iter()
            .flatten()
            .map(|t| format!("\n  {t}"))
            .collect();
        anyhow::anyhow!(
            "{name}:{line}: {}{}\nNothing was changed.",
            db.message(),
            more.concat()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{before_statement, line_at};

    #[test]
    fn a_statement_begins_after_blank_lines_and_comments() {
        let sql = "-- one; two\n\nselect 1;\n";
        assert_eq!(line_at(sql, before_statement(sql)), 3);
        assert_eq!(line_at(sql, before_statement("select 1;")), 1);
    }
}
