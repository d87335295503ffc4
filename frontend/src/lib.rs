//! The door of the browser: one function that hydrates the page. Everything else is `app`'s.

/// Called by the page's start script once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    app::hydrate();
}
