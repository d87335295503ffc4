//! Text behind base64 (RFC 4648, both alphabets) and hex: decoded, looked through like any other text, and masked as a
//! whole if something is found in it. Two deep.
//!
//! Promises: a run that holds no text costs the few digits it takes to see that; one that arrives in pieces is decoded
//! once. A run of text longer than [`CAP`] is not looked through but masked. Base64 may be wrapped into lines of
//! [`LINE`] digits or more (RFC 2045: 76, RFC 7468: 64).
//! What the words before a run say counts for what is in it.

use countersign_model::entity::{Undone, UndoneSet};

use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, BASE64_URL, HEX, within};
use crate::index::Index;
use crate::latch::Latch;
use crate::probe::{Hit, Need, Probe};
use crate::reader::Reader;
use crate::scanner::Window;

/// How often text within encoded text is decoded again.
pub const DEPTH: u8 = 2;
/// Fewest digits of a run: less holds no value worth hiding.
pub const LEAST: usize = 8;
/// Fewest letters of a run that has no other digits.
pub const LETTERS: usize = LEAST;
/// Fewest digits of a line that may go on in the next one.
const LINE: usize = 60;
/// Most digits of a run.
pub const CAP: usize = 1 << 15;
/// A run that breaks off as text behind so many digits is not tried again from within.
const SEEN: usize = 64;

/// How far a run is known to be text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    start: usize,
    coding: Option<Coding>,
    /// Bytes read, line ends and all.
    length: usize,
    digits: usize,
    /// Digits of the present line.
    line: usize,
    bits: u32,
    held: u8,
    utf8: Utf8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Hex,
    Base64,
}

/// Where in a UTF-8 sequence: bytes that must follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Utf8(u8);

impl Utf8 {
    /// Takes one byte. False: it is no text.
    fn take(&mut self, byte: u8) -> bool {
        match (self.0, byte) {
            (0, b' '..=b'~' | b'\t' | b'\n' | b'\r') => true,
            (0, 0xC2..=0xDF) => self.expect(1),
            (0, 0xE0..=0xEF) => self.expect(2),
            (0, 0xF0..=0xF4) => self.expect(3),
            (1.., 0x80..=0xBF) => {
                self.0 -= 1;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, bytes: u8) -> bool {
        self.0 = bytes;
        true
    }
}

impl Coding {
    const fn sets(self) -> u16 {
        match self {
            Self::Hex => HEX,
            Self::Base64 => BASE64 | BASE64_URL,
        }
    }

    const fn bits(self) -> u8 {
        match self {
            Self::Hex => 4,
            Self::Base64 => 6,
        }
    }

    const fn undone(self) -> Undone {
        match self {
            Self::Hex => Undone::Hex,
            Self::Base64 => Undone::Base64,
        }
    }
}

impl Progress {
    /// Takes one digit. False: the run holds no text.
    fn take(&mut self, coding: Coding, digit: u8) -> bool {
        let bits = coding.bits();
        self.bits = self.bits << bits | value(coding, digit);
        self.held += bits;
        self.length += 1;
        self.digits += 1;
        self.line += 1;
        if self.held < 8 {
            return true;
        }
        self.held -= 8;
        self.utf8.take((self.bits >> self.held) as u8)
    }
}

const fn value(coding: Coding, digit: u8) -> u32 {
    let value = match (coding, digit) {
        (Coding::Hex, b'0'..=b'9') => digit - b'0',
        (Coding::Hex, _) => (digit | 0x20).wrapping_sub(b'a') + 10,
        (_, b'A'..=b'Z') => digit - b'A',
        (_, b'a'..=b'z') => digit - b'a' + 26,
        (_, b'0'..=b'9') => digit - b'0' + 52,
        (_, b'+' | b'-') => 62,
        _ => 63,
    };
    value as u32
}

/// A run at the start, of [`LEAST`] digits of base64 or more, that holds text with something in it.
pub fn recognise(index: &Index, probe: &Probe<'_>) -> Result<Option<(Entity, Hit)>, Need> {
    let place = probe.position();
    let (from, to) = probe.memo.opaque.get();
    if probe.depth >= DEPTH || (from..to).contains(&place) {
        return Ok(None);
    }
    for coding in [Coding::Hex, Coding::Base64] {
        if !begins_as_text(&probe.text[probe.at..], coding) {
            continue;
        }
        let known = probe.memo.encoded.get();
        let mut progress = if known.start == place && known.coding.is_some() {
            // One coding is tried after the other: what is known of the second says that the first failed.
            if known.coding != Some(coding) {
                continue;
            }
            known
        } else {
            Progress { start: place, coding: Some(coding), ..Progress::default() }
        };
        match run(probe, coding, &mut progress) {
            Ok(None) => probe.memo.encoded.set(Progress::default()),
            Ok(Some(length)) => {
                let found = inspect(index, probe, &progress, coding, length);
                probe.memo.encoded.set(Progress::default());
                if found.is_some() {
                    return Ok(found);
                }
                probe.memo.opaque.set((place, place + length));
                return Ok(None);
            }
            Err(Need) => {
                probe.memo.encoded.set(progress);
                return Err(Need);
            }
        }
    }
    Ok(None)
}

/// Whether digits may be base64 of text, as far as the first four tell. Most words and numbers leave here.
#[inline]
pub fn may_be_text(digits: &[u8]) -> bool {
    let [first, second, third, fourth, ..] = *digits else { return false };
    let bits =
        [first, second, third, fourth].iter().fold(0, |bits, byte| bits << 6 | VALUE[usize::from(*byte)]);
    let mut utf8 = Utf8::default();
    bits.to_be_bytes()[1..].iter().all(|byte| utf8.take(*byte))
}

static VALUE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = value(Coding::Base64, byte as u8);
        byte += 1;
    }
    table
};

