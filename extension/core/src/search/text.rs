//! Texts for the index, documents and questions alike: one form of each letter (NFKC), the parts of compounds
//! (`AB-12345`, addresses, file names), and pairs of letters of scripts that put no blank between words.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick,
};

/// Characters of a text that are indexed.
const MOST_READ: usize = 200_000;
/// Pairs that one text adds to a document, so that its size is bounded.
const MOST_PAIRS: usize = 20_000;
/// A longer run of letters, as of an encoded file, is not searched for.
const LONGEST_PART: usize = 100;
/// The last position that a document of Postgres has.
const LAST_POSITION: usize = 16_383;

/// A text as the index holds it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Text {
    /// For the parser of a language; the parts of compounds follow at the end.
    pub plain: String,
    /// Pairs of letters, written as a `tsvector`.
    pub pairs: String,
}

/// A word or phrase as the index looks it up.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Question {
    /// For the parser of a language.
    pub plain: String,
    /// The parts of compounds in their order, where there are any.
    pub parts: Option<String>,
    /// Pairs of letters, written as a `tsquery`.
    pub pairs: Option<String>,
}

/// The composed form of a text, as names are stored and compared.
pub fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// A text of a ticket, for its document.
pub fn document(text: &str) -> Text {
    let end = text
        .char_indices()
        .nth(MOST_READ)
        .map_or(text.len(), |(at, _)| at);
    let text = folded(&text[..end]);
    let mut answer = Text::default();
    let mut parts = String::new();
    let mut position = 0;
    let mut pairs = 0;
    for token in text.split_whitespace() {
        let runs = runs(token);
        if is_compound(token, &runs) {
            for run in runs.iter().filter(|run| !run.unspaced) {
                add(&mut parts, run.text);
            }
        }
        without_unspaced(&mut answer.plain, token, &runs);
        for run in runs.iter().filter(|run| run.unspaced) {
            for pair in pairs_of(run.text) {
                if pairs == MOST_PAIRS {
                    break;
                }
                pairs += 1;
                position += 1;
                let _ = write!(answer.pairs, "'{pair}':{} ", position.min(LAST_POSITION));
            }
            // The next run does not continue this one.
            position += 1;
        }
    }
    add(&mut answer.plain, &parts);
    answer
}

/// A word or phrase of a question.
pub fn question(text: &str) -> Question {
    let text = folded(text);
    let mut answer = Question::default();
    let mut parts = String::new();
    let mut pairs: Vec<String> = Vec::new();
    let mut compound = false;
    for token in text.split_whitespace() {
        let runs = runs(token);
        compound |= is_compound(token, &runs);
        for run in &runs {
            if run.unspaced {
                pairs.push(query_of_pairs(run.text));
            } else {
                add(&mut parts, run.text);
            }
        }
        without_unspaced(&mut answer.plain, token, &runs);
    }
    answer.parts = (compound && !parts.is_empty()).then_some(parts);
    answer.pairs = (!pairs.is_empty()).then(|| pairs.join(" & "));
    answer
}

/// A run of letters and digits within a token, all of one kind of script.
struct Run<'a> {
    text: &'a str,
    from: usize,
    unspaced: bool,
}

/// One form of what looks alike, without what cannot be seen.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let seen = text.chars().filter_map(|c| match c {
        // "No" would stick to the number.
        '\u{2116}' => Some(' '),
        c if is_unseen(c) => None,
        c => Some(c),
    });
    Cow::Owned(seen.nfkc().collect())
}

fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Of a script that is written without blanks between words (or, as Korean, with endings that stick to them).
fn is_unspaced(c: char) -> bool {
    matches!(c,
        // Thai, Lao, Myanmar, Khmer.
        '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' | '\u{e81}'..='\u{ecd}' | '\u{1000}'..='\u{103f}'
        | '\u{1050}'..='\u{109d}' | '\u{1780}'..='\u{17d3}'
        // Korean.
        | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7a3}'
        // Japanese and Chinese.
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3041}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

fn runs(token: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    for (at, c) in token.char_indices() {
        let kind = if is_unspaced(c) {
            Some(true)
        } else if c.is_alphanumeric() {
            Some(false)
        } else if is_combining_mark(c) {
            // Belongs to what it stands on.
            open.map(|(_, unspaced)| unspaced)
        } else {
            None
        };
        if open.map(|(_, unspaced)| unspaced) != kind {
            if let Some((from, unspaced)) = open {
                runs.push(Run {
                    text: &token[from..at],
                    from,
                    unspaced,
                });
            }
            open = kind.map(|unspaced| (at, unspaced));
        }
    }
    if let Some((from, unspaced)) = open {
        runs.push(Run {
            text: &token[from..],
            from,
            unspaced,
        });
    }
    runs.retain(|run| run.unspaced || run.text.chars().nth(LONGEST_PART).is_none());
    runs
}

