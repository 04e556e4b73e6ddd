//! From a credential to an identity: which database role and claims a request acts with.

use super::credentials::credential;
use crate::auth;
use crate::db::identity::Identity;
use crate::error::{ApiResult, Problem};
use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::json;

/// The identity behind a bearer token, an API key or the UI's cookie. `secret` signs the desk's tokens.
pub fn identify(secret: &str, headers: &HeaderMap, method: &Method) -> ApiResult<Identity> {
    let credential =
        credential(headers).ok_or_else(|| Problem::unauthorized("Nobody is signed in"))?;
    // A foreign page can make a browser send the cookie, but not this header.
    let safe = method == Method::GET || method == Method::HEAD;
    if credential.by_cookie && !safe && !headers.contains_key("x-requested-with") {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "Writes with a cookie need the header X-Requested-With",
            Some("Send it with any value, or send a bearer token."),
        ));
    }
    if let Some(hash) = credential.key_hash() {
        return Ok(Identity {
            role: "autocrm_integration",
            claims: json!({"key": hash}).to_string(),
        });
    }
    let claims = auth::verify(secret, &credential.secret)
        .map_err(|_| Problem::unauthorized("This token is not valid or has run out"))?;
    let role = match claims.role.as_str() {
        "admin" => "autocrm_admin",
        "agent" => "autocrm_agent",
        "customer" => "autocrm_customer",
        _ => return Err(Problem::unauthorized("This token names no role of the API")),
    };
    Ok(Identity {
        role,
        claims: json!({"sub": claims.sub, "role": claims.role, "sid": claims.sid}).to_string(),
    })
}
