//! The connections as one immutable snapshot, swapped as a whole: a request keeps the one it began with.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use countersign_model::{Secret, connection::Connection};
use countersign_policy::Policy;
use sha2::{Digest, Sha256};

/// A connection, ready to be used.
#[derive(Debug)]
pub struct Route {
    pub connection: Connection,
    /// The model server's credential, unsealed.
    pub secret: Option<Secret<String>>,
    pub policy: Policy,
    /// SHA-256 of the policy's canonical text.
    pub policy_digest: [u8; 32],
}

impl Route {
    /// Compiles a connection.
    pub fn new(connection: Connection, secret: Option<Secret<String>>) -> Self {
        let policy = Policy::of(&connection.settings);
        let policy_digest = Sha256::digest(policy.canonical().as_bytes()).into();
        Self { connection, secret, policy, policy_digest }
    }
}

/// All connections by name.
pub type Snapshot = HashMap<String, Arc<Route>>;

/// Holds the present snapshot.
#[derive(Debug, Default)]
pub struct Directory {
    present: RwLock<Arc<Snapshot>>,
}

impl Directory {
    /// The snapshot of this moment.
    pub fn load(&self) -> Arc<Snapshot> {
        Arc::clone(&self.present.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a new snapshot in place; requests under way keep theirs.
    pub fn swap(&self, next: Snapshot) {
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }
}
