//! Keeps the gateway's own credential out of what a caller sees: a search over a cut-up stream of bytes, for the
//! credential as it is, in the other case, backwards, in hexadecimal, in base64, and with its characters escaped.
//!
//! Promises: for every cutting of the input, the output is the input with each occurrence replaced by
//! [`REPLACEMENT`]; what is held back could begin an occurrence.
//!
//! Never: undoes two encodings on top of each other, or ciphers. A server that means to betray its own key can.

mod escaped;
mod search;
mod spellings;

use escaped::{Escapes, Read};
use search::Search;

/// What stands in for the credential.
pub const REPLACEMENT: &[u8] = b"[UPSTREAM_CREDENTIAL]";

/// The state of one search.
#[derive(Debug, Clone)]
pub struct Scrubber {
    /// For the bytes as they stand.
    literal: Search,
    /// For what they mean when escapes are read.
    meant: Search,
    escapes: Escapes,
    between: Vec<u8>,
    found: bool,
}

impl Scrubber {
    /// A scrubber for a secret; `None` or a very short one: passes everything.
    pub fn new(secret: Option<&str>) -> Self {
        Self {
            literal: Search::new(spellings::of(secret)),
            meant: Search::new(spellings::plain(secret).into_iter().collect()),
            escapes: Escapes::default(),
            between: Vec::new(),
            found: false,
        }
    }

    /// Whether everything passes.
    pub fn is_open(&self) -> bool {
        self.literal.is_open()
    }

    /// Takes more input and appends what is certain.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        if self.is_open() {
            return out.extend_from_slice(input);
        }
        let mut between = std::mem::take(&mut self.between);
        self.as_it_stands(input, &mut between);
        self.as_it_means(&between, out);
        between.clear();
        self.between = between;
    }

    /// The end of the input: releases what was held.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let mut between = std::mem::take(&mut self.between);
        self.literal.finish(&mut between);
        self.as_it_means(&between, out);
        let begun = self.escapes.finish();
        self.themselves(&begun, out);
        self.meant.finish(out);
    }

    /// The whole text at once; `None` when the secret is not in it.
    pub fn whole(&self, text: &str) -> Option<String> {
        if self.is_open() {
            return None;
        }
        let mut state = self.clone();
        let mut out = Vec::with_capacity(text.len());
        state.push(text.as_bytes(), &mut out);
        state.finish(&mut out);
        // Spellings are ASCII or the secret itself, so what is cut out of a text leaves a text.
        state.found.then(|| String::from_utf8_lossy(&out).into_owned())
    }

    /// Whether the secret is in it, in any spelling.
    pub fn finds(&self, bytes: &[u8]) -> bool {
        let mut state = self.clone();
        let mut out = Vec::with_capacity(bytes.len());
        state.push(bytes, &mut out);
        state.finish(&mut out);
        state.found
    }

    fn as_it_stands(&mut self, input: &[u8], out: &mut Vec<u8>) {
        let mut rest = input;
        while let Some(&byte) = rest.first() {
            let plain = rest.iter().take_while(|&&byte| self.literal.passes(byte)).count();
            if plain > 0 {
                out.extend_from_slice(&rest[..plain]);
                rest = &rest[plain..];
                continue;
            }
            self.found |= self.literal.character(u16::from(byte), &[byte], out);
            rest = &rest[1..];
        }
    }

    fn as_it_means(&mut self, input: &[u8], out: &mut Vec<u8>) {
        let mut rest = input;
        while let Some(&byte) = rest.first() {
            let passes = |byte: u8| self.escapes.is_plain(byte) && self.meant.passes(byte);
            let plain = rest.iter().take_while(|&&byte| passes(byte)).count();
            if plain > 0 {
                out.extend_from_slice(&rest[..plain]);
                rest = &rest[plain..];
                continue;
            }
            if self.escapes.is_plain(byte) {
                self.found |= self.meant.character(u16::from(byte), &[byte], out);
                rest = &rest[1..];
                continue;
            }
            match self.escapes.read(byte) {
                Read::More => {}
                Read::Character(meant, written) => {
                    self.found |= self.meant.character(meant, &written, out);
                }
                Read::NoEscape(bytes) => {
                    self.themselves(&bytes, out);
                    continue;
                }
            }
            rest = &rest[1..];
        }
    }

    fn themselves(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            self.found |= self.meant.character(u16::from(byte), &[byte], out);
        }
    }
}

#[cfg(test)]
mod tests;
