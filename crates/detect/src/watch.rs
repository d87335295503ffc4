//! Looks out for what may disguise a value: escapes, and characters that are not ASCII.
//!
//! Promises: what it reports and where is a function of the text, for every cutting. It looks a bounded stretch
//! ahead, and at ASCII text without escapes only a block at a time.
//! Never: reports what ordinary prose of another script is made of.

use crate::alphabet::{ALNUM, within};
use crate::escape;
use crate::fold::{Fold, fold};
use crate::scanner::Window;

/// How far behind a disguise values may begin whose reading it changes.
pub const REACH: usize = 128;
/// Most characters of a run of look-alikes that is looked through for an ASCII one.
const LOOK_RUN: usize = 64;
const BLOCK: usize = 32;

#[derive(Debug, Default)]
pub struct Watch {
    /// Everything before is looked at. Bytes of the whole text.
    at: usize,
}

/// Something that may disguise a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    pub start: usize,
    pub end: usize,
}

/// What one place of the text says.
enum Sight {
    Trigger(usize),
    /// Nothing for so many bytes.
    Clear(usize),
    Need,
}

impl Watch {
    /// How far the text is looked at, and what stopped it there: a trigger at or behind `until`. One before moves
    /// `until` on and stops nothing.
    pub fn advance(&mut self, window: Window<'_>, mut until: Option<&mut usize>) -> (usize, Option<Trigger>) {
        let bytes = window.text.as_bytes();
        let mut i = self.at - window.base;
        loop {
            i = skip(bytes, i);
            // U+4000 to U+9FFF, most of Chinese and Japanese: no disguise.
            while let Some(0xE4..=0xE9) = bytes.get(i) {
                i += 3;
            }
            if i == bytes.len() {
                self.at = window.base + i;
                return (self.at, None);
            }
            match look(window, i) {
                Sight::Clear(length) => i += length,
                Sight::Need => {
                    self.at = window.base + i;
                    return (self.at, None);
                }
                Sight::Trigger(length) => {
                    let trigger = Trigger { start: window.base + i, end: window.base + i + length };
                    i += length;
                    match &mut until {
                        Some(until) if trigger.start < **until => **until = trigger.end + REACH,
                        _ => {
                            self.at = trigger.end;
                            return (trigger.start, Some(trigger));
                        }
                    }
                }
            }
        }
    }
}

/// Whether something may begin with `byte`.
#[inline]
pub const fn is_special(byte: u8) -> bool {
    byte >= 0x80 || byte == b'%' || byte == b'\\' || byte == b'&'
}

/// The next special byte at or after `from`.
#[inline]
pub fn skip(bytes: &[u8], from: usize) -> usize {
    let mut i = from;
    if bytes.get(i).is_none_or(|byte| is_special(*byte)) {
        return i;
    }
    while let Some(block) = bytes.get(i..i + BLOCK) {
        // Without a branch for each byte, so that many are looked at in one step.
        let special = |byte: u8| {
            (byte & 0x80) | u8::from(byte == b'%') | u8::from(byte == b'\\') | u8::from(byte == b'&')
        };
        if block.iter().fold(0, |any, byte| any | special(*byte)) != 0 {
            break;
        }
        i += BLOCK;
    }
    i + bytes[i..].iter().position(|byte| is_special(*byte)).unwrap_or(bytes.len() - i)
}

fn look(window: Window<'_>, i: usize) -> Sight {
    let bytes = window.text.as_bytes();
    let before = if i > 0 { bytes[i - 1] } else { 0 };
    if bytes[i] < 0x80 {
        return escaped(&bytes[i..], window.last);
    }
    let rest = &window.text[i..];
    let Some(character) = rest.chars().next() else { return Sight::Clear(1) };
    let length = character.len_utf8();
    let counts = match fold(character) {
        Fold::Keep => false,
        Fold::Drop if before.is_ascii_graphic() => true,
        Fold::Drop => match bytes.get(i + length) {
            None if !window.last => return Sight::Need,
            next => next.is_some_and(|next| within(*next, ALNUM)),
        },
        Fold::To(to)
            if within(to, ALNUM) || within(before, ALNUM) || matches!(before, b')' | b',' | b'.') =>
        {
            true
        }
        // A mark or blank alone is one of another script's; beside another form it may stand for ours.
        Fold::To(_) => match rest[length..].chars().next() {
            None if !window.last => return Sight::Need,
            next => next.is_some_and(|next| matches!(fold(next), Fold::To(_))),
        },
        Fold::LookAlike(_) if within(before, ALNUM) || before == b'@' => true,
        Fold::LookAlike(_) => return look_alikes(rest, window.last),
    };
    if counts { Sight::Trigger(length) } else { Sight::Clear(length) }
}

fn escaped(bytes: &[u8], last: bool) -> Sight {
    let Ok(read) = escape::read(bytes, last) else { return Sight::Need };
    let Some(escape) = read else { return Sight::Clear(1) };
    match escape.character {
        '"' | '\'' if bytes[0] == b'\\' => Sight::Clear(escape.length),
        // A line end or tab before blanks or the end of a literal parts nothing that is not parted already.
        character if character.is_ascii_whitespace() => match bytes.get(escape.length) {
            None if !last => Sight::Need,
            None | Some(b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'\'' | b'`') => Sight::Clear(escape.length),
            Some(_) => Sight::Trigger(escape.length),
        },
        character if character.is_ascii_control() => Sight::Clear(escape.length),
        _ => Sight::Trigger(escape.length),
    }
}

/// A run that begins with a look-alike counts if it reaches an ASCII letter, a digit or an `@`.
fn look_alikes(rest: &str, last: bool) -> Sight {
    for (count, (at, character)) in rest.char_indices().enumerate() {
        let counts = match fold(character) {
            _ if count == LOOK_RUN => true,
            Fold::Keep => character.is_ascii_alphanumeric() || character == '@',
            Fold::To(to) => within(to, ALNUM) || to == b'@',
            Fold::Drop | Fold::LookAlike(_) => continue,
        };
        if counts {
            return Sight::Trigger(at);
        }
        if !matches!(character, '.' | '-' | '_' | '+') {
            return Sight::Clear(at);
        }
    }
    if last { Sight::Clear(rest.len()) } else { Sight::Need }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_over_is_no_disguise() {
        for character in '\u{4000}'..='\u{9FFF}' {
            assert!(matches!(character.to_string().as_bytes(), [0xE4..=0xE9, _, _]));
            assert_eq!(fold(character), Fold::Keep, "{character}");
        }
    }
}
