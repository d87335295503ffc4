//! What the gateway says in the protocol's own words: OpenAI error bodies and stream error events.

use crate::json::write_string;

/// An OpenAI error body: `{"error":{"message":…,"type":…,"param":…,"code":…}}`.
///
/// `message` must already be safe to show; nothing is masked here.
pub fn openai_error(message: &str, kind: &str, code: Option<&str>, param: Option<&str>) -> Vec<u8> {
    let mut out = String::with_capacity(message.len() + 96);
    out.push_str("{\"error\":{\"message\":");
    write_string(message, &mut out);
    out.push_str(",\"type\":");
    write_string(kind, &mut out);
    for (name, value) in [("param", param), ("code", code)] {
        out.push_str(",\"");
        out.push_str(name);
        out.push_str("\":");
        match value {
            Some(value) => write_string(value, &mut out),
            None => out.push_str("null"),
        }
    }
    out.push_str("}}");
    out.into_bytes()
}

/// One server-sent event that ends a stream in failure, in OpenAI's stream error shape.
///
/// It is never followed by `[DONE]`: a client that sees it knows that the answer is not complete.
/// A blank line goes first, so that the event stands alone even after bytes that were cut inside an event.
pub fn error_event(kind: &str, code: &str, message: &str) -> Vec<u8> {
    let mut out = b"\n\ndata: ".to_vec();
    out.extend(openai_error(message, kind, Some(code), None));
    out.extend(b"\n\n");
    out
}

/// One line of JSON lines that ends a stream in failure, in Ollama's shape: `{"error":…}`, with our code beside it.
///
/// It never says `"done":true`. Begin it on a line of its own.
pub fn error_line(code: &str, message: &str) -> Vec<u8> {
    let mut out = String::from("{\"error\":");
    write_string(message, &mut out);
    out.push_str(",\"code\":");
    write_string(code, &mut out);
    out.push_str("}\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_json() {
        let line = String::from_utf8(error_line("stream_broken", "gone\n")).unwrap();
        assert_eq!(line, "{\"error\":\"gone\\n\",\"code\":\"stream_broken\"}\n");
    }

    #[test]
    fn bodies_are_json() {
        let body = openai_error("a \"quoted\"\nline", "invalid_request_error", Some("denied"), None);
        let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(value["error"]["message"], "a \"quoted\"\nline");
        assert_eq!(value["error"]["code"], "denied");
        assert!(value["error"]["param"].is_null());
        let event = String::from_utf8(error_event("server_error", "stream_broken", "gone")).unwrap();
        assert!(event.starts_with("\n\ndata: {\"error\":"));
        assert!(event.ends_with("}}\n\n"));
    }
}
