//! The writer's task: while one commit is in flight entries queue up, and the next batch is all of them.
//!
//! At most one batch is under way, and nothing new is begun while it is unknown whether the last one was committed.
//! That is decided under the head's lock, behind a raised fence: a transaction of ours that could still commit holds that
//! lock, and a statement that is still on its way names an older fence. So once we look, our batch is either among the
//! rows or will never be.

use std::{collections::BTreeSet, mem, sync::Arc, time::Duration};

use countersign_model::Mint;
use sqlx::PgConnection;
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    chain::{Poison, Trust, Verified},
    commit::{self, Author, Built},
    data_keys::{DataKeys, seal_contents},
    entry::{AppendError, Health, LateReceipt, Receipt},
    open::Limits,
    queue::Queued,
    statements,
};
use crate::{Database, StoreError};

/// Between two tries at a database that does not answer.
const RETRY: Duration = Duration::from_millis(50);
/// Between two looks at a broken database while nobody wants to write: health must recover by itself.
const PROBE: Duration = Duration::from_millis(500);

pub(super) struct Writer {
    pub database: Database,
    pub connection: Option<PgConnection>,
    pub verified: Verified,
    pub trust: Trust,
    pub author: Author,
    pub keys: DataKeys,
    pub mint: Arc<dyn Mint>,
    pub limits: Limits,
    pub deadline: Duration,
    pub queue: mpsc::Receiver<Queued>,
    pub late: mpsc::UnboundedSender<LateReceipt>,
    pub health: watch::Sender<Health>,
    /// Tells the keeper how far we are.
    pub seen: watch::Sender<Verified>,
    pub stop: CancellationToken,
    pub batch: Progress,
    /// The fence behind which we found, when we last looked, that nobody else writes.
    pub alone: Option<i64>,
}

/// The batch under way.
#[derive(Default)]
pub(super) struct Progress {
    /// Number of the next batch; counts up only when one is known to be committed.
    number: u64,
    entries: Vec<Queued>,
    /// Taken from the queue, but too large for the batch it came up in.
    carried: Option<Queued>,
    in_doubt: Option<InDoubt>,
}

/// A batch that was sent to be committed, without an answer yet.
struct InDoubt {
    number: u64,
    entries: Vec<Queued>,
    receipts: Vec<Receipt>,
    new_keys: Vec<Uuid>,
}

/// Why a try did not succeed.
enum Fault {
    Store(StoreError),
    Poison(Poison),
    /// Another node stored a data key for one of our sessions first.
    KeyTaken,
}

impl Writer {
    /// Runs until it is told to stop and the queue is empty.
    pub async fn run(mut self) {
        let stop = self.stop.clone();
        let mut stopped_at = None;
        loop {
            let broken = *self.health.borrow() == Health::Unavailable;
            tokio::select! {
                biased;
                () = stop.cancelled(), if stopped_at.is_none() => {
                    self.queue.close();
                    stopped_at = Some(Instant::now());
                }
                next = next(&mut self.batch.carried, &mut self.queue) => {
                    let Some(first) = next else { break };
                    self.collect(first);
                    self.work(stopped_at).await;
                }
                () = sleep(PROBE), if broken => self.work(stopped_at).await,
            }
        }
        if self.batch.in_doubt.is_some() {
            self.work(stopped_at).await;
        }
    }

    /// Takes what waits, up to the caps of a batch.
    fn collect(&mut self, first: Queued) {
        let mut bytes = first.bytes();
        self.batch.entries.push(first);
        while self.batch.entries.len() < self.limits.batch_records {
            let Ok(next) = self.queue.try_recv() else { break };
            bytes = bytes.saturating_add(next.bytes());
            if bytes > self.limits.batch_bytes {
                self.batch.carried = Some(next);
                break;
            }
            self.batch.entries.push(next);
        }
    }

