//! What a node keeps outside the database: its signing key, and how far it has seen the log (the high-water mark).
//!
//! Both live in one directory that belongs to one process at a time. Everything is written to a new file, fsynced and
//! renamed, so a crash leaves the old or the new state. The mark trails the log by a fraction of a second: it may be
//! too low after a crash, never too high.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use countersign_ledger::{Digest, Frontier, Origin, SigningKey};
use countersign_model::{Mint, NodeId, Timestamp};
use zeroize::Zeroizing;

use super::chain::Verified;

const KEY_FILE: &str = "node.key";
const MARK_FILE: &str = "high-water";
const KEY_HEADER: &str = "countersign node key 1";
const MARK_HEADER: &str = "countersign high-water mark 1";

/// The directory could not be used. Each names the file and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process uses it.
    #[error("{0} is in use by another process: give each gateway its own directory")]
    InUse(PathBuf),
    /// Others may read the signing key.
    #[error("{0} can be read by others: chmod 600 it, and consider the key stolen")]
    Exposed(PathBuf),
    /// A file is not in the form this program writes.
    #[error("{0} is damaged: put back a copy, or remove the directory to join the log as a new node")]
    Damaged(PathBuf),
    /// The mark of another log.
    #[error("{path} belongs to log {found}, not {expected}")]
    OtherLog {
        /// Which file.
        path: PathBuf,
        /// The log it is of.
        found: String,
        /// The log that was asked for.
        expected: Origin,
    },
    /// There is a key but no mark.
    #[error("{0} is missing although this node has run before: start once with the restore accepted")]
    MarkMissing(PathBuf),
}

/// The open directory.
#[derive(Debug)]
pub(super) struct Keeper {
    directory: PathBuf,
    origin: Origin,
    pub node: NodeId,
    pub key: SigningKey,
    /// Whether this start made the key.
    pub fresh: bool,
    /// Held for as long as the process uses the directory.
    _lock: File,
}

impl Keeper {
    /// Opens the directory, making it and the key on the first start.
    pub fn open(
        directory: &Path,
        origin: &Origin,
        mint: &dyn Mint,
        now: Timestamp,
    ) -> Result<Self, KeeperError> {
        fs::create_dir_all(directory).map_err(|source| at(directory, source))?;
        let lock_path = directory.join("lock");
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&lock_path)
            .map_err(|source| at(&lock_path, source))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => KeeperError::InUse(directory.to_owned()),
            TryLockError::Error(source) => at(&lock_path, source),
        })?;
        let path = directory.join(KEY_FILE);
        let (node, key, fresh) = match read_key(&path)? {
            Some((node, key)) => (node, key, false),
            None => (NodeId::from_uuid(mint.uuid(now)), SigningKey::from_bytes(&mint.bytes32()), true),
        };
        let keeper =
            Self { directory: directory.to_owned(), origin: origin.clone(), node, key, fresh, _lock: lock };
        if fresh {
            // The mark first: a key without a mark means that somebody removed the mark.
            keeper.write_mark(&Verified::empty())?;
            keeper.write_key()?;
        }
        Ok(keeper)
    }

    /// The last mark; an error when it is gone.
    pub fn mark(&self) -> Result<Verified, KeeperError> {
        let path = self.directory.join(MARK_FILE);
        let text = read(&path)?.ok_or_else(|| KeeperError::MarkMissing(path.clone()))?;
        let mut lines = text.lines();
        let damaged = || KeeperError::Damaged(path.clone());
        if lines.next() != Some(MARK_HEADER) {
            return Err(damaged());
        }
        let found = lines.next().ok_or_else(damaged)?;
        if found != self.origin.as_str() {
            let (found, expected) = (found.to_owned(), self.origin.clone());
            return Err(KeeperError::OtherLog { path, found, expected });
        }
        parse_mark(lines).ok_or_else(damaged)
    }

    /// Replaces the mark; returns when it is on disk.
    pub fn write_mark(&self, seen: &Verified) -> Result<(), KeeperError> {
        let mut text = format!(
            "{MARK_HEADER}\n{}\n{}\n{}\n{}\n",
            self.origin,
            seen.frontier.size(),
            seen.frontier.root(),
            seen.last_leaf
        );
        for node in seen.frontier.to_bytes().as_chunks::<32>().0 {
            text.push_str(&Digest::new(*node).to_string());
            text.push('\n');
        }
        self.replace(MARK_FILE, text.as_bytes())
    }

    fn write_key(&self) -> Result<(), KeeperError> {
        let seed = Zeroizing::new(Digest::new(self.key.to_bytes()).to_string());
        let text = Zeroizing::new(format!("{KEY_HEADER}\n{}\n{}\n", self.node, seed.as_str()));
        self.replace(KEY_FILE, text.as_bytes())
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), KeeperError> {
        let (path, new) = (self.directory.join(name), self.directory.join(format!("{name}.new")));
        let write = || {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            File::open(&self.directory)?.sync_all()
        };
        write().map_err(|source| at(&path, source))
    }
}

fn parse_mark<'a>(mut lines: impl Iterator<Item = &'a str>) -> Option<Verified> {
    let size = lines.next()?.parse().ok()?;
    let root: Digest = lines.next()?.parse().ok()?;
    let last_leaf = lines.next()?.parse().ok()?;
    let mut nodes = Vec::new();
    for line in lines {
        nodes.extend_from_slice(line.parse::<Digest>().ok()?.as_bytes());
    }
    let frontier = Frontier::from_bytes(size, &nodes).ok()?;
    (frontier.root() == root).then_some(Verified { frontier, last_leaf })
}

fn read_key(path: &Path) -> Result<Option<(NodeId, SigningKey)>, KeeperError> {
    let Some(text) = read(path)?.map(Zeroizing::new) else { return Ok(None) };
    let mode = fs::metadata(path).map_err(|source| at(path, source))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeeperError::Exposed(path.to_owned()));
    }
    let parsed = || {
        let mut lines = text.lines();
        let header = lines.next()?;
        let node = lines.next()?.parse().ok()?;
        let seed: Digest = lines.next()?.parse().ok()?;
        (header == KEY_HEADER && lines.next().is_none())
            .then(|| (node, SigningKey::from_bytes(seed.as_bytes())))
    };
    parsed().map(Some).ok_or_else(|| KeeperError::Damaged(path.to_owned()))
}

fn read(path: &Path) -> Result<Option<String>, KeeperError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(at(path, source)),
    }
}

fn at(path: &Path, source: io::Error) -> KeeperError {
    KeeperError::Io { path: path.to_owned(), source }
}

/// The head in a node's high-water mark, for verifying beside a running server. `None`: there is no readable mark.
pub fn remembered(directory: &Path) -> Option<countersign_ledger::TreeHead> {
    let text = read(&directory.join(MARK_FILE)).ok()??;
    let mut lines = text.lines();
    if lines.next() != Some(MARK_HEADER) {
        return None;
    }
    lines.next()?;
    parse_mark(lines).map(|seen| seen.frontier.head())
}
