//! Which protocol shape an HTTP exchange has, judged by method and path alone.

use serde::{Deserialize, Serialize};

/// The shape of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// OpenAI `POST /v1/chat/completions`.
    ChatCompletions,
    /// OpenAI `POST /v1/completions` (legacy).
    Completions,
    /// OpenAI `POST /v1/embeddings`, Ollama's `/api/embed`, vLLM's `/pooling`: answers are vectors.
    Embeddings,
    /// OpenAI `GET /v1/models` and `GET /v1/models/{id}`.
    Models,
    /// OpenAI `POST /v1/responses` and what is stored below it.
    Responses,
    /// Anthropic `POST /v1/messages`.
    Messages,
    /// OpenAI `POST /v1/moderations`.
    Moderations,
    /// OpenAI `POST /v1/audio/transcriptions` and `…/translations`, whisper.cpp's `/inference`.
    Transcriptions,
    /// OpenAI `POST /v1/audio/speech`: text in, sound out.
    Speech,
    /// OpenAI `POST /v1/images/generations`, `…/edits`, `…/variations`.
    Images,
    /// `/rerank`, `/score`, `/classify` of vLLM, TEI, llama.cpp and Cohere.
    Rerank,
    /// `/tokenize`, `/detokenize`, `/apply-template`: the answer's numbers are the request's text.
    Tokenize,
    /// Ollama `POST /api/chat`.
    OllamaChat,
    /// Ollama `POST /api/generate`.
    OllamaGenerate,
    /// llama.cpp `POST /completion` and `/infill`.
    LlamaCompletion,
    /// TGI `POST /generate` and `/generate_stream`.
    Generate,
    /// Any other JSON: every string is inspected, no field is understood.
    #[default]
    Other,
}

impl Shape {
    /// The stable name, as in the record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChatCompletions => "openai.chat",
            Self::Completions => "openai.completions",
            Self::Embeddings => "openai.embeddings",
            Self::Models => "openai.models",
            Self::Responses => "openai.responses",
            Self::Messages => "anthropic.messages",
            Self::Moderations => "openai.moderations",
            Self::Transcriptions => "openai.transcriptions",
            Self::Speech => "openai.speech",
            Self::Images => "openai.images",
            Self::Rerank => "rerank",
            Self::Tokenize => "tokenize",
            Self::OllamaChat => "ollama.chat",
            Self::OllamaGenerate => "ollama.generate",
            Self::LlamaCompletion => "llamacpp.completion",
            Self::Generate => "tgi.generate",
            Self::Other => "other",
        }
    }

    /// True where a stream must say that it is complete: `[DONE]`, `message_stop`, `response.completed`, `"done":true` …
    pub const fn has_end_mark(self) -> bool {
        matches!(
            self,
            Self::ChatCompletions
                | Self::Completions
                | Self::Responses
                | Self::Messages
                | Self::Transcriptions
                | Self::OllamaChat
                | Self::OllamaGenerate
                | Self::LlamaCompletion
                | Self::Generate
        )
    }

    /// True where an answer is a stream unless the request says otherwise.
    pub const fn streams_by_default(self) -> bool {
        matches!(self, Self::OllamaChat | Self::OllamaGenerate)
    }
}

/// The shape of an exchange from its method and the path after the connection's name.
///
/// A leading slash, a query and any prefix (`v1/`, `openai/deployments/x/`) are ignored.
pub fn shape_of(method: &str, path_after_connection: &str) -> Shape {
    let path = path_after_connection.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    match method {
        "POST" => posted(path),
        "GET" | "HEAD" if ends(path, "models") || begins(path, "models/") => Shape::Models,
        "GET" | "HEAD" if begins(path, "responses/") => Shape::Responses,
        _ => Shape::Other,
    }
}

