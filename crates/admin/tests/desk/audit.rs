use std::sync::Arc;

use countersign_admin::{Actor, AdminError};
use countersign_ledger::{Group, Kind};
use countersign_model::{
    ConnectionId, ExchangeId, PersonId, RequestId, SessionId, Timestamp, TokenId,
    audit::{ChainState, Holder},
    caller::{Caller, Proof},
    connection::{Masking, Recording},
    exchange::{Coverage, End, IntentFacts, OutcomeFacts, SegmentFacts, SessionFilter, Timings, Turn, Usage},
    person::Role,
};
use countersign_store::{ledger::Entry, projection::Projector};
use serde::Serialize;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Rig, fields};

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

fn turn(role: &str, text: &str) -> Turn {
    Turn { role: role.into(), kind: "text".into(), name: String::new(), text: text.into() }
}

fn entry(kind: Kind, ses: SessionId, exc: ExchangeId, contents: Vec<(Group, Vec<u8>)>) -> Entry {
    Entry { kind, session: Some(ses), exchange: Some(exc), policy: None, contents }
}

fn session(n: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(n))
}

/// An exchange from intent to outcome, its answer recorded in two parts.
async fn exchange(rig: &Rig, ses: u128, n: u128, person: PersonId, at: Timestamp) {
    let (ses, exc) = (session(ses), ExchangeId::from_uuid(Uuid::from_u128(n)));
    let caller = Caller {
        person: Some(person),
        label: "bob".into(),
        groups: vec![],
        scope: None,
        proof: Proof::GatewayToken { token: TokenId::from_uuid(Uuid::from_u128(1)), counted: false },
        expires_at: at,
    };
    let intent = IntentFacts {
        request: RequestId::from_uuid(Uuid::from_u128(n)),
        caller,
        connection: ConnectionId::from_uuid(Uuid::from_u128(1)),
        connection_name: "llama".into(),
        connection_version: 1,
        method: "POST".into(),
        path: "/v1/chat/completions".into(),
        peer: "192.0.2.1:5".into(),
        user_agent: Some("test".into()),
        shape: "openai.chat".into(),
        model: None,
        stream: true,
        arrived_at: at,
        prepared_micros: 1,
        masking: Masking::default(),
        recording: Recording::MaskedText,
        rules: vec!["mask".into()],
        coverage: Coverage::default(),
        risks: vec![],
        preview: "Hello".into(),
    };
    let outcome = OutcomeFacts {
        end: End::Completed,
        reason: None,
        status: Some(200),
        timings: Timings { recorded: Some(700), ..Timings::default() },
        coverage: Coverage::default(),
        usage: Usage::default(),
        finish_reasons: vec!["stop".into()],
        events: 2,
        released_bytes: 9,
        truncated: false,
        parts: vec![0],
        offsets: vec![0],
        risks: vec![],
    };
    let ledger = &rig.ledger.as_ref().unwrap().ledger;
    for row in [
        entry(
            Kind::Intent,
            ses,
            exc,
            vec![(Group::Facts, bytes(&intent)), (Group::Request, bytes(&[turn("user", "Hello")]))],
        ),
        entry(
            Kind::Segment,
            ses,
            exc,
            vec![
                (Group::Facts, bytes(&SegmentFacts { bytes: 3, parts: vec![0], offsets: vec![0] })),
                (Group::Response, bytes(&[turn("assistant", "Hi ")])),
            ],
        ),
        entry(
            Kind::Outcome,
            ses,
            exc,
            vec![(Group::Facts, bytes(&outcome)), (Group::Response, bytes(&[turn("assistant", "Hi there")]))],
        ),
    ] {
        ledger.append(row).await.unwrap();
    }
}

async fn project(rig: &Rig) {
    let projector = Projector::new(rig.database.clone(), rig.reader.clone(), Arc::new(Notify::new()));
    projector.catch_up(&CancellationToken::new()).await.unwrap();
}

async fn with_exchanges(count: u128) -> (Rig, Actor, Actor) {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[]).await;
    let now = Timestamp(1_764_000_000_123_456_000);
    for n in 0..count {
        let seconds = i64::try_from(n).unwrap() - 100;
        exchange(&rig, 1, n, bob.person, now.plus_seconds(seconds)).await;
    }
    project(&rig).await;
    (rig, ada, bob)
}

