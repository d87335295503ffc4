//! Making a cluster: `initdb` beside the final place, then a rename, so that a cluster is whole or absent.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::postmaster::die_with_us;
use super::{Account, Binaries, Home, ROLE, StartError};

/// Written once into a new cluster's `postgresql.conf`, where the operator may change it. What we rely on is
/// given on the command line at every start instead (see `postmaster`).
const FIRST_SETTINGS: &str = "\n# Written by Countersign when it made this cluster; yours to change.\n\
    shared_buffers = 128MB\n\
    max_connections = 100\n\
    timezone = 'UTC'\n\
    log_timezone = 'UTC'\n";

pub(super) struct Cluster;

impl Cluster {
    /// Makes the cluster unless it is there. What an interrupted attempt left is removed first.
    pub fn ensure(
        home: &Home,
        account: &Account,
        binaries: &Binaries,
        durable: bool,
    ) -> Result<(), StartError> {
        if home.cluster.exists() {
            return Ok(());
        }
        let unfinished = home.unfinished();
        match fs::remove_dir_all(&unfinished) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(StartError::folder("remove", &unfinished)(source));
            }
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&unfinished).map_err(StartError::folder("make", &unfinished))?;
        account.give(&unfinished)?;
        initdb(&unfinished, account, binaries, durable)?;
        append_settings(&unfinished.join("postgresql.conf"))
            .map_err(StartError::folder("write the settings in", &unfinished))?;
        fs::rename(&unfinished, &home.cluster).map_err(StartError::folder("name", &home.cluster))?;
        // The rename itself must survive a power cut, too.
        let parent = home.cluster.parent().unwrap_or(Path::new("/"));
        File::open(parent).and_then(|folder| folder.sync_all()).map_err(StartError::folder("sync", parent))
    }
}

fn initdb(folder: &Path, account: &Account, binaries: &Binaries, durable: bool) -> Result<(), StartError> {
    let run = |ctype: &str| {
        let program = binaries.initdb();
        let mut command = Command::new(&program);
        command.arg("--pgdata").arg(folder);
        command.args(["--username", ROLE, "--auth-local=trust", "--auth-host=reject", "--data-checksums"]);
        // Byte order, the same on every machine and after every libc upgrade; upper and lower case still know
        // more than ASCII.
        command.args(["--encoding=UTF8", "--lc-collate=C", "--lc-ctype", ctype]);
        command.args(["--lc-messages=C", "--lc-monetary=C", "--lc-numeric=C", "--lc-time=C"]);
        if !durable {
            command.arg("--no-sync");
        }
        // Nothing of our environment, which may hold secrets; `initdb` needs a shell from the usual places.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command.current_dir("/").stdin(Stdio::null());
        account.take_on(&mut command);
        die_with_us(&mut command, nix::sys::signal::Signal::SIGTERM);
        command.output().map_err(|source| StartError::Spawn {
            program,
            account: account.name.clone(),
            source,
        })
    };
    let mut output = run("C.UTF-8")?;
    if !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("invalid locale") {
        output = run("C")?;
    }
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(StartError::Initdb(
        said.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; "),
    ))
}

fn append_settings(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.write_all(FIRST_SETTINGS.as_bytes())?;
    file.sync_all()
}
