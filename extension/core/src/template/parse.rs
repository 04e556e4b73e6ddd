//! Parsing: a template is read to its end, with every problem at its position.

use super::syntax::{Piece, Template, Test, closed, literal};
use crate::problem::Problem;
use crate::search::distance;

/// Characters of a template.
pub const LONGEST: usize = 20_000;
/// Depth of nested conditional parts.
pub(super) const DEPTH: usize = 8;

/// The variables of a template: fixed ones, and the keys of custom fields.
pub struct Variables<'a> {
    pub fixed: &'a [&'a str],
    /// `None`: any key, when a stored template is used, whose field may be gone.
    pub custom: Option<&'a [String]>,
}

impl Variables<'_> {
    fn knows(&self, name: &str) -> bool {
        match name.strip_prefix("ticket.custom.") {
            Some(key) => self
                .custom
                .is_none_or(|keys| keys.iter().any(|known| known == key)),
            None => self.fixed.contains(&name),
        }
    }

    fn names(&self) -> Vec<String> {
        let keys = self.custom.unwrap_or_default();
        let custom = keys.iter().map(|key| format!("ticket.custom.{key}"));
        self.fixed
            .iter()
            .map(|name| (*name).to_owned())
            .chain(custom.take(20))
            .collect()
    }

    /// `did you mean ticket.subject? ` where one is near. What stands before the last dot is often right and says little,
    /// so only a third of the letters behind it may differ.
    fn did_you_mean(&self, wrong: &str) -> String {
        let last = wrong.rsplit('.').next().unwrap_or_default();
        let slips = (last.chars().count() / 3).max(1);
        self.names()
            .into_iter()
            .map(|name| (distance(&name, wrong), name))
            .min_by_key(|(steps, _)| *steps)
            .filter(|(steps, _)| *steps <= slips)
            .map(|(_, name)| format!("did you mean {name}? "))
            .unwrap_or_default()
    }
}

struct Reader<'a> {
    path: &'a str,
    variables: &'a Variables<'a>,
    problems: Vec<Problem>,
}

/// An open `{{#if}}`: where it began, its test, what came before `{{else}}`, and whether that was met.
struct Open {
    at: usize,
    test: Test,
    then: Option<Vec<Piece>>,
    before: Vec<Piece>,
}

/// Parses a template, or reports every problem of it at `path[character from 1]`.
pub fn parse(path: &str, text: &str, variables: &Variables<'_>) -> Result<Template, Vec<Problem>> {
    if text.chars().count() > LONGEST {
        let message = format!("is longer than {LONGEST} characters");
        return Err(vec![Problem::new(path, message)]);
    }
    let mut reader = Reader {
        path,
        variables,
        problems: Vec::new(),
    };
    let mut open: Vec<Open> = Vec::new();
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        if start > 0 {
            pieces.push(Piece::Text(rest[..start].to_owned()));
        }
        // Byte offsets of slices of one text; positions are in characters.
        let offset = text.len() - rest.len() + start;
        let at = text[..offset].chars().count() + 1;
        let Some(inside) = closed(&rest[start + 2..]) else {
            reader.refuse(at, "is not closed; write }} where it ends");
            rest = "";
            break;
        };
        rest = &rest[start + 2 + inside.len() + 2..];
        match inside.trim() {
            "else" => match open.last_mut() {
                Some(part) if part.then.is_none() => {
                    part.then = Some(std::mem::take(&mut pieces));
                }
                Some(_) => reader.refuse(at, "is a second {{else}} of the same {{#if}}"),
                None => reader.refuse(at, "has no {{#if}} before it"),
            },
            "/if" => match open.pop() {
                Some(part) => {
                    let last = std::mem::replace(&mut pieces, part.before);
                    let (then, otherwise) = match part.then {
                        Some(then) => (then, last),
                        None => (last, Vec::new()),
                    };
                    pieces.push(Piece::If {
                        test: part.test,
                        then,
                        otherwise,
                    });
                }
                None => reader.refuse(at, "has no {{#if}} before it"),
            },
            word => {
                if let Some(test) = word.strip_prefix("#if") {
                    if open.len() >= DEPTH {
                        reader.refuse(at, format!("is nested deeper than {DEPTH} parts"));
                        return Err(reader.problems);
                    }
                    let test = reader.test(at, test);
                    open.push(Open {
                        at,
                        test,
                        then: None,
                        before: std::mem::take(&mut pieces),
                    });
                } else if let Some(piece) = reader.value(at, word) {
                    pieces.push(piece);
                }
            }
        }
    }
    for part in &open {
        reader.refuse(part.at, "is not closed; write {{/if}} where it ends");
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    if reader.problems.is_empty() {
        Ok(Template(pieces))
    } else {
        Err(reader.problems)
    }
}

impl Reader<'_> {
    fn refuse(&mut self, at: usize, message: impl Into<String>) {
        self.problems
            .push(Problem::new(format!("{}[{at}]", self.path), message));
    }

    fn variable(&mut self, at: usize, name: &str) {
        if !self.variables.knows(name) {
            let message = format!(
                "there is no variable '{name}'; {}one of {}",
                self.variables.did_you_mean(name),
                self.variables.names().join(", ")
            );
            self.refuse(at, message);
        }
    }

    /// `requester.name`, `requester.name | "there"` or `"text"`.
    fn value(&mut self, at: usize, inside: &str) -> Option<Piece> {
        if let Some(text) = literal(inside) {
            return Some(Piece::Value {
                name: None,
                fallback: text.to_owned(),
            });
        }
        let (name, fallback) = match inside.split_once('|') {
            Some((name, fallback)) => (name.trim(), Some(fallback)),
            None => (inside, None),
        };
        let fallback = match fallback.map(literal) {
            Some(Some(text)) => text,
            Some(None) => {
                self.refuse(
                    at,
                    "needs a text in quotes behind |, such as {{requester.first_name | \"there\"}}",
                );
                return None;
            }
            None => "",
        };
        self.variable(at, name);
        Some(Piece::Value {
            name: Some(name.to_owned()),
            fallback: fallback.to_owned(),
        })
    }

    /// `name`, `not name`, `name == "value"` or `name != "value"`.
    fn test(&mut self, at: usize, inside: &str) -> Test {
        let inside = inside.trim();
        let (name, value, negated) = if let Some((name, value)) = inside.split_once("!=") {
            (name, Some(value), true)
        } else if let Some((name, value)) = inside.split_once("==") {
            (name, Some(value), false)
        } else if let Some(name) = inside.strip_prefix("not ") {
            (name, None, true)
        } else {
            (inside, None, false)
        };
        let name = name.trim();
        self.variable(at, name);
        let text = value.and_then(literal);
        if value.is_some() && text.is_none() {
            self.refuse(
                at,
                "compares with a text in quotes, such as {{#if ticket.priority == \"urgent\"}}",
            );
        }
        Test {
            name: name.to_owned(),
            value: text.map(str::to_lowercase),
            negated,
        }
    }
}
