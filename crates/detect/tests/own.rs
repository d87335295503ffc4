//! What administrators look for: dictionaries and patterns, whole, cut, disguised, refused, and what they cost.
#![expect(clippy::unwrap_used, reason = "what the tests are made of")]

mod cutting;

use std::sync::Arc;
use std::time::Instant;

use countersign_detect::{Custom, CustomText, Dictionary, DictionaryText, Engine, Fault, Place};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::cutting::pieces;

fn dictionary(name: &str, ignore_case: bool, terms: &[&str]) -> Dictionary {
    let terms = terms.iter().map(|term| (*term).to_owned()).collect();
    Dictionary::new(&DictionaryText { name: name.to_owned(), terms, ignore_case }).unwrap()
}

fn text_of(pattern: &str, words: &[&str], hits: &[&str], misses: &[&str]) -> CustomText {
    let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    CustomText {
        name: "STAFF_NUMBER".to_owned(),
        pattern: pattern.to_owned(),
        ignore_case: false,
        words: all(words),
        score: 0.8,
        hits: all(hits),
        misses: all(misses),
    }
}

fn custom(pattern: &str, words: &[&str], hit: &str) -> Custom {
    Custom::new(&text_of(pattern, words, &[hit], &[])).unwrap()
}

fn fault(text: &CustomText) -> Fault {
    Custom::new(text).unwrap_err()
}

fn engine() -> Arc<Engine> {
    let terms = [
        "Bluemoon",
        "Blue Moon",
        "Blue Moon Rising",
        "café crème",
        "月の計画",
        "Синий Кит",
        "@handle",
        "aba",
        "aba aba b",
    ];
    let customs = [
        custom("EMP-[0-9]{4,6}", &[], "EMP-1234"),
        custom("(?:[a-z]{1,3}-){1,8}[0-9]", &[], "ab-cd-1"),
        custom("[0-9]{7}", &["staff number", "工号"], "staff number 1234567"),
        custom("#[\\p{Cyrillic}a-z]{2,8}!", &[], "#яb!"),
    ];
    let dictionaries =
        [dictionary("PROJECT_NAME", true, &terms), dictionary("CODE_NAME", false, &["Falcon", "Blue"])];
    Arc::new(Engine::with(&customs, &dictionaries).unwrap())
}

fn mask(engine: &Engine, text: &str) -> String {
    engine.mask(text).text.unwrap_or_else(|| text.to_owned())
}

#[test]
fn terms_are_whole_words_in_their_case() {
    let engine = engine();
    for (text, expected) in [
        (
            "about bluemoon, BLUE\n  MOON and Blue moon rising.",
            "about [PROJECT_NAME], [PROJECT_NAME] and [PROJECT_NAME].",
        ),
        (
            "Falcon, falcon, Falcons, xFalcon, Falcon_x",
            "[CODE_NAME], falcon, Falcons, xFalcon, [CODE_NAME]_x",
        ),
        ("Blue sky", "[CODE_NAME] sky"),
        ("CAFÉ CRÈME or café crèmes", "[PROJECT_NAME] or café crèmes"),
        ("この月の計画は", "この[PROJECT_NAME]は"),
        ("синий кит и синий китёнок, Псиний кит", "[PROJECT_NAME] и синий китёнок, Псиний кит"),
        ("ask @handle now", "ask [PROJECT_NAME] now"),
        ("aba aba aba b", "[PROJECT_NAME] [PROJECT_NAME]"),
        ("bluemoon@example.com", "[EMAIL_ADDRESS]"),
        (
            "B\u{200b}lue\u{a0}Moon and Ｂｌｕｅｍｏｏｎ and Blue%20Moon",
            "[PROJECT_NAME] and [PROJECT_NAME] and [PROJECT_NAME]",
        ),
        ("{\"project\": \"Blue\\u0020Moon\"}", "{\"project\": \"[PROJECT_NAME]\"}"),
        ("EMP-1234 EMP-1234567 xEMP-1234", "[STAFF_NUMBER] EMP-1234567 xEMP-1234"),
        ("staff number: 1234567, 1234567x", "staff number: [STAFF_NUMBER], 1234567x"),
        ("order 7654321", "order 7654321"),
        ("工号1234567", "工号[STAFF_NUMBER]"),
        ("#яb!", "[STAFF_NUMBER]"),
    ] {
        assert_eq!(mask(&engine, text), expected, "{text}");
    }
}

