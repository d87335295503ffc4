//! Writes decided text and labels, each once and in order.
//!
//! Promise: what is written depends on what was found and how far everything is decided, not on how often it is asked.

use crate::Span;
use crate::reader::Reader;
use crate::scanner::Window;

/// Where decided text goes.
pub trait Sink {
    /// Text that stands.
    fn text(&mut self, text: &str);
    /// A label in place of what follows the text so far.
    fn label(&mut self, label: &'static str);
}

#[derive(Debug, Default)]
pub struct Output {
    spans: Vec<Span>,
    /// Text before is written or masked. Bytes of the whole text.
    passed: usize,
    /// Bytes of masked text so far.
    written: usize,
}

impl Output {
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    pub fn into_spans(self) -> Vec<Span> {
        self.spans
    }

    /// Text before is written or masked.
    pub fn passed(&self) -> usize {
        self.passed
    }

    /// Writes what `reader` has decided of the window by now.
    pub fn advance(&mut self, reader: &Reader, window: Window<'_>, sink: &mut impl Sink) {
        let found = reader.found();
        if let Some(last) = self.spans.len().checked_sub(1) {
            self.mask_to(last, found[last].end);
        }
        for found in &found[self.spans.len()..] {
            self.write(window, found.start, sink);
            let label = found.entity.label();
            sink.label(label);
            self.spans.push(Span {
                entity: found.entity,
                start: found.start,
                end: found.end,
                at: self.written,
                score: found.score,
                evidence: found.evidence,
                undone: found.undone,
            });
            self.written += label.len();
            self.mask_to(self.spans.len() - 1, found.end);
        }
        self.write(window, reader.frontier(), sink);
    }

    fn mask_to(&mut self, span: usize, end: usize) {
        self.spans[span].end = end;
        self.passed = self.passed.max(end);
    }

    fn write(&mut self, window: Window<'_>, to: usize, sink: &mut impl Sink) {
        if to > self.passed {
            sink.text(&window.text[self.passed - window.base..to - window.base]);
            self.written += to - self.passed;
            self.passed = to;
        }
    }
}
