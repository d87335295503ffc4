//! What one character is taken for: nothing, an ASCII character, or itself.
//!
//! Promises: a function of the character alone (its table is made at compile time from ranges in `table`), so no
//! cutting changes it; ASCII is never folded.
//! Never: composes or takes apart; a form of several characters stays. The words it makes are only matched, never
//! shown.

mod table;

use table::{DIGIT_ZEROS, DROPPED, LOOK_ALIKES, RANGES, SINGLES};

/// What a character is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Itself.
    Keep,
    /// Nothing: it is invisible or only decorates.
    Drop,
    /// An ASCII letter, digit, mark or blank that it is a variant of.
    To(u8),
    /// A letter of another script that looks like this ASCII one.
    LookAlike(u8),
}

const DROP: u8 = 1;
const LOOK: u8 = 0x80;
/// Characters a page holds.
const PAGE: usize = 256;
/// Pages looked up; the format characters of plane 14 are beyond.
const PAGES: usize = 0x1FC;

/// One byte for each character of the pages that fold anything: 0 keeps, [`DROP`], an ASCII byte, or one with [`LOOK`].
struct Table {
    /// Which page of `folds`, 0 for none, by the character's upper bits.
    place: [u8; PAGES],
    folds: [[u8; PAGE]; 80],
}

impl Table {
    const fn put(&mut self, used: &mut u8, code: u32, fold: u8) {
        let page = code as usize / PAGE;
        if self.place[page] == 0 {
            *used += 1;
            self.place[page] = *used;
        }
        self.folds[self.place[page] as usize][code as usize % PAGE] = fold;
    }

    #[expect(clippy::large_stack_arrays, reason = "made at compile time")]
    const fn new() -> Self {
        let mut table = Self { place: [0; PAGES], folds: [[0; PAGE]; 80] };
        let mut used = 0;
        let mut i = 0;
        while i < DROPPED.len() {
            let (mut code, last) = DROPPED[i];
            while code <= last {
                table.put(&mut used, code, DROP);
                code += 1;
            }
            i += 1;
        }
        i = 0;
        while i < DIGIT_ZEROS.len() {
            let mut digit = 0;
            while digit < 10 {
                table.put(&mut used, DIGIT_ZEROS[i] + digit, b'0' + digit as u8);
                digit += 1;
            }
            i += 1;
        }
        i = 0;
        while i < RANGES.len() {
            let (first, last, to, step) = RANGES[i];
            let mut code = first;
            while code <= last {
                table.put(&mut used, code, to + step * (code - first) as u8);
                code += 1;
            }
            i += 1;
        }
        // Mathematical alphabets: thirteen of 26 capitals and 26 small letters, then five rows of digits.
        let mut code = 0x1D400;
        while code < 0x1D6A4 {
            let letter = ((code - 0x1D400) % 52) as u8;
            table.put(&mut used, code, if letter < 26 { b'A' + letter } else { b'a' + letter - 26 });
            code += 1;
        }
        code = 0x1D7CE;
        while code < 0x1D800 {
            table.put(&mut used, code, b'0' + ((code - 0x1D7CE) % 10) as u8);
            code += 1;
        }
        i = 0;
        while i < SINGLES.len() {
            table.put(&mut used, SINGLES[i].0 as u32, SINGLES[i].1);
            i += 1;
        }
        i = 0;
        while i < LOOK_ALIKES.len() {
            table.put(&mut used, LOOK_ALIKES[i].0 as u32, LOOK_ALIKES[i].1 | LOOK);
            i += 1;
        }
        table
    }
}

static TABLE: Table = Table::new();

/// What `character` is taken for.
#[inline]
pub fn fold(character: char) -> Fold {
    let code = character as usize;
    if code < 0x80 {
        return Fold::Keep;
    }
    if code >= PAGES * PAGE {
        // Tags and variation selectors of plane 14.
        return if (0xE_0000..0xE_1000).contains(&code) { Fold::Drop } else { Fold::Keep };
    }
    match TABLE.folds[usize::from(TABLE.place[code / PAGE])][code % PAGE] {
        0 => Fold::Keep,
        DROP => Fold::Drop,
        look if look & LOOK != 0 => Fold::LookAlike(look & !LOOK),
        to => Fold::To(to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_form_folds() {
        for (from, to) in [
            ('４', b'4'),
            ('Ａ', b'A'),
            ('ｚ', b'z'),
            ('＠', b'@'),
            ('．', b'.'),
            ('：', b':'),
            ('𝟒', b'4'),
            ('𝒶', b'a'),
            ('𝐀', b'A'),
            ('①', b'1'),
            ('ⓐ', b'a'),
            ('٤', b'4'),
            ('४', b'4'),
            ('‑', b'-'),
            ('–', b'-'),
            ('−', b'-'),
            ('\u{a0}', b' '),
            ('\u{202f}', b' '),
            ('\u{3000}', b' '),
            ('²', b'2'),
            ('ℎ', b'h'),
        ] {
            assert_eq!(fold(from), Fold::To(to), "{from:?}");
        }
        for dropped in ['\u{200b}', '\u{200d}', '\u{ad}', '\u{feff}', '\u{fe0f}', '\u{e0041}', '\u{2060}'] {
            assert_eq!(fold(dropped), Fold::Drop, "{dropped:?}");
        }
        for (from, to) in [('а', b'a'), ('Е', b'E'), ('ο', b'o'), ('Ꭺ', b'A'), ('օ', b'o'), ('ӏ', b'l')]
        {
            assert_eq!(fold(from), Fold::LookAlike(to), "{from:?}");
        }
    }

    #[test]
    fn ordinary_letters_and_pictures_stay() {
        for kept in ['a', '~', 'é', 'ß', 'ж', 'ш', 'λ', '中', 'あ', 'ا', '🙂', '🇩', '👩'] {
            assert_eq!(fold(kept), Fold::Keep, "{kept:?}");
        }
    }
}
