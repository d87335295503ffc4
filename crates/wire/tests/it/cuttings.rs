//! Every stream shape, cut at every level: texts into deltas, deltas in any order, bytes anywhere. What a client puts
//! together is the mask of the whole, in the pieces and in every event that repeats them; and a stream that dies says
//! neither more than that nor that it is complete.
//!
//! `PROPTEST_CASES=1000000 cargo test -p countersign-wire cuttings` runs it for long.

use std::collections::{BTreeMap, VecDeque};

use countersign_model::entity::Direction;
use countersign_wire::{
    End, Framing, Options, Release, Shape, StreamError, StreamRecord, StreamRewriter, rewrite,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    bodies::{ascii, texts, values},
    streams::events,
    toy::{Toy, mask},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Messages,
    Responses,
    Transcript,
    OllamaChat,
    OllamaGenerate,
    Llama,
    Tgi,
}

impl Protocol {
    const ALL: [Self; 7] = [
        Self::Messages,
        Self::Responses,
        Self::Transcript,
        Self::OllamaChat,
        Self::OllamaGenerate,
        Self::Llama,
        Self::Tgi,
    ];

    fn shape(self) -> Shape {
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

    fn framing(self) -> Framing {
        if matches!(self, Self::OllamaChat | Self::OllamaGenerate) { Framing::Lines } else { Framing::Events }
    }

    /// Names of its texts, and how many there may be at once.
    fn fields(self) -> &'static [&'static str] {
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

fn holds_json(field: &str) -> bool {
    matches!(field, "partial_json" | "function_call_arguments")
}

#[derive(Debug, Clone)]
struct Source {
    field: &'static str,
    text: String,
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

    fn expected(&self) -> String {
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
struct Case {
    protocol: Protocol,
    sources: Vec<Source>,
    order: Vec<u8>,
    escaped: bool,
    end: &'static str,
}

fn cases() -> impl Strategy<Value = Case> {
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
struct Writer<'a> {
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

fn whole_name(field: &str) -> &'static str {
    match field {
        "refusal" => "refusal",
        "function_call_arguments" => "arguments",
        _ => "text",
    }
}

fn item(field: &str, text: &str) -> Value {
    match field {
        "function_call_arguments" => json!({"type":"function_call","name":"f","arguments":text}),
        "reasoning_summary_text" => {
            json!({"type":"reasoning","summary":[{"type":"summary_text","text":text}]})
        }
        _ => json!({"type":"message","content":[{"type":field, (whole_name(field)):text,"annotations":[]}]}),
    }
}

fn write(case: &Case) -> Vec<u8> {
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

fn documents(case: &Case, stream: &[u8]) -> Vec<Value> {
    match case.protocol.framing() {
        // A stream that dies may leave a line without its value.
        Framing::Events => events(stream)
            .iter()
            .filter(|event| !event.is_empty())
            .map(|event| serde_json::from_str(event).unwrap())
            .collect(),
        Framing::Lines => {
            let text = std::str::from_utf8(stream).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }
}

/// Puts the pieces together by source as client libraries do, and checks whatever repeats them.
fn read(case: &Case, stream: &[u8]) -> BTreeMap<usize, String> {
    let mut texts: BTreeMap<usize, String> = BTreeMap::new();
    let mut stopped: Vec<usize> = Vec::new();
    let expected = |n: usize| case.sources[n].expected();
    for value in documents(case, stream) {
        let mut add = |n: usize, text: &Value| {
            if let Some(text) = text.as_str().filter(|text| !text.is_empty()) {
                assert!(!stopped.contains(&n), "text after the end of {n}: {value}");
                texts.entry(n).or_default().push_str(text);
            }
        };
        let index = |name: &str| value[name].as_u64().map(|n| n as usize);
        let kind = value["type"].as_str().unwrap_or_default();
        match case.protocol {
            Protocol::Messages => {
                if let Some(n) = index("index") {
                    for around in ["delta", "content_block"] {
                        for field in ["text", "thinking", "partial_json"] {
                            add(n, &value[around][field]);
                        }
                    }
                    if kind == "content_block_stop" {
                        stopped.push(n);
                    }
                }
            }
            Protocol::Responses => {
                assert!(value["logprobs"].as_array().is_none_or(Vec::is_empty), "{value}");
                if let Some(n) = index("output_index") {
                    let field = case.sources[n].field;
                    add(n, &value["delta"]);
                    if kind.ends_with(&format!("{field}.done")) {
                        assert_eq!(value[whole_name(field)], expected(n));
                        stopped.push(n);
                    } else if kind == "response.output_item.done" {
                        assert_eq!(value["item"], item(field, &expected(n)));
                    }
                } else if kind == "response.completed" {
                    for (n, got) in value["response"]["output"].as_array().unwrap().iter().enumerate() {
                        assert_eq!(*got, item(case.sources[n].field, &expected(n)));
                    }
                }
            }
            Protocol::Transcript => {
                add(0, &value["delta"]);
                assert!(value["logprobs"].as_array().is_none_or(Vec::is_empty), "{value}");
                if kind == "transcript.text.done" {
                    assert_eq!(value["text"], expected(0));
                }
            }
            Protocol::OllamaChat | Protocol::OllamaGenerate => {
                for (n, source) in case.sources.iter().enumerate() {
                    add(n, &value[source.field]);
                    add(n, &value["message"][source.field]);
                }
                assert!(value["context"].is_null());
            }
            Protocol::Llama => {
                let n = index("index").unwrap();
                add(n, &value["content"]);
                assert!(value["tokens"].as_array().is_none_or(Vec::is_empty), "{value}");
                if value["stop"] == true {
                    stopped.push(n);
                }
            }
            Protocol::Tgi => {
                add(0, &value["token"]["text"]);
                assert_eq!(value["token"]["id"], 0);
                assert!(value["details"]["tokens"].as_array().is_none_or(Vec::is_empty), "{value}");
                if value["generated_text"].is_string() {
                    assert_eq!(value["generated_text"], expected(0));
                }
            }
        }
    }
    texts
}

fn rewriter(case: &Case, release: Release) -> StreamRewriter<Toy> {
    let options = Options { release, ..Options::default() };
    StreamRewriter::new(case.protocol.shape(), case.protocol.framing(), options)
}

fn run<'a>(
    case: &Case,
    release: Release,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> (Vec<u8>, StreamRecord, Toy) {
    let (mut rewriter, mut toy, mut out) = (rewriter(case, release), Toy::default(), Vec::new());
    for piece in pieces {
        rewriter.push(piece, &mut toy, &mut out).unwrap();
    }
    rewriter.finish(End::Clean, &mut toy, &mut out).unwrap();
    (out, rewriter.into_record(), toy)
}

/// What is out once these bytes are in.
fn run_until(case: &Case, bytes: &[u8]) -> Vec<u8> {
    let (mut rewriter, mut out) = (rewriter(case, Release::Masked), Vec::new());
    rewriter.push(bytes, &mut Toy::default(), &mut out).unwrap();
    out
}

/// True when the stream says that the answer is complete.
fn is_complete(case: &Case, out: &[u8]) -> bool {
    documents(case, out).iter().any(|value| match case.protocol {
        Protocol::Messages => value["type"] == "message_stop",
        Protocol::Responses => value["type"] == "response.completed",
        Protocol::Transcript => value["type"] == "transcript.text.done",
        Protocol::OllamaChat | Protocol::OllamaGenerate => value["done"] == true,
        Protocol::Llama => value["stop"] == true,
        Protocol::Tgi => value["generated_text"].is_string(),
    })
}

proptest! {
    /// 256 cases, or as many as `PROPTEST_CASES` says.
    #[test]
    fn every_shape_reads_the_same_however_it_is_cut(case in cases(), step in 1..200_usize) {
        let stream = write(&case);
        let (out, record, toy) = run(&case, Release::Masked, stream.chunks(step));
        let mut expected: BTreeMap<usize, String> =
            case.sources.iter().enumerate().map(|(n, source)| (n, source.expected())).collect();
        expected.retain(|_, text| !text.is_empty());
        prop_assert_eq!(read(&case, &out), expected, "{}", String::from_utf8_lossy(&out));
        prop_assert!(!String::from_utf8_lossy(&out).contains("SECRET7!"));
        prop_assert!(!record.broken);
        prop_assert_eq!(toy.opened.len(), toy.closed.len());
        let mut recorded: Vec<&str> = record.texts.iter().map(|text| text.text.as_str()).filter(|text| !text.is_empty()).collect();
        let mut wanted: Vec<String> = case.sources.iter().map(Source::expected).filter(|text| !text.is_empty()).collect();
        recorded.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(recorded, wanted);
        if !matches!(case.protocol, Protocol::Llama | Protocol::Tgi) {
            prop_assert!(record.done);
            prop_assert_eq!(record.usage.unwrap().completion_tokens, Some(9));
            prop_assert_eq!(record.usage.unwrap().prompt_tokens, Some(3));
        }
        // The same bytes whatever the cut; and untouched where masking is off.
        prop_assert_eq!(&run(&case, Release::Masked, std::iter::once(stream.as_slice())).0, &out);
        let (untouched, looked, _) = run(&case, Release::Original, stream.chunks(step));
        prop_assert_eq!(untouched, stream);
        prop_assert_eq!(looked.texts, record.texts);
    }

    /// Whatever comes in the same packets: what was decided before it is there, and after the end nothing counts.
    #[test]
    fn what_cannot_be_read_takes_nothing_with_it(case in cases(), at in 0..40_usize, step in 1..4000_usize) {
        let stream = write(&case);
        let text = String::from_utf8(stream).unwrap();
        let gap = match case.protocol.framing() {
            Framing::Events => format!("{0}{0}", case.end),
            Framing::Lines => "\n".to_owned(),
        };
        let ends: Vec<usize> = text.match_indices(&gap).map(|(at, gap)| at + gap.len()).collect();
        let at = ends[at % ends.len()];
        let junk = if case.protocol.framing() == Framing::Lines { "junk\n".to_owned() } else { format!("data: junk{gap}") };
        let bad = format!("{}{junk}{}", &text[..at], &text[at..]);
        let mut runs = Vec::new();
        for step in [step, bad.len()] {
            let (mut rewriter, mut toy, mut out) = (rewriter(&case, Release::Masked), Toy::default(), Vec::new());
            let failed = bad.as_bytes().chunks(step).any(|piece| rewriter.push(piece, &mut toy, &mut out).is_err());
            let _ = rewriter.finish(if failed { End::Broken } else { End::Clean }, &mut toy, &mut out);
            runs.push((out, failed));
        }
        prop_assert_eq!(&runs[0], &runs[1]);
        let good = run_until(&case, &text.as_bytes()[..at]);
        prop_assert!(runs[0].0.starts_with(&good));
        prop_assert!(runs[0].1 || is_complete(&case, &runs[0].0));
    }

    #[test]
    fn a_stream_that_dies_is_never_complete(case in cases(), at in 0.0..1.0_f64, step in 1..200_usize, clean in any::<bool>()) {
        let stream = write(&case);
        let whole = &stream[..(stream.len() as f64 * at) as usize];
        let (mut rewriter, mut toy, mut out) = (rewriter(&case, Release::Masked), Toy::default(), Vec::new());
        for piece in whole.chunks(step) {
            rewriter.push(piece, &mut toy, &mut out).unwrap();
        }
        let before = is_complete(&case, &out);
        let ended = rewriter.finish(if clean { End::Clean } else { End::Broken }, &mut toy, &mut out);
        if !clean || ended.is_err() {
            prop_assert_eq!(is_complete(&case, &out), before);
        }
        if clean && !before && !is_complete(&case, &out) {
            prop_assert!(matches!(ended, Err(StreamError::MissingDone | StreamError::Decode(_))), "{:?}", ended);
        }
        for (n, text) in read(&case, &out) {
            prop_assert!(case.sources[n].expected().starts_with(&text), "{:?} is not the beginning", text);
        }
        prop_assert_eq!(toy.opened.len(), toy.closed.len());
    }
}
