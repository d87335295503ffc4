use std::sync::Arc;

use countersign_ledger::{Group, Kind};
use countersign_model::{
    ConnectionId, ExchangeId, RequestId, SessionId, Timestamp, TokenId,
    audit::EventFacts,
    caller::{Caller, Proof},
    connection::{Masking, Recording},
    exchange::{Coverage, End, IntentFacts, OutcomeFacts, RefusedFacts, Timings, Usage},
    reason::Reason,
};
use countersign_store::{
    Database, Ledger, LedgerReader, events, exchanges,
    ledger::Entry,
    overview, projection,
    projection::Projector,
    sessions::{self, SessionQuery},
    testing::{TestLedger, ledger_config, master_key},
};
use serde::Serialize;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{NOW, fresh, person_id};

fn session(n: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(n))
}

fn exchange(n: u128) -> ExchangeId {
    ExchangeId::from_uuid(Uuid::from_u128(n))
}

fn caller(n: u128) -> Caller {
    Caller {
        person: Some(person_id(n)),
        label: format!("person-{n}"),
        groups: vec![],
        scope: None,
        proof: Proof::GatewayToken { token: TokenId::from_uuid(Uuid::from_u128(1)), counted: false },
        expires_at: NOW,
    }
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

fn found(entities: &[&str]) -> Vec<u8> {
    let all: Vec<_> = entities.iter().map(|entity| serde_json::json!({ "entity": entity })).collect();
    bytes(&all)
}

fn intent(ses: u128, exc: u128, at: Timestamp, preview: &str, entities: &[&str]) -> Entry {
    let facts = IntentFacts {
        request: RequestId::from_uuid(Uuid::from_u128(exc)),
        caller: caller(ses),
        connection: ConnectionId::from_uuid(Uuid::from_u128(1)),
        connection_name: "llama".into(),
        connection_version: 1,
        method: "POST".into(),
        path: "/v1/chat/completions".into(),
        peer: "192.0.2.1:5".into(),
        user_agent: None,
        shape: "openai.chat".into(),
        model: Some("llama-3".into()),
        stream: true,
        arrived_at: at,
        prepared_micros: 100,
        masking: Masking::default(),
        recording: Recording::MaskedText,
        rules: vec![],
        coverage: Coverage::default(),
        risks: vec![],
        preview: preview.into(),
    };
    Entry {
        kind: Kind::Intent,
        session: Some(session(ses)),
        exchange: Some(exchange(exc)),
        policy: None,
        contents: vec![(Group::Facts, bytes(&facts)), (Group::Findings, found(entities))],
    }
}

fn outcome(ses: u128, exc: u128, end: End, entities: &[&str]) -> Entry {
    let facts = OutcomeFacts {
        end,
        reason: (end == End::Failed).then_some(Reason::UpstreamTimeout),
        status: Some(200),
        timings: Timings {
            recorded: Some(900),
            first_byte: Some(5_000),
            last_byte: Some(90_000),
            ..Timings::default()
        },
        coverage: Coverage::default(),
        usage: Usage { prompt_tokens: Some(10), completion_tokens: Some(20) },
        finish_reasons: vec!["stop".into()],
        events: 3,
        released_bytes: 99,
        truncated: false,
        parts: vec![],
        offsets: vec![],
        risks: vec![],
    };
    Entry {
        kind: Kind::Outcome,
        session: Some(session(ses)),
        exchange: Some(exchange(exc)),
        policy: None,
        contents: vec![(Group::Facts, bytes(&facts)), (Group::Findings, found(entities))],
    }
}

fn refused(ses: Option<u128>, exc: Option<u128>, at: Timestamp) -> Entry {
    let facts = RefusedFacts {
        request: RequestId::from_uuid(Uuid::from_u128(3)),
        reason: Reason::Denied,
        caller: ses.map(caller),
        connection: None,
        connection_name: "llama".into(),
        method: "POST".into(),
        path: "/v1/x".into(),
        peer: "192.0.2.1:5".into(),
        user_agent: None,
        arrived_at: at,
        detail: None,
    };
    Entry {
        kind: Kind::Refused,
        session: ses.map(session),
        exchange: exc.map(exchange),
        policy: None,
        contents: vec![(Group::Facts, bytes(&facts))],
    }
}

fn event(name: &str) -> Entry {
    let facts = EventFacts {
        event: name.into(),
        actor: "ada".into(),
        subject: "llama".into(),
        detail: vec![("a".into(), "b\0c".into())],
        peer: String::new(),
    };
    let contents = vec![(Group::Facts, bytes(&facts))];
    Entry { kind: Kind::AdminChange, session: None, exchange: None, policy: None, contents }
}

struct Rig {
    database: Database,
    ledger: TestLedger,
    projector: Projector,
    _directory: tempfile::TempDir,
}

impl Rig {
    async fn new() -> Self {
        let database = fresh().await;
        let directory = tempfile::tempdir().unwrap();
        let ledger = TestLedger::open(&database, ledger_config(directory.path())).await.unwrap();
        let reader = LedgerReader::new(&database, Some(master_key()));
        let projector = Projector::new(database.clone(), reader, Arc::new(Notify::new()));
        Self { database, ledger, projector, _directory: directory }
    }

    fn ledger(&self) -> &Ledger {
        &self.ledger.ledger
    }

    async fn append(&self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            self.ledger().append(entry).await.unwrap();
        }
    }

    async fn catch_up(&self) -> i64 {
        self.projector.catch_up(&CancellationToken::new()).await.unwrap()
    }

    /// All projected tables, in order.
    async fn dump(&self) -> String {
        sqlx::query_scalar(
            "SELECT concat((SELECT jsonb_agg(e ORDER BY id) FROM exchange e),
                           (SELECT jsonb_agg(s ORDER BY id) FROM session s),
                           (SELECT jsonb_agg(v ORDER BY seq) FROM event v))",
        )
        .fetch_one(self.database.pages())
        .await
        .unwrap()
    }
}

