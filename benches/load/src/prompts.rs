//! What is asked and what is answered: made-up text, the same for every way.

use bytes::Bytes;
use serde_json::json;

/// Answer at once, whole: every other name, such as this.
pub const WHOLE: &str = "mock-whole";
/// Answer piece by piece.
pub const STREAM: &str = "mock-stream";
/// One piece, then silence.
pub const SILENT: &str = "mock-silent";
/// As [`WHOLE`]; the mock keeps what it was sent.
pub const PROBE: &str = "mock-probe";

/// The address in every prompt and every answer that masking must find.
pub const ADDRESS: &str = "help.desk@example.com";

/// Deltas with text in a streamed answer.
pub const DELTAS: usize = 64;

const PLAIN: &str = "The committee met on Thursday to discuss the draft. Several members asked why the second part had \
grown so long, and whether it could be cut; the author replied that most of it was needed, since readers come from \
different fields. After some discussion they agreed on three changes, to be made before the end of the month. ";

const PERSONAL: &str = "Please write to help.desk@example.com or call +44 20 7946 0958; the card is 4111 1111 1111 1111, \
the account GB82 WEST 1234 5698 7654 32. ";

const BEFORE: &str = "Thank you for your question about the draft, which the committee has now read twice. It agreed \
that the second part should be shorter, that the third needs an example, and that the list of sources must be complete \
before the end of the month. Write to";
const AFTER: &str = " if anything is unclear, or come to the next meeting on Thursday morning.";

/// One request body.
pub struct Prompt {
    pub name: &'static str,
    /// What it asks for; tells the sizes apart in the gateway's own record.
    pub model: &'static str,
    pub body: Bytes,
}

/// The sizes that are measured: bytes of text in the prompt; each holds an e-mail address, a telephone number, a card and
/// an account, the long one as a conversation of ten turns.
pub fn sizes() -> [Prompt; 3] {
    [
        Prompt { name: "1 KB", model: "mock-1k", body: request("mock-1k", &[text(1_024)]) },
        Prompt { name: "2 KB", model: "mock-2k", body: request("mock-2k", &[text(2_048)]) },
        Prompt {
            name: "10 KB",
            model: "mock-10k",
            body: request("mock-10k", &(0..10).map(|_| text(1_024)).collect::<Vec<_>>()),
        },
    ]
}

/// A 2 KB prompt for the model of this name.
pub fn ask(model: &str) -> Bytes {
    request(model, &[text(2_048)])
}

fn request(model: &str, turns: &[String]) -> Bytes {
    let messages: Vec<_> = turns
        .iter()
        .enumerate()
        .map(|(at, text)| json!({"role": if at % 2 == 0 { "user" } else { "assistant" }, "content": text}))
        .collect();
    let body = json!({"model": model, "messages": messages, "stream": model == STREAM || model == SILENT});
    Bytes::from(body.to_string())
}

fn text(bytes: usize) -> String {
    let mut text = PERSONAL.to_owned();
    while text.len() < bytes {
        text.push_str(PLAIN);
    }
    text.truncate(bytes);
    text
}

/// The whole answer.
pub fn answer() -> Bytes {
    let content = format!("{BEFORE} {ADDRESS}{AFTER}");
    Bytes::from(
        json!({
            "id": "chatcmpl-mock", "object": "chat.completion", "created": 1_700_000_000, "model": WHOLE,
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
            "usage": {"prompt_tokens": 500, "completion_tokens": 80, "total_tokens": 580},
        })
        .to_string(),
    )
}

/// The events of the streamed answer: the first names the role, then [`DELTAS`] pieces of text cut as a tokenizer cuts
/// (the address in three), then the reason for the end and the end mark in one.
pub fn events() -> Vec<Bytes> {
    let event = |delta: serde_json::Value, finish: serde_json::Value| {
        let chunk = json!({
            "id": "chatcmpl-mock", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": STREAM,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        });
        format!("data: {chunk}\n\n")
    };
    let mut events = vec![Bytes::from(event(json!({"role": "assistant", "content": ""}), json!(null)))];
    events.extend(pieces().iter().map(|piece| Bytes::from(event(json!({"content": piece}), json!(null)))));
    events.push(Bytes::from(event(json!({}), json!("stop")) + "data: [DONE]\n\n"));
    events
}

fn pieces() -> Vec<String> {
    let mut pieces = words(BEFORE);
    pieces.extend([" help.", "desk@exa", "mple.com"].map(str::to_owned));
    pieces.extend(words(AFTER));
    while pieces.len() < DELTAS {
        pieces.push(" Indeed.".to_owned());
    }
    pieces.truncate(DELTAS);
    pieces
}

/// Words with the space before them, as most tokenizers cut.
fn words(text: &str) -> Vec<String> {
    let words = text.split(' ').enumerate();
    words
        .map(|(at, word)| if at == 0 { word.to_owned() } else { format!(" {word}") })
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether a streamed answer's text came whole: every piece, in order, with the address as it was or masked.
pub fn came_whole(text: &str, masked: bool) -> bool {
    let sent = pieces().concat();
    let Some((before, after)) = sent.split_once(ADDRESS) else { return false };
    let Some(middle) = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else {
        return false;
    };
    if masked { middle == "[EMAIL_ADDRESS]" } else { middle == ADDRESS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streamed_answer_has_its_deltas_and_its_address() {
        assert_eq!(pieces().len(), DELTAS);
        assert_eq!(events().len(), DELTAS + 2);
        let sent = pieces().concat();
        assert!(came_whole(&sent, false) && !came_whole(&sent, true));
        assert!(came_whole(&sent.replace(ADDRESS, "[EMAIL_ADDRESS]"), true));
        assert!(!came_whole(&sent.replace("third", ""), false));
    }

    #[test]
    fn prompts_have_their_size() {
        let [one, two, ten] = sizes();
        for (prompt, bytes) in [(one, 1_024), (two, 2_048), (ten, 10_240)] {
            assert!(
                (bytes..bytes + 600).contains(&prompt.body.len()),
                "{} {}",
                prompt.name,
                prompt.body.len()
            );
        }
    }
}
