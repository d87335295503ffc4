//! A clean random log to damage.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

use countersign_ledger::{
    Batch, Commitment, Digest, Finding, Frontier, Group, KeyId, KeyRing, Kind, Origin, Record, Report, Row,
    SignedBatch, SigningKey, TreeHead, Verifier, leaf_hash,
};
use countersign_model::{BootId, ExchangeId, NodeId, SessionId, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

/// A row that owns its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    pub seq: u64,
    pub kind: u8,
    pub record: Vec<u8>,
    pub leaf: Digest,
    pub payloads: Vec<(u8, Digest)>,
}

/// A log as a database would hold it.
#[derive(Debug, Clone)]
pub struct Log {
    pub rows: Vec<StoredRow>,
    pub batches: Vec<SignedBatch>,
    pub head: TreeHead,
}

pub fn origin() -> Origin {
    "log.test/ledger".parse().unwrap()
}

pub fn key(node: u8) -> SigningKey {
    SigningKey::from_bytes(&[node + 1; 32])
}

/// What one row is made from.
#[derive(Debug, Clone)]
pub enum Step {
    Plain(u8),
    Intent,
    Segment,
    Outcome,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (5_u8..=11).prop_filter("needs no exchange", |k| *k != 2).prop_map(Step::Plain),
        Just(Step::Intent),
        Just(Step::Segment),
        Just(Step::Outcome),
    ]
}

/// Random steps in batches of random sizes by one of two nodes.
pub fn log() -> impl Strategy<Value = Log> {
    prop::collection::vec((0_u8..2, prop::collection::vec((step(), any::<u8>()), 1..6)), 1..8)
        .prop_map(|batches| build(&batches))
}

pub fn build(batches: &[(u8, Vec<(Step, u8)>)]) -> Log {
    let mut log = Log { rows: vec![], batches: vec![], head: Frontier::empty().head() };
    let mut frontier = Frontier::empty();
    let mut open: Vec<ExchangeId> = vec![];
    let mut prev = Digest::ZERO;
    for (number, (node, steps)) in batches.iter().enumerate() {
        let signer = key(*node);
        let key = KeyId::of(&signer.verifying_key());
        let (node, boot) = (u128::from(*node) + 1, u128::from(*node) + 100);
        let before = frontier.head();
        for (step, salt) in steps {
            let seq = frontier.size();
            let (kind, exchange) = next(step, seq, &mut open);
            let commitments: Vec<_> = Group::ALL
                .into_iter()
                .filter(|group| salt & (1 << group.tag()) != 0)
                .map(|group| Commitment {
                    group,
                    content: Digest::of(&[&[*salt, group.tag()]]),
                    ciphertext: if salt & 1 == 0 { Digest::of(&[&[*salt]]) } else { Digest::ZERO },
                })
                .collect();
            let record = Record {
                origin: origin(),
                seq,
                prev,
                kind,
                at: Timestamp(i64::from(*salt)),
                node: NodeId::from_uuid(Uuid::from_u128(node)),
                boot: BootId::from_uuid(Uuid::from_u128(boot)),
                key,
                session: (salt & 64 != 0).then(|| SessionId::from_uuid(Uuid::from_u128(7))),
                exchange,
                policy: (salt & 128 != 0).then(|| Digest::of(&[b"policy"])),
                commitments,
            };
            let payloads = record
                .commitments
                .iter()
                .filter(|c| c.ciphertext != Digest::ZERO)
                .map(|c| (c.group.tag(), c.ciphertext))
                .collect();
            let bytes = record.encode();
            let leaf = leaf_hash(&bytes);
            frontier.push(leaf);
            prev = leaf;
            log.rows.push(StoredRow { seq, kind: kind.code(), record: bytes, leaf, payloads });
        }
        let after = frontier.head();
        let batch = Batch {
            first: before.size,
            count: steps.len() as u32,
            previous_root: before.root,
            root: after.root,
            node: NodeId::from_uuid(Uuid::from_u128(node)),
            boot: BootId::from_uuid(Uuid::from_u128(boot)),
            number: number as u64,
            key,
        };
        log.batches.push(batch.sign(&origin(), &signer));
    }
    log.head = frontier.head();
    log
}

fn next(step: &Step, seq: u64, open: &mut Vec<ExchangeId>) -> (Kind, Option<ExchangeId>) {
    match step {
        Step::Plain(code) if !matches!(*code, 3 | 4) => (Kind::from_code(*code).unwrap(), None),
        Step::Segment if !open.is_empty() => (Kind::Segment, open.last().copied()),
        Step::Outcome if !open.is_empty() => (Kind::Outcome, Some(open.remove(0))),
        _ => {
            let id = ExchangeId::from_uuid(Uuid::from_u128(1_000 + u128::from(seq)));
            open.push(id);
            (Kind::Intent, Some(id))
        }
    }
}

impl Log {
    /// Feeds the verifier as the reader of a database does: a batch statement follows its last row.
    pub fn verify(&self) -> Result<Report, Finding> {
        self.verify_against(vec![])
    }

    pub fn verify_against(&self, milestones: Vec<TreeHead>) -> Result<Report, Finding> {
        let mut keys = KeyRing::default();
        for node in 0..2 {
            assert!(keys.insert(key(node).verifying_key().as_bytes()));
        }
        let mut verifier = Verifier::new(origin(), keys).with_milestones(milestones);
        let mut batches = self.batches.iter().peekable();
        for row in &self.rows {
            verifier.row(Row {
                seq: row.seq,
                kind: row.kind,
                record: &row.record,
                leaf: row.leaf,
                payloads: &row.payloads,
            })?;
            while let Some(batch) =
                batches.next_if(|b| b.batch.end().is_none_or(|end| end <= verifier.next()))
            {
                verifier.batch(batch)?;
            }
        }
        batches.try_for_each(|batch| verifier.batch(batch))?;
        verifier.finish(self.head)
    }

    /// First sequence number of the batch that holds this row.
    pub fn batch_start(&self, seq: u64) -> u64 {
        self.batches.iter().map(|b| b.batch.first).rfind(|first| *first <= seq).unwrap()
    }
}
