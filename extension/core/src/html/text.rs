//! The plain text of sanitised HTML, and where its quoted tail begins.

use super::quote;
use super::tokens::{Token, attribute, is_block, is_void, tokens, unescape};
use crate::pause::pause;

/// The text of already sanitised HTML: blocks become lines, entities become characters.
pub fn to_text(html: &str) -> String {
    text_and_quote(html).0
}

/// The text, and how many characters of it precede its quoted tail; `None` without a tail, or with nothing else.
pub fn text_and_quote(html: &str) -> (String, Option<usize>) {
    let mut out = String::with_capacity(html.len());
    // How many elements of the outermost quote are open, and where the tail begins, if this is one.
    let (mut inside, mut tail) = (0usize, None);
    for token in tokens(html) {
        pause();
        match token {
            Token::Text(text) => {
                if inside == 0 && !text.trim().is_empty() {
                    tail = None;
                }
                out.push_str(&unescape(text));
            }
            Token::Open { name, raw } => {
                line(&mut out, name);
                if name == "li" {
                    out.push_str("- ");
                }
                if inside == 0 && attribute(raw, "class").is_some() {
                    tail.get_or_insert(out.len());
                    inside = usize::from(!is_void(name));
                } else if inside > 0 && !is_void(name) {
                    inside += 1;
                }
            }
            Token::Close { name, .. } => {
                line(&mut out, name);
                inside = inside.saturating_sub(1);
            }
        }
    }
    let text = out.trim().to_owned();
    let tail = match tail {
        Some(at) => {
            let own = out[..at].trim_start();
            let rest = out[at..].trim();
            (!own.trim().is_empty() && !rest.is_empty()).then(|| own.chars().count())
        }
        None => quote::tail(&text),
    };
    (text, tail)
}

fn line(out: &mut String, name: &str) {
    if is_block(name) && !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::sanitize;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_keeps_lines_and_characters() {
        assert_eq!(
            to_text("<p>Hi&nbsp;you</p><ul><li>a &amp; b</li><li>&lt;c&gt;</li></ul>"),
            "Hi you\n- a & b\n- <c>"
        );
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(input in ".{0,200}") {
            let _ = to_text(&sanitize(&input).expect("is within bounds"));
            let _ = to_text(&input);
        }
    }
}
