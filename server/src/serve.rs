//! `countersign serve`: joins the parts in order, serves until told to stop, and stops in the reverse order.

mod banner;
mod build;
mod framing;
mod jobs;
mod listen;

use std::{ffi::OsString, net::SocketAddr, sync::Arc, time::Duration};

use countersign_model::{Clock, Mint};
use countersign_store::{MasterKey, ledger::OnRestore};
use tokio::{net::TcpListener, sync::oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::{SystemClock, SystemMint},
    config::Config,
    keys, router, sample,
    storage::Storage,
};

/// How long open requests may go on after the order to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How long outcomes may take to be written after that.
const OUTCOMES: Duration = Duration::from_secs(5);

/// Why the server did not start, or did not go on: one sentence with the remedy.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// What the process passes in.
pub struct Surroundings {
    pub clock: Arc<dyn Clock>,
    pub mint: Arc<dyn Mint>,
    /// The value of `PATH`, for finding Postgres.
    pub search_path: Option<OsString>,
    /// Cancelled when the server is to stop.
    pub stop: CancellationToken,
    /// Told the address once the server listens.
    pub listening: Option<oneshot::Sender<SocketAddr>>,
    /// Where the words for the person at the terminal go.
    pub say: fn(&str),
}

/// Serves until `stop`.
pub async fn serve(config: Config, around: Surroundings) -> Result<(), Fault> {
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|error| format!("the data folder {} cannot be made: {error}", config.data_dir.display()))?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let address = listener.local_addr()?;
    let storage = Storage::open(&config, around.search_path.clone()).await?;
    let served = run(&config, around, listener, address, &storage).await;
    storage.stop().await;
    served
}

async fn run(
    config: &Config,
    around: Surroundings,
    listener: TcpListener,
    address: SocketAddr,
    storage: &Storage,
) -> Result<(), Fault> {
    let Surroundings { clock, mint, stop, listening, say, .. } = around;
    let database = storage.connect().await?;
    database.migrate().await?;

    // Three groups of tasks, ended one after the other: jobs, then outcomes under way, then the ledger's writer.
    let jobs = TaskTracker::new();
    let stop_jobs = CancellationToken::new();
    let lifetimes = build::Lifetimes::default();
    let built = build::build(config, &lifetimes, &database, &clock, &mint, &stop).await?;
    jobs::start(&jobs, &stop_jobs, &built);
    if let Some(at) = config.sample_model {
        let socket = TcpListener::bind(at).await.map_err(|error| {
            format!("the sample model cannot listen on {at}: {error}; set another address or switch it off with --sample-model off")
        })?;
        let (router, stop) = (sample::router(Arc::clone(&clock)), stop_jobs.clone());
        jobs.spawn(async move {
            let _ = axum::serve(socket, router).with_graceful_shutdown(stop.cancelled_owned()).await;
        });
    }

    let app = router::router(&built.state, built.sessions.clone());
    let link = built.state.admin.issue_setup_link().await?;
    banner::print(say, config, address, storage.note(), link.as_deref());
    if let Some(listening) = listening {
        let _ = listening.send(address);
    }

    if !listen::listen(listener, app, &stop, DRAIN).await {
        say("some requests did not end in time and were cut off");
    }
    drop(built);

    stop_jobs.cancel();
    jobs.close();
    if tokio::time::timeout(OUTCOMES, jobs.wait()).await.is_err() {
        tracing::warn!("some jobs did not end in time");
    }
    lifetimes.outcomes.close();
    if tokio::time::timeout(OUTCOMES, lifetimes.outcomes.wait()).await.is_err() {
        lifetimes.give_up.cancel();
        lifetimes.outcomes.wait().await;
    }
    lifetimes.stop_writer.cancel();
    lifetimes.late.close();
    lifetimes.late.wait().await;
    lifetimes.writer.close();
    lifetimes.writer.wait().await;
    database.close().await;
    Ok(())
}

/// `countersign accept-restore`: goes on from a database that was restored, and says so in the chain.
pub async fn accept_restore(config: &Config, storage: &Storage) -> Result<String, Fault> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mint: Arc<dyn Mint> = Arc::new(SystemMint);
    let database = storage.connect().await?;
    database.migrate().await?;
    let key = keys::master(config.master_key.as_deref(), &config.data_dir, &*mint)?;
    let master = Arc::new(MasterKey::new(key)?);
    let lifetimes = build::Lifetimes::default();
    let opened =
        build::open_ledger(config, &database, &master, &clock, &mint, OnRestore::Accept, &lifetimes).await;
    let said = opened.map(|(ledger, _)| {
        let head = ledger.seen();
        format!("The log goes on from row {}; the gap is on record.", head.size)
    });
    lifetimes.stop_writer.cancel();
    lifetimes.outcomes.close();
    lifetimes.outcomes.wait().await;
    lifetimes.writer.close();
    lifetimes.writer.wait().await;
    database.close().await;
    said
}
