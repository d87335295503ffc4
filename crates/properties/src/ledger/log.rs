//! A log as a database holds it, and what somebody could do to it there.

use countersign_ledger::{
    Batch, Commitment, Digest, Finding, Frontier, Group, KeyId, KeyRing, Kind, Origin, Record, Report, Row,
    SignedBatch, SigningKey, TreeHead, Verifier, leaf_hash,
};
use countersign_model::{BootId, ExchangeId, NodeId, SessionId, Timestamp};
use uuid::Uuid;

use crate::input::Input;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    pub seq: u64,
    pub kind: u8,
    pub record: Vec<u8>,
    pub leaf: Digest,
    pub payloads: Vec<(u8, Digest)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    pub rows: Vec<StoredRow>,
    batches: Vec<SignedBatch>,
    head: TreeHead,
}

pub fn origin() -> Origin {
    let name: Result<Origin, _> = "log.test/ledger".parse();
    assert!(name.is_ok());
    name.unwrap_or_else(|_| unreachable!("it is a name"))
}

fn signer(node: u8) -> SigningKey {
    SigningKey::from_bytes(&[node + 1; 32])
}

/// Those of both nodes.
pub fn keys() -> KeyRing {
    let mut keys = KeyRing::default();
    for node in 0..2 {
        assert!(keys.insert(signer(node).verifying_key().as_bytes()));
    }
    keys
}

impl Log {
    /// One row for each byte: its kind and content; some bytes end a batch and say who writes the next.
    pub fn planned(plan: &[u8]) -> Self {
        let mut log = Self { rows: Vec::new(), batches: Vec::new(), head: Frontier::empty().head() };
        let (mut frontier, mut open, mut prev) = (Frontier::empty(), Vec::new(), Digest::ZERO);
        for (number, bytes) in plan.split_inclusive(|byte| byte % 5 == 0).take(4).enumerate() {
            let before = frontier.head();
            let node = bytes.first().map_or(0, |byte| byte >> 7);
            let key = signer(node);
            let author = Author {
                node: NodeId::from_uuid(Uuid::from_u128(u128::from(node) + 1)),
                boot: BootId::from_uuid(Uuid::from_u128(u128::from(node) + 100)),
                key: KeyId::of(&key.verifying_key()),
            };
            for byte in bytes {
                let row = author.row(*byte, frontier.size(), prev, &mut open);
                frontier.push(row.leaf);
                prev = row.leaf;
                log.rows.push(row);
            }
            let batch = Batch {
                first: before.size,
                count: bytes.len() as u32,
                previous_root: before.root,
                root: frontier.head().root,
                node: author.node,
                boot: author.boot,
                number: number as u64,
                key: author.key,
            };
            log.batches.push(batch.sign(&origin(), &key));
        }
        log.head = frontier.head();
        log
    }

    /// Feeds the verifier as the reader of a database does: a batch's statement follows its last row.
    pub fn verify(&self) -> Result<Report, Finding> {
        let mut verifier = Verifier::new(origin(), keys());
        let mut batches = self.batches.iter().peekable();
        for row in &self.rows {
            let StoredRow { seq, kind, record, leaf, payloads } = row;
            verifier.row(Row { seq: *seq, kind: *kind, record, leaf: *leaf, payloads })?;
            while let Some(batch) =
                batches.next_if(|b| b.batch.end().is_none_or(|end| end <= verifier.next()))
            {
                verifier.batch(batch)?;
            }
        }
        batches.try_for_each(|batch| verifier.batch(batch))?;
        verifier.finish(self.head)
    }

    /// The row after the batch that a row is in.
    pub fn batch_end(&self, seq: u64) -> u64 {
        let end = self.batches.iter().find_map(|batch| batch.batch.end().filter(|end| *end > seq));
        end.unwrap_or(self.rows.len() as u64)
    }

    /// The first row that differs, or that a batch begins with that does.
    pub fn first_difference(&self, other: &Self) -> Option<u64> {
        let rows = self.rows.iter().zip(&other.rows).position(|(one, two)| one != two);
        let short = self.rows.len().min(other.rows.len());
        let rows = rows.or((self.rows.len() != other.rows.len()).then_some(short)).map(|row| row as u64);
        let mut batches = self.batches.iter().zip(&other.batches);
        let batch = batches.find(|(one, two)| one != two).map(|(one, _)| one.batch.first);
        rows.into_iter().chain(batch).min()
    }

