//! What the words before a value say it is: "passport", `"nhs_number":`, `Steuer-ID`, 身份证号码.
//!
//! Promises: a function of the bytes before a value, at most [`LEFT`] of them; a word that may be cut at their
//! beginning does not count. Every byte is read once, however many values there are.
//! Words are compared by a 32-bit hash of their letters without case and Latin accents. They are parted by everything
//! that is no letter, where a capital follows a small letter, and where the script changes; a character of a script
//! that parts no words is one by itself. Phrases have at most three words, or eight such characters.
//! Never: looks behind a value.

use crate::hashed::Hashed;
use crate::probe::LEFT;
use crate::topics::words::{Word, each_word, is_escape, joined};
use crate::{Definition, Entity};

mod common;
mod letters;
mod spelling;
mod words;

pub use letters::{Kind, letter, plain_letter};
pub use words::{last_words, phrase};

/// A set of entities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Topics([u64; Topics::LANES]);

impl Topics {
    const LANES: usize = 4;

    pub fn contains(self, bit: usize) -> bool {
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    pub fn meets(self, other: Self) -> bool {
        self.0.iter().zip(other.0).any(|(one, other)| one & other != 0)
    }

    pub fn insert(&mut self, bit: usize) {
        self.0[bit / 64] |= 1 << (bit % 64);
    }
}

impl std::ops::BitOr for Topics {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] | other.0[lane]))
    }
}

const _: () = assert!(Entity::ALL.len() < 64 * Topics::LANES);

/// 32,768 bits.
const KNOWN: usize = 512;
/// Longest phrase, in words, and in characters that are words.
const PHRASE: usize = 3;
const CHARACTERS: usize = 8;
/// In place of a set of entities: a word that parts nothing, and one that says the value is something harmless.
const FILLER: u16 = u16::MAX;
const ELSE: u16 = u16::MAX - 1;

/// The words of all definitions, by hash.
#[derive(Debug)]
pub struct Words {
    slots: Hashed<u16, 14>,
    /// A bit for each hash that may be there: most words and nearly all phrases are not. Beside it one for each hash of
    /// a word that may be the last of a phrase of several.
    known: Box<[[u64; 2]; KNOWN]>,
    topics: Vec<Topics>,
}

impl Words {
    pub fn new(definitions: &[&'static Definition]) -> Self {
        let phrases = definitions.iter().flat_map(|definition| {
            definition.words.iter().map(|phrase| (*phrase, definition.entity.number()))
        });
        let mut words = Self::empty();
        for phrase in common::ELSE {
            let hash = words.spell(phrase);
            *words.entry(hash) = ELSE;
        }
        words.extend(phrases);
        words
    }

    /// Phrases that each stand for a number below 256.
    pub fn of<'a>(phrases: impl Iterator<Item = (&'a str, usize)>) -> Self {
        let mut words = Self::empty();
        words.extend(phrases);
        words
    }

    /// Whether a text can be found as a phrase.
    pub fn is_phrase(text: &str) -> bool {
        let (mut words, mut characters) = (0, 0);
        each_word(text.as_bytes(), 0, false, |word| match word.kind {
            Kind::Character => characters += 1,
            Kind::Latin | Kind::Other => words += 1,
            Kind::Number | Kind::Mark => {}
        });
        (1..=PHRASE).contains(&words) && characters == 0
            || (1..=CHARACTERS).contains(&characters) && words == 0
    }

    /// Whether a short text, such as the head of a column, says what a value behind it is.
    pub fn tell_something(&self, text: &[u8]) -> bool {
        let mut said = Said::default();
        said.read(self, text, 0, text.len());
        said.topics(self) != Topics::default()
    }

    fn empty() -> Self {
        let mut words = Self { slots: Hashed::new(), known: Box::new([[0; 2]; KNOWN]), topics: Vec::new() };
        for phrase in common::FILLERS {
            let hash = words.spell(phrase);
            *words.entry(hash) = FILLER;
        }
        words
    }

    fn extend<'a>(&mut self, phrases: impl Iterator<Item = (&'a str, usize)>) {
        for (phrase, bit) in phrases {
            let hash = self.spell(phrase);
            self.insert(hash, bit);
        }
    }

    /// The hash of a phrase, whose last word is noted.
    fn spell(&mut self, phrase: &str) -> u32 {
        let (mut hash, mut last, mut count) = (0, 0, 0);
        each_word(phrase.as_bytes(), 0, false, |word| {
            if word.kind != Kind::Number {
                hash = joined(hash, word.hash);
                last = word.hash;
                count += 1;
            }
        });
        if count > 1 {
            let (lane, bit) = known(last);
            self.known[lane][1] |= bit;
        }
        hash
    }

    /// Whether a word may be a phrase, and whether it may end one of several words. Most do neither.
    #[inline]
    fn tells(&self, word: u32) -> (bool, bool) {
        let (lane, bit) = known(word);
        let [alone, last] = self.known[lane];
        (alone & bit != 0, last & bit != 0)
    }

    fn insert(&mut self, hash: u32, bit: usize) {
        let fresh = self.topics.len() as u16;
        let entry = self.entry(hash);
        if matches!(*entry, FILLER | ELSE) {
            *entry = fresh;
        }
        let topics = usize::from(*entry);
        self.topics.resize(self.topics.len().max(topics + 1), Topics::default());
        self.topics[topics].insert(bit);
    }

    fn entry(&mut self, hash: u32) -> &mut u16 {
        let (lane, bit) = known(hash);
        self.known[lane][0] |= bit;
        self.slots.entry(hash, self.topics.len() as u16)
    }

    #[inline]
    fn find(&self, hash: u32) -> Option<u16> {
        let (lane, bit) = known(hash);
        if self.known[lane][0] & bit == 0 {
            return None;
        }
        self.slots.get(hash)
    }
}

