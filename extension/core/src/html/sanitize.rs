//! Sanitising: a message keeps what is safe to show, with its quotes marked.

use super::bounds::{self, Excess};
use super::mentions::mention;
use super::quote;
use crate::pause::pause;
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Read};
use std::sync::LazyLock;

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

/// The value that an attribute keeps; `None` removes the attribute.
fn keep<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (element, attribute) {
        (_, "class") => quote::is_class(value).then_some(Cow::Borrowed("quote")),
        ("div" | "hr", "id") => quote::is_start(value).then_some(Cow::Borrowed(quote::START)),
        ("blockquote", "type") => value
            .eq_ignore_ascii_case("cite")
            .then_some(Cow::Borrowed("cite")),
        // Browsers do not show it, and ammonia does not check its scheme.
        (_, "cite") => None,
        (_, "data-mention") => mention(value).map(|_| Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The message without anything active (scripts, handlers, frames, styles, foreign schemes) and with its quotes
/// marked; refused when it exceeds the bounds of parsing.
pub fn sanitize(html: &str) -> Result<String, Excess> {
    bounds::check(html)?;
    let Ok(clean) = CLEANER.clean_from_reader(Pausing(html.as_bytes())) else {
        unreachable!("text in memory is always read");
    };
    Ok(quote::mark(clean.to_string()))
}

/// Text that is read in pieces, so that parsing it can be cancelled.
struct Pausing<'a>(&'a [u8]);

impl Read for Pausing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        pause();
        let most = into.len().min(1_024);
        self.0.read(&mut into[..most])
    }
}

#[cfg(test)]
mod tests {
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

    /// Patterns that cost a parser more than their length, each as long as it is taken.
    #[test]
    fn what_is_taken_is_sanitised_soon() {
        for pattern in [
            "<a><table>",
            "<nobr><table>",
            "<table><div>",
            "<table>x",
            "<b><p></b>",
            "<a><div>x</a>",
            "<i><u><p></i>y",
            "<li><font>",
            "<p>a<br>",
            "<select><b>",
            "<button><p>",
            "<form><table>",
            "<h1><table><a>",
            "<table><a><td>",
            "<svg><b>",
            "<math><mi><p>",
            "<applet><a>",
            "<marquee><b></marquee>",
            "<frameset>",
            "</p>",
            "</br>",
            "<tr>",
            "<caption><a>",
            "<!-->",
            "<![CDATA[",
            "<a b c d e=f>",
        ] {
            let mut times = 64;
            while super::bounds::check(&pattern.repeat(times * 2)).is_ok()
                && pattern.len() * times < 1 << 20
            {
                times *= 2;
            }
            let html = pattern.repeat(times);
            let began = std::time::Instant::now();
            let _ = super::sanitize(&html);
            assert!(
                began.elapsed().as_secs() < 5,
                "{times} times {pattern}: {:?}",
                began.elapsed()
            );
        }
    }

    proptest! {
        #[test]
        fn sanitising_twice_changes_nothing(input in "[<>a-z/\"= ]{0,120}") {
            let once = sanitize(&input);
            prop_assert_eq!(sanitize(&once), once);
        }
    }
}
