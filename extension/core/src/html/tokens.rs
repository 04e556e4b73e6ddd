//! Tokens of sanitised HTML: texts and tags. The sanitiser wrote it, so that every attribute is quoted and no text
//! holds a raw angle bracket.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    Text(&'a str),
    /// With its brackets; the name in lower case, as the sanitiser writes it.
    Open {
        name: &'a str,
        raw: &'a str,
    },
    Close {
        name: &'a str,
        raw: &'a str,
    },
}

pub fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if rest.starts_with('<') {
            tag_end(rest)
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(token(piece))
    })
}

fn token(piece: &str) -> Token<'_> {
    if !piece.starts_with('<') || !piece.ends_with('>') || piece.len() < 2 {
        return Token::Text(piece);
    }
    let inside = &piece[1..piece.len() - 1];
    let (closes, inside) = inside
        .strip_prefix('/')
        .map_or((false, inside), |rest| (true, rest));
    let name = inside
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    if closes {
        Token::Close { name, raw: piece }
    } else {
        Token::Open { name, raw: piece }
    }
}

/// Just behind the bracket that closes the tag at the beginning; one inside of quotes closes nothing. Without any, the
/// first within quotes counts, and then the end: what was looked at once is never looked at again.
fn tag_end(html: &str) -> usize {
    let (mut quoted, mut within) = (false, None);
    html.bytes()
        .enumerate()
        .position(|(at, byte)| match byte {
            b'"' => {
                quoted = !quoted;
                false
            }
            b'>' if quoted => {
                within.get_or_insert(at);
                false
            }
            b'>' => true,
            _ => false,
        })
        .or(within)
        .map_or(html.len(), |at| at + 1)
}

/// Names and still escaped values of an opening tag's attributes.
pub fn attributes(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = raw.split_once(' ').map_or("", |(_, rest)| rest);
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        rest = after;
        Some((name.trim(), value))
    })
}

pub fn attribute<'a>(raw: &'a str, name: &str) -> Option<&'a str> {
    attributes(raw).find_map(|(key, value)| (key == name).then_some(value))
}

/// Elements that have no end.
pub fn is_void(name: &str) -> bool {
    matches!(name, "area" | "br" | "col" | "hr" | "img" | "wbr")
}

pub fn is_block(name: &str) -> bool {
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

pub fn unescape(text: &str) -> String {
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

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_inside_of_an_attribute_ends_no_tag() {
        let raw = r#"<a href="/x" title="a > b">"#;
        assert_eq!(
            tokens(&format!("1{raw}2</a>")).collect::<Vec<_>>(),
            [
                Token::Text("1"),
                Token::Open { name: "a", raw },
                Token::Text("2"),
                Token::Close {
                    name: "a",
                    raw: "</a>"
                }
            ]
        );
        assert_eq!(attribute(raw, "title"), Some("a > b"));
        assert_eq!(attribute(raw, "rel"), None);
    }
}
