//! Streams: however they are cut, what a client puts together equals masking the whole.

use std::collections::BTreeMap;

use countersign_model::entity::Direction;
use countersign_wire::{
    End, Framing, Masker, Options, Release, Shape, StreamRecord, StreamRewriter, rewrite,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    bodies::{ascii, masked, texts, values},
    toy::{Toy, mask},
};

/// Runs a stream through the rewriter in the given pieces.
pub fn run<'a>(pieces: impl Iterator<Item = &'a [u8]>, shape: Shape) -> (Vec<u8>, StreamRecord, Toy) {
    let mut toy = Toy::default();
    let (out, record) = run_with(pieces, shape, Options::default(), &mut toy);
    (out, record, toy)
}

pub fn run_with<'a, M: Masker>(
    pieces: impl Iterator<Item = &'a [u8]>,
    shape: Shape,
    options: Options,
    masker: &mut M,
) -> (Vec<u8>, StreamRecord) {
    let mut rewriter = StreamRewriter::<M>::new(shape, Framing::Events, options);
    let mut out = Vec::new();
    for piece in pieces {
        rewriter.push(piece, masker, &mut out).unwrap();
    }
    rewriter.finish(End::Clean, masker, &mut out).unwrap();
    (out, rewriter.into_record())
}

/// Ends a stream that is complete.
pub fn finish(mut rewriter: StreamRewriter<Toy>, toy: &mut Toy, out: &mut Vec<u8>) {
    rewriter.finish(End::Clean, toy, out).unwrap();
}

/// The data of every event, read by a simple reader of its own.
pub fn events(stream: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(stream).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut out = Vec::new();
    let mut data: Option<String> = None;
    for line in text.split('\n') {
        if line.is_empty() {
            out.extend(data.take());
        } else if let Some(value) = line.strip_prefix("data:") {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut data {
                Some(data) => *data = format!("{data}\n{value}"),
                None => data = Some(value.to_owned()),
            }
        } else {
            assert!(line.starts_with([':', 'd', 'e', 'i', 'r']), "stray line {line:?}");
        }
    }
    assert_eq!(data, None, "an event without its end");
    out
}

/// Puts deltas together as client libraries do: by choice, field and tool index.
pub fn assemble(stream: &[u8]) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut finished: Vec<u64> = Vec::new();
    for event in events(stream) {
        if event == "[DONE]" {
            continue;
        }
        let value: Value = serde_json::from_str(&event).unwrap();
        for choice in value["choices"].as_array().unwrap() {
            let n = choice["index"].as_u64().unwrap();
            let mut add = |field: String, text: &Value| {
                if let Some(text) = text.as_str() {
                    assert!(text.is_empty() || !finished.contains(&n), "text after the end of choice {n}");
                    texts.entry(format!("{n}.{field}")).or_default().push_str(text);
                }
            };
            let delta = &choice["delta"];
            for field in ["content", "reasoning_content", "reasoning", "refusal"] {
                add(field.to_owned(), &delta[field]);
            }
            add("text".to_owned(), &choice["text"]);
            for field in ["name", "arguments"] {
                add(field.to_owned(), &delta["function_call"][field]);
            }
            for call in delta["tool_calls"].as_array().into_iter().flatten() {
                for field in ["name", "arguments"] {
                    add(format!("{}.{field}", call["index"]), &call["function"][field]);
                }
            }
            assert!(choice["logprobs"].is_null());
            if choice["finish_reason"].is_string() {
                finished.push(n);
            }
        }
    }
    texts.retain(|_, text| !text.is_empty());
    texts
}

/// One channel of a made-up answer.
#[derive(Debug, Clone)]
struct Source {
    choice: u64,
    field: &'static str,
    text: String,
    /// Where to cut, as shares of the text in 256ths.
    cuts: Vec<u8>,
}

impl Source {
    fn deltas(&self) -> Vec<String> {
        let count = self.text.chars().count();
        let mut at: Vec<usize> = self.cuts.iter().map(|cut| usize::from(*cut) * count / 256).collect();
        at.push(count);
        at.sort_unstable();
        let mut from = 0;
        let chars: Vec<char> = self.text.chars().collect();
        at.into_iter().map(|to| chars[std::mem::replace(&mut from, to)..to].iter().collect()).collect()
    }

