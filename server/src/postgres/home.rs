//! The folder that holds a cluster, and what lies in it:
//!
//! | name | what |
//! |---|---|
//! | `postgres/` | the cluster |
//! | `postgres.new/` | a cluster in the making; left by an interrupted first start, and removed by the next |
//! | `postgres.lock` | locked (flock) by the owner while it lives |
//! | `postgres.log`, `postgres.log.1` | what PostgreSQL says |
//! | `postgres.socket/` | the socket, mode 0700; in the temporary folder when the path would be too long |

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::postmaster::SOCKET_NAME;
use super::{Account, Settings, StartError};

/// `sun_path` is 108 bytes with its closing zero (unix(7)).
const LONGEST_SOCKET_PATH: usize = 107;
const LARGEST_LOG: u64 = 16 << 20;

#[derive(Clone, Debug)]
pub(super) struct Home {
    folder: PathBuf,
    pub cluster: PathBuf,
    /// Said when the cluster is not where it was asked for.
    pub note: Option<String>,
}

impl Home {
    /// The folder to use and the account to use it: the data folder, or, when the account cannot get there, a
    /// folder of the same name under the system folder.
    pub fn place(settings: &Settings) -> Result<(Self, Account), StartError> {
        let asked = make(&settings.data_dir)?;
        let home = Self::in_folder(&asked);
        let account = Account::of_cluster(&home.cluster)?;
        account.open_the_way(&asked)?;
        let Some(closed) = account.closed_on_the_way_to(&asked) else {
            return Ok((home, account));
        };
        let unreachable = || StartError::Unreachable {
            account: account.name.clone(),
            closed: closed.clone(),
            folder: asked.clone(),
        };
        if home.cluster.exists() {
            // A cluster that was reachable once must not be replaced by an empty one elsewhere.
            return Err(unreachable());
        }
        let folder = make(&settings.system_dir.join(flat_name(&asked))).map_err(|_| unreachable())?;
        let mut home = Self::in_folder(&folder);
        let account = Account::of_cluster(&home.cluster)?;
        account.open_the_way(&folder)?;
        if account.closed_on_the_way_to(&folder).is_some() {
            return Err(unreachable());
        }
        home.note = Some(format!(
            "the database is kept in {}, because {} is closed to the user {} that PostgreSQL runs as",
            folder.display(),
            closed.display(),
            account.name
        ));
        Ok((home, account))
    }

    /// Takes the folder for this process. The kernel frees it when the process ends, however it ends.
    pub fn lock(&self) -> Result<File, StartError> {
        let path = self.folder.join("postgres.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(StartError::folder("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse(self.folder.clone())),
            Err(TryLockError::Error(source)) => Err(StartError::folder("lock", &path)(source)),
        }
    }

    /// Major version of the cluster that is there, with its folder; `None` when there is none yet.
    pub fn major(&self) -> Result<Option<(u32, &Path)>, StartError> {
        let path = self.cluster.join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => {
                let major = text.trim().parse().map_err(|_| {
                    let source = io::Error::new(io::ErrorKind::InvalidData, "it holds no version number");
                    StartError::folder("read", &path)(source)
                })?;
                Ok(Some((major, &self.cluster)))
            }
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StartError::folder("read", &path)(source)),
        }
    }

    /// The cluster before it is whole.
    pub fn unfinished(&self) -> PathBuf {
        self.folder.join("postgres.new")
    }

    /// The folder for the socket, which only the account (and root) may enter.
    pub fn make_socket_dir(&self, temp_dir: &Path, account: &Account) -> Result<PathBuf, StartError> {
        let fits = |folder: &Path| folder.join(SOCKET_NAME).as_os_str().len() <= LONGEST_SOCKET_PATH;
        let mut folder = self.folder.join("postgres.socket");
        if !fits(&folder) {
            let mut hasher = DefaultHasher::new();
            self.folder.hash(&mut hasher);
            folder = temp_dir.join(format!("countersign-{:016x}", hasher.finish()));
        }
        if !fits(&folder) {
            return Err(StartError::Socket(folder));
        }
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => {}
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(StartError::folder("make", &folder)(source)),
        }
        // The temporary folder is everyone's: whoever made this one could answer in PostgreSQL's place.
        let meta = fs::symlink_metadata(&folder).map_err(StartError::folder("read", &folder))?;
        if !meta.is_dir() || !account.trusts(meta.uid()) || account.closed_on_the_way_to(temp_dir).is_some() {
            return Err(StartError::Socket(folder));
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))
            .map_err(StartError::folder("close", &folder))?;
        account.give(&folder)?;
        Ok(folder)
    }

    pub fn log_path(&self) -> PathBuf {
        self.folder.join("postgres.log")
    }

    /// Opens the log for appending, putting an overgrown one aside first.
    pub fn open_log(&self) -> Result<File, StartError> {
        let path = self.log_path();
        if fs::metadata(&path).is_ok_and(|meta| meta.len() > LARGEST_LOG) {
            let aside = self.folder.join("postgres.log.1");
            fs::rename(&path, &aside).map_err(StartError::folder("put aside", &path))?;
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .map_err(StartError::folder("open", &path))
    }

    fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), cluster: folder.join("postgres"), note: None }
    }
}

fn make(folder: &Path) -> Result<PathBuf, StartError> {
    fs::create_dir_all(folder).map_err(StartError::folder("make", folder))?;
    fs::canonicalize(folder).map_err(StartError::folder("find", folder))
}

/// A path as one file name, different for different paths: `/root/my-data` gives `root-my_2ddata`.
fn flat_name(path: &Path) -> String {
    let mut name = String::new();
    for &byte in path.as_os_str().as_bytes().iter().skip(1) {
        match byte {
            b'/' => name.push('-'),
            b'.' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => name.push(char::from(byte)),
            other => name.extend(["_".to_owned(), format!("{other:02x}")]),
        }
    }
    name
}
