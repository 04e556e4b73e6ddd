//! Attachments: see `sql/api/attachments.sql`. Their bytes are streamed between client and store here; Postgres
//! decides first, as the caller, whether the caller may send or read them.

use crate::app::App;
use crate::db::error::has_transient_cause;
use crate::db::once;
use crate::db::retry::{ATTEMPTS, pause};
use crate::error::{ApiResult, Problem};
use crate::http::caller::Caller;
use crate::http::etag;
use crate::http::query::Query;
use crate::http::range::{self, Asked};
use crate::model::{Attachment, Deleted, FileContent};
use crate::store::files::{Received, too_large};
use crate::store::preview::Preview;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use tokio_postgres::types::Type;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Shown by a browser inside of a page; everything else is saved to a file.
const SHOWN: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp"];
/// Types whose content a browser would run.
const ACTIVE: &[&str] = &["html", "svg", "xml", "javascript", "ecmascript"];

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_attachment, delete_attachment))
        .routes(routes!(download_attachment))
        .routes(routes!(get_thumbnail))
}

/// Apart from the others, because a file may be larger than any other body.
pub fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_attachment))
}

/// An upload that Postgres has registered.
#[derive(Deserialize)]
struct Begun {
    id: i64,
    r#type: String,
    max_bytes: u64,
}

fn read<T: DeserializeOwned>(json: &str) -> ApiResult<T> {
    serde_json::from_str(json).map_err(|error| {
        tracing::error!(%error, "the database answered in a shape of its own");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side",
            None,
        )
    })
}

/// Uploads a file: the body is its content, Content-Type its type. Name the id when sending a message or
/// making a ticket; what nobody attaches is removed after a day.
#[utoipa::path(post, path = "/api/attachments", tag = "attachments", params(("name" = String, Query, max_length = 255, description = "The name of the file")), request_body(content = FileContent, content_type = "application/octet-stream"), responses((status = 201, body = Attachment)))]
pub async fn create_attachment(
    caller: Caller,
    Query(query): Query,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let mut request: Value = read(&query)?;
    request["type"] = json!(text(header::CONTENT_TYPE));
    if let Some(size) = text(header::CONTENT_LENGTH).and_then(|n| n.parse::<i64>().ok()) {
        request["size"] = json!(size);
    }
    let request = request.to_string();
    let begun = caller
        .json("api.create_attachment($1::text::jsonb)", &[&request])
        .await?;
    let begun: Begun = read(&begun)?;
    let files = &caller.app.files;
    let stored = match files.receive(body, begun.max_bytes).await {
        Ok(received) => {
            let stored = store(&caller, &begun, &received, &request).await;
            if !matches!(stored, Ok(Stored::New(_))) {
                files.discard(&received).await;
            }
            stored
        }
        Err(problem) => Err(problem),
    };
    if !matches!(stored, Ok(Stored::New(_))) {
        let call = "api.delete_attachment($1)";
        let _ = caller.fetch(call, &[&begun.id]).await;
    }
    let json = stored.map(|stored| match stored {
        Stored::New(json) | Stored::Before(json) => json,
    });
    caller.created(json).await
}

/// The attachment as JSON.
enum Stored {
    New(String),
    /// The stored answer of the same request.
    Before(String),
}

/// What stopped an attempt to store an upload.
enum Stopped {
    ByDatabase(tokio_postgres::Error),
    For(Box<Problem>),
}

impl From<tokio_postgres::Error> for Stopped {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::ByDatabase(error)
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::For(Box::new(problem))
    }
}

/// A received upload with what is known of it by now.
struct Upload<'a> {
    id: i64,
    received: &'a Received,
    kind: &'a str,
    preview: Preview,
    /// With an Idempotency-Key: of the name, the type and every byte.
    fingerprint: Vec<u8>,
    /// Whether the content is at its final path already.
    kept: bool,
}