    fn choice(&self, delta: &str) -> Value {
        let delta = match self.field {
            "text" => return json!({"text": delta, "index": self.choice, "logprobs": {"tokens": [delta]}}),
            "0.name" => json!({"tool_calls": [{"function": {"name": delta}, "id": "c0", "index": 0}]}),
            "0.arguments" => json!({"tool_calls": [{"index": 0, "function": {"arguments": delta}}]}),
            "1.arguments" => json!({"tool_calls": [{"function": {"arguments": delta}, "index": 1}]}),
            "arguments" => json!({"function_call": {"arguments": delta}}),
            field => json!({ field: delta }),
        };
        json!({"delta": delta, "index": self.choice, "finish_reason": null, "logprobs": {"content": [{"token": "x"}]}})
    }

    fn expected(&self) -> String {
        if !self.field.ends_with("arguments") {
            return mask(&self.text);
        }
        let body = json!({"arguments": self.text}).to_string();
        let out = rewrite(body.as_bytes(), Shape::Other, Direction::Prompt, &mut Toy::default()).unwrap();
        let value: Value = serde_json::from_slice(out.body.as_deref().unwrap_or(body.as_bytes())).unwrap();
        value["arguments"].as_str().unwrap().to_owned()
    }
}

fn sources() -> impl Strategy<Value = Vec<Source>> {
    let plain = prop::sample::select(vec!["content", "reasoning_content", "reasoning", "refusal", "text"]);
    let plain = (0..2_u64, plain, texts());
    let tool = prop::sample::select(vec!["0.arguments", "1.arguments", "arguments"]);
    let json_text = (values(), any::<bool>()).prop_map(|(value, escaped)| {
        let text = json!([value]).to_string();
        if escaped { ascii(&text) } else { text }
    });
    let tool = (0..2_u64, tool, prop_oneof![3 => json_text, 1 => texts()]);
    let source = (prop_oneof![plain, tool], proptest::collection::vec(any::<u8>(), 0..12))
        .prop_map(|((choice, field, text), cuts)| Source { choice, field, text, cuts });
    proptest::collection::vec(source, 1..5).prop_map(|mut sources: Vec<Source>| {
        sources.sort_by_key(|s| (s.choice, s.field));
        sources.dedup_by_key(|s| (s.choice, s.field));
        sources
    })
}

/// How the stream is written.
#[derive(Debug, Clone)]
struct Style {
    end: &'static str,
    escaped: bool,
    own_finish: bool,
    usage: bool,
    order: Vec<u8>,
}

fn styles() -> impl Strategy<Value = Style> {
    (
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        proptest::collection::vec(any::<u8>(), 1..24),
    )
        .prop_map(|(end, escaped, own_finish, usage, order)| Style {
            end,
            escaped,
            own_finish,
            usage,
            order,
        })
}

/// Writes the sources as one stream, their deltas in a random interleaving.
fn write(sources: &[Source], style: &Style) -> Vec<u8> {
    let mut out = String::new();
    let mut event = |mut value: Value| {
        value["id"] = json!("chatcmpl-é");
        value["created"] = json!(1_712_345_678);
        let text = value.to_string();
        let text = if style.escaped { ascii(&text) } else { text };
        out.push_str(&format!("data: {text}{0}{0}", style.end));
        if style.escaped {
            out.push_str(&format!(": ping{0}", style.end));
        }
    };
    let mut queues: Vec<(usize, std::collections::VecDeque<String>)> =
        sources.iter().enumerate().map(|(n, s)| (n, s.deltas().into())).collect();
    let mut turn = style.order.iter().cycle();
    while !queues.is_empty() {
        let picked = usize::from(*turn.next().unwrap()) % queues.len();
        let (n, queue) = &mut queues[picked];
        let delta = queue.pop_front().unwrap();
        let last = queue.is_empty();
        let source = &sources[*n];
        let mut choice = source.choice(&delta);
        if last {
            queues.remove(picked);
            let done = queues.iter().all(|(n, _)| sources[*n].choice != source.choice);
            if done && style.own_finish {
                choice["finish_reason"] = json!("stop");
            } else if done && !style.usage {
                event(json!({"choices": [choice]}));
                choice = json!({"delta": {}, "index": source.choice, "finish_reason": "stop"});
            }
        }
        event(json!({"choices": [choice]}));
    }
    if style.usage {
        event(json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}));
    }
    out.push_str(&format!("data: [DONE]{0}{0}", style.end));
    out.into_bytes()
}

