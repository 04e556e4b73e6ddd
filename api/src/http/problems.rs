//! Errors of the router, of extractors and of limits are plain text: they become problems like all others.

use crate::error::Problem;
use axum::extract::Request;
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

pub async fn uniform(request: Request, next: Next) -> Response {
    let plain = matches!(request.uri().path(), "/readyz" | "/healthz" | "/metrics");
    let response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let explained = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/"));
    if !failed || explained || plain {
        return response;
    }
    let (detail, hint) = match status {
        StatusCode::BAD_REQUEST => (
            "This address or request cannot be read",
            Some("An id in an address is a whole number; see /api/docs."),
        ),
        StatusCode::NOT_FOUND => (
            "There is no such address",
            Some("See /api/docs for what there is."),
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "This address does not know this method",
            Some("The header Allow names those it knows; see /api/docs."),
        ),
        StatusCode::REQUEST_TIMEOUT => (
            "The request did not arrive in time",
            Some("Send the request again."),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "The body is larger than 1 MiB",
            Some("Send less at once; files are uploaded by POST /api/attachments."),
        ),
        StatusCode::UPGRADE_REQUIRED => ("This address is for WebSockets", None),
        status if status.is_server_error() => ("Something went wrong on our side", None),
        _ => ("This request cannot be served", None),
    };
    let mut problem = Problem::new(status, detail, hint).into_response();
    for (name, value) in response.headers() {
        if !is_of_the_body(name) {
            problem.headers_mut().append(name, value.clone());
        }
    }
    problem
}

fn is_of_the_body(name: &HeaderName) -> bool {
    [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::TRANSFER_ENCODING,
    ]
    .contains(name)
}
