//! One run of the postmaster: its command line, when it is ready, how it is stopped.
//!
//! Signals go straight to the process, never through `pg_ctl`: a Ctrl-C for the whole process group would kill
//! that tool as well, and whoever waits for it would hang.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Account, Binaries, Home, StartError, orphan};

/// Names the socket file; there is no network port.
pub(super) const PORT: u16 = 5432;
pub(super) const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// Recovery after a crash replays the log written since the last checkpoint, which can take minutes.
const LONGEST_RECOVERY: Duration = Duration::from_mins(10);
/// Five seconds after a hard shutdown was asked for, the postmaster kills what is left and goes.
pub(super) const HARD_STOP: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// All that is needed to start the postmaster, again and again.
#[derive(Debug)]
pub(super) struct Postmaster {
    pub home: Home,
    pub account: Account,
    pub binaries: Binaries,
    pub socket: PathBuf,
    pub durable: bool,
    pub patience: Duration,
}

/// A postmaster that was ready once.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    patience: Duration,
}

/// `postmaster.pid`: PostgreSQL's own lock and status file. Line 1 is the process, line 8 its state.
pub(super) struct PidFile {
    pub pid: i32,
    ready: bool,
}

impl Postmaster {
    /// Starts it and waits until it takes connections, or until `stopping` says that nobody wants it any more.
    pub fn start(&self, stopping: &dyn Fn() -> bool) -> Result<Running, StartError> {
        let log = self.home.log_path();
        let program = self.binaries.postgres();
        let mut command = self.command(&program)?;
        let log_start = fs::metadata(&log).map_or(0, |meta| meta.len());
        let child = command.spawn().map_err(|source| StartError::Spawn {
            program,
            account: self.account.name.clone(),
            source,
        })?;
        let mut running = Running { child, patience: self.patience };
        let began = Instant::now();
        while !self.accepts(&running) {
            if running.ended().is_some() || stopping() || began.elapsed() > LONGEST_RECOVERY {
                running.stop();
                return Err(StartError::NotReady { said: end_of(&log, log_start), log });
            }
            sleep(LOOK_AGAIN);
        }
        tracing::info!(
            version = self.binaries.major,
            account = self.account.name,
            took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "PostgreSQL is ready"
        );
        Ok(running)
    }

    /// See [`orphan::clear`].
    pub fn clear_orphan(&self) -> Result<(), StartError> {
        orphan::clear(&self.home.cluster, &self.socket, self.patience)
    }

    fn command(&self, program: &Path) -> Result<Command, StartError> {
        let log = self.home.open_log()?;
        let also = log.try_clone().map_err(StartError::folder("open", &self.home.log_path()))?;
        let mut command = Command::new(program);
        command.arg("-D").arg(&self.home.cluster);
        let mut set = |setting: &str| {
            command.arg("-c").arg(setting);
        };
        set("listen_addresses=");
        set(&format!("port={PORT}"));
        // A list, so a comma in the path would divide it: quoted.
        set(&format!("unix_socket_directories=\"{}\"", self.socket.to_string_lossy().replace('"', "\"\"")));
        set("unix_socket_permissions=0700");
        set("logging_collector=off");
        set("log_destination=stderr");
        // Statements and DETAIL lines quote rows; the log must hold none.
        set("log_error_verbosity=terse");
        set("log_min_error_statement=panic");
        if !self.durable {
            for switch in
                ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200"]
            {
                set(switch);
            }
        }
        // Nothing of our environment: it may hold secrets, and `PG*` would change what we set.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command.current_dir("/").stdin(Stdio::null()).stdout(log).stderr(also);
        self.account.take_on(&mut command);
        die_with_us(&mut command, Signal::SIGINT);
        Ok(command)
    }

    fn accepts(&self, running: &Running) -> bool {
        PidFile::read(&self.home.cluster).is_some_and(|file| file.ready && file.pid == running.pid())
            && UnixStream::connect(self.socket.join(SOCKET_NAME)).is_ok()
    }
}

impl Running {
    /// How it ended, if it has; also when the kernel cannot say.
    pub fn ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(ExitStatus::to_string(&status)),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Fast shutdown: sessions are ended, everything is on disk. After `patience` the hard way, which costs the next
    /// start a recovery but loses nothing.
    pub fn stop(mut self) {
        for (signal, patience) in [(Signal::SIGINT, self.patience), (Signal::SIGQUIT, HARD_STOP)] {
            if self.ended().is_some() {
                return;
            }
            // Not reaped yet, so the number is still this process.
            let _gone = kill(Pid::from_raw(self.pid()), signal);
            let asked = Instant::now();
            while asked.elapsed() < patience {
                if self.ended().is_some() {
                    return;
                }
                sleep(LOOK_AGAIN);
            }
            tracing::warn!(%signal, "PostgreSQL does not stop");
        }
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).unwrap_or(i32::MAX)
    }
}

impl PidFile {
    pub fn path(cluster: &Path) -> PathBuf {
        cluster.join("postmaster.pid")
    }

    /// `None` when there is none, or none that makes sense yet: it is written line by line.
    pub fn read(cluster: &Path) -> Option<Self> {
        let text = fs::read_to_string(Self::path(cluster)).ok()?;
        // Negative in a single-user run, which is no postmaster.
        let pid = text.lines().next()?.trim().parse().ok().filter(|pid| *pid > 0)?;
        Some(Self { pid, ready: text.lines().nth(7).is_some_and(|state| state.trim() == "ready") })
    }
}

/// Has the kernel send `signal` to the child when the calling *thread* ends, and keeps terminal signals meant
/// for our process group away from it: we decide when it stops.
pub(super) fn die_with_us(command: &mut Command, signal: Signal) {
    command.process_group(0);
    #[cfg(target_os = "linux")]
    {
        let us = nix::unistd::getpid();
        // After uid and gid, in std's order of things: changing them clears the setting.
        let tie = move || {
            nix::sys::prctl::set_pdeathsig(signal)?;
            // We may have died before the line above: then nobody will send the signal any more.
            if nix::unistd::getppid() == us { Ok(()) } else { Err(nix::errno::Errno::ESRCH.into()) }
        };
        #[expect(
            unsafe_code,
            reason = "runs between fork and exec; the closure makes two system calls, nothing else"
        )]
        // SAFETY: prctl and getppid are async-signal-safe; nothing allocates, locks or touches shared state.
        unsafe {
            command.pre_exec(tie);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _unused = signal;
}

/// The last lines written to the log since `start` (a byte offset), on one line.
fn end_of(log: &Path, start: u64) -> String {
    const MOST: u64 = 2000;
    let read = || -> std::io::Result<String> {
        let mut file = fs::File::open(log)?;
        let end = file.metadata()?.len();
        file.seek(SeekFrom::Start(start.min(end).max(end.saturating_sub(MOST))))?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).lines().map(str::trim).collect::<Vec<_>>().join("; "))
    };
    read().ok().filter(|said| !said.is_empty()).unwrap_or_else(|| "(nothing)".to_owned())
}
