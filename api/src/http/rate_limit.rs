//! The rate limit of API keys: so many requests a minute as the key's row says, with the usual headers. The row is
//! read, and the use of its key noted, once a minute.

use super::credentials::{Credential, credential};
use crate::app::App;
use crate::db::calls;
use crate::error::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Instant;

/// Counts the requests of keys; people pass.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = credential(request.headers())
        .as_ref()
        .and_then(Credential::key_hash);
    let Some(key) = key else {
        return next.run(request).await;
    };
    let mut standing = app.limits.count(&key, Instant::now());
    if standing.is_none() {
        match allowance(&app, &key).await {
            // No key of this desk: the call itself is refused.
            Ok(None) => return next.run(request).await,
            Ok(Some(limit)) => app.limits.open(&key, limit, Instant::now()),
            Err(problem) => return problem.into_response(),
        }
        standing = app.limits.count(&key, Instant::now());
    }
    let Some(standing) = standing else {
        return next.run(request).await;
    };
    let mut response = if standing.refused {
        metrics::counter!("autocrm_rate_limited_total").increment(1);
        Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            format!("This API key may send {} requests a minute", standing.limit),
            Some("Wait as long as Retry-After says, or ask an administrator for a higher limit."),
        )
        .into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert("ratelimit-limit", HeaderValue::from(standing.limit));
    headers.insert("ratelimit-remaining", HeaderValue::from(standing.remaining));
    headers.insert("ratelimit-reset", HeaderValue::from(standing.reset));
    if standing.refused {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(standing.reset));
    }
    response
}

/// The limit of a key, by its hash; `None` when the desk has no such key.
async fn allowance(app: &App, key: &String) -> Result<Option<u32>, Problem> {
    let limit = calls::ask(&app.pool, "select worker.use_api_key($1)::text", &[key]).await?;
    Ok(limit.and_then(|limit| limit.parse().ok()))
}
