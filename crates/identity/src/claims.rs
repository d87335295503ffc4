//! Reading claims (RFC 7519, 4) that a signature already vouches for.

use countersign_model::Timestamp;
use serde_json::Value;

use crate::strict::Object;

/// Why the times in a token do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untimely {
    Expired,
    NotYetValid,
    /// A time is missing or no number.
    Unreadable,
}

/// A text that is there and not empty.
pub fn text<'c>(claims: &'c Object, name: &str) -> Option<&'c str> {
    claims.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Who it is about (RFC 7519, 4.1.2; OpenID Connect Core, 2: at most 255 characters). A control character is in no real one,
/// and no database of ours could be asked for U+0000.
pub fn subject(claims: &Object) -> Option<&str> {
    text(claims, "sub").filter(|subject| subject.len() <= 255 && !subject.chars().any(char::is_control))
}

/// Seconds since the epoch; fractions are cut off (RFC 7519, 2: NumericDate).
pub fn moment(claims: &Object, name: &str) -> Result<Option<Timestamp>, Untimely> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| value.as_f64().filter(|s| s.abs() < 1e11).map(|s| s as i64));
    seconds.map(|seconds| Some(Timestamp(0).plus_seconds(seconds))).ok_or(Untimely::Unreadable)
}

/// Checks `exp`, `nbf` and `iat` with `skew` seconds of tolerance and gives the end.
pub fn check_times(claims: &Object, now: Timestamp, skew: i64) -> Result<Timestamp, Untimely> {
    let end = moment(claims, "exp")?.ok_or(Untimely::Unreadable)?;
    if now >= end.plus_seconds(skew) {
        return Err(Untimely::Expired);
    }
    for name in ["nbf", "iat"] {
        if moment(claims, name)?.is_some_and(|start| start > now.plus_seconds(skew)) {
            return Err(Untimely::NotYetValid);
        }
    }
    Ok(end)
}

/// The values of a claim that is one text or a list of texts, such as `aud`; `None` when it is neither.
pub fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(list) => list.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// The words of `scope` (RFC 8693, 4.2) or `scp`, whether one text or a list.
pub fn scope(claims: &Object) -> Vec<String> {
    let told = claims.get("scope").or_else(|| claims.get("scp")).and_then(texts).unwrap_or_default();
    told.iter().flat_map(|words| words.split_ascii_whitespace()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn timely(claims: Value) -> Result<Timestamp, Untimely> {
        check_times(claims.as_object().unwrap(), Timestamp(0).plus_seconds(1000), 60)
    }

    #[test]
    fn times_hold_within_a_minute() {
        assert_eq!(timely(json!({"exp": 1001})), Ok(Timestamp(0).plus_seconds(1001)));
        assert!(timely(json!({"exp": 941})).is_ok());
        assert_eq!(timely(json!({"exp": 940})), Err(Untimely::Expired));
        assert!(timely(json!({"exp": 2000, "nbf": 1060, "iat": 1060})).is_ok());
        assert_eq!(timely(json!({"exp": 2000, "nbf": 1061})), Err(Untimely::NotYetValid));
        assert_eq!(timely(json!({"exp": 2000, "iat": 1061})), Err(Untimely::NotYetValid));
        assert_eq!(timely(json!({})), Err(Untimely::Unreadable));
        assert_eq!(timely(json!({"exp": "2000"})), Err(Untimely::Unreadable));
        assert_eq!(timely(json!({"exp": 1e300})), Err(Untimely::Unreadable));
        assert_eq!(timely(json!({"exp": 2000, "nbf": null})), Err(Untimely::Unreadable));
        assert!(timely(json!({"exp": 2000.7})).is_ok());
        assert!(timely(json!({"exp": i64::MAX})).is_ok(), "saturates");
    }

    #[test]
    fn scopes_are_words() {
        let of = |claims: Value| scope(claims.as_object().unwrap());
        assert_eq!(of(json!({"scope": "a b"})), ["a", "b"]);
        assert_eq!(of(json!({"scp": ["a", "b"]})), ["a", "b"]);
        assert!(of(json!({})).is_empty());
    }
}
