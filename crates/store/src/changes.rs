//! Hearing of changes that any node made to connections, people or tokens (`NOTIFY countersign_config`).

use sqlx::postgres::PgListener;

use crate::{Database, StoreError};

const CHANNEL: &str = "countersign_config";

/// A connection that listens.
pub struct Changes {
    listener: PgListener,
}

impl Changes {
    /// Begins to listen; what changes from now on is heard.
    pub async fn listen(database: &Database) -> Result<Self, StoreError> {
        let mut listener = PgListener::connect_with(database.pages()).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self { listener })
    }

    /// Waits for the next change. An error: the connection was lost, and changes may have been missed.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        // `try_recv` gives `None` when the connection was lost, where `recv` would reconnect in silence.
        match self.listener.try_recv().await? {
            Some(_) => Ok(()),
            None => Err(StoreError::from(sqlx::Error::PoolClosed)),
        }
    }
}
