//! Memory of a process and its children, as the kernel counts it.

use serde::Serialize;

use crate::tree::{below, value};

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
