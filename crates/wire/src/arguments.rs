//! JSON inside a string, masked while it grows: tool-call arguments, whole or streamed.
//!
//! Structure passes through at once. Each inner string is a text of its own for the masker, keys are masked whole,
//! long numbers become a label in quotes. From the first character that JSON does not allow (outside strings) the
//! rest is one plain text. Every decision hangs on the characters alone, never on how they were cut, so whole masking
//! *is* this machine, run once.
//!
//! Inside strings it is lenient, because models are: raw line ends, unknown escapes and lone surrogates are kept as
//! written. What was valid JSON stays valid JSON; duplicate keys in it are kept too, each one inspected.

mod escape;

use std::fmt::Write as _;

use countersign_model::action::Passage;

use crate::{
    Masker, TextStream,
    echo::Echo,
    json::{MAX_DEPTH, is_number, long_digits, write_string},
    walk::Labels,
};
use escape::{Escape, Read};

/// Longest bare token, key or blank run that is held, bytes. Longer ones are treated as text.
const MAX_HELD: usize = 4096;

/// Masks a whole string that holds JSON. `None` means unchanged.
pub(crate) fn mask<M: Masker>(place: &str, passage: Passage, text: &str, masker: &mut M) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut arguments = Arguments::new(place, passage);
    arguments.push(text, masker, &mut out);
    arguments.finish(masker, &mut out);
    (out != text).then_some(out)
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Blanks before the document.
    Start,
    /// A value must come; in a fresh array also its end.
    Value { fresh: bool },
    /// A key must come; in a fresh object also its end.
    Key { fresh: bool },
    /// Inside a key that is held whole.
    InKey,
    /// A colon must come.
    Colon,
    /// Inside a string that streams: a value, or a key too long to hold.
    InString { key: bool },
    /// A number or word, held with the blanks after it until it is clear that it ended well.
    Bare { ended: bool },
    /// A comma or an end must come.
    After,
    /// The document is complete.
    Done,
    /// Not JSON (any more): plain text.
    Text,
}

/// An open object or array.
#[derive(Debug)]
struct Frame {
    object: bool,
    /// Length of the path at this container.
    path: usize,
    items: u64,
    labels: Option<Labels>,
}

/// One growing document.
#[derive(Debug)]
pub(crate) struct Arguments<T> {
    state: State,
    frames: Vec<Frame>,
    /// Where we are: the channel's place, then inner keys (as masked) and indexes.
    path: String,
    /// Raw text that is held: leading blanks, a key, a bare token.
    held: String,
    /// The decoded text of a held key.
    key: String,
    escape: Escape,
    echo: Echo,
    text: Option<T>,
    /// Decoded characters that wait to go into `text` together.
    feed: String,
    root: usize,
    /// Tool arguments, unless they stand in something that is no talk.
    passage: Passage,
}

impl<T: TextStream> Arguments<T> {
    /// Begins a document at `place`.
    pub fn new(place: &str, passage: Passage) -> Self {
        Self {
            state: State::Start,
            frames: Vec::new(),
            path: place.to_owned(),
            held: String::new(),
            key: String::new(),
            escape: Escape::default(),
            echo: Echo::default(),
            text: None,
            feed: String::new(),
            root: place.len(),
            passage,
        }
    }

    /// Takes more of the document and appends what may be released.
    pub fn push<M: Masker<Text = T>>(&mut self, input: &str, masker: &mut M, out: &mut String) {
        for (at, character) in input.char_indices() {
            if self.state == State::Text {
                self.feed.push_str(&input[at..]);
                break;
            }
            self.step(character, masker, out);
        }
        self.settle(out);
    }

    /// The document has ended, complete or not: appends everything still held.
    pub fn finish<M: Masker<Text = T>>(&mut self, masker: &mut M, out: &mut String) {
        let state = self.state;
        match state {
            State::Start => out.push_str(&std::mem::take(&mut self.held)),
            State::Bare { .. } if self.bare(masker, out) => {}
            State::Bare { .. } => self.give_up(masker, out),
            State::InKey | State::InString { .. } => self.cut_short(masker, out),
            _ => {}
        }
        self.end_text(masker, out);
    }

