//! The places where the data path meets the world, as traits, because failing there matters:
//! who the caller is ([`Callers`]) and what is on record ([`Journal`]). The server's `wiring` implements them.

use async_trait::async_trait;
use countersign_model::{
    ExchangeId, Secret, SessionId, Timestamp,
    caller::{Caller, Proof},
    reason::Reason,
};

/// What a journal row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// About to be sent to the model.
    Intent,
    /// A part of a long streamed answer.
    Segment,
    /// How it ended. Exactly one for each intent.
    Outcome,
    /// Not sent.
    Refused,
}

/// One row to be written. The byte groups are JSON documents of `countersign_model::exchange`.
#[derive(Debug, Clone)]
pub struct Entry {
    pub kind: EntryKind,
    pub session: Option<SessionId>,
    pub exchange: ExchangeId,
    /// SHA-256 of the policy's canonical text.
    pub policy: Option<[u8; 32]>,
    pub facts: Vec<u8>,
    /// Masked turns of the prompt.
    pub request: Option<Vec<u8>>,
    /// Masked turns of the answer.
    pub response: Option<Vec<u8>>,
    pub findings: Option<Vec<u8>>,
}

/// Proof that a row is committed: its number and RFC 6962 leaf hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub seq: i64,
    pub leaf_hash: [u8; 32],
}

/// The row could not be confirmed as durable in time. It may or may not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit store did not confirm the row")]
pub struct JournalUnavailable;

/// The audit store. `append` returns `Ok` only when the row is durable, and answers within its deadline (2 s)
/// whatever the database does.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// Makes one row durable.
    async fn append(&self, entry: Entry) -> Result<Receipt, JournalUnavailable>;

    /// Writes the outcome of an exchange, trying until it is durable or the process stops.
    /// Doing it twice for one exchange leaves one row.
    async fn close(&self, entry: Entry) -> Result<Receipt, JournalUnavailable>;
}

/// Why a presented credential does not make a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotACaller {
    Invalid,
    Expired,
    Revoked,
    Spent,
    /// The account behind it is disabled, or has no role that may call models.
    Disabled,
    /// The store or the issuer could not be asked.
    Unavailable,
}

impl NotACaller {
    /// The reason code it is answered with.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Invalid => Reason::InvalidCredential,
            Self::Expired => Reason::ExpiredCredential,
            Self::Revoked => Reason::RevokedCredential,
            Self::Spent => Reason::SpentCredential,
            Self::Disabled => Reason::AccountDisabled,
            Self::Unavailable => Reason::IdentityUnavailable,
        }
    }
}

/// Identity: gateway tokens and access tokens of trusted issuers.
#[async_trait]
pub trait Callers: Send + Sync + 'static {
    /// Checks a presented credential. Does not spend a use.
    async fn identify(&self, presented: &Secret<String>, now: Timestamp) -> Result<Caller, NotACaller>;

    /// Whether a caller that was identified before may go on: the proof has neither ended nor been revoked, and whoever
    /// is behind it is not disabled. A use that was spent stays spent for its own request. Answers within 2 s; a store
    /// that cannot be asked is no reason to stop, for the record decides that.
    async fn still_valid(&self, caller: &Caller, now: Timestamp) -> bool;

    /// Spends one use of a token: of a counted one atomically, of another only in the number its owner reads. Does nothing
    /// for other proofs.
    async fn redeem(&self, proof: &Proof, now: Timestamp) -> Result<(), NotACaller>;

    /// Gives a use back: nothing was sent to the model.
    async fn refund(&self, proof: &Proof);
}
