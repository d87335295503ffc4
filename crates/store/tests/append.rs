//! Writing and reading back on a real Postgres: order, batching, several nodes, restarts.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

mod support;

use std::{collections::BTreeSet, time::Duration};

use countersign_ledger::{Group, Kind};
use countersign_store::{
    ledger::{AppendError, LedgerReader, OnRestore, OpenError, Orphans, Poison},
    testing::{self, TestDatabase, TestLedger, ledger_config},
};
use futures::future::join_all;
use support::{entry, exchange, sound, verify_against};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_once_and_opens() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    let ledger = &opened.ledger;
    let receipts = join_all((0..300).map(|n| ledger.append(entry(Kind::Intent, n)))).await;
    let receipts: Vec<_> = receipts.into_iter().map(Result::unwrap).collect();
    let seqs: BTreeSet<u64> = receipts.iter().map(|receipt| receipt.seq).collect();
    assert_eq!(seqs.len(), 300);

    let reader = LedgerReader::new(&test.database, Some(testing::master_key()));
    for (n, receipt) in receipts.iter().enumerate() {
        let stored = &reader.records(receipt.seq..receipt.seq + 1).await.unwrap()[0];
        assert_eq!(stored.leaf_hash, receipt.leaf_hash);
        assert_eq!(stored.record.at, receipt.at);
        assert_eq!(stored.record.exchange, Some(exchange(n as u128)));
        let content = reader.content(&stored.record, Group::Request).await.unwrap().unwrap();
        assert_eq!(*content, format!("request {n}").into_bytes());
        assert_eq!(reader.content(&stored.record, Group::Response).await.unwrap(), None);
    }
    let report = sound(&test).await;
    assert_eq!((report.rows, report.open), (302, 300), "a key record, a boot record, and ours");
    assert!(report.batches < 100, "{} batches: concurrent entries share commits", report.batches);
    assert_eq!(report.head, ledger.seen());
    assert_eq!(reader.head().await.unwrap(), report.head);
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_intent_gets_one_outcome_and_nothing_after() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    let ledger = &opened.ledger;
    assert_eq!(ledger.append(entry(Kind::Outcome, 1)).await, Err(AppendError::NotOpen));
    assert_eq!(ledger.append(entry(Kind::Segment, 1)).await, Err(AppendError::NotOpen));
    ledger.append(entry(Kind::Intent, 1)).await.unwrap();
    assert_eq!(ledger.append(entry(Kind::Intent, 1)).await, Err(AppendError::AlreadyOpen));
    ledger.append(entry(Kind::Segment, 1)).await.unwrap();
    ledger.append(entry(Kind::Outcome, 1)).await.unwrap();
    assert_eq!(ledger.append(entry(Kind::Outcome, 1)).await, Err(AppendError::NotOpen));
    // All in one batch, and two of a kind in it.
    let at_once = [Kind::Intent, Kind::Intent, Kind::Segment, Kind::Outcome, Kind::Outcome];
    let answers = join_all(at_once.map(|kind| ledger.append(entry(kind, 2)))).await;
    let answers: Vec<_> = answers.into_iter().map(Result::err).collect();
    let refused = [None, Some(AppendError::AlreadyOpen), None, None, Some(AppendError::NotOpen)];
    assert_eq!(answers, refused);
    // What is open already is not opened and closed again in one batch.
    ledger.append(entry(Kind::Intent, 4)).await.unwrap();
    let answers = join_all([Kind::Intent, Kind::Outcome].map(|kind| ledger.append(entry(kind, 4)))).await;
    let answers: Vec<_> = answers.into_iter().map(Result::err).collect();
    assert_eq!(answers, [Some(AppendError::AlreadyOpen), None]);
    let mut nameless = entry(Kind::Intent, 3);
    nameless.exchange = None;
    assert_eq!(ledger.append(nameless).await, Err(AppendError::Incomplete));
    assert_eq!(sound(&test).await.open, 0);
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_share_one_log() {
    let test = TestDatabase::fresh().await;
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let one = TestLedger::open(&test.database, ledger_config(homes[0].path())).await.unwrap();
    let second = TestDatabase::connect(&test.url).await;
    let two = TestLedger::open(&second, ledger_config(homes[1].path())).await.unwrap();
    // Same sessions on both: whoever comes second must take the first one's data key.
    let appends = (0..400).map(|n| {
        let ledger = if n % 2 == 0 { &one.ledger } else { &two.ledger };
        async move {
            tokio::time::sleep(Duration::from_millis(n as u64 % 17)).await;
            ledger.append(entry(Kind::Intent, n)).await?;
            ledger.append(entry(Kind::Outcome, n)).await
        }
    });
    for answer in join_all(appends).await {
        answer.unwrap();
    }
    let report = sound(&test).await;
    assert_eq!((report.rows, report.open, report.keys.len()), (804, 0, 2));
    assert_ne!(one.ledger.key_id(), two.ledger.key_id());
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_belongs_to_one_process() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    let second = TestLedger::open(&test.database, ledger_config(home.path())).await;
    assert!(matches!(second, Err(OpenError::Keeper(_))));
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_closes_what_the_last_run_left_open() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let other_home = tempfile::tempdir().unwrap();
    let other = TestLedger::open(&test.database, ledger_config(other_home.path())).await.unwrap();
    other.ledger.append(entry(Kind::Intent, 9_999)).await.unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    let node = opened.ledger.node();
    join_all((0..1_200).map(|n| opened.ledger.append(entry(Kind::Intent, n)))).await;
    assert_eq!(opened.ledger.close_orphans(Orphans::EarlierBoots).await.unwrap(), 0, "its own are alive");
    opened.close().await;

    let again = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    assert_eq!(again.ledger.node(), node);
    assert_eq!(again.ledger.close_orphans(Orphans::EarlierBoots).await.unwrap(), 1_200);
    let report = sound(&test).await;
    assert_eq!(report.open_intents.iter().map(|open| open.exchange).collect::<Vec<_>>(), [exchange(9_999)]);
    // The other node is alive, but not for somebody who says that no exchange takes this long.
    let old = Orphans::OlderThan(Duration::from_hours(1));
    assert_eq!(again.ledger.close_orphans(old).await.unwrap(), 0);
    assert_eq!(again.ledger.close_orphans(Orphans::OlderThan(Duration::ZERO)).await.unwrap(), 1);
    assert_eq!(sound(&test).await.open, 0);
    assert_eq!(other.ledger.append(entry(Kind::Outcome, 9_999)).await, Err(AppendError::NotOpen));
    again.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_is_refused_until_somebody_accepts_it() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    for n in 0..5 {
        opened.ledger.append(entry(Kind::Intent, n)).await.unwrap();
    }
    let seen = opened.ledger.seen();
    opened.close().await;

    // The same node in front of an older state of the database: here, an empty one.
    let older = TestDatabase::fresh().await;
    let refused = TestLedger::open(&older.database, ledger_config(home.path())).await;
    let expected = Poison::Shorter { seen: seen.size, found: 0 };
    assert!(matches!(refused, Err(OpenError::Behind(poison)) if poison == expected));
    let mut config = ledger_config(home.path());
    config.on_restore = OnRestore::Accept;
    let accepted = TestLedger::open(&older.database, config).await.unwrap();
    let report = sound(&older).await;
    assert_eq!(report.kinds.get(&Kind::Gap), Some(&1));
    let reader = LedgerReader::new(&older.database, Some(testing::master_key()));
    let gap = &reader.records(0..10).await.unwrap().into_iter().find(|r| r.record.kind == Kind::Gap).unwrap();
    let facts = reader.content(&gap.record, Group::Facts).await.unwrap().unwrap();
    let facts: serde_json::Value = serde_json::from_slice(&facts).unwrap();
    assert_eq!(facts["seen"]["size"], seen.size);
    assert_eq!(facts["seen"]["root"], seen.root.to_string());
    assert_eq!(facts["found"]["size"], 0);
    accepted.close().await;
    // Back in front of the first database: that one is now the stranger.
    assert!(TestLedger::open(&test.database, ledger_config(home.path())).await.is_err());
    let lost = verify_against(&older, vec![seen]).await;
    assert!(matches!(lost, countersign_store::ledger::Verdict::Tampered(_)), "{lost:?}");
}
