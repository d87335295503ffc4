//! JSON lines as bytes: cuts a byte stream at line feeds (NDJSON, as Ollama streams).
//!
//! A carriage return before the line feed is white space of JSON. Every byte that comes in goes out in exactly one
//! line, in order.

use crate::sse::{Block, TooLong};

/// Whether a whole body is several JSON documents, one to a line, whatever its label says.
pub fn is_json_lines(body: &[u8]) -> bool {
    let mut lines = body.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let mut count = 0;
    lines.all(|line| {
        count += 1;
        line.starts_with(b"{") && line.ends_with(b"}")
    }) && count > 1
}

/// Collects bytes until a line is complete.
#[derive(Debug)]
pub(crate) struct LineFramer {
    raw: Vec<u8>,
    limit: usize,
}

impl LineFramer {
    /// Lines of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { raw: Vec::new(), limit }
    }

    /// Takes bytes off the front of `input` until a line is complete, or all of them.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Block>, TooLong> {
        let end = input.iter().position(|&byte| byte == b'\n');
        let (line, rest) = input.split_at(end.map_or(input.len(), |end| end + 1));
        if self.raw.len() + line.len() > self.limit {
            return Err(TooLong);
        }
        self.raw.extend_from_slice(line);
        *input = rest;
        Ok(end.and_then(|_| self.rest()))
    }

    /// The stream ended: what is left, if there is any.
    pub fn rest(&mut self) -> Option<Block> {
        if self.raw.is_empty() {
            return None;
        }
        let raw = std::mem::take(&mut self.raw);
        let blank = raw.trim_ascii().is_empty();
        let line = 0..raw.trim_ascii_end().len();
        Some(Block { raw, lines: if blank { Vec::new() } else { Vec::from([line]) } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_from_one_document() {
        assert!(is_json_lines(b"{\"a\":1}\n{\"a\":2}"));
        assert!(is_json_lines(b"\r\n{\"a\":1}\r\n\r\n{}\r\n"));
        for other in ["", "{}", "{}\n", "{\n\"a\":1\n}", "[1]\n[2]", "{} x\n{}"] {
            assert!(!is_json_lines(other.as_bytes()), "{other:?}");
        }
    }

    #[test]
    fn every_byte_is_in_one_line() {
        let text = b"{}\r\n\n {\"a\":1}\n{\"b\"";
        for step in 1..=text.len() {
            let mut framer = LineFramer::new(100);
            let mut lines = Vec::new();
            for mut piece in text.chunks(step) {
                while let Some(block) = framer.next(&mut piece).unwrap() {
                    lines.push(block);
                }
            }
            lines.extend(framer.rest());
            let raw: Vec<&[u8]> = lines.iter().map(|line| line.raw.as_slice()).collect();
            assert_eq!(raw, [b"{}\r\n".as_slice(), b"\n", b" {\"a\":1}\n", b"{\"b\""], "{step}");
            assert!(lines[1].lines.is_empty());
        }
        let mut long: &[u8] = &[b' '; 101];
        assert!(LineFramer::new(100).next(&mut long).is_err());
    }
}
