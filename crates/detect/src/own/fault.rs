//! What is wrong with something an administrator gave.

use std::fmt;

/// Where it is wrong. Numbers count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Whole,
    Name,
    Score,
    Term(usize),
    /// A word before the value.
    Word(usize),
    /// A character of the pattern.
    Pattern(usize),
    /// A sample that must hold one.
    Hit(usize),
    /// A sample that must hold none.
    Miss(usize),
}

/// A sentence for people, and where. Never repeats a term or a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Whole => {}
            Place::Name => write!(f, "name: ")?,
            Place::Score => write!(f, "score: ")?,
            Place::Term(number) => write!(f, "term {number}: ")?,
            Place::Word(number) => write!(f, "word {number}: ")?,
            Place::Pattern(character) => write!(f, "pattern, character {character}: ")?,
            Place::Hit(number) => write!(f, "sample {number} of those with one: ")?,
            Place::Miss(number) => write!(f, "sample {number} of those without: ")?,
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
