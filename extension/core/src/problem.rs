//! A problem of an input: its path, and a message. SQL, REST and the web client show the same lines.

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

/// Problems that an error lists, so that a million mistakes are not answered with megabytes.
const LISTED: usize = 200;

/// The problems as the DETAIL of an error, one a line.
pub fn lines(problems: &[Problem]) -> String {
    let listed = problems.iter().take(LISTED).map(ToString::to_string);
    let more = problems.len().saturating_sub(LISTED);
    listed
        .chain((more > 0).then(|| format!("…: and {more} more")))
        .collect::<Vec<_>>()
        .join("\n")
}
