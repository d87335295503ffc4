//! What administrators look for.

use countersign_detect::{Custom, CustomText, Dictionary, DictionaryText, Engine, Fault, Labels, Place};
use std::sync::Arc;

use super::streamed;
use crate::input::Input;

/// Head: case of the pattern, case of the terms, sizes. Then lines: a pattern, a text it must be found in, a word that
/// must stand before it (or none), terms with bars between; all other lines are a text.
///
/// What is taken is found in its samples, and in every cutting of a text the same; what is refused says where.
pub fn own_rules(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let (ignore_case, small) = (input.flag(), input.flag());
    let sizes = input.sizes();
    let text = input.text();
    let mut lines = text.splitn(5, '\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let (pattern, hit, word, terms, text) = (line(), line(), line(), line(), line());
    let words: Vec<String> = (!word.is_empty()).then_some(word).into_iter().collect();
    let custom = CustomText {
        name: "STAFF_NUMBER".to_owned(),
        ignore_case,
        score: 0.8,
        hits: Vec::from([hit.clone()]),
        misses: Vec::new(),
        words,
        pattern,
    };
    let terms: Vec<String> = terms.split('|').map(str::to_owned).collect();
    let dictionary =
        DictionaryText { name: "PROJECT_NAME".to_owned(), terms: terms.clone(), ignore_case: small };
    let customs = taken(Custom::new(&custom), |place| match place {
        Place::Pattern(at) => (1..=custom.pattern.chars().count() + 1).contains(&at),
        Place::Hit(at) | Place::Word(at) => at == 1,
        Place::Whole => true,
        _ => false,
    });
    let dictionaries = taken(Dictionary::new(&dictionary), |place| match place {
        Place::Term(at) => (1..=terms.len()).contains(&at),
        Place::Whole => true,
        _ => false,
    });
    let engine = Engine::with(&customs, &dictionaries);
    assert!(engine.is_ok(), "each is taken, together they are not: {custom:?} {dictionary:?}");
    let Ok(engine) = engine.map(Arc::new) else { return };
    if !customs.is_empty() {
        assert!(!engine.scan(&hit).is_empty(), "{custom:?} finds nothing in its sample");
    }
    if !dictionaries.is_empty() {
        for term in terms.iter().filter(|term| !term.trim().is_empty()) {
            assert!(!engine.scan(term).is_empty(), "{term:?} of {dictionary:?} is not found");
        }
    }
    let joined = format!("{text} {hit} {}{text}", terms.join(" "));
    for text in [&text, &joined] {
        let whole = engine.mask(text);
        for sizes in [&sizes[..], &[1]] {
            let cut = streamed(&engine, text, sizes, &mut Labels);
            let expected = whole.text.as_ref().unwrap_or(text);
            assert_eq!(cut.text.as_ref(), Some(expected), "{custom:?} {dictionary:?} {text:?} in {sizes:?}");
            assert_eq!(cut.spans, whole.spans, "{custom:?} {dictionary:?} {text:?} in {sizes:?}");
        }
    }
}

fn taken<T>(made: Result<T, Fault>, is_place: impl Fn(Place) -> bool) -> Vec<T> {
    match made {
        Ok(made) => Vec::from([made]),
        Err(fault) => {
            assert!(!fault.message.is_empty() && is_place(fault.place), "{fault:?}");
            Vec::new()
        }
    }
}
