//! The user that PostgreSQL runs as.
//!
//! PostgreSQL refuses to run as root, so root hands it to an account without rights: the owner of the cluster
//! where there is one, else `postgres`, else `nobody`. Everyone else runs it as themselves.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{Uid, User, geteuid};

use super::StartError;

#[derive(Clone, Debug)]
pub(super) struct Account {
    pub name: String,
    uid: u32,
    gid: u32,
    /// We are root and must become this account.
    switch: bool,
}

impl Account {
    /// Who runs the cluster in `cluster`, which need not exist yet.
    pub fn of_cluster(cluster: &Path) -> Result<Self, StartError> {
        let owner = fs::metadata(cluster).ok();
        let us = geteuid();
        if !us.is_root() {
            return match owner {
                Some(meta) if meta.uid() != us.as_raw() => {
                    Err(StartError::Foreign { cluster: cluster.to_owned(), owner: meta.uid() })
                }
                _ => Ok(Self {
                    name: name_of(us),
                    uid: us.as_raw(),
                    gid: nix::unistd::getegid().as_raw(),
                    switch: false,
                }),
            };
        }
        if let Some(meta) = owner.filter(|meta| meta.uid() != 0) {
            let name = name_of(Uid::from_raw(meta.uid()));
            return Ok(Self { name, uid: meta.uid(), gid: meta.gid(), switch: true });
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self {
                name: user.name,
                uid: user.uid.as_raw(),
                gid: user.gid.as_raw(),
                switch: true,
            })
            .ok_or(StartError::NoAccount)
    }

    /// Whether a file with this owner is ours to use: the account's or the process's own.
    pub fn trusts(&self, owner: u32) -> bool {
        owner == self.uid || owner == geteuid().as_raw()
    }

    /// The first folder on the way to `folder` (itself included) that the account may not enter. Folders that do
    /// not exist yet are passed over. Access lists beyond the mode bits are not looked at.
    pub fn closed_on_the_way_to(&self, folder: &Path) -> Option<PathBuf> {
        if !self.switch {
            return None;
        }
        let mut way: Vec<_> = folder.ancestors().collect();
        way.reverse();
        way.into_iter()
            .find(|step| fs::metadata(step).is_ok_and(|meta| !self.may_enter(&meta)))
            .map(Path::to_owned)
    }

    /// Makes the account the owner; does nothing unless we are root.
    pub fn give(&self, path: &Path) -> Result<(), StartError> {
        if !self.switch {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).map_err(StartError::folder("hand over", path))
    }

    /// Lets everyone pass through a folder of ours, so that the account can reach what lies inside.
    pub fn open_the_way(&self, folder: &Path) -> Result<(), StartError> {
        if !self.switch {
            return Ok(());
        }
        let change = || {
            let mode = fs::metadata(folder)?.permissions().mode();
            fs::set_permissions(folder, fs::Permissions::from_mode(mode | 0o001))
        };
        change().map_err(StartError::folder("open", folder))
    }

    /// Has `command` run as the account, with no supplementary groups.
    pub fn take_on(&self, command: &mut Command) {
        if self.switch {
            command.uid(self.uid).gid(self.gid);
        }
    }

    fn may_enter(&self, meta: &fs::Metadata) -> bool {
        let bit = if meta.uid() == self.uid {
            0o100
        } else if meta.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        meta.mode() & bit != 0
    }
}

fn name_of(uid: Uid) -> String {
    User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}
