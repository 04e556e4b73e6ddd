//! The sender of a request, and the one SQL call made for it: `db::calls` makes the call, here its answer gets a
//! status, a tag and, when it was refused, a line in the audit.

use super::etag::{self, Expected};
use super::idempotency;
use super::identity::identify;
use crate::app::App;
use crate::db::calls::{self, Behalf};
use crate::db::error::Detailed;
use crate::db::identity::Identity;
use crate::db::once::{self, Once};
use crate::db::params::Params;
use crate::error::{ApiResult, Problem};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::IntoResponse;
use tokio_postgres::Transaction;

#[derive(Clone)]
pub struct Caller {
    pub app: App,
    identity: Identity,
    method: Method,
    path: String,
    expected: Option<Expected>,
    /// The conditions of a read, which are checked against its answer.
    if_none_match: HeaderMap,
    idempotency_key: Option<String>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let if_none_match = parts.headers.get_all(header::IF_NONE_MATCH).iter();
        if parts.uri.path().contains("%00") {
            return Err(Problem::bad_request(
                "This address has the character U+0000, which no text may hold",
                "Take it out.",
            ));
        }
        Ok(Self {
            app: app.clone(),
            identity: identify(&app.config.secret, &parts.headers, &parts.method)?,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            expected: etag::expected(&parts.headers)?,
            if_none_match: if_none_match
                .map(|value| (header::IF_NONE_MATCH, value.clone()))
                .collect(),
            idempotency_key: idempotency::key(&parts.headers, &parts.method)?,
        })
    }
}

impl Caller {
    /// The version that the caller means to change; of several, any will do.
    pub fn version(&self) -> Option<i64> {
        match &self.expected {
            Some(Expected::Versions(versions)) => versions.first().copied(),
            _ => None,
        }
    }

    /// Runs `select <call>` as the caller and answers its JSON with the status of a read or change.
    pub async fn call(&self, call: &str, params: Params<'_>) -> ApiResult {
        self.answer(call, params, StatusCode::OK).await
    }

    /// The same for what makes something new.
    pub async fn create(&self, call: &str, params: Params<'_>) -> ApiResult {
        self.answer(call, params, StatusCode::CREATED).await
    }

    /// A POST with an Idempotency-Key is done once, whatever it does.
    async fn answer(&self, call: &str, params: Params<'_>, status: StatusCode) -> ApiResult {
        let json = match &self.idempotency_key {
            Some(key) => self.once(key, call, params).await,
            None => self.fetch(call, params).await,
        };
        self.finish(json, status).await
    }

    /// The JSON of one call, for handlers that answer something else.
    pub async fn json(&self, call: &str, params: Params<'_>) -> ApiResult<String> {
        let json = self.fetch(call, params).await;
        if let Err(problem) = &json {
            self.record_refusal(problem).await;
        }
        json
    }

    /// The JSON of one call, in one round trip.
    pub async fn fetch(&self, call: &str, params: Params<'_>) -> ApiResult<String> {
        let sql = format!("select ({call})::text");
        let json = calls::call(&self.app.pool, &self.behalf(), &sql, params).await?;
        Ok(json.unwrap_or_else(|| "null".into()))
    }

    fn behalf(&self) -> Behalf<'_> {
        Behalf {
            identity: &self.identity,
            timeout: &self.app.config.statement_timeout,
            // Every key may read whose it is.
            without_scope: self.method == Method::GET && self.path == "/api/me",
            versions: match &self.expected {
                Some(Expected::Versions(versions)) => versions,
                _ => &[],
            },
            repeatable: self.method == Method::GET || self.method == Method::HEAD,
        }
    }

    /// Claims the key, makes the call and stores the answer, all or nothing.
    async fn once(&self, key: &str, call: &str, params: Params<'_>) -> ApiResult<String> {
        let request = Once {
            key,
            operation: &self.operation(),
            fingerprint: &idempotency::fingerprint(params)?,
        };
        let sql = format!("select ({call})::text");
        Ok(once::call_once(&self.app.pool, &self.behalf(), &request, &sql, params).await?)
    }

    fn operation(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The key of a request that takes effect once.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// Gives the rest of a transaction the caller's identity.
    pub async fn assume(&self, transaction: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
        self.identity.assume(transaction).await
    }

    /// Gives a transaction the caller's identity and claims the key for a request of this fingerprint. The stored
    /// answer when the request is a repetition; one that comes while the first is under way waits here.
    pub async fn claim(
        &self,
        transaction: &Transaction<'_>,
        key: &str,
        fingerprint: &[u8],
    ) -> Result<Option<String>, tokio_postgres::Error> {
        self.assume(transaction).await?;
        let request = Once {
            key,
            operation: &self.operation(),
            fingerprint,
        };
        once::claim(transaction, &request).await
    }

    /// Answers a request whose JSON was made without `call` or `create`.
    pub async fn created(&self, json: ApiResult<String>) -> ApiResult {
        self.finish(json, StatusCode::CREATED).await
    }

    /// The same of a read.
    pub async fn answered(&self, json: ApiResult<String>) -> ApiResult {
        self.finish(json, StatusCode::OK).await
    }

    async fn finish(&self, json: ApiResult<String>, status: StatusCode) -> ApiResult {
        let json = match json {
            Ok(json) => json,
            Err(problem) => {
                self.record_refusal(&problem).await;
                return Err(problem);
            }
        };
        let tag = etag::of(&json);
        let cached = [
            (header::ETAG, HeaderValue::from_str(&tag).ok()),
            (
                header::CACHE_CONTROL,
                Some(HeaderValue::from_static("private, no-cache")),
            ),
        ];
        let cached: HeaderMap = cached
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        if self.method == Method::GET && etag::is_known(&self.if_none_match, &tag) {
            return Ok((StatusCode::NOT_MODIFIED, cached).into_response());
        }
        let kind = [(header::CONTENT_TYPE, "application/json")];
        Ok((status, cached, kind, Body::from(json)).into_response())
    }

    /// The refused transaction was rolled back with its traces, so the audit gets its line here: for callers whom the
    /// desk knows, at most so many a minute, since nothing removes a row from the audit again.
    async fn record_refusal(&self, problem: &Problem) {
        if !matches!(problem.status, 401 | 403) {
            return;
        }
        let refusals = &self.app.limits.refusals;
        let Some(note) = refusals.note(&self.identity.claims) else {
            return;
        };
        let Ok(client) = self.app.pool.get().await else {
            return;
        };
        let detail = format!("{}{note}", problem.detail);
        let recorded = calls::value(
            &**client,
            "select worker.record_refusal($1, $2, $3, $4)",
            &[
                &self.identity.claims,
                &self.operation(),
                &problem.code,
                &detail,
            ],
        )
        .await;
        match recorded {
            // Unknown callers are not counted: they choose their names themselves.
            Ok(Some(true)) => refusals.count(&self.identity.claims),
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error = %Detailed(&error), "a refusal could not be recorded");
            }
        }
    }
}
