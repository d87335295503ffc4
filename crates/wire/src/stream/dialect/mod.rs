//! Which strings of an event grow over events, which stand alone, and what the event ends.

mod chat;
mod messages;
mod other;
mod typed;

use std::borrow::Cow;

use crate::{
    json::{Document, Kind},
    names::holds_json,
    walk::Leaf,
};

pub(super) use chat::choice_of;

/// How a string of an event is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Complete in itself.
    Whole,
    /// A piece of a growing text.
    Text,
    /// A piece of growing JSON: tool arguments.
    Json,
    /// A piece of a tool's name.
    Name,
}

/// The protocols whose events are read by their own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Family {
    /// OpenAI chat and completion chunks: `choices`.
    Chat,
    /// Anthropic Messages: content blocks.
    Messages,
    /// OpenAI Responses, transcriptions, speech: `something.delta` and `something.done`.
    Typed,
    /// Ollama: `message` or `response` beside `done`.
    Ollama,
    /// Anything else: strings that grow are known by their names.
    #[default]
    Other,
}

/// Which part of an answer a text belongs to: a choice, a content block, an output item and a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Group {
    pub major: Option<u64>,
    pub minor: Option<u64>,
}

/// Which texts an event ends.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) enum Ends {
    #[default]
    Nothing,
    All,
    /// Those of these choices.
    Choices(Vec<u64>),
    /// Those of one block or item, or of one part of it.
    Of(Group),
}

/// What an event says about the stream's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mark {
    #[default]
    None,
    /// One text is complete; others of the same answer may go on.
    Part,
    /// The answer is complete, nothing follows.
    Last,
}

/// What one event is about.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub family: Family,
    /// Choices it speaks of.
    pub choices: Vec<u64>,
    pub ends: Ends,
    /// It carries an error.
    pub error: bool,
    pub mark: Mark,
    /// Tool calls that state their id, as (channel prefix, id).
    pub calls: Vec<(String, String)>,
    /// The part of the answer that its pieces belong to, where the event says so for all of them.
    group: Group,
    /// Nothing in it is a piece: it repeats whole texts, or is an error.
    whole: bool,
    /// What tells this event's channels from those of other events.
    prefix: String,
    /// Its strings are pieces of tool arguments.
    json: bool,
}

impl Plan {
    /// Reads an event. `named` is the event's name from its `event:` line; `items` are the ids of output items seen so
    /// far, for servers that do not number them.
    pub fn read(doc: Document<'_>, named: Option<&str>, items: &mut Vec<String>) -> Self {
        let member = |name| doc.member(Document::ROOT, name);
        let error = member("error").is_some_and(|node| doc.kind(node) != Kind::Null);
        if let Some(choices) = member("choices").filter(|&node| doc.kind(node) == Kind::Array) {
            return Self { error, ..chat::plan(doc, choices) };
        }
        let typed = member("type").and_then(|node| doc.as_string(node));
        let name = typed.or(named.map(Cow::Borrowed)).unwrap_or_default();
        let error = error || name == "error";
        let plan = if name.starts_with("content_block_") || name.starts_with("message_") {
            messages::plan(doc, &name)
        } else if typed::FAMILIES.iter().any(|family| name.starts_with(family)) {
            typed::plan(doc, &name, items)
        } else if let Some(done) = other::ollama(doc) {
            done
        } else {
            other::plan(doc, &name)
        };
        let error = error || plan.error;
        // An error ends the answer, not the texts in it: they are dropped where they stand.
        let ends = if error { Ends::Nothing } else { plan.ends };
        Self { error, whole: error || plan.whole, ends, ..plan }
    }

    /// True for an event that ends nothing, begins no call and says nothing of the answer as a whole.
    pub fn is_plain(&self) -> bool {
        !self.error && self.calls.is_empty() && self.ends == Ends::Nothing && self.mark == Mark::None
    }

    /// How a string is read.
    pub fn role(&self, leaf: &Leaf<'_>) -> Role {
        if self.whole {
            return Role::Whole;
        }
        match self.family {
            Family::Chat => chat::role(leaf),
            Family::Messages => messages::role(leaf),
            Family::Typed if leaf.place != "delta" => Role::Whole,
            Family::Ollama if !other::OLLAMA.contains(&leaf.place) => Role::Whole,
            Family::Other if !other::grows(leaf) => Role::Whole,
            _ if self.json || holds_json(leaf.key) => Role::Json,
            _ => Role::Text,
        }
    }

    /// The channel a string belongs to: also its place in the record.
    pub fn channel<'a>(&'a self, leaf: &'a Leaf<'_>) -> Cow<'a, str> {
        match self.family {
            Family::Chat | Family::Ollama => Cow::Borrowed(leaf.place),
            Family::Messages => Cow::Owned(format!("{}{}", self.prefix, leaf.key)),
            _ if self.prefix.is_empty() => Cow::Borrowed(leaf.place),
            _ => Cow::Owned(format!("{}{}", self.prefix, leaf.place)),
        }
    }

    /// The part of the answer that a string at `place` belongs to.
    pub fn group(&self, place: &str) -> Group {
        if self.family == Family::Chat { Group { major: choice_of(place), minor: None } } else { self.group }
    }

    /// True when the event ends a channel of this group.
    pub fn ends(&self, group: Group) -> bool {
        match &self.ends {
            Ends::Nothing => false,
            Ends::All => true,
            Ends::Choices(choices) => group.major.is_some_and(|choice| choices.contains(&choice)),
            Ends::Of(ended) => {
                ended.major == group.major && (ended.minor.is_none() || ended.minor == group.minor)
            }
        }
    }
}

/// A whole number that is a member of the event itself.
fn number(doc: Document<'_>, name: &str) -> Option<u64> {
    doc.as_u64(doc.member(Document::ROOT, name)?)
}

/// True for a member that is a string with something in it.
fn filled(doc: Document<'_>, object: usize, name: &str) -> bool {
    doc.member(object, name).and_then(|node| doc.as_string(node)).is_some_and(|text| !text.is_empty())
}

/// True for a path that can be built again from its text.
fn is_plain(path: &str) -> bool {
    path.len() <= 256
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']'))
}

/// A protocol's name as it may stand in a place.
fn plain_name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    name.chars().take(64).map(|c| if plain(c) { c } else { '-' }).collect()
}
