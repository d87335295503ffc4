//! Keeps a JSON string's own escapes while its text goes through a masker that only knows characters.
//!
//! A model that writes `"caf\u00e9"` gets `"caf\u00e9"` back. The masked text is compared with what went in, character
//! by character; up to the first difference every character keeps the form it came in. From there on the usual
//! escapes are used. Only the two sequences count, never their timing, so the outcome is the same for every cutting.

use std::collections::VecDeque;

use crate::json::escape_into;

/// A form of at most 12 bytes: the longest escape is a surrogate pair.
#[derive(Debug, Clone, Copy)]
struct Form {
    bytes: [u8; 12],
    length: u8,
}

/// The forms of one string's characters that have not come out of the masker yet.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    waiting: VecDeque<(char, Option<Form>)>,
    parted: bool,
}

impl Echo {
    /// A new string begins.
    pub fn begin(&mut self) {
        self.waiting.clear();
        self.parted = false;
    }

    /// From here on only the usual escapes.
    pub fn part(&mut self) {
        self.waiting.clear();
        self.parted = true;
    }

    /// A character went into the masker; `raw` is how it was written.
    pub fn heard(&mut self, character: char, raw: &str) {
        if self.parted {
            return;
        }
        let mut plain = [0; 4];
        let form = if raw == character.encode_utf8(&mut plain) && !matches!(character, '"' | '\\') {
            None
        } else {
            let mut bytes = [0; 12];
            let length = raw.len().min(12);
            bytes[..length].copy_from_slice(&raw.as_bytes()[..length]);
            Some(Form { bytes, length: length as u8 })
        };
        self.waiting.push_back((character, form));
    }

    /// Text came out of the masker: writes it as it stands inside a JSON string.
    pub fn speak(&mut self, text: &str, out: &mut String) {
        for character in text.chars() {
            if !self.parted {
                match self.waiting.pop_front() {
                    Some((heard, form)) if heard == character => {
                        match form
                            .as_ref()
                            .and_then(|f| std::str::from_utf8(&f.bytes[..f.length as usize]).ok())
                        {
                            Some(raw) => out.push_str(raw),
                            None => out.push(character),
                        }
                        continue;
                    }
                    _ => self.part(),
                }
            }
            escape_into(character, out);
        }
    }
}
