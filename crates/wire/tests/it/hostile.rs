//! Nonsense from either side: nothing panics, nothing unmasked comes out.

use countersign_model::entity::Direction;
use countersign_wire::{End, Framing, Options, Shape, StreamRewriter, rewrite, transcript};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    bodies::values,
    streams::{events, run},
    toy::Toy,
};

/// JSON made of the words the protocols know, in every wrong place.
fn protocol() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "choices",
        "delta",
        "content",
        "index",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "finish_reason",
        "usage",
        "text",
        "type",
        "id",
        "error",
        "logprobs",
        "message",
        "done",
        "model",
        "SECRET1!",
        "role",
        "messages",
        "prompt",
        "image_url",
        "url",
        "function_call",
    ]);
    let leaf = prop_oneof![
        values(),
        word.clone().prop_map(|w| json!(w)),
        (0..3).prop_map(|n| json!(n)),
        Just(json!("SEC")),
        Just(json!("RET1!")),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|m| Value::Object(m.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_as_events(list in proptest::collection::vec(protocol(), 1..8), chat in any::<bool>(), step in 1..80_usize) {
        let mut stream: String =
            list.iter().map(|value| format!("data: {value}\n\n")).collect();
        stream.push_str("data: [DONE]\n\n");
        let shape = if chat { Shape::ChatCompletions } else { Shape::Other };
        let (out, record, toy) = run(stream.as_bytes().chunks(step), shape);
        for event in events(&out) {
            prop_assert!(!event.contains("SECRET1!"), "{}", event);
            prop_assert!(event == "[DONE]" || serde_json::from_str::<Value>(&event).is_ok(), "{}", event);
        }
        prop_assert!(record.texts.iter().all(|text| !text.text.contains("SECRET1!")));
        prop_assert_eq!(toy.opened.len(), toy.closed.len());
        let _ = record.turns();
    }

    #[test]
    fn any_json_as_a_body(value in protocol(), answer in any::<bool>()) {
        let direction = if answer { Direction::Response } else { Direction::Prompt };
        let text = value.to_string();
        let out = rewrite(text.as_bytes(), Shape::ChatCompletions, direction, &mut Toy::default()).unwrap();
        let body = out.body.as_deref().unwrap_or(text.as_bytes());
        prop_assert!(serde_json::from_slice::<Value>(body).is_ok());
        prop_assert!(!String::from_utf8_lossy(body).contains("SECRET1!"));
        let _ = transcript(body, Shape::ChatCompletions);
    }

    #[test]
    fn any_bytes_as_a_stream(bytes in proptest::collection::vec(
        prop_oneof![any::<u8>(), prop::sample::select(b"data: {}[]\n\r\":,\\u".to_vec())], 0..200), step in 1..50_usize) {
        let mut rewriter = StreamRewriter::<Toy>::new(Shape::Other, Framing::Events, Options { max_event: 120, ..Options::default() });
        let (mut out, mut toy) = (Vec::new(), Toy::default());
        for piece in bytes.chunks(step) {
            if rewriter.push(piece, &mut toy, &mut out).is_err() {
                break;
            }
        }
        let _ = rewriter.finish(End::Clean, &mut toy, &mut out);
        let _ = transcript(&bytes, Shape::Other);
    }
}
