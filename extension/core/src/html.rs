//! What a message may contain: safe HTML, and its plain-text twin.

use std::collections::HashSet;
use std::sync::LazyLock;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .link_rel(Some("noopener noreferrer nofollow"))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .add_generic_attributes(["data-mention"]);
    builder
});

/// The same message with everything active taken out: scripts, handlers, frames, styles, foreign schemes.
pub fn sanitize(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

/// The text of already sanitised HTML: blocks become lines, entities become characters.
pub fn to_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&unescape(&rest[..open]));
        let Some(close) = rest[open..].find('>') else {
            rest = &rest[open + 1..];
            continue;
        };
        let tag = rest[open + 1..open + close].trim_start_matches('/');
        let name = tag
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if is_block(&name) && !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        if name == "li" && rest.as_bytes().get(open + 1) != Some(&b'/') {
            out.push_str("- ");
        }
        rest = &rest[open + close + 1..];
    }
    out.push_str(&unescape(rest));
    out.trim().to_owned()
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "br"
            | "li"
            | "ul"
            | "ol"
            | "blockquote"
            | "pre"
            | "tr"
            | "table"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
    )
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // `&amp;` last, or `&amp;lt;` would turn into a tag.
    text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
