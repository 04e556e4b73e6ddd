//! Who sends a request, and their one SQL call. See `credentials.rs` for how they say so, and `calls.rs` for how
//! the call is made.

use crate::auth;
use crate::bodies::unusable;
use crate::calls::{self, Behalf, Once};
use crate::credentials::credential;
use crate::error::{ApiResult, Problem};
use crate::router::App;
use crate::tags::{self, Expected};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::IntoResponse;
use bytes::BytesMut;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio_postgres::Transaction;
use tokio_postgres::types::{IsNull, Type};

pub use crate::bodies::Json;
pub use crate::calls::Params;

#[derive(Clone)]
pub struct Caller {
    pub app: App,
    pub role: &'static str,
    pub claims: String,
    method: Method,
    path: String,
    expected: Option<Expected>,
    headers: HeaderMap,
    idempotency_key: Option<String>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (role, claims) = identify(app, &parts.headers, &parts.method)?;
        Ok(Self {
            app: app.clone(),
            role,
            claims,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            expected: tags::expected(&parts.headers)?,
            idempotency_key: idempotency_key(&parts.headers, &parts.method)?,
            headers: conditions(&parts.headers),
        })
    }
}

/// The conditions of a read, which are looked at when it is answered.
fn conditions(headers: &HeaderMap) -> HeaderMap {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .map(|value| (header::IF_NONE_MATCH, value.clone()))
        .collect()
}

/// The database role and claims behind a bearer token, an API key or the UI's cookie.
pub fn identify(
    app: &App,
    headers: &HeaderMap,
    method: &Method,
) -> ApiResult<(&'static str, String)> {
    let credential =
        credential(headers).ok_or_else(|| Problem::unauthorized("Nobody is signed in"))?;
    // A foreign page can make a browser send the cookie, but not this header.
    let safe = method == Method::GET || method == Method::HEAD;
    if credential.by_cookie && !safe && !headers.contains_key("x-requested-with") {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "Writes with a cookie need the header X-Requested-With",
            None,
        ));
    }
    if let Some(hash) = credential.key_hash() {
        return Ok((
            "autocrm_integration",
            serde_json::json!({"key": hash}).to_string(),
        ));
    }
    let claims = auth::verify(&app.config.secret, &credential.secret)?;
    let role = match claims.role.as_str() {
        "admin" => "autocrm_admin",
        "agent" => "autocrm_agent",
        "customer" => "autocrm_customer",
        _ => return Err(Problem::unauthorized("This token names no role of the API")),
    };
    let claims = serde_json::json!({"sub": claims.sub, "role": claims.role, "sid": claims.sid});
    Ok((role, claims.to_string()))
}

/// For transactions of several statements; see `calls.rs` for requests.
pub const IDENTITY: &str = "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true), autocrm.actor_id()";

