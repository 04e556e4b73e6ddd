//! Redaction: removes words from a message, from its text across tags, and from attributes that repeat them.

use super::tokens::{Token, attributes, escape, is_block, tokens, unescape};
use crate::pause::pause;
use percent_encoding::percent_decode_str;
use std::fmt::Write;

/// Replaces each redacted character.
pub const BLOCK: char = '▇';

/// Whether upper and lower case are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Exact,
    Any,
}

impl Case {
    fn fold(self, c: char) -> char {
        let mut lower = c.to_lowercase();
        match (self, lower.next(), lower.next()) {
            (Self::Any, Some(lower), None) => lower,
            _ => c,
        }
    }
}

/// The text without the words; `None` when it does not contain them.
pub fn text(text: &str, words: &str) -> Option<String> {
    text_by(text, words, Case::Exact)
}

/// The same for the words in upper and lower case.
pub fn text_any_case(text: &str, words: &str) -> Option<String> {
    text_by(text, words, Case::Any)
}

fn text_by(text: &str, words: &str, case: Case) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let hits = hits(&chars, words, case)?;
    Some(
        chars
            .iter()
            .zip(hits)
            .map(|(c, hit)| if hit && *c != '\n' { BLOCK } else { *c })
            .collect(),
    )
}

/// The text without the words for sanitised HTML, whose words are those of its plain text.
pub fn html(html: &str, words: &str) -> Option<String> {
    html_by(html, words, Case::Exact)
}

/// The same for the words in upper and lower case.
pub fn html_any_case(html: &str, words: &str) -> Option<String> {
    html_by(html, words, Case::Any)
}

fn html_by(html: &str, words: &str, case: Case) -> Option<String> {
    let tokens: Vec<Token<'_>> = tokens(html).collect();
    let mut chars: Vec<char> = Vec::new();
    let mut texts = Vec::new();
    for token in &tokens {
        match token {
            Token::Text(text) => {
                let from = chars.len();
                chars.extend(unescape(text).chars());
                texts.push(from..chars.len());
            }
            Token::Open { name, .. } | Token::Close { name, .. } => {
                if is_block(name) && chars.last().is_some_and(|last| *last != '\n') {
                    chars.push('\n');
                }
                if *name == "li" && matches!(token, Token::Open { .. }) {
                    chars.extend("- ".chars());
                }
            }
        }
    }
    let in_text = hits(&chars, words, case);
    let mut found = in_text.is_some();
    let mut texts = texts.into_iter();
    let mut out = String::with_capacity(html.len());
    for token in &tokens {
        match token {
            Token::Text(raw) => {
                let range = texts.next().unwrap_or_default();
                match &in_text {
                    Some(hits) if hits[range.clone()].contains(&true) => {
                        let redacted: String = chars[range.clone()]
                            .iter()
                            .zip(&hits[range])
                            .map(|(c, hit)| if *hit { BLOCK } else { *c })
                            .collect();
                        out.push_str(&escape(&redacted));
                    }
                    _ => out.push_str(raw),
                }
            }
            Token::Open { name, raw }
                if attributes(raw).any(|(_, value)| holds(value, words, case)) =>
            {
                found = true;
                out.push('<');
                out.push_str(name);
                for (key, value) in attributes(raw).filter(|(_, value)| !holds(value, words, case))
                {
                    let _ = write!(out, " {key}=\"{value}\"");
                }
                out.push('>');
            }
            Token::Open { raw, .. } | Token::Close { raw, .. } => out.push_str(raw),
        }
    }
    found.then_some(out)
}

/// Which characters belong to an occurrence; `None` without any. Any white space between two words is as good as any other.
fn hits(chars: &[char], words: &str, case: Case) -> Option<Vec<bool>> {
    let words: Vec<char> = words
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { case.fold(c) })
        .fold(Vec::new(), |mut words, c| {
            if c != ' ' || words.last() != Some(&' ') {
                words.push(c);
            }
            words
        });
    if words.is_empty() {
        return None;
    }
    let mut hits = vec![false; chars.len()];
    let mut found = false;
    for at in 0..chars.len() {
        if at % 1_024 == 0 {
            pause();
        }
        if let Some(end) = occurrence(chars, at, &words, case)
            && (case == Case::Exact || stands_alone(chars, at, end, &words))
        {
            hits[at..end].fill(true);
            found = true;
        }
    }
    found.then_some(hits)
}

