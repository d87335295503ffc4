//! A process and those below it, as `/proc` tells.

use std::{fs, path::Path, time::Duration};

/// Every process below this one.
pub fn below(pid: u32) -> Vec<u32> {
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

/// Time on a core so far, of a process and all below it. What has ended is not in it.
pub fn time_on_core(pid: u32) -> Duration {
    let mut processes = below(pid);
    processes.push(pid);
    let threads =
        processes.iter().flat_map(|pid| fs::read_dir(format!("/proc/{pid}/task"))).flatten().flatten();
    let nanos = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

/// A line `Name:   123 kB` of a file of the kernel's; zero when it cannot be read.
pub fn value(path: &str, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
