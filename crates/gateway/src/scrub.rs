//! Keeps the gateway's own credential out of what a caller sees: a literal search over a cut-up stream of bytes.
//!
//! Promises: for every cutting of the input, the output is the input with each occurrence replaced by
//! [`REPLACEMENT`]; at most `secret.len() - 1` bytes are held back, and only while they could begin an occurrence.

mod escaped;

use escaped::Escaped;

/// What stands in for the credential.
pub const REPLACEMENT: &[u8] = b"[UPSTREAM_CREDENTIAL]";

/// The state of one search. Shorter secrets than this are not searched for: they would hit ordinary text.
const SHORTEST: usize = 6;

/// An incremental replacer of one literal (Knuth, Morris and Pratt).
#[derive(Debug, Clone)]
pub struct Scrubber {
    needle: Vec<u8>,
    /// `fall[i]`: length of the longest proper border of `needle[..=i]`.
    fall: Vec<usize>,
    /// How many bytes of the needle the held-back bytes equal.
    matched: usize,
}

impl Scrubber {
    /// A scrubber for a secret; `None` or a very short one: passes everything.
    pub fn new(secret: Option<&str>) -> Self {
        let needle = needle(secret);
        let fall = borders(&needle);
        Self { needle, fall, matched: 0 }
    }

    /// Takes more input and appends what is certain.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        if self.needle.is_empty() {
            out.extend_from_slice(input);
            return;
        }
        for &byte in input {
            while self.matched > 0 && byte != self.needle[self.matched] {
                let shorter = self.fall[self.matched - 1];
                out.extend_from_slice(&self.needle[..self.matched - shorter]);
                self.matched = shorter;
            }
            if byte == self.needle[self.matched] {
                self.matched += 1;
                if self.matched == self.needle.len() {
                    out.extend_from_slice(REPLACEMENT);
                    self.matched = 0;
                }
            } else {
                out.push(byte);
            }
        }
    }

    /// The end of the input: releases what was held.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.needle[..self.matched]);
        self.matched = 0;
    }

    /// The whole text at once; `None` when the secret is not in it.
    pub fn whole(&self, text: &str) -> Option<String> {
        if self.needle.is_empty() {
            return None;
        }
        let needle = std::str::from_utf8(&self.needle).ok()?;
        let replacement = std::str::from_utf8(REPLACEMENT).ok()?;
        text.contains(needle).then(|| text.replace(needle, replacement))
    }
}

/// The last search before bytes leave the house.
#[derive(Debug, Clone)]
pub struct Exit {
    literal: Scrubber,
    escaped: Escaped,
    between: Vec<u8>,
}

impl Exit {
    /// `rewritten`: every text in these bytes has passed a [`Scrubber`] already, so escapes can hide nothing.
    pub fn new(secret: Option<&str>, rewritten: bool) -> Self {
        let escaped = Escaped::new(secret.filter(|_| !rewritten));
        Self { literal: Scrubber::new(secret), escaped, between: Vec::new() }
    }

    /// Whether everything passes.
    pub const fn is_open(&self) -> bool {
        self.literal.needle.is_empty()
    }

    /// Takes more input and appends what is certain.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        if self.escaped.is_open() {
            return self.literal.push(input, out);
        }
        self.between.clear();
        self.literal.push(input, &mut self.between);
        self.escaped.push(&self.between, out);
    }

    /// The end of the input: releases what was held.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.between.clear();
        self.literal.finish(&mut self.between);
        self.escaped.push(&self.between, out);
        self.escaped.finish(out);
    }
}

/// What is searched for; empty: nothing is.
fn needle(secret: Option<&str>) -> Vec<u8> {
    secret.map(str::as_bytes).filter(|secret| secret.len() >= SHORTEST).unwrap_or(&[]).to_vec()
}

/// For each prefix, the length of its longest proper border.
fn borders(needle: &[u8]) -> Vec<usize> {
    let mut fall = vec![0; needle.len()];
    let mut border = 0;
    for at in 1..needle.len() {
        while border > 0 && needle[at] != needle[border] {
            border = fall[border - 1];
        }
        if needle[at] == needle[border] {
            border += 1;
        }
        fall[at] = border;
    }
    fall
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(secret: &str, text: &str, size: usize) -> String {
        let mut scrubber = Scrubber::new(Some(secret));
        let mut out = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            scrubber.push(piece, &mut out);
        }
        scrubber.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_cutting_gives_the_same_text() {
        for text in [
            "bad key sk-sk-sk-secret!",
            "sk-secre",
            "sk-secretsk-secret",
            "nothing",
            "sk-ssk-secret",
            "ssk-secret",
        ] {
            let expected = text.replace("sk-secret", "[UPSTREAM_CREDENTIAL]");
            for size in 1..=text.len() {
                assert_eq!(cut("sk-secret", text, size), expected, "{text} in pieces of {size}");
            }
        }
    }

    #[test]
    fn self_overlapping_secret() {
        let text = "aabaabaaabaabaab aabaabaab";
        let expected = text.replace("aabaabaab", "[UPSTREAM_CREDENTIAL]");
        for size in 1..=text.len() {
            assert_eq!(cut("aabaabaab", text, size), expected);
        }
    }
}
