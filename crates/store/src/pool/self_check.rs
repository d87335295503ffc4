//! Asks the database whether what it acknowledges is really kept.

use serde::Serialize;
use sqlx::{PgConnection, Row as _};

use super::Durability;
use crate::StoreError;

/// The tables that hold evidence.
const LEDGER_TABLES: [&str; 5] =
    ["ledger_head", "ledger_record", "ledger_payload", "ledger_batch", "ledger_key"];

/// What was found; written into the boot record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfCheck {
    /// The server's version, as in `150018`.
    pub server_version: i32,
    /// `fsync`.
    pub fsync: String,
    /// `full_page_writes`.
    pub full_page_writes: String,
    /// `synchronous_commit`, as it is for the writer.
    pub synchronous_commit: String,
    /// Whether the writer runs with the append-only role's rights. When not, only triggers stand in the way.
    pub role_separation: bool,
    /// Whether commits are known to be durable (false only on a test cluster).
    pub durable: bool,
}

/// A database that must not hold the ledger. Each says in one sentence what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeDatabase {
    /// Older than what the schema is written for.
    #[error("PostgreSQL {0} is too old: the ledger needs version 14 or later")]
    TooOld(i32),
    /// `fsync` is off.
    #[error("fsync is off, so a power cut could lose acknowledged records: set fsync = on")]
    Fsync,
    /// `full_page_writes` is off.
    #[error("full_page_writes is off, so a power cut could tear a page: set full_page_writes = on")]
    FullPageWrites,
    /// `synchronous_commit` is weaker than `on`.
    #[error("synchronous_commit is {0}, so commits are acknowledged before they are kept: set it to on")]
    SynchronousCommit(String),
    /// A ledger table does not write WAL.
    #[error("table {0} is unlogged, so a crash would empty it: ALTER TABLE {0} SET LOGGED")]
    Unlogged(String),
    /// A ledger table is not there.
    #[error("table {0} is missing: run the migrations")]
    Missing(&'static str),
    /// An append-only trigger is gone or switched off.
    #[error("table {0} has lost its append-only triggers: somebody removed or disabled them")]
    Unguarded(String),
}

pub(super) async fn run(
    connection: &mut PgConnection,
    durability: Durability,
) -> Result<SelfCheck, StoreError> {
    let row = sqlx::query(
        "SELECT current_setting('server_version_num')::int, current_setting('fsync'), \
         current_setting('full_page_writes'), current_setting('synchronous_commit'), \
         current_user = 'countersign_writer'",
    )
    .fetch_one(&mut *connection)
    .await?;
    let mut check = SelfCheck {
        server_version: row.try_get(0)?,
        fsync: row.try_get(1)?,
        full_page_writes: row.try_get(2)?,
        synchronous_commit: row.try_get(3)?,
        role_separation: row.try_get(4)?,
        durable: durability == Durability::Required,
    };
    if durability == Durability::Required {
        settings(&check)?;
    }
    tables(connection).await?;
    check.role_separation = check.role_separation && append_only(connection).await?;
    Ok(check)
}

fn settings(check: &SelfCheck) -> Result<(), UnsafeDatabase> {
    if check.server_version < 140_000 {
        return Err(UnsafeDatabase::TooOld(check.server_version / 10_000));
    }
    if check.fsync != "on" {
        return Err(UnsafeDatabase::Fsync);
    }
    if check.full_page_writes != "on" {
        return Err(UnsafeDatabase::FullPageWrites);
    }
    if !matches!(check.synchronous_commit.as_str(), "on" | "remote_apply") {
        return Err(UnsafeDatabase::SynchronousCommit(check.synchronous_commit.clone()));
    }
    Ok(())
}

/// Every ledger table is there, writes WAL, and has its triggers on (`A` = always).
async fn tables(connection: &mut PgConnection) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT c.relname::text, c.relpersistence = 'p', \
           (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'A' \
              AND t.tgname IN ('refuse_change', 'refuse_truncate', 'only_grows')) \
         FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace \
           AND c.relname IN ('ledger_head', 'ledger_record', 'ledger_payload', 'ledger_batch', 'ledger_key')",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (name, logged, guards): (String, bool, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if !logged {
            return Err(UnsafeDatabase::Unlogged(name).into());
        }
        if guards < if name == "ledger_head" { 3 } else { 2 } {
            return Err(UnsafeDatabase::Unguarded(name).into());
        }
        found.push(name);
    }
    match LEDGER_TABLES.into_iter().find(|table| !found.iter().any(|name| name == table)) {
        Some(table) => Err(UnsafeDatabase::Missing(table).into()),
        None => Ok(()),
    }
}

/// Whether the rights at hand really end at appending.
async fn append_only(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let too_much: bool = sqlx::query_scalar(
        "SELECT bool_or(has_table_privilege(name, 'UPDATE') OR has_table_privilege(name, 'DELETE') \
           OR has_table_privilege(name, 'TRUNCATE')) \
         FROM unnest(ARRAY['ledger_record', 'ledger_payload', 'ledger_batch', 'ledger_key']) AS name",
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(!too_much)
}
