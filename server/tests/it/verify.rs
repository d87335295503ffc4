//! `countersign verify`, the binary: sound, altered, shortened.

use std::process::{Command, Output};

use countersign_ledger::{Digest, Frontier};
use countersign_model::person::Role;
use sqlx::{Connection as _, PgConnection};

use crate::{
    house::{House, hello},
    model::Model,
};

/// Runs it as an operator would, with the data folder or without what is in it.
fn verify(house: &House, with_data: bool) -> Output {
    let elsewhere = tempfile::tempdir().unwrap();
    let data = if with_data { house.data.path().join("data") } else { elsewhere.path().to_owned() };
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["verify", "--json", "--data-dir"])
        .arg(data)
        .args(["--database-url", &house.url])
        .output()
        .unwrap()
}

fn finding(output: &Output) -> (i32, u64, String) {
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let finding = &report["finding"];
    let reason = finding["reason"].as_str().unwrap_or_default().to_owned();
    (output.status.code().unwrap(), finding["seq"].as_u64().unwrap_or(u64::MAX), reason)
}

/// As somebody who owns the database: the triggers out of the way, then the statement.
async fn tamper(house: &House, table: &'static str, statement: String) {
    let mut superuser = PgConnection::connect(&house.url).await.unwrap();
    let unguarded = format!(
        "ALTER TABLE {table} DISABLE TRIGGER ALL; {statement}; ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(unguarded)).execute(&mut superuser).await.unwrap();
}

async fn used() -> (House, usize) {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    for _ in 0..3 {
        assert_eq!(house.chat(&token, &hello()).await.status, 200);
    }
    let rows = house.settled().await.len();
    (house, rows)
}

#[tokio::test]
async fn a_sound_log_is_found_sound_beside_the_server_and_after_it() {
    let (mut house, rows) = used().await;
    for with_data in [true, false] {
        let output = verify(&house, with_data);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["sound"], &report["opened"]), (&true.into(), &with_data.into()), "{report}");
        assert_eq!(report["report"]["rows"], rows, "{report}");
    }
    house.stop();
    assert_eq!(verify(&house, true).status.code(), Some(0));
}

#[tokio::test]
async fn an_altered_row_is_named() {
    let (mut house, rows) = used().await;
    house.stop();
    let bad = rows / 2;
    tamper(&house, "ledger_record", format!("UPDATE ledger_record SET record = set_byte(record, 60, get_byte(record, 60) # 1) WHERE seq = {bad}")).await;
    assert_eq!(finding(&verify(&house, true)), (1, bad as u64, "bad_leaf".into()));
    let words = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["verify", "--data-dir"])
        .arg(house.data.path().join("data"))
        .args(["--database-url", &house.url])
        .output()
        .unwrap();
    let words = String::from_utf8(words.stdout).unwrap();
    assert!(words.starts_with(&format!("NOT SOUND: record {bad}: ")), "{words}");
}

#[tokio::test]
async fn an_altered_payload_and_a_removed_row_are_named() {
    let (mut house, rows) = used().await;
    house.stop();
    tamper(&house, "ledger_payload", format!("UPDATE ledger_payload SET ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1) WHERE seq = {}", rows - 2)).await;
    assert_eq!(finding(&verify(&house, false)), (1, rows as u64 - 2, "payload_altered".into()));
    tamper(&house, "ledger_record", format!("DELETE FROM ledger_record WHERE seq = {}", rows - 3)).await;
    assert_eq!(finding(&verify(&house, false)), (1, rows as u64 - 3, "gap".into()));
}

/// Everything of the last batch is removed and the head set back: nothing in the database says so, but this node remembers.
#[tokio::test]
async fn a_shortened_log_is_found_by_what_the_node_remembers() {
    let (mut house, _) = used().await;
    house.stop();
    let mut superuser = PgConnection::connect(&house.url).await.unwrap();
    let (last, previous_root): (i64, Vec<u8>) =
        sqlx::query_as("SELECT first_seq, previous_root FROM ledger_batch ORDER BY first_seq DESC LIMIT 1")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
    let leaves: Vec<(Vec<u8>,)> =
        sqlx::query_as("SELECT leaf_hash FROM ledger_record WHERE seq < $1 ORDER BY seq")
            .bind(last)
            .fetch_all(&mut superuser)
            .await
            .unwrap();
    let mut frontier = Frontier::default();
    for (leaf,) in &leaves {
        frontier.push(Digest::new(leaf.as_slice().try_into().unwrap()));
    }
    let frontier: String = frontier
        .to_bytes()
        .chunks(32)
        .map(|node| Digest::new(node.try_into().unwrap()).to_string())
        .collect();
    let hex = |bytes: &[u8]| Digest::new(bytes.try_into().unwrap()).to_string();
    let shorten = format!(
        "ALTER TABLE ledger_record DISABLE TRIGGER ALL; ALTER TABLE ledger_payload DISABLE TRIGGER ALL;
         ALTER TABLE ledger_batch DISABLE TRIGGER ALL; ALTER TABLE ledger_head DISABLE TRIGGER ALL;
         DELETE FROM ledger_payload WHERE seq >= {last}; DELETE FROM ledger_record WHERE seq >= {last};
         DELETE FROM ledger_batch WHERE first_seq >= {last};
         UPDATE ledger_head SET size = {last}, root = '\\x{}', last_leaf = '\\x{}', frontier = '\\x{frontier}'",
        hex(&previous_root),
        hex(&leaves.last().unwrap().0),
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(shorten)).execute(&mut superuser).await.unwrap();
    assert_eq!(verify(&house, false).status.code(), Some(0), "from the database alone it looks whole");
    assert_eq!(finding(&verify(&house, true)), (1, last.unsigned_abs(), "truncated".into()));
}

#[test]
fn what_cannot_be_checked_is_neither_sound_nor_unsound() {
    let nowhere = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["verify", "--data-dir"])
        .arg(nowhere.path())
        .args(["--database-url", "postgres://nobody@127.0.0.1:1/none?sslmode=disable"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("countersign: "));
}

/// A check only reads: in a folder where nothing was ever started it makes no database, not even the folder.
#[tokio::test]
async fn where_no_ledger_is_none_is_made() {
    let nowhere = tempfile::tempdir().unwrap();
    let folder = nowhere.path().join("data");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["verify", "--data-dir"])
        .arg(&folder)
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("countersign: no ledger here: ") && said.contains("--data-dir"), "{said}");
    assert!(!folder.exists());
    #[expect(clippy::disallowed_methods, reason = "the test run says where its database is")]
    let empty = std::env::var("COUNTERSIGN_TEST_DATABASE_URL").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["verify", "--data-dir"])
        .arg(&folder)
        .args(["--database-url", &empty])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("no ledger here: this database"), "{said}");
}
