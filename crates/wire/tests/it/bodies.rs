//! Whole bodies.

use countersign_model::entity::Direction;
use countersign_wire::{
    Fault, MediaKind, Rewritten, Shape, TurnKind, rewrite, rewrite_form, rewrite_multipart, rewrite_text,
    transcript,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::toy::{Identity, LABEL, Toy, mask};

fn request(body: &str, shape: Shape) -> Rewritten {
    rewrite(body.as_bytes(), shape, Direction::Prompt, &mut Toy::default()).unwrap()
}

fn text(rewritten: &Rewritten) -> &str {
    std::str::from_utf8(rewritten.body.as_deref().unwrap()).unwrap()
}

#[test]
fn only_masked_bytes_change() {
    let body = "{ \"model\" : \"m\",\n\t\"x\":1.50e+2, \"messages\":[{\"role\":\"user\",\"content\":\"a\\u00e9 SECRET1! \\/\"}],\"s\":\"\\/é\\u00e9\" }\r\n";
    let out = request(body, Shape::ChatCompletions);
    let expected = body.replace("a\\u00e9 SECRET1! \\/", "aé <S\\\"\\\\> /");
    assert_eq!(text(&out), expected);
    assert_eq!(out.summary.model.as_deref(), Some("m"));
    assert_eq!((out.summary.messages, out.summary.roles.as_slice()), (1, &["user".to_owned()][..]));
}

#[test]
fn unknown_fields_keys_and_numbers_are_inspected() {
    let out = request(
        r#"{"a":{"b":[["SECRET1!"]]},"SECRET2!":{"SECRET3!":1,"SECRET4!":2,"<S\"\\>_2":3},"n":99999999,"f":0.99999999,"e":9.9999999e7,"m":-99999999}"#,
        Shape::Other,
    );
    let value: Value = serde_json::from_slice(out.body.as_ref().unwrap()).unwrap();
    assert_eq!(
        value,
        json!({
            "a": {"b": [[LABEL]]},
            LABEL: {LABEL: 1, format!("{LABEL}_3"): 2, format!("{LABEL}_2"): 3},
            "n": LABEL, "f": 0.999_999_99, "e": LABEL, "m": LABEL,
        })
    );
}

#[test]
fn places_hold_no_masked_key() {
    let mut toy = Toy::default();
    rewrite(br#"{"SECRET1!":{"x":["v"]}}"#, Shape::Other, Direction::Prompt, &mut toy).unwrap();
    assert!(toy.seen.iter().all(|(place, _)| !place.contains("SECRET")), "{:?}", toy.seen);
    assert!(toy.seen.iter().any(|(place, _)| place == &format!("{LABEL}.x[0]")));
}

#[test]
fn identity_changes_nothing() {
    for body in [
        r#"{"messages":[{"content":"x\u00e9\ud83d\ude00","tool_calls":[{"function":{"arguments":"{ \"caf\\u00e9\" : \"\\/ \\ud83d\", \"b\":[1.0, 12345678 ,true]"}}]}]}"#,
        r#"{"arguments":"not json 12345678"}"#,
        r#"{"arguments":"[\"\\ud83d\\u0041 \\ud83d\\ud83d\\ude00 \\ud83dx \\ud83d\\n \\ud83d\\u00zz \\ude00 \\u12\"]"}"#,
        "[]",
        " 12345678 ",
    ] {
        let out = rewrite(body.as_bytes(), Shape::Other, Direction::Prompt, &mut Identity).unwrap();
        assert_eq!(out.body, None, "{body}");
    }
}

#[test]
fn arguments_stay_json() {
    let inner = json!({"to": "SECRET1!", "SECRET2!": [99_999_999, {"k": "clé😀5! \"q\""}], "keep": "é\n"});
    for inner_text in [inner.to_string(), ascii(&inner.to_string())] {
        let body = json!({"messages":[{"role":"assistant","content":null,
            "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":inner_text}}]}]});
        let out = request(&body.to_string(), Shape::ChatCompletions);
        let value: Value = serde_json::from_slice(out.body.as_ref().unwrap()).unwrap();
        let arguments = value["messages"][0]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
        let masked: Value = serde_json::from_str(arguments).unwrap();
        assert_eq!(
            masked,
            json!({"to": LABEL, LABEL: [LABEL, {"k": format!("{LABEL} \"q\"")}], "keep": "é\n"})
        );
    }
}

