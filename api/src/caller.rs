//! Who sends a request, and their one SQL call: identity, call and commit travel together, so a request
//! costs one round trip and never leaves an identity behind on its connection.

use crate::auth;
use crate::error::{ApiResult, Problem};
use crate::router::App;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::IntoResponse;
use bytes::BytesMut;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::hash::{DefaultHasher, Hash, Hasher};
use tokio_postgres::Transaction;
use tokio_postgres::types::{IsNull, ToSql, Type};

pub type Params<'a> = &'a [(&'a (dyn ToSql + Sync), Type)];

#[derive(Clone)]
pub struct Caller {
    pub app: App,
    pub role: &'static str,
    pub claims: String,
    method: Method,
    path: String,
    if_match: Option<i64>,
    if_none_match: Option<String>,
    idempotency_key: Option<String>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (role, claims) = identify(app, &parts.headers, &parts.method)?;
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned)
        };
        let if_match = match text(header::IF_MATCH) {
            Some(tag) => Some(
                tag.trim_start_matches("W/")
                    .trim_matches('"')
                    .parse()
                    .map_err(|_| {
                        Problem::bad_request("If-Match must be a version such as \"7\"")
                    })?,
            ),
            None => None,
        };
        Ok(Self {
            app: app.clone(),
            role,
            claims,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            if_match,
            if_none_match: text(header::IF_NONE_MATCH),
            idempotency_key: idempotency_key(&parts.headers, &parts.method)?,
        })
    }
}

/// The database role and claims behind a bearer token, an API key or the UI's cookie.
pub fn identify(
    app: &App,
    headers: &HeaderMap,
    method: &Method,
) -> ApiResult<(&'static str, String)> {
    let socket = headers
        .get("sec-websocket-protocol")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("bearer."));
    if let Some(token) = bearer(headers).or(socket) {
        return by_token(app, token);
    }
    let token = cookie(headers, "autocrm_access")
        .ok_or_else(|| Problem::unauthorized("Nobody is signed in"))?;
    // A foreign page can make a browser send the cookie, but not this header.
    let safe = method == Method::GET || method == Method::HEAD;
    if !safe && !headers.contains_key("x-requested-with") {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "Writes with a cookie need the header X-Requested-With",
            None,
        ));
    }
    by_token(app, &token)
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
}

/// What the database knows an API key by; `None` for a token that is none.
pub fn key_hash(token: &str) -> Option<String> {
    token
        .starts_with("ak_")
        .then(|| auth::hex(&auth::sha256(token)))
}

pub fn by_token(app: &App, token: &str) -> ApiResult<(&'static str, String)> {
    if let Some(hash) = key_hash(token) {
        return Ok((
            "autocrm_integration",
            serde_json::json!({"key": hash}).to_string(),
        ));
    }
    let claims = auth::verify(&app.config.secret, token)?;
    let role = match claims.role.as_str() {
        "admin" => "autocrm_admin",
        "agent" => "autocrm_agent",
        "customer" => "autocrm_customer",
        _ => return Err(Problem::unauthorized("This token names no role of the API")),
    };
    let claims = serde_json::json!({"sub": claims.sub, "role": claims.role, "sid": claims.sid});
    Ok((role, claims.to_string()))
}

pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}

/// Asking who acts belongs to it: a session that has ended is refused even where no row would be read.
pub const IDENTITY: &str = "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true), autocrm.actor_id()";

impl Caller {
    pub fn version(&self) -> Option<i64> {
        self.if_match
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
        if let Some(key) = &self.idempotency_key {
            let json = self.once(key, call, params).await;
            return self.finish(json, status).await;
        }
        let mut json = self.fetch(call, params).await;
        // A deadlock or serialization failure left nothing behind: once more is safe.
        if json.as_ref().is_err_and(|problem| problem.rolled_back) {
            json = self.fetch(call, params).await;
        }
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
        let client = self.app.pool.get().await?;
        let sql = format!("select ({call})::text");
        let identity: Params<'_> = &[(&self.role, Type::TEXT), (&self.claims, Type::TEXT)];
        // Polled together, sent together: after an error the rest of the pipeline is void and COMMIT rolls back.
        let (begun, known, rows, committed) = futures_util::join!(
            client.batch_execute("begin"),
            client.query_typed(IDENTITY, identity),
            client.query_typed(&sql, params),
            client.batch_execute("commit"),
        );
        begun?;
        known?;
        let rows = rows?;
        committed?;
        Ok(rows
            .first()
            .map(|row| row.get::<_, Option<String>>(0))
            .unwrap_or_default()
            .unwrap_or_else(|| "null".into()))
    }

