//! Checks a whole log, row by row, in constant memory (plus one entry per exchange that is still open).
//!
//! Feed every row in order, each batch statement after its last row, then finish. The first thing that is wrong
//! ends it: everything before [`Finding::seq`] is proven whole, nothing from there on is.

mod exchanges;
mod finding;
mod verifier;

use std::collections::BTreeMap;

pub use finding::{Finding, Reason};
use serde::Serialize;
pub use verifier::Verifier;

use crate::{Digest, KeyId, Kind, TreeHead, VerifyingKey};
use countersign_model::ExchangeId;

/// How many open intents a report lists; it always counts all of them.
pub const LISTED_OPEN_INTENTS: usize = 100;

/// A row as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The sequence number it is stored under.
    pub seq: u64,
    /// The kind code it is stored under; a copy that is not hashed, so it is compared.
    pub kind: u8,
    /// The record's bytes.
    pub record: &'a [u8],
    /// The leaf hash it is stored with.
    pub leaf: Digest,
    /// Group tag and SHA-256 of every payload stored under this sequence number.
    pub payloads: &'a [(u8, Digest)],
}

/// The public keys that may sign batches.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: BTreeMap<KeyId, VerifyingKey>,
}

/// What was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows read and found good.
    pub rows: u64,
    /// Signed batches read and found good.
    pub batches: u64,
    /// Size and root that the rows give.
    pub head: TreeHead,
    /// Leaf hash of the last row; zero when there is none.
    pub last_leaf: Digest,
    /// Rows by kind; only kinds that occur.
    pub kinds: BTreeMap<Kind, u64>,
    /// Batches by signing key. Whether these are the right keys is for the reader to say.
    pub keys: BTreeMap<KeyId, u64>,
    /// Intents without an outcome.
    pub open: u64,
    /// The oldest open intents, at most [`LISTED_OPEN_INTENTS`].
    pub open_intents: Vec<OpenIntent>,
    /// Size of the largest milestone (a head remembered outside) that the log was found to contain.
    pub anchored: Option<u64>,
}

/// An intent whose outcome has not been recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OpenIntent {
    /// Where the intent is.
    pub seq: u64,
    /// Its exchange.
    pub exchange: ExchangeId,
}

impl KeyRing {
    /// Adds a public key from its 32 bytes; false when they are not a valid key.
    pub fn insert(&mut self, public: &[u8; 32]) -> bool {
        VerifyingKey::from_bytes(public).map(|key| self.keys.insert(KeyId::of(&key), key)).is_ok()
    }

    /// Keeps only the keys for which this is true.
    pub fn retain(&mut self, keep: impl Fn(&KeyId) -> bool) {
        self.keys.retain(|id, _| keep(id));
    }

    /// The key with this id.
    pub fn get(&self, id: &KeyId) -> Option<&VerifyingKey> {
        self.keys.get(id)
    }
}
