//! What can go wrong between us and the database, for everything but the ledger's writer (which has its own words).

use crate::{pool::UnsafeDatabase, seal::SealError};

/// A fault of the store. Its text is for the log, never for a caller.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database answered with an error, or did not answer.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database runs with settings that could lose acknowledged records.
    #[error(transparent)]
    Unsafe(#[from] UnsafeDatabase),
    /// Something sealed did not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A column holds what it never should.
    #[error("{0} holds a value that was not written by this program")]
    Corrupt(&'static str),
}
