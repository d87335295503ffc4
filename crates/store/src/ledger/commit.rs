//! One batch: which entries may go in, what their records are, and the statements that store them.

use std::collections::{BTreeSet, HashSet};

use countersign_ledger::{Batch, KeyId, Kind, Origin, Record, SignedBatch, SigningKey, leaf_hash};
use countersign_model::{BootId, NodeId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    chain::Verified,
    entry::{AppendError, Receipt},
    queue::Queued,
};

/// Who writes.
#[derive(Debug)]
pub(super) struct Author {
    pub origin: Origin,
    pub node: NodeId,
    pub boot: BootId,
    pub key: SigningKey,
    pub key_id: KeyId,
}

/// A batch ready to be inserted, column by column.
pub(super) struct Built {
    pub after: Verified,
    pub receipts: Vec<Receipt>,
    signed: SignedBatch,
    seqs: Vec<i64>,
    kinds: Vec<i16>,
    records: Vec<Vec<u8>>,
    leaves: Vec<Vec<u8>>,
    payload_seqs: Vec<i64>,
    payload_groups: Vec<i16>,
    payloads: Vec<Vec<u8>>,
    opened: Opened,
    /// Open before this batch, closed by it.
    closed: Vec<Uuid>,
}

/// Intents of this batch that it does not close itself.
#[derive(Default)]
struct Opened {
    exchanges: Vec<Uuid>,
    seqs: Vec<i64>,
    sessions: Vec<Option<Uuid>>,
}

/// The exchanges that entries open, go on with, or close.
pub(super) fn exchanges<'a>(entries: impl IntoIterator<Item = &'a Queued>) -> BTreeSet<Uuid> {
    entries
        .into_iter()
        .filter(|queued| queued.entry.kind.needs_exchange())
        .filter_map(|queued| queued.entry.exchange.map(countersign_model::ExchangeId::uuid))
        .collect()
}

/// Turns away what would break "each intent has exactly one outcome". `open` is what was open before the batch.
pub(super) fn admit(entries: Vec<Queued>, open: &HashSet<Uuid>) -> Vec<Queued> {
    let mut open = open.clone();
    let mut admitted = Vec::with_capacity(entries.len());
    for queued in entries {
        let exchange = queued.entry.exchange.map(countersign_model::ExchangeId::uuid);
        let refusal = match (queued.entry.kind, exchange) {
            (Kind::Intent, Some(id)) => (!open.insert(id)).then_some(AppendError::AlreadyOpen),
            (Kind::Outcome, Some(id)) => (!open.remove(&id)).then_some(AppendError::NotOpen),
            (Kind::Segment, Some(id)) => (!open.contains(&id)).then_some(AppendError::NotOpen),
            _ => None,
        };
        match refusal {
            Some(why) => queued.refuse(why),
            None => admitted.push(queued),
        }
    }
    admitted
}

/// Makes the records, extends the tree and signs. Every entry is sealed and admitted.
pub(super) fn build(
    before: &Verified,
    entries: &[Queued],
    open: &HashSet<Uuid>,
    author: &Author,
    number: u64,
) -> Built {
    let first = before.frontier.head();
    let mut built = Built::empty(before, author, number, entries.len());
    for queued in entries {
        let entry = &queued.entry;
        let seq = built.after.frontier.size();
        let sealed = queued.sealed.as_ref();
        let bytes = Record {
            origin: author.origin.clone(),
            seq,
            prev: built.after.last_leaf,
            kind: entry.kind,
            at: queued.at,
            node: author.node,
            boot: author.boot,
            key: author.key_id,
            session: entry.session,
            exchange: entry.exchange,
            policy: entry.policy,
            commitments: sealed.map(|s| s.commitments.clone()).unwrap_or_default(),
        }
        .encode();
        let leaf = leaf_hash(&bytes);
        built.after.frontier.push(leaf);
        built.after.last_leaf = leaf;
        built.receipts.push(Receipt { seq, leaf_hash: leaf, at: queued.at });
        let stored_seq = seq.cast_signed();
        built.seqs.push(stored_seq);
        built.kinds.push(i16::from(entry.kind.code()));
        built.records.push(bytes);
        built.leaves.push(leaf.as_bytes().to_vec());
        for (group, ciphertext) in sealed.iter().flat_map(|s| &s.payloads) {
            built.payload_seqs.push(stored_seq);
            built.payload_groups.push(i16::from(group.tag()));
            built.payloads.push(ciphertext.clone());
        }
        match (entry.kind, entry.exchange) {
            (Kind::Intent, Some(id)) => built.opened.push(id.uuid(), stored_seq, entry.session),
            // Opened and closed in one batch: the table of open intents never hears of it.
            (Kind::Outcome, Some(id)) if !built.opened.remove(id.uuid()) => {
                debug_assert!(open.contains(&id.uuid()), "admitted");
                built.closed.push(id.uuid());
            }
            _ => {}
        }
    }
    let statement = Batch {
        count: entries.len() as u32,
        root: built.after.frontier.root(),
        first: first.size,
        previous_root: first.root,
        ..built.signed.batch
    };
    built.signed = statement.sign(&author.origin, &author.key);
    built
}

