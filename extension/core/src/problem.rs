//! One thing that is wrong with an input: where, and what. Every door shows the same lines.

use std::fmt;

/// A problem at a path such as `custom.serial` or `conditions.all[0].op`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub path: String,
    pub message: String,
}

impl Problem {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message stays on its line: readers split the list at line breaks.
        write!(
            f,
            "{}: {}",
            self.path,
            self.message.replace(['\n', '\r'], " ")
        )
    }
}

/// How many problems an error tells: nobody reads more, and who sends a million mistakes gets no megabytes back.
const TOLD: usize = 200;

/// All problems, one a line, as they stand in an error's DETAIL.
pub fn lines(problems: &[Problem]) -> String {
    let told = problems.iter().take(TOLD).map(ToString::to_string);
    let more = problems.len().saturating_sub(TOLD);
    told.chain((more > 0).then(|| format!("…: and {more} more")))
        .collect::<Vec<_>>()
        .join("\n")
}
