//! The one invariant: for every cutting, the stream's output is the mask of the whole. And how much is held back.

mod cutting;

use std::sync::Arc;

use countersign_detect::{Engine, Stream};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::cutting::pieces;

/// One sample is as long as a book: it is not cut at every byte.
const LONG: usize = 4_000;

/// Pieces that meet at awkward places: beginnings, ends, separators, other scripts.
const FRAGMENTS: &[&str] = &[
    " ",
    "  ",
    "\n",
    ".",
    "-",
    "_",
    ":",
    "::",
    "@",
    "+",
    "/",
    "//",
    "://",
    "(",
    ")",
    "%",
    "=",
    "\"",
    "\\n",
    "'",
    ",",
    "\0",
    "a",
    "Z",
    "7",
    "0",
    "42",
    "4111",
    " 1111",
    "-1111",
    "1111",
    "415",
    "-555-",
    "555-0132",
    "é",
    "ß",
    "ÿ@",
    "中文",
    "🙂",
    "я",
    "\u{200b}",
    "the ",
    "and ",
    "hello",
    "a@b",
    ".com",
    ".co.uk",
    "@example",
    "x.y@z.",
    "http",
    "postgres://",
    "u:p@",
    "user:",
    "eyJ",
    "eyJhbGciOiJIUzI1NiJ9",
    ".eyJ",
    "eyJhbGciOiJub25lIn0.eyJhIjoxfQ",
    "-----BEGIN ",
    "PRIVATE KEY",
    "-----",
    "-----END ",
    "-----BEGIN RSA PRIVATE KEY-----\n",
    "MIIEowIBAAKCAQEA7bq3",
    "-----END RSA PRIVATE KEY-----",
    "AKIA",
    "IOSFODNN7EXAMPLE",
    "secret",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "sk-",
    "sk-ant-",
    "AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8",
    "ghp_",
    "GB82",
    " WEST",
    "12345698765432",
    "2001:db8",
    "fe80",
    "::1",
    "203.0.113.7",
    "10.0.",
    "/24",
    "255",
    "version ",
    "536-90-4399",
    "536 90",
    " 4399",
    "+1 ",
    "+44 20 7946",
    " 0958",
    "(0)20",
    "020 79",
    "00",
    "123456789012345678901",
    "xoxb-",
    "SG.",
    "git@",
    "@2x.png",
];

fn text() -> impl Strategy<Value = String> {
    let mut pieces: Vec<&'static str> = FRAGMENTS.to_vec();
    for definition in Engine::definitions() {
        pieces.extend(definition.hits.iter().map(|(text, _)| *text));
        pieces.extend(definition.misses);
        pieces.retain(|piece| piece.len() < LONG);
    }
    let piece = prop_oneof![
        4 => prop::sample::select(FRAGMENTS.to_vec()).prop_map(str::to_owned),
        2 => prop::sample::select(pieces.clone()).prop_map(str::to_owned),
        2 => (prop::sample::select(pieces), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(piece, from, to)| part(piece, from, to)),
        1 => ("[a-z0-9.@:/+ -]{1}", 1_usize..700).prop_map(|(unit, times)| unit.repeat(times)),
        1 => "[ -~é中]{0,12}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn part(text: &str, from: prop::sample::Index, to: prop::sample::Index) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return String::new();
    }
    let (from, to) = (from.index(characters.len()), to.index(characters.len()));
    characters[from.min(to)..=from.max(to)].iter().collect()
}

/// Pushes `text` in pieces of as many characters as `sizes` says, over and over.
fn streamed(engine: &Arc<Engine>, text: &str, sizes: &[usize]) -> (String, Stream) {
    let mut stream = engine.stream();
    let mut out = String::new();
    for piece in pieces(text, sizes) {
        stream.push(piece, &mut out);
    }
    stream.finish(&mut out);
    (out, stream)
}

fn check(engine: &Arc<Engine>, text: &str, sizes: &[usize]) -> Result<(), TestCaseError> {
    let whole = engine.mask(text);
    let expected = whole.text.as_deref().unwrap_or(text);
    for sizes in [sizes, &[1], &[0, 3, 1]] {
        let (out, stream) = streamed(engine, text, sizes);
        prop_assert_eq!(&out, expected, "sizes {:?}", sizes);
        prop_assert_eq!(stream.spans(), &whole.spans[..]);
        prop_assert_eq!(stream.held(), 0);
    }
    let mut end = 0;
    let mut written = 0;
    for span in &whole.spans {
        prop_assert!(end <= span.start && span.start < span.end && text.get(span.start..span.end).is_some());
        prop_assert_eq!(&expected[written..span.at], &text[end..span.start]);
        prop_assert!(expected[span.at..].starts_with(span.entity.label()));
        written = span.at + span.entity.label().len();
        end = span.end;
    }
    prop_assert_eq!(&expected[written..], &text[end..]);
    Ok(())
}

fn run(cases: u32) -> Result<(), String> {
    let engine = Arc::new(Engine::standard());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let sizes = prop::collection::vec(0_usize..40, 1..20)
        .prop_filter("some progress", |sizes| sizes.iter().any(|size| *size > 0));
    TestRunner::new(config)
        .run(&(text(), sizes), |(text, sizes)| check(&engine, &text, &sizes))
        .map_err(|failure| failure.to_string())
}

