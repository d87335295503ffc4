//! Which headers cross the gateway. Requests: an allow list, so a header nobody thought of does not reach the
//! model uninspected. Responses: all but hop-by-hop ones and those that describe the bytes we changed.
//! A caller's credential never crosses (RFC 9110 §7.6.1 for hop-by-hop).

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::scrub::Scrubber;

/// Headers a caller's credential may come in.
pub const CREDENTIAL_HEADERS: [&str; 3] = ["authorization", "x-api-key", "api-key"];

const REQUEST_ALLOWED: [&str; 8] = [
    "accept",
    "accept-language",
    "content-type",
    "idempotency-key",
    "tracestate",
    "traceparent",
    "user-agent",
    "x-request-id",
];
const REQUEST_ALLOWED_PREFIXES: [&str; 3] = ["anthropic-", "openai-", "x-stainless-"];

const RESPONSE_DROPPED: [&str; 22] = [
    "connection",
    "content-encoding",
    "content-length",
    "alt-svc",
    "clear-site-data",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "refresh",
    "set-cookie",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
    "x-lighttpd-send-file",
    "x-sendfile",
    "digest",
    "content-digest",
    "etag",
];

/// Most bytes of an upstream's headers that are passed on.
const HEAD_MAX: usize = 32 << 10;

/// Orders to the proxy in front of us (nginx: send this file, go to that location), which takes them for ours.
const TO_THE_PROXY: &str = "x-accel-";

/// What the gateway itself says of an exchange; an upstream cannot say it.
const OURS: &str = "x-countersign-";

/// The request headers that go on, with every value passed through `mask` first.
/// A header whose value holds something sensitive is dropped, not rewritten: a changed header could change its meaning.
pub fn for_upstream(from: &HeaderMap, mut is_sensitive: impl FnMut(&str) -> bool) -> HeaderMap {
    let named_by_connection = connection_named(from);
    let mut to = HeaderMap::with_capacity(from.len());
    for (name, value) in from {
        let text = name.as_str();
        let allowed = REQUEST_ALLOWED.contains(&text)
            || REQUEST_ALLOWED_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
        if !allowed || named_by_connection.iter().any(|named| named == text) {
            continue;
        }
        let clean = value.to_str().is_ok_and(|value| !is_sensitive(value));
        if clean {
            to.append(name.clone(), value.clone());
        }
    }
    to
}

/// Takes out every header whose value holds something sensitive: changed, it could mean something else.
pub fn keep_clean(headers: &mut HeaderMap, mut is_sensitive: impl FnMut(&str) -> bool) {
    let mut bad: Vec<HeaderName> = Vec::new();
    for (name, value) in headers.iter() {
        if is_sensitive(&String::from_utf8_lossy(value.as_bytes())) {
            bad.push(name.clone());
        }
    }
    for name in bad {
        headers.remove(name);
    }
}

/// The response headers that go back; `secret` is the gateway's own credential, which must not. What is too long for
/// common clients (they take 64 to 100 KB for the whole head) is dropped.
pub fn for_client(from: &HeaderMap, secret: Option<&str>) -> HeaderMap {
    let scrubber = Scrubber::new(secret);
    // Names have lost their case on the way.
    let in_names = secret.filter(|_| !scrubber.is_open()).map(str::to_ascii_lowercase);
    let in_name = |name: &str| {
        scrubber.finds(name.as_bytes()) || in_names.as_deref().is_some_and(|secret| name.contains(secret))
    };
    let mut room = HEAD_MAX;
    let named_by_connection = connection_named(from);
    let mut to = HeaderMap::with_capacity(from.len());
    for (name, value) in from {
        let text = name.as_str();
        let not_theirs = text.starts_with(OURS) || text.starts_with(TO_THE_PROXY);
        if not_theirs
            || RESPONSE_DROPPED.contains(&text)
            || named_by_connection.iter().any(|named| named == text)
        {
            continue;
        }
        let size = text.len() + value.len() + 4;
        if size > room || scrubber.finds(value.as_bytes()) || in_name(text) {
            continue;
        }
        room -= size;
        to.append(name.clone(), value.clone());
    }
    to
}

