//! What waits to be written: bounded in records and in bytes, and never silently lost.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use countersign_ledger::Kind;
use countersign_model::{ExchangeId, SessionId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::{
    data_keys::SealedEntry,
    entry::{AppendError, Entry, LateReceipt, Receipt},
};

/// An entry whose caller waits.
#[derive(Debug)]
pub(super) struct Queued {
    pub entry: Entry,
    pub at: Timestamp,
    /// Made once, by the writer; kept over retries.
    pub sealed: Option<SealedEntry>,
    reply: oneshot::Sender<Result<Receipt, AppendError>>,
    weight: Weight,
}

/// The caller's end. Dropping it gives up; a receipt that then still arrives becomes a [`LateReceipt`].
#[derive(Debug)]
pub(super) struct Ticket {
    reply: oneshot::Receiver<Result<Receipt, AppendError>>,
    late: mpsc::UnboundedSender<LateReceipt>,
    about: About,
}

/// What a late receipt is about.
#[derive(Debug, Clone, Copy)]
struct About {
    kind: Kind,
    session: Option<SessionId>,
    exchange: Option<ExchangeId>,
}

/// Bytes counted against the queue's limit for as long as this lives.
#[derive(Debug)]
struct Weight {
    bytes: usize,
    total: Arc<AtomicUsize>,
}

/// The sending side.
#[derive(Debug)]
pub(super) struct Queue {
    sender: mpsc::Sender<Queued>,
    total: Arc<AtomicUsize>,
    max_bytes: usize,
    late: mpsc::UnboundedSender<LateReceipt>,
}

impl Queue {
    pub fn new(
        max_records: usize,
        max_bytes: usize,
        late: mpsc::UnboundedSender<LateReceipt>,
    ) -> (Self, mpsc::Receiver<Queued>) {
        let (sender, receiver) = mpsc::channel(max_records.max(1));
        (Self { sender, total: Arc::default(), max_bytes, late }, receiver)
    }

    /// Puts an entry in, or says at once that there is no room.
    pub fn push(&self, entry: Entry, at: Timestamp) -> Result<Ticket, AppendError> {
        let about = About { kind: entry.kind, session: entry.session, exchange: entry.exchange };
        let weight = Weight::take(entry.bytes(), &self.total, self.max_bytes)?;
        let (reply, receiver) = oneshot::channel();
        self.sender
            .try_send(Queued { entry, at, sealed: None, reply, weight })
            .map_err(|_| AppendError::Unavailable)?;
        Ok(Ticket { reply: receiver, late: self.late.clone(), about })
    }
}

impl Queued {
    /// Nobody waits any more.
    pub fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    /// Bytes of content.
    pub const fn bytes(&self) -> usize {
        self.weight.bytes
    }

    /// The entry is committed: tell the caller, or whoever cares for callers that have gone.
    pub fn acknowledge(self, receipt: Receipt, late: &mpsc::UnboundedSender<LateReceipt>) {
        let about =
            About { kind: self.entry.kind, session: self.entry.session, exchange: self.entry.exchange };
        if self.reply.send(Ok(receipt)).is_err() {
            about.tell(receipt, late);
        }
    }

    /// The entry is not in the log and will not be.
    pub fn refuse(self, why: AppendError) {
        // A caller that has gone needs no answer.
        let _ = self.reply.send(Err(why));
    }
}

impl Ticket {
    /// Waits for the answer, at most this long.
    pub async fn wait(mut self, deadline: Duration) -> Result<Receipt, AppendError> {
        let answer = tokio::time::timeout(deadline, Pin::new(&mut self.reply)).await;
        match answer {
            Ok(Ok(answer)) => answer,
            // The writer has ended.
            Ok(Err(_)) => Err(AppendError::Unavailable),
            Err(_) => {
                // Closing and then looking leaves no moment in which an answer could slip through unseen.
                self.reply.close();
                self.reply.try_recv().unwrap_or(Err(AppendError::Unavailable))
            }
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.reply.close();
        if let Ok(Ok(receipt)) = self.reply.try_recv() {
            self.about.tell(receipt, &self.late);
        }
    }
}

impl About {
    fn tell(self, receipt: Receipt, late: &mpsc::UnboundedSender<LateReceipt>) {
        let Self { kind, session, exchange } = self;
        if late.send(LateReceipt { receipt, kind, session, exchange }).is_err() {
            // Shutting down: the next start's sweep finds what is open.
            tracing::warn!(seq = receipt.seq, %kind, "a late receipt had nobody to go to");
        }
    }
}

impl Weight {
    fn take(bytes: usize, total: &Arc<AtomicUsize>, max: usize) -> Result<Self, AppendError> {
        let weight = Self { bytes, total: Arc::clone(total) };
        // Counted first, so that two callers cannot both take the last room; the drop undoes it.
        if total.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) > max {
            return Err(AppendError::Unavailable);
        }
        Ok(weight)
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
