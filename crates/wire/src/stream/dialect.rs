//! Which strings of an event grow over events, which stand alone, and what the event ends.

use std::fmt::Write as _;

use crate::{
    json::{Document, Kind},
    names::holds_json,
    walk::Leaf,
};

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

/// What one event is about.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// It has choices: a chat or completion chunk.
    pub chat: bool,
    /// Choices it speaks of.
    pub choices: Vec<u64>,
    /// Choices it ends.
    pub ended: Vec<u64>,
    /// It ends every channel.
    pub ends_all: bool,
    /// It carries an error.
    pub error: bool,
    /// Tool calls that state their id, as (channel prefix, id).
    pub calls: Vec<(String, String)>,
    /// Nothing in it is a piece: it repeats whole texts, or is an error.
    whole: bool,
    /// Other shapes: what tells this event's channels from those of other events.
    prefix: String,
    /// Other shapes: its strings are pieces of tool arguments.
    arguments: bool,
}

/// Strings inside a delta that arrive complete.
const COMPLETE: [&str; 12] = [
    "call_id",
    "encrypted_content",
    "file_id",
    "format",
    "id",
    "mime_type",
    "object",
    "role",
    "signature",
    "status",
    "type",
    "url",
];

/// Strings of other shapes that grow.
const GROWING: [&str; 7] = ["arguments", "content", "delta", "partial_json", "response", "text", "thinking"];

/// Numbers of other shapes that tell parallel texts apart. A bare `index` does so only where [`index_is_a_text`] says.
const INDEXES: [&str; 5] = ["choice_index", "content_index", "index", "output_index", "summary_index"];

impl Plan {
    /// Reads an event. `named` is the event's name from its `event:` line.
    pub fn read(doc: Document<'_>, named: Option<&str>) -> Self {
        let member = |name| doc.member(Document::ROOT, name);
        let error = member("error").is_some_and(|node| doc.kind(node) != Kind::Null);
        match member("choices").filter(|&node| doc.kind(node) == Kind::Array) {
            Some(choices) => Self { error, ..Self::chat(doc, choices) },
            None => Self { error, whole: error, ..Self::other(doc, named) },
        }
    }

    fn chat(doc: Document<'_>, choices: usize) -> Self {
        let mut plan = Self { chat: true, ..Self::default() };
        for (position, choice) in doc.items(choices).enumerate() {
            let number = index(doc, choice).unwrap_or(position as u64);
            plan.choices.push(number);
            if filled(doc, choice, "finish_reason") {
                plan.ended.push(number);
            }
            let calls = doc.member(choice, "delta").and_then(|delta| doc.member(delta, "tool_calls"));
            for (position, call) in calls.into_iter().flat_map(|calls| doc.items(calls)).enumerate() {
                let id = doc.member(call, "id").and_then(|node| doc.as_string(node));
                if let Some(id) = id.filter(|id| !id.is_empty()) {
                    let nth = index(doc, call).unwrap_or(position as u64);
                    let prefix = format!("choices[{number}].delta.tool_calls[{nth}].");
                    plan.calls.push((prefix, id.into_owned()));
                }
            }
        }
        let usage = doc.member(Document::ROOT, "usage");
        plan.ends_all = plan.choices.is_empty() && usage.is_some_and(|node| doc.kind(node) == Kind::Object);
        plan
    }

    fn other(doc: Document<'_>, named: Option<&str>) -> Self {
        let typed = doc.member(Document::ROOT, "type").and_then(|node| doc.as_string(node));
        let name = typed.as_deref().or(named).unwrap_or_default();
        let mut prefix: String = name
            .chars()
            .take(64)
            .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' })
            .collect();
        for index in INDEXES {
            if index == "index" && !index_is_a_text(doc, name) {
                continue;
            }
            if let Some(number) = doc.member(Document::ROOT, index).and_then(|node| doc.as_u64(node)) {
                let _ = write!(prefix, "[{number}]");
            }
        }
        if !prefix.is_empty() {
            prefix.push('.');
        }
        let repeats = [".done", ".completed", ".incomplete", ".failed", "_stop", "_end", "_done"]
            .iter()
            .any(|tail| name.ends_with(tail))
            || matches!(name, "done" | "end" | "stop" | "error");
        let is_true =
            |name| doc.member(Document::ROOT, name).is_some_and(|node| doc.kind(node) == Kind::True);
        let ends = is_true("done")
            || is_true("stop")
            || ["generated_text", "finish_reason", "stop_reason"]
                .iter()
                .any(|name| filled(doc, Document::ROOT, name));
        Self {
            ends_all: repeats || ends,
            whole: repeats,
            arguments: name.contains("arguments"),
            prefix,
            ..Self::default()
        }
    }

    /// How a string is read.
    pub fn role(&self, leaf: &Leaf<'_>) -> Role {
        if self.whole {
            return Role::Whole;
        }
        if !self.chat {
            return match leaf.key {
                key if !GROWING.contains(&key) || !is_plain(leaf.place) => Role::Whole,
                key if holds_json(key) || self.arguments => Role::Json,
                _ => Role::Text,
            };
        }
        let Some((_, within)) = leaf.place.strip_prefix("choices[").and_then(|rest| rest.split_once("]."))
        else {
            return Role::Whole;
        };
        if within == "text" {
            return Role::Text;
        }
        match within.strip_prefix("delta.") {
            Some(field)
                if COMPLETE.contains(&leaf.key) || field.starts_with("annotations") || !is_plain(field) =>
            {
                Role::Whole
            }
            Some(field) if field.ends_with("function.name") || field == "function_call.name" => Role::Name,
            Some(_) if holds_json(leaf.key) => Role::Json,
            Some(_) => Role::Text,
            None => Role::Whole,
        }
    }

    /// The channel a string belongs to: also its place in the record.
    pub fn channel(&self, place: &str) -> String {
        format!("{}{place}", self.prefix)
    }

    /// True when the event ends a channel of this choice.
    pub fn ends(&self, choice: Option<u64>) -> bool {
        self.ends_all || choice.is_some_and(|choice| self.ended.contains(&choice))
    }
}

/// The choice a chat place belongs to.
pub(super) fn choice_of(place: &str) -> Option<u64> {
    place.strip_prefix("choices[")?.split_once(']')?.0.parse().ok()
}

/// Whether an event's own `index` counts texts: content blocks (Anthropic, Cohere: a `delta` or a block), prompts of one
/// request (llama.cpp: `content` beside `stop`; SGLang: `text` beside `meta_info`).
///
/// Elsewhere it may count tokens, as in TGI (`{"index":7,"token":{"text":…}}`): a channel of its own for every token
/// would hide a value from its masker.
fn index_is_a_text(doc: Document<'_>, name: &str) -> bool {
    let has = |name| doc.member(Document::ROOT, name).is_some();
    !has("token")
        && (name.starts_with("content_block")
            || has("delta")
            || has("content_block")
            || (has("content") && has("stop"))
            || (has("text") && has("meta_info")))
}

fn index(doc: Document<'_>, item: usize) -> Option<u64> {
    doc.as_u64(doc.member(item, "index")?)
}

fn filled(doc: Document<'_>, object: usize, name: &str) -> bool {
    doc.member(object, name).and_then(|node| doc.as_string(node)).is_some_and(|text| !text.is_empty())
}

/// True for a path that can be built again from its text.
fn is_plain(path: &str) -> bool {
    path.len() <= 256
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']'))
}
