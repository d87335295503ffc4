//! Memory of a process and its children, as the kernel counts it.

use std::{fs, path::Path};

use serde::Serialize;

/// Kilobytes.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Memory {
    /// Resident, of the process itself (`VmRSS`).
    pub resident_kb: u64,
    /// Of the processes it started, its PostgreSQL, with what they share counted once (`Pss`).
    pub children_kb: u64,
}

/// Looks at a process and everything below it.
pub fn of(pid: u32) -> Memory {
    let resident_kb = value(&format!("/proc/{pid}/status"), "VmRSS:");
    let children = below(pid);
    let children_kb = children.iter().map(|pid| value(&format!("/proc/{pid}/smaps_rollup"), "Pss:")).sum();
    Memory { resident_kb, children_kb }
}

/// A line `Name:   123 kB` of a file of the kernel's; zero when it cannot be read.
fn value(path: &str, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn below(pid: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = fs::read_dir(Path::new("/proc"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .map(|child: u32| (child, value(&format!("/proc/{child}/status"), "PPid:") as u32))
        .collect();
    let mut found = vec![pid];
    let mut at = 0;
    while let Some(&parent) = found.get(at) {
        found.extend(all.iter().filter(|(_, its)| *its == parent).map(|(child, _)| *child));
        at += 1;
    }
    found.split_off(1)
}
