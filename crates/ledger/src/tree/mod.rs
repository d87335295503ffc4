//! The Merkle tree over the leaf hashes (RFC 6962 section 2.1, RFC 9162 section 2.1).
//!
//! The log itself holds only a [`Frontier`]: at most 64 hashes, whatever its size.

mod frontier;
mod proof;

pub use frontier::{Frontier, InvalidFrontier};
pub use proof::{
    InvalidProof, consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion,
};
use serde::{Deserialize, Serialize};

use crate::Digest;

/// How much log there is and what it hashes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// Merkle root over them; `SHA-256("")` when empty.
    pub root: Digest,
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[1], left.as_bytes(), right.as_bytes()])
}
