//! Ollama's lines, and events nobody knows: strings that grow are told by their names.

use std::fmt::Write as _;

use super::{Ends, Family, Group, Mark, Plan, filled, is_plain, number, plain_name};
use crate::{
    json::{Document, Kind},
    walk::Leaf,
};

/// Where Ollama's texts grow.
pub(super) const OLLAMA: [&str; 5] =
    ["response", "thinking", "message.content", "message.thinking", "message.reasoning"];

/// Strings of other shapes that grow.
const GROWING: [&str; 7] = ["arguments", "content", "delta", "partial_json", "response", "text", "thinking"];

/// Numbers of other shapes that tell parallel texts apart. A bare `index` does so only where [`index_is_a_text`] says.
const INDEXES: [&str; 5] = ["choice_index", "content_index", "index", "output_index", "summary_index"];

/// A line of Ollama's `/api/chat` or `/api/generate`: it says whether it is the last one.
pub(super) fn ollama(doc: Document<'_>) -> Option<Plan> {
    let done = doc.kind(doc.member(Document::ROOT, "done")?);
    if !matches!(done, Kind::True | Kind::False) {
        return None;
    }
    let is = |name, kind| doc.member(Document::ROOT, name).is_some_and(|node| doc.kind(node) == kind);
    if !is("message", Kind::Object) && !is("response", Kind::String) {
        return None;
    }
    let last = done == Kind::True;
    Some(Plan {
        family: Family::Ollama,
        ends: if last { Ends::All } else { Ends::Nothing },
        mark: if last { Mark::Last } else { Mark::None },
        ..Plan::default()
    })
}

pub(super) fn plan(doc: Document<'_>, name: &str) -> Plan {
    let mut prefix = plain_name(name);
    let mut group = Group::default();
    for index in INDEXES {
        if index == "index" && !index_is_a_text(doc, name) {
            continue;
        }
        if let Some(number) = number(doc, index) {
            let _ = write!(prefix, "[{number}]");
            if index == "index" {
                group.major = Some(number);
            }
        }
    }
    if !prefix.is_empty() {
        prefix.push('.');
    }
    let repeats = [".done", ".completed", ".incomplete", ".failed", "_stop", "_end", "_done"]
        .iter()
        .any(|tail| name.ends_with(tail))
        || matches!(name, "done" | "end" | "stop" | "error");
    let is_true = |name| doc.member(Document::ROOT, name).is_some_and(|node| doc.kind(node) == Kind::True);
    let ended = is_true("done")
        || is_true("stop")
        || ["generated_text", "finish_reason", "stop_reason"]
            .iter()
            .any(|name| filled(doc, Document::ROOT, name));
    // TGI's last event may carry an empty text.
    let ended = ended
        || doc.member(Document::ROOT, "generated_text").is_some_and(|node| doc.kind(node) == Kind::String);
    Plan {
        ends: match (repeats, ended, group.major) {
            (true, ..) | (_, true, None) => Ends::All,
            (_, true, Some(_)) => Ends::Of(group),
            _ => Ends::Nothing,
        },
        mark: if ended { Mark::Part } else { Mark::None },
        group,
        whole: repeats,
        json: name.contains("arguments"),
        prefix,
        ..Plan::default()
    }
}

/// Whether a string grows. Arguments that are an object, not a string, come whole, whatever their members are called.
pub(super) fn grows(leaf: &Leaf<'_>) -> bool {
    GROWING.contains(&leaf.key)
        && is_plain(leaf.place)
        && !["arguments.", "arguments[", "input.", "parameters.", "generation_settings."]
            .iter()
            .any(|around| leaf.place.contains(around))
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
