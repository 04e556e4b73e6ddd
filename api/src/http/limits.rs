//! How many requests an API key may send: a minute's count per key, told in the usual headers. Each process
//! counts for itself; what a key may send is its row's `rate_limit`, read (and its use noted) once a minute.

use crate::credentials::{Credential, credential};
use crate::error::Problem;
use crate::router::App;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_postgres::types::Type;

const WINDOW: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    limit: u32,
    sent: u32,
}

/// What a request found: its key's limit, what is left of it, and the seconds until it is whole again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    limit: u32,
    remaining: u32,
    reset: u64,
    refused: bool,
}

#[derive(Debug, Default)]
pub struct Limits {
    windows: Mutex<HashMap<String, Window>>,
    pub refusals: Refusals,
}

/// How many refusals of one caller the audit took within the minute.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<String, (Instant, u32)>>);

impl Refusals {
    /// Rows of the audit for one caller and minute.
    const MOST: u32 = 30;

    /// What the next refusal of this caller is to say beside its reason; `None` when it is not recorded.
    pub fn note(&self, caller: &str) -> Option<&'static str> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get(caller) {
            Some((began, count)) if began.elapsed() < WINDOW => {
                match Self::MOST.checked_sub(*count) {
                    None | Some(0) => None,
                    Some(1) => Some(" (further refusals within the minute are not recorded)"),
                    Some(_) => Some(""),
                }
            }
            _ => Some(""),
        }
    }

    pub fn count(&self, caller: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, (began, _)| began.elapsed() < WINDOW);
        counts
            .entry(caller.to_owned())
            .or_insert((Instant::now(), 0))
            .1 += 1;
    }
}

impl Limits {
    /// Counts one request; `None` when the key has no window and its limit must be read.
    fn count(&self, key: &str, now: Instant) -> Option<Standing> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get_mut(key)?;
        let age = now.saturating_duration_since(window.began);
        if age >= WINDOW {
            return None;
        }
        let refused = window.sent >= window.limit;
        window.sent += u32::from(!refused);
        Some(Standing {
            limit: window.limit,
            remaining: window.limit - window.sent,
            reset: WINDOW.saturating_sub(age).as_secs() + 1,
            refused,
        })
    }

    /// Opens a minute for a key, unless another request of it just did.
    fn open(&self, key: &str, limit: u32, now: Instant) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| now.saturating_duration_since(window.began) < WINDOW);
        windows.entry(key.to_owned()).or_insert(Window {
            began: now,
            limit,
            sent: 0,
        });
    }
}

/// Lets people through, counts keys.
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
            // No key of this desk: the call itself says so.
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

async fn allowance(app: &App, key: &str) -> Result<Option<u32>, Problem> {
    let client = app.pool.get().await?;
    let rows = client
        .query_typed("select worker.use_api_key($1)", &[(&key, Type::TEXT)])
        .await?;
    Ok(rows
        .first()
        .and_then(|row| row.get::<_, Option<i32>>(0))
        .and_then(|limit| u32::try_from(limit).ok()))
}

#[cfg(test)]
mod tests {
    use super::{Limits, Standing, WINDOW};
    use std::time::Instant;

    #[test]
    fn a_key_gets_its_limit_in_each_minute_and_no_more() {
        let limits = Limits::default();
        let start = Instant::now();
        assert_eq!(limits.count("k", start), None);
        limits.open("k", 2, start);
        let left = |at| limits.count("k", at).map(|s| (s.remaining, s.refused));
        assert_eq!(left(start), Some((1, false)));
        assert_eq!(left(start), Some((0, false)));
        assert_eq!(left(start), Some((0, true)));
        assert_eq!(left(start + WINDOW), None, "the next minute asks anew");
        limits.open("k", 5, start + WINDOW);
        assert_eq!(
            limits.count("k", start + WINDOW),
            Some(Standing {
                limit: 5,
                remaining: 4,
                reset: 61,
                refused: false
            })
        );
    }
}
