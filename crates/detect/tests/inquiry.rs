//! The shape of a question and its answer: what is understood, what is refused, and what offsets count.
#![expect(clippy::unwrap_used, reason = "a test: what does not hold must stop it")]

use std::sync::{Arc, LazyLock};

use countersign_detect::{
    Engine, Entity,
    inquiry::{Code, Inquiry, Offsets, Refusal},
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::standard()));

fn answer(question: &str) -> String {
    Inquiry::read(question.as_bytes()).unwrap().answer(&ENGINE, Offsets::Char).json()
}

fn value(question: &Value) -> Value {
    serde_json::from_str(&answer(&question.to_string())).unwrap()
}

fn refused(question: &str) -> Refusal {
    Inquiry::read(question.as_bytes()).unwrap_err()
}

#[test]
fn the_answer_has_spans_and_the_masked_text() {
    let score = ENGINE.scan("é ann@example.com.")[0].score;
    assert_eq!(
        answer(r#"{"text": "é ann@example.com."}"#),
        format!(
            r#"{{"spans":[{{"start":2,"end":17,"entity":"EMAIL_ADDRESS","score":{score},"evidence":"pattern"}}],"masked":"é [EMAIL_ADDRESS]."}}"#
        )
    );
    assert_eq!(answer(r#"{"text":""}"#), r#"{"spans":[],"masked":""}"#);
    assert_eq!(answer(r#"{"chunks":[]}"#), r#"{"spans":[],"masked":""}"#);
    assert_eq!(answer("\t{\"text\":\"a\\nb\"}\r"), r#"{"spans":[],"masked":"a\nb"}"#);
    let undone = value(&json!({"text": "ann%40example.com"}));
    assert_eq!(undone["spans"][0]["undone"], json!(["percent"]));
}

#[test]
fn an_id_of_any_type_comes_back_as_it_was_written() {
    for id in [
        "7",
        "-1.50e+400",
        "123456789012345678901234567890",
        "null",
        "true",
        r#""a\u0062\ud800""#,
        r#"{"a": [1, {"b":null}], "a":2}"#,
        "[]",
        "\"\u{2028}\"",
    ] {
        let line = answer(&format!(r#"{{"text":"x","id":{id}}}"#));
        assert_eq!(line, format!(r#"{{"id":{id},"spans":[],"masked":"x"}}"#));
        let line = refused(&format!(r#"{{"id":{id},"txt":1}}"#)).json();
        assert!(line.starts_with(&format!(r#"{{"id":{id},"error":{{"code":"invalid_request","#)), "{line}");
    }
    assert!(!answer("{\"text\":\"x\",\"id\":[1,\n2,\r3]}").contains(['\n', '\r']));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_reason() {
    use Code::{InvalidJson, InvalidRequest};
    for (question, code, field, words) in [
        ("", InvalidJson, None, "nothing here"),
        ("  ", InvalidJson, None, "nothing here"),
        ("{", InvalidJson, None, "line 1, column 1"),
        ("{\"text\":\"a\"} x", InvalidJson, None, "column 14"),
        ("{\"text\":\"a\",}", InvalidJson, None, "not json"),
        ("{\"text\":\"a\n\"}", InvalidJson, None, "not json"),
        ("[]", InvalidRequest, None, "object"),
        ("\"text\"", InvalidRequest, None, "object"),
        ("null", InvalidRequest, None, "object"),
        ("{}", InvalidRequest, None, "is needed"),
        ("{\"text\":\"a\",\"chunks\":[]}", InvalidRequest, None, "only one"),
        ("{\"text\":null}", InvalidRequest, Some("text"), "must be a string"),
        ("{\"text\":[\"a\"]}", InvalidRequest, Some("text"), "must be a string"),
        ("{\"text\":\"\\ud83d\"}", InvalidRequest, Some("text"), "surrogate"),
        ("{\"chunks\":\"a\"}", InvalidRequest, Some("chunks"), "a list of strings"),
        ("{\"chunks\":[\"a\",1]}", InvalidRequest, Some("chunks"), "a list of strings"),
        ("{\"chunks\":null}", InvalidRequest, Some("chunks"), "a list of strings"),
        ("{\"chunks\":[\"\\ud83d\",\"\\ude00\"]}", InvalidRequest, Some("chunks"), "surrogate"),
        ("{\"text\":\"a\",\"offsets\":\"codepoint\"}", InvalidRequest, Some("offsets"), "utf16"),
        ("{\"text\":\"a\",\"offsets\":null}", InvalidRequest, Some("offsets"), "utf16"),
        ("{\"text\":\"a\",\"text\":\"b\"}", InvalidRequest, Some("text"), "twice"),
        ("{\"text\":\"a\",\"mode\":1}", InvalidRequest, None, "`mode` is not known"),
    ] {
        let refusal = refused(question);
        assert_eq!((refusal.code, refusal.field), (code, field), "{question}: {}", refusal.message);
        assert!(refusal.message.to_lowercase().contains(words), "{question}: {}", refusal.message);
        let line: Value = serde_json::from_str(&refusal.json()).unwrap();
        assert_eq!(line["error"]["code"], code.name(), "{question}");
    }
    let bytes = Inquiry::read(b"{\"text\":\"\xff\"}").unwrap_err();
    assert_eq!(bytes.code, Code::InvalidUtf8);
    assert!(bytes.message.contains("byte 9"), "{}", bytes.message);
    for code in Code::ALL {
        assert_eq!(json!(code), code.name());
    }
}

#[test]
fn a_refusal_never_repeats_a_value() {
    for question in [
        r#"{"text": {"hunter2": "hunter2"}}"#,
        r#"{"chunks": ["a", {"x": "hunter2"}]}"#,
        r#"{"text": "a", "offsets": "hunter2"}"#,
        r#"{"text": "hunter2" "hunter2"}"#,
        r#""hunter2""#,
        r#"{"text": 123, "other": "hunter2"}"#,
    ] {
        let line = refused(question).json();
        assert!(!line.contains("hunter2"), "{line}");
    }
    let long = format!(r#"{{"{}": 1}}"#, "k".repeat(10_000));
    assert!(refused(&long).message.len() < 200);
}

#[test]
fn deep_nesting_is_no_danger() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(answer(&format!(r#"{{"text":"x","id":{deep}}}"#)).contains(&deep));
    assert_eq!(refused(&format!(r#"{{"text":{deep}}}"#)).field, Some("text"));
    assert_eq!(refused(&format!(r#"{{"x":{deep}}}"#)).code, Code::InvalidRequest);
}

#[test]
fn offsets_count_characters_bytes_or_utf16_units() {
    // An astral letter, a letter with a combining mark, an emoji of several characters.
    let text = "𝒳e\u{301}👩\u{200d}💻 ann@example.com and bob@example.org";
    let places = |offsets: &str| {
        let answer = value(&json!({"text": text, "offsets": offsets}));
        let place = |span: &Value| (span["start"].as_u64().unwrap(), span["end"].as_u64().unwrap());
        answer["spans"].as_array().unwrap().iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(places("char"), [(7, 22), (27, 42)]);
    assert_eq!(places("utf16"), [(10, 25), (30, 45)]);
    assert_eq!(places("byte"), [(19, 34), (39, 54)]);
    assert_eq!(value(&json!({"text": text}))["spans"][0]["start"], 7);
    for offsets in Offsets::ALL {
        assert_eq!(Offsets::named(offsets.name()), Some(offsets));
    }
}

/// Texts of what matters: found values, their neighbours, and characters of every length.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let hits: Vec<String> =
        Engine::definitions().iter().flat_map(|one| one.hits).map(|(text, _)| (*text).to_owned()).collect();
    let odd =
        ["é", "e\u{301}", "漢", "🎉", "👩\u{200d}💻", "\u{200b}", "\n", " ", ". ", "a", "7", "@", "\\u0040"];
    let piece = prop_oneof![
        3 => select(hits),
        4 => select(odd.map(str::to_owned).to_vec()),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..12)
}

proptest! {
    #[test]
    fn chunks_in_any_cutting_get_the_answer_of_the_text(
        pieces in texts(),
        cuts in vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let text: Vec<char> = pieces.concat().chars().collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let chunks: Vec<String> = cuts.windows(2).map(|cut| text[cut[0]..cut[1]].iter().collect()).collect();
        let whole: String = text.iter().collect();
        for offsets in Offsets::ALL {
            let of_chunks = answer(&json!({"chunks": chunks, "offsets": offsets.name()}).to_string());
            let of_text = answer(&json!({"text": whole, "offsets": offsets.name()}).to_string());
            prop_assert_eq!(of_chunks, of_text);
        }
        let single: Vec<String> = text.iter().copied().map(String::from).collect();
        prop_assert_eq!(
            answer(&json!({"chunks": single}).to_string()),
            answer(&json!({"text": whole}).to_string())
        );
    }

    #[test]
    fn offsets_cut_the_same_values_in_every_unit(pieces in texts()) {
        let text = pieces.concat();
        let spans = ENGINE.scan(&text);
        let chars: Vec<char> = text.chars().collect();
        let units: Vec<u16> = text.encode_utf16().collect();
        let [of_chars, of_bytes, of_units] = Offsets::ALL.map(|offsets| offsets.convert(&text, &spans));
        for (at, span) in spans.iter().enumerate() {
            let value = &text[span.start..span.end];
            let in_chars: String = chars[of_chars[at].start..of_chars[at].end].iter().collect();
            prop_assert_eq!(&in_chars, value);
            prop_assert_eq!((of_bytes[at].start, of_bytes[at].end), (span.start, span.end));
            let in_units = String::from_utf16(&units[of_units[at].start..of_units[at].end]).unwrap();
            prop_assert_eq!(&in_units, value);
            prop_assert_eq!(Entity::named(of_chars[at].entity.name()), Some(span.entity));
        }
    }
}
