//! The built-in sample model: an OpenAI-compatible server on its own loopback port, so that somebody without a GPU can
//! see a whole exchange. It is an upstream like any other; nothing in the data path knows it.
//!
//! It does not think. It repeats what it was told and names a made-up contact, so that masking shows both ways.

use std::{convert::Infallible, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response, Sse, sse::Event},
    routing::{get, post},
};
use countersign_model::Clock;
use futures::stream;
use serde_json::{Value, json};
use std::sync::Arc;

/// The model's name in `/v1/models`.
pub const MODEL: &str = "countersign-sample";
/// The key it asks for: not a secret, only there to show that the caller never needs it.
pub const KEY: &str = "sample-model-key";

/// Pause between two streamed words.
const PACE: Duration = Duration::from_millis(20);

/// The server's routes.
pub fn router(clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route("/v1/models", get(models))
        .route("/v1/chat/completions", post(chat))
        .route("/v1/completions", post(completions))
        .route("/v1/embeddings", post(embeddings))
        .with_state(clock)
}

type Present = State<Arc<dyn Clock>>;

async fn models(headers: HeaderMap) -> Response {
    if let Some(refusal) = refuse_stranger(&headers) {
        return refusal;
    }
    Json(json!({"object": "list", "data": [
        {"id": MODEL, "object": "model", "created": 0, "owned_by": "countersign"}
    ]}))
    .into_response()
}

async fn chat(State(clock): Present, headers: HeaderMap, Json(request): Json<Value>) -> Response {
    if let Some(refusal) = refuse_stranger(&headers) {
        return refusal;
    }
    let answer = answer(last_user_text(&request).as_deref().unwrap_or(""));
    let created = clock.now().seconds();
    let words = answer.split_whitespace().count();
    let prompt_words = request["messages"].to_string().split_whitespace().count();
    let usage = json!({"prompt_tokens": prompt_words, "completion_tokens": words, "total_tokens": prompt_words + words});
    if request["stream"] != json!(true) {
        return Json(json!({
            "id": "chatcmpl-sample", "object": "chat.completion", "created": created, "model": MODEL,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
            "usage": usage,
        }))
        .into_response();
    }
    let chunk = move |delta: Value, finish: Value| {
        json!({
            "id": "chatcmpl-sample", "object": "chat.completion.chunk", "created": created, "model": MODEL,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        })
        .to_string()
    };
    let mut events = vec![chunk(json!({"role": "assistant", "content": ""}), Value::Null)];
    events.extend(pieces(&answer).map(|piece| chunk(json!({"content": piece}), Value::Null)));
    events.push(chunk(json!({}), json!("stop")));
    if request["stream_options"]["include_usage"] == json!(true) {
        events.push(
            json!({"id": "chatcmpl-sample", "object": "chat.completion.chunk", "created": created, "model": MODEL,
                   "choices": [], "usage": usage})
            .to_string(),
        );
    }
    events.push("[DONE]".to_owned());
    let paced = stream::unfold(events.into_iter(), |mut rest| async move {
        let data = rest.next()?;
        tokio::time::sleep(PACE).await;
        Some((Ok::<_, Infallible>(Event::default().data(data)), rest))
    });
    Sse::new(paced).into_response()
}

async fn completions(State(clock): Present, headers: HeaderMap, Json(request): Json<Value>) -> Response {
    if let Some(refusal) = refuse_stranger(&headers) {
        return refusal;
    }
    let text = answer(request["prompt"].as_str().unwrap_or(""));
    Json(json!({
        "id": "cmpl-sample", "object": "text_completion", "created": clock.now().seconds(), "model": MODEL,
        "choices": [{"index": 0, "text": text, "logprobs": null, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }))
    .into_response()
}

async fn embeddings(headers: HeaderMap, Json(request): Json<Value>) -> Response {
    if let Some(refusal) = refuse_stranger(&headers) {
        return refusal;
    }
    let inputs = match &request["input"] {
        Value::Array(inputs) => inputs.len(),
        _ => 1,
    };
    let data: Vec<_> = (0..inputs)
        .map(|index| json!({"object": "embedding", "index": index, "embedding": [0.25, 0.5, 0.25]}))
        .collect();
    Json(json!({"object": "list", "data": data, "model": MODEL, "usage": {"prompt_tokens": 1, "total_tokens": 1}}))
        .into_response()
}

fn refuse_stranger(headers: &HeaderMap) -> Option<Response> {
    let sent = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("");
    (sent != format!("Bearer {KEY}")).then(|| {
        let body = json!({"error": {"message": "Incorrect API key provided.", "type": "invalid_request_error",
                                    "param": null, "code": "invalid_api_key"}});
        (StatusCode::UNAUTHORIZED, Json(body)).into_response()
    })
}

fn last_user_text(request: &Value) -> Option<String> {
    let last = request["messages"].as_array()?.iter().rev().find(|message| message["role"] == "user")?;
    match &last["content"] {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            Some(parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

fn answer(said: &str) -> String {
    format!(
        "This is the built-in sample model; it only repeats. You said: \"{said}\" \
         If you need a person, write to help.desk@example.com or call +1 415 555 0132."
    )
}

/// Small uneven pieces, so that what is sensitive is cut in the middle, as real tokens cut it.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    let sizes = [3, 5, 2, 7, 4];
    let mut at = 0;
    let mut turn = 0;
    std::iter::from_fn(move || {
        let end = (at + sizes[turn % sizes.len()]).min(letters.len());
        let piece: String = letters.get(at..end)?.iter().collect();
        at = end;
        turn += 1;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_put_together_are_the_text() {
        let text = answer("hello, wörld");
        assert_eq!(pieces(&text).collect::<String>(), text);
    }
}
