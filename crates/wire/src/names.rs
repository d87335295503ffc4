//! Names the protocols themselves use: what may be skipped, what repeats the text, what is a time.

/// Object keys the protocols define. They carry nothing of a person's, so they are not sent through the masker;
/// every key not listed is. Sorted, for binary search.
const PROTOCOL_KEYS: [&str; 84] = [
    "annotations",
    "arguments",
    "audio",
    "choices",
    "completion_tokens",
    "completion_tokens_details",
    "content",
    "created",
    "data",
    "delta",
    "description",
    "detail",
    "echo",
    "embedding",
    "encoding_format",
    "enum",
    "error",
    "file",
    "file_data",
    "file_id",
    "filename",
    "finish_reason",
    "format",
    "frequency_penalty",
    "function",
    "function_call",
    "functions",
    "id",
    "image_url",
    "include_usage",
    "index",
    "input",
    "input_audio",
    "items",
    "json_schema",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "message",
    "messages",
    "metadata",
    "modalities",
    "model",
    "n",
    "name",
    "object",
    "owned_by",
    "parallel_tool_calls",
    "parameters",
    "presence_penalty",
    "prompt",
    "prompt_tokens",
    "prompt_tokens_details",
    "properties",
    "reasoning",
    "reasoning_content",
    "reasoning_effort",
    "refusal",
    "required",
    "response_format",
    "role",
    "schema",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "strict",
    "suffix",
    "system_fingerprint",
    "temperature",
    "text",
    "tool_call_id",
    "tool_calls",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "total_tokens",
    "type",
    "usage",
    "user",
];

/// Members of an answer that repeat its text token by token, where no masker can see a value whole.
const ECHOES: [&str; 8] = [
    "completion_probabilities",
    "logprobs",
    "probs",
    "prompt_logprobs",
    "prompt_token_ids",
    "token_ids",
    "top_logprobs",
    "top_tokens",
];

/// Numbers an upstream server (not its model) writes: times and durations.
const SERVER_NUMBERS: [&str; 10] = [
    "completed_at",
    "created",
    "created_at",
    "eval_duration",
    "expires_at",
    "load_duration",
    "prompt_eval_duration",
    "retry_after",
    "sample_time",
    "total_duration",
];

/// True for a key the protocols define.
pub(crate) fn is_protocol_key(key: &str) -> bool {
    PROTOCOL_KEYS.binary_search(&key).is_ok()
}

/// True for a member of an answer that is dropped (set to null) because it repeats the text in fragments.
pub(crate) fn is_echo(key: &str) -> bool {
    ECHOES.binary_search(&key).is_ok()
}

/// True for a number of a character in the answer's text.
pub(crate) fn is_offset(key: &str) -> bool {
    matches!(key, "start_index" | "end_index")
}

/// True for a number in an answer that the server wrote: a Unix time or a duration of at most 13 digits.
pub(crate) fn is_server_number(key: &str, digits: &str) -> bool {
    digits.len() <= 13 && SERVER_NUMBERS.binary_search(&key).is_ok()
}

/// True for a member that says why an answer ended.
pub(crate) fn is_finish_reason(key: &str) -> bool {
    matches!(key, "finish_reason" | "stop_reason" | "done_reason")
}

/// True for a member whose string holds JSON: tool arguments in every dialect.
pub(crate) fn holds_json(key: &str) -> bool {
    matches!(key, "arguments" | "partial_json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(PROTOCOL_KEYS.is_sorted());
        assert!(ECHOES.is_sorted());
        assert!(SERVER_NUMBERS.is_sorted());
    }
}
