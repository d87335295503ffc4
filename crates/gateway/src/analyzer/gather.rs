//! Gathers the texts of a body as the detector will be shown them: the same walk, a masker that changes nothing.

use std::collections::HashSet;

use countersign_model::action::Passage;
use countersign_wire::{Masker, TextStream};

use crate::scrub::Scrubber;

/// Words that the protocols themselves are made of. Nobody's name is among them, requests are full of them, and a model
/// server understands them only as they are.
const WORDS: &[&str] = &[
    "user",
    "assistant",
    "system",
    "developer",
    "tool",
    "function",
    "text",
    "message",
    "input_text",
    "output_text",
    "tool_use",
    "tool_result",
    "tool_calls",
    "function_call",
    "function_call_output",
    "image_url",
    "auto",
    "none",
    "required",
    "any",
    "object",
    "string",
    "number",
    "integer",
    "boolean",
    "array",
    "null",
    "json_object",
    "json_schema",
    "stop",
    "length",
    "end_turn",
    "ephemeral",
    "low",
    "medium",
    "high",
    "default",
    "float",
    "base64",
    "chat.completion",
    "text_completion",
    "list",
    "v1",
    "api",
    "chat",
    "completions",
    "completion",
    "responses",
    "messages",
    "models",
    "embeddings",
    "embed",
    "generate",
    "generate_stream",
    "infill",
    "rerank",
    "score",
    "classify",
    "moderations",
    "tokenize",
    "detokenize",
    "audio",
    "speech",
    "transcriptions",
    "translations",
    "images",
    "generations",
];

/// Members that hold what servers gave a name to, and have to find again under it.
const IDS: &[&str] =
    &["id", "model", "tool_call_id", "tool_use_id", "call_id", "item_id", "previous_response_id"];
/// Longest of such names, bytes.
const ID_MAX: usize = 128;

/// Whether the analyzer need not be asked: nothing to read, a word of the protocols, a path of such words, or the name of a
/// model, a call or an answer, which one server gives and finds again. What is built in looks at them all the same.
pub(super) fn goes_without_asking(place: &str, text: &str) -> bool {
    is_id(place, text) || text.trim().is_empty() || text.split('/').all(|word| WORDS.contains(&word))
}

/// In what tools are given, an id is somebody's own.
fn is_id(place: &str, text: &str) -> bool {
    let member = place.rsplit('.').next().unwrap_or(place);
    IDS.contains(&member)
        && text.len() <= ID_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !place.split('.').any(|part| matches!(part, "arguments" | "input" | "parameters" | "form"))
}

/// Different texts, in their order.
pub(crate) struct Gathered {
    scrubber: Scrubber,
    known: HashSet<String>,
    texts: Vec<String>,
}

impl Gathered {
    /// `secret` is the model server's credential, which nobody else is sent.
    pub fn new(secret: Option<&str>) -> Self {
        Self { scrubber: Scrubber::new(secret), known: HashSet::new(), texts: Vec::new() }
    }

    pub fn into_texts(self) -> Vec<String> {
        self.texts
    }

    /// Takes a text; changes nothing.
    pub fn text(&mut self, place: &str, text: &str) -> Option<String> {
        let scrubbed = self.scrubber.whole(text);
        let text = scrubbed.as_deref().unwrap_or(text);
        if !goes_without_asking(place, text) && !self.known.contains(text) {
            self.known.insert(text.to_owned());
            self.texts.push(text.to_owned());
        }
        None
    }
}

/// A text inside tool arguments, whole at its end.
#[derive(Default)]
pub(crate) struct Growing(String);

impl TextStream for Growing {
    fn push(&mut self, text: &str, out: &mut String) {
        self.0.push_str(text);
        out.push_str(text);
    }

    fn finish(&mut self, _out: &mut String) {}
}

impl Masker for Gathered {
    type Text = Growing;

    fn whole(&mut self, place: &str, _passage: Passage, text: &str) -> Option<String> {
        self.text(place, text)
    }

    fn open(&mut self, _place: &str, _passage: Passage) -> Growing {
        Growing::default()
    }

    fn close(&mut self, place: &str, text: Growing) {
        self.text(place, &text.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_taken_once_and_no_credential_or_word_of_the_protocol() {
        let mut gathered = Gathered::new(Some("upstream-secret"));
        for (place, text) in [
            ("model", "Ana-7B"),
            ("id", "chatcmpl-1"),
            ("data[0].id", "Ana-7B"),
            ("messages[0].tool_call_id", "call_1"),
            ("messages[0].role", "user"),
            ("messages[0].content", "Ana"),
            ("messages[1].content", "Ana"),
            ("messages[2].content", " \n"),
            ("url.path", "v1/chat/completions"),
            ("url.path", "v1/models/ana"),
            ("messages[2].tool_calls[0].function.arguments.id", "Bea"),
            ("messages[2].id", "Cas Quelhas"),
            ("messages[3].content", "it is upstream-secret"),
        ] {
            assert_eq!(gathered.text(place, text), None);
        }
        let mut inner =
            gathered.open("messages[4].tool_calls[0].function.arguments.name", Passage::ToolArguments);
        inner.push("Li", &mut String::new());
        inner.push("ma", &mut String::new());
        gathered.close("x", inner);
        assert_eq!(
            gathered.into_texts(),
            ["Ana", "v1/models/ana", "Bea", "Cas Quelhas", "it is [UPSTREAM_CREDENTIAL]", "Lima"]
        );
    }
}
