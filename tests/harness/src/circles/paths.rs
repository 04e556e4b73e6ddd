//! The paths in a file that may lead to other files of its crate.

use crate::tokens::{Token, tokens};

/// A path with the inline module, within its file, in which it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub scope: Vec<String>,
    pub path: Vec<String>,
    pub line: usize,
}

/// Every path of more than one name, and every path of a `use`.
pub fn paths(source: &str) -> Vec<Found> {
    let mut reader = Reader {
        tokens: tokens(source),
        at: 0,
        scope: Vec::new(),
        depth: 0,
        found: Vec::new(),
    };
    while reader.item() {}
    reader.found
}

struct Reader {
    tokens: Vec<(Token, usize)>,
    at: usize,
    /// Inline modules that are open, each with the depth of its braces.
    scope: Vec<(String, usize)>,
    depth: usize,
    found: Vec<Found>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(token, _)| token)
    }

    fn name(&self, ahead: usize) -> Option<&str> {
        match self.peek(ahead) {
            Some(Token::Name(name)) => Some(name),
            _ => None,
        }
    }

    fn sign(&self, ahead: usize) -> Option<char> {
        match self.peek(ahead) {
            Some(Token::Sign(sign)) => Some(*sign),
            _ => None,
        }
    }

    fn add(&mut self, path: Vec<String>) {
        let line = self
            .tokens
            .get(self.at.saturating_sub(1))
            .map_or(0, |(_, line)| *line);
        let scope = self.scope.iter().map(|(name, _)| name.clone()).collect();
        self.found.push(Found { scope, path, line });
    }

    /// Reads the next piece; `false` at the end.
    fn item(&mut self) -> bool {
        let Some(token) = self.peek(0).cloned() else {
            return false;
        };
        match token {
            Token::Sign('#') => self.attribute(),
            Token::Sign('{') => {
                self.depth += 1;
                self.at += 1;
            }
            Token::Sign('}') => {
                self.depth = self.depth.saturating_sub(1);
                self.scope.retain(|(_, depth)| *depth <= self.depth);
                self.at += 1;
            }
            Token::Name(name) if name == "mod" && self.sign(2) == Some('{') => {
                let module = self.name(1).unwrap_or_default().to_owned();
                self.depth += 1;
                self.scope.push((module, self.depth));
                self.at += 3;
            }
            Token::Name(name) if name == "use" => {
                self.at += 1;
                self.tree(&[]);
            }
            Token::Name(name) if name == "pub" && self.sign(1) == Some('(') => {
                let visibility = self.sign(3) == Some(')') || self.name(2) == Some("in");
                self.at += 1;
                if visibility {
                    self.skip_group();
                }
            }
            Token::Name(_) => self.path(),
            // `::name`, of another crate: its names are none of ours.
            Token::Path => {
                self.at += 1;
                while self.name(0).is_some() && self.peek(1) == Some(&Token::Path) {
                    self.at += 2;
                }
                self.at += usize::from(self.name(0).is_some());
            }
            Token::Sign(_) => self.at += 1,
        }
        true
    }

    /// Skips `#[…]`, and with `#[cfg(test)]` what it stands before.
    fn attribute(&mut self) {
        let inner = self.sign(1) == Some('!');
        self.at += 1 + usize::from(inner);
        let from = self.at;
        self.skip_group();
        let has = |name: &str| {
            self.tokens[from..self.at]
                .iter()
                .any(|(token, _)| *token == Token::Name(name.to_owned()))
        };
        if !inner && has("cfg") && has("test") && !has("not") {
            self.skip_item();
        }
    }

    /// Skips an item to its `;` or the end of its block.
    fn skip_item(&mut self) {
        while let Some(token) = self.peek(0) {
            match token {
                Token::Sign('{') => return self.skip_group(),
                Token::Sign('(' | '[') => self.skip_group(),
                Token::Sign(';') => return self.at += 1,
                _ => self.at += 1,
            }
        }
    }

    /// Skips a bracket and all up to the one that closes it.
    fn skip_group(&mut self) {
        let mut open = 0;
        while let Some(token) = self.peek(0) {
            match token {
                Token::Sign('(' | '[' | '{') => open += 1,
                Token::Sign(')' | ']' | '}') => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    /// A tree of a `use`, after `prefix`.
    fn tree(&mut self, prefix: &[String]) {
        let mut path = prefix.to_vec();
        loop {
            match self.peek(0).cloned() {
                Some(Token::Name(name)) if name == "as" => self.at += 2,
                Some(Token::Name(name)) => {
                    path.push(name);
                    self.at += 1;
                }
                // `use ::name`, of another crate.
                Some(Token::Path) if path.is_empty() => {
                    while !matches!(self.peek(0), Some(Token::Sign(';')) | None) {
                        self.at += 1;
                    }
                    return;
                }
                Some(Token::Path | Token::Sign('*')) => self.at += 1,
                Some(Token::Sign('{')) => {
                    self.at += 1;
                    while !matches!(self.peek(0), Some(Token::Sign('}')) | None) {
                        self.tree(&path);
                        self.at += usize::from(self.sign(0) == Some(','));
                    }
                    self.at += 1;
                    return;
                }
                _ => {
                    if !path.is_empty() {
                        self.add(path);
                    }
                    return;
                }
            }
        }
    }

    /// A path in code.
    fn path(&mut self) {
        let mut path: Vec<String> = self.name(0).map(str::to_owned).into_iter().collect();
        self.at += 1;
        while self.peek(0) == Some(&Token::Path)
            && let Some(name) = self.name(1).map(str::to_owned)
        {
            path.push(name);
            self.at += 2;
        }
        if path.len() > 1 || self.peek(0) == Some(&Token::Path) {
            self.add(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<String> {
        paths(source)
            .into_iter()
            .map(|found| {
                format!(
                    "{}:{} {}",
                    found.scope.join("/"),
                    found.line,
                    found.path.join("::")
                )
            })
            .collect()
    }

    #[test]
    fn paths_are_those_of_uses_and_of_code() {
        let source = "
pub(in crate::a) use super::{b::{self, c as d}, e::*};
pub(crate) fn f(x: &crate::g::H<Vec<i::J>>) -> [u8; 3] { ::other::crate_name(); k::<u8>() }
mod inner { use super::l; }
m::n!();
";
        assert_eq!(
            found(source),
            [
                ":2 super::b::self",
                ":2 super::b::c",
                ":2 super::e",
                ":3 crate::g::H",
                ":3 i::J",
                ":3 k",
                "inner:4 super::l",
                ":5 m::n",
            ]
        );
    }

    #[test]
    fn tests_do_not_count() {
        let source = "
#![cfg_attr(test, allow(x::y))]
#[cfg(test)]
#[path = \"x.rs\"]
mod hostile;
#[cfg(test)] use crate::a;
#[cfg(any(test, feature = \"pg_test\"))]
mod tests { use crate::b; fn f(x: [u8; 3]) { crate::c::d() } }
#[cfg(test)] fn g(x: [u8; 3]) { crate::e::f() }
#[cfg(not(test))] fn h() { crate::i::j() }
";
        assert_eq!(found(source), [":10 crate::i::j"]);
    }
}
