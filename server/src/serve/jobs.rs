//! What runs beside the requests: the projection, the snapshot, key refresh, last uses, the pulse, expired sessions.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use countersign_admin::Admin;
use countersign_model::Timestamp;
use countersign_store::{Ledger, ledger::Orphans, web_sessions};
use tokio::sync::{Mutex, Notify};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::build::Built;
use crate::http::live::Pulse;

/// An intent that a node which is gone left open is closed after this long.
const ABANDONED: Duration = Duration::from_hours(24);

/// Starts every job.
pub fn start(tracker: &TaskTracker, stop: &CancellationToken, built: &Built) {
    let Built { state, ledger, database, callers, watch, projector, wake, written, clock, .. } = built;

    tracker.spawn(watch.clone().run(stop.clone()));

    let (running, cancel) = (projector.clone(), stop.clone());
    tracker.spawn(async move { running.run(cancel).await });

    let pulse = Arc::new(Beat {
        ledger: ledger.clone(),
        admin: Arc::clone(&state.admin),
        pulse: state.pulse.clone(),
        wake: Arc::clone(wake),
        written: Arc::clone(written),
        last: Mutex::default(),
    });
    every(tracker, stop, Duration::from_millis(250), move || {
        let pulse = Arc::clone(&pulse);
        async move { pulse.beat().await }
    });

    let callers = Arc::clone(callers);
    every(tracker, stop, Duration::from_secs(5), move || {
        let callers = Arc::clone(&callers);
        async move { callers.write_uses().await }
    });

    let issuers = Arc::clone(&state.issuers);
    every(tracker, stop, Duration::from_mins(1), move || {
        let issuers = Arc::clone(&issuers);
        async move { issuers.refresh_due().await }
    });

    let (sessions, clock) = (database.clone(), Arc::clone(clock));
    every(tracker, stop, Duration::from_mins(1), move || {
        let (sessions, clock) = (sessions.clone(), Arc::clone(&clock));
        async move {
            if let Ok(mut conn) = sessions.pages().acquire().await
                && let Err(error) = web_sessions::expire(&mut conn, clock.now()).await
            {
                tracing::warn!(%error, "expired sign-ins could not be removed");
            }
        }
    });

    let sweeping = ledger.clone();
    every(tracker, stop, Duration::from_hours(1), move || {
        let ledger = sweeping.clone();
        async move {
            if let Err(error) = ledger.close_orphans(Orphans::OlderThan(ABANDONED)).await {
                tracing::warn!(%error, "abandoned exchanges could not be closed");
            }
        }
    });
}

/// Wakes the projection when the ledger has grown, and tells open pages what moved.
struct Beat {
    ledger: Ledger,
    admin: Arc<Admin>,
    pulse: Pulse,
    wake: Arc<Notify>,
    written: Arc<AtomicU64>,
    last: Mutex<Last>,
}

/// What the last beat knew.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Last {
    /// Rows in the ledger.
    size: u64,
    /// Rows the lists do not show yet.
    behind: bool,
    /// Rows of exchanges written here, and the newest exchange of any node.
    exchanges: (u64, Option<Timestamp>),
}

impl Beat {
    async fn beat(&self) {
        let size = self.ledger.seen().size;
        self.pulse.head_at(size);
        let mut last = self.last.lock().await;
        if last.size == size && !last.behind {
            return;
        }
        self.wake.notify_one();
        let Ok(pulse) = self.admin.pulse().await else { return };
        last.size = size;
        last.behind = pulse.behind > 0;
        if last.behind {
            return;
        }
        let exchanges = (self.written.load(Ordering::Relaxed), pulse.newest_exchange_at);
        if last.exchanges != exchanges {
            last.exchanges = exchanges;
            self.pulse.exchanges_moved();
        }
    }
}

/// Runs a job again and again until `stop`; the first time after one period.
fn every<F: Future<Output = ()> + Send + 'static>(
    tracker: &TaskTracker,
    stop: &CancellationToken,
    period: Duration,
    mut job: impl FnMut() -> F + Send + 'static,
) {
    let stop = stop.clone();
    tracker.spawn(async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(period) => {}
            }
            job().await;
        }
    });
}
