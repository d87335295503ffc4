//! Letters as words are compared by: without case, Latin ones without accents.

/// What a character is to words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A to Z and the Latin letters up to U+027F.
    Latin,
    /// A letter of another alphabet of two bytes: Greek, Cyrillic, Hebrew, Arabic.
    Other,
    /// A word by itself: Chinese, Japanese, Korean, Thai, Devanagari.
    Character,
    Number,
    Mark,
}

impl Kind {
    /// Whether several in a row are one word.
    pub const fn joins(self) -> bool {
        !matches!(self, Self::Character | Self::Mark)
    }
}

/// U+00C0 to U+017F.
const PLAIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty\
    aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll\
    lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// A letter of ASCII for a letter of ASCII, or for a Latin one that has an accent.
pub fn plain_letter(character: char) -> Option<u8> {
    let mut bytes = [0; 4];
    let (_, _, sign, _) = letter(character.encode_utf8(&mut bytes).as_bytes());
    if character.is_ascii() {
        Some(character as u8)
    } else {
        u8::try_from(sign).ok().filter(u8::is_ascii_alphabetic)
    }
}

/// The first character: what it is, its bytes, what it counts as, and whether it is a capital of the Latin alphabet.
#[inline]
pub fn letter(text: &[u8]) -> (Kind, usize, u32, bool) {
    let first = text[0];
    if first < 0x80 {
        return if first.is_ascii_alphabetic() {
            (Kind::Latin, 1, u32::from(first | 0x20), first < b'a')
        } else if first.is_ascii_digit() {
            (Kind::Number, 1, 0, false)
        } else {
            (Kind::Mark, 1, 0, false)
        };
    }
    let more = |at: usize| text.get(at).map_or(0, |byte| u32::from(byte & 0x3F));
    match first {
        0xC3..=0xDF => {
            let code = u32::from(first & 0x1F) << 6 | more(1);
            match code {
                0xC0..=0x17F => (Kind::Latin, 2, u32::from(PLAIN[code as usize - 0xC0]), false),
                0x180..=0x27F => (Kind::Latin, 2, code, false),
                // Greek with and without accents, and Cyrillic.
                0x391..=0x3A9 | 0x410..=0x42F => (Kind::Other, 2, code + 0x20, false),
                0x386 | 0x3AC => (Kind::Other, 2, 0x3B1, false),
                0x388 | 0x3AD => (Kind::Other, 2, 0x3B5, false),
                0x389 | 0x3AE => (Kind::Other, 2, 0x3B7, false),
                0x38A | 0x3AF => (Kind::Other, 2, 0x3B9, false),
                0x38C | 0x3CC => (Kind::Other, 2, 0x3BF, false),
                0x38E | 0x3CD => (Kind::Other, 2, 0x3C5, false),
                0x38F | 0x3CE => (Kind::Other, 2, 0x3C9, false),
                0x400..=0x40F => (Kind::Other, 2, code + 0x50, false),
                _ => (Kind::Other, 2, code, false),
            }
        }
        // Punctuation of U+2000 to U+2FFF, full-width forms, pictures.
        0xE2 | 0xEE | 0xEF => (Kind::Mark, 3, 0, false),
        0xE0..=0xED => (Kind::Character, 3, u32::from(first) << 12 | more(1) << 6 | more(2), false),
        0xF0.. => (Kind::Mark, 4, 0, false),
        _ => (Kind::Mark, if first == 0xC2 { 2 } else { 1 }, 0, false),
    }
}
