//! What the walk itself costs, with a masker that does nothing: whole bodies and a token stream.

use std::hint::black_box;

use countersign_model::entity::Direction;
use countersign_wire::{End, Masker, Options, Shape, SseRewriter, TextStream, rewrite};
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
    fn whole(&mut self, _: &str, text: &str) -> Option<String> {
        black_box(text);
        None
    }
    fn open(&mut self, _: &str) -> Through {
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
                let mut rewriter = SseRewriter::<Nothing>::new(Shape::ChatCompletions, Options::default());
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

criterion_group!(benches, bodies, streams);
criterion_main!(benches);
