//! A text as it is read after something was undone, with the way back to where each part stood.
//!
//! Promises: places map back in order; a place inside what was undone maps to its beginning or its end, never into it.
//! Places before the first difference are the same in both texts.

use countersign_model::entity::UndoneSet;

/// The view from `base`, and its map.
#[derive(Debug, Default)]
pub struct View {
    pub text: String,
    /// Bytes of the whole view before `text`.
    pub base: usize,
    parts: Vec<Part>,
}

/// A stretch of the view made of equal units: `width` bytes for `original` bytes of the text.
#[derive(Debug, Clone, Copy)]
struct Part {
    view: usize,
    start: usize,
    width: usize,
    original: usize,
    undone: UndoneSet,
}

/// Parts kept before the decided ones are dropped.
const SLACK: usize = 64;

impl View {
    /// A view whose first byte stands at `base` of both texts.
    pub fn new(base: usize) -> Self {
        Self { text: String::new(), base, parts: Vec::new() }
    }

    /// Bytes of the whole view so far.
    pub fn end(&self) -> usize {
        self.base + self.text.len()
    }

    /// Text that stands as it is, from `start` of the original.
    pub fn copy(&mut self, text: &str, start: usize, undone: UndoneSet) {
        self.append(text, start, 1, 1, undone);
    }

    /// `text` in units of `width` bytes, each for `original` bytes of the original, the first at `start`.
    pub fn append(&mut self, text: &str, start: usize, width: usize, original: usize, undone: UndoneSet) {
        let view = self.end();
        let goes_on = self.parts.last().is_some_and(|part| {
            part.width == width
                && part.original == original
                && part.undone == undone
                && (view - part.view).is_multiple_of(width)
                && part.start + (view - part.view) / width * original == start
        });
        if !goes_on {
            self.parts.push(Part { view, start, width, original, undone });
        }
        self.text.push_str(text);
    }

    /// Where what is seen at `place` begins in the original.
    pub fn start(&self, place: usize) -> usize {
        let part = self.parts.partition_point(|part| part.view <= place);
        match part.checked_sub(1).map(|part| self.parts[part]) {
            Some(part) => part.start + (place - part.view) / part.width * part.original,
            None => place,
        }
    }

    /// Where what is seen before `place` ends in the original.
    pub fn ending(&self, place: usize) -> usize {
        let part = self.parts.partition_point(|part| part.view < place);
        match part.checked_sub(1).map(|part| self.parts[part]) {
            Some(part) => part.start + (place - part.view).div_ceil(part.width) * part.original,
            None => place,
        }
    }

    /// What was undone between two places.
    pub fn undone(&self, from: usize, to: usize) -> UndoneSet {
        let end = self.parts.partition_point(|part| part.view < to);
        let first = self.parts.partition_point(|part| part.view <= from).saturating_sub(1);
        self.parts[first.min(end)..end].iter().fold(UndoneSet::default(), |set, part| set | part.undone)
    }

    /// Forgets text before `place`, which is decided, but for `left` bytes.
    pub fn forget(&mut self, place: usize, left: usize) {
        let cut = self.text.floor_char_boundary(place.saturating_sub(left).saturating_sub(self.base));
        self.text.drain(..cut);
        self.base += cut;
        if self.parts.len() > SLACK {
            let first = self.parts.partition_point(|part| part.view <= self.base).saturating_sub(2);
            self.parts.drain(..first);
        }
    }
}
