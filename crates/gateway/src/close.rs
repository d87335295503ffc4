//! The last stage: exactly one outcome row for each intent, however the exchange ends: complete, broken, refused by the
//! upstream, or dropped because the client left. Dropping an [`OpenExchange`] *is* an ending.
//!
//! What even this misses (a killed process) the start-up sweep closes as `unknown`.

use std::{sync::Arc, time::Instant};

use countersign_model::{
    ExchangeId, SessionId,
    entity::Finding,
    exchange::{Coverage, End, OutcomeFacts, SegmentFacts, Timings, Turn, Usage},
    reason::Reason,
    risk::Risk,
};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use crate::{
    journal::in_time,
    ports::{Entry, EntryKind, Journal, JournalUnavailable, Receipt},
};

/// How an exchange ended, and what came back.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub end: Option<End>,
    pub reason: Option<Reason>,
    pub status: Option<u16>,
    pub timings: Timings,
    pub coverage: Coverage,
    pub usage: Usage,
    pub finish_reasons: Vec<String>,
    pub events: u64,
    pub released_bytes: u64,
    pub truncated: bool,
    /// For each of `turns`, which turn of the answer it begins or continues. Empty: they are the whole answer.
    pub parts: Vec<u32>,
    /// For each of `parts`, at which byte of its turn the text begins.
    pub offsets: Vec<u64>,
    /// Masked turns of the answer that no segment row holds yet.
    pub turns: Vec<Turn>,
    pub findings: Vec<Finding>,
    /// Signals in the answer.
    pub risks: Vec<Risk>,
}

/// An exchange whose intent is on record and whose outcome is not.
pub struct OpenExchange {
    open: Option<Inner>,
    /// What is said when it is dropped: the client is gone, unless nothing was sent.
    on_drop: End,
    /// Timings so far, for an ending by drop.
    pub timings: Timings,
}

struct Inner {
    journal: Arc<dyn Journal>,
    tracker: TaskTracker,
    exchange: ExchangeId,
    session: SessionId,
    policy: [u8; 32],
    with_content: bool,
    /// When the request arrived.
    arrived: Instant,
}

impl OpenExchange {
    pub(crate) fn new(
        journal: Arc<dyn Journal>,
        tracker: TaskTracker,
        exchange: ExchangeId,
        session: SessionId,
        policy: [u8; 32],
        with_content: bool,
        arrived: Instant,
    ) -> Self {
        let inner = Inner { journal, tracker, exchange, session, policy, with_content, arrived };
        Self { open: Some(inner), on_drop: End::NotForwarded, timings: Timings::default() }
    }

    /// From now on the upstream may have seen the request.
    pub(crate) const fn sent(&mut self) {
        self.on_drop = End::ClientGone;
    }

    /// Writes a part of a long answer. The caller waits: what is not on record is not released.
    pub(crate) async fn segment(
        &self,
        parts: Vec<u32>,
        offsets: Vec<u64>,
        turns: &[Turn],
    ) -> Result<Receipt, JournalUnavailable> {
        let Some(inner) = &self.open else { return Err(JournalUnavailable) };
        let bytes = turns.iter().map(|turn| turn.text.len() as u64).sum();
        let entry = Entry {
            kind: EntryKind::Segment,
            session: Some(inner.session),
            exchange: inner.exchange,
            policy: Some(inner.policy),
            facts: json(&SegmentFacts { bytes, parts, offsets }),
            request: None,
            response: inner.with_content.then(|| json(&turns)),
            findings: None,
        };
        in_time(inner.journal.append(entry)).await
    }

    /// Ends the exchange. The outcome is written by a task that outlives the request; awaiting the handle waits for it.
    pub(crate) fn close(
        mut self,
        outcome: Outcome,
    ) -> Option<JoinHandle<Result<Receipt, JournalUnavailable>>> {
        self.open.take().map(|inner| inner.write(outcome))
    }
}

impl Drop for OpenExchange {
    fn drop(&mut self) {
        if let Some(inner) = self.open.take() {
            // A fault of ours is no leaving of the client's.
            let (end, reason) = if std::thread::panicking() {
                (End::Failed, Some(Reason::Internal))
            } else {
                (self.on_drop, None)
            };
            inner.write(Outcome { end: Some(end), reason, timings: self.timings, ..Outcome::default() });
        }
    }
}

impl Inner {
    fn write(self, mut outcome: Outcome) -> JoinHandle<Result<Receipt, JournalUnavailable>> {
        // However it ended, also by being dropped: a client that waited and left has waited until now.
        outcome.timings.ended = u64::try_from(self.arrived.elapsed().as_micros()).ok();
        let facts = OutcomeFacts {
            end: outcome.end.unwrap_or(End::Completed),
            reason: outcome.reason,
            status: outcome.status,
            timings: outcome.timings,
            coverage: outcome.coverage,
            usage: outcome.usage,
            finish_reasons: outcome.finish_reasons,
            events: outcome.events,
            released_bytes: outcome.released_bytes,
            truncated: outcome.truncated,
            parts: outcome.parts,
            offsets: outcome.offsets,
            risks: outcome.risks,
        };
        let entry = Entry {
            kind: EntryKind::Outcome,
            session: Some(self.session),
            exchange: self.exchange,
            policy: Some(self.policy),
            facts: json(&facts),
            request: None,
            response: (self.with_content && !outcome.turns.is_empty()).then(|| json(&outcome.turns)),
            findings: (!outcome.findings.is_empty()).then(|| json(&outcome.findings)),
        };
        let journal = self.journal;
        self.tracker.spawn(async move { journal.close(entry).await })
    }
}

/// A document of the record. These types always serialise; an empty document would be refused by its reader.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
