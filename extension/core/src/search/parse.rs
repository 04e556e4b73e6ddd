//! Questions to terms. Any text gives terms or problems, never a panic.

use super::fields::{FIELDS, canonical, did_you_mean, example};
use super::terms::{Filter, Kind, Op, Term, problem};
use crate::problem::Problem;

/// Characters of a question.
pub const LONGEST: usize = 1000;
/// Terms of a question: each costs a look-up in the index.
pub const MOST: usize = 40;

struct Reader {
    text: Vec<char>,
    at: usize,
    problems: Vec<Problem>,
}

/// Parses a question, or reports every problem of its form.
pub fn parse(text: &str) -> Result<Vec<Term>, Vec<Problem>> {
    let text: Vec<char> = text.chars().collect();
    if text.len() > LONGEST {
        let message = format!("the question is longer than {LONGEST} characters; shorten it");
        return Err(vec![problem(LONGEST + 1, message)]);
    }
    let mut reader = Reader {
        text,
        at: 0,
        problems: Vec::new(),
    };
    let mut terms = Vec::new();
    while let Some(term) = reader.term() {
        if terms.len() == MOST {
            let message = format!("is one part too many; a question has at most {MOST}");
            reader.problems.push(problem(term.at, message));
            break;
        }
        terms.push(term);
    }
    if reader.problems.is_empty() {
        Ok(terms)
    } else {
        Err(reader.problems)
    }
}

/// Ends a word: blanks, and control characters, which no text holds.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let from = self.at;
        while self.peek().is_some_and(&fits) {
            self.at += 1;
        }
        self.text[from..self.at].iter().collect()
    }

    /// The next term; words without any letter or digit are passed over, as between `Re: a - b`.
    fn term(&mut self) -> Option<Term> {
        loop {
            self.take_while(is_gap);
            let at = self.at + 1;
            let negated = self.peek()? == '-'
                && self
                    .text
                    .get(self.at + 1)
                    .is_some_and(|c| !is_gap(*c) && *c != '-');
            if negated {
                self.at += 1;
            }
            let kind = match self.peek()? {
                '"' => self.quoted().filter(|t| is_searchable(t)).map(Kind::Phrase),
                '#' => self.number(),
                _ => self.filter().or_else(|| self.word()),
            };
            if let Some(kind) = kind {
                return Some(Term { at, negated, kind });
            }
        }
    }

    /// What stands between two quotes; the reader is at the first.
    fn quoted(&mut self) -> Option<String> {
        let open = self.at;
        self.at += 1;
        let text = self.take_while(|c| c != '"');
        if self.peek().is_none() {
            let message = "this quote is not closed; write another \" where the phrase ends";
            self.problems.push(problem(open + 1, message));
            return None;
        }
        self.at += 1;
        Some(text)
    }

    fn number(&mut self) -> Option<Kind> {
        let rest: String = self.text[self.at + 1..]
            .iter()
            .take_while(|c| !is_gap(**c))
            .collect();
        match rest.parse::<i64>() {
            Ok(id) if rest.bytes().all(|b| b.is_ascii_digit()) => {
                self.at += 1 + rest.chars().count();
                Some(Kind::Number(id))
            }
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Option<Kind> {
        let text = self.take_while(|c| !is_gap(c) && c != '"');
        if text.is_empty() {
            // A quote that nothing took, as in `-"`: never stand still.
            self.at += 1;
            return None;
        }
        let stem = text.trim_end_matches('*');
        let prefix = stem.len() < text.len();
        is_searchable(stem).then(|| Kind::Word {
            text: stem.to_owned(),
            prefix,
        })
    }

    /// `field:value`, when it is one; the reader stays where it is otherwise.
    fn filter(&mut self) -> Option<Kind> {
        let start = self.at;
        let field = self
            .take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
            .to_ascii_lowercase();
        let (op, width) = match (self.peek(), self.text.get(self.at + 1)) {
            (Some(':'), Some('>' | '<')) => {
                let (op, width) = self.comparison(1);
                (op, width + 1)
            }
            (Some(':'), _) => (Op::Is, 1),
            (Some('>' | '<'), _) => self.comparison(0),
            _ => (Op::Is, 0),
        };
        let field = canonical(&field).to_owned();
        let known = FIELDS.contains(&field.as_str())
            || field
                .strip_prefix("custom.")
                .is_some_and(|key| !key.is_empty());
        let begins = self.text.get(self.at + width).copied();
        let plain = width == 0
            || field.is_empty()
            || !field.starts_with(|c: char| c.is_ascii_alphabetic())
            // `Error: no card`, `https://…` and `a>b` are what people paste.
            || (!known && (op != Op::Is || begins.is_none_or(|c| is_gap(c) || c == '/' || c == ':')));
        if plain {
            self.at = start;
            return None;
        }
        if !known {
            let hint = did_you_mean(&field, FIELDS);
            self.problems.push(problem(
                start + 1,
                format!(
                    "'{field}' is not a field; {hint}choose one of {}, custom.<key>, or put it in quotes to look for the text",
                    FIELDS.join(", ")
                ),
            ));
        }
        self.at += width;
        let values = self.values();
        if values.is_empty() && known {
            self.problems.push(problem(
                self.at + 1,
                format!(
                    "{field} needs a value right behind it, such as {}",
                    example(&field)
                ),
            ));
        }
        Some(Kind::Filter(Filter { field, op, values }))
    }

    /// `<`, `<=`, `>` or `>=` so many characters from here, and how wide it is.
    fn comparison(&self, offset: usize) -> (Op, usize) {
        let less = self.text.get(self.at + offset) == Some(&'<');
        let equal = self.text.get(self.at + offset + 1) == Some(&'=');
        match (less, equal) {
            (true, true) => (Op::LessOrEqual, 2),
            (true, false) => (Op::Less, 1),
            (false, true) => (Op::GreaterOrEqual, 2),
            (false, false) => (Op::Greater, 1),
        }
    }

    fn values(&mut self) -> Vec<(usize, String)> {
        let mut values = Vec::new();
        loop {
            let at = self.at + 1;
            let value = if self.peek() == Some('"') {
                self.quoted()
            } else {
                Some(self.take_while(|c| !is_gap(c) && c != ',' && c != '"'))
            };
            if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
                values.push((at, value));
            }
            if self.peek() != Some(',') {
                return values;
            }
            self.at += 1;
        }
    }
}

