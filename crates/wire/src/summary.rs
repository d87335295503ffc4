//! What a body was about, for the record: names, counts and sizes, never its text.

use serde::{Deserialize, Serialize};

use crate::{
    Media, Shape,
    json::{Document, Kind},
    names::is_finish_reason,
};

/// Most roles kept; the count goes on.
const MAX_ROLES: usize = 256;

/// What a whole body was about. Names in it are as masked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// The shape it was read as.
    pub shape: Shape,
    /// The model asked for, or the one that answered.
    pub model: Option<String>,
    /// Requests: `stream` is true.
    pub stream: bool,
    /// Requests: how many answers are asked for.
    pub n: Option<u64>,
    /// Requests: how many messages.
    pub messages: u64,
    /// Requests: the messages' roles in order, at most 256.
    pub roles: Vec<String>,
    /// Requests: how many tools are offered.
    pub tools: u64,
    /// Bytes of text that went through the masker (decoded).
    pub bytes_inspected: u64,
    /// Texts (strings, keys, long numbers) that went through the masker.
    pub texts_inspected: u64,
    /// Requests: a list of numbers may be token ids: text that no detector can read.
    pub token_ids: bool,
    /// Media that was let be.
    pub uninspected: Vec<Media>,
    /// Answers: finish reasons in order.
    pub finish_reasons: Vec<String>,
    /// Answers: what the upstream counted.
    pub usage: Option<Usage>,
}

/// Tokens as the upstream counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: Option<u64>,
    /// Tokens of the answer.
    pub completion_tokens: Option<u64>,
    /// Both, or what the upstream says is both.
    pub total_tokens: Option<u64>,
}

impl Summary {
    /// Notes what a masked string at `place` says about the exchange.
    pub(crate) fn note(&mut self, place: &str, key: &str, text: &str) {
        match key {
            "model" if place == "model" => self.model = Some(text.to_owned()),
            "role" if place.starts_with("messages[") && self.roles.len() < MAX_ROLES => {
                self.roles.push(text.to_owned());
            }
            key if is_finish_reason(key)
                && has_finish_reason(place)
                && self.finish_reasons.len() < MAX_ROLES =>
            {
                self.finish_reasons.push(text.to_owned());
            }
            _ => {}
        }
    }

    /// Counts one text that went through the masker.
    pub(crate) fn count(&mut self, text: &str) {
        self.texts_inspected += 1;
        self.bytes_inspected += text.len() as u64;
    }

    /// Reads flags and counts off the outermost object.
    pub(crate) fn read(&mut self, doc: Document<'_>) {
        for (key, value) in doc.members(Document::ROOT) {
            match doc.string(key).as_ref() {
                "stream" if doc.kind(value) == Kind::True => self.stream = true,
                "stream" if doc.kind(value) == Kind::False => self.stream = false,
                "n" => self.n = doc.as_u64(value),
                "messages" => self.messages = doc.items(value).count() as u64,
                "tools" | "functions" => self.tools += doc.items(value).count() as u64,
                _ => {}
            }
        }
        self.usage = Usage::find(doc);
    }
}

/// Where an answer says why it ended: for a choice, for a message, for itself.
fn has_finish_reason(place: &str) -> bool {
    place.starts_with("choices[") || !place.contains('.') || place == "details.finish_reason"
}

impl Usage {
    /// What the upstream counted, wherever its protocol says so: in `usage` (OpenAI, Anthropic), in the `usage` of a
    /// `message` or `response` inside an event, or beside the text (Ollama, llama.cpp, TGI).
    pub(crate) fn find(doc: Document<'_>) -> Option<Self> {
        let mut found = Self::default();
        for (key, value) in doc.members(Document::ROOT) {
            match (doc.string(key).as_ref(), doc.kind(value)) {
                ("usage", Kind::Object) => found.update(Self::read(doc, value)),
                ("message" | "response", Kind::Object) => {
                    if let Some(usage) = doc.member(value, "usage") {
                        found.update(Self::read(doc, usage));
                    }
                }
                ("prompt_eval_count" | "tokens_evaluated", Kind::Number) => {
                    found.prompt_tokens = doc.as_u64(value);
                }
                ("eval_count" | "tokens_predicted", Kind::Number) => {
                    found.completion_tokens = doc.as_u64(value);
                }
                ("details", Kind::Object) => {
                    let count = doc.member(value, "generated_tokens").and_then(|node| doc.as_u64(node));
                    found.completion_tokens = count.or(found.completion_tokens);
                }
                _ => {}
            }
        }
        (found != Self::default()).then_some(found)
    }

    /// Takes over what a later word says; what it leaves out stays.
    pub(crate) fn update(&mut self, later: Self) {
        self.prompt_tokens = later.prompt_tokens.or(self.prompt_tokens);
        self.completion_tokens = later.completion_tokens.or(self.completion_tokens);
        self.total_tokens = later.total_tokens.or(self.total_tokens);
    }

    /// Reads OpenAI's and Anthropic's names.
    fn read(doc: Document<'_>, node: usize) -> Self {
        let mut usage = Self::default();
        for (key, value) in doc.members(node) {
            let number = doc.as_u64(value);
            match doc.string(key).as_ref() {
                "prompt_tokens" | "input_tokens" => usage.prompt_tokens = number,
                "completion_tokens" | "output_tokens" => usage.completion_tokens = number,
                "total_tokens" => usage.total_tokens = number,
                _ => {}
            }
        }
        usage
    }
}
