//! Token ids in a request: text given as numbers, which no detector can read. They are found, never read.

use crate::json::{Document, Kind};

/// Least integers of a list that counts as token ids under a name that says nothing.
const LEAST: usize = 3;

/// Members of the outermost object that hold the prompt: one number in a list there is a token id.
///
/// `context` is Ollama's own state: what was said so far, as token ids.
const PROMPTS: [&str; 7] =
    ["context", "input", "input_ids", "inputs", "prompt", "prompt_token_ids", "tokens"];

/// Names that say token ids at any depth.
const IDS: [&str; 4] = ["input_ids", "input_tokens", "prompt_token_ids", "token_ids"];

/// Lists of integers that are settings: they steer the answer, and say nothing to the model.
const SETTINGS: [&str; 13] = [
    "allowed_token_ids",
    "bad_words_ids",
    "begin_suppress_tokens",
    "dimensions",
    "enum",
    "forced_decoder_ids",
    "input_schema",
    "json_schema",
    "logit_bias",
    "logprob_token_ids",
    "stop_token_ids",
    "suppress_tokens",
    "tensor_split",
];

/// Members of the outermost object that define tools or formats; numbers in them are part of a JSON schema.
const DEFINITIONS: [&str; 5] = ["functions", "guided_json", "response_format", "tool_choice", "tools"];

/// True when a request holds a list of numbers that may be text.
///
/// Three integers or more in one list (lists inside it included), anywhere but in settings, definitions and the
/// arguments of tool calls that were made.
pub(crate) fn holds_token_ids(doc: Document<'_>) -> bool {
    members(doc, Document::ROOT, true) || list(doc, Document::ROOT, LEAST) || nested(doc, Document::ROOT)
}

/// Depth is bounded by the parser.
fn members(doc: Document<'_>, object: usize, outermost: bool) -> bool {
    doc.members(object).any(|(key, value)| {
        let name = doc.string(key);
        let name = name.as_ref();
        let is_call =
            doc.kind(value) == Kind::Object && (name == "arguments" || (name == "input" && !outermost));
        if is_call || SETTINGS.contains(&name) || (outermost && DEFINITIONS.contains(&name)) {
            return false;
        }
        if outermost && PROMPTS.contains(&name) && holds_numbers(doc, value) {
            return true;
        }
        let least = if IDS.contains(&name) { 1 } else { LEAST };
        list(doc, value, least) || members(doc, value, false) || nested(doc, value)
    })
}

/// The objects in a list, and in the lists inside it. The numbers of all those lists were counted with the outer one.
fn nested(doc: Document<'_>, array: usize) -> bool {
    doc.items(array).any(|item| members(doc, item, false) || nested(doc, item))
}

/// True for a list of numbers at any depth of lists.
fn holds_numbers(doc: Document<'_>, node: usize) -> bool {
    doc.has_numbers(node) || doc.items(node).any(|item| holds_numbers(doc, item))
}

fn list(doc: Document<'_>, node: usize, least: usize) -> bool {
    let mut count = 0;
    integers(doc, node, least, &mut count);
    count >= least
}

/// Counts integers of an array and the arrays in it, up to `least`.
fn integers(doc: Document<'_>, array: usize, least: usize, count: &mut usize) {
    if doc.kind(array) != Kind::Array {
        return;
    }
    let has_numbers = doc.has_numbers(array);
    let range = doc.range(array);
    let mut at = range.start + 1;
    for item in doc.items(array) {
        let place = doc.range(item);
        if has_numbers {
            // Short numbers are no values of the tape: they stand between its values.
            between(doc, at..place.start, least, count);
        }
        at = place.end;
        match doc.kind(item) {
            Kind::Number => *count += usize::from(is_whole(doc.raw(item))),
            Kind::Array => integers(doc, item, least, count),
            _ => {}
        }
        if *count >= least {
            return;
        }
    }
    if has_numbers {
        between(doc, at..range.end.saturating_sub(1), least, count);
    }
}

fn between(doc: Document<'_>, range: std::ops::Range<usize>, least: usize, count: &mut usize) {
    let text = doc.text.get(range).unwrap_or_default();
    let missing = least.saturating_sub(*count);
    *count += text.split(',').filter(|token| is_whole(token)).take(missing).count();
}

/// True for a whole number in any form a lenient reader takes for one: `7`, `7.0`, `7e0`.
fn is_whole(token: &str) -> bool {
    let token = token.trim_ascii();
    let digits = token.strip_prefix('-').unwrap_or(token);
    if digits.is_empty() {
        return false;
    }
    digits.bytes().all(|b| b.is_ascii_digit())
        || digits.parse::<f64>().is_ok_and(|number| number.fract().abs() < f64::EPSILON)
            && digits.bytes().any(|b| matches!(b, b'1'..=b'9'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Tape;

    fn found(text: &str) -> bool {
        holds_token_ids(Tape::default().read(text.as_bytes()).unwrap())
    }

    #[test]
    fn lists_of_integers_are_found_at_any_depth() {
        for body in [
            r#"{"prompt":[[[1,2,3]]]}"#,
            r#"{"prompt":[[[[7]]]]}"#,
            r#"{"messages":[{"role":"user","token_ids":[5]}]}"#,
            r#"{"messages":[{"role":"user","content":[1,2,3]}]}"#,
            r#"{"messages":[{"role":"user","content":["a", 1 ,"b",2,{"x":null},3]}]}"#,
            r#"{"messages":[{"content":[[1,2],[3]]}]}"#,
            r#"{"messages":[{"content":[{"tokens":[128000,9906,11]}]}]}"#,
            r#"{"messages":[{"content":[[{"x":[1,2,3]}]]}]}"#,
            r#"{"context":[123456789,123456789,123456789]}"#,
            r#"{"x":{"y":[1.0,2e0,3]}}"#,
            r#"{"arguments":[1,2,3]}"#,
            "[[1],[2],[3]]",
            r#"[{"prompt_token_ids":[1]}]"#,
        ] {
            assert!(found(body), "{body}");
        }
    }

    #[test]
    fn settings_definitions_and_calls_are_not_token_ids() {
        for body in [
            r#"{"stop_token_ids":[1,2,3],"allowed_token_ids":[1,2,3],"bad_words_ids":[[1,2,3]],"dimensions":512}"#,
            r#"{"logit_bias":[[1,2],[3,4]],"dimensions":[1,2,3]}"#,
            r#"{"tools":[{"function":{"parameters":{"properties":{"n":{"enum":[1,2,3],"default":[1,2,3]}}}}}]}"#,
            r#"{"messages":[{"content":[{"type":"tool_use","input":{"ids":[1,2,3]}}]}]}"#,
            r#"{"messages":[{"tool_calls":[{"function":{"arguments":{"ids":[1,2,3]}}}]}]}"#,
            r#"{"messages":[{"content":[1,2]}],"vector":[0.1,0.25,1e-3,0.0,0.0,0.0]}"#,
            r#"{"prompt":["1","2","3"],"n":3}"#,
        ] {
            assert!(!found(body), "{body}");
        }
    }
}
