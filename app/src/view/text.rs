//! Recorded text cut into what a page may show: plain text, mask labels, and marks for characters that deceive the eye.
//!
//! Model text is never trusted: it is only ever shown as text nodes. Characters that reorder or hide text (UAX #9 controls,
//! zero-width characters, tags, other controls) are replaced by a visible mark, so nobody reads something that is not there.

use countersign_model::{
    mark::is_code,
    unseen::{is_unseen, joins},
};

/// A piece of shown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// A mask label without its brackets, such as `EMAIL_ADDRESS` or `EMAIL_ADDRESS_2`.
    Label(String),
    /// The same, but typed: nothing was masked here.
    Typed(String),
    /// The same, where the record does not tell a mask from a typed label.
    Unsure(String),
    /// A token that the caller got the value for.
    Returned(String),
    /// A character that would be invisible or deceiving, by its code point: `U+202E`.
    Mark(String),
}

/// What a label in a recorded text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A value was masked here.
    Mask,
    /// Somebody wrote it like this; nothing was masked here.
    Typed,
    /// One of both: the record does not say which.
    Unsure,
    /// A token of the prompt's that the model repeated: what the caller got had the value there.
    Returned,
    /// No label of ours: `[TODO]`.
    Words,
}

/// Cuts text into pieces. `judge` is told where each label begins, in bytes, and says what it is.
pub fn pieces(text: &str, judge: impl Fn(u64, &str) -> Label) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let at = (text.len() - rest.len()) as u64;
        let seen = label_at(rest).map(|label| (label, judge(at, label)));
        if let Some((label, what)) = seen.filter(|(_, what)| *what != Label::Words) {
            flush(&mut plain, &mut out);
            out.push(match what {
                Label::Typed => Piece::Typed(label.to_owned()),
                Label::Unsure => Piece::Unsure(label.to_owned()),
                Label::Returned => Piece::Returned(label.to_owned()),
                Label::Mask | Label::Words => Piece::Label(label.to_owned()),
            });
            rest = &rest[label.len() + 2..];
            before = Some(']');
            continue;
        }
        let after = rest[first.len_utf8()..].chars().next();
        if !matches!(first, '\t' | '\n') && is_unseen(first) && !joins(before, first, after) {
            flush(&mut plain, &mut out);
            out.push(Piece::Mark(format!("U+{:04X}", u32::from(first))));
        } else {
            plain.push(first);
        }
        before = Some(first);
        rest = &rest[first.len_utf8()..];
    }
    flush(&mut plain, &mut out);
    out
}

/// Whether a label is a token.
pub fn is_token(label: &str) -> bool {
    label.rsplit_once('_').is_some_and(|(_, code)| is_code(code))
}

/// Where labels begin, in bytes, with their names.
pub fn labels(text: &str) -> impl Iterator<Item = (u64, &str)> {
    text.match_indices('[').filter_map(|(at, _)| Some((at as u64, label_at(&text[at..])?)))
}

