//! The text read plainly for a stretch: escapes undone, characters folded, a scanner of its own over that.
//!
//! Promises: begins where the scanner of the text as it stands had decided everything before the disguise, with what
//! that one knew; looks for values that begin up to [`REACH`] bytes behind the last disguise, and follows those to
//! their end.

use countersign_model::entity::{Undone, UndoneSet};

use crate::escape;
use crate::fold::{Fold, fold};
use crate::index::Index;
use crate::probe::LEFT;
use crate::scanner::{Found, Scanner, Window};
use crate::view::View;
use crate::watch::{REACH, Trigger, skip};

/// Bytes read behind the stretch at a time, while a value that began in it has not ended.
const STEP: usize = 256;
/// How far before a match something undone still counts as the reason for it.
const BESIDE: usize = 32;
const FOLDED: UndoneSet = UndoneSet::of(Undone::Folded);

#[derive(Debug)]
pub struct Plain {
    view: View,
    scanner: Scanner,
    /// Read so far. Bytes of the original text.
    fed: usize,
    /// Nothing begins here or behind it. In the original text, and in the view once it has got there.
    until: usize,
    until_seen: Option<usize>,
    /// Characters were dropped just before what is read next.
    dropped: bool,
    /// Matches already handed over.
    taken: usize,
}

impl Plain {
    /// Begins at `start`, which `raw` has reached, because of `trigger`.
    pub fn open(start: usize, raw: &Scanner, window: Window<'_>, trigger: Trigger) -> Self {
        let at = window.text.floor_char_boundary(start - window.base);
        let left = window.text.floor_char_boundary(at.saturating_sub(LEFT));
        let mut view = View::new(window.base + left);
        view.copy(&window.text[left..at], window.base + left, UndoneSet::default());
        let mut plain = Self {
            view,
            scanner: raw.fork(start),
            fed: window.base + at,
            until: 0,
            until_seen: None,
            dropped: false,
            taken: 0,
        };
        plain.extend(trigger);
        plain
    }

    #[cfg(test)]
    pub fn reads(&self) -> u64 {
        self.scanner.reads()
    }

    pub fn until(&mut self) -> &mut usize {
        &mut self.until
    }

    /// Goes on because of another trigger.
    pub fn extend(&mut self, trigger: Trigger) {
        self.until = trigger.end + REACH;
        self.until_seen = None;
    }

    /// Whether everything it looks for is found.
    pub fn is_done(&self) -> bool {
        !self.scanner.latched() && self.until_seen.is_some_and(|until| self.scanner.head() >= until)
    }

    /// Everything before is decided. Bytes of the original text.
    pub fn frontier(&self) -> usize {
        let head = self.scanner.head();
        if self.scanner.latched() {
            // What is invisible behind a growing match may turn out to stand within it.
            self.view.ending(head).min(self.fed)
        } else if head >= self.view.end() {
            self.fed
        } else {
            self.view.start(head).min(self.fed)
        }
    }

    /// Reads the window, notes the escapes it meets in `escapes`, and adds what it finds to `found`.
    pub fn advance(
        &mut self,
        index: &Index,
        window: Window<'_>,
        escapes: &mut Vec<(usize, usize)>,
        found: &mut Vec<Found>,
    ) {
        let end = window.base + window.text.len();
        let mut step = STEP;
        loop {
            let target = end.min(self.fed.max(self.until) + step);
            let target = window.base + window.text.ceil_char_boundary(target - window.base);
            let waits = self.read(window, target, escapes);
            let at_end = waits || self.fed >= end;
            let view =
                Window { text: &self.view.text, base: self.view.base, last: window.last && self.fed >= end };
            self.scanner.advance(index, view, self.until_seen.unwrap_or(usize::MAX));
            self.hand_over(found);
            self.view.forget(self.scanner.head(), LEFT);
            if at_end || self.is_done() {
                return;
            }
            step *= 2;
        }
    }

