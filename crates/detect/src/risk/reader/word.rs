//! Words: of ASCII letters, of letters and digits, of letters and what stands for letters, and letters set apart.

use super::{Class, Find, Manner, Reader, class};
use crate::fold::{Fold, fold};
use crate::risk::concept::{AI, NEGATION, SYSTEM, TURN};
use crate::risk::encoded;
use crate::risk::lexicon::{Known, fold_into};

/// Most characters of a word that is looked up.
const WORD_MAX: usize = 32;
/// Fewest single letters in a row that are read as words set apart.
const APART: usize = 6;
/// Most of them that are read at once.
const APART_MAX: usize = 256;

impl Reader<'_> {
    /// A word that begins with an ASCII letter or digit. Gives where it ends.
    #[inline]
    pub(super) fn word(&mut self, start: usize) -> usize {
        let mut end = start + 1;
        let mut digits = usize::from(self.bytes[start].is_ascii_digit());
        while let Some(byte) = self.bytes.get(end) {
            match class(*byte) {
                Class::Letter => end += 1,
                Class::Digit => {
                    digits += 1;
                    end += 1;
                }
                _ => break,
            }
        }
        let next = self.bytes.get(end).copied().unwrap_or(0);
        if next >= 0x80 {
            return self.mixed(start);
        }
        let length = end - start;
        if digits == length {
            self.notes.words += 1;
            self.state.at_line_start = false;
            return end;
        }
        if length == 1 {
            return self.single(start, next);
        }
        if !self.state.apart.is_empty() {
            self.gather();
        }
        if matches!(next, b'@' | b'$' | b'!' | b'|')
            && self.bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        {
            return self.mixed(start);
        }
        if length >= encoded::RUN
            && let Some((text, end)) = encoded::decode(self.bytes, start)
        {
            self.find(Find::Encoded(text), start, end);
            self.notes.words += 1;
            return end;
        }
        let word = &self.bytes[start..end];
        if digits > 0 {
            self.with_digits(start, end);
        } else if let Some(known) = self.lexicon.find(word) {
            self.known(known, start, end);
        } else if matches!(word.len(), 4 | 5) && word[..4].eq_ignore_ascii_case(b"http") {
            return self.link(start, end);
        } else if next == b'\'' && word.eq_ignore_ascii_case(b"don") && self.bytes.get(end + 1) == Some(&b't')
        {
            self.note(NEGATION, start, end, Manner::default());
        }
        self.notes.words += 1;
        self.state.at_line_start = false;
        end
    }

    #[inline]
    pub(super) fn known(&mut self, known: Known, start: usize, end: usize) {
        let word = &self.bytes[start..end];
        let mut concepts = known.concepts;
        let mut manner = Manner::default();
        if known.rotated {
            manner = manner.with(Manner::DISGUISED);
        }
        if (known.length < word.len() && is_told(word)) || is_told_otherwise(word) {
            manner = manner.with(Manner::TOLD);
        }
        if word.iter().all(u8::is_ascii_uppercase) {
            manner = manner.with(Manner::CAPITALS);
        }
        let beside = |byte: Option<&u8>| byte.is_some_and(|byte| *byte == b'_');
        if beside(self.bytes.get(end)) || (start > 0 && beside(self.bytes.get(start - 1))) {
            manner = manner.with(Manner::NAME);
        }
        if self.state.at_line_start
            && self.bytes.get(end) == Some(&b':')
            && concepts.meets(SYSTEM | AI)
            && turns(word)
        {
            concepts = concepts | TURN;
        }
        self.note(concepts, start, end, manner);
    }

    /// One letter by itself: perhaps of a word whose letters are set apart.
    pub(super) fn single(&mut self, start: usize, next: u8) -> usize {
        let near = self.state.apart.last().is_some_and(|(_, last)| start - last <= 4);
        if !near {
            self.gather();
        }
        if self.state.apart.len() == APART_MAX {
            self.gather();
        }
        self.state.apart.push((self.bytes[start].to_ascii_lowercase(), start));
        // `U` for you, `n't` and the like are read as words too.
        if next != b'\''
            && let Some(known) = self.lexicon.find(&self.bytes[start..=start])
        {
            self.note(known.concepts, start, start + 1, Manner::default());
        }
        self.notes.words += 1;
        self.state.at_line_start = false;
        start + 1
    }

    /// Reads the letters that were set apart as one text without blanks.
    pub(super) fn gather(&mut self) {
        if self.state.apart.len() < APART {
            self.state.apart.clear();
            return;
        }
        let apart = std::mem::take(&mut self.state.apart);
        let letters: Vec<u8> = apart.iter().map(|(letter, _)| *letter).collect();
        let mut at = 0;
        while at < letters.len() {
            match self.lexicon.find_within(&letters[at..]) {
                Some(known) => {
                    let (start, end) = (apart[at].1, apart[at + known.length - 1].1 + 1);
                    self.note(known.concepts, start, end, Manner::DISGUISED);
                    at += known.length;
                }
                None => at += 1,
            }
        }
    }

    /// A word of letters and digits: `1gn0re`.
    pub(super) fn with_digits(&mut self, start: usize, end: usize) {
        let word = &self.bytes[start..end];
        if let Some(known) = self.lexicon.find(word) {
            self.note(known.concepts, start, end, Manner::default());
            return;
        }
        let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
        if word.len() > WORD_MAX || digits * 2 > word.len() + 1 || word.len() < 4 {
            return;
        }
        for one in [b'i', b'l'] {
            let read: Vec<u8> = word.iter().map(|byte| unleet(*byte, one)).collect();
            if let Some(known) = self.lexicon.find(&read) {
                self.note(known.concepts, start, end, Manner::DISGUISED);
                return;
            }
        }
    }

    /// A word with something in it that is not an ASCII letter or digit.
    pub(super) fn mixed(&mut self, start: usize) -> usize {
        let mut folded: Vec<u8> = Vec::with_capacity(WORD_MAX);
        let (mut disguised, mut ascii) = (false, false);
        let mut end = start;
        for (offset, character) in self.text[start..].char_indices() {
            let at = start + offset;
            let after = at + character.len_utf8();
            if character.is_ascii_alphanumeric() {
                ascii |= character.is_ascii_alphabetic();
                folded.push(character.to_ascii_lowercase() as u8);
            } else if matches!(character, '@' | '$' | '!' | '|')
                && self.bytes.get(after).is_some_and(u8::is_ascii_alphanumeric)
                && !folded.is_empty()
            {
                disguised = true;
                folded.push(unleet(character as u8, b'i'));
            } else if character.is_ascii() {
                break;
            } else {
                match fold(character) {
                    Fold::Drop => disguised = true,
                    Fold::To(to) if to.is_ascii_alphanumeric() => {
                        (disguised, ascii) = (true, true);
                        folded.push(to.to_ascii_lowercase());
                    }
                    Fold::To(_) => break,
                    // A letter that looks like ours is ours beside ours; in its own script it is itself.
                    Fold::LookAlike(to)
                        if ascii || self.text[after..].starts_with(|c: char| c.is_ascii_alphabetic()) =>
                    {
                        disguised = true;
                        folded.push(to.to_ascii_lowercase());
                    }
                    Fold::LookAlike(_) | Fold::Keep => {
                        if !fold_into(character, &mut folded) {
                            break;
                        }
                    }
                }
            }
            end = after;
            if folded.len() > 2 * WORD_MAX {
                break;
            }
        }
        let mut known = self.lexicon.find(&folded);
        if known.is_none() && folded.iter().any(u8::is_ascii_digit) && folded.len() >= 4 {
            let read: Vec<u8> = folded.iter().map(|byte| unleet(*byte, b'i')).collect();
            known = self.lexicon.find(&read);
            disguised = true;
        }
        if let Some(known) = known {
            let manner = if disguised { Manner::DISGUISED } else { Manner::default() };
            self.note(known.concepts, start, end, manner);
        }
        self.notes.words += 1;
        self.state.at_line_start = false;
        // One character at least was read, though it may be part of no word.
        if end == start { self.text.ceil_char_boundary(start + 1) } else { end }
    }
}

/// `ignored`, `ignoring`, `ignores`.
fn is_told(word: &[u8]) -> bool {
    let ends = |ending: &[u8]| {
        word.len() >= ending.len() && word[word.len() - ending.len()..].eq_ignore_ascii_case(ending)
    };
    ends(b"ed") || ends(b"ing") || ends(b"es") || (ends(b"s") && !ends(b"ss"))
}

/// The same of verbs that have a form of their own for it.
fn is_told_otherwise(word: &[u8]) -> bool {
    [b"overridden".as_slice(), b"overrode", b"forgot", b"forgotten"]
        .iter()
        .any(|told| word.eq_ignore_ascii_case(told))
}

/// The word of a role that heads a turn.
fn turns(word: &[u8]) -> bool {
    [b"system".as_slice(), b"developer", b"assistant", b"systems"]
        .iter()
        .any(|role| word.eq_ignore_ascii_case(role))
}

/// The letter that a digit or mark stands for.
const fn unleet(byte: u8, one: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'!' | b'|' => one,
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        b'8' => b'b',
        b'9' => b'g',
        _ => byte,
    }
}