/// Where the words end that begin at a position. White space counts from its first character, so that a long run of it is
/// read once for each of the words and no more.
fn occurrence(chars: &[char], at: usize, words: &[char], case: Case) -> Option<usize> {
    let is_space = |at: usize| chars.get(at).is_some_and(|c| c.is_whitespace());
    if words.first() == Some(&' ') && at > 0 && is_space(at - 1) {
        return None;
    }
    let mut end = at;
    for word in words {
        if *word == ' ' {
            let from = end;
            while is_space(end) {
                end += 1;
            }
            if end == from {
                return None;
            }
        } else if chars.get(end).is_some_and(|c| case.fold(*c) == *word) {
            end += 1;
        } else {
            return None;
        }
    }
    Some(end)
}

/// Whether words do not belong to a longer word or address: johanna@example.com is not anna@example.com, nor is
/// anna@example.com.br. Marks around an address join it to nothing where no word follows them: _anna@example.com_.
fn stands_alone(chars: &[char], at: usize, end: usize, words: &[char]) -> bool {
    let is_address = words.contains(&'@') || words.windows(3).any(|w| w == ['%', '4', '0']);
    let mut before = at;
    let mut after = end;
    if is_address {
        while before > 0 && matches!(chars[before - 1], '.' | '_' | '+' | '-') {
            before -= 1;
        }
        // A sentence that begins without a blank begins with a capital.
        if matches!(chars.get(end), Some('.' | '-'))
            && chars
                .get(end + 1)
                .is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
        {
            after += 1;
        }
    }
    let joins = |c: Option<&char>| c.is_some_and(|c| is_joined(*c));
    let longer_before =
        joins(words.first()) && joins(before.checked_sub(1).and_then(|at| chars.get(at)));
    let longer_after = joins(words.last()) && joins(chars.get(after));
    !longer_before && !longer_after
}

/// Letters and digits of scripts that write blanks between words: Latin, Greek, Cyrillic, Armenian.
fn is_joined(c: char) -> bool {
    c.is_alphanumeric() && (c < '\u{590}' || ('\u{1e00}'..='\u{1fff}').contains(&c))
}

