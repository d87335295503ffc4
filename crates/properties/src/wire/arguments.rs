//! JSON inside a string: tool arguments.

use countersign_model::entity::Direction;
use countersign_wire::{End, Framing, Options, Shape, StreamRewriter, rewrite};
use serde_json::{Value, json};

use super::toy::{Nothing, Toy};
use crate::input::{Input, pieces};

/// Head: sizes. Then arguments of a tool call, JSON or not.
///
/// In every cutting they read as their whole does; JSON stays JSON and is masked as a body of its own would be; and
/// nothing else changes.
pub fn arguments(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let sizes = input.sizes();
    let text = input.text();
    let body = json!({ "arguments": text }).to_string();
    let untouched = rewrite(body.as_bytes(), Shape::Other, Direction::Prompt, &mut Nothing);
    assert!(untouched.is_ok_and(|out| out.body.is_none()), "{text:?}");
    let whole = masked(&body).and_then(|value| value["arguments"].as_str().map(str::to_owned));
    assert!(whole.is_some(), "{text:?}");
    for sizes in [&sizes[..], &[1]] {
        assert_eq!(streamed(&text, sizes), whole, "{text:?} in {sizes:?}");
    }
    // Within, a member of these names is JSON in a string to a body, but a plain string to arguments; images are no text.
    let special =
        ["arguments", "partial_json", "base64", "data", "audio", "image", "file", "url", "bytes", "\\u"];
    if special.iter().any(|name| text.contains(name)) {
        return;
    }
    let own = rewrite(text.as_bytes(), Shape::Other, Direction::Prompt, &mut Toy::default());
    if let Ok(own) = own
        && own.summary.uninspected.is_empty()
        && text.starts_with(['{', '['])
        && let Some(value) = masked(&text)
    {
        let inner = whole.as_deref().and_then(|whole| serde_json::from_str::<Value>(whole).ok());
        assert_eq!(inner.as_ref(), Some(&value), "{text:?} is {whole:?}");
    }
}

fn masked(body: &str) -> Option<Value> {
    let out = rewrite(body.as_bytes(), Shape::Other, Direction::Prompt, &mut Toy::default()).ok()?;
    serde_json::from_slice(out.body.as_deref().unwrap_or(body.as_bytes())).ok()
}

/// What a client of a chat stream puts together.
fn streamed(text: &str, sizes: &[usize]) -> Option<String> {
    let (mut toy, mut out) = (Toy::default(), Vec::new());
    let mut rewriter = StreamRewriter::new(Shape::ChatCompletions, Framing::Events, Options::default());
    let call = |call: Value| json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]});
    let mut events =
        Vec::from([call(json!({"index": 0, "id": "c", "function": {"name": "f", "arguments": ""}}))]);
    events
        .extend(pieces(text, sizes).map(|piece| call(json!({"index": 0, "function": {"arguments": piece}}))));
    events.push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}));
    for event in events {
        rewriter.push(format!("data: {event}\n\n").as_bytes(), &mut toy, &mut out).ok()?;
    }
    rewriter.push(b"data: [DONE]\n\n", &mut toy, &mut out).ok()?;
    rewriter.finish(End::Clean, &mut toy, &mut out).ok()?;
    assert_eq!(toy.open, 0, "{text:?}");
    let mut put_together = String::new();
    for line in std::str::from_utf8(&out).ok()?.lines().filter_map(|line| line.strip_prefix("data: ")) {
        let Ok(event) = serde_json::from_str::<Value>(line) else { continue };
        let piece = &event["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"];
        put_together.push_str(piece.as_str().unwrap_or_default());
    }
    Some(put_together)
}
