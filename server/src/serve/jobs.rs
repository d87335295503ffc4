//! What runs beside the requests: the projection, the snapshot, key refresh, last uses, the pulse, expired sessions.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use countersign_store::{Database, Ledger, ledger::Orphans, projection, web_sessions};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::build::Built;
use crate::http::live::Pulse;

/// An intent that a node which is gone left open is closed after this long.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Starts every job.
pub fn start(tracker: &TaskTracker, stop: &CancellationToken, built: &Built) {
    let Built { state, ledger, database, callers, watch, projector, wake, clock, .. } = built;

    tracker.spawn(watch.clone().run(stop.clone()));

    let (running, cancel) = (projector.clone(), stop.clone());
    tracker.spawn(async move { running.run(cancel).await });

    let pulse = Arc::new(Beat {
        ledger: ledger.clone(),
        database: database.clone(),
        pulse: state.pulse.clone(),
        wake: Arc::clone(wake),
        shown: AtomicU64::new(0),
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
    every(tracker, stop, Duration::from_secs(60), move || {
        let issuers = Arc::clone(&issuers);
        async move { issuers.refresh_due().await }
    });

    let (sessions, clock) = (database.clone(), Arc::clone(clock));
    every(tracker, stop, Duration::from_secs(60), move || {
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
    every(tracker, stop, Duration::from_secs(3600), move || {
        let ledger = sweeping.clone();
        async move {
            if let Err(error) = ledger.close_orphans(Orphans::OlderThan(ABANDONED)).await {
                tracing::warn!(%error, "abandoned exchanges could not be closed");
            }
        }
    });
}

/// Wakes the projection when the ledger has grown, and tells open pages how far both are.
struct Beat {
    ledger: Ledger,
    database: Database,
    pulse: Pulse,
    wake: Arc<Notify>,
    /// Rows that the lists knew of at the last beat.
    shown: AtomicU64,
}

impl Beat {
    async fn beat(&self) {
        let size = self.ledger.seen().size;
        self.pulse.head_at(size);
        if self.shown.load(Ordering::Relaxed) >= size {
            return;
        }
        self.wake.notify_one();
        let Ok(mut conn) = self.database.pages().acquire().await else { return };
        if let Ok(cursor) = projection::cursor(&mut conn).await {
            let cursor = u64::try_from(cursor).unwrap_or(0);
            self.shown.store(cursor, Ordering::Relaxed);
            self.pulse.shown_up_to(cursor);
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
