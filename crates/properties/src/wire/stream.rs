//! Streams as servers write them, cut at every level.

use std::fmt::Write as _;

use countersign_model::entity::Direction;
use countersign_wire::{End, Framing, Options, Release, Shape, StreamRewriter, rewrite};
use serde_json::{Value, json};

use super::{
    dialects::{Dialect, Source},
    framing::documents,
    toy::{Toy, mask},
};
use crate::input::{Input, chunks, pieces};

/// Head: a protocol, line ends, escapes, sizes of pieces of text, sizes of pieces of bytes, the order of the texts. Then
/// the texts, with NUL between them.
///
/// What a client puts together is the mask of each text, also where an event repeats it; nothing else is different in
/// another cutting; untouched, the bytes pass; and a stream that breaks off brings only beginnings.
pub fn streams(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let dialect = input.choose(&Dialect::ALL);
    let end = input.choose(&["\n", "\r\n", "\r"]);
    let (escaped, broken_at) = (input.flag(), input.below(65_536));
    let (text_sizes, byte_sizes) = (input.sizes(), input.sizes());
    let order: Vec<u8> = (0..4).map(|_| input.byte()).collect();
    let text = input.text();
    let texts = text.split('\0').map(str::to_owned);
    let sources: Vec<Source> =
        dialect.fields().iter().zip(texts).map(|(field, text)| Source { field, text }).collect();
    let stream = Written { dialect, end, escaped }.write(&sources, &text_sizes, &order);
    let told = || format!("{dialect:?} {sources:?} in {text_sizes:?}, {byte_sizes:?}");
    let expected: Vec<String> = sources.iter().map(masked).collect();
    let out = run(dialect, Release::Masked, &stream, &byte_sizes);
    assert_eq!(
        put_together(dialect, &out, &sources),
        expected,
        "{} {}",
        told(),
        String::from_utf8_lossy(&out)
    );
    for event in documents(&out, dialect.framing()) {
        if let Some((n, whole)) = dialect.repeated(&event, &sources) {
            assert_eq!(whole, expected[n], "{} {event}", told());
        }
    }
    let at_once = run(dialect, Release::Masked, &stream, &[stream.len().max(1)]);
    assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(&at_once), "{}", told());
    assert!(run(dialect, Release::Original, &stream, &byte_sizes) == stream, "{}", told());
    let (mut rewriter, mut toy, mut begun) = (rewriter(dialect, Release::Masked), Toy::default(), Vec::new());
    let whole = &stream[..broken_at % (stream.len() + 1)];
    let pushed = chunks(whole, &byte_sizes).try_for_each(|piece| rewriter.push(piece, &mut toy, &mut begun));
    let _ = rewriter.finish(End::Broken, &mut toy, &mut begun);
    assert!(pushed.is_ok() && toy.open == 0, "{}", told());
    for (text, beginning) in expected.iter().zip(put_together(dialect, &begun, &sources)) {
        assert!(text.starts_with(&beginning), "{beginning:?} begins nothing: {}", told());
    }
}

fn rewriter(dialect: Dialect, release: Release) -> StreamRewriter<Toy> {
    StreamRewriter::new(dialect.shape(), dialect.framing(), Options { release, ..Options::default() })
}

fn run(dialect: Dialect, release: Release, stream: &[u8], sizes: &[usize]) -> Vec<u8> {
    let (mut rewriter, mut toy, mut out) = (rewriter(dialect, release), Toy::default(), Vec::new());
    let result = chunks(stream, sizes)
        .try_for_each(|piece| rewriter.push(piece, &mut toy, &mut out))
        .and_then(|()| rewriter.finish(End::Clean, &mut toy, &mut out));
    assert!(result.is_ok() && toy.open == 0, "{result:?} {}", String::from_utf8_lossy(stream));
    out
}

fn put_together(dialect: Dialect, stream: &[u8], sources: &[Source]) -> Vec<String> {
    let mut texts = vec![String::new(); sources.len()];
    for event in documents(stream, dialect.framing()) {
        for (n, piece) in dialect.brought(&event, sources) {
            assert!(n < texts.len(), "{event}");
            texts[n].push_str(&piece);
        }
    }
    texts
}

/// What the text must become: of JSON in a string, what a whole body becomes.
fn masked(source: &Source) -> String {
    if !matches!(source.field, "arguments" | "partial_json" | "function_call_arguments") {
        return mask(&source.text);
    }
    let body = json!({"arguments": source.text}).to_string();
    let out = rewrite(body.as_bytes(), Shape::Other, Direction::Prompt, &mut Toy::default());
    let body = out.ok().and_then(|out| out.body).unwrap_or(body.into_bytes());
    let value: Value = serde_json::from_slice(&body).unwrap_or_default();
    value["arguments"].as_str().unwrap_or_default().to_owned()
}

/// How a server writes.
struct Written {
    dialect: Dialect,
    end: &'static str,
    escaped: bool,
}

impl Written {
    fn write(&self, sources: &[Source], sizes: &[usize], order: &[u8]) -> Vec<u8> {
        let mut out = String::new();
        let mut add = |events: Vec<Value>| events.iter().for_each(|event| self.event(event, &mut out));
        add(self.dialect.begin());
        let mut queues: Vec<_> = sources
            .iter()
            .enumerate()
            .map(|(n, source)| {
                let mut all: Vec<&str> = pieces(&source.text, sizes).collect();
                if all.is_empty() {
                    all.push("");
                }
                (n, all.len(), all.into_iter().enumerate())
            })
            .collect();
        let mut turns = order.iter().cycle();
        while !queues.is_empty() {
            let picked = usize::from(turns.next().copied().unwrap_or(0)) % queues.len();
            let (n, length, rest) = &mut queues[picked];
            let Some((number, piece)) = rest.next() else { break };
            let (n, last) = (*n, number + 1 == *length);
            add(self.dialect.piece(&sources[n], n, piece, number == 0, last));
            if last {
                drop(queues.remove(picked));
            }
        }
        add(self.dialect.finish(sources));
        if matches!(self.dialect, Dialect::Chat | Dialect::Completions) {
            let _ = write!(out, "data: [DONE]{0}{0}", self.end);
        }
        out.into_bytes()
    }

    fn event(&self, event: &Value, out: &mut String) {
        let text = event.to_string();
        let text = if self.escaped { ascii(&text) } else { text };
        let end = self.end;
        let written = match (self.dialect.framing(), event["type"].as_str()) {
            (Framing::Lines, _) if end == "\r\n" => format!("{text}\r\n"),
            (Framing::Lines, _) => format!("{text}\n"),
            (_, Some(named)) => format!("event: {named}{end}data: {text}{end}{end}"),
            (_, None) => format!("data:{text}{end}{end}"),
        };
        out.push_str(&written);
    }
}

/// Every character beyond ASCII as a JSON escape, as Python writes it.
fn ascii(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}
