//! A body as a conversation, for people to read. Reads masked bodies only; tolerant: what is not understood is left
//! out, nothing fails.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    Shape,
    json::{Document, Kind, Tape},
};

/// Most turns of one body.
const MAX_TURNS: usize = 4096;

/// One thing that somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// `system`, `developer`, `user`, `assistant`, `tool` or what the body says.
    pub role: String,
    /// What it is.
    pub kind: TurnKind,
    /// The tool called, or the call answered.
    pub name: Option<String>,
    /// The masked text; a media type or an address for media.
    pub text: String,
}

/// What a turn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnKind {
    Text,
    Reasoning,
    Refusal,
    /// A tool's name and its arguments (JSON).
    ToolCall,
    ToolResult,
    Image,
    Audio,
    File,
    /// A content part of a kind this build does not know.
    Other,
}

impl Turn {
    pub(crate) fn new(role: &str, kind: TurnKind, text: &str) -> Self {
        Self { role: role.to_owned(), kind, name: None, text: text.to_owned() }
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }
}

/// The turns of a masked body, request or answer. Empty when it cannot be read or has none.
pub fn transcript(masked_body: &[u8], shape: Shape) -> Vec<Turn> {
    let mut tape = Tape::default();
    let Ok(doc) = tape.read(masked_body) else {
        return Vec::new();
    };
    let mut turns = Turns { doc, turns: Vec::new() };
    if shape != Shape::Models {
        turns.root();
    }
    turns.turns.truncate(MAX_TURNS);
    turns.turns
}

struct Turns<'a> {
    doc: Document<'a>,
    turns: Vec<Turn>,
}

impl<'a> Turns<'a> {
    fn root(&mut self) {
        let doc = self.doc;
        for (key, value) in doc.members(Document::ROOT) {
            match doc.string(key).as_ref() {
                "system" | "instructions" => self.content("system", TurnKind::Text, value),
                "messages" => doc.items(value).for_each(|message| self.message(message, "user")),
                "prompt" | "input" | "inputs" | "query" | "documents" | "text_1" | "text_2"
                | "input_prefix" | "input_suffix" => self.content("user", TurnKind::Text, value),
                "message" => self.message(value, "assistant"),
                "thinking" => self.content("assistant", TurnKind::Reasoning, value),
                "response" | "generated_text" | "content" | "output" | "text" => {
                    self.content("assistant", TurnKind::Text, value);
                }
                "choices" => doc.items(value).for_each(|choice| self.choice(choice)),
                _ => {}
            }
        }
    }

    fn choice(&mut self, choice: usize) {
        if let Some(message) = self.doc.member(choice, "message") {
            self.message(message, "assistant");
        }
        if let Some(text) = self.doc.member(choice, "text") {
            self.content("assistant", TurnKind::Text, text);
        }
    }

    fn message(&mut self, message: usize, fallback: &str) {
        let doc = self.doc;
        let role = self.text(message, "role").unwrap_or(Cow::Borrowed(fallback));
        for name in ["reasoning_content", "reasoning", "thinking"] {
            if let Some(node) = doc.member(message, name) {
                self.content(&role, TurnKind::Reasoning, node);
            }
        }
        let result = matches!(role.as_ref(), "tool" | "function");
        if let Some(content) = doc.member(message, "content") {
            let from = self.turns.len();
            self.content(&role, if result { TurnKind::ToolResult } else { TurnKind::Text }, content);
            let answered = self.text(message, "tool_call_id").or_else(|| self.text(message, "name"));
            if let Some(answered) = answered.filter(|_| result) {
                for turn in &mut self.turns[from..] {
                    turn.name = Some(answered.clone().into_owned());
                }
            }
        }
        if let Some(refusal) = doc.member(message, "refusal") {
            self.content(&role, TurnKind::Refusal, refusal);
        }
        if let Some(call) = doc.member(message, "function_call") {
            self.call(&role, call);
        }
        for call in doc.member(message, "tool_calls").into_iter().flat_map(|calls| doc.items(calls)) {
            let inner = doc.member(call, "function").or_else(|| doc.member(call, "custom"));
            self.call(&role, inner.unwrap_or(call));
        }
    }

