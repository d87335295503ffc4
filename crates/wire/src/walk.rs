//! The walk over one document: every key, string and long number is shown to a visitor, and its answers become edits.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::{
    json::{Document, Edit, Kind, Piece, long_digits, write_string},
    names::{is_echo, is_protocol_key, is_server_number},
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
    fn other(&mut self, place: &str, text: &str) -> Option<String>;
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
}

/// Walks `doc` and gives the edits in document order.
pub(crate) fn walk<V: Visit>(doc: Document<'_>, manner: Manner, visitor: &mut V) -> Vec<Edit> {
    let mut walker = Walker { doc, manner, visitor, place: String::with_capacity(64), edits: Vec::new() };
    walker.value(Document::ROOT, "", "");
    walker.edits
}

struct Walker<'d, 'v, V> {
    doc: Document<'d>,
    manner: Manner,
    visitor: &'v mut V,
    place: String,
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
                let leaf = Leaf { place: &self.place, key, parent, text: &text, range };
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
                    && let Some(masked) = self.visitor.other(&self.place, &digits)
                {
                    self.put(node, &masked);
                }
            }
            Kind::True | Kind::False | Kind::Null => {}
        }
    }

    fn object(&mut self, node: usize, around: &str) {
        let mut labels = None;
        for (key, value) in self.doc.members(node) {
            let name = self.doc.string(key);
            let shown = self.key(node, key, &name, &mut labels);
            if self.manner.answer
                && (is_echo(&name) || (self.manner.event && name == "tokens"))
                && matches!(self.doc.kind(value), Kind::Object | Kind::Array)
            {
                let with = Piece::Token("null".to_owned());
                self.edits.push(Edit { range: self.doc.range(value), with });
                continue;
            }
            if self.manner.event && around == "token" && name == "id" && self.doc.kind(value) == Kind::Number
            {
                // TGI: the id of the token beside it, which says what the masked text was. Clients want a number.
                let with = Piece::Token("0".to_owned());
                self.edits.push(Edit { range: self.doc.range(value), with });
                continue;
            }
            let length = self.place.len();
            if length > 0 {
                self.place.push('.');
            }
            self.place.push_str(short(&shown));
            self.value(value, &name, around);
            self.place.truncate(length);
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
        let Some(masked) = self.visitor.other(&self.place, name) else {
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

    fn put(&mut self, node: usize, text: &str) {
        let mut token = String::new();
        write_string(text, &mut token);
        self.edits.push(Edit { range: self.doc.range(node), with: Piece::Token(token) });
    }
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
