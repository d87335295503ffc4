//! Bytes into events or lines, as the stream's framing says.

use super::Framing;
use crate::{
    lines::LineFramer,
    sse::{Block, Framer, TooLong},
};

/// Cuts bytes into events or lines.
#[derive(Debug)]
pub(super) enum Cutter {
    Events(Framer),
    Lines(LineFramer),
}

impl Cutter {
    /// Pieces of at most `limit` bytes.
    pub fn new(framing: Framing, limit: usize) -> Self {
        match framing {
            Framing::Events => Self::Events(Framer::new(limit)),
            Framing::Lines => Self::Lines(LineFramer::new(limit)),
        }
    }

    /// Takes back a block whose room may be used again.
    pub fn reuse(&mut self, block: Block) {
        if let Self::Events(framer) = self {
            framer.reuse(block);
        }
    }

    /// The next whole event or line.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Block>, TooLong> {
        match self {
            Self::Events(framer) => framer.next(input),
            Self::Lines(framer) => framer.next(input),
        }
    }

    /// What is left at the end.
    pub fn rest(&mut self) -> Option<Block> {
        match self {
            Self::Events(framer) => framer.rest(),
            Self::Lines(framer) => framer.rest(),
        }
    }

    /// How the stream is cut.
    pub const fn framing(&self) -> Framing {
        match self {
            Self::Events(_) => Framing::Events,
            Self::Lines(_) => Framing::Lines,
        }
    }
}
