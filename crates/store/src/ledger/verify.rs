//! Verifying the log in the database, from the first row to the head, in constant memory.
//!
//! Hashes are computed here, not by the server: a server that could be asked to lie must at least lie about the bytes.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use countersign_ledger::{
    Digest, Finding, Frontier, KeyId, Origin, Reason, Record, Report, Row, SignedBatch, TreeHead, Verifier,
};
use futures::TryStreamExt as _;
use sqlx::{PgConnection, Row as _};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    chain::StoredHead,
    data_keys::{open_content, place_of_key},
    reader::LedgerReader,
    statements,
};
use crate::{
    MasterKey, StoreError,
    seal::{DataKey, SealError},
};

/// Rows read at a time.
const PAGE: i32 = 1_000;

/// What the log is held against.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Heads remembered outside the database: this node's [`super::Ledger::seen`], a checkpoint, a caller's receipt book.
    /// Without any, a log that was shortened or rewritten together with its head and keys looks whole.
    pub milestones: Vec<TreeHead>,
    /// Keys that may sign; `None` believes every registered key, and the report says which were used.
    pub trusted_keys: Option<BTreeSet<KeyId>>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every row and batch is in order.
    Sound(Report),
    /// The first thing that is not.
    Tampered(Finding),
    /// It was told to stop.
    Cancelled,
}

/// The rows of one page.
struct Page {
    rows: Vec<PageRow>,
    last: i64,
}

struct PageRow {
    seq: i64,
    kind: i16,
    record: Vec<u8>,
    leaf: Digest,
    payloads: Vec<(u8, Digest)>,
    /// What is wrong with the content, when it was opened.
    content: Option<Reason>,
}

