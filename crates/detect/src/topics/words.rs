//! Parts text into words and gives each a hash, and phrases of them.

use super::CHARACTERS;
use super::letters::{Kind, letter};
use super::spelling::Letters;
use crate::alphabet::{CONTINUATION, within};

const PRIME: u32 = 0x0100_0193;

/// The hash of a phrase so far, 0 for none, and one more word. Never 0.
pub fn joined(phrase: u32, word: u32) -> u32 {
    if phrase == 0 { word.max(1) } else { (phrase.rotate_left(5) ^ word).wrapping_mul(PRIME).max(1) }
}

/// The last words of a short text, the last first: their hashes and where they begin. Digits are no words.
pub fn last_words(text: &[u8]) -> ([(u32, usize); CHARACTERS], usize) {
    let mut words = [(0, 0); CHARACTERS];
    let mut count = 0;
    each_word(text, 0, false, |word| {
        if word.kind != Kind::Number {
            words.rotate_right(1);
            words[0] = (word.hash, word.start);
            count = (count + 1).min(CHARACTERS);
        }
    });
    (words, count)
}

/// The hash of a phrase of such words.
pub fn phrase(words: &[(u32, usize)]) -> u32 {
    words.iter().rev().fold(0, |phrase, (word, _)| joined(phrase, *word))
}

pub const fn is_escape(letter: Option<&u8>) -> bool {
    matches!(letter, Some(b'n' | b'r' | b't' | b'b' | b'f'))
}

#[derive(Debug, Clone, Copy)]
pub struct Word {
    pub hash: u32,
    pub start: usize,
    pub kind: Kind,
}

/// A word that is being read.
struct Open {
    letters: Letters,
    start: usize,
    /// A mark if there is none.
    kind: Kind,
    /// It may be cut at its beginning.
    cut: bool,
}

impl Open {
    #[inline]
    fn close(&mut self, each: &mut impl FnMut(Word)) {
        if self.kind != Kind::Mark && !self.cut {
            each(Word { hash: self.letters.hash(), start: self.start, kind: self.kind });
        }
        self.kind = Kind::Mark;
    }
}

/// Calls `each` with every word. Digits part words, and stand for a word where no letter is before them.
pub fn each_word(text: &[u8], base: usize, cut: bool, mut each: impl FnMut(Word)) {
    let mut open = Open { letters: Letters::default(), start: base, kind: Kind::Mark, cut };
    let mut i = 0;
    // The rest of a character that is cut belongs to a word that is cut.
    while cut && i < text.len() && within(text[i], CONTINUATION) {
        i += 1;
    }
    let first = i;
    // The letter before is a small one of ASCII.
    let mut small = false;
    while let Some(byte) = text.get(i) {
        // Blanks and marks, and then letters, are most of most text.
        if *byte < b'0' {
            open.close(&mut each);
            (open.cut, small) = (false, false);
            i += 1;
            continue;
        }
        // A short word of small letters between blanks and marks: most words are that.
        if open.kind == Kind::Mark
            && !open.cut
            && let Some((letters, count)) = Letters::of_short(&text[i..])
            && text[i + count] < b'0'
        {
            each(Word { hash: letters.hash(), start: base + i, kind: Kind::Latin });
            small = false;
            i += count + 1;
            continue;
        }
        let (kind, length, sign, capital) = match byte {
            b'a'..=b'z' => (Kind::Latin, 0, 0, false),
            b'A'..=b'Z' => (Kind::Latin, 1, u32::from(*byte | 0x20), true),
            b'0'..=b'9' => (Kind::Number, 1, 0, false),
            b'\\' if is_escape(text.get(i + 1)) => (Kind::Mark, 2, 0, false),
            _ => letter(&text[i..]),
        };
        if kind != open.kind || !kind.joins() || (small && capital) {
            open.close(&mut each);
            open.cut &= i == first && kind != Kind::Mark;
            let behind = kind == Kind::Number && i > first && text[i - 1].is_ascii_alphanumeric();
            if !behind {
                (open.letters, open.start, open.kind) = (Letters::default(), base + i, kind);
            }
        }
        small = length == 0;
        if small {
            i += open.letters.take_small(&text[i..]);
        } else {
            open.letters.take(sign);
            i += length;
        }
    }
    open.close(&mut each);
}
