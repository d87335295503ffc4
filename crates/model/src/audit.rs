//! What the Audit and Overview pages show of the ledger. The proof itself is `countersign-ledger`'s.

use serde::{Deserialize, Serialize};

use crate::{ExchangeId, SessionId, Timestamp};

/// The newest row, as last seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of rows; the newest row is `size - 1`.
    pub size: i64,
    /// Hex of the newest row's leaf hash.
    pub last_leaf: String,
    /// Hex of the RFC 9162 Merkle root over all rows.
    pub root: String,
}

/// The result of a verification over the whole chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub at: Timestamp,
    /// Rows checked.
    pub rows: i64,
    pub head: Head,
    /// Intents that have no outcome yet.
    pub open_intents: i64,
    /// The first bad row and what is wrong with it, in one sentence.
    pub broken: Option<Broken>,
    pub micros: u64,
}

/// Where the chain stops holding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    pub seq: i64,
    /// Stable code, such as `bad_leaf`.
    pub code: String,
    pub sentence: String,
    /// Hex of the hash that would hold, and of the one that is there, where two hashes were compared.
    pub hashes: Option<Hashes>,
    /// What the row belongs to, as far as the search tables know.
    pub holder: Option<Holder>,
}

/// Two hashes that should be one, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes {
    pub expected: String,
    pub found: String,
}

/// Where on the pages a ledger row is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "holder")]
pub enum Holder {
    /// An exchange, and the cursor of the session page that begins with it.
    Exchange { session: SessionId, exchange: ExchangeId, cursor: String },
    /// An event on the Audit page.
    Event,
}

/// The four honest states of the verify badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ChainState {
    /// Nobody has checked since this process started.
    NotChecked { head: Head },
    /// The server checked every row up to `verification.head`; later rows are newer than the check.
    VerifiedByServer { verification: Verification, head: Head },
    /// This browser recomputed the shown rows itself.
    VerifiedHere { rows: i64, head: Head },
    /// A row does not hold.
    Broken { verification: Verification, head: Head },
}

/// An event that is not an exchange: sign-in, change, read, boot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFacts {
    /// Stable name, such as `connection.created`, `sign_in.failed`, `ledger.verified`.
    pub event: String,
    /// Login or label of who did it; `system` for the process.
    pub actor: String,
    /// What it was done to, such as a connection's name; may be empty.
    pub subject: String,
    /// Safe, short details: old and new values without secrets.
    pub detail: Vec<(String, String)>,
    /// `ip:port` of the TCP peer; empty for the process.
    pub peer: String,
}

/// An event in the list on the Audit page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    pub seq: i64,
    pub kind: String,
    pub at: Timestamp,
    pub facts: EventFacts,
    pub leaf_hash: String,
}

/// Numbers of the Overview page, for the last 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub exchanges: i64,
    pub refused: i64,
    pub findings: i64,
    pub callers: i64,
    pub open: i64,
    /// Exchanges per hour, oldest first, 24 numbers.
    pub hourly: Vec<i64>,
    /// Findings by entity, most first, at most eight.
    pub entities: Vec<(String, i64)>,
    /// Added gateway time (arrival to intent committed), microseconds, median and 99th percentile; `None` without exchanges.
    pub added_p50_micros: Option<i64>,
    pub added_p99_micros: Option<i64>,
    pub connections: i64,
    pub chain: ChainState,
}
