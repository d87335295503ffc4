//! Through the real path of server-sent events, over TCP: whatever the text, the deltas and the cuts, what the caller
//! reads is the mask of the whole, and nothing that was found is on record.

use std::sync::Arc;

use countersign_detect::{Dictionary, DictionaryText, Engine};
use countersign_gateway::{
    directory::Detection,
    ports::{Entry, EntryKind},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    scene::{DONE, Scene, TOKEN, delta, event, hello_streamed, read},
    upstream::Ending,
};

/// What must not get through, in several forms each; all made up or from the standards' own examples.
const SENSITIVE: &[&str] = &[
    "ana.example@example.com",
    "4111 1111 1111 1111",
    "5500-0000-0000-0004",
    "+1 415 555 0132",
    "(415) 555-0132",
    "+44 20 7946 0958",
    "GB82 WEST 1234 5698 7654 32",
    "DE89370400440532013000",
    "078-05-1120",
    "192.0.2.17",
    "2001:db8:85a3::8a2e:370:7334",
    "AKIAIOSFODNN7EXAMPLE",
    "https://ana:hunter22@db.example/x",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
];

const PLAIN: &[&str] = &[
    " ",
    ", ",
    ". ",
    "\n",
    "\t",
    "\"",
    "\\",
    "{",
    "}",
    "the ",
    "call me at ",
    "write to ",
    "card ",
    "é",
    "中文",
    "🙂",
    "0",
    "7",
    "42 ",
    "-",
    "_",
    "@",
    ":",
    "/",
    "\u{0}",
    "x",
    "http",
    "data: ",
    "[DONE]",
    "\\u0041",
    "\r\n",
];

pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(PLAIN),
        2 => prop::sample::select(SENSITIVE),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Characters of each delta, and bytes of each segment, over and over.
pub fn cuts(most: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1..=most, 1..8)
}

pub fn pieces(text: &str, sizes: &[usize]) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (Vec::new(), 0);
    for size in sizes.iter().cycle() {
        if at >= letters.len() {
            return out;
        }
        out.push(letters[at..(at + size).min(letters.len())].iter().collect());
        at += size;
    }
    out
}

/// Bytes in segments; after 40 of them the rest comes at once, to keep a case short.
pub fn segments(bytes: &[u8], sizes: &[usize]) -> Vec<Vec<u8>> {
    let (mut out, mut rest) = (Vec::new(), bytes);
    for size in sizes.iter().cycle().take(40) {
        let (piece, after) = rest.split_at((*size).min(rest.len()));
        if piece.is_empty() {
            return out;
        }
        out.push(piece.to_vec());
        rest = after;
    }
    if !rest.is_empty() {
        out.push(rest.to_vec());
    }
    out
}

/// The events of an answer: prose in two choices, and a tool call whose arguments hold the text as a JSON string.
pub fn answer(prose: &[String], arguments: &[String]) -> Vec<u8> {
    let chunk = |choices: Value| {
        event(
            &json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}),
        )
    };
    let mut bytes =
        chunk(json!([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]));
    bytes.extend(chunk(
        json!([{"index": 0, "delta": {"tool_calls": [{"index": 0, "id": "t1", "type": "function",
        "function": {"name": "save", "arguments": ""}}]}, "finish_reason": null}]),
    ));
    for at in 0..prose.len().max(arguments.len()) {
        if let Some(piece) = prose.get(at) {
            bytes.extend(chunk(json!([{"index": 0, "delta": {"content": piece}, "finish_reason": null}])));
            bytes.extend(chunk(json!([{"index": 1, "delta": {"content": piece}, "finish_reason": null}])));
        }
        if let Some(piece) = arguments.get(at) {
            bytes.extend(chunk(json!([{"index": 0, "delta": {"tool_calls": [{"index": 0,
                "function": {"arguments": piece}}]}, "finish_reason": null}])));
        }
    }
    bytes.extend(chunk(json!([{"index": 0, "delta": {}, "finish_reason": "tool_calls"}])));
    bytes.extend(chunk(json!([{"index": 1, "delta": {}, "finish_reason": "stop"}])));
    bytes.extend(DONE.as_bytes());
    bytes
}

/// What a client puts together: the content of both choices, and the arguments.
pub fn understood(body: &str) -> (String, String, String) {
    assert!(body.ends_with(DONE), "no end mark: {body}");
    let (mut first, mut second, mut arguments) = (String::new(), String::new(), String::new());
    for data in body.split("\n\n").filter_map(|event| event.strip_prefix("data: ")) {
        let Ok(event) = serde_json::from_str::<Value>(data) else { continue };
        for choice in event["choices"].as_array().unwrap() {
            let delta = &choice["delta"];
            let content = if choice["index"] == 0 { &mut first } else { &mut second };
            content.push_str(delta["content"].as_str().unwrap_or_default());
            for call in delta["tool_calls"].as_array().into_iter().flatten() {
                arguments.push_str(call["function"]["arguments"].as_str().unwrap_or_default());
            }
        }
    }
    (first, second, arguments)
}