impl Caller {
    /// The version that the caller means to change; of several, each will do.
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
            role: self.role,
            claims: &self.claims,
            timeout: &self.app.config.statement_timeout,
            // Who one is, one may always ask.
            without_scope: self.method == Method::GET && self.path == "/api/me",
            versions: match &self.expected {
                Some(Expected::Versions(versions)) => versions,
                _ => &[],
            },
            repeatable: self.method == Method::GET || self.method == Method::HEAD,
        }
    }

    /// Claims the key, calls, and keeps the answer, all or nothing.
    async fn once(&self, key: &str, call: &str, params: Params<'_>) -> ApiResult<String> {
        let request = Once {
            key,
            operation: &self.operation(),
            fingerprint: &fingerprint(params)?,
        };
        let sql = format!("select ({call})::text");
        calls::call_once(&self.app.pool, &self.behalf(), &request, &sql, params).await
    }

    fn operation(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The key of a request that is to be done once.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// Makes the rest of the transaction the caller's.
    pub async fn act(&self, transaction: &Transaction<'_>) -> ApiResult<()> {
        transaction
            .query_typed(
                IDENTITY,
                &[(&self.role, Type::TEXT), (&self.claims, Type::TEXT)],
            )
            .await?;
        Ok(())
    }

    /// Makes the transaction the caller's and claims the key for a request of this fingerprint; answers what was
    /// answered when it is a repetition. Whoever comes second waits here for the first.
    pub async fn claim(
        &self,
        transaction: &Transaction<'_>,
        key: &str,
        fingerprint: &[u8],
    ) -> ApiResult<Option<String>> {
        self.act(transaction).await?;
        let request = Once {
            key,
            operation: &self.operation(),
            fingerprint,
        };
        Ok(calls::claim(transaction, &request).await?)
    }

    /// Ends a request that was answered without `call` or `create`.
    pub async fn created(&self, json: ApiResult<String>) -> ApiResult {
        self.finish(json, StatusCode::CREATED).await
    }

    async fn finish(&self, json: ApiResult<String>, status: StatusCode) -> ApiResult {
        let json = match json {
            Ok(json) => json,
            Err(problem) => {
                self.record_refusal(&problem).await;
                return Err(problem);
            }
        };
        let tag = tags::of(&json);
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
        if self.method == Method::GET && tags::is_known(&self.headers, &tag) {
            return Ok((StatusCode::NOT_MODIFIED, cached).into_response());
        }
        let kind = [(header::CONTENT_TYPE, "application/json")];
        Ok((status, cached, kind, Body::from(json)).into_response())
    }

    /// The refused transaction took its traces with it, so the audit hears of it here: of callers whom the desk
    /// knows, so many a minute, since nobody can take a row out of the audit again.
    async fn record_refusal(&self, problem: &Problem) {
        if !matches!(problem.status, 401 | 403) {
            return;
        }
        let Some(note) = self.app.limits.refusals.note(&self.claims) else {
            return;
        };
        let Ok(client) = self.app.pool.get().await else {
            return;
        };
        let operation = format!("{} {}", self.method, self.path);
        let detail = format!("{}{note}", problem.detail);
        let written = client
            .query_typed(
                "select worker.record_refusal($1, $2, $3, $4)",
                &[
                    (&self.claims, Type::TEXT),
                    (&operation, Type::TEXT),
                    (&problem.code, Type::TEXT),
                    (&detail, Type::TEXT),
                ],
            )
            .await;
        match written {
            // Strangers are not counted: their names are theirs to make up.
            Ok(rows) if rows.first().is_some_and(|row| row.get(0)) => {
                self.app.limits.refusals.count(&self.claims);
            }
            Ok(_) => {}
            Err(error) => {
                let error = crate::told::Told(&error);
                tracing::error!(%error, "a refusal could not be recorded");
            }
        }
    }
}

/// What a repetition must have in common with the first request: every parameter of its call.
fn fingerprint(params: Params<'_>) -> ApiResult<Vec<u8>> {
    let mut hasher = Sha256::new();
    for (value, kind) in params {
        let mut bytes = BytesMut::new();
        let null = value.to_sql_checked(kind, &mut bytes).map_err(|error| {
            tracing::error!(%error, "a parameter cannot be written");
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on our side",
                None,
            )
        })?;
        hasher.update([u8::from(matches!(null, IsNull::Yes))]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
    }
    Ok(hasher.finalize().to_vec())
}

/// Only a POST takes one. A key that cannot be read must not make a request look as if it had none.
fn idempotency_key(headers: &HeaderMap, method: &Method) -> ApiResult<Option<String>> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let Some(key) = keys.next().filter(|_| method == Method::POST) else {
        return Ok(None);
    };
    match key.to_str() {
        Ok(key) if keys.next().is_none() && (1..=255).contains(&key.len()) => {
            Ok(Some(key.to_owned()))
        }
        _ => Err(Problem::bad_request(
            "Idempotency-Key must be one text of 1 to 255 ASCII characters",
        )),
    }
}

/// The query string as one JSON object.
pub struct Query(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(parts.uri.query().unwrap_or_default())
                .map_err(|_| Problem::bad_request("The query string cannot be read"))?;
        let mut object = Map::new();
        for (key, value) in pairs {
            if key.contains('\0') || value.contains('\0') {
                let message = "has the character U+0000, which no text may hold";
                return Err(unusable(&key.replace('\0', ""), message));
            }
            object.insert(key, Value::String(value));
        }
        Ok(Self(Value::Object(object).to_string()))
    }
}
