//! Marks of punctuation, and what stands in them: quotations, addresses, chat templates' marks, comments, elements that a
//! page does not show.
//!
//! Promise: looks a bounded stretch ahead, but for an address, which is read to its end once.

use super::{Class, Manner, Reader, class};
use crate::risk::concept::{
    BLANK, CHAT, ENCODED, HIDDEN, IMAGE, LINK, LOGIN, MARKER, ORDERS, SECRET, SYSTEM, TEXT, TURN,
};

impl Reader<'_> {
    /// A mark of punctuation, or what begins with one.
    pub(super) fn mark(&mut self, at: usize) -> usize {
        let next = self.bytes.get(at + 1).copied().unwrap_or(0);
        match self.bytes[at] {
            b'\n' => {
                self.state.at_line_start = true;
                if matches!(next, b'\n' | b'-' | b'*' | b'#' | b'>') {
                    self.state.sentence += 1;
                    if next == b'\n' {
                        self.state.quote = None;
                    }
                }
            }
            b'.' if next == 0 || class(next) == Class::Space || next == b'\n' => self.state.sentence += 1,
            b'!' | b'?' if next != b'[' => self.state.sentence += 1,
            b',' | b';' | b':' => self.state.clause += 1,
            b'"' => self.quote('"'),
            b'`' => return self.backtick(at),
            b'\'' => {
                let before = at.checked_sub(1).map_or(0, |before| self.bytes[before]);
                let inside = class(before) == Class::Letter || before >= 0x80;
                let opens = !inside && class(next) == Class::Letter && self.state.quote.is_none();
                if opens || (self.state.quote == Some('\'') && class(next) != Class::Letter) {
                    self.quote('\'');
                }
            }
            b'<' => return self.angle(at),
            b'[' => return self.bracket(at),
            b'-' if self.state.comment && self.bytes[at..].starts_with(b"-->") => self.state.comment = false,
            b'#' if self.state.at_line_start => return at + 1,
            _ => {}
        }
        if !matches!(self.bytes[at], b'\n' | b'*' | b'>' | b'[' | b'"') {
            self.state.at_line_start = false;
        }
        at + 1
    }

    pub(super) fn quote(&mut self, mark: char) {
        self.state.quote = if self.state.quote == Some(mark) { None } else { Some(mark) };
        self.state.quoted_from = self.notes.words;
    }

    pub(super) fn backtick(&mut self, at: usize) -> usize {
        if self.bytes[at..].starts_with(b"```") {
            self.state.fenced = !self.state.fenced;
            return at + 3;
        }
        self.quote('`');
        at + 1
    }

    /// `http…`, which is an address if `://` follows.
    pub(super) fn link(&mut self, start: usize, end: usize) -> usize {
        self.notes.words += 1;
        self.state.at_line_start = false;
        if !self.bytes[end..].starts_with(b"://") {
            return end;
        }
        let rest = &self.bytes[end..];
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b')' | b'`'));
        let finish = end + length.unwrap_or(rest.len());
        let address = &self.bytes[end..finish];
        let mut concepts = LINK;
        let image = is_image(&self.bytes[..start]);
        if image {
            concepts = concepts | IMAGE;
        }
        if self.asks_to_be_filled(address, image) {
            concepts = concepts | BLANK;
        }
        self.note(concepts, start, finish, Manner::default());
        finish
    }

    /// Whether an address has a place for data in it: `?q={conversation}`, or ends where a value would begin. An image's
    /// needs no marks for that: nobody shows a picture of a conversation.
    fn asks_to_be_filled(&self, address: &[u8], image: bool) -> bool {
        if address.ends_with(b"=") {
            return true;
        }
        let marked = address.iter().position(|byte| matches!(byte, b'{' | b'[' | b'<' | b'$'));
        let (open, wanted) = match (marked, address.iter().position(|byte| *byte == b'=')) {
            (Some(open), _) => (open, SECRET | CHAT | ORDERS | SYSTEM | TEXT | ENCODED | LOGIN),
            (None, Some(open)) if image => (open, SECRET | CHAT | ORDERS),
            _ => return false,
        };
        let words = address[open..].split(|byte| !byte.is_ascii_alphabetic()).filter(|word| word.len() > 2);
        words.take(16).any(|word| self.lexicon.find(word).is_some_and(|known| known.concepts.meets(wanted)))
    }

    /// `<|im_start|>`, `<<SYS>>`, `</system>`, `<!--`, and elements that are not shown.
    pub(super) fn angle(&mut self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        if rest.starts_with(b"<!--") {
            self.state.comment = true;
            return at + 4;
        }
        let Some(close) = rest.iter().take(120).position(|byte| *byte == b'>') else { return at + 1 };
        let inner = &rest[1..close];
        let ([b'|', name @ .., b'|'] | [b'<' | b'/', name @ ..] | name) = inner;
        let piped = inner.first() == Some(&b'|') && inner.last() == Some(&b'|');
        let is_name = name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-/ ".contains(byte));
        if (piped && is_name && is_template(name)) || matches!(inner, b"<SYS" | b"</SYS") {
            let concepts = if holds(name, b"sys") { MARKER | SYSTEM } else { MARKER };
            self.note(concepts, at, at + close + 1, Manner::default());
            return at + close + 1;
        }
        let plain = name.split(|byte| *byte == b' ').next().unwrap_or_default();
        if matches!(plain, b"start_of_turn" | b"end_of_turn" | b"bos" | b"eos") {
            self.note(MARKER, at, at + close + 1, Manner::default());
            return at + close + 1;
        }
        let roles: [&[u8]; 5] =
            [b"system", b"system_prompt", b"system-prompt", b"system_message", b"system-reminder"];
        if roles.iter().any(|role| plain.eq_ignore_ascii_case(role)) {
            let concepts = if inner.first() == Some(&b'/') { MARKER | SYSTEM } else { TURN | SYSTEM };
            self.note(concepts, at, at + close + 1, Manner::default());
            return at + close + 1;
        }
        let unseen: [&[u8]; 6] = [
            b"display:none",
            b"display: none",
            b"font-size:0",
            b"font-size: 0",
            b"opacity:0",
            b"visibility:hidden",
        ];
        if unseen.iter().any(|style| holds(inner, style)) || holds(inner, b"color:white") {
            self.note(HIDDEN, at, at + close + 1, Manner::default());
            return at + close + 1;
        }
        at + 1
    }

    /// `[INST]`, `[system]`.
    pub(super) fn bracket(&mut self, at: usize) -> usize {
        for (mark, concepts) in [
            (b"[INST]".as_slice(), MARKER),
            (b"[/INST]", MARKER),
            (b"[SYSTEM]", TURN | SYSTEM),
            (b"[system]", TURN | SYSTEM),
            (b"[System]", TURN | SYSTEM),
            (b"[SYSTEM_PROMPT]", MARKER | SYSTEM),
        ] {
            if self.bytes[at..].starts_with(mark) {
                self.note(concepts, at, at + mark.len(), Manner::default());
                return at + mark.len();
            }
        }
        at + 1
    }
}

/// Whether a name in marks is one of a chat template.
fn is_template(name: &[u8]) -> bool {
    let parts: [&[u8]; 13] = [
        b"im_start",
        b"im_end",
        b"im_sep",
        b"system",
        b"user",
        b"assistant",
        b"endof",
        b"eot",
        b"header",
        b"begin_of",
        b"channel",
        b"tool",
        b"message",
    ];
    parts.iter().any(|part| holds(name, part))
}

/// Whether `text` has `part` in it, in either case. Both are short.
fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// Whether what stands before an address makes it an image's: `![…](`.
fn is_image(before: &[u8]) -> bool {
    let Some(before) = before.strip_suffix(b"](") else { return false };
    let tail = &before[before.len().saturating_sub(120)..];
    // Not a link around an image: `[![…](…)](…`.
    let open = tail.iter().rposition(|byte| matches!(byte, b'[' | b']'));
    open.is_some_and(|open| open > 0 && tail[open] == b'[' && tail[open - 1] == b'!')
}
