//! What goes into the ledger and what comes back.

use countersign_ledger::{Digest, Group, Kind};
use countersign_model::{BootId, ExchangeId, SessionId, Timestamp};
use uuid::Uuid;

use super::chain::Poison;

/// Something to record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What happened.
    pub kind: Kind,
    /// The session it belongs to, whose data key seals the content.
    pub session: Option<SessionId>,
    /// The exchange it belongs to; required for intent, segment and outcome.
    pub exchange: Option<ExchangeId>,
    /// SHA-256 of the policy in force.
    pub policy: Option<Digest>,
    /// Content by group, each group at most once; sealed before it leaves the process.
    pub contents: Vec<(Group, Vec<u8>)>,
}

/// Proof that an entry is committed. Whoever holds one can later demand its inclusion proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Its place in the log.
    pub seq: u64,
    /// Its leaf hash.
    pub leaf_hash: Digest,
    /// The time in the record.
    pub at: Timestamp,
}

/// An entry that was committed after its caller had given up: whoever opened something must now close it.
#[derive(Debug, Clone, Copy)]
pub struct LateReceipt {
    /// What the caller did not get to see.
    pub receipt: Receipt,
    /// What was recorded.
    pub kind: Kind,
    /// For which session.
    pub session: Option<SessionId>,
    /// For which exchange.
    pub exchange: Option<ExchangeId>,
}

/// Why there is no receipt. Unless it says otherwise, the entry is not and will not be in the log, except that one
/// given up on at the deadline may still be committed: that is then told through a [`LateReceipt`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The queue is full, the database does not answer in time, or the ledger is shutting down. Fail closed.
    #[error("the audit log cannot be written at the moment")]
    Unavailable,
    /// The database's head cannot be explained; nothing is written until somebody has looked.
    #[error("the audit log is stopped: {0}")]
    Poisoned(Poison),
    /// The content is larger than any record may carry.
    #[error("the entry is too large to record")]
    TooLarge,
    /// The entry has no exchange id where one is required, or a group twice.
    #[error("the entry is not complete")]
    Incomplete,
    /// An outcome or segment for an exchange that is not open (any more).
    #[error("the exchange is not open")]
    NotOpen,
    /// An intent for an exchange that is open already.
    #[error("the exchange is open already")]
    AlreadyOpen,
}

/// Whether the ledger takes entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// The last try succeeded.
    Ready,
    /// The last try failed; the writer keeps trying.
    Unavailable,
    /// Stopped for good; see [`AppendError::Poisoned`].
    Poisoned(Poison),
}

impl Entry {
    /// Checks what does not need the database, and puts the groups in order.
    pub(super) fn ordered(mut self, max_bytes: usize) -> Result<Self, AppendError> {
        self.contents.sort_by_key(|(group, _)| *group);
        let doubled = self.contents.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b));
        if doubled || (self.kind.needs_exchange() && self.exchange.is_none()) {
            return Err(AppendError::Incomplete);
        }
        if self.bytes() > max_bytes { Err(AppendError::TooLarge) } else { Ok(self) }
    }

    /// Bytes of content.
    pub(super) fn bytes(&self) -> usize {
        self.contents.iter().map(|(_, content)| content.len()).sum()
    }

    /// Whose data key seals the content: the session's, or the boot's for what belongs to no session.
    pub(super) fn key_scope(&self, boot: BootId) -> Uuid {
        self.session.map_or(boot.uuid(), SessionId::uuid)
    }
}
