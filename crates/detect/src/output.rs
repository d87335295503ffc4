//! Writes decided text, and what stands for what was found, each once and in order.
//!
//! Promises: what is written depends on what was found and how far everything is decided, not on how often it is asked.
//! What depends on a value is written once that is whole; a value that outgrows [`VALUE_MAX`] becomes a label there and
//! then. Labels, tokens and hashes of ours are let be: what is found in one is no finding.

use countersign_model::action::Action;

use crate::Span;
use crate::mark::is_ours;
use crate::reader::Reader;
use crate::replace::{REDACTED, Replace, VALUE_MAX};
use crate::scanner::{Found, Window};

/// Where decided text goes.
pub trait Sink {
    /// Text that stands.
    fn text(&mut self, text: &str);
    /// What is written in place of what follows the text so far.
    fn instead(&mut self, written: &str);
}

#[derive(Debug, Default)]
pub struct Output {
    spans: Vec<Span>,
    /// Matches of the reader that were dealt with.
    taken: usize,
    /// What became of the last of them, which may still grow.
    last: Taken,
    /// Text before is written or masked. Bytes of the whole text.
    passed: usize,
    /// Bytes of masked text so far.
    written: usize,
    /// Room for what an action writes.
    room: String,
}

/// What became of a match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Taken {
    /// It is no finding.
    #[default]
    Ours,
    /// It stands.
    Standing,
    /// Something else was written.
    Replaced,
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
    pub fn advance(
        &mut self,
        reader: &Reader,
        window: Window<'_>,
        replace: &mut impl Replace,
        sink: &mut impl Sink,
    ) {
        self.advance_to(reader.found(), reader.frontier(), window, replace, sink);
    }

    /// Writes a whole text in which all of this was found, by start, never overlapping.
    pub fn write_all(
        &mut self,
        found: &[Found],
        window: Window<'_>,
        replace: &mut impl Replace,
        sink: &mut impl Sink,
    ) {
        self.advance_to(found, window.text.len(), window, replace, sink);
    }

    fn advance_to(
        &mut self,
        found: &[Found],
        frontier: usize,
        window: Window<'_>,
        replace: &mut impl Replace,
        sink: &mut impl Sink,
    ) {
        if let Some(last) = self.taken.checked_sub(1) {
            self.grow(found[last].end);
        }
        while let Some(next) = found.get(self.taken) {
            self.write(window, next.start, sink);
            // Behind the frontier nothing can make a match longer any more.
            let ends = window.last || frontier > next.end;
            let Some(taken) = self.take(next, ends, window, replace, sink) else { return };
            self.last = taken;
            self.taken += 1;
            self.grow(next.end);
        }
        self.write(window, frontier, sink);
    }

    /// Deals with a match; `None`: it waits for text.
    fn take(
        &mut self,
        found: &Found,
        ends: bool,
        window: Window<'_>,
        replace: &mut impl Replace,
        sink: &mut impl Sink,
    ) -> Option<Taken> {
        let (start, end) = (found.start - window.base, found.end - window.base);
        if is_ours(window.text.as_bytes(), start, end, ends, window.last).ok()? {
            return Some(Taken::Ours);
        }
        let (entity, mut action) = (found.entity, replace.action(found.entity));
        self.room.clear();
        match action {
            Action::Allow | Action::Label => {}
            Action::Redact => self.room.push_str(REDACTED),
            Action::Partial | Action::Hash | Action::Tokenize => {
                let fits = end - start <= VALUE_MAX;
                if fits && !ends {
                    return None;
                }
                let value = window.text.get(start..end).filter(|_| fits);
                let done = value
                    .is_some_and(|value| replace.write(action, entity, value, found.undone, &mut self.room));
                if !done {
                    action = Action::Label;
                    self.room.clear();
                }
            }
        }
        if action == Action::Label {
            self.room.push_str(entity.label());
        }
        self.spans.push(Span {
            entity,
            start: found.start,
            end: found.end,
            at: self.written,
            score: found.score,
            evidence: found.evidence,
            undone: found.undone,
            action,
        });
        if action == Action::Allow {
            return Some(Taken::Standing);
        }
        sink.instead(&self.room);
        self.written += self.room.len();
        Some(Taken::Replaced)
    }

    /// The last match reaches to `end` by now.
    fn grow(&mut self, end: usize) {
        if self.last != Taken::Ours
            && let Some(span) = self.spans.last_mut()
        {
            span.end = end;
        }
        if self.last == Taken::Replaced {
            self.passed = self.passed.max(end);
        }
    }

    fn write(&mut self, window: Window<'_>, to: usize, sink: &mut impl Sink) {
        if to > self.passed {
            sink.text(&window.text[self.passed - window.base..to - window.base]);
            self.written += to - self.passed;
            self.passed = to;
        }
    }
}
