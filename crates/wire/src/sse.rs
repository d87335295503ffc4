//! Server-sent events as bytes: cuts a byte stream into blocks and lines (WHATWG HTML, section 9.2.6).
//!
//! Line ends may be LF, CRLF or CR, a byte order mark may come first, and any cut may fall anywhere. Every byte that
//! comes in goes out in exactly one block, in order, so a block that nobody changes passes as it was.

use std::ops::Range;

/// One event with its blank line, one comment line, or stray line ends.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// The bytes as they came.
    pub raw: Vec<u8>,
    /// The lines that are not blank, without their ends.
    pub lines: Vec<Range<usize>>,
}

/// One line of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// The field's name; empty for a comment.
    pub name: &'a [u8],
    /// The field's value, without the one blank that may follow the colon.
    pub value: &'a [u8],
}

impl Block {
    /// Reads line `n`.
    pub fn line(&self, range: &Range<usize>) -> Line<'_> {
        let bytes = self.raw.get(range.clone()).unwrap_or_default();
        match bytes.iter().position(|&b| b == b':') {
            Some(colon) => {
                let value = &bytes[colon + 1..];
                Line { name: &bytes[..colon], value: value.strip_prefix(b" ").unwrap_or(value) }
            }
            None => Line { name: bytes, value: &[] },
        }
    }

    /// The line end after line `n`.
    pub fn end_of(&self, n: usize) -> &[u8] {
        let Some(line) = self.lines.get(n) else {
            return b"\n";
        };
        match self.raw.get(line.end..) {
            Some([b'\r', b'\n', ..]) => b"\r\n",
            Some([b'\r', ..]) => b"\r",
            _ => b"\n",
        }
    }

    /// What stands after the last line and its end: the blank line.
    pub fn tail(&self) -> &[u8] {
        let Some(last) = self.lines.len().checked_sub(1) else {
            return &self.raw;
        };
        let at = self.lines.get(last).map_or(0, |line| line.end) + self.end_of(last).len();
        self.raw.get(at..).unwrap_or_default()
    }
}

/// Whether a whole body reads as server-sent events that carry JSON, whatever its label says: its first line of data
/// begins a JSON object or array, and only the fields of events stand before it.
pub fn is_event_stream(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    for line in body.split(|byte| matches!(byte, b'\r' | b'\n')) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            if line.is_empty() {
                continue;
            }
            return false;
        };
        match &line[..colon] {
            b"data" => return matches!(line[colon + 1..].trim_ascii_start().first(), Some(b'{' | b'[')),
            b"" | b"event" | b"id" | b"retry" => {}
            _ => return false,
        }
    }
    false
}

/// An event longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Collects bytes until a block is complete.
#[derive(Debug)]
pub(crate) struct Framer {
    block: Block,
    spare: Block,
    line: usize,
    after_cr: bool,
    begun: bool,
    limit: usize,
}

