//! How long a fetched document counts as fresh (RFC 9111, 5.2.2), within our own bounds.

use http::HeaderMap;

use crate::settings::Timing;

/// Seconds the answer is fresh for: `max-age` less `Age`, or the default, clamped to the configured bounds.
pub fn seconds(headers: &HeaderMap, timing: &Timing) -> i64 {
    let mut told = None;
    for value in headers.get_all(http::header::CACHE_CONTROL) {
        for directive in value.to_str().unwrap_or_default().split(',') {
            let (name, argument) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" | "no-cache" => told = Some(0),
                "max-age" if told.is_none() => told = argument.trim().trim_matches('"').parse::<i64>().ok(),
                _ => {}
            }
        }
    }
    let age =
        headers.get(http::header::AGE).and_then(|age| age.to_str().ok()?.parse::<i64>().ok()).unwrap_or(0);
    told.map_or(timing.fresh_default, |told| told.saturating_sub(age.max(0)))
        .clamp(timing.fresh_min, timing.fresh_max.max(timing.fresh_min))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(pairs: &[(&'static str, &'static str)]) -> i64 {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        seconds(&headers, &Timing::default())
    }

    #[test]
    fn follows_the_issuer_within_bounds() {
        assert_eq!(of(&[]), 3600);
        assert_eq!(of(&[("cache-control", "public, max-age=7200")]), 7200);
        assert_eq!(of(&[("cache-control", "Max-Age=\"7200\""), ("age", "200")]), 7000);
        assert_eq!(of(&[("cache-control", "max-age=1")]), 300);
        assert_eq!(of(&[("cache-control", "max-age=9999999")]), 86_400);
        assert_eq!(of(&[("cache-control", "no-store, max-age=7200")]), 300);
        assert_eq!(of(&[("cache-control", "max-age=7200"), ("cache-control", "no-cache")]), 300);
        assert_eq!(of(&[("cache-control", "max-age=-5")]), 300);
        assert_eq!(of(&[("cache-control", "max-age=nonsense")]), 3600);
    }
}
