//! The credential of a request. It is read here and nowhere else, so that the rate limit and the call never disagree
//! about the sender.

use crate::auth;
use axum::http::{HeaderMap, header};
use cookie::Cookie;

/// The secret of a request, and how it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub secret: String,
    /// A browser sends it by itself, so a write needs a header that a foreign page cannot set.
    pub by_cookie: bool,
}

impl Credential {
    /// What the database knows an API key by; `None` for a token that is none.
    pub fn key_hash(&self) -> Option<String> {
        self.secret
            .starts_with("ak_")
            .then(|| hex::encode(auth::sha256(&self.secret)))
    }
}

/// `Authorization: Bearer …`, the subprotocol `bearer.…` of a WebSocket, or the UI's cookie: the first that is there.
pub fn credential(headers: &HeaderMap) -> Option<Credential> {
    let given = |secret: &str| Credential {
        secret: secret.to_owned(),
        by_cookie: false,
    };
    bearer(headers)
        .map(given)
        .or_else(|| subprotocol(headers).map(given))
        .or_else(|| {
            cookie(headers, "autocrm_access").map(|secret| Credential {
                secret,
                by_cookie: true,
            })
        })
}

/// The token of `Authorization: Bearer …`; the word Bearer counts in any case.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

/// Browsers cannot set headers of a WebSocket; a subprotocol they can.
fn subprotocol(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|protocol| protocol.trim().strip_prefix("bearer."))
}

/// The first cookie of this name: of two, browsers send the one of the longer path first.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    cookies(headers)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Every cookie of a request.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .filter_map(|(name, value)| {
                Some((header::HeaderName::from_static(name), value.parse().ok()?))
            })
            .collect()
    }

    #[test]
    fn a_key_is_found_by_whichever_way_it_comes() {
        for (name, value) in [
            ("authorization", "Bearer ak_1"),
            ("authorization", "bearer ak_1"),
            ("sec-websocket-protocol", "bearer.ak_1"),
            ("sec-websocket-protocol", "chat, bearer.ak_1"),
            ("cookie", "a=b; autocrm_access=ak_1"),
        ] {
            let found = credential(&headers(&[(name, value)]));
            let found = found.unwrap_or_else(|| panic!("{name}: {value}"));
            assert_eq!(found.secret, "ak_1", "{name}: {value}");
            assert!(found.key_hash().is_some());
            assert_eq!(found.by_cookie, name == "cookie");
        }
        assert_eq!(
            credential(&headers(&[("authorization", "Basic ak_1")])),
            None
        );
    }
}
