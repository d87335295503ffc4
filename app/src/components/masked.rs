//! Recorded text. Only ever text nodes: mask labels become bars, deceiving characters become visible marks.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::view::text::{self, Piece};

/// Text with the entities that were found in it.
#[component]
pub(crate) fn MaskedText(text: String, known: BTreeSet<String>) -> impl IntoView {
    text::pieces(&text, |entity| known.contains(entity))
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(plain) => plain.into_any(),
            Piece::Label(label) => {
                let words = text::label_words(&label);
                view! { <span class="masked" title=format!("masked: {label}")>{words}</span> }.into_any()
            }
            Piece::Mark(code) => {
                view! { <span class="deceiving" title="invisible or reordering character">{code}</span> }
                    .into_any()
            }
        })
        .collect_view()
}
