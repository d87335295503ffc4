//! Reads a text once and notes where known words and structures stand.
//!
//! Promises: every byte is looked at a bounded number of times, and text within encoded text once for each coding it is
//! in. A word is known through invisible characters, look-alikes, full width, digits for letters, ROT13, and letters
//! set apart.
//! Never: keeps text; what it notes are places and concepts.

mod marks;
mod notes;
mod wide;
mod word;

use super::concept::{Concepts, HIDDEN};
use super::lexicon::{Lexicon, lexicon};

pub use notes::{Event, Find, Manner, Notes};

/// Most finds that are kept.
const FINDS: usize = 32;

#[derive(Debug, Default)]
struct State {
    sentence: u32,
    clause: u32,
    quote: Option<char>,
    /// Where the quotation began; one that never ends is none.
    quoted_from: u32,
    fenced: bool,
    comment: bool,
    at_line_start: bool,
    /// Single letters in a row, and where each stands.
    apart: Vec<(u8, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    Mark,
    Wide,
}

static CLASS: [Class; 256] = {
    let mut table = [Class::Mark; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b' ' | b'\t' | b'\r' => Class::Space,
            0x80.. => Class::Wide,
            _ => Class::Mark,
        };
        byte += 1;
    }
    table
};

#[inline]
fn class(byte: u8) -> Class {
    CLASS[usize::from(byte)]
}

/// Longest quotation, in words: a quote that is never closed is an inch or an apostrophe.
const QUOTE_MAX: u32 = 60;

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    lexicon: &'static Lexicon,
    notes: Notes,
    state: State,
}

/// Reads a whole text.
pub fn read(text: &str) -> Notes {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        lexicon: lexicon(),
        notes: Notes::default(),
        state: State { at_line_start: true, ..State::default() },
    };
    let mut at = 0;
    while let Some(byte) = reader.bytes.get(at) {
        at = match class(*byte) {
            Class::Space => at + 1,
            Class::Letter | Class::Digit => reader.word(at),
            Class::Mark => reader.mark(at),
            Class::Wide => reader.wide(at),
        };
    }
    reader.gather();
    reader.notes
}

impl Reader<'_> {
    fn manner(&self) -> Manner {
        let mut manner = Manner::default();
        if self.state.quote.is_some() && self.notes.words - self.state.quoted_from < QUOTE_MAX {
            manner = manner.with(Manner::QUOTED);
        }
        if self.state.fenced {
            manner = manner.with(Manner::FENCED);
        }
        manner
    }

    fn note(&mut self, concepts: Concepts, start: usize, end: usize, manner: Manner) {
        let manner = manner.with(self.manner());
        let concepts = if self.state.comment { concepts | HIDDEN } else { concepts };
        self.notes.events.push(Event {
            concepts,
            word: self.notes.words,
            sentence: self.state.sentence,
            clause: self.state.clause,
            start,
            end,
            manner,
        });
    }

    fn find(&mut self, find: Find, start: usize, end: usize) {
        if self.notes.finds.len() < FINDS {
            self.notes.finds.push((find, start, end));
        }
    }
}
