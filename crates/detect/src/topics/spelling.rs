//! The letters of a word, as one number: each letter so far counts [`BASE`] times as much as before when another comes.
//!
//! Promise: the same for the same letters, whether they came one by one or in rows, which take a step for eight.

const BASE: u64 = 251;
/// Its powers up to that of a row.
const POWERS: [u64; 9] = {
    let mut powers = [1; 9];
    let mut power = 1;
    while power < 9 {
        powers[power] = BASE.wrapping_mul(powers[power - 1]);
        power += 1;
    }
    powers
};

/// Never 0 once there is a letter, if there are eight or fewer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Letters(u64);

impl Letters {
    /// A word of one to seven small letters with a byte behind it, in one step, and how many they are.
    #[inline]
    pub fn of_short(text: &[u8]) -> Option<(Self, usize)> {
        let row = u64::from_be_bytes(*text.first_chunk()?);
        let count = small(row);
        (1..8).contains(&count).then(|| (Self(sum(row >> (64 - 8 * count))), count))
    }

    /// One more.
    #[inline]
    pub fn take(&mut self, sign: u32) {
        self.0 = self.0.wrapping_mul(BASE).wrapping_add(u64::from(sign));
    }

    /// All small letters of ASCII that `text` begins with: how many.
    #[inline]
    pub fn take_small(&mut self, text: &[u8]) -> usize {
        let mut taken = 0;
        while let Some(row) = text[taken..].first_chunk() {
            let row = u64::from_be_bytes(*row);
            let count = small(row);
            if count > 0 {
                self.0 = self.0.wrapping_mul(POWERS[count]).wrapping_add(sum(row >> (64 - 8 * count)));
            }
            taken += count;
            if count < 8 {
                return taken;
            }
        }
        while let Some(letter @ b'a'..=b'z') = text.get(taken) {
            self.take(u32::from(*letter));
            taken += 1;
        }
        taken
    }

    /// What the word is known by. Never 0, which stands for no word.
    #[inline]
    pub fn hash(self) -> u32 {
        ((self.0 ^ self.0 >> 29).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32).max(1) as u32
    }
}

/// How many small letters a row of eight bytes begins with, the first being the highest.
#[inline]
const fn small(row: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = EACH << 7;
    let low = row & !HIGH;
    // The sums reach 0x80 from `a` on, and behind `z`.
    let from_a = low + EACH * (0x80 - b'a') as u64;
    let behind_z = low + EACH * (0x7F - b'z') as u64;
    (!(from_a & !behind_z & !row) & HIGH).leading_zeros() as usize / 8
}

/// The last letter of a row, and the one before it [`BASE`] times, and so on: by pairs, then by fours, then all.
#[inline]
const fn sum(row: u64) -> u64 {
    const ONES: u64 = 0x00FF_00FF_00FF_00FF;
    const TWOS: u64 = 0x0000_FFFF_0000_FFFF;
    let pairs = (row & ONES) + (row >> 8 & ONES) * POWERS[1];
    let fours = (pairs & TWOS) + (pairs >> 16 & TWOS) * POWERS[2];
    (fours & 0xFFFF_FFFF) + (fours >> 32) * POWERS[4]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_single_letters_make_the_same() {
        let text = b"zyxwvutsrqponmlkjihgfedcbazzzzzzzzaaaaaaaaq";
        for from in 0..text.len() {
            for to in from..=text.len() {
                let mut one_by_one = Letters::default();
                text[from..to].iter().for_each(|letter| one_by_one.take(u32::from(*letter)));
                for behind in [
                    &b""[..],
                    b"A",
                    b" and more",
                    b"{{{{{{{{",
                    b"````````",
                    b"\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1",
                ] {
                    let mut rows = Letters::default();
                    assert_eq!(rows.take_small(&[&text[from..to], behind].concat()), to - from);
                    assert_eq!(rows.hash(), one_by_one.hash());
                    if let Some((short, count)) = Letters::of_short(&[&text[from..to], behind].concat()) {
                        assert_eq!((short.hash(), count), (rows.hash(), to - from));
                    }
                }
            }
        }
    }
}
