//! How many durable rows a second, and how long a caller waits for its receipt.
//!
//! `cargo xtask bench ledger [-- URL]`
//!
//! Without a URL it makes a cluster of its own with the installed Postgres, with fsync on, and removes it afterwards.
//! It refuses a cluster on which a commit is not durable: figures without fsync are worth nothing.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, reason = "a bench prints")]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use countersign_ledger::{Group, Kind};
use countersign_model::{ExchangeId, SessionId};
use countersign_store::{
    Database, DatabaseOptions,
    ledger::{Entry, LedgerReader, Verdict, VerifyOptions},
    testing::{self, TestLedger, ledger_config},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const BODY: usize = 1_024;
const SECONDS: u64 = 10;
/// Durable rows a second that one node must reach, however many append.
const AIM: f64 = 10_000.0;

#[tokio::main]
async fn main() {
    let cluster = std::env::args().nth(1).map_or_else(Cluster::start, |url| Cluster { url, home: None });
    let database = Database::connect(&cluster.url, DatabaseOptions::default()).await.unwrap();
    database.migrate().await.unwrap();
    // Refuses fsync = off and its like.
    match database.self_check().await {
        Ok(check) => println!(
            "PostgreSQL {}, fsync {}, synchronous_commit {}, full_page_writes {}",
            check.server_version, check.fsync, check.synchronous_commit, check.full_page_writes
        ),
        Err(error) => {
            println!("refused: {error}");
            return;
        }
    }
    println!("{BODY}-byte bodies, {SECONDS} s each, one node, profile: {}", profile());
    println!(
        "{:>9} {:>10} {:>10} {:>9} {:>9} {:>9}",
        "appenders", "rows", "rows/s", "p50 ms", "p99 ms", "max ms"
    );
    let mut best = 0.0_f64;
    for appenders in [1, 64, 256, 512, 1_024] {
        best = best.max(measure(&database, appenders).await);
    }
    let met = if best >= AIM { "met" } else { "missed" };
    println!("durable rows: {best:.0} a second   aim: at least {AIM:.0}: {met}");
    let reader = LedgerReader::new(&database, Some(testing::master_key()));
    for (what, reader) in [
        ("hashes, chain, signatures", LedgerReader::new(&database, None)),
        ("the same and every payload opened", reader),
    ] {
        let start = Instant::now();
        let (options, stop) = (VerifyOptions::default(), CancellationToken::new());
        let origin = "log.test/ledger".parse().unwrap();
        let Verdict::Sound(report) = reader.verify(&origin, options, &stop, |_| {}).await.unwrap() else {
            println!("NOT SOUND");
            return;
        };
        let rate = report.rows as f64 / start.elapsed().as_secs_f64();
        println!("verify ({what}): {} rows, {} batches, {rate:.0} rows/s", report.rows, report.batches);
    }
}

async fn measure(database: &Database, appenders: u128) -> f64 {
    let home = tempfile::tempdir().unwrap();
    let opened = TestLedger::open(database, ledger_config(home.path())).await.unwrap();
    let body: Arc<[u8]> = vec![0x61; BODY].into();
    let start = Instant::now();
    let tasks: Vec<_> = (0..appenders)
        .map(|n| {
            let (ledger, body) = (opened.ledger.clone(), Arc::clone(&body));
            tokio::spawn(async move {
                let mut waits = Vec::new();
                while start.elapsed() < Duration::from_secs(SECONDS) {
                    let asked = Instant::now();
                    let entry = Entry {
                        kind: Kind::Refused,
                        session: Some(SessionId::from_uuid(Uuid::from_u128(n + 1))),
                        exchange: Some(ExchangeId::from_uuid(Uuid::from_u128(n + 1))),
                        policy: None,
                        contents: vec![(Group::Request, body.to_vec())],
                    };
                    ledger.append(entry).await.unwrap();
                    waits.push(asked.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.unwrap());
    }
    let elapsed = start.elapsed();
    waits.sort_unstable();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    let rate = waits.len() as f64 / elapsed.as_secs_f64();
    println!(
        "{appenders:>9} {:>10} {rate:>10.0} {:>9.2} {:>9.2} {:>9.2}",
        waits.len(),
        at(50),
        at(99),
        at(100)
    );
    opened.close().await;
    rate
}

const fn profile() -> &'static str {
    if cfg!(debug_assertions) { "debug" } else { "release" }
}

/// A durable cluster that is removed when dropped.
struct Cluster {
    url: String,
    home: Option<tempfile::TempDir>,
}

impl Cluster {
    fn start() -> Self {
        let home = tempfile::Builder::new().prefix("ledger-bench").tempdir().unwrap();
        let data = home.path().join("data");
        // Postgres refuses to run as root.
        let as_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        if as_root {
            assert!(Command::new("chown").arg("postgres").arg(home.path()).status().unwrap().success());
        }
        run(as_root, "initdb", &["-A", "trust", "-U", "bench", "-D", text(&data)]);
        let options = format!("-k {} -h ''", text(home.path()));
        let log = home.path().join("log");
        run(as_root, "pg_ctl", &["-D", text(&data), "-o", &options, "-l", text(&log), "-w", "start"]);
        let url = format!("postgres://bench@localhost/postgres?host={}", text(home.path()));
        Self { url, home: Some(home) }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(home) = &self.home {
            let as_root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
            run(as_root, "pg_ctl", &["-D", text(&home.path().join("data")), "-m", "fast", "-w", "stop"]);
        }
    }
}

/// Runs one of Postgres' own programs, from PATH or from where Debian puts the newest.
fn run(as_root: bool, program: &str, arguments: &[&str]) {
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin").join(program)).collect())
        .unwrap_or_default();
    installed.sort();
    let program = installed.pop().unwrap_or_else(|| program.into());
    let mut command = if as_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    let status = command.args(arguments).stdout(std::process::Stdio::null()).status().unwrap();
    assert!(status.success());
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
