//! Other protocols through the real path, over TCP: Ollama's lines, Anthropic's and OpenAI's typed events, forms with
//! files, and what happens to decided text when something that cannot be read follows in the same packet.

use countersign_gateway::{ports::EntryKind, visit::Arrival};
use countersign_model::connection::Uninspected;
use http::{HeaderValue, header};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};

use crate::{
    scene::{Answer, DONE, Scene, TOKEN, code, delta, hello, hello_streamed, read},
    upstream::{Ending, Step},
};

/// A request of another shape.
fn ask(scene: &Scene, path: &str, content_type: &str, body: Vec<u8>) -> Arrival {
    let mut arrival = scene.chat(TOKEN, &hello());
    path.clone_into(&mut arrival.visit.path);
    arrival.headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
    arrival.body = Full::new(body.into()).map_err(|never| match never {}).boxed_unsync();
    arrival
}

async fn answer(scene: &Scene, path: &str, body: &Value) -> Answer {
    let arrival = ask(scene, path, "application/json", body.to_string().into_bytes());
    read(scene.gateway.handle(arrival).await).await
}

/// A chunked answer of any content type in exactly these pieces.
fn answers(scene: &Scene, content_type: &str, pieces: &[&[u8]], end: Ending) {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n");
    let mut steps = vec![Step::Send(head.into_bytes())];
    for piece in pieces {
        steps.push(Step::Send([format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()));
    }
    steps.push(match end {
        Ending::Clean => Step::Send(b"0\r\n\r\n".to_vec()),
        Ending::Silent => Step::Hang,
        Ending::Abrupt => Step::Die,
    });
    scene.upstream.answers(steps);
}

fn line(content: &str, done: bool) -> String {
    let message = json!({"role": "assistant", "content": content});
    let mut line = json!({"model": "m", "message": message, "done": done});
    if done {
        line["eval_count"] = json!(9);
    }
    format!("{line}\n")
}

fn lines(answer: &Answer) -> Vec<Value> {
    answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn said(lines: &[Value]) -> String {
    lines.iter().filter_map(|line| line["message"]["content"].as_str()).collect()
}

fn outcome(scene: &Scene) -> Value {
    let rows = scene.journal.rows();
    let row = rows.iter().rev().find(|row| row.kind == EntryKind::Outcome).unwrap();
    serde_json::from_slice(&row.facts).unwrap()
}

fn intent(scene: &Scene) -> Value {
    let rows = scene.journal.rows();
    let row = rows.iter().rev().find(|row| row.kind == EntryKind::Intent).unwrap();
    serde_json::from_slice(&row.facts).unwrap()
}

#[tokio::test]
async fn lines_are_masked_as_they_flow() {
    let text = [line("Write to ana@exam", false), line("ple.com, plea", false), line("se", true)].concat();
    for label in ["application/x-ndjson", "application/json", "text/plain"] {
        for size in [7, text.len()] {
            let scene = Scene::new().await;
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            answers(&scene, label, &pieces, Ending::Clean);
            let got = answer(&scene, "api/chat", &json!({"model": "m", "messages": []})).await;
            assert_eq!(said(&lines(&got)), "Write to [EMAIL_ADDRESS], please", "{label} {size}");
            assert_eq!(lines(&got).last().unwrap()["done"], true);
            scene.settled().await;
            let outcome = outcome(&scene);
            assert_eq!(
                (&outcome["end"], &outcome["usage"]["completion_tokens"]),
                (&json!("completed"), &json!(9))
            );
            assert_eq!(
                (&intent(&scene)["shape"], &intent(&scene)["stream"]),
                (&json!("ollama.chat"), &json!(true))
            );
        }
    }
}

#[tokio::test]
async fn lines_that_stop_are_never_done() {
    for (end, text) in [
        (Ending::Abrupt, line("Write to ana@exam", false)),
        (Ending::Clean, line("Write to ana@exam", false)),
        (Ending::Clean, line("Write to ana@exam", false) + "{\"model\":\"m\",\"done\":tr"),
    ] {
        let scene = Scene::new().await;
        answers(&scene, "application/x-ndjson", &[text.as_bytes()], end);
        let got = lines(&answer(&scene, "api/chat", &json!({"model": "m", "messages": []})).await);
        assert_eq!(said(&got), "Write to ");
        assert!(got.iter().all(|line| line["done"] != true), "{got:?}");
        assert!(got.last().unwrap()["error"].is_string(), "{got:?}");
        scene.settled().await;
        assert_eq!(outcome(&scene)["end"], "failed");
    }
}

#[tokio::test]
async fn typed_events_end_with_their_own_mark() {
    let scene = Scene::new().await;
    let stream = ["Write to ana@exam", "ple.com"]
        .map(|text| {
            let event = json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}});
            format!("event: content_block_delta\ndata: {event}\n\n")
        })
        .concat();
    let stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    let ask = json!({"model": "m", "stream": true, "messages": []});
    scene.upstream.answers_events([stream.clone().into_bytes(), stop.into()], Ending::Silent);
    let got = answer(&scene, "v1/messages", &ask).await;
    assert!(got.body.contains("[EMAIL_ADDRESS]") && got.body.ends_with(stop), "{}", got.body);
    scene.settled().await;
    assert_eq!(outcome(&scene)["end"], "completed");
    scene.upstream.answers_events([stream.into_bytes()], Ending::Clean);
    let got = answer(&scene, "v1/messages", &ask).await;
    assert!(!got.body.contains("message_stop") && got.body.contains("\"error\""), "{}", got.body);
    scene.settled().await;
    assert_eq!(outcome(&scene)["end"], "failed");
}

