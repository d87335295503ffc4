//! Percent-encoding (RFC 3986 unreserved characters stay) and `a=b&c=d` query text.

use std::fmt::Write as _;

/// Encodes one path segment or query part.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Decodes one part; `+` is a space, a broken escape stays as it is, broken UTF-8 becomes U+FFFD.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = (byte == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(decoded) = escape {
            out.push(decoded);
            at += 3;
        } else {
            out.push(if byte == b'+' { b' ' } else { byte });
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Builds query text from pairs, without the `?`; empty values are left out.
pub fn build(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(&encode(name));
        out.push('=');
        out.push_str(&encode(value));
    }
    out
}

/// Reads query text, with or without its `?`, in order.
pub fn parse(text: &str) -> Vec<(String, String)> {
    text.trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let text = build(&[("caller", "ana & bö/b+1"), ("empty", ""), ("since", "2026-11-01T00:00:00Z")]);
        assert_eq!(text, "caller=ana%20%26%20b%C3%B6%2Fb%2B1&since=2026-11-01T00%3A00%3A00Z");
        assert_eq!(
            parse(&text),
            vec![
                ("caller".to_owned(), "ana & bö/b+1".to_owned()),
                ("since".to_owned(), "2026-11-01T00:00:00Z".to_owned())
            ]
        );
    }

    #[test]
    fn broken_escapes_do_not_lose_text() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%4"), "%zz%4");
        assert_eq!(decode("a+b%20c"), "a b c");
    }
}
