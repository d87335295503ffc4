//! What the figures were measured on.

use std::{fs, path::Path};

use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub kernel: String,
    pub memory_kb: u64,
    /// Of the folder with the database.
    pub filesystem: String,
    /// Load averages before anything was started.
    pub load_at_start: String,
}

impl Machine {
    /// Looks around.
    pub fn look(folder: &Path) -> Self {
        let line = |path: &str, name: &str| {
            let text = fs::read_to_string(path).unwrap_or_default();
            let found = text.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
            found.unwrap_or_default().trim_start_matches([' ', '\t', ':']).to_owned()
        };
        Self {
            processor: line("/proc/cpuinfo", "model name"),
            cores: fs::read_to_string("/proc/cpuinfo").unwrap_or_default().matches("\nprocessor").count() + 1,
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            memory_kb: line("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0),
            filesystem: filesystem(folder),
            load_at_start: load(),
        }
    }
}

/// Load averages now.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Type of the mount with the longest path above the folder.
fn filesystem(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mut found = ("", "unknown");
    for line in mounts.lines() {
        let mut words = line.split(' ').skip(1);
        if let (Some(at), Some(kind)) = (words.next(), words.next())
            && folder.starts_with(at)
            && at.len() >= found.0.len()
        {
            found = (at, kind);
        }
    }
    found.1.to_owned()
}
