//! A load harness for one machine: the same mock model reached directly, through nginx, and through the gateway with
//! masking off and with everything on, in one run.
//!
//! Promises: open loop (the times of the requests are set beforehand, and latency counts from them, so a system that
//! stalls cannot hide it), loopback only, bounded in count and time, and every process it starts ends with it.
//! Never: part of the product. `docs/benchmarks.md` says how to read what it prints.
#![expect(clippy::print_stdout, reason = "a bench talks to the person at the terminal")]

mod child;
mod commit;
mod cores;
mod figures;
mod first_run;
mod gateway;
mod idle;
mod lane;
mod machine;
mod memory;
mod mock;
mod nginx;
mod options;
mod pace;
mod plain;
mod prompts;
mod report;
mod streams;
mod table;
mod tree;

use std::{process::ExitCode, time::Duration};

use clap::Parser as _;

use crate::{lane::Lane, machine::Machine, options::Options, report::Report};

/// Why there are no figures: one sentence.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match start(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            println!("\nThe figures above are not to be used: something failed or was not delivered.");
            ExitCode::FAILURE
        }
        Err(fault) => {
            println!("load: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn start(options: &Options) -> Result<bool, Fault> {
    // Before any thread: threads inherit the cores.
    let cores = cores::share(options);
    let mock = mock::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        tokio::select! {
            report = measure(options, &cores, &mock) => report,
            why = stopped(options.longest()) => Err(why.into()),
        }
    })?;
    table::print(&report);
    std::fs::write(&options.json, serde_json::to_vec_pretty(&report)?)
        .map_err(|error| format!("{}: {error}", options.json.display()))?;
    println!("\nThe same as JSON: {}", options.json.display());
    Ok(report.is_whole())
}

/// Waits for a reason to end early.
async fn stopped(longest: Duration) -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return "signals cannot be waited for" };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => "stopped",
        _ = terminate.recv() => "stopped",
        () = tokio::time::sleep(longest) => "took far longer than planned; stopped",
    }
}

async fn measure(options: &Options, cores: &cores::Cores, mock: &mock::Mock) -> Result<Report, Fault> {
    let home = tempfile::Builder::new().prefix("countersign-load-").tempdir_in(&options.folder)?;
    let machine = Machine::look(home.path());
    println!("starting the gateway with its own PostgreSQL, and nginx …");
    let nginx = nginx::start(home.path(), cores, mock.address).await?;
    let gateway = gateway::start(options, cores, home.path(), mock.address).await?;
    let mut lanes = vec![Lane::direct(mock.address)];
    lanes.extend(nginx.as_ref().map(|nginx| Lane::nginx(nginx.address, nginx.pid())));
    lanes.extend(gateway.lanes());

    let mut database = commit::open(&gateway.data).await?;
    let durable = commit::settings(&mut database).await?;
    let checks = lane::check(&lanes, mock).await?;
    let fresh = memory::of(gateway.pid());

    println!("measuring one durable commit …");
    let quiet = commit::measure(&mut database, home.path()).await?;
    let plain = plain::all(options, &lanes).await?;
    println!("measuring one durable commit under load …");
    let loaded = commit::under_load(options, &mut database, &lanes).await?;
    let streams = streams::all(options, &lanes).await?;
    let after_load = memory::of(gateway.pid());
    let idle = idle::hold(options, &lanes, &mut database, gateway.pid()).await?;
    let ledger = commit::ledger(&mut database).await?;
    Ok(Report {
        cores: cores.said.clone(),
        load_at_end: machine::load(),
        machine,
        options: options.clone(),
        durable,
        checks,
        commit: report::Commit { quiet, loaded, ledger },
        plain,
        streams,
        memory: report::Memory { fresh, after_load, idle },
    })
}
