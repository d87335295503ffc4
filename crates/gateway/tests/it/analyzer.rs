//! A connection's analyzer: what it finds is masked like everything else, and what happens when it cannot be asked is what
//! the connection says.

use std::time::Duration;

use countersign_gateway::ports::EntryKind;
use countersign_model::{
    action::{Action, Exception},
    analyzer::{AnalyzerSettings, WhenItFails},
    entity::{Evidence, Finding},
    exchange::{Coverage, IntentFacts, OutcomeFacts, RefusedFacts},
    reason::Reason,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    presidio::{Manner, Presidio},
    scene::{ANSWER, Answer, DONE, Scene, TOKEN, code, delta, hello, hello_streamed, read},
    upstream::Ending,
};

const CLOSED: WhenItFails = WhenItFails::Closed;
const OPEN: WhenItFails = WhenItFails::Open;

fn row<T: DeserializeOwned>(scene: &Scene, kind: EntryKind) -> Option<T> {
    let row = scene.journal.rows().into_iter().find(|row| row.kind == kind)?;
    Some(serde_json::from_slice(&row.facts).unwrap())
}

fn findings(scene: &Scene, kind: EntryKind) -> Vec<Finding> {
    let row = scene.journal.rows().into_iter().find(|row| row.kind == kind).unwrap();
    row.findings.map_or_else(Vec::new, |findings| serde_json::from_slice(&findings).unwrap())
}

async fn scene(settings: AnalyzerSettings) -> Scene {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    scene.reconfigure(|connection| connection.analyzer = Some(settings));
    scene
}

async fn send(scene: &Scene, body: &Value) -> Answer {
    let answer = read(scene.gateway.handle(scene.chat(TOKEN, body)).await).await;
    scene.settled().await;
    answer
}

