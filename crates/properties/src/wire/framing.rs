//! Streams of any bytes.

use countersign_wire::{End, Framing, Options, Release, Shape, StreamError, StreamRewriter};
use serde_json::Value;

use super::{
    strings,
    toy::{Toy, mask},
};
use crate::input::{Input, chunks};

const SHAPES: &[Shape] = &[
    Shape::Other,
    Shape::ChatCompletions,
    Shape::Completions,
    Shape::Responses,
    Shape::Messages,
    Shape::Transcriptions,
    Shape::OllamaChat,
    Shape::OllamaGenerate,
    Shape::LlamaCompletion,
    Shape::Generate,
];

/// Head: a shape, the framing, how it ends, whether events are short, sizes. Then the stream.
///
/// In every cutting the same bytes come out, with the same fault and record; no event has in it what is found, and no text on
/// record; a stream that is not masked passes untouched.
pub fn framing(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let shape = input.choose(SHAPES);
    let framing = if input.flag() { Framing::Lines } else { Framing::Events };
    let end = if input.flag() { End::Broken } else { End::Clean };
    let max_event = if input.flag() { 120 } else { 1 << 20 };
    let sizes = input.sizes();
    let stream = input.rest();
    let options = Options { max_event, ..Options::default() };
    let run = Run { shape, framing, end, options };
    let whole = run.of(stream, &[stream.len().max(1)]);
    let told = || format!("{shape:?} {framing:?} {end:?} {:?}", String::from_utf8_lossy(stream));
    for sizes in [&sizes[..], &[1]] {
        let cut = run.of(stream, sizes);
        assert_eq!(
            String::from_utf8_lossy(&cut.out),
            String::from_utf8_lossy(&whole.out),
            "{sizes:?} {}",
            told()
        );
        assert_eq!(cut.result, whole.result, "{sizes:?} {}", told());
        assert_eq!(cut.texts, whole.texts, "{sizes:?} {}", told());
    }
    for text in &whole.texts {
        assert_eq!(&mask(text), text, "{}", told());
    }
    if !whole.media {
        for value in documents(&whole.out, framing) {
            strings(&value, &mut |text| assert_eq!(mask(text), text, "{}", told()));
        }
    }
    let original = Run { options: Options { release: Release::Original, ..options }, ..run };
    let passed = original.of(stream, &sizes);
    assert_eq!(passed.out, stream, "{}", told());
}

#[derive(Clone, Copy)]
struct Run {
    shape: Shape,
    framing: Framing,
    end: End,
    options: Options,
}

struct Outcome {
    out: Vec<u8>,
    result: Result<(), StreamError>,
    texts: Vec<String>,
    /// Something was let be.
    media: bool,
}

impl Run {
    fn of(self, stream: &[u8], sizes: &[usize]) -> Outcome {
        let (mut toy, mut out) = (Toy::default(), Vec::new());
        let mut rewriter = StreamRewriter::new(self.shape, self.framing, self.options);
        let mut result = chunks(stream, sizes).try_for_each(|piece| rewriter.push(piece, &mut toy, &mut out));
        let end = if result.is_ok() { self.end } else { End::Broken };
        let finished = rewriter.finish(end, &mut toy, &mut out);
        result = result.and(finished);
        assert_eq!(toy.open, 0, "{:?}", String::from_utf8_lossy(stream));
        let record = rewriter.into_record();
        let _ = record.turns();
        let texts = record.texts.into_iter().map(|text| text.text).collect();
        Outcome { out, result, texts, media: !record.uninspected.is_empty() }
    }
}

/// The documents in a stream, read by a simple reader.
pub fn documents(stream: &[u8], framing: Framing) -> Vec<Value> {
    let text = String::from_utf8_lossy(stream).replace("\r\n", "\n");
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    if framing == Framing::Lines {
        return text.lines().filter_map(read).collect();
    }
    let text = text.replace('\r', "\n");
    let data = |block: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix("data:"));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    text.split("\n\n").map(data).filter_map(|data| read(&data)).collect()
}
