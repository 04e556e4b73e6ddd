//! JSON appended to one text, as the pages of lists are made: strings, keys, lists, times and cursors.

use crate::moment;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt::Write;

/// A JSON string, escaped as JSON requires.
pub fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut clean = 0;
    for (i, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[clean..i]);
        clean = i + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(&text[clean..]);
    out.push('"');
}

/// `"name":`, with a comma in front of all but the first.
pub fn key(out: &mut String, name: &str, first: bool) {
    if !first {
        out.push(',');
    }
    string(out, name);
    out.push(':');
}

pub fn list<'a>(out: &mut String, items: impl Iterator<Item = &'a str>) {
    out.push('[');
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push(',');
        }
        string(out, item);
    }
    out.push(']');
}

/// A timestamptz (microseconds since 2000, UTC) as a JSON string; null where it has no text.
pub fn timestamp(out: &mut String, micros: i64) {
    let before = out.len();
    out.push('"');
    if moment::write_timestamptz(out, micros) {
        out.push('"');
    } else {
        out.truncate(before);
        out.push_str("null");
    }
}

/// An opaque cursor: the sort value and id after which the next page begins, and the order. `api._decode_cursor` reads it.
pub fn cursor(value: Option<&str>, id: i64, sort: &str) -> String {
    let mut out = String::from("[");
    match value {
        Some(value) => string(&mut out, value),
        None => out.push_str("null"),
    }
    let _ = write!(out, ",{id},");
    string(&mut out, sort);
    out.push(']');
    URL_SAFE_NO_PAD.encode(out)
}

#[cfg(test)]
mod tests {
    use super::{string, timestamp};
    use proptest::prelude::*;

    fn written(micros: i64) -> String {
        let mut out = String::new();
        timestamp(&mut out, micros);
        out
    }

    #[test]
    fn moments_are_written_in_utc_with_what_they_have_of_a_second() {
        assert_eq!(written(0), "\"2000-01-01T00:00:00+00:00\"");
        assert_eq!(written(1), "\"2000-01-01T00:00:00.000001+00:00\"");
        assert_eq!(written(-1_500_000), "\"1999-12-31T23:59:58.5+00:00\"");
        assert_eq!(written(5_097_600_000_000), "\"2000-02-29T00:00:00+00:00\"");
        assert_eq!(written(i64::MAX), "\"infinity\"");
        assert_eq!(written(i64::MAX - 1), "null", "no calendar goes that far");
    }

    proptest! {
        #[test]
        fn every_text_comes_back_as_it_was(text in any::<String>()) {
            let mut out = String::new();
            string(&mut out, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&out).expect("JSON"), text);
        }
    }
}
