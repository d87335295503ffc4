//! Characters as texts write them when they may not stand as they are: JSON's escapes (RFC 8259 §7: `\/`, `\u003d`),
//! percent-encoding (RFC 3986 §2.1: `%3D`) and HTML's references (`&#61;`, `&#x3d;`, `&amp;`), in any mixture.

use super::search::NEVER;

/// Longest escape that is read: `&#x0000003d;`. What goes on longer is none.
const ESCAPE_MAX: usize = 12;

/// HTML's names for the marks that credentials are made with.
const NAMED: [(&[u8], u8); 14] = [
    (b"amp", b'&'),
    (b"lt", b'<'),
    (b"gt", b'>'),
    (b"quot", b'"'),
    (b"apos", b'\''),
    (b"sol", b'/'),
    (b"plus", b'+'),
    (b"equals", b'='),
    (b"lowbar", b'_'),
    (b"period", b'.'),
    (b"colon", b':'),
    (b"comma", b','),
    (b"hyphen", b'-'),
    (b"dash", b'-'),
];

/// Reads escapes byte by byte.
#[derive(Debug, Clone, Default)]
pub struct Escapes {
    /// An escape that is not complete.
    begun: Vec<u8>,
}

/// What a byte led to.
pub enum Read {
    /// It belongs to an escape that is not complete.
    More,
    /// A character, and how it was written.
    Character(u16, Vec<u8>),
    /// What had begun is no escape: its bytes stand for themselves, and the byte is to be read again.
    NoEscape(Vec<u8>),
}

impl Escapes {
    /// Whether the byte stands for itself: nothing has begun, and it begins nothing.
    pub fn is_plain(&self, byte: u8) -> bool {
        self.begun.is_empty() && !matches!(byte, b'\\' | b'%' | b'&')
    }

    /// Takes a byte that is not plain.
    pub fn read(&mut self, byte: u8) -> Read {
        if self.begun.is_empty() {
            self.begun.push(byte);
            return Read::More;
        }
        self.begun.push(byte);
        let state = match self.begun[0] {
            b'\\' => json(&self.begun[1..]),
            b'%' => percent(&self.begun[1..]),
            _ => reference(&self.begun[1..]),
        };
        match state {
            State::More if self.begun.len() < ESCAPE_MAX => Read::More,
            State::Means(meant) => Read::Character(meant, std::mem::take(&mut self.begun)),
            State::More | State::None => {
                self.begun.pop();
                Read::NoEscape(std::mem::take(&mut self.begun))
            }
        }
    }

    /// The end: what had begun stands for itself.
    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.begun)
    }
}

enum State {
    More,
    Means(u16),
    None,
}

/// What follows the backslash.
fn json(rest: &[u8]) -> State {
    match rest {
        [b'"' | b'\\' | b'/'] => State::Means(u16::from(rest[0])),
        [b'b' | b'f' | b'n' | b'r' | b't'] => State::Means(NEVER),
        [b'u', digits @ ..] => number(digits, 16, 4),
        _ => State::None,
    }
}

fn percent(rest: &[u8]) -> State {
    number(rest, 16, 2)
}

/// What follows the ampersand.
fn reference(rest: &[u8]) -> State {
    match rest {
        [b'#'] | [b'#', b'x' | b'X'] => State::More,
        [b'#', b'x' | b'X', digits @ .., b';'] => closed(digits, 16),
        [b'#', b'x' | b'X', digits @ ..] => open(digits, u8::is_ascii_hexdigit),
        [b'#', digits @ .., b';'] => closed(digits, 10),
        [b'#', digits @ ..] => open(digits, u8::is_ascii_digit),
        [name @ .., b';'] => match NAMED.iter().find(|(known, _)| *known == name) {
            Some((_, meant)) => State::Means(u16::from(*meant)),
            None => State::None,
        },
        name => open(name, u8::is_ascii_lowercase),
    }
}

fn open(text: &[u8], belongs: fn(&u8) -> bool) -> State {
    if text.iter().all(belongs) { State::More } else { State::None }
}

fn closed(digits: &[u8], radix: u32) -> State {
    if digits.is_empty() { State::None } else { number(digits, radix, digits.len()) }
}

/// A character by its number, of so many digits.
fn number(digits: &[u8], radix: u32, length: usize) -> State {
    if !digits.iter().all(|digit| char::from(*digit).is_digit(radix)) {
        return State::None;
    }
    if digits.len() < length {
        return State::More;
    }
    let value = std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, radix).ok());
    State::Means(
        value.and_then(|value| u16::try_from(value).ok()).filter(|&value| value < 128).unwrap_or(NEVER),
    )
}