    /// Tries until the batch is committed, or nobody waits for it and it is known not to be.
    async fn work(&mut self, stopped_at: Option<Instant>) {
        loop {
            self.batch.entries.retain(|queued| !queued.abandoned());
            let tried = timeout(self.deadline, self.attempt()).await;
            let error = match tried {
                Ok(Ok(())) => {
                    self.health
                        .send_if_modified(|health| mem::replace(health, Health::Ready) != Health::Ready);
                    return;
                }
                Ok(Err(Fault::KeyTaken)) => {
                    self.keys.forget_fresh();
                    for queued in &mut self.batch.entries {
                        queued.sealed = None;
                    }
                    continue;
                }
                Ok(Err(Fault::Poison(poison))) => return self.poison(poison).await,
                Ok(Err(Fault::Store(error))) => error.to_string(),
                Err(_) => "no answer in time".to_owned(),
            };
            if self.health.send_replace(Health::Unavailable) == Health::Ready {
                tracing::error!(error, "the ledger cannot be written");
            }
            self.batch.entries.retain(|queued| !queued.abandoned());
            let given_up = stopped_at.is_some_and(|at| at.elapsed() > self.deadline);
            if given_up || (self.batch.entries.is_empty() && self.batch.in_doubt.is_none()) {
                for queued in self.batch.entries.drain(..) {
                    queued.refuse(AppendError::Unavailable);
                }
                return;
            }
            sleep(RETRY).await;
        }
    }