    fn step<M: Masker<Text = T>>(&mut self, c: char, masker: &mut M, out: &mut String) {
        let blank = matches!(c, ' ' | '\t' | '\n' | '\r');
        match self.state {
            State::Start if blank && self.held.len() < MAX_HELD => self.held.push(c),
            State::Start if matches!(c, '{' | '[') => {
                out.push_str(&std::mem::take(&mut self.held));
                self.open(c, out);
            }
            State::Value { .. } | State::Key { .. } | State::Colon | State::After | State::Done if blank => {
                out.push(c);
            }
            State::Value { .. } if matches!(c, '{' | '[') && self.frames.len() < MAX_DEPTH => {
                self.open(c, out);
            }
            State::Value { .. } if c == '"' => {
                out.push('"');
                self.begin_string(masker);
                self.state = State::InString { key: false };
            }
            State::Value { .. } if is_bare(c) => {
                self.held.push(c);
                self.state = State::Bare { ended: false };
            }
            State::Key { .. } if c == '"' => {
                self.key.clear();
                self.state = State::InKey;
            }
            State::Value { fresh: true } if c == ']' => self.shut(c, out),
            State::Key { fresh: true } if c == '}' => self.shut(c, out),
            State::Colon if c == ':' => {
                out.push(c);
                self.state = State::Value { fresh: false };
            }
            State::After => self.after(c, masker, out),
            State::Bare { ended } if self.held.len() < MAX_HELD => self.in_bare(c, blank, ended, masker, out),
            State::InKey | State::InString { .. } => self.in_string(c, masker, out),
            _ => {
                self.give_up(masker, out);
                self.feed.push(c);
            }
        }
    }

    fn in_bare<M: Masker<Text = T>>(
        &mut self,
        c: char,
        blank: bool,
        ended: bool,
        masker: &mut M,
        out: &mut String,
    ) {
        if blank || (is_bare(c) && !ended) {
            self.held.push(c);
            self.state = State::Bare { ended: blank };
        } else if matches!(c, ',' | ']' | '}') && self.closes(c) && self.bare(masker, out) {
            self.after(c, masker, out);
        } else {
            self.give_up(masker, out);
            self.feed.push(c);
        }
    }

    /// True when `c` may follow a value in the innermost container.
    fn closes(&self, c: char) -> bool {
        self.frames.last().is_some_and(|frame| c == ',' || c == if frame.object { '}' } else { ']' })
    }

    fn after<M: Masker<Text = T>>(&mut self, c: char, masker: &mut M, out: &mut String) {
        if !self.closes(c) {
            self.give_up(masker, out);
            self.feed.push(c);
        } else if c == ',' {
            out.push(c);
            let object = self.next_item();
            self.state = if object { State::Key { fresh: false } } else { State::Value { fresh: false } };
        } else {
            self.shut(c, out);
        }
    }

    fn open(&mut self, c: char, out: &mut String) {
        out.push(c);
        let object = c == '{';
        self.frames.push(Frame { object, path: self.path.len(), items: 0, labels: None });
        if object {
            self.state = State::Key { fresh: true };
        } else {
            self.path.push_str("[0]");
            self.state = State::Value { fresh: true };
        }
    }

    fn shut(&mut self, c: char, out: &mut String) {
        out.push(c);
        if let Some(frame) = self.frames.pop() {
            self.path.truncate(frame.path);
        }
        self.state = if self.frames.is_empty() { State::Done } else { State::After };
    }

    /// Moves the path on to the next member or item; true inside an object.
    fn next_item(&mut self) -> bool {
        let Some(frame) = self.frames.last_mut() else {
            return false;
        };
        frame.items += 1;
        self.path.truncate(frame.path);
        if !frame.object {
            let _ = write!(self.path, "[{}]", frame.items);
        }
        frame.object
    }

    /// Releases a held number or word with the blanks after it; false when it is neither, and stays held.
    fn bare<M: Masker<Text = T>>(&mut self, masker: &mut M, out: &mut String) -> bool {
        let token = self.held.trim_end();
        let masked = if is_number(token) {
            long_digits(token).and_then(|digits| masker.whole(&self.path, self.passage, &digits))
        } else if matches!(token, "true" | "false" | "null") {
            None
        } else {
            return false;
        };
        match masked {
            Some(label) => {
                write_string(&label, out);
                out.push_str(&self.held[token.len()..]);
            }
            None => out.push_str(&self.held),
        }
        self.held.clear();
        self.state = State::After;
        true
    }