    fn call(&mut self, role: &str, call: usize) {
        if self.doc.kind(call) != Kind::Object {
            return;
        }
        // OpenAI writes arguments as a string, Anthropic and Ollama as an object.
        let given = self.doc.member(call, "arguments").or_else(|| self.doc.member(call, "input"));
        let text = given.map_or(Cow::Borrowed(""), |node| {
            self.doc.as_string(node).unwrap_or_else(|| Cow::Borrowed(self.doc.raw(node)))
        });
        let mut turn = Turn::new(role, TurnKind::ToolCall, &text);
        turn.name = self.text(call, "name").map(Cow::into_owned);
        self.turns.push(turn);
    }

    /// A string, a list of strings, or a list of parts.
    fn content(&mut self, role: &str, kind: TurnKind, node: usize) {
        let doc = self.doc;
        match doc.kind(node) {
            Kind::String => {
                let text = doc.string(node);
                if !text.is_empty() {
                    self.turns.push(Turn::new(role, kind, &text));
                }
            }
            Kind::Array => {
                for part in doc.items(node).take(MAX_TURNS) {
                    match doc.kind(part) {
                        Kind::String => self.content(role, kind, part),
                        Kind::Object if self.text(part, "role").is_some() => self.message(part, role),
                        Kind::Object => self.part(role, kind, part),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn part(&mut self, role: &str, kind: TurnKind, part: usize) {
        let doc = self.doc;
        let named = self.text(part, "type").unwrap_or_default();
        match named.as_ref() {
            "text" | "input_text" | "output_text" | "summary_text" | "reasoning_text" | "" => {
                if let Some(text) = doc.member(part, "text") {
                    self.content(role, kind, text);
                }
            }
            "thinking" => {
                let text = self.text(part, "thinking").unwrap_or_default();
                self.turns.push(Turn::new(role, TurnKind::Reasoning, &text));
            }
            "reasoning" => {
                for name in ["summary", "content"] {
                    if let Some(node) = doc.member(part, name) {
                        self.content("assistant", TurnKind::Reasoning, node);
                    }
                }
            }
            "tool_use" => self.call(role, part),
            "function_call" => self.call("assistant", part),
            "tool_result" | "function_call_output" => {
                let from = self.turns.len();
                if let Some(node) = doc.member(part, "content").or_else(|| doc.member(part, "output")) {
                    self.content("tool", TurnKind::ToolResult, node);
                }
                let answered = self.text(part, "tool_use_id").or_else(|| self.text(part, "call_id"));
                for turn in &mut self.turns[from..] {
                    turn.name = answered.clone().map(Cow::into_owned);
                }
            }
            "image" | "document" => {
                let source = doc.member(part, "source").unwrap_or(part);
                let kind = if named == "image" { TurnKind::Image } else { TurnKind::File };
                let text = ["url", "media_type", "type"].iter().find_map(|name| self.text(source, name));
                self.turns.push(Turn::new(role, kind, &text.unwrap_or_default()));
            }
            "refusal" => {
                let text = self.text(part, "refusal").unwrap_or_default();
                self.turns.push(Turn::new(role, TurnKind::Refusal, &text));
            }
            "image_url" | "input_image" => {
                let node = doc.member(part, "image_url");
                let text = node.and_then(|node| self.text(node, "url").or_else(|| doc.as_string(node)));
                self.turns.push(Turn::new(role, TurnKind::Image, about(&text.unwrap_or_default())));
            }
            "input_audio" => {
                let format = doc.member(part, "input_audio").and_then(|node| self.text(node, "format"));
                self.turns.push(Turn::new(role, TurnKind::Audio, &format.unwrap_or_default()));
            }
            "file" | "input_file" => {
                let file = doc.member(part, "file").unwrap_or(part);
                let name = self.text(file, "filename").or_else(|| self.text(file, "file_id"));
                self.turns.push(Turn::new(role, TurnKind::File, &name.unwrap_or_default()));
            }
            other => self.turns.push(Turn::new(role, TurnKind::Other, other)),
        }
    }

    fn text(&self, object: usize, name: &str) -> Option<Cow<'a, str>> {
        let doc = self.doc;
        doc.member(object, name).and_then(|node| doc.as_string(node))
    }
}

/// An address as it is; of inline data only its media type.
fn about(url: &str) -> &str {
    url.strip_prefix("data:").map_or(url, |rest| rest.split([';', ',']).next().unwrap_or_default())
}
