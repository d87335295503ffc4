//! Looks words up: one filter, one slot, and a comparison with the few words that begin alike.
//!
//! Promises: a word costs the same however many are known. A stem (`ignor*`) knows every word that begins with it; the
//! longest entry says where it ends, and all say what it stands for. Words of scripts that are written without blanks are known by the characters they end with.

use std::sync::LazyLock;

use super::concept::Concepts;
use super::words::WORDS;
use crate::topics::letter;

/// Bits of the filter.
const FILTER: usize = 1 << 15;
const SLOTS: usize = 1 << 13;
/// Bytes of a word that choose its slot.
const KEY: usize = 4;

#[derive(Debug)]
struct Entry {
    word: Vec<u8>,
    stem: bool,
    concepts: Concepts,
    /// Written in ROT13.
    rotated: bool,
}

/// A word that is known.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub concepts: Concepts,
    pub length: usize,
    /// Written in ROT13.
    pub rotated: bool,
}

#[derive(Debug)]
pub struct Lexicon {
    filter: Box<[u64; FILTER / 64]>,
    /// Key, first entry, entries.
    slots: Box<[(u32, u16, u16)]>,
    entries: Vec<Entry>,
    /// Words of scripts without blanks, by the last character.
    unspaced: Vec<(char, &'static str, Concepts)>,
    ends: Box<[u64; FILTER / 64]>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// Made once.
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn new() -> Self {
        let mut entries = Vec::new();
        let mut unspaced: Vec<(char, &'static str, Concepts)> = Vec::new();
        for (concepts, words) in WORDS {
            for word in words.split_whitespace() {
                if word.starts_with(|first: char| first >= '\u{3040}') {
                    let last = word.chars().next_back().unwrap_or_default();
                    unspaced.push((last, word, *concepts));
                    continue;
                }
                let (word, stem) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
                let word = folded(word);
                debug_assert!(!stem || word.len() >= KEY, "a stem is longer than its key");
                if word.is_ascii() && word.len() > KEY {
                    entries.push(Entry { word: rot13(&word), stem, concepts: *concepts, rotated: true });
                }
                entries.push(Entry { word, stem, concepts: *concepts, rotated: false });
            }
        }
        // The same word under two concepts has both; among words with one key the longest comes first.
        entries.sort_by(|a, b| {
            (key(&a.word), b.word.len(), &a.word, a.stem).cmp(&(key(&b.word), a.word.len(), &b.word, b.stem))
        });
        entries.dedup_by(|later, first| {
            let same = later.word == first.word && later.stem == first.stem && later.rotated == first.rotated;
            if same {
                first.concepts = first.concepts | later.concepts;
            }
            same
        });
        unspaced.sort_by_key(|(last, word, _)| (*last, usize::MAX - word.len()));
        let mut lexicon = Self {
            filter: Box::new([0; FILTER / 64]),
            slots: vec![(0, 0, 0); SLOTS].into(),
            entries,
            unspaced,
            ends: Box::new([0; FILTER / 64]),
        };
        lexicon.index();
        lexicon
    }

    fn index(&mut self) {
        let mut at = 0;
        while at < self.entries.len() {
            let key = key(&self.entries[at].word);
            let count = self.entries[at..].iter().take_while(|entry| self::key(&entry.word) == key).count();
            let bit = bit(key);
            self.filter[bit / 64] |= 1 << (bit % 64);
            let mut slot = slot(key);
            while self.slots[slot].2 != 0 {
                slot = (slot + 1) % SLOTS;
            }
            self.slots[slot] = (key, at as u16, count as u16);
            at += count;
        }
        debug_assert!(at * 2 < SLOTS, "the table is too full");
        for (last, ..) in &self.unspaced {
            let bit = bit(*last as u32);
            self.ends[bit / 64] |= 1 << (bit % 64);
        }
    }

    /// A word of letters as [`folded`] writes them; ASCII ones in either case.
    #[inline]
    pub fn find(&self, word: &[u8]) -> Option<Known> {
        let key = key(word);
        let bit = bit(key);
        if self.filter[bit / 64] >> (bit % 64) & 1 == 0 {
            return None;
        }
        self.search(key, word, false)
    }

    /// The longest word that `text` begins with, of at least four letters.
    pub fn find_within(&self, text: &[u8]) -> Option<Known> {
        let key = text.get(..KEY).map(key)?;
        self.search(key, text, true)
    }

    fn search(&self, key: u32, word: &[u8], open: bool) -> Option<Known> {
        let mut slot = slot(key);
        let (first, count) = loop {
            match self.slots[slot] {
                (_, _, 0) => return None,
                (found, first, count) if found == key => break (usize::from(first), usize::from(count)),
                _ => slot = (slot + 1) % SLOTS,
            }
        };
        let mut fits = self.entries[first..first + count].iter().filter(|entry| {
            let long =
                (entry.stem || open) && word.len() >= entry.word.len() || word.len() == entry.word.len();
            long && word[..entry.word.len()].eq_ignore_ascii_case(&entry.word)
        });
        let longest = fits.next()?;
        let mut known =
            Known { concepts: longest.concepts, length: longest.word.len(), rotated: longest.rotated };
        // Read as one word: `translate` and `translat*` both say something of it.
        while !open && let Some(entry) = fits.next() {
            known.concepts = known.concepts | entry.concepts;
            known.rotated &= entry.rotated;
        }
        Some(known)
    }

    /// The longest word of a script without blanks that `text` ends with, whose last character is `last`.
    #[inline]
    pub fn ending(&self, text: &str, last: char) -> Option<Known> {
        let bit = bit(last as u32);
        if self.ends[bit / 64] >> (bit % 64) & 1 == 0 {
            return None;
        }
        let first = self.unspaced.partition_point(|(other, ..)| *other < last);
        self.unspaced[first..]
            .iter()
            .take_while(|(other, ..)| *other == last)
            .find(|(_, word, _)| text.ends_with(word))
            .map(|(_, word, concepts)| Known { concepts: *concepts, length: word.len(), rotated: false })
    }
}

/// The first four bytes, without case.
#[inline]
fn key(word: &[u8]) -> u32 {
    match word {
        [a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]) | 0x2020_2020,
        _ => word.iter().fold(0, |key, byte| key << 8 | u32::from(byte | 0x20)),
    }
}

#[inline]
const fn bit(key: u32) -> usize {
    (key.wrapping_mul(0x85EB_CA6B) >> 17) as usize
}

const fn slot(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> 19) as usize
}