fn sent(scene: &Scene) -> Value {
    let request = scene.upstream.requests().pop().unwrap();
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn why(coverage: &Coverage) -> Vec<&str> {
    coverage.not_run.iter().filter(|not| not.rule == "analyzer").map(|not| not.why.as_str()).collect()
}

#[tokio::test]
async fn what_it_finds_is_masked_everywhere_and_says_who_found_it() {
    let presidio = Presidio::start(Manner::Finds(vec![
        ("ORGANIZATION", "Meridian"),
        ("PERSON", "Zoë 😀"),
        ("URL", "example"),
    ]))
    .await;
    let scene = scene(presidio.settings(CLOSED)).await;
    let arguments = json!({"to": "Meridian", "note": "😀 Meridian"}).to_string();
    let body = json!({"model": "Meridian-7B", "messages": [
        {"role": "system", "content": "😀 Meridian is ours"},
        {"role": "user", "content": "Mail ana@example.com of Meridian, says Zoë 😀."},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": arguments}}]},
    ]});
    let answer = send(&scene, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let seen = sent(&scene);
    assert_eq!(seen["model"], "Meridian-7B", "or no model server finds it");
    assert_eq!(seen["messages"][0]["content"], "😀 [ORGANIZATION] is ours");
    assert_eq!(seen["messages"][1]["content"], "Mail [EMAIL_ADDRESS] of [ORGANIZATION], says [PERSON].");
    let inner: Value =
        serde_json::from_str(seen["messages"][2]["tool_calls"][0]["function"]["arguments"].as_str().unwrap())
            .unwrap();
    assert_eq!(inner, json!({"to": "[ORGANIZATION]", "note": "😀 [ORGANIZATION]"}));
    let intent: IntentFacts = row(&scene, EntryKind::Intent).unwrap();
    assert!(why(&intent.coverage).is_empty(), "{:?}", intent.coverage.not_run);
    let run = intent.coverage.analyzer.unwrap();
    assert!(run.texts as usize == presidio.asked().len() - 1 && run.spans == 6, "{run:?}");
    assert_eq!(intent.coverage.found["ORGANIZATION"], 4);
    let stored = String::from_utf8(scene.journal.rows()[0].request.clone().unwrap()).unwrap();
    assert!(!stored.contains("Zoë") && stored.contains("says [PERSON]"), "{stored}");
    let findings = findings(&scene, EntryKind::Intent);
    let at = |place: &str| findings.iter().filter(|found| found.place == place).collect::<Vec<_>>();
    let of_second = at("messages[1].content");
    let evidence: Vec<_> = of_second.iter().map(|found| (found.entity.as_str(), found.evidence)).collect();
    assert_eq!(evidence[1..], [("ORGANIZATION", Evidence::Analyzer), ("PERSON", Evidence::Analyzer)]);
    assert!(evidence[0].0 == "EMAIL_ADDRESS" && evidence[0].1 != Evidence::Analyzer);
}

#[tokio::test]
async fn it_is_asked_as_presidio_is_and_once_about_each_text() {
    let presidio = Presidio::start(Manner::Finds(vec![])).await;
    let mut settings = presidio.settings(CLOSED);
    settings.entities = vec!["PERSON".into(), "NRP".into()];
    settings.language = "de".into();
    let scene = scene(settings).await;
    let body = json!({"model": "m", "messages": [
        {"role": "system", "content": "hallo"}, {"role": "user", "content": "hallo"}, {"role": "user", "content": ""}]});
    assert_eq!(send(&scene, &body).await.status, 200);
    assert_eq!(
        presidio.asked()[0],
        json!({"text": "hallo", "language": "de", "score_threshold": 0.4, "entities": ["PERSON", "NRP"]})
    );
    // And then about the answer's text; its ids are none of anybody's.
    assert_eq!(presidio.texts(), ["hallo", "hi"]);
}

#[tokio::test]
async fn its_kinds_go_through_the_connections_actions() {
    let presidio =
        Presidio::start(Manner::Finds(vec![("ORGANIZATION", "Meridian"), ("NRP", "Lusitanian")])).await;
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    scene.reconfigure(|connection| {
        connection.analyzer = Some(presidio.settings(CLOSED));
        connection.masking.actions.prompt = Action::Redact;
        connection.masking.actions.exceptions =
            vec![Exception { entity: "NRP".into(), passage: None, action: Action::Tokenize }];
    });
    let body =
        json!({"model": "m", "messages": [{"role": "user", "content": "Meridian, a Lusitanian firm"}]});
    send(&scene, &body).await;
    let content = sent(&scene)["messages"][0]["content"].as_str().unwrap().to_owned();
    assert!(content.starts_with("[REDACTED], a [NRP_") && content.ends_with("] firm"), "{content}");
}

#[tokio::test]
async fn what_it_is_not_sure_of_is_no_finding() {
    let one = json!([{"entity_type": "PERSON", "start": 0, "end": 5, "score": 0.39}]).to_string();
    let presidio = Presidio::start(Manner::Says(200, one)).await;
    let scene = scene(presidio.settings(OPEN)).await;
    send(&scene, &hello()).await;
    assert_eq!(sent(&scene)["messages"][0]["content"], "hello");
}

/// Everything that can be wrong with an answer, and what the record says of it.
fn faults() -> Vec<(Manner, &'static str, Reason)> {
    let span = |kind: &str, start: i64, end: i64, score: f64| {
        Manner::Says(
            200,
            json!([{"entity_type": kind, "start": start, "end": end, "score": score}]).to_string(),
        )
    };
    let (off, large) = (Reason::AnalyzerUnavailable, Reason::AnalyzerTooLarge);
    vec![
        (Manner::Silent, "time-out: no answer about all texts within 300 ms", off),
        (Manner::Slow(Duration::from_millis(600)), "time-out: no answer about all texts within 300 ms", off),
        (Manner::Dies, "bad answer: it broke off", off),
        (Manner::Says(500, r#"{"error":"No matching recognizers"}"#.into()), "bad answer: HTTP 500", off),
        (Manner::Says(307, "[]".into()), "bad answer: HTTP 307", off),
        (Manner::Says(200, "<html>".into()), "bad answer: no list of findings", off),
        (Manner::Says(200, r#"{"a":1}"#.into()), "bad answer: no list of findings", off),
        (span("PERSON", 0, 6, 0.9), "bad answer: a place that is not in the text", off),
        (span("PERSON", 3, 3, 0.9), "bad answer: a place that is not in the text", off),
        (span("PERSON", 4, 2, 0.1), "bad answer: a place that is not in the text", off),
        (span("PERSON", -1, 2, 0.9), "bad answer: no list of findings", off),
        (span("a name", 0, 2, 0.9), "bad answer: a kind without a proper name", off),
        (span("PERSON", 0, 2, 1.5), "bad answer: a score that is not between 0 and 1", off),
        (
            Manner::Says(200, format!("[{}]", " ".repeat(64 << 10))),
            "too large: more findings than are read",
            large,
        ),
    ]
}

#[tokio::test]
async fn closed_refuses_with_a_row_and_sends_nothing() {
    for (manner, said, reason) in faults() {
        let presidio = Presidio::start(manner.clone()).await;
        let mut settings = presidio.settings(CLOSED);
        settings.timeout_ms = 300;
        let scene = scene(settings).await;
        let answer = send(&scene, &hello()).await;
        assert_eq!((answer.status, code(&answer).as_str()), (reason.status(), reason.code()), "{manner:?}");
        assert_eq!(scene.upstream.bytes(), 0, "{manner:?}");
        assert_eq!(scene.journal.count(EntryKind::Intent), 0);
        let refused: RefusedFacts = row(&scene, EntryKind::Refused).unwrap();
        assert_eq!(refused.reason, reason);
        assert_eq!(refused.detail, Some(format!("analyzer: {said}")), "{manner:?}");
        assert!(!answer.body.contains("hello") && !answer.body.contains(said), "{}", answer.body);
    }
}

#[tokio::test]
async fn open_goes_on_with_what_is_built_in_and_says_why() {
    for (manner, said, _) in faults() {
        let presidio = Presidio::start(manner.clone()).await;
        let mut settings = presidio.settings(OPEN);
        settings.timeout_ms = 300;
        let scene = scene(settings).await;
        let body = json!({"model": "m", "messages": [{"role": "user", "content": "hello"}], "user": "ana@example.com"});
        let answer = send(&scene, &body).await;
        assert_eq!(answer.status, 200, "{manner:?}: {}", answer.body);
        assert_eq!(sent(&scene)["user"], "[EMAIL_ADDRESS]");
        let intent: IntentFacts = row(&scene, EntryKind::Intent).unwrap();
        // Of several texts the first that failed is told.
        assert_eq!(why(&intent.coverage), [said], "{manner:?}");
        assert_eq!(intent.coverage.analyzer, None);
    }
}

#[tokio::test]
async fn one_that_is_not_there_is_told_apart() {
    let presidio = Presidio::start(Manner::Silent).await;
    let settings = |when| AnalyzerSettings { url: "http://127.0.0.1:1".into(), ..presidio.settings(when) };
    let closed = scene(settings(CLOSED)).await;
    let answer = send(&closed, &hello()).await;
    assert_eq!((answer.status, code(&answer).as_str()), (503, "analyzer_unavailable"));
    assert_eq!(answer.headers["x-should-retry"], "true");
    let open = scene(settings(OPEN)).await;
    assert_eq!(send(&open, &hello()).await.status, 200);
    assert_eq!(why(&row::<IntentFacts>(&open, EntryKind::Intent).unwrap().coverage), ["unreachable"]);
}

#[tokio::test]
async fn more_texts_than_it_can_be_asked_about_are_too_large() {
    let presidio = Presidio::start(Manner::Finds(vec![])).await;
    let scene = scene(presidio.settings(CLOSED)).await;
    let messages: Vec<Value> =
        (0..2_001).map(|n| json!({"role": "user", "content": format!("text {n}")})).collect();
    let answer = send(&scene, &json!({"model": "m", "messages": messages})).await;
    assert_eq!((answer.status, code(&answer).as_str()), (422, "analyzer_too_large"));
    assert_eq!(answer.headers["x-should-retry"], "false");
    assert!(presidio.asked().is_empty(), "none is asked in vain");
}

#[tokio::test]
async fn one_time_out_holds_for_all_texts_and_only_some_are_asked_at_once() {
    let presidio = Presidio::start(Manner::Slow(Duration::from_millis(100))).await;
    let mut settings = presidio.settings(OPEN);
    settings.timeout_ms = 350;
    let scene = scene(settings).await;
    let messages: Vec<Value> =
        (0..64).map(|n| json!({"role": "user", "content": format!("text {n}")})).collect();
    let began = std::time::Instant::now();
    assert_eq!(send(&scene, &json!({"model": "m", "messages": messages})).await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let intent: IntentFacts = row(&scene, EntryKind::Intent).unwrap();
    assert_eq!(why(&intent.coverage), ["time-out: no answer about all texts within 350 ms"]);
    assert!((2..=16).contains(&presidio.most()), "{}", presidio.most());
}

#[tokio::test]
async fn a_whole_answer_is_looked_at_like_a_prompt() {
    let presidio = Presidio::start(Manner::Finds(vec![("ORGANIZATION", "Meridian")])).await;
    let scene = scene(presidio.settings(CLOSED)).await;
    scene.upstream.answers_json(200, &ANSWER.replace("\"hi\"", "\"😀 Ask Meridian\""));
    let answer = send(&scene, &hello()).await;
    assert!(answer.body.contains("😀 Ask [ORGANIZATION]"), "{}", answer.body);
    let outcome: OutcomeFacts = row(&scene, EntryKind::Outcome).unwrap();
    assert!(outcome.coverage.analyzer.is_some() && why(&outcome.coverage).is_empty());
    assert_eq!(findings(&scene, EntryKind::Outcome)[0].evidence, Evidence::Analyzer);
    assert!(!scene.journal.answer().contains("Meridian"), "nor on record");
}

#[tokio::test]
async fn a_whole_answer_it_cannot_be_asked_about_is_what_the_connection_says() {
    for (when, status) in [(CLOSED, 503), (OPEN, 200)] {
        // It is good for the prompt, and names a place beyond every shorter text.
        let long = "a prompt that is longer than its answer";
        let far = json!([{"entity_type": "PERSON", "start": 30, "end": 36, "score": 0.9}]).to_string();
        let presidio = Presidio::start(Manner::Says(200, far)).await;
        let scene = scene(presidio.settings(when)).await;
        let body = json!({"messages": [{"role": "user", "content": long}]});
        let answer = send(&scene, &body).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(scene.upstream.bytes() > 0 && scene.journal.count(EntryKind::Intent) == 1);
        let outcome: OutcomeFacts = row(&scene, EntryKind::Outcome).unwrap();
        let place = "bad answer: a place that is not in the text";
        if when == CLOSED {
            assert_eq!(code(&answer), "analyzer_unavailable");
            assert_eq!(outcome.reason, Some(Reason::AnalyzerUnavailable));
        } else {
            assert_eq!(outcome.reason, None);
        }
        assert_eq!(why(&outcome.coverage), [place]);
    }
}

#[tokio::test]
async fn a_streamed_answer_does_not_wait_for_it_and_the_record_says_so() {
    let presidio = Presidio::start(Manner::Finds(vec![("ORGANIZATION", "Meridian")])).await;
    let scene = scene(presidio.settings(CLOSED)).await;
    scene.upstream.answers_events([delta("Ask Meridian at ana@example.com "), DONE.into()], Ending::Clean);
    let answer = send(&scene, &hello_streamed()).await;
    assert!(answer.body.contains("Meridian") && !answer.body.contains("ana@"), "{}", answer.body);
    assert_eq!(presidio.texts(), ["hello"]);
    let intent: IntentFacts = row(&scene, EntryKind::Intent).unwrap();
    assert!(intent.coverage.analyzer.is_some());
    let outcome: OutcomeFacts = row(&scene, EntryKind::Outcome).unwrap();
    assert_eq!(why(&outcome.coverage), ["a streamed answer does not wait for it"]);
    assert_eq!(outcome.coverage.analyzer, None);
}

#[tokio::test]
async fn without_one_nobody_is_asked_and_nothing_is_said_of_it() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    assert_eq!(send(&scene, &hello()).await.status, 200);
    let intent: IntentFacts = row(&scene, EntryKind::Intent).unwrap();
    assert!(why(&intent.coverage).is_empty() && intent.coverage.analyzer.is_none());
}
