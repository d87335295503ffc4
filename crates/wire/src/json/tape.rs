//! The list of a document's values in the order they stand, and how to walk it.

use std::borrow::Cow;

use super::{DecodeError, parse::Parser, text::unescape};

/// Deepest nesting accepted.
pub const MAX_DEPTH: usize = 128;
/// Most values accepted in one document (short numbers inside arrays do not count).
pub const MAX_VALUES: usize = 4_000_000;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// One value (or key) and its bytes: `start..end` with quotes or brackets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub kind: Kind,
    /// Strings: holds an escape. Arrays: holds a number directly.
    pub mark: bool,
    pub start: u32,
    pub end: u32,
    /// The node after this value and all it holds.
    pub next: u32,
}

/// Room for nodes that is used again for every document of a stream.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(super) nodes: Vec<Node>,
}

/// A document that was read: its text and its values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub text: &'a str,
    nodes: &'a [Node],
}

impl Tape {
    /// Reads one document strictly.
    pub fn read<'a>(&'a mut self, bytes: &'a [u8]) -> Result<Document<'a>, DecodeError> {
        self.nodes.clear();
        let text = Parser::new(bytes, &mut self.nodes)?.run()?;
        Ok(Document { text, nodes: &self.nodes })
    }
}

impl<'a> Document<'a> {
    /// The outermost value.
    pub const ROOT: usize = 0;

    /// What the value is.
    pub fn kind(self, node: usize) -> Kind {
        self.nodes.get(node).map_or(Kind::Null, |n| n.kind)
    }

    /// The value's byte range, quotes and brackets included.
    pub fn range(self, node: usize) -> std::ops::Range<usize> {
        self.nodes.get(node).map_or(0..0, |n| n.start as usize..n.end as usize)
    }

    /// The value's bytes as they stand.
    pub fn raw(self, node: usize) -> &'a str {
        self.text.get(self.range(node)).unwrap_or_default()
    }

    /// A string's (or key's) text, decoded.
    pub fn string(self, node: usize) -> Cow<'a, str> {
        let raw = self.raw(node);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        if self.nodes.get(node).is_some_and(|n| n.mark) { unescape(inner) } else { Cow::Borrowed(inner) }
    }

    /// A string value's text; `None` for any other kind.
    pub fn as_string(self, node: usize) -> Option<Cow<'a, str>> {
        (self.kind(node) == Kind::String).then(|| self.string(node))
    }

    /// A whole number's value; `None` for anything else.
    pub fn as_u64(self, node: usize) -> Option<u64> {
        (self.kind(node) == Kind::Number).then(|| self.raw(node).parse().ok()).flatten()
    }

    /// True for an array that holds a number directly.
    pub fn has_numbers(self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|n| n.kind == Kind::Array && n.mark)
    }

    /// True for an object or array that holds values other than short numbers.
    pub fn has_children(self, node: usize) -> bool {
        !self.children(node).is_empty()
    }

    /// An object's members as (key node, value node).
    pub fn members(self, object: usize) -> impl Iterator<Item = (usize, usize)> + 'a {
        let children = if self.kind(object) == Kind::Object { self.children(object) } else { object..object };
        let mut at = children.start;
        std::iter::from_fn(move || {
            (at < children.end).then(|| {
                let pair = (at, at + 1);
                at = self.after(at + 1);
                pair
            })
        })
    }

    /// An array's items. Short numbers are not among them.
    pub fn items(self, array: usize) -> impl Iterator<Item = usize> + 'a {
        let children = if self.kind(array) == Kind::Array { self.children(array) } else { array..array };
        let mut at = children.start;
        std::iter::from_fn(move || {
            (at < children.end).then(|| {
                let item = at;
                at = self.after(item);
                item
            })
        })
    }

    /// The value of an object's member.
    pub fn member(self, object: usize, name: &str) -> Option<usize> {
        self.members(object).find(|&(key, _)| self.string(key) == name).map(|(_, value)| value)
    }

    fn children(self, node: usize) -> std::ops::Range<usize> {
        node + 1..self.after(node)
    }

    fn after(self, node: usize) -> usize {
        self.nodes.get(node).map_or(node + 1, |n| n.next as usize)
    }
}
