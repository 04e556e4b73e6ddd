//! The address a request comes from, behind proxies too.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The peer, or, behind the trusted proxies, the last address in `X-Forwarded-For` that is none of theirs. The sender
/// may have written what stands before it.
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
    use crate::config::network;
    use axum::http::header;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .filter_map(|(name, value)| {
                Some((header::HeaderName::from_static(name), value.parse().ok()?))
            })
            .collect()
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
