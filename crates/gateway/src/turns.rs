//! The conversation as the record keeps it, from bodies that are masked already.

use bytes::Bytes;
use countersign_model::exchange::Turn;
use countersign_wire::{Shape, TurnKind};

/// Longest text of one turn in the record, bytes.
const TURN_MAX: usize = 256 << 10;
/// Most turns in the record.
const TURNS_MAX: usize = 2_000;
/// Most that all turns of one row may take as JSON, bytes; a ledger entry holds 4 MiB with everything.
const ROW_MAX: usize = 2 << 20;

/// Turns of a masked body that is not streamed.
pub fn of_body(masked: &Bytes, shape: Shape) -> Vec<Turn> {
    fit(countersign_wire::transcript(masked, shape).into_iter().map(of_wire))
}

/// Turns of a masked form: its fields and files.
pub fn of_form(fields: Vec<countersign_wire::Turn>) -> Vec<Turn> {
    fit(fields.into_iter().map(of_wire))
}

/// As many turns as a row can hold. What is left out is said by a last turn of the kind `cut`, never passed over.
fn fit(turns: impl Iterator<Item = Turn>) -> Vec<Turn> {
    let mut kept = Vec::new();
    let mut room = ROW_MAX;
    let mut left_out = 0_usize;
    for turn in turns {
        let size = written(&turn.text) + turn.name.len() + turn.role.len() + 64;
        if left_out > 0 || kept.len() >= TURNS_MAX || size > room {
            left_out += 1;
        } else {
            room -= size;
            kept.push(turn);
        }
    }
    if left_out > 0 {
        let text = format!("{left_out} more turns are not in the record: it keeps 2 MiB of each side.");
        kept.push(Turn { role: "record".to_owned(), kind: "cut".to_owned(), name: String::new(), text });
    }
    kept
}

/// Bytes a text takes as a JSON string, at most.
fn written(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 1,
        0..=0x1f => 5,
        _ => 0,
    };
    text.len() + text.bytes().map(escaped).sum::<usize>()
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

/// A long text's beginning, with a word on what is not there.
fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(TURN_MAX);
    if end == text.len() {
        return text.to_owned();
    }
    format!("{} … [{} more bytes are not in the record]", &text[..end], text.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(text: &str) -> Turn {
        Turn { role: "user".into(), kind: "text".into(), name: String::new(), text: text.into() }
    }

    #[test]
    fn a_row_holds_what_it_can_and_says_what_it_leaves_out() {
        let long = "\u{1}".repeat(200 << 10);
        let kept = fit((0..20).map(|_| turn(&long)));
        let size = serde_json::to_vec(&kept).unwrap().len();
        assert!(size <= ROW_MAX + 1_024, "{size}");
        assert_eq!(kept.last().unwrap().kind, "cut");
        assert!(kept.last().unwrap().text.starts_with("19 more turns"), "{}", kept.last().unwrap().text);
        assert_eq!(fit((0..3).map(|_| turn("short"))).len(), 3);
    }

    #[test]
    fn a_long_text_says_that_it_goes_on() {
        assert!(cut(&"ä".repeat(TURN_MAX)).ends_with("more bytes are not in the record]"));
        assert_eq!(cut("short"), "short");
    }
}
