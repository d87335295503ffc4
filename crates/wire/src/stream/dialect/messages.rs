//! Anthropic Messages: texts grow in `content_block_delta`, one per block and kind; a block may bring its first words
//! with `content_block_start`.

use super::{Ends, Family, Group, Mark, Plan, Role, number};
use crate::{json::Document, walk::Leaf};

pub(super) fn plan(doc: Document<'_>, name: &str) -> Plan {
    let block = number(doc, "index");
    let group = Group { major: block, minor: None };
    let grows = matches!(name, "content_block_start" | "content_block_delta");
    Plan {
        family: Family::Messages,
        ends: match name {
            "content_block_stop" if block.is_some() => Ends::Of(group),
            "content_block_stop" | "message_stop" => Ends::All,
            _ => Ends::Nothing,
        },
        mark: if name == "message_stop" { Mark::Last } else { Mark::None },
        group,
        whole: !grows,
        prefix: format!("content[{}].", block.unwrap_or(0)),
        ..Plan::default()
    }
}

pub(super) fn role(leaf: &Leaf<'_>) -> Role {
    match leaf.place {
        "delta.partial_json" => Role::Json,
        "delta.text" | "delta.thinking" => Role::Text,
        "content_block.text" | "content_block.thinking" if !leaf.text.is_empty() => Role::Text,
        _ => Role::Whole,
    }
}
