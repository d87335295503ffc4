//! Small labels: a state with its word and sign (never colour alone), and a mask label.

use countersign_model::exchange::End;
use leptos::prelude::*;

use crate::view::{numbers, text, words};

/// A state: `ok`, `wait`, `stop` or `quiet`.
#[component]
pub(crate) fn Badge(state: &'static str, #[prop(into)] words: String) -> impl IntoView {
    view! { <span class="badge" data-state=state>{words}</span> }
}

/// How an exchange ended.
#[component]
pub(crate) fn EndBadge(end: End) -> impl IntoView {
    view! { <Badge state=words::end_state(end) words=words::end(end) /> }
}

/// Entities that were found, with their counts.
#[component]
pub(crate) fn Entities(list: Vec<(String, i64)>) -> impl IntoView {
    if list.is_empty() {
        return view! { <span class="soft">"none"</span> }.into_any();
    }
    let chips = list
        .into_iter()
        .map(|(entity, found)| {
            view! {
                <li class="masked" title=entity.clone()>
                    {text::label_words(&entity)}
                    <span class="masked-count">{numbers::count(found)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="chips">{chips}</ul> }.into_any()
}
