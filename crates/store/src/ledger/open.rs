//! Opening the ledger: is the database safe, is its log the one this node has seen, and who are we.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc, time::Duration};

use countersign_ledger::{Digest, Group, KeyId, Kind, Origin, Record, TreeHead};
use countersign_model::{BootId, Clock, Mint, NodeId};
use serde_json::json;
use sqlx::PgConnection;
use tokio::sync::{mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    chain::{Poison, StoredHead, Trust, Verified},
    commit::Author,
    data_keys::DataKeys,
    entry::{AppendError, Entry, Health, LateReceipt, Receipt},
    keeper::{Keeper, KeeperError},
    queue::{Queue, Ticket},
    statements,
    writer::{Progress, Writer},
};
use crate::{Database, MasterKey, SelfCheck, StoreError};

/// The high-water mark is written at most this often: it trails the log by this much.
const MARK_INTERVAL: Duration = Duration::from_millis(250);

/// What the operator decides.
#[derive(Debug, Clone)]
pub struct LedgerConfig {
    /// The log's name; the same on every node, for ever.
    pub origin: Origin,
    /// Where this node keeps its key and high-water mark. Outside the database, backed up apart from it.
    pub directory: PathBuf,
    /// Longest wait for a receipt.
    pub deadline: Duration,
    /// Keys of the other nodes; `None` believes every key registered in the database.
    pub peers: Option<BTreeSet<KeyId>>,
    /// What to do when the database is behind what this node has seen.
    pub on_restore: OnRestore,
    /// How much may wait and how much goes into one batch.
    pub limits: Limits,
}

/// A database that is behind, or other than, what this node has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnRestore {
    /// Do not start.
    #[default]
    Refuse,
    /// Go on from what is there, and say so in a [`Kind::Gap`] record that names both heads.
    Accept,
}

/// Bounds of memory.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most entries in the queue.
    pub queue_records: usize,
    /// Most bytes of content in the queue and the batch under way.
    pub queue_bytes: usize,
    /// Most entries in one batch.
    pub batch_records: usize,
    /// Most bytes of content in one batch, and so in one entry.
    pub batch_bytes: usize,
}

/// What the process passes in.
#[derive(Clone)]
pub struct Sources {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub mint: Arc<dyn Mint>,
    /// What data keys are sealed under.
    pub master: Arc<MasterKey>,
}

/// How the ledger lives in the process.
#[derive(Debug, Clone)]
pub struct Running {
    /// Where its tasks are counted, so that shutdown waits for the last commit.
    pub tasks: TaskTracker,
    /// Tells it to write what is queued and end.
    pub stop: CancellationToken,
    /// Where receipts go whose callers have gone.
    pub late: mpsc::UnboundedSender<LateReceipt>,
}

/// The ledger, open for writing. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    queue: Queue,
    health: watch::Receiver<Health>,
    seen: watch::Receiver<Verified>,
    clock: Arc<dyn Clock>,
    config: LedgerConfig,
    node: NodeId,
    pub boot: BootId,
    key: KeyId,
    check: SelfCheck,
    pub database: Database,
}

/// Why the ledger did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database is unsafe, or did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node's directory cannot be used.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// The database's log is not the one this node has seen.
    #[error("{0}; if you restored a backup on purpose, start once with the restore accepted")]
    Behind(Poison),
    /// The first records could not be written.
    #[error("the boot record could not be written: {0}")]
    Boot(AppendError),
}

/// Both sides of an accepted restore.
struct Gap {
    seen: Option<TreeHead>,
    found: TreeHead,
}

impl Default for Limits {
    fn default() -> Self {
        Self { queue_records: 4_096, queue_bytes: 64 << 20, batch_records: 1_024, batch_bytes: 4 << 20 }
    }
}

impl LedgerConfig {
    /// The usual bounds; refuses a database that is behind.
    pub fn new(origin: Origin, directory: PathBuf) -> Self {
        Self {
            origin,
            directory,
            deadline: Duration::from_secs(2),
            peers: None,
            on_restore: OnRestore::default(),
            limits: Limits::default(),
        }
    }
}

