//! The masker, with every action.

use std::sync::{Arc, LazyLock};

use countersign_detect::{Entity, Labels, MarkKey, Masked, Restore, Terms, View};
use countersign_model::{
    action::{Action, Actions, Exception, Passage},
    connection::Masking,
    entity::Direction,
};

use super::{ENGINE, prose::prose, streamed};
use crate::input::{Input, pieces};

static KEY: LazyLock<MarkKey> = LazyLock::new(|| MarkKey::derive(&[3; 32]));

/// Head: an action, up to three exceptions, sizes, prose.
///
/// However it is cut, a text reads as the mask of the whole, with the same spans; the output is the text with what its
/// actions say in the spans' places and nothing else changed; the record shows no value; labels are found by nobody;
/// and tokens are turned back the same in every cutting.
pub fn masker(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let prompt = input.choose(&Action::ALL);
    let exceptions = (0..input.below(4)).map(|_| Exception {
        entity: input.choose(Entity::ALL).name().into(),
        passage: None,
        action: input.choose(&Action::ALL),
    });
    let actions = Actions { exceptions: exceptions.collect(), prompt, ..Actions::default() };
    let sizes = input.sizes();
    let text = prose(input);
    let masking = Masking { actions, ..Masking::default() };
    let terms = Terms::new(Arc::new(masking), Direction::Prompt, KEY.conversation(b"one"));
    let mut found = Vec::new();
    for view in [View::PassedOn, View::Record] {
        let writer = || terms.writer(Passage::Prompt, view);
        let whole = ENGINE.mask_with(&text, &mut writer());
        for sizes in [&sizes[..], &[1]] {
            let cut = streamed(&ENGINE, &text, sizes, &mut writer());
            assert_eq!(cut.text.as_deref(), Some(shown(&whole, &text)), "{text:?} in {sizes:?}");
            assert_eq!(cut.spans, whole.spans, "{text:?} in {sizes:?}");
        }
        holds_what_its_spans_say(&text, &whole, view);
        found.push(whole);
    }
    let places =
        |masked: &Masked| masked.spans.iter().map(|s| (s.entity, s.start, s.end)).collect::<Vec<_>>();
    assert_eq!(places(&found[0]), places(&found[1]), "{text:?}");
    labels_stay(&text);
    tokens_come_back_the_same(&terms, shown(&found[0], &text), &sizes);
}

fn shown<'a>(masked: &'a Masked, text: &'a str) -> &'a str {
    masked.text.as_deref().unwrap_or(text)
}

/// Put together from the spans: what stands between them, and for each what its action says.
fn holds_what_its_spans_say(text: &str, masked: &Masked, view: View) {
    let shown = shown(masked, text);
    let (mut from, mut expected) = (0, String::new());
    for span in &masked.spans {
        assert!(from <= span.start && span.start < span.end, "{text:?} {span:?}");
        expected.push_str(&text[from..span.start]);
        assert_eq!(expected.len(), span.at, "{text:?} {span:?}");
        let (value, label, rest) = (&text[span.start..span.end], span.entity.label(), &shown[span.at..]);
        let written = if view == View::Record { span.action.on_record() } else { span.action };
        match written {
            Action::Allow => expected.push_str(value),
            Action::Label => expected.push_str(label),
            Action::Redact => expected.push_str("[REDACTED]"),
            Action::Partial => {
                let part: String = rest.chars().take(value.chars().count()).collect();
                let seen = part.chars().filter(|c| c.is_alphanumeric()).count();
                assert_eq!(seen, 4, "{text:?} {part}");
                expected.push_str(&part);
            }
            Action::Hash | Action::Tokenize => {
                let mark = &rest[..=rest.find(']').unwrap_or_default()];
                assert_eq!(mark.len(), label.len() + 11, "{text:?} {mark}");
                assert!(mark.starts_with(&label[..label.len() - 1]), "{text:?} {mark}");
                expected.push_str(mark);
            }
        }
        from = span.end;
    }
    expected.push_str(&text[from..]);
    assert_eq!(shown, expected, "{text:?}");
}

/// What was masked goes to the model again with the next turn: no label is taken for a value.
fn labels_stay(text: &str) {
    let once = ENGINE.mask_with(text, &mut Labels);
    let Some(out) = &once.text else { return };
    let again = ENGINE.scan(out);
    for written in &once.spans {
        let end = written.at + written.entity.label().len();
        let hit = again.iter().find(|span| span.start < end && written.at < span.end);
        assert!(hit.is_none(), "{text:?} is {out:?}, in which {hit:?} is found");
    }
}

fn tokens_come_back_the_same(terms: &Terms, masked: &str, sizes: &[usize]) {
    let issued = Arc::new(terms.take_issued());
    for argument in [false, true] {
        let whole = Restore::whole(&issued, argument, masked).unwrap_or_else(|| masked.to_owned());
        for sizes in [sizes, &[1]] {
            let (mut restore, mut out) = (Restore::new(issued.clone(), argument), String::new());
            for piece in pieces(masked, sizes) {
                restore.push(piece, &mut out);
            }
            restore.finish(&mut out);
            assert_eq!(out, whole, "{masked:?} in {sizes:?}, argument {argument}");
        }
    }
}
