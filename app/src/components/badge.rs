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

/// Entities that were found, with their counts; at most `most` of them, and how many more there are.
#[component]
pub(crate) fn Entities(list: Vec<(String, i64)>, #[prop(default = 5)] most: usize) -> impl IntoView {
    if list.is_empty() {
        return view! { <span class="soft">"none"</span> }.into_any();
    }
    let (shown, rest) = list.split_at(list.len().min(most));
    let words = |pairs: &[(String, i64)]| {
        let words = pairs
            .iter()
            .map(|(entity, found)| format!("{} {}", text::label_words(entity), numbers::count(*found)));
        words.collect::<Vec<_>>().join(", ")
    };
    let more = (!rest.is_empty()).then(|| {
        let count = rest.len();
        let (title, named) = (words(rest), words(rest));
        view! {
            <li class="more" title=title>
                <span aria-hidden="true">{format!("+{count} more")}</span>
                <span class="unseen">{named}</span>
            </li>
        }
    });
    let chips = shown
        .iter()
        .map(|(entity, found)| {
            view! {
                <li class="masked" title=entity.clone()>
                    {text::label_words(entity)}
                    <span class="masked-count">{numbers::count(*found)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="chips">{chips} {more}</ul> }.into_any()
}