#[tokio::test]
async fn a_session_is_read_whole_and_the_reading_is_recorded() {
    let (rig, ada, _) = with_exchanges(23).await;
    let skip = rig.names(0).await.len();
    let desk = rig.admin.auditor(&ada).unwrap();
    let first = desk.session(session(1), None).await.unwrap().unwrap();
    assert_eq!((first.summary.exchanges, first.exchanges.rows.len()), (23, 20));
    let one = &first.exchanges.rows[0];
    assert_eq!(one.request, [turn("user", "Hello")]);
    assert_eq!(one.response, [turn("assistant", "Hi there")], "put together from both parts");
    assert_eq!((one.peer.as_str(), one.user_agent.as_deref()), ("192.0.2.1:5", Some("test")));
    assert_eq!((one.rules.as_slice(), one.timings.recorded), (["mask".to_owned()].as_slice(), Some(700)));
    let kinds: Vec<_> = one.rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["intent", "segment", "outcome"]);
    for row in &one.rows {
        let record: Vec<u8> = (0..row.record.len() / 2)
            .map(|at| u8::from_str_radix(&row.record[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        assert_eq!(countersign_ledger::leaf_hash(&record).to_string(), row.leaf_hash);
    }
    assert_eq!(one.rows[1].prev, one.rows[0].leaf_hash);
    let second = desk.session(session(1), first.exchanges.next.as_deref()).await.unwrap().unwrap();
    assert_eq!((second.exchanges.rows.len(), second.exchanges.next.as_deref()), (3, None));
    assert!(second.exchanges.rows[0].summary.at > first.exchanges.rows[19].summary.at);
    assert_eq!(rig.names(skip).await, ["session.read", "session.read"]);
    assert_eq!(desk.session(session(2), None).await.unwrap(), None);
    assert_eq!(rig.names(skip).await.len(), 2, "what was not found was not read");
    assert_eq!(fields(desk.session(session(1), Some("nonsense")).await), ["cursor"]);
}

#[tokio::test]
async fn a_search_is_recorded_once_with_its_filter() {
    let (rig, ada, _) = with_exchanges(1).await;
    let skip = rig.events().await.len();
    let desk = rig.admin.auditor(&ada).unwrap();
    let by_caller = |text: &str| SessionFilter { caller: Some(text.to_owned()), ..Default::default() };
    for filter in [SessionFilter::default(), by_caller("bob"), by_caller("4111 1111 1111 1111")] {
        for _refresh in 0..3 {
            desk.sessions(&filter, None, 10).await.unwrap();
            desk.events(None).await.unwrap();
        }
    }
    let told = rig.events().await.split_off(skip);
    let names: Vec<_> = told.iter().map(|(_, facts)| facts.event.as_str()).collect();
    assert_eq!(names, ["sessions.searched", "events.read", "sessions.searched", "sessions.searched"]);
    let detail = |at: usize| told[at].1.detail.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>();
    assert_eq!(detail(2), ["page=first", "caller=bob"]);
    assert_eq!(detail(3), ["page=first", "caller=no match, not kept"]);
    assert_eq!(fields(desk.sessions(&SessionFilter::default(), Some("x"), 10).await), ["cursor"]);
    assert_eq!(rig.events().await.len(), skip + 4, "what was refused was not read");
}

#[tokio::test]
async fn without_a_ledger_nothing_is_shown() {
    let (mut rig, ada, _) = with_exchanges(1).await;
    rig.stop_the_ledger().await;
    let read = rig.admin.auditor(&ada).unwrap().session(session(1), None).await;
    assert_eq!(read.unwrap_err(), AdminError::AuditUnavailable);
    let listed = rig.admin.auditor(&ada).unwrap().sessions(&SessionFilter::default(), None, 10).await;
    assert_eq!(listed.unwrap_err(), AdminError::AuditUnavailable);
    let verified = rig.admin.auditor(&ada).unwrap().verify().await;
    assert_eq!(verified.unwrap_err(), AdminError::AuditUnavailable);
}

#[tokio::test]
async fn people_read_their_own_and_nobody_elses() {
    let (rig, ada, bob) = with_exchanges(2).await;
    let eve = rig.person(&ada, "eve", &[Role::User], &[]).await;
    let all = SessionFilter::default();
    let his = rig.admin.user(&bob).my_sessions(&all, None, 10).await.unwrap();
    assert_eq!(his.rows.len(), 1);
    assert!(rig.admin.user(&bob).my_session(session(1), None).await.unwrap().is_some());
    assert!(rig.admin.user(&eve).my_sessions(&all, None, 10).await.unwrap().rows.is_empty());
    assert_eq!(rig.admin.user(&eve).my_session(session(1), None).await.unwrap(), None);
    assert_eq!(rig.admin.user(&bob).overview().await.unwrap().exchanges, 2);
    assert_eq!(rig.admin.user(&eve).overview().await.unwrap().exchanges, 0);
}

#[tokio::test]
async fn lists_page_without_gaps_or_repetitions() {
    let (rig, ada) = Rig::set_up().await;
    let now = Timestamp(1_764_000_000_123_456_000);
    for n in 0..25 {
        // Pairs with the same moment: the id decides.
        exchange(&rig, n, n, ada.person, now.plus_seconds(i64::try_from(n / 2).unwrap())).await;
    }
    project(&rig).await;
    let desk = rig.admin.auditor(&ada).unwrap();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = desk.sessions(&SessionFilter::default(), cursor.as_deref(), 10).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..25).rev().map(session).collect();
    assert_eq!(seen.len(), 25);
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!(sorted, expected);
    let filter = SessionFilter { end: Some("failed".into()), ..SessionFilter::default() };
    assert!(desk.sessions(&filter, None, 10).await.unwrap().rows.is_empty());
    let filter = SessionFilter { end: Some("nonsense".into()), ..SessionFilter::default() };
    assert_eq!(fields(desk.sessions(&filter, None, 10).await), ["end"]);
    let events = desk.events(None).await.unwrap();
    assert!(events.rows.len() >= 4 && events.next.is_none());
    assert_eq!(fields(desk.events(Some("x")).await), ["cursor"]);
}

#[tokio::test]
async fn a_sound_chain_is_verified_once_for_many_and_a_changed_row_is_found() {
    let (rig, ada, _) = with_exchanges(3).await;
    let desk = rig.admin.auditor(&ada).unwrap();
    assert!(matches!(desk.chain_state().await.unwrap(), ChainState::NotChecked { .. }));
    let verification = desk.verify().await.unwrap();
    assert_eq!((verification.broken.as_ref(), verification.open_intents), (None, 0));
    assert_eq!(verification.rows, verification.head.size);
    let ChainState::VerifiedByServer { head, .. } = desk.chain_state().await.unwrap() else { panic!() };
    assert!(head.size > verification.head.size, "the check itself is a row");
    let names = rig.names(0).await;
    assert_eq!(names[names.len() - 2..], ["ledger.verification_started", "ledger.verified"]);

    let bad = desk.session(session(1), None).await.unwrap().unwrap().exchanges.rows[1].rows[1].seq;
    let altered = format!(
        "ALTER TABLE ledger_record DISABLE TRIGGER ALL;
         UPDATE ledger_record SET leaf_hash = sha256('x') WHERE seq = {bad};
         ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER refuse_change"
    );
    tamper(&rig, altered.leak()).await;
    let broken = desk.verify().await.unwrap().broken.unwrap();
    assert_eq!((broken.seq, broken.code.as_str()), (bad, "bad_leaf"));
    let hashes = broken.hashes.unwrap();
    assert_eq!(hashes.expected, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    assert!(hashes.found.len() == 64 && hashes.found != hashes.expected);
    let Some(Holder::Exchange { session: ses, exchange, cursor }) = broken.holder else { panic!() };
    let page = desk.session(ses, Some(&cursor)).await.unwrap().unwrap();
    let first = &page.exchanges.rows[0];
    assert_eq!(first.summary.id, exchange, "the link leads to the exchange of the row");
    assert_eq!(first.unreadable, [bad]);
    assert!(broken.sentence.starts_with("The record") && broken.sentence.ends_with('.'));
    assert!(matches!(desk.chain_state().await.unwrap(), ChainState::Broken { .. }));
}

#[tokio::test]
async fn the_overview_is_kept_for_a_moment_and_the_pulse_is_not() {
    let (rig, ada, bob) = with_exchanges(4).await;
    let desk = rig.admin.auditor(&ada).unwrap();
    let before = desk.overview().await.unwrap();
    assert_eq!((before.exchanges, before.callers, before.added_p50_micros), (4, 1, Some(700)));
    assert_eq!(before.hourly.len(), 24);
    let pulse = rig.admin.pulse().await.unwrap();
    let at = Timestamp(1_764_000_000_123_456_000);
    exchange(&rig, 2, 50, bob.person, at).await;
    let behind = rig.admin.pulse().await.unwrap();
    assert!(behind.head.size >= pulse.head.size + 3 && behind.behind == pulse.behind + 3);
    project(&rig).await;
    let caught_up = rig.admin.pulse().await.unwrap();
    assert_eq!((caught_up.behind, caught_up.newest_exchange_at), (0, Some(at)));
    assert_eq!(desk.overview().await.unwrap().exchanges, 4, "kept for three seconds");
    rig.later(4);
    assert_eq!(desk.overview().await.unwrap().exchanges, 5);
}

/// As somebody who owns the database.
async fn tamper(rig: &Rig, statement: &'static str) {
    sqlx::raw_sql(statement).execute(rig.database.pages()).await.unwrap();
}

#[tokio::test]
async fn a_row_that_was_altered_is_said_to_be_unreadable_and_nothing_stands_in_for_it() {
    let (rig, ada, _) = with_exchanges(2).await;
    let desk = rig.admin.auditor(&ada).unwrap();
    let whole = desk.session(session(1), None).await.unwrap().unwrap().exchanges.rows;
    assert_eq!((whole[0].recording, &whole[0].unreadable), (Some(Recording::MaskedText), &vec![]));
    let (intent, outcome) = (whole[0].rows[0].seq, whole[1].rows[2].seq);
    let altered = format!(
        "ALTER TABLE ledger_record DISABLE TRIGGER ALL; ALTER TABLE ledger_payload DISABLE TRIGGER ALL;
         UPDATE ledger_record SET record = set_byte(record, 60, get_byte(record, 60) # 1) WHERE seq = {intent};
         UPDATE ledger_payload SET ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1) WHERE seq = {outcome}"
    );
    tamper(&rig, altered.leak()).await;
    let read = desk.session(session(1), None).await.unwrap().unwrap().exchanges.rows;
    assert_eq!((read[0].unreadable.as_slice(), read[0].recording), ([intent].as_slice(), None));
    assert!(read[0].request.is_empty());
    assert_eq!(read[1].unreadable, [outcome], "altered content breaks a row as its bytes do");
    assert_eq!(read[1].recording, Some(Recording::MaskedText), "its other rows still tell");
    tamper(&rig, format!("DELETE FROM ledger_payload WHERE seq = {outcome}; DELETE FROM ledger_record WHERE seq = {outcome}").leak()).await;
    let read = desk.session(session(1), None).await.unwrap().unwrap().exchanges.rows;
    assert_eq!((read[1].unreadable.as_slice(), read[1].rows.len()), ([outcome].as_slice(), 2));
}

#[tokio::test]
async fn the_ledger_wins_over_search_tables_that_were_altered() {
    let (rig, ada, _) = with_exchanges(2).await;
    let desk = rig.admin.auditor(&ada).unwrap();
    let before = desk.session(session(1), None).await.unwrap().unwrap();
    assert_eq!((before.disagrees.len(), before.exchanges.rows[0].disagrees.len()), (0, 0), "{before:?}");
    tamper(
        &rig,
        "UPDATE session SET caller = 'mallory', connection_name = 'other', exchanges = 7, last_end = 'refused', person_id = NULL;
         UPDATE exchange SET caller = 'mallory', model = 'none', method = 'GET', path = '/x', status = 418, ended = 'client_gone'",
    )
    .await;
    let after = desk.session(session(1), None).await.unwrap().unwrap();
    assert_eq!(after.summary, before.summary);
    assert_eq!(after.disagrees, ["person", "caller", "connection", "end", "exchanges"]);
    for (told, known) in after.exchanges.rows.iter().zip(&before.exchanges.rows) {
        assert_eq!(told.summary, known.summary);
        assert_eq!(told.disagrees, ["caller", "method", "path", "model", "end", "status"]);
    }
    // A row of another exchange tells nothing of this one.
    tamper(&rig, "UPDATE exchange SET intent_seq = (SELECT max(intent_seq) FROM exchange)").await;
    let moved = &desk.session(session(1), None).await.unwrap().unwrap().exchanges.rows[0];
    assert_eq!((moved.unreadable.len(), moved.request.len()), (1, 0));
}