/// Whether an attribute repeats the words, as they are or as an address spells them.
fn holds(value: &str, words: &str, case: Case) -> bool {
    let value = unescape(value);
    let decoded = percent_decode_str(&value).decode_utf8_lossy();
    [value.as_ref(), decoded.as_ref()]
        .into_iter()
        .any(|value| hits(&value.chars().collect::<Vec<_>>(), words, case).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::to_text;
    use super::*;
    use proptest::prelude::*;

    fn sanitize(html: &str) -> String {
        super::super::sanitize(html).expect("is within bounds")
    }

    #[test]
    fn words_go_in_upper_and_lower_case_where_that_is_asked() {
        assert_eq!(text("ADA and Ada", "Ada").as_deref(), Some("ADA and ▇▇▇"));
        assert_eq!(
            text_any_case("ADA and Ada", "ada").as_deref(),
            Some("▇▇▇ and ▇▇▇")
        );
        assert_eq!(
            html_any_case(
                "<p>A<b>DA</b> <a href=\"mailto:ADA%40x.test\">mail</a></p>",
                "ada@x.test"
            )
            .as_deref(),
            Some("<p>A<b>DA</b> <a>mail</a></p>")
        );
        // What only contains them is somebody else's.
        for others in [
            "johanna@x.test",
            "jo.anna@x.test",
            "jo-_anna@x.test",
            "anna@x.testing",
            "anna@x.test.br",
            "anna@x.test-y.example",
        ] {
            assert_eq!(text_any_case(others, "anna@x.test"), None, "{others}");
        }
        for hers in [
            "_anna@x.test_",
            "-anna@x.test",
            "...anna@x.test...",
            "anna@x.test.",
            "anna@x.test.Thanks",
            "(anna@x.test)",
        ] {
            let clean = text_any_case(hers, "anna@x.test").expect(hers);
            assert!(!clean.contains("anna"), "{clean}");
        }
        assert!(text_any_case("?e=anna%40x.test", "anna%40x.test").is_some());
        assert_eq!(text_any_case("?e=jo.anna%40x.test", "anna%40x.test"), None);
        for (longer, name) in [
            ("Jörg Weißmann", "Jörg Weiß"),
            ("Jean Renée", "Jean René"),
            ("Анна Петрова", "Анна Петров"),
        ] {
            assert_eq!(text_any_case(longer, name), None, "{longer}");
        }
        assert_eq!(text_any_case("Joann Leeson", "ann lee"), None);
        assert_eq!(
            text_any_case("to:anna@x.test.", "anna@x.test").as_deref(),
            Some("to:▇▇▇▇▇▇▇▇▇▇▇.")
        );
        assert_eq!(
            text_any_case("田中太郎様", "田中太郎").as_deref(),
            Some("▇▇▇▇様")
        );
        // What becomes longer in lower case is compared as it is.
        assert_eq!(text_any_case("İstanbul", "i̇stanbul"), None);
    }

    #[test]
    fn any_white_space_between_words_is_as_good_as_any_other() {
        for text in [
            "Ada Lovelace",
            "Ada\nLovelace",
            "Ada  \t Lovelace",
            "ada\u{a0}lovelace",
        ] {
            let clean = text_any_case(text, "Ada Lovelace").expect("is found");
            assert!(!clean.contains(char::is_alphanumeric), "{clean}");
            assert_eq!(clean.chars().count(), text.chars().count());
            assert!(text_any_case("Ada Lovelace", text).is_some(), "{text:?}");
        }
        assert_eq!(
            html_any_case(
                "<p>Dear Ada&nbsp; <b>Lovelace</b>,</p><p>Ada<br>Lovelace</p>",
                "Ada Lovelace"
            )
            .map(|clean| to_text(&clean).contains("Ada")),
            Some(false)
        );
        assert_eq!(text_any_case("AdaLovelace", "Ada Lovelace"), None);
        assert_eq!(text_any_case("Ada  Lovelaces", "Ada Lovelace"), None);
        // A long run is read once, not from each of its characters.
        let blanks = " ".repeat(200_000);
        assert_eq!(text(&format!("a{blanks}b"), " c"), None);
        assert!(text(&format!("a{blanks}b"), "a b").is_some());
    }

    #[test]
    fn words_go_wherever_they_stand() {
        assert_eq!(
            text("4711 is 4711", "4711").as_deref(),
            Some("▇▇▇▇ is ▇▇▇▇")
        );
        assert_eq!(text("aaa", "aa").as_deref(), Some("▇▇▇"));
        assert_eq!(text("nothing", "4711"), None);
        assert_eq!(
            html("<p>My card 47<b>11</b> &amp; more</p>", "4711").as_deref(),
            Some("<p>My card ▇▇<b>▇▇</b> &amp; more</p>")
        );
        assert_eq!(
            html(
                "<p>a<a href=\"https://x.test/?q=a%20b\" rel=\"r\">c</a></p>",
                "a b"
            )
            .as_deref(),
            Some("<p>a<a rel=\"r\">c</a></p>")
        );
        assert_eq!(
            html("<p>first line</p><p>second</p>", "line\nsecond").as_deref(),
            Some("<p>first ▇▇▇▇</p><p>▇▇▇▇▇▇</p>")
        );
    }

    proptest! {
        #[test]
        fn nothing_of_the_words_is_left(
            before in "[a-c<&]{0,6}", words in "[a-c<&]{1,3}",
            pieces in prop::collection::vec(prop::sample::select(vec!["<b>", "</b>", "<p>", "</p>", "<li>", "a", "b", "c", "&amp;", "&lt;", "<a href=\"abc\">", "</a>"]), 0..12)
        ) {
            if let Some(clean) = text(&before, &words) {
                prop_assert!(!clean.contains(&words));
                prop_assert_eq!(clean.chars().count(), before.chars().count());
            }
            let dirty = sanitize(&pieces.concat());
            if let Some(clean) = html(&dirty, &words) {
                prop_assert!(!to_text(&clean).contains(&words), "{} in {}", words, clean);
                prop_assert_eq!(sanitize(&clean), clean);
            } else {
                prop_assert!(!to_text(&dirty).contains(&words));
            }
        }
    }
}