/// Letters without case, Latin ones without accents; digits stay.
pub fn folded(word: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(word.len());
    for character in word.chars() {
        if character.is_ascii_digit() {
            out.push(character as u8);
        } else {
            fold_into(character, &mut out);
        }
    }
    out
}

/// Appends one letter as [`folded`] writes it. False: it is none.
pub fn fold_into(character: char, out: &mut Vec<u8>) -> bool {
    use crate::topics::Kind;
    let mut buffer = [0; 4];
    let (kind, _, sign, _) = letter(character.encode_utf8(&mut buffer).as_bytes());
    match kind {
        Kind::Latin if sign < 0x80 => out.push(sign as u8),
        Kind::Latin | Kind::Other => {
            let folded = char::from_u32(sign).unwrap_or(character);
            out.extend_from_slice(folded.encode_utf8(&mut buffer).as_bytes());
        }
        Kind::Character | Kind::Number | Kind::Mark => return false,
    }
    true
}

fn rot13(word: &[u8]) -> Vec<u8> {
    let turn = |byte: &u8| match byte {
        b'a'..=b'z' => (byte - b'a' + 13) % 26 + b'a',
        _ => *byte,
    };
    word.iter().map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::super::concept::{IGNORE, ORDERS, PRIOR};
    use super::*;

    fn concepts(word: &str) -> Concepts {
        lexicon().find(&folded(word)).map_or(Concepts::default(), |known| known.concepts)
    }

    #[test]
    fn stems_know_every_ending_and_whole_words_only_themselves() {
        for word in ["ignore", "IGNORIERE", "ignoruj", "игнорируй", "disregard"] {
            assert!(concepts(word).meets(IGNORE), "{word}");
        }
        for word in ["Anweisungen", "instrucción", "инструкции", "wytyczne"] {
            assert!(concepts(word).meets(ORDERS), "{word}");
        }
        assert!(concepts("précédentes").meets(PRIOR));
        assert!(concepts("ignition").is_empty());
        assert!(lexicon().find(b"vtaber").is_some_and(|known| known.rotated));
    }

    #[test]
    fn words_without_blanks_are_known_by_their_end() {
        let text = "请忽略";
        assert!(lexicon().ending(text, '略').is_some_and(|known| known.concepts.meets(IGNORE)));
        assert!(lexicon().ending("省略", '略').is_none());
    }
}