/// Where in [`Words::known`] a hash has its bit.
#[inline]
const fn known(hash: u32) -> (usize, u64) {
    let place = hash.wrapping_mul(0x85EB_CA6B) >> 17;
    (place as usize / 64, 1 << (place % 64))
}

/// A phrase that is known, at a place.
#[derive(Debug, Clone, Copy, Default)]
struct Mention {
    start: usize,
    /// Words that were read when it ended.
    count: u32,
    topics: u16,
    /// Words it has.
    words: u8,
}

/// How a value is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Words between the name and the value, other than fillers.
    pub gap: u32,
    /// The more words, the smaller.
    brevity: u8,
}

impl Name {
    /// No name: further off than any.
    pub const NONE: Self = Self { gap: u32::MAX, brevity: u8::MAX };
}

/// Mentions remembered.
const KEPT: usize = 24;
/// Places for them, and for the words before: powers of two.
const MENTIONS: usize = KEPT.next_power_of_two();
const BEFORE: usize = CHARACTERS.next_power_of_two();

/// What was said of late. A function of the text before `upto`, as far as anyone may look back.
#[derive(Debug, Clone, Default)]
pub struct Said {
    upto: usize,
    /// The last words, each where its number says; hash 0 for none.
    before: [(u32, usize); BEFORE],
    words: usize,
    count: u32,
    mentions: [Mention; MENTIONS],
    made: usize,
    /// The furthest place a mention starts at.
    furthest: usize,
}

impl Said {
    /// Reads on to `at`, which is `base + at` in the whole text. Gives the bytes it took.
    pub fn read(&mut self, words: &Words, text: &[u8], base: usize, at: usize) -> usize {
        let place = base + at;
        if self.upto == place {
            return 0;
        }
        let least = place.saturating_sub(LEFT);
        let fresh = self.upto < least || self.upto > place;
        if fresh {
            self.before = Default::default();
            (self.upto, self.count, self.made, self.furthest) = (least, 0, 0, 0);
        }
        let from = self.upto;
        // `\n` as it stands in JSON and program text: its letter is none of the word behind it.
        let stretch = &text[from - base..at];
        let escape = from > base && text[from - base - 1] == b'\\' && is_escape(stretch.first());
        let (from, stretch) = if escape { (from + 1, &stretch[1..]) } else { (from, stretch) };
        each_word(stretch, from, fresh && from > 0, |word| self.take(words, word));
        self.upto = place;
        place - from
    }

    /// The same for text that begins here, such as what a coded run stands for.
    pub fn carried_over(&self) -> Self {
        let mut carried = Self { upto: 0, before: Default::default(), furthest: 0, ..self.clone() };
        let least = self.upto.saturating_sub(LEFT);
        for mention in &mut carried.mentions {
            if mention.start <= least && least > 0 {
                mention.topics = FILLER;
            }
            mention.start = 0;
        }
        carried
    }

    #[inline]
    fn take(&mut self, words: &Words, word: Word) {
        if word.kind == Kind::Number {
            self.count += 1;
            return;
        }
        let (alone, last) = words.tells(word.hash);
        let single = if alone { words.slots.get(word.hash) } else { None };
        self.count += u32::from(single != Some(FILLER) && word.kind != Kind::Character);
        if let Some(topics) = single {
            self.mention(topics, word.start, 1);
        }
        if last {
            self.take_phrases(words, word);
        }
        self.before[self.words % BEFORE] = (word.hash, word.start);
        self.words += 1;
    }

