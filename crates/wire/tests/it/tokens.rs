//! Token streams whose events are numbered (TGI `generate_stream`), and numbers that do tell texts apart.

use countersign_wire::Shape;
use serde_json::{Value, json};

use crate::{
    streams::{events, run},
    toy::mask,
};

/// One event for every three characters, numbered from 1, as TGI writes them; the last one repeats the whole text.
fn tgi(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let count = chars.chunks(3).count();
    let mut stream = String::new();
    for (n, piece) in chars.chunks(3).enumerate() {
        let piece: String = piece.iter().collect();
        let whole = (n + 1 == count).then_some(text);
        let event = json!({"index": n + 1, "token": {"id": n + 500, "text": piece, "logprob": -0.5, "special": false},
            "top_tokens": [{"id": n + 500, "text": piece, "logprob": -0.5, "special": false}],
            "generated_text": whole, "details": null});
        stream.push_str(&format!("data:{event}\n\n"));
    }
    stream
}

fn read(out: &[u8]) -> (String, Vec<Value>) {
    let events: Vec<Value> = events(out).iter().map(|event| serde_json::from_str(event).unwrap()).collect();
    (events.iter().map(|event| event["token"]["text"].as_str().unwrap()).collect(), events)
}

/// The toy's two kinds stand for a mail address (`SECRET12345!`) and a card (eight nines).
#[test]
fn numbered_tokens_are_one_text() {
    let text = "Mail me at SECRET12345! or pay with 99999999 by clé😀77!, and SECRET at the end";
    let stream = tgi(text);
    for step in [1, 7, 64, stream.len()] {
        let (out, record, toy) = run(stream.as_bytes().chunks(step), Shape::Other);
        let (got, events) = read(&out);
        assert_eq!(got, mask(text));
        assert_eq!(events.last().unwrap()["generated_text"], mask(text));
        assert_eq!(toy.opened, ["token.text"]);
        assert_eq!((record.texts.len(), record.texts[0].text.as_str()), (1, mask(text).as_str()));
        let numbers: Vec<u64> = events.iter().map(|event| event["index"].as_u64().unwrap()).collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
        assert!(events.iter().all(|event| event["token"]["id"] == 0 && event["top_tokens"].is_null()));
    }
}

#[test]
fn five_thousand_tokens_pass() {
    let text = "ab SECRET1! xy ".repeat(1000);
    let (out, record, _) = run(tgi(&text).as_bytes().chunks(4096), Shape::Other);
    assert_eq!(record.events, 5000);
    assert_eq!(read(&out).0, mask(&text));
}

/// Without its last event nothing is lost, and it comes in order.
#[test]
fn a_token_stream_without_its_last_event() {
    let stream = tgi("ab SECRET1! SECRET");
    let cut = stream.trim_end().rfind("data:").unwrap();
    let (out, _, _) = run(std::iter::once(&stream.as_bytes()[..cut]), Shape::Other);
    assert_eq!(read(&out).0, mask("ab SECRET1! SEC"));
}

#[test]
fn numbers_of_prompts_tell_texts_apart() {
    for around in [json!({"stop": false}), json!({"meta_info": {"id": "x"}})] {
        let field = if around["stop"].is_boolean() { "content" } else { "text" };
        let mut stream = String::new();
        for (index, piece) in [(0, "SEC"), (1, "ab"), (0, "RET1!"), (1, "cd")] {
            let mut event = around.clone();
            event["index"] = json!(index);
            event[field] = json!(piece);
            stream.push_str(&format!("data: {event}\n\n"));
        }
        let (_, record, _) = run(std::iter::once(stream.as_bytes()), Shape::Other);
        let texts: Vec<&str> = record.texts.iter().map(|text| text.text.as_str()).collect();
        assert_eq!(texts, [mask("SECRET1!").as_str(), "abcd"]);
    }
}
