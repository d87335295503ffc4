//! The last event with its one piece left out. Most events of an answer differ in nothing but that piece, and what was
//! judged once of all the rest need not be read, judged and written again.

use std::ops::Range;

use crate::sse::Block;

/// What stands around the one growing text of an event in which nothing else was changed.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    /// The event's bytes up to and with the text's opening quote; empty: there is no such event.
    head: Vec<u8>,
    /// From its closing quote on.
    tail: Vec<u8>,
    /// The channel the text belongs to.
    pub channel: String,
    /// Bytes of the other texts, which went through the masker with the event this was taken from.
    pub inspected: u64,
}

impl Skeleton {
    /// Forgets the event.
    pub fn clear(&mut self) {
        self.head.clear();
    }

    /// Keeps what stands around `piece`, a range of the event's bytes with its quotes.
    pub fn keep(&mut self, raw: &[u8], piece: Range<usize>, channel: &str, inspected: u64) {
        let (Some(head), Some(tail)) = (raw.get(..=piece.start), raw.get(piece.end.saturating_sub(1)..))
        else {
            return self.clear();
        };
        self.head.clear();
        self.head.extend_from_slice(head);
        self.tail.clear();
        self.tail.extend_from_slice(tail);
        if self.channel != channel {
            channel.clone_into(&mut self.channel);
        }
        self.inspected = inspected;
    }

    /// The piece of an event that differs in nothing else. A piece with an escape is read the long way.
    pub fn piece<'a>(&self, block: &'a Block) -> Option<&'a str> {
        if self.head.is_empty() {
            return None;
        }
        let rest = block.raw.strip_prefix(self.head.as_slice())?;
        let piece = rest.strip_suffix(self.tail.as_slice())?;
        let plain = piece.iter().all(|&byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
        if plain { std::str::from_utf8(piece).ok() } else { None }
    }

    /// What stands before and after the piece.
    pub fn around(&self) -> (&[u8], &[u8]) {
        (&self.head, &self.tail)
    }
}