impl LedgerReader {
    /// Verifies the log as it is now: rows, links, batches, signatures, head, payload hashes, and, with the master key,
    /// that every payload opens and is what was committed to. Tells `progress` how many rows are done.
    pub async fn verify(
        &self,
        origin: &Origin,
        options: VerifyOptions,
        stop: &CancellationToken,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Verdict, StoreError> {
        let mut snapshot = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let connection = &mut *snapshot;
        let stored = match statements::head(connection).await {
            Ok(stored) => stored,
            Err(StoreError::Corrupt(_)) => return Ok(tampered(0, Reason::HeadMismatch)),
            Err(error) => return Err(error),
        };
        let mut keys = statements::keys(connection).await?;
        if let Some(trusted) = &options.trusted_keys {
            keys.retain(|id| trusted.contains(id));
        }
        let mut verifier = Verifier::new(origin.clone(), keys).with_milestones(options.milestones);
        let mut batches = Batches::default();
        let mut from = i64::MIN;
        while let Some(mut page) = read_page(connection, from).await? {
            if stop.is_cancelled() {
                return Ok(Verdict::Cancelled);
            }
            let stray = self.read_payloads(connection, from, &mut page).await?;
            if let Err(finding) = feed(&mut verifier, &mut batches, connection, &page).await? {
                return Ok(Verdict::Tampered(finding));
            }
            // Only now: a payload left behind by a deleted row is better told as the gap it lies in.
            if let Some(seq) = stray {
                return Ok(tampered(u64::try_from(seq).unwrap_or(0), Reason::PayloadUnexpected));
            }
            progress(verifier.next());
            let Some(next) = page.last.checked_add(1) else { break };
            from = next;
        }
        if stray_payloads(connection, from).await? {
            return Ok(tampered(verifier.next(), Reason::PayloadUnexpected));
        }
        // Statements over rows that are not there; when rows are missing, that is the better finding.
        if verifier.next() >= stored.head.size && batches.peek(connection).await?.is_some() {
            return Ok(Verdict::Tampered(mismatch(&verifier)));
        }
        Ok(match verifier.finish(stored.head) {
            Ok(report) if continues(&report, &stored) => Verdict::Sound(report),
            Ok(report) => tampered(report.rows.saturating_sub(1), Reason::HeadMismatch),
            Err(finding) => Verdict::Tampered(finding),
        })
    }

    /// Hashes (and, with the key, opens) the payloads of a page. Returns the number under which a payload
    /// without a row is stored, if there is one.
    async fn read_payloads(
        &self,
        connection: &mut PgConnection,
        from: i64,
        page: &mut Page,
    ) -> Result<Option<i64>, StoreError> {
        let records: HashMap<i64, Record> = match &self.master {
            Some(_) => page
                .rows
                .iter()
                .filter_map(|row| Some((row.seq, Record::decode(&row.record).ok()?)))
                .collect(),
            None => HashMap::new(),
        };
        let keys = match &self.master {
            Some(master) => data_keys(connection, master, records.values()).await?,
            None => HashMap::new(),
        };
        let places: HashMap<i64, usize> =
            page.rows.iter().enumerate().map(|(place, row)| (row.seq, place)).collect();
        let mut stray = None;
        // Streamed: a page of large payloads is never held at once.
        let mut payloads = sqlx::query(
            "SELECT seq, grp, ciphertext FROM ledger_payload WHERE seq >= $1 AND seq <= $2 ORDER BY seq, grp",
        )
        .bind(from)
        .bind(page.last)
        .fetch(connection);
        while let Some(row) = payloads.try_next().await? {
            let (seq, group, ciphertext): (i64, i16, &[u8]) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let Some(target) = places.get(&seq).and_then(|place| page.rows.get_mut(*place)) else {
                stray.get_or_insert(seq);
                continue;
            };
            let group = u8::try_from(group).unwrap_or(u8::MAX);
            target.payloads.push((group, Digest::of(&[ciphertext])));
            if let Some(record) = records.get(&seq)
                && target.content.is_none()
            {
                target.content = check_content(record, group, ciphertext, &keys);
            }
        }
        Ok(stray)
    }
}

/// Whether the next row can be put behind the head as it is stored: it carries on from the last row and the same tree.
fn continues(report: &Report, stored: &StoredHead) -> bool {
    let frontier = Frontier::from_bytes(stored.head.size, &stored.frontier);
    stored.last_leaf == report.last_leaf && frontier.is_ok_and(|frontier| frontier.head() == report.head)
}

async fn read_page(connection: &mut PgConnection, from: i64) -> Result<Option<Page>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, kind, record, leaf_hash FROM ledger_record WHERE seq >= $1 ORDER BY seq LIMIT $2",
    )
    .bind(from)
    .bind(PAGE)
    .fetch_all(connection)
    .await?;
    let mut page = Page { rows: Vec::with_capacity(rows.len()), last: from };
    for row in &rows {
        let leaf: &[u8] = row.try_get(3)?;
        page.last = row.try_get(0)?;
        page.rows.push(PageRow {
            seq: page.last,
            kind: row.try_get(1)?,
            record: row.try_get(2)?,
            // A hash of the wrong length cannot be the hash of anything.
            leaf: Digest::from_slice(leaf).unwrap_or(Digest::ZERO),
            payloads: Vec::new(),
            content: None,
        });
    }
    Ok((!page.rows.is_empty()).then_some(page))
}

/// Gives a page to the verifier, each batch statement after its last row.
async fn feed(
    verifier: &mut Verifier,
    batches: &mut Batches,
    connection: &mut PgConnection,
    page: &Page,
) -> Result<Result<(), Finding>, StoreError> {
    for row in &page.rows {
        let fed = verifier.row(Row {
            // A negative number wraps to one that is far out of order.
            seq: row.seq.cast_unsigned(),
            kind: u8::try_from(row.kind).unwrap_or(0),
            record: &row.record,
            leaf: row.leaf,
            payloads: &row.payloads,
        });
        if let Err(finding) = fed {
            return Ok(Err(finding));
        }
        if let Some(reason) = row.content {
            return Ok(Err(Finding { seq: row.seq.cast_unsigned(), reason }));
        }
        loop {
            let Some(next) = batches.peek(connection).await? else { break };
            let Ok(batch) = next else { return Ok(Err(mismatch(verifier))) };
            if batch.batch.end().is_some_and(|end| end > verifier.next()) {
                break;
            }
            batches.pop();
            if let Err(finding) = verifier.batch(&batch) {
                return Ok(Err(finding));
            }
        }
    }
    Ok(Ok(()))
}

