//! How streams end, break and go wrong.

use countersign_wire::{
    DecodeError, End, Fault, Framing, Options, Release, Shape, StreamError, StreamRewriter, TurnKind,
};

use crate::{
    streams::{assemble, events, run, run_with},
    toy::{Identity, LABEL, Toy},
};

fn delta(text: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
}

fn fails(stream: &str, options: Options) -> (Vec<u8>, StreamError) {
    let mut rewriter = StreamRewriter::<Toy>::new(Shape::ChatCompletions, Framing::Events, options);
    let (mut out, mut toy) = (Vec::new(), Toy::default());
    let pushed = rewriter.push(stream.as_bytes(), &mut toy, &mut out);
    let finished = rewriter.finish(End::Clean, &mut toy, &mut out);
    assert_eq!(toy.opened.len(), toy.closed.len());
    assert!(rewriter.record().broken);
    (out, pushed.and(finished).unwrap_err())
}

#[test]
fn a_missing_end_mark_is_a_break() {
    let (out, error) = fails(&(delta("hello ") + &delta("SECRET12")), Options::default());
    assert_eq!(error, StreamError::MissingDone);
    assert_eq!(assemble(&out)["0.content"], "hello ");
    assert!(!String::from_utf8(out).unwrap().contains("[DONE]"));
}

#[test]
fn a_break_releases_nothing_that_was_held() {
    let mut rewriter =
        StreamRewriter::<Toy>::new(Shape::ChatCompletions, Framing::Events, Options::default());
    let (mut out, mut toy) = (Vec::new(), Toy::default());
    rewriter
        .push((delta("a") + &delta("SECRET123") + "data: {\"cho").as_bytes(), &mut toy, &mut out)
        .unwrap();
    rewriter.finish(End::Broken, &mut toy, &mut out).unwrap();
    assert_eq!(assemble(&out)["0.content"], "a");
    assert_eq!(events(&out).len(), 2);
    assert!(rewriter.record().broken);
    assert_eq!(rewriter.record().texts[0].text, "a");
    assert_eq!(toy.closed, ["choices[0].delta.content"]);
}

