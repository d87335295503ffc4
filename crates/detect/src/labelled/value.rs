//! Reads what stands behind a label: where it begins behind its sign and quote, and where it must have ended.

use super::{BLANKS, CAP, Label, Of, Sign};
use crate::probe::{Need, Probe};

/// A value as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    pub text: &'a str,
    /// Bytes from the probe's start to it.
    pub from: usize,
    pub quoted: bool,
    /// Behind `=` or `=>`: program text or settings.
    pub assigned: bool,
    pub element: bool,
    /// An address in angle brackets follows, as in the head of a letter.
    pub mailbox: bool,
    /// The byte that ended it; NUL at the end of the text. Not told where it was too long.
    pub ended: Option<u8>,
}

fn blanks(probe: &Probe<'_>, from: usize) -> Result<usize, Need> {
    let mut count = 0;
    while count < BLANKS && matches!(probe.get(from + count)?, b' ' | b'\t') {
        count += 1;
    }
    Ok(count)
}

/// The value behind the sign; none if there is none or a quote is not closed.
pub fn read<'a>(probe: &Probe<'a>, label: Label, sign: Sign) -> Result<Option<Value<'a>>, Need> {
    let mut from = sign.length + blanks(probe, sign.length)?;
    if probe.get(from)? == b'*' && probe.get(from + 1)? == b'*' {
        from += 2;
        from += blanks(probe, from)?;
    }
    // U+3000, the blank of Chinese and Japanese text.
    if probe.literal(from, "\u{3000}".as_bytes())? {
        from += 3;
    }
    let mut slashes = 0;
    while slashes < 3 && probe.get(from + slashes)? == b'\\' {
        slashes += 1;
    }
    let quote = Some(probe.get(from + slashes)?).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    if quote.is_some() {
        from += slashes + 1;
    }
    let card = label.of == Of::Address && !label.quoted && quote.is_none();
    let mut end = from;
    let ended = loop {
        if end == from + CAP {
            break None;
        }
        let byte = probe.get(end)?;
        let ends = match quote {
            Some(quote) if byte == quote || (byte == b'\\' && slashes > 0) => true,
            Some(_) if matches!(byte, 0 | b'\n' | b'\r') => return Ok(None),
            Some(_) => false,
            None => {
                matches!(
                    byte,
                    0 | b'\n' | b'\r' | b'\t' | b'"' | b'<' | b'>' | b'|' | b'{' | b'}' | b'\\' | b'`'
                ) || (byte == b';' && !card)
            }
        };
        if ends {
            break Some(byte);
        }
        end += 1;
    };
    if quote.is_some() && ended.is_none() {
        return Ok(None);
    }
    // Not within a character.
    while ended.is_none()
        && end > from
        && probe.text.get(probe.at + end).is_some_and(|byte| byte & 0xC0 == 0x80)
    {
        end -= 1;
    }
    let text = std::str::from_utf8(&probe.text[probe.at + from..probe.at + end]).unwrap_or_default();
    let element = sign.first == b'>';
    if text.is_empty() || (element && ended != Some(b'<')) {
        return Ok(None);
    }
    let mut mailbox = ended == Some(b'<') && !element;
    if label.of == Of::Mail && quote.is_some() {
        let mut i = end + slashes + 1;
        i += blanks(probe, i)?;
        mailbox = probe.get(i)? == b'<';
    }
    Ok(Some(Value {
        text,
        from,
        quoted: quote.is_some(),
        assigned: sign.first == b'=',
        element,
        mailbox,
        ended,
    }))
}