impl Ledger {
    /// Opens the ledger and writes the boot record. The database is migrated already.
    pub async fn open(
        database: &Database,
        config: LedgerConfig,
        sources: Sources,
        running: Running,
    ) -> Result<Self, OpenError> {
        let check = database.self_check().await?;
        let now = sources.clock.now();
        let keeper = Keeper::open(&config.directory, &config.origin, &*sources.mint, now)?;
        let (node, key) = (keeper.node, keeper.key.clone());
        let key_id = KeyId::of(&key.verifying_key());
        let boot = BootId::from_uuid(sources.mint.uuid(now));
        let trust = Trust { origin: config.origin.clone(), peers: config.peers.clone(), own: key_id };

        let mut connection = database.writer_connection(config.deadline).await?;
        let (verified, gap) = reconcile(&mut connection, &keeper, &trust, config.on_restore).await?;
        let public = *key.verifying_key().as_bytes();
        let new_key = register(&mut connection, key_id, &public, node).await?;

        let (queue, receiver) =
            Queue::new(config.limits.queue_records, config.limits.queue_bytes, running.late.clone());
        let (health_sender, health) = watch::channel(Health::Ready);
        let (seen_sender, seen) = watch::channel(verified.clone());
        let writer = Writer {
            database: database.clone(),
            connection: Some(connection),
            verified,
            trust,
            author: Author { origin: config.origin.clone(), node, boot, key, key_id },
            keys: DataKeys::new(Arc::clone(&sources.master)),
            mint: sources.mint,
            limits: config.limits,
            deadline: config.deadline,
            queue: receiver,
            late: running.late,
            health: health_sender,
            seen: seen_sender,
            stop: running.stop,
            batch: Progress::default(),
            alone: None,
        };
        running.tasks.spawn(writer.run());
        running.tasks.spawn(keep_mark(keeper, seen.clone(), running.tasks.clone()));

        let clock = sources.clock;
        let database = database.clone();
        let shared = Shared { queue, health, seen, clock, config, node, boot, key: key_id, check, database };
        let ledger = Self { shared: Arc::new(shared) };
        ledger.announce(new_key.then_some(public), gap).await.map_err(OpenError::Boot)?;
        Ok(ledger)
    }

    /// The first records of a run: a key that is new, a gap that was accepted, the boot itself.
    async fn announce(&self, new_key: Option<[u8; 32]>, gap: Option<Gap>) -> Result<(), AppendError> {
        if let Some(public) = new_key {
            let facts =
                json!({ "key": self.key_id(), "public_key": Digest::new(public), "node": self.node() });
            self.append(Entry::of_node(Kind::Key, &facts)).await?;
        }
        if let Some(gap) = gap {
            let facts = json!({ "seen": gap.seen, "found": gap.found });
            self.append(Entry::of_node(Kind::Gap, &facts)).await?;
        }
        let facts = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "node": self.node(),
            "self_check": self.shared.check,
        });
        self.append(Entry::of_node(Kind::Boot, &facts)).await?;
        Ok(())
    }

    /// Records an entry. When this returns a receipt the record is durable; when it returns an error, see there.
    ///
    /// Waits at most for the configured deadline. Dropping the future gives up in the same way as the deadline does.
    pub async fn append(&self, entry: Entry) -> Result<Receipt, AppendError> {
        self.enqueue(entry)?.wait(self.shared.config.deadline).await
    }

    pub(super) fn enqueue(&self, entry: Entry) -> Result<Ticket, AppendError> {
        if let Health::Poisoned(poison) = *self.shared.health.borrow() {
            return Err(AppendError::Poisoned(poison));
        }
        let entry = entry.ordered(self.shared.config.limits.batch_bytes)?;
        self.shared.queue.push(entry, self.shared.clock.now())
    }

    /// The longest that [`Ledger::append`] waits.
    pub fn deadline(&self) -> Duration {
        self.shared.config.deadline
    }

    /// Whether it takes entries, now and as it changes.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.shared.health.clone()
    }

    /// The newest head this process has verified: what an honest database must contain.
    pub fn seen(&self) -> TreeHead {
        self.shared.seen.borrow().frontier.head()
    }

    /// This installation.
    pub fn node(&self) -> NodeId {
        self.shared.node
    }

    /// This run.
    pub fn boot(&self) -> BootId {
        self.shared.boot
    }

    /// The id of this node's signing key: print it, so that others can name it as a peer.
    pub fn key_id(&self) -> KeyId {
        self.shared.key
    }

    /// The log's name.
    pub fn origin(&self) -> &Origin {
        &self.shared.config.origin
    }

    /// What the self-check found at the start.
    pub fn self_check(&self) -> &SelfCheck {
        &self.shared.check
    }
}

