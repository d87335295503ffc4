//! What the walk itself costs, with a masker that does nothing: whole bodies and a token stream.

use std::hint::black_box;

use countersign_model::{action::Passage, entity::Direction};
use countersign_wire::{End, Framing, Masker, Options, Shape, StreamRewriter, TextStream, rewrite};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

struct Nothing;
struct Through;

impl TextStream for Through {
    fn push(&mut self, text: &str, out: &mut String) {
        out.push_str(text);
    }
    fn finish(&mut self, _: &mut String) {}
}

impl Masker for Nothing {
    type Text = Through;
    fn whole(&mut self, _: &str, _: Passage, text: &str) -> Option<String> {
        black_box(text);
        None
    }
    fn open(&mut self, _: &str, _: Passage) -> Through {
        Through
    }
    fn close(&mut self, _: &str, _: Through) {}
}

fn chat(content: usize) -> Vec<u8> {
    let text = "The quick brown fox, caf\\u00e9 and \\\"all\\\". ".repeat(content / 40 + 1);
    format!(
        "{{\"model\":\"m\",\"stream\":true,\"temperature\":0.7,\"messages\":[{{\"role\":\"system\",\"content\":\"You are brief.\"}},{{\"role\":\"user\",\"content\":\"{text}\"}}]}}"
    )
    .into_bytes()
}

fn bodies(c: &mut Criterion) {
    let mut group = c.benchmark_group("rewrite");
    let many = format!("[{}0]", "{\"role\":\"user\",\"content\":\"hi there\"},".repeat(200_000)).into_bytes();
    let keys: Vec<String> = (0..200_000).map(|n| format!("\"key{n}\":\"v\"")).collect();
    let keys = format!("{{{}}}", keys.join(","));
    for (name, body) in [
        ("chat 2 KB", chat(1900)),
        ("chat 1 MB", chat(1_000_000)),
        ("chat 10 MB", chat(10_000_000)),
        ("8 MB of small objects", many),
        ("3 MB of keys", keys.into_bytes()),
    ] {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| rewrite(black_box(&body), Shape::ChatCompletions, Direction::Prompt, &mut Nothing));
        });
    }
    group.finish();
}

fn streams(c: &mut Criterion) {
    let mut group = c.benchmark_group("stream");
    let event = |delta: &str| {
        format!(
            "data: {{\"id\":\"chatcmpl-123456\",\"object\":\"chat.completion.chunk\",\"created\":1712345678,\"model\":\"qwen2.5-7b-instruct\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":null}}]}}\n\n"
        )
    };
    let content = event("{\"content\":\" token\"}").repeat(1000);
    let arguments =
        event("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"[\\\"token\"}}]}").repeat(1000);
    for (name, text) in [("1000 content deltas", content), ("1000 argument deltas", arguments)] {
        let text = text + "data: [DONE]\n\n";
        group.throughput(Throughput::Elements(1000));
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut rewriter = StreamRewriter::<Nothing>::new(
                    Shape::ChatCompletions,
                    Framing::Events,
                    Options::default(),
                );
                let mut out = Vec::with_capacity(text.len());
                for piece in text.as_bytes().chunks(512) {
                    let _ = rewriter.push(black_box(piece), &mut Nothing, &mut out);
                }
                let _ = rewriter.finish(End::Clean, &mut Nothing, &mut out);
                out
            });
        });
    }
    group.finish();
}

/// One delta: what each event costs beside its scan, in the forms in which servers send them.
fn delta(c: &mut Criterion) {
    let mut group = c.benchmark_group("delta");
    let chat = |n: usize| {
        format!(
            "data: {{\"id\":\"chatcmpl-123456\",\"object\":\"chat.completion.chunk\",\"created\":1712345678,\"model\":\"qwen2.5-7b-instruct\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\" token{n}\"}},\"logprobs\":null,\"finish_reason\":null}}]}}\n\n"
        )
    };
    let messages = |n: usize| {
        format!(
            "event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\" token{n}\"}}}}\n\n"
        )
    };
    let responses = |n: usize| {
        format!(
            "event: response.output_text.delta\ndata: {{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_123456\",\"output_index\":0,\"content_index\":0,\"delta\":\" token{n}\",\"logprobs\":[],\"sequence_number\":{n}}}\n\n"
        )
    };
    let ollama = |n: usize| {
        format!(
            "{{\"model\":\"qwen2.5:7b\",\"created_at\":\"2026-01-01T00:00:00.{n:09}Z\",\"message\":{{\"role\":\"assistant\",\"content\":\" token{n}\"}},\"done\":false}}\n"
        )
    };
    let written = |event: &dyn Fn(usize) -> String| (0..1000).map(event).collect::<String>();
    let forms = [
        ("chat", Shape::ChatCompletions, Framing::Events, written(&chat)),
        ("messages", Shape::Messages, Framing::Events, written(&messages)),
        ("responses", Shape::Responses, Framing::Events, written(&responses)),
        ("ollama", Shape::OllamaChat, Framing::Lines, written(&ollama)),
    ];
    for (name, shape, framing, text) in forms {
        group.throughput(Throughput::Elements(1000));
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut rewriter = StreamRewriter::<Nothing>::new(shape, framing, Options::default());
                let mut out = Vec::with_capacity(text.len());
                for piece in text.as_bytes().chunks(512) {
                    let _ = rewriter.push(black_box(piece), &mut Nothing, &mut out);
                }
                out
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bodies, streams, delta);
criterion_main!(benches);
