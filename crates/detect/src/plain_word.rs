//! Plain words, letters alone, of which most text is made: how long one is, and whether some rule judges it.

use crate::alphabet::{self, LATIN, LETTER, WORD_END, sets, within};
use crate::definition::{LONG, Rule};

/// Beginnings of three bytes are told apart by so many bits of a hash.
const BITS: u32 = 12;

/// In place of a third byte that is not there yet: no text has it.
const MISSING: u8 = 0xFF;

/// By the beginnings of words, the rules that judge them, a bit each.
#[derive(Debug)]
pub struct Judged {
    /// By the first byte, as it stands.
    first: [u16; 256],
    /// By the second byte: those that may go on with it.
    second: [u16; 256],
    /// By the hash of the first three bytes, without case.
    three: Box<[u16; 1 << BITS]>,
    /// The rule of each bit.
    pub numbers: Vec<u16>,
}

impl Judged {
    /// Of the rules by number those that `judges`.
    pub fn new<'a>(rules: impl Iterator<Item = &'a Rule>, judges: impl Fn(&Rule) -> bool) -> Self {
        let mut made =
            Self { first: [0; 256], second: [0; 256], three: Box::new([0; 1 << BITS]), numbers: Vec::new() };
        for (number, rule) in (0..).zip(rules).filter(|(_, rule)| judges(rule)) {
            let bit = 1 << made.numbers.len();
            made.numbers.push(number);
            for byte in 0..=u8::MAX {
                if rule.begins_with(byte) {
                    made.first[usize::from(byte)] |= bit;
                }
                if rule.goes_on_with([sets(byte), u16::MAX, u16::MAX]) {
                    made.second[usize::from(byte)] |= bit;
                }
            }
            if rule.beginnings.is_empty() {
                made.three.iter_mut().for_each(|rules| *rules |= bit);
            }
            for beginning in rule.beginnings {
                let [first, second, third] = *beginning;
                let thirds = if third == 0 { 0..=u8::MAX } else { third..=third };
                for third in thirds.chain([MISSING]) {
                    made.three[hash([first, second, third])] |= bit;
                }
            }
        }
        debug_assert!(made.numbers.len() <= 16, "a bit for each rule");
        made
    }

    /// The rules that judge a word, a bit each; perhaps some more.
    #[inline]
    pub fn of(&self, word: &[u8]) -> u16 {
        let three = [word[0], word[1], word.get(2).copied().unwrap_or(MISSING)];
        self.first[usize::from(word[0])] & self.second[usize::from(word[1])] & self.three[hash(three)]
    }
}

#[inline]
fn hash(three: [u8; 3]) -> usize {
    // Also changes marks, but those of one word and of a beginning alike.
    let number = u32::from_le_bytes([three[0], three[1], three[2], 0]) | 0x0020_2020;
    (number.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

/// Length of the plain word at `at`: ASCII or Latin letters alone, then a `WORD_END` that is there. 0: none, or up to
/// four capitals and a blank, with which a number may begin. A short word may also end with a mark that is in no form
/// and no prefix, or with one that a `WORD_END` follows.
#[inline]
pub fn plain_word(bytes: &[u8], at: usize) -> usize {
    let mut letters = alphabet::letters(bytes, at);
    if bytes.get(at + letters).is_some_and(|byte| within(*byte, LATIN)) {
        letters += bytes[at + letters..].iter().take_while(|byte| within(**byte, LETTER | LATIN)).count();
    }
    match bytes.get(at + letters) {
        Some(b' ') if letters <= 4 && bytes[at..at + letters].iter().all(u8::is_ascii_uppercase) => 0,
        Some(end) if within(*end, WORD_END) => letters,
        Some(_) if letters >= LONG => 0,
        Some(b'(' | b'[' | b'{' | b'<' | b'>' | b'&' | b'*' | b'|' | b']' | b'}') => letters,
        Some(b'.' | b':') if bytes.get(at + letters + 1).is_some_and(|end| within(*end, WORD_END)) => letters,
        _ => 0,
    }
}