/// Whether the parser of a language may see something else in it than its runs: a path, an address, a sign.
fn is_compound(token: &str, runs: &[Run<'_>]) -> bool {
    let plain = token
        .trim_start_matches(|c: char| {
            "(\"'[{#$*".contains(c) || c > '\u{7f}' && !c.is_alphanumeric()
        })
        .trim_end_matches(|c: char| {
            ".,;:!?)\"']}*%".contains(c) || c > '\u{7f}' && !c.is_alphanumeric()
        });
    match runs {
        [] => false,
        [run] => run.text != plain,
        _ => !plain
            .chars()
            .all(|c| is_apostrophe(c) || c.is_alphanumeric() && !is_unspaced(c)),
    }
}

fn add(text: &mut String, word: &str) {
    if !text.is_empty() && !word.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
}

/// The token without its runs of unspaced scripts, of which a parser would make words as long as sentences.
fn without_unspaced(plain: &mut String, token: &str, runs: &[Run<'_>]) {
    let mut from = 0;
    for run in runs.iter().filter(|run| run.unspaced) {
        add(plain, &token[from..run.from]);
        from = run.from + run.text.len();
    }
    add(plain, &token[from..]);
}

/// Every two neighbours, and the last letter alone: a question of one letter begins a pair or is the last.
fn pairs_of(run: &str) -> impl Iterator<Item = &str> {
    run.char_indices().map(|(at, c)| {
        let next = run[at + c.len_utf8()..].chars().next();
        &run[at..at + c.len_utf8() + next.map_or(0, char::len_utf8)]
    })
}

fn query_of_pairs(run: &str) -> String {
    let pairs: Vec<&str> = pairs_of(run).collect();
    match pairs.as_slice() {
        [one] => format!("'{one}':*"),
        [pairs @ .., _] => {
            let quoted: Vec<String> = pairs.iter().map(|pair| format!("'{pair}'")).collect();
            format!("({})", quoted.join(" <-> "))
        }
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_parts_of_what_is_written_together_follow_the_whole() {
        for (text, parts) in [
            ("Order AB-12345 please", "AB 12345"),
            (
                "https://shop.test/o/12345?x=1",
                "https shop test o 12345 x 1",
            ),
            ("cleo.may@customer.test", "cleo may customer test"),
            ("Rechnung_2024-03.pdf", "Rechnung 2024 03 pdf"),
            ("-12345", "12345"),
            ("/12345", "12345"),
            ("<ABC123>", "ABC123"),
        ] {
            assert_eq!(document(text).plain, format!("{text} {parts}"));
        }
        for text in [
            "it's late, (really) \"late\"!",
            "Re: 12345.",
            "#12345 100% *bold*",
            "größe — Über…",
        ] {
            assert_eq!(
                document(text).plain,
                text.replace('…', "..."),
                "nothing is written together"
            );
        }
    }

    #[test]
    fn scripts_without_blanks_become_pairs_in_their_order() {
        let text = document("Amazonで返金を。");
        assert_eq!(text.plain, "Amazon 。 Amazon");
        assert_eq!(text.pairs, "'で返':1 '返金':2 '金を':3 'を':4 ");
        let asked = |q: &str| question(q).pairs.unwrap_or_default();
        assert_eq!(asked("返金"), "('返金')");
        assert_eq!(asked("返金を"), "('返金' <-> '金を')");
        assert_eq!(asked("金"), "'金':*");
        assert_eq!(asked("คืนเงิน"), asked("คืนเงิน").trim());
        assert_eq!(question("Amazonで").plain, "Amazon");
        assert_eq!(question("refund").pairs, None);
    }

    #[test]
    fn a_letter_has_one_form() {
        assert_eq!(
            document("Cafe\u{301} ＡＢＣ ﬁne so\u{ad}ft").plain,
            "Café ABC fine soft"
        );
        assert_eq!(question("ﾍﾝｷﾝ").pairs, question("ヘンキン").pairs);
        assert_eq!(composed("Cafe\u{301}"), "Café");
        assert_eq!(document("№12345").plain, "12345");
    }

    #[test]
    fn a_question_of_parts_asks_for_them_in_their_order() {
        assert_eq!(
            question("AB-12345").parts.as_deref(),
            Some("AB 12345"),
            "as written by others: AB 12345"
        );
        assert_eq!(question("card declined").parts, None);
    }

    #[test]
    fn what_a_text_gives_is_bounded() {
        let text = document(&"返金".repeat(50_000));
        assert_eq!(text.pairs.matches(':').count(), MOST_PAIRS);
        assert!(document(&"ab ".repeat(1_000_000)).plain.len() <= MOST_READ);
        assert!(document(&format!("x/{}", "a".repeat(5000))).plain.len() < 5100);
    }

    proptest! {
        #[test]
        fn any_part_of_a_sentence_is_found_in_it(text in "[返金東京都をでค-ง]{2,12}", from in 0usize..12, length in 2usize..6) {
            let from = from % (text.chars().count() - 1);
            let part: String = text.chars().skip(from).take(length).collect();
            let asked = question(&part).pairs.unwrap_or_default();
            let pairs = document(&text).pairs;
            for pair in asked.trim_matches(['(', ')']).split(" <-> ") {
                prop_assert!(pairs.contains(pair), "{} in {}", pair, pairs);
            }
        }

        #[test]
        fn no_text_breaks_out_of_its_quotes(text in "\\PC{0,60}") {
            let read = document(&text);
            prop_assert_eq!(read.pairs.matches('\'').count(), 2 * read.pairs.matches(':').count());
            let asked = question(&text);
            prop_assert_eq!(asked.pairs.unwrap_or_default().matches('\'').count() % 2, 0);
        }
    }
}