const PIECES: &[&str] = &[
    "Bluemoon",
    "Blue",
    " ",
    "  ",
    "\n",
    "Moon",
    " Moon",
    "Rising",
    "café",
    " crème",
    "月の",
    "計画",
    "Синий",
    " Кит",
    "кит",
    "я",
    "@handle",
    "aba",
    "aba ",
    "b",
    "EMP-",
    "1234",
    "56",
    "ab-",
    "cd-1",
    "staff number ",
    "1234567",
    "工号",
    "#",
    "яb!",
    "\u{200b}",
    "%20",
    "\\u0020",
    "Ｂｌｕｅ",
    "x@",
    "example.com",
    "-",
    ".",
    ",",
    "Falcon",
    "Name: ",
    "\"",
    "Mr ",
    "token=",
    "\0",
];

#[test]
fn every_cutting_gives_the_mask_of_the_whole() {
    let engine = engine();
    let text = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..16)
        .prop_map(|pieces| pieces.concat());
    let sizes = prop::collection::vec(0_usize..12, 1..12)
        .prop_filter("some progress", |sizes| sizes.iter().any(|size| *size > 0));
    TestRunner::new(Config { cases: 4_000, failure_persistence: None, ..Config::default() })
        .run(&(text, sizes), |(text, sizes)| {
            let whole = engine.mask(&text);
            for sizes in [&sizes[..], &[1]] {
                let mut stream = engine.stream();
                let mut out = String::new();
                for piece in pieces(&text, sizes) {
                    stream.push(piece, &mut out);
                }
                stream.finish(&mut out);
                prop_assert_eq!(&out, whole.text.as_deref().unwrap_or(&text), "sizes {:?}", sizes);
                prop_assert_eq!(stream.spans(), &whole.spans[..]);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn patterns_without_an_end_or_a_beginning_are_refused_with_their_place() {
    for (pattern, place, part) in [
        ("A-[0-9]+", Place::Pattern(8), "no end"),
        ("ab(cd*|e)", Place::Pattern(6), "no end"),
        ("x{3,}", Place::Pattern(2), "no end"),
        ("a{0,3}", Place::Pattern(1), "empty"),
        ("[a-z]{2000}", Place::Pattern(1), "bytes long"),
        ("(a", Place::Pattern(1), "unclosed"),
        ("a\\b", Place::Pattern(2), "Anchors"),
        ("^abc$", Place::Pattern(1), "Anchors"),
        ("(?:(?:a|b)?(?:c|d){9}[^x]{40}){20}", Place::Pattern(1), "long"),
        ("(?:[ab]{0,40}a[ab]{20}){1,4}", Place::Pattern(1), "too large"),
        ("\\w{200}", Place::Pattern(1), "too large"),
        ("(?<=a)b", Place::Pattern(1), "look-around"),
    ] {
        let fault = fault(&text_of(pattern, &[], &["x"], &[]));
        println!("{fault}");
        assert!(fault.place == place && fault.message.contains(part), "{pattern}: {fault:?}");
    }
    let deep = format!("{}a{}", "(".repeat(1000), ")".repeat(1000));
    assert!(matches!(fault(&text_of(&deep, &[], &["a"], &[])).place, Place::Pattern(_)));
}

#[test]
fn samples_are_tried_before_it_is_taken() {
    let sample = |hits: &[&str], misses: &[&str]| fault(&text_of("EMP-[0-9]{4}", &[], hits, misses)).place;
    assert_eq!(sample(&[], &[]), Place::Hit(1));
    assert_eq!(sample(&["EMP-1234", "EMP-12345"], &[]), Place::Hit(2));
    assert_eq!(sample(&["EMP-1234"], &["EMP-1", "see EMP-1234"]), Place::Miss(2));
    assert_eq!(fault(&text_of("[0-9]{7}", &["a b c d"], &["1234567"], &[])).place, Place::Word(1));
    let wrong = CustomText { name: "staff".to_owned(), ..text_of("a", &[], &["a"], &[]) };
    assert_eq!(fault(&wrong).place, Place::Name);
}

#[test]
fn terms_that_cannot_be_looked_for_are_refused() {
    let new = |terms: Vec<String>| {
        Dictionary::new(&DictionaryText { name: "X_X".to_owned(), terms, ignore_case: true })
    };
    for (terms, place) in [
        (vec![], Place::Whole),
        (vec!["abc".to_owned(), "ab".to_owned()], Place::Term(2)),
        (vec!["a".repeat(257)], Place::Term(1)),
        (vec!["a\u{7}bc".to_owned()], Place::Term(1)),
        (vec!["---".to_owned()], Place::Term(1)),
        ((0..100_001).map(|n| format!("t{n:06}")).collect(), Place::Whole),
    ] {
        assert_eq!(new(terms).unwrap_err().place, place);
    }
    let one = new((0..60_000).map(|n| format!("t{n:06}")).collect()).unwrap();
    let two = [one.clone(), one];
    assert_eq!(Engine::with(&[], &two).unwrap_err().place, Place::Whole);
}

/// Tens of thousands of terms are all found.
#[test]
fn a_large_dictionary_finds_each_of_its_terms() {
    let word = |n: usize| -> String {
        let syllables = ["ka", "lo", "mi", "re", "tu", "va", "zo", "ne", "pi", "su"];
        (0..5).map(|place| syllables[n / 10_usize.pow(place) % 10]).collect()
    };
    let terms: Vec<String> = (0..50_000)
        .map(|n| if n % 3 == 0 { format!("{} {}", word(n), word(n / 2)) } else { word(n) })
        .collect();
    let dictionary = Dictionary::new(&DictionaryText {
        name: "PROJECT_NAME".to_owned(),
        terms: terms.clone(),
        ignore_case: true,
    })
    .unwrap();
    let engine = Engine::with(&[], &[dictionary]).unwrap();
    for term in terms.iter().step_by(7) {
        assert_eq!(mask(&engine, &format!("see {term}, now")), "see [PROJECT_NAME], now", "{term}");
    }
}

/// Texts made to be expensive for what was given: ten times the text takes no more than ten times as long, and some. A busy
/// machine makes one try slow, not all of them.
#[test]
fn hostile_texts_cost_what_they_are_long() {
    let terms: Vec<String> =
        (1..=128).map(|n| "a ".repeat(n) + "b").filter(|term| term.len() <= 256).collect();
    let terms: Vec<&str> = terms.iter().map(String::as_str).filter(|term| term.len() >= 3).collect();
    let customs = [
        custom("(?:[a-z]{1,2} ){1,200}X", &[], "a b X"),
        custom("[a1]{1,100}-[a1]{1,100}!", &["word"], "word a1-1a!"),
    ];
    let engine = Engine::with(&customs, &[dictionary("CODE_NAME", false, &terms)]).unwrap();
    for unit in ["a ", "a1-", "word a1-a1 ", "a", " "] {
        let time = |bytes: usize| {
            let text = unit.repeat(bytes / unit.len());
            let began = Instant::now();
            assert!(engine.scan(&text).is_empty());
            began.elapsed().as_secs_f64()
        };
        let linear = (0..20).any(|_| time(200_000) < time(20_000) * 40.0);
        assert!(linear, "{unit}");
    }
}
