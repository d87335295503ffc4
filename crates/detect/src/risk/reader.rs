//! Reads a text once and notes where known words and structures stand.
//!
//! Promises: every byte is looked at a bounded number of times, and text within encoded text once for each coding it is
//! in. A word is known through invisible characters, look-alikes, full width, digits for letters, ROT13, and letters
//! set apart.
//! Never: keeps text; what it notes are places and concepts.

mod marks;

use super::concept::{AI, Concepts, DISCUSS, HIDDEN, NEGATION, SYSTEM, TURN};
use super::encoded;
use super::lexicon::{Known, Lexicon, fold_into, lexicon};
use crate::fold::{Fold, fold};
use crate::topics::{Kind as Letter, letter};

/// Something known, and how it stands there.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    pub concepts: Concepts,
    /// Words before it.
    pub word: u32,
    pub sentence: u32,
    /// Commas and the like before it.
    pub clause: u32,
    pub start: usize,
    pub end: usize,
    pub manner: Manner,
}

/// How a word stands in its text: several bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner(u8);

impl Manner {
    pub const QUOTED: Self = Self(1);
    /// A part of an identifier.
    pub const NAME: Self = Self(1 << 1);
    /// Within a fenced block.
    pub const FENCED: Self = Self(1 << 2);
    /// Was to be recognised by nobody but a model.
    pub const DISGUISED: Self = Self(1 << 3);
    /// Says that somebody does or did it, not that it shall be done.
    pub const TOLD: Self = Self(1 << 4);
    /// Written in capitals.
    pub const CAPITALS: Self = Self(1 << 5);

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What stands in a text that no reader sees, or sees without being able to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// Text spelt in tag characters (U+E0020 to U+E007E).
    Tags(String),
    /// A long run of characters that show nothing.
    Invisible,
    /// Text in base64 or hex.
    Encoded(String),
}

/// What was read.
#[derive(Debug, Default)]
pub struct Notes {
    pub events: Vec<Event>,
    pub finds: Vec<(Find, usize, usize)>,
    /// Words read.
    pub words: u32,
}

/// Most characters of a word that is looked up.
const WORD_MAX: usize = 32;
/// Fewest single letters in a row that are read as words set apart.
const APART: usize = 6;
/// Most of them that are read at once.
const APART_MAX: usize = 256;
/// Fewest invisible characters in a row that carry something: emoji sequences have one or two at a place.
const INVISIBLE: usize = 8;
/// Most finds that are kept.
const FINDS: usize = 32;

#[derive(Debug, Default)]
struct State {
    sentence: u32,
    clause: u32,
    quote: Option<char>,
    /// Where the quotation began; one that never ends is none.
    quoted_from: u32,
    fenced: bool,
    comment: bool,
    at_line_start: bool,
    /// Single letters in a row, and where each stands.
    apart: Vec<(u8, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    Mark,
    Wide,
}

static CLASS: [Class; 256] = {
    let mut table = [Class::Mark; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b' ' | b'\t' | b'\r' => Class::Space,
            0x80.. => Class::Wide,
            _ => Class::Mark,
        };
        byte += 1;
    }
    table
};

#[inline]
fn class(byte: u8) -> Class {
    CLASS[usize::from(byte)]
}

/// Longest quotation, in words: a quote that is never closed is an inch or an apostrophe.
const QUOTE_MAX: u32 = 60;

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    lexicon: &'static Lexicon,
    notes: Notes,
    state: State,
}

/// Reads a whole text.
pub fn read(text: &str) -> Notes {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        lexicon: lexicon(),
        notes: Notes::default(),
        state: State { at_line_start: true, ..State::default() },
    };
    let mut at = 0;
    while let Some(byte) = reader.bytes.get(at) {
        at = match class(*byte) {
            Class::Space => at + 1,
            Class::Letter | Class::Digit => reader.word(at),
            Class::Mark => reader.mark(at),
            Class::Wide => reader.wide(at),
        };
    }
    reader.gather();
    reader.notes
}

