//! Text behind base64 (RFC 4648, both alphabets) and hex, when it reads as words.
//!
//! Promise: a run is read once; what is no text costs its length.

use crate::alphabet::{BASE64, BASE64_URL, HEX, within};

/// Letters and digits in a row with which a run may begin.
pub const RUN: usize = 12;
/// Fewest digits of a run that is looked into.
const LEAST: usize = 24;
/// Most digits of a run that is looked into.
const MOST: usize = 16 << 10;

/// The text of the run that begins at `start`, and where the run ends.
pub fn decode(bytes: &[u8], start: usize) -> Option<(String, usize)> {
    let length = run(&bytes[start..], BASE64 | BASE64_URL);
    if !(LEAST..=MOST).contains(&length) {
        return None;
    }
    let digits = &bytes[start..start + length];
    let hex = length.is_multiple_of(2) && digits.iter().all(|byte| within(*byte, HEX));
    let decoded = if hex { from_hex(digits) } else { from_base64(digits) };
    let padding = bytes[start + length..].iter().take(2).take_while(|byte| **byte == b'=').count();
    let text = String::from_utf8(decoded).ok().filter(|text| reads_as_words(text))?;
    Some((text, start + length + padding))
}

fn run(bytes: &[u8], sets: u16) -> usize {
    bytes.iter().take(MOST + 1).take_while(|byte| within(**byte, sets)).count()
}

fn from_hex(digits: &[u8]) -> Vec<u8> {
    let value = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default() as u8;
    digits.chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

fn from_base64(digits: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}

/// Nearly all letters and blanks, and not one long word.
fn reads_as_words(text: &str) -> bool {
    let all = text.chars().count();
    let plain = text.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).count();
    let control = text.chars().any(|c| c.is_control() && !c.is_whitespace());
    let parted = text.contains(' ') || !text.is_ascii() || run(text.as_bytes(), BASE64) == text.len();
    !control && parted && plain * 10 >= all * 8
}
