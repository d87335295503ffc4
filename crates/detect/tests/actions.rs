//! Each action keeps the one invariant: for every cutting, the stream's output is what the whole gives. And what each
//! writes: no value where none may be, and nothing that is found again.

mod cutting;

use std::sync::{Arc, Mutex};

use countersign_detect::{Engine, Entity, Issued, MarkKey, Masked, Restore, Terms, VALUE_MAX, View};
use countersign_model::{
    action::{Action, Actions, Exception, Passage},
    connection::Masking,
    entity::Direction,
};
use proptest::prelude::*;

use self::cutting::pieces;

/// Samples longer than this are cut elsewhere.
const LONG: usize = 4_000;

fn terms(actions: Actions) -> Terms {
    let masking = Masking { actions, ..Masking::default() };
    Terms::new(Arc::new(masking), Direction::Prompt, MarkKey::derive(&[3; 32]).conversation(b"one"))
}

fn all(action: Action) -> Terms {
    terms(Actions { prompt: action, ..Actions::default() })
}

fn whole(engine: &Engine, terms: &Terms, view: View, text: &str) -> Masked {
    engine.mask_with(text, &mut terms.writer(Passage::Prompt, view))
}

fn written(engine: &Engine, terms: &Terms, view: View, text: &str) -> String {
    whole(engine, terms, view, text).text.unwrap_or_else(|| text.to_owned())
}

fn streamed(engine: &Arc<Engine>, terms: &Terms, view: View, text: &str, sizes: &[usize]) -> Masked {
    let (mut stream, mut writer) = (engine.stream(), terms.writer(Passage::Prompt, view));
    let (mut out, mut rest) = (String::new(), text);
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let cut = rest.char_indices().nth(*size).map_or(rest.len(), |(cut, _)| cut);
        stream.push_with(&rest[..cut], &mut writer, &mut out);
        rest = &rest[cut..];
    }
    stream.finish_with(&mut writer, &mut out);
    Masked { text: Some(out), spans: stream.spans().to_vec() }
}

