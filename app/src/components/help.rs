//! The list of keys, and the switch that turns single keys off.

use leptos::prelude::*;

use crate::live::{self, live};

/// A dialog that opens with `?`. Without scripts it is never shown.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let signals = live();
    let sheet = NodeRef::new();
    // Modal: the browser keeps Tab inside, closes it with Esc, and gives the focus back.
    Effect::new(move || live::show_modal(sheet, signals.help.get()));
    view! {
        <dialog node_ref=sheet class="sheet" aria-label="Keyboard" on:close=move |_| signals.help.set(false)>
            <h2>"Keyboard"</h2>
            <dl class="keys">
                <div><dt><kbd>"/"</kbd></dt><dd>"to the filter, where a page has one"</dd></div>
                <div><dt><kbd>"j"</kbd>" "<kbd>"k"</kbd></dt><dd>"next and previous row"</dd></div>
                <div><dt><kbd>"Enter"</kbd></dt><dd>"open the row"</dd></div>
                <div><dt><kbd>"?"</kbd></dt><dd>"this list"</dd></div>
                <div><dt><kbd>"Esc"</kbd></dt><dd>"close"</dd></div>
            </dl>
            <KeySwitch />
            <button type="button" autofocus on:click=move |_| signals.help.set(false)>"Close"</button>
        </dialog>
    }
}

/// The switch for single-key shortcuts, kept in this browser.
#[component]
pub(crate) fn KeySwitch() -> impl IntoView {
    let signals = live();
    let switch = move |event| {
        let on = event_target_checked(&event);
        signals.keys.set(on);
        live::remember_keys(on);
    };
    view! {
        <label class="tick js-only">
            <input type="checkbox" prop:checked=move || signals.keys.get() on:change=switch />
            <span>"Single-key shortcuts in this browser"</span>
        </label>
    }
}