impl Framer {
    /// Blocks of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            block: Block::default(),
            spare: Block::default(),
            line: 0,
            after_cr: false,
            begun: false,
            limit,
        }
    }

    /// Takes bytes off the front of `input` until a block is complete, or all of them.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Block>, TooLong> {
        while let Some(&first) = input.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                *input = &input[1..];
                self.block.raw.push(b'\n');
                self.line = self.block.raw.len();
                if self.block.lines.is_empty() {
                    return Ok(Some(self.cut()));
                }
                continue;
            }
            let plain = input.iter().take_while(|b| !matches!(b, b'\r' | b'\n')).count();
            if self.block.raw.len() + plain >= self.limit {
                return Err(TooLong);
            }
            self.block.raw.extend_from_slice(&input[..plain]);
            let Some(&end) = input.get(plain) else {
                *input = &[];
                return Ok(None);
            };
            *input = &input[plain + 1..];
            if self.end_line(end) {
                return Ok(Some(self.cut()));
            }
        }
        Ok(None)
    }

    /// The stream ended: what is left, as a block, if there is any. A last line needs no end.
    pub fn rest(&mut self) -> Option<Block> {
        self.mark_begun();
        if self.line < self.block.raw.len() {
            self.block.lines.push(self.line..self.block.raw.len());
        }
        (!self.block.raw.is_empty()).then(|| self.cut())
    }

    /// Ends the line; true when that completes a block.
    fn end_line(&mut self, end: u8) -> bool {
        self.mark_begun();
        let line = self.line..self.block.raw.len();
        self.block.raw.push(end);
        self.line = self.block.raw.len();
        self.after_cr = end == b'\r';
        if line.is_empty() {
            return true;
        }
        let comment = self.block.raw.get(line.start) == Some(&b':');
        self.block.lines.push(line);
        // A comment keeps a connection alive: it does not wait for an event.
        comment && self.block.lines.len() == 1
    }

    /// Steps over a byte order mark before the first line.
    fn mark_begun(&mut self) {
        if !std::mem::replace(&mut self.begun, true) && self.block.raw.starts_with(b"\xef\xbb\xbf") {
            self.line = 3;
        }
    }

    /// Takes back a block whose room may be used again.
    pub fn reuse(&mut self, mut block: Block) {
        block.raw.clear();
        block.lines.clear();
        self.spare = block;
    }

    fn cut(&mut self) -> Block {
        self.line = 0;
        let spare = std::mem::take(&mut self.spare);
        std::mem::replace(&mut self.block, spare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(input: &[u8], step: usize) -> Vec<(Vec<u8>, Vec<Vec<u8>>)> {
        let mut framer = Framer::new(1024);
        let mut out = Vec::new();
        for mut piece in input.chunks(step) {
            while let Some(block) = framer.next(&mut piece).unwrap() {
                let lines = block.lines.iter().map(|l| block.raw[l.clone()].to_vec()).collect();
                out.push((block.raw, lines));
            }
        }
        out
    }

    #[test]
    fn events_are_known_by_their_first_data() {
        for events in
            ["data: {}", "data:[DONE]\n\n", ": ping\n\nevent: x\r\nid: 1\r\ndata: {\"a\":1}", "\n\ndata: {"]
        {
            assert!(is_event_stream(events.as_bytes()), "{events:?}");
        }
        for other in
            ["", "{\"data\": 1}", "data: none", "Dear data: {}", "data\n: x", "event: x", "<p>\ndata: {}"]
        {
            assert!(!is_event_stream(other.as_bytes()), "{other:?}");
        }
    }

    #[test]
    fn every_line_end_and_every_cut() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\u{feff}event: a|data: 1|data: 2||: ping||data:é||".replace('|', end);
            for step in 1..text.len() {
                let got = blocks(text.as_bytes(), step);
                let joined: Vec<u8> = got.iter().flat_map(|b| b.0.clone()).collect();
                assert_eq!(joined, text.as_bytes(), "{end:?} {step}");
                let lines: Vec<_> = got.into_iter().map(|b| b.1).filter(|l| !l.is_empty()).collect();
                assert_eq!(
                    lines,
                    [
                        vec![b"event: a".to_vec(), b"data: 1".to_vec(), b"data: 2".to_vec()],
                        vec![b": ping".to_vec()],
                        vec!["data:é".as_bytes().to_vec()],
                    ],
                    "{end:?} {step}"
                );
            }
        }
    }

    #[test]
    fn lines_are_read_as_the_standard_says() {
        let mut input: &[u8] = b"data:  x\ndata\nid:7\n\n";
        let block = Framer::new(100).next(&mut input).unwrap().unwrap();
        let read: Vec<_> = block.lines.iter().map(|l| block.line(l)).collect();
        assert_eq!(read[0], Line { name: b"data", value: b" x" });
        assert_eq!(read[1], Line { name: b"data", value: b"" });
        assert_eq!(read[2], Line { name: b"id", value: b"7" });
        assert_eq!(block.tail(), b"\n");
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut framer = Framer::new(100);
        let mut input: &[u8] = &[b'x'; 60];
        assert!(framer.next(&mut input).unwrap().is_none());
        let mut input: &[u8] = &[b'x'; 60];
        assert!(framer.next(&mut input).is_err());
        let mut framer = Framer::new(100);
        let many = b"data:\n".repeat(40);
        let mut input: &[u8] = &many;
        assert!(framer.next(&mut input).is_err());
    }
}
