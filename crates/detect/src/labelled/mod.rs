//! Names, addresses and organisations that stand behind a label: `Name: …`, `"first_name": "…"`, `<city>…</city>`, 姓名：….
//!
//! A rule begins at the sign and looks back for the label, once for each sign; only behind a telling one is anything
//! read. Promises: a label is within [`KEY`] bytes before the sign, a value is read up to [`CAP`] bytes and ends with its
//! line, quote or element.
//! Never: decides what a value is; the entities do.

mod labels;
mod value;

pub use labels::Of;
pub use value::Value;

use crate::probe::{LEFT, Need, Probe};
use crate::topics;

/// Longest label with what is between it and the sign.
const KEY: usize = 64;
/// Most bytes of a value that are read.
pub const CAP: usize = 160;
/// Most blanks beside a sign.
const BLANKS: usize = 24;

/// What stands before a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    pub of: Of,
    /// Written as people write, not as programs do: with a capital, a blank or other letters than ASCII.
    pub natural: bool,
    pub quoted: bool,
    /// A word stands before it that belongs to it or not: `class` before `name`.
    pub led: bool,
}

/// Bytes a sign may begin with.
pub const SIGNS: &[u8] = b":=>|-\xE2\xEF";

/// The label before the sign at the start and the value behind it, if it is a label `of` one of these.
pub fn read<'a>(probe: &Probe<'a>, wanted: impl Fn(Of) -> bool) -> Result<Option<(Label, Value<'a>)>, Need> {
    // Three rules ask of each sign; two of them need no more than what the first was told.
    let (known, label) = probe.memo.label.get();
    let known = known == probe.position() && known > 0;
    if known && !label.is_some_and(|label| wanted(label.of)) {
        return Ok(None);
    }
    let sign = sign(probe)?;
    let label = if known {
        label
    } else {
        let label =
            sign.and_then(|sign| before(&probe.text[probe.at.saturating_sub(LEFT)..probe.at], sign.first));
        probe.memo.label.set((probe.position(), label));
        label
    };
    let Some(sign) = sign else { return Ok(None) };
    let Some(label) = label.filter(|label| wanted(label.of)) else { return Ok(None) };
    let Some(value) = value::read(probe, label, sign)? else { return Ok(None) };
    if sign.first == b'|' && is_ruled_off(probe, value.from + value.text.len())? {
        return Ok(None);
    }
    Ok(Some((label, value)))
}

/// Whether a rule such as `|---|` stands under the line that goes on at `from`: then it holds the heads of columns.
fn is_ruled_off(probe: &Probe<'_>, from: usize) -> Result<bool, Need> {
    let Some(mut i) = line_end(probe, from)? else { return Ok(false) };
    let most = i + BLANKS;
    loop {
        i += 1;
        if i == most || !matches!(probe.get(i)?, b'|' | b':' | b' ' | b'\t') {
            return Ok(i < most && probe.get(i)? == b'-');
        }
    }
}

/// Where the line ends that goes on at `from`, if it does within [`CAP`] bytes.
fn line_end(probe: &Probe<'_>, from: usize) -> Result<Option<usize>, Need> {
    for i in from..from + CAP {
        match probe.get(i)? {
            0 => return Ok(None),
            b'\n' => return Ok(Some(i)),
            _ => {}
        }
    }
    Ok(None)
}

/// What a short text, such as the head of a column, says as a label.
pub fn label(text: &[u8]) -> Option<Of> {
    before(text, b':').map(|label| label.of)
}

/// A sign between a label and a value.
#[derive(Debug, Clone, Copy)]
struct Sign {
    first: u8,
    length: usize,
}

