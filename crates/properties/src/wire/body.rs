//! Whole JSON bodies.

use countersign_model::entity::Direction;
use countersign_wire::{DecodeError, Fault, Shape, rewrite, shape_of, transcript};
use serde_json::Value;

use super::{
    strings,
    toy::{Nothing, Toy, mask},
};
use crate::input::Input;

const PATHS: &[&str] = &[
    "v1/other",
    "v1/chat/completions",
    "v1/completions",
    "v1/embeddings",
    "v1/responses",
    "v1/messages",
    "v1/moderations",
    "v1/audio/transcriptions",
    "v1/audio/speech",
    "v1/images/generations",
    "rerank",
    "tokenize",
    "api/chat",
    "api/generate",
    "completion",
    "generate",
    "v1/models",
];

/// Head: the direction and a path, of which 255 says that it is the rest up to a line end. Then the body.
///
/// What is read is JSON to other readers too, and what is refused as JSON is none to them. A request in which nothing is
/// found keeps its bytes. In a body that was masked nothing is found, and masking it again changes nothing.
pub fn json_body(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let direction = if input.flag() { Direction::Response } else { Direction::Prompt };
    let place = input.byte();
    let rest = input.rest();
    let (shape, body) = match rest.iter().position(|byte| *byte == b'\n').filter(|_| place == 255) {
        Some(end) => (shape_at(&String::from_utf8_lossy(&rest[..end])), &rest[end + 1..]),
        None => (shape_at(PATHS[usize::from(place) % PATHS.len()]), rest),
    };
    let untouched = rewrite(body, shape, direction, &mut Nothing);
    is_judged_as_by_others(body, untouched.as_ref().err());
    let Ok(untouched) = untouched else { return };
    if direction == Direction::Prompt {
        assert!(untouched.body.is_none(), "{}", String::from_utf8_lossy(body));
    }
    let mut toy = Toy::default();
    let Ok(masked) = rewrite(body, shape, direction, &mut toy) else { return };
    assert_eq!(toy.open, 0);
    let out = masked.body.as_deref().unwrap_or(body);
    let told = || format!("{shape:?} {direction:?} {}", String::from_utf8_lossy(body));
    let read = rewrite(out, shape, direction, &mut Toy::default());
    assert!(read.as_ref().is_ok_and(|again| again.body.is_none()), "{} again {read:?}", told());
    if masked.summary.uninspected.is_empty()
        && let Ok(value) = serde_json::from_slice::<Value>(out)
    {
        strings(&value, &mut |text| assert_eq!(mask(text), text, "{}", told()));
    }
    let _ = transcript(out, shape);
}

/// Query, leading slash and a prefix do not count.
fn shape_at(path: &str) -> Shape {
    let shape = shape_of("POST", path);
    assert_eq!(shape_of("POST", &format!("/{path}")), shape, "{path:?}");
    if !path.contains(['?', '#']) {
        assert_eq!(shape_of("POST", &format!("{path}?x=generate")), shape, "{path:?}");
    }
    shape
}

fn is_judged_as_by_others(body: &[u8], refused: Option<&DecodeError>) {
    let theirs = serde_json::from_slice::<Value>(body);
    let told = || format!("{refused:?} {theirs:?} {}", String::from_utf8_lossy(body));
    match (refused, &theirs) {
        (None, Err(error)) => assert!(error.to_string().starts_with("number out of range"), "{}", told()),
        // We are stricter in these, and say so.
        (Some(refused), Ok(_)) => {
            assert!(matches!(refused.fault, Fault::DuplicateKey | Fault::TooDeep), "{}", told());
        }
        _ => {}
    }
    if let Some(refused) = refused {
        assert!(refused.at <= body.len(), "{}", told());
    }
}
