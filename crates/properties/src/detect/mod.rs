//! The detector: the masker in every action and cutting, administrators' own rules, the line protocol, risk signals.

mod inquiry;
mod masker;
mod own;
mod prose;
mod risk;

use std::sync::{Arc, LazyLock};

use countersign_detect::{Engine, Masked, Replace, Utf8};

pub use inquiry::inquiry;
pub use masker::masker;
pub use own::own_rules;
pub use risk::risk;

use crate::input::{Input, chunks, pieces};

/// Made once: it takes longer than most inputs.
static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::standard()));

/// What a stream makes of the text in these pieces; nothing may be held at its end.
fn streamed(engine: &Arc<Engine>, text: &str, sizes: &[usize], replace: &mut impl Replace) -> Masked {
    let (mut stream, mut out) = (engine.stream(), String::new());
    for piece in pieces(text, sizes) {
        stream.push_with(piece, replace, &mut out);
    }
    stream.finish_with(replace, &mut out);
    assert_eq!(stream.held(), 0, "held at the end of {text:?}");
    Masked { text: Some(out), spans: stream.spans().to_vec() }
}

/// Head: sizes. However bytes are cut, the decoder says what the standard library says of all of them at once.
pub fn utf8(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let sizes = input.sizes();
    let bytes = input.rest();
    let (mut decoder, mut text) = (Utf8::default(), String::new());
    let read = chunks(bytes, &sizes)
        .try_for_each(|piece| decoder.push(piece, &mut text))
        .and_then(|()| decoder.finish());
    match std::str::from_utf8(bytes) {
        Ok(whole) => assert!(read.is_ok() && text == whole, "{bytes:?} in {sizes:?}"),
        Err(error) => {
            let at = error.valid_up_to();
            assert_eq!(read.map_err(|fault| fault.at), Err(at as u64), "{bytes:?} in {sizes:?}");
            assert_eq!(text.as_bytes(), &bytes[..at], "{bytes:?} in {sizes:?}");
        }
    }
}
