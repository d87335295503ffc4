//! What this process has verified of the log, and how it follows what other nodes append.
//!
//! The head row is a hint. Before it is extended, the leaves and signed batches since the last verified state are
//! read and must lead to it; otherwise the writer stops (audit design: "trust the head as little as possible").

use std::collections::BTreeSet;

use countersign_ledger::{Batch, Digest, Frontier, KeyId, KeyRing, Origin, SignedBatch, TreeHead};
use countersign_model::{BootId, NodeId};
use serde::Serialize;
use sqlx::{PgConnection, Row as _, postgres::PgRow};

use super::statements;
use crate::StoreError;

/// A state of the log that this process has explained to itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verified {
    pub frontier: Frontier,
    pub last_leaf: Digest,
}

/// The head row as the database tells it.
#[derive(Debug)]
pub(super) struct StoredHead {
    pub head: TreeHead,
    pub frontier: Vec<u8>,
    pub last_leaf: Digest,
    /// What a statement that extends the head must name; not evidence.
    pub fence: i64,
}

/// A head that must not be extended, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
pub enum Poison {
    /// The log is shorter than this node has seen it.
    #[error(
        "the database holds {found} records, but this node has seen {seen}: it was restored or truncated"
    )]
    Shorter {
        /// Size this node has seen.
        seen: u64,
        /// Size in the database.
        found: u64,
    },
    /// Same size, other content.
    #[error("the database's log of {size} records is not the one this node has seen: it was replaced")]
    Replaced {
        /// The size of both.
        size: u64,
    },
    /// Rows since the last verified state do not lead to the head.
    #[error("the rows from {from} on do not lead to the database's head")]
    Unexplained {
        /// The first row that is not explained.
        from: u64,
    },
    /// A batch is not signed by a node that may sign.
    #[error("the batch at {from} is not signed by a known node")]
    Unsigned {
        /// Its first row.
        from: u64,
    },
    /// The log in this database has another name.
    #[error("the database holds another log than the one configured")]
    OtherLog,
}

/// Whose batches are believed.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    pub origin: Origin,
    /// This node's key is always among them; `None` believes every registered key.
    pub peers: Option<BTreeSet<KeyId>>,
    pub own: KeyId,
}

/// Who wrote a batch, and which of its run's batches it is.
pub(super) type BatchName = (NodeId, BootId, u64);

impl Verified {
    pub const fn empty() -> Self {
        Self { frontier: Frontier::empty(), last_leaf: Digest::ZERO }
    }

    /// Follows the log from here to `stored`, calling `seen` for every batch on the way.
    pub async fn follow(
        &self,
        connection: &mut PgConnection,
        stored: &StoredHead,
        trust: &Trust,
        mut seen: impl FnMut(BatchName) + Send,
    ) -> Result<Result<Self, Poison>, StoreError> {
        let mine = self.frontier.head();
        if stored.head.size < mine.size {
            return Ok(Err(Poison::Shorter { seen: mine.size, found: stored.head.size }));
        }
        let mut reached = self.clone();
        if stored.head.size > mine.size {
            let keys = registered_keys(connection, trust).await?;
            while reached.frontier.size() < stored.head.size {
                let from = reached.frontier.size();
                let batches = statements::batches_from(connection, from).await?;
                if batches.is_empty() {
                    return Ok(Err(Poison::Unexplained { from }));
                }
                for signed in &batches {
                    match reached.extend(connection, signed, &keys, trust).await? {
                        Ok(()) => seen((signed.batch.node, signed.batch.boot, signed.batch.number)),
                        Err(poison) => return Ok(Err(poison)),
                    }
                }
            }
        }
        Ok(if reached.frontier.head() == stored.head && reached.last_leaf == stored.last_leaf {
            Ok(reached)
        } else if stored.head.size == mine.size {
            Err(Poison::Replaced { size: mine.size })
        } else {
            Err(Poison::Unexplained { from: mine.size })
        })
    }

    async fn extend(
        &mut self,
        connection: &mut PgConnection,
        signed: &SignedBatch,
        keys: &KeyRing,
        trust: &Trust,
    ) -> Result<Result<(), Poison>, StoreError> {
        let from = self.frontier.size();
        let Batch { first, previous_root, root, .. } = signed.batch;
        let unexplained = Ok(Err(Poison::Unexplained { from }));
        let Some(end) = signed.batch.end() else { return unexplained };
        if first != from || previous_root != self.frontier.root() {
            return unexplained;
        }
        if !keys.get(&signed.batch.key).is_some_and(|key| signed.verify(&trust.origin, key)) {
            return Ok(Err(Poison::Unsigned { from }));
        }
        for leaf in statements::leaves(connection, first, end).await? {
            self.frontier.push(leaf);
            self.last_leaf = leaf;
        }
        if self.frontier.head() == (TreeHead { size: end, root }) { Ok(Ok(())) } else { unexplained }
    }

    /// Takes the log as it is: for a node that has never seen it, and for an accepted restore. Checks that the head is
    /// what the last batch's signer signed; what is before it is for verification to check.
    pub async fn adopt(
        connection: &mut PgConnection,
        stored: &StoredHead,
        trust: &Trust,
    ) -> Result<Result<Self, Poison>, StoreError> {
        let size = stored.head.size;
        if size == 0 {
            return Ok(if stored.head == Frontier::empty().head() {
                Ok(Self::empty())
            } else {
                Err(Poison::Replaced { size })
            });
        }
        let unexplained = Ok(Err(Poison::Unexplained { from: size }));
        let Some(signed) = statements::last_batch(connection).await? else { return unexplained };
        let keys = registered_keys(connection, trust).await?;
        let from = signed.batch.first;
        if !keys.get(&signed.batch.key).is_some_and(|key| signed.verify(&trust.origin, key)) {
            return Ok(Err(Poison::Unsigned { from }));
        }
        let Ok(frontier) = Frontier::from_bytes(size, &stored.frontier) else { return unexplained };
        let last = statements::leaves(connection, size - 1, size).await?;
        let explained = signed.batch.end() == Some(size)
            && signed.batch.root == stored.head.root
            && frontier.root() == stored.head.root
            && last == [stored.last_leaf];
        if explained { Ok(Ok(Self { frontier, last_leaf: stored.last_leaf })) } else { unexplained }
    }
}

async fn registered_keys(connection: &mut PgConnection, trust: &Trust) -> Result<KeyRing, StoreError> {
    let mut keys = statements::keys(connection).await?;
    keys.retain(|id| *id == trust.own || trust.peers.as_ref().is_none_or(|peers| peers.contains(id)));
    Ok(keys)
}

impl StoredHead {
    pub fn from_row(row: &PgRow) -> Result<Self, StoreError> {
        let size: i64 = row.try_get(0)?;
        let corrupt = || StoreError::Corrupt("ledger_head");
        Ok(Self {
            head: TreeHead {
                size: u64::try_from(size).map_err(|_| corrupt())?,
                // Owned: what comes by the simple protocol is text and has to be decoded.
                root: Digest::from_slice(&row.try_get::<Vec<u8>, _>(1)?).ok_or_else(corrupt)?,
            },
            frontier: row.try_get(2)?,
            last_leaf: Digest::from_slice(&row.try_get::<Vec<u8>, _>(3)?).ok_or_else(corrupt)?,
            fence: row.try_get(4)?,
        })
    }
}
