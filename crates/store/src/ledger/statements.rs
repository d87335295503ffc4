//! The ledger's reading statements, shared by writer, reader and verification.

use std::collections::BTreeSet;

use countersign_ledger::{Batch, Digest, KeyId, KeyRing, SignedBatch};
use countersign_model::{BootId, NodeId};
use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use uuid::Uuid;

use super::chain::StoredHead;
use crate::StoreError;

/// Begins a transaction, locks the head until it ends (writers take turns here), and tells which of these exchanges are
/// open: one round trip for all three, for every writer waits through it.
pub(super) async fn begin(
    connection: &mut PgConnection,
    asked: &BTreeSet<Uuid>,
) -> Result<(StoredHead, BTreeSet<Uuid>), StoreError> {
    let mut text =
        "BEGIN; SELECT size, root, frontier, last_leaf, fence FROM ledger_head FOR UPDATE; ".to_owned();
    if !asked.is_empty() {
        // The simple protocol takes several statements and no parameters. A UUID's text has hex digits and hyphens only.
        let list: Vec<String> = asked.iter().map(|id| id.hyphenated().to_string()).collect();
        text.push_str("SELECT exchange FROM ledger_open_intent WHERE exchange = ANY ('{");
        text.push_str(&list.join(","));
        text.push_str("}'::uuid[]);");
    }
    let (mut head, mut open) = (None, BTreeSet::new());
    let mut answers = sqlx::raw_sql(AssertSqlSafe(text)).fetch_many(connection);
    while let Some(answer) = answers.try_next().await? {
        match answer.right() {
            Some(row) if row.len() == 1 => {
                open.insert(row.try_get(0)?);
            }
            Some(row) => head = Some(StoredHead::from_row(&row)?),
            None => {}
        }
    }
    Ok((head.ok_or(StoreError::Corrupt("ledger_head"))?, open))
}

/// Raises the fence: once this is answered, no statement that names an older one extends the head any more, wherever it
/// still is on its way. Waits for one that is being carried out.
pub(super) async fn raise_fence(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query("UPDATE ledger_head SET fence = fence + 1 WHERE single").execute(connection).await?;
    Ok(())
}

/// The head as it is now. There always is one, of an empty log too.
pub(super) async fn head(connection: &mut PgConnection) -> Result<StoredHead, StoreError> {
    let row = sqlx::query("SELECT size, root, frontier, last_leaf, fence FROM ledger_head")
        .fetch_optional(connection)
        .await?;
    StoredHead::from_row(&row.ok_or(StoreError::Corrupt("ledger_head"))?)
}

/// Up to 64 batch statements from this row on.
pub(super) async fn batches_from(
    connection: &mut PgConnection,
    from: u64,
) -> Result<Vec<SignedBatch>, StoreError> {
    sqlx::query(
        "SELECT first_seq, count, previous_root, root, node, boot, batch_no, key_id, signature \
         FROM ledger_batch WHERE first_seq >= $1 ORDER BY first_seq LIMIT 64",
    )
    .bind(from.cast_signed())
    .fetch_all(connection)
    .await?
    .iter()
    .map(batch)
    .collect()
}

/// The newest batch statement.
pub(super) async fn last_batch(connection: &mut PgConnection) -> Result<Option<SignedBatch>, StoreError> {
    sqlx::query(
        "SELECT first_seq, count, previous_root, root, node, boot, batch_no, key_id, signature \
         FROM ledger_batch ORDER BY first_seq DESC LIMIT 1",
    )
    .fetch_optional(connection)
    .await?
    .as_ref()
    .map(batch)
    .transpose()
}

/// Leaf hashes of `first..end`, in order; fewer when rows are missing.
pub(super) async fn leaves(
    connection: &mut PgConnection,
    first: u64,
    end: u64,
) -> Result<Vec<Digest>, StoreError> {
    sqlx::query("SELECT leaf_hash FROM ledger_record WHERE seq >= $1 AND seq < $2 ORDER BY seq")
        .bind(first.cast_signed())
        .bind(end.cast_signed())
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| digest(row, 0))
        .collect()
}

/// Every registered public key whose id is that of its bytes.
pub(super) async fn keys(connection: &mut PgConnection) -> Result<KeyRing, StoreError> {
    let mut ring = KeyRing::default();
    for row in sqlx::query("SELECT public_key FROM ledger_key").fetch_all(connection).await? {
        let public: &[u8] = row.try_get(0)?;
        // Bytes that are no key can sign nothing; leaving them out is enough.
        if let Ok(public) = public.try_into() {
            ring.insert(public);
        }
    }
    Ok(ring)
}

fn batch(row: &PgRow) -> Result<SignedBatch, StoreError> {
    let corrupt = || StoreError::Corrupt("ledger_batch");
    let (first, count, number): (i64, i32, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(6)?);
    Ok(SignedBatch {
        batch: Batch {
            first: first.cast_unsigned(),
            count: count.cast_unsigned(),
            previous_root: digest(row, 2)?,
            root: digest(row, 3)?,
            node: NodeId::from_uuid(row.try_get(4)?),
            boot: BootId::from_uuid(row.try_get(5)?),
            number: number.cast_unsigned(),
            key: KeyId::new(digest(row, 7)?),
        },
        signature: row.try_get::<&[u8], _>(8)?.try_into().map_err(|_| corrupt())?,
    })
}

/// A 32-byte column.
pub(super) fn digest(row: &PgRow, column: usize) -> Result<Digest, StoreError> {
    Digest::from_slice(row.try_get(column)?).ok_or(StoreError::Corrupt("a digest column"))
}
