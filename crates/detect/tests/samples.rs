//! Every definition's samples, whole and cut at every character.

use std::sync::Arc;

use countersign_detect::{Engine, Entity};

#[test]
fn every_entity_is_defined_once_with_samples_of_both_kinds() {
    let mut defined: Vec<_> = Engine::definitions().iter().map(|definition| definition.entity).collect();
    defined.sort_unstable();
    let mut all = Entity::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(defined, all);
    for definition in Engine::definitions() {
        assert!(!definition.hits.is_empty() && !definition.misses.is_empty(), "{}", definition.entity.name());
        assert!(definition.hits.iter().any(|(_, masked)| masked.contains(definition.entity.label())));
    }
}

#[test]
fn hits_are_masked_and_misses_are_left() {
    let engine = Engine::standard();
    let mut wrong = Vec::new();
    for definition in Engine::definitions() {
        let hits = definition.hits.iter().copied();
        for (text, expected) in hits.chain(definition.misses.iter().map(|text| (*text, *text))) {
            let masked = engine.mask(text);
            let got = masked.text.clone().unwrap_or_else(|| text.to_owned());
            if got != expected {
                wrong.push(format!(
                    "{}: {text:?}\n  wanted {expected:?}\n  got    {got:?}",
                    definition.entity.name()
                ));
            }
            assert_eq!(masked.text.is_none(), masked.spans.is_empty());
            assert_eq!(masked.spans, engine.scan(text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn samples_mask_alike_when_they_arrive_character_by_character() {
    let engine = Arc::new(Engine::standard());
    for definition in Engine::definitions() {
        for text in definition.hits.iter().map(|(text, _)| *text).chain(definition.misses.iter().copied()) {
            let whole = engine.mask(text);
            let mut stream = engine.stream();
            let mut out = String::new();
            for character in text.chars() {
                stream.push(character.encode_utf8(&mut [0; 4]), &mut out);
            }
            stream.finish(&mut out);
            assert_eq!(out, whole.text.as_deref().unwrap_or(text), "{text:?}");
            assert_eq!(stream.spans(), whole.spans, "{text:?}");
        }
    }
}

#[test]
fn spans_say_where_the_value_was_and_where_the_label_is() {
    let engine = Engine::standard();
    let text = "é a@b.co, 4111111111111111 and 203.0.113.7";
    let masked = engine.mask(text);
    let out = masked.text.unwrap();
    let values: Vec<_> = masked.spans.iter().map(|span| &text[span.start..span.end]).collect();
    assert_eq!(values, ["a@b.co", "4111111111111111", "203.0.113.7"]);
    for span in masked.spans {
        assert!(out[span.at..].starts_with(span.entity.label()));
    }
}
