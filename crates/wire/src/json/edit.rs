//! Replacing byte ranges of a document and leaving the rest alone.

use std::ops::Range;

/// One range to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Bytes of the document that go.
    pub range: Range<usize>,
    /// What comes instead: one JSON token.
    pub with: Piece,
}

/// What stands in a range's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A token, as bytes of the output.
    Token(String),
    /// An open place between two quotes, filled later under this name.
    Hole(String),
}

/// Puts the document's bytes inside `window` together with the edits that lie in it, in order.
///
/// `edits` stand in document order and do not overlap. `emit` gets text, or the name of a hole.
pub(crate) fn apply(
    text: &str,
    window: Range<usize>,
    edits: &[Edit],
    mut emit: impl FnMut(Result<&str, &str>),
) {
    let mut at = window.start;
    for edit in edits.iter().filter(|e| e.range.start >= window.start && e.range.end <= window.end) {
        emit(Ok(text.get(at..edit.range.start).unwrap_or_default()));
        match &edit.with {
            Piece::Token(token) => emit(Ok(token)),
            Piece::Hole(name) => {
                emit(Ok("\""));
                emit(Err(name));
                emit(Ok("\""));
            }
        }
        at = edit.range.end;
    }
    emit(Ok(text.get(at..window.end).unwrap_or_default()));
}
