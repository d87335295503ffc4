//! Whole bodies: a request, or an answer that is not streamed.

use countersign_model::{action::Passage, entity::Direction};

use crate::{
    DecodeError, Fault, Masker, Media, MediaKind, Shape, Summary, arguments,
    json::{Tape, apply},
    media::{base64_at, media_at},
    names::holds_json,
    tokens::holds_token_ids,
    transcription,
    walk::{Leaf, Manner, Put, Visit, walk},
};

/// A body that went through the masker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The masked body; `None` when nothing changed, so that the original bytes can be sent on as they are.
    ///
    /// To look without masking, send the original on and keep this for the record.
    pub body: Option<Vec<u8>>,
    /// What the body was about.
    pub summary: Summary,
}

/// Masks a whole JSON body.
///
/// Every string, key and long number is inspected. Tool arguments (JSON inside a string) are masked inside and stay
/// JSON. In an answer, members that repeat the text in fragments (`logprobs`, `token_ids` …) become null.
///
/// # Errors
/// [`DecodeError`] when the body is not strict JSON: the caller should refuse it, since another reader may see other
/// strings in it than this one did.
pub fn rewrite<M: Masker>(
    body: &[u8],
    shape: Shape,
    direction: Direction,
    masker: &mut M,
) -> Result<Rewritten, DecodeError> {
    let mut tape = Tape::default();
    let doc = tape.read(body)?;
    let answer = direction == Direction::Response;
    let mut summary = Summary { shape, stream: shape.streams_by_default() && !answer, ..Summary::default() };
    summary.read(doc);
    summary.token_ids = !answer && holds_token_ids(doc);
    let mut visitor = Whole { masker, summary, is_request: !answer };
    let manner = if answer { Manner { answer, ..Manner::of(shape) } } else { Manner::default() };
    let mut edits = walk(doc, manner, &mut visitor);
    let Whole { masker, mut summary, .. } = visitor;
    if answer && shape == Shape::Transcriptions {
        transcription::settle(doc, &mut edits, masker);
    }
    if manner.vectors {
        // A vector that was asked for is the answer itself, not something that escaped inspection.
        summary.uninspected.retain(|media| media.kind != MediaKind::Tensor);
    }
    let body = (!edits.is_empty()).then(|| {
        let mut out = Vec::with_capacity(body.len() + 64);
        apply(doc.text, 0..doc.text.len(), &edits, |piece| {
            if let Ok(text) = piece {
                out.extend_from_slice(text.as_bytes());
            }
        });
        out
    });
    Ok(Rewritten { body, summary })
}

/// Masks a `text/plain` body as one text, at the place `body`.
///
/// # Errors
/// [`DecodeError`] when the body is not UTF-8.
pub fn rewrite_text<M: Masker>(
    body: &[u8],
    direction: Direction,
    masker: &mut M,
) -> Result<Rewritten, DecodeError> {
    let text =
        std::str::from_utf8(body).map_err(|e| DecodeError { at: e.valid_up_to(), fault: Fault::NotUtf8 })?;
    let mut summary = Summary::default();
    summary.count(text);
    let masked = masker.whole("body", Passage::of(direction), text);
    Ok(Rewritten { body: masked.map(String::into_bytes), summary })
}

struct Whole<'m, M> {
    masker: &'m mut M,
    summary: Summary,
    is_request: bool,
}

impl<M> Whole<'_, M> {
    /// Lists base64 where text is expected; in tool arguments, that of the strings inside.
    fn list(&mut self, place: &str, key: &str, text: &str) {
        let mut tape = Tape::default();
        let inner = if holds_json(key) { tape.read(text.as_bytes()).ok() } else { None };
        match inner {
            Some(doc) => {
                let mut lister = Lister { around: place, found: &mut self.summary.uninspected };
                walk(doc, Manner::default(), &mut lister);
            }
            None => self.summary.uninspected.extend(base64_at(place, text)),
        }
    }
}

/// Looks at the strings of a document inside a string, and changes nothing.
struct Lister<'a> {
    around: &'a str,
    found: &'a mut Vec<Media>,
}

impl Visit for Lister<'_> {
    fn string(&mut self, leaf: Leaf<'_>) -> Put {
        self.found.extend(base64_at(self.around, leaf.text));
        Put::Keep
    }

    fn other(&mut self, _: &str, _: Passage, text: &str) -> Option<String> {
        self.found.extend(base64_at(self.around, text));
        None
    }
}

impl<M: Masker> Visit for Whole<'_, M> {
    fn string(&mut self, leaf: Leaf<'_>) -> Put {
        if let Some(found) = media_at(&leaf) {
            self.summary.uninspected.push(found.media);
            if found.is_opaque {
                return Put::Keep;
            }
        } else if self.is_request {
            self.list(leaf.place, leaf.key, leaf.text);
        }
        self.summary.count(leaf.text);
        let masked = if holds_json(leaf.key) {
            arguments::mask(leaf.place, leaf.passage, leaf.text, self.masker)
        } else {
            self.masker.whole(leaf.place, leaf.passage, leaf.text)
        };
        self.summary.note(leaf.place, leaf.key, masked.as_deref().unwrap_or(leaf.text));
        masked.map_or(Put::Keep, Put::Text)
    }

    fn other(&mut self, place: &str, passage: Passage, text: &str) -> Option<String> {
        if self.is_request {
            self.summary.uninspected.extend(base64_at(place, text));
        }
        self.summary.count(text);
        self.masker.whole(place, passage, text)
    }
}
