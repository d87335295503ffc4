//! OpenAI's typed events (Responses, transcriptions, speech, images): what ends in `.delta` carries a piece, everything
//! else repeats whole texts, which are masked whole and so come out as the pieces put together.

use std::fmt::Write as _;

use super::{Ends, Family, Group, Mark, Plan, number, plain_name};
use crate::json::Document;

/// How the names of these events begin.
pub(super) const FAMILIES: [&str; 5] =
    ["response.", "transcript.", "speech.", "image_generation.", "image_edit."];

/// Most items that are told apart by their ids.
const MAX_ITEMS: usize = 1024;

pub(super) fn plan(doc: Document<'_>, name: &str, items: &mut Vec<String>) -> Plan {
    let part = ["content_index", "summary_index"].iter().find_map(|index| number(doc, index));
    let group = Group { major: number(doc, "output_index").or_else(|| item(doc, items)), minor: part };
    let (stem, last) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_piece = last == "delta";
    let mut prefix = String::new();
    if is_piece {
        prefix = plain_name(name);
        for index in [group.major, group.minor].into_iter().flatten() {
            let _ = write!(prefix, "[{index}]");
        }
        prefix.push('.');
    }
    // `response.completed`, `transcript.text.done`: nothing comes after it.
    let is_last = matches!(
        name,
        "response.completed"
            | "response.incomplete"
            | "response.failed"
            | "response.cancelled"
            | "response.done"
            | "transcript.text.done"
            | "speech.audio.done"
    );
    Plan {
        family: Family::Typed,
        ends: match (is_last, group.major) {
            (true, _) => Ends::All,
            (_, Some(_)) if last == "done" => Ends::Of(group),
            (_, None) if last == "done" => Ends::All,
            _ => Ends::Nothing,
        },
        error: name == "response.failed",
        mark: if is_last { Mark::Last } else { Mark::None },
        group,
        whole: !is_piece,
        json: stem.contains("arguments"),
        prefix,
        ..Plan::default()
    }
}

/// The number of an output item that is known by its id only, from a range no server counts in.
fn item(doc: Document<'_>, items: &mut Vec<String>) -> Option<u64> {
    let id = doc.as_string(doc.member(Document::ROOT, "item_id")?)?;
    let known = items.iter().position(|item| *item == id);
    if known.is_none() && items.len() < MAX_ITEMS {
        items.push(id.into_owned());
    }
    Some(known.unwrap_or(items.len() - 1) as u64)
}