#[tokio::test]
async fn what_was_decided_goes_out_however_the_packets_fall() {
    let good: Vec<u8> = ["a ", "b ", "c "].iter().flat_map(|text| delta(text)).collect();
    let bad = b"data: not json\n\n".to_vec();
    for pieces in [vec![[good.clone(), bad.clone()].concat()], vec![good.clone(), bad.clone()]] {
        let scene = Scene::new().await;
        scene.upstream.answers_events(pieces, Ending::Clean);
        let got = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
        assert!(got.body.starts_with(std::str::from_utf8(&good).unwrap()), "{}", got.body);
        assert!(!got.body.contains("not json") && got.body.contains("\"error\""), "{}", got.body);
        scene.settled().await;
        assert_eq!(outcome(&scene)["end"], "failed");
    }
    let complete = [good, DONE.as_bytes().to_vec()].concat();
    for pieces in [vec![[complete.clone(), bad.clone()].concat()], vec![complete.clone(), bad]] {
        let scene = Scene::new().await;
        scene.upstream.answers_events(pieces, Ending::Clean);
        let got = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
        assert_eq!(got.body.as_bytes(), complete);
        scene.settled().await;
        assert_eq!(outcome(&scene)["end"], "completed");
    }
}

#[tokio::test]
async fn an_uploaded_file_is_listed_and_its_fields_are_masked() {
    let body = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nana@example.com\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nabc\r\n--b--\r\n";
    let label = "multipart/form-data; boundary=b";
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, r#"{"text":"from ana@example.com"}"#);
    let upload = |scene: &Scene| ask(scene, "v1/audio/transcriptions", label, body.as_bytes().to_vec());
    let refused = read(scene.gateway.handle(upload(&scene)).await).await;
    assert_eq!(code(&refused), "uninspectable_body");
    assert_eq!(scene.upstream.requests().len(), 0);
    scene.reconfigure(|settings| settings.uninspected = Uninspected::Pass);
    let got = read(scene.gateway.handle(upload(&scene)).await).await;
    assert_eq!(got.body, r#"{"text":"from [EMAIL_ADDRESS]"}"#);
    let sent = &scene.upstream.requests()[0];
    assert!(sent.contains("\r\n\r\n[EMAIL_ADDRESS]\r\n--b") && sent.contains("abc"), "{sent}");
    scene.settled().await;
    let media = &intent(&scene)["coverage"]["media"][0];
    assert_eq!(
        (&media["place"], &media["media_type"], &media["bytes"]),
        (&json!("form.file"), &json!("audio/wav"), &json!(3))
    );
    assert!(media["sha256"].as_str().unwrap().starts_with("ba7816bf8f01cfea"));
}

#[tokio::test]
async fn forms_and_captions_are_masked() {
    let scene = Scene::new().await;
    let captions = "1\n00:00:01,000 --> 00:00:04,000\nWrite to ana@example.com\n\n2\n00:01:04,250 --> 00:01:06,500\nplease\n";
    answers(&scene, "application/x-subrip", &[captions.as_bytes()], Ending::Clean);
    let form = b"prompt=write+to+ana%40example.com&model=m".to_vec();
    let arrival = ask(&scene, "v1/other", "application/x-www-form-urlencoded", form);
    let got = read(scene.gateway.handle(arrival).await).await;
    assert_eq!(got.body, captions.replace("ana@example.com", "[EMAIL_ADDRESS]"));
    let sent = &scene.upstream.requests()[0];
    assert!(sent.ends_with("prompt=write+to+%5BEMAIL_ADDRESS%5D&model=m"), "{sent}");
}

#[tokio::test]
async fn a_context_of_token_ids_is_refused() {
    let scene = Scene::new().await;
    let got = answer(&scene, "api/generate", &json!({"model": "m", "prompt": "x", "context": [7]})).await;
    assert_eq!((got.status / 100, scene.upstream.requests().len()), (4, 0), "{}", got.body);
}
