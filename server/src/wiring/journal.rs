//! The ledger as the gateway's [`Journal`].

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use countersign_gateway::ports::{Entry, EntryKind, Journal, JournalUnavailable, Receipt};
use countersign_ledger::{Digest, Group, Kind};
use countersign_store::{
    Ledger,
    ledger::{self, AppendError},
};
use tokio_util::sync::CancellationToken;

/// First and longest pause between two tries at an outcome.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Writes the gateway's rows.
pub struct LedgerJournal {
    ledger: Ledger,
    /// Cancelled when the process has waited long enough for outcomes; the next start's sweep closes the rest.
    give_up: CancellationToken,
    /// Rows of exchanges this process has written; open pages are told when it moves.
    written: Arc<AtomicU64>,
}

impl LedgerJournal {
    /// Over an open ledger.
    pub const fn new(ledger: Ledger, give_up: CancellationToken, written: Arc<AtomicU64>) -> Self {
        Self { ledger, give_up, written }
    }
}

#[async_trait]
impl Journal for LedgerJournal {
    async fn append(&self, entry: Entry) -> Result<Receipt, JournalUnavailable> {
        match self.ledger.append(of_gateway(entry)).await {
            Ok(receipt) => {
                self.written.fetch_add(1, Ordering::Relaxed);
                Ok(of_ledger(receipt))
            }
            Err(error) => {
                tracing::warn!(%error, "a record could not be written");
                Err(JournalUnavailable)
            }
        }
    }

    async fn close(&self, entry: Entry) -> Result<Receipt, JournalUnavailable> {
        let mut entry = of_gateway(entry);
        let mut pause = RETRY.0;
        loop {
            match self.ledger.append(entry.clone()).await {
                Ok(receipt) => {
                    self.written.fetch_add(1, Ordering::Relaxed);
                    return Ok(of_ledger(receipt));
                }
                // An earlier try was committed although its confirmation was lost, or a sweep was faster.
                Err(AppendError::NotOpen | AppendError::Poisoned(_)) => return Err(JournalUnavailable),
                Err(error @ (AppendError::Incomplete | AppendError::TooLarge | AppendError::AlreadyOpen)) => {
                    tracing::error!(%error, "an outcome cannot be recorded as it is; only its facts are");
                    if entry.contents.len() <= 1 {
                        return Err(JournalUnavailable);
                    }
                    entry.contents.retain(|(group, _)| *group == Group::Facts);
                    continue;
                }
                Err(AppendError::Unavailable) => {}
            }
            tokio::select! {
                () = self.give_up.cancelled() => return Err(JournalUnavailable),
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(RETRY.1),
            }
        }
    }
}

fn of_gateway(entry: Entry) -> ledger::Entry {
    let kind = match entry.kind {
        EntryKind::Intent => Kind::Intent,
        EntryKind::Segment => Kind::Segment,
        EntryKind::Outcome => Kind::Outcome,
        EntryKind::Refused => Kind::Refused,
    };
    let groups = [
        (Group::Facts, Some(entry.facts)),
        (Group::Request, entry.request),
        (Group::Response, entry.response),
        (Group::Findings, entry.findings),
    ];
    ledger::Entry {
        kind,
        session: entry.session,
        exchange: Some(entry.exchange),
        policy: entry.policy.map(Digest::new),
        contents: groups.into_iter().filter_map(|(group, bytes)| Some((group, bytes?))).collect(),
    }
}

fn of_ledger(receipt: ledger::Receipt) -> Receipt {
    Receipt { seq: i64::try_from(receipt.seq).unwrap_or(i64::MAX), leaf_hash: *receipt.leaf_hash.as_bytes() }
}
