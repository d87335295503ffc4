//! One file, slice by slice. Between slices the worker hears the page.

use std::rc::Rc;

use countersign_detect::trial::File;
use countersign_model::trial::post;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::desk::{Desk, json};

/// What is read and looked through before the next message is heard.
const SLICE: u64 = 256 << 10;

/// Posts how far it is, then the outcome or a sentence; nothing more once the page wants another file or none.
pub async fn look_through(desk: Rc<Desk>, turn: u32, given: web_sys::File) {
    match masked(&desk, turn, &given).await {
        Ok(Some(outcome)) => desk.post(post::FILE, turn, &outcome),
        Ok(None) => {}
        Err(why) => desk.post(post::REFUSED, turn, &[why.into()]),
    }
}

/// `None`: not wanted any more.
async fn masked(desk: &Desk, turn: u32, given: &web_sys::File) -> Result<Option<[JsValue; 5]>, String> {
    let mut file = File::new(&desk.engine);
    let parts = Array::new();
    let (mut text, mut bytes, mut micros) = (String::new(), 0, 0.0);
    // Sizes are whole numbers below 2^53.
    let size = u64::try_from(given.size() as i64).unwrap_or(0);
    let mut keep = |masked: String| {
        bytes += masked.len();
        // The beginning is shown; all of it goes to the clipboard when that is not too much.
        if text.len() <= post::COPY_MAX {
            text.push_str(&masked);
        }
        parts.push(&masked.into());
    };
    let mut done = 0;
    while done < size {
        let to = size.min(done + SLICE);
        let slice = slice(given, done, to).await.ok_or("the browser cannot read it")?;
        if !desk.is_at(turn) {
            return Ok(None);
        }
        let began = desk.micros();
        let mut masked = String::new();
        file.push(&slice, &mut masked).map_err(|error| error.to_string())?;
        micros += desk.micros() - began;
        keep(masked);
        done = to;
        desk.post(post::PROGRESS, turn, &[(done as f64).into()]);
    }
    let mut masked = String::new();
    let trial = file.finish(&mut masked).map_err(|error| error.to_string())?;
    keep(masked);
    if bytes > post::COPY_MAX {
        text.truncate(text.floor_char_boundary(post::PREVIEW));
    }
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type("text/plain;charset=utf-8");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &kind)
        .map_err(|_| "the masked text does not fit into the browser's memory")?;
    Ok(Some([micros.into(), json(&trial), blob.into(), (bytes as f64).into(), text.into()]))
}

/// Bytes `from..to`. `None`: it cannot be read, or not any more.
async fn slice(file: &web_sys::File, from: u64, to: u64) -> Option<Vec<u8>> {
    let part = file.slice_with_f64_and_f64(from as f64, to as f64).ok()?;
    let bytes = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}
