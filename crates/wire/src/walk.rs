//! The walk over one document: every key, string and long number is shown to a visitor, and its answers become edits.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use countersign_model::action::Passage;

use crate::{
    Shape,
    json::{Document, Edit, Kind, Piece, long_digits, write_string},
    names::{holds_json, is_echo, is_offset, is_protocol_key, is_server_number},
};

/// Longest key kept in a place, bytes.
const MAX_SEGMENT: usize = 64;

/// A string value on the walk.
pub(crate) struct Leaf<'a> {
    /// Path from the root, such as `choices[0].delta.content`.
    pub place: &'a str,
    /// The member it is the value of (or the member whose array holds it).
    pub key: &'a str,
    /// The member around that one.
    pub parent: &'a str,
    /// The kind of text it is.
    pub passage: Passage,
    /// The decoded text.
    pub text: &'a str,
    /// Its bytes in the document, quotes included.
    pub range: std::ops::Range<usize>,
}

/// What a visitor wants done with a value.
pub(crate) enum Put {
    /// Leave its bytes.
    Keep,
    /// A string with this text.
    Text(String),
    /// An empty string that is filled later, under this name.
    Hole(String),
}

/// Judges what the walk finds.
pub(crate) trait Visit {
    /// A string value.
    fn string(&mut self, leaf: Leaf<'_>) -> Put;
    /// Anything else that is text: a key, the digits of a long number. `None` leaves it.
    fn other(&mut self, place: &str, passage: Passage, text: &str) -> Option<String>;
    /// True when a growing text has changed, so that numbers of characters in it are no longer true.
    fn has_moved(&self) -> bool {
        false
    }
}

/// How to walk.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manner {
    /// The document is an answer: members that repeat its text in fragments become null, the server's own numbers
    /// (times, durations) are let be.
    pub answer: bool,
    /// The document is an event of a stream: array items go by their own `index` member instead of their position,
    /// and `tokens` (ids of the text beside them) is dropped as well.
    pub event: bool,
    /// The document is a list of vectors: numbers in arrays are let be.
    pub vectors: bool,
    /// The answer's `tokens` are what was asked for, not the text once more.
    pub tokens: bool,
}

impl Manner {
    /// What the shape alone says.
    pub fn of(shape: Shape) -> Self {
        Self {
            vectors: matches!(shape, Shape::Embeddings | Shape::Rerank),
            tokens: shape == Shape::Tokenize,
            ..Self::default()
        }
    }
}

/// Walks `doc` and gives the edits in document order.
pub(crate) fn walk<V: Visit>(doc: Document<'_>, manner: Manner, visitor: &mut V) -> Vec<Edit> {
    let passage = if manner.answer { Passage::Response } else { Passage::Prompt };
    let mut walker =
        Walker { doc, manner, visitor, place: String::with_capacity(64), passage, edits: Vec::new() };
    walker.value(Document::ROOT, "", "");
    walker.edits
}

struct Walker<'d, 'v, V> {
    doc: Document<'d>,
    manner: Manner,
    visitor: &'v mut V,
    place: String,
    /// The kind of text that is walked.
    passage: Passage,
    edits: Vec<Edit>,
}

impl<V: Visit> Walker<'_, '_, V> {
    /// Depth is bounded by the parser (128).
    fn value(&mut self, node: usize, key: &str, parent: &str) {
        match self.doc.kind(node) {
            Kind::Object => self.object(node, key),
            Kind::Array => self.array(node, key, parent),
            Kind::String => {
                let text = self.doc.string(node);
                let range = self.doc.range(node);
                let leaf =
                    Leaf { place: &self.place, key, parent, passage: self.passage, text: &text, range };
                match self.visitor.string(leaf) {
                    Put::Keep => {}
                    Put::Text(text) => self.put(node, &text),
                    Put::Hole(name) => {
                        self.edits.push(Edit { range: self.doc.range(node), with: Piece::Hole(name) });
                    }
                }
            }
            Kind::Number => {
                if let Some(digits) = long_digits(self.doc.raw(node))
                    && !(self.manner.answer && is_server_number(key, &digits))
                    && let Some(masked) = self.visitor.other(&self.place, self.passage, &digits)
                {
                    self.put(node, &masked);
                }
            }
            Kind::True | Kind::False | Kind::Null => {}
        }
    }