#[test]
fn arguments_that_are_no_json_are_text() {
    for (given, wanted) in [
        ("call SECRET1! now", format!("call {LABEL} now")),
        ("9999 9999 99999999", format!("9999 9999 {LABEL}")),
        ("[9999 SECRET1!]", format!("[9999 {LABEL}]")),
        ("{\"a\":1} SECRET1!", format!("{{\"a\":1}} {LABEL}")),
        ("[99999999}", format!("[{LABEL}}}")),
        ("{\"a\":99999999]", format!("{{\"a\":{LABEL}]")),
        ("[\"\\u00e9SECRET1!\\u00e9\\u00e9\\u00e9\\u00e9\"", "[\"\\u00e9<S\\\"\\\\>éééé\"".to_owned()),
        ("{\"a\": tel SECRET1!", format!("{{\"a\": tel {LABEL}")),
        ("{\"a\":\"SECRET1!", "{\"a\":\"<S\\\"\\\\>".to_owned()),
        ("{\"a\":\"x\\", "{\"a\":\"x\\".to_owned()),
        ("{\"SECRET1!", "{\"<S\\\"\\\\>".to_owned()),
        ("[99999999", "[\"<S\\\"\\\\>\"".to_owned()),
        ("{\"a\":\"SECRET\\u0031!\\x\"}", "{\"a\":\"<S\\\"\\\\>\\\\x\"}".to_owned()),
    ] {
        let body = json!({"function_call": {"arguments": given}}).to_string();
        let out = request(&body, Shape::ChatCompletions);
        let value: Value = serde_json::from_slice(out.body.as_deref().unwrap_or(body.as_bytes())).unwrap();
        assert_eq!(value["function_call"]["arguments"], wanted, "{given}");
    }
}