/// Every text in a row, escapes undone, also those of JSON inside JSON.
pub fn texts_of(row: &Entry) -> Vec<String> {
    fn collect(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                out.push(text.clone());
                if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str::<Value>(text)
                {
                    collect(&inner, out);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
            Value::Object(members) => members.values().for_each(|member| collect(member, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for group in [Some(&row.facts), row.request.as_ref(), row.response.as_ref(), row.findings.as_ref()] {
        let Some(bytes) = group else { continue };
        collect(&serde_json::from_slice(bytes).unwrap(), &mut out);
    }
    out
}

fn masked(engine: &Engine, text: &str) -> String {
    engine.mask(text).text.unwrap_or_else(|| text.to_owned())
}

#[test]
fn what_the_caller_reads_is_the_mask_of_the_whole_and_the_record_holds_nothing_found() {
    let runtime = Runtime::new().unwrap();
    // 128; `PROPTEST_CASES` asks for more.
    let usual = Config::default();
    let cases = Config { failure_persistence: None, cases: usual.cases / 2, ..usual };
    let parts = (text(), text(), cuts(9), cuts(60));
    let done = TestRunner::new(cases).run(&parts, |(prose, note, deltas, segment_sizes)| {
        let whole = json!({"to": "ana", "note": note, "deep": [{"copy": note}]});
        let written = whole.to_string();
        runtime.block_on(async {
            let scene = Scene::new().await;
            let bytes = answer(&pieces(&prose, &deltas), &pieces(&written, &deltas));
            scene.upstream.answers_events(segments(&bytes, &segment_sizes), Ending::Clean);
            let asked = json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": prose}],
                "user": note});
            let response = scene.gateway.handle(scene.chat(TOKEN, &asked)).await;
            let read = read(response).await;
            scene.settled().await;
            let engine = Arc::clone(&scene.engine);

            let (first, second, arguments) = understood(&read.body);
            let expected = masked(&engine, &prose);
            prop_assert_eq!((&first, &second), (&expected, &expected));
            let seen: Value = serde_json::from_str(&arguments).expect("whole arguments");
            let note_masked = masked(&engine, &note);
            prop_assert_eq!(seen, json!({"to": "ana", "note": note_masked, "deep": [{"copy": note_masked}]}));

            let sent = scene.upstream.requests();
            let (_, body) = sent[0].split_once("\r\n\r\n").unwrap();
            let sent: Value = serde_json::from_str(body).unwrap();
            prop_assert_eq!(sent["messages"][0]["content"].as_str().unwrap(), expected.as_str());

            let spans = [&prose, &note].map(|text| {
                let spans = engine.scan(text).into_iter();
                spans.map(|span| text[span.start..span.end].to_owned()).collect::<Vec<_>>()
            });
            let kept: Vec<String> = scene.journal.rows().iter().flat_map(texts_of).collect();
            for found in spans.iter().flatten() {
                // The same characters may also stand where they are not sensitive, and then they are in the mask.
                if expected.contains(found) || note_masked.contains(found) {
                    continue;
                }
                prop_assert!(!kept.iter().any(|text| text.contains(found)), "{found:?} is on record");
            }
            prop_assert_eq!(scene.journal.count(EntryKind::Outcome), 1);
            Ok(())
        })
    });
    done.unwrap();
}

#[tokio::test]
async fn terms_of_an_administrator_are_masked_in_a_stream_cut_anywhere() {
    let scene = Scene::new().await;
    let terms =
        DictionaryText { name: "PROJECT_NAME".into(), terms: vec!["Blue Heron".into()], ignore_case: true };
    let engine = Arc::new(Engine::with(&[], &[Dictionary::new(&terms).unwrap()]).unwrap());
    scene.upstream.answers_events([delta("hi"), DONE.into()], Ending::Clean);
    read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
    scene.settled().await;
    let before = scene.journal.rows()[0].policy;
    scene.looks_for(Detection { engine, own: "1".into() });
    let prose = "Of blue  heron, Blue Heronry and BLUE HERON.";
    for cut in 1..prose.len() {
        let (head, tail) = prose.split_at(cut);
        scene.upstream.answers_events([delta(head), delta(tail), DONE.into()], Ending::Clean);
        let answer = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
        scene.settled().await;
        let events =
            answer.body.lines().filter_map(|line| line.strip_prefix("data: ")?.parse::<Value>().ok());
        let said: String = events
            .filter_map(|event| event["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(said, "Of [PROJECT_NAME], Blue Heronry and [PROJECT_NAME].", "cut at {cut}");
    }
    let last = scene.journal.rows().last().unwrap().policy;
    assert!(last.is_some() && last != before, "the row tells what was looked for");
    let kept: Vec<String> = scene.journal.rows().iter().flat_map(texts_of).collect();
    assert!(!kept.iter().any(|text| text.to_lowercase().contains("blue heron,")), "{kept:?}");
}
