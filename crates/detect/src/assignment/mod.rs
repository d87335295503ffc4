//! Values with a name: `key = value`, `"key": "value"`, `<key>value</key>`, `--key value`, and what stands between.
//!
//! A rule begins at the sign and looks back for the name; only what has a telling name is read. Promises: the name is
//! within [`LEFT`] bytes, the value is read once and no further than [`CAP`]; a longer one is swallowed.

mod judge;
pub mod key;
mod long;
mod stand_ins;
mod value;
pub mod words;

pub use key::Kind;
pub use long::Long;

use crate::probe::{Hit, LEFT, Need, Outcome, Probe};

/// Longest value that is read whole.
pub const CAP: usize = 192;
/// Longest name.
const NAME: usize = 64;
/// Most blanks on either side of a sign.
const BLANKS: usize = 24;

/// Where a value stands, and what is known before it is read.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub kind: Kind,
    /// Bytes from the probe's start to what stands behind the sign.
    pub from: usize,
    /// The name begins a line, but for what leads to it.
    pub line: bool,
    /// Program text: only a literal is a value.
    pub code: bool,
    /// Nothing stands between the sign and the value.
    pub tight: bool,
    /// Only a value in quotes counts.
    pub literal: bool,
    /// The value ends at `<`.
    pub element: bool,
    /// The name was in quotes.
    pub quoted_name: bool,
    /// Name and value are in quotes together.
    pub opened: bool,
    /// A sentence says so, not a sign.
    pub prose: bool,
}

/// Bytes that make a sign, `<` of an element and `-` of an option among them.
pub const SIGNS: &[u8] = b"=:>,-";

/// A value that has one of `kinds`.
pub fn recognise(probe: &Probe<'_>, kinds: &[Kind]) -> Outcome {
    match place(probe)? {
        Some(place) if kinds.contains(&place.kind) => value::read(probe, &place),
        _ => Ok(None),
    }
}

/// Whether no value that has a telling name begins at the start.
pub fn is_unnamed(probe: &Probe<'_>) -> Result<bool, Need> {
    Ok(SIGNS.contains(&probe.get(0)?) && place(probe)?.is_none())
}

/// The place of a value whose name says something, if a sign stands at the start. Several rules ask for it.
fn place(probe: &Probe<'_>) -> Result<Option<Place>, Need> {
    let (known, place) = probe.memo.place.get();
    if known == probe.position() && known > 0 {
        return Ok(place);
    }
    let place = read_place(probe)?;
    probe.memo.place.set((probe.position(), place));
    Ok(place)
}

fn read_place(probe: &Probe<'_>) -> Result<Option<Place>, Need> {
    match probe.get(0)? {
        b'-' if probe.back(1) != b'<' => return option(probe),
        b',' if !matches!(probe.back(1), b'"' | b'\'') => return Ok(None),
        b'>' if !(name_byte(probe.back(1)) || matches!(probe.back(1), b'"' | b'\'')) => return Ok(None),
        b'=' if probe.back(1) == b':' && probe.back(2) == b':' => {}
        b':' | b'=' if matches!(probe.back(1), b':' | b'=' | b'<' | b'>' | 0 | b'\n') => return Ok(None),
        _ => {}
    }
    let left = &probe.text[probe.at.saturating_sub(LEFT)..probe.at];
    let Some(mut place) = before(left, probe.text[probe.at]) else { return Ok(None) };
    place.from = match (probe.get(0)?, probe.get(1)?) {
        (b':', b':' | b'/') => return Ok(None),
        (b':' | b'=', b'=' | b'>' | b'~') => {
            place.literal = probe.get(1)? == b'=' && probe.get(0)? == b'=';
            2 + usize::from(probe.get(2)? == b'=')
        }
        _ => 1,
    };
    Ok(Some(place))
}

const fn name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$') || byte >= 0x80
}

/// The end of what `left` holds without `bytes` at its end, at most `most` of them.
fn trimmed<'a>(left: &'a [u8], most: usize, bytes: &[u8]) -> &'a [u8] {
    let count = left.iter().rev().take(most).take_while(|byte| bytes.contains(byte)).count();
    &left[..left.len() - count]
}

