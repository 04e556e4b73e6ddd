//! Security headers of every answer: content type, framing, referrer, transport, and the content security policy.

use crate::config::Config;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Headers that are the same for every answer of a process.
#[derive(Debug, Clone)]
pub struct Protection(Arc<HeaderMap>, Arc<HeaderValue>);

impl Protection {
    /// `pages`: the HTML that this process serves, whose inline scripts may run, each as it is.
    pub fn new(config: &Config, pages: &[&str]) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if config.cookies_are_secure() {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
        let scripts: String = pages.iter().flat_map(|page| inline_scripts(page)).collect();
        // Pictures of other servers show what somebody reads and when, so the UI loads them only when it is
        // asked to; then they must be allowed. Editors make styles as people write.
        let pages = format!(
            "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data: blob: https: http:; font-src 'self' data:; connect-src 'self'; \
             object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        let pages = HeaderValue::from_str(&pages)
            .unwrap_or(HeaderValue::from_static("frame-ancestors 'none'"));
        Self(Arc::new(headers), Arc::new(pages))
    }
}

/// ` 'sha256-…'` of each inline script of a page.
fn inline_scripts(page: &str) -> Vec<String> {
    page.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (script, _) = rest.split_once("</script>")?;
            (!attributes.contains("src="))
                .then(|| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        })
        .collect()
}

/// Adds the headers that an answer has not set itself.
pub async fn protect(
    State(Protection(always, pages)): State<Protection>,
    request: Request,
    next: Next,
) -> Response {
    const DATA: HeaderValue =
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    let of_the_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in always.iter() {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    let html = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if html || !of_the_api {
        HeaderValue::clone(&pages)
    } else {
        DATA
    };
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(policy);
    if of_the_api {
        // The answer depends on the caller.
        headers.append(
            header::VARY,
            HeaderValue::from_static("Authorization, Cookie"),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use super::inline_scripts;

    #[test]
    fn scripts_of_a_page_are_known_by_their_digest_and_files_are_not() {
        let page = r#"<script>1</script><script type="module" src="/x.js"></script>"#;
        assert_eq!(
            inline_scripts(page),
            [" 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"]
        );
    }
}
