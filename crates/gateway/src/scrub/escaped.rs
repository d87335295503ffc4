//! The same search in the bytes of JSON, where a character may be written as an escape (RFC 8259 §7): `\/` for `/`,
//! `\u003d` for `=`. Needed where nothing has read the JSON, so that its texts are not known.

use std::collections::VecDeque;

use super::{REPLACEMENT, borders, needle};

/// Longest escape: `\u003d`.
const ESCAPE_MAX: usize = 6;
/// Stands for a character that no secret holds.
const NEVER: u8 = 0xff;

/// An incremental replacer of one literal, however its characters are escaped.
#[derive(Debug, Clone)]
pub struct Escaped {
    needle: Vec<u8>,
    fall: Vec<usize>,
    /// The matched characters as they were written, and how many bytes each took.
    held: VecDeque<u8>,
    lengths: VecDeque<usize>,
    /// An escape that is not complete.
    escape: Vec<u8>,
}

impl Escaped {
    /// As [`Scrubber::new`](super::Scrubber::new).
    pub fn new(secret: Option<&str>) -> Self {
        let needle = needle(secret);
        let fall = borders(&needle);
        Self { needle, fall, held: VecDeque::new(), lengths: VecDeque::new(), escape: Vec::new() }
    }

    /// Whether everything passes.
    pub const fn is_open(&self) -> bool {
        self.needle.is_empty()
    }

    /// Takes more input and appends what is certain.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        if self.is_open() {
            out.extend_from_slice(input);
            return;
        }
        for &byte in input {
            self.byte(byte, out);
        }
    }

    /// The end of the input: releases what was held.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.no_escape(out);
        out.extend(self.held.drain(..));
        self.lengths.clear();
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.escape.is_empty() {
            if byte == b'\\' {
                self.escape.push(byte);
            } else {
                self.character(&[byte], byte, out);
            }
            return;
        }
        let meant = match (self.escape.len(), byte) {
            (1, b'"' | b'\\' | b'/') => Some(byte),
            (1, b'u') => None,
            (1, b'b' | b'f' | b'n' | b'r' | b't') => Some(NEVER),
            (2.., byte) if byte.is_ascii_hexdigit() => {
                (self.escape.len() + 1 == ESCAPE_MAX).then(|| ascii(&self.escape[2..], byte))
            }
            _ => {
                self.no_escape(out);
                return self.byte(byte, out);
            }
        };
        self.escape.push(byte);
        if let Some(meant) = meant {
            let written = std::mem::take(&mut self.escape);
            self.character(&written, meant, out);
        }
    }

    /// What looked like an escape is none: its bytes stand for themselves.
    fn no_escape(&mut self, out: &mut Vec<u8>) {
        for byte in std::mem::take(&mut self.escape) {
            self.character(&[byte], byte, out);
        }
    }

    /// One step of Knuth, Morris and Pratt.
    fn character(&mut self, written: &[u8], meant: u8, out: &mut Vec<u8>) {
        while !self.lengths.is_empty() && meant != self.needle[self.lengths.len()] {
            let shorter = self.fall[self.lengths.len() - 1];
            let passed: usize = self.lengths.drain(..self.lengths.len() - shorter).sum();
            out.extend(self.held.drain(..passed));
        }
        if meant != self.needle[self.lengths.len()] {
            out.extend_from_slice(written);
            return;
        }
        self.held.extend(written);
        self.lengths.push_back(written.len());
        if self.lengths.len() == self.needle.len() {
            out.extend_from_slice(REPLACEMENT);
            self.held.clear();
            self.lengths.clear();
        }
    }
}

/// The character of three hexadecimal digits and a fourth.
fn ascii(digits: &[u8], last: u8) -> u8 {
    let digits = [digits, &[last]].concat();
    std::str::from_utf8(&digits)
        .ok()
        .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        .filter(u8::is_ascii)
        .unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(secret: &str, text: &str, size: usize) -> String {
        let mut escaped = Escaped::new(Some(secret));
        let mut out = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            escaped.push(piece, &mut out);
        }
        escaped.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_way_of_writing_it_and_every_cutting() {
        let secret = r#"k"a/b\c=d"#;
        for written in [
            r#"k\"a/b\\c=d"#,
            r#"k\"a\/b\\c\u003dd"#,
            r"\u006b\u0022\u0061\u002F\u0062\u005c\u0063\u003D\u0064",
        ] {
            let text = format!(r#"{{"a":"x\n{written}k\"a/","b":"\u00e9\ud83d\ude00"}}"#);
            let expected = text.replacen(written, "[UPSTREAM_CREDENTIAL]", 1);
            for size in 1..=text.len() {
                assert_eq!(cut(secret, &text, size), expected, "{written} in pieces of {size}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_an_escape_stands_for_itself() {
        for text in [r"\", r"\u", r"\u00", r"\u00zz", r"\q\", r"\\u006b-secret", r"\u006b-secre"] {
            for size in 1..=text.len() {
                assert_eq!(cut("k-secret", text, size), text);
            }
        }
        assert_eq!(cut("k-secret", r"\u00k-secret", 3), r"\u00[UPSTREAM_CREDENTIAL]");
    }

    proptest! {
        #[test]
        fn as_the_plain_search_where_nothing_is_escaped(text in "[ab]{0,200}", size in 1usize..9) {
            let expected = text.replace("aabaab", "[UPSTREAM_CREDENTIAL]");
            prop_assert_eq!(cut("aabaab", &text, size), expected);
        }
    }
}
