//! Masks a text that arrives in pieces.
//!
//! Promises: for every cutting, what `push` and `finish` append is the mask of the whole text. Nothing from which a
//! rule may still match is released; a piece that never comes releases nothing. Needs one per text: per choice,
//! field and tool call.

use std::sync::Arc;

use crate::output::{Output, Sink};
use crate::probe::LEFT;
use crate::reader::Reader;
use crate::replace::{Labels, Replace};
use crate::scanner::Window;
use crate::{Engine, Span};

/// Decided text kept before it is dropped; only there to make dropping cheap.
const SLACK: usize = 256;

#[derive(Debug)]
pub struct Stream {
    engine: Arc<Engine>,
    reader: Reader,
    output: Output,
    /// The whole text from `base`: left context, then what is withheld.
    text: String,
    base: usize,
    max_held: usize,
}

struct Append<'a>(&'a mut String);

impl Stream {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self {
            engine,
            reader: Reader::default(),
            output: Output::default(),
            text: String::new(),
            base: 0,
            max_held: 0,
        }
    }

    /// Takes the next piece and appends to `out` what is decided by now, with labels.
    pub fn push(&mut self, text: &str, out: &mut String) {
        self.push_with(text, &mut Labels, out);
    }

    /// Takes the next piece and appends to `out` what is decided by now, with what `replace` writes: the same one for
    /// the whole text.
    pub fn push_with(&mut self, text: &str, replace: &mut impl Replace, out: &mut String) {
        self.text.push_str(text);
        self.advance(false, replace, out);
        self.max_held = self.max_held.max(self.held());
        let decided = self.reader.frontier().min(self.output.passed()) - self.base;
        if decided > SLACK + LEFT {
            // Inside a latch the head may part a character, so the cut is rounded down.
            let cut = self.text.floor_char_boundary(decided - LEFT);
            self.text.drain(..cut);
            self.base += cut;
        }
    }

    /// The text has ended: appends the rest. Pieces pushed afterwards would begin behind it as if nothing had ended.
    pub fn finish(&mut self, out: &mut String) {
        self.finish_with(&mut Labels, out);
    }

    /// As [`Stream::finish`], with what `replace` writes.
    pub fn finish_with(&mut self, replace: &mut impl Replace, out: &mut String) {
        self.advance(true, replace, out);
    }

    /// By start, never overlapping. Offsets are bytes of the whole text. The last may still grow.
    pub fn spans(&self) -> &[Span] {
        self.output.spans()
    }

    /// Bytes withheld now.
    pub fn held(&self) -> usize {
        (self.base + self.text.len()).saturating_sub(self.output.passed())
    }

    /// Most bytes withheld after any push.
    pub fn max_held(&self) -> usize {
        self.max_held
    }

    fn advance(&mut self, last: bool, replace: &mut impl Replace, out: &mut String) {
        let window = Window { text: &self.text, base: self.base, last };
        self.reader.advance(self.engine.index(), window);
        self.output.advance(&self.reader, window, replace, &mut Append(out));
    }
}

impl Sink for Append<'_> {
    fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn instead(&mut self, written: &str) {
        self.0.push_str(written);
    }
}
