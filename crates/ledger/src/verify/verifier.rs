//! The verifier itself.

use std::collections::BTreeMap;

use countersign_model::{BootId, NodeId};

use super::{Finding, KeyRing, Reason, Report, Row, exchanges::Exchanges};
use crate::{Digest, Frontier, KeyId, Kind, Origin, Record, SignedBatch, TreeHead, leaf_hash};

/// Reads a log once, front to back. After an error it says nothing more: drop it.
#[derive(Debug)]
pub struct Verifier {
    origin: Origin,
    keys: KeyRing,
    /// Heads remembered outside the database, largest size first; the last one is next.
    milestones: Vec<TreeHead>,
    anchored: Option<u64>,
    frontier: Frontier,
    last_leaf: Digest,
    /// Size and root up to which batch statements have been checked.
    signed: TreeHead,
    /// The author that all rows since `signed` named.
    author: Option<Author>,
    batches: u64,
    kinds: BTreeMap<Kind, u64>,
    signers: BTreeMap<KeyId, u64>,
    exchanges: Exchanges,
}

/// Who wrote a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Author {
    node: NodeId,
    boot: BootId,
    key: KeyId,
}

impl Verifier {
    /// For the log of this name, whose batches these keys may sign.
    pub fn new(origin: Origin, keys: KeyRing) -> Self {
        let frontier = Frontier::empty();
        let signed = frontier.head();
        Self {
            origin,
            keys,
            milestones: Vec::new(),
            anchored: None,
            frontier,
            last_leaf: Digest::ZERO,
            signed,
            author: None,
            batches: 0,
            kinds: BTreeMap::new(),
            signers: BTreeMap::new(),
            exchanges: Exchanges::default(),
        }
    }

    /// Heads remembered outside the database (a node's high-water mark, a witnessed checkpoint) that the log must contain.
    #[must_use]
    pub fn with_milestones(mut self, mut milestones: Vec<TreeHead>) -> Self {
        milestones.retain(|head| head.size > 0);
        milestones.sort_unstable_by_key(|head| std::cmp::Reverse(head.size));
        self.milestones = milestones;
        self
    }

    /// The sequence number that must come next.
    pub const fn next(&self) -> u64 {
        self.frontier.size()
    }

    /// The size up to which batch statements have been checked: the next one must begin here.
    pub const fn signed(&self) -> u64 {
        self.signed.size
    }

    /// Checks the next row and returns the record in it.
    pub fn row(&mut self, row: Row<'_>) -> Result<Record, Finding> {
        let seq = self.next();
        let record = self.check_row(seq, row).map_err(|reason| Finding { seq, reason })?;
        self.frontier.push(row.leaf);
        self.last_leaf = row.leaf;
        *self.kinds.entry(record.kind).or_default() += 1;
        self.pass_milestones()?;
        Ok(record)
    }

    fn check_row(&mut self, seq: u64, row: Row<'_>) -> Result<Record, Reason> {
        match row.seq.cmp(&seq) {
            std::cmp::Ordering::Greater => return Err(Reason::Gap),
            std::cmp::Ordering::Less => return Err(Reason::OutOfOrder),
            std::cmp::Ordering::Equal => {}
        }
        if leaf_hash(row.record) != row.leaf {
            return Err(Reason::BadLeaf);
        }
        let record = Record::decode(row.record).map_err(|_| Reason::Malformed)?;
        if record.origin != self.origin {
            return Err(Reason::WrongOrigin);
        }
        if record.seq != seq || record.kind.code() != row.kind {
            return Err(Reason::Misplaced);
        }
        if record.prev != self.last_leaf {
            return Err(Reason::BrokenLink);
        }
        let author = Author { node: record.node, boot: record.boot, key: record.key };
        if *self.author.get_or_insert(author) != author {
            return Err(Reason::WrongAuthor);
        }
        check_payloads(&record, row.payloads)?;
        if let Some(exchange) = record.exchange {
            self.exchanges.step(record.kind, exchange, seq)?;
        }
        Ok(record)
    }

    fn pass_milestones(&mut self) -> Result<(), Finding> {
        while let Some(head) = self.milestones.last().copied() {
            if head.size > self.frontier.size() {
                break;
            }
            if head != self.frontier.head() {
                // Somewhere in 0..size; which row it was cannot be told from a root.
                return Err(Finding { seq: head.size - 1, reason: Reason::Rewritten });
            }
            self.anchored = Some(head.size);
            self.milestones.pop();
        }
        Ok(())
    }

    /// Checks the statement over the rows since the last one; feed it right after its last row.
    pub fn batch(&mut self, signed: &SignedBatch) -> Result<(), Finding> {
        let at = |reason| Finding { seq: self.signed.size, reason };
        let batch = &signed.batch;
        if batch.first != self.signed.size || batch.count == 0 || batch.end() != Some(self.frontier.size()) {
            return Err(at(Reason::BatchMismatch));
        }
        let key = self.keys.get(&batch.key).ok_or_else(|| at(Reason::UnknownKey))?;
        if !signed.verify(&self.origin, key) {
            return Err(at(Reason::BatchSignature));
        }
        let author = Author { node: batch.node, boot: batch.boot, key: batch.key };
        if self.author.is_some_and(|rows| rows != author) {
            return Err(at(Reason::WrongAuthor));
        }
        let head = self.frontier.head();
        if batch.previous_root != self.signed.root || batch.root != head.root {
            return Err(at(Reason::RootMismatch));
        }
        self.signed = head;
        self.author = None;
        self.batches += 1;
        *self.signers.entry(batch.key).or_default() += 1;
        Ok(())
    }

    /// Ends the reading. `head` is what the database says its head is.
    pub fn finish(self, head: TreeHead) -> Result<Report, Finding> {
        let found = self.frontier.head();
        let fail = |seq, reason| Err(Finding { seq, reason });
        if found.size < head.size || !self.milestones.is_empty() {
            return fail(found.size, Reason::Truncated);
        }
        if self.signed.size != found.size {
            return fail(self.signed.size, Reason::BatchMismatch);
        }
        if found.size > head.size {
            return fail(head.size, Reason::BeyondHead);
        }
        if found.root != head.root {
            return fail(found.size.saturating_sub(1), Reason::HeadMismatch);
        }
        Ok(Report {
            rows: found.size,
            batches: self.batches,
            head: found,
            last_leaf: self.last_leaf,
            kinds: self.kinds,
            keys: self.signers,
            open: self.exchanges.open(),
            open_intents: self.exchanges.list(),
            anchored: self.anchored,
        })
    }
}

/// Every payload the record speaks of is there, unaltered, and no other.
fn check_payloads(record: &Record, stored: &[(u8, Digest)]) -> Result<(), Reason> {
    let mut promised = 0;
    for commitment in record.commitments.iter().filter(|c| c.ciphertext != Digest::ZERO) {
        promised += 1;
        match stored.iter().find(|(tag, _)| *tag == commitment.group.tag()) {
            None => return Err(Reason::PayloadMissing),
            Some((_, hash)) if *hash != commitment.ciphertext => return Err(Reason::PayloadAltered),
            Some(_) => {}
        }
    }
    if stored.len() == promised { Ok(()) } else { Err(Reason::PayloadUnexpected) }
}
