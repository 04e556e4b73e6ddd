//! Errors over HTTP: RFC 9457 problems, mapped from SQLSTATEs in one table.

use crate::db::error::{CallError, Detailed};
use crate::reason::reason;
use autocrm_core::constraint::{Broken, Words, words};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use tokio_postgres::error::DbError;
use utoipa::ToSchema;

/// One thing that is wrong with a request.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// Where: a key of the body or the query, such as `custom.serial`
    pub path: String,
    /// In English
    pub message: String,
    /// The same as a word, for translation; without one there is only the text
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the reason names, such as `{"most": "200"}` of `too_long`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl FieldProblem {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        let (reason, values) = reason(&message);
        Self {
            path: path.into(),
            message,
            reason,
            values,
        }
    }

    /// What the database tells line by line: `path: message`.
    pub fn lines(text: &str) -> Vec<Self> {
        text.lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(path, message)| Self::new(path, message))
            .collect()
    }
}

/// An error as RFC 9457 describes it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable: `TK` and the HTTP status
    pub code: String,
    /// In English
    pub detail: String,
    /// The same as a word, for translation; without one the code and the problems tell
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FieldProblem>,
    /// With 409: the resource as it is now
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub current: Option<Box<RawValue>>,
    /// Seconds, for the header Retry-After
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

pub type ApiResult<T = Response> = Result<T, Problem>;

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>, hint: Option<&str>) -> Self {
        let code = format!("TK{}", status.as_u16());
        let detail = detail.into();
        let (reason, values) = reason(&detail);
        Self {
            kind: format!("https://autocrm.dev/problems/{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code,
            detail,
            reason,
            values,
            hint: hint.map(str::to_owned),
            problems: Vec::new(),
            current: None,
            retry_after: None,
        }
    }

    pub fn unauthorized(detail: &str) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            detail,
            Some("Log in, or send an API key as a bearer token."),
        )
    }

    pub fn bad_request(detail: impl Into<String>, hint: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail, Some(hint))
    }
}

/// Postgres' own errors, in words that reveal no internals.
fn known(error: &DbError) -> (StatusCode, String, Option<&'static str>) {
    match error.code().code() {
        // Longer than an index takes, deeper than the stack, more columns than there may be.
        code if code.starts_with("54") => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "A value is longer or deeper than it may be".into(),
            Some("Send less of it."),
        ),
        code if code.starts_with("22") => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "A value cannot be read".into(),
            Some("Check that each value has its type."),
        ),
        "42501" => (
            StatusCode::FORBIDDEN,
            "You may not do this".into(),
            Some("Ask an administrator."),
        ),
        "40001" | "40P01" | "55P03" => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Others were changing the same thing".into(),
            Some("Nothing was saved; send the request again."),
        ),
        "57014" => (
            StatusCode::GATEWAY_TIMEOUT,
            "This took too long and was stopped".into(),
            Some(
                "Nothing was saved. Ask for less at once, such as a smaller page or a narrower filter.",
            ),
        ),
        // Shutting down, starting, no room, no line; a server that has become a standby.
        "25006" | "25P03" => unavailable(),
        code if code.starts_with("57P") || code.starts_with("53") || code.starts_with("08") => {
            unavailable()
        }
        _ => {
            tracing::error!(
                sqlstate = error.code().code(),
                message = error.message(),
                "unexpected database error"
            );
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on our side".into(),
                None,
            )
        }
    }
}

/// Columns that bodies have another key for.
const KEYS: &[(&str, &str, &str)] = &[("ticket_links", "kind", "relation")];

/// A broken constraint, which the core puts into words.
fn broken(error: &DbError) -> Option<Broken<'_>> {
    let code = error.code().code();
    code.starts_with("23").then(|| Broken {
        code,
        table: error.table().unwrap_or_default(),
        column: error.column().unwrap_or_default(),
        constraint: error.constraint().unwrap_or_default(),
        // The same code tells that a row which is removed is still referred to.
        names_none: error.message().starts_with("insert or update"),
    })
}

impl From<Words> for Problem {
    fn from(words: Words) -> Self {
        let status = StatusCode::from_u16(words.status).unwrap_or(StatusCode::CONFLICT);
        let mut problem = Self::new(status, words.message, Some(words.hint));
        problem.problems.extend(
            words
                .problem
                .map(|problem| FieldProblem::new(problem.path, problem.message)),
        );
        problem
    }
}

fn unavailable() -> (StatusCode, String, Option<&'static str>) {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "The database cannot be reached".into(),
        Some("Try again in a moment."),
    )
}

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            tracing::error!(error = %Detailed(&error), "the database connection failed");
            let (status, detail, hint) = unavailable();
            return Self::new(status, detail, hint);
        };
        let own = db
            .code()
            .code()
            .strip_prefix("TK")
            .and_then(|n| n.parse().ok())
            .and_then(|n| StatusCode::from_u16(n).ok());
        let Some(status) = own else {
            if let Some(broken) = broken(db) {
                let mut words = words(&broken);
                if let Some(problem) = &mut words.problem
                    && let Some((.., key)) = KEYS.iter().find(|(table, column, _)| {
                        (*table, *column) == (broken.table, &problem.path)
                    })
                {
                    problem.path = (*key).to_owned();
                }
                return words.into();
            }
            let (status, detail, hint) = known(db);
            return Self::new(status, detail, hint);
        };
        let mut problem = Self::new(status, db.message(), db.hint());
        match (status, db.detail()) {
            (StatusCode::CONFLICT, Some(current)) => {
                problem.current = RawValue::from_string(current.to_owned()).ok();
            }
            (_, Some(lines)) => {
                problem.problems = FieldProblem::lines(lines);
            }
            _ => {}
        }
        problem
    }
}

/// A token could not be signed.
impl From<jsonwebtoken::errors::Error> for Problem {
    fn from(error: jsonwebtoken::errors::Error) -> Self {
        tracing::error!(%error, "no token could be signed");
        Self::unauthorized("No token could be made")
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Pool(error) => error.into(),
            CallError::Database(error) => error.into(),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Problem {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        tracing::error!(error = %Detailed(&error), "no database connection");
        let (status, detail, hint) = unavailable();
        Self::new(status, detail, hint)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let kind = header::HeaderValue::from_static("application/problem+json");
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
