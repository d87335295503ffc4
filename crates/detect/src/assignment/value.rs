//! Reads a value: where it begins behind its sign and quote, and where it ends.

use super::judge::judge;
use super::words::Tally;
use super::{BLANKS, CAP, Kind, Place, hit};
use crate::alphabet::{COLON, DOT, HYPHEN, IDENTIFIER, PLUS_SLASH};
use crate::latch::Latch;
use crate::probe::{Need, Outcome, Probe};

/// A value as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    pub bytes: &'a [u8],
    pub tally: Tally,
    pub quoted: bool,
    /// Nothing follows on its line.
    pub ends_line: bool,
    /// What follows: NUL at the end of the text.
    pub next: u8,
    /// It was not read to its end.
    pub cut: bool,
}

/// The value behind `place`, from its first byte to its last.
pub fn read(probe: &Probe<'_>, place: &Place) -> Outcome {
    let mut from = place.from;
    from += blanks(probe, from)?;
    let tight = !place.prose && (place.tight || from == place.from);
    if probe.get(from)? == b'*' && probe.get(from + 1)? == b'*' {
        from += 2;
        from += blanks(probe, from)?;
    }
    // Of literals: `b"x"`, `@"x"`.
    if matches!(probe.get(from)?, b'b' | b'r' | b'u' | b'@' | b'N' | b'L' | b'f')
        && matches!(probe.get(from + 1)?, b'"' | b'\'')
    {
        from += 1;
    }
    let mut slashes = 0;
    while slashes < 4 && probe.get(from + slashes)? == b'\\' {
        slashes += 1;
    }
    let first = probe.get(from + slashes)?;
    let quote = match first {
        b'"' | b'\'' | b'`' => Some(first),
        0xE2 if probe.get(from + 1)? == 0x80 && matches!(probe.get(from + 2)?, 0x98..=0x9F) => Some(0xE2),
        _ => None,
    };
    if place.literal && quote.is_none() {
        return Ok(None);
    }
    from += match quote {
        Some(0xE2) => 3,
        Some(_) => slashes + 1,
        None => 0,
    };
    if place.kind == Kind::Header {
        from += scheme(probe, from)?;
    }
    if quote.is_some() && quote == Some(probe.get(from)?) {
        return Ok(None);
    }
    let Some(end) = end_of(probe, from, quote, slashes > 0, place)? else { return Ok(None) };
    if end == from {
        return Ok(None);
    }
    let cut = end - from >= CAP;
    let bytes = &probe.text[probe.at + from..probe.at + end];
    let next = probe.get(end)?;
    let value = Value {
        bytes,
        tally: if cut { probe.tally_of_long(from, end) } else { Tally::of(bytes) },
        quoted: quote.is_some(),
        ends_line: ends_line(probe, end, place)?,
        next,
        cut,
    };
    let Some(score) = judge(place, tight, &value) else { return Ok(None) };
    let hit = hit(from, end, score);
    Ok(Some(if cut { hit.latched(Latch::Word) } else { hit }))
}

fn blanks(probe: &Probe<'_>, from: usize) -> Result<usize, Need> {
    let mut count = 0;
    while count < BLANKS && matches!(probe.get(from + count)?, b' ' | b'\t') {
        count += 1;
    }
    Ok(count)
}

/// Length of `Bearer ` and the like.
fn scheme(probe: &Probe<'_>, from: usize) -> Result<usize, Need> {
    let mut length = 0;
    while length < 16 && probe.get(from + length)?.is_ascii_alphabetic() {
        length += 1;
    }
    if length < 3 || probe.get(from + length)? != b' ' {
        return Ok(0);
    }
    Ok(length + blanks(probe, from + length)?)
}

