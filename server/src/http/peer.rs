//! Who is at the other end of the socket: the TCP peer, or, when the peer is a trusted proxy, whom it names last in
//! `X-Forwarded-For`.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// `ip:port`, or only the address where a trusted proxy named it.
pub fn name(socket: SocketAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> String {
    if !trusted.contains(&socket.ip()) {
        return socket.to_string();
    }
    // The rightmost address that is not itself a trusted proxy: what stands left of it anybody can write.
    let chain: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    chain.iter().rev().find(|ip| !trusted.contains(ip)).map_or_else(|| socket.to_string(), IpAddr::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2".parse().unwrap());
        let socket: SocketAddr = "10.0.0.1:5000".parse().unwrap();
        assert_eq!(name(socket, &headers, &[]), "10.0.0.1:5000");
        let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        assert_eq!(name(socket, &headers, &trusted), "203.0.113.9");
    }
}
