//! How the words of a list end: a look at the last two letters of a name tells of most that they are not on it.
//!
//! Promise: says no only of names whose last word is not on the list, in either case and with or without Latin accents.

use crate::topics::plain_letter;

/// A row for each letter before the last, a bit for each last letter.
#[derive(Debug, Default)]
pub struct Endings([u32; 26]);

const fn number(letter: u8) -> usize {
    (letter.to_ascii_lowercase() - b'a') as usize
}

impl Endings {
    pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut endings = Self::default();
        for word in words {
            endings.add(word);
        }
        endings
    }

    fn add(&mut self, word: &str) {
        // What is no letter of ASCII even without accent is never ruled out.
        let plain = |character: char| plain_letter(character).unwrap_or(0x80);
        let mut letters = word.chars().rev().map(plain).skip_while(|letter| is_between(*letter));
        let (last, before) = (letters.next(), letters.next());
        let Some(last) = last.filter(u8::is_ascii_alphabetic) else { return };
        for (row, bits) in self.0.iter_mut().enumerate() {
            // A word of one letter may stand directly behind another: `aB`.
            if before.is_none_or(|before| !before.is_ascii_alphabetic() || number(before) == row) {
                *bits |= 1 << number(last);
            }
        }
    }

    /// Whether the last word of `name` may be on the list.
    pub fn may_end(&self, name: &[u8]) -> bool {
        let mut letters = name.iter().rev().copied().skip_while(|letter| is_between(*letter));
        let Some(last) = letters.next() else { return false };
        if !last.is_ascii() {
            return true;
        }
        match letters.next() {
            Some(before) if !before.is_ascii() => true,
            Some(before) if before.is_ascii_alphabetic() => self.0[number(before)] >> number(last) & 1 == 1,
            // A word of one letter.
            _ => self.0.iter().all(|bits| bits >> number(last) & 1 == 1),
        }
    }
}

/// Digits and marks behind a word.
const fn is_between(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_the_list_is_ruled_out() {
        let endings = Endings::of(["name", "citt\u{e0}", "x", "\u{540d}", "se\u{f1}a", "line 1"].into_iter());
        for name in [
            "name",
            "fullNAME2",
            "citta",
            "citt\u{e0}",
            "fooX",
            "x",
            "a_x",
            "\u{540d}",
            "sena",
            "se\u{f1}a",
            "baseline",
        ] {
            assert!(endings.may_end(name.as_bytes()), "{name}");
        }
        for name in ["count", "", "12", "names"] {
            assert!(!endings.may_end(name.as_bytes()), "{name}");
        }
    }
}
