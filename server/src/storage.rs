//! The database: the one whose URL was given, or our own. Commands beside a running server reach its own Postgres
//! through the URL it leaves in the data folder (a unix socket that only its owner may open).

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
};

use countersign_store::{Database, DatabaseOptions, Durability, StoreError};

use crate::{
    config::Config,
    postgres::{Owned, Settings, StartError},
};

const URL_FILE: &str = "postgres.url";

/// A database, and our own Postgres if it is in that.
pub struct Storage {
    pub url: String,
    owned: Option<Owned>,
    durability: Durability,
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error(transparent)]
    Postgres(#[from] StartError),
    #[error("the thread that starts PostgreSQL ended")]
    Thread,
    #[error("{path}: {source}")]
    Folder { path: String, source: std::io::Error },
    #[error(
        "no ledger here: {0} holds none; name the folder with --data-dir, or the database with DATABASE_URL"
    )]
    NoLedger(String),
    #[error("the database does not answer: {0}")]
    Connect(StoreError),
}

impl Storage {
    /// Reaches or starts the database.
    pub async fn open(
        config: &Config,
        search_path: Option<std::ffi::OsString>,
    ) -> Result<Self, StorageError> {
        if let Some(url) = &config.database_url {
            return Ok(Self { url: url.clone(), owned: None, durability: config.durability });
        }
        let mut settings = Settings::new(&config.data_dir);
        settings.binaries.clone_from(&config.postgres_bin);
        settings.search_path = search_path;
        settings.module_roots = vec![".".into(), "end2end".into()];
        let started = tokio::task::spawn_blocking(move || Owned::start(&settings)).await;
        let owned = started.map_err(|_| StorageError::Thread)??;
        let url = owned.url().to_owned();
        let path = config.data_dir.join(URL_FILE);
        let written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
        written
            .and_then(|mut file| file.write_all(url.as_bytes()))
            .map_err(|source| StorageError::Folder { path: path.display().to_string(), source })?;
        Ok(Self { url, owned: Some(owned), durability: config.durability })
    }

    /// As [`Storage::open`], but beside a server that may be running on the same data folder.
    pub async fn open_beside(
        config: &Config,
        search_path: Option<std::ffi::OsString>,
    ) -> Result<Self, StorageError> {
        match Self::open(config, search_path).await {
            Err(StorageError::Postgres(in_use @ StartError::InUse(_))) => {
                match fs::read_to_string(config.data_dir.join(URL_FILE)) {
                    Ok(url) => Ok(Self { url, owned: None, durability: config.durability }),
                    Err(_) => Err(in_use.into()),
                }
            }
            other => other,
        }
    }

    /// As [`Storage::open_beside`], for reading only: where no database was ever started none is made, nor the folder.
    pub async fn open_existing(
        config: &Config,
        search_path: Option<std::ffi::OsString>,
    ) -> Result<Self, StorageError> {
        if config.database_url.is_none() && !config.data_dir.join(URL_FILE).exists() {
            return Err(StorageError::NoLedger(config.data_dir.display().to_string()));
        }
        Self::open_beside(config, search_path).await
    }

    /// Connects.
    pub async fn connect(&self) -> Result<Database, StorageError> {
        let options = DatabaseOptions { durability: self.durability, ..DatabaseOptions::default() };
        Database::connect(&self.url, options).await.map_err(StorageError::Connect)
    }

    /// What the operator should be told.
    pub fn note(&self) -> Option<&str> {
        self.owned.as_ref().and_then(Owned::note)
    }

    /// Stops our own Postgres, if there is one.
    pub async fn stop(self) {
        if let Some(owned) = self.owned {
            let _ = tokio::task::spawn_blocking(move || owned.stop()).await;
        }
    }
}
