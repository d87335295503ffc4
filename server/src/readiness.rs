//! Whether the gateway can do its work: the ledger takes records.

use countersign_store::ledger::Health;
use tokio::sync::watch;

/// Watches the ledger's writer.
#[derive(Clone)]
pub struct Readiness {
    health: watch::Receiver<Health>,
}

impl Readiness {
    /// Over the writer's own report.
    pub const fn new(health: watch::Receiver<Health>) -> Self {
        Self { health }
    }

    /// What stands in the way; `None`: nothing.
    pub fn problem(&self) -> Option<String> {
        match &*self.health.borrow() {
            Health::Ready => None,
            Health::Unavailable => Some("the audit store does not take records".to_owned()),
            Health::Poisoned(poison) => Some(format!("the audit log is stopped: {poison}")),
        }
    }
}