/// An attempt that met others in the database left no row, and is made again.
async fn store(
    caller: &Caller,
    begun: &Begun,
    received: &Received,
    request: &str,
) -> ApiResult<Stored> {
    if received.size > begun.max_bytes {
        return Err(too_large(begun.max_bytes));
    }
    let preview: Preview = caller.app.files.preview(received).await?;
    // The detected type overrides the declared one.
    let kind = match received.format {
        Some(format) => format.to_mime_type(),
        None if begun.r#type.starts_with("image/") && SHOWN.contains(&begun.r#type.as_str()) => {
            "application/octet-stream"
        }
        None => &begun.r#type,
    };
    let mut declared: Value = read(request)?;
    declared["size"] = json!(received.size);
    let mut upload = Upload {
        id: begun.id,
        received,
        kind,
        preview,
        fingerprint: Sha256::new()
            .chain_update(&received.sha256)
            .chain_update(declared.to_string())
            .finalize()
            .to_vec(),
        kept: false,
    };
    let mut attempt = 0;
    loop {
        match attempt_store(caller, &mut upload).await {
            Ok(stored) => return Ok(stored),
            Err(Stopped::For(problem)) => return Err(*problem),
            Err(Stopped::ByDatabase(error)) => {
                attempt += 1;
                if !has_transient_cause(&error) || attempt == ATTEMPTS {
                    return Err(error.into());
                }
            }
        }
        pause(attempt - 1).await;
    }
}

/// The row first, then the content at its final path, then the commit, for which the sweep waits.
async fn attempt_store(caller: &Caller, upload: &mut Upload<'_>) -> Result<Stored, Stopped> {
    let size = i64::try_from(upload.received.size).unwrap_or(i64::MAX);
    let has_thumbnail = upload.preview.thumbnail.is_some();
    let mut client = caller.app.pool.get().await.map_err(Problem::from)?;
    let transaction = client.transaction().await?;
    if let Some(key) = caller.idempotency_key() {
        let claimed = caller.claim(&transaction, key, &upload.fingerprint).await?;
        if let Some(json) = claimed {
            return Ok(Stored::Before(json));
        }
        // Only the API's own role finishes an upload.
        transaction.batch_execute("reset role").await?;
    }
    transaction
        .query_typed(
            "select worker.finish_upload($1, $2, $3, $4, $5, $6, $7)",
            &[
                (&upload.id, Type::INT8),
                (&upload.received.sha256, Type::BYTEA),
                (&size, Type::INT8),
                (&upload.kind, Type::TEXT),
                (&upload.preview.width, Type::INT4),
                (&upload.preview.height, Type::INT4),
                (&has_thumbnail, Type::BOOL),
            ],
        )
        .await?;
    if !upload.kept {
        let thumbnail = upload.preview.thumbnail.clone();
        caller.app.files.keep(upload.received, thumbnail).await?;
        upload.kept = true;
    }
    caller.assume(&transaction).await?;
    let rows = transaction
        .query_typed(
            "select api.get_attachment($1)::text",
            &[(&upload.id, Type::INT8)],
        )
        .await?;
    let json: String = rows.first().map(|row| row.get(0)).unwrap_or_default();
    if let Some(key) = caller.idempotency_key() {
        once::store(&transaction, key, &json).await?;
    }
    transaction.commit().await?;
    Ok(Stored::New(json))
}

/// An attachment, without its content.
#[utoipa::path(get, path = "/api/attachments/{id}", tag = "attachments", params(("id" = i64, Path)), responses((status = 200, body = Attachment)))]
pub async fn get_attachment(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_attachment($1)", &[&id]).await
}

/// Discards an upload that waits, or takes a file out of a message for good.
#[utoipa::path(delete, path = "/api/attachments/{id}", tag = "attachments", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_attachment(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.delete_attachment($1)", &[&id]).await
}