/// The entity of a label: a trailing `_2` counts repeats and is not part of the name, nor is the code of a token or hash.
pub fn entity_of(label: &str) -> &str {
    match label.rsplit_once(['_', ':']) {
        Some((entity, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => entity,
        Some((entity, code)) if is_code(code) => entity,
        _ => label,
    }
}

/// A label in words: `EMAIL_ADDRESS` becomes `email address`, `EMAIL_ADDRESS_7K2M9QXD4T` `email address 7K2M9QXD4T`.
pub fn label_words(label: &str) -> String {
    let words = |name: &str| name.to_ascii_lowercase().replace('_', " ");
    match label.rsplit_once(['_', ':']) {
        Some((entity, code)) if is_code(code) => format!("{} {code}", words(entity)),
        _ => words(label),
    }
}

fn flush(plain: &mut String, out: &mut Vec<Piece>) {
    if !plain.is_empty() {
        out.push(Piece::Text(std::mem::take(plain)));
    }
}

/// The label that begins exactly here: `[`, an upper-case letter, upper-case letters, digits, `_` and `:`, `]`.
fn label_at(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let end = inner
        .bytes()
        .position(|b| !(b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b':')))?;
    let closed = inner.as_bytes().get(end) == Some(&b']');
    let begins = inner.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    (closed && begins && (2..=64).contains(&end)).then(|| &inner[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> Piece {
        Piece::Text(of.to_owned())
    }

    #[test]
    fn labels_become_chips_only_for_known_entities() {
        let found = pieces("To [EMAIL_ADDRESS_2], see [TODO] [x] [IBAN_CODE", |at, label| {
            assert!(at == 3 || at == 26, "{at} {label}");
            if entity_of(label) == "EMAIL_ADDRESS" { Label::Mask } else { Label::Words }
        });
        assert_eq!(
            found,
            vec![text("To "), Piece::Label("EMAIL_ADDRESS_2".into()), text(", see [TODO] [x] [IBAN_CODE")]
        );
    }

    #[test]
    fn deceiving_characters_are_marked() {
        assert_eq!(
            pieces("a\u{202e}b\u{200b}\nc\td", |_, _| Label::Mask),
            vec![
                text("a"),
                Piece::Mark("U+202E".into()),
                text("b"),
                Piece::Mark("U+200B".into()),
                text("\nc\td")
            ]
        );
        assert_eq!(
            pieces("\r\0", |_, _| Label::Mask),
            vec![Piece::Mark("U+000D".into()), Piece::Mark("U+0000".into())]
        );
    }

    #[test]
    fn nothing_is_lost_without_labels() {
        assert_eq!(pieces("", |_, _| Label::Mask), vec![]);
        assert_eq!(pieces("[[A]] é 漢字", |_, _| Label::Words), vec![text("[[A]] é 漢字")]);
        assert_eq!(entity_of("US_SSN"), "US_SSN");
        assert_eq!(entity_of("US_SSN_12"), "US_SSN");
        assert_eq!(label_words("EMAIL_ADDRESS"), "email address");
        for mark in ["EMAIL_ADDRESS_7K2M9QXD4T", "EMAIL_ADDRESS:7K2M9QXD4T"] {
            assert_eq!(entity_of(mark), "EMAIL_ADDRESS");
            assert_eq!(label_words(mark), "email address 7K2M9QXD4T");
            assert_eq!(labels(&format!("a [{mark}]")).collect::<Vec<_>>(), [(2, mark)]);
        }
        assert_eq!(entity_of("EMAIL_ADDRESS_DEPARTMENT"), "EMAIL_ADDRESS_DEPARTMENT");
    }

    #[test]
    fn typed_and_doubtful_labels_are_pieces_of_their_own() {
        let judge = |at: u64, _: &str| if at == 0 { Label::Typed } else { Label::Unsure };
        assert_eq!(
            pieces("[US_SSN][US_SSN]", judge),
            vec![Piece::Typed("US_SSN".into()), Piece::Unsure("US_SSN".into())]
        );
        assert_eq!(
            labels("a [US_SSN] [b] é[IP_ADDRESS]").collect::<Vec<_>>(),
            [(2, "US_SSN"), (17, "IP_ADDRESS")]
        );
    }

    #[test]
    fn joiners_pass_where_they_join_and_nowhere_else() {
        for whole in [
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
            "\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
            "\u{1f9d1}\u{1f3fd}\u{200d}\u{1f4bb}",
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
            "\u{915}\u{94d}\u{200d}\u{937}",
        ] {
            assert_eq!(pieces(whole, |_, _| Label::Words), vec![text(whole)]);
        }
        for hiding in ["pass\u{200d}word", "a\u{200c}b", "\u{200d}\u{1f469}", "\u{1f469}\u{200d}"] {
            let marked = pieces(hiding, |_, _| Label::Words);
            assert!(marked.iter().any(|piece| matches!(piece, Piece::Mark(_))), "{hiding:?}");
        }
    }
}
