//! The terms of a question: words, phrases, numbers and filters, each with its position.

use crate::problem::Problem;

/// A term and where it begins, in characters from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub at: usize,
    pub negated: bool,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `refund`, or `refu*` with everything that begins so.
    Word {
        text: String,
        prefix: bool,
    },
    /// `"card declined"`
    Phrase(String),
    /// `#123`
    Number(i64),
    Filter(Filter),
}

/// `status:open,pending` or `created>=2026-01-01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// In lower case.
    pub field: String,
    pub op: Op,
    /// Each with its position.
    pub values: Vec<(usize, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Is,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A problem at a position of the question.
pub(super) fn problem(at: usize, message: impl Into<String>) -> Problem {
    Problem::new(format!("q[{at}]"), message)
}
