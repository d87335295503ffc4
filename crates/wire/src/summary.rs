//! What a body was about, for the record: names, counts and sizes, never its text.

use serde::{Deserialize, Serialize};

use crate::{
    Media, Shape,
    json::{Document, Kind},
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
            "finish_reason" if place.starts_with("choices[") && self.finish_reasons.len() < MAX_ROLES => {
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
                "stream" => self.stream = doc.kind(value) == Kind::True,
                "n" => self.n = doc.as_u64(value),
                "messages" => self.messages = doc.items(value).count() as u64,
                "tools" | "functions" => self.tools += doc.items(value).count() as u64,
                "usage" => self.usage = Usage::read(doc, value),
                _ => {}
            }
        }
    }
}

impl Usage {
    /// Reads OpenAI's and (for other shapes) Anthropic's names.
    pub(crate) fn read(doc: Document<'_>, node: usize) -> Option<Self> {
        let number = |names: [&str; 2]| names.iter().find_map(|name| doc.as_u64(doc.member(node, name)?));
        (doc.kind(node) == Kind::Object).then(|| Self {
            prompt_tokens: number(["prompt_tokens", "input_tokens"]),
            completion_tokens: number(["completion_tokens", "output_tokens"]),
            total_tokens: number(["total_tokens", "total_tokens"]),
        })
    }
}
