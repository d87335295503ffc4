//! The browser's side of live pages: clock, server-sent events, clipboard. Every failure leaves the page as the server made it.

use std::{cell::Cell, rc::Rc, time::Duration};

use countersign_model::Timestamp;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::{Feed, Live};

/// Says on the console what a panic said, so a report can name it.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
    }));
}

/// Marks the document, so that style shows what needs a script.
pub(crate) fn mark_scripted() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-js", "");
    }
}

/// Sets the present now and every ten seconds.
pub(crate) fn start_clock(live: Live) {
    let read = move || {
        // Milliseconds since the epoch, below 2^53.
        live.now.set(Some(Timestamp(js_sys::Date::now() as i64 * 1_000_000)));
    };
    read();
    leptos::leptos_dom::helpers::set_interval(read, Duration::from_secs(10));
}

/// Listens to the server's news. The browser reconnects by itself.
pub(crate) fn open_feed(live: Live) {
    let Ok(source) = web_sys::EventSource::new("/live") else { return };
    let waiting = Rc::new(Cell::new(false));
    let on_news = Closure::<dyn Fn()>::new(move || {
        if waiting.replace(true) {
            return;
        }
        let waiting = Rc::clone(&waiting);
        super::later(1_000, move || {
            waiting.set(false);
            live.news.update(|news| *news = news.wrapping_add(1));
        });
    });
    for name in ["head", "exchange", "config"] {
        let _ = source.add_event_listener_with_callback(name, on_news.as_ref().unchecked_ref());
    }
    on_news.forget();
    let on_open = Closure::<dyn Fn()>::new(move || live.feed.set(Feed::Open));
    source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    on_open.forget();
    let on_error = Closure::<dyn Fn()>::new(move || live.feed.set(Feed::Lost));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
}

/// Puts text on the clipboard; calls back only when it is there. Over plain HTTP browsers have no clipboard to give.
pub(crate) fn copy(text: String, done: impl FnOnce() + 'static) {
    if !window().is_secure_context() {
        return;
    }
    let promise = window().navigator().clipboard().write_text(&text);
    let done = Closure::once_into_js(move |_: JsValue| done());
    let _ = js_sys::Reflect::get(&promise, &JsValue::from_str("then"))
        .ok()
        .and_then(|then| then.dyn_into::<js_sys::Function>().ok())
        .map(|then| then.call1(&promise, &done));
}

/// Moves the focus to the first element that matches; says whether there was one that took it.
pub(crate) fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    found
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|element| element.focus().is_ok())
}

/// What stands in the named fields of the form an event came from; a field that is not there is left out.
pub(crate) fn form_values(event: &ev::Event, names: &[&'static str]) -> Vec<(&'static str, String)> {
    let form = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("form").ok().flatten());
    let Some(form) = form else { return Vec::new() };
    let value = |name: &str| {
        let field = form.query_selector(&format!("[name={name}]")).ok().flatten()?;
        js_sys::Reflect::get(&field, &JsValue::from_str("value")).ok()?.as_string()
    };
    names.iter().filter_map(|name| Some((*name, value(name)?))).collect()
}