#[test]
fn long_inner_keys_are_masked_too() {
    let key = format!("{}SECRET1!", "k".repeat(5000));
    let body = json!({"arguments": json!({ &key: "SECRET2!" }).to_string()}).to_string();
    let out = request(&body, Shape::Other);
    let value: Value = serde_json::from_slice(out.body.as_ref().unwrap()).unwrap();
    let inner: Value = serde_json::from_str(value["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(inner, json!({ mask(&key): LABEL }));
}

#[test]
fn media_is_listed_and_left_alone() {
    let image = format!("data:image/png;base64,{}", "SECRET1".repeat(20));
    let body = json!({"model":"m","messages":[{"role":"user","content":[
        {"type":"text","text":"SECRET1!"},
        {"type":"image_url","image_url":{"url":image}},
        {"type":"image_url","image_url":{"url":"https://example.org/SECRET1!.png"}},
        {"type":"input_audio","input_audio":{"data":"A".repeat(400),"format":"wav"}},
    ]}]});
    let out = request(&body.to_string(), Shape::ChatCompletions);
    let kinds: Vec<_> = out.summary.uninspected.iter().map(|m| (m.kind, m.bytes)).collect();
    assert_eq!(
        kinds,
        [(MediaKind::Image, Some(105)), (MediaKind::Image, None), (MediaKind::Audio, Some(300))]
    );
    assert_eq!(out.summary.uninspected[0].place, "messages[0].content[1].image_url.url");
    let value: Value = serde_json::from_slice(out.body.as_ref().unwrap()).unwrap();
    assert_eq!(value["messages"][0]["content"][1]["image_url"]["url"], image);
    assert_eq!(
        value["messages"][0]["content"][2]["image_url"]["url"],
        format!("https://example.org/{LABEL}.png")
    );
}

#[test]
fn token_ids_are_seen() {
    for (body, shape) in [
        (r#"{"prompt":[1,2,3]}"#, Shape::Completions),
        (r#"{"prompt":[[1,2],[3]]}"#, Shape::Completions),
        (r#"{"input":["a",[3]]}"#, Shape::Embeddings),
        (r#"{"prompt_token_ids":[99999999]}"#, Shape::ChatCompletions),
        (r#"{"prompt":[[[1,2,3]]]}"#, Shape::Completions),
        (r#"{"messages":[{"role":"user","token_ids":[1,2,3]}]}"#, Shape::ChatCompletions),
        (r#"{"messages":[{"role":"user","content":[1,2,3]}]}"#, Shape::ChatCompletions),
    ] {
        assert!(request(body, shape).summary.token_ids, "{body}");
    }
    for body in [
        r#"{"prompt":["a"]}"#,
        r#"{"input":"x","n":3}"#,
        r#"{"messages":[{"n":[1]}]}"#,
        r#"{"stop_token_ids":[1,2,3]}"#,
    ] {
        assert!(!request(body, Shape::Completions).summary.token_ids, "{body}");
    }
}

#[test]
fn answers_lose_what_repeats_their_text() {
    let body = r#"{"id":"x","created":1712345678,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"SECRET1!"},"logprobs":{"content":[{"token":"SEC"}]},"token_ids":[1,2],"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"#;
    let out =
        rewrite(body.as_bytes(), Shape::ChatCompletions, Direction::Response, &mut Toy::default()).unwrap();
    let expected = body
        .replace("SECRET1!", "<S\\\"\\\\>")
        .replace(r#"{"content":[{"token":"SEC"}]}"#, "null")
        .replace("[1,2]", "null");
    assert_eq!(text(&out), expected);
    assert_eq!(out.summary.finish_reasons, ["stop"]);
    assert_eq!(out.summary.usage.unwrap().total_tokens, Some(7));
    let asked = request(r#"{"logprobs":true,"top_logprobs":5,"tokens":[1]}"#, Shape::ChatCompletions);
    assert_eq!(asked.body, None);
}

#[test]
fn vectors_are_not_numbers_of_people() {
    let body = r#"{"data":[{"embedding":[0.1234567890123,99999999.5,-1.5e-9],"index":0}],"model":"e"}"#;
    let out = rewrite(body.as_bytes(), Shape::Embeddings, Direction::Response, &mut Toy::default()).unwrap();
    assert_eq!(out.body, None);
}

#[test]
fn refusals_carry_no_content() {
    let error = rewrite(br#"{"k":"SECRET1!","k":1}"#, Shape::Other, Direction::Prompt, &mut Toy::default())
        .unwrap_err();
    assert_eq!((error.at, error.fault), (16, Fault::DuplicateKey));
    assert_eq!(error.to_string(), "A JSON object has the same key twice (byte 16)");
}

#[test]
fn media_is_known_by_its_digest() {
    // SHA-256 of "abc": FIPS 180-4's example.
    let body = br#"{"messages":[{"content":"x","images":["YWJj"]}]}"#;
    let out = rewrite(body, Shape::OllamaChat, Direction::Prompt, &mut Toy::default()).unwrap();
    let digest = out.summary.uninspected[0].sha256.as_deref().unwrap();
    assert!(digest.starts_with("ba7816bf8f01cfea") && digest.len() == 64, "{digest}");
    assert!(out.summary.stream, "Ollama streams unless told not to");
}

#[test]
fn forms_are_read_field_by_field() {
    let mut toy = Toy::default();
    let form = rewrite_form(b"model=a&stream=true&prompt=a+SECRET1%21&ids=[1,2,3]", &mut toy).unwrap();
    assert_eq!(form.rewritten.summary.model.as_deref(), Some("a"));
    assert!(form.rewritten.summary.stream && form.rewritten.summary.token_ids);
    assert!(form.turns.iter().any(|turn| turn.text == format!("a {LABEL}")));
    for bad in [b"a=%zz".as_slice(), b"a=%F", b"a=%ff"] {
        assert_eq!(rewrite_form(bad, &mut toy).unwrap_err().fault, Fault::BadForm);
    }
}

#[test]
fn multipart_forms_are_read_strictly() {
    let part =
        |head: &str, text: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n");
    let mut toy = Toy::default();
    let body =
        part("name=\"prompt\"", "SECRET1!") + &part("name=\"file\"; filename=\"a.bin\"", "abc") + "--b--\r\n";
    let form = rewrite_multipart(body.as_bytes(), "b", &mut toy).unwrap();
    assert_eq!(form.rewritten.body.unwrap(), body.replace("SECRET1!", LABEL).into_bytes());
    let file = &form.rewritten.summary.uninspected[0];
    assert_eq!((file.place.as_str(), file.bytes), ("form.file", Some(3)));
    assert!(file.sha256.as_deref().unwrap().starts_with("ba7816bf8f01cfea"));
    let good = part("name=\"a\"", "x");
    for bad in [
        String::new(),
        good.clone(),
        format!("hidden\r\n{good}--b--"),
        format!("{good}--b--\r\nhidden"),
        format!("{good}--b--").replace("\r\n", "\n"),
        // Delimiters to those who are less strict.
        part("name=\"a\"; filename=\"x\"", &format!("--b\r\n{}", &good[5..good.len() - 2])) + "--b--",
        part("name=\"a\"", "x\n--b\ny") + "--b--",
        part("name=\"a\"", "x\r--b--") + "--b--",
        "--b\r\nX: y\r\n\r\nx\r\n--b--".to_owned(),
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n folded\r\n\r\nx\r\n--b--".to_owned(),
    ] {
        assert_eq!(
            rewrite_multipart(bad.as_bytes(), "b", &mut toy).unwrap_err().fault,
            Fault::BadForm,
            "{bad:?}"
        );
    }
    // A coding hides the text from us, not from the server.
    let coded = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--";
    assert_eq!(
        rewrite_multipart(coded.as_bytes(), "b", &mut toy).unwrap().rewritten.summary.uninspected.len(),
        1
    );
}

#[test]
fn plain_text_is_one_text() {
    let out = rewrite_text("a SECRET1!\u{0}".as_bytes(), Direction::Prompt, &mut Toy::default()).unwrap();
    assert_eq!(text(&out), format!("a {LABEL}\u{0}"));
    assert!(rewrite_text(b"\xff", Direction::Prompt, &mut Toy::default()).is_err());
}

#[test]
fn a_body_reads_as_a_conversation() {
    let body = json!({"model":"m","messages":[
        {"role":"system","content":"be brief"},
        {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
        {"role":"assistant","reasoning_content":"hm","content":null,"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"done"},
    ]});
    let turns = transcript(body.to_string().as_bytes(), Shape::ChatCompletions);
    let got: Vec<_> =
        turns.iter().map(|t| (t.role.as_str(), t.kind, t.name.as_deref(), t.text.as_str())).collect();
    assert_eq!(
        got,
        [
            ("system", TurnKind::Text, None, "be brief"),
            ("user", TurnKind::Text, None, "look"),
            ("user", TurnKind::Image, None, "image/png"),
            ("assistant", TurnKind::Reasoning, None, "hm"),
            ("assistant", TurnKind::ToolCall, Some("f"), "{}"),
            ("tool", TurnKind::ToolResult, Some("c1"), "done"),
        ]
    );
    let answer = br#"{"choices":[{"message":{"role":"assistant","content":"hi"}},{"text":"old"}]}"#;
    assert_eq!(transcript(answer, Shape::ChatCompletions).len(), 2);
    assert!(transcript(b"nonsense", Shape::Other).is_empty());
}

#[test]
fn every_protocol_reads_as_a_conversation() {
    use TurnKind::{Image, Reasoning, Text, ToolCall, ToolResult};
    for (body, wanted) in [
        (
            json!({"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"hi"},
                {"type":"tool_use","name":"f","input":{"a":1}}]}),
            vec![
                ("assistant", Reasoning, "hm"),
                ("assistant", Text, "hi"),
                ("assistant", ToolCall, "{\"a\":1}"),
            ],
        ),
        (
            json!({"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"done"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}),
            vec![("tool", ToolResult, "done"), ("user", Image, "image/png")],
        ),
        (
            json!({"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},
                {"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]},
                {"type":"function_call","name":"f","arguments":"{}"}]}),
            vec![("assistant", Reasoning, "hm"), ("assistant", Text, "hi"), ("assistant", ToolCall, "{}")],
        ),
        (
            json!({"input":[{"type":"function_call_output","call_id":"c","output":"42"},"more"]}),
            vec![("tool", ToolResult, "42"), ("user", Text, "more")],
        ),
        (
            json!({"model":"m","message":{"role":"assistant","content":"hi","thinking":"hm",
                "tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":true}),
            vec![
                ("assistant", Reasoning, "hm"),
                ("assistant", Text, "hi"),
                ("assistant", ToolCall, "{\"a\":1}"),
            ],
        ),
        (json!({"response":"hi","done":true}), vec![("assistant", Text, "hi")]),
        (json!({"generated_text":"hi"}), vec![("assistant", Text, "hi")]),
        (
            json!({"query":"q","documents":["a",{"text":"b"}]}),
            vec![("user", Text, "a"), ("user", Text, "b"), ("user", Text, "q")],
        ),
    ] {
        let turns = transcript(body.to_string().as_bytes(), Shape::Other);
        let got: Vec<_> = turns.iter().map(|t| (t.role.as_str(), t.kind, t.text.as_str())).collect();
        assert_eq!(got, wanted, "{body}");
    }
}

/// The text with every character beyond ASCII as a JSON escape, as Python writes it.
pub fn ascii(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// What a value must become, by an independent way: serde_json's tree.
pub fn masked(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(mask(text)),
        Value::Array(items) => Value::Array(items.iter().map(masked).collect()),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (mask(key), masked(value))).collect())
        }
        Value::Number(number) if number.to_string() == "99999999" => Value::String(LABEL.to_owned()),
        other => other.clone(),
    }
}

/// JSON with secrets in its strings; keys differ even when masked.
pub fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        texts().prop_map(Value::String),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
        Just(json!(99_999_999)),
        (-1000..1000_i64).prop_map(|n| json!(n)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((texts(), inner), 0..4).prop_map(|members| {
                Value::Object(
                    members
                        .into_iter()
                        .enumerate()
                        .map(|(n, (key, value))| (format!("{n}{key}"), value))
                        .collect(),
                )
            }),
        ]
    })
}

/// Text full of secrets, halves of secrets and characters that need escapes.
pub fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "SECRET",
        "SEC",
        "RET",
        "1",
        "23",
        "!",
        "SECRET7!",
        "clé😀",
        "clé😀4!",
        "é",
        "😀",
        "\"",
        "\\",
        "\n",
        "\u{2028}",
        " ",
        "a",
        "99999999",
        "9999",
        "{",
        "}",
        "u00e9",
        "\u{1}",
        "/",
    ]);
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whole_bodies_equal_the_tree(value in values(), escaped in any::<bool>()) {
        let text = value.to_string();
        let text = if escaped { ascii(&text) } else { text };
        let out = rewrite(text.as_bytes(), Shape::Other, Direction::Prompt, &mut Toy::default()).unwrap();
        let got: Value = serde_json::from_slice(out.body.as_deref().unwrap_or(text.as_bytes())).unwrap();
        prop_assert_eq!(got, masked(&value));
        prop_assert_eq!(out.body.is_some(), masked(&value) != value);
    }

    #[test]
    fn arguments_equal_the_tree(value in values(), escaped in any::<bool>()) {
        let inner = Value::Array(vec![value]);
        let text = inner.to_string();
        let text = if escaped { ascii(&text) } else { text };
        let body = json!({"arguments": text}).to_string();
        let out = rewrite(body.as_bytes(), Shape::Other, Direction::Prompt, &mut Toy::default()).unwrap();
        let got: Value = serde_json::from_slice(out.body.as_deref().unwrap_or(body.as_bytes())).unwrap();
        let got: Value = serde_json::from_str(got["arguments"].as_str().unwrap()).unwrap();
        prop_assert_eq!(got, masked(&inner));
    }
}
