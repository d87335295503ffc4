//! Why an owned PostgreSQL did not start: each variant is one sentence that tells the operator what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Shown to the operator at start-up only; holds paths, never data.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(
        "no PostgreSQL programs were found: install them (Debian, Ubuntu: `apt-get install postgresql`; Fedora: \
         `dnf install postgresql-server`) or give the URL of a database"
    )]
    NoBinaries,
    #[error("{} holds no `initdb` and `postgres` that can be run: correct the folder given for PostgreSQL", .0.display())]
    NotBinaries(PathBuf),
    #[error(
        "the cluster in {} was made by PostgreSQL {wanted}, and only {found} was found: install PostgreSQL {wanted}",
        .cluster.display()
    )]
    OtherMajor { cluster: PathBuf, wanted: u32, found: String },
    #[error("{} is in use by another Countersign: stop that one, or give this one another data folder", .0.display())]
    InUse(PathBuf),
    #[error(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as: add one, or \
         start Countersign as an ordinary user"
    )]
    NoAccount,
    #[error(
        "user {account} cannot pass {}, which lies above {}: open it with `chmod o+x`, or give another data folder",
        .closed.display(), .folder.display()
    )]
    Unreachable { account: String, closed: PathBuf, folder: PathBuf },
    #[error("the cluster in {} belongs to user {owner}: start Countersign as that user or as root", .cluster.display())]
    Foreign { cluster: PathBuf, owner: u32 },
    #[error(
        "{} is no safe place for the socket, because it is too long or someone else made it: give a shorter \
         data folder or another temporary folder",
        .0.display()
    )]
    Socket(PathBuf),
    #[error("cannot {doing} {}: {source}", .path.display())]
    Folder { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("cannot run {} as {account}: {source}", .program.display())]
    Spawn { program: PathBuf, account: String, source: io::Error },
    #[error("PostgreSQL could not make its cluster: {0}")]
    Initdb(String),
    #[error("PostgreSQL did not come up; the end of {}: {said}", .log.display())]
    NotReady { log: PathBuf, said: String },
    #[error("an older PostgreSQL (process {pid}) still holds {} and does not stop: end it and start again", .cluster.display())]
    Orphan { pid: i32, cluster: PathBuf },
}

impl StartError {
    /// For `map_err` on file operations: `cannot <doing> <path>: …`.
    pub(super) fn folder(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Folder { doing, path, source }
    }
}
