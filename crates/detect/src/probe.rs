//! What a rule sees of the text: bytes from a start onward, a short left context, and "not yet there".
//!
//! Promise: a rule reads only through [`Probe`], and a read past the text at hand returns [`Need`]. So an answer
//! that was given did not depend on text to come, and is the same for every way of cutting the text.

use std::cell::{Cell, RefCell};

use countersign_model::entity::{Evidence, UndoneSet};

use crate::Entity;
use crate::alphabet::{DIGIT, within};
use crate::assignment::words::Tally;
use crate::assignment::{Long, Place};
use crate::encoded::Progress;
use crate::labelled::Label;
use crate::latch::Latch;
use crate::topics::{Name, Said, Topics, Words};

/// Most bytes a rule may look back from its start. A stream keeps at least these.
pub const LEFT: usize = 128;

/// The answer depends on text that has not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need;

/// A match from the start of the probe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Bytes from the start to the end of the value. With a latch: what is certain so far.
    pub length: usize,
    /// Bytes from the start to the value: a rule may begin at the sign before it.
    pub skip: usize,
    pub score: f32,
    pub evidence: Evidence,
    /// Goes on swallowing after `length`.
    pub latch: Option<Latch>,
    /// Codings that were undone to see it.
    pub undone: UndoneSet,
    /// Words between what names it and the value.
    pub gap: u32,
}

pub type Outcome = Result<Option<Hit>, Need>;

impl Hit {
    fn new(length: usize, score: f32, evidence: Evidence) -> Self {
        Self { length, skip: 0, score, evidence, latch: None, undone: UndoneSet::default(), gap: u32::MAX }
    }

    /// The form alone says so.
    pub fn pattern(length: usize, score: f32) -> Self {
        Self::new(length, score, Evidence::Pattern)
    }

    /// A check digit or another check of the structure says so.
    pub fn validated(length: usize, score: f32) -> Self {
        Self::new(length, score, Evidence::Validator)
    }

    /// A word before it says so.
    pub fn in_context(length: usize, score: f32) -> Self {
        Self::new(length, score, Evidence::Context)
    }

    /// A word says so that is as near as `name`.
    pub fn named(length: usize, name: Name) -> Self {
        Self { gap: name.gap, ..Self::in_context(length, 0.95) }
    }

    pub fn latched(self, latch: Latch) -> Self {
        Self { latch: Some(latch), ..self }
    }

    /// The value begins so many bytes behind the start.
    pub fn behind(self, skip: usize) -> Self {
        debug_assert!(skip < self.length);
        Self { skip, ..self }
    }
}

/// Facts about text already read, by its position in the whole text. Each is a pure function of the text, so
/// keeping or losing one changes the time taken and never the answer; the two marks at the end are set at starts,
/// which every cutting visits in the same order.
#[derive(Debug, Default, Clone)]
pub struct Memo {
    /// All bytes of this range are of the local part's alphabet.
    pub local: Cell<(usize, usize)>,
    /// The `@` at .0 is followed by a domain of .1 bytes (0: by none), .2: it reached the cap.
    pub domain: Cell<(usize, usize, bool)>,
    /// What the words before a place say.
    pub said: RefCell<Said>,
    /// The stretch is one run of base64 or hex digits that holds no text.
    pub opaque: Cell<(usize, usize)>,
    /// How far an encoded run is decoded.
    pub encoded: Cell<Progress>,
    /// After .0 and up to .1 a secret access key is expected.
    pub aws: Cell<(usize, usize)>,
    /// What the sign at .0 and what stands before it say of the value behind it.
    pub place: Cell<(usize, Option<Place>)>,
    /// The same as `said` for the words of patterns of one's own.
    pub own_said: RefCell<Option<Box<Said>>>,
    /// The label before the sign at .0.
    pub label: Cell<(usize, Option<Label>)>,
    /// What the last value was made of that was too long.
    pub long: RefCell<Option<Box<Long>>>,
    /// In this stretch no byte ends a value, whatever it is.
    pub endless: Cell<(usize, usize)>,
    #[cfg(test)]
    pub reads: Cell<u64>,
}

impl Memo {
    /// Expects a secret access key after `from`. An expectation still open keeps its beginning: asking twice from
    /// one start, as a stream may, then changes nothing.
    pub fn expect_aws_secret(&self, from: usize, until: usize) {
        let (open_from, open_until) = self.aws.get();
        let begins = if open_until >= from && open_until > 0 { open_from } else { from };
        self.aws.set((begins, until.max(open_until)));
    }

    pub fn expects_aws_secret(&self, at: usize) -> bool {
        let (from, until) = self.aws.get();
        from < at && at <= until
    }
}