    fn object(&mut self, node: usize, around: &str) {
        let passage = self.passage;
        let speaker = if is_talk(passage) { self.speaker(node, around) } else { Speaker::Anybody };
        if speaker == Speaker::Tool {
            self.passage = Passage::ToolResult;
        }
        let mut labels = None;
        let (mut notes, mut text) = (None, None);
        for (key, value) in self.doc.members(node) {
            let name = self.doc.string(key);
            let shown = self.key(node, key, &name, &mut labels);
            if self.manner.answer
                && let Some(instead) = self.echo(around, &name, value)
            {
                self.token(value, instead);
                continue;
            }
            match name.as_ref() {
                "annotations" if self.doc.kind(value) == Kind::Array => notes = Some(value),
                "text" | "content" if self.doc.kind(value) == Kind::String => text = Some(value),
                _ => {}
            }
            if self.manner.event && around == "token" && name == "id" && self.doc.kind(value) == Kind::Number
            {
                // TGI: the id of the token beside it, which says what the masked text was. Clients want a number.
                self.token(value, "0");
                continue;
            }
            if is_offset(&name) && self.manner.event && self.visitor.has_moved() {
                self.token(value, "0");
                continue;
            }
            let length = self.place.len();
            if length > 0 {
                self.place.push('.');
            }
            self.place.push_str(short(&shown));
            let here = self.passage;
            if is_talk(here) {
                self.passage = speaker.passage_of(&name).unwrap_or(here);
            }
            self.value(value, &name, around);
            self.passage = here;
            self.place.truncate(length);
        }
        self.passage = passage;
        if let (true, Some(notes), Some(text)) = (self.manner.answer, notes, text) {
            self.drop_offsets(notes, text);
        }
    }

    /// Who speaks in an object, by its role or type.
    fn speaker(&self, node: usize, around: &str) -> Speaker {
        let said = |name| self.doc.member(node, name).and_then(|node| self.doc.as_string(node));
        if said("role").is_some_and(|role| matches!(role.as_ref(), "tool" | "function")) {
            return Speaker::Tool;
        }
        match said("type").as_deref() {
            Some(kind) if kind.ends_with("tool_result") || kind.ends_with("_call_output") => Speaker::Tool,
            Some(kind) if kind.ends_with("tool_use") || kind.ends_with("_call") => Speaker::Call,
            _ if around == "custom" => Speaker::Call,
            _ => Speaker::Anybody,
        }
    }

