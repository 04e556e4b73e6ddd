//! Quotes: the part of a message that only repeats an earlier one. Each mail program marks it in its own way; here it
//! gets one mark, `class="quote"`, so that a client can fold it.

use super::tokens::{Token, attribute, is_void, tokens};
use regex::Regex;
use std::sync::LazyLock;

/// The id that the sanitiser gives an element behind which everything is a quote.
pub const START: &str = "quote-start";

/// Classes by which mail programs mark what they quote; the last is ours.
pub fn is_class(value: &str) -> bool {
    value.split_ascii_whitespace().any(|class| {
        matches!(
            class,
            "gmail_quote"
                | "gmail_quote_container"
                | "yahoo_quoted"
                | "protonmail_quote"
                | "tutanota_quote"
                | "zmail_extra"
                | "moz-cite-prefix"
                | "quote"
        )
    })
}

/// Ids of the element that Outlook puts in front of a quote.
pub fn is_start(id: &str) -> bool {
    matches!(id, "divRplyFwdMsg" | "appendonsend" | START)
}

/// Gives every quote of sanitised HTML its mark.
pub fn mark(html: String) -> String {
    if !html.contains("type=\"cite\"") && !html.contains(START) {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 40);
    let mut open: Vec<&str> = Vec::new();
    // How many elements were open where everything behind became a quote.
    let mut wrapped: Option<usize> = None;
    for token in tokens(&html) {
        match token {
            Token::Open { name, raw } => {
                if attribute(raw, "id") == Some(START) {
                    // Only where a block may stand, so that no parser moves it elsewhere.
                    if wrapped.is_none() && open.iter().all(|name| *name == "div") {
                        wrapped = Some(open.len());
                        out.push_str("<div class=\"quote\">");
                    }
                    out.push_str(&raw.replace(" id=\"quote-start\"", ""));
                } else if attribute(raw, "type") == Some("cite") {
                    let mark = if attribute(raw, "class").is_some() {
                        ""
                    } else {
                        " class=\"quote\""
                    };
                    out.push_str(&raw.replace(" type=\"cite\"", mark));
                } else {
                    out.push_str(raw);
                }
                if !is_void(name) {
                    open.push(name);
                }
            }
            Token::Close { raw, .. } => {
                if wrapped == Some(open.len()) {
                    wrapped = None;
                    out.push_str("</div>");
                }
                open.pop();
                out.push_str(raw);
            }
            Token::Text(text) => out.push_str(text),
        }
    }
    if wrapped.is_some() {
        out.push_str("</div>");
    }
    out
}

/// A line such as `----- Original Message -----`.
static DIVIDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale)\s*-{2,}\s*$").ok()
});

/// How many characters of a plain text precede its quoted tail; `None` without a tail, or with nothing else.
pub fn tail(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.split('\n').collect();
    let divider = lines.iter().position(|line| {
        line.contains("--")
            && DIVIDER
                .as_ref()
                .is_some_and(|divider| divider.is_match(line))
    });
    let first = divider.or_else(|| arrows(&lines))?;
    let own = &lines[..first];
    if own.iter().all(|line| line.trim().is_empty()) {
        return None;
    }
    Some(own.iter().map(|line| line.chars().count() + 1).sum())
}

/// The first of the lines at the end that begin with `>`, or the `On … wrote:` above them.
fn arrows(lines: &[&str]) -> Option<usize> {
    let is_quoted = |line: &&str| line.trim_start().starts_with('>');
    let last_own = lines
        .iter()
        .rposition(|line| !is_quoted(line) && !line.trim().is_empty())?;
    let first = last_own + 1 + lines[last_own + 1..].iter().position(is_quoted)?;
    let has_digit = |line: &str| line.contains(|c: char| c.is_ascii_digit());
    if lines[last_own].trim_end().ends_with(':') {
        if has_digit(lines[last_own]) {
            return Some(last_own);
        }
        // Wrapped: the date stands a line higher.
        if last_own > 0 && has_digit(lines[last_own - 1]) {
            return Some(last_own - 1);
        }
    }
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::super::{text_and_quote, to_text};
    use super::*;
    use proptest::prelude::*;

    fn sanitize(html: &str) -> String {
        super::super::sanitize(html).expect("is within bounds")
    }

    fn own(text: &str) -> Option<String> {
        tail(text).map(|from| text.chars().take(from).collect())
    }

    #[test]
    fn the_tail_of_a_plain_text_is_told_from_what_is_new() {
        assert_eq!(
            own("Thanks!\n\nOn 3 May 2026, Ada wrote:\n> Hello\n> there\n").as_deref(),
            Some("Thanks!\n\n")
        );
        assert_eq!(
            own("Ja\nAm 3. Mai 2026 um 10:00 schrieb Ada\nLovelace <ada@x.test>:\n\n> Hallo")
                .as_deref(),
            Some("Ja\n")
        );
        assert_eq!(
            own("Yes\n-----Original Message-----\nFrom: Ada\nHello").as_deref(),
            Some("Yes\n")
        );
        // An answer between the lines belongs to the message, and so does a message that only quotes.
        assert_eq!(own("> a?\nYes\n> b?\nNo"), None);
        assert_eq!(own("> all of it"), None);
        assert_eq!(own("No quote: 1 > 0"), None);
    }

    #[test]
    fn what_mail_programs_quote_gets_one_mark() {
        for (program, html) in [
            (
                "Gmail",
                r#"<div>Thanks</div><div class="gmail_quote gmail_quote_container"><div>On 3 May Ada wrote:</div><blockquote>Hello</blockquote></div>"#,
            ),
            (
                "Apple Mail",
                r#"Thanks<br><blockquote type="cite" style="x">Hello</blockquote>"#,
            ),
            (
                "Thunderbird",
                r#"<p>Thanks</p><div class="moz-cite-prefix">On 3 May Ada wrote:</div><blockquote type="cite" class="x">Hello</blockquote>"#,
            ),
            (
                "Outlook",
                r#"<div>Thanks</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Ada</div><div>Hello</div>"#,
            ),
        ] {
            let clean = sanitize(html);
            assert!(clean.contains("class=\"quote\""), "{program}: {clean}");
            let (text, from) = text_and_quote(&clean);
            let own: String = text.chars().take(from.expect(program)).collect();
            assert_eq!(own.trim(), "Thanks", "{program}: {text}");
            assert!(text.ends_with("Hello"), "{program}: {text}");
            assert_eq!(sanitize(&clean), clean, "{program}");
        }
        let (_, from) = text_and_quote(&sanitize(r#"<div class="gmail_quote">a?</div>Yes"#));
        assert_eq!(from, None, "an answer below belongs to the message");
    }

    proptest! {
        #[test]
        fn a_quote_begins_within_the_text(pieces in prop::collection::vec(prop::sample::select(vec![
            "<div>", "</div>", "<p>", "</p>", "<hr id=\"divRplyFwdMsg\">", "<blockquote type=\"cite\">", "</blockquote>",
            "<div class=\"gmail_quote\">", "<table><tr><td>", "</td></tr></table>", "<b>", "</b>", "On 1 May wrote:\n", "> x\n", "ä&amp;", "--"
        ]), 0..20)) {
            let clean = sanitize(&pieces.concat());
            let (text, from) = text_and_quote(&clean);
            prop_assert_eq!(&text, &to_text(&clean));
            prop_assert!(from.is_none_or(|from| from > 0 && from < text.chars().count()));
            prop_assert_eq!(sanitize(&clean), clean);
        }
    }
}
