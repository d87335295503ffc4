//! Speed of the risk rules: a typical prompt, plain and non-ASCII text, and a text full of their words.
#![expect(missing_docs, reason = "criterion's macros write undocumented functions")]

use std::hint::black_box;

use countersign_detect::risk::{Role, assess};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn sized(unit: &str, size: usize) -> String {
    let mut text = unit.repeat(size / unit.len() + 1);
    text.truncate(text.floor_char_boundary(size));
    text
}

fn texts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("risk");
    for (name, text) in [
        ("chat 2 KB", sized(include_str!("texts/chat.txt"), 2048)),
        ("plain 2 KB", sized(include_str!("texts/plain.txt"), 2048)),
        ("european 2 KB", sized(include_str!("texts/european.txt"), 2048)),
        ("chinese 2 KB", sized(include_str!("texts/chinese.txt"), 2048)),
        ("rust code 2 KB", sized(include_str!("../src/scanner.rs"), 2048)),
        ("their words 2 KB", sized(include_str!("../tests/risk_corpus/negatives.txt"), 2048)),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &text, |bencher, text| {
            bencher.iter(|| assess(black_box(text), Role::User));
        });
    }
    group.finish();
}

criterion_group!(benches, texts);
criterion_main!(benches);
