//! What every use case works with, and the ranks by which people get at them.

use std::{fmt::Display, ops::DerefMut, sync::Arc};

use countersign_model::{
    Clock, Mint, PersonId, Timestamp,
    audit::{Overview, Verification},
    person::Role,
};
use countersign_store::{
    Database, Ledger, LedgerReader, MasterKey, PgConnection, PgTransaction, token_secret::TokenKey,
};
use tokio::sync::{Mutex, RwLock};

use crate::{
    Actor, AdminError, Administrator, AuditorDesk, Settings, UserDesk, looks::Looks, password::Passwords,
    throttle::Throttle,
};

/// Failures from one address weigh less than failures of one account: many people share an address.
const PEER_FACTOR: u32 = 10;

/// What the server hands over to build an [`Admin`].
pub struct Parts {
    pub database: Database,
    pub ledger: Ledger,
    pub reader: LedgerReader,
    pub master: Arc<MasterKey>,
    pub token_key: Arc<TokenKey>,
    pub clock: Arc<dyn Clock>,
    pub mint: Arc<dyn Mint>,
    pub settings: Settings,
}

/// The administrative side of one process; shared by `Arc`.
pub struct Admin {
    pub(crate) database: Database,
    pub(crate) ledger: Ledger,
    pub(crate) reader: LedgerReader,
    pub(crate) master: Arc<MasterKey>,
    pub(crate) token_key: Arc<TokenKey>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mint: Arc<dyn Mint>,
    pub(crate) settings: Settings,
    pub(crate) passwords: Passwords,
    /// Failed sign-ins by peer address.
    pub(crate) peers: Throttle,
    /// Failed sign-ins by logins that nobody has, so that locking does not tell which logins exist.
    pub(crate) strangers: Throttle,
    /// The newest verification of this process.
    pub(crate) verification: RwLock<Option<Verification>>,
    /// Held while a verification runs: the others wait for its result.
    pub(crate) verifying: Mutex<()>,
    /// The installation's numbers and when they were read.
    pub(crate) overview: Mutex<Option<(Timestamp, Overview)>>,
    /// Lists whose reading is on record.
    pub(crate) looks: Looks,
}

impl Admin {
    /// Fails only when the password cost is not one that argon2 can have.
    pub fn new(parts: Parts) -> Result<Self, AdminError> {
        let Parts { database, ledger, reader, master, token_key, clock, mint, settings } = parts;
        let passwords = Passwords::new(settings.password_cost, mint.as_ref())
            .map_err(|error| AdminError::field("password_cost", error.to_string()))?;
        let peers = Throttle::new(settings.lockout_after.saturating_mul(PEER_FACTOR), settings.lockout_s);
        let strangers = Throttle::new(settings.lockout_after, settings.lockout_s);
        Ok(Self {
            database,
            ledger,
            reader,
            master,
            token_key,
            clock,
            mint,
            settings,
            passwords,
            peers,
            strangers,
            verification: RwLock::new(None),
            verifying: Mutex::new(()),
            overview: Mutex::new(None),
            looks: Looks::default(),
        })
    }

    /// Changes connections and people. For administrators.
    pub fn administrator(&self, actor: &Actor) -> Result<Administrator<'_>, AdminError> {
        if actor.is(Role::Admin) {
            Ok(Administrator::new(self, actor.clone()))
        } else {
            Err(AdminError::Forbidden)
        }
    }

    /// Reads everybody's sessions and the ledger. For auditors and administrators.
    pub fn auditor(&self, actor: &Actor) -> Result<AuditorDesk<'_>, AdminError> {
        if actor.is(Role::Auditor) || actor.is(Role::Admin) {
            Ok(AuditorDesk::new(self, actor.clone()))
        } else {
            Err(AdminError::Forbidden)
        }
    }

    /// One's own tokens, password and sessions. For everybody who is signed in.
    pub fn user(&self, actor: &Actor) -> UserDesk<'_> {
        UserDesk::new(self, actor.clone())
    }

    /// The settings it was built with.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn new_person_id(&self) -> PersonId {
        PersonId::from_uuid(self.mint.uuid(self.now()))
    }

    /// A connection for reading, or for a change of one statement.
    pub(crate) async fn conn(&self) -> Result<impl DerefMut<Target = PgConnection> + use<>, AdminError> {
        self.database.pages().acquire().await.map_err(|error| self.fault(error))
    }

    /// A transaction; dropped without commit it leaves nothing behind.
    pub(crate) async fn begin(&self) -> Result<PgTransaction<'static>, AdminError> {
        self.database.pages().begin().await.map_err(|error| self.fault(error))
    }

    pub(crate) async fn commit(&self, tx: PgTransaction<'static>) -> Result<(), AdminError> {
        tx.commit().await.map_err(|error| self.fault(error))
    }

    /// Logs a fault under a fresh report id; the caller sees only the id.
    pub(crate) fn fault(&self, error: impl Display) -> AdminError {
        let report = self.mint.uuid(self.now()).simple().to_string();
        tracing::error!(report, %error, "a use case failed");
        AdminError::Internal(report)
    }
}
