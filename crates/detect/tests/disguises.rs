//! Every definition's hits in every disguise, whole and cut; and texts that only look disguised.

mod cutting;

use std::sync::Arc;

use countersign_detect::{Engine, Span};
use countersign_model::entity::{Evidence, Undone};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::cutting::pieces;

type Disguise = (&'static str, fn(&str) -> String, Undone);

fn zero_width(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(3).map(String::from_iter).collect::<Vec<_>>().join("\u{200b}")
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c })
        .collect()
}

fn look_alikes(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'a' => 'а',
            'c' => 'с',
            'e' => 'е',
            'o' => 'о',
            'p' => 'р',
            'x' => 'х',
            'y' => 'у',
            'A' => 'А',
            'B' => 'В',
            'E' => 'Е',
            'K' => 'К',
            'M' => 'М',
            'H' => 'Н',
            'O' => 'О',
            'T' => 'Т',
            _ => c,
        })
        .collect()
}

fn unbroken(text: &str) -> String {
    text.replace('-', "\u{2011}").replace(' ', "\u{a0}")
}

fn mathematical(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(0x1D7CE + c as u32 - 0x30).unwrap_or(c),
            'A'..='Z' => char::from_u32(0x1D400 + c as u32 - 0x41).unwrap_or(c),
            'a'..='z' => char::from_u32(0x1D41A + c as u32 - 0x61).unwrap_or(c),
            _ => c,
        })
        .collect()
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn percent_all(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02x}")).collect::<Vec<_>>().concat()
}

fn percent_twice(text: &str) -> String {
    percent(&percent(text))
}

fn json_units(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
}

fn html(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_alphanumeric() { c.to_string() } else { format!("&#{};", c as u32) })
        .collect()
}

fn html_hex(text: &str) -> String {
    text.chars().map(|c| format!("&#x{:x};", c as u32)).collect::<Vec<_>>().concat()
}

const DISGUISES: &[Disguise] = &[
    ("zero-width", zero_width, Undone::Folded),
    ("full-width", full_width, Undone::Folded),
    ("look-alikes", look_alikes, Undone::Folded),
    ("unbroken", unbroken, Undone::Folded),
    ("mathematical", mathematical, Undone::Folded),
    ("percent", percent, Undone::Percent),
    ("percent all", percent_all, Undone::Percent),
    ("percent twice", percent_twice, Undone::Percent),
    ("json units", json_units, Undone::JsonEscape),
    ("html", html, Undone::Html),
    ("html hex", html_hex, Undone::Html),
];

/// The first value of each hit alone, so that nothing around it is disguised with it.
fn values(engine: &Engine) -> Vec<(&'static str, Span)> {
    let hits = Engine::definitions().iter().flat_map(|definition| definition.hits.iter());
    hits.map(|(text, _)| (*text, engine.scan(text)[0])).collect()
}