    /// What stands in for a member of an answer that repeats the text in fragments, in the form client libraries take:
    /// null where the protocol allows it, an empty list where it wants a list.
    fn echo(&self, around: &str, name: &str, value: usize) -> Option<&'static str> {
        let list = self.doc.kind(value) == Kind::Array;
        if !list && self.doc.kind(value) != Kind::Object {
            return None;
        }
        let fragments = match name {
            "tokens" if self.manner.tokens => return None,
            // Ollama's own state: the conversation so far, as token ids.
            "context" => list && self.doc.has_numbers(value),
            "tokens" | "prefill" => {
                list && (self.manner.event
                    || matches!(around, "details" | "best_of_sequences" | "segments")
                    || self.doc.has_numbers(value))
            }
            name => is_echo(name),
        };
        // Nothing is repeated by what is empty.
        let filled = self.doc.has_numbers(value) || self.doc.has_children(value);
        (fragments && filled).then_some(match name {
            "tokens" | "prefill" => "[]",
            "logprobs" if list => "[]",
            _ => "null",
        })
    }

    /// Drops annotations that point into a text by number of character, once masking has changed that text.
    fn drop_offsets(&mut self, notes: usize, text: usize) {
        let (notes, text) = (self.doc.range(notes), self.doc.range(text));
        if notes.len() > 2 && self.edits.iter().any(|edit| edit.range == text) {
            self.edits.retain(|edit| edit.range.start < notes.start || edit.range.end > notes.end);
            let at = self.edits.partition_point(|edit| edit.range.start < notes.start);
            self.edits.insert(at, Edit { range: notes, with: Piece::Token("[]".to_owned()) });
        }
    }

    /// Masks a key and gives the name it is shown by. Two keys of one object never become the same label.
    fn key<'n>(
        &mut self,
        object: usize,
        key: usize,
        name: &'n str,
        labels: &mut Option<Labels>,
    ) -> Cow<'n, str> {
        if is_protocol_key(name) {
            return Cow::Borrowed(name);
        }
        let Some(masked) = self.visitor.other(&self.place, self.passage, name) else {
            return Cow::Borrowed(name);
        };
        let doc = self.doc;
        let labels = labels.get_or_insert_with(|| {
            Labels::among(doc.members(object).map(|(key, _)| doc.string(key).into_owned()).collect())
        });
        let unique = labels.unique(masked);
        self.put(key, &unique);
        Cow::Owned(unique)
    }

    fn array(&mut self, node: usize, key: &str, parent: &str) {
        let length = self.place.len();
        for (position, item) in self.doc.items(node).enumerate() {
            if self.manner.vectors && self.doc.kind(item) == Kind::Number {
                continue;
            }
            let number = self.number(item).unwrap_or(position as u64);
            let _ = write!(self.place, "[{number}]");
            self.value(item, key, parent);
            self.place.truncate(length);
        }
    }

    fn number(&self, item: usize) -> Option<u64> {
        if self.manner.event { self.doc.as_u64(self.doc.member(item, "index")?) } else { None }
    }

    fn token(&mut self, node: usize, token: &str) {
        self.edits.push(Edit { range: self.doc.range(node), with: Piece::Token(token.to_owned()) });
    }

    fn put(&mut self, node: usize, text: &str) {
        let mut token = String::new();
        write_string(text, &mut token);
        self.edits.push(Edit { range: self.doc.range(node), with: Piece::Token(token) });
    }
}

/// Who speaks in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Anybody,
    /// A tool: all in it is its result.
    Tool,
    /// A model that calls a tool, perhaps beside what that gave back.
    Call,
}

impl Speaker {
    /// The kind of text in this member, where it is another than that around it.
    fn passage_of(self, name: &str) -> Option<Passage> {
        match name {
            _ if holds_json(name) => Some(Passage::ToolArguments),
            "input" | "action" if self == Self::Call => Some(Passage::ToolArguments),
            "output" | "outputs" | "results" if self == Self::Call => Some(Passage::ToolResult),
            _ => None,
        }
    }
}

/// Whether it is what callers or models say, and nothing more special.
const fn is_talk(passage: Passage) -> bool {
    matches!(passage, Passage::Prompt | Passage::Response)
}

/// Labels that stand for keys of one object. Made only once a key was masked.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    taken: BTreeSet<String>,
    counts: BTreeMap<String, u32>,
}

impl Labels {
    /// Labels that must differ from `taken`.
    pub fn among(taken: BTreeSet<String>) -> Self {
        Self { taken, counts: BTreeMap::new() }
    }

    /// `label`, or `label_2`, `label_3` … when it is taken.
    pub fn unique(&mut self, label: String) -> String {
        let mut unique = label.clone();
        if self.taken.contains(&label) {
            let count = self.counts.entry(label.clone()).or_insert(1);
            while self.taken.contains(&unique) {
                *count += 1;
                unique.clone_from(&label);
                let _ = write!(unique, "_{count}");
            }
        }
        self.taken.insert(unique.clone());
        unique
    }
}

fn short(key: &str) -> &str {
    let mut end = key.len().min(MAX_SEGMENT);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    &key[..end]
}
