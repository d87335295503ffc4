//! The ledger rows of the administrative side: first the row, then the change.

use std::future::Future;

use countersign_ledger::{Group, Kind};
use countersign_model::audit::EventFacts;
use countersign_store::ledger::Entry;

use crate::{Actor, Admin, AdminError};

/// A fact about to be recorded.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    facts: EventFacts,
}

impl Fact {
    /// Something an actor does.
    pub(crate) fn by(actor: &Actor, event: &str, subject: impl Into<String>) -> Self {
        Self::from(&actor.login, &actor.peer, event, subject)
    }

    /// Something somebody does who is not signed in (yet).
    pub(crate) fn from(actor: &str, peer: &str, event: &str, subject: impl Into<String>) -> Self {
        Self {
            facts: EventFacts {
                event: event.to_owned(),
                actor: actor.to_owned(),
                subject: subject.into(),
                detail: Vec::new(),
                peer: peer.to_owned(),
            },
        }
    }

    /// Adds a safe, short detail. Never a secret, a password, or content of an exchange.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.detail.push((name.to_owned(), value.into()));
        self
    }

    /// Adds old and new value, if they differ.
    pub(crate) fn changed<T: PartialEq + std::fmt::Display>(self, name: &str, old: T, new: T) -> Self {
        if old == new { self } else { self.with(name, format!("{old} → {new}")) }
    }

    fn failed(mut self, error: &AdminError) -> Self {
        self.facts.event.push_str(".failed");
        self.with("why", error.code())
    }
}

impl Admin {
    /// Records the fact, then makes the change. Without the row the change is not begun; when the change fails, a second
    /// row says so, so that the ledger never claims what did not happen.
    pub(crate) async fn change<T>(
        &self,
        fact: Fact,
        apply: impl Future<Output = Result<T, AdminError>>,
    ) -> Result<T, AdminError> {
        self.record(Kind::AdminChange, fact.clone()).await?;
        match apply.await {
            Ok(done) => Ok(done),
            Err(error) => {
                if self.record(Kind::AdminChange, fact.failed(&error)).await.is_err() {
                    tracing::warn!("a failed change could not be recorded as failed");
                }
                Err(error)
            }
        }
    }

    /// Commits one row outside any session.
    pub(crate) async fn record(&self, kind: Kind, fact: Fact) -> Result<(), AdminError> {
        let facts = serde_json::to_vec(&fact.facts).map_err(|error| self.fault(error))?;
        let entry = Entry {
            kind,
            session: None,
            exchange: None,
            policy: None,
            contents: vec![(Group::Facts, facts)],
        };
        match self.ledger.append(entry).await {
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, "the ledger did not take a row of the administrative side");
                Err(AdminError::AuditUnavailable)
            }
        }
    }
}
