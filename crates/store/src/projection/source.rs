//! Reads what the projection takes in: ledger rows with their facts and findings.

use countersign_ledger::Group;
use countersign_model::Timestamp;
use sqlx::PgConnection;

use super::fold::Taken;
use crate::{LedgerReader, StoreError};

/// Rows taken in at once. Large enough that the cost of a transaction disappears, small enough to stay in memory.
const ROWS: u64 = 1_000;
/// Sealed content read at once, bytes; a single row may be larger.
const BYTES: i64 = 32 << 20;
/// The groups that are read.
const GROUPS: [Group; 2] = [Group::Facts, Group::Findings];

/// The row number after the last row that is stored.
pub(super) async fn end(conn: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT coalesce(max(seq) + 1, 0) FROM ledger_record").fetch_one(conn).await?)
}

/// The next rows from `from` on; none when there are no more yet.
pub(super) async fn next(reader: &LedgerReader, from: i64) -> Result<Vec<Taken>, StoreError> {
    let from = from.cast_unsigned();
    let end = reader.end_of_page(from, ROWS, BYTES, &GROUPS).await?;
    let rows = reader.raw_range(from..end).await?;
    let records: Vec<_> = rows.iter().filter_map(|row| row.record.as_ref()).collect();
    let mut contents = reader.contents(&records, &GROUPS).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut content = |group| contents.remove(&(row.seq, group)).map(|bytes| bytes.to_vec());
            let (facts, findings) = (content(Group::Facts), content(Group::Findings));
            let record = row.record.as_ref();
            Taken {
                seq: row.seq.cast_signed(),
                kind: record.map(|record| record.kind),
                at: record.map_or(Timestamp(0), |record| record.at),
                session: record.and_then(|record| record.session),
                exchange: record.and_then(|record| record.exchange),
                leaf_hash: row.leaf_hash,
                facts,
                findings,
            }
        })
        .collect())
}