fn text() -> impl Strategy<Value = String> {
    let mut pieces: Vec<String> = [
        " ",
        "\n",
        "-",
        "_",
        "@",
        ":",
        "/",
        "\"",
        "\\n",
        "the ",
        "é",
        "中文",
        "🙂",
        "4111",
        " 1111",
        "a@b",
        ".com",
        "password: ",
        "passport no ",
        "https://u:",
        "[",
        "]",
        "[US_SSN",
        "[US_SSN]",
        "[REDACTED]",
        "[US_SSN_",
        "[US_SSN_7K2M9QXD4T]",
        "[EMAIL_ADDRESS:0A2M9QXD4T]",
        "[PASSWORD_7K2M9QXD4T",
        "_7K2M9QXD4T]",
        "7K2M9QXD4T",
    ]
    .map(str::to_owned)
    .into();
    for definition in Engine::definitions() {
        pieces.extend(definition.hits.iter().map(|(text, _)| (*text).to_owned()).filter(|t| t.len() < LONG));
    }
    let long = (1_usize..300).prop_map(|times| "AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8".repeat(times));
    let piece = prop_oneof![
        12 => prop::sample::select(pieces),
        1 => long.prop_map(|key| format!("token=\"{key}\"")),
        2 => "[ -~é中]{0,12}",
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn action() -> impl Strategy<Value = Action> {
    prop::sample::select(Action::ALL.to_vec())
}

/// One action for everything, or a mixture.
fn mixture() -> impl Strategy<Value = Terms> {
    let entities: Vec<Entity> = Entity::ALL.to_vec();
    let exception = (prop::sample::select(entities), action()).prop_map(|(entity, action)| Exception {
        entity: entity.name().into(),
        passage: None,
        action,
    });
    (action(), prop::collection::vec(exception, 0..60))
        .prop_map(|(prompt, exceptions)| terms(Actions { prompt, exceptions, ..Actions::default() }))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cutting_gives_what_the_whole_gives(
        text in text(), terms in mixture(), sizes in prop::collection::vec(1_usize..40, 1..6)
    ) {
        let engine = Arc::new(Engine::standard());
        for view in [View::PassedOn, View::Record] {
            let one = whole(&engine, &terms, view, &text);
            let many = streamed(&engine, &terms, view, &text, &sizes);
            prop_assert_eq!(one.text.as_deref().unwrap_or(&text), many.text.as_deref().unwrap());
            prop_assert_eq!(one.spans, many.spans);
        }
    }

    #[test]
    fn only_what_is_allowed_stands(text in text(), terms in mixture()) {
        let engine = Engine::standard();
        let passed = whole(&engine, &terms, View::PassedOn, &text);
        let shown = passed.text.clone().unwrap_or_else(|| text.clone());
        // Put together from the spans: what stands between them, and for each what its action says.
        let (mut from, mut expected) = (0, String::new());
        for span in &passed.spans {
            expected.push_str(&text[from..span.start]);
            let value = &text[span.start..span.end];
            prop_assert_eq!(expected.len(), span.at);
            let rest = &shown[span.at..];
            let written = match span.action {
                Action::Allow => value.to_owned(),
                Action::Label => span.entity.label().to_owned(),
                Action::Redact => "[REDACTED]".to_owned(),
                Action::Partial => {
                    let part: String = rest.chars().take(value.chars().count()).collect();
                    let seen = part.chars().filter(|c| c.is_alphanumeric()).count();
                    prop_assert_eq!(seen, 4, "{}", part);
                    part
                }
                Action::Hash | Action::Tokenize => {
                    let mark = &rest[..=rest.find(']').unwrap()];
                    prop_assert_eq!(mark.len(), span.entity.label().len() + 11);
                    prop_assert!(mark.starts_with(&span.entity.label()[..span.entity.label().len() - 1]));
                    mark.to_owned()
                }
            };
            expected.push_str(&written);
            from = span.end;
        }
        expected.push_str(&text[from..]);
        prop_assert_eq!(shown, expected);
        let record = whole(&engine, &terms, View::Record, &text);
        prop_assert!(record.spans.iter().all(|span| span.action != Action::Allow));
        prop_assert_eq!(record.spans.len(), passed.spans.len());
    }

    #[test]
    fn tokens_and_back_is_the_text(text in text(), sizes in prop::collection::vec(1_usize..9, 1..6)) {
        let engine = Engine::standard();
        let terms = all(Action::Tokenize);
        let masked = written(&engine, &terms, View::PassedOn, &text);
        let issued = Arc::new(terms.take_issued());
        // Text that a token was issued for and that says the token itself would be turned into the value.
        prop_assume!(Restore::whole(&issued, false, &text).is_none());
        let whole = Restore::whole(&issued, false, &masked).unwrap_or_else(|| masked.clone());
        let (mut restore, mut out) = (Restore::new(issued.clone(), false), String::new());
        for piece in pieces(&masked, &sizes) {
            restore.push(piece, &mut out);
        }
        restore.finish(&mut out);
        prop_assert_eq!(&out, &whole);
        // What stands in an address, a tag or a JSON string, or is too long, is another matter.
        if text.len() <= VALUE_MAX && !text.contains(['/', '<', ':', '?', '\\', '{', '[', '(', '.']) {
            prop_assert_eq!(out, text);
        }
    }
}

/// A sample's values in a sentence, by what was found in them.
fn samples() -> impl Iterator<Item = &'static str> {
    Engine::definitions()
        .iter()
        .flat_map(|definition| definition.hits.iter().map(|(text, _)| *text))
        .filter(|text| text.len() < LONG)
}

#[test]
fn nothing_is_found_in_a_token_or_a_hash_or_a_label() {
    let engine = Engine::standard();
    let contexts = [
        "{}",
        "password: {}",
        "passport no {}",
        "\"api_key\": \"{}\"",
        "SSN {}",
        "token={}",
        "order {} ",
        "Authorization: Bearer {}",
        "\"secret\":\"{}\",",
        "id_number = {}",
        "export DB_PASSWORD='{}'",
        "the password is {}.",
        "-H 'x-api-key: {}'",
        "driver licence {}",
        "tel. {}",
        "IBAN {}",
        "VIN {}",
        "MRN: {}",
        "account {}",
        "--token {}",
        "licence plate {}",
        "NHS number {}",
        "routing number {}",
    ];
    let key = MarkKey::derive(&[5; 32]).conversation(b"other");
    let mut missed = Vec::new();
    for (number, entity) in Entity::ALL.iter().enumerate() {
        for value in [number, number + 1_000, number + 2_000] {
            let value = value.to_string();
            for mark in [key.token(*entity, &value), key.hash(*entity, &value), entity.label().to_owned()] {
                for context in contexts {
                    let text = context.replace("{}", &mark);
                    let found = engine.scan(&text);
                    if !found.is_empty() {
                        missed.push(format!("{text}: {}", &text[found[0].start..found[0].end]));
                    }
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} such as {:?}", missed.len(), &missed[..missed.len().min(12)]);
}

#[test]
fn what_was_masked_stays_as_it_is() {
    let engine = Engine::standard();
    for action in [Action::Label, Action::Hash, Action::Tokenize, Action::Redact] {
        let terms = all(action);
        let mut changed = Vec::new();
        for sample in samples() {
            let once = written(&engine, &terms, View::PassedOn, sample);
            let twice = written(&engine, &terms, View::PassedOn, &once);
            if once != twice {
                changed.push((sample, once, twice));
            }
        }
        assert!(changed.is_empty(), "{action:?} {} {:#?}", changed.len(), &changed[..changed.len().min(8)]);
    }
}

#[test]
fn a_value_that_outgrows_its_bound_becomes_a_label() {
    let engine = Arc::new(Engine::standard());
    let key =
        |bytes: usize| format!("-----BEGIN PRIVATE KEY-----\n{}", "AbC1dEf2GhI3jKl4".repeat(bytes / 16));
    for action in [Action::Partial, Action::Hash, Action::Tokenize] {
        let terms = all(action);
        for (bytes, taken) in [(1_600, action), (VALUE_MAX + 64, Action::Label)] {
            let text = format!("{} end", key(bytes));
            let one = whole(&engine, &terms, View::PassedOn, &text);
            assert_eq!(one.spans[0].action, taken, "{action:?} {bytes}");
            for size in [1, 7, 1_000] {
                let many = streamed(&engine, &terms, View::PassedOn, &text, &[size]);
                assert_eq!(many.text, one.text, "{action:?} {bytes} {size}");
            }
        }
    }
}

#[test]
fn one_value_has_one_token_wherever_it_stands() {
    let engine = Engine::standard();
    let terms = all(Action::Tokenize);
    let text = "ana@example.com, bob@example.com and ana@example.com";
    let masked = written(&engine, &terms, View::PassedOn, text);
    let tokens: Vec<&str> = masked.split(", ").flat_map(|part| part.split(" and ")).collect();
    assert_eq!(tokens[0], tokens[2]);
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(written(&engine, &terms, View::Record, text), masked, "the record has the tokens");
    let issued: Mutex<Issued> = Mutex::new(terms.take_issued());
    assert_eq!(issued.into_inner().unwrap().len(), 2);
}
