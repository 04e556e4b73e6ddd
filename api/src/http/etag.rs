//! Entity tags and conditional requests.
//!
//! A tag is a digest of the whole answer, so another answer (a requester renamed, other fields for another role) has
//! another tag. The tag of a resource begins with its version, which alone decides for writers: a new name of the
//! requester is no reason to refuse a change of the ticket.

use crate::error::{ApiResult, Problem};
use axum::http::{HeaderMap, header};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use std::hash::{DefaultHasher, Hash, Hasher};

/// `"7-1f…"` for a resource at version 7 (its second key, always), a weak digest for anything else.
pub fn of(json: &str) -> String {
    let mut hasher = DefaultHasher::new();
    json.hash(&mut hasher);
    let digest = hasher.finish();
    let head = json.get(..80).unwrap_or(json);
    let version = head.split_once("\"version\"").and_then(|(before, rest)| {
        let digits: String = rest
            .trim_start_matches([':', ' '])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        (before.matches('{').count() == 1 && !digits.is_empty()).then_some(digits)
    });
    version.map_or_else(
        || format!("W/\"{digest:x}\""),
        |version| format!("\"{version}-{digest:x}\""),
    )
}

/// Whether `If-None-Match` names this tag: alone, in a list, weak, or as `*`.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let Some(known) = headers.typed_get::<IfNoneMatch>() else {
        return false;
    };
    tag.parse::<ETag>()
        .is_ok_and(|tag| !known.precondition_passes(&tag))
}

/// The condition of an `If-Match` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// `*`: the resource exists.
    Anything,
    /// One of these versions.
    Versions(Vec<i64>),
}

/// The versions in `If-Match`; weak tags count as well, since a compressing proxy weakens them. The `headers` crate
/// does not expose the list of its `IfMatch`, so it is parsed here.
pub fn expected(headers: &HeaderMap) -> ApiResult<Option<Expected>> {
    let mut versions = Vec::new();
    let mut is_asked = false;
    for value in headers.get_all(header::IF_MATCH) {
        is_asked = true;
        for tag in value.to_str().unwrap_or_default().split(',').map(str::trim) {
            if tag == "*" {
                return Ok(Some(Expected::Anything));
            }
            let text = tag.trim_start_matches("W/").trim_matches('"');
            let version = text.split_once('-').map_or(text, |(version, _)| version);
            if let Ok(version) = version.parse() {
                versions.push(version);
            }
        }
    }
    if is_asked && versions.is_empty() {
        return Err(Problem::bad_request(
            "If-Match must name versions such as \"7\", tags that a read gave, or *",
            "Send the ETag of the last answer unchanged, or leave the header out.",
        ));
    }
    Ok(is_asked.then_some(Expected::Versions(versions)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().expect("a header"))])
    }

    #[test]
    fn a_tag_is_of_everything_that_is_shown() {
        let tag = of(r#"{"id":1,"version":7,"x":1}"#);
        assert!(tag.starts_with("\"7-"), "{tag}");
        assert_ne!(tag, of(r#"{"id":1,"version":7,"x":2}"#));
        assert!(of(r#"{"id": 1, "key": "a", "version": 12}"#).starts_with("\"12-"));
        assert!(of(r#"{"items":[{"id":1,"version":7}]}"#).starts_with("W/"));
    }

    #[test]
    fn a_known_tag_is_found_in_lists_and_as_a_weak_one() {
        let tag = of(r#"{"id":1,"version":7}"#);
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".into(),
        ] {
            assert!(
                is_known(&with(header::IF_NONE_MATCH, &known), &tag),
                "{known}"
            );
        }
        assert!(!is_known(
            &with(header::IF_NONE_MATCH, "\"7\", \"x\""),
            &tag
        ));
        let list = of("{}");
        assert!(is_known(&with(header::IF_NONE_MATCH, &list), &list));
    }

    #[test]
    fn a_writer_names_versions_or_whole_tags() {
        let versions = |text: &str| expected(&with(header::IF_MATCH, text)).ok().flatten();
        assert_eq!(versions("\"7\""), Some(Expected::Versions(vec![7])));
        assert_eq!(versions("W/\"7-ab1\""), Some(Expected::Versions(vec![7])));
        assert_eq!(
            versions("\"7-ab1\", \"x\", \"8\""),
            Some(Expected::Versions(vec![7, 8]))
        );
        assert_eq!(versions("*"), Some(Expected::Anything));
        assert!(expected(&with(header::IF_MATCH, "\"x\"")).is_err());
    }
}
