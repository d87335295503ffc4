//! Answers of every protocol as its servers stream them, made up.

use countersign_wire::{Framing, Shape};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Chat,
    Completions,
    Messages,
    Responses,
    Transcript,
    OllamaChat,
    OllamaGenerate,
    Llama,
    Tgi,
}

/// One text of an answer: where it grows, and what its server says around its pieces.
#[derive(Debug, Clone)]
pub struct Source {
    pub field: &'static str,
    pub text: String,
}

impl Dialect {
    pub const ALL: [Self; 9] = [
        Self::Chat,
        Self::Completions,
        Self::Messages,
        Self::Responses,
        Self::Transcript,
        Self::OllamaChat,
        Self::OllamaGenerate,
        Self::Llama,
        Self::Tgi,
    ];

    pub const fn shape(self) -> Shape {
        match self {
            Self::Chat => Shape::ChatCompletions,
            Self::Completions => Shape::Completions,
            Self::Messages => Shape::Messages,
            Self::Responses => Shape::Responses,
            Self::Transcript => Shape::Transcriptions,
            Self::OllamaChat => Shape::OllamaChat,
            Self::OllamaGenerate => Shape::OllamaGenerate,
            Self::Llama => Shape::LlamaCompletion,
            Self::Tgi => Shape::Generate,
        }
    }

    pub const fn framing(self) -> Framing {
        if matches!(self, Self::OllamaChat | Self::OllamaGenerate) { Framing::Lines } else { Framing::Events }
    }

