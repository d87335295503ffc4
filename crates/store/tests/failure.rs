//! When the database fails: replies lost, commits delayed, locks held, nothing moving, queues full.
//! In every case the caller has an answer within its deadline, and the log has each acknowledged record exactly once.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

mod support;

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use countersign_ledger::Kind;
use countersign_store::{
    ledger::{AppendError, Health, LedgerConfig, Orphans, Poison},
    testing::{TestDatabase, TestLedger, ledger_config},
};
use futures::future::join_all;
use sqlx::{Connection, PgConnection};
use support::{
    DELAY_COMMIT, HOLD_COMMIT, LOSE_COMMIT, LOSE_REPLY, PASS, Proxy, RELEASE, STALL, entry, sound,
};
use tokio::time::{sleep, timeout};

const DEADLINE: Duration = Duration::from_millis(600);
/// What a loaded test machine may add to a deadline.
const SLACK: Duration = Duration::from_millis(500);

fn impatient(home: &tempfile::TempDir) -> LedgerConfig {
    LedgerConfig { deadline: DEADLINE, ..ledger_config(home.path()) }
}

async fn becomes(opened: &TestLedger, wanted: impl FnMut(&Health) -> bool) {
    let mut health = opened.ledger.health();
    timeout(Duration::from_secs(5), health.wait_for(wanted)).await.unwrap().unwrap();
}

/// Another node, whose first rows this one has just found: its next batch goes in under the head's lock and with a COMMIT.
async fn beside(test: &TestDatabase, opened: &TestLedger) -> (TestLedger, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let other = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    opened.ledger.append(entry(Kind::Refused, 0)).await.unwrap();
    (other, home)
}

/// "Failed, not persisted" and "failed, persisted anyway" look the same to the writer; both must end in one record. So it
/// is with the one statement of a node that writes alone, and with the COMMIT of one that has just found another's rows.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_commit_and_a_lost_reply_both_end_in_exactly_one_record() {
    for (fault, alone) in [(LOSE_COMMIT, true), (LOSE_REPLY, true), (LOSE_COMMIT, false), (LOSE_REPLY, false)]
    {
        let test = TestDatabase::fresh().await;
        let proxy = Proxy::start(&test).await;
        let home = tempfile::tempdir().unwrap();
        let config = LedgerConfig { deadline: Duration::from_secs(3), ..ledger_config(home.path()) };
        let opened = TestLedger::open(&TestDatabase::connect(&proxy.url).await, config).await.unwrap();
        let other = beside(&test, &opened).await;
        if alone {
            opened.ledger.append(entry(Kind::Refused, 0)).await.unwrap();
        }
        let before = sound(&test).await;
        proxy.set(fault);
        let appends = join_all((0..20).map(|n| opened.ledger.append(entry(Kind::Intent, n))));
        let heal = async {
            while proxy.faults() == 0 {
                sleep(Duration::from_millis(5)).await;
            }
            proxy.set(PASS);
        };
        let (answers, ()) = tokio::join!(appends, heal);
        for answer in answers {
            answer.unwrap();
        }
        assert_eq!(proxy.at_once.load(Ordering::SeqCst), u32::from(alone), "the intended way was taken");
        let report = sound(&test).await;
        let added = (report.rows - before.rows, report.open - before.open);
        assert_eq!(added, (20, 20), "fault {fault}, alone {alone}");
        opened.ledger.append(entry(Kind::Outcome, 0)).await.unwrap();
        opened.close().await;
        other.0.close().await;
    }
}

/// A statement that commits by itself is still on its way when its writer has given up, has found that its batch is not
/// there, and has said so. It must not come true any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_arrives_after_it_was_given_up_does_nothing() {
    let test = TestDatabase::fresh().await;
    let proxy = Proxy::start(&test).await;
    let home = tempfile::tempdir().unwrap();
    let mut opened =
        TestLedger::open(&TestDatabase::connect(&proxy.url).await, impatient(&home)).await.unwrap();
    let before = sound(&test).await;
    proxy.set(HOLD_COMMIT);
    let append = opened.ledger.append(entry(Kind::Intent, 7));
    let stall = async {
        while proxy.faults() == 0 {
            sleep(Duration::from_millis(1)).await;
        }
        // Until the caller has gone.
        proxy.set(STALL);
    };
    let (answer, ()) = tokio::join!(append, stall);
    assert_eq!(answer, Err(AppendError::Unavailable));
    proxy.set(PASS);
    becomes(&opened, |health| *health == Health::Ready).await;
    proxy.set(RELEASE);
    sleep(Duration::from_millis(300)).await;
    let after = sound(&test).await;
    assert_eq!((after.rows, after.open), (before.rows, 0));
    assert!(opened.late.try_recv().is_err());
    assert_eq!(proxy.at_once.load(Ordering::SeqCst), 1);
    opened.ledger.append(entry(Kind::Intent, 7)).await.unwrap();
    assert_eq!(sound(&test).await.rows, before.rows + 1);
    opened.close().await;
}

