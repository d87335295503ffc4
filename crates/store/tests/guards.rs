//! The seat belts: triggers, the writer's role, the self-check.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

mod support;

use countersign_ledger::Kind;
use countersign_store::{
    Database, DatabaseOptions, StoreError,
    pool::UnsafeDatabase,
    testing::{TestDatabase, TestLedger, ledger_config},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use support::entry;

async fn refused(connection: &mut PgConnection, statement: &str) -> String {
    match sqlx::query(AssertSqlSafe(statement.to_owned())).execute(connection).await {
        Ok(done) => panic!("{statement}: {} rows", done.rows_affected()),
        Err(error) => error.as_database_error().unwrap().code().unwrap().into_owned(),
    }
}

const INSUFFICIENT_PRIVILEGE: &str = "42501";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_or_removes_a_row_not_even_a_superuser_in_replica_mode() {
    let test = TestDatabase::fresh().await;
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&test.database, ledger_config(home.path())).await.unwrap();
    opened.ledger.append(entry(Kind::Intent, 1)).await.unwrap();
    opened.close().await;
    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    for mode in ["origin", "replica"] {
        sqlx::query(AssertSqlSafe(format!("SET session_replication_role = {mode}")))
            .execute(&mut admin)
            .await
            .unwrap();
        for statement in [
            "UPDATE ledger_record SET kind = 7 WHERE seq = 0",
            "UPDATE ledger_record SET stored_at = now() WHERE seq = 0",
            "UPDATE ledger_payload SET ciphertext = ''",
            "UPDATE ledger_batch SET count = 9",
            "UPDATE ledger_key SET node = gen_random_uuid()",
            "UPDATE ledger_head SET size = 0",
            "UPDATE ledger_head SET root = root",
            "UPDATE ledger_head SET fence = fence + 1, root = last_leaf",
            "UPDATE ledger_head SET fence = fence - 1, size = size + 1",
            "DELETE FROM ledger_record WHERE seq = 0",
            "DELETE FROM ledger_payload",
            "DELETE FROM ledger_batch",
            "DELETE FROM ledger_key",
            "DELETE FROM ledger_head",
            "TRUNCATE ledger_record",
            "TRUNCATE ledger_payload",
            "TRUNCATE ledger_batch",
            "TRUNCATE ledger_key",
            "TRUNCATE ledger_head",
        ] {
            assert_eq!(refused(&mut admin, statement).await, INSUFFICIENT_PRIVILEGE, "{mode}: {statement}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_writers_role_can_append_and_nothing_else() {
    let test = TestDatabase::fresh().await;
    let mut writer = PgConnection::connect(&test.url).await.unwrap();
    sqlx::query("SET ROLE countersign_writer").execute(&mut writer).await.unwrap();
    let leaf = "decode(repeat('00', 32), 'hex')";
    for statement in [
        // Backdating: the database's clock is not the writer's to set.
        &format!(
            "INSERT INTO ledger_record (seq, kind, record, leaf_hash, stored_at) VALUES (0, 1, '', {leaf}, now())"
        ),
        "UPDATE ledger_record SET kind = 7",
        "DELETE FROM ledger_record",
        "TRUNCATE ledger_record",
        "DELETE FROM ledger_head",
        "INSERT INTO ledger_head SELECT * FROM ledger_head",
        "DELETE FROM session_key",
        "UPDATE session_key SET wrapped = ''",
        "UPDATE ledger_open_intent SET seq = 0",
        "ALTER TABLE ledger_record DISABLE TRIGGER ALL",
        "DROP TABLE ledger_record",
        "SET session_replication_role = replica",
    ] {
        assert_eq!(refused(&mut writer, statement).await, INSUFFICIENT_PRIVILEGE, "{statement}");
    }
    let insert =
        format!("INSERT INTO ledger_record (seq, kind, record, leaf_hash) VALUES (0, 1, '', {leaf})");
    sqlx::query(AssertSqlSafe(insert)).execute(&mut writer).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_self_check_names_what_is_wrong() {
    let test = TestDatabase::fresh().await;
    let check = test.database.self_check().await.unwrap();
    assert!(check.role_separation && !check.durable);
    // The test cluster itself is what the product must refuse.
    let strict = Database::connect(&test.url, DatabaseOptions::default()).await.unwrap();
    let error = strict.self_check().await.unwrap_err();
    assert!(matches!(error, StoreError::Unsafe(UnsafeDatabase::Fsync)), "{error}");

    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    for (breaking, mending) in [
        ("ALTER TABLE ledger_payload SET UNLOGGED", "ALTER TABLE ledger_payload SET LOGGED"),
        (
            "ALTER TABLE ledger_record DISABLE TRIGGER refuse_change",
            "ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER refuse_change",
        ),
        (
            "ALTER TABLE ledger_head ENABLE TRIGGER only_grows",
            "ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER only_grows",
        ),
        ("ALTER TABLE ledger_batch RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO ledger_batch"),
    ] {
        sqlx::query(breaking).execute(&mut admin).await.unwrap();
        let error = test.database.self_check().await.unwrap_err();
        assert!(matches!(error, StoreError::Unsafe(_)), "{breaking}: {error}");
        let home = tempfile::tempdir().unwrap();
        assert!(TestLedger::open(&test.database, ledger_config(home.path())).await.is_err(), "{breaking}");
        sqlx::query(mending).execute(&mut admin).await.unwrap();
        test.database.self_check().await.unwrap();
    }
    sqlx::query("GRANT UPDATE ON ledger_batch TO countersign_writer").execute(&mut admin).await.unwrap();
    assert!(!test.database.self_check().await.unwrap().role_separation);
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_twice_and_at_once_changes_nothing() {
    let test = TestDatabase::fresh().await;
    let (a, b) = tokio::join!(test.database.migrate(), test.database.migrate());
    a.unwrap();
    b.unwrap();
}

/// A user who may create tables but not roles: the triggers stand alone and the check says so.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_use_the_role_the_ledger_still_works() {
    let test = TestDatabase::fresh().await;
    let mut admin = PgConnection::connect(&test.url).await.unwrap();
    let name: String =
        sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut admin).await.unwrap();
    let (user, plain) = (format!("user_{name}"), format!("plain_{name}"));
    for statement in [format!("CREATE ROLE {user} LOGIN"), format!("CREATE DATABASE {plain} OWNER {user}")] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut admin).await.unwrap();
    }
    let mut url = url::Url::parse(&test.url).unwrap();
    url.set_username(&user).unwrap();
    url.set_path(&plain);
    let database = TestDatabase::connect(url.as_str()).await;
    database.migrate().await.unwrap();
    assert!(!database.self_check().await.unwrap().role_separation);
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(&database, ledger_config(home.path())).await.unwrap();
    opened.ledger.append(entry(Kind::Intent, 1)).await.unwrap();
    opened.close().await;
}