/// Whether the first digits of a run stand for text.
#[inline]
fn begins_as_text(digits: &[u8], coding: Coding) -> bool {
    match (coding, digits) {
        (Coding::Base64, _) => may_be_text(digits),
        (Coding::Hex, [first, second, ..]) if within(*first, HEX) && within(*second, HEX) => {
            Utf8::default().take((value(coding, *first) << 4 | value(coding, *second)) as u8)
        }
        _ => false,
    }
}

/// Length of the run with its padding, if all of it is text.
fn run(probe: &Probe<'_>, coding: Coding, progress: &mut Progress) -> Result<Option<usize>, Need> {
    loop {
        if progress.digits == CAP {
            return Ok(Some(progress.length));
        }
        let byte = probe.get(progress.length)?;
        if within(byte, coding.sets()) {
            if !progress.take(coding, byte) {
                if progress.digits > SEEN {
                    let start = progress.start;
                    probe.memo.opaque.set((start, start + progress.length));
                }
                return Ok(None);
            }
            continue;
        }
        match line_end(probe, coding, progress)? {
            0 => break,
            bytes => {
                progress.length += bytes;
                progress.line = 0;
            }
        }
    }
    let (digits, mut length) = (progress.digits, progress.length);
    let whole = match coding {
        Coding::Hex => digits.is_multiple_of(2) && !within(probe.get(length)?, ALNUM),
        Coding::Base64 => digits % 4 != 1,
    };
    if digits < LEAST || !whole || progress.utf8 != Utf8::default() {
        return Ok(None);
    }
    while coding == Coding::Base64 && length < progress.length + 2 && probe.get(length)? == b'=' {
        length += 1;
    }
    Ok(Some(length))
}

/// Bytes of a line end within the run; 0 if the run does not go on behind it.
fn line_end(probe: &Probe<'_>, coding: Coding, progress: &Progress) -> Result<usize, Need> {
    if progress.line < LINE || !progress.line.is_multiple_of(4) {
        return Ok(0);
    }
    let bytes = match probe.get(progress.length)? {
        b'\n' => 1,
        b'\r' if probe.get(progress.length + 1)? == b'\n' => 2,
        _ => return Ok(0),
    };
    Ok(if probe.is(progress.length + bytes, coding.sets())? { bytes } else { 0 })
}

fn inspect(
    index: &Index,
    probe: &Probe<'_>,
    progress: &Progress,
    coding: Coding,
    length: usize,
) -> Option<(Entity, Hit)> {
    let undone = UndoneSet::of(coding.undone());
    if progress.digits == CAP {
        let hit = Hit::pattern(length, 0.5).latched(Latch::Run(coding.sets()));
        return Some((Entity::EncodedText, Hit { undone, ..hit }));
    }
    let mut decoded = Vec::with_capacity(progress.digits);
    let (mut bits, mut held) = (0_u32, 0);
    let run = &probe.text[probe.at..probe.at + progress.length];
    for digit in run.iter().filter(|byte| within(**byte, coding.sets())) {
        bits = bits << coding.bits() | value(coding, *digit);
        held += coding.bits();
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held) as u8);
        }
    }
    let text = String::from_utf8(decoded).ok()?;
    let mut reader = Reader::within(probe.depth + 1, probe.said_here());
    reader.advance(index, Window { text: &text, base: 0, last: true });
    let found = reader.found().first()?;
    let hit =
        Hit { evidence: found.evidence, undone: undone | found.undone, ..Hit::pattern(length, found.score) };
    Some((found.entity, hit))
}