/// The text from one start.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    pub text: &'a [u8],
    /// The start, in `text`.
    pub at: usize,
    /// Bytes of the whole text that came before `text`.
    pub base: usize,
    /// Nothing follows `text`.
    pub last: bool,
    pub words: &'a Words,
    pub memo: &'a Memo,
    /// How many codings the text was found in.
    pub depth: u8,
}

impl Probe<'_> {
    /// The byte `i` bytes after the start; NUL after the end of the whole text.
    #[inline]
    pub fn get(&self, i: usize) -> Result<u8, Need> {
        #[cfg(test)]
        self.memo.reads.set(self.memo.reads.get() + 1);
        match self.text.get(self.at + i) {
            Some(byte) => Ok(*byte),
            None if self.last => Ok(0),
            None => Err(Need),
        }
    }

    /// Whether the byte `i` bytes after the start is in any of `sets`.
    #[inline]
    pub fn is(&self, i: usize, sets: u16) -> Result<bool, Need> {
        Ok(within(self.get(i)?, sets))
    }

    /// The byte `k` bytes before the start, `1..=LEFT`; NUL before the beginning of the whole text.
    #[inline]
    pub fn back(&self, k: usize) -> u8 {
        debug_assert!((1..=LEFT).contains(&k));
        match self.at.checked_sub(k) {
            Some(i) if k <= LEFT => self.text[i],
            _ => 0,
        }
    }

    /// Whether `literal` begins `i` bytes after the start. Asks for no more text than decides it.
    #[inline]
    pub fn literal(&self, i: usize, literal: &[u8]) -> Result<bool, Need> {
        for (k, byte) in literal.iter().enumerate() {
            if self.get(i + k)? != *byte {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Bytes in a row, from `i`, that are in `sets`; at most `cap`.
    #[inline]
    pub fn run(&self, i: usize, sets: u16, cap: usize) -> Result<usize, Need> {
        let rest = self.text.get(self.at + i..).unwrap_or_default();
        let most = cap.min(rest.len());
        let length = rest[..most].iter().position(|byte| !within(*byte, sets)).unwrap_or(most);
        #[cfg(test)]
        self.memo.reads.set(self.memo.reads.get() + length as u64 + 1);
        if length < cap && length == rest.len() && !self.last { Err(Need) } else { Ok(length) }
    }

    /// How a word in the [`LEFT`] bytes before the start says that it is an `entity`.
    pub fn name(&self, entity: Entity) -> Option<Name> {
        self.said(|said| said.name(self.words, entity))
    }

    /// How a word before the start says that it is what stands for `number` in `words`, those of one's own patterns.
    pub fn own_name(&self, words: &Words, number: usize) -> Option<Name> {
        let mut said = self.memo.own_said.borrow_mut();
        let said = said.get_or_insert_default();
        said.read(words, self.text, self.base, self.at);
        said.name_of(words, number)
    }

    /// What the bytes from `from` to `to` behind the start are made of. Cheap if those asked for before overlap them.
    pub fn tally_of_long(&self, from: usize, to: usize) -> Tally {
        let mut long = self.memo.long.borrow_mut();
        long.get_or_insert_default().tally(self.text, self.base, self.at + from, self.at + to)
    }

    /// All that words in the [`LEFT`] bytes before the start say it may be.
    pub fn topics(&self) -> Topics {
        self.said(|said| said.topics(self.words))
    }

    /// Whether at most `reach` words part the start from one that says it is an `entity`.
    pub fn is_named(&self, entity: Entity, reach: u32) -> bool {
        self.name(entity).is_some_and(|name| name.gap <= reach)
    }

    /// Whether the word directly before says that this is something else, such as an order.
    pub fn is_else(&self) -> bool {
        self.said(Said::is_else)
    }

    /// What was said, for the text that begins at the start.
    pub fn said_here(&self) -> Said {
        self.said(Said::carried_over)
    }

    fn said<T>(&self, ask: impl FnOnce(&Said) -> T) -> T {
        let mut said = self.memo.said.borrow_mut();
        let read = said.read(self.words, self.text, self.base, self.at);
        #[cfg(test)]
        self.memo.reads.set(self.memo.reads.get() + read as u64);
        #[cfg(not(test))]
        let _ = read;
        ask(&said)
    }

    /// Whether a number that begins here would be the tail of a longer one: `3.14`, `2024-05`, `a_1`.
    pub fn continues_number(&self) -> bool {
        match self.back(1) {
            b'_' => true,
            b'.' | b'-' | b'/' | b':' => within(self.back(2), DIGIT),
            _ => false,
        }
    }

    /// The start, counted from the beginning of the whole text.
    pub fn position(&self) -> usize {
        self.base + self.at
    }
}