impl Reader<'_> {
    fn manner(&self) -> Manner {
        let mut manner = Manner::default();
        if self.state.quote.is_some() && self.notes.words - self.state.quoted_from < QUOTE_MAX {
            manner = manner.with(Manner::QUOTED);
        }
        if self.state.fenced {
            manner = manner.with(Manner::FENCED);
        }
        manner
    }

    fn note(&mut self, concepts: Concepts, start: usize, end: usize, manner: Manner) {
        let manner = manner.with(self.manner());
        let concepts = if self.state.comment { concepts | HIDDEN } else { concepts };
        self.notes.events.push(Event {
            concepts,
            word: self.notes.words,
            sentence: self.state.sentence,
            clause: self.state.clause,
            start,
            end,
            manner,
        });
    }

    fn find(&mut self, find: Find, start: usize, end: usize) {
        if self.notes.finds.len() < FINDS {
            self.notes.finds.push((find, start, end));
        }
    }

    /// A word that begins with an ASCII letter or digit. Gives where it ends.
    #[inline]
    fn word(&mut self, start: usize) -> usize {
        let mut end = start + 1;
        let mut digits = usize::from(self.bytes[start].is_ascii_digit());
        while let Some(byte) = self.bytes.get(end) {
            match class(*byte) {
                Class::Letter => end += 1,
                Class::Digit => {
                    digits += 1;
                    end += 1;
                }
                _ => break,
            }
        }
        let next = self.bytes.get(end).copied().unwrap_or(0);
        if next >= 0x80 {
            return self.mixed(start);
        }
        let length = end - start;
        if digits == length {
            self.notes.words += 1;
            self.state.at_line_start = false;
            return end;
        }
        if length == 1 {
            return self.single(start, next);
        }
        if !self.state.apart.is_empty() {
            self.gather();
        }
        if matches!(next, b'@' | b'$' | b'!' | b'|')
            && self.bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        {
            return self.mixed(start);
        }
        if length >= encoded::RUN
            && let Some((text, end)) = encoded::decode(self.bytes, start)
        {
            self.find(Find::Encoded(text), start, end);
            self.notes.words += 1;
            return end;
        }
        let word = &self.bytes[start..end];
        if digits > 0 {
            self.with_digits(start, end);
        } else if let Some(known) = self.lexicon.find(word) {
            self.known(known, start, end);
        } else if matches!(word.len(), 4 | 5) && word[..4].eq_ignore_ascii_case(b"http") {
            return self.link(start, end);
        } else if next == b'\'' && word.eq_ignore_ascii_case(b"don") && self.bytes.get(end + 1) == Some(&b't')
        {
            self.note(NEGATION, start, end, Manner::default());
        }
        self.notes.words += 1;
        self.state.at_line_start = false;
        end
    }

    #[inline]
    fn known(&mut self, known: Known, start: usize, end: usize) {
        let word = &self.bytes[start..end];
        let mut concepts = known.concepts;
        let mut manner = Manner::default();
        if known.rotated {
            manner = manner.with(Manner::DISGUISED);
        }
        if known.length < word.len() && is_told(word) {
            manner = manner.with(Manner::TOLD);
        }
        if word.iter().all(u8::is_ascii_uppercase) {
            manner = manner.with(Manner::CAPITALS);
        }
        let beside = |byte: Option<&u8>| byte.is_some_and(|byte| *byte == b'_');
        if beside(self.bytes.get(end)) || (start > 0 && beside(self.bytes.get(start - 1))) {
            manner = manner.with(Manner::NAME);
        }
        if self.state.at_line_start
            && self.bytes.get(end) == Some(&b':')
            && concepts.meets(SYSTEM | AI)
            && turns(word)
        {
            concepts = concepts | TURN;
        }
        self.note(concepts, start, end, manner);
    }

    /// One letter by itself: perhaps of a word whose letters are set apart.
    fn single(&mut self, start: usize, next: u8) -> usize {
        let near = self.state.apart.last().is_some_and(|(_, last)| start - last <= 4);
        if !near {
            self.gather();
        }
        if self.state.apart.len() == APART_MAX {
            self.gather();
        }
        self.state.apart.push((self.bytes[start].to_ascii_lowercase(), start));
        // `U` for you, `n't` and the like are read as words too.
        if next != b'\''
            && let Some(known) = self.lexicon.find(&self.bytes[start..=start])
        {
            self.note(known.concepts, start, start + 1, Manner::default());
        }
        self.notes.words += 1;
        self.state.at_line_start = false;
        start + 1
    }

    /// Reads the letters that were set apart as one text without blanks.
    fn gather(&mut self) {
        if self.state.apart.len() < APART {
            self.state.apart.clear();
            return;
        }
        let apart = std::mem::take(&mut self.state.apart);
        let letters: Vec<u8> = apart.iter().map(|(letter, _)| *letter).collect();
        let mut at = 0;
        while at < letters.len() {
            match self.lexicon.find_within(&letters[at..]) {
                Some(known) => {
                    let (start, end) = (apart[at].1, apart[at + known.length - 1].1 + 1);
                    self.note(known.concepts, start, end, Manner::DISGUISED);
                    at += known.length;
                }
                None => at += 1,
            }
        }
    }

    /// A word of letters and digits: `1gn0re`.
    fn with_digits(&mut self, start: usize, end: usize) {
        let word = &self.bytes[start..end];
        if let Some(known) = self.lexicon.find(word) {
            self.note(known.concepts, start, end, Manner::default());
            return;
        }
        let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
        if word.len() > WORD_MAX || digits * 2 > word.len() + 1 || word.len() < 4 {
            return;
        }
        for one in [b'i', b'l'] {
            let read: Vec<u8> = word.iter().map(|byte| unleet(*byte, one)).collect();
            if let Some(known) = self.lexicon.find(&read) {
                self.note(known.concepts, start, end, Manner::DISGUISED);
                return;
            }
        }
    }

    /// A word with something in it that is not an ASCII letter or digit.
    fn mixed(&mut self, start: usize) -> usize {
        let mut folded: Vec<u8> = Vec::with_capacity(WORD_MAX);
        let (mut disguised, mut ascii) = (false, false);
        let mut end = start;
        for (offset, character) in self.text[start..].char_indices() {
            let at = start + offset;
            let after = at + character.len_utf8();
            if character.is_ascii_alphanumeric() {
                ascii |= character.is_ascii_alphabetic();
                folded.push(character.to_ascii_lowercase() as u8);
            } else if matches!(character, '@' | '$' | '!' | '|')
                && self.bytes.get(after).is_some_and(u8::is_ascii_alphanumeric)
                && !folded.is_empty()
            {
                disguised = true;
                folded.push(unleet(character as u8, b'i'));
            } else if character.is_ascii() {
                break;
            } else {
                match fold(character) {
                    Fold::Drop => disguised = true,
                    Fold::To(to) if to.is_ascii_alphanumeric() => {
                        (disguised, ascii) = (true, true);
                        folded.push(to.to_ascii_lowercase());
                    }
                    Fold::To(_) => break,
                    // A letter that looks like ours is ours beside ours; in its own script it is itself.
                    Fold::LookAlike(to)
                        if ascii || self.text[after..].starts_with(|c: char| c.is_ascii_alphabetic()) =>
                    {
                        disguised = true;
                        folded.push(to.to_ascii_lowercase());
                    }
                    Fold::LookAlike(_) | Fold::Keep => {
                        if !fold_into(character, &mut folded) {
                            break;
                        }
                    }
                }
            }
            end = after;
            if folded.len() > 2 * WORD_MAX {
                break;
            }
        }
        let mut known = self.lexicon.find(&folded);
        if known.is_none() && folded.iter().any(u8::is_ascii_digit) && folded.len() >= 4 {
            let read: Vec<u8> = folded.iter().map(|byte| unleet(*byte, b'i')).collect();
            known = self.lexicon.find(&read);
            disguised = true;
        }
        if let Some(known) = known {
            let manner = if disguised { Manner::DISGUISED } else { Manner::default() };
            self.note(known.concepts, start, end, manner);
        }
        self.notes.words += 1;
        self.state.at_line_start = false;
        end.max(start + 1)
    }

    /// A mark of punctuation, or what begins with one.
    fn mark(&mut self, at: usize) -> usize {
        let next = self.bytes.get(at + 1).copied().unwrap_or(0);
        match self.bytes[at] {
            b'\n' => {
                self.state.at_line_start = true;
                if matches!(next, b'\n' | b'-' | b'*' | b'#' | b'>') {
                    self.state.sentence += 1;
                    if next == b'\n' {
                        self.state.quote = None;
                    }
                }
            }
            b'.' if next == 0 || class(next) == Class::Space || next == b'\n' => self.state.sentence += 1,
            b'!' | b'?' if next != b'[' => self.state.sentence += 1,
            b',' | b';' | b':' => self.state.clause += 1,
            b'"' => self.quote('"'),
            b'`' => return self.backtick(at),
            b'\'' => {
                let before = at.checked_sub(1).map_or(0, |before| self.bytes[before]);
                let inside = class(before) == Class::Letter || before >= 0x80;
                let opens = !inside && class(next) == Class::Letter && self.state.quote.is_none();
                if opens || (self.state.quote == Some('\'') && class(next) != Class::Letter) {
                    self.quote('\'');
                }
            }
            b'<' => return self.angle(at),
            b'[' => return self.bracket(at),
            b'-' if self.state.comment && self.bytes[at..].starts_with(b"-->") => self.state.comment = false,
            b'#' if self.state.at_line_start => return at + 1,
            _ => {}
        }
        if !matches!(self.bytes[at], b'\n' | b'*' | b'>' | b'[' | b'"') {
            self.state.at_line_start = false;
        }
        at + 1
    }

    fn quote(&mut self, mark: char) {
        self.state.quote = if self.state.quote == Some(mark) { None } else { Some(mark) };
        self.state.quoted_from = self.notes.words;
    }

    fn backtick(&mut self, at: usize) -> usize {
        if self.bytes[at..].starts_with(b"```") {
            self.state.fenced = !self.state.fenced;
            return at + 3;
        }
        self.quote('`');
        at + 1
    }

    /// A character that is not ASCII.
    fn wide(&mut self, at: usize) -> usize {
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
    fn unspaced(&mut self, at: usize, end: usize, character: char) {
        if let Some(known) = self.lexicon.ending(&self.text[..end], character) {
            let start = end - known.length;
            self.note(known.concepts, start, end, Manner::default());
        }
        // By place, so that it is the same however the text is read.
        self.notes.words += u32::from((at / 3).is_multiple_of(2));
        self.state.at_line_start = false;
    }

    /// Characters that show nothing, as many as stand in a row.
    fn invisible(&mut self, start: usize) -> usize {
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

/// `ignored`, `ignoring`, `ignores`.
fn is_told(word: &[u8]) -> bool {
    let ends = |ending: &[u8]| {
        word.len() >= ending.len() && word[word.len() - ending.len()..].eq_ignore_ascii_case(ending)
    };
    ends(b"ed") || ends(b"ing") || ends(b"es") || (ends(b"s") && !ends(b"ss"))
}

/// The word of a role that heads a turn.
fn turns(word: &[u8]) -> bool {
    [b"system".as_slice(), b"developer", b"assistant", b"systems"]
        .iter()
        .any(|role| word.eq_ignore_ascii_case(role))
}

/// The letter that a digit or mark stands for.
const fn unleet(byte: u8, one: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'!' | b'|' => one,
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        b'8' => b'b',
        b'9' => b'g',
        _ => byte,
    }
}
