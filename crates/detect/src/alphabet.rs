//! Which bytes belong to what: one 256-entry table, a bit for each set.
//!
//! Promises: NUL is in no set, so it can stand for the end of the text. UTF-8 continuation bytes share the bit of
//! the Latin letters: a run that begins on a character boundary meets them only after a lead byte it accepted.

/// `0-9`.
pub const DIGIT: u16 = 1;
/// `A-Z a-z`.
pub const LETTER: u16 = 1 << 1;
/// Lead and continuation bytes of U+00C0–U+027F.
pub const LATIN: u16 = 1 << 2;
/// `A-Z`.
pub const UPPER: u16 = 1 << 3;
/// `0-9 a-f A-F`.
pub const HEX: u16 = 1 << 4;
/// The punctuation of an address before the `@`: `. _ % + -`.
pub const LOCAL_MARK: u16 = 1 << 5;
/// `. -`.
pub const HOST_MARK: u16 = 1 << 6;
/// `_`.
pub const UNDERSCORE: u16 = 1 << 7;
/// `-`.
pub const HYPHEN: u16 = 1 << 8;
/// `+ /`.
pub const PLUS_SLASH: u16 = 1 << 9;
/// What ends the authority of a URL written in text: white space, `/ ? # " ' < > \ ` and the backtick, NUL.
pub const DELIMITER: u16 = 1 << 10;
/// `.`.
pub const DOT: u16 = 1 << 11;
/// ASCII white space.
pub const SPACE: u16 = 1 << 12;
/// UTF-8 continuation bytes alone.
pub const CONTINUATION: u16 = 1 << 13;
/// `:`.
pub const COLON: u16 = 1 << 14;
/// What parts ordinary words: white space, `, ; ! ?` and closing brackets and quotes.
pub const WORD_END: u16 = 1 << 15;

pub const ALNUM: u16 = DIGIT | LETTER;
/// What may not stand directly beside most matches.
pub const WORD: u16 = ALNUM | LATIN;
pub const LOCAL: u16 = WORD | LOCAL_MARK;
pub const HOST: u16 = WORD | HOST_MARK;
pub const BASE64: u16 = ALNUM | PLUS_SLASH;
pub const BASE64_URL: u16 = ALNUM | UNDERSCORE | HYPHEN;
pub const IDENTIFIER: u16 = ALNUM | UNDERSCORE;

const fn sets_of(byte: u8) -> u16 {
    let mut sets = 0;
    if byte.is_ascii_digit() {
        sets |= DIGIT;
    }
    if byte.is_ascii_alphabetic() {
        sets |= LETTER;
    }
    if byte.is_ascii_uppercase() {
        sets |= UPPER;
    }
    if byte.is_ascii_hexdigit() {
        sets |= HEX;
    }
    if byte >= 0x80 && byte <= 0xBF {
        sets |= LATIN | CONTINUATION;
    }
    if byte >= 0xC3 && byte <= 0xC9 {
        sets |= LATIN;
    }
    if matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b';' | b'!' | b'?' | b')' | b'"' | b'\'') {
        sets |= WORD_END;
    }
    sets | match byte {
        b'.' => LOCAL_MARK | HOST_MARK | DOT,
        b'-' => LOCAL_MARK | HOST_MARK | HYPHEN,
        b'_' => LOCAL_MARK | UNDERSCORE,
        b'+' => LOCAL_MARK | PLUS_SLASH,
        b'%' => LOCAL_MARK,
        b':' => COLON,
        b'/' => PLUS_SLASH | DELIMITER,
        b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => SPACE | DELIMITER,
        b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`' => DELIMITER,
        _ => 0,
    }
}

static TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = sets_of(byte as u8);
        byte += 1;
    }
    table
};

/// The sets that `byte` is in.
pub const fn sets(byte: u8) -> u16 {
    TABLE[byte as usize]
}

/// Whether `byte` is in any of `sets`.
#[inline]
pub const fn within(byte: u8, sets: u16) -> bool {
    TABLE[byte as usize] & sets != 0
}

/// A byte in each of eight lanes.
const fn lanes(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// ASCII letters in a row from `at`, counted eight at a time.
#[inline]
pub fn letters(bytes: &[u8], at: usize) -> usize {
    const HIGH: u64 = lanes(0x80);
    let mut count = 0;
    while let Some(eight) = bytes[at + count..].first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        let small = (eight | lanes(0x20)) & lanes(0x7F);
        // The sums reach 0x80 from `a` on, and behind `z`.
        let from_a = small + lanes(0x80 - b'a');
        let behind_z = small + lanes(0x7F - b'z');
        let others = !(from_a & !behind_z & !eight) & HIGH;
        if others != 0 {
            return count + others.trailing_zeros() as usize / 8;
        }
        count += 8;
    }
    count + bytes[at + count..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_as_one_by_one() {
        for byte in 0..=u8::MAX {
            for before in 0..20 {
                let mut text = vec![b'a'; before];
                text.extend([byte, b'Z', b'z', b'A', b'@', b'[', b'`', b'{', byte]);
                let expected = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                assert_eq!(letters(&text, 0), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn nul_is_in_no_set() {
        assert_eq!(TABLE[0], 0);
    }

    #[test]
    fn latin_letters_are_words_and_other_scripts_are_not() {
        for (text, word) in
            [("é", true), ("ß", true), ("ő", true), ("я", false), ("中", false), ("\u{a0}", false)]
        {
            assert_eq!(within(text.as_bytes()[0], WORD), word, "{text}");
        }
    }
}
