//! What goes on after a match that has no useful largest length: the label is written once and the rest swallowed.
//!
//! Promises: a latch reads one byte after another and keeps its whole state in itself, so it needs no text kept and
//! any cutting ends it at the same byte.

use crate::alphabet::{BASE64_URL, DELIMITER, SPACE, within};

/// Blank-separated pieces shorter than [`KEY_PIECE`] that in a row mean a key block has ended without saying so.
const PROSE_PIECES: u8 = 24;
const KEY_PIECE: u8 = 16;
/// Longest text between `-----END` and the dashes after it.
const END_LABEL: u8 = 64;
const END: &[u8; 8] = b"-----END";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Latch {
    /// Swallows bytes of these sets.
    Run(u16),
    /// Swallows bytes of these sets, and `=` where it only fills up.
    Key(u16),
    /// Swallows to a blank, a quote or an angle bracket.
    Word,
    /// Swallows the authority of a URL up to its `@` or its end.
    Authority,
    /// Swallows segments of base64url; a dot belongs to it only before another segment.
    Segments { dots: u8 },
    /// Swallows a key block to the end of its `-----END …-----`.
    KeyBlock(KeyBlock),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyBlock {
    /// Bytes of `-----END` matched.
    matched: u8,
    /// Bytes since `-----END`, and dashes at their end.
    label: u8,
    dashes: u8,
    /// Bytes of the present piece, and short pieces in a row.
    piece: u8,
    short: u8,
}

/// What a latch says of the next byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Swallow,
    /// The byte is the last of the span.
    SwallowAndEnd,
    /// The byte is not of the span.
    End,
    /// Depends on the byte after it.
    Wait,
}

impl Latch {
    /// `next` is the byte after `byte`: `None` if it is not there yet, NUL at the end of the whole text.
    pub fn step(&mut self, byte: u8, next: Option<u8>) -> Step {
        match self {
            Self::Key(_) if byte == b'=' => match next {
                None => Step::Wait,
                Some(next) => swallow_if(next != b'>' && !within(next, BASE64_URL)),
            },
            Self::Run(sets) | Self::Key(sets) => swallow_if(within(byte, *sets)),
            Self::Word => {
                swallow_if(!within(byte, SPACE) && !matches!(byte, 0 | b'"' | b'\'' | b'`' | b'<' | b'>'))
            }
            Self::Authority => swallow_if(byte != 0 && byte != b'@' && !within(byte, DELIMITER)),
            Self::Segments { dots } => match (byte, next) {
                (b'.', _) if *dots == 0 => Step::End,
                (b'.', None) => Step::Wait,
                (b'.', Some(next)) if within(next, BASE64_URL) => {
                    *dots -= 1;
                    Step::Swallow
                }
                _ => swallow_if(within(byte, BASE64_URL)),
            },
            Self::KeyBlock(block) => block.step(byte),
        }
    }
}

impl Latch {
    /// Whether all of `text` is part of the value, whatever follows it.
    pub fn swallows_all(mut self, text: &[u8]) -> bool {
        (0..text.len()).all(|at| {
            let next = text.get(at + 1).copied().unwrap_or(0);
            self.step(text[at], Some(next)) == Step::Swallow
        })
    }
}

fn swallow_if(condition: bool) -> Step {
    if condition { Step::Swallow } else { Step::End }
}

impl KeyBlock {
    fn step(&mut self, byte: u8) -> Step {
        if self.matched as usize == END.len() {
            return self.step_label(byte);
        }
        self.matched = match (self.matched, byte) {
            (matched @ 0..5, b'-') => matched + 1,
            (5, b'-') => 5,
            (_, b'-') => 1,
            (matched @ 5.., byte) if byte == END[matched as usize] => matched + 1,
            _ => 0,
        };
        if within(byte, SPACE) {
            if self.piece > 0 && self.piece < KEY_PIECE {
                self.short += 1;
            } else if self.piece >= KEY_PIECE {
                self.short = 0;
            }
            self.piece = 0;
            if self.short >= PROSE_PIECES {
                return Step::End;
            }
        } else {
            self.piece = self.piece.saturating_add(1);
        }
        Step::Swallow
    }

    fn step_label(&mut self, byte: u8) -> Step {
        self.label += 1;
        self.dashes = if byte == b'-' { self.dashes + 1 } else { 0 };
        if self.dashes == 5 {
            return Step::SwallowAndEnd;
        }
        if self.label == END_LABEL {
            *self = Self::default();
        }
        Step::Swallow
    }
}
