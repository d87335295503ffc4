//! The database: one pool for pages, and connections of their own for the ledger's writer, so that a slow page
//! never delays a record and a stuck record never starves the pages.

mod self_check;

use std::{str::FromStr as _, time::Duration};

pub use self_check::{SelfCheck, UnsafeDatabase};
use sqlx::{
    Connection as _, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::StoreError;

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// The role whose rights the ledger's writer takes on; made by the first migration when it may.
pub const WRITER_ROLE: &str = "countersign_writer";

/// Whether acknowledged records must survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Settings that could lose a committed transaction are refused.
    #[default]
    Required,
    /// For clusters that a test run makes and throws away. Nothing in the product passes this.
    TestOnly,
}

/// How to use the database.
#[derive(Debug, Clone)]
pub struct DatabaseOptions {
    /// Most connections that pages may hold.
    pub page_connections: u32,
    /// Longest wait for a page connection, and for connecting at all.
    pub acquire_timeout: Duration,
    /// Longest any one statement of a page may run.
    pub statement_timeout: Duration,
    /// Whether commits must be durable.
    pub durability: Durability,
}

/// A migrated or migratable database.
#[derive(Debug, Clone)]
pub struct Database {
    pages: PgPool,
    connect: PgConnectOptions,
    options: DatabaseOptions,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self {
            page_connections: 10,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            durability: Durability::Required,
        }
    }
}

impl Database {
    /// Connects with a `postgres://` URL. Fails when nothing answers within the acquire timeout.
    pub async fn connect(url: &str, options: DatabaseOptions) -> Result<Self, StoreError> {
        let connect = PgConnectOptions::from_str(url)?.application_name("countersign");
        let statement_timeout = millis(options.statement_timeout);
        let pages = PgPoolOptions::new()
            .max_connections(options.page_connections)
            .acquire_timeout(options.acquire_timeout)
            .connect_with(connect.clone().options([("statement_timeout", statement_timeout)]))
            .await?;
        Ok(Self { pages, connect, options })
    }

    /// The pool for everything but writing the ledger.
    pub const fn pages(&self) -> &PgPool {
        &self.pages
    }

    /// Brings the schema up to date. Safe when many processes do it at once: the migrator holds an advisory lock.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        // A connection of its own: a migration may run longer than a page's statement.
        let mut connection = PgConnection::connect_with(&self.connect).await?;
        MIGRATIONS.run(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// Checks that this database can keep a promise: asked on a connection like the ledger's writer uses.
    pub async fn self_check(&self) -> Result<SelfCheck, StoreError> {
        let mut connection = self.writer_connection(self.options.acquire_timeout).await?;
        let check = self_check::run(&mut connection, self.options.durability).await?;
        connection.close().await?;
        Ok(check)
    }

    /// A connection for the ledger's writer: the role's rights only, and no statement, lock wait or idle transaction
    /// longer than `limit`, so that the server lets go of the head even when we are gone. It waits for locks a little less
    /// long, so that what waits for one is over when we give up.
    ///
    /// All its statements look up rows by their keys. Their plans are made once, and never to read a whole table: what is
    /// right for the open intents while there are two would be wrong with thousands of dead ones behind them.
    pub(crate) async fn writer_connection(&self, limit: Duration) -> Result<PgConnection, StoreError> {
        let (limit, lock) = (millis(limit), millis(limit * 3 / 4));
        let connect = self.connect.clone().application_name("countersign-ledger").options([
            ("statement_timeout", limit.as_str()),
            ("lock_timeout", lock.as_str()),
            ("idle_in_transaction_session_timeout", limit.as_str()),
            ("plan_cache_mode", "force_generic_plan"),
            ("enable_seqscan", "off"),
        ]);
        let mut connection = PgConnection::connect_with(&connect).await?;
        let usable: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_writer' \
             AND pg_has_role(current_user, oid, 'MEMBER'))",
        )
        .fetch_one(&mut connection)
        .await?;
        if usable {
            sqlx::query("SET ROLE countersign_writer").execute(&mut connection).await?;
        }
        Ok(connection)
    }

    /// Closes the page pool.
    pub async fn close(&self) {
        self.pages.close().await;
    }
}

/// A Postgres setting in milliseconds; zero would mean "no limit", so it never is.
fn millis(limit: Duration) -> String {
    limit.as_millis().max(1).to_string()
}
