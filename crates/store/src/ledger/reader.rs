//! Reading records and opening their content. What is returned was checked against the hashes beside it.

use std::{ops::Range, sync::Arc};

use countersign_ledger::{Digest, Group, Record, TreeHead, leaf_hash};
use countersign_model::Timestamp;
use sqlx::{PgPool, Row as _};
use zeroize::Zeroizing;

use super::{
    data_keys::{open_content, place_of_key},
    statements,
};
use crate::{Database, MasterKey, StoreError};

/// Most records in one answer.
const MAX_RANGE: i64 = 1_000;

/// Reads the ledger; never writes.
#[derive(Debug, Clone)]
pub struct LedgerReader {
    pub(super) pool: PgPool,
    pub(super) master: Option<Arc<MasterKey>>,
}

/// A record as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// What the bytes say.
    pub record: Record,
    /// Its leaf hash, which the bytes do hash to.
    pub leaf_hash: Digest,
    /// When the database stored it, by its own clock.
    pub stored_at: Timestamp,
}

impl LedgerReader {
    /// Without the master key records can be read and verified, but no content opened.
    pub fn new(database: &Database, master: Option<Arc<MasterKey>>) -> Self {
        Self { pool: database.pages().clone(), master }
    }

    /// Whether the database has a ledger at all.
    pub async fn is_there(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT to_regclass('ledger_record') IS NOT NULL")
            .fetch_one(&self.pool)
            .await?)
    }

    /// The head as the database has it.
    pub async fn head(&self) -> Result<TreeHead, StoreError> {
        let mut connection = self.pool.acquire().await?;
        Ok(statements::head(&mut connection).await?.head)
    }

    /// Records of this range, in order, at most 1,000. An altered row is an error.
    pub async fn records(&self, range: Range<u64>) -> Result<Vec<StoredRecord>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, record, leaf_hash, (extract(epoch FROM stored_at) * 1000000)::bigint \
             FROM ledger_record WHERE seq >= $1 AND seq < $2 ORDER BY seq LIMIT $3",
        )
        .bind(range.start.cast_signed())
        .bind(range.end.cast_signed())
        .bind(MAX_RANGE)
        .fetch_all(&self.pool)
        .await?;
        let corrupt = || StoreError::Corrupt("ledger_record");
        rows.iter()
            .map(|row| {
                let (seq, bytes): (i64, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
                let leaf = statements::digest(row, 2)?;
                let record = Record::decode(bytes).map_err(|_| corrupt())?;
                if leaf_hash(bytes) != leaf || record.seq.cast_signed() != seq {
                    return Err(corrupt());
                }
                Ok(StoredRecord {
                    record,
                    leaf_hash: leaf,
                    stored_at: Timestamp::from_micros(row.try_get(3)?),
                })
            })
            .collect()
    }

    /// The content a record commits to; `None` when the record has none of this group, when it is not stored, or when
    /// there is no master key. Content that was altered is an error.
    pub async fn content(
        &self,
        record: &Record,
        group: Group,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let Some(master) = &self.master else { return Ok(None) };
        let Some(promised) = record.commitments.iter().find(|promised| promised.group == group) else {
            return Ok(None);
        };
        if promised.ciphertext == Digest::ZERO {
            return Ok(None);
        }
        let scope = record.session.map_or(record.boot.uuid(), countersign_model::SessionId::uuid);
        let row = sqlx::query(
            "SELECT p.ciphertext, k.wrapped FROM ledger_payload p JOIN session_key k ON k.session = $3 \
             WHERE p.seq = $1 AND p.grp = $2",
        )
        .bind(record.seq.cast_signed())
        .bind(i16::from(group.tag()))
        .bind(scope)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let ciphertext: &[u8] = row.try_get(0)?;
        if Digest::of(&[ciphertext]) != promised.ciphertext {
            return Err(StoreError::Corrupt("ledger_payload"));
        }
        let key = master.unwrap(row.try_get(1)?, place_of_key(&scope))?;
        open_content(promised, ciphertext, &key)?.map(Some).ok_or(StoreError::Corrupt("ledger_payload"))
    }
}
