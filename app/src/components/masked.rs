//! Recorded text. Only ever text nodes: mask labels become bars, deceiving characters become visible marks.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::view::{
    masks::Masks,
    text::{self, Label, Piece},
};

/// Text of which is only known which kinds were found in it, such as a preview.
#[component]
pub(crate) fn MaskedText(text: String, known: BTreeSet<String>) -> impl IntoView {
    let judge =
        |_, label: &str| if known.contains(text::entity_of(label)) { Label::Mask } else { Label::Words };
    shown(text::pieces(&text, judge))
}

/// A turn's text of this kind, with what was found in it and where.
#[component]
pub(crate) fn RecordedText(text: String, kind: String, masks: Masks) -> impl IntoView {
    shown(text::pieces(&text, |at, label| masks.judge(&kind, at, label)))
}

/// Pieces as they were cut.
pub(crate) fn shown(pieces: Vec<Piece>) -> impl IntoView {
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(plain) => plain.into_any(),
            Piece::Label(label) => {
                let words = text::label_words(&label);
                view! { <span class="masked" title=format!("masked: {label}")>{words}</span> }.into_any()
            }
            Piece::Typed(label) => {
                view! { <span class="typed" title="written like this; nothing was masked here">"[" {label} "]"</span> }
                    .into_any()
            }
            Piece::Unsure(label) => {
                let words = text::label_words(&label);
                let title = "masked, or written like this: the record does not tell which";
                view! { <span class="masked unsure" title=title>{words} "?"</span> }.into_any()
            }
            Piece::Returned(label) => {
                let words = text::label_words(&label);
                let title = "token of the prompt: the caller got the value here, unless it stood in an address";
                view! { <span class="masked" title=title>{words}</span> }.into_any()
            }
            Piece::Mark(code) => {
                view! { <span class="deceiving" title="invisible or reordering character">{code}</span> }
                    .into_any()
            }
        })
        .collect_view()
}
