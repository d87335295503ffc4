//! Transcriptions repeat their text in segments and words, where a value may stand in pieces.
//!
//! Only where masking changed the text itself: segments are masked as one text that flows through them, so that put
//! together they read as the masked text does, and words become null. Where it changed nothing, they stay.

use countersign_model::action::Passage;

use crate::{
    Masker, TextStream,
    json::{Document, Edit, Kind, Piece, write_string},
};

/// Brings the fragments of a whole answer (`verbose_json`) into line with its masked text.
pub(crate) fn settle<M: Masker>(doc: Document<'_>, edits: &mut Vec<Edit>, masker: &mut M) {
    let Some(text) = doc.member(Document::ROOT, "text") else {
        return;
    };
    let range = doc.range(text);
    if !edits.iter().any(|edit| edit.range == range) {
        return;
    }
    let mut instead = Vec::new();
    if let Some(segments) = doc.member(Document::ROOT, "segments") {
        let mut stream = masker.open("segments.text", Passage::Response);
        let texts = doc.items(segments).filter_map(|segment| doc.member(segment, "text"));
        let mut texts = texts.filter(|&node| doc.kind(node) == Kind::String).peekable();
        while let Some(node) = texts.next() {
            let mut released = String::new();
            stream.push(&doc.string(node), &mut released);
            if texts.peek().is_none() {
                stream.finish(&mut released);
            }
            if released != doc.string(node) {
                let mut token = String::new();
                write_string(&released, &mut token);
                instead.push(Edit { range: doc.range(node), with: Piece::Token(token) });
            }
        }
        masker.close("segments.text", stream);
        // What was masked segment by segment gives way.
        for node in doc.items(segments).filter_map(|segment| doc.member(segment, "text")) {
            let range = doc.range(node);
            edits.retain(|edit| edit.range != range);
        }
        for node in doc.items(segments).filter_map(|segment| doc.member(segment, "words")) {
            instead.push(null(doc, node));
        }
    }
    if let Some(words) = doc.member(Document::ROOT, "words") {
        instead.push(null(doc, words));
    }
    for edit in &instead {
        edits.retain(|old| old.range.start < edit.range.start || old.range.end > edit.range.end);
    }
    edits.extend(instead);
    edits.sort_by_key(|edit| edit.range.start);
}

fn null(doc: Document<'_>, node: usize) -> Edit {
    Edit { range: doc.range(node), with: Piece::Token("null".to_owned()) }
}
