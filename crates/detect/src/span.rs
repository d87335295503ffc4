//! What was found, and where.

use countersign_model::action::Action;
use countersign_model::entity::{Evidence, UndoneSet};

use crate::Entity;

/// One thing found. Offsets are bytes and lie on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub entity: Entity,
    /// In the text as given.
    pub start: usize,
    /// In the text as given, exclusive.
    pub end: usize,
    /// Where what is written for it begins in the text as masked.
    pub at: usize,
    /// 0 to 1.
    pub score: f32,
    pub evidence: Evidence,
    /// The disguises it was found under; empty for a value that stands as it is.
    pub undone: UndoneSet,
    /// What was done with it.
    pub action: Action,
}

/// A text with something else in place of what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Masked {
    /// `None`: nothing was replaced, the text stands as given.
    pub text: Option<String>,
    /// By start, never overlapping.
    pub spans: Vec<Span>,
}
