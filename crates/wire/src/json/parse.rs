//! The strict parser behind the tape: one pass, no recursion, no copy of any value.

use std::borrow::Cow;

use super::{
    DecodeError, Fault,
    number::{long_digits, number_end},
    tape::{Kind, MAX_DEPTH, MAX_VALUES, Node},
    text::unescape,
};

/// What may stand next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
}

/// An object or array that is not closed yet.
#[derive(Clone, Copy)]
struct Open {
    node: u32,
    /// Where this object's keys begin in the list of keys.
    keys: u32,
}

pub(super) struct Parser<'a, 't> {
    text: &'a str,
    at: usize,
    nodes: &'t mut Vec<Node>,
    open: Vec<Open>,
    keys: Vec<u32>,
}

impl<'a, 't> Parser<'a, 't> {
    pub fn new(bytes: &'a [u8], nodes: &'t mut Vec<Node>) -> Result<Self, DecodeError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| DecodeError { at: e.valid_up_to(), fault: Fault::NotUtf8 })?;
        if u32::try_from(bytes.len()).is_err() {
            return Err(DecodeError { at: 0, fault: Fault::TooManyValues });
        }
        Ok(Self { text, at: 0, nodes, open: Vec::new(), keys: Vec::new() })
    }

    /// Reads the whole document and gives back its text.
    pub fn run(mut self) -> Result<&'a str, DecodeError> {
        let mut expect = Expect::Value;
        loop {
            self.space();
            let Some(byte) = self.peek() else {
                return Err(self.fault(Fault::Unfinished));
            };
            expect = match (expect, byte) {
                (Expect::KeyOrEnd, b'}') | (Expect::ValueOrEnd, b']') => self.close()?,
                (Expect::CommaOrEnd, b'}' | b']') => {
                    let wanted = if self.inside() == Some(Kind::Object) { b'}' } else { b']' };
                    if byte != wanted {
                        return Err(self.fault(Fault::Unexpected));
                    }
                    self.close()?
                }
                (Expect::CommaOrEnd, b',') => {
                    self.at += 1;
                    if self.inside() == Some(Kind::Object) { Expect::Key } else { Expect::Value }
                }
                (Expect::Key | Expect::KeyOrEnd, b'"') => self.key()?,
                (Expect::Value | Expect::ValueOrEnd, _) => self.value(byte)?,
                _ => return Err(self.fault(Fault::Unexpected)),
            };
            if self.open.is_empty() {
                self.space();
                return if self.at == self.text.len() {
                    Ok(self.text)
                } else {
                    Err(self.fault(Fault::TrailingData))
                };
            }
        }
    }

    fn value(&mut self, byte: u8) -> Result<Expect, DecodeError> {
        match byte {
            b'{' => self.container(Kind::Object),
            b'[' => self.container(Kind::Array),
            b'"' => {
                let (end, escaped) = self.string_end()?;
                self.leaf(Kind::String, end, escaped)
            }
            b't' => self.word("true", Kind::True),
            b'f' => self.word("false", Kind::False),
            b'n' => self.word("null", Kind::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(self.fault(Fault::Unexpected)),
        }
    }

    fn container(&mut self, kind: Kind) -> Result<Expect, DecodeError> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.fault(Fault::TooDeep));
        }
        self.open.push(Open { node: self.nodes.len() as u32, keys: self.keys.len() as u32 });
        self.node(kind, self.at + 1, false)?;
        self.at += 1;
        Ok(if kind == Kind::Object { Expect::KeyOrEnd } else { Expect::ValueOrEnd })
    }

    fn close(&mut self) -> Result<Expect, DecodeError> {
        let Some(open) = self.open.pop() else {
            return Err(self.fault(Fault::Unexpected));
        };
        self.at += 1;
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(open.node as usize) {
            node.end = self.at as u32;
            node.next = next;
        }
        if let Some(at) = self.duplicate(open.keys as usize) {
            return Err(DecodeError { at, fault: Fault::DuplicateKey });
        }
        self.keys.truncate(open.keys as usize);
        Ok(Expect::CommaOrEnd)
    }

    fn key(&mut self) -> Result<Expect, DecodeError> {
        let (end, escaped) = self.string_end()?;
        self.keys.push(self.nodes.len() as u32);
        self.leaf(Kind::String, end, escaped)?;
        self.space();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.fault(Fault::Unexpected)),
            None => return Err(self.fault(Fault::Unfinished)),
        }
        Ok(Expect::Value)
    }

    fn number(&mut self) -> Result<Expect, DecodeError> {
        let Some(end) = number_end(self.text.as_bytes(), self.at) else {
            return Err(self.fault(Fault::BadNumber));
        };
        if self.inside() == Some(Kind::Array) {
            if let Some(array) = self.open.last()
                && let Some(node) = self.nodes.get_mut(array.node as usize)
            {
                node.mark = true;
            }
            // Vectors and token lists hold millions of short numbers that nobody asks for again.
            if long_digits(&self.text[self.at..end]).is_none() {
                self.at = end;
                return Ok(Expect::CommaOrEnd);
            }
        }
        self.leaf(Kind::Number, end, false)
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Expect, DecodeError> {
        if self.text[self.at..].starts_with(word) {
            self.leaf(kind, self.at + word.len(), false)
        } else {
            Err(self.fault(Fault::Unexpected))
        }
    }

    fn leaf(&mut self, kind: Kind, end: usize, mark: bool) -> Result<Expect, DecodeError> {
        self.node(kind, end, mark)?;
        self.at = end;
        Ok(Expect::CommaOrEnd)
    }

    fn node(&mut self, kind: Kind, end: usize, mark: bool) -> Result<(), DecodeError> {
        if self.nodes.len() >= MAX_VALUES {
            return Err(self.fault(Fault::TooManyValues));
        }
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, mark, start: self.at as u32, end: end as u32, next });
        Ok(())
    }

    /// The end of the string that starts here (after its closing quote), and whether it holds an escape.
    fn string_end(&self) -> Result<(usize, bool), DecodeError> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        let mut escaped = false;
        loop {
            at += plain_run(&bytes[at..]);
            match bytes.get(at) {
                Some(b'"') => return Ok((at + 1, escaped)),
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape_end(at)?;
                }
                Some(_) => return Err(DecodeError { at, fault: Fault::ControlCharacter }),
                None => return Err(DecodeError { at, fault: Fault::Unfinished }),
            }
        }
    }

    fn escape_end(&self, at: usize) -> Result<usize, DecodeError> {
        match self.text.as_bytes().get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => match self.unit(at)? {
                0xDC00..=0xDFFF => Err(DecodeError { at, fault: Fault::LoneSurrogate }),
                0xD800..=0xDBFF => {
                    if self.text.as_bytes().get(at + 6..at + 8) == Some(b"\\u")
                        && (0xDC00..=0xDFFF).contains(&self.unit(at + 6)?)
                    {
                        Ok(at + 12)
                    } else {
                        Err(DecodeError { at, fault: Fault::LoneSurrogate })
                    }
                }
                _ => Ok(at + 6),
            },
            Some(_) => Err(DecodeError { at, fault: Fault::BadEscape }),
            None => Err(DecodeError { at, fault: Fault::Unfinished }),
        }
    }

    /// The code unit of the `\uXXXX` at `at`.
    fn unit(&self, at: usize) -> Result<u32, DecodeError> {
        let bad = DecodeError { at, fault: Fault::BadEscape };
        let digits = self.text.as_bytes().get(at + 2..at + 6).ok_or(bad)?;
        digits.iter().try_fold(0, |unit, &digit| {
            char::from(digit).to_digit(16).map(|value| unit * 16 + value).ok_or(bad)
        })
    }

    /// Where a key stands a second time among the keys from `from` on.
    fn duplicate(&self, from: usize) -> Option<usize> {
        let keys = self.keys.get(from..)?;
        let nodes = || keys.iter().filter_map(|&key| self.nodes.get(key as usize));
        let inner = |node: &Node| self.text.get(node.start as usize + 1..node.end as usize - 1);
        if keys.len() <= 12 && nodes().all(|node| !node.mark) {
            return nodes()
                .enumerate()
                .find(|&(n, node)| nodes().take(n).any(|earlier| inner(earlier) == inner(node)))
                .map(|(_, node)| node.start as usize);
        }
        let mut names: Vec<(Cow<'_, str>, u32)> =
            nodes().filter_map(|node| Some((unescape(inner(node)?), node.start))).collect();
        names.sort_unstable();
        names.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1 as usize)
    }

    fn inside(&self) -> Option<Kind> {
        self.open.last().and_then(|open| self.nodes.get(open.node as usize)).map(|node| node.kind)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fault(&self, fault: Fault) -> DecodeError {
        DecodeError { at: self.at, fault }
    }
}