/// Whether a text has anything that the index holds.
fn is_searchable(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn word(at: usize, text: &str) -> Term {
        Term {
            at,
            negated: false,
            kind: Kind::Word {
                text: text.into(),
                prefix: false,
            },
        }
    }

    fn filter(field: &str, op: Op, values: &[(usize, &str)]) -> Kind {
        Kind::Filter(Filter {
            field: field.into(),
            op,
            values: values.iter().map(|(at, v)| (*at, (*v).into())).collect(),
        })
    }

    #[test]
    fn every_kind_of_term_is_read_with_its_place() {
        let terms = parse(
            r#"refund #12 -"card declined" -tag:x,"y z" priority:>=high created<2026-01-01 inv* "#,
        )
        .expect("parses");
        assert_eq!(terms[0], word(1, "refund"));
        assert_eq!((terms[1].at, &terms[1].kind), (8, &Kind::Number(12)));
        assert!(terms[2].negated && terms[2].kind == Kind::Phrase("card declined".into()));
        assert!(terms[3].negated);
        assert_eq!(
            terms[3].kind,
            filter("tag", Op::Is, &[(34, "x"), (36, "y z")])
        );
        assert_eq!(
            terms[4].kind,
            filter("priority", Op::GreaterOrEqual, &[(53, "high")])
        );
        assert_eq!(
            terms[5].kind,
            filter("created", Op::Less, &[(66, "2026-01-01")])
        );
        assert_eq!(
            terms[6].kind,
            Kind::Word {
                text: "inv".into(),
                prefix: true
            }
        );
    }

    #[test]
    fn what_people_paste_is_text() {
        for (text, words) in [
            ("Re: a - b", vec!["Re:", "a", "b"]),
            ("Error: no card", vec!["Error:", "no", "card"]),
            ("https://x.test/a?b=c", vec!["https://x.test/a?b=c"]),
            ("a>b 12:30 C++ *", vec!["a>b", "12:30", "C++"]),
            ("std::vec #abc", vec!["std::vec", "#abc"]),
        ] {
            let found: Vec<String> = parse(text)
                .expect("parses")
                .into_iter()
                .map(|t| match t.kind {
                    Kind::Word { text, .. } => text,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(found, words, "{text}");
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_place_and_what_to_do() {
        let told: Vec<String> = parse("a stauts:open tag: \"b")
            .expect_err("is wrong")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(told[0].starts_with("q[3]: 'stauts' is not a field; did you mean status?"));
        assert!(told[1].starts_with("q[19]: tag needs a value right behind it, such as tag:vip"));
        assert!(told[2].starts_with("q[20]: this quote is not closed"));
    }

    #[test]
    fn length_and_number_of_terms_are_bounded() {
        assert!(parse(&"a".repeat(LONGEST)).is_ok());
        assert!(parse(&"a".repeat(LONGEST + 1)).is_err());
        assert!(parse(&"a ".repeat(MOST)).is_ok());
        assert!(parse(&"a ".repeat(MOST + 1)).is_err());
    }

    proptest! {
        #[test]
        fn anything_gives_terms_or_problems(text in "\\PC{0,60}") {
            let length = text.chars().count();
            match parse(&text) {
                Ok(terms) => prop_assert!(terms.iter().all(|t| t.at >= 1 && t.at <= length)),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }

        #[test]
        fn pieces_of_the_language_in_any_order_do_not_break_it(
            parts in prop::collection::vec(prop::sample::select(vec![
                "-", "\"", ":", ">", "<", "=", ",", "#", "1", "status", "custom.", "is:", "created", "*", " ", "é", "\u{0}", "x"
            ]), 0..30)
        ) {
            let _ = parse(&parts.concat());
        }

        #[test]
        fn plain_words_come_back_as_they_were(words in prop::collection::vec("[a-zA-Zäöü]{1,12}", 1..8)) {
            let terms = parse(&words.join(" ")).expect("parses");
            let found: Vec<String> = terms.into_iter().map(|t| match t.kind {
                Kind::Word { text, .. } => text,
                other => format!("{other:?}"),
            }).collect();
            prop_assert_eq!(found, words);
        }
    }
}