impl Built {
    fn empty(before: &Verified, author: &Author, number: u64, len: usize) -> Self {
        let batch = Batch {
            first: before.frontier.size(),
            count: 0,
            previous_root: countersign_ledger::Digest::ZERO,
            root: countersign_ledger::Digest::ZERO,
            node: author.node,
            boot: author.boot,
            number,
            key: author.key_id,
        };
        Self {
            after: before.clone(),
            receipts: Vec::with_capacity(len),
            signed: SignedBatch { batch, signature: [0; 64] },
            seqs: Vec::with_capacity(len),
            kinds: Vec::with_capacity(len),
            records: Vec::with_capacity(len),
            leaves: Vec::with_capacity(len),
            payload_seqs: Vec::with_capacity(len),
            payload_groups: Vec::with_capacity(len),
            payloads: Vec::with_capacity(len),
            opened: Opened::default(),
            closed: Vec::new(),
        }
    }

    /// Stores everything and moves the head, in one statement: one round trip under the lock.
    pub async fn insert(
        &self,
        connection: &mut PgConnection,
        keys: &(Vec<Uuid>, Vec<Vec<u8>>),
    ) -> Result<(), sqlx::Error> {
        let head = self.after.frontier.head();
        let batch = &self.signed.batch;
        sqlx::query(
            "WITH records AS ( \
               INSERT INTO ledger_record (seq, kind, record, leaf_hash) \
               SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::bytea[], $4::bytea[])), \
             payloads AS ( \
               INSERT INTO ledger_payload (seq, grp, ciphertext) \
               SELECT * FROM unnest($5::bigint[], $6::smallint[], $7::bytea[])), \
             keys AS ( \
               INSERT INTO session_key (session, wrapped) SELECT * FROM unnest($8::uuid[], $9::bytea[])), \
             opened AS ( \
               INSERT INTO ledger_open_intent (exchange, seq, session, node, boot) \
               SELECT e, s, x, $17, $18 FROM unnest($10::uuid[], $11::bigint[], $12::uuid[]) AS t (e, s, x)), \
             closed AS ( \
               DELETE FROM ledger_open_intent WHERE exchange = ANY ($13::uuid[])), \
             batch AS ( \
               INSERT INTO ledger_batch (first_seq, count, previous_root, root, node, boot, batch_no, key_id, \
                 signature) VALUES ($14, $15, $16, $20, $17, $18, $19, $21, $22)) \
             UPDATE ledger_head SET size = $23, root = $20, frontier = $24, last_leaf = $25",
        )
        .bind(&self.seqs)
        .bind(&self.kinds)
        .bind(&self.records)
        .bind(&self.leaves)
        .bind(&self.payload_seqs)
        .bind(&self.payload_groups)
        .bind(&self.payloads)
        .bind(&keys.0)
        .bind(&keys.1)
        .bind(&self.opened.exchanges)
        .bind(&self.opened.seqs)
        .bind(&self.opened.sessions)
        .bind(&self.closed)
        .bind(batch.first.cast_signed())
        .bind(batch.count.cast_signed())
        .bind(batch.previous_root.as_bytes().as_slice())
        .bind(batch.node.uuid())
        .bind(batch.boot.uuid())
        .bind(batch.number.cast_signed())
        .bind(head.root.as_bytes().as_slice())
        .bind(batch.key.digest().as_bytes().as_slice())
        .bind(self.signed.signature.as_slice())
        .bind(head.size.cast_signed())
        .bind(self.after.frontier.to_bytes())
        .bind(self.after.last_leaf.as_bytes().as_slice())
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl Opened {
    fn push(&mut self, exchange: Uuid, seq: i64, session: Option<countersign_model::SessionId>) {
        self.exchanges.push(exchange);
        self.seqs.push(seq);
        self.sessions.push(session.map(countersign_model::SessionId::uuid));
    }

    fn remove(&mut self, exchange: Uuid) -> bool {
        let Some(at) = self.exchanges.iter().position(|open| *open == exchange) else { return false };
        self.exchanges.swap_remove(at);
        self.seqs.swap_remove(at);
        self.sessions.swap_remove(at);
        true
    }
}
