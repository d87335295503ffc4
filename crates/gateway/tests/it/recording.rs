//! The audit store fails in every way it can: what is not on record is not sent, and each intent has one outcome.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use countersign_gateway::ports::EntryKind;
use countersign_model::{
    exchange::{End, SegmentFacts},
    reason::Reason,
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    memory::Fault,
    scene::{ANSWER, DONE, Scene, TOKEN, code, delta, hello_streamed, read},
    upstream::Ending,
};

/// What the events of [`long`] say, 8 KiB each.
static WORDS: LazyLock<String> = LazyLock::new(|| "calm words flow ".repeat(512));

/// Events with three segments' worth of text.
fn long() -> Vec<Vec<u8>> {
    (0..24).map(|_| delta(&WORDS)).collect()
}

/// What streamed events say, put together.
fn said(body: &str) -> String {
    let events = body.lines().filter_map(|line| line.strip_prefix("data: ")?.parse::<Value>().ok());
    events.filter_map(|event| event["choices"][0]["delta"]["content"].as_str().map(str::to_owned)).collect()
}

/// What a loaded machine may add to two seconds.
const SLACK: Duration = Duration::from_millis(600);

#[tokio::test]
async fn an_exchange_is_an_intent_and_an_outcome_and_the_receipt_is_the_intents() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    let answer = scene.hello(TOKEN).await;
    scene.settled().await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ANSWER));
    let rows = scene.journal.rows();
    assert_eq!(rows.iter().map(|row| row.kind).collect::<Vec<_>>(), [EntryKind::Intent, EntryKind::Outcome]);
    assert_eq!(answer.headers["x-countersign-exchange"], rows[0].exchange.to_string());
    assert_eq!(answer.headers["x-countersign-receipt"], format!("0:{}", "00".repeat(32)));
}

#[tokio::test]
async fn an_intent_that_failed_and_is_not_there_sends_nothing() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    scene.journal.fail(EntryKind::Intent, Fault::Lost);
    let answer = scene.hello(TOKEN).await;
    scene.settled().await;
    assert_eq!((answer.status, code(&answer).as_str()), (503, "audit_unavailable"));
    assert_eq!(answer.headers["x-should-retry"], "true");
    assert!(!answer.headers.contains_key("x-countersign-receipt"), "no receipt for what is not there");
    assert_eq!((scene.upstream.bytes(), scene.journal.rows().len()), (0, 0));
    assert_eq!(scene.hello(TOKEN).await.status, 200, "the next one finds the store well");
}

/// Nobody but the sweep can close it, because nobody knows that it is there.
#[tokio::test]
async fn an_intent_that_failed_and_is_there_anyway_sends_nothing_and_waits_for_the_sweep() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    scene.journal.fail(EntryKind::Intent, Fault::Unconfirmed);
    let answer = scene.hello(TOKEN).await;
    scene.settled().await;
    assert_eq!((answer.status, code(&answer).as_str()), (503, "audit_unavailable"));
    assert_eq!((scene.upstream.bytes(), scene.journal.count(EntryKind::Outcome)), (0, 0));
    assert_eq!(scene.journal.open().len(), 1);
}

#[tokio::test]
async fn an_outcome_that_failed_is_written_again_and_stays_one() {
    for fault in [Fault::Lost, Fault::Unconfirmed] {
        let scene = Scene::new().await;
        scene.upstream.answers_json(200, ANSWER);
        scene.journal.fail(EntryKind::Outcome, fault);
        scene.journal.fail(EntryKind::Outcome, fault);
        assert_eq!(scene.hello(TOKEN).await.status, 200);
        scene.settled().await;
        let outcomes = scene.journal.outcomes();
        assert_eq!((outcomes.len(), outcomes[0].end), (1, End::Completed), "{fault:?}");

        // The end mark of a stream waits for it.
        scene.upstream.answers_events([delta("hi"), DONE.into()], Ending::Clean);
        scene.journal.fail(EntryKind::Outcome, fault);
        let answer = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
        assert!(answer.body.contains("hi") && answer.body.ends_with(DONE), "{fault:?}: {}", answer.body);
        assert_eq!(scene.journal.outcomes().len(), 2, "on record before the end mark: {fault:?}");
        scene.settled().await;
        assert!(scene.journal.open().is_empty());
    }
}

#[tokio::test]
async fn a_stream_whose_outcome_hangs_has_no_clean_end() {
    let scene = Scene::new().await;
    scene.upstream.answers_events([delta("hi"), DONE.into()], Ending::Clean);
    scene.journal.fail(EntryKind::Outcome, Fault::Hangs);
    let began = Instant::now();
    let answer = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
    assert!(began.elapsed() < Duration::from_secs(2) + SLACK, "{:?}", began.elapsed());
    assert!(!answer.body.contains("[DONE]") && answer.body.contains("audit_lost"), "{}", answer.body);
    assert!(!answer.body.contains("nothing was sent"), "{}", answer.body);
    assert_eq!(scene.journal.open().len(), 1, "for the sweep");
}

#[tokio::test]
async fn a_store_that_hangs_is_unavailable_within_two_seconds() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    scene.journal.fail(EntryKind::Intent, Fault::Hangs);
    let began = Instant::now();
    let answer = scene.hello(TOKEN).await;
    assert!(began.elapsed() < Duration::from_secs(2) + SLACK, "{:?}", began.elapsed());
    assert_eq!((answer.status, code(&answer).as_str()), (503, "audit_unavailable"));
    assert_eq!((scene.upstream.bytes(), scene.journal.rows().len()), (0, 0));

    // A refusal of a known caller waits for its row no longer.
    scene.journal.fail(EntryKind::Refused, Fault::Hangs);
    let mut arrival = scene.chat(TOKEN, &hello_streamed());
    arrival.visit.connection = "unknown".into();
    let began = Instant::now();
    let answer = read(scene.gateway.handle(arrival).await).await;
    assert!(began.elapsed() < Duration::from_secs(2) + SLACK, "{:?}", began.elapsed());
    assert_eq!((answer.status, code(&answer).as_str()), (503, "audit_unavailable"));
    assert_eq!(scene.upstream.bytes(), 0);
}

