//! A process that ends when we let go of it, and when we die.

use std::{
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{Fault, cores::Cores};

/// Time for an orderly end: the gateway stops its PostgreSQL.
const ORDERLY: Duration = Duration::from_secs(30);

/// A running process and the file its words go to.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program on the proxies' core, with nothing of our environment but `PATH`.
    pub fn start(cores: &Cores, program: &OsStr, arguments: &[&OsStr], log: &Path) -> Result<Self, Fault> {
        let mut words: Vec<&OsStr> = Vec::new();
        // util-linux; without it a killed harness would leave the process behind.
        if on_path("setpriv") {
            words.extend(["setpriv", "--pdeathsig", "TERM"].map(OsStr::new));
        }
        words.extend(cores.before().into_iter().map(OsStr::new));
        words.push(program);
        words.extend(arguments);
        let out = File::create(log)?;
        let child = Command::new(words[0])
            .args(&words[1..])
            .env_clear()
            .env("PATH", search_path())
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All it has said.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Whether it is still there.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
        let asked = Instant::now();
        while self.runs() {
            if asked.elapsed() > ORDERLY {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The first of these that can be run.
pub fn find(names: &[&'static str]) -> Option<&'static str> {
    names
        .iter()
        .copied()
        .find(|name| if name.contains('/') { Path::new(name).is_file() } else { on_path(name) })
}

fn on_path(name: &str) -> bool {
    std::env::split_paths(&search_path()).any(|folder| folder.join(name).is_file())
}

#[expect(clippy::disallowed_methods, reason = "the harness reads no other variable, and passes no other on")]
fn search_path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

/// A loopback port that is free now.
pub fn free_port() -> Result<std::net::SocketAddr, Fault> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
