//! Escapes that stand for one character: percent (RFC 3986), JSON and source code (RFC 8259), HTML.
//!
//! Promises: reads a bounded stretch and says so when it is not all there, so no cutting changes the answer.
//! Escapes of escapes are read in one go, up to three deep: `%2540`, `\\u0040`, `&amp;#64;`.
//! Never: an escape that stands for no character; it is ordinary text.

use countersign_model::entity::Undone;

use crate::probe::Need;

/// An escape that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escape {
    /// Bytes it takes.
    pub length: usize,
    pub character: char,
    pub form: Undone,
}

/// Most times an escape is taken to be escaped itself.
const NESTED: usize = 3;
/// Most digits of a numeric character reference, leading zeros and all.
const DIGITS: usize = 8;

#[derive(Clone, Copy)]
struct Ahead<'a> {
    bytes: &'a [u8],
    last: bool,
}

impl Ahead<'_> {
    /// NUL after the end of the whole text.
    fn get(&self, i: usize) -> Result<u8, Need> {
        match self.bytes.get(i) {
            Some(byte) => Ok(*byte),
            None if self.last => Ok(0),
            None => Err(Need),
        }
    }

    fn literal(&self, i: usize, literal: &[u8]) -> Result<bool, Need> {
        for (k, byte) in literal.iter().enumerate() {
            if self.get(i + k)? != *byte {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The value of `count` hex digits.
    fn hex(&self, i: usize, count: usize) -> Result<Option<u32>, Need> {
        let mut value = 0;
        for k in 0..count {
            let Some(digit) = char::from(self.get(i + k)?).to_digit(16) else { return Ok(None) };
            value = value * 16 + digit;
        }
        Ok(Some(value))
    }
}

/// The escape at the beginning of `bytes`, of a text that ends with them if `last`.
pub fn read(bytes: &[u8], last: bool) -> Result<Option<Escape>, Need> {
    let ahead = Ahead { bytes, last };
    let (form, read) = match bytes.first() {
        Some(b'%') => (Undone::Percent, percent(ahead)?),
        Some(b'\\') => (Undone::JsonEscape, backslash(ahead)?),
        Some(b'&') => (Undone::Html, reference(ahead)?),
        _ => return Ok(None),
    };
    Ok(read.map(|(length, character)| Escape { length, character, form }))
}

/// One byte `%41`, or `%2541` which is that escaped again.
fn percent_byte(ahead: Ahead<'_>, at: usize) -> Result<Option<(usize, u8)>, Need> {
    if ahead.get(at)? != b'%' {
        return Ok(None);
    }
    let mut i = at + 1;
    let Some(mut value) = ahead.hex(i, 2)? else { return Ok(None) };
    for _ in 0..NESTED {
        if value != 0x25 {
            break;
        }
        let Some(inner) = ahead.hex(i + 2, 2)? else { break };
        value = inner;
        i += 2;
    }
    Ok(Some((i + 2 - at, value as u8)))
}

fn percent(ahead: Ahead<'_>) -> Result<Option<(usize, char)>, Need> {
    let Some((mut length, first)) = percent_byte(ahead, 0)? else { return Ok(None) };
    let width = match first {
        0..0x80 => 1,
        0xC2..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF5 => 4,
        _ => return Ok(None),
    };
    let mut bytes = [first, 0, 0, 0];
    for byte in &mut bytes[1..width] {
        let Some((more, next)) = percent_byte(ahead, length)? else { return Ok(None) };
        if !(0x80..0xC0).contains(&next) {
            return Ok(None);
        }
        *byte = next;
        length += more;
    }
    let character = std::str::from_utf8(&bytes[..width]).ok().and_then(|text| text.chars().next());
    Ok(character.map(|character| (length, character)))
}

fn backslash(ahead: Ahead<'_>) -> Result<Option<(usize, char)>, Need> {
    let mut depth = 1;
    while depth <= NESTED && ahead.get(depth)? == b'\\' {
        depth += 1;
    }
    let simple = |character| Ok(Some((depth + 1, character)));
    match ahead.get(depth)? {
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'b' | b'f' => simple(' '),
        sign @ (b'/' | b'"' | b'\'') => simple(char::from(sign)),
        b'x' => Ok(ahead
            .hex(depth + 1, 2)?
            .filter(|value| *value < 0x80)
            .and_then(char::from_u32)
            .map(|character| (depth + 3, character))),
        b'u' => unit(ahead, depth),
        _ => Ok(None),
    }
}

/// `\u0041`, behind `depth` backslashes; a pair of surrogates is one character.
fn unit(ahead: Ahead<'_>, depth: usize) -> Result<Option<(usize, char)>, Need> {
    let Some(value) = ahead.hex(depth + 1, 4)? else { return Ok(None) };
    let length = depth + 5;
    if !(0xD800..0xDC00).contains(&value) {
        return Ok(char::from_u32(value).map(|character| (length, character)));
    }
    if !ahead.literal(length, &[b'\\'; NESTED + 1][..depth])? || ahead.get(length + depth)? != b'u' {
        return Ok(None);
    }
    let low = ahead.hex(length + depth + 1, 4)?.filter(|low| (0xDC00..0xE000).contains(low));
    Ok(low
        .and_then(|low| char::from_u32(0x1_0000 + ((value - 0xD800) << 10) + (low - 0xDC00)))
        .map(|character| (length + depth + 5, character)))
}

const NAMED: &[(&[u8], char)] = &[
    (b"amp;", '&'),
    (b"lt;", '<'),
    (b"gt;", '>'),
    (b"quot;", '"'),
    (b"apos;", '\''),
    (b"nbsp;", ' '),
    (b"commat;", '@'),
    (b"period;", '.'),
    (b"colon;", ':'),
    (b"hyphen;", '-'),
    (b"dash;", '-'),
    (b"ndash;", '-'),
    (b"lowbar;", '_'),
    (b"sol;", '/'),
    (b"plus;", '+'),
    (b"num;", '#'),
    (b"shy;", '\u{ad}'),
    (b"zwj;", '\u{200d}'),
    (b"zwnj;", '\u{200c}'),
];

fn reference(ahead: Ahead<'_>) -> Result<Option<(usize, char)>, Need> {
    let mut i = 1;
    for _ in 0..NESTED {
        // `&amp;` before another reference is that one escaped.
        if !ahead.literal(i, b"amp;")? || !matches!(ahead.get(i + 4)?, b'#' | b'a'..=b'z') {
            break;
        }
        if referred(ahead, i + 4)?.is_none() {
            break;
        }
        i += 4;
    }
    referred(ahead, i)
}

/// The reference whose `&` stands before `at`.
fn referred(ahead: Ahead<'_>, at: usize) -> Result<Option<(usize, char)>, Need> {
    if ahead.get(at)? != b'#' {
        for (name, character) in NAMED {
            if ahead.literal(at, name)? {
                return Ok(Some((at + name.len(), *character)));
            }
        }
        return Ok(None);
    }
    let (radix, from) = if matches!(ahead.get(at + 1)?, b'x' | b'X') { (16, at + 2) } else { (10, at + 1) };
    let mut value = 0_u32;
    let mut i = from;
    while i < from + DIGITS
        && let Some(digit) = char::from(ahead.get(i)?).to_digit(radix)
    {
        value = value.saturating_mul(radix).saturating_add(digit);
        i += 1;
    }
    if i == from || value == 0 {
        return Ok(None);
    }
    // Browsers take a reference without its semicolon.
    let end = if ahead.get(i)? == b';' { i + 1 } else { i };
    Ok(char::from_u32(value).map(|character| (end, character)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_reads_and_waits_for_its_end() {
        for (text, character) in [
            ("%40", '@'),
            ("%2540", '@'),
            ("%252540", '@'),
            ("%D0%B0", 'а'),
            ("%F0%9F%99%82", '🙂'),
            ("\\n", '\n'),
            ("\\\\n", '\n'),
            ("\\u0040", '@'),
            ("\\\\u0040", '@'),
            ("\\ud83d\\ude42", '🙂'),
            ("\\x40", '@'),
            ("&#64;", '@'),
            ("&#x40;", '@'),
            ("&#0064;", '@'),
            ("&amp;#64;", '@'),
            ("&commat;", '@'),
            ("&amp;", '&'),
        ] {
            let escape = read(text.as_bytes(), true).unwrap().unwrap();
            assert_eq!((escape.length, escape.character), (text.len(), character), "{text}");
            for cut in 1..text.len() {
                if let Ok(Some(short)) = read(&text.as_bytes()[..cut], false) {
                    panic!("{text} cut at {cut} gave {short:?}");
                }
            }
        }
    }

    #[test]
    fn what_stands_for_no_character_is_text() {
        for text in
            ["%", "%d", "%4", "%D0", "%D0x", "%ff", "\\", "\\q", "\\u12", "\\ud83d", "&", "& ", "&x;", "&#;"]
        {
            assert_eq!(read(text.as_bytes(), true), Ok(None), "{text}");
        }
    }
}
