//! OpenAI chat and completion chunks: texts grow in `choices[i].delta` and `choices[i].text`.

use super::{Ends, Family, Plan, Role, filled, is_plain};
use crate::{
    json::{Document, Kind},
    names::holds_json,
    walk::Leaf,
};

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

pub(super) fn plan(doc: Document<'_>, choices: usize) -> Plan {
    let mut plan = Plan { family: Family::Chat, ..Plan::default() };
    let mut ended = Vec::new();
    for (position, choice) in doc.items(choices).enumerate() {
        let number = index(doc, choice).unwrap_or(position as u64);
        plan.choices.push(number);
        if filled(doc, choice, "finish_reason") {
            ended.push(number);
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
    if plan.choices.is_empty() {
        // A last event with what was counted.
        let usage = doc.member(Document::ROOT, "usage");
        if usage.is_some_and(|node| doc.kind(node) == Kind::Object) {
            plan.ends = Ends::All;
        }
    } else if !ended.is_empty() {
        plan.ends = Ends::Choices(ended);
    }
    plan
}

pub(super) fn role(leaf: &Leaf<'_>) -> Role {
    let Some((_, within)) = leaf.place.strip_prefix("choices[").and_then(|rest| rest.split_once("].")) else {
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

/// The choice a place belongs to.
pub(in crate::stream) fn choice_of(place: &str) -> Option<u64> {
    place.strip_prefix("choices[")?.split_once(']')?.0.parse().ok()
}

fn index(doc: Document<'_>, item: usize) -> Option<u64> {
    doc.as_u64(doc.member(item, "index")?)
}
