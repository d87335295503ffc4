//! What names of people look like: capitals, initials, particles, titles; runs of other scripts.
//!
//! Promises: reads a text that was given to it and nothing else. Whether a word is a known name is a matter of a short
//! list by region (own observation); most names are not on it, so it only decides where nothing else does.

mod known;

pub use known::{is_known, is_no_name};

/// A name at the beginning of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Name {
    /// Bytes to its end.
    pub length: usize,
    /// Words other than titles and particles, initials among them.
    pub words: usize,
    /// Words on the list.
    pub known: usize,
    pub initials: usize,
    /// The last word is an initial.
    pub ends_with_initial: bool,
    pub particles: usize,
    pub titles: usize,
    /// Words in small letters; they are no names, but where only a name can stand they are.
    pub small: usize,
    /// Of a script without capitals.
    pub caseless: bool,
}

const MOST: usize = 6;
/// Longest word, in bytes.
const WORD: usize = 40;

const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den",
    "ter", "ten", "zu", "zum", "vom", "bin", "ibn", "bint", "binti", "al", "el", "af", "av", "e", "y", "op",
    "het", "ben", "ap", "st",
];
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "fr",
    "capt",
    "herr",
    "frau",
    "hr",
    "fr",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "m",
    "sr",
    "sra",
    "srta",
    "señor",
    "señora",
    "don",
    "doña",
    "dra",
    "sig",
    "signor",
    "signora",
    "dott",
    "dottssa",
    "avv",
    "ing",
    "dhr",
    "mevr",
    "pan",
    "pani",
    "pán",
    "paní",
    "г-н",
    "г-жа",
    "профессор",
    "shri",
    "smt",
    "md",
    "ra",
    "dipl",
    "professor",
    "doctor",
    "doktor",
];
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "jun", "sen", "filho", "neto"];

fn on(list: &[&str], word: &str) -> bool {
    list.iter().any(|other| other.eq_ignore_ascii_case(word))
}

/// Scripts without capitals whose words are parted by blanks or not at all.
const fn is_caseless(character: char) -> bool {
    matches!(character as u32,
        0x0591..=0x060B | 0x060D..=0x061A | 0x0620..=0x06D3 | 0x06D5..=0x074F | 0x0900..=0x0963 | 0x0970..=0x0E3E | 0x0E40..=0x0E4E
        | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17D3 | 0x200C | 0x3005 | 0x3041..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3)
}

const fn is_spaceless(character: char) -> bool {
    matches!(character as u32, 0x3005 | 0x3041..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3)
}

/// The word at the beginning: letters, with apostrophes and hyphens between them.
fn word(text: &str) -> &str {
    let mut end = 0;
    for (at, character) in text.char_indices() {
        if character.is_alphabetic() {
            end = at + character.len_utf8();
        } else if !(matches!(character, '\'' | '’' | '-' | '\u{300}'..='\u{36f}') && at == end && at > 0) {
            break;
        } else if matches!(character, '\u{300}'..='\u{36f}')
            || text[at + character.len_utf8()..].starts_with(char::is_alphabetic)
        {
            end = at + character.len_utf8();
        } else {
            break;
        }
        if end > WORD {
            break;
        }
    }
    &text[..end]
}

/// Whether a word is written as names are: `Ana`, `SOUZA`, `O'Brien`, `Jean-Luc`, `McDonald`.
fn is_capital(word: &str) -> bool {
    let mut before = '-';
    let mut capitals = 0;
    let mut small = 0;
    for (at, character) in word.char_indices() {
        if character.is_uppercase() {
            let begins = matches!(before, '-' | '\'' | '’');
            let prefix =
                ["Mc", "Mac", "De", "Di", "La", "Le", "Van", "Fitz", "Du", "Da"].contains(&&word[..at]);
            if small > 0 && !begins && !prefix {
                return false;
            }
            capitals += 1;
        } else if character.is_lowercase() {
            if at == 0 {
                return false;
            }
            small += 1;
        }
        before = character;
    }
    capitals > 0 && word.chars().count() >= 2
}

