//! JSON string escapes, both ways (RFC 8259 section 7).

use std::borrow::Cow;

/// Decodes the inside of a string that the parser has accepted. Borrows when there is nothing to decode.
pub(crate) fn unescape(raw: &str) -> Cow<'_, str> {
    let Some(first) = raw.find('\\') else {
        return Cow::Borrowed(raw);
    };
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    let mut next = Some(first);
    while let Some(at) = next {
        out.push_str(&rest[..at]);
        let (character, width) = escape_at(&rest[at..]);
        out.push(character);
        rest = &rest[at + width..];
        next = rest.find('\\');
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// One escape at the start of `raw`: its character and its width in bytes.
fn escape_at(raw: &str) -> (char, usize) {
    let bytes = raw.as_bytes();
    match bytes.get(1) {
        Some(b'u') => {
            let unit = hex(raw, 2);
            if (0xD800..0xDC00).contains(&unit) {
                let low = hex(raw, 8);
                let code = 0x1_0000 + ((unit - 0xD800) << 10) + low.wrapping_sub(0xDC00);
                return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
            }
            (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
        }
        Some(&short) => (long_form(short), 2),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

fn hex(raw: &str, at: usize) -> u32 {
    raw.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

/// The character a one-letter escape stands for.
fn long_form(short: u8) -> char {
    match short {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        other => char::from(other),
    }
}

/// The character a one-letter escape stands for; `None` when there is no such escape.
pub(crate) fn short_form(letter: char) -> Option<char> {
    match letter {
        '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => u8::try_from(letter).ok().map(long_form),
        _ => None,
    }
}

/// Appends one character as it stands inside a JSON string.
///
/// U+0085, U+2028 and U+2029 are escaped too: common event-stream readers take them for line ends.
pub(crate) fn escape_into(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
            let code = u32::from(character);
            out.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                out.push(char::from_digit((code >> shift) & 0xf, 16).unwrap_or('0'));
            }
        }
        plain => out.push(plain),
    }
}

/// Appends `text` as a JSON string, quotes included.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        escape_into(character, out);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_every_escape() {
        assert_eq!(unescape(r#"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z"#), "a\"\\/\u{8}\u{c}\n\r\té😀z");
        assert!(matches!(unescape("plain é"), Cow::Borrowed(_)));
    }

    #[test]
    fn writes_what_serde_reads() {
        let text: String = (0..0x3000).filter_map(char::from_u32).collect();
        let mut out = String::new();
        write_string(&text, &mut out);
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        assert!(!out.contains(['\u{2028}', '\u{85}', '\n']));
    }
}
