//! The query string of a request, as the JSON object that SQL functions take.

use super::body::unusable;
use crate::error::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde_json::{Map, Value};

pub struct Query(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).map_err(|_| {
                Problem::bad_request(
                    "The query string cannot be read",
                    "Send key=value pairs, percent-encoded as UTF-8 and joined by &.",
                )
            })?;
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
