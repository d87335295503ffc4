//! Keeps the data path's snapshot true: reads the connections and the administrators' own patterns and dictionaries anew
//! whenever any node changed something, and every ten seconds in case a notice was lost.
//!
//! Never: goes on with connections whose texts would not be looked through for everything. When the patterns or
//! dictionaries cannot be had, the last snapshot stays; at the start that is one without connections.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use countersign_detect::{Custom, Dictionary, Engine, Fault};
use countersign_gateway::directory::{Detection, Directory, Route, Snapshot};
use countersign_model::{
    OwnEntityId,
    own_entity::{OwnEntity, OwnRule},
};
use countersign_store::{
    Database, MasterKey, PgConnection, StoreError, changes::Changes, connections, own_entities,
};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::callers::StoreCallers;
use crate::http::live::Pulse;

/// How often the snapshot is read without being told.
const EVERY: Duration = Duration::from_secs(10);
/// Pause before listening again after the connection was lost.
const AGAIN: Duration = Duration::from_millis(500);

/// The administrators' own rules that were compiled last, and what came of them.
pub type LookedFor = Mutex<Option<(Vec<(OwnEntityId, i64)>, Detection)>>;

/// What is kept up to date.
#[derive(Clone)]
pub struct Watch {
    pub database: Database,
    pub master: Arc<MasterKey>,
    pub directory: Arc<Directory>,
    pub callers: Arc<StoreCallers>,
    pub pulse: Pulse,
    pub looked_for: Arc<LookedFor>,
}

/// Why the snapshot is not renewed.
#[derive(Debug, Error)]
enum Unread {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the pattern or dictionary {0} cannot be used: {1}")]
    Rule(String, Fault),
    #[error("the patterns and dictionaries cannot be used together: {0}")]
    Together(Fault),
    #[error("compiling was broken off")]
    BrokenOff,
}

impl Watch {
    /// Runs until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.listen() => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(AGAIN) => {}
            }
        }
    }

    async fn listen(&self) {
        let mut changes = match Changes::listen(&self.database).await {
            Ok(changes) => changes,
            Err(error) => {
                tracing::warn!(%error, "cannot listen for changes");
                return;
            }
        };
        loop {
            self.read().await;
            match tokio::time::timeout(EVERY, changes.next()).await {
                Ok(Ok(())) => self.callers.forget(),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "stopped hearing of changes");
                    self.callers.forget();
                    return;
                }
                Err(_) => {}
            }
        }
    }

    /// Reads everything and puts it in place at once.
    pub async fn read(&self) {
        match self.snapshot().await {
            Ok(snapshot) => {
                self.directory.swap(snapshot);
                self.pulse.config_changed();
            }
            Err(error @ Unread::Store(_)) => {
                tracing::warn!(%error, "connections could not be read; the last snapshot stays");
            }
            Err(error) => {
                tracing::error!(%error, "what is looked for could not be made; the last snapshot stays");
            }
        }
    }

    async fn snapshot(&self) -> Result<Snapshot, Unread> {
        let mut conn = self.database.pages().acquire().await.map_err(StoreError::from)?;
        let detection = self.detection(&mut conn).await?;
        let sealed = connections::all_with_secrets(&mut conn).await?;
        let mut routes = HashMap::with_capacity(sealed.len());
        for row in sealed {
            let secret = match row
                .secret
                .as_deref()
                .map(|sealed| connections::open_secret(&self.master, row.connection.id, sealed))
            {
                None => None,
                Some(Ok(secret)) => Some(secret),
                Some(Err(error)) => {
                    // Without its credential the connection would fail at the upstream in a confusing way: leave it out.
                    tracing::error!(connection = row.connection.settings.name, %error, "a stored credential cannot be opened");
                    continue;
                }
            };
            let name = row.connection.settings.name.clone();
            routes.insert(name, Arc::new(Route::new(row.connection, secret, detection.clone())));
        }
        Ok(Snapshot { routes, detection })
    }

    /// What is looked for: as it was, when no rule changed.
    async fn detection(&self, conn: &mut PgConnection) -> Result<Detection, Unread> {
        let versions = own_entities::versions(conn).await?;
        let known = self.looked_for.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, detection)) = known.filter(|(known, _)| *known == versions) {
            return Ok(detection);
        }
        let rules = own_entities::in_use(conn).await?;
        // As read, which may be newer than what was asked first.
        let versions: Vec<_> = rules.iter().map(|rule| (rule.summary.id, rule.summary.version)).collect();
        let own =
            versions.iter().map(|(id, version)| format!("{id} {version}")).collect::<Vec<_>>().join("\n");
        // Large dictionaries take their time: beside the runtime's own threads.
        let engine =
            tokio::task::spawn_blocking(move || compile(&rules)).await.map_err(|_| Unread::BrokenOff)??;
        let detection = Detection { engine: Arc::new(engine), own: own.into() };
        *self.looked_for.lock().unwrap_or_else(PoisonError::into_inner) = Some((versions, detection.clone()));
        Ok(detection)
    }
}

fn compile(rules: &[OwnEntity]) -> Result<Engine, Unread> {
    let (mut customs, mut dictionaries) = (Vec::new(), Vec::new());
    for OwnEntity { rule, .. } in rules {
        let wrong = |fault| Unread::Rule(rule.name().to_owned(), fault);
        match rule {
            OwnRule::Pattern(text) => customs.push(Custom::new(text).map_err(wrong)?),
            OwnRule::Dictionary(text) => dictionaries.push(Dictionary::new(text).map_err(wrong)?),
        }
    }
    if customs.is_empty() && dictionaries.is_empty() {
        return Ok(Engine::standard());
    }
    Engine::with(&customs, &dictionaries).map_err(Unread::Together)
}
