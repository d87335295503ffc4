//! Every stream shape, cut at every level: texts into deltas, deltas in any order, bytes anywhere. What a client puts
//! together is the mask of the whole, in the pieces and in every event that repeats them; and a stream that dies says
//! neither more than that nor that it is complete.
//!
//! `PROPTEST_CASES=1000000 cargo test -p countersign-wire cuttings` runs it for long.

use std::collections::BTreeMap;

use countersign_wire::{End, Framing, Options, Release, StreamError, StreamRecord, StreamRewriter};
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    protocols::{Case, Protocol, Source, cases, item, whole_name, write},
    streams::events,
    toy::Toy,
};

fn documents(case: &Case, stream: &[u8]) -> Vec<Value> {
    match case.protocol.framing() {
        // A stream that dies may leave a line without its value.
        Framing::Events => events(stream)
            .iter()
            .filter(|event| !event.is_empty())
            .map(|event| serde_json::from_str(event).unwrap())
            .collect(),
        Framing::Lines => {
            let text = std::str::from_utf8(stream).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }
}

/// Puts the pieces together by source as client libraries do, and checks whatever repeats them.
fn read(case: &Case, stream: &[u8]) -> BTreeMap<usize, String> {
    let mut texts: BTreeMap<usize, String> = BTreeMap::new();
    let mut stopped: Vec<usize> = Vec::new();
    let expected = |n: usize| case.sources[n].expected();
    for value in documents(case, stream) {
        let mut add = |n: usize, text: &Value| {
            if let Some(text) = text.as_str().filter(|text| !text.is_empty()) {
                assert!(!stopped.contains(&n), "text after the end of {n}: {value}");
                texts.entry(n).or_default().push_str(text);
            }
        };
        let index = |name: &str| value[name].as_u64().map(|n| n as usize);
        let kind = value["type"].as_str().unwrap_or_default();
        match case.protocol {
            Protocol::Messages => {
                if let Some(n) = index("index") {
                    for around in ["delta", "content_block"] {
                        for field in ["text", "thinking", "partial_json"] {
                            add(n, &value[around][field]);
                        }
                    }
                    if kind == "content_block_stop" {
                        stopped.push(n);
                    }
                }
            }
            Protocol::Responses => {
                assert!(value["logprobs"].as_array().is_none_or(Vec::is_empty), "{value}");
                if let Some(n) = index("output_index") {
                    let field = case.sources[n].field;
                    add(n, &value["delta"]);
                    if kind.ends_with(&format!("{field}.done")) {
                        assert_eq!(value[whole_name(field)], expected(n));
                        stopped.push(n);
                    } else if kind == "response.output_item.done" {
                        assert_eq!(value["item"], item(field, &expected(n)));
                    }
                } else if kind == "response.completed" {
                    for (n, got) in value["response"]["output"].as_array().unwrap().iter().enumerate() {
                        assert_eq!(*got, item(case.sources[n].field, &expected(n)));
                    }
                }
            }
            Protocol::Transcript => {
                add(0, &value["delta"]);
                assert!(value["logprobs"].as_array().is_none_or(Vec::is_empty), "{value}");
                if kind == "transcript.text.done" {
                    assert_eq!(value["text"], expected(0));
                }
            }
            Protocol::OllamaChat | Protocol::OllamaGenerate => {
                for (n, source) in case.sources.iter().enumerate() {
                    add(n, &value[source.field]);
                    add(n, &value["message"][source.field]);
                }
                assert!(value["context"].is_null());
            }
            Protocol::Llama => {
                let n = index("index").unwrap();
                add(n, &value["content"]);
                assert!(value["tokens"].as_array().is_none_or(Vec::is_empty), "{value}");
                if value["stop"] == true {
                    stopped.push(n);
                }
            }
            Protocol::Tgi => {
                add(0, &value["token"]["text"]);
                assert_eq!(value["token"]["id"], 0);
                assert!(value["details"]["tokens"].as_array().is_none_or(Vec::is_empty), "{value}");
                if value["generated_text"].is_string() {
                    assert_eq!(value["generated_text"], expected(0));
                }
            }
        }
    }
    texts
}

fn rewriter(case: &Case, release: Release) -> StreamRewriter<Toy> {
    let options = Options { release, ..Options::default() };
    StreamRewriter::new(case.protocol.shape(), case.protocol.framing(), options)
}

fn run<'a>(
    case: &Case,
    release: Release,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> (Vec<u8>, StreamRecord, Toy) {
    let (mut rewriter, mut toy, mut out) = (rewriter(case, release), Toy::default(), Vec::new());
    for piece in pieces {
        rewriter.push(piece, &mut toy, &mut out).unwrap();
    }
    rewriter.finish(End::Clean, &mut toy, &mut out).unwrap();
    (out, rewriter.into_record(), toy)
}

/// What is out once these bytes are in.
fn run_until(case: &Case, bytes: &[u8]) -> Vec<u8> {
    let (mut rewriter, mut out) = (rewriter(case, Release::Masked), Vec::new());
    rewriter.push(bytes, &mut Toy::default(), &mut out).unwrap();
    out
}

/// True when the stream says that the answer is complete.
fn is_complete(case: &Case, out: &[u8]) -> bool {
    documents(case, out).iter().any(|value| match case.protocol {
        Protocol::Messages => value["type"] == "message_stop",
        Protocol::Responses => value["type"] == "response.completed",
        Protocol::Transcript => value["type"] == "transcript.text.done",
        Protocol::OllamaChat | Protocol::OllamaGenerate => value["done"] == true,
        Protocol::Llama => value["stop"] == true,
        Protocol::Tgi => value["generated_text"].is_string(),
    })
}

proptest! {
    /// 256 cases, or as many as `PROPTEST_CASES` says.
    #[test]
    fn every_shape_reads_the_same_however_it_is_cut(case in cases(), step in 1..200_usize) {
        let stream = write(&case);
        let (out, record, toy) = run(&case, Release::Masked, stream.chunks(step));
        let mut expected: BTreeMap<usize, String> =
            case.sources.iter().enumerate().map(|(n, source)| (n, source.expected())).collect();
        expected.retain(|_, text| !text.is_empty());
        prop_assert_eq!(read(&case, &out), expected, "{}", String::from_utf8_lossy(&out));
        prop_assert!(!String::from_utf8_lossy(&out).contains("SECRET7!"));
        prop_assert!(!record.broken);
        prop_assert_eq!(toy.opened.len(), toy.closed.len());
        let mut recorded: Vec<&str> = record.texts.iter().map(|text| text.text.as_str()).filter(|text| !text.is_empty()).collect();
        let mut wanted: Vec<String> = case.sources.iter().map(Source::expected).filter(|text| !text.is_empty()).collect();
        recorded.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(recorded, wanted);
        if !matches!(case.protocol, Protocol::Llama | Protocol::Tgi) {
            prop_assert!(record.done);
            prop_assert_eq!(record.usage.unwrap().completion_tokens, Some(9));
            prop_assert_eq!(record.usage.unwrap().prompt_tokens, Some(3));
        }
        // The same bytes whatever the cut; and untouched where masking is off.
        prop_assert_eq!(&run(&case, Release::Masked, std::iter::once(stream.as_slice())).0, &out);
        let (untouched, looked, _) = run(&case, Release::Original, stream.chunks(step));
        prop_assert_eq!(untouched, stream);
        prop_assert_eq!(looked.texts, record.texts);
    }

    /// Whatever comes in the same packets: what was decided before it is there, and after the end nothing counts.
    #[test]
    fn what_cannot_be_read_takes_nothing_with_it(case in cases(), at in 0..40_usize, step in 1..4000_usize) {
        let stream = write(&case);
        let text = String::from_utf8(stream).unwrap();
        let gap = match case.protocol.framing() {
            Framing::Events => format!("{0}{0}", case.end),
            Framing::Lines => "\n".to_owned(),
        };
        let ends: Vec<usize> = text.match_indices(&gap).map(|(at, gap)| at + gap.len()).collect();
        let at = ends[at % ends.len()];
        let junk = if case.protocol.framing() == Framing::Lines { "junk\n".to_owned() } else { format!("data: junk{gap}") };
        let bad = format!("{}{junk}{}", &text[..at], &text[at..]);
        let mut runs = Vec::new();
        for step in [step, bad.len()] {
            let (mut rewriter, mut toy, mut out) = (rewriter(&case, Release::Masked), Toy::default(), Vec::new());
            let failed = bad.as_bytes().chunks(step).any(|piece| rewriter.push(piece, &mut toy, &mut out).is_err());
            let _ = rewriter.finish(if failed { End::Broken } else { End::Clean }, &mut toy, &mut out);
            runs.push((out, failed));
        }
        prop_assert_eq!(&runs[0], &runs[1]);
        let good = run_until(&case, &text.as_bytes()[..at]);
        prop_assert!(runs[0].0.starts_with(&good));
        prop_assert!(runs[0].1 || is_complete(&case, &runs[0].0));
    }

    #[test]
    fn a_stream_that_dies_is_never_complete(case in cases(), at in any::<usize>(), step in 1..200_usize, clean in any::<bool>()) {
        let stream = write(&case);
        let whole = &stream[..at % (stream.len() + 1)];
        let (mut rewriter, mut toy, mut out) = (rewriter(&case, Release::Masked), Toy::default(), Vec::new());
        for piece in whole.chunks(step) {
            rewriter.push(piece, &mut toy, &mut out).unwrap();
        }
        let before = is_complete(&case, &out);
        let ended = rewriter.finish(if clean { End::Clean } else { End::Broken }, &mut toy, &mut out);
        // A prompt of llama.cpp may say that it is complete though another one is not.
        if !clean || (ended.is_err() && case.protocol != Protocol::Llama) {
            prop_assert_eq!(is_complete(&case, &out), before);
        }
        if clean && !before && !is_complete(&case, &out) {
            prop_assert!(matches!(ended, Err(StreamError::MissingDone | StreamError::Decode(_))), "{:?}", ended);
        }
        for (n, text) in read(&case, &out) {
            prop_assert!(case.sources[n].expected().starts_with(&text), "{:?} is not the beginning", text);
        }
        prop_assert_eq!(toy.opened.len(), toy.closed.len());
    }
}