impl Entry {
    /// An entry about the node itself.
    fn of_node(kind: Kind, facts: &serde_json::Value) -> Self {
        let contents = vec![(Group::Facts, facts.to_string().into_bytes())];
        Self { kind, session: None, exchange: None, policy: None, contents }
    }
}

/// Brings together what this node has seen and what the database holds.
async fn reconcile(
    connection: &mut PgConnection,
    keeper: &Keeper,
    trust: &Trust,
    on_restore: OnRestore,
) -> Result<(Verified, Option<Gap>), OpenError> {
    let stored = statements::head(connection).await?;
    if !same_log(connection, &stored, &trust.origin).await? {
        return Err(OpenError::Behind(Poison::OtherLog));
    }
    let mark = match keeper.mark() {
        Ok(mark) => Some(mark),
        Err(KeeperError::MarkMissing(_)) if on_restore == OnRestore::Accept => None,
        Err(error) => return Err(error.into()),
    };
    let refusal = match &mark {
        Some(mark) if !keeper.fresh => match mark.follow(connection, &stored, trust, |_| {}).await? {
            Ok(verified) => return Ok((verified, None)),
            Err(poison) => Some(poison),
        },
        _ => None,
    };
    if let Some(poison) = refusal
        && on_restore == OnRestore::Refuse
    {
        return Err(OpenError::Behind(poison));
    }
    let adopted = Verified::adopt(connection, &stored, trust).await?.map_err(OpenError::Behind)?;
    let gap =
        (!keeper.fresh).then(|| Gap { seen: mark.map(|mark| mark.frontier.head()), found: stored.head });
    Ok((adopted, gap))
}

/// Whether the newest record is of the log of this name; an empty log is of any name.
async fn same_log(
    connection: &mut PgConnection,
    stored: &StoredHead,
    origin: &Origin,
) -> Result<bool, StoreError> {
    let last: Option<Vec<u8>> = sqlx::query_scalar("SELECT record FROM ledger_record WHERE seq = $1")
        .bind(stored.head.size.cast_signed() - 1)
        .fetch_optional(connection)
        .await?;
    Ok(last.is_none_or(|bytes| Record::decode(&bytes).is_ok_and(|record| record.origin == *origin)))
}

/// Makes the public key known; true when it was not.
async fn register(
    connection: &mut PgConnection,
    id: KeyId,
    public: &[u8; 32],
    node: NodeId,
) -> Result<bool, StoreError> {
    let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM ledger_key WHERE key_id = $1)")
        .bind(id.digest().as_bytes().as_slice())
        .fetch_one(&mut *connection)
        .await?;
    if !known {
        sqlx::query("INSERT INTO ledger_key (key_id, public_key, node) VALUES ($1, $2, $3)")
            .bind(id.digest().as_bytes().as_slice())
            .bind(public.as_slice())
            .bind(node.uuid())
            .execute(connection)
            .await?;
    }
    Ok(!known)
}

/// Writes the high-water mark behind the writer's back, so that no receipt waits for a second fsync.
async fn keep_mark(keeper: Keeper, mut seen: watch::Receiver<Verified>, tasks: TaskTracker) {
    let keeper = Arc::new(keeper);
    // The sender is dropped when the writer ends; by then the last state has been seen here.
    while seen.changed().await.is_ok() {
        let latest = seen.borrow_and_update().clone();
        let keeper = Arc::clone(&keeper);
        match tasks.spawn_blocking(move || keeper.write_mark(&latest)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the high-water mark cannot be written"),
            Err(error) => tracing::error!(%error, "the high-water mark was not written"),
        }
        tokio::time::sleep(MARK_INTERVAL).await;
    }
}
