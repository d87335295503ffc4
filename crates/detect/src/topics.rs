//! What the words before a value are about: "passport", `"nhs_number":`, `Steuer-ID`.
//!
//! Promises: looks at the bytes it is given and no others; a word that may be cut at their beginning does not count.
//! Words are compared by a 32-bit hash of their ASCII-lower-case letters, parted by everything that is no letter and
//! where a capital follows a small letter. Phrases have at most three words.
//! Never: looks behind a value.

use crate::{Definition, Entity};

/// A set of entities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Topics([u64; Topics::LANES]);

impl Topics {
    const LANES: usize = 4;

    pub fn contains(self, entity: Entity) -> bool {
        let bit = entity as usize;
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    fn insert(&mut self, entity: Entity) {
        let bit = entity as usize;
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    pub fn united(mut self, other: Self) -> Self {
        for (lane, more) in self.0.iter_mut().zip(other.0) {
            *lane |= more;
        }
        self
    }
}

const _: () = assert!(Entity::ALL.len() <= 64 * Topics::LANES);

const SEED: u32 = 0x811C_9DC5;
const PRIME: u32 = 0x0100_0193;
const SLOTS: usize = 1 << 13;
/// Longest phrase, in words.
const PHRASE: usize = 3;

/// The words of all definitions, by hash.
#[derive(Debug)]
pub struct Words {
    /// Open addressing; 0 is an empty slot.
    slots: Box<[(u32, u16)]>,
    topics: Vec<Topics>,
}

impl Words {
    pub fn new(definitions: &[&'static Definition]) -> Self {
        let mut words = Self { slots: vec![(0, 0); SLOTS].into(), topics: Vec::new() };
        for definition in definitions {
            for phrase in definition.words {
                let mut hash = 0;
                each_word(phrase.as_bytes(), false, |word| hash = joined(hash, word));
                words.insert(hash, definition.entity);
            }
        }
        debug_assert!(words.topics.len() * 2 < SLOTS, "the table is too full");
        words
    }

    fn insert(&mut self, hash: u32, entity: Entity) {
        let mut at = slot(hash);
        while self.slots[at].0 != 0 && self.slots[at].0 != hash {
            at = (at + 1) % SLOTS;
        }
        if self.slots[at].0 == 0 {
            self.slots[at] = (hash, self.topics.len() as u16);
            self.topics.push(Topics::default());
        }
        self.topics[usize::from(self.slots[at].1)].insert(entity);
    }

    fn find(&self, hash: u32) -> Option<Topics> {
        let mut at = slot(hash);
        loop {
            match self.slots[at] {
                (0, _) => return None,
                (found, topics) if found == hash => return Some(self.topics[usize::from(topics)]),
                _ => at = (at + 1) % SLOTS,
            }
        }
    }

    /// What the words in `text` are about. `cut`: the first may be only the end of a word.
    pub fn topics(&self, text: &[u8], cut: bool) -> Topics {
        let mut topics = Topics::default();
        let mut before = [0; PHRASE - 1];
        each_word(text, cut, |word| {
            let mut phrase = joined(0, word);
            let mut look = |hash| {
                if let Some(found) = self.find(hash) {
                    topics = topics.united(found);
                }
            };
            look(phrase);
            for count in 1..PHRASE {
                // The phrase that begins `count` words before this one.
                if before[count - 1] == 0 {
                    break;
                }
                phrase = joined(0, before[count - 1]);
                for earlier in (0..count - 1).rev() {
                    phrase = joined(phrase, before[earlier]);
                }
                look(joined(phrase, word));
            }
            before.rotate_right(1);
            before[0] = word;
        });
        topics
    }
}

fn slot(hash: u32) -> usize {
    (hash.wrapping_mul(0x9E37_79B1) >> 19) as usize % SLOTS
}

/// The hash of a phrase so far, 0 for none, and one more word. Never 0.
fn joined(phrase: u32, word: u32) -> u32 {
    if phrase == 0 { word.max(1) } else { (phrase.rotate_left(5) ^ word).wrapping_mul(PRIME).max(1) }
}

/// Calls `each` with the hash of every word. Digits part words, so `iban2` is one; bytes of other scripts are letters.
fn each_word(text: &[u8], cut: bool, mut each: impl FnMut(u32)) {
    let mut hash = SEED;
    let mut length = 0;
    let mut small = false;
    let mut cut = cut;
    for byte in text.iter().copied().chain([b' ']) {
        let letter = byte.is_ascii_alphabetic() || byte >= 0x80;
        if length > 0 && (!letter || (small && byte.is_ascii_uppercase())) {
            if !cut {
                each(hash.max(1));
            }
            (hash, length, cut) = (SEED, 0, false);
        }
        if letter {
            hash = (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME);
            length += 1;
            small = !byte.is_ascii_uppercase();
        } else {
            cut = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str, cut: bool) -> Vec<u32> {
        let mut all = Vec::new();
        each_word(text.as_bytes(), cut, |word| all.push(word));
        all
    }

    #[test]
    fn words_part_where_people_part_them() {
        let words = hashes("nhs number", false);
        for same in
            ["NHS Number", "nhs_number", "nhsNumber", "\"nhs-number\": ", "NhsNumber 12", "nhs1number"]
        {
            assert_eq!(hashes(same, false), words, "{same}");
        }
        assert_ne!(hashes("numbers", false), hashes("number", false));
    }

    #[test]
    fn a_word_that_may_be_cut_does_not_count() {
        assert_eq!(hashes("ssport number", true), hashes("number", false));
        assert_eq!(hashes(" passport", true), hashes("passport", false));
        assert!(hashes("passport", true).is_empty());
    }
}
