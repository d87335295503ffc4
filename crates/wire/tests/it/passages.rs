//! The kind of text each string is: what callers say, what models say, what tools are handed and give back.

use countersign_model::{action::Passage, entity::Direction};
use countersign_wire::{End, Framing, Options, Shape, StreamRewriter, rewrite};
use serde_json::{Value, json};

use crate::toy::Toy;

fn passages(body: &Value, shape: Shape, direction: Direction) -> Toy {
    let mut toy = Toy::default();
    rewrite(body.to_string().as_bytes(), shape, direction, &mut toy).unwrap();
    toy
}

fn of<'a>(toy: &'a Toy, place: &'a str) -> impl Iterator<Item = Passage> + 'a {
    toy.passages.iter().filter(move |(seen, _)| seen == place).map(|(_, passage)| *passage)
}

fn assert_each(toy: &Toy, expected: &[(&str, Passage)]) {
    for (place, passage) in expected {
        let seen: Vec<Passage> = of(toy, place).collect();
        assert!(!seen.is_empty() && seen.iter().all(|seen| seen == passage), "{place}: {seen:?}");
    }
}

#[test]
fn a_request_of_chat() {
    let body = json!({"messages": [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "tool_calls": [
            {"id": "t", "type": "function", "function": {"name": "f", "arguments": "{\"to\":\"c\",\"n\":12345678}"}},
            {"id": "u", "type": "custom", "custom": {"name": "g", "input": "d"}}]},
        {"content": [{"type": "text", "text": "e"}], "role": "tool", "tool_call_id": "t"},
        {"role": "user", "content": [{"type": "text", "text": "f"}]}],
        "tools": [{"type": "function", "function": {"name": "f", "description": "g"}}]});
    let toy = passages(&body, Shape::ChatCompletions, Direction::Prompt);
    assert_each(
        &toy,
        &[
            ("messages[0].content", Passage::Prompt),
            ("messages[1].content", Passage::Prompt),
            ("messages[1].tool_calls[0].function.name", Passage::Prompt),
            ("messages[1].tool_calls[0].function.arguments.to", Passage::ToolArguments),
            ("messages[1].tool_calls[0].function.arguments.n", Passage::ToolArguments),
            ("messages[1].tool_calls[1].custom.input", Passage::ToolArguments),
            ("messages[2].content[0].text", Passage::ToolResult),
            ("messages[3].content[0].text", Passage::Prompt),
            ("tools[0].function.description", Passage::Prompt),
        ],
    );
}

#[test]
fn requests_of_other_protocols() {
    let body = json!({"system": "s", "messages": [
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"to": ["a"]}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "b"}]},
            {"type": "text", "text": "c"}]}]});
    assert_each(
        &passages(&body, Shape::Messages, Direction::Prompt),
        &[
            ("system", Passage::Prompt),
            ("messages[0].content[0].input.to[0]", Passage::ToolArguments),
            ("messages[0].content[0].name", Passage::Prompt),
            ("messages[1].content[0].content[0].text", Passage::ToolResult),
            ("messages[1].content[1].text", Passage::Prompt),
        ],
    );
    let body = json!({"input": [
        {"role": "user", "content": "a"},
        {"type": "function_call", "call_id": "t", "name": "f", "arguments": "{\"to\":\"b\"}"},
        {"type": "function_call_output", "call_id": "t", "output": "c"},
        {"type": "custom_tool_call", "call_id": "u", "name": "g", "input": "d"},
        {"type": "mcp_call", "arguments": "{}", "output": "e"}]});
    assert_each(
        &passages(&body, Shape::Responses, Direction::Prompt),
        &[
            ("input[0].content", Passage::Prompt),
            ("input[1].arguments.to", Passage::ToolArguments),
            ("input[2].output", Passage::ToolResult),
            ("input[3].input", Passage::ToolArguments),
            ("input[4].output", Passage::ToolResult),
        ],
    );
    let body = json!({"messages": [{"role": "assistant", "tool_calls": [
        {"function": {"name": "f", "arguments": {"to": "a"}}}]}, {"role": "tool", "content": "b"}]});
    assert_each(
        &passages(&body, Shape::OllamaChat, Direction::Prompt),
        &[
            ("messages[0].tool_calls[0].function.arguments.to", Passage::ToolArguments),
            ("messages[1].content", Passage::ToolResult),
        ],
    );
}

#[test]
fn answers_whole_and_streamed() {
    let body = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "a", "tool_calls": [
        {"function": {"name": "f", "arguments": "{\"to\":\"b\"}"}}]}}]});
    assert_each(
        &passages(&body, Shape::ChatCompletions, Direction::Response),
        &[
            ("choices[0].message.content", Passage::Response),
            ("choices[0].message.tool_calls[0].function.arguments.to", Passage::ToolArguments),
        ],
    );
    let event = |delta: Value| format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": delta}]}));
    let stream = [
        event(json!({"content": "a"})),
        event(json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"to\":\"b"}}]})),
    ]
    .concat();
    let mut toy = Toy::default();
    let mut rewriter = StreamRewriter::new(Shape::ChatCompletions, Framing::Events, Options::default());
    let mut out = Vec::new();
    rewriter.push(stream.as_bytes(), &mut toy, &mut out).unwrap();
    rewriter.finish(End::Broken, &mut toy, &mut out).unwrap();
    assert_each(
        &toy,
        &[
            ("choices[0].delta.content", Passage::Response),
            ("choices[0].delta.tool_calls[0].function.arguments.to", Passage::ToolArguments),
        ],
    );
}
