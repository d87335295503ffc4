//! The scanner: goes over the text once, from start to start, and decides each before it passes it.
//!
//! Promises:
//! - The head never passes a start at which some rule still waits for text: text before the head is decided.
//! - State is positions in the whole text and a latch; nothing in it counts pushes.
//! - The head lies on a character boundary whenever text up to it is released.

use std::cell::RefCell;

use countersign_model::entity::{Evidence, UndoneSet};

use crate::Entity;
use crate::alphabet::{CONTINUATION, LATIN, WORD, within};
use crate::index::{Index, Start};
use crate::latch::{Latch, Step};
use crate::plain_word::plain_word;
use crate::probe::{Hit, Memo, Need, Probe};
use crate::topics::Said;

/// What the scanner knows between pushes.
#[derive(Debug, Default)]
pub struct Scanner {
    /// Everything before is decided. Bytes of the whole text.
    head: usize,
    /// The last span is still growing.
    latch: Option<Latch>,
    found: Vec<Found>,
    memo: Memo,
    /// How many codings this text was found in.
    depth: u8,
}

/// One match, in places of the text that was scanned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    pub entity: Entity,
    pub start: usize,
    pub end: usize,
    /// Where it ended when it was recognised; what is latched grows from there.
    pub certain: usize,
    pub latched: bool,
    pub score: f32,
    pub evidence: Evidence,
    pub undone: UndoneSet,
}

/// Text at hand: `text` is the whole text from `base`, and begins at least `LEFT` bytes before the head.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    pub text: &'a str,
    pub base: usize,
    /// Nothing follows.
    pub last: bool,
}

impl Scanner {
    /// For text that was found in so many codings, behind what was `said`.
    pub fn within(depth: u8, said: Said) -> Self {
        Self { depth, memo: Memo { said: RefCell::new(said), ..Memo::default() }, ..Self::default() }
    }

    pub fn head(&self) -> usize {
        self.head
    }

    pub fn found(&self) -> &[Found] {
        &self.found
    }

    pub fn found_mut(&mut self) -> &mut [Found] {
        &mut self.found
    }

    /// The last match is still growing.
    pub fn latched(&self) -> bool {
        self.latch.is_some()
    }

    /// A scanner that goes on at `head` with what this one knows there: `head` is its own if it is latched.
    pub fn fork(&self, head: usize) -> Self {
        let growing = self.latch.and(self.found.last()).copied();
        #[cfg(test)]
        let memo = Memo { reads: std::cell::Cell::default(), ..self.memo.clone() };
        #[cfg(not(test))]
        let memo = self.memo.clone();
        Self { head, latch: self.latch, found: growing.into_iter().collect(), memo, depth: self.depth }
    }

    #[cfg(test)]
    pub fn reads(&self) -> u64 {
        self.memo.reads.get()
    }

    /// Decides as much of the window as can be, but begins nothing at `until` or behind it.
    pub fn advance(&mut self, index: &Index, window: Window<'_>, until: usize) {
        let bytes = window.text.as_bytes();
        let limit = bytes.len().min(until.saturating_sub(window.base));
        loop {
            if !self.swallow(bytes, window) {
                return;
            }
            let (to, found) = self.seek(index, bytes, window, self.head - window.base, limit);
            self.head = window.base + to;
            let Some((entity, hit)) = found else { return };
            let end = self.head + hit.length;
            self.found.push(Found {
                entity,
                start: self.head + hit.skip,
                end,
                certain: end,
                latched: hit.latch.is_some(),
                score: hit.score,
                evidence: hit.evidence,
                undone: hit.undone,
            });
            self.head = end;
            self.latch = hit.latch;
        }
    }

    /// Takes the rest of a latched span. False: it goes on, or waits for text.
    fn swallow(&mut self, bytes: &[u8], window: Window<'_>) -> bool {
        let Some(mut latch) = self.latch else { return true };
        let mut at = self.head - window.base;
        let ended = loop {
            let Some(byte) = bytes.get(at) else { break window.last };
            let next = bytes.get(at + 1).copied().or(window.last.then_some(0));
            match latch.step(*byte, next) {
                Step::Swallow => at += 1,
                Step::SwallowAndEnd => {
                    at += 1;
                    break true;
                }
                Step::End => break true,
                Step::Wait => break false,
            }
        };
        self.head = window.base + at;
        self.latch = (!ended).then_some(latch);
        if let Some(found) = self.found.last_mut() {
            found.end = self.head;
        }
        ended
    }

    /// The next match at or after `from`, or how far there certainly is none.
    fn seek(
        &self,
        index: &Index,
        bytes: &[u8],
        window: Window<'_>,
        from: usize,
        limit: usize,
    ) -> (usize, Option<(Entity, Hit)>) {
        let mut probe = Probe {
            text: bytes,
            at: from,
            base: window.base,
            last: window.last,
            words: &index.words,
            memo: &self.memo,
            depth: self.depth,
        };
        let mut in_word = ends_in_word(&bytes[..from]);
        while probe.at < limit
            && let Some(byte) = bytes.get(probe.at)
        {
            let behind_slash = probe.at > 0 && bytes[probe.at - 1] == b'/';
            match index.starts[usize::from(*byte)] {
                // Belongs to the character before it: a Latin letter keeps the word open, another keeps it closed.
                Start::Continuation => {
                    probe.at += 1;
                    continue;
                }
                Start::Word { .. } if in_word => {
                    probe.at += 1;
                    continue;
                }
                Start::Word { begins } => {
                    in_word = true;
                    if !begins && !behind_slash {
                        probe.at += 1;
                        continue;
                    }
                }
                Start::Mark { begins } => {
                    in_word = false;
                    if !behind_slash && (!begins || index.passes_over_character(&bytes[probe.at..])) {
                        probe.at += 1;
                        // Blanks and marks come in rows. Behind a slash an address may begin.
                        if *byte != b'/' {
                            let rest = bytes[probe.at..limit].iter();
                            probe.at += rest.take_while(|byte| index.passes_over_mark(**byte)).count();
                        }
                        continue;
                    }
                }
            }
            let letters = if behind_slash { 0 } else { plain_word(bytes, probe.at) };
            let judged = if letters > 0 {
                if index.passes_over_word(&probe, letters) {
                    debug_assert!(index.passes_over(&probe), "a rule judges plain words");
                    probe.at += letters;
                    if bytes[probe.at] == b' ' {
                        // Begins nothing, least of all behind a letter.
                        in_word = false;
                        probe.at += 1;
                    }
                    continue;
                }
                index.judge_plain(&probe, letters)
            } else {
                index.judge(&probe, behind_slash)
            };
            match judged {
                Ok(None) => {}
                Ok(Some(found)) => {
                    return (probe.at, index.named_by_its_form(&probe, found).ok());
                }
                Err(Need) => return (probe.at, None),
            }
            // The rest of the word begins nothing.
            probe.at += letters.max(1);
            if in_word {
                let rest = bytes.get(probe.at..limit).unwrap_or_default();
                probe.at += rest.iter().take_while(|byte| within(**byte, WORD)).count();
            }
        }
        (probe.at, None)
    }
}

/// Whether the last character is a word character.
fn ends_in_word(bytes: &[u8]) -> bool {
    match bytes {
        [.., lead, last] if within(*last, CONTINUATION) => {
            within(*lead, LATIN) && !within(*lead, CONTINUATION)
        }
        [.., last] => within(*last, WORD),
        [] => false,
    }
}
