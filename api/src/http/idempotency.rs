//! The Idempotency-Key of a request, and the fingerprint by which a repetition is recognised.

use crate::db::params::Params;
use crate::error::{ApiResult, Problem};
use axum::http::{HeaderMap, Method, StatusCode};
use bytes::BytesMut;
use sha2::{Digest, Sha256};
use tokio_postgres::types::IsNull;

/// Only a POST has one. A key that cannot be read must not make a request look as if it had none.
pub fn key(headers: &HeaderMap, method: &Method) -> ApiResult<Option<String>> {
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
            "Send one such as a UUID, the same when you repeat this request.",
        )),
    }
}

/// A digest of every parameter of the call.
pub fn fingerprint(params: Params<'_>) -> ApiResult<Vec<u8>> {
    let mut hasher = Sha256::new();
    for param in params {
        let mut bytes = BytesMut::new();
        let null = param
            .value()
            .to_sql_checked(&param.sql_type(), &mut bytes)
            .map_err(|error| {
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