/// The caller has gone before it is known that its intent is in the log: somebody is told, and it can be closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_comes_through_after_the_deadline_is_reported_late() {
    let test = TestDatabase::fresh().await;
    let proxy = Proxy::start(&test).await;
    let home = tempfile::tempdir().unwrap();
    let mut opened =
        TestLedger::open(&TestDatabase::connect(&proxy.url).await, impatient(&home)).await.unwrap();
    let other = beside(&test, &opened).await;
    proxy.set(DELAY_COMMIT);
    let append = opened.ledger.append(entry(Kind::Intent, 7));
    let heal = async {
        while proxy.faults() == 0 {
            sleep(Duration::from_millis(5)).await;
        }
        proxy.set(PASS);
    };
    let (answer, ()) = tokio::join!(append, heal);
    assert_eq!(answer, Err(AppendError::Unavailable));
    // Whether the delayed COMMIT outlived its session is up to the server; either way the writer finds out.
    becomes(&opened, |health| *health == Health::Ready).await;
    assert_eq!(proxy.at_once.load(Ordering::SeqCst), 0, "a COMMIT was delayed");
    let report = sound(&test).await;
    let late = opened.late.try_recv().ok();
    assert_eq!(report.open, u64::from(late.is_some()), "told exactly when it is there");
    if let Some(late) = late {
        assert_eq!((late.kind, late.exchange), (Kind::Intent, Some(support::exchange(7))));
        let closed = opened.ledger.close_orphans(Orphans::Exchange(late.exchange.unwrap())).await.unwrap();
        assert_eq!(closed, 1);
    }
    assert_eq!(sound(&test).await.open, 0);
    opened.close().await;
    other.0.close().await;
}

