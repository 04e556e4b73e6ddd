//! Request bodies, checked before Postgres reads them: complete in time, UTF-8, JSON, not nested too deeply, and
//! without characters that no text of the database can hold.

use crate::error::{FieldProblem, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::error::Error;
use std::time::Duration;
use tower_http::timeout::TimeoutError;

/// The time for a whole body; between two parts of it, and for headers, `AUTOCRM_READ_TIMEOUT` counts.
const WHOLE: Duration = Duration::from_secs(30);
/// Levels of lists and objects within each other.
pub const DEEPEST: usize = 100;

/// The body as it came: Postgres reads the JSON.
pub struct Json(pub String);

impl<S: Send + Sync> FromRequest<S> for Json {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Ok(read) = tokio::time::timeout(WHOLE, Bytes::from_request(request, state)).await
        else {
            return Err(too_slow());
        };
        let bytes = read.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return Problem::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "The body is larger than 1 MiB",
                    Some("Send less at once; files are uploaded by POST /api/attachments."),
                );
            }
            let mut cause = rejection.source();
            while let Some(error) = cause {
                if error.is::<TimeoutError>() {
                    return too_slow();
                }
                cause = error.source();
            }
            Problem::bad_request("The body ended before its end", "Send the request again.")
        })?;
        let body = String::from_utf8(bytes.into()).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Problem::bad_request(
                format!("The body is not UTF-8: byte {at} belongs to no character"),
                "Send JSON in UTF-8.",
            )
        })?;
        if body.trim().is_empty() {
            return Ok(Self("{}".into()));
        }
        check(&body).map_err(|message| unusable("body", &message))?;
        if let Err(error) = serde_json::from_str::<&serde_json::value::RawValue>(&body) {
            return Err(Problem::bad_request(
                format!("The body is not JSON: {error}"),
                "Send one JSON object, such as the example of this operation in /api/docs.",
            ));
        }
        Ok(Self(body))
    }
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "The body did not arrive in time",
        Some("Send the request again."),
    )
}

/// Characters of a text of such a body: no address or password is as long, and hashing takes time by length.
const LONGEST: usize = 1000;

/// A body that the database never sees, because it holds a password: texts that must be there, and switches that may.
pub fn read<T: DeserializeOwned>(
    body: &str,
    texts: &[&str],
    switches: &[&str],
) -> Result<T, Problem> {
    let Ok(Value::Object(members)) = serde_json::from_str(body) else {
        return Err(unusable("body", "must be a JSON object"));
    };
    let known: Vec<&str> = texts.iter().chain(switches).copied().collect();
    let mut problems: Vec<(&str, String)> = Vec::new();
    for name in members.keys().map(String::as_str) {
        if !known.contains(&name) {
            let message = format!("is not known here; one of {}", known.join(", "));
            problems.push((name, message));
        }
    }
    for &name in texts {
        match members.get(name) {
            Some(Value::String(text)) if text.chars().nth(LONGEST).is_some() => {
                problems.push((name, format!("must have at most {LONGEST} characters")));
            }
            Some(Value::String(_)) => {}
            Some(_) => problems.push((name, "must be a text".to_owned())),
            None => problems.push((name, "is required".to_owned())),
        }
    }
    for &name in switches {
        if members.get(name).is_some_and(|value| !value.is_boolean()) {
            problems.push((name, "must be true or false".to_owned()));
        }
    }
    if !problems.is_empty() {
        return Err(refused(problems));
    }
    serde_json::from_str(body).map_err(|_| unusable("body", "cannot be read"))
}

/// 422 with one path.
pub fn unusable(path: &str, message: &str) -> Problem {
    refused(vec![(path, message.to_owned())])
}

fn refused(problems: Vec<(&str, String)>) -> Problem {
    let mut problem = Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "This cannot be read",
        Some("Correct each value and send the request again; nothing was saved."),
    );
    problem.problems = problems
        .into_iter()
        .map(|(path, message)| FieldProblem::new(path, message))
        .collect();
    problem
}

/// One pass over the text, without recursion. Text that is no JSON at all passes: the parser reports it.
fn check(body: &str) -> Result<(), String> {
    let bytes = body.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                at = string(bytes, at + 1)?;
                continue;
            }
            b'-' | b'0'..=b'9' => {
                let end = bytes[at..]
                    .iter()
                    .position(|byte| {
                        !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
                    })
                    .map_or(bytes.len(), |length| at + length);
                // Exact numbers are kept exactly, within the range that every reader of JSON knows.
                if body[at..end].parse::<f64>().is_ok_and(f64::is_infinite) {
                    return Err(format!("has a number at byte {at} that is out of range"));
                }
                at = end;
                continue;
            }
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("is nested more than {DEEPEST} levels deep"));
        }
        at += 1;
    }
    Ok(())
}

/// The offset behind a string that begins at `at`.
fn string(bytes: &[u8], mut at: usize) -> Result<usize, String> {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return Ok(at + 1),
            b'\\' if bytes.get(at + 1) == Some(&b'u') => {
                let begun = at;
                let unit = code_unit(bytes, at);
                at += 6;
                match unit {
                    Some(0) => {
                        return Err(format!(
                            "has the character U+0000 at byte {begun}, which no text may hold"
                        ));
                    }
                    Some(0xD800..=0xDBFF)
                        if matches!(code_unit(bytes, at), Some(0xDC00..=0xDFFF)) =>
                    {
                        at += 6;
                    }
                    Some(0xD800..=0xDFFF) => {
                        return Err(format!(
                            "has half a character (a lone surrogate) at byte {begun}"
                        ));
                    }
                    _ => {}
                }
            }
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    Ok(at)
}

/// The number of `\u1234` at this offset.
fn code_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let text = bytes.get(at..at + 6)?;
    let digits = std::str::from_utf8(text.strip_prefix(b"\\u")?).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_member_of_a_body_with_a_password_is_named() {
        let read = |body| read::<Value>(body, &["password"], &["end_others"]);
        let cases: [(&str, &[&str]); 6] = [
            (r#"{"password": "p", "end_others": true}"#, &[]),
            (r#"{"password": "p"}"#, &[]),
            ("{}", &["password"]),
            (
                r#"{"password": 7, "end_others": null, "more": 1}"#,
                &["more", "password", "end_others"],
            ),
            ("[]", &["body"]),
            ("{", &["body"]),
        ];
        for (body, paths) in cases {
            let problems = read(body).err().map(|problem| problem.problems);
            let found: Vec<String> = problems.into_iter().flatten().map(|one| one.path).collect();
            assert_eq!(found, paths, "{body}");
        }
    }

    #[test]
    fn what_the_database_cannot_hold_is_refused_before_it() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        for (body, fine) in [
            (r#"{"a": "x\\u0000", "b": ["[", "\ud83d\ude00"]}"#, true),
            (r#"{"a": "\u0000"}"#, false),
            (r#"{"a": "\ud800"}"#, false),
            (r#"{"a": "\udc00\ud800"}"#, false),
            (r#"{"a": "\ud800\u0041"}"#, false),
            (r#"{"a": "\\"}"#, true),
            (r#"{"a": "\"[[[["}"#, true),
            (r#"{"a": "\u00"#, true),
            (&deep, false),
            (r#"{"a": 1e400}"#, false),
            (r#"{"a": [-1e400, 1]}"#, false),
            (r#"{"a": [12345678901234567890.25, 1e-400, "1e400"]}"#, true),
            (&("[".repeat(100) + &"]".repeat(100)), true),
        ] {
            assert_eq!(check(body).is_ok(), fine, "{body:.60}");
        }
    }
}