/// Where the value ends; none if it goes on as no value does.
fn end_of(
    probe: &Probe<'_>,
    from: usize,
    quote: Option<u8>,
    opened: bool,
    place: &Place,
) -> Result<Option<usize>, Need> {
    let mut end = from;
    let mut open = 0_usize;
    loop {
        end += endless(probe, end, from + CAP - end)?;
        if end == from + CAP {
            break;
        }
        let byte = probe.get(end)?;
        match (byte, quote) {
            (0 | b'\n' | b'\r', Some(_)) => return Ok(None),
            (_, Some(quote)) if byte == quote => {
                let escaped = probe.text[probe.at + from..probe.at + end].iter().rev();
                let slashes = escaped.take_while(|byte| **byte == b'\\').count();
                // Within a text that is itself a literal the quote that ends it has a slash as well.
                if slashes % 2 == 0 || opened {
                    return Ok(Some(end - if opened { slashes } else { 0 }));
                }
            }
            (0xE2 | 0xE3, _) if (quote.is_none() || quote == Some(0xE2)) && probe.get(end + 1)? == 0x80 => {
                break;
            }
            (0 | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<' | b'>', None) => break,
            (b'\\', None) if matches!(probe.get(end + 1)?, b'n' | b'r' | b't' | b'"' | b'\'') => break,
            (b'(' | b'[' | b'{', None) => open += 1,
            (b')' | b']' | b'}', None) if open > 0 => open -= 1,
            (b')' | b']' | b'}', None) if !place.line || !is_inner(probe.get(end + 1)?) => break,
            (b',' | b';' | b'&', None) if parts(probe, end + 1)? => break,
            (0xEF, None) if probe.get(end + 1)? == 0xBC => break,
            _ => {}
        }
        end += 1;
    }
    if end == from + CAP {
        // Not within a character.
        let text = probe.text;
        let inside =
            |back: &usize| text.get(probe.at + end - back).is_some_and(|byte| (0x80..0xC0).contains(byte));
        let cut = (0..4).find(|back| !inside(back));
        return Ok(Some(end - cut.unwrap_or(0)));
    }
    if quote.is_none() && !place.element {
        while end > from && matches!(probe.text[probe.at + end - 1], b'.' | b',' | b';' | b':') {
            end -= 1;
        }
    }
    Ok(Some(end))
}

/// Bytes from `from`, at most `cap`, that end no value: those of names and most signs. Of a row of values without
/// ends, each of which is all of what follows it, each byte is read once.
fn endless(probe: &Probe<'_>, from: usize, cap: usize) -> Result<usize, Need> {
    const SETS: u16 = IDENTIFIER | HYPHEN | DOT | COLON | PLUS_SLASH;
    let here = probe.position() + from;
    let (first, end) = probe.memo.endless.get();
    let known = if (first..end).contains(&here) { end - here } else { 0 };
    let mut length = known.min(cap);
    while length < cap {
        length += probe.run(from + length, SETS, cap - length)?;
        if length == cap || probe.get(from + length)? != b'=' {
            break;
        }
        length += 1;
    }
    if length > known {
        probe.memo.endless.set((if known > 0 { first } else { here }, here + length));
    }
    Ok(length)
}

const fn is_inner(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b' ' | b'\t' | b'\n' | b'\r' | b',' | b';' | b')' | b']' | b'}' | b'"' | b'\'' | b'.' | b'<'
    )
}

/// Whether another value begins behind a `,`, `;` or `&`.
fn parts(probe: &Probe<'_>, from: usize) -> Result<bool, Need> {
    let mut length = 0;
    while length < 32
        && (probe.get(from + length)?.is_ascii_alphanumeric()
            || matches!(probe.get(from + length)?, b'_' | b'-' | b'.' | b' '))
    {
        length += 1;
    }
    let next = probe.get(from + length)?;
    let first = probe.get(from)?;
    Ok(matches!(first, 0 | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b')' | b'}' | b'<' | b'\\')
        || (length > 0 && matches!(next, b'=' | b':')))
}

fn ends_line(probe: &Probe<'_>, end: usize, place: &Place) -> Result<bool, Need> {
    if place.element {
        return Ok(probe.get(end)? == b'<');
    }
    let mut i = end;
    i += usize::from(matches!(probe.get(i)?, b'"' | b'\'' | b'`'));
    i += blanks(probe, i)?;
    Ok(match probe.get(i)? {
        0 | b'\n' | b'\r' | b'#' | b'&' => true,
        b'\\' => matches!(probe.get(i + 1)?, b'n' | b'r' | b'"'),
        b';' => i == end && place.line,
        b'.' => matches!(probe.get(i + 1)?, 0 | b'\n' | b'\r'),
        _ => false,
    })
}

pub const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}