    /// Phrases of several words that end with this one.
    fn take_phrases(&mut self, words: &Words, word: Word) {
        let most = if word.kind == Kind::Character { CHARACTERS } else { PHRASE };
        for length in 2..=most {
            let earlier = |back: usize| self.before[self.words.wrapping_sub(back) % BEFORE];
            let (earliest, start) = earlier(length - 1);
            if earliest == 0 {
                break;
            }
            let phrase = (1..length).rev().fold(0, |phrase, back| joined(phrase, earlier(back).0));
            if let Some(topics) = words.find(joined(phrase, word.hash)) {
                self.mention(topics, start, length as u8);
            }
        }
    }

    fn mention(&mut self, topics: u16, start: usize, words: u8) {
        if topics != FILLER {
            self.mentions[self.made % MENTIONS] = Mention { start, count: self.count, topics, words };
            self.made += 1;
            self.furthest = self.furthest.max(start);
        }
    }

    /// The mentions that were wholly within reach of `upto`, the last first.
    fn mentions(&self) -> impl Iterator<Item = &Mention> {
        let least = self.upto.saturating_sub(LEFT);
        let kept = if self.furthest > least || least == 0 { KEPT } else { 0 };
        (self.made.saturating_sub(kept)..self.made)
            .rev()
            .map(|number| &self.mentions[number % MENTIONS])
            .filter(move |mention| mention.topics != FILLER && (mention.start > least || least == 0))
    }

    /// How the value is named as an `entity`, if nothing nearer says that it is something else.
    pub fn name(&self, words: &Words, entity: Entity) -> Option<Name> {
        self.name_of(words, entity.number())
    }

    /// The same for what stands for a number.
    pub fn name_of(&self, words: &Words, bit: usize) -> Option<Name> {
        for mention in self.mentions() {
            if mention.topics == ELSE {
                return None;
            }
            if words.topics[usize::from(mention.topics)].contains(bit) {
                return Some(Name { gap: self.count - mention.count, brevity: u8::MAX - mention.words });
            }
        }
        None
    }

    /// What the value is named as by anything: [`Said::name`] has an answer for these.
    pub fn topics(&self, words: &Words) -> Topics {
        self.mentions()
            .take_while(|mention| mention.topics != ELSE)
            .fold(Topics::default(), |all, mention| all | words.topics[usize::from(mention.topics)])
    }

    /// Whether the word directly before says that the value is something else.
    pub fn is_else(&self) -> bool {
        self.mentions().next().is_some_and(|mention| mention.topics == ELSE && mention.count == self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str, cut: bool) -> Vec<u32> {
        let mut all = Vec::new();
        each_word(text.as_bytes(), 0, cut, |word| all.push(word.hash));
        all
    }

    #[test]
    fn words_part_where_people_part_them() {
        let words = hashes("nhs number", false);
        for same in ["NHS Number", "nhs_number", "nhsNumber", "\"nhs-number\": ", "NhsNumber", "nhs1number"] {
            assert_eq!(hashes(same, false), words, "{same}");
        }
        assert_ne!(hashes("numbers", false), hashes("number", false));
        assert_eq!(hashes("NÚMERO ПАСПОРТ", false), hashes("numero паспорт", false));
        assert_eq!(hashes("паспортAB护照", false), hashes("паспорт ab 护 照", false));
    }

    #[test]
    fn a_word_that_may_be_cut_does_not_count() {
        assert_eq!(hashes("ssport number", true), hashes("number", false));
        assert_eq!(hashes(" passport", true), hashes("passport", false));
        assert!(hashes("passport", true).is_empty());
    }

    #[test]
    fn what_was_said_is_the_same_however_it_is_read() {
        let words = Words::new(crate::Engine::definitions());
        let text =
            "The order: passport no. X, then 12 of the nhs numbers (nhs-number) 电话 x y z and the date, "
                .repeat(4);
        let mut running = Said::default();
        for at in 1..text.len() {
            let boundary = !text.as_bytes()[at].is_ascii_alphanumeric()
                || !text.as_bytes()[at - 1].is_ascii_alphanumeric();
            if !boundary || !text.is_char_boundary(at) {
                continue;
            }
            let mut fresh = Said { upto: usize::MAX, ..Said::default() };
            fresh.read(&words, text.as_bytes(), 0, at);
            running.read(&words, text.as_bytes(), 0, at);
            for entity in [Entity::UkNhs, Entity::PhoneNumber] {
                assert_eq!(running.name(&words, entity), fresh.name(&words, entity), "{at}");
            }
            assert_eq!(running.is_else(), fresh.is_else(), "{at}");
        }
    }
}