    /// One edit.
    pub fn edit(&mut self, input: &mut Input<'_>) {
        let (what, place, byte) = (input.below(11), input.below(64), input.byte());
        let (rows, batches) = (self.rows.len().max(1), self.batches.len().max(1));
        let (at, batch) = (place % rows, place % batches);
        if let Some(row) = self.rows.get_mut(at) {
            match what {
                0 => {
                    let place = usize::from(byte) % row.record.len().max(1);
                    row.record[place] ^= 1 + (byte & 1);
                }
                1 => {
                    // With a leaf that fits.
                    let place = usize::from(byte) % row.record.len().max(1);
                    row.record[place] ^= 1;
                    row.leaf = leaf_hash(&row.record);
                }
                2 => row.kind ^= byte,
                3 => row.seq ^= u64::from(byte),
                4 => row.payloads.push((byte, Digest::ZERO)),
                5 => drop(row.payloads.pop()),
                6 => drop(self.rows.remove(at)),
                7 => {
                    let row = row.clone();
                    self.rows.insert(at, row);
                }
                8 => self.rows.swap(at, usize::from(byte) % rows),
                _ => {}
            }
        }
        if let Some(signed) = self.batches.get_mut(batch).filter(|_| what >= 9) {
            if what == 9 {
                signed.signature[usize::from(byte) % 64] ^= 1;
            } else {
                match byte % 4 {
                    0 => signed.batch.count ^= 1,
                    1 => signed.batch.number ^= 1,
                    2 => signed.batch.root = Digest::ZERO,
                    _ => signed.batch.first ^= 1,
                }
            }
        }
    }
}

/// Who writes a batch.
struct Author {
    node: NodeId,
    boot: BootId,
    key: KeyId,
}

impl Author {
    fn row(&self, salt: u8, seq: u64, prev: Digest, open: &mut Vec<ExchangeId>) -> StoredRow {
        let (kind, exchange) = next(salt, seq, open);
        let content = |group: Group| Commitment {
            group,
            content: Digest::of(&[&[salt, group.tag()]]),
            ciphertext: if salt & 1 == 0 { Digest::of(&[&[salt]]) } else { Digest::ZERO },
        };
        let record = Record {
            origin: origin(),
            seq,
            prev,
            kind,
            at: Timestamp(i64::from(salt)),
            node: self.node,
            boot: self.boot,
            key: self.key,
            session: (salt & 64 != 0).then(|| SessionId::from_uuid(Uuid::from_u128(7))),
            exchange,
            policy: (salt & 32 != 0).then(|| Digest::of(&[b"policy"])),
            commitments: Group::ALL.into_iter().filter(|g| salt & (1 << g.tag()) != 0).map(content).collect(),
        };
        let stored = record.commitments.iter().filter(|c| c.ciphertext != Digest::ZERO);
        let payloads = stored.map(|c| (c.group.tag(), c.ciphertext)).collect();
        let bytes = record.encode();
        assert_eq!(Record::decode(&bytes).as_ref(), Ok(&record));
        StoredRow { seq, kind: kind.code(), leaf: leaf_hash(&bytes), record: bytes, payloads }
    }
}

/// A kind that may come next, and its exchange.
fn next(salt: u8, seq: u64, open: &mut Vec<ExchangeId>) -> (Kind, Option<ExchangeId>) {
    let kind = Kind::ALL[usize::from(salt) % Kind::ALL.len()];
    match kind {
        Kind::Segment if !open.is_empty() => (kind, open.last().copied()),
        Kind::Outcome if !open.is_empty() => (kind, Some(open.remove(0))),
        Kind::Segment | Kind::Outcome | Kind::Intent => {
            let id = ExchangeId::from_uuid(Uuid::from_u128(1_000 + u128::from(seq)));
            open.push(id);
            (Kind::Intent, Some(id))
        }
        other => (other, None),
    }
}
