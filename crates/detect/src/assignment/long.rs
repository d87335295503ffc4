//! What values too long to be read whole are made of. Where each of a row of signs has all that follows for its value,
//! one value is told from the one before by the bytes that fell away and those that came.
//!
//! Promise: gives what [`Tally::of`] gives, and looks at each byte of such a row twice.

use super::words::{LESS, Tally};
use crate::alphabet::{HEX, within};

/// The last long value.
#[derive(Debug, Clone)]
pub struct Long {
    /// Bytes of the whole text.
    from: usize,
    to: usize,
    tally: Tally,
    /// How often each byte stands in it, by its lowest six bits, as [`Tally`] sees them.
    seen: [u8; 64],
    /// Bytes that are no hex digits.
    others: usize,
}

impl Default for Long {
    fn default() -> Self {
        Self { from: 0, to: 0, tally: Tally::default(), seen: [0; 64], others: 0 }
    }
}

impl Long {
    /// What `text[from..to]` is made of, at most 255 bytes; `base` bytes came before `text`.
    pub fn tally(&mut self, text: &[u8], base: usize, from: usize, to: usize) -> Tally {
        let (first, last) = (base + from, base + to);
        let goes_on = self.from >= base && (self.from..self.to).contains(&first) && self.to <= last;
        if !goes_on {
            *self = Self { from: first, to: first, ..Self::default() };
        }
        while self.to < last {
            let byte = text[self.to - base];
            self.count(byte, 1);
            if self.to > self.from {
                self.tally.count_pair(text[self.to - base - 1], byte, 1);
            }
            self.to += 1;
        }
        while self.from < first {
            let byte = text[self.from - base];
            self.count(byte, LESS);
            self.tally.count_pair(byte, text[self.from - base + 1], LESS);
            self.from += 1;
        }
        let seen = (0..64).filter(|bit| self.seen[*bit] > 0).fold(0, |seen, bit| seen | 1 << bit);
        self.tally.of_set(seen, self.others == 0)
    }

    fn count(&mut self, byte: u8, times: usize) {
        self.tally.count(byte, times);
        let seen = &mut self.seen[usize::from(byte & 63)];
        *seen = seen.wrapping_add(times as u8);
        if !within(byte, HEX) {
            self.others = self.others.wrapping_add(times);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_after_the_other_is_told_as_each_alone() {
        let text = "key=aB3 dead:beef=0x1F \u{e9}\u{4e2d}token==A1b2C3".repeat(20);
        let text = text.as_bytes();
        let mut long = Long::default();
        for (base, step) in [(0, 1), (0, 7), (300, 3), (0, 250)] {
            for from in (0..text.len() - base - 192).step_by(step) {
                let tally = long.tally(&text[base..], base, from, from + 192);
                assert_eq!(tally, Tally::of(&text[base + from..base + from + 192]), "{from}");
            }
        }
    }
}