fn posted(path: &str) -> Shape {
    const TAILS: [(&str, Shape); 25] = [
        ("chat/completions", Shape::ChatCompletions),
        ("completions", Shape::Completions),
        ("embeddings", Shape::Embeddings),
        ("embed", Shape::Embeddings),
        ("pooling", Shape::Embeddings),
        ("responses", Shape::Responses),
        ("messages", Shape::Messages),
        ("messages/count_tokens", Shape::Messages),
        ("moderations", Shape::Moderations),
        ("audio/transcriptions", Shape::Transcriptions),
        ("audio/translations", Shape::Transcriptions),
        ("inference", Shape::Transcriptions),
        ("audio/speech", Shape::Speech),
        ("images/generations", Shape::Images),
        ("images/edits", Shape::Images),
        ("images/variations", Shape::Images),
        ("rerank", Shape::Rerank),
        ("score", Shape::Rerank),
        ("classify", Shape::Rerank),
        ("tokenize", Shape::Tokenize),
        ("detokenize", Shape::Tokenize),
        ("apply-template", Shape::Tokenize),
        ("api/chat", Shape::OllamaChat),
        ("api/generate", Shape::OllamaGenerate),
        ("generate_stream", Shape::Generate),
    ];
    match TAILS.iter().find(|(tail, _)| ends(path, tail)) {
        // OpenAI's assistants have messages too, in another shape.
        Some((_, Shape::Messages)) if path.contains("threads/") => Shape::Other,
        Some(&(_, shape)) => shape,
        None if ends(path, "generate") => Shape::Generate,
        None if ends(path, "completion") || ends(path, "infill") => Shape::LlamaCompletion,
        None if begins(path, "responses/") => Shape::Responses,
        None => Shape::Other,
    }
}

fn ends(path: &str, tail: &str) -> bool {
    path.strip_suffix(tail).is_some_and(|head| head.is_empty() || head.ends_with('/'))
}

fn begins(path: &str, head: &str) -> bool {
    path.strip_prefix("v1/").unwrap_or(path).starts_with(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_and_without_prefix() {
        assert_eq!(shape_of("POST", "chat/completions"), Shape::ChatCompletions);
        assert_eq!(shape_of("POST", "/v1/chat/completions?x=1"), Shape::ChatCompletions);
        assert_eq!(shape_of("POST", "v1/completions"), Shape::Completions);
        assert_eq!(shape_of("POST", "v1/embeddings/"), Shape::Embeddings);
        assert_eq!(shape_of("GET", "v1/models"), Shape::Models);
        assert_eq!(shape_of("GET", "v1/models/org/name"), Shape::Models);
        assert_eq!(shape_of("GET", "v1/chat/completions"), Shape::Other);
        assert_eq!(shape_of("POST", "xchat/completions"), Shape::Completions);
    }

    #[test]
    fn every_protocol_has_its_paths() {
        for (path, shape) in [
            ("v1/responses", Shape::Responses),
            ("v1/responses/resp_1/cancel", Shape::Responses),
            ("v1/messages", Shape::Messages),
            ("v1/threads/t/messages", Shape::Other),
            ("v1/moderations", Shape::Moderations),
            ("v1/audio/translations", Shape::Transcriptions),
            ("v1/audio/speech", Shape::Speech),
            ("v1/images/generations", Shape::Images),
            ("v2/rerank", Shape::Rerank),
            ("score", Shape::Rerank),
            ("detokenize", Shape::Tokenize),
            ("api/chat", Shape::OllamaChat),
            ("api/generate", Shape::OllamaGenerate),
            ("api/embed", Shape::Embeddings),
            ("api/pull", Shape::Other),
            ("completion", Shape::LlamaCompletion),
            ("infill", Shape::LlamaCompletion),
            ("generate", Shape::Generate),
            ("generate_stream", Shape::Generate),
        ] {
            assert_eq!(shape_of("POST", path), shape, "{path}");
        }
        assert_eq!(shape_of("GET", "v1/responses/resp_1"), Shape::Responses);
        assert_eq!(shape_of("GET", "v1/files"), Shape::Other);
    }
}