/// The content; understands Range and If-None-Match.
#[utoipa::path(get, path = "/api/attachments/{id}/content", tag = "attachments", params(("id" = i64, Path)), responses((status = 200, body = FileContent, content_type = "application/octet-stream"), (status = 206, body = FileContent, content_type = "application/octet-stream")))]
pub async fn download_attachment(
    caller: Caller,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> ApiResult {
    let call = "api.download_attachment($1)";
    let json = caller.json(call, &[&id]).await?;
    let attachment: Attachment = read(&json)?;
    let tag = format!("\"{}\"", attachment.sha256);
    let size = u64::try_from(attachment.size).unwrap_or_default();
    let mut answer = common(&attachment.name, &attachment.r#type, &tag);
    if etag::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let fresh = headers
        .get(header::IF_RANGE)
        .is_none_or(|known| known.as_bytes() == tag.as_bytes());
    let asked = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok())
        .filter(|_| fresh);
    let (status, range) = match asked.map(|range| range::asked(range, size)) {
        None | Some(Asked::Everything) => (StatusCode::OK, None),
        Some(Asked::Part(range)) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Some(Asked::Nothing) => {
            let mut response = Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                format!("The file has {size} bytes"),
                None,
            )
            .into_response();
            set(
                response.headers_mut(),
                header::CONTENT_RANGE,
                &format!("bytes */{size}"),
            );
            return Ok(response);
        }
    };
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(range) = &range {
        let part = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        set(&mut answer, header::CONTENT_RANGE, &part);
    }
    let body = if size == 0 {
        Body::empty()
    } else {
        caller.app.files.read(&attachment.sha256, range).await?
    };
    Ok((status, answer, body).into_response())
}

/// A small picture of an image, as PNG.
#[utoipa::path(get, path = "/api/attachments/{id}/thumbnail", tag = "attachments", params(("id" = i64, Path)), responses((status = 200, body = FileContent, content_type = "image/png")))]
pub async fn get_thumbnail(caller: Caller, Path(id): Path<i64>, headers: HeaderMap) -> ApiResult {
    let call = "api.get_thumbnail($1)";
    let json = caller.json(call, &[&id]).await?;
    let attachment: Attachment = read(&json)?;
    let tag = format!("\"{}-thumbnail\"", attachment.sha256);
    let answer = common("thumbnail.png", "image/png", &tag);
    if etag::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    let bytes = caller.app.files.thumbnail(&attachment.sha256).await?;
    Ok((answer, bytes).into_response())
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Headers that keep browsers from running an uploaded file.
fn common(name: &str, kind: &str, tag: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let active = kind.starts_with("text/") && kind != "text/plain" && kind != "text/csv"
        || ACTIVE.iter().any(|part| kind.contains(part));
    let kind = if active {
        "application/octet-stream"
    } else {
        kind
    };
    set(&mut headers, header::CONTENT_TYPE, kind);
    set(&mut headers, header::ETAG, tag);
    set(
        &mut headers,
        header::CONTENT_DISPOSITION,
        &disposition(name, SHOWN.contains(&kind)),
    );
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        // Revalidated each time: a right can end.
        (header::CACHE_CONTROL, "private, no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

/// RFC 6266: an ASCII name that every client reads, and the real one.
fn disposition(name: &str, shown: bool) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' | '/' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let mut out = format!(
        "{}; filename=\"{plain}\"; filename*=UTF-8''",
        if shown { "inline" } else { "attachment" }
    );
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("a\"b\r\n ü.pdf", false),
            "attachment; filename=\"a_b__ _.pdf\"; filename*=UTF-8''a%22b%0D%0A%20%C3%BC.pdf"
        );
    }

    #[test]
    fn nothing_that_runs_is_shown() {
        for kind in [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/javascript",
            "application/xml",
        ] {
            let headers = common("x", kind, "\"t\"");
            assert_eq!(
                headers[header::CONTENT_TYPE],
                "application/octet-stream",
                "{kind}"
            );
            assert!(
                headers[header::CONTENT_DISPOSITION]
                    .as_bytes()
                    .starts_with(b"attachment"),
                "{kind}"
            );
        }
        assert!(
            common("x", "image/png", "\"t\"")[header::CONTENT_DISPOSITION]
                .as_bytes()
                .starts_with(b"inline")
        );
    }
}
