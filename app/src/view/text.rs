//! Recorded text cut into what a page may show: plain text, mask labels, and marks for characters that deceive the eye.
//!
//! Model text is never trusted: it is only ever shown as text nodes. Characters that reorder or hide text (UAX #9 controls,
//! zero-width characters, tags, other controls) are replaced by a visible mark, so nobody reads something that is not there.

/// A piece of shown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// A mask label without its brackets, such as `EMAIL_ADDRESS` or `EMAIL_ADDRESS_2`.
    Label(String),
    /// A character that would be invisible or deceiving, by its code point: `U+202E`.
    Mark(String),
}

/// Cuts text into pieces. `known` says whether an entity was found here: `[TODO]` in a prompt is no mask.
pub fn pieces(text: &str, known: impl Fn(&str) -> bool) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(label) = label_at(rest).filter(|label| known(entity_of(label))) {
            flush(&mut plain, &mut out);
            out.push(Piece::Label(label.to_owned()));
            rest = &rest[label.len() + 2..];
            continue;
        }
        if deceives(first) {
            flush(&mut plain, &mut out);
            out.push(Piece::Mark(format!("U+{:04X}", u32::from(first))));
        } else {
            plain.push(first);
        }
        rest = &rest[first.len_utf8()..];
    }
    flush(&mut plain, &mut out);
    out
}

/// The entity of a label: a trailing `_2` counts repeats and is not part of the name.
pub fn entity_of(label: &str) -> &str {
    match label.rsplit_once('_') {
        Some((entity, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => entity,
        _ => label,
    }
}

/// A label in words: `EMAIL_ADDRESS` becomes `email address`.
pub fn label_words(label: &str) -> String {
    label.to_ascii_lowercase().replace('_', " ")
}

fn flush(plain: &mut String, out: &mut Vec<Piece>) {
    if !plain.is_empty() {
        out.push(Piece::Text(std::mem::take(plain)));
    }
}

/// The label that begins exactly here: `[`, an upper-case letter, upper-case letters, digits and `_`, `]`.
fn label_at(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let end = inner.bytes().position(|b| !(b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'))?;
    let closed = inner.as_bytes().get(end) == Some(&b']');
    let begins = inner.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    (closed && begins && (2..=64).contains(&end)).then(|| &inner[..end])
}

fn deceives(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> Piece {
        Piece::Text(of.to_owned())
    }

    #[test]
    fn labels_become_chips_only_for_known_entities() {
        let found = pieces("To [EMAIL_ADDRESS_2], see [TODO] [x] [IBAN_CODE", |e| e == "EMAIL_ADDRESS");
        assert_eq!(
            found,
            vec![text("To "), Piece::Label("EMAIL_ADDRESS_2".into()), text(", see [TODO] [x] [IBAN_CODE")]
        );
    }

    #[test]
    fn deceiving_characters_are_marked() {
        assert_eq!(
            pieces("a\u{202e}b\u{200b}\nc\td", |_| true),
            vec![
                text("a"),
                Piece::Mark("U+202E".into()),
                text("b"),
                Piece::Mark("U+200B".into()),
                text("\nc\td")
            ]
        );
        assert_eq!(
            pieces("\r\0", |_| true),
            vec![Piece::Mark("U+000D".into()), Piece::Mark("U+0000".into())]
        );
    }

    #[test]
    fn nothing_is_lost_without_labels() {
        assert_eq!(pieces("", |_| true), vec![]);
        assert_eq!(pieces("[[A]] é 漢字", |_| false), vec![text("[[A]] é 漢字")]);
        assert_eq!(entity_of("US_SSN"), "US_SSN");
        assert_eq!(entity_of("US_SSN_12"), "US_SSN");
        assert_eq!(label_words("EMAIL_ADDRESS"), "email address");
    }
}