    /// Names of its texts, as many as there may be at once.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Chat => &["content", "reasoning_content", "refusal", "arguments"],
            Self::Completions => &["text", "text", "text"],
            Self::Messages => &["text", "thinking", "partial_json", "text"],
            Self::Responses => &[
                "output_text",
                "refusal",
                "reasoning_text",
                "reasoning_summary_text",
                "function_call_arguments",
            ],
            Self::Transcript => &["text"],
            Self::OllamaChat => &["content", "thinking"],
            Self::OllamaGenerate => &["response", "thinking"],
            Self::Llama => &["content", "content"],
            Self::Tgi => &["token"],
        }
    }

    pub fn begin(self) -> Vec<Value> {
        match self {
            Self::Messages => Vec::from([
                json!({"type":"message_start","message":{"id":"m","role":"assistant","content":[],"model":"m"}}),
                json!({"type":"ping"}),
            ]),
            Self::Responses => {
                Vec::from([json!({"type":"response.created","response":{"id":"r","model":"m","output":[]}})])
            }
            _ => Vec::new(),
        }
    }

    /// The events that bring a piece of text `n`; the first and the last have others around them.
    pub fn piece(self, source: &Source, n: usize, piece: &str, first: bool, last: bool) -> Vec<Value> {
        let field = source.field;
        let mut events = Vec::new();
        match self {
            Self::Chat if field == "arguments" => {
                let mut call = json!({"index":0,"function":{"arguments":piece}});
                if first {
                    call["id"] = json!("c");
                    call["function"]["name"] = json!("f");
                }
                events.push(json!({"choices":[{"index":n,"delta":{"tool_calls":[call]}}]}));
            }
            Self::Chat => events.push(json!({"choices":[{"index":n,"delta":{(field):piece},
                "logprobs":{"content":[{"token":piece,"logprob":-0.5}]}}]})),
            Self::Completions => events.push(json!({"choices":[{"index":n,"text":piece,"logprobs":null}]})),
            Self::Messages => {
                if first {
                    let block = match field {
                        "thinking" => json!({"type":"thinking","thinking":"","signature":""}),
                        "partial_json" => json!({"type":"tool_use","id":"t","name":"f","input":{}}),
                        _ => json!({"type":"text","text":""}),
                    };
                    events.push(json!({"type":"content_block_start","index":n,"content_block":block}));
                }
                let kind = if field == "partial_json" { "input_json" } else { field };
                let delta = json!({"type":format!("{kind}_delta"), (field):piece});
                events.push(json!({"type":"content_block_delta","index":n,"delta":delta}));
                if last {
                    events.push(json!({"type":"content_block_stop","index":n}));
                }
            }
            Self::Responses => {
                let part = if field == "reasoning_summary_text" { "summary_index" } else { "content_index" };
                let at = json!({"output_index":n,"item_id":format!("i{n}"), (part):0});
                let with = |rest: Value| joined(&at, &rest);
                events.push(with(json!({"type":format!("response.{field}.delta"),"delta":piece})));
                if last {
                    let name = whole_name(field);
                    events.push(with(json!({"type":format!("response.{field}.done"), (name):source.text})));
                }
            }
            Self::Transcript => events.push(json!({"type":"transcript.text.delta","delta":piece})),
            Self::OllamaChat => {
                let mut message = json!({"role":"assistant","content":""});
                message[field] = json!(piece);
                events.push(json!({"model":"m","message":message,"done":false}));
            }
            Self::OllamaGenerate => {
                let mut event = json!({"model":"m","response":"","done":false});
                event[field] = json!(piece);
                events.push(event);
            }
            Self::Llama => {
                events.push(json!({"index":n,"content":piece,"tokens":[7],"stop":false}));
                if last {
                    events.push(json!({"index":n,"content":"","stop":true,"prompt":source.text}));
                }
            }
            Self::Tgi => {
                let whole = if last { json!(source.text) } else { Value::Null };
                events.push(json!({"token":{"id":500,"text":piece,"special":false},"generated_text":whole}));
            }
        }
        events
    }

    pub fn finish(self, sources: &[Source]) -> Vec<Value> {
        match self {
            Self::Chat | Self::Completions => {
                let ended = |n: usize| json!({"choices":[{"index":n,"delta":{},"finish_reason":"stop"}]});
                (0..sources.len()).map(ended).collect()
            }
            Self::Messages => Vec::from([json!({"type":"message_stop"})]),
            Self::Responses => {
                Vec::from([json!({"type":"response.completed","response":{"id":"r","status":"completed"}})])
            }
            Self::Transcript => Vec::from([json!({"type":"transcript.text.done","text":sources[0].text})]),
            Self::OllamaChat => {
                Vec::from([json!({"model":"m","message":{"role":"assistant","content":""},"done":true})])
            }
            Self::OllamaGenerate => Vec::from([json!({"model":"m","response":"","done":true,"context":[1]})]),
            Self::Llama | Self::Tgi => Vec::new(),
        }
    }

    /// The text that an event brings, and to which of the answer's texts.
    pub fn brought(self, event: &Value, sources: &[Source]) -> Vec<(usize, String)> {
        let index = |name: &str| event[name].as_u64().map_or(0, |n| n as usize);
        let n = match self {
            Self::Chat | Self::Completions => event["choices"][0]["index"].as_u64().map_or(0, |n| n as usize),
            Self::Messages | Self::Llama => index("index"),
            Self::Responses => index("output_index"),
            _ => 0,
        };
        let places: Vec<(usize, &Value)> = match self {
            Self::Chat => {
                let delta = &event["choices"][0]["delta"];
                let field = sources.get(n).map_or("content", |source| source.field);
                if field == "arguments" {
                    Vec::from([(n, &delta["tool_calls"][0]["function"]["arguments"])])
                } else {
                    Vec::from([(n, &delta[field])])
                }
            }
            Self::Completions => Vec::from([(n, &event["choices"][0]["text"])]),
            Self::Messages => {
                let fields = ["text", "thinking", "partial_json"];
                fields
                    .iter()
                    .flat_map(|name| [(n, &event["delta"][name]), (n, &event["content_block"][name])])
                    .collect()
            }
            Self::Responses | Self::Transcript => Vec::from([(n, &event["delta"])]),
            Self::OllamaChat | Self::OllamaGenerate => {
                let around = if self == Self::OllamaChat { &event["message"] } else { event };
                sources.iter().enumerate().map(|(n, source)| (n, &around[source.field])).collect()
            }
            Self::Llama => Vec::from([(n, &event["content"])]),
            Self::Tgi => Vec::from([(n, &event["token"]["text"])]),
        };
        let filled = |(n, text): (usize, &Value)| Some((n, text.as_str()?.to_owned()));
        places.into_iter().filter_map(filled).collect()
    }

    /// What repeats a whole text, if the event does that.
    pub fn repeated<'e>(self, event: &'e Value, sources: &[Source]) -> Option<(usize, &'e str)> {
        match self {
            Self::Responses => {
                let n = event["output_index"].as_u64()? as usize;
                Some((n, event[whole_name(sources.get(n)?.field)].as_str()?))
            }
            Self::Transcript => Some((0, event["text"].as_str()?)),
            Self::Tgi => Some((0, event["generated_text"].as_str()?)),
            _ => None,
        }
    }
}

fn whole_name(field: &str) -> &'static str {
    match field {
        "refusal" => "refusal",
        "function_call_arguments" => "arguments",
        _ => "text",
    }
}

fn joined(one: &Value, other: &Value) -> Value {
    let members = [one, other].into_iter().filter_map(Value::as_object).flatten();
    Value::Object(members.map(|(key, value)| (key.clone(), value.clone())).collect())
}
