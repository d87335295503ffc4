//! The conversation as the record keeps it, from bodies that are masked already.

use bytes::Bytes;
use countersign_model::exchange::Turn;
use countersign_wire::{Shape, TurnKind};

/// Longest text of one turn in the record, bytes.
const TURN_MAX: usize = 256 << 10;
/// Most turns in the record.
const TURNS_MAX: usize = 2_000;

/// Turns of a masked body that is not streamed.
pub fn of_body(masked: &Bytes, shape: Shape) -> Vec<Turn> {
    countersign_wire::transcript(masked, shape).into_iter().take(TURNS_MAX).map(of_wire).collect()
}

/// A body that is one text.
pub fn of_text(role: &str, masked: &Bytes) -> Vec<Turn> {
    let text = cut(&String::from_utf8_lossy(masked));
    vec![Turn { role: role.to_owned(), kind: "text".to_owned(), name: String::new(), text }]
}

/// The wire's turn in the record's words.
pub fn of_wire(turn: countersign_wire::Turn) -> Turn {
    let kind = match turn.kind {
        TurnKind::Text => "text",
        TurnKind::Reasoning => "reasoning",
        TurnKind::Refusal => "refusal",
        TurnKind::ToolCall => "tool_call",
        TurnKind::ToolResult => "tool_result",
        TurnKind::Image => "image",
        TurnKind::Audio => "audio",
        TurnKind::File => "file",
        TurnKind::Other => "other",
    };
    Turn {
        role: turn.role,
        kind: kind.to_owned(),
        name: turn.name.unwrap_or_default(),
        text: cut(&turn.text),
    }
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(TURN_MAX)].to_owned()
}
