//! The audit log as bytes and proofs: record encoding, hash chain, Merkle tree, signed batches, verification.
//!
//! Pure: no I/O, clock or randomness, so the gateway, the offline verifier and the browser run the same code.
//! It says whether a log is whole and unaltered; it never says that everything that happened was logged.
//! The byte layout is written down in `docs/audit-format.md`, which a test keeps true.
#![forbid(unsafe_code)]

pub mod batch;
pub mod commitment;
pub mod digest;
mod encoding;
pub mod kind;
pub mod origin;
pub mod record;
pub mod tree;
pub mod verify;

pub use batch::{Batch, KeyId, SignedBatch};
pub use commitment::{SALT_LEN, commitment};
pub use digest::Digest;
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use encoding::Malformed;
pub use kind::{Group, Kind};
pub use origin::Origin;
pub use record::{Commitment, MAX_RECORD_LEN, Record, leaf_hash};
pub use tree::{Frontier, TreeHead};
pub use verify::{Finding, KeyRing, Reason, Report, Row, Verifier};