/// The row comes through when the caller has long been told "no": it was not sent, and the record says so.
#[tokio::test]
async fn an_intent_that_comes_late_is_closed_as_not_forwarded() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    scene.journal.fail(EntryKind::Intent, Fault::Late(Duration::from_millis(2_300)));
    let token = scene.callers.token("counted", Some(1));
    let answer = scene.hello("counted").await;
    assert_eq!((answer.status, code(&answer).as_str()), (503, "audit_unavailable"));
    assert_eq!(scene.journal.rows().len(), 0);
    scene.settled().await;
    let outcomes = scene.journal.outcomes();
    assert_eq!((outcomes.len(), outcomes[0].end), (1, End::NotForwarded));
    assert_eq!((scene.upstream.bytes(), scene.callers.uses(token)), (0, 0));
}

/// What cannot be recorded on the way is not released, and the stream says why it ends. What was released before that is
/// on record once, whether the failed segment is there or not.
#[tokio::test]
async fn a_long_stream_stops_where_its_segment_cannot_be_recorded() {
    for fault in [Fault::Lost, Fault::Unconfirmed, Fault::Hangs] {
        let scene = Scene::new().await;
        scene.upstream.answers_events(long().into_iter().chain([DONE.into()]), Ending::Clean);
        scene.journal.fail(EntryKind::Segment, fault);
        let answer = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
        scene.settled().await;
        assert!(!answer.body.contains("[DONE]") && answer.body.contains("audit_lost"), "{fault:?}");
        assert!(!answer.body.contains("nothing was sent"), "{fault:?}");
        let released = said(&answer.body);
        assert!((1..24 * WORDS.len() / 2).contains(&released.len()), "released {} bytes", released.len());
        let outcomes = scene.journal.outcomes();
        assert_eq!(outcomes.len(), 1);
        assert_eq!((outcomes[0].end, outcomes[0].reason), (End::Failed, Some(Reason::AuditLost)));
        let recorded = scene.journal.answer();
        assert!(recorded.starts_with(&released), "{fault:?}: {} of {}", recorded.len(), released.len());
        assert!(WORDS.repeat(24).starts_with(&recorded), "{fault:?}: nothing twice");
    }
}

/// The client leaves while a segment is being written: what it has is on record, once, whether the row comes or not.
#[tokio::test]
async fn text_of_a_segment_that_is_given_up_is_in_the_outcome() {
    for fault in [Fault::Hangs, Fault::Unconfirmed, Fault::Lost] {
        let scene = Scene::new().await;
        scene.upstream.answers_events(long(), Ending::Silent);
        // The first segment holds, so that the outcome goes on where it ends.
        scene.journal.fail(EntryKind::Segment, Fault::Late(Duration::ZERO));
        scene.journal.fail(EntryKind::Segment, fault);
        let mut body = scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await.into_body();
        let mut got = String::new();
        while let Ok(Some(frame)) = timeout(Duration::from_millis(500), body.frame()).await {
            got.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
        }
        drop(body);
        scene.settled().await;
        let released = said(&got);
        assert!(released.len() > 64 << 10, "beyond the first segment: {}", released.len());
        let first = scene.journal.rows().into_iter().find(|row| row.kind == EntryKind::Segment).unwrap();
        let first: SegmentFacts = serde_json::from_slice(&first.facts).unwrap();
        let outcome = &scene.journal.outcomes()[0];
        assert_eq!((first.offsets, &outcome.offsets), (vec![0], &vec![first.bytes]), "{fault:?}");
        let recorded = scene.journal.answer();
        assert!(recorded.starts_with(&released), "{fault:?}: {} of {}", recorded.len(), released.len());
        assert!(WORDS.repeat(24).starts_with(&recorded), "{fault:?}: nothing twice");
    }
}

/// A death is never turned into a clean end, and the record says what it was.
#[tokio::test]
async fn an_upstream_that_dies_in_its_stream_is_on_record_as_broken() {
    let scene = Scene::new().await;
    scene.upstream.answers_events([delta("some words ")], Ending::Abrupt);
    let answer = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
    scene.settled().await;
    assert!(!answer.body.contains("[DONE]") && answer.body.contains("upstream_broken"), "{}", answer.body);
    let outcomes = scene.journal.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!((outcomes[0].end, outcomes[0].reason), (End::Failed, Some(Reason::UpstreamBroken)));
}

#[test]
fn rows_of_before_the_offsets_are_read() {
    let facts: SegmentFacts = serde_json::from_str(r#"{"bytes":3,"parts":[0]}"#).unwrap();
    assert_eq!(facts, SegmentFacts { bytes: 3, parts: vec![0], offsets: vec![] });
}

#[tokio::test]
async fn a_fault_of_ours_is_answered_and_on_record() {
    let scene = Scene::new().await;
    let answer = scene.hello("a-fault-of-ours").await;
    assert_eq!((answer.status, code(&answer).as_str()), (500, "internal_error"));
    let rows = scene.journal.rows();
    assert_eq!((rows.len(), rows[0].kind, scene.upstream.bytes()), (1, EntryKind::Refused, 0));
}
