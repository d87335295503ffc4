//! What a node signs: "these rows, in this order, after that root, give this root, and I wrote them".
//!
//! One Ed25519 signature (RFC 8032) per batch. The database never sees the private key, so whoever controls only
//! the database can neither add rows nor rewrite them.

use std::fmt;

use countersign_model::{BootId, NodeId};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{Digest, Origin};

const KEY_DOMAIN: &[u8] = b"countersign/key/v1\0";
const BATCH_DOMAIN: &[u8] = b"countersign/batch/v1\0";

/// Names a signing key: a digest of the public key, so it cannot be claimed by another one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(Digest);

/// The statement over one batch of records. The tree had `first` leaves before it and `first + count` after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// Sequence number of its first record; also the size of the tree before.
    pub first: u64,
    /// How many records; at least 1.
    pub count: u32,
    /// Merkle root before.
    pub previous_root: Digest,
    /// Merkle root after.
    pub root: Digest,
    /// Who wrote it.
    pub node: NodeId,
    /// In which run.
    pub boot: BootId,
    /// Counts this run's batches from 0; makes a lost commit reply decidable.
    pub number: u64,
    /// The key it is signed with.
    pub key: KeyId,
}

/// A batch statement and its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedBatch {
    /// What is signed.
    pub batch: Batch,
    /// Ed25519 signature over [`Batch::signed_bytes`].
    pub signature: [u8; 64],
}

impl KeyId {
    /// Wraps a digest read from a record or a database column.
    pub const fn new(digest: Digest) -> Self {
        Self(digest)
    }

    /// The id of a public key.
    pub fn of(key: &VerifyingKey) -> Self {
        Self(Digest::of(&[KEY_DOMAIN, key.as_bytes()]))
    }

    /// The digest inside.
    pub const fn digest(&self) -> &Digest {
        &self.0
    }
}

impl Batch {
    /// The tree's size after this batch; `None` when it would overflow.
    pub const fn end(&self) -> Option<u64> {
        self.first.checked_add(self.count as u64)
    }

    /// What the signature covers: a domain tag, the log's name, then every field in order.
    pub fn signed_bytes(&self, origin: &Origin) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        out.extend_from_slice(BATCH_DOMAIN);
        out.extend_from_slice(&(origin.as_str().len() as u16).to_be_bytes());
        out.extend_from_slice(origin.as_str().as_bytes());
        out.extend_from_slice(&self.first.to_be_bytes());
        out.extend_from_slice(&self.count.to_be_bytes());
        out.extend_from_slice(self.previous_root.as_bytes());
        out.extend_from_slice(self.root.as_bytes());
        out.extend_from_slice(self.node.uuid().as_bytes());
        out.extend_from_slice(self.boot.uuid().as_bytes());
        out.extend_from_slice(&self.number.to_be_bytes());
        out.extend_from_slice(self.key.0.as_bytes());
        out
    }

    /// Signs with the node's key; [`Batch::key`] must be that key's id, or verification will fail.
    pub fn sign(self, origin: &Origin, key: &SigningKey) -> SignedBatch {
        SignedBatch { batch: self, signature: key.sign(&self.signed_bytes(origin)).to_bytes() }
    }
}

impl SignedBatch {
    /// Whether this key made the signature. Strict: no small-order keys, no second spelling of a signature.
    pub fn verify(&self, origin: &Origin, key: &VerifyingKey) -> bool {
        self.batch.key == KeyId::of(key)
            && key
                .verify_strict(&self.batch.signed_bytes(origin), &Signature::from_bytes(&self.signature))
                .is_ok()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn example(key: &SigningKey) -> Batch {
        Batch {
            first: 4,
            count: 3,
            previous_root: Digest::of(&[b"before"]),
            root: Digest::of(&[b"after"]),
            node: NodeId::from_uuid(Uuid::from_u128(1)),
            boot: BootId::from_uuid(Uuid::from_u128(2)),
            number: 9,
            key: KeyId::of(&key.verifying_key()),
        }
    }

    #[test]
    fn every_field_and_the_origin_are_signed() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let origin: Origin = "log.test/a".parse().unwrap();
        let good = example(&key).sign(&origin, &key);
        let public = key.verifying_key();
        assert!(good.verify(&origin, &public));
        assert!(!good.verify(&"log.test/b".parse().unwrap(), &public));
        let other = SigningKey::from_bytes(&[4; 32]);
        assert!(!good.verify(&origin, &other.verifying_key()));
        let edits: [fn(&mut SignedBatch); 9] = [
            |b| b.batch.first += 1,
            |b| b.batch.count += 1,
            |b| b.batch.previous_root = Digest::ZERO,
            |b| b.batch.root = Digest::ZERO,
            |b| b.batch.node = NodeId::from_uuid(Uuid::from_u128(7)),
            |b| b.batch.boot = BootId::from_uuid(Uuid::from_u128(7)),
            |b| b.batch.number += 1,
            |b| b.batch.key = KeyId::new(Digest::ZERO),
            |b| b.signature[63] ^= 0x20,
        ];
        for (at, edit) in edits.iter().enumerate() {
            let mut bad = good;
            edit(&mut bad);
            assert!(!bad.verify(&origin, &public), "edit {at}");
        }
    }

    #[test]
    fn a_small_order_key_is_refused() {
        // The neutral point: with it, cofactored verification would accept a signature for any message.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let public = VerifyingKey::from_bytes(&neutral).unwrap();
        let origin: Origin = "log.test/a".parse().unwrap();
        let mut batch = example(&SigningKey::from_bytes(&[3; 32]));
        batch.key = KeyId::of(&public);
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!SignedBatch { batch, signature }.verify(&origin, &public));
    }
}