    fn in_string<M: Masker<Text = T>>(&mut self, c: char, masker: &mut M, out: &mut String) {
        let mut escape = std::mem::take(&mut self.escape);
        let ended = escape.step(c, |read| self.read(read));
        self.escape = escape;
        match (ended, self.state) {
            (true, State::InKey) => {
                self.release_key(masker, out);
                out.push('"');
                self.state = State::Colon;
            }
            (true, State::InString { key }) => {
                self.end_text(masker, out);
                out.push('"');
                self.state = if key { State::Colon } else { State::After };
            }
            (false, State::InKey) if self.held.len() > MAX_HELD => {
                out.push('"');
                self.begin_string(masker);
                self.echo.part();
                self.feed.push_str(&std::mem::take(&mut self.key));
                self.held.clear();
                self.state = State::InString { key: true };
            }
            _ => {}
        }
    }

    /// One decoded character of a key or string.
    fn read(&mut self, read: Read<'_>) {
        if self.state == State::InKey {
            self.key.push(read.character);
            self.held.push_str(read.raw);
        } else {
            self.feed.push(read.character);
            self.echo.heard(read.character, read.raw);
        }
    }

    fn begin_string<M: Masker<Text = T>>(&mut self, masker: &mut M) {
        self.text = Some(masker.open(&self.path, self.passage));
        self.echo.begin();
    }

    /// Writes the held key, masked, after its opening quote; extends the path by it.
    fn release_key<M: Masker<Text = T>>(&mut self, masker: &mut M, out: &mut String) {
        out.push('"');
        if let Some(frame) = self.frames.last() {
            self.path.truncate(frame.path);
        }
        let raw = std::mem::take(&mut self.held);
        let key = std::mem::take(&mut self.key);
        let label = masker.whole(&self.path, self.passage, &key).map(|label| match self.frames.last_mut() {
            Some(frame) => frame.labels.get_or_insert_default().unique(label),
            None => label,
        });
        self.path.push('.');
        if let Some(label) = label {
            let mut token = String::new();
            write_string(&label, &mut token);
            out.push_str(&token[1..token.len() - 1]);
            self.path.push_str(&label);
        } else {
            out.push_str(&raw);
            self.path.extend(key.chars().take(64));
        }
    }

    /// The document ended inside a key or string.
    fn cut_short<M: Masker<Text = T>>(&mut self, masker: &mut M, out: &mut String) {
        let mut escape = std::mem::take(&mut self.escape);
        escape.cut_short(|read| self.read(read));
        if self.state == State::InKey {
            self.release_key(masker, out);
        }
        self.end_text(masker, out);
    }

    /// What is held and all that follows is text.
    fn give_up<M: Masker<Text = T>>(&mut self, masker: &mut M, out: &mut String) {
        self.end_text(masker, out);
        self.path.truncate(self.root);
        self.text = Some(masker.open(&self.path, self.passage));
        self.feed.push_str(&self.held);
        self.held.clear();
        self.state = State::Text;
    }

    /// Sends what was read into the open text, and writes what comes back.
    fn settle(&mut self, out: &mut String) {
        if let Some(text) = &mut self.text
            && !self.feed.is_empty()
        {
            let mut released = String::new();
            text.push(&self.feed, &mut released);
            self.feed.clear();
            self.write(&released, out);
        }
    }

    fn end_text<M: Masker<Text = T>>(&mut self, masker: &mut M, out: &mut String) {
        self.settle(out);
        if let Some(mut text) = self.text.take() {
            let mut released = String::new();
            text.finish(&mut released);
            self.write(&released, out);
            masker.close(&self.path, text);
        }
    }

    fn write(&mut self, released: &str, out: &mut String) {
        if self.state == State::Text {
            out.push_str(released);
        } else {
            self.echo.speak(released, out);
        }
    }
}

/// True for a character of a number or word.
fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')
}
