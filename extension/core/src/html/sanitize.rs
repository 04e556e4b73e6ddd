//! What a message may contain: safe HTML, and its plain-text twin.

use crate::pause::pause;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

pub mod bounds;
pub mod quote;
pub mod redact;
mod tokens;

pub use bounds::Excess;
use tokens::{Token, attribute, is_block, is_void, tokens, unescape};

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .link_rel(Some("noopener noreferrer nofollow"))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .add_generic_attributes(["class", "data-mention"])
        .add_tag_attributes("div", ["id"])
        .add_tag_attributes("hr", ["id"])
        .add_tag_attributes("blockquote", ["type"])
        .attribute_filter(keep);
    builder
});

/// Of the attributes let through for their value, only the values that mean something here.
fn keep<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (element, attribute) {
        (_, "class") => quote::is_class(value).then_some(Cow::Borrowed("quote")),
        ("div" | "hr", "id") => quote::is_start(value).then_some(Cow::Borrowed(quote::START)),
        ("blockquote", "type") => value
            .eq_ignore_ascii_case("cite")
            .then_some(Cow::Borrowed("cite")),
        // Shown to nobody, and its scheme is checked by nobody.
        (_, "cite") => None,
        (_, "data-mention") => mention(value).map(|_| Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The same message with everything active taken out (scripts, handlers, frames, styles, foreign schemes)
/// and what it quotes marked; refused when it is made to keep a parser busy.
pub fn sanitize(html: &str) -> Result<String, Excess> {
    bounds::check(html)?;
    Ok(quote::mark(CLEANER.clean(html).to_string()))
}

/// The text of already sanitised HTML: blocks become lines, entities become characters.
pub fn to_text(html: &str) -> String {
    text_and_quote(html).0
}

/// That text, and how many characters of it stand before its quoted tail; `None` without one, or when
/// nothing else is there.
pub fn text_and_quote(html: &str) -> (String, Option<usize>) {
    let mut out = String::with_capacity(html.len());
    // How many elements of the outermost quote are open, and where the tail began that may be one.
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

/// Whom sanitised HTML mentions: `user:7` or `team:3`, each once, and nobody whom it only quotes.
pub fn mentions(html: &str) -> Vec<&str> {
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    let mut inside = 0usize;
    for token in tokens(html) {
        pause();
        match token {
            Token::Open { name, raw } => {
                if inside > 0 || attribute(raw, "class").is_some() {
                    inside += usize::from(!is_void(name));
                } else if let Some(who) = attribute(raw, "data-mention").and_then(mention)
                    && known.insert(who)
                {
                    found.push(who);
                }
            }
            Token::Close { .. } => inside = inside.saturating_sub(1),
            Token::Text(_) => {}
        }
    }
    found
}

/// The value when it names a user or a team.
fn mention(value: &str) -> Option<&str> {
    let (kind, id) = value.split_once(':')?;
    let is_id = (1..=18).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(kind, "user" | "team") && is_id).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sanitize(html: &str) -> String {
        super::sanitize(html).expect("is within bounds")
    }

    #[test]
    fn scripts_and_handlers_do_not_pass() {
        let clean = sanitize(
            r#"<p onclick="x()">Hi<script>x()</script><a href="javascript:x()">there</a></p>"#,
        );
        assert!(
            !clean.contains("script") && !clean.contains("onclick"),
            "{clean}"
        );
        assert!(clean.contains("Hi"));
    }

    #[test]
    fn text_keeps_lines_and_characters() {
        assert_eq!(
            to_text("<p>Hi&nbsp;you</p><ul><li>a &amp; b</li><li>&lt;c&gt;</li></ul>"),
            "Hi you\n- a & b\n- <c>"
        );
    }

    #[test]
    fn only_what_is_written_now_mentions_somebody() {
        let html = sanitize(
            r#"<p><span data-mention="user:7">@Ada</span> <b data-mention="team:3">@Billing</b> <i data-mention="x">x</i>
               data-mention="user:5"</p><blockquote type="cite"><div><br><b data-mention="user:9">@Bob</b></div></blockquote><p data-mention="user:7"></p>"#,
        );
        assert_eq!(mentions(&html), ["user:7", "team:3"]);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(input in ".{0,200}") {
            let _ = to_text(&sanitize(&input));
            let _ = to_text(&input);
        }

        #[test]
        fn sanitising_twice_changes_nothing(input in "[<>a-z/\"= ]{0,120}") {
            let once = sanitize(&input);
            prop_assert_eq!(sanitize(&once), once);
        }
    }
}
