//! Made-up answers of every protocol, as its servers would stream them.

use std::collections::VecDeque;

use countersign_model::entity::Direction;
use countersign_wire::{Framing, Shape, rewrite};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    bodies::{ascii, texts, values},
    toy::{Toy, mask},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Messages,
    Responses,
    Transcript,
    OllamaChat,
    OllamaGenerate,
    Llama,
    Tgi,
}

impl Protocol {
    pub const ALL: [Self; 7] = [
        Self::Messages,
        Self::Responses,
        Self::Transcript,
        Self::OllamaChat,
        Self::OllamaGenerate,
        Self::Llama,
        Self::Tgi,
    ];

    pub fn shape(self) -> Shape {
        match self {
            Self::Messages => Shape::Messages,
            Self::Responses => Shape::Responses,
            Self::Transcript => Shape::Transcriptions,
            Self::OllamaChat => Shape::OllamaChat,
            Self::OllamaGenerate => Shape::OllamaGenerate,
            Self::Llama => Shape::LlamaCompletion,
            Self::Tgi => Shape::Generate,
        }
    }

    pub fn framing(self) -> Framing {
        if matches!(self, Self::OllamaChat | Self::OllamaGenerate) { Framing::Lines } else { Framing::Events }
    }

    /// Names of its texts, and how many there may be at once.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Messages => &["text", "thinking", "partial_json", "text"],
            Self::Responses => &[
                "output_text",
                "refusal",
                "reasoning_text",
                "reasoning_summary_text",
                "function_call_arguments",
                "output_text",
            ],
            Self::Transcript => &["text"],
            Self::OllamaChat => &["content", "thinking"],
            Self::OllamaGenerate => &["response", "thinking"],
            Self::Llama => &["content", "content", "content"],
            Self::Tgi => &["token"],
        }
    }
}

pub fn holds_json(field: &str) -> bool {
    matches!(field, "partial_json" | "function_call_arguments")
}

#[derive(Debug, Clone)]
pub struct Source {
    pub field: &'static str,
    pub text: String,
    pieces: Vec<String>,
}

impl Source {
    fn new(field: &'static str, plain: &str, value: &Value, escaped: bool, cuts: &[u8]) -> Self {
        let text = match (holds_json(field), escaped) {
            (false, _) => plain.to_owned(),
            (true, true) => ascii(&json!({"a": value}).to_string()),
            (true, false) => json!({"a": value}).to_string(),
        };
        let chars: Vec<char> = text.chars().collect();
        let mut at: Vec<usize> = cuts.iter().map(|cut| usize::from(*cut) * chars.len() / 256).collect();
        at.push(chars.len());
        at.sort_unstable();
        let mut from = 0;
        let pieces = at.into_iter().map(|to| chars[std::mem::replace(&mut from, to)..to].iter().collect());
        Self { field, pieces: pieces.collect(), text }
    }

    pub fn expected(&self) -> String {
        if !holds_json(self.field) {
            return mask(&self.text);
        }
        let body = json!({"arguments": self.text}).to_string();
        let out = rewrite(body.as_bytes(), Shape::Other, Direction::Prompt, &mut Toy::default()).unwrap();
        let value: Value = serde_json::from_slice(out.body.as_deref().unwrap_or(body.as_bytes())).unwrap();
        value["arguments"].as_str().unwrap().to_owned()
    }
}

#[derive(Debug, Clone)]
pub struct Case {
    pub protocol: Protocol,
    pub sources: Vec<Source>,
    order: Vec<u8>,
    escaped: bool,
    pub end: &'static str,
}

pub fn cases() -> impl Strategy<Value = Case> {
    let text = (texts(), values(), proptest::collection::vec(any::<u8>(), 0..8));
    (
        prop::sample::select(Protocol::ALL.to_vec()),
        proptest::collection::vec(text, 1..6),
        proptest::collection::vec(any::<u8>(), 1..24),
        any::<bool>(),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
    )
        .prop_map(|(protocol, texts, order, escaped, end)| {
            let named = protocol.fields().iter().zip(&texts);
            let sources =
                named.map(|(field, (text, value, cuts))| Source::new(field, text, value, escaped, cuts));
            Case { protocol, sources: sources.collect(), order, escaped, end }
        })
}