#[test]
fn every_cutting_gives_the_mask_of_the_whole() -> Result<(), String> {
    run(3_000)
}

#[test]
#[ignore = "minutes: a third of a million texts, each cut three ways"]
fn million_cuttings() -> Result<(), String> {
    run(333_334)
}

#[test]
fn every_two_part_cutting_of_every_sample() {
    let engine = Arc::new(Engine::standard());
    for definition in Engine::definitions() {
        let hits = definition.hits.iter().map(|(text, _)| *text);
        for text in hits.chain(definition.misses.iter().copied()).filter(|text| text.len() < LONG) {
            let text = format!("so, {text} then");
            let whole = engine.mask(&text).text.unwrap_or_else(|| text.clone());
            for (cut, _) in text.char_indices() {
                let mut out = String::new();
                let mut stream = engine.stream();
                stream.push(&text[..cut], &mut out);
                stream.push(&text[cut..], &mut out);
                stream.finish(&mut out);
                assert_eq!(out, whole, "{text:?} cut at {cut}");
            }
        }
    }
}

/// The anchor's trap: a finished short match hides a longer one that is still possible.
#[test]
fn a_short_match_waits_for_a_longer_one() {
    let engine = Arc::new(Engine::standard());
    let mut stream = engine.stream();
    let mut out = String::new();
    stream.push("a@rabbitmq.example", &mut out);
    assert_eq!(out, "");
    stream.push(".com", &mut out);
    assert_eq!(out, "");
    stream.push(" x", &mut out);
    stream.finish(&mut out);
    assert_eq!(out, "[EMAIL_ADDRESS] x");
}

/// Nothing of a value leaves before its label, whatever comes next or if nothing comes.
#[test]
fn a_stalled_stream_leaks_nothing() {
    let engine = Arc::new(Engine::standard());
    for secret in [
        "4111 1111 1111 1111",
        "alice@example.com",
        "GB82 WEST 1234 5698 7654 32",
        "+44 20 7946 0958",
        "203.0.113.7",
    ] {
        let mut stream = engine.stream();
        let mut out = String::new();
        for (at, character) in secret.char_indices() {
            stream.push(character.encode_utf8(&mut [0; 4]), &mut out);
            assert_eq!(out, "", "{secret} after {at}");
        }
        stream.finish(&mut out);
        assert!(out.starts_with('[') && out.ends_with(']'), "{out}");
    }
}

#[test]
fn a_latched_key_of_a_megabyte_is_swallowed_without_being_kept() {
    let engine = Arc::new(Engine::standard());
    let mut stream = engine.stream();
    let mut out = String::new();
    stream.push("k: -----BEGIN PRIVATE KEY-----\n", &mut out);
    for _ in 0..16_000 {
        stream.push("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8c\n", &mut out);
        assert!(stream.held() < 64);
    }
    stream.push("-----END PRIVATE KEY-----\nbye", &mut out);
    stream.finish(&mut out);
    assert_eq!(out, "k: [PRIVATE_KEY]\nbye");
}

#[test]
fn caps_mask_and_never_leak() {
    let engine = Engine::standard();
    let mask = |text: &str| engine.mask(text).text.unwrap_or_else(|| text.to_owned());
    assert_eq!(mask(&format!("a@b.{} x", "c".repeat(5_000))), "[EMAIL_ADDRESS] x");
    assert_eq!(mask(&format!("x://u:{}@h", "p".repeat(5_000))), "x://[URL_PASSWORD]@h");
    assert_eq!(mask(&format!("sk-{} x", "a1".repeat(5_000))), "[OPENAI_API_KEY] x");
}

const PROSE: &str = "Sure, I can help you with that. The quarterly report shows that revenue grew by 12.5% year over year, \
while costs stayed flat; see section 4.2 for details. If you'd like, I can draft a short summary for the board, \
or prepare the slides (about 10 pages) before Friday at 14:30. Could you tell me which of the three regions matters most? \
In the meantime here's an outline:\n\n1. Introduction and goals\n2. What changed since 2023\n3. Risks, and how we'd handle them\n";

#[test]
fn ordinary_prose_is_hardly_held_back() {
    let engine = Arc::new(Engine::standard());
    let mut stream = engine.stream();
    let mut out = String::new();
    let mut held = Vec::new();
    for character in PROSE.chars() {
        stream.push(character.encode_utf8(&mut [0; 4]), &mut out);
        held.push(stream.held());
    }
    stream.finish(&mut out);
    assert_eq!(out, PROSE);
    held.sort_unstable();
    let mean = held.iter().sum::<usize>() as f64 / held.len() as f64;
    println!(
        "held: mean {mean:.2}, p95 {}, p99 {}, max {}",
        held[held.len() * 95 / 100],
        held[held.len() * 99 / 100],
        stream.max_held()
    );
    assert!(mean < 4.0, "{mean}");
    assert!(stream.max_held() < 32);
}
