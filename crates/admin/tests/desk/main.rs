//! The use cases against a real database and a real ledger.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod audit;
mod capability;
mod connections;
mod oidc;
mod people;
mod setup;
mod sign_in;
mod tokens;

use std::sync::Arc;

use countersign_admin::{
    Actor, Admin, AdminError, FirstAdministrator, NewPerson, Parts, PasswordCost, Settings,
};
use countersign_ledger::{Group, Kind};
use countersign_model::{Clock, Secret, Timestamp, audit::EventFacts, person::Role};
use countersign_store::{
    Database, LedgerReader,
    testing::{StillClock, SystemMint, TestDatabase, TestLedger, ledger_config, master_key},
    token_secret::TokenKey,
};

const PASSWORD: &str = "correct horse battery";
const PEER: &str = "192.0.2.7:50000";

/// One installation.
struct Rig {
    admin: Admin,
    database: Database,
    ledger: Option<TestLedger>,
    reader: LedgerReader,
    clock: Arc<StillClock>,
    _directory: tempfile::TempDir,
}

impl Rig {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let database = TestDatabase::fresh().await.database;
        let directory = tempfile::tempdir().unwrap();
        let ledger = TestLedger::open(&database, ledger_config(directory.path())).await.unwrap();
        let reader = LedgerReader::new(&database, Some(master_key()));
        let clock = Arc::new(StillClock::at(Timestamp(1_764_000_000_123_456_000)));
        let mut settings = Settings::new("https://gateway.test".parse().unwrap());
        settings.password_cost = PasswordCost { memory_kib: 64, passes: 1, lanes: 1 };
        change(&mut settings);
        let admin = Admin::new(Parts {
            database: database.clone(),
            ledger: ledger.ledger.clone(),
            reader: reader.clone(),
            master: master_key(),
            token_key: Arc::new(TokenKey::derive(&[7; 32])),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            mint: Arc::new(SystemMint::default()),
            settings,
        })
        .unwrap();
        Self { admin, database, ledger: Some(ledger), reader, clock, _directory: directory }
    }

    /// With a first administrator, who is returned.
    async fn set_up() -> (Self, Actor) {
        let rig = Self::new().await;
        let ada = rig.first_administrator().await;
        (rig, ada)
    }

    async fn first_administrator(&self) -> Actor {
        let token = self.admin.issue_setup_link().await.unwrap().unwrap();
        self.admin.create_first_administrator(&token, form("ada", PASSWORD), PEER).await.unwrap()
    }

    /// A local account with these roles, signed in.
    async fn person(&self, by: &Actor, login: &str, roles: &[Role], groups: &[&str]) -> Actor {
        self.admin.administrator(by).unwrap().create_person(new_person(login, roles, groups)).await.unwrap();
        self.admin.sign_in_local(login, PASSWORD, PEER).await.unwrap()
    }

    fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now().plus_seconds(seconds));
    }

    /// No row can be written from here on.
    async fn stop_the_ledger(&mut self) {
        if let Some(ledger) = self.ledger.take() {
            ledger.close().await;
        }
    }

    /// Every event in the ledger, oldest first.
    async fn events(&self) -> Vec<(Kind, EventFacts)> {
        let mut events = Vec::new();
        for row in self.reader.records(0..1_000).await.unwrap() {
            let facts = self.reader.content(&row.record, Group::Facts).await.unwrap().unwrap();
            if let Ok(facts) = serde_json::from_slice(&facts) {
                events.push((row.record.kind, facts));
            }
        }
        events
    }

    /// Names of the events after the first `skip`.
    async fn names(&self, skip: usize) -> Vec<String> {
        self.events().await.into_iter().skip(skip).map(|(_, facts)| facts.event).collect()
    }
}

fn form(login: &str, password: &str) -> FirstAdministrator {
    FirstAdministrator {
        login: login.to_owned(),
        display_name: String::new(),
        password: secret(password),
        password_again: secret(password),
    }
}

fn new_person(login: &str, roles: &[Role], groups: &[&str]) -> NewPerson {
    NewPerson {
        login: login.to_owned(),
        display_name: String::new(),
        email: String::new(),
        password: secret(PASSWORD),
        roles: roles.to_vec(),
        groups: groups.iter().map(|&group| group.to_owned()).collect(),
    }
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// The fields that were complained of.
fn fields<T: std::fmt::Debug>(result: Result<T, AdminError>) -> Vec<String> {
    match result {
        Err(AdminError::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}
