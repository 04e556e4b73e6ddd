//! Rust source as tokens: names and signs without comments, texts and numbers.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Name(String),
    /// `::`
    Path,
    Sign(char),
}

/// The tokens of a file with their lines, from 1.
pub fn tokens(source: &str) -> Vec<(Token, usize)> {
    let mut reader = Reader {
        text: source.chars().collect(),
        at: 0,
        line: 1,
    };
    let mut found = Vec::new();
    while let Some(next) = reader.peek(0) {
        let line = reader.line;
        match (next, reader.peek(1)) {
            ('/', Some('/')) => reader.skip_while(|c| c != '\n'),
            ('/', Some('*')) => reader.skip_comment(),
            ('"', _) => reader.skip_text(),
            ('\'', _) => reader.skip_letter_or_lifetime(),
            (':', Some(':')) => {
                reader.skip(2);
                found.push((Token::Path, line));
            }
            (digit, _) if digit.is_ascii_digit() => reader.skip_while(is_word),
            (letter, _) if is_word(letter) => {
                if let Some(name) = reader.name() {
                    found.push((Token::Name(name), line));
                }
            }
            (blank, _) if blank.is_whitespace() => reader.skip(1),
            (sign, _) => {
                reader.skip(1);
                found.push((Token::Sign(sign), line));
            }
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

struct Reader {
    text: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.line += usize::from(self.peek(0) == Some('\n'));
            self.at += 1;
        }
    }

    fn skip_while(&mut self, fits: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&fits) {
            self.skip(1);
        }
    }

    /// Comments nest.
    fn skip_comment(&mut self) {
        let mut depth = 0;
        while let Some(next) = self.peek(0) {
            match (next, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {
                    self.skip(1);
                    continue;
                }
            }
            self.skip(2);
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_text(&mut self) {
        self.skip(1);
        while let Some(next) = self.peek(0) {
            self.skip(if next == '\\' { 2 } else { 1 });
            if next == '"' {
                return;
            }
        }
    }

    /// From the first `#` or quote of `r#"…"#`.
    fn skip_raw_text(&mut self) {
        let before = self.at;
        self.skip_while(|c| c == '#');
        let hashes = self.at - before;
        self.skip(1);
        while let Some(next) = self.peek(0) {
            self.skip(1);
            if next == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.skip(hashes);
                return;
            }
        }
    }

    fn skip_letter_or_lifetime(&mut self) {
        if self.peek(1) == Some('\\') {
            self.skip(3);
            self.skip_while(|c| c != '\'');
            self.skip(1);
        } else if self.peek(2) == Some('\'') {
            self.skip(3);
        } else {
            self.skip(1);
            self.skip_while(is_word);
        }
    }

    /// `None` for the prefix of a raw text, which is skipped.
    fn name(&mut self) -> Option<String> {
        let from = self.at;
        self.skip_while(is_word);
        let name: String = self.text[from..self.at].iter().collect();
        let hash = self.peek(0) == Some('#');
        if hash && name == "r" && self.peek(1).is_some_and(is_word) {
            self.skip(1);
            return self.name();
        }
        if matches!(name.as_str(), "r" | "br" | "cr") && (hash || self.peek(0) == Some('"')) {
            self.skip_raw_text();
            return None;
        }
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_texts_and_letters_are_no_names() {
        let source = r##"
// crate::a
/* crate::b /* crate::c */ crate::d */
let x: &'static str = "crate::e \" crate::f"; r#"crate::g " crate::h"# b"crate::i" r"crate::j\" '\'' '"' 1_000u8
r#type::y
"##;
        let names: Vec<(String, usize)> = tokens(source)
            .into_iter()
            .filter_map(|(token, line)| match token {
                Token::Name(name) => Some((name, line)),
                _ => None,
            })
            .collect();
        let expected = [
            ("let", 4),
            ("x", 4),
            ("str", 4),
            ("b", 4),
            ("type", 5),
            ("y", 5),
        ];
        assert_eq!(names, expected.map(|(name, line)| (name.to_owned(), line)));
    }
}
