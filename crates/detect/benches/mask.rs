//! Speed of the whole rule set: a typical prompt, plain and non-ASCII text, worst cases, and a stream of small deltas.
#![expect(missing_docs, reason = "criterion's macros write undocumented functions")]

use std::hint::black_box;
use std::sync::Arc;

use countersign_detect::Engine;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const CHAT: &str = "Hi, I need some help with a letter to our supplier. We ordered 120 units on 2024-03-14 and they were \
delivered two weeks late, so we'd like a discount of about 7.5%. My colleague Anna (anna.kowalska@example.com) has the \
details, and you can also reach me under +44 20 7946 0958. Please keep the tone friendly but firm, and mention that we \
have worked together since 2019. The order number was PO-2024-00381, the invoice total came to $4,820.50, and it was paid \
with the company card 4111 1111 1111 1111 last Tuesday at 14:05. Could you also suggest a subject line? ";

const PLAIN: &str = "The committee met on Thursday to discuss the draft. Several members asked why the second part had grown \
so long, and whether it could be cut; the author replied that most of it was needed, since readers come from different \
fields. After some discussion they agreed on three changes, to be made before the end of the month. ";

const EUROPEAN: &str = "Le comité s'est réuni jeudi pour étudier le projet. Plusieurs membres ont demandé pourquoi la deuxième \
partie était si longue, et si l'on pouvait l'abréger ; l'auteur a répondu qu'elle était nécessaire. Größere Änderungen \
für die nächste Sitzung wären möglich, müssten aber früh geprüft werden. ";

const CHINESE: &str = "委员会星期四开会讨论草案。几位成员问为什么第二部分这么长，是否可以缩短；作者回答说大部分内容是必要的，因为读者来自不同的领域。经过讨论，他们同意在月底之前做三处修改。";

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
