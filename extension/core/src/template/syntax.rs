//! The parts of a template, and the two elements of its syntax that parsing and rewriting share.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub(super) Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Value {
        /// `None`: only the fallback, a text in quotes.
        name: Option<String>,
        fallback: String,
    },
    If {
        test: Test,
        then: Vec<Piece>,
        otherwise: Vec<Piece>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    pub name: String,
    /// The value compared with; without one, whether there is any.
    pub value: Option<String>,
    pub negated: bool,
}

/// The text before the next closing braces outside of quotes.
pub(super) fn closed(text: &str) -> Option<&str> {
    let mut quoted = false;
    let mut last = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '}' if last == '}' && !quoted => return Some(&text[..i - 1]),
            _ => {}
        }
        last = c;
    }
    None
}

/// A text in quotes and nothing else.
pub(super) fn literal(text: &str) -> Option<&str> {
    text.trim()
        .strip_prefix('"')?
        .strip_suffix('"')
        .filter(|inner| !inner.contains('"'))
}
