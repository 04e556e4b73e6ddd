//! Broken keys, references and checks at a SQL prompt. Postgres' own error tells a constraint by its internal name; whoever
//! wrote the row is told in the desk's words instead (`constraint.rs` in the core). Only the error that ends a statement is
//! put into words: what catches errors within it, as a block of PL/pgSQL does, gets Postgres' own.

use crate::pg::error::{fail, sqlstate};
use crate::pg::guard::Raised;
use autocrm_core::constraint::{Broken, words};
use autocrm_core::problem::lines;

/// A value that is missing, a reference, a key, a check, an exclusion.
const CODES: [&str; 6] = ["23502", "23503", "23001", "23505", "23514", "23P01"];

/// Fails in the desk's words when the error is about a constraint.
pub fn in_words(error: &Raised) {
    let code = CODES
        .into_iter()
        .find(|code| sqlstate(code) == error.code());
    let Some(code) = code else {
        return;
    };
    let [table, column, constraint] = error.about();
    let words = words(&Broken {
        code,
        table,
        column,
        constraint,
        names_none: error.message_id().starts_with("insert or update"),
    });
    let problem = words.problem.map(|problem| lines(&[problem]));
    fail(
        &format!("TK{}", words.status),
        &words.message,
        problem.as_deref(),
        Some(words.hint),
    )
}
