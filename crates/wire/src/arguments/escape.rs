//! Reads the inside of a JSON string one character at a time, leniently, with every character's own form.

use crate::json::short_form;

/// A decoded character and how it was written.
pub(super) struct Read<'a> {
    pub character: char,
    pub raw: &'a str,
}

/// Where in an escape we are.
#[derive(Debug, Default)]
pub(super) struct Escape {
    at: At,
    /// The escape so far, from its backslash.
    raw: String,
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    /// Not in an escape.
    #[default]
    Plain,
    /// After a backslash.
    Slash,
    /// In `\uXXXX`, after so many digits; perhaps the second half of a pair.
    Unit { digits: u8, unit: u32, high: Option<u32> },
    /// After the first half of a pair.
    High(u32),
    /// After that half and a backslash.
    HighSlash(u32),
}

/// Bytes of one `\uXXXX`.
const UNIT: usize = 6;

impl Escape {
    /// Takes one character; true when it was the closing quote.
    pub fn step(&mut self, c: char, mut read: impl FnMut(Read<'_>)) -> bool {
        match self.at {
            At::Plain => match c {
                '"' => return true,
                '\\' => self.begin(),
                _ => read(Read { character: c, raw: c.encode_utf8(&mut [0; 4]) }),
            },
            At::Slash => {
                if let Some(character) = short_form(c) {
                    self.raw.push(c);
                    self.give(character, read);
                } else if c == 'u' {
                    self.raw.push(c);
                    self.at = At::Unit { digits: 0, unit: 0, high: None };
                } else {
                    self.spill(&mut read);
                    return self.step(c, read);
                }
            }
            At::Unit { digits, unit, high } => {
                let Some(digit) = c.to_digit(16) else {
                    self.spill(&mut read);
                    return self.step(c, read);
                };
                self.raw.push(c);
                let unit = unit * 16 + digit;
                if digits < 3 {
                    self.at = At::Unit { digits: digits + 1, unit, high };
                } else {
                    self.unit(unit, high, read);
                }
            }
            At::High(high) => {
                if c == '\\' {
                    self.raw.push(c);
                    self.at = At::HighSlash(high);
                } else {
                    self.spill(&mut read);
                    return self.step(c, read);
                }
            }
            At::HighSlash(high) => {
                if c == 'u' {
                    self.raw.push(c);
                    self.at = At::Unit { digits: 0, unit: 0, high: Some(high) };
                } else {
                    self.drop_high(&mut read);
                    self.at = At::Slash;
                    return self.step(c, read);
                }
            }
        }
        false
    }

    /// The string ended without its quote: what was read of an escape comes out as it was written.
    pub fn cut_short(&mut self, mut read: impl FnMut(Read<'_>)) {
        self.spill(&mut read);
    }

    fn begin(&mut self) {
        self.raw.clear();
        self.raw.push('\\');
        self.at = At::Slash;
    }

    /// A whole code unit was read.
    fn unit(&mut self, unit: u32, high: Option<u32>, mut read: impl FnMut(Read<'_>)) {
        let is_low = (0xDC00..0xE000).contains(&unit);
        if let Some(high) = high {
            if is_low {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
                return self.give(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), read);
            }
            self.drop_high(&mut read);
        }
        if (0xD800..0xDC00).contains(&unit) {
            self.at = At::High(unit);
        } else {
            self.give(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), read);
        }
    }

    /// The escape is complete.
    fn give(&mut self, character: char, mut read: impl FnMut(Read<'_>)) {
        self.at = At::Plain;
        read(Read { character, raw: &self.raw });
        self.raw.clear();
    }

    /// The first half of a pair stands alone: it reads as U+FFFD and keeps its form.
    fn drop_high(&mut self, read: &mut impl FnMut(Read<'_>)) {
        read(Read { character: char::REPLACEMENT_CHARACTER, raw: &self.raw[..UNIT] });
        self.raw.drain(..UNIT);
    }

    /// What was read is no escape: it comes out character by character.
    fn spill(&mut self, read: &mut impl FnMut(Read<'_>)) {
        if matches!(self.at, At::High(_) | At::HighSlash(_) | At::Unit { high: Some(_), .. }) {
            self.drop_high(read);
        }
        self.at = At::Plain;
        for character in self.raw.chars() {
            read(Read { character, raw: character.encode_utf8(&mut [0; 4]) });
        }
        self.raw.clear();
    }
}