#[test]
fn other_shapes_may_end_without_a_mark() {
    let stream = "data: {\"response\":\"SEC\"}\n\ndata: {\"response\":\"RET1! SEC\",\"done\":false}";
    let (out, record, _) = run(std::iter::once(stream.as_bytes()), Shape::Other);
    let text: String = events(&out)
        .iter()
        .map(|e| {
            serde_json::from_str::<serde_json::Value>(e).unwrap()["response"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(text, format!("{LABEL} SEC"));
    assert_eq!(record.texts[0].text, format!("{LABEL} SEC"));
}

#[test]
fn what_cannot_be_read_is_not_passed_on() {
    for (bad, fault) in [
        ("{\"a\":1,\"a\":1}", Fault::DuplicateKey),
        ("plain text", Fault::Unexpected),
        ("{\"choices\":[", Fault::Unfinished),
        ("{\"a\":\"\\ud83d\"}", Fault::LoneSurrogate),
    ] {
        let (out, error) =
            fails(&format!("{}data: {bad}\n\n{}", delta("ok "), delta("later")), Options::default());
        assert!(
            matches!(error, StreamError::Decode(DecodeError { fault: f, .. }) if f == fault),
            "{error:?}"
        );
        assert_eq!(assemble(&out)["0.content"], "ok ");
    }
    let mut rewriter =
        StreamRewriter::<Toy>::new(Shape::ChatCompletions, Framing::Events, Options::default());
    let (mut out, mut toy) = (Vec::new(), Toy::default());
    let error = rewriter.push(b"data: {\"a\":\"\xc3\x28\"}\n\n", &mut toy, &mut out).unwrap_err();
    assert!(matches!(error, StreamError::Decode(DecodeError { at: 6, fault: Fault::NotUtf8 })));
    assert_eq!(rewriter.push(delta("x").as_bytes(), &mut toy, &mut out), Err(error));
    assert!(out.is_empty());
}

#[test]
fn looking_survives_what_cannot_be_read() {
    let options = Options { release: Release::Original, ..Options::default() };
    let stream = format!("{}data: nonsense\n\n{}", delta("a"), delta("b"));
    let mut rewriter = StreamRewriter::<Toy>::new(Shape::ChatCompletions, Framing::Events, options);
    let (mut out, mut toy) = (Vec::new(), Toy::default());
    rewriter.push(stream.as_bytes(), &mut toy, &mut out).unwrap();
    rewriter.finish(End::Clean, &mut toy, &mut out).unwrap();
    assert_eq!(out, stream.as_bytes());
    assert!(matches!(rewriter.record().unreadable, Some(StreamError::Decode(_))));
    assert_eq!(rewriter.record().texts[0].text, "a");
}

#[test]
fn large_events_pass_and_endless_ones_do_not() {
    let big = "x".repeat(100_000) + "SECRET1!";
    let stream = delta(&big) + "data: [DONE]\n\n";
    let (out, _, _) = run(stream.as_bytes().chunks(1400), Shape::ChatCompletions);
    assert_eq!(assemble(&out)["0.content"], "x".repeat(100_000) + LABEL);
    let options = Options { max_event: 10_000, ..Options::default() };
    assert_eq!(fails(&stream, options).1, StreamError::EventTooLarge);
}

#[test]
fn too_many_channels_are_refused() {
    let stream: String = (0..9)
        .map(|n| format!("data: {{\"choices\":[{{\"index\":{n},\"delta\":{{\"content\":\"a\"}}}}]}}\n\n"))
        .collect();
    let options = Options { max_channels: 8, ..Options::default() };
    assert_eq!(fails(&stream, options).1, StreamError::TooManyChannels);
}

#[test]
fn untouched_streams_pass_byte_for_byte() {
    let stream = "\u{feff}: hi\r\nevent:x\r\nid: 7\r\nretry:10\r\n\r\ndata: {\"id\" : \"1\",\r\ndata: \"choices\":[ ] }\r\n\r\ndata:{\"choices\":[{\"delta\":{\"content\":\"ok\\u00e9\"},\"index\":0,\"finish_reason\":null}]}\r\n\r\n: ping\r\n\r\ndata: [DONE]\r\n\r\n";
    for step in 1..stream.len() {
        let (out, _, _) = run(stream.as_bytes().chunks(step), Shape::ChatCompletions);
        assert_eq!(String::from_utf8(out).unwrap(), stream, "{step}");
    }
}

#[test]
fn comments_and_fields_are_masked() {
    let stream = ": SECRET1!\n\nevent: SECRET2!\nid: SECRET3!\nother SECRET4!\ndata: [DONE]\n\n";
    let (out, _, _) = run(stream.as_bytes().chunks(3), Shape::ChatCompletions);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        format!(": {LABEL}\n\nevent: {LABEL}\nid: {LABEL}\nother {LABEL}\ndata: [DONE]\n\n")
    );
}

#[test]
fn multi_line_data_stays_multi_line() {
    let stream = "data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"SECRET1!\"}}]}\n\ndata: [DONE]\n\n";
    let (out, _, _) = run(stream.as_bytes().chunks(7), Shape::ChatCompletions);
    assert_eq!(String::from_utf8(out.clone()).unwrap(), stream.replace("SECRET1!", "<S\\\"\\\\>"));
    assert_eq!(assemble(&out)["0.content"], LABEL);
}

#[test]
fn the_cadence_is_kept() {
    let stream: String = "SECRET1!".chars().map(|c| delta(&c.to_string())).collect();
    let mut rewriter =
        StreamRewriter::<Toy>::new(Shape::ChatCompletions, Framing::Events, Options::default());
    let mut toy = Toy::default();
    for (n, event) in stream.split_inclusive("\n\n").enumerate() {
        let mut out = Vec::new();
        rewriter.push(event.as_bytes(), &mut toy, &mut out).unwrap();
        let text = if n == 7 { "<S\\\"\\\\>" } else { "" };
        assert_eq!(String::from_utf8(out).unwrap(), delta(text));
    }
}

#[test]
fn rest_goes_into_the_last_event_or_one_before_it() {
    let own = delta("SEC")
        + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"RE\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let (out, record, _) = run(own.as_bytes().chunks(9), Shape::ChatCompletions);
    let got = events(&out);
    assert_eq!(got.len(), 3);
    assert!(got[1].contains("\"content\":\"SECRE\""), "{got:?}");
    assert_eq!(record.finish_reasons, [(0, "stop".to_owned())]);
    let other = "data: {\"id\":\"i\",\"object\":\"chat.completion.chunk\",\"created\":1712345678,\"model\":\"m\",\"choices\":[{\"index\":3,\"delta\":{\"tool_calls\":[{\"index\":2,\"function\":{\"arguments\":\"[\\\"SEC\"}}]}}]}\n\ndata: {\"id\":\"i\",\"choices\":[{\"index\":3,\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n";
    let (out, _, _) = run(other.as_bytes().chunks(9), Shape::ChatCompletions);
    let got = events(&out);
    assert_eq!(got.len(), 4);
    assert_eq!(
        got[1],
        r#"{"id":"i","object":"chat.completion.chunk","created":1712345678,"model":"m","choices":[{"index":3,"delta":{"tool_calls":[{"index":2,"function":{"arguments":"SEC"}}]},"finish_reason":null}]}"#
    );
}

#[test]
fn another_call_id_at_the_same_index_is_another_call() {
    let call = |id: &str, text: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"id\":\"{id}\",\"function\":{{\"name\":\"f\",\"arguments\":\"{text}\"}}}}]}}}}]}}\n\n"
        )
    };
    let stream = call("a", "{\\\"x\\\":1}") + &call("b", "{\\\"y\\\":\\\"SECRET1!\\\"}") + "data: [DONE]\n\n";
    let (out, record, _) = run(stream.as_bytes().chunks(9), Shape::ChatCompletions);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches("\"name\":\"f\"").count(), 2, "{text}");
    assert!(text.contains(r#"{\"y\":\"<S\\\"\\\\>\"}"#), "{text}");
    assert!(record.turns().iter().any(|turn| turn.kind == TurnKind::ToolCall));
}

#[test]
fn identity_keeps_the_text_even_when_all_is_held() {
    let stream = delta("a\\u00e9") + &delta("b") + "data: [DONE]\n\n";
    let (out, record) =
        run_with(stream.as_bytes().chunks(5), Shape::ChatCompletions, Options::default(), &mut Identity);
    assert_eq!(assemble(&out)["0.content"], "aéb");
    assert_eq!(record.first_text_event, Some(0));
    assert_eq!(record.events, 2);
}

#[test]
fn records_are_capped() {
    let options = Options { max_text: 5, ..Options::default() };
    let stream = delta("ééé") + "data: [DONE]\n\n";
    let (_, record) =
        run_with(stream.as_bytes().chunks(5), Shape::ChatCompletions, options, &mut Toy::default());
    assert_eq!((record.texts[0].text.as_str(), record.texts[0].truncated), ("éé", true));
}

#[test]
fn an_empty_name_beside_arguments_does_not_hold_the_stream() {
    let call = |name: &str, text: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"index\":0,\"function\":{{\"name\":\"{name}\",\"arguments\":\"{text}\"}}}}]}}}}]}}\n\n"
        )
    };
    let mut rewriter =
        StreamRewriter::<Toy>::new(Shape::ChatCompletions, Framing::Events, Options::default());
    let (mut out, mut toy) = (Vec::new(), Toy::default());
    rewriter.push(call("get_SECRET", "").as_bytes(), &mut toy, &mut out).unwrap();
    assert!(out.is_empty());
    rewriter.push(call("", "{").as_bytes(), &mut toy, &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), call("get_SECRET", "") + &call("", "{"));
}

#[test]
fn after_the_end_mark_a_break_is_none() {
    let mut rewriter =
        StreamRewriter::<Toy>::new(Shape::ChatCompletions, Framing::Events, Options::default());
    let (mut out, mut toy) = (Vec::new(), Toy::default());
    rewriter.push((delta("SEC") + "data: [DONE]\n\n").as_bytes(), &mut toy, &mut out).unwrap();
    rewriter.finish(End::Broken, &mut toy, &mut out).unwrap();
    assert_eq!(assemble(&out)["0.content"], "SEC");
    assert!(!rewriter.record().broken);
}
