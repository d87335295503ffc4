//! The PostgreSQL of one test run: made for it, without `fsync`, gone with it.
//!
//! It is the server's own module that runs it, so it also ends when this process is killed.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::parts;
use crate::failure::{Done, Failure};
use crate::postgres::{Owned, Settings, StartError};
use crate::step::step;
use crate::surroundings::{root, variable};

/// Where tests look for the URL of a database server on which they may make databases.
pub const VARIABLE: &str = "COUNTERSIGN_TEST_DATABASE_URL";

pub struct Database {
    owned: Owned,
    // After `owned`: the folder goes when PostgreSQL is gone.
    _folder: TempDir,
}

impl Database {
    pub fn start() -> Done<Self> {
        step("PostgreSQL for the tests", || {
            // Root hands PostgreSQL to another account, which must be able to enter.
            let folder = tempfile::Builder::new()
                .prefix("countersign-test-")
                .permissions(Permissions::from_mode(0o755))
                .tempdir()
                .map_err(|error| Failure::new(format!("cannot make a temporary folder: {error}")))?;
            let settings = Settings {
                search_path: variable("PATH"),
                module_roots: vec![root().to_owned(), root().join("end2end")],
                system_dir: folder.path().to_owned(),
                durable: false,
                ..Settings::new(folder.path())
            };
            let owned = match Owned::start(&settings) {
                Err(StartError::NoBinaries) => {
                    parts::install(&[parts::POSTGRES])?;
                    Owned::start(&settings)
                }
                other => other,
            };
            let owned = owned.map_err(|error| Failure::new(error.to_string()))?;
            Ok(Self { owned, _folder: folder })
        })
    }

    pub fn url(&self) -> &str {
        self.owned.url()
    }
}
