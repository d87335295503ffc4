//! The browser's side of live pages: clock, clipboard, focus, theme. Every failure leaves the page as the server made it.

use std::time::Duration;

use countersign_model::Timestamp;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::Live;

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

/// What marks a form whose answer is awaited.
const SENT: &str = "data-sent";
/// How long an answer is awaited before the form may be sent again, milliseconds.
const SENT_MS: u64 = 10_000;

/// Sends each form once: what is pressed again before the answer is there is not sent again.
pub(crate) fn send_forms_once() {
    let on_submit = |event: ev::SubmitEvent| {
        let form = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let posts = |form: &web_sys::Element| {
            form.get_attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"))
        };
        let Some(form) = form.filter(|form| posts(form) && !event.default_prevented()) else { return };
        if form.has_attribute(SENT) {
            event.prevent_default();
            return;
        }
        let _ = form.set_attribute(SENT, "");
        super::later(SENT_MS, move || {
            let _ = form.remove_attribute(SENT);
        });
    };
    let _ = leptos::leptos_dom::helpers::window_event_listener(ev::submit, on_submit);
    // Back on a page that the browser kept as it was.
    let _ = leptos::leptos_dom::helpers::window_event_listener_untyped("pageshow", |_| {
        while let Some(form) = document().query_selector(&format!("[{SENT}]")).ok().flatten() {
            if form.remove_attribute(SENT).is_err() {
                break;
            }
        }
    });
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

/// Shows the page in another theme, and tells the server so that the next page comes in it. Nothing on the page is lost.
pub(crate) fn choose_theme(name: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", name);
    }
    let Ok(form) = web_sys::UrlSearchParams::new() else { return };
    form.append("theme", name);
    let post = web_sys::RequestInit::new();
    post.set_method("POST");
    post.set_body_opt_url_search_params(Some(&form));
    // The answer leads back to the page, which is here already.
    post.set_redirect(web_sys::RequestRedirect::Manual);
    let asked = window().fetch_with_str_and_init("/theme", &post);
    // Not kept when the gateway does not answer: no matter, it can be chosen again.
    let unheard = Closure::once_into_js(|_: JsValue| ());
    let _ = js_sys::Reflect::get(&asked, &JsValue::from_str("catch"))
        .ok()
        .and_then(|catch| catch.dyn_into::<js_sys::Function>().ok())
        .map(|catch| catch.call1(&asked, &unheard));
}

/// Opens a dialog over the page; the focus goes into it, and back when it closes.
pub(crate) fn show_modal(dialog: &web_sys::HtmlDialogElement, open: bool) {
    if open == dialog.open() {
        return;
    }
    if open {
        let _ = dialog.show_modal();
    } else {
        dialog.close();
    }
}
