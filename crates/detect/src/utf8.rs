//! Bytes that arrive in pieces, as text. A character that is cut waits for its other part.

use std::fmt;

/// The decoder of one text. Holds at most three bytes.
#[derive(Debug, Clone, Default)]
pub struct Utf8 {
    cut: Vec<u8>,
    /// Bytes decoded so far.
    at: u64,
}

/// The bytes are no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The first byte that begins no character, from 0.
    pub at: u64,
}

impl Utf8 {
    /// Takes the next piece and appends to `text` the characters that are whole by now; all before the first bad byte,
    /// if there is one.
    pub fn push(&mut self, mut bytes: &[u8], text: &mut String) -> Result<(), NotUtf8> {
        while !self.cut.is_empty() && !bytes.is_empty() {
            self.cut.push(bytes[0]);
            bytes = &bytes[1..];
            match std::str::from_utf8(&self.cut) {
                Ok(character) => {
                    text.push_str(character);
                    self.at += self.cut.len() as u64;
                    self.cut.clear();
                }
                Err(error) if error.error_len().is_some() => return self.finish(),
                Err(_) => {}
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(whole) => {
                text.push_str(whole);
                self.at += whole.len() as u64;
                Ok(())
            }
            Err(error) => {
                let (whole, rest) = bytes.split_at(error.valid_up_to());
                text.push_str(std::str::from_utf8(whole).unwrap_or_default());
                self.at += whole.len() as u64;
                self.cut.extend_from_slice(&rest[..rest.len().min(4)]);
                if error.error_len().is_some() { self.finish() } else { Ok(()) }
            }
        }
    }

    /// The bytes have ended: no character may be cut.
    pub fn finish(&self) -> Result<(), NotUtf8> {
        if self.cut.is_empty() { Ok(()) } else { Err(NotUtf8 { at: self.at }) }
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is not UTF-8: byte {} begins no character", self.at)
    }
}

impl std::error::Error for NotUtf8 {}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(pieces: &[&[u8]]) -> (String, Result<(), NotUtf8>) {
        let (mut decoder, mut text) = (Utf8::default(), String::new());
        for piece in pieces {
            if let Err(error) = decoder.push(piece, &mut text) {
                return (text, Err(error));
            }
        }
        (text, decoder.finish())
    }

    #[test]
    fn every_cutting_reads_the_same() {
        let text = "a é 漢 🎉 ́e\u{200d} z";
        let bytes = text.as_bytes();
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(decoded(&pieces), (text.to_owned(), Ok(())), "{first} {second}");
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(decoded(&single), (text.to_owned(), Ok(())));
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        for (bytes, good, at) in [
            (&b"ab\xffcd"[..], "ab", 2),
            (b"\xc3(", "", 0),
            (b"x\xed\xa0\x80", "x", 1),
            (b"ok \xf0\x9f\x8e", "ok ", 3),
            (b"\xf0\x9f\x8e\x89\x80", "🎉", 4),
        ] {
            for cut in 0..=bytes.len() {
                let (text, result) = decoded(&[&bytes[..cut], &bytes[cut..]]);
                assert_eq!((text.as_str(), result), (good, Err(NotUtf8 { at })), "{bytes:?} at {cut}");
            }
        }
    }
}