/// The name `text` begins with, and nothing if it begins with none.
pub fn read(text: &str) -> Option<Name> {
    if text.starts_with(is_caseless) {
        return caseless(text);
    }
    let mut name = Name::default();
    let mut at = 0;
    let mut comma = false;
    while name.words < MOST {
        let rest = &text[at..];
        let word = word(rest);
        if word.is_empty() || word.len() > WORD {
            break;
        }
        let next = rest[word.len()..].chars().next();
        let dotted = next == Some('.');
        let one = word.chars().count() == 1;
        if matches!(next, Some(':' | '=' | '_' | '(' | '[' | '@' | '0'..='9' | '：')) {
            // A label, or a name of program text. What was read before it may still be a name.
            if !matches!(next, Some(':' | '：')) || name.words == 0 {
                return None;
            }
            break;
        }
        let length = word.len() + usize::from(dotted);
        if name.words == 0 && (dotted || !one) && on(TITLES, word) {
            name.titles += 1;
        } else if one && word.starts_with(char::is_uppercase) && (dotted || matches!(next, Some(' ') | None))
        {
            name.words += 1;
            name.initials += 1;
            name.ends_with_initial = true;
            name.length = at + length;
        } else if name.words > 0 && on(SUFFIXES, word) && !word.starts_with(char::is_lowercase) {
            name.length = at + length;
        } else if on(PARTICLES, word) && word.starts_with(char::is_lowercase) {
            name.particles += 1;
        } else if is_capital(word) && may_be_name(word) {
            name.words += 1;
            name.ends_with_initial = false;
            name.known += usize::from(is_known(word) && !is_no_name(word));
            name.length = at + word.len();
            // A sentence ends.
            if dotted {
                break;
            }
        } else {
            break;
        }
        at += length;
        let rest = &text[at..];
        let blank = [" ", "\u{a0}", "\u{202f}"]
            .iter()
            .find(|blank| rest.starts_with(**blank))
            .map_or(0, |blank| blank.len());
        if blank > 0 && rest[blank..].starts_with(char::is_alphabetic) {
            at += blank;
        } else if dotted && rest.starts_with(char::is_uppercase) {
        } else if !comma && name.words == 1 && name.titles == 0 && rest.starts_with(", ") && name.length == at
        {
            comma = true;
            // `Souza, Ana`: only if what follows is a name as well.
            let first = self::word(&rest[2..]);
            if !is_capital(first) || !may_be_name(first) || rest[2 + first.len()..].starts_with(':') {
                break;
            }
            at += 2;
        } else {
            break;
        }
    }
    if name.words == 0 {
        name.small = small(text);
        name.length = if name.small > 0 { word(text).len() } else { 0 };
        name.known = usize::from(name.small > 0 && is_known(word(text)));
    }
    (name.length > 0).then_some(name)
}

/// Some words are both: `May`, `White`.
fn may_be_name(word: &str) -> bool {
    !is_no_name(word) || is_known(word)
}

fn small(text: &str) -> usize {
    let word = word(text);
    usize::from(word.len() >= 3 && word.starts_with(char::is_lowercase) && !is_no_name(word))
}

fn caseless(text: &str) -> Option<Name> {
    let mut name = Name { caseless: true, ..Name::default() };
    let spaceless = text.starts_with(is_spaceless);
    let mut in_word = false;
    let mut signs = 0;
    for (at, character) in text.char_indices() {
        if is_caseless(character) {
            name.words += usize::from(!in_word);
            in_word = true;
            signs += 1;
            name.length = at + character.len_utf8();
        } else if in_word && matches!(character, ' ' | '\u{a0}' | '\u{3000}' | '·' | '・') {
            in_word = false;
        } else {
            break;
        }
        if name.words == MOST || signs > 40 {
            return None;
        }
    }
    let fits = if spaceless { (1..=12).contains(&signs) && name.words <= 3 } else { signs >= 2 };
    (fits && !is_no_name(&text[..name.length])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_to_their_end() {
        for (text, length) in [
            ("Ana Souza, 42", 9),
            ("Souza, Ana", 10),
            ("Dr. Ana de Souza Jr.", 20),
            ("J. R. R. Tolkien wrote", 16),
            ("MÜLLER", 7),
            ("O'Brien-Smith", 13),
            ("Ana Souza Phone: 12", 9),
            ("Анна Петрова", 23),
            ("王小明，男", 9),
            ("山田 太郎", 13),
        ] {
            assert_eq!(read(text).map(|name| name.length), Some(length), "{text}");
        }
        for text in ["String", "fooBar", "Name", "HttpClient", "Foo(1)", "Foo_bar", "Your Name", "", "12"] {
            assert_eq!(read(text).filter(|name| name.small == 0), None, "{text}");
        }
    }
}
