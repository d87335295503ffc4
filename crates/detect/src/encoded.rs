//! Text behind base64 (RFC 4648, both alphabets) and hex: decoded, looked through like any other text, and masked as a
//! whole if something is found in it. Two deep.
//!
//! Promises: a run that holds no text costs the few digits it takes to see that; one that arrives in pieces is decoded
//! once. A run of text longer than [`CAP`] is not looked through but masked.
//! Never: joins runs over line ends.

use countersign_model::entity::{Undone, UndoneSet};

use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, BASE64_URL, HEX, within};
use crate::latch::Latch;
use crate::probe::{Hit, Need, Probe};
use crate::reader::Reader;
use crate::scanner::{Index, Window};

/// How often text within encoded text is decoded again.
pub const DEPTH: u8 = 2;
/// Fewest digits of a run: less holds no value worth hiding.
pub const LEAST: usize = 16;
/// Most digits of a run.
pub const CAP: usize = 1 << 15;
/// A run that breaks off as text behind so many digits is not tried again from within.
const SEEN: usize = 64;

/// How far a run is known to be text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    start: usize,
    coding: Option<Coding>,
    digits: usize,
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
        self.digits += 1;
        if self.held < 8 {
            return true;
        }
        self.held -= 8;
        self.utf8.take((self.bits >> self.held) as u8)
    }
}

fn value(coding: Coding, digit: u8) -> u32 {
    let value = match (coding, digit) {
        (_, b'0'..=b'9') if coding == Coding::Hex => digit - b'0',
        (Coding::Hex, _) => (digit | 0x20) - b'a' + 10,
        (_, b'A'..=b'Z') => digit - b'A',
        (_, b'a'..=b'z') => digit - b'a' + 26,
        (_, b'0'..=b'9') => digit - b'0' + 52,
        (_, b'+' | b'-') => 62,
        _ => 63,
    };
    u32::from(value)
}

/// A run at the start that holds text with something in it.
pub fn recognise(index: &Index, probe: &Probe<'_>) -> Result<Option<(Entity, Hit)>, Need> {
    let place = probe.position();
    let (from, to) = probe.memo.opaque.get();
    if probe.depth >= DEPTH || !probe.is(0, ALNUM)? || (from..to).contains(&place) {
        return Ok(None);
    }
    for coding in [Coding::Hex, Coding::Base64] {
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
                let found = inspect(index, probe, coding, progress.digits, length);
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

/// Length of the run with its padding, if all of it is text.
fn run(probe: &Probe<'_>, coding: Coding, progress: &mut Progress) -> Result<Option<usize>, Need> {
    loop {
        if progress.digits == CAP {
            return Ok(Some(CAP));
        }
        let byte = probe.get(progress.digits)?;
        if !within(byte, coding.sets()) {
            break;
        }
        if !progress.take(coding, byte) {
            if progress.digits > SEEN {
                let start = progress.start;
                probe.memo.opaque.set((start, start + progress.digits));
            }
            return Ok(None);
        }
    }
    let digits = progress.digits;
    let whole = match coding {
        Coding::Hex => digits.is_multiple_of(2) && !within(probe.get(digits)?, ALNUM),
        Coding::Base64 => digits % 4 != 1,
    };
    if digits < LEAST || !whole || progress.utf8 != Utf8::default() {
        return Ok(None);
    }
    let mut length = digits;
    while coding == Coding::Base64 && length < digits + 2 && probe.get(length)? == b'=' {
        length += 1;
    }
    Ok(Some(length))
}

fn inspect(
    index: &Index,
    probe: &Probe<'_>,
    coding: Coding,
    digits: usize,
    length: usize,
) -> Option<(Entity, Hit)> {
    let undone = UndoneSet::of(coding.undone());
    if digits == CAP {
        let hit = Hit::pattern(CAP, 0.5).latched(Latch::Run(coding.sets()));
        return Some((Entity::EncodedText, Hit { undone, ..hit }));
    }
    let mut decoded = Vec::with_capacity(digits);
    let (mut bits, mut held) = (0_u32, 0);
    for digit in &probe.text[probe.at..probe.at + digits] {
        bits = bits << coding.bits() | value(coding, *digit);
        held += coding.bits();
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held) as u8);
        }
    }
    let text = String::from_utf8(decoded).ok()?;
    let mut reader = Reader::at_depth(probe.depth + 1);
    reader.advance(index, Window { text: &text, base: 0, last: true });
    let found = reader.found().first()?;
    let hit =
        Hit { evidence: found.evidence, undone: undone | found.undone, ..Hit::pattern(length, found.score) };
    Some((found.entity, hit))
}
