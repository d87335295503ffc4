//! Stage 5: the two views of a request. Takes [`Judged`], gives [`Masked`]: what the model will read, as the verdict
//! says, and what the record keeps, which is masked always.

use std::sync::Arc;

use bytes::Bytes;
use countersign_detect::Issued;
use countersign_model::{
    connection::Recording,
    entity::Finding,
    exchange::{Coverage, Turn},
    risk::Risk,
};
use countersign_policy::Verdict;

use crate::{decode::Decoded, judge::Judged, route::Routed};

/// First characters of the last message that lists show.
const PREVIEW_CHARS: usize = 160;

/// A request as it will be sent and as it will be recorded.
pub struct Masked {
    pub(crate) routed: Routed,
    pub(crate) verdict: Verdict,
    pub(crate) for_model: ForModel,
    pub(crate) for_record: ForRecord,
}

/// What goes to the model.
pub struct ForModel {
    pub body: Bytes,
    pub path: String,
    pub query: Option<String>,
    pub stream: bool,
    pub shape: countersign_wire::Shape,
    /// What the tokens in it stand for.
    pub issued: Arc<Issued>,
}

/// What the ledger commits to. Never holds anything the detector found.
pub struct ForRecord {
    pub path: String,
    pub shape: &'static str,
    pub model: Option<String>,
    pub stream: bool,
    pub turns: Vec<Turn>,
    pub findings: Vec<Finding>,
    /// Spans that do not stand in what the model reads.
    pub replaced: u64,
    pub coverage: Coverage,
    pub risks: Vec<Risk>,
    pub preview: String,
    /// Microseconds from arrival to the body's last byte.
    pub received_micros: u64,
}

/// Separates the views.
pub fn redact(judged: Judged) -> Masked {
    let (decoded, verdict) = judged.into_parts();
    let Decoded {
        routed,
        shape,
        original,
        masked,
        url,
        recorded_path,
        issued,
        model,
        stream,
        turns,
        findings,
        replaced,
        coverage,
        risks,
        received_micros,
        ..
    } = decoded;
    let mask_prompt = verdict.masking.prompt;
    let (path, query) = if mask_prompt {
        (url.masked_path, url.masked_query)
    } else {
        (routed.visit.path.clone(), routed.visit.query.clone())
    };
    let body = match masked {
        Some(masked) if mask_prompt => masked,
        _ => original,
    };
    let keep_text = verdict.recording == Recording::MaskedText;
    let preview = if keep_text { preview(&turns) } else { String::new() };
    Masked {
        for_model: ForModel { body, path, query, stream, shape, issued },
        for_record: ForRecord {
            path: recorded_path,
            shape: shape.name(),
            model,
            stream,
            turns: if keep_text { turns } else { Vec::new() },
            findings,
            replaced,
            coverage,
            risks,
            preview,
            received_micros,
        },
        routed,
        verdict,
    }
}

fn preview(turns: &[Turn]) -> String {
    let last = turns.iter().rev().find(|turn| turn.role == "user" && !turn.text.is_empty());
    let text =
        last.or_else(|| turns.iter().rev().find(|turn| !turn.text.is_empty())).map_or("", |turn| &turn.text);
    first_words(text)
}

/// One space between words; reads no further than is shown, for the message may be megabytes long.
fn first_words(text: &str) -> String {
    let spaced = text.split_whitespace().flat_map(|word| std::iter::once(' ').chain(word.chars()));
    spaced.skip(1).take(PREVIEW_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_the_first_words() {
        assert_eq!(first_words("  Write\n\tto  [EMAIL_ADDRESS] "), "Write to [EMAIL_ADDRESS]");
        assert_eq!(first_words(&"wörd ".repeat(1_000)).chars().count(), PREVIEW_CHARS);
        assert_eq!(first_words(""), "");
    }
}