/// The name at the end of `left`, and what stands before it.
fn name(left: &[u8], quoted: bool) -> (&[u8], &[u8]) {
    let mut start = left.len();
    let mut blanks = 0;
    while start > 0 && left.len() - start < NAME {
        let byte = left[start - 1];
        let blank = byte == b' ' && (quoted || start > 1 && name_byte(left[start - 2])) && blanks < 4;
        if !name_byte(byte) && !blank {
            break;
        }
        blanks += usize::from(blank);
        start -= 1;
    }
    // Where text is held in a literal, a line begins behind `\n`.
    if start > 0
        && start < left.len()
        && left[start - 1] == b'\\'
        && matches!(left[start], b'n' | b'r' | b't')
    {
        start += 1;
    }
    (&left[start..], &left[..start])
}

/// The end of `left` without blanks, line ends and their escapes, and marks between a name and its value.
fn between(left: &[u8]) -> &[u8] {
    let mut rest = trimmed(left, BLANKS, b" \t\r\n,\"'{");
    while let Some(shorter) = rest.strip_suffix(b"\\n").or_else(|| rest.strip_suffix(b"\\r")) {
        rest = trimmed(shorter, BLANKS, b" \t\r\n,\"'{");
    }
    trimmed(rest, BLANKS, b" \t\r\n,\"'\\{")
}

/// What stands before a sign.
fn before(left: &[u8], sign: u8) -> Option<Place> {
    let mut left = if sign == b'>' || sign == b',' { left } else { trimmed(left, BLANKS, b" \t") };
    if sign == b'-' {
        // `key <- value`.
        left = trimmed(trimmed(left, 2, b"<"), BLANKS, b" \t");
    }
    if sign == b'=' {
        left = trimmed(left, 3, b"|?:.");
        left = trimmed(left, BLANKS, b" \t");
    }
    left = trimmed(left, 3, b"*?!`");
    if left.last() == Some(&b')') {
        let open = left.iter().rev().take(BLANKS).position(|byte| *byte == b'(')?;
        left = trimmed(&left[..left.len() - open - 1], 3, b" *");
    }
    if left.last() == Some(&b']') {
        left = trimmed(&left[..left.len() - 1], 4, b"0123456789");
        left = trimmed(left, 1, b"[");
    }
    let inside = trimmed(left, 1, b"\"'");
    let quoted = inside.len() < left.len();
    let inside = if quoted { trimmed(inside, 3, b"\\") } else { inside };
    if !key::may_end(inside) {
        return None;
    }
    let (mut name, mut rest) = name(inside, quoted);
    if name.is_empty() {
        return None;
    }
    let mut code = false;
    let mut outer_name = false;
    let mut kind = key::kind(name);
    match sign {
        b',' => {
            // A pair of arguments: `define('DB_PASSWORD', 'x')`.
            let call = trimmed(rest, 4, b"\\\"'");
            if call.len() == rest.len() || call.last() != Some(&b'(') {
                return None;
            }
            code = true;
        }
        // `<string name="api_key">`.
        b'>' if quoted && trimmed(rest, 1, b"\"'").last() == Some(&b'=') => {}
        b'>' if quoted => return None,
        b'>' => match rest.last() {
            Some(b'<') if matches!(name, b"string" | b"value" | b"Value") => {
                // `<key>password</key><string>`.
                let end = trimmed(&rest[..rest.len() - 1], BLANKS, b" \t\r\n");
                let end = end.strip_suffix(b"</key>").or_else(|| end.strip_suffix(b"</name>"))?;
                (name, rest) = self::name(end, true);
                kind = key::kind(name);
            }
            Some(b'<' | b':') => {}
            _ => return None,
        },
        _ => {}
    }
    if kind == Kind::Type && matches!(sign, b'=') {
        // `password: str = `, `var password string = `, `API_KEY: &'static str = `.
        let outer = key::without_last_word(name);
        let outer = if outer.iter().any(u8::is_ascii_alphabetic) {
            outer
        } else {
            let outer = trimmed(rest, BLANKS, b"<&' \t[(|");
            let outer = outer.strip_suffix(b"&'static").unwrap_or(outer);
            let outer = trimmed(outer, BLANKS, b" \t&");
            let outer = outer.strip_suffix(b":")?;
            let (inner, before) = self::name(trimmed(outer, 4, b" ?!"), false);
            rest = before;
            inner
        };
        name = outer;
        kind = key::kind(name);
        code = true;
    }
    if kind == Kind::Value && (sign == b'=' || sign == b':') {
        // `name="password" value="x"`, `name: PASSWORD` and on the next line `value: x`.
        let outer = between(rest);
        let (inner, before) = self::name(outer, false);
        let sign = trimmed(before, 4, b"\"' \\");
        if !matches!(sign.last(), Some(b'=' | b':')) {
            return None;
        }
        (name, rest) = (inner, before);
        kind = key::kind(name);
        outer_name = true;
    }
    if matches!(kind, Kind::Open | Kind::Type | Kind::Value) {
        return None;
    }
    let lead = trimmed(rest, BLANKS, b" \t-*>#+\"'`\\{|$");
    Some(Place {
        kind,
        from: 0,
        line: outer_name
            || lead.ends_with(b"\\n")
            || matches!(lead.last(), None | Some(b'\n' | b'?' | b'&' | b';')),
        code: code || key::is_code(name),
        tight: false,
        literal: sign == b',',
        element: sign == b'>',
        quoted_name: quoted,
        opened: matches!(rest.last(), Some(b'"' | b'\'' | b'`')) && !quoted,
        prose: false,
    })
}

