//! Percent-encoding (RFC 3986 §2.1) of the two small texts in a URL that are inspected: path and query.

use std::fmt::Write as _;

/// Decodes `%XX`; what is not a valid escape stays as it is, and bytes that are not UTF-8 become U+FFFD.
pub fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| Some((hex(*bytes.get(at + 1)?)?, hex(*bytes.get(at + 2)?)?)))
            .flatten();
        if let Some((high, low)) = escape {
            out.push(high << 4 | low);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Encodes everything but unreserved characters (and `/` when it is a path).
pub fn percent_encode(text: &str, keep_slash: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (keep_slash && byte == b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The path with whatever is sensitive in it masked; untouched when nothing is.
pub fn mask_path(path: &str, mask: &mut dyn FnMut(&str) -> Option<String>) -> String {
    mask(&percent_decode(path)).map_or_else(|| path.to_owned(), |masked| percent_encode(&masked, true))
}

/// The query with every sensitive name or value masked; other pairs are untouched.
pub fn mask_query(query: &str, mask: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut one = |text: &str| {
        let decoded = percent_decode(&text.replace('+', " "));
        mask(&decoded).map_or_else(|| text.to_owned(), |masked| percent_encode(&masked, false))
    };
    query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => format!("{}={}", one(name), one(value)),
            None => one(pair),
        })
        .collect::<Vec<_>>()
        .join("&")
}

const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_masked_pair_by_pair() {
        let mut mask = |text: &str| (text == "ana@example.com").then(|| "[EMAIL_ADDRESS]".to_owned());
        assert_eq!(mask_query("a=1&user=ana%40example.com&b", &mut mask), "a=1&user=%5BEMAIL_ADDRESS%5D&b");
        assert_eq!(mask_path("v1/models/a%2Fb", &mut mask), "v1/models/a%2Fb");
    }
}
