//! The `countersign` command: reads its words, does what they say, and ends with an exit code.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the command's own words go to its terminal")]

use std::{process::ExitCode, sync::Arc};

use clap::Parser as _;
use countersign_server::{
    cli::{Cli, Command, Detect, Options, Verify},
    clock::{SystemClock, SystemMint},
    config::Config,
    detect,
    serve::{self, Fault, Surroundings},
    storage::Storage,
    verify,
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    match Cli::parse().command.unwrap_or_else(Command::serve) {
        // A filter among others in a pipe: no runtime, no log, no settings.
        Command::Detect(options) => masked(&options),
        command => served(command),
    }
}

#[tokio::main]
async fn served(command: Command) -> ExitCode {
    let filter = EnvFilter::try_from_env("COUNTERSIGN_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,countersign=info,tower_sessions_core=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    let done = match command {
        Command::Serve(options) => run(options).await,
        Command::Detect(options) => return masked(&options),
        Command::Verify(options) => return check(options).await,
        Command::Migrate(options) => migrate(options).await,
        Command::AcceptRestore(options) => accept_restore(options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("countersign: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn masked(options: &Detect) -> ExitCode {
    let done = detect::run(options, &mut std::io::stdin().lock(), &mut std::io::stdout().lock());
    if let Err(fault) = &done
        && !fault.is_broken_pipe()
    {
        eprintln!("countersign: {fault}");
    }
    ExitCode::from(detect::exit_code(&done))
}

async fn run(options: Options) -> Result<(), Fault> {
    let config = Config::load(&options)?;
    let stop = CancellationToken::new();
    let listen = tokio_util::task::TaskTracker::new();
    listen.spawn(signals(stop.clone()));
    let around = Surroundings {
        clock: Arc::new(SystemClock),
        mint: Arc::new(SystemMint),
        search_path: search_path(),
        stop,
        listening: None,
        say: |text| println!("{text}"),
    };
    serve::serve(config, around).await
}

/// Ctrl-C or a service manager's SIGTERM.
async fn signals(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    stop.cancel();
}

async fn check(verify: Verify) -> ExitCode {
    let found = async {
        let config = Config::load(&verify.options)?;
        let storage = Storage::open_existing(&config, search_path()).await?;
        let found = async {
            let database = storage.connect().await?;
            verify::verify(&config, &database, &SystemMint, |_| {}).await
        };
        let found = found.await;
        storage.stop().await;
        found
    };
    match found.await {
        Ok(found) => {
            if verify.json {
                println!("{:#}", found.json);
            } else {
                print!("{}", found.words);
            }
            if found.sound { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(fault) => {
            let fault: Fault = fault;
            eprintln!("countersign: {fault}");
            ExitCode::from(2)
        }
    }
}

async fn migrate(options: Options) -> Result<(), Fault> {
    let config = Config::load(&options)?;
    let storage = Storage::open_beside(&config, search_path()).await?;
    let migrated = async {
        storage.connect().await?.migrate().await?;
        println!("The schema is up to date.");
        Ok(())
    };
    let migrated: Result<(), Fault> = migrated.await;
    storage.stop().await;
    migrated
}

async fn accept_restore(options: Options) -> Result<(), Fault> {
    let config = Config::load(&options)?;
    let storage = Storage::open(&config, search_path()).await?;
    let accepted = serve::accept_restore(&config, &storage).await;
    storage.stop().await;
    println!("{}", accepted?);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the one look at PATH, for finding PostgreSQL's programs")]
fn search_path() -> Option<std::ffi::OsString> {
    std::env::var_os("PATH")
}
