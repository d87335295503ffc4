//! The mutation matrix: what a database superuser can do to the tables, and what verification says about it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

mod support;

use countersign_ledger::{Digest, Finding, Frontier, Kind, Reason, TreeHead};
use countersign_store::{
    ledger::{LedgerReader, Verdict, VerifyOptions},
    testing::{self, TestDatabase, TestLedger, ledger_config},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use support::{entry, sound, verify, verify_against};
use tokio_util::sync::CancellationToken;

/// 2 records of the node, 20 intents and 20 outcomes, each in a batch of its own.
async fn log() -> (TestDatabase, TreeHead) {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    for n in 0..20 {
        opened.ledger.append(entry(Kind::Intent, n)).await.unwrap();
        opened.ledger.append(entry(Kind::Outcome, n)).await.unwrap();
    }
    let seen = opened.ledger.seen();
    opened.close().await;
    assert_eq!(sound(&test).await.rows, 42);
    (test, seen)
}

/// Runs statements as a superuser who has switched every trigger off, each time on the same log, and rolls nothing back.
async fn tamper(test: &TestDatabase, statements: &[&str]) {
    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    for table in ["ledger_record", "ledger_payload", "ledger_batch", "ledger_key", "ledger_head"] {
        let off = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
        sqlx::query(AssertSqlSafe(off)).execute(&mut admin).await.unwrap();
    }
    for statement in statements {
        let statement = AssertSqlSafe((*statement).to_owned());
        sqlx::query(statement).execute(&mut admin).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_edit_is_found_at_its_row() {
    use Reason::*;
    let (test, _) = log().await;
    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    let name: String =
        sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    test.database.close().await;
    let matrix: &[(&[&str], u64, Reason)] = &[
        (
            &[
                "UPDATE ledger_record SET record = set_byte(record, 40, get_byte(record, 40) # 1) WHERE seq = 17",
            ],
            17,
            BadLeaf,
        ),
        (
            &[
                "UPDATE ledger_record SET leaf_hash = set_byte(leaf_hash, 3, get_byte(leaf_hash, 3) # 1) WHERE seq = 17",
            ],
            17,
            BadLeaf,
        ),
        // Edited and hashed again: its batch (of one row) does not give the signed root.
        (
            &[
                "UPDATE ledger_record SET record = set_byte(record, length(record) - 1, 9) WHERE seq = 17",
                "UPDATE ledger_record SET leaf_hash = sha256('\\x00'::bytea || record) WHERE seq = 17",
            ],
            17,
            PayloadAltered,
        ),
        (
            &[
                "UPDATE ledger_record SET record = set_byte(record, 66, get_byte(record, 66) # 1) WHERE seq = 17",
                "UPDATE ledger_record SET leaf_hash = sha256('\\x00'::bytea || record) WHERE seq = 17",
            ],
            17,
            RootMismatch,
        ),
        (
            &["UPDATE ledger_record SET record = ''::bytea, leaf_hash = sha256('\\x00') WHERE seq = 17"],
            17,
            Malformed,
        ),
        (&["UPDATE ledger_record SET kind = 7 WHERE seq = 17"], 17, Misplaced),
        (&["DELETE FROM ledger_record WHERE seq = 17", "DELETE FROM ledger_payload WHERE seq = 17"], 17, Gap),
        (&["DELETE FROM ledger_record WHERE seq = 17"], 17, Gap),
        (&["DELETE FROM ledger_record WHERE seq = 0", "DELETE FROM ledger_payload WHERE seq = 0"], 0, Gap),
        (
            &[
                "UPDATE ledger_record SET seq = 1000 WHERE seq = 5",
                "UPDATE ledger_record SET seq = 5 WHERE seq = 9",
                "UPDATE ledger_record SET seq = 9 WHERE seq = 1000",
            ],
            5,
            Misplaced,
        ),
        (
            &[
                "INSERT INTO ledger_record (seq, kind, record, leaf_hash) SELECT 42, kind, record, leaf_hash FROM ledger_record WHERE seq = 41",
            ],
            42,
            Misplaced,
        ),
        (
            &[
                "ALTER TABLE ledger_record DROP CONSTRAINT ledger_record_seq_check",
                "INSERT INTO ledger_record (seq, kind, record, leaf_hash) SELECT -1, kind, record, leaf_hash FROM ledger_record WHERE seq = 0",
            ],
            0,
            Gap,
        ),
        // Truncations: without the head, with the head, with everything.
        (
            &["DELETE FROM ledger_record WHERE seq >= 40", "DELETE FROM ledger_payload WHERE seq >= 40"],
            40,
            Truncated,
        ),
        (
            &[
                "DELETE FROM ledger_record WHERE seq >= 40",
                "DELETE FROM ledger_payload WHERE seq >= 40",
                "DELETE FROM ledger_batch WHERE first_seq >= 40",
            ],
            40,
            Truncated,
        ),
        (&["UPDATE ledger_head SET size = 41"], 41, BeyondHead),
        (&["UPDATE ledger_head SET root = last_leaf"], 41, HeadMismatch),
        // What only the next row would be put behind.
        (
            &["UPDATE ledger_head SET last_leaf = set_byte(last_leaf, 1, get_byte(last_leaf, 1) # 1)"],
            41,
            HeadMismatch,
        ),
        (
            &["UPDATE ledger_head SET frontier = set_byte(frontier, 1, get_byte(frontier, 1) # 1)"],
            41,
            HeadMismatch,
        ),
        (&["DELETE FROM ledger_head"], 0, HeadMismatch),
        (&["DELETE FROM ledger_payload WHERE seq = 17 AND grp = 2"], 17, PayloadMissing),
        (
            &[
                "UPDATE ledger_payload SET ciphertext = set_byte(ciphertext, 9, get_byte(ciphertext, 9) # 1) WHERE seq = 17 AND grp = 2",
            ],
            17,
            PayloadAltered,
        ),
        (
            &[
                "UPDATE ledger_payload p SET ciphertext = q.ciphertext FROM ledger_payload q WHERE p.seq = 17 AND q.seq = 19 AND p.grp = q.grp",
            ],
            17,
            PayloadAltered,
        ),
        (&["INSERT INTO ledger_payload VALUES (17, 3, 'x')"], 17, PayloadUnexpected),
        (&["INSERT INTO ledger_payload VALUES (1000, 1, 'x')"], 42, PayloadUnexpected),
        (&["INSERT INTO ledger_payload VALUES (-5, 1, 'x')"], 0, PayloadUnexpected),
        (
            &[
                "DELETE FROM session_key WHERE session = (SELECT session_key.session FROM session_key ORDER BY stored_at LIMIT 1)",
            ],
            0,
            PayloadUnreadable,
        ),
        (
            &["UPDATE session_key SET wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1)"],
            0,
            PayloadUnreadable,
        ),
        (
            &[
                "UPDATE ledger_batch SET signature = set_byte(signature, 0, get_byte(signature, 0) # 1) WHERE first_seq = 17",
            ],
            17,
            BatchSignature,
        ),
        (&["UPDATE ledger_batch SET batch_no = 1000 WHERE first_seq = 17"], 17, BatchSignature),
        (&["UPDATE ledger_batch SET root = previous_root WHERE first_seq = 17"], 17, BatchSignature),
        (&["DELETE FROM ledger_batch WHERE first_seq = 17"], 17, BatchMismatch),
        (&["DELETE FROM ledger_batch WHERE first_seq = 41"], 41, BatchMismatch),
        (
            &[
                "INSERT INTO ledger_batch SELECT 42, count, previous_root, root, node, boot, 1000, key_id, signature FROM ledger_batch WHERE first_seq = 41",
            ],
            42,
            BatchMismatch,
        ),
        (&["DELETE FROM ledger_key"], 0, UnknownKey),
        (&["UPDATE ledger_key SET public_key = sha256(public_key)"], 0, UnknownKey),
    ];
    for (number, (statements, seq, reason)) in matrix.iter().enumerate() {
        let copy = copy(&test, &name, number).await;
        tamper(&copy, statements).await;
        let expected = Verdict::Tampered(Finding { seq: *seq, reason: *reason });
        assert_eq!(verify(&copy).await, expected, "{statements:?}");
        copy.database.close().await;
    }
}

/// Cutting the tail off cleanly leaves a shorter log that is in order: only a head remembered elsewhere tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_clean_truncation_is_found_by_the_remembered_head() {
    let (test, seen) = log().await;
    tamper(
        &test,
        &[
            "DELETE FROM ledger_record WHERE seq >= 30",
            "DELETE FROM ledger_payload WHERE seq >= 30",
            "DELETE FROM ledger_batch WHERE first_seq >= 30",
            "UPDATE ledger_head SET size = 30, root = (SELECT root FROM ledger_batch WHERE first_seq = 29), \
             last_leaf = (SELECT leaf_hash FROM ledger_record WHERE seq = 29)",
        ],
    )
    .await;
    let left_behind = Verdict::Tampered(Finding { seq: 29, reason: Reason::HeadMismatch });
    assert_eq!(verify(&test).await, left_behind, "the frontier is still the longer log's");
    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    let leaves: Vec<Vec<u8>> = sqlx::query_scalar("SELECT leaf_hash FROM ledger_record ORDER BY seq")
        .fetch_all(&mut admin)
        .await
        .unwrap();
    let mut frontier = Frontier::empty();
    for leaf in &leaves {
        frontier.push(Digest::from_slice(leaf).unwrap());
    }
    sqlx::query("UPDATE ledger_head SET frontier = $1")
        .bind(frontier.to_bytes())
        .execute(&mut admin)
        .await
        .unwrap();
    assert!(matches!(verify(&test).await, Verdict::Sound(report) if report.anchored.is_none()));
    let expected = Verdict::Tampered(Finding { seq: 30, reason: Reason::Truncated });
    assert_eq!(verify_against(&test, vec![seen]).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_can_be_pinned_progress_is_told_and_it_can_be_stopped() {
    let (test, seen) = log().await;
    let report = match verify_against(&test, vec![seen]).await {
        Verdict::Sound(report) => report,
        other => panic!("{other:?}"),
    };
    assert_eq!(report.anchored, Some(42));
    let origin = "log.test/ledger".parse().unwrap();
    // Without the master key everything but the content is checked.
    for master in [None, Some(testing::master_key())] {
        let reader = LedgerReader::new(&test.database, master);
        let pinned = |keys| VerifyOptions { milestones: vec![], trusted_keys: Some(keys) };
        let stop = CancellationToken::new();
        let mut told = 0;
        let good = pinned(report.keys.keys().copied().collect());
        let verdict = reader.verify(&origin, good, &stop, |rows| told = rows).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound(_)));
        assert_eq!(told, 42);
        let none = reader.verify(&origin, pinned([].into()), &stop, |_| {}).await.unwrap();
        assert_eq!(none, Verdict::Tampered(Finding { seq: 0, reason: Reason::UnknownKey }));
        let other = "log.test/other".parse().unwrap();
        let verdict = reader.verify(&other, VerifyOptions::default(), &stop, |_| {}).await.unwrap();
        assert_eq!(verdict, Verdict::Tampered(Finding { seq: 0, reason: Reason::WrongOrigin }));
        stop.cancel();
        let verdict = reader.verify(&origin, VerifyOptions::default(), &stop, |_| {}).await.unwrap();
        assert_eq!(verdict, Verdict::Cancelled);
    }
}

/// The same log again, in a database of its own.
async fn copy(test: &TestDatabase, name: &str, number: usize) -> TestDatabase {
    let mut url = url::Url::parse(&test.url).unwrap();
    url.set_path("postgres");
    let mut admin = PgConnection::connect(url.as_str()).await.unwrap();
    let copy = format!("copy_{number}_{name}");
    let create = format!("CREATE DATABASE {copy} TEMPLATE {name}");
    // The connections of the last copy may still be on their way out.
    let mut tries = 0;
    while let Err(error) = sqlx::query(AssertSqlSafe(create.clone())).execute(&mut admin).await {
        tries += 1;
        assert!(tries < 100, "{error}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    url.set_path(&copy);
    TestDatabase { database: TestDatabase::connect(url.as_str()).await, url: url.into() }
}
