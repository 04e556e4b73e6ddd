//! Rendering: variables become their values, conditional parts are kept or left out.

use super::syntax::{Piece, Template};
use std::borrow::Cow;

/// Characters of a rendered template.
pub const OUTPUT: usize = 100_000;

/// The value of a variable: as readers see it, its key where that differs, and whether `{{#if name}}` holds. An absent
/// value, an empty text or list, and false do not hold; 0 does, being a number that somebody entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub shown: String,
    pub raw: Option<String>,
    pub holds: bool,
}

impl From<String> for Found {
    fn from(shown: String) -> Self {
        Self {
            holds: !shown.trim().is_empty(),
            shown,
            raw: None,
        }
    }
}

impl Found {
    /// A comparison may use the text that is shown, or the key: labels change, and templates stay.
    fn is(&self, wanted: &str) -> bool {
        self.shown.to_lowercase() == wanted
            || self
                .raw
                .as_ref()
                .is_some_and(|raw| raw.to_lowercase() == wanted)
    }
}

impl Template {
    /// The text of the template. `values` looks up a variable; `html` escapes its value.
    pub fn render(&self, values: &dyn Fn(&str) -> Option<Found>, html: bool) -> String {
        let mut out = Output {
            text: String::new(),
            room: OUTPUT,
        };
        fill(&self.0, values, html, &mut out);
        out.text
    }
}

struct Output {
    text: String,
    room: usize,
}

impl Output {
    fn push(&mut self, text: &str) {
        for c in text.chars().take(self.room) {
            self.text.push(c);
            self.room -= 1;
        }
    }

    /// All of it or nothing: an entity is never cut.
    fn entity(&mut self, entity: &str) {
        if entity.len() <= self.room {
            self.push(entity);
        } else {
            self.room = 0;
        }
    }
}

fn fill(pieces: &[Piece], values: &dyn Fn(&str) -> Option<Found>, html: bool, out: &mut Output) {
    let find = |name: &str| values(name).filter(|found| !found.shown.trim().is_empty());
    for piece in pieces {
        if out.room == 0 {
            return;
        }
        match piece {
            Piece::Text(text) => out.push(text),
            Piece::Value { name, fallback } => {
                let value = name
                    .as_deref()
                    .and_then(find)
                    .map_or(Cow::Borrowed(fallback.as_str()), |found| {
                        Cow::Owned(found.shown)
                    });
                if !html {
                    out.push(&value);
                    continue;
                }
                for c in value.chars() {
                    match c {
                        '&' => out.entity("&amp;"),
                        '<' => out.entity("&lt;"),
                        '>' => out.entity("&gt;"),
                        '"' => out.entity("&quot;"),
                        '\'' => out.entity("&#39;"),
                        c => out.push(c.encode_utf8(&mut [0; 4])),
                    }
                }
            }
            Piece::If {
                test,
                then,
                otherwise,
            } => {
                let found = find(&test.name);
                let holds = match &test.value {
                    Some(wanted) => found.is_some_and(|found| found.is(wanted)),
                    None => found.is_some_and(|found| found.holds),
                };
                let chosen = if holds == test.negated {
                    otherwise
                } else {
                    then
                };
                fill(chosen, values, html, out);
            }
        }
    }
}
