//! Characters that are not ASCII: letters of other scripts, their marks, and what shows nothing.

use super::{Find, Manner, Reader};
use crate::fold::{Fold, fold};
use crate::risk::concept::DISCUSS;
use crate::topics::{Kind as Letter, letter};

/// Fewest invisible characters in a row that carry something: emoji sequences have one or two at a place.
const INVISIBLE: usize = 8;

impl Reader<'_> {
    /// A character that is not ASCII.
    pub(super) fn wide(&mut self, at: usize) -> usize {
        let Some(character) = self.text[at..].chars().next() else { return at + 1 };
        let end = at + character.len_utf8();
        match fold(character) {
            Fold::Drop => return self.invisible(at),
            Fold::To(to) if to.is_ascii_alphanumeric() => return self.mixed(at),
            Fold::To(b'!' | b'?') => self.state.sentence += 1,
            Fold::To(b',' | b';' | b':') => self.state.clause += 1,
            Fold::To(_) => {}
            Fold::LookAlike(_) => return self.mixed(at),
            Fold::Keep => {
                let (kind, ..) = letter(&self.bytes[at..end]);
                match (kind, character) {
                    (_, '。' | '…') => self.state.sentence += 1,
                    // `¿Por qué ignora …?` asks; without it, `ignora` is an order.
                    (_, '¿') if self.text[end..].starts_with("Por ") => {
                        self.note(DISCUSS, at, end, Manner::default());
                    }
                    (_, '、') => self.state.clause += 1,
                    (_, '«' | '“' | '„' | '「' | '『' | '‹') => {
                        self.state.quote = Some(character);
                        self.state.quoted_from = self.notes.words;
                    }
                    (_, '»' | '”' | '」' | '』' | '›') => self.state.quote = None,
                    (_, '\u{3000}'..='\u{303f}') => {}
                    (Letter::Latin | Letter::Other, _) => return self.mixed(at),
                    (Letter::Character, _) => self.unspaced(at, end, character),
                    _ => {}
                }
            }
        }
        end
    }

    /// A character of a script without blanks: two of them count as a word.
    pub(super) fn unspaced(&mut self, at: usize, end: usize, character: char) {
        if let Some(known) = self.lexicon.ending(&self.text[..end], character) {
            let start = end - known.length;
            self.note(known.concepts, start, end, Manner::default());
        }
        // By place, so that it is the same however the text is read.
        self.notes.words += u32::from((at / 3).is_multiple_of(2));
        self.state.at_line_start = false;
    }

    /// Characters that show nothing, as many as stand in a row.
    pub(super) fn invisible(&mut self, start: usize) -> usize {
        let (mut end, mut count, mut tags) = (start, 0, String::new());
        for character in self.text[start..].chars() {
            if fold(character) != Fold::Drop || ('\u{300}'..='\u{36f}').contains(&character) {
                break;
            }
            if let '\u{e0020}'..='\u{e007e}' = character {
                tags.extend(char::from_u32(character as u32 - 0xE_0000));
            }
            count += 1;
            end += character.len_utf8();
        }
        let flag = self.text[..start].ends_with('\u{1f3f4}') && tags.len() <= 6;
        if !flag && tags.len() >= 3 {
            self.find(Find::Tags(tags), start, end);
        } else if !flag && count >= INVISIBLE {
            self.find(Find::Invisible, start, end);
        }
        // One combining mark at least was read.
        if end == start { start + self.text[start..].chars().next().map_or(1, char::len_utf8) } else { end }
    }
}
