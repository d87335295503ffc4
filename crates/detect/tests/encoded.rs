//! Values in base64 and hex: found however they are written, for every cutting, and nothing found where nothing is.

mod cutting;

use std::sync::Arc;

use countersign_detect::{Engine, Entity};
use countersign_model::entity::Undone;
use proptest::prelude::*;

use self::cutting::pieces;

fn base64(bytes: &[u8], alphabet: &[u8; 64], padded: bool) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            out.push(char::from(alphabet[(bits >> (18 - 6 * place)) as usize & 63]));
        }
        if padded {
            out.extend(std::iter::repeat_n('=', 3 - chunk.len()));
        }
    }
    out
}

fn alphabet(last: [u8; 2]) -> [u8; 64] {
    let mut alphabet = [0; 64];
    for (to, from) in alphabet.iter_mut().zip((b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(last))
    {
        *to = from;
    }
    alphabet
}

fn standard(text: &str) -> String {
    base64(text.as_bytes(), &alphabet(*b"+/"), true)
}

fn url_safe(text: &str) -> String {
    base64(text.as_bytes(), &alphabet(*b"-_"), false)
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn wrapped(text: &str) -> String {
    let lines: Vec<String> =
        standard(text).as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    lines.join("\r\n")
}

type Coding = (&'static str, fn(&str) -> String, Undone);

const CODINGS: &[Coding] = &[
    ("base64", standard, Undone::Base64),
    ("base64url", url_safe, Undone::Base64),
    ("wrapped base64", wrapped, Undone::Base64),
    ("base64 twice", |text| standard(&standard(text)), Undone::Base64),
    ("hex", hex, Undone::Hex),
    ("HEX", |text| hex(text).to_uppercase(), Undone::Hex),
    ("hex in base64", |text| standard(&hex(text)), Undone::Hex),
    ("percent in base64", |text| standard(&text.replace('@', "%40")), Undone::Base64),
];

#[test]
fn sentences_are_found_in_every_coding() {
    let engine = Engine::standard();
    let said =
        "Please write to Ana Costa, ana.costa@example.com, or pay with 4111 1111 1111 1111 (in 2027). ";
    for (name, code, undone) in CODINGS {
        for times in [1, 2, 30] {
            let run = code(&said.repeat(times));
            for (before, after) in
                [("", ""), ("see ", " there"), ("{\"data\":\"", "\"}"), ("/v1/x/", "?q"), ("p=", "&q")]
            {
                let text = format!("{before}{run}{after}");
                let masked = engine.mask(&text);
                assert_eq!(
                    masked.text.as_deref(),
                    Some(&*format!("{before}[EMAIL_ADDRESS]{after}")),
                    "{name}, {times} times, behind {before:?}"
                );
                assert!(masked.spans[0].undone.contains(*undone), "{name}");
            }
        }
    }
}

#[test]
fn values_alone_are_found() {
    let engine = Engine::standard();
    for (value, entity) in [
        ("536-90-4399", Entity::UsSsn),
        ("a@b.co", Entity::EmailAddress),
        ("203.0.113.7", Entity::IpAddress),
        ("4111111111111111", Entity::CreditCard),
        ("+44 20 7946 0958", Entity::PhoneNumber),
        ("GB82 WEST 1234 5698 7654 32", Entity::IbanCode),
    ] {
        for (name, code, undone) in CODINGS {
            let text = format!("it is {}, you know", code(value));
            let spans = engine.scan(&text);
            assert_eq!(spans.len(), 1, "{name}: {text}");
            assert_eq!(spans[0].entity, entity, "{name}: {text}");
            assert!(spans[0].undone.contains(*undone), "{name}: {text}");
        }
    }
}

#[test]
fn words_before_the_run_count_within_it() {
    let engine = Engine::standard();
    let run = standard("9434765919");
    assert_eq!(engine.mask(&format!("NHS number {run}")).text.as_deref(), Some("NHS number [UK_NHS]"));
    assert_eq!(engine.mask(&format!("a number {run}")).text, None);
}

#[test]
fn what_holds_nothing_stays() {
    let engine = Engine::standard();
    for text in [
        standard("There is nothing to hide in this sentence, is there?"),
        hex("There is nothing to hide in this sentence, is there?"),
        "da39a3ee5e6b4b0d3255bfef95601890afd80709".to_owned(),
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk".to_owned(),
        "internationalisation".repeat(20),
        "/usr/share/doc/python3/examples/README".to_owned(),
    ] {
        assert_eq!(engine.mask(&text).text, None, "{text}");
    }
}

#[test]
fn more_text_than_is_looked_through_is_masked() {
    let engine = Engine::standard();
    let run = standard(&"nothing here. ".repeat(4_000));
    assert_eq!(engine.mask(&format!("x {run} y")).text.as_deref(), Some("x [ENCODED_TEXT]= y"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cutting_gives_the_mask_of_the_whole(
        parts in prop::collection::vec(
            prop_oneof![
                "[ -~]{0,20}",
                ("[a-z ]{0,40}(a@b\\.co|536-90-4399)?[a-zé ]{0,20}", 0..CODINGS.len())
                    .prop_map(|(text, coding)| (CODINGS[coding].1)(&text)),
                Just("\u{200b}".to_owned()),
                Just("%20".to_owned()),
                Just("/".to_owned()),
            ],
            0..8,
        ),
        sizes in prop::collection::vec(1_usize..30, 1..10),
    ) {
        let text = parts.concat();
        let engine = Arc::new(Engine::standard());
        let whole = engine.mask(&text);
        for sizes in [&*sizes, &[1]] {
            let mut stream = engine.stream();
            let mut out = String::new();
            for piece in pieces(&text, sizes) {
                stream.push(piece, &mut out);
            }
            stream.finish(&mut out);
            prop_assert_eq!(&out, whole.text.as_deref().unwrap_or(&text));
            prop_assert_eq!(stream.spans(), &whole.spans[..]);
        }
    }
}
