//! Everything that was found, and whether it can be used.

use serde::Serialize;

use crate::{
    commit::{Durable, Ledger, Quiet},
    figures::Points,
    idle::Idle,
    lane::{Check, Kind},
    machine::Machine,
    memory,
    options::Options,
    plain, streams,
};

/// Aim: what everything on may cost over one durable commit, p50, microseconds.
pub const AIM_OVER_COMMIT: f64 = 200.0;
/// Aim: resident at a thousand idle streams, kilobytes.
pub const AIM_RESIDENT_KB: u64 = 150 * 1_024;

#[derive(Debug, Serialize)]
pub struct Report {
    pub machine: Machine,
    pub load_at_end: String,
    pub cores: String,
    pub options: Options,
    pub durable: Durable,
    pub checks: Vec<Check>,
    pub commit: Commit,
    pub plain: Vec<plain::Row>,
    pub streams: Vec<streams::Row>,
    pub memory: Memory,
}

#[derive(Debug, Serialize)]
pub struct Commit {
    pub quiet: Quiet,
    /// The same INSERT while the lane with everything on is under load.
    pub loaded: Points,
    pub ledger: Ledger,
}

#[derive(Debug, Serialize)]
pub struct Memory {
    /// After the first request.
    pub fresh: memory::Memory,
    pub after_load: memory::Memory,
    pub idle: Idle,
}

impl Report {
    /// Whether every lane did what it is called, every request was answered and every stream came whole.
    pub fn is_whole(&self) -> bool {
        let idle = &self.memory.idle;
        self.checks.iter().all(|check| check.as_expected)
            && self.plain.iter().all(|row| row.failed == 0)
            && self.streams.iter().all(|row| row.failed == 0 && row.whole == row.streams)
            && idle.open == idle.streams as usize
            && idle.without_outcome == 0
    }

    /// The row of the first aim: everything on, 2 KB prompt.
    pub fn aimed(&self) -> Option<&plain::Row> {
        self.plain.iter().find(|row| row.kind == Kind::EverythingOn && row.size == "2 KB")
    }
}