    /// One batch. Dropping this future at any await is safe: the connection goes with it, and what was sent but not
    /// answered is in `in_doubt`.
    async fn attempt(&mut self) -> Result<(), Fault> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.writer_connection(self.deadline).await?,
        };
        self.seal(&mut connection).await?;
        if self.batch.in_doubt.is_none()
            && let Some(fence) = self.alone.take()
            && let Some(open) = commit::presumed(&self.batch.entries)
            && self.at_once(&mut connection, fence, &open).await?
        {
            self.alone = Some(fence);
        } else {
            self.alone = self.under_lock(&mut connection).await?;
        }
        self.connection = Some(connection);
        Ok(())
    }

    /// The usual case, in one statement that is its own transaction: nobody else has moved the head since we did, and
    /// what the entries presume is so. `false`: it is not known to be so; the other way knows.
    async fn at_once(
        &mut self,
        connection: &mut PgConnection,
        fence: i64,
        open: &BTreeSet<Uuid>,
    ) -> Result<bool, Fault> {
        if self.batch.entries.is_empty() {
            return Ok(false);
        }
        let (built, new_keys) = self.build(open);
        self.doubt(&built.receipts, &new_keys.0);
        match built.append(connection, fence, &new_keys).await {
            Ok(true) => {
                self.verified = built.after;
                self.settle(Some(self.batch.number));
                Ok(true)
            }
            Ok(false) => {
                self.settle(None);
                Ok(false)
            }
            // Refused, as far as can be told; the other way finds out whether it was, and why.
            Err(sqlx::Error::Database(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The sure way: waits for the head's lock, looks at what is there, follows what others have appended. Returns the
    /// fence if nobody else has.
    async fn under_lock(&mut self, connection: &mut PgConnection) -> Result<Option<i64>, Fault> {
        if self.batch.in_doubt.is_some() {
            statements::raise_fence(connection).await?;
        }
        // Those in doubt may come back when the doubt ends.
        let in_doubt = self.batch.in_doubt.iter().flat_map(|doubt| &doubt.entries);
        let asked = commit::exchanges(self.batch.entries.iter().chain(in_doubt));
        let (stored, open) = statements::begin(connection, &asked).await?;
        let me = (self.author.node, self.author.boot);
        let (mut mine, mut alone) = (None, Some(stored.fence));
        let followed = self
            .verified
            .follow(connection, &stored, &self.trust, |(node, boot, number)| {
                if (node, boot) == me {
                    mine = Some(number);
                } else {
                    alone = None;
                }
            })
            .await?;
        // From here to the end of `settle` there is no await: what was seen and what follows from it change together.
        self.verified = followed.map_err(Fault::Poison)?;
        self.settle(mine);
        // What came back from a settled batch may have nobody waiting.
        self.batch.entries.retain(|queued| !queued.abandoned());
        self.batch.entries = commit::admit(mem::take(&mut self.batch.entries), &open);
        if self.batch.entries.is_empty() {
            sqlx::raw_sql("ROLLBACK").execute(connection).await?;
            return Ok(alone);
        }
        let (built, new_keys) = self.build(&open);
        let stored = built.append(connection, stored.fence, &new_keys).await.map_err(key_taken)?;
        if !stored {
            // We hold the lock and have just looked.
            return Err(StoreError::Corrupt("ledger_head").into());
        }
        self.doubt(&built.receipts, &new_keys.0);
        sqlx::raw_sql("COMMIT").execute(connection).await?;
        self.verified = built.after;
        self.settle(Some(self.batch.number));
        Ok(alone)
    }

    /// The entries as a batch on top of what is verified, and the data keys to be stored with it.
    fn build(&self, open: &BTreeSet<Uuid>) -> (Built, (Vec<Uuid>, Vec<Vec<u8>>)) {
        let Progress { number, entries, .. } = &self.batch;
        (
            commit::build(&self.verified, entries, open, &self.author, *number),
            self.keys.unstored(&self.scopes()),
        )
    }

    /// From here on the entries may be in the log.
    fn doubt(&mut self, receipts: &[Receipt], new_keys: &[Uuid]) {
        self.batch.in_doubt = Some(InDoubt {
            number: self.batch.number,
            entries: mem::take(&mut self.batch.entries),
            receipts: receipts.to_vec(),
            new_keys: new_keys.to_vec(),
        });
    }

    /// Seals what is not sealed yet. Before the lock: other nodes do not wait for our ciphers.
    async fn seal(&mut self, connection: &mut PgConnection) -> Result<(), Fault> {
        let boot = self.author.boot;
        let scopes: BTreeSet<Uuid> = self
            .batch
            .entries
            .iter()
            .filter(|queued| queued.sealed.is_none() && !queued.entry.contents.is_empty())
            .map(|queued| queued.entry.key_scope(boot))
            .collect();
        let keys = self.keys.get(connection, &scopes, &*self.mint).await?;
        for queued in self.batch.entries.iter_mut().filter(|queued| queued.sealed.is_none()) {
            if let Some(key) = keys.get(&queued.entry.key_scope(boot)) {
                let sealed = seal_contents(&queued.entry.contents, key, &*self.mint);
                queued.sealed = Some(sealed.map_err(|error| Fault::Store(error.into()))?);
            }
        }
        Ok(())
    }

    /// The key scopes that the batch uses.
    fn scopes(&self) -> BTreeSet<Uuid> {
        let with_content = self.batch.entries.iter().filter(|queued| queued.sealed.is_some());
        with_content.map(|queued| queued.entry.key_scope(self.author.boot)).collect()
    }

    /// Ends the doubt about the last batch: `committed` is the newest batch of ours that is in the log.
    fn settle(&mut self, committed: Option<u64>) {
        self.seen.send_if_modified(|seen| {
            let moved = seen.frontier.size() != self.verified.frontier.size();
            if moved {
                seen.clone_from(&self.verified);
            }
            moved
        });
        let Some(doubt) = self.batch.in_doubt.take() else { return };
        if committed.is_none_or(|number| number < doubt.number) {
            let waiting = mem::replace(&mut self.batch.entries, doubt.entries);
            self.batch.entries.extend(waiting);
            return;
        }
        self.batch.number = doubt.number + 1;
        self.keys.committed(&doubt.new_keys);
        for (queued, receipt) in doubt.entries.into_iter().zip(doubt.receipts) {
            queued.acknowledge(receipt, &self.late);
        }
    }

    /// Stops for good: answers everybody, now and later, until the process ends.
    async fn poison(&mut self, poison: Poison) {
        tracing::error!(%poison, "the ledger is stopped: its head cannot be explained");
        self.health.send_replace(Health::Poisoned(poison));
        let doubt = self.batch.in_doubt.take().map(|doubt| doubt.entries).unwrap_or_default();
        for queued in self.batch.entries.drain(..).chain(doubt).chain(self.batch.carried.take()) {
            queued.refuse(AppendError::Poisoned(poison));
        }
        let stop = self.stop.clone();
        loop {
            tokio::select! {
                () = stop.cancelled(), if !self.queue.is_closed() => self.queue.close(),
                next = self.queue.recv() => match next {
                    Some(queued) => queued.refuse(AppendError::Poisoned(poison)),
                    None => return,
                },
            }
        }
    }
}

async fn next(carried: &mut Option<Queued>, queue: &mut mpsc::Receiver<Queued>) -> Option<Queued> {
    match carried.take() {
        Some(queued) => Some(queued),
        None => queue.recv().await,
    }
}

fn key_taken(error: sqlx::Error) -> Fault {
    let constraint = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
    if constraint == Some("session_key_pkey") { Fault::KeyTaken } else { Fault::Store(error.into()) }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
