//! Errors over HTTP: RFC 9457 problems, mapped from SQLSTATEs in one table.

use crate::db::error::{CallError, Detailed};
use crate::reason::reason;
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
    let column = error.column().unwrap_or("a value");
    match error.code().code() {
        "23502" => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{column} is required"),
            Some("Give it a value and send the request again; nothing was saved."),
        ),
        "23503" => (
            StatusCode::CONFLICT,
            "This refers to something that does not exist, or something still refers to it".into(),
            Some("Check the ids; what is still in use can be deactivated instead of removed."),
        ),
        "23505" => (
            StatusCode::CONFLICT,
            "There is one like this already".into(),
            Some("Use another name, key, e-mail address or external id."),
        ),
        "23514" => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "A value is outside of what is allowed".into(),
            Some("Correct it and send the request again; nothing was saved."),
        ),
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

/// Path and message for a constraint that limits one column: its name carries the column and the limit, as in
/// `tickets_external_id_max_255`.
fn limit(error: &DbError) -> Option<(String, String)> {
    if error.code().code() != "23514" {
        return None;
    }
    let name = error
        .constraint()?
        .strip_prefix(error.table()?)?
        .strip_prefix('_')?;
    if let Some(path) = name.strip_suffix("_check") {
        return Some((path.to_owned(), "is outside of what is allowed".to_owned()));
    }
    let (rest, most) = name.rsplit_once('_')?;
    let (path, kind) = rest.rsplit_once('_')?;
    let message = match kind {
        "max" => format!("must have at most {most} characters"),
        "most" => format!("must have at most {most} entries"),
        "bytes" => format!("must have at most {most} bytes"),
        _ => return None,
    };
    Some((path.to_owned(), message))
}

/// What a unique index over several columns, or over a part of the rows, refuses: the key of the body that is in the way,
/// the message and the hint. They are the same whether or not the caller sees the row that is there, and say nothing of
/// it. That there is one cannot be kept from them: of two the desk keeps none but the first.
const TAKEN: &[(&str, &str, &str, &str)] = &[
    (
        "object_fields_object_type_id_key_key",
        "key",
        "is taken by another",
        "Each key is one field of its type: use another.",
    ),
    (
        "object_records_object_type_id_external_key_key",
        "external_key",
        "is taken by another",
        "Each external key is one record of its type: use another, or change the record that has it.",
    ),
    (
        "status_transitions_team_id_from_status_id_to_status_id_key",
        "to_status_id",
        "is allowed already",
        "Nothing is left to do.",
    ),
    (
        "customer_notes_pinned_user_key",
        "pinned",
        "is so of another note",
        "Another note was pinned at the same moment; send the request again.",
    ),
    (
        "customer_notes_pinned_organization_key",
        "pinned",
        "is so of another note",
        "Another note was pinned at the same moment; send the request again.",
    ),
    (
        "ticket_forms_default_key",
        "is_default",
        "is so of another form",
        "Another form became the default at the same moment; send the request again.",
    ),
    (
        "tickets_external_key",
        "external_id",
        "is taken by another",
        "Use another external id, or change the ticket that has it.",
    ),
    (
        "ticket_links_kind_ticket_id_other_id_key",
        "ticket_id",
        "is linked like this already",
        "Nothing is left to do.",
    ),
    (
        "ticket_links_one_key",
        "relation",
        "is there already: a ticket is an incident of one problem and a child of one ticket",
        "Link them as related, or have the link that there is removed by somebody who sees both of its tickets.",
    ),
];

/// Path and message where a constraint over one column names it: `customer_notes_user_id_fkey`, `users_email_key`.
fn one_column(error: &DbError) -> Option<(String, String)> {
    let code = error.code().code();
    if code == "23502" {
        return Some((error.column()?.to_owned(), "is required".to_owned()));
    }
    let name = error
        .constraint()?
        .strip_prefix(error.table()?)?
        .strip_prefix('_')?;
    let (path, message) = match code {
        // The same code tells that a row which is removed is still referred to; its table is another one.
        "23503" if error.message().starts_with("insert or update") => {
            (name.strip_suffix("_fkey")?, "there is none of this id")
        }
        "23505" => (name.strip_suffix("_key")?, "is taken by another"),
        _ => return None,
    };
    Some((path.to_owned(), message.to_owned()))
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
            let (status, detail, hint) = known(db);
            let taken = TAKEN
                .iter()
                .find(|(name, ..)| db.constraint() == Some(*name));
            if let Some((_, path, message, hint)) = taken {
                let mut problem = Self::new(status, detail, Some(*hint));
                problem.problems.push(FieldProblem::new(*path, *message));
                return problem;
            }
            let mut problem = Self::new(status, detail, hint);
            if let Some((path, message)) = limit(db).or_else(|| one_column(db)) {
                problem.problems.push(FieldProblem::new(path, message));
            }
            return problem;
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
        let mut response = (status, Json(self)).into_response();
        let kind = header::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