/// The batch statements, in order, a few at a time. `Err(())` is one that cannot be read.
#[derive(Default)]
struct Batches {
    ready: VecDeque<SignedBatch>,
    from: Option<i64>,
    ended: bool,
}

impl Batches {
    async fn peek(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<Option<Result<SignedBatch, ()>>, StoreError> {
        if self.ready.is_empty() && !self.ended {
            match statements::batches_from(connection, self.from.unwrap_or(i64::MIN).cast_unsigned()).await {
                Ok(batches) => self.ready = batches.into(),
                Err(StoreError::Corrupt(_)) => return Ok(Some(Err(()))),
                Err(error) => return Err(error),
            }
            match self.ready.back() {
                Some(last) => self.from = Some(last.batch.first.cast_signed().saturating_add(1)),
                None => self.ended = true,
            }
        }
        Ok(self.ready.front().copied().map(Ok))
    }

    fn pop(&mut self) {
        self.ready.pop_front();
    }
}

/// The data keys of these records' sessions. One that is missing or does not open is left out.
async fn data_keys<'a>(
    connection: &mut PgConnection,
    master: &Arc<MasterKey>,
    records: impl Iterator<Item = &'a Record>,
) -> Result<HashMap<Uuid, DataKey>, StoreError> {
    let scopes: BTreeSet<Uuid> = records.map(scope_of).collect();
    let scopes: Vec<Uuid> = scopes.into_iter().collect();
    let rows = sqlx::query("SELECT session, wrapped FROM session_key WHERE session = ANY($1)")
        .bind(&scopes)
        .fetch_all(connection)
        .await?;
    let mut keys = HashMap::with_capacity(rows.len());
    for row in rows {
        let scope: Uuid = row.try_get(0)?;
        if let Ok(key) = master.unwrap(row.try_get(1)?, place_of_key(&scope)) {
            keys.insert(scope, key);
        }
    }
    Ok(keys)
}

fn scope_of(record: &Record) -> Uuid {
    record.session.map_or(record.boot.uuid(), countersign_model::SessionId::uuid)
}

/// What is wrong with a payload's content, if anything. Altered ciphertext is for the verifier to name.
fn check_content(
    record: &Record,
    group: u8,
    ciphertext: &[u8],
    keys: &HashMap<Uuid, DataKey>,
) -> Option<Reason> {
    let promised = record.commitments.iter().find(|promised| promised.group.tag() == group)?;
    let opened =
        keys.get(&scope_of(record)).map(|key| open_content(promised, ciphertext, key).map(|c| c.is_some()));
    match opened {
        Some(Ok(true)) => None,
        Some(Ok(false)) => Some(Reason::CommitmentMismatch),
        Some(Err(
            SealError::Malformed | SealError::OtherMasterKey | SealError::DoesNotOpen | SealError::Cipher,
        ))
        | None => Some(Reason::PayloadUnreadable),
    }
}

/// Whether there are payloads after the last row.
async fn stray_payloads(connection: &mut PgConnection, from: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT FROM ledger_payload WHERE seq >= $1)")
        .bind(from)
        .fetch_one(connection)
        .await?)
}

const fn mismatch(verifier: &Verifier) -> Finding {
    Finding { seq: verifier.signed(), reason: Reason::BatchMismatch }
}

const fn tampered(seq: u64, reason: Reason) -> Verdict {
    Verdict::Tampered(Finding { seq, reason })
}
