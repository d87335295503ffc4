//! Bytes on their way to the client, in order, some of them waiting for a name that is not complete yet.

use std::collections::VecDeque;

use crate::json::escape_into;

#[derive(Debug)]
enum Item {
    Bytes(Vec<u8>),
    Hole {
        name: String,
        /// What fills it so far, escaped.
        text: String,
        open: bool,
    },
}

/// Output in order. An event with an open hole, and all behind it, stays.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: VecDeque<Item>,
    sealed: bool,
}

impl Outbox {
    /// An event ends here: what comes next may have to stay while what came before leaves.
    pub fn seal(&mut self) {
        self.sealed = true;
    }

    /// Adds bytes at the end.
    pub fn bytes(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let sealed = std::mem::take(&mut self.sealed);
        match self.items.back_mut() {
            Some(Item::Bytes(last)) if !sealed => last.extend_from_slice(bytes),
            _ => self.items.push_back(Item::Bytes(bytes.to_vec())),
        }
    }

    /// Adds an open hole at the end, inside a JSON string.
    pub fn hole(&mut self, name: &str) {
        self.items.push_back(Item::Hole { name: name.to_owned(), text: String::new(), open: true });
    }

    /// Adds text to the open hole of that name.
    pub fn fill(&mut self, name: &str, text: &str) {
        if let Some((into, _)) = self.open(name) {
            for character in text.chars() {
                escape_into(character, into);
            }
        }
    }

    /// Closes the hole of that name.
    pub fn close(&mut self, name: &str) {
        if let Some((_, open)) = self.open(name) {
            *open = false;
        }
    }

    /// True when nothing waits for a name, whether what is there has left or not.
    pub fn is_settled(&self) -> bool {
        !self.items.iter().any(|item| matches!(item, Item::Hole { open: true, .. }))
    }

    /// Closes every hole as it is.
    pub fn close_all(&mut self) {
        for item in &mut self.items {
            if let Item::Hole { open, .. } = item {
                *open = false;
            }
        }
    }

    /// Bytes that wait for a name. What may leave does not count: how much of it there is hangs on how the stream is cut.
    pub fn waiting(&self) -> usize {
        let kept = (0..self.items.len()).find(|at| self.waits(*at)).unwrap_or(self.items.len());
        self.items
            .range(kept..)
            .map(|item| match item {
                Item::Bytes(bytes) => bytes.len(),
                Item::Hole { text, .. } => text.len(),
            })
            .sum()
    }

    /// Whether the item stays: an open hole, or the beginning of the event that has one.
    fn waits(&self, at: usize) -> bool {
        let is_open = |at: usize| matches!(self.items.get(at), Some(Item::Hole { open: true, .. }));
        is_open(at) || matches!(self.items.get(at), Some(Item::Bytes(_))) && is_open(at + 1)
    }

    /// Moves out what may leave.
    pub fn drain(&mut self, out: &mut Vec<u8>) {
        while !self.waits(0)
            && let Some(item) = self.items.front()
        {
            out.extend_from_slice(match item {
                Item::Bytes(bytes) => bytes,
                Item::Hole { text, .. } => text.as_bytes(),
            });
            self.items.pop_front();
        }
    }

    fn open(&mut self, wanted: &str) -> Option<(&mut String, &mut bool)> {
        self.items.iter_mut().find_map(|item| match item {
            Item::Hole { name, text, open } if *open && name == wanted => Some((text, open)),
            _ => None,
        })
    }
}