/// The same with certainty: the reply is lost and the database is away until the caller has gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_whose_caller_has_gone_is_reported_late() {
    let test = TestDatabase::fresh().await;
    let proxy = Proxy::start(&test).await;
    let home = tempfile::tempdir().unwrap();
    let mut opened =
        TestLedger::open(&TestDatabase::connect(&proxy.url).await, impatient(&home)).await.unwrap();
    proxy.set(LOSE_REPLY);
    let append = opened.ledger.append(entry(Kind::Intent, 7));
    let stall = async {
        while proxy.faults() == 0 {
            sleep(Duration::from_millis(1)).await;
        }
        proxy.set(STALL);
    };
    let (answer, ()) = tokio::join!(append, stall);
    assert_eq!(answer, Err(AppendError::Unavailable));
    assert!(opened.late.try_recv().is_err(), "nobody can know yet");
    proxy.set(PASS);
    let late = timeout(Duration::from_secs(5), opened.late.recv()).await.unwrap().unwrap();
    let stored = sound(&test).await;
    assert_eq!((stored.open, stored.open_intents[0].seq), (1, late.receipt.seq));
    assert_eq!(opened.ledger.close_orphans(Orphans::Exchange(late.exchange.unwrap())).await.unwrap(), 1);
    assert_eq!(sound(&test).await.open, 0);
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_backend_costs_nothing_but_time() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    let kill = async {
        for _ in 0..40 {
            sqlx::query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE application_name = 'countersign-ledger' AND datname = current_database()",
            )
            .execute(&mut admin)
            .await
            .unwrap();
            sleep(Duration::from_millis(23)).await;
        }
    };
    let write = async {
        let mut acknowledged = 0;
        for wave in 0..40 {
            let appends = (0..25).map(|n| opened.ledger.append(entry(Kind::Intent, wave * 25 + n)));
            acknowledged += join_all(appends).await.iter().filter(|answer| answer.is_ok()).count() as u64;
        }
        acknowledged
    };
    let (acknowledged, ()) = tokio::join!(write, kill);
    let report = sound(&test).await;
    assert_eq!((acknowledged, report.open), (1_000, 1_000));
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_lock_and_a_frozen_server_are_unavailable_within_the_deadline() {
    let test = TestDatabase::fresh().await;
    let proxy = Proxy::start(&test).await;
    let home = tempfile::tempdir().unwrap();
    let mut opened =
        TestLedger::open(&TestDatabase::connect(&proxy.url).await, impatient(&home)).await.unwrap();
    let within = async |n: u128| {
        let start = Instant::now();
        let answers = join_all((n..n + 10).map(|n| opened.ledger.append(entry(Kind::Intent, n)))).await;
        assert!(answers.iter().all(|answer| *answer == Err(AppendError::Unavailable)), "{answers:?}");
        assert!(start.elapsed() < DEADLINE + SLACK, "{:?}", start.elapsed());
    };
    let mut other = PgConnection::connect(&test.url).await.unwrap();
    for lock in ["LOCK TABLE ledger_record IN ACCESS EXCLUSIVE MODE", "SELECT FROM ledger_head FOR UPDATE"] {
        let mut transaction = other.begin().await.unwrap();
        sqlx::query(lock).execute(&mut *transaction).await.unwrap();
        within(100).await;
        becomes(&opened, |health| *health == Health::Unavailable).await;
        transaction.rollback().await.unwrap();
        becomes(&opened, |health| *health == Health::Ready).await;
    }
    proxy.set(STALL);
    within(200).await;
    proxy.set(PASS);
    becomes(&opened, |health| *health == Health::Ready).await;
    // What was sent before it was given up may be carried out all the same; then somebody is told, and closes it.
    let report = sound(&test).await;
    let mut late = 0;
    while let Ok(receipt) = opened.late.try_recv() {
        late += opened.ledger.close_orphans(Orphans::Exchange(receipt.exchange.unwrap())).await.unwrap();
    }
    assert_eq!(report.open, late, "told exactly when it is there");
    assert_eq!(sound(&test).await.open, 0);
    opened.ledger.append(entry(Kind::Intent, 1)).await.unwrap();
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_so_at_once() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let mut config = LedgerConfig { deadline: Duration::from_secs(5), ..ledger_config(home.path()) };
    config.limits.queue_records = 32;
    config.limits.batch_records = 8;
    config.limits.queue_bytes = 1 << 20;
    let opened = TestLedger::open(&test.database, config).await.unwrap();
    let mut other = PgConnection::connect(&test.url).await.unwrap();
    let mut lock = other.begin().await.unwrap();
    sqlx::query("SELECT FROM ledger_head FOR UPDATE").execute(&mut *lock).await.unwrap();
    let start = Instant::now();
    let write = async {
        let ledger = &opened.ledger;
        let one = async |n| (ledger.append(entry(Kind::Intent, n)).await, start.elapsed());
        join_all((0..100).map(one)).await
    };
    let release = async {
        sleep(Duration::from_millis(500)).await;
        lock.rollback().await.unwrap();
    };
    let (answers, ()) = tokio::join!(write, release);
    let (full, written): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(answer, _)| answer.is_err());
    assert!(full.iter().all(|(answer, after)| {
        *answer == Err(AppendError::Unavailable) && *after < Duration::from_millis(300)
    }));
    assert!(
        (32..=41).contains(&written.len()),
        "{} written: the queue and the batch under way",
        written.len()
    );
    assert_eq!(sound(&test).await.open, written.len() as u64);

    let mut large = entry(Kind::Approval, 500);
    large.contents[0].1 = vec![0; (1 << 20) + 1];
    assert_eq!(opened.ledger.append(large).await, Err(AppendError::Unavailable));
    let mut huge = entry(Kind::Approval, 501);
    huge.contents[0].1 = vec![0; 5 << 20];
    assert_eq!(opened.ledger.append(huge).await, Err(AppendError::TooLarge));
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_writes_what_is_queued() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    let ledger = opened.ledger.clone();
    let appends = async { join_all((0..3_000).map(|n| ledger.append(entry(Kind::Intent, n)))).await };
    let stop = async {
        sleep(Duration::from_millis(5)).await;
        opened.close().await;
    };
    let (answers, ()) = tokio::join!(appends, stop);
    let written = answers.iter().filter(|answer| answer.is_ok()).count() as u64;
    assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(AppendError::Unavailable))));
    assert_eq!(sound(&test).await.open, written);
    assert_eq!(ledger.append(entry(Kind::Intent, 9_000)).await, Err(AppendError::Unavailable));
}

/// Somebody with the database, but without a node's key, moves the head: the writer stops instead of signing on top.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_cannot_be_explained_is_never_extended() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    opened.ledger.append(entry(Kind::Intent, 1)).await.unwrap();
    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    sqlx::query("UPDATE ledger_head SET size = size + 1").execute(&mut admin).await.unwrap();
    let poison = Poison::Unexplained { from: 3 };
    assert_eq!(opened.ledger.append(entry(Kind::Intent, 2)).await, Err(AppendError::Poisoned(poison)));
    assert_eq!(opened.ledger.append(entry(Kind::Intent, 3)).await, Err(AppendError::Poisoned(poison)));
    assert_eq!(*opened.ledger.health().borrow(), Health::Poisoned(poison));
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM ledger_record").fetch_one(&mut admin).await.unwrap();
    assert_eq!(rows, 3);
    opened.close().await;
    assert!(TestLedger::open(&test.database, ledger_config(home.path())).await.is_err());
}