#[test]
fn every_value_is_found_in_every_disguise() {
    let engine = Engine::standard();
    let mut missed = Vec::new();
    let mut tried = 0;
    for (name, disguise, undone) in DISGUISES {
        for (text, span) in values(&engine) {
            let value = &text[span.start..span.end];
            let disguised = disguise(value);
            let prefix = format!("{} ", text[..span.start].trim_end_matches(['\\', '"']));
            // What is recognised by what stands directly before it must keep that.
            let prefix = if prefix.ends_with(":// ") { prefix.trim_end().to_owned() } else { prefix };
            let after = if prefix.ends_with("://") { disguise("@") + "host x" } else { " x".to_owned() };
            if !engine.scan(&format!("{prefix}{value} x")).iter().any(|found| found.entity == span.entity)
                && after == " x"
            {
                // Known by what stands directly beside it.
                continue;
            }
            let text = format!("{prefix}{disguised}{after}");
            tried += 1;
            let from = prefix.len();
            let covered: usize = engine
                .scan(&text)
                .iter()
                .map(|span| span.end.min(from + disguised.len()).saturating_sub(span.start.max(from)))
                .sum();
            let spans = engine.scan(&text);
            if (covered as f64) < disguised.len() as f64 * 0.75 {
                missed.push(format!("{name} {}: {text:?}: {spans:?}", span.entity.name()));
            } else if disguised != value && !spans.iter().any(|span| span.undone.contains(*undone)) {
                // A value with nothing to disguise inside may still be found as it stands, and one that its name tells
                // however it is written.
                let told = |found: &Span| found.entity == span.entity || found.evidence == Evidence::Context;
                assert!(spans.iter().any(told), "{name}: {text:?}: {spans:?}");
            }
        }
    }
    println!("{} of {tried} missed", missed.len());
    // What begins with nothing but look-alikes and then a blank is not looked at twice, or all Cyrillic prose would be.
    let only_look_alikes = missed.iter().all(|miss| miss.starts_with("look-alikes "));
    assert!(
        only_look_alikes && missed.len() * 500 < tried,
        "{} of {tried}:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

fn masked(engine: &Engine, text: &str) -> String {
    engine.mask(text).text.unwrap_or_else(|| text.to_owned())
}

/// One sample is as long as a book: it is cut only where nothing is tried at each of its bytes.
const LONG: usize = 4_000;

/// JSON held as text stays JSON, and holds no value that is found in what it says.
#[test]
fn json_held_as_text_stays_json() {
    let engine = Arc::new(Engine::standard());
    for definition in Engine::definitions() {
        for (text, _) in definition.hits.iter().filter(|(text, _)| text.len() < LONG) {
            for before in ["\n", "\t", "\r\n", "\u{fc}: ", "\u{fc}:\t", "\u{8}", "\"", "/", "x: ", "\u{2028}"]
            {
                let held =
                    serde_json::to_string(&serde_json::json!({ "note": format!("to:{before}{text}\n") }))
                        .unwrap();
                let held_ascii: String = held
                    .encode_utf16()
                    .map(|unit| {
                        u8::try_from(unit)
                            .ok()
                            .filter(u8::is_ascii)
                            .map_or_else(|| format!("\\u{unit:04x}"), |byte| char::from(byte).to_string())
                    })
                    .collect();
                for held in [held, held_ascii] {
                    let masked = masked(&engine, &held);
                    // A Greek or Cyrillic word that names a value is not read where each letter is an escape.
                    let spelled = held.is_ascii() && text.chars().any(|c| c > '\u{24f}' && c.is_alphabetic());
                    assert!(spelled || masked.contains(definition.entity.label()), "{held} became {masked}");
                    // A key without an end line swallows what follows.
                    if !text.contains("PRIVATE KEY") && !text.contains("PRIVATE") {
                        let read = serde_json::from_str::<serde_json::Value>(&masked);
                        let Ok(value) = read else { panic!("{held} became {masked}") };
                        let note = value["note"].as_str().unwrap();
                        assert!(note.starts_with("to:"), "{held} became {masked}");
                    }
                    every_cut(&engine, &held);
                }
            }
        }
    }
}

fn every_cut(engine: &Arc<Engine>, text: &str) {
    let whole = engine.mask(text);
    let expected = whole.text.as_deref().unwrap_or(text);
    for (cut, _) in text.char_indices() {
        let mut out = String::new();
        let mut stream = engine.stream();
        stream.push(&text[..cut], &mut out);
        stream.push(&text[cut..], &mut out);
        stream.finish(&mut out);
        assert_eq!(out, expected, "{text:?} cut at {cut}");
        assert_eq!(stream.spans(), whole.spans, "{text:?} cut at {cut}");
    }
}

#[test]
fn what_refuters_found() {
    let engine = Engine::standard();
    for (text, expected) in [
        (r#"{\"card\": \"x:\\n4539 1488 0343 6467\"}"#, r#"{\"card\": \"x:\\n[CREDIT_CARD]\"}"#),
        (r"\t536-90-4399", r"\t[US_SSN]"),
        (r#"{"note":"Write to:\nzed@x.io"}"#, r#"{"note":"Write to:\n[EMAIL_ADDRESS]"}"#),
        (r"zed\u0040x.io,", "[EMAIL_ADDRESS],"),
        ("zed&#64;x.io ", "[EMAIL_ADDRESS] "),
        (r"4539\u00201488\u00200343\u00206467!", "[CREDIT_CARD]!"),
        ("?to=a%20zed%40x.io&y", "?to=a%20[EMAIL_ADDRESS]&y"),
        (r"C:\new\temp and \bfoo\b", r"C:\new\temp and \bfoo\b"),
    ] {
        assert_eq!(masked(&engine, text), expected);
    }
}

const CLEAN: &[&str] = &[
    "Комитет собрался в четверг, чтобы обсудить проект. Кто-то из членов спросил: зачем? Ответ — в п. 3.2 и 4.1.",
    "Η επιτροπή συνεδρίασε την Πέμπτη για να συζητήσει το σχέδιο· το κόστος ήταν 12,5% το 2023.",
    "委员会星期四开会讨论草案。共有１２３人参加，费用为４５６７元（含税）。",
    "اجتمعت اللجنة يوم الخميس ٢٢ نوفمبر ٢٠٢٤ الساعة ١٢:٣٠ لمناقشة المشروع.",
    "👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag, 🇩🇪🇫🇷, 1️⃣ 2️⃣ 3️⃣, ❤️ and naïve cafe\u{301}",
    "printf(\"%d items, %5.2f%%, %s\\n\", n, f, s); x = a % b; log(\"%-20s|%04x\\t%c\\n\");",
    "https://example.com/search?q=hello%20world&lang=en%2Dus&next=%2Fhome%3Fa%3D1%26b%3D2",
    "<p>Fish &amp; chips &lt;b&gt; &#8364;5 &nbsp; &quot;x&quot; &#x27;y&#x27;</p>",
    "C:\\new\\temp\\users\\bob and re.compile(r'\\bfoo\\d+\\n\\x41')",
    "E = mc², 10⁶ m³, H₂O, ½ cup, ①②③, Ⅳ, № 5, 5–7 pm, “quoted” — dash… x ≤ y",
    "COVID-19, 5-го, iPhone'а, API-шлюз, 15-летний, А.С.Пушкин, T-34, Ми-8, ВАЗ-2107",
];

#[test]
fn ordinary_text_that_only_looks_disguised_is_left() {
    let engine = Arc::new(Engine::standard());
    for text in CLEAN {
        assert_eq!(masked(&engine, text), *text);
        every_cut(&engine, text);
    }
}

#[test]
fn invisible_characters_outside_a_value_stay() {
    let engine = Engine::standard();
    for (text, expected) in [
        (
            "\u{200b}a\u{200b}b a@b\u{200b}.co\u{200b} x\u{200b}",
            "\u{200b}a\u{200b}b [EMAIL_ADDRESS]\u{200b} x\u{200b}",
        ),
        ("👩‍👧 4111 1111\u{ad} 1111 1111 👩‍👧", "👩‍👧 [CREDIT_CARD] 👩‍👧"),
        ("почта: ivan@example.ru, да", "почта: [EMAIL_ADDRESS], да"),
        ("карта4111111111111111", "карта[CREDIT_CARD]"),
        ("alice@example.com—she", "[EMAIL_ADDRESS]—she"),
    ] {
        assert_eq!(masked(&engine, text), expected);
    }
}

/// Pieces of disguises that meet at awkward places.
const FRAGMENTS: &[&str] = &[
    " ",
    "\n",
    "\\",
    "\\n",
    "\\\\n",
    "\\u",
    "\\u00",
    "\\u0040",
    "\\u0020",
    "\\ud83d",
    "\\ude42",
    "\\t",
    "\\/",
    "\\\"",
    "%",
    "%4",
    "%40",
    "%25",
    "%2540",
    "%20",
    "%D0",
    "%B0",
    "%d0%b0",
    "&",
    "&#",
    "&#6",
    "&#64;",
    "&#x",
    "&#x40;",
    "&amp;",
    "&amp;#64;",
    "&nbsp;",
    "&commat;",
    ";",
    "\u{200b}",
    "\u{200d}",
    "\u{ad}",
    "\u{fe0f}",
    "\u{301}",
    "４",
    "１１１",
    "＠",
    "．",
    "：",
    "а",
    "е",
    "о",
    "с",
    "ж",
    "н",
    "З",
    "О",
    "α",
    "ο",
    "\u{a0}",
    "\u{2011}",
    "–",
    "—",
    "。",
    "①",
    "²",
    "٤",
    "𝟒",
    "🙂",
    "中文",
    "é",
    "a",
    "b.",
    "@",
    ".com",
    "x@",
    "4111",
    "1111",
    "-",
    "_",
    "://",
    "u:p@",
    "536-90-4399",
    "sk-AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8",
    "secret ",
    "-----BEGIN PRIVATE KEY-----\\n",
    "the ",
    "1",
];

fn text() -> impl Strategy<Value = String> {
    let mut pieces: Vec<&'static str> = FRAGMENTS.to_vec();
    for definition in Engine::definitions() {
        pieces.extend(definition.hits.iter().map(|(text, _)| *text));
        pieces.extend(definition.misses);
        pieces.retain(|piece| piece.len() < LONG);
    }
    let part = |(text, from, to): (String, prop::sample::Index, prop::sample::Index)| {
        let characters: Vec<char> = text.chars().collect();
        if characters.is_empty() {
            return String::new();
        }
        let (from, to) = (from.index(characters.len()), to.index(characters.len()));
        characters[from.min(to)..=from.max(to)].iter().collect()
    };
    let disguised = (prop::sample::select(pieces), prop::sample::select(DISGUISES.to_vec()))
        .prop_map(|(text, (_, disguise, _))| disguise(text));
    let piece = prop_oneof![
        4 => prop::sample::select(FRAGMENTS.to_vec()).prop_map(str::to_owned),
        2 => disguised.clone(),
        2 => (disguised, any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(part),
        1 => (prop::sample::select(FRAGMENTS.to_vec()), 1_usize..100).prop_map(|(unit, times)| unit.repeat(times)),
        1 => "[ -~é中а%&\\\\]{0,12}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn check(engine: &Arc<Engine>, text: &str, sizes: &[usize]) -> Result<(), TestCaseError> {
    let whole = engine.mask(text);
    let expected = whole.text.as_deref().unwrap_or(text);
    for sizes in [sizes, &[1]] {
        let mut stream = engine.stream();
        let mut out = String::new();
        for piece in pieces(text, sizes) {
            stream.push(piece, &mut out);
        }
        stream.finish(&mut out);
        prop_assert_eq!(&out, expected, "sizes {:?}", sizes);
        prop_assert_eq!(stream.spans(), &whole.spans[..]);
        prop_assert_eq!(stream.held(), 0);
    }
    let mut end = 0;
    for span in &whole.spans {
        prop_assert!(end <= span.start && span.start < span.end && text.get(span.start..span.end).is_some());
        end = span.end;
    }
    Ok(())
}

#[test]
fn what_every_cutting_found() {
    let engine = Arc::new(Engine::standard());
    let mut texts = vec!["rоdné číslo 710319/2745 AGE&#45;SECRET&#45;KEY&#45;1'".to_owned()];
    for n in 28..48 {
        texts.push(format!(
            "x=s\u{200b}q0a\u{200b}tp-\u{200b}uBf\u{200b}7dq\u{200b}3W2\u{200b}QXw\u{200b}DYW\u{200b}Wjk\u{200b}nRQ\u{200b}9D{}中аéAaaa %11010519491231002X",
            "%D0".repeat(n)
        ));
    }
    for text in texts {
        check(&engine, &text, &[1]).unwrap_or_else(|failure| panic!("{text}: {failure}"));
    }
}

/// As many texts as `COUNTERSIGN_DISGUISES` says, or a few thousand.
#[test]
fn every_cutting_of_disguises_gives_the_mask_of_the_whole() {
    #[expect(clippy::disallowed_methods, reason = "a test's own size, no setting of the product")]
    let asked = std::env::var("COUNTERSIGN_DISGUISES").ok().and_then(|count| count.parse().ok());
    let engine = Arc::new(Engine::standard());
    let config = Config {
        cases: asked.unwrap_or(3_000),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let sizes = prop::collection::vec(0_usize..40, 1..20)
        .prop_filter("some progress", |sizes| sizes.iter().any(|size| *size > 0));
    TestRunner::new(config)
        .run(&(text(), sizes), |(text, sizes)| check(&engine, &text, &sizes))
        .unwrap_or_else(|failure| panic!("{failure}"));
}
