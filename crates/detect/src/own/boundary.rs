//! Where a word of one's own may begin and end.
//!
//! The scanner offers only starts before which no word character stands. Letters of Greek, Cyrillic, Hebrew and Arabic
//! are boundaries to it, but their words end where letters end: here both sides of such a place are looked at.

use crate::alphabet::{WORD, within};
use crate::probe::{Need, Probe};

/// Whether a letter of two bytes, of an alphabet other than Latin, stands in `text` at `i`.
fn other_letter(lead: u8, next: u8) -> bool {
    let pair = [lead, next];
    (0xCD..=0xDF).contains(&lead)
        && std::str::from_utf8(&pair).is_ok_and(|letter| letter.chars().all(char::is_alphanumeric))
}

/// Whether a word may begin at the start.
pub fn begins(probe: &Probe<'_>) -> Result<bool, Need> {
    let first = probe.get(0)?;
    Ok(first < 0xCD || !(other_letter(probe.back(2), probe.back(1)) && other_letter(first, probe.get(1)?)))
}

/// Whether a word may end after `length` bytes.
pub fn ends(probe: &Probe<'_>, length: usize) -> Result<bool, Need> {
    let last = probe.get(length - 1)?;
    let before = if length > 1 { probe.get(length - 2)? } else { 0 };
    let next = probe.get(length)?;
    if next < 0x80 {
        return Ok(!(within(next, WORD) && in_word(before, last)));
    }
    if within(next, WORD) {
        return Ok(!in_word(before, last));
    }
    Ok(next < 0xCD || !(other_letter(before, last) && other_letter(next, probe.get(length + 1)?)))
}

/// Whether the last character, of which these are the last bytes, is a word character.
fn in_word(before: u8, last: u8) -> bool {
    if last < 0x80 { within(last, WORD) } else { before >= 0xC0 && within(before, WORD) }
}
