//! Tells words people write from what a machine drew.

use crate::alphabet::{HEX, within};

/// Pairs of letters that make up nine tenths of English text, a row for each first letter.
const PAIRS: [u32; 26] = [
    0x000E_B94E,
    0x0010_0910,
    0x0018_4C91,
    0x0000_4111,
    0x00AE_B83D,
    0x001A_4100,
    0x0000_2190,
    0x000A_4111,
    0x002E_787F,
    0x0000_0000,
    0x0000_0010,
    0x001C_4931,
    0x0000_C911,
    0x001C_455D,
    0x005E_B82C,
    0x011A_C811,
    0x0000_0000,
    0x010E_7155,
    0x001C_C991,
    0x015E_5191,
    0x000E_3812,
    0x0000_0011,
    0x0000_0101,
    0x000C_0000,
    0x0002_8000,
    0x0000_0000,
];

/// What a value is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub length: usize,
    pub digits: usize,
    pub upper: usize,
    pub lower: usize,
    /// `_ - . / : + =`: they part words, and stand in base64.
    pub joins: usize,
    /// Other ASCII marks.
    pub marks: usize,
    pub spaces: usize,
    /// Bytes that are not ASCII.
    pub foreign: usize,
    /// Neighbours of different kinds among small letters, capitals and digits.
    changes: usize,
    neighbours: usize,
    /// Neighbours that are letters, and those that are common in words.
    pairs: usize,
    common: usize,
    /// Different bytes, by their lowest six bits.
    seen: u64,
    hex: bool,
}

impl Tally {
    pub fn of(value: &[u8]) -> Self {
        let mut tally = Self { length: value.len(), hex: true, ..Self::default() };
        let mut kinds = [0; KINDS];
        let (mut before, mut one) = (0, MARK);
        for byte in value.iter().copied() {
            let other = KIND[usize::from(byte)];
            kinds[usize::from(other)] += 1;
            tally.seen |= 1 << (byte & 63);
            tally.hex &= within(byte, HEX);
            if one <= LOWER && other <= LOWER {
                tally.neighbours += 1;
                tally.changes += usize::from(one != other);
                if one != NUMERAL && other != NUMERAL {
                    tally.pairs += 1;
                    tally.common += usize::from(is_common(before, byte));
                }
            }
            (before, one) = (byte, other);
        }
        [tally.digits, tally.upper, tally.lower, tally.joins, tally.spaces, tally.foreign, tally.marks] =
            kinds;
        tally
    }

    /// With one more byte, or with one less: `times` is 1 or [`LESS`]. Leaves out what [`Self::of_set`] puts in.
    pub fn count(&mut self, byte: u8, times: usize) {
        let count = match KIND[usize::from(byte)] {
            NUMERAL => &mut self.digits,
            1 => &mut self.upper,
            LOWER => &mut self.lower,
            3 => &mut self.joins,
            4 => &mut self.spaces,
            5 => &mut self.foreign,
            _ => &mut self.marks,
        };
        *count = count.wrapping_add(times);
        self.length = self.length.wrapping_add(times);
    }

    /// The same of two bytes that stand side by side.
    pub fn count_pair(&mut self, one: u8, other: u8, times: usize) {
        let kinds = [KIND[usize::from(one)], KIND[usize::from(other)]];
        if kinds.iter().any(|kind| *kind > LOWER) {
            return;
        }
        self.neighbours = self.neighbours.wrapping_add(times);
        if kinds[0] != kinds[1] {
            self.changes = self.changes.wrapping_add(times);
        }
        if !kinds.contains(&NUMERAL) {
            self.pairs = self.pairs.wrapping_add(times);
            if is_common(one, other) {
                self.common = self.common.wrapping_add(times);
            }
        }
    }

    /// With what is known of the bytes as a set.
    pub const fn of_set(self, seen: u64, hex: bool) -> Self {
        Self { seen, hex, ..self }
    }

    pub const fn letters(&self) -> usize {
        self.upper + self.lower
    }

    /// Letters only.
    pub const fn is_word(&self) -> bool {
        self.letters() == self.length
    }

    pub const fn is_number(&self) -> bool {
        self.digits == self.length
    }

    /// Letters, digits and joins only.
    pub const fn is_name(&self) -> bool {
        self.marks + self.spaces + self.foreign == 0
    }

    pub const fn distinct(&self) -> u32 {
        self.seen.count_ones()
    }

    /// Letters that follow each other as in words.
    pub const fn is_wordy(&self) -> bool {
        self.pairs >= 3
            && self.pairs * 3 >= self.letters() + self.digits
            && self.common * 100 >= self.pairs * 62
    }

    pub const fn is_hex(&self) -> bool {
        self.hex && self.digits >= 2 && self.letters() >= 2
    }

    /// Drawn by a machine: letters and digits in no order, at least `least` of them.
    pub const fn is_random(&self, least: usize) -> bool {
        let signs = self.letters() + self.digits;
        if signs < least || self.spaces > 0 || self.distinct() < 7 || self.is_wordy() {
            return false;
        }
        if self.digits == 0 {
            return self.upper >= 3 && self.lower >= 3 && self.changes * 10 >= self.neighbours * 4;
        }
        let mixed = self.changes * 5 >= self.neighbours;
        let no_word = self.pairs >= 8 && self.common * 100 < self.pairs * 45;
        (mixed && self.upper >= 3 && self.lower >= 3)
            || ((mixed || no_word) && self.letters() >= 2 && self.digits >= 2)
    }
}

/// Times that take one away.
pub const LESS: usize = usize::MAX;

/// Whether two letters are a pair of [`PAIRS`].
const fn is_common(one: u8, other: u8) -> bool {
    PAIRS[((one | 0x20) - b'a') as usize] >> ((other | 0x20) - b'a') & 1 == 1
}

/// Kinds of bytes, numbered so that those that make words come first.
const KINDS: usize = 7;
const NUMERAL: u8 = 0;
const LOWER: u8 = 2;
const MARK: u8 = 6;

static KIND: [u8; 256] = {
    let mut table = [MARK; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => NUMERAL,
            b'A'..=b'Z' => 1,
            b'a'..=b'z' => LOWER,
            b'_' | b'-' | b'.' | b'/' | b':' | b'+' | b'=' => 3,
            b' ' | b'\t' => 4,
            0x80.. => 5,
            _ => MARK,
        };
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_no_name() {
        for drawn in ["a81f0c9d2b7e4466", "Zk3Qv9tXw2LmB7yR", "x9k2m4q8w1e5", "hG7-kL2_pQ9sT4vW8xZ1"] {
            assert!(Tally::of(drawn.as_bytes()).is_random(10), "{drawn}");
        }
        for name in [
            "my-service-account-v2",
            "nextPageToken2",
            "kubernetes.io/service",
            "GoogleCloudAiplatformV1beta1",
        ] {
            assert!(!Tally::of(name.as_bytes()).is_random(10), "{name}");
        }
    }
}
