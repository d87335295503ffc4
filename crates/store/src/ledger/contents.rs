//! Reading many records and their content in a few statements, for pages and the projection.
//!
//! Unlike [`LedgerReader::records`] this hands out rows as they are: a page must be able to show an altered row, so that
//! the reader's own browser can find it out. Content is only given when it is what the record committed to.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use countersign_ledger::{Digest, Group, Kind, Record, leaf_hash};
use sqlx::{Row as _, postgres::PgRow};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    data_keys::{open_content, place_of_key},
    reader::LedgerReader,
};
use crate::{StoreError, seal::DataKey};

/// A row as it is stored, right or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord {
    pub seq: u64,
    /// The column's copy; `None`: a code nobody knows.
    pub kind: Option<Kind>,
    pub bytes: Vec<u8>,
    pub leaf_hash: Vec<u8>,
    /// What the bytes say; `None` when they are not a record, not this row's, or do not match the hash.
    pub record: Option<Record>,
}

/// Opened content by row number and group.
pub type Contents = HashMap<(u64, Group), Zeroizing<Vec<u8>>>;

impl LedgerReader {
    /// The rows with these numbers, in order.
    pub async fn raw_records(&self, seqs: &[u64]) -> Result<Vec<RawRecord>, StoreError> {
        let seqs: Vec<i64> = seqs.iter().map(|seq| seq.cast_signed()).collect();
        let rows = sqlx::query(
            "SELECT seq, kind, record, leaf_hash FROM ledger_record WHERE seq = ANY ($1) ORDER BY seq",
        )
        .bind(seqs)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(raw).collect()
    }

    /// The rows of this range, in order.
    pub async fn raw_range(&self, range: Range<u64>) -> Result<Vec<RawRecord>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, kind, record, leaf_hash FROM ledger_record WHERE seq >= $1 AND seq < $2 ORDER BY seq",
        )
        .bind(range.start.cast_signed())
        .bind(range.end.cast_signed())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(raw).collect()
    }

    /// Where a page ends that begins at `from`, has at most `rows` rows, and at most `bytes` of sealed content of these
    /// groups (or one row). Equal to `from` when there is no row yet.
    pub(crate) async fn end_of_page(
        &self,
        from: u64,
        rows: u64,
        bytes: i64,
        groups: &[Group],
    ) -> Result<u64, StoreError> {
        let tags: Vec<i16> = groups.iter().map(|group| i16::from(group.tag())).collect();
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT max(seq) FROM (
                 SELECT seq, sum(size) OVER (ORDER BY seq) AS total
                 FROM (SELECT r.seq, coalesce((SELECT sum(octet_length(p.ciphertext)) FROM ledger_payload p
                                               WHERE p.seq = r.seq AND p.grp = ANY ($4)), 0) AS size
                       FROM ledger_record r
                       WHERE r.seq >= $1 AND r.seq < $2) AS sized
             ) AS summed
             WHERE total <= $3 OR seq = $1",
        )
        .bind(from.cast_signed())
        .bind(from.saturating_add(rows).cast_signed())
        .bind(bytes)
        .bind(tags)
        .fetch_one(&self.pool)
        .await?;
        Ok(last.map_or(from, |last| last.cast_unsigned().saturating_add(1)))
    }

    /// The content of these groups of these records. What is erased, altered, or cannot be opened is not there.
    pub async fn contents(&self, records: &[&Record], groups: &[Group]) -> Result<Contents, StoreError> {
        let mut contents = Contents::new();
        if self.master.is_none() || records.is_empty() {
            return Ok(contents);
        }
        let keys = self.data_keys(records).await?;
        let by_seq: HashMap<i64, &Record> =
            records.iter().map(|record| (record.seq.cast_signed(), *record)).collect();
        let seqs: Vec<i64> = by_seq.keys().copied().collect();
        let tags: Vec<i16> = groups.iter().map(|group| i16::from(group.tag())).collect();
        let rows = sqlx::query(
            "SELECT seq, grp, ciphertext FROM ledger_payload WHERE seq = ANY ($1) AND grp = ANY ($2)",
        )
        .bind(seqs)
        .bind(tags)
        .fetch_all(&self.pool)
        .await?;
        for row in &rows {
            let (seq, tag, ciphertext): (i64, i16, &[u8]) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let group = u8::try_from(tag).ok().and_then(Group::from_tag);
            let (Some(group), Some(record)) = (group, by_seq.get(&seq)) else { continue };
            let Some(promised) = record.commitments.iter().find(|promised| promised.group == group) else {
                continue;
            };
            let Some(key) = keys.get(&scope(record)) else { continue };
            let kept = Digest::of(&[ciphertext]) == promised.ciphertext;
            if let Some(Ok(Some(content))) = kept.then(|| open_content(promised, ciphertext, key)) {
                contents.insert((record.seq, group), content);
            } else {
                // The verification says what is wrong with it; here it is enough not to show it.
                tracing::warn!(seq, group = group.name(), "stored content was altered and is left out");
            }
        }
        Ok(contents)
    }

    async fn data_keys(&self, records: &[&Record]) -> Result<HashMap<Uuid, DataKey>, StoreError> {
        let Some(master) = &self.master else { return Ok(HashMap::new()) };
        let scopes: BTreeSet<Uuid> = records.iter().map(|record| scope(record)).collect();
        let rows = sqlx::query("SELECT session, wrapped FROM session_key WHERE session = ANY ($1)")
            .bind(scopes.into_iter().collect::<Vec<_>>())
            .fetch_all(&self.pool)
            .await?;
        let mut keys = HashMap::with_capacity(rows.len());
        for row in &rows {
            let scope: Uuid = row.try_get(0)?;
            match master.unwrap(row.try_get(1)?, place_of_key(&scope)) {
                Ok(key) => {
                    keys.insert(scope, key);
                }
                Err(error) => tracing::warn!(%scope, %error, "a data key does not open"),
            }
        }
        Ok(keys)
    }
}

fn raw(row: &PgRow) -> Result<RawRecord, StoreError> {
    let (seq, kind): (i64, i16) = (row.try_get(0)?, row.try_get(1)?);
    let (bytes, leaf): (Vec<u8>, Vec<u8>) = (row.try_get(2)?, row.try_get(3)?);
    let kind = u8::try_from(kind).ok().and_then(Kind::from_code);
    let record = Record::decode(&bytes).ok().filter(|record| {
        record.seq.cast_signed() == seq
            && Some(record.kind) == kind
            && leaf_hash(&bytes).as_bytes().as_slice() == leaf.as_slice()
    });
    Ok(RawRecord { seq: seq.cast_unsigned(), kind, bytes, leaf_hash: leaf, record })
}

fn scope(record: &Record) -> Uuid {
    record.session.map_or(record.boot.uuid(), countersign_model::SessionId::uuid)
}