fn expected(sources: &[Source]) -> BTreeMap<String, String> {
    let mut wanted: BTreeMap<String, String> =
        sources.iter().map(|s| (format!("{}.{}", s.choice, s.field), s.expected())).collect();
    wanted.retain(|_, text| !text.is_empty());
    wanted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Deltas cut anywhere, interleaved, then bytes cut anywhere.
    #[test]
    fn every_cutting_reads_the_same(
        sources in sources(),
        style in styles(),
        step in 1..200_usize,
    ) {
        let stream = write(&sources, &style);
        let (out, record, toy) = run(stream.chunks(step), Shape::ChatCompletions);
        prop_assert_eq!(assemble(&out), expected(&sources));
        prop_assert_eq!(toy.opened.len(), toy.closed.len());
        prop_assert!(record.done && !record.broken);
        for source in &sources {
            let field = source.field;
            let tail = match field.split_once('.') {
                Some((n, _)) => format!("delta.tool_calls[{n}].function.arguments"),
                None if field == "arguments" => "delta.function_call.arguments".to_owned(),
                None if field == "text" => "text".to_owned(),
                None => format!("delta.{field}"),
            };
            let place = format!("choices[{}].{tail}", source.choice);
            let text = record.texts.iter().find(|t| t.place == place).map(|t| t.text.clone());
            prop_assert_eq!(text, Some(source.expected()), "{}", place);
        }
        // The same bytes whatever the cut.
        let (whole, _, _) = run(std::iter::once(stream.as_slice()), Shape::ChatCompletions);
        prop_assert_eq!(out, whole);
    }

    /// Streamed arguments are what the tree says, and JSON.
    #[test]
    fn streamed_arguments_stay_json(
        value in values(),
        escaped in any::<bool>(),
        cuts in proptest::collection::vec(any::<u8>(), 0..40),
        style in styles(),
    ) {
        let inner = json!({"a": value});
        let text = if escaped { ascii(&inner.to_string()) } else { inner.to_string() };
        let source = Source { choice: 0, field: "0.arguments", text, cuts };
        let (out, _, _) = run(write(&[source], &style).chunks(61), Shape::ChatCompletions);
        let got: Value = serde_json::from_str(&assemble(&out)["0.0.arguments"]).unwrap();
        prop_assert_eq!(got, masked(&inner));
    }

    /// A tool's name comes complete, in one event.
    #[test]
    fn names_come_whole(
        name in "[a-z_]{0,3}(SECRET1!|SECRET)?[a-z]{0,4}x",
        cuts in proptest::collection::vec(any::<u8>(), 0..5),
        text in texts(),
        style in styles(),
    ) {
        let sources = [
            Source { choice: 0, field: "0.name", text: name.clone(), cuts },
            Source { choice: 1, field: "content", text, cuts: vec![80, 128] },
        ];
        let stream = write(&sources, &style);
        let (out, _, _) = run(stream.chunks(17), Shape::ChatCompletions);
        let names: Vec<String> = events(&out)
            .iter()
            .filter_map(|event| serde_json::from_str::<Value>(event).ok())
            .filter_map(|event| {
                event["choices"][0]["delta"]["tool_calls"][0]["function"]["name"].as_str().map(str::to_owned)
            })
            .filter(|name| !name.is_empty())
            .collect();
        prop_assert_eq!(names, vec![mask(&name)]);
        prop_assert_eq!(assemble(&out), expected(&sources));
    }

    /// With the original released, bytes pass as they are and the record is the masked one.
    #[test]
    fn looking_changes_nothing(sources in sources(), style in styles(), step in 1..90_usize) {
        let stream = write(&sources, &style);
        let options = Options { release: Release::Original, ..Options::default() };
        let (out, looked) = run_with(stream.chunks(step), Shape::ChatCompletions, options, &mut Toy::default());
        prop_assert_eq!(out, stream.clone());
        let (_, record, _) = run(stream.chunks(step), Shape::ChatCompletions);
        prop_assert_eq!(looked.texts, record.texts);
    }

    /// Other shapes: a growing string under a listed name, told apart by type and index.
    #[test]
    fn other_shapes_grow_too(
        first in texts(),
        second in texts(),
        cuts in proptest::collection::vec(any::<u8>(), 0..9),
        step in 1..90_usize,
    ) {
        let mut stream = String::new();
        let sources = [first, second].map(|text| Source { choice: 0, field: "text", text, cuts: cuts.clone() });
        let pairs = sources[0].deltas().into_iter().zip(sources[1].deltas());
        for (index, delta) in pairs.flat_map(|(a, b)| [(0, a), (1, b)]) {
            let event = json!({"type":"content_block_delta","index":index,"delta":{"type":"text_delta","text":delta}});
            stream.push_str(&format!("event: content_block_delta\ndata: {event}\n\n"));
        }
        stream.push_str("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n");
        let (out, _, _) = run(stream.as_bytes().chunks(step), Shape::Other);
        let mut got = [String::new(), String::new()];
        for event in events(&out) {
            let event: Value = serde_json::from_str(&event).unwrap();
            if let Some(text) = event["delta"]["text"].as_str() {
                got[event["index"].as_u64().unwrap() as usize].push_str(text);
            }
        }
        prop_assert_eq!(got, sources.map(|s| mask(&s.text)));
    }
}

