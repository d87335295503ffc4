//! How a request may be framed, beyond what the HTTP library checks: what two readers could read as two different requests
//! is refused before anything looks at it.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version, header, uri::Authority},
};
use serde_json::json;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Misframed {
    /// RFC 9112, 3.2: exactly one, and a valid one.
    Host,
    /// RFC 9112, 6.1: a coding that is not understood.
    Coding,
}

/// The answer to a request that is not framed as it has to be; the connection ends with it.
pub(super) fn refuse<B>(request: &Request<B>) -> Option<Response<Body>> {
    let misframed = check(request.version(), request.headers())?;
    let (status, code, message) = match misframed {
        Misframed::Host => {
            (StatusCode::BAD_REQUEST, "bad_host", "The request must have exactly one valid Host header.")
        }
        Misframed::Coding => (
            StatusCode::NOT_IMPLEMENTED,
            "unsupported_transfer_coding",
            "The only transfer coding that is understood is chunked.",
        ),
    };
    let kind = if status.is_client_error() { "invalid_request_error" } else { "server_error" };
    let program = ["/c/", "/api/"].iter().any(|prefix| request.uri().path().starts_with(prefix));
    let (media, text) = if program {
        let error = json!({ "error": { "message": message, "type": kind, "param": null, "code": code } });
        ("application/json", error.to_string())
    } else {
        ("text/plain; charset=utf-8", format!("{message}\n"))
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-should-retry", HeaderValue::from_static("false"));
    if request.version() < Version::HTTP_2 {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Some(response)
}

fn check(version: Version, headers: &HeaderMap) -> Option<Misframed> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let valid = match (hosts.next(), hosts.next()) {
        (None, _) => version != Version::HTTP_11,
        (Some(host), None) => is_host(host),
        (Some(_), Some(_)) => false,
    };
    if !valid {
        return Some(Misframed::Host);
    }
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let plain = match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    };
    (!plain).then_some(Misframed::Coding)
}

/// RFC 9110, 7.2: a host with an optional port, and no user. It may be empty only for a target without an authority.
fn is_host(value: &HeaderValue) -> bool {
    value.to_str().is_ok_and(|text| text.parse::<Authority>().is_ok() && !text.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(version: Version, pairs: &[(&'static str, &'static str)]) -> Option<Misframed> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        check(version, &headers)
    }

    #[test]
    fn one_valid_host_is_needed() {
        let one_one = Version::HTTP_11;
        assert_eq!(told(one_one, &[]), Some(Misframed::Host));
        assert_eq!(told(one_one, &[("host", "a"), ("host", "a")]), Some(Misframed::Host));
        for host in ["", "user@a", "a b", "a/b", "http://a"] {
            assert_eq!(told(one_one, &[("host", host)]), Some(Misframed::Host), "{host}");
        }
        for host in ["a", "a.example:8080", "[::1]:80", "127.0.0.1"] {
            assert_eq!(told(one_one, &[("host", host)]), None, "{host}");
        }
        assert_eq!(told(Version::HTTP_10, &[]), None);
        assert_eq!(told(Version::HTTP_2, &[]), None, "it has :authority");
        assert_eq!(told(Version::HTTP_2, &[("host", "a"), ("host", "b")]), Some(Misframed::Host));
    }

    #[test]
    fn no_other_transfer_coding_is_taken() {
        let with = |coding| told(Version::HTTP_11, &[("host", "a"), ("transfer-encoding", coding)]);
        assert_eq!(with("chunked"), None);
        assert_eq!(with("Chunked"), None);
        for coding in ["gzip, chunked", "gzip", "chunked, chunked", "identity", ""] {
            assert_eq!(with(coding), Some(Misframed::Coding), "{coding}");
        }
    }
}
