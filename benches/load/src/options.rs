//! What can be chosen. The defaults are what `docs/benchmarks.md` shows.

use std::{path::PathBuf, time::Duration};

use serde::Serialize;

/// Measures the gateway beside a bare proxy, on one machine.
#[derive(Debug, Clone, Serialize, clap::Parser)]
#[command(name = "load", about, version)]
pub struct Options {
    /// The gateway's program.
    #[arg(long, value_name = "FILE")]
    pub gateway: PathBuf,
    /// Requests a second. Keep it below what the slowest way can do: this measures time, not the limit.
    #[arg(long, default_value_t = 200)]
    pub rate: u32,
    /// Seconds of requests for each way and each size of prompt.
    #[arg(long, default_value_t = 20)]
    pub seconds: u32,
    /// Parts the seconds are cut into; the ways take turns, and the figures are medians over the rounds.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub rounds: u32,
    /// Streams begun a second.
    #[arg(long, default_value_t = 20)]
    pub stream_rate: u32,
    /// Seconds of streams for each way.
    #[arg(long, default_value_t = 16)]
    pub stream_seconds: u32,
    /// Streams that are open and silent at the same time.
    #[arg(long, default_value_t = 1_000)]
    pub idle_streams: u32,
    /// Core for the proxies and the database, core for load and model.
    #[arg(long, value_name = "PROXY,LOAD", default_value = "0,1")]
    pub pin: String,
    /// Leave the cores to the kernel.
    #[arg(long)]
    pub no_pin: bool,
    /// Folder for the database and all else; on the disk to be measured, not in memory.
    #[arg(long, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    pub folder: PathBuf,
    /// Where the figures go.
    #[arg(long, value_name = "FILE", default_value = "target/load.json")]
    pub json: PathBuf,
}

impl Options {
    /// Length of one round.
    pub fn round(&self) -> Duration {
        Duration::from_secs(u64::from(self.seconds)) / self.rounds
    }

    /// When something must be wrong.
    pub fn longest(&self) -> Duration {
        let planned = 4 * (3 * self.seconds + self.stream_seconds) + self.idle_streams / 50;
        Duration::from_secs(u64::from(300 + 2 * planned))
    }
}
