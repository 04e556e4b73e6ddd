//! Rewriting: the values that a template compares with are replaced, and nothing else changes.

use super::syntax::{closed, literal};

/// Calls `visit` with each variable and the value that it is compared with, which is replaced by the result. `None`
/// when nothing is replaced, or the text cannot be parsed to its end.
pub fn rewrite(
    text: &str,
    visit: &mut dyn FnMut(&str, Option<&str>) -> Option<String>,
) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inside = closed(&rest[start + 2..])?;
        out.push_str(&rest[..start + 2]);
        rest = &rest[start + 2 + inside.len()..];
        let new = if let Some(test) = inside.trim().strip_prefix("#if") {
            let (name, value) = match test.split_once("!=").or_else(|| test.split_once("==")) {
                Some((name, value)) => (name, literal(value)),
                None => (test.trim().trim_start_matches("not "), None),
            };
            // A quotation mark ends the text, so no name with one can be written here.
            visit(name.trim(), value)
                .filter(|new| !new.contains('"'))
                .zip(value)
        } else {
            let name = inside.split('|').next().unwrap_or_default();
            visit(name.trim(), None);
            None
        };
        match new {
            Some((new, old)) => {
                changed = true;
                out.push_str(&inside.replacen(&format!("\"{old}\""), &format!("\"{new}\""), 1));
            }
            None => out.push_str(inside),
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}
