//! Speed of the whole rule set: a typical prompt, plain and non-ASCII text, worst cases, and a stream of small deltas.
#![expect(missing_docs, reason = "criterion's macros write undocumented functions")]

use std::hint::black_box;
use std::sync::Arc;

use countersign_detect::Engine;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const CHAT: &str = include_str!("texts/chat.txt");
const PLAIN: &str = include_str!("texts/plain.txt");
const EUROPEAN: &str = include_str!("texts/european.txt");
const CHINESE: &str = include_str!("texts/chinese.txt");

fn sized(unit: &str, size: usize) -> String {
    let mut text = unit.repeat(size / unit.len() + 1);
    text.truncate(text.floor_char_boundary(size));
    text
}

fn texts(criterion: &mut Criterion) {
    let engine = Engine::standard();
    let mut group = criterion.benchmark_group("mask");
    for (name, text) in [
        ("chat 2 KB", sized(CHAT, 2048)),
        ("chat 4 KB", sized(CHAT, 4096)),
        ("plain 2 KB", sized(PLAIN, 2048)),
        ("european 2 KB", sized(EUROPEAN, 2048)),
        ("chinese 2 KB", sized(CHINESE, 2048)),
        ("rust code 16 KB", sized(include_str!("../src/scanner.rs"), 16_384)),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &text, |bencher, text| {
            bencher.iter(|| engine.mask(black_box(text)));
        });
    }
    group.finish();
}

fn worst(criterion: &mut Criterion) {
    let engine = Engine::standard();
    let mut group = criterion.benchmark_group("worst 1 MB");
    group.sample_size(10);
    let local = format!("{}@{} ", "a.".repeat(31), "b.".repeat(120));
    for (name, unit) in [
        ("digits", "1"),
        ("a@", "a@"),
        ("a.", "a."),
        ("spaced digits", "1 "),
        ("grouped digits", "4111 1111 1111 1112 "),
        ("hyphens", "-"),
        ("slashes", "://a:"),
        ("iban", "GB82 "),
        ("eyJ.", "eyJ."),
        ("long addresses", &local),
        ("addresses", "a@b.co "),
        ("base64 in base64", "YUdWc2JHOGdkMjl5YkdRZ1pteGhibVU= "),
        ("dotted digits", "1.1.1."),
        ("hyphenated", "a-1-"),
        ("groups of three", "123 "),
        ("escapes", "\\u0031"),
        ("percent", "%31"),
        ("signs", "+1 "),
        ("names", "key="),
        ("table", "ssn,name\n12,ab\n12,ab\n"),
        ("mixed", "1 a@ +1 key=x:: %31 a-1-"),
    ] {
        let text = sized(unit, 1 << 20);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &text, |bencher, text| {
            bencher.iter(|| engine.mask(black_box(text)));
        });
    }
    group.finish();
}

fn deltas(criterion: &mut Criterion) {
    let engine = Arc::new(Engine::standard());
    let text = sized(CHAT, 2048);
    let deltas: Vec<&str> =
        text.as_bytes().chunks(4).map(|chunk| std::str::from_utf8(chunk).unwrap_or_default()).collect();
    let mut group = criterion.benchmark_group("stream");
    group.throughput(Throughput::Elements(deltas.len() as u64));
    group.bench_function("deltas of 4 bytes", |bencher| {
        let mut out = String::with_capacity(4096);
        bencher.iter(|| {
            out.clear();
            let mut stream = engine.stream();
            for delta in &deltas {
                stream.push(black_box(delta), &mut out);
            }
            stream.finish(&mut out);
            out.len()
        });
    });
    group.finish();
}

criterion_group!(benches, texts, worst, deltas);
criterion_main!(benches);
