//! Keeps the data path's snapshot true: reads the connections anew whenever any node changed something, and every ten
//! seconds in case a notice was lost.

use std::{sync::Arc, time::Duration};

use countersign_gateway::directory::{Directory, Route};
use countersign_store::{Database, MasterKey, changes::Changes, connections};
use tokio_util::sync::CancellationToken;

use super::callers::StoreCallers;
use crate::http::live::Pulse;

/// How often the snapshot is read without being told.
const EVERY: Duration = Duration::from_secs(10);
/// Pause before listening again after the connection was lost.
const AGAIN: Duration = Duration::from_millis(500);

/// What is kept up to date.
#[derive(Clone)]
pub struct Watch {
    pub database: Database,
    pub master: Arc<MasterKey>,
    pub directory: Arc<Directory>,
    pub callers: Arc<StoreCallers>,
    pub pulse: Pulse,
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

    /// Reads all connections and puts them in place at once.
    pub async fn read(&self) {
        let read = async {
            let mut conn =
                self.database.pages().acquire().await.map_err(countersign_store::StoreError::from)?;
            connections::all_with_secrets(&mut conn).await
        };
        let sealed = match read.await {
            Ok(sealed) => sealed,
            Err(error) => {
                tracing::warn!(%error, "connections could not be read; the last snapshot stays");
                return;
            }
        };
        let mut snapshot = std::collections::HashMap::with_capacity(sealed.len());
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
            snapshot
                .insert(row.connection.settings.name.clone(), Arc::new(Route::new(row.connection, secret)));
        }
        self.directory.swap(snapshot);
        self.pulse.config_changed();
    }
}
