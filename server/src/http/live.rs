//! What makes open pages live: server-sent events that say *that* something changed, never what. The page then asks for
//! what it may see.
//!
//! | event | what |
//! |---|---|
//! | `hello` | the stream stands; nothing has changed |
//! | `head` | the ledger has grown |
//! | `exchange` | lists know of new exchanges, or of new ends of old ones |
//! | `config` | connections, people or tokens changed |
//! | `bye` | the session has ended: there is nothing more to come, and no use in asking again |
//!
//! A stream lives no longer than the session it was opened with: that is looked up again every few seconds. When the
//! database cannot say, the stream ends without `bye`, and the page knows that it hears nothing.

use std::{convert::Infallible, future::ready, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{StreamExt as _, stream};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;
use tower_sessions::Session;

use super::viewer::{self, Peer};
use crate::state::AppState;

/// Shortest time between two events of a kind to one page.
const PACE: Duration = Duration::from_millis(500);
/// Comment lines keep proxies from closing a silent stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often the session behind a stream is looked up.
const CHECK: Duration = Duration::from_secs(4);

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
pub async fn events(
    State(state): State<AppState>,
    State(pulse): State<Pulse>,
    Extension(Peer(peer)): Extension<Peer>,
    session: Session,
) -> Response {
    let ear = Ear {
        head: pulse.head.subscribe(),
        exchanges: pulse.exchanges.subscribe(),
        config: pulse.config.subscribe(),
        guard: Guard { state, session, peer, at: Instant::now() },
        turn: Turn::First,
    };
    let events = stream::unfold(ear, Ear::next).take_until(pulse.stop.cancelled_owned());
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// What `/live` says to those who are not signed in: `bye` to a feed, which would otherwise ask for ever, and the status to
/// everybody else.
pub fn signed_out(headers: &HeaderMap) -> Response {
    let is_feed = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.starts_with("text/event-stream"));
    if is_feed {
        Sse::new(stream::once(ready(Ok::<_, Infallible>(bye())))).into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

fn bye() -> Event {
    Event::default().event("bye").data("signed out")
}

/// Where a stream is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    First,
    Listening,
    Over,
}

/// One page's stream.
struct Ear {
    head: watch::Receiver<u64>,
    exchanges: watch::Receiver<u64>,
    config: watch::Receiver<u64>,
    guard: Guard,
    turn: Turn,
}

/// The session a stream was opened with.
struct Guard {
    state: AppState,
    session: Session,
    peer: String,
    /// When it was looked up last.
    at: Instant,
}

/// What a look at the session found.
enum Found {
    SignedIn,
    SignedOut,
    /// The database does not answer.
    Unknown,
}

impl Ear {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        match self.turn {
            Turn::Over => return None,
            Turn::First => {
                self.turn = Turn::Listening;
                return Some((Ok(Event::default().event("hello").data("connected")), self));
            }
            Turn::Listening => {}
        }
        loop {
            let said = tokio::select! {
                changed = self.head.changed() => changed.map(|()| ("head", *self.head.borrow_and_update())),
                changed = self.exchanges.changed() => changed.map(|()| ("exchange", *self.exchanges.borrow_and_update())),
                changed = self.config.changed() => changed.map(|()| ("config", *self.config.borrow_and_update())),
                () = tokio::time::sleep_until(self.guard.at + CHECK) => match self.guard.look().await {
                    Found::SignedIn => continue,
                    Found::Unknown => return None,
                    Found::SignedOut => {
                        self.turn = Turn::Over;
                        return Some((Ok(bye()), self));
                    }
                },
            };
            let (name, value) = said.ok()?;
            tokio::time::sleep(PACE).await;
            return Some((Ok(Event::default().event(name).data(value.to_string())), self));
        }
    }
}

impl Guard {
    async fn look(&mut self) -> Found {
        self.at = Instant::now();
        // The session of the request holds what it read: a fresh one reads again.
        let Some(fresh) = self.state.sessions.again(&self.session) else { return Found::SignedOut };
        match viewer::who(&self.state, &fresh, &self.peer).await {
            Ok(Some(_)) => Found::SignedIn,
            Ok(None) => Found::SignedOut,
            Err(viewer::StoreDown) => Found::Unknown,
        }
    }
}