#[test]
fn a_tools_name_leaves_the_same_bytes_in_every_cutting() {
    // Found by fuzzing: while the event with the name was still to leave, those behind it were written anew.
    let call = |call: &str| {
        format!(
            "data:{{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"index\":0,{call}}}]}}}}]}}\n\n"
        )
    };
    let piece = |text: &str| call(&format!("\"function\":{{\"arguments\":{}}}", json!(text)));
    let mut stream = call("\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}");
    for text in ["{\"a\":\"", "x", "SEC", "RET7!", "\"}"] {
        stream.push_str(&piece(text));
    }
    stream.push_str("data: [DONE]\n\n");
    let at_once = run(std::iter::once(stream.as_bytes()), Shape::ChatCompletions).0;
    for step in [1, 7, 100] {
        let (out, ..) = run(stream.as_bytes().chunks(step), Shape::ChatCompletions);
        assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(&at_once), "{step}");
    }
}

#[test]
fn what_goes_on_after_its_end_is_another_text() {
    // Found by fuzzing: on record both were one, in which a value stood that neither had held.
    let event = |kind: &str, member: &str, text: &str| {
        let body = json!({"type": kind, "item_id": "m", "output_index": 0, "content_index": 0, member: text});
        format!("event: {kind}\ndata: {body}\n\n")
    };
    let (delta, done) = ("response.output_text.delta", "response.output_text.done");
    let stream = [
        event(delta, "delta", "a SEC"),
        event(done, "text", "a SEC"),
        event(delta, "delta", "RET1! b"),
        event(done, "text", "RET1! b"),
        "event: response.completed\ndata: {\"type\":\"response.completed\"}\n\n".to_owned(),
    ]
    .concat();
    let (_, record, _) = run(stream.as_bytes().chunks(7), Shape::Responses);
    let deltas = record.texts.iter().filter(|text| text.place.ends_with("delta"));
    let deltas: Vec<&str> = deltas.map(|text| text.text.as_str()).collect();
    assert_eq!(deltas, ["a SEC", "RET1! b"]);
    assert!(record.texts.iter().all(|text| mask(&text.text) == text.text), "{:?}", record.texts);
}

#[test]
fn each_of_two_calls_at_one_place_has_its_own_arguments() {
    let piece = |call: &Value| {
        let event = json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]});
        format!("data: {event}\n\n")
    };
    let mut stream = String::new();
    for (id, name, arguments) in [("c1", "first", "{\"a\":1}"), ("c2", "second", "{\"b\":2}")] {
        stream += &piece(&json!({"index": 0, "id": id, "function": {"name": name, "arguments": ""}}));
        stream += &piece(&json!({"index": 0, "function": {"arguments": arguments}}));
    }
    stream += "data: [DONE]\n\n";
    let turns = run(stream.as_bytes().chunks(9), Shape::ChatCompletions).1.turns();
    let calls: Vec<_> = turns.iter().map(|turn| (turn.name.as_deref(), turn.text.as_str())).collect();
    assert_eq!(calls, [(Some("first"), "{\"a\":1}"), (Some("second"), "{\"b\":2}")]);
}

#[test]
fn a_stream_that_comes_at_once_is_no_large_event() {
    // Found by fuzzing: what might have left already counted as waiting.
    let stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n".repeat(20)
        + "data: [DONE]\n\n";
    let options = Options { max_event: 120, ..Options::default() };
    let mut toy = Toy::default();
    let (out, _) = run_with(std::iter::once(stream.as_bytes()), Shape::ChatCompletions, options, &mut toy);
    assert_eq!(String::from_utf8_lossy(&out), stream);
}