/// Bytes before the first quote, backslash or control character; eight at a time while there are none.
fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    // A byte's top bit is set where the byte is zero (and nowhere before the first such byte).
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
    let mut at = 0;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        let quote = zeros(word ^ (ONES * u64::from(b'"')));
        let slash = zeros(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word & TOPS;
        let found = quote | slash | control;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + chunks.remainder().iter().take_while(|b| !matches!(b, b'"' | b'\\' | 0..=0x1f)).count()
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Tape};
    use super::*;
    use proptest::prelude::*;

    fn fault(text: &str) -> Option<(usize, Fault)> {
        Tape::default().read(text.as_bytes()).err().map(|e| (e.at, e.fault))
    }

    #[test]
    fn refuses_what_is_not_strict() {
        assert_eq!(fault(r#"{"a":1,"a":2}"#), Some((7, Fault::DuplicateKey)));
        assert_eq!(fault(r#"{"a":1,"\u0061":2}"#), Some((7, Fault::DuplicateKey)));
        assert_eq!(fault(r#"{"a":{"a":1},"b":{"a":1}}"#), None);
        assert_eq!(fault(r#"["\ud83d"]"#), Some((2, Fault::LoneSurrogate)));
        assert_eq!(fault(r#"["\ude00"]"#), Some((2, Fault::LoneSurrogate)));
        assert_eq!(fault(r#"["\ud83d\u0041"]"#), Some((2, Fault::LoneSurrogate)));
        assert_eq!(fault("[\"a\nb\"]"), Some((3, Fault::ControlCharacter)));
        assert_eq!(fault(r#"["\x"]"#), Some((2, Fault::BadEscape)));
        assert_eq!(fault("[01]"), Some((1, Fault::BadNumber)));
        assert_eq!(fault("{} {}"), Some((3, Fault::TrailingData)));
        assert_eq!(fault("{\"a\""), Some((4, Fault::Unfinished)));
        assert_eq!(fault("[1,]"), Some((3, Fault::Unexpected)));
        assert_eq!(fault("[1}"), Some((2, Fault::Unexpected)));
        assert_eq!(fault("{]"), Some((1, Fault::Unexpected)));
        assert_eq!(fault(""), Some((0, Fault::Unfinished)));
        assert_eq!(fault("\u{feff}{}"), Some((0, Fault::Unexpected)));
        assert_eq!(fault(&("[".repeat(128) + &"]".repeat(128))), None);
        assert_eq!(fault(&("[".repeat(129) + &"]".repeat(129))), Some((128, Fault::TooDeep)));
        let bad = Tape::default().read(b"{\"a\":\"\xff\"}").unwrap_err();
        assert_eq!((bad.at, bad.fault), (6, Fault::NotUtf8));
    }

    #[test]
    fn plain_runs_end_where_they_must() {
        for byte in 0..=255_u8 {
            for at in 0..20 {
                let mut text = [b'x'; 24];
                text[at] = byte;
                let special = byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(plain_run(&text), if special { at } else { 24 }, "{byte} {at}");
                text[at + 1] = b'"';
                assert_eq!(plain_run(&text), if special { at } else { at + 1 }, "{byte} {at}");
            }
        }
    }

    #[test]
    fn many_keys_are_compared_too() {
        let mut members: Vec<String> = (0..500).map(|n| format!("\"k{n}\":0")).collect();
        members.push("\"k77\":1".to_owned());
        assert_eq!(fault(&format!("{{{}}}", members.join(","))).map(|f| f.1), Some(Fault::DuplicateKey));
    }

    #[test]
    fn walks_members_and_items() {
        let mut tape = Tape::default();
        let doc = tape.read(br#" {"a":[1,2,"x",{"b":null}],"c\u0064":12345678} "#).unwrap();
        let a = doc.member(Document::ROOT, "a").unwrap();
        assert!(doc.has_numbers(a));
        assert_eq!(doc.items(a).map(|i| doc.raw(i)).collect::<Vec<_>>(), ["\"x\"", "{\"b\":null}"]);
        assert_eq!(doc.as_u64(doc.member(Document::ROOT, "cd").unwrap()), Some(12_345_678));
    }

    proptest! {
        /// Where serde_json refuses, so does the tape; where the tape accepts, serde_json does.
        #[test]
        fn agrees_with_serde(text in r#"[\[\]{}",:\\u0-9a-f.eE+\- truefalsn]{0,24}"#) {
            let mut tape = Tape::default();
            let ours = tape.read(text.as_bytes());
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match ours {
                Ok(_) => prop_assert!(theirs.is_ok() || theirs.unwrap_err().to_string().contains("out of range")),
                Err(e) if e.fault == Fault::DuplicateKey => prop_assert!(theirs.is_ok()),
                Err(_) => prop_assert!(theirs.is_err()),
            }
        }
    }
}
