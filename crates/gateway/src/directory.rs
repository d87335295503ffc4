//! The connections, and what is looked for in their texts, as one immutable snapshot, swapped as a whole: a request keeps
//! the one it began with.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use countersign_detect::Engine;
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
    /// SHA-256 of the policy's canonical text, and of what is looked for besides the standard entities.
    pub policy_digest: [u8; 32],
    /// What is looked for.
    pub detection: Detection,
}

/// What is looked for in texts.
#[derive(Debug, Clone)]
pub struct Detection {
    pub engine: Arc<Engine>,
    /// Tells the administrators' own patterns and dictionaries, such as their ids and versions; empty when there are none.
    pub own: Arc<str>,
}

impl Detection {
    /// The standard entities alone.
    pub fn standard() -> Self {
        Self { engine: Arc::new(Engine::standard()), own: "".into() }
    }
}

impl Route {
    /// Compiles a connection.
    pub fn new(connection: Connection, secret: Option<Secret<String>>, detection: Detection) -> Self {
        let policy = Policy::of(&connection.settings);
        let mut digest = Sha256::new_with_prefix(policy.canonical().as_bytes());
        if !detection.own.is_empty() {
            digest.update(b"\0");
            digest.update(detection.own.as_bytes());
        }
        Self { connection, secret, policy, policy_digest: digest.finalize().into(), detection }
    }
}

/// All connections by name, and what is looked for.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub routes: HashMap<String, Arc<Route>>,
    /// As in each route; for texts that belong to none.
    pub detection: Detection,
}

/// Holds the present snapshot.
#[derive(Debug)]
pub struct Directory {
    present: RwLock<Arc<Snapshot>>,
}

impl Default for Directory {
    /// No connections, and the standard entities.
    fn default() -> Self {
        let nothing = Snapshot { routes: HashMap::new(), detection: Detection::standard() };
        Self { present: RwLock::new(Arc::new(nothing)) }
    }
}

impl Directory {
    /// The snapshot of this moment.
    pub fn load(&self) -> Arc<Snapshot> {
        Arc::clone(&self.present.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is looked for at this moment.
    pub fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.load().detection.engine)
    }

    /// Puts a new snapshot in place; requests under way keep theirs.
    pub fn swap(&self, next: Snapshot) {
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }
}