/// The sign at the start. Most marks of program text leave here.
fn sign(probe: &Probe<'_>) -> Result<Option<Sign>, Need> {
    let first = probe.get(0)?;
    let back = probe.back(1);
    let length = match first {
        b':' if back != b':' && !matches!(probe.get(1)?, b':' | b'=' | b'/') => 1,
        b'=' if matches!(
            back,
            b'=' | b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b':' | b'|' | b'&'
        ) =>
        {
            0
        }
        b'=' => match probe.get(1)? {
            b'=' | b'~' => 0,
            b'>' => 2,
            _ => 1,
        },
        b'>' if back.is_ascii_alphanumeric() => 1,
        b'|' | b'-' if back == b' ' && probe.get(1)? == b' ' => 1,
        // En and em dash, and the full-width colon.
        0xE2 if back == b' ' && probe.get(1)? == 0x80 && matches!(probe.get(2)?, 0x93 | 0x94) => 3,
        0xEF if probe.get(1)? == 0xBC && probe.get(2)? == 0x9A => 3,
        _ => 0,
    };
    Ok((length > 0).then_some(Sign { first, length }))
}

/// The end of what `left` holds without `bytes` at its end, at most `most` of them.
fn trimmed<'a>(left: &'a [u8], most: usize, bytes: &[u8]) -> &'a [u8] {
    let count = left.iter().rev().take(most).take_while(|byte| bytes.contains(byte)).count();
    &left[..left.len() - count]
}

/// The label at the end of `left`.
fn before(left: &[u8], sign: u8) -> Option<Label> {
    let mut left = trimmed(left, BLANKS, b" \t\xA0\xC2");
    left = trimmed(left, 3, b"*_?!`");
    if left.last() == Some(&b')') {
        let open = left.iter().rev().take(BLANKS).position(|byte| *byte == b'(')?;
        left = trimmed(&left[..left.len() - open - 1], 3, b" *");
    }
    let inside = trimmed(left, 1, b"\"'`");
    let quoted = inside.len() < left.len();
    let inside = if quoted { trimmed(inside, 3, b"\\") } else { inside };
    if !labels::may_end(inside) {
        return None;
    }
    let key = key(inside);
    let rest = &inside[..inside.len() - key.len()];
    if key.is_empty() || (sign == b'>' && rest.last() != Some(&b'<')) {
        return None;
    }
    let (words, count) = topics::last_words(key);
    let (of, taken) = labels::find(&words[..count])?;
    let phrase = &key[words[taken - 1].1..];
    let first = phrase[0];
    let natural = first.is_ascii_uppercase() && !phrase.iter().all(|byte| !byte.is_ascii_lowercase())
        || phrase.contains(&b' ')
        || !key.is_ascii();
    Some(Label { of, natural, quoted, led: count > taken })
}

/// The bytes at the end of `left` that may be a label: words with single blanks, hyphens, dots and underscores.
fn key(left: &[u8]) -> &[u8] {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    let mut start = left.len();
    while start > 0 && left.len() - start < KEY {
        let byte = left[start - 1];
        let joins = matches!(byte, b'_' | b'$') || {
            let inner = start < left.len() && start > 1 && part(left[start - 2]) && part(left[start]);
            inner && matches!(byte, b' ' | b'-' | b'.' | b'\'' | b'/')
        };
        if !part(byte) && !joins {
            break;
        }
        start -= 1;
    }
    // Not within a character, and not the letter of `\n`.
    while start < left.len() && (0x80..0xC0).contains(&left[start]) {
        start += 1;
    }
    if start > 0
        && start < left.len()
        && left[start - 1] == b'\\'
        && matches!(left[start], b'n' | b'r' | b't')
    {
        start += 1;
    }
    &left[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_in_any_spelling() {
        for text in
            ["first_name", "firstName", "First name", "\"first-name\"", "user.firstName", "**First Name**"]
        {
            assert_eq!(before(text.as_bytes(), b':').map(|label| label.of), Some(Of::Given), "{text}");
        }
        assert_eq!(before("姓名".as_bytes(), 0xEF).map(|label| label.of), Some(Of::Full));
        for text in ["className", "file name", "hostname", "table_name", "x", ""] {
            let label = before(text.as_bytes(), b':').filter(|label| label.of != Of::Name || !label.led);
            assert_eq!(label, None, "{text}");
        }
    }
}
