//! The browser's second door: the detector in a worker, so that a page that needs it stays alive and no other loads it.
//!
//! Promises: answers each text in the order asked; looks through one file at a time, slice by slice, and takes other
//! messages in between. Its messages are those of [`countersign_model::trial::post`].
//! Never: reaches the network; its policy would not let it.

mod desk;
mod file;

/// Called by the start script once the module is there. Messages that came before wait for it.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn attach() {
    desk::attach();
}
