//! Values to copy: hashes shortened in the middle, blocks of code. The button is there only with scripts.

use leptos::prelude::*;

use crate::{live, view::numbers};

/// A button that copies text and says so.
#[component]
pub(crate) fn CopyButton(#[prop(into)] text: Signal<String>, #[prop(into)] what: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let act = move |_| {
        live::copy(text.get_untracked(), move || {
            copied.set(true);
            live::later(2_000, move || copied.set(false));
        });
    };
    view! {
        <button type="button" class="copy js-only" on:click=act aria-label=format!("Copy {what}")>
            <span aria-live="polite">{move || if copied.get() { "Copied" } else { "Copy" }}</span>
        </button>
    }
}

/// A hash or an id, shortened in the middle, whole in the tooltip.
#[component]
pub(crate) fn Hash(text: String) -> impl IntoView {
    let short = numbers::middle(&text);
    view! { <code class="hash" title=text>{short}</code> }
}

/// A block of code with its copy button.
#[component]
pub(crate) fn CodeBlock(#[prop(into)] text: Signal<String>, #[prop(into)] what: String) -> impl IntoView {
    view! {
        <div class="code">
            <pre tabindex="0"><code>{move || text.get()}</code></pre>
            <CopyButton text what />
        </div>
    }
}
