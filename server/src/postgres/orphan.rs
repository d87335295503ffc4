//! A postmaster left behind by an owner that was killed.
//!
//! Called with the folder's lock held, so whoever still serves this cluster has no owner: it is asked to stop
//! (usually it is stopping already, its owner's death being its signal) and waited for. A pid file whose number
//! now belongs to someone else, or to a dead process that nobody has reaped, would keep PostgreSQL from starting
//! for ever; it is removed, but only when no process of the cluster is left. The same goes for the lock beside the
//! socket.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::StartError;
use super::postmaster::{HARD_STOP, PidFile, SOCKET_NAME};

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Returns when no postmaster serves `cluster` and, within `patience`, none of its processes is left.
pub(super) fn clear(cluster: &Path, socket: &Path, patience: Duration) -> Result<(), StartError> {
    let Some(PidFile { pid, .. }) = PidFile::read(cluster) else { return Ok(()) };
    for (signal, patience) in [(Signal::SIGINT, patience), (Signal::SIGQUIT, HARD_STOP)] {
        if !serves(pid, cluster) {
            break;
        }
        tracing::warn!(pid, %signal, "a PostgreSQL without an owner holds the cluster; stopping it");
        // It may be gone by now, which is what we want.
        let _gone = kill(Pid::from_raw(pid), signal);
        let asked = Instant::now();
        while serves(pid, cluster) && asked.elapsed() < patience {
            sleep(LOOK_AGAIN);
        }
    }
    if serves(pid, cluster) {
        return Err(StartError::Orphan { pid, cluster: cluster.to_owned() });
    }
    // A clean stop removed the file; a crash leaves it, and PostgreSQL sees by itself that `pid` is dead. It also
    // refuses to start while the dead one's server processes hold the shared memory; they go when they notice.
    let path = PidFile::path(cluster);
    let asked = Instant::now();
    while path.exists() && anyone_left_in(cluster) && asked.elapsed() < patience {
        sleep(LOOK_AGAIN);
    }
    if exists(pid) && !anyone_left_in(cluster) {
        // Its number belongs to another process, or to a dead one that nobody has reaped.
        for stale in [path, socket.join(format!("{SOCKET_NAME}.lock"))] {
            match fs::remove_file(&stale) {
                Ok(()) => tracing::warn!(pid, file = %stale.display(), "removed a stale lock of PostgreSQL"),
                Err(source) if source.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(StartError::folder("remove", &stale)(source)),
            }
        }
    }
    Ok(())
}

/// Whether `pid` is a live postmaster of this cluster. Its command line says so to everyone, where its working
/// folder is hidden even from root in an ordinary container. A zombie's is empty.
fn serves(pid: i32, cluster: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    fs::read(format!("/proc/{pid}/cmdline"))
        .is_ok_and(|line| line.split(|&byte| byte == 0).any(|word| word == cluster.as_os_str().as_bytes()))
}

fn exists(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None) != Err(Errno::ESRCH)
}

/// Whether any process works in the cluster's folder: server processes outlive a killed postmaster until they
/// notice. In doubt (a PostgreSQL whose folder we may not see), yes.
fn anyone_left_in(cluster: &Path) -> bool {
    let works_there = |process: &PathBuf| match fs::read_link(process.join("cwd")) {
        Ok(folder) => folder == cluster,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            fs::read(process.join("cmdline")).is_ok_and(|line| line.starts_with(b"postgres"))
        }
        Err(_) => false,
    };
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .any(|path| works_there(&path))
}
