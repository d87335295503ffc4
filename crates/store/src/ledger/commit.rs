//! One batch: which entries may go in, what their records are, and the statement that stores them.

use std::collections::{BTreeSet, HashMap};

use countersign_ledger::{Batch, Digest, KeyId, Kind, Origin, Record, SignedBatch, SigningKey, leaf_hash};
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
    last_leaf_before: Digest,
    seqs: Vec<i64>,
    kinds: Vec<i16>,
    records: Vec<Vec<u8>>,
    leaves: Vec<Vec<u8>>,
    payload_seqs: Vec<i64>,
    payload_groups: Vec<i16>,
    payloads: Vec<Vec<u8>>,
    /// All exchanges that the batch is about, and those of them that are open before it.
    named: Vec<Uuid>,
    open: Vec<Uuid>,
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

/// Which exchanges must be open before a batch so that all of it may go in, while the others it names are not. `None`:
/// something of it may not go in, whatever is open.
pub(super) fn presumed(entries: &[Queued]) -> Option<BTreeSet<Uuid>> {
    let (mut before, mut open) = (BTreeSet::new(), HashMap::new());
    for Queued { entry, .. } in entries {
        let Some(exchange) = entry.exchange.filter(|_| entry.kind.needs_exchange()) else { continue };
        let intent = entry.kind == Kind::Intent;
        let was_open = match open.insert(exchange.uuid(), entry.kind != Kind::Outcome) {
            Some(was_open) => was_open,
            None if intent => false,
            None => before.insert(exchange.uuid()),
        };
        // An intent opens what is not open; a segment goes on with, an outcome closes, what is.
        if was_open == intent {
            return None;
        }
    }
    Some(before)
}

/// Turns away what would break "each intent has exactly one outcome". `open` is what was open before the batch.
pub(super) fn admit(entries: Vec<Queued>, open: &BTreeSet<Uuid>) -> Vec<Queued> {
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
    open: &BTreeSet<Uuid>,
    author: &Author,
    number: u64,
) -> Built {
    let first = before.frontier.head();
    let mut built = Built::empty(before, author, number, entries.len());
    let named = exchanges(entries);
    // In order: the database compares it with a list that is.
    built.open = named.intersection(open).copied().collect();
    built.named = named.into_iter().collect();
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
            previous_root: Digest::ZERO,
            root: Digest::ZERO,
            node: author.node,
            boot: author.boot,
            number,
            key: author.key_id,
        };
        Self {
            after: before.clone(),
            receipts: Vec::with_capacity(len),
            signed: SignedBatch { batch, signature: [0; 64] },
            last_leaf_before: before.last_leaf,
            seqs: Vec::with_capacity(len),
            kinds: Vec::with_capacity(len),
            records: Vec::with_capacity(len),
            leaves: Vec::with_capacity(len),
            payload_seqs: Vec::with_capacity(len),
            payload_groups: Vec::with_capacity(len),
            payloads: Vec::with_capacity(len),
            named: Vec::new(),
            open: Vec::new(),
            opened: Opened::default(),
            closed: Vec::new(),
        }
    }

    /// Stores everything and moves the head, in one statement, if the head is the one built on, behind this fence, and of
    /// the exchanges that the batch names exactly those are open that were taken to be. `false`: it is not so, and nothing
    /// is stored.
    pub async fn append(
        &self,
        connection: &mut PgConnection,
        fence: i64,
        keys: &(Vec<Uuid>, Vec<Vec<u8>>),
    ) -> Result<bool, sqlx::Error> {
        let head = self.after.frontier.head();
        let batch = &self.signed.batch;
        // What is done to the head is done first: everything else is made from the row it gives, or from none.
        let done = sqlx::query(
            "WITH head AS ( \
               UPDATE ledger_head SET size = $1, root = $2, frontier = $3, last_leaf = $4 \
               WHERE single AND size = $5 AND root = $6 AND last_leaf = $7 AND fence = $8 \
                 AND (SELECT coalesce(array_agg(exchange ORDER BY exchange), '{}') FROM ledger_open_intent \
                      WHERE exchange = ANY ($9::uuid[])) = $10::uuid[] \
               RETURNING true), \
             records AS ( \
               INSERT INTO ledger_record (seq, kind, record, leaf_hash) \
               SELECT r.* FROM head, unnest($11::bigint[], $12::smallint[], $13::bytea[], $14::bytea[]) AS r), \
             payloads AS ( \
               INSERT INTO ledger_payload (seq, grp, ciphertext) \
               SELECT p.* FROM head, unnest($15::bigint[], $16::smallint[], $17::bytea[]) AS p), \
             keys AS ( \
               INSERT INTO session_key (session, wrapped) \
               SELECT k.* FROM head, unnest($18::uuid[], $19::bytea[]) AS k), \
             opened AS ( \
               INSERT INTO ledger_open_intent (exchange, seq, session, node, boot) \
               SELECT o.*, $24, $25 FROM head, unnest($20::uuid[], $21::bigint[], $22::uuid[]) AS o), \
             closed AS ( \
               DELETE FROM ledger_open_intent USING head WHERE exchange = ANY ($23::uuid[])) \
             INSERT INTO ledger_batch (first_seq, count, previous_root, root, node, boot, batch_no, key_id, signature) \
             SELECT $5, $26, $6, $2, $24, $25, $27, $28, $29 FROM head",
        )
        .bind(head.size.cast_signed())
        .bind(head.root.as_bytes().as_slice())
        .bind(self.after.frontier.to_bytes())
        .bind(self.after.last_leaf.as_bytes().as_slice())
        .bind(batch.first.cast_signed())
        .bind(batch.previous_root.as_bytes().as_slice())
        .bind(self.last_leaf_before.as_bytes().as_slice())
        .bind(fence)
        .bind(&self.named)
        .bind(&self.open)
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
        .bind(batch.node.uuid())
        .bind(batch.boot.uuid())
        .bind(batch.count.cast_signed())
        .bind(batch.number.cast_signed())
        .bind(batch.key.digest().as_bytes().as_slice())
        .bind(self.signed.signature.as_slice())
        .execute(connection)
        .await?;
        Ok(done.rows_affected() == 1)
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
