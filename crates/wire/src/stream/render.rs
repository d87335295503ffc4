//! Writing events: changed ones, and those made for text that was held back.

use std::ops::Range;

use super::{Framing, channel::Template, outbox::Outbox};
use crate::{
    json::{Document, Edit, Kind, Piece, apply, write_string},
    sse::Block,
};

/// What stands around the data of an event that is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    pub framing: Framing,
    /// The event's name, where it has an `event:` line.
    pub named: Option<&'a str>,
    /// The stream's line end.
    pub end: &'a str,
}

impl Frame<'_> {
    /// What stands before the data.
    fn head(self, out: &mut String) {
        if self.framing == Framing::Lines {
            return;
        }
        if let Some(named) = self.named {
            out.push_str("event: ");
            out.push_str(named);
            out.push_str(self.end);
        }
        out.push_str("data: ");
    }

    /// What stands after it.
    fn tail(self, out: &mut String) {
        match self.framing {
            Framing::Lines => out.push('\n'),
            Framing::Events => {
                out.push_str(self.end);
                out.push_str(self.end);
            }
        }
    }
}

/// Writes one line of JSON lines, with what stands around the document.
pub(super) fn line(text: &str, edits: &[Edit], outbox: &mut Outbox) {
    outbox.seal();
    apply(text, 0..text.len(), edits, |piece| match piece {
        Ok(text) => outbox.bytes(text.as_bytes()),
        Err(hole) => outbox.hole(hole),
    });
}

/// An Anthropic event that carries `rest` in one field of a content block.
pub(super) fn block_delta(block: u64, field: &str, rest: &str, end: &str) -> String {
    let kind = match field {
        "partial_json" => "input_json_delta",
        "thinking" => "thinking_delta",
        _ => "text_delta",
    };
    let mut out = format!(
        "event: content_block_delta{end}data: {{\"type\":\"content_block_delta\",\"index\":{block},\"delta\":{{\"type\":\"{kind}\",\"{field}\":"
    );
    write_string(rest, &mut out);
    out.push_str("}}");
    out.push_str(end);
    out.push_str(end);
    out
}

/// Writes a block with its lines as masked and its data as edited. `lines[n]` replaces a line that is not data.
pub(super) fn block(
    block: &Block,
    lines: &[Option<String>],
    data: Option<(&str, &[Edit])>,
    outbox: &mut Outbox,
) {
    outbox.seal();
    let edited = data.filter(|(_, edits)| !edits.is_empty());
    if edited.is_none() && lines.iter().all(Option::is_none) {
        return outbox.bytes(&block.raw);
    }
    let begin = block.lines.first().map_or(0, |line| line.start);
    outbox.bytes(block.raw.get(..begin).unwrap_or_default());
    let mut written = false;
    for (n, range) in block.lines.iter().enumerate() {
        let raw = block.raw.get(range.clone()).unwrap_or_default();
        match edited {
            Some((text, edits)) if block.line(range).name == b"data" => {
                if !std::mem::replace(&mut written, true) {
                    payload(text, edits, block.end_of(n), outbox);
                    outbox.bytes(block.end_of(n));
                }
                continue;
            }
            _ => {}
        }
        match lines.get(n) {
            Some(Some(masked)) => outbox.bytes(masked.as_bytes()),
            _ => outbox.bytes(raw),
        }
        outbox.bytes(block.end_of(n));
    }
    outbox.bytes(block.tail());
}

/// Writes edited JSON as data lines: line ends inside it (between tokens) begin new ones.
fn payload(text: &str, edits: &[Edit], end: &[u8], outbox: &mut Outbox) {
    outbox.bytes(b"data: ");
    apply(text, 0..text.len(), edits, |piece| match piece {
        Ok(text) => {
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    outbox.bytes(end);
                    outbox.bytes(b"data: ");
                }
                outbox.bytes(line.as_bytes());
            }
        }
        Err(hole) => outbox.hole(hole),
    });
}

/// The members around `choices` (id, model, created …), masked, each followed by a comma.
pub(super) fn envelope(doc: Document<'_>, edits: &[Edit], out: &mut String) {
    out.clear();
    for (key, value) in doc.members(Document::ROOT) {
        if matches!(doc.kind(value), Kind::Object | Kind::Array) || doc.string(key) == "choices" {
            continue;
        }
        let window = doc.range(key).start..doc.range(value).end;
        apply(doc.text, window, edits, |piece| out.push_str(piece.unwrap_or_default()));
        out.push(',');
    }
    // Blanks between key and value may hold line ends, which would end the data line.
    if out.contains(['\n', '\r']) {
        *out = out.replace(['\n', '\r'], " ");
    }
}

/// An event that carries `rest` on the chat channel `place`.
pub(super) fn chat(envelope: &str, place: &str, rest: &str, frame: Frame<'_>) -> String {
    let mut out = String::with_capacity(envelope.len() + place.len() + rest.len() + 96);
    frame.head(&mut out);
    out.push('{');
    out.push_str(envelope);
    out.push_str("\"choices\":[{\"index\":");
    let (choice, field) = place
        .strip_prefix("choices[")
        .and_then(|tail| tail.split_once("]."))
        .unwrap_or(("0", "delta.content"));
    out.push_str(choice);
    out.push(',');
    member(field, rest, &mut out);
    out.push_str(",\"finish_reason\":null}]}");
    frame.tail(&mut out);
    out
}

/// `a.b[1].c` and a text become `"a":{"b":[{"index":1,"c":"text"}]}`.
fn member(path: &str, rest: &str, out: &mut String) {
    let stop = path.find(['.', '[']).unwrap_or(path.len());
    write_string(&path[..stop], out);
    out.push(':');
    value(&path[stop..], rest, out);
}

fn value(path: &str, rest: &str, out: &mut String) {
    if let Some(path) = path.strip_prefix('.') {
        out.push('{');
        member(path, rest, out);
        out.push('}');
    } else if let Some((index, path)) = path.strip_prefix('[').and_then(|path| path.split_once(']')) {
        out.push('[');
        if let Some(path) = path.strip_prefix('.') {
            out.push_str("{\"index\":");
            out.push_str(index);
            out.push(',');
            member(path, rest, out);
            out.push('}');
        } else {
            value(path, rest, out);
        }
        out.push(']');
    } else {
        write_string(rest, out);
    }
}

/// The event once more, with every growing string empty and room for one of them.
pub(super) fn template(
    text: &str,
    edits: &[Edit],
    pieces: &[(Range<usize>, String)],
    room: &Range<usize>,
    frame: Frame<'_>,
) -> Template {
    let mut blanked: Vec<Edit> = edits
        .iter()
        .filter(|edit| pieces.iter().all(|(range, _)| *range != edit.range))
        .cloned()
        .chain(
            pieces
                .iter()
                .map(|(range, _)| Edit { range: range.clone(), with: Piece::Token("\"\"".to_owned()) }),
        )
        .collect();
    blanked.sort_by_key(|edit| edit.range.start);
    let mut head = String::new();
    apply(text, 0..room.start, &blanked, |piece| head.push_str(piece.unwrap_or_default()));
    let mut tail = String::new();
    apply(text, room.end..text.len(), &blanked, |piece| tail.push_str(piece.unwrap_or_default()));
    // Line ends between tokens would end the data.
    let flat = |text: &str| text.trim_ascii().replace(['\n', '\r'], " ");
    let (mut before, mut after) = (String::new(), flat(&tail));
    frame.head(&mut before);
    before.push_str(&flat(&head));
    frame.tail(&mut after);
    Template { head: before.into_bytes(), tail: after.into_bytes() }
}
