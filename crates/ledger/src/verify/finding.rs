//! What can be wrong with a log.

use serde::Serialize;

/// The first row (or batch) that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("record {seq}: {reason}")]
pub struct Finding {
    /// The first sequence number that is not proven; everything before it is.
    pub seq: u64,
    /// Why.
    pub reason: Reason,
}

/// Why a row or batch is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The bytes do not hash to the leaf hash beside them.
    #[error("the record does not match its hash")]
    BadLeaf,
    /// The bytes are not a record.
    #[error("the record cannot be read")]
    Malformed,
    /// It belongs to another log.
    #[error("the record belongs to another log")]
    WrongOrigin,
    /// It is stored under another number than it says, or an unhashed copy of a field differs.
    #[error("the record was moved, or a copied column was edited")]
    Misplaced,
    /// It does not name the row before it: that row or this one was replaced.
    #[error("the link to the record before is broken")]
    BrokenLink,
    /// One or more rows are missing here.
    #[error("one or more records are missing")]
    Gap,
    /// A row number came again or out of order.
    #[error("a record is out of order")]
    OutOfOrder,
    /// A payload that the record says is stored is not there.
    #[error("a payload is missing")]
    PayloadMissing,
    /// A payload is not the one that was stored.
    #[error("a payload was altered")]
    PayloadAltered,
    /// A payload that no record speaks of.
    #[error("a payload was added")]
    PayloadUnexpected,
    /// The payload cannot be decrypted with the keys at hand.
    #[error("a payload cannot be opened")]
    PayloadUnreadable,
    /// The payload opens, but is not what the record committed to.
    #[error("a payload is not what the record committed to")]
    CommitmentMismatch,
    /// A batch statement is missing, doubled, or does not follow the one before.
    #[error("the batch statements do not cover the records")]
    BatchMismatch,
    /// Its signature is not by the key it names.
    #[error("a batch signature is wrong")]
    BatchSignature,
    /// It is signed by a key that is not known or not trusted.
    #[error("a batch is signed by an unknown key")]
    UnknownKey,
    /// A record names another author than the batch it is in.
    #[error("a record and its batch name different authors")]
    WrongAuthor,
    /// The rows do not give the root that was signed.
    #[error("the records do not give the signed root")]
    RootMismatch,
    /// An outcome (or segment) for an exchange that is not open.
    #[error("an outcome or segment without an intent")]
    OutcomeWithoutIntent,
    /// An exchange was closed twice.
    #[error("a second outcome for the same exchange")]
    SecondOutcome,
    /// An exchange was opened twice.
    #[error("a second intent for the same exchange")]
    SecondIntent,
    /// The rows end before the stored head, or before a head remembered outside.
    #[error("the end of the log is missing")]
    Truncated,
    /// There are rows after the stored head.
    #[error("there are records after the head")]
    BeyondHead,
    /// The stored head is not what the rows give.
    #[error("the stored head does not match the records")]
    HeadMismatch,
    /// The log is not a continuation of a head that was remembered outside.
    #[error("the log was rewritten: an earlier head is not part of it")]
    Rewritten,
}
