//! Cross-site request forgery: one layer in front of every unsafe request to the pages (Leptos has none of its own).
//!
//! Accepts `Sec-Fetch-Site: same-origin` or `none`; without that header the `Origin` must be ours; with neither it is
//! not a browser, which has no cookie of ours to abuse, unless it sends one, and then it is refused.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use url::Url;

/// Refuses unsafe requests that another site caused.
pub async fn guard(State(public): State<Arc<Url>>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own(request.headers(), &public) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "This request came from another site and was refused.\n").into_response()
    }
}

/// Whether our own pages sent it, or no browser.
pub fn is_own(headers: &HeaderMap, public: &Url) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    if let Some(origin) = text(header::ORIGIN) {
        let own = public.origin().ascii_serialization();
        let host = text(header::HOST).map(|host| format!("{}://{host}", public.scheme()));
        return origin == own || host.as_deref() == Some(origin);
    }
    !headers.contains_key(header::COOKIE)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn check(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_own(&headers, &"https://gate.example".parse().unwrap())
    }

    #[test]
    fn only_our_own_pages_may_post() {
        assert!(check(&[("sec-fetch-site", "same-origin"), ("cookie", "a")]));
        assert!(check(&[("sec-fetch-site", "none")]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(check(&[("origin", "https://gate.example"), ("cookie", "a")]));
        assert!(!check(&[("origin", "https://evil.example"), ("cookie", "a")]));
        assert!(!check(&[("origin", "null"), ("cookie", "a")]));
        assert!(!check(&[("cookie", "a")]));
        assert!(check(&[]));
    }
}
