//! What is noted of a text: where known words and structures stand, and how.

use crate::risk::concept::Concepts;

/// Something known, and how it stands there.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    pub concepts: Concepts,
    /// Words before it.
    pub word: u32,
    pub sentence: u32,
    /// Commas and the like before it.
    pub clause: u32,
    pub start: usize,
    pub end: usize,
    pub manner: Manner,
}

/// How a word stands in its text: several bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner(u8);

impl Manner {
    pub const QUOTED: Self = Self(1);
    /// A part of an identifier.
    pub const NAME: Self = Self(1 << 1);
    /// Within a fenced block.
    pub const FENCED: Self = Self(1 << 2);
    /// Was to be recognised by nobody but a model.
    pub const DISGUISED: Self = Self(1 << 3);
    /// Says that somebody does or did it, not that it shall be done.
    pub const TOLD: Self = Self(1 << 4);
    /// Written in capitals.
    pub const CAPITALS: Self = Self(1 << 5);

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What stands in a text that no reader sees, or sees without being able to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// Text spelt in tag characters (U+E0020 to U+E007E).
    Tags(String),
    /// A long run of characters that show nothing.
    Invisible,
    /// Text in base64 or hex.
    Encoded(String),
}

/// What was read.
#[derive(Debug, Default)]
pub struct Notes {
    pub events: Vec<Event>,
    pub finds: Vec<(Find, usize, usize)>,
    /// Words read.
    pub words: u32,
}