    /// Reads up to `target`, or past it to the end of an escape. True: an escape is not all there.
    fn read(&mut self, window: Window<'_>, target: usize, escapes: &mut Vec<(usize, usize)>) -> bool {
        let bytes = window.text.as_bytes();
        while self.fed < target {
            let at = self.fed - window.base;
            // A stretch without anything special ends where nothing begins any more, so that this place is noted.
            let stretch = if self.fed < self.until { target.min(self.until) } else { target } - window.base;
            let stretch = window.text.ceil_char_boundary(stretch);
            let next = skip(&bytes[..stretch], at);
            if next > at {
                self.copy(&window.text[at..next]);
            } else {
                match escape::read(&bytes[at..], window.last) {
                    Err(_) => return true,
                    Ok(Some(escape)) => {
                        // How far beyond is read depends on what is at hand.
                        if self.fed < self.until {
                            escapes.push((self.fed, self.fed + escape.length));
                        }
                        self.put(escape.character, escape.length, UndoneSet::of(escape.form));
                    }
                    Ok(None) => match window.text[at..].chars().next() {
                        Some(character) if !character.is_ascii() => {
                            self.put(character, character.len_utf8(), UndoneSet::default());
                        }
                        _ => self.copy(&window.text[at..=at]),
                    },
                }
            }
            if self.fed >= self.until && self.until_seen.is_none() {
                self.until_seen = Some(self.view.end());
            }
        }
        false
    }

    fn copy(&mut self, text: &str) {
        // One byte alone says that something was dropped before it, so that pieces of a stretch say no more.
        let marked = usize::from(std::mem::take(&mut self.dropped));
        let (first, rest) = text.split_at(marked);
        for (text, undone) in [(first, FOLDED), (rest, UndoneSet::default())] {
            if !text.is_empty() {
                self.view.copy(text, self.fed, undone);
                self.fed += text.len();
            }
        }
    }

    /// Sees `character` where `length` bytes stand.
    fn put(&mut self, character: char, length: usize, mut undone: UndoneSet) {
        let seen = match fold(character) {
            Fold::Keep => character,
            Fold::Drop => {
                self.dropped = true;
                self.fed += length;
                return;
            }
            Fold::To(to) => char::from(to),
            Fold::LookAlike(to) => char::from(self.in_number(to)),
        };
        if seen != character || self.dropped {
            undone = undone | FOLDED;
        }
        self.dropped = false;
        let mut buffer = [0; 4];
        let text = &*seen.encode_utf8(&mut buffer);
        self.view.append(text, self.fed, text.len(), length, undone);
        self.fed += length;
    }

    /// Behind a digit what looks like an O or an l looks like a digit.
    fn in_number(&self, letter: u8) -> u8 {
        match (self.view.text.as_bytes().last(), letter) {
            (Some(b'0'..=b'9'), b'O' | b'o') => b'0',
            (Some(b'0'..=b'9'), b'I' | b'l') => b'1',
            _ => letter,
        }
    }

    /// What was undone within a match; if nothing, what was directly before it.
    fn undone(&self, hit: &Found) -> UndoneSet {
        let within = self.view.undone(hit.start, hit.certain);
        if within.is_empty() { self.view.undone(hit.start.saturating_sub(BESIDE), hit.start) } else { within }
    }

    fn hand_over(&mut self, found: &mut Vec<Found>) {
        for (number, hit) in self.scanner.found().iter().enumerate().skip(self.taken.saturating_sub(1)) {
            let end = self.view.ending(hit.end);
            if number < self.taken {
                // The last one handed over may have grown.
                if let Some(last) = found.last_mut() {
                    last.end = last.end.max(end);
                }
                continue;
            }
            found.push(Found {
                start: self.view.start(hit.start),
                end,
                certain: self.view.ending(hit.certain),
                undone: self.undone(hit) | hit.undone,
                ..*hit
            });
        }
        self.taken = self.scanner.found().len();
    }
}