/// A header value that is known to be ASCII; an empty one otherwise.
pub fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// What a body says it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentType {
    /// Media type without parameters, lower case; empty when absent.
    pub media: String,
    /// Its text is UTF-8, as far as it says: no other charset is named, and there are not two answers to the question.
    pub readable: bool,
    /// What separates the parts of a multipart body.
    pub boundary: Option<String>,
}

/// Reads `Content-Type`. Two of them, one that is not ASCII, or a charset other than UTF-8 and ASCII make the body
/// unreadable: whoever reads it next may read other characters than we would.
pub fn content_type(headers: &HeaderMap) -> ContentType {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let Some(first) = values.next() else {
        return ContentType { readable: true, ..ContentType::default() };
    };
    let Ok(stated) = first.to_str() else { return ContentType::default() };
    let boundary = stated.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    });
    let text = stated.to_ascii_lowercase();
    let mut parts = text.split(';');
    let media = parts.next().unwrap_or("").trim().to_owned();
    let charset = parts
        .filter_map(|part| part.trim().strip_prefix("charset"))
        .map(|rest| rest.trim_start().trim_start_matches('=').trim().trim_matches(['"', '\'']).to_owned());
    let known =
        charset.into_iter().all(|name| matches!(name.as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii"));
    ContentType { media, readable: known && values.next().is_none(), boundary }
}

fn connection_named(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| HeaderName::from_bytes(name.as_bytes()).is_ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn credentials_cookies_and_unknown_headers_never_reach_the_model() {
        let sent = map(&[
            ("authorization", "Bearer cs_x"),
            ("x-api-key", "cs_x"),
            ("api-key", "cs_x"),
            ("cookie", "a=b"),
            ("x-user-email", "ana@example.com"),
            ("content-type", "application/json"),
            ("x-stainless-lang", "python"),
        ]);
        let kept = for_upstream(&sent, |_| false);
        let names: Vec<_> = kept.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["content-type", "x-stainless-lang"]);
    }

    #[test]
    fn headers_named_by_connection_are_hop_by_hop() {
        let sent = map(&[("connection", "close, OpenAI-Extra"), ("openai-extra", "1"), ("accept", "*/*")]);
        let kept = for_upstream(&sent, |_| false);
        assert_eq!(kept.len(), 1);
    }

    #[test]
    fn an_upstream_gives_no_orders_to_the_proxy_in_front_or_to_the_browser() {
        let got = map(&[
            ("x-accel-redirect", "/internal/secrets"),
            ("x-accel-buffering", "yes"),
            ("x-sendfile", "/etc/passwd"),
            ("x-lighttpd-send-file", "/etc/passwd"),
            ("clear-site-data", "\"*\""),
            ("x-ok", "1"),
        ]);
        let kept = for_client(&got, None);
        let names: Vec<_> = kept.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["x-ok"]);
    }

    #[test]
    fn a_response_header_that_echoes_the_secret_is_dropped() {
        let got = map(&[
            ("x-debug", r#"auth=sk-top"sec/ret;"#),
            ("x-json", r#"{"auth":"sk-top\"sec\/ret"}"#),
            ("x-url", "auth=sk-top%22sec%2Fret"),
            ("x-ok", "1"),
            ("set-cookie", "a=b"),
            ("x-countersign-receipt", "forged"),
        ]);
        let kept = for_client(&got, Some(r#"sk-top"sec/ret"#));
        assert_eq!(kept.len(), 1);
        assert!(kept.contains_key("x-ok"));
        let got = map(&[("x-ok", "y"), ("upstream-key-qx93hflm20aazz", "v")]);
        assert_eq!(for_client(&got, Some("upstream-key-Qx93hfLm20aaZZ")).len(), 1, "nor as a name");
    }
}