/// Writes the stream a server of that protocol would send.
pub struct Writer<'a> {
    case: &'a Case,
    out: String,
    sequence: u64,
}

impl Writer<'_> {
    fn event(&mut self, mut value: Value) {
        let named = value["type"].as_str().map(str::to_owned);
        if self.case.protocol == Protocol::Responses {
            value["sequence_number"] = json!(self.sequence);
            self.sequence += 1;
        }
        let text = value.to_string();
        let text = if self.case.escaped { ascii(&text) } else { text };
        let end = self.case.end;
        match (self.case.protocol.framing(), named) {
            (Framing::Lines, _) if end == "\r\n" => self.out.push_str(&format!("{text}\r\n")),
            (Framing::Lines, _) => self.out.push_str(&format!("{text}\n")),
            (_, Some(named)) => self.out.push_str(&format!("event: {named}{end}data: {text}{end}{end}")),
            (_, None) => self.out.push_str(&format!("data:{text}{end}{end}")),
        }
    }

    fn begin(&mut self) {
        match self.case.protocol {
            Protocol::Messages => {
                self.event(
                    json!({"type":"message_start","message":{"id":"msg_1","role":"assistant","content":[],
                    "model":"m","stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}}),
                );
                self.event(json!({"type":"ping"}));
            }
            Protocol::Responses => {
                self.event(json!({"type":"response.created","response":{"id":"r","model":"m","output":[],"error":null}}));
            }
            _ => {}
        }
    }

    /// A piece of source `n`; the first and the last one have events around them.
    fn piece(&mut self, n: usize, piece: &str, first: bool, last: bool) {
        let Source { field, text, .. } = &self.case.sources[n];
        match self.case.protocol {
            Protocol::Messages => {
                if first {
                    let block = match *field {
                        "text" if n > 0 => {
                            // Some servers put the first words here.
                            self.event(json!({"type":"content_block_start","index":n,"content_block":{"type":"text","text":piece}}));
                            if last {
                                self.event(json!({"type":"content_block_stop","index":n}));
                            }
                            return;
                        }
                        "text" => json!({"type":"text","text":""}),
                        "thinking" => json!({"type":"thinking","thinking":"","signature":""}),
                        _ => json!({"type":"tool_use","id":"t","name":"f","input":{}}),
                    };
                    self.event(json!({"type":"content_block_start","index":n,"content_block":block}));
                }
                let kind = if *field == "partial_json" { "input_json" } else { field };
                self.event(json!({"type":"content_block_delta","index":n,"delta":{"type":format!("{kind}_delta"), (*field):piece}}));
                if last {
                    self.event(json!({"type":"content_block_stop","index":n}));
                }
            }
            Protocol::Responses => {
                let at = |mut event: Value| {
                    event["output_index"] = json!(n);
                    event["item_id"] = json!(format!("i{n}"));
                    match *field {
                        "reasoning_summary_text" => event["summary_index"] = json!(0),
                        "function_call_arguments" => {}
                        _ => event["content_index"] = json!(0),
                    }
                    event
                };
                self.event(at(json!({"type":format!("response.{field}.delta"),"delta":piece,
                    "logprobs":[{"token":piece,"logprob":-0.1,"top_logprobs":[]}]})));
                if last {
                    self.event(at(json!({"type":format!("response.{field}.done"), (whole_name(field)):text,"logprobs":[]})));
                    self.event(json!({"type":"response.output_item.done","output_index":n,"item":item(field, text)}));
                }
            }
            Protocol::Transcript => self.event(
                json!({"type":"transcript.text.delta","delta":piece,"logprobs":[{"token":piece,"bytes":piece.as_bytes(),"logprob":-1}]}),
            ),
            Protocol::OllamaChat => {
                let call = json!([{"function":{"name":"f","arguments":{"content":"SECRET7! SEC"}}}]);
                let mut message = json!({"role":"assistant","content":"", (*field):piece});
                if first && n == 0 {
                    message["tool_calls"] = call;
                }
                self.event(json!({"model":"m","created_at":"2026-01-01T00:00:00.1Z","message":message,"done":false}));
            }
            Protocol::OllamaGenerate => {
                let mut event = json!({"model":"m","created_at":"2026-01-01T00:00:00.1Z","response":"","done":false});
                event[*field] = json!(piece);
                self.event(event);
            }
            Protocol::Llama => {
                self.event(json!({"index":n,"content":piece,"tokens":[7,8],"stop":false,"id_slot":n}));
                if last {
                    self.event(json!({"index":n,"content":"","tokens":[],"stop":true,"prompt":"SECRET9!","tokens_evaluated":3,"tokens_predicted":4}));
                }
            }
            Protocol::Tgi => {
                let details = json!({"finish_reason":"length","generated_tokens":4,"tokens":[{"id":7,"text":"SEC","logprob":-1}]});
                let (whole, details) = if last { (json!(text), details) } else { (Value::Null, Value::Null) };
                self.event(json!({"index":self.sequence,"token":{"id":self.sequence + 500,"text":piece,"logprob":-0.5,"special":false},
                    "generated_text":whole,"details":details}));
                self.sequence += 1;
            }
        }
    }

    fn finish(&mut self) {
        match self.case.protocol {
            Protocol::Messages => {
                self.event(json!({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}));
                self.event(json!({"type":"message_stop"}));
            }
            Protocol::Responses => {
                let items: Vec<Value> = self.case.sources.iter().map(|s| item(s.field, &s.text)).collect();
                self.event(json!({"type":"response.completed","response":{"id":"r","status":"completed","output":items,"usage":{"input_tokens":3,"output_tokens":9}}}));
            }
            Protocol::Transcript => {
                let text = self.case.sources[0].text.clone();
                self.event(json!({"type":"transcript.text.done","text":text,"usage":{"input_tokens":3,"output_tokens":9}}));
            }
            Protocol::OllamaChat => self.event(json!({"model":"m","created_at":"2026-01-01T00:00:00.1Z",
                "message":{"role":"assistant","content":""},"done_reason":"stop","done":true,"prompt_eval_count":3,"eval_count":9})),
            Protocol::OllamaGenerate => self.event(json!({"model":"m","created_at":"2026-01-01T00:00:00.1Z","response":"",
                "done":true,"done_reason":"stop","context":[1,2,3],"prompt_eval_count":3,"eval_count":9})),
            Protocol::Llama | Protocol::Tgi => {}
        }
    }
}

pub fn whole_name(field: &str) -> &'static str {
    match field {
        "refusal" => "refusal",
        "function_call_arguments" => "arguments",
        _ => "text",
    }
}

pub fn item(field: &str, text: &str) -> Value {
    match field {
        "function_call_arguments" => json!({"type":"function_call","name":"f","arguments":text}),
        "reasoning_summary_text" => {
            json!({"type":"reasoning","summary":[{"type":"summary_text","text":text}]})
        }
        _ => json!({"type":"message","content":[{"type":field, (whole_name(field)):text,"annotations":[]}]}),
    }
}

pub fn write(case: &Case) -> Vec<u8> {
    let mut writer = Writer { case, out: String::new(), sequence: 0 };
    writer.begin();
    let mut queues: Vec<(usize, VecDeque<String>)> =
        case.sources.iter().enumerate().map(|(n, s)| (n, s.pieces.clone().into())).collect();
    let mut begun = vec![false; queues.len()];
    let mut turn = case.order.iter().cycle();
    while !queues.is_empty() {
        let picked = usize::from(*turn.next().unwrap()) % queues.len();
        let (n, queue) = &mut queues[picked];
        let (n, piece) = (*n, queue.pop_front().unwrap());
        let last = queue.is_empty();
        if last {
            queues.remove(picked);
        }
        writer.piece(n, &piece, !std::mem::replace(&mut begun[n], true), last);
    }
    writer.finish();
    writer.out.into_bytes()
}
