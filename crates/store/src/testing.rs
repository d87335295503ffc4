//! Fresh databases for tests, cut from one migrated template; a clock and a mint to go with them.
//!
//! `COUNTERSIGN_TEST_DATABASE_URL` names a superuser connection on a throw-away cluster that the test run starts
//! (`cargo xtask test`). Tests fail when it is missing: a database test that does not run is not a test.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a broken test cluster must stop the test"
)]

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicU64, atomic::Ordering},
    time::{Duration, SystemTime},
};

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::{SecureRandom as _, SystemRandom},
};
use countersign_model::{Clock, Mint, Timestamp};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{
    Database, DatabaseOptions, Durability, MasterKey,
    ledger::{LateReceipt, Ledger, LedgerConfig, OpenError, Running, Sources},
    pool::MIGRATIONS,
};

/// Where the test run's cluster is.
pub const URL_VARIABLE: &str = "COUNTERSIGN_TEST_DATABASE_URL";

/// Any number: every test that makes the template takes this lock.
const TEMPLATE_LOCK: i64 = 0x0c0f_fee5;

/// A migrated database of its own.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    /// Connected as the cluster's superuser.
    pub database: Database,
    /// The same, as a URL.
    pub url: String,
}

/// A ledger with everything a process would have around it.
pub struct TestLedger {
    /// The ledger.
    pub ledger: Ledger,
    /// Receipts whose callers have gone.
    pub late: mpsc::UnboundedReceiver<LateReceipt>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// Real time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// Time that a test moves by hand.
#[derive(Debug)]
pub struct StillClock(Mutex<Timestamp>);

/// Real randomness.
#[derive(Debug, Default)]
pub struct SystemMint(SystemRandom);

/// The same bytes in every run, never the same twice in one.
#[derive(Debug, Default)]
pub struct CountingMint(AtomicU64);

impl TestDatabase {
    /// A fresh database, empty but for the migrations.
    pub async fn fresh() -> Self {
        let cluster = std::env::var(URL_VARIABLE)
            .expect("COUNTERSIGN_TEST_DATABASE_URL is set to a throw-away cluster: run `cargo xtask test`");
        let cluster = Url::parse(&cluster).expect("COUNTERSIGN_TEST_DATABASE_URL is a URL");
        let mut admin = PgConnection::connect(cluster.as_str()).await.expect("the test cluster answers");
        let template = template(&mut admin, &cluster).await;
        let name: String = sqlx::query_scalar("SELECT 'test_' || replace(gen_random_uuid()::text, '-', '')")
            .fetch_one(&mut admin)
            .await
            .expect("a name");
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}")))
            .execute(&mut admin)
            .await
            .expect("a fresh database");
        let url = named(&cluster, &name);
        Self { database: Self::connect(&url).await, url }
    }

    /// Another connection to a test database: a second process, or a proxy in front of it.
    pub async fn connect(url: &str) -> Database {
        let options = DatabaseOptions {
            page_connections: 4,
            durability: Durability::TestOnly,
            ..DatabaseOptions::default()
        };
        Database::connect(url, options).await.expect("the test database answers")
    }
}

impl TestLedger {
    /// Opens the ledger of a test database with the master key of all tests.
    pub async fn open(database: &Database, config: LedgerConfig) -> Result<Self, OpenError> {
        let (sender, late) = mpsc::unbounded_channel();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let running = Running { tasks: tasks.clone(), stop: stop.clone(), late: sender };
        let ledger = Ledger::open(database, config, sources(), running).await?;
        Ok(Self { ledger, late, tasks, stop })
    }

    /// Ends it as a process does: what is queued is written, then the tasks end.
    pub async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// What every test passes in: real time and randomness, and the same master key.
pub fn sources() -> Sources {
    Sources { clock: Arc::new(SystemClock), mint: Arc::new(SystemMint::default()), master: master_key() }
}

/// The master key of all tests.
pub fn master_key() -> Arc<MasterKey> {
    Arc::new(MasterKey::new([0x42; 32]).expect("a key"))
}

/// A ledger configuration with the usual bounds.
pub fn ledger_config(directory: impl Into<PathBuf>) -> LedgerConfig {
    LedgerConfig::new("log.test/ledger".parse().expect("a name"), directory.into())
}

/// The name of the template for this state of the migrations, made if it is not there.
async fn template(admin: &mut PgConnection, cluster: &Url) -> String {
    let checksums: Vec<u8> = MIGRATIONS.iter().flat_map(|migration| migration.checksum.to_vec()).collect();
    let hash = digest(&SHA256, &checksums);
    let tag = hash.as_ref().first_chunk().map(|first| u64::from_be_bytes(*first)).expect("32 bytes");
    let (template, unfinished) = (format!("template_{tag:016x}"), format!("unfinished_{tag:016x}"));
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *admin)
        .await
        .expect("the lock");
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(&template)
        .fetch_one(&mut *admin)
        .await
        .expect("a list of databases");
    if !there {
        // Renamed when complete: a test that dies here leaves no half-migrated template.
        for statement in [
            format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"),
            format!("CREATE DATABASE {unfinished}"),
        ] {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut *admin).await.expect("an empty database");
        }
        let database = TestDatabase::connect(&named(cluster, &unfinished)).await;
        database.migrate().await.expect("the migrations run");
        database.close().await;
        let rename = format!("ALTER DATABASE {unfinished} RENAME TO {template}");
        // The migrating connection's backend may still be on its way out.
        for _ in 0..50 {
            if sqlx::query(AssertSqlSafe(rename.clone())).execute(&mut *admin).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(TEMPLATE_LOCK).execute(admin).await.expect("the lock");
    template
}

fn named(cluster: &Url, database: &str) -> String {
    let mut url = cluster.clone();
    url.set_path(database);
    url.into()
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
    }
}

impl StillClock {
    /// Stands at this moment.
    pub const fn at(moment: Timestamp) -> Self {
        Self(Mutex::new(moment))
    }

    /// Moves on (or back).
    pub fn set(&self, moment: Timestamp) {
        *self.0.lock().expect("no test panicked while holding the clock") = moment;
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no test panicked while holding the clock")
    }
}

impl Mint for SystemMint {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect("the system has randomness");
    }
}

impl Mint for CountingMint {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let stream = digest(&SHA256, &count);
        for (byte, random) in bytes.iter_mut().zip(stream.as_ref().iter().cycle()) {
            *byte = *random;
        }
    }
}
