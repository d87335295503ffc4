//! Plain words, letters alone, of which most text is made: how long one is, and whether some rule judges it.

use crate::alphabet::{LATIN, LETTER, WORD_END, within};
use crate::definition::{LONG, Rule};

/// Words of 64 bits for all pairs of bytes.
const PAIRS: usize = (1 << 16) / 64;

/// The first two bytes of plain words that some rule judges, a bit each.
#[derive(Debug)]
pub struct Judged(Box<[u64; PAIRS]>);

impl Judged {
    pub fn new<'a>(rules: impl Iterator<Item = &'a Rule>) -> Self {
        let mut pairs = Box::new([0; PAIRS]);
        for rule in rules.filter(|rule| rule.plain) {
            for first in (0..=u8::MAX).filter(|first| rule.begins_with(*first)) {
                for second in (0..=u8::MAX).filter(|second| rule.judges(first, *second)) {
                    let (lane, bit) = pair(first, second);
                    pairs[lane] |= bit;
                }
            }
        }
        Self(pairs)
    }

    /// Whether a rule judges plain words that begin so.
    #[inline]
    pub fn has(&self, first: u8, second: u8) -> bool {
        let (lane, bit) = pair(first, second);
        self.0[lane] & bit != 0
    }
}

/// Where two bytes have their bit among all pairs.
#[inline]
const fn pair(first: u8, second: u8) -> (usize, u64) {
    let place = (first as usize) << 8 | second as usize;
    (place / 64, 1 << (place % 64))
}

/// Length of the plain word at `at`: ASCII or Latin letters alone, then a `WORD_END` that is there. 0: none, or up to
/// four capitals and a blank, with which a number may begin. A short word may also end with a mark that is in no form
/// and no prefix, or with one that a `WORD_END` follows.
#[inline]
pub fn plain_word(bytes: &[u8], at: usize) -> usize {
    let letters = bytes[at..].iter().take_while(|byte| within(**byte, LETTER | LATIN)).count();
    match bytes.get(at + letters) {
        Some(b' ') if letters <= 4 && bytes[at..at + letters].iter().all(u8::is_ascii_uppercase) => 0,
        Some(end) if within(*end, WORD_END) => letters,
        Some(_) if letters >= LONG => 0,
        Some(b'(' | b'[' | b'{' | b'<' | b'>' | b'&' | b'*' | b'|' | b']' | b'}') => letters,
        Some(b'.' | b':') if bytes.get(at + letters + 1).is_some_and(|end| within(*end, WORD_END)) => letters,
        _ => 0,
    }
}
