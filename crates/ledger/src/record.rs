//! One record of the log: who, when, what kind, and commitments to the content. These exact bytes are hashed
//! and stored; everything shown elsewhere is derived from them.
//!
//! Layout (big-endian): see `docs/audit-format.md`. Decoding is strict: one record has one encoding.

use countersign_model::{BootId, ExchangeId, NodeId, SessionId, Timestamp};
use uuid::Uuid;

use crate::{
    Digest, Group, KeyId, Kind, Malformed, Origin,
    encoding::{Cursor, put_optional},
};

/// First byte of every record.
pub const FORMAT_VERSION: u8 = 1;

/// Longest possible record, in bytes: the longest origin, every option present, every group once.
pub const MAX_RECORD_LEN: usize =
    1 + 2 + Origin::MAX_LEN + 8 + 32 + 1 + 8 + 16 + 16 + 32 + 17 + 17 + 33 + 1 + Group::ALL.len() * 65;

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Name of the log.
    pub origin: Origin,
    /// Place in the log, from 0, without holes.
    pub seq: u64,
    /// Leaf hash of the record before; [`Digest::ZERO`] in the first.
    pub prev: Digest,
    /// What happened.
    pub kind: Kind,
    /// When, by the writing node's clock.
    pub at: Timestamp,
    /// The gateway installation that wrote it.
    pub node: NodeId,
    /// The start of that gateway.
    pub boot: BootId,
    /// The key that signs the batch this record is in.
    pub key: KeyId,
    /// The session it belongs to.
    pub session: Option<SessionId>,
    /// The exchange it belongs to; always there for intent, segment and outcome.
    pub exchange: Option<ExchangeId>,
    /// SHA-256 of the policy that was in force.
    pub policy: Option<Digest>,
    /// Content, by ascending group tag, each group at most once.
    pub commitments: Vec<Commitment>,
}

/// A promise about content that is not in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment {
    /// Which content.
    pub group: Group,
    /// See [`crate::commitment()`].
    pub content: Digest,
    /// SHA-256 of the sealed payload as stored; [`Digest::ZERO`] when nothing is stored.
    pub ciphertext: Digest,
}

/// `SHA-256(0x00 ‖ record bytes)`: leaf of the Merkle tree (RFC 6962 section 2.1) and link of the chain.
pub fn leaf_hash(record: &[u8]) -> Digest {
    Digest::of(&[&[0], record])
}

impl Record {
    /// The bytes that are hashed and stored.
    ///
    /// Precondition: commitments ascend by group (as the writer makes them); otherwise decoding will refuse.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.commitments.len() * 65);
        out.push(FORMAT_VERSION);
        out.extend_from_slice(&(self.origin.as_str().len() as u16).to_be_bytes());
        out.extend_from_slice(self.origin.as_str().as_bytes());
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(self.prev.as_bytes());
        out.push(self.kind.code());
        out.extend_from_slice(&self.at.0.to_be_bytes());
        out.extend_from_slice(self.node.uuid().as_bytes());
        out.extend_from_slice(self.boot.uuid().as_bytes());
        out.extend_from_slice(self.key.digest().as_bytes());
        put_optional(&mut out, self.session.map(|id| *id.uuid().as_bytes()).as_ref());
        put_optional(&mut out, self.exchange.map(|id| *id.uuid().as_bytes()).as_ref());
        put_optional(&mut out, self.policy.as_ref().map(Digest::as_bytes));
        out.push(self.commitments.len() as u8);
        for commitment in &self.commitments {
            out.push(commitment.group.tag());
            out.extend_from_slice(commitment.content.as_bytes());
            out.extend_from_slice(commitment.ciphertext.as_bytes());
        }
        out
    }

    /// Reads what [`Record::encode`] wrote, and nothing else.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > MAX_RECORD_LEN {
            return Err(Malformed::TooLong);
        }
        let mut cursor = Cursor::new(bytes);
        if cursor.byte("version")? != FORMAT_VERSION {
            return Err(Malformed::Invalid("version"));
        }
        let origin_len = usize::from(u16::from_be_bytes(cursor.array("origin")?));
        let origin = std::str::from_utf8(cursor.take(origin_len, "origin")?)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(Malformed::Invalid("origin"))?;
        let seq = u64::from_be_bytes(cursor.array("seq")?);
        let prev = Digest::new(cursor.array("prev")?);
        let kind = Kind::from_code(cursor.byte("kind")?).ok_or(Malformed::Invalid("kind"))?;
        let at = Timestamp(i64::from_be_bytes(cursor.array("time")?));
        let node = NodeId::from_uuid(Uuid::from_bytes(cursor.array("node")?));
        let boot = BootId::from_uuid(Uuid::from_bytes(cursor.array("boot")?));
        let key = KeyId::new(Digest::new(cursor.array("key")?));
        let session = cursor.optional("session")?.map(|id| SessionId::from_uuid(Uuid::from_bytes(id)));
        let exchange = cursor.optional("exchange")?.map(|id| ExchangeId::from_uuid(Uuid::from_bytes(id)));
        if kind.needs_exchange() && exchange.is_none() {
            return Err(Malformed::Invalid("exchange"));
        }
        let policy = cursor.optional("policy")?.map(Digest::new);
        let count = cursor.byte("commitment count")?;
        let mut commitments: Vec<Commitment> = Vec::with_capacity(usize::from(count).min(Group::ALL.len()));
        for _ in 0..count {
            let group = Group::from_tag(cursor.byte("group")?).ok_or(Malformed::Invalid("group"))?;
            if commitments.last().is_some_and(|last| last.group >= group) {
                return Err(Malformed::Invalid("group order"));
            }
            let content = Digest::new(cursor.array("commitment")?);
            let ciphertext = Digest::new(cursor.array("ciphertext hash")?);
            commitments.push(Commitment { group, content, ciphertext });
        }
        cursor.end()?;
        Ok(Self { origin, seq, prev, kind, at, node, boot, key, session, exchange, policy, commitments })
    }
}
