//! A text with its escapes undone, where it has any.

use countersign_model::entity::UndoneSet;

use crate::escape;
use crate::view::View;

/// The text as it is read, with the way back; `None`: there is nothing to undo.
pub fn undo(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view: Option<View> = None;
    let (mut at, mut copied) = (0, 0);
    while let Some(next) = begin(bytes, at) {
        at = next;
        let Ok(Some(escape)) = escape::read(&bytes[at..], true) else {
            at += 1;
            continue;
        };
        let view = view.get_or_insert_with(|| View::new(0));
        view.copy(&text[copied..at], copied, UndoneSet::default());
        let mut buffer = [0; 4];
        let character = &*escape.character.encode_utf8(&mut buffer);
        view.append(character, at, character.len(), escape.length, UndoneSet::of(escape.form));
        at += escape.length;
        copied = at;
    }
    let view = view.map(|mut view| {
        view.copy(&text[copied..], copied, UndoneSet::default());
        view
    });
    view.filter(|view| !view.text.is_empty())
}

/// Bytes that are looked at together.
const BLOCK: usize = 32;

const fn begins(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&')
}

/// Where an escape may begin, at `from` or behind it. Most text has none: it is passed over in blocks.
fn begin(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(block) = bytes.get(at..at + BLOCK) {
        if block.iter().fold(false, |any, byte| any | begins(*byte)) {
            break;
        }
        at += BLOCK;
    }
    bytes[at..].iter().position(|byte| begins(*byte)).map(|step| at + step)
}