    /// Claims the key, calls, and keeps the answer, all or nothing.
    async fn once(&self, key: &str, call: &str, params: Params<'_>) -> ApiResult<String> {
        let mut client = self.app.pool.get().await?;
        let transaction = client.transaction().await?;
        if let Some(json) = self.claim(&transaction, key, &fingerprint(params)?).await? {
            return Ok(json);
        }
        let rows = transaction
            .query_typed(&format!("select ({call})::text"), params)
            .await?;
        let json = rows
            .first()
            .and_then(|row| row.get::<_, Option<String>>(0))
            .unwrap_or_else(|| "null".into());
        keep(&transaction, key, &json).await?;
        transaction.commit().await?;
        Ok(json)
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
        let operation = format!("{} {}", self.method, self.path);
        let known = transaction
            .query_typed(
                "select api._claim_idempotency($1, $2, $3)::text",
                &[
                    (&key, Type::TEXT),
                    (&operation, Type::TEXT),
                    (&fingerprint, Type::BYTEA),
                ],
            )
            .await?;
        Ok(known.first().and_then(|row| row.get(0)))
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
        let tag = etag(&json);
        if self.method == Method::GET && self.if_none_match.as_deref() == Some(tag.as_str()) {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
        }
        let headers = [
            (header::CONTENT_TYPE, "application/json".to_owned()),
            (header::ETAG, tag),
            (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        ];
        Ok((status, headers, Body::from(json)).into_response())
    }

    /// The refused transaction took its traces with it, so the audit hears of it here.
    async fn record_refusal(&self, problem: &Problem) {
        if !matches!(problem.status, 401 | 403) {
            return;
        }
        if let Ok(client) = self.app.pool.get().await {
            let operation = format!("{} {}", self.method, self.path);
            let written = client
                .query_typed(
                    "select api._record_refusal($1, $2, $3, $4)",
                    &[
                        (&self.claims, Type::TEXT),
                        (&operation, Type::TEXT),
                        (&problem.code, Type::TEXT),
                        (&problem.detail, Type::TEXT),
                    ],
                )
                .await;
            if let Err(error) = written {
                tracing::error!(%error, "a refusal could not be recorded");
            }
        }
    }
}

/// Keeps the answer of a request that was claimed.
pub async fn keep(transaction: &Transaction<'_>, key: &str, json: &str) -> ApiResult<()> {
    transaction
        .query_typed(
            "select api._store_idempotency($1, $2::text::json)",
            &[(&key, Type::TEXT), (&json, Type::TEXT)],
        )
        .await?;
    Ok(())
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

/// `"7"` for a resource at version 7 (its second key, always), a weak hash for anything else.
fn etag(json: &str) -> String {
    let head = json.get(..80).unwrap_or(json);
    let version = head.split_once("\"version\"").and_then(|(before, rest)| {
        let digits: String = rest
            .trim_start_matches([':', ' '])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        (before.matches('{').count() == 1 && !digits.is_empty()).then_some(digits)
    });
    version.map_or_else(
        || {
            let mut hasher = DefaultHasher::new();
            json.hash(&mut hasher);
            format!("W/\"{:x}\"", hasher.finish())
        },
        |version| format!("\"{version}\""),
    )
}

/// The body as it came: Postgres reads the JSON.
pub struct Json(pub String);

impl<S: Send + Sync> FromRequest<S> for Json {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = String::from_request(request, state).await.map_err(|_| {
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is too large or is not UTF-8",
                None,
            )
        })?;
        if body.trim().is_empty() {
            return Ok(Self("{}".into()));
        }
        if let Err(error) = serde_json::from_str::<&serde_json::value::RawValue>(&body) {
            return Err(Problem::bad_request(format!(
                "The body is not JSON: {error}"
            )));
        }
        Ok(Self(body))
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
        let object: Map<String, Value> = pairs
            .into_iter()
            .map(|(key, value)| (key, Value::String(value)))
            .collect();
        Ok(Self(Value::Object(object).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::etag;

    #[test]
    fn a_resource_is_tagged_by_its_version_and_a_list_by_its_content() {
        assert_eq!(etag(r#"{"id":1,"version":7,"x":1}"#), "\"7\"");
        assert_eq!(etag(r#"{"id": 1, "key": "a", "version": 12}"#), "\"12\"");
        assert!(etag(r#"{"items":[{"id":1,"version":7}]}"#).starts_with("W/"));
    }
}
