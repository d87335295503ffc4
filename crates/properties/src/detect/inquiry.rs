//! The detector's line protocol.

use countersign_detect::inquiry::{Answer, Inquiry, Offsets};
use serde_json::Value;

use super::ENGINE;

/// No head. A question is JSON to every reader, its answer is one line of JSON with its id, the text's mask and
/// offsets in the units asked for; chunks are answered as their text is. A refusal is one line of JSON too.
pub fn inquiry(bytes: &[u8]) {
    let line = match Inquiry::read(bytes) {
        Ok(inquiry) => {
            let asked = serde_json::from_slice::<Value>(bytes);
            let answer = inquiry.answer(&ENGINE, Offsets::Byte);
            let line = answer.json();
            // Numbers too large for serde_json and halves of surrogate pairs may be an id.
            if let Ok(asked) = asked {
                is_answer(&asked, &answer, &line);
            }
            line
        }
        Err(refusal) => {
            assert!(!refusal.message.is_empty() && !refusal.message.contains('\n'), "{refusal:?}");
            refusal.json()
        }
    };
    assert!(!line.contains(['\n', '\r']) && line.starts_with('{'), "{line}");
}

fn is_answer(asked: &Value, answer: &Answer, line: &str) {
    let text = match (&asked["text"], &asked["chunks"]) {
        (Value::String(text), _) => text.clone(),
        (_, Value::Array(chunks)) => chunks.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    };
    let read: Value = serde_json::from_str(line).unwrap_or_default();
    assert_eq!(read["id"], asked["id"], "{line}");
    let masked = ENGINE.mask(&text);
    assert_eq!(read["masked"].as_str(), Some(masked.text.as_deref().unwrap_or(&text)), "{line}");
    let unit = match asked["offsets"].as_str() {
        Some("char") => |text: &str| text.chars().count(),
        Some("utf16") => |text: &str| text.encode_utf16().count(),
        _ => str::len,
    };
    let places: Vec<_> = masked
        .spans
        .iter()
        .map(|span| (unit(&text[..span.start]), unit(&text[..span.end]), span.entity))
        .collect();
    let told: Vec<_> = answer.spans.iter().map(|found| (found.start, found.end, found.entity)).collect();
    assert_eq!(told, places, "{line}");
    for risk in &answer.risks {
        assert!(risk.start < risk.end && risk.end <= unit(&text), "{line}");
    }
}