/// The row with its own count beside the findings it lists.
fn counting(entry: Entry, found: &[(&str, u64)]) -> Entry {
    let count = |(group, json): (Group, Vec<u8>)| {
        if group != Group::Facts {
            return (group, json);
        }
        let mut facts: serde_json::Value = serde_json::from_slice(&json).unwrap();
        facts["coverage"]["found"] = found.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        (group, bytes(&facts))
    };
    Entry { contents: entry.contents.into_iter().map(count).collect(), ..entry }
}

#[tokio::test]
async fn findings_beyond_the_list_are_counted() {
    let rig = Rig::new().await;
    let mut conn = rig.database.pages().acquire().await.unwrap();
    let prompt =
        counting(intent(1, 10, NOW, "x", &["EMAIL_ADDRESS"]), &[("EMAIL_ADDRESS", 1_500), ("IBAN_CODE", 2)]);
    let answer = counting(outcome(1, 10, End::Completed, &["PERSON"]), &[("PERSON", 7)]);
    rig.append([prompt, answer]).await;
    rig.catch_up().await;
    let ses = sessions::by_id(&mut conn, session(1), None).await.unwrap().unwrap();
    assert_eq!(ses.findings, 1_509);
    let expected = [("EMAIL_ADDRESS", 1_500), ("PERSON", 7), ("IBAN_CODE", 2)];
    assert_eq!(ses.entities, expected.map(|(name, count)| (name.to_owned(), count)));
    let query = SessionQuery { entity: Some("IBAN_CODE".into()), ..SessionQuery::default() };
    assert_eq!(sessions::page(&mut conn, &query, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_exchange_and_its_session_through_their_life() {
    let rig = Rig::new().await;
    let mut conn = rig.database.pages().acquire().await.unwrap();
    rig.append([intent(1, 10, NOW, "hello \0 there", &["EMAIL_ADDRESS", "EMAIL_ADDRESS", "PERSON"])]).await;
    rig.catch_up().await;
    let open = sessions::by_id(&mut conn, session(1), None).await.unwrap().unwrap();
    assert_eq!((open.exchanges, open.last_end, open.findings), (1, End::Open, 3));
    assert_eq!(open.preview, "hello \u{fffd} there");

    rig.append([
        Entry { kind: Kind::Segment, ..outcome(1, 10, End::Open, &[]) },
        outcome(1, 10, End::Completed, &["PHONE_NUMBER"]),
        intent(1, 11, NOW.plus_seconds(5), "", &[]),
        outcome(1, 11, End::Failed, &[]),
        refused(Some(1), Some(12), NOW.plus_seconds(9)),
    ])
    .await;
    rig.catch_up().await;
    let ses = sessions::by_id(&mut conn, session(1), Some(person_id(1))).await.unwrap().unwrap();
    assert_eq!((ses.exchanges, ses.refused, ses.findings, ses.last_end), (3, 1, 4, End::Refused));
    assert_eq!((ses.started_at, ses.last_at), (NOW, NOW.plus_seconds(9)));
    assert_eq!(ses.entities[0], ("EMAIL_ADDRESS".to_owned(), 2));
    assert_eq!((ses.model.as_deref(), ses.caller.as_str()), (Some("llama-3"), "person-1"));
    assert_eq!(ses.preview, "hello \u{fffd} there", "a later exchange without one does not blank it");
    assert!(
        sessions::by_id(&mut conn, session(1), Some(person_id(2))).await.unwrap().is_none(),
        "not theirs"
    );
    assert!(sessions::by_id(&mut conn, session(2), None).await.unwrap().is_none());

    let rows = exchanges::of_session(&mut conn, session(1), None, None, 10).await.unwrap();
    let ends: Vec<_> = rows.iter().map(|row| row.end).collect();
    assert_eq!(ends, [End::Completed, End::Failed, End::Refused]);
    assert_eq!((rows[0].duration_micros, rows[0].first_byte_micros), (Some(90_000), Some(5_000)));
    assert_eq!(rows[0].usage.completion_tokens, Some(20));
    assert_eq!((rows[1].reason, rows[2].reason), (Some(Reason::UpstreamTimeout), Some(Reason::Denied)));
    assert!(rows[0].outcome_seq > Some(rows[0].intent_seq) && rows[2].outcome_seq.is_none());
    let segments = exchanges::segments(&mut conn, &[exchange(10), exchange(11)]).await.unwrap();
    assert_eq!(segments.len(), 1);
    assert_eq!(segments[&exchange(10)], [rows[0].intent_seq.cast_unsigned() + 1]);
    let after = Some((rows[0].at, rows[0].id));
    let second = exchanges::of_session(&mut conn, session(1), None, after, 1).await.unwrap();
    assert_eq!(second, rows[1..2]);
    assert!(
        exchanges::of_session(&mut conn, session(1), Some(person_id(2)), None, 9).await.unwrap().is_empty()
    );
    assert_eq!(exchanges::by_id(&mut conn, exchange(11)).await.unwrap().as_ref(), Some(&rows[1]));
    assert_eq!(exchanges::newest_at(&mut conn).await.unwrap(), Some(NOW.plus_seconds(9)));

    let day = overview::last_day(&mut conn, NOW.plus_seconds(60), None).await.unwrap();
    assert_eq!((day.exchanges, day.refused, day.findings, day.callers, day.open), (3, 1, 4, 1, 0));
    assert_eq!((day.hourly.len(), day.hourly[23]), (24, 3));
    assert_eq!(day.entities[0], ("EMAIL_ADDRESS".to_owned(), 2));
    assert_eq!((day.added_p50_micros, day.added_p99_micros), (Some(900), Some(900)));
    let mine = overview::last_day(&mut conn, NOW.plus_seconds(60), Some(person_id(2))).await.unwrap();
    assert_eq!((mine.exchanges, mine.added_p50_micros), (0, None));
}

#[tokio::test]
async fn everything_else_is_an_event_and_nothing_stops_the_projector() {
    let rig = Rig::new().await;
    let garbage = |kind, exc: u128| Entry {
        kind,
        session: Some(session(9)),
        exchange: Some(exchange(exc)),
        policy: None,
        contents: vec![(Group::Facts, b"not json".to_vec())],
    };
    rig.append([
        event("connection.created"),
        refused(None, None, NOW),
        garbage(Kind::Intent, 90),
        garbage(Kind::Outcome, 90),
        garbage(Kind::AuditorRead, 91),
        intent(1, 10, NOW, "x", &[]),
        garbage(Kind::Outcome, 10),
    ])
    .await;
    let next = rig.catch_up().await;
    assert_eq!(next.cast_unsigned(), rig.ledger().seen().size);
    let mut conn = rig.database.pages().acquire().await.unwrap();
    assert_eq!(projection::cursor(&mut conn).await.unwrap(), next);
    let page = events::page(&mut conn, None, 100).await.unwrap();
    let names: Vec<_> = page.iter().map(|event| event.facts.event.as_str()).collect();
    assert_eq!(
        names,
        [
            "auditor_read",
            "projection.without_intent",
            "projection.unreadable",
            "request.refused",
            "connection.created",
            "boot",
            "key",
        ]
    );
    assert_eq!(page[4].facts.detail, [("a".to_owned(), "b\u{fffd}c".to_owned())]);
    assert_eq!(page[4].leaf_hash.len(), 64);
    assert!(page[5].facts.detail.iter().any(|(name, _)| name == "version"), "a boot's own facts");
    let older = events::page(&mut conn, Some(page[1].seq), 2).await.unwrap();
    assert_eq!(older, page[2..4]);
    // An outcome whose facts cannot be read still closes the exchange.
    assert_eq!(exchanges::by_id(&mut conn, exchange(10)).await.unwrap().unwrap().end, End::Unknown);
}

#[tokio::test]
async fn removed_and_altered_rows_become_events() {
    let rig = Rig::new().await;
    rig.append((0..6).map(|n| intent(1, n, NOW, "x", &[]))).await;
    let first = rig.ledger().seen().size.cast_signed() - 6;
    let pool = rig.database.pages();
    sqlx::query("ALTER TABLE ledger_record DISABLE TRIGGER ALL").execute(pool).await.unwrap();
    let (removed, altered) = (vec![first + 1, first + 2], first + 4);
    sqlx::query("DELETE FROM ledger_record WHERE seq = ANY ($1)").bind(removed).execute(pool).await.unwrap();
    sqlx::query("UPDATE ledger_record SET record = record || 'x'::bytea WHERE seq = $1")
        .bind(altered)
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(rig.catch_up().await, first + 6);
    let mut conn = rig.database.pages().acquire().await.unwrap();
    let page = events::page(&mut conn, None, 2).await.unwrap();
    let told: Vec<_> = page.iter().map(|event| (event.seq - first, event.facts.event.as_str())).collect();
    assert_eq!(told, [(4, "projection.unreadable"), (1, "projection.rows_missing")]);
    assert_eq!(page[1].facts.detail[0].1, format!("{} to {}", first + 1, first + 2));
    assert_eq!(sessions::by_id(&mut conn, session(1), None).await.unwrap().unwrap().exchanges, 3);
}

#[tokio::test]
async fn wherever_the_batches_are_cut_the_tables_are_the_same() {
    let rig = Rig::new().await;
    let mut n = 0_u64;
    for round in 0..12_u128 {
        for exc in 0..6 {
            let (ses, id) = (exc % 3, round * 100 + exc);
            // Arrival order is not commit order.
            let at = NOW.plus_seconds(i64::try_from((round * 7 + exc * 5) % 40).unwrap());
            rig.append([intent(ses, id, at, &format!("p{id}"), &["A", "B"][..(exc % 3) as usize])]).await;
            if exc % 2 == 0 {
                let segment = Entry { kind: Kind::Segment, ..outcome(ses, id, End::Open, &["D"]) };
                rig.append([segment, outcome(ses, id, End::Completed, &["C"])]).await;
            }
        }
        rig.append([event("e"), refused(Some(1), Some(round * 100 + 50), NOW)]).await;
        if round > 0 {
            // Outcomes of exchanges that an earlier batch has taken in.
            rig.append([outcome(1, (round - 1) * 100 + 1, End::ClientGone, &["A"])]).await;
        }
        n += 1;
        if !n.is_multiple_of(3) {
            rig.catch_up().await;
        }
    }
    // Two projectors at the same time: one waits for the other.
    let (one, two) = tokio::join!(rig.catch_up(), rig.catch_up());
    assert_eq!(one, two);
    let step_by_step = rig.dump().await;
    rig.catch_up().await;
    assert_eq!(rig.dump().await, step_by_step, "nothing new, nothing changed");
    let mut conn = rig.database.pages().acquire().await.unwrap();
    projection::reset(&mut conn).await.unwrap();
    assert_eq!(projection::cursor(&mut conn).await.unwrap(), 0);
    rig.catch_up().await;
    assert_eq!(rig.dump().await, step_by_step, "made again from row 0");
    let totals: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT sum(exchanges)::bigint FROM session), (SELECT count(*) FROM exchange)",
    )
    .fetch_one(&mut *conn)
    .await
    .unwrap();
    assert_eq!(totals, (84, 84));
}

#[tokio::test]
async fn it_runs_by_itself_until_it_is_stopped() {
    let rig = Rig::new().await;
    let (wake, stop) = (Arc::new(Notify::new()), CancellationToken::new());
    let reader = LedgerReader::new(&rig.database, Some(master_key()));
    let projector = Projector::new(rig.database.clone(), reader, Arc::clone(&wake));
    let drive = async {
        rig.append([intent(1, 10, NOW, "x", &[])]).await;
        wake.notify_one();
        loop {
            let mut conn = rig.database.pages().acquire().await.unwrap();
            if exchanges::by_id(&mut conn, exchange(10)).await.unwrap().is_some() {
                break;
            }
            drop(conn);
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        stop.cancel();
    };
    tokio::join!(projector.run(stop.clone()), drive);
}

/// Not a promise of a number on a shared machine, but of the order: set-based, not row by row.
#[tokio::test]
async fn thousands_of_rows_are_taken_in_quickly() {
    const EXCHANGES: u128 = 3_000;
    let rig = Rig::new().await;
    let append = |entry| async { rig.ledger().append(entry).await.unwrap() };
    for chunk in (0..EXCHANGES).collect::<Vec<_>>().chunks(500) {
        futures::future::join_all(chunk.iter().map(|&n| append(intent(n / 10, n, NOW, "hello", &["A"]))))
            .await;
        futures::future::join_all(chunk.iter().map(|&n| append(outcome(n / 10, n, End::Completed, &["B"]))))
            .await;
    }
    let begun = std::time::Instant::now();
    let taken = rig.catch_up().await;
    let took = begun.elapsed();
    let rate = taken as f64 / took.as_secs_f64();
    eprintln!("projected {taken} rows in {took:?}: {rate:.0} rows/s");
    assert!(rate > 500.0, "{rate:.0} rows/s");
}
