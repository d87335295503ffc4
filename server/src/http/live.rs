//! What makes open pages live: server-sent events that say *that* something changed, never what. The page then asks for
//! what it may see.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{StreamExt as _, stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::viewer::Viewer;

/// Shortest time between two events of a kind to one page.
const PACE: Duration = Duration::from_millis(500);
/// Comment lines keep proxies from closing a silent stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The process's pulse: the ledger's size, and how often exchanges and the configuration moved.
#[derive(Clone)]
pub struct Pulse {
    head: watch::Sender<u64>,
    exchanges: watch::Sender<u64>,
    config: watch::Sender<u64>,
    /// Ends every open stream when the server stops.
    stop: CancellationToken,
}

impl Pulse {
    /// A pulse whose streams end with `stop`.
    pub fn new(stop: CancellationToken) -> Self {
        Self {
            head: watch::Sender::new(0),
            exchanges: watch::Sender::new(0),
            config: watch::Sender::new(0),
            stop,
        }
    }

    /// The ledger has this many rows.
    pub fn head_at(&self, size: u64) {
        self.head.send_if_modified(|known| std::mem::replace(known, size) != size);
    }

    /// The lists know of new exchanges, or of new ends of old ones.
    pub fn exchanges_moved(&self) {
        self.exchanges.send_modify(|version| *version += 1);
    }

    /// Connections, people or tokens changed.
    pub fn config_changed(&self) {
        self.config.send_modify(|version| *version += 1);
    }
}

/// GET `/live`.
pub async fn events(State(pulse): State<Pulse>, Extension(viewer): Extension<Viewer>) -> Response {
    if viewer.0.is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let state = (pulse.head.subscribe(), pulse.exchanges.subscribe(), pulse.config.subscribe(), true);
    let events = stream::unfold(state, |(mut head, mut shown, mut config, first)| async move {
        let event = if first {
            Event::default().event("head").data("connected")
        } else {
            let changed = tokio::select! {
                changed = head.changed() => changed.map(|()| Event::default().event("head").data(head.borrow_and_update().to_string())),
                changed = shown.changed() => changed.map(|()| Event::default().event("exchange").data(shown.borrow_and_update().to_string())),
                changed = config.changed() => changed.map(|()| Event::default().event("config").data(config.borrow_and_update().to_string())),
            };
            let event = changed.ok()?;
            tokio::time::sleep(PACE).await;
            event
        };
        Some((Ok::<_, Infallible>(event), (head, shown, config, false)))
    });
    let events = events.take_until(pulse.stop.cancelled_owned());
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}
