//! What a request brings to say who sends it, and from where it comes. Read here and nowhere else, so that
//! whoever counts requests and whoever answers them never disagree about it.

use crate::auth;
use axum::http::{HeaderMap, header};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The secret of a request, and the way by which it came.
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
            .then(|| auth::hex(&auth::sha256(&self.secret)))
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

pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    cookies(headers).find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}

/// Every cookie of a request, by name.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// A network as a setting names it: `10.0.0.0/8`, or one address.
pub fn network(text: &str) -> Result<IpNet, String> {
    text.trim()
        .parse()
        .or_else(|_| text.trim().parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{text} is no network such as 10.0.0.0/8"))
}

/// Who sent the request: the peer, or, behind proxies of one's own, the last address in `X-Forwarded-For` that
/// is none of theirs. What stands before it, the sender may have written.
pub fn sender(headers: &HeaderMap, peer: SocketAddr, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut sender = peer.ip().to_canonical();
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        if !trusted(&sender) {
            break;
        }
        let Some(address) = address(hop.trim()) else {
            break;
        };
        sender = address;
    }
    sender
}

/// An address with or without its port.
fn address(text: &str) -> Option<IpAddr> {
    text.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address: IpAddr| address.to_canonical())
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

    #[test]
    fn only_proxies_of_ones_own_are_believed_about_who_sent_a_request() {
        let proxies = [network("10.0.0.0/8"), network("::1")].map(|n| n.expect("a network"));
        let at = |peer: &str, forwarded: &str| {
            sender(
                &headers(&[("x-forwarded-for", forwarded)]),
                peer.parse().expect("an address"),
                &proxies,
            )
            .to_string()
        };
        assert_eq!(at("203.0.113.9:1", "192.0.2.1"), "203.0.113.9");
        assert_eq!(at("10.0.0.1:1", "192.0.2.1"), "192.0.2.1");
        assert_eq!(at("10.0.0.1:1", "198.51.100.7, 192.0.2.1"), "192.0.2.1");
        assert_eq!(at("10.0.0.1:1", "192.0.2.1, 10.0.0.2"), "192.0.2.1");
        assert_eq!(at("10.0.0.1:1", "192.0.2.1:4711"), "192.0.2.1");
        assert_eq!(at("[::1]:1", "[2001:db8::1]"), "2001:db8::1");
        assert_eq!(at("[::ffff:10.0.0.1]:1", "192.0.2.1"), "192.0.2.1");
        assert_eq!(at("10.0.0.1:1", "192.0.2.1, nonsense"), "10.0.0.1");
        assert!(network("10.0.0.0/33").is_err());
    }
}
