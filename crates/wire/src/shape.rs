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
    /// OpenAI `POST /v1/embeddings`.
    Embeddings,
    /// OpenAI `GET /v1/models` and `GET /v1/models/{id}`.
    Models,
    /// Any other JSON: every string is inspected, no field is understood.
    #[default]
    Other,
}

impl Shape {
    /// True where a stream must end with `data: [DONE]` to count as complete.
    pub fn ends_with_done(self) -> bool {
        matches!(self, Self::ChatCompletions | Self::Completions)
    }
}

/// The shape of an exchange from its method and the path after the connection's name.
///
/// A leading slash, a query and any prefix (`v1/`, `openai/deployments/x/`) are ignored.
pub fn shape_of(method: &str, path_after_connection: &str) -> Shape {
    let path = path_after_connection.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    let ends =
        |tail: &str| path.strip_suffix(tail).is_some_and(|head| head.is_empty() || head.ends_with('/'));
    match method {
        "POST" if ends("chat/completions") => Shape::ChatCompletions,
        "POST" if ends("completions") => Shape::Completions,
        "POST" if ends("embeddings") => Shape::Embeddings,
        "GET" | "HEAD" if ends("models") || path.starts_with("models/") || path.starts_with("v1/models/") => {
            Shape::Models
        }
        _ => Shape::Other,
    }
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
        assert_eq!(shape_of("POST", "v1/responses"), Shape::Other);
    }
}