/// `--password value`, also `"--password", "value"`.
fn option(probe: &Probe<'_>) -> Result<Option<Place>, Need> {
    if !matches!(probe.back(1), b' ' | b'\t' | b'\n' | b'"' | b'\'' | 0) || probe.get(1)? != b'-' {
        return Ok(None);
    }
    let mut end = 2;
    while end < 40
        && (probe.get(end)?.is_ascii_alphanumeric() || matches!(probe.get(end)?, b'-' | b'_' | b'.'))
    {
        end += 1;
    }
    let kind = key::kind(&probe.text[probe.at + 2..probe.at + end]);
    if matches!(kind, Kind::Open | Kind::Type | Kind::Value) {
        return Ok(None);
    }
    let mut from = end;
    let argument = probe.back(1) == probe.get(end)? && matches!(probe.back(1), b'"' | b'\'');
    if argument {
        from += 1;
        from += usize::from(probe.get(from)? == b',');
    }
    if probe.get(from)? != b' ' && !argument {
        return Ok(None);
    }
    let line = kind != Kind::Weak;
    Ok(Some(Place {
        kind,
        from,
        line,
        code: false,
        tight: true,
        literal: argument,
        element: false,
        quoted_name: false,
        opened: false,
        prose: false,
    }))
}

/// A value in prose behind a name: from `from`, which may be a copula's end.
pub fn in_prose(probe: &Probe<'_>, kind: Kind, from: usize) -> Outcome {
    let place = Place {
        kind,
        from,
        line: false,
        code: false,
        tight: false,
        literal: false,
        element: false,
        quoted_name: false,
        opened: false,
        prose: true,
    };
    value::read(probe, &place)
}

/// What the words directly before the start say of it, and whether they are several.
pub fn kind_before(probe: &Probe<'_>) -> (Kind, bool) {
    let left = &probe.text[probe.at.saturating_sub(LEFT)..probe.at];
    let left = trimmed(left, 8, b" \t\r\n(:\"'`=");
    let (name, _) = name(left, false);
    (key::kind(name), name.iter().any(|byte| matches!(byte, b'_' | b'-' | b' ')))
}

/// A hit of a value from `from` to `to`.
fn hit(from: usize, to: usize, score: f32) -> Hit {
    Hit::in_context(to, score).behind(from)
}
