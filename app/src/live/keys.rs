//! Keys: `/` to the filter, `j` and `k` through rows, `?` for the list of keys. Never while typing, never with a modifier,
//! and they can be switched off (WCAG 2.2, 2.1.4).

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Live, browser};

const STORED: &str = "countersign.keys";

/// Listens for the life of the page.
pub(super) fn listen(live: Live) {
    let off = storage().and_then(|kept| kept.get_item(STORED).ok().flatten()).as_deref() == Some("off");
    live.keys.set(!off);
    let _ = leptos::leptos_dom::helpers::window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || typing(&event)
            || !live.keys.get_untracked()
        {
            return;
        }
        let acted = match event.key().as_str() {
            "?" => {
                live.help.update(|open| *open = !*open);
                true
            }
            // The list is over the page: what is under it stays as it is.
            _ if live.help.get_untracked() => false,
            "/" => browser::focus("[data-filter]"),
            "j" => step(1),
            "k" => step(-1),
            _ => false,
        };
        if acted {
            event.prevent_default();
        }
    });
}

/// Keeps the choice in this browser.
pub(super) fn remember(on: bool) {
    if let Some(kept) = storage() {
        let _ = kept.set_item(STORED, if on { "on" } else { "off" });
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Whether the key goes into a text. A tick box takes no letters.
fn typing(event: &web_sys::KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    let tick = element.get_attribute("type").is_some_and(|kind| kind == "checkbox");
    match element.tag_name().as_str() {
        "INPUT" => !tick,
        "TEXTAREA" | "SELECT" => true,
        _ => element.is_content_editable(),
    }
}

/// Moves the focus among `[data-row]` elements, which are links.
fn step(by: i32) -> bool {
    let Ok(rows) = document().query_selector_all("[data-row]") else { return false };
    let count = i32::try_from(rows.length()).unwrap_or(0);
    if count == 0 {
        return false;
    }
    let here = document().active_element();
    let at = (0..count).find(|at| {
        let row = rows.item(at.unsigned_abs()).and_then(|row| row.dyn_into::<web_sys::Element>().ok());
        row.is_some() && row == here
    });
    let next = match at {
        Some(at) => (at + by).clamp(0, count - 1),
        None if by > 0 => 0,
        None => count - 1,
    };
    rows.item(next.unsigned_abs())
        .and_then(|row| row.dyn_into::<HtmlElement>().ok())
        .is_some_and(|row| row.focus().is_ok())
}
